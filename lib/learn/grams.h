#ifndef TOCSIN_LEARN_GRAMS_H
#define TOCSIN_LEARN_GRAMS_H

/*
 * A filter of n-grams over the units of a text: it shows whether the two or three units that end at each position may
 * be a feature. Two bits of one word for each hash, as in the filter of literals.
 */

#include <stdint.h>

#include "text/text_units.h"

#define TOCSIN__GRAMS_BITS 4u  /* of the table for each feature, as a power of two */
#define TOCSIN__GRAMS_UNITS 16 /* that are asked together */

typedef struct tocsin__grams {
    const uint32_t *words;
    unsigned shift; /* 32 minus the logarithm of the number of bits */
} tocsin__grams;

#define TOCSIN__GRAMS_LAST UINT32_C(0x9E3779B1)
#define TOCSIN__GRAMS_MIDDLE UINT32_C(0x85EBCA77)
#define TOCSIN__GRAMS_FIRST UINT32_C(0xC2B2AE3D)

/* Hashes three adjacent units; for two units, the first is 0. */
static inline uint32_t tocsin__grams_hash(uint32_t first, uint32_t middle, uint32_t last) {
    return last * TOCSIN__GRAMS_LAST + middle * TOCSIN__GRAMS_MIDDLE + first * TOCSIN__GRAMS_FIRST;
}

static inline uint32_t tocsin__grams_word(const tocsin__grams *grams, uint32_t hash) {
    return hash >> grams->shift >> 5;
}

/* The two bits of its word that a hash has. */
static inline uint32_t tocsin__grams_bits(const tocsin__grams *grams, uint32_t hash) {
    return UINT32_C(1) << (hash >> grams->shift & 31) | UINT32_C(1) << (hash >> (grams->shift - 5) & 31);
}

/*
 * Looks up GRAMS_UNITS units, with two more units before them: bit 2 i shows whether the two units that end at units[i]
 * may be a feature, bit 2 i + 1 whether the three may be.
 */
typedef uint32_t tocsin__grams_function(const tocsin__grams *grams, const uint16_t *units);

tocsin__grams_function tocsin__grams_portable;
#ifdef TOCSIN__FOLD_X86
tocsin__grams_function tocsin__grams_avx2;
#endif

/* The one for this processor. */
tocsin__grams_function *tocsin__grams_best(void);

#endif
