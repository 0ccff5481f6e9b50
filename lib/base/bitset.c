/* The loops over bitset words: masks at both ends, whole words between. */
#include "base/bitset.h"

static uint64_t masked(const uint64_t *words, size_t word, size_t from, size_t to) {
    uint64_t bits = words[word];
    if (word == from / 64) bits &= UINT64_MAX << from % 64;
    if (word == to / 64) bits &= ((uint64_t)1 << to % 64) - 1;
    return bits;
}

size_t tocsin__bits_next(const uint64_t *words, size_t from, size_t to) {
    for (size_t word = from / 64; from < to && word * 64 < to; word++) {
        uint64_t bits = masked(words, word, from, to);
        if (bits) return word * 64 + (size_t)__builtin_ctzll(bits);
    }
    return to;
}

size_t tocsin__bits_count(const uint64_t *words, size_t from, size_t to) {
    size_t count = 0;
    for (size_t word = from / 64; from < to && word * 64 < to; word++) {
        count += (size_t)__builtin_popcountll(masked(words, word, from, to));
    }
    return count;
}
