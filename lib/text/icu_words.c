/*
 * Segmenting whole texts runs at some 30 MB/s, so only a window is segmented: the hit and up to 24 characters on either
 * side, more than any word of the dictionary has. Looking only for dictionary words that straddle an edge, without
 * segmenting, would lose 火灾 in 发生火灾难以控制 to 灾难; the segmentation weighs both readings.
 */
#include "text/icu_words.h"

#include <unicode/ubrk.h>

#include "text/bounds.h"
#include "text/utf16.h"

#define WINDOW 24 /* code points */

struct tocsin__words {
    tocsin_allocator allocator;
    UBreakIterator *breaker;
    TOCSIN_VEC(uint16_t) units;
};

tocsin_status tocsin__words_create(const tocsin_allocator *allocator, tocsin__words **words) {
    tocsin__words *made = tocsin__allocate_zeroed(allocator, sizeof *made);
    if (!made) return TOCSIN_ERROR_MEMORY;
    UErrorCode code = U_ZERO_ERROR;
    made->allocator = *allocator;
    made->breaker = ubrk_open(UBRK_WORD, "zh", NULL, 0, &code);
    if (U_FAILURE(code)) {
        tocsin__words_free(made);
        return code == U_MEMORY_ALLOCATION_ERROR ? TOCSIN_ERROR_MEMORY : TOCSIN_ERROR_FOLD;
    }
    *words = made;
    return TOCSIN_OK;
}

void tocsin__words_free(tocsin__words *words) {
    if (!words) return;
    tocsin_allocator allocator = words->allocator;
    if (words->breaker) ubrk_close(words->breaker);
    tocsin__vec_release(&words->units, &allocator);
    tocsin__deallocate(&allocator, words, sizeof *words);
}

static size_t back(const tocsin__view *text, size_t at) {
    for (int i = 0; i < WINDOW && at > 0; i++) at = tocsin__view_previous(text, at);
    return at;
}

static size_t forth(const tocsin__view *text, size_t at) {
    for (int i = 0; i < WINDOW && at < text->length; i++) (void)tocsin__view_next(text, at, &at);
    return at;
}

/* Writes the UTF-16 of the characters in [from, to) at the end of the units. */
static tocsin_status widen(tocsin__words *words, const tocsin__view *text, size_t from, size_t to) {
    if (tocsin__vec_reserve(&words->units, words->units.length + (to - from), &words->allocator)) {
        return TOCSIN_ERROR_MEMORY;
    }
    while (from < to) {
        const uint32_t c = tocsin__view_next(text, from, &from);
        words->units.length += tocsin__utf16_put(words->units.data + words->units.length, c);
    }
    return TOCSIN_OK;
}

tocsin_status tocsin__words_whole(tocsin__words *words, const tocsin__view *text, size_t start, size_t end,
                                  int *whole) {
    words->units.length = 0;
    tocsin_status status = widen(words, text, back(text, start), start);
    int32_t from = (int32_t)words->units.length;
    if (!status) status = widen(words, text, start, end);
    int32_t to = (int32_t)words->units.length;
    if (!status) status = widen(words, text, end, forth(text, end));
    if (status) return status;
    UErrorCode code = U_ZERO_ERROR;
    ubrk_setText(words->breaker, words->units.data, (int32_t)words->units.length, &code);
    if (U_FAILURE(code)) return TOCSIN_ERROR_FOLD;
    /* folding can join 119 and ② to one word; the original then still has an edge between them */
    *whole = (ubrk_isBoundary(words->breaker, from) || tocsin__bounds_word_goes_on(text, start)) &&
             (ubrk_isBoundary(words->breaker, to) || tocsin__bounds_word_goes_on(text, end));
    return TOCSIN_OK;
}
