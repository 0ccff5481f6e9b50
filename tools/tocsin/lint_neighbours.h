#ifndef TOCSIN_TOOLS_LINT_NEIGHBOURS_H
#define TOCSIN_TOOLS_LINT_NEIGHBOURS_H

/* Finds the longer words around the hits of a term, as 火锅 and 火车 around 火: candidates for its unless. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

#define NEIGHBOUR_BYTES 48 /* of a word; longer ones are not counted */
#define NEIGHBOURS_SHOWN 5

typedef struct neighbour {
    char text[NEIGHBOUR_BYTES];
    uint64_t count; /* never too high; exact unless there were more words than counters */
} neighbour;

typedef struct neighbours neighbours;

/* Counts the words that a hit [start, end) of the field forms with one or two Han characters on either side. */
void neighbours_add(neighbours **list, tocsin_bytes field, size_t start, size_t end);

/*
 * The most frequent ones, at most NEIGHBOURS_SHOWN; of words with nearly the same count the longest; returns how many.
 */
size_t neighbours_most(const neighbours *list, neighbour *out);

void neighbours_free(neighbours *list);

#endif
