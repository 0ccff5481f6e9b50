#ifndef TOCSIN_MATCH_REGEX_STEP_H
#define TOCSIN_MATCH_REGEX_STEP_H

/*
 * Steps of an nfa: sets of positions, and what follows or precedes them. `words` is nfa->words; where it is a constant,
 * the compiler keeps the set in a register.
 */

#include "match/regex_internal.h"

#define TOCSIN__ALWAYS __attribute__((always_inline))

typedef struct state {
    uint64_t bits[TOCSIN__NFA_WORDS]; /* as many as the nfa has count */
} tocsin__state;

TOCSIN__ALWAYS static inline const uint64_t *tocsin__state_row(const tocsin__nfa *a, uint32_t c, uint32_t words) {
    uint32_t slot = tocsin__character_hash(c) & a->slot_mask;
    for (; a->slots[slot] != TOCSIN__SLOT_FREE; slot = (slot + 1) & a->slot_mask) {
        if (a->slots[slot] >> TOCSIN__ROW_BITS == c) {
            return a->rows + (size_t)(a->slots[slot] & TOCSIN__ROW_MASK) * words;
        }
    }
    return a->rows + (size_t)a->interval_rows[tocsin__interval_of(a, c)] * words;
}

TOCSIN__ALWAYS static inline int tocsin__state_meets(const uint64_t *a, const uint64_t *b, uint32_t words) {
    uint64_t common = 0;
    for (uint32_t i = 0; i < words; i++) common |= a[i] & b[i];
    return common != 0;
}

TOCSIN__ALWAYS static inline void tocsin__state_copy(tocsin__state *to, const tocsin__state *from, uint32_t words) {
    for (uint32_t i = 0; i < words; i++) to->bits[i] = from->bits[i];
}

/* Sets s to the intersection of `from` and the row; returns whether it is not empty. */
TOCSIN__ALWAYS static inline int tocsin__state_keep(tocsin__state *s, const uint64_t *from, const uint64_t *row,
                                                    uint32_t words) {
    uint64_t any = 0;
    for (uint32_t i = 0; i < words; i++) any |= s->bits[i] = from[i] & row[i];
    return any != 0;
}

/* The positions that follow and match c; 0 if there are none. */
TOCSIN__ALWAYS static inline int tocsin__state_right(const tocsin__nfa *a, tocsin__state *s, uint32_t c,
                                                     uint32_t words) {
    uint64_t carry = 0;
    tocsin__state next;
    for (uint32_t i = 0; i < words; i++) {
        const uint64_t moving = s->bits[i] & a->shift[i];
        next.bits[i] = moving << 1 | carry;
        carry = moving >> 63;
    }
    for (uint32_t j = 0; j < a->join_count; j++) {
        const uint64_t *left = a->joins + (size_t)2 * j * words, *right = left + words;
        if (!tocsin__state_meets(s->bits, left, words)) continue;
        for (uint32_t i = 0; i < words; i++) next.bits[i] |= right[i];
    }
    return tocsin__state_keep(s, next.bits, tocsin__state_row(a, c, words), words);
}

TOCSIN__ALWAYS static inline int tocsin__state_left(const tocsin__nfa *a, tocsin__state *s, uint32_t c,
                                                    uint32_t words) {
    tocsin__state next;
    for (uint32_t i = 0; i < words; i++) {
        const uint64_t above = i + 1 < words ? s->bits[i + 1] << 63 : 0;
        next.bits[i] = (s->bits[i] >> 1 | above) & a->shift[i];
    }
    for (uint32_t j = 0; j < a->join_count; j++) {
        const uint64_t *left = a->joins + (size_t)2 * j * words, *right = left + words;
        if (!tocsin__state_meets(s->bits, right, words)) continue;
        for (uint32_t i = 0; i < words; i++) next.bits[i] |= left[i];
    }
    return tocsin__state_keep(s, next.bits, tocsin__state_row(a, c, words), words);
}

#endif
