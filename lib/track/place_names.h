#ifndef TOCSIN_TRACK_PLACE_NAMES_H
#define TOCSIN_TRACK_PLACE_NAMES_H

/*
 * Finds names of places in running text by their endings: a road, an estate, a village, a school. No gazetteer lists
 * them all. The two characters before its ending identify a name, so 合肥市阳光花园 and 我们阳光花园 both have
 * 阳光花园.
 */

#include <stdint.h>

#define TOCSIN__PLACE_WINDOW 6u
/* Kinds of places, as bits of their keys. */
#define TOCSIN__PLACE_WIDE UINT32_C(0x80000000)   /* a city, a district, a county */
#define TOCSIN__PLACE_LISTED UINT32_C(0x40000000) /* a name from a plan's list; it is also wide */
#define TOCSIN__PLACE_TOWN UINT32_C(0x20000000)   /* a small town; it is narrow */

#define TOCSIN__PLACE_ENDS 1024u

/* The last characters of endings, by their lowest bits. */
typedef struct tocsin__place_ends {
    uint64_t bits[TOCSIN__PLACE_ENDS / 64];
} tocsin__place_ends;

void tocsin__place_ends_init(tocsin__place_ends *ends);

/* The last characters of a run of Han, the latest first. */
typedef struct tocsin__place_window {
    uint32_t before[TOCSIN__PLACE_WINDOW];
    uint32_t count;
} tocsin__place_window;

/* Any character that is not Han ends a run. */
static inline void tocsin__place_window_break(tocsin__place_window *window) { window->count = 0; }

/* The key of the name that ends with the next, folded character, or 0. */
uint32_t tocsin__place_window_name(const tocsin__place_window *window, uint32_t character);

/* Adds the next character; returns the key of the name that ends with it, or 0. */
static inline uint32_t tocsin__place_window_take(tocsin__place_window *window, const tocsin__place_ends *ends,
                                                 uint32_t character) {
    const uint32_t bit = character % TOCSIN__PLACE_ENDS;
    const int may_end = (int)(ends->bits[bit / 64] >> (bit % 64) & 1);
    const uint32_t key = may_end && window->count >= 2 ? tocsin__place_window_name(window, character) : 0;
    for (uint32_t i = TOCSIN__PLACE_WINDOW - 1; i > 0; i--) window->before[i] = window->before[i - 1];
    window->before[0] = character;
    if (window->count < TOCSIN__PLACE_WINDOW) window->count++;
    return key;
}

/* The key of a name in a plan's list, by its first two characters; it counts as wide. */
uint32_t tocsin__place_key(uint32_t first, uint32_t second);

#endif
