#ifndef TOCSIN_MATCH_FILTER_FREQUENCY_H
#define TOCSIN_MATCH_FILTER_FREQUENCY_H

/*
 * How common characters and pairs of neighbours are in ordinary text, as shares of its characters. A wrong estimate
 * costs speed, never a match.
 */

#include <stdint.h>

#include "base/memory.h"

typedef struct tocsin__frequency tocsin__frequency;

/* NULL when there is no memory. */
tocsin__frequency *tocsin__frequency_create(const tocsin_allocator *allocator);
void tocsin__frequency_free(tocsin__frequency *frequency);

/* The share of a folded character; those beyond the basic plane count as rare. */
double tocsin__frequency_of(const tocsin__frequency *frequency, uint32_t c);

/* The share of `right` directly after `left`. */
double tocsin__frequency_of_pair(const tocsin__frequency *frequency, uint32_t left, uint32_t right);

/* filter_frequency_table.c: characters of one level; the last has none. */
typedef struct tocsin__frequency_level {
    uint8_t level; /* minus twice the logarithm to base 2 of the share */
    const char *characters;
} tocsin__frequency_level;

extern const tocsin__frequency_level tocsin__frequency_characters[];

/*
 * Pairs of one level, with the left character in the high half, then the level; then the pairs of the next level; 0
 * ends the list.
 */
extern const uint32_t tocsin__frequency_pairs[];

#endif
