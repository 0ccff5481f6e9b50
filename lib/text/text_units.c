/* Reads a text into units, piece by piece, with the SIMD level of this processor. */
#include "text/text_units.h"

#include "base/assert.h"

/* A piece ends between two characters. If no character ends for long (the text is not UTF-8), it ends anywhere. */
static size_t end_of_piece(const tocsin__view *view, size_t from) {
    if (view->length - from <= TOCSIN__UNITS_PIECE) return view->length;
    size_t end = from + TOCSIN__UNITS_PIECE;
    const size_t most = view->length - end < 3 ? view->length : end + 3;
    while (end < most && ((unsigned char)view->text[end] & 0xC0) == 0x80) end++;
    return end;
}

static tocsin_status make_room(tocsin__units *units, size_t bytes, const tocsin_allocator *allocator) {
    const size_t need = units->count + bytes + TOCSIN__UNITS_SLACK;
    tocsin_status status = tocsin__vec_reserve(&units->units, need, allocator);
    return status ? status : tocsin__vec_reserve(&units->places, need, allocator);
}

/* Adds the units of one piece; *one_to_one: whether they cover it. */
static inline tocsin_status read_piece(tocsin__text *text, size_t from, size_t end, tocsin__units_function *level,
                                       const tocsin_allocator *allocator, int *one_to_one, int *spaceless) {
    tocsin__units *units = &text->units;
    tocsin_status status = make_room(units, end - from, allocator);
    if (!status) status = tocsin__vec_push(&units->pieces, allocator, (tocsin__piece){from, units->count});
    if (status) return status;
    const size_t count = level(&text->view, from, end, units->all, units->units.data + units->count,
                               units->places.data + units->count, spaceless);
    tocsin__assert(count == SIZE_MAX || count <= end - from);
    *one_to_one = count != SIZE_MAX;
    if (*one_to_one) units->count += count;
    return TOCSIN_OK;
}

static __attribute__((noinline)) tocsin_status read_pieces(tocsin__text *text, tocsin__units_function *level,
                                                           const tocsin_allocator *allocator, int *one_to_one) {
    const tocsin__view *view = &text->view;
    tocsin_status status = TOCSIN_OK;
    text->units.spaceless = 1;
    for (size_t from = 0, end; from < view->length && *one_to_one && !status; from = end) {
        int spaceless = 0;
        end = end_of_piece(view, from);
        status = read_piece(text, from, end, level, allocator, one_to_one, &spaceless);
        text->units.spaceless &= spaceless;
    }
    return status;
}

tocsin_status tocsin__units_read(tocsin__text *text, int narrow, tocsin__units_function *level,
                                 const tocsin_allocator *allocator, int *one_to_one) {
    tocsin__units *units = &text->units;
    const size_t length = text->view.length;
    units->count = 0;
    units->pieces.length = 0;
    units->all = narrow;
    *one_to_one = 1;
    const tocsin_status status = length && length <= TOCSIN__UNITS_PIECE
                                     ? read_piece(text, 0, length, level, allocator, one_to_one, &units->spaceless)
                                     : read_pieces(text, level, allocator, one_to_one);
    if (status || !*one_to_one) units->count = units->pieces.length = 0;
    return status;
}

void tocsin__units_release(tocsin__units *units, const tocsin_allocator *allocator) {
    tocsin__vec_release(&units->units, allocator);
    tocsin__vec_release(&units->places, allocator);
    tocsin__vec_release(&units->pieces, allocator);
    units->count = 0;
}

int tocsin__has_avx2(void) {
#ifdef TOCSIN__FOLD_X86
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("popcnt");
#else
    return 0;
#endif
}

int tocsin__has_avx512(void) {
#ifdef TOCSIN__FOLD_X86
    return tocsin__has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
           __builtin_cpu_supports("avx512vbmi2");
#else
    return 0;
#endif
}

tocsin__units_function *tocsin__units_best(void) {
#ifdef TOCSIN__FOLD_X86
    if (tocsin__has_avx512()) return tocsin__units_avx512;
    if (tocsin__has_avx2()) return tocsin__units_avx2;
#endif
#ifdef TOCSIN__FOLD_ARM
    return tocsin__units_neon;
#else
    return tocsin__units_portable;
#endif
}

tocsin__next_space_function *tocsin__next_space_best(void) {
#ifdef TOCSIN__FOLD_X86
    if (tocsin__has_avx512()) return tocsin__next_space_avx512;
    if (tocsin__has_avx2()) return tocsin__next_space_avx2;
#endif
    return tocsin__next_space_portable;
}
