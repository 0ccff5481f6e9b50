#ifndef TOCSIN_LEARN_NGRAMS_H
#define TOCSIN_LEARN_NGRAMS_H

/*
 * The features of a document, as 64-bit keys. Training and scoring use this one function, so they never differ.
 *
 * An n-gram is one to three neighbouring folded characters of one field. White space, control characters and U+FFFD
 * belong to no n-gram and end the run of characters. The key of an n-gram has 21 bits for each character (code point +
 * 1, the last character lowest), so different n-grams have different keys and no key is 0.
 */

#include <stddef.h>
#include <stdint.h>

#include "text/text_view.h"

/*
 * Is raised whenever documents get other features than before. Version 1 is version 2 without the features of values.
 * From PLAIN on, n-grams come only from the parts of plain_ranges.h, and a feature counts once. Weights of all three
 * are read and keep their meaning; training makes the last.
 */
#define TOCSIN__FEATURES_VERSION 3u
#define TOCSIN__FEATURES_PLAIN 3u

#define TOCSIN__FEATURE_CHARACTER 21              /* bits */
#define TOCSIN__FEATURE_TOPIC (UINT64_C(1) << 63) /* or-ed with the topic's index: the topic has a hit */

/*
 * The largest number of a topic's quantities reaches a step: or-ed with FEATURE_TOPIC and the topic, the number of the
 * step from 1 on, shifted by FEATURE_STEP. 30 reaches the steps 1, 2, 3, 5, 10, 20 and 30.
 */
#define TOCSIN__FEATURE_STEP 32
#define TOCSIN__FEATURE_STEPS 24u

/* The value of step number 1 … FEATURE_STEPS: 1, 2, 3, 5, 10, 20 … 500 000. */
static inline uint64_t tocsin__feature_step(uint32_t step) {
    static const uint8_t digits[] = {1, 2, 3, 5};
    uint64_t value = digits[(step - 1) % 4];
    for (uint32_t zeros = (step - 1) / 4; zeros > 0; zeros--) value *= 10;
    return value;
}

/* Whether a folded character belongs to no n-gram. */
static inline int tocsin__breaks_ngrams(uint32_t c) {
    if (c < 0x2000) return c <= 0x20 || (c >= 0x7F && c <= 0xA0);
    if (c < 0x3001) return c <= 0x200F || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
    return c == 0xFFFD || c == 0xFEFF;
}

/*
 * Calls `take` for each n-gram inside the bytes [from, to) of a view, with its key and bytes: in the order of their
 * ends, shorter ones first. from and to are character boundaries.
 */
static inline __attribute__((always_inline)) void
tocsin__each_ngram(const tocsin__view *view, size_t from, size_t to,
                   void (*take)(void *context, uint64_t key, size_t start, size_t end), void *context) {
    uint64_t first = 0, second = 0; /* the two characters before; 0: none */
    size_t first_at = 0, second_at = 0;
    for (size_t at = from, next; at < to; at = next) {
        const uint32_t c = tocsin__view_next(view, at, &next);
        if (tocsin__breaks_ngrams(c)) {
            first = second = 0;
            continue;
        }
        const uint64_t third = (uint64_t)c + 1;
        take(context, third, at, next);
        if (second) {
            take(context, second << TOCSIN__FEATURE_CHARACTER | third, second_at, next);
            if (first) {
                take(context, first << (2 * TOCSIN__FEATURE_CHARACTER) | second << TOCSIN__FEATURE_CHARACTER | third,
                     first_at, next);
            }
        }
        first = second;
        first_at = second_at;
        second = third;
        second_at = at;
    }
}

/* The hash of a feature's key. The factor is odd, so no two keys have the same hash. */
static inline uint64_t tocsin__feature_hash(uint64_t key) { return key * UINT64_C(0x9E3779B97F4A7C15); }

#endif
