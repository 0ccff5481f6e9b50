/*
 * Folding makes digits of ① and ², and letters of ™ and №. A reader sees symbols there, so the original decides. For
 * nearly every edge the folded characters alone show that it is open; only for the others is the original read.
 */
#include "text/bounds.h"

#include "base/utf8.h"
#include "text/icu_properties.h"

static int is_passed_over(uint32_t c) {
    if (c < 0x300 || (c >= 0x3400 && c <= 0x9FFF)) return 0; /* nearly all: Latin, Han */
    return tocsin__is_mark_or_unseen(c);
}

/*
 * The folded character on the left of `at`, before any marks, or on its right; *where: its start, or its end. 0: none.
 */
static uint32_t left_of(const tocsin__view *view, size_t at, size_t *where) {
    for (unsigned marks = 0; at > 0 && marks <= TOCSIN__BOUNDS_UNSEEN; marks++) {
        size_t next;
        *where = at = tocsin__view_previous(view, at);
        const uint32_t c = tocsin__view_next(view, at, &next);
        if (!is_passed_over(c)) return c;
    }
    return 0;
}

static uint32_t right_of(const tocsin__view *view, size_t at, size_t *where) {
    for (unsigned marks = 0; at < view->length && marks <= TOCSIN__BOUNDS_UNSEEN; marks++) {
        const uint32_t c = tocsin__view_next(view, at, &at);
        *where = at;
        if (!is_passed_over(c)) return c;
    }
    return 0;
}

static int is_closed(const tocsin__view *view, size_t at, size_t *before, size_t *after) {
    return tocsin__is_word_character(left_of(view, at, before)) && tocsin__is_word_character(right_of(view, at, after));
}

int tocsin__bounds_word_goes_on(const tocsin__view *view, size_t at) {
    size_t before, after;
    return is_closed(view, at, &before, &after);
}

/* Whether the character before `at` of the original is a letter or a decimal digit. */
static int is_letter_before(tocsin_bytes original, size_t at) {
    for (unsigned unseen = 0; at > 0 && unseen <= TOCSIN__BOUNDS_UNSEEN; unseen++) {
        size_t next;
        at = tocsin__utf8_previous(original.data, at);
        const uint32_t c = tocsin__utf8_next(original.data, original.length, at, &next);
        if (tocsin__is_enclosing_mark(c)) return 0;
        if (!tocsin__is_mark_or_unseen(c)) return tocsin__is_letter_or_decimal(c);
    }
    return 0;
}

/* Whether an enclosing mark stands on the character that ends at `at` of the original. */
static int is_enclosed(tocsin_bytes original, size_t at) {
    for (unsigned unseen = 0; at < original.length && unseen < TOCSIN__BOUNDS_UNSEEN; unseen++) {
        const uint32_t c = tocsin__utf8_next(original.data, original.length, at, &at);
        if (tocsin__is_enclosing_mark(c)) return 1;
        if (!tocsin__is_mark_or_unseen(c)) return 0;
    }
    return 0;
}

/* Whether the character from `at` of the original on is a letter or a decimal digit. */
static int is_letter_after(tocsin_bytes original, size_t at) {
    for (unsigned unseen = 0; at < original.length && unseen <= TOCSIN__BOUNDS_UNSEEN; unseen++) {
        const uint32_t c = tocsin__utf8_next(original.data, original.length, at, &at);
        if (tocsin__is_enclosing_mark(c) || tocsin__is_mark_or_unseen(c))
            continue; /* belongs to the term's last character */
        return tocsin__is_letter_or_decimal(c) && !is_enclosed(original, at);
    }
    return 0;
}

/* By the first byte of a character: whether it is one of U+4000 to U+9FFF, at which every edge is open. */
static int is_han(char first) { return (unsigned char)first >= 0xE4 && (unsigned char)first <= 0xE9; }

int tocsin__bounds_open_start(const tocsin__bounds_text *text, size_t at) {
    size_t before, after;
    if (at < text->view->length && is_han(text->view->text[at])) return 1;
    if (!is_closed(text->view, at, &before, &after)) return 1;
    const size_t start = tocsin__offset_map_start(text->map, at);
    if (tocsin__offset_map_start(text->map, before) == start) return 0; /* within ⑫: the original has no edge here */
    return !is_letter_before(text->original, start);
}

int tocsin__bounds_open_end(const tocsin__bounds_text *text, size_t at) {
    size_t before, after;
    if (at >= 3 && is_han(text->view->text[at - 3])) return 1;
    if (!is_closed(text->view, at, &before, &after)) return 1;
    const size_t end = tocsin__offset_map_end(text->map, at);
    if (tocsin__offset_map_end(text->map, after) == end) return 0;
    return !is_letter_after(text->original, end);
}
