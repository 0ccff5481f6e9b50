#ifndef TOCSIN_BASE_BITSET_H
#define TOCSIN_BASE_BITSET_H

/* Bits in 64-bit words that somebody else owns. */

#include <stddef.h>
#include <stdint.h>

static inline size_t tocsin__bits_words(size_t bits) { return (bits + 63) / 64; }

static inline void tocsin__bits_set(uint64_t *words, size_t bit) { words[bit / 64] |= (uint64_t)1 << bit % 64; }

static inline void tocsin__bits_clear(uint64_t *words, size_t bit) { words[bit / 64] &= ~((uint64_t)1 << bit % 64); }

static inline int tocsin__bits_test(const uint64_t *words, size_t bit) {
    return (int)(words[bit / 64] >> bit % 64 & 1);
}

/* The first set bit in [from, to), or `to`. */
size_t tocsin__bits_next(const uint64_t *words, size_t from, size_t to);

/* The number of set bits in [from, to). */
size_t tocsin__bits_count(const uint64_t *words, size_t from, size_t to);

#endif
