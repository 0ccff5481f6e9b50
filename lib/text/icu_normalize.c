/*
 * ICU inserts each combining mark into its place, which takes quadratic time for a long run in descending order of
 * classes. So a long segment is decomposed here character by character, and its marks are sorted by counting before ICU
 * composes it: canonical ordering is exactly a stable sort of each run of marks by combining class, and ICU then finds
 * them in order.
 */
#include "text/icu_normalize.h"

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "text/utf16.h"

#define GROWTH 18             /* UTF-16 units that one unit may become: U+FDFA */
#define LONG_SEGMENT 64       /* code points; a natural segment has at most a handful of marks */
#define LONGEST_DECOMPOSED 64 /* UTF-16 units of one character, fully decomposed; the longest has 18 */

tocsin_status tocsin__normalizer_open(tocsin__normalizer *normalizer) {
    UErrorCode code = U_ZERO_ERROR;
    memset(normalizer, 0, sizeof *normalizer);
    normalizer->nfkc_cf = unorm2_getNFKCCasefoldInstance(&code);
    normalizer->nfc = unorm2_getNFCInstance(&code);
    return U_FAILURE(code) ? TOCSIN_ERROR_FOLD : TOCSIN_OK;
}

void tocsin__normalizer_close(tocsin__normalizer *normalizer, const tocsin_allocator *allocator) {
    tocsin__vec_release(&normalizer->source, allocator);
    tocsin__vec_release(&normalizer->result, allocator);
    tocsin__vec_release(&normalizer->sorted, allocator);
    tocsin__vec_release(&normalizer->ordered, allocator);
}

static void append(tocsin__normalizer *normalizer, uint32_t c) {
    normalizer->source.length += tocsin__utf16_put(normalizer->source.data + normalizer->source.length, c);
}

/* Decomposes one character of the folded text completely into `sorted`; its own order is already canonical. */
static tocsin_status decompose(tocsin__normalizer *normalizer, const tocsin_allocator *allocator, uint32_t c) {
    UChar folded[LONGEST_DECOMPOSED], source[2], parts[LONGEST_DECOMPOSED];
    UErrorCode code = U_ZERO_ERROR;
    int32_t length = unorm2_normalize(normalizer->nfkc_cf, source, (int32_t)tocsin__utf16_put(source, c), folded,
                                      LONGEST_DECOMPOSED, &code);
    for (size_t i = 0; U_SUCCESS(code) && i < (size_t)length;) {
        uint32_t one = tocsin__utf16_next(folded, (size_t)length, &i);
        int32_t n = unorm2_getDecomposition(normalizer->nfc, (UChar32)one, parts, LONGEST_DECOMPOSED, &code);
        if (U_SUCCESS(code) && n < 0) n = (int32_t)tocsin__utf16_put(parts, one);
        for (size_t j = 0; U_SUCCESS(code) && j < (size_t)n;) {
            one = tocsin__utf16_next(parts, (size_t)n, &j);
            if (tocsin__vec_push(&normalizer->sorted, allocator, one)) return TOCSIN_ERROR_MEMORY;
        }
    }
    return U_FAILURE(code) ? TOCSIN_ERROR_FOLD : TOCSIN_OK;
}

/* Appends a run of marks to `source` in the order of their classes, by a counting sort, which is stable as required. */
static void append_sorted(tocsin__normalizer *normalizer, const uint32_t *run, size_t count) {
    size_t place[257] = {0};
    uint32_t *ordered = normalizer->ordered.data;
    for (size_t i = 0; i < count; i++) place[u_getCombiningClass((UChar32)run[i]) + 1]++;
    for (size_t k = 1; k < 257; k++) place[k] += place[k - 1];
    for (size_t i = 0; i < count; i++) ordered[place[u_getCombiningClass((UChar32)run[i])]++] = run[i];
    for (size_t i = 0; i < count; i++) append(normalizer, ordered[i]);
}

static tocsin_status order_long_segment(tocsin__normalizer *normalizer, const tocsin_allocator *allocator,
                                        const uint32_t *points, size_t count) {
    normalizer->sorted.length = 0;
    for (size_t i = 0; i < count; i++) {
        tocsin_status status = decompose(normalizer, allocator, points[i]);
        if (status) return status;
    }
    size_t total = normalizer->sorted.length;
    if (tocsin__vec_reserve(&normalizer->source, total * 2, allocator)) return TOCSIN_ERROR_MEMORY;
    if (tocsin__vec_reserve(&normalizer->ordered, total, allocator)) return TOCSIN_ERROR_MEMORY;
    for (size_t at = 0; at < total;) {
        size_t end = at;
        while (end < total && u_getCombiningClass((UChar32)normalizer->sorted.data[end])) end++;
        append_sorted(normalizer, normalizer->sorted.data + at, end - at);
        if (end < total) append(normalizer, normalizer->sorted.data[end++]);
        at = end;
    }
    return TOCSIN_OK;
}

/* Writes the UTF-16 of `result` as code points into `sorted`. */
static tocsin_status widen(tocsin__normalizer *normalizer, const tocsin_allocator *allocator, size_t units) {
    if (tocsin__vec_reserve(&normalizer->sorted, units, allocator)) return TOCSIN_ERROR_MEMORY;
    normalizer->sorted.length = 0;
    for (size_t i = 0; i < units;) {
        uint32_t c = tocsin__utf16_next(normalizer->result.data, units, &i);
        normalizer->sorted.data[normalizer->sorted.length++] = c;
    }
    return TOCSIN_OK;
}

tocsin_status tocsin__normalize(tocsin__normalizer *normalizer, const tocsin_allocator *allocator,
                                const uint32_t *points, size_t count, const uint32_t **result, size_t *result_count) {
    const int is_long = count > LONG_SEGMENT;
    normalizer->source.length = 0;
    if (tocsin__vec_reserve(&normalizer->source, count * 2, allocator)) return TOCSIN_ERROR_MEMORY;
    if (is_long) {
        tocsin_status status = order_long_segment(normalizer, allocator, points, count);
        if (status) return status;
    } else {
        for (size_t i = 0; i < count; i++) append(normalizer, points[i]);
    }
    if (normalizer->source.length > INT32_MAX / 32) return TOCSIN_ERROR_TOO_LARGE;
    const UNormalizer2 *how = is_long ? normalizer->nfc : normalizer->nfkc_cf;
    size_t room = normalizer->source.length * (is_long ? 3 : GROWTH) + 8;
    if (tocsin__vec_reserve(&normalizer->result, room, allocator)) return TOCSIN_ERROR_MEMORY;
    UErrorCode code = U_ZERO_ERROR;
    int32_t units = unorm2_normalize(how, normalizer->source.data, (int32_t)normalizer->source.length,
                                     normalizer->result.data, (int32_t)normalizer->result.capacity, &code);
    if (U_FAILURE(code)) return TOCSIN_ERROR_FOLD;
    tocsin_status status = widen(normalizer, allocator, (size_t)units);
    if (status) return status;
    *result = normalizer->sorted.data;
    *result_count = normalizer->sorted.length;
    return TOCSIN_OK;
}
