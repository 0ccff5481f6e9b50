#ifndef TOCSIN_TEXT_TEXT_VIEW_H
#define TOCSIN_TEXT_TEXT_VIEW_H

/*
 * Folded characters, read from text that has been folded, or directly from an original that folds character by
 * character. Most documents do, and need not be written a second time for the search.
 */

#include <stddef.h>
#include <stdint.h>

typedef struct tocsin__view {
    const char *text;
    size_t length;
    const uint16_t *plane; /* fold table of the profile, with an entry other than 0 for each character of the text;
                              NULL: text is folded */
} tocsin__view;

/* The folded code point of the character at `at`, which is below length; *next: where the next one begins. */
static inline uint32_t tocsin__view_next(const tocsin__view *view, size_t at, size_t *next) {
    const unsigned char *s = (const unsigned char *)view->text + at;
    uint32_t c = s[0];
    if ((c & 0xF0) == 0xE0) {
        c = (c & 15U) << 12 | (s[1] & 63U) << 6 | (s[2] & 63U);
        *next = at + 3;
    } else if (c < 0x80) {
        *next = at + 1;
    } else if (c < 0xE0) {
        c = (c & 31U) << 6 | (s[1] & 63U);
        *next = at + 2;
    } else { /* beyond the basic plane: here all of these fold to themselves */
        *next = at + 4;
        return (c & 7U) << 18 | (s[1] & 63U) << 12 | (s[2] & 63U) << 6 | (s[3] & 63U);
    }
    return view->plane ? view->plane[c] : c;
}

/* Where the character before `at`, which is above 0, begins. */
static inline size_t tocsin__view_previous(const tocsin__view *view, size_t at) {
    do at--;
    while (at > 0 && ((unsigned char)view->text[at] & 0xC0) == 0x80);
    return at;
}

#endif
