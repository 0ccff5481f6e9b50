/*
 * The AVX-512 level of text_units.h, with VBMI2; the build compiles this file for these. It compresses the first,
 * second and third bytes of the characters of a block of 64 bytes, and so builds the code points of thirty-two
 * characters at once, whatever their widths. After the text has been read it looks them up in the plane table, sixteen
 * at a time: then all lanes are full, and no block waits for the table.
 */
#include "text/units_block.h"

#ifdef TOCSIN__FOLD_X86

#include <immintrin.h>

/* Unoptimised, gcc's gathers are macros that pass a mask as a short. */
#pragma GCC diagnostic ignored "-Wsign-conversion"

#define PREFETCH 1024 /* bytes ahead, also past the end: that causes no fault, and the next document is there */

#define EIGHT(i) i, (i) + 1, (i) + 2, (i) + 3, (i) + 4, (i) + 5, (i) + 6, (i) + 7
static const _Alignas(64) uint8_t iota[BLOCK] = {EIGHT(0),  EIGHT(8),  EIGHT(16), EIGHT(24),
                                                 EIGHT(32), EIGHT(40), EIGHT(48), EIGHT(56)};

/* The available bytes of a block, with spaces after them. */
ALWAYS static inline __m512i bytes_of(const char *block, size_t left) {
    if (left >= BLOCK) return _mm512_loadu_si512(block);
    return _mm512_mask_loadu_epi8(_mm512_set1_epi8(' '), ((uint64_t)1 << left) - 1, block);
}

ALWAYS static inline masks look_at(__m512i bytes) {
    const __m512i lead = _mm512_and_si512(bytes, _mm512_set1_epi8((char)0xF0));
    masks m;
    m.wide = _mm512_cmpeq_epi8_mask(lead, _mm512_set1_epi8((char)0xE0));
    m.after = _mm512_cmplt_epi8_mask(bytes, _mm512_set1_epi8((char)0xC0));
    m.high = _mm512_movepi8_mask(bytes);
    m.rare = (_mm512_testn_epi8_mask(bytes, bytes) | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)0xE0))) != 0;
    return m;
}

/* Thirty-two characters of one to three bytes, or of one and of three. */
ALWAYS static inline void put_half(__m256i first, __m256i second, __m256i third, __m256i where, int with_two,
                                   size_t before, uint16_t *units, uint16_t *places) {
    const __m512i six = _mm512_set1_epi16(0x3F);
    const __m512i a = _mm512_cvtepu8_epi16(first), b = _mm512_and_si512(_mm512_cvtepu8_epi16(second), six);
    const __m512i c = _mm512_and_si512(_mm512_cvtepu8_epi16(third), six);
    const __m512i low_two = _mm512_or_si512(_mm512_slli_epi16(b, 6), c);
    const __m512i three = _mm512_or_si512(_mm512_slli_epi16(a, 12), low_two);
    __m512i points = _mm512_mask_mov_epi16(a, _mm512_cmpge_epu16_mask(a, _mm512_set1_epi16(0x80)), three);
    if (with_two) {
        const __m512i two = _mm512_or_si512(_mm512_slli_epi16(_mm512_and_si512(a, _mm512_set1_epi16(0x1F)), 6), b);
        points = _mm512_mask_mov_epi16(
            points, _mm512_cmpeq_epi16_mask(_mm512_and_si512(a, _mm512_set1_epi16(0xE0)), _mm512_set1_epi16(0xC0)),
            two);
    }
    _mm512_storeu_si512(units, points);
    _mm512_storeu_si512(places, _mm512_add_epi16(_mm512_cvtepu8_epi16(where), _mm512_set1_epi16((short)before)));
}

ALWAYS static inline size_t put(const char *block, size_t left, __m512i bytes, uint64_t begins, int with_two,
                                size_t before, uint16_t *units, uint16_t *places) {
    const size_t count = (size_t)__builtin_popcountll(begins);
    const __m512i first = _mm512_maskz_compress_epi8(begins, bytes);
    const __m512i second = _mm512_maskz_compress_epi8(begins, bytes_of(block + 1, left - 1));
    const __m512i third = _mm512_maskz_compress_epi8(begins, bytes_of(block + 2, left < 2 ? 0 : left - 2));
    const __m512i where = _mm512_maskz_compress_epi8(begins, _mm512_load_si512(iota));
    put_half(_mm512_castsi512_si256(first), _mm512_castsi512_si256(second), _mm512_castsi512_si256(third),
             _mm512_castsi512_si256(where), with_two, before, units, places);
    if (count > BLOCK / 2) {
        put_half(_mm512_extracti64x4_epi64(first, 1), _mm512_extracti64x4_epi64(second, 1),
                 _mm512_extracti64x4_epi64(third, 1), _mm512_extracti64x4_epi64(where, 1), with_two, before,
                 units + BLOCK / 2, places + BLOCK / 2);
    }
    return count;
}

/* The folded units of sixteen code points, 0 where `there` has no bit; *missing: those without an entry. */
ALWAYS static inline __m256i fold_sixteen(const uint16_t *plane, __m256i points, __mmask16 there, uint32_t *missing) {
    const __m512i wide = _mm512_cvtepu16_epi32(points);
    __m512i folded = _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), there, wide, plane, 2);
    folded = _mm512_and_si512(folded, _mm512_set1_epi32(0xFFFF));
    *missing |= _mm512_mask_testn_epi32_mask(there, folded, folded);
    return _mm512_cvtepi32_epi16(folded);
}

/* The folded units of thirty-two code points. */
ALWAYS static inline __m512i fold_all(const uint16_t *plane, __m512i points) {
    const __m512i low = _mm512_cvtepu16_epi32(_mm512_castsi512_si256(points));
    const __m512i high = _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(points, 1));
    const __m512i first = _mm512_i32gather_epi32(low, plane, 2), second = _mm512_i32gather_epi32(high, plane, 2);
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm512_cvtepi32_epi16(first)), _mm512_cvtepi32_epi16(second), 1);
}

/* The units at which next_space stops. */
ALWAYS static inline uint32_t spaces_of(__m512i u) {
    return _mm512_cmpeq_epi16_mask(u, _mm512_set1_epi16(' ')) | _mm512_cmpeq_epi16_mask(u, _mm512_set1_epi16('\t')) |
           _mm512_cmpeq_epi16_mask(u, _mm512_set1_epi16(0x1680));
}

/* The same for up to thirty-two code points, the first `left` of a vector. */
ALWAYS static inline __m512i fold_vector(const uint16_t *plane, __m512i points, unsigned left, uint32_t *missing) {
    const uint32_t there = _bzhi_u32(UINT32_MAX, left);
    const __m256i low = fold_sixteen(plane, _mm512_castsi512_si256(points), (__mmask16)there, missing);
    __m256i high = _mm256_setzero_si256();
    if (left > 16) high = fold_sixteen(plane, _mm512_extracti64x4_epi64(points, 1), (__mmask16)(there >> 16), missing);
    return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

/*
 * Replaces the code points by folded units; returns whether the table has an entry for each. *spaces: whether one is
 * white space, if `look`. Zeroes follow in the last vector, which is stored as a whole, so that whoever reads from it
 * next need not wait.
 */
ALWAYS static inline int fold_units(const uint16_t *plane, uint16_t *units, size_t count, int look, uint32_t *spaces) {
    uint32_t missing = 0;
    size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        const __m512i folded = fold_all(plane, _mm512_loadu_si512(units + i));
        missing |= _mm512_testn_epi16_mask(folded, folded);
        if (look) *spaces |= spaces_of(folded);
        _mm512_storeu_si512(units + i, folded);
    }
    const unsigned left = (unsigned)(count - i);
    if (left) {
        const __m512i folded = fold_vector(plane, _mm512_loadu_si512(units + i), left, &missing);
        if (look) *spaces |= spaces_of(folded) & _bzhi_u32(UINT32_MAX, left);
        _mm512_storeu_si512(units + i, folded);
    }
    return !missing;
}

/*
 * The compiler makes versions for originals and for folded text, with and without characters that are not of three
 * bytes.
 */
ALWAYS static inline size_t read_units(const tocsin__view *view, size_t from, size_t end, int is_original, int narrow,
                                       uint16_t *units, uint16_t *places, int *spaceless) {
    const uint16_t *plane = is_original ? view->plane : NULL;
    uint64_t carry = 0;
    uint32_t spaces = !plane || !narrow;
    size_t count = 0, folded = 0; /* units, and how many of them are folded */
    for (size_t at = from; at < end; at += BLOCK) {
        const size_t left = view->length - at;
        const char *block = view->text + at;
        const __m512i bytes = bytes_of(block, left);
        masks m = look_at(bytes);
        _mm_prefetch((const char *)((uintptr_t)block + PREFETCH), _MM_HINT_T0);
        if (is_original && !is_one_to_one_block(view, at, &m, &carry)) return SIZE_MAX;
        if (left < BLOCK + 2) m.wide &= left < 2 ? 0 : ((uint64_t)1 << (left - 2)) - 1;
        uint64_t begins = begins_of(view, at, &m, is_original, narrow);
        if (end - at < BLOCK) begins = _bzhi_u64(begins, (unsigned)(end - at));
        if (narrow && (begins & _mm512_cmpge_epu8_mask(bytes, _mm512_set1_epi8((char)0xF0)))) {
            if (plane && !fold_units(plane, units + folded, count - folded, narrow, &spaces)) return SIZE_MAX;
            spaces = 1; /* nobody has looked */
            folded = put_any(view, from, at, begins, units, places, count);
            for (; count < folded; count++) {
                if (plane && !units[count]) return SIZE_MAX;
            }
        } else if (m.high & ~(m.wide | m.after)) {
            count += put(block, left, bytes, begins, 1, at - from, units + count, places + count);
        } else {
            count += put(block, left, bytes, begins, 0, at - from, units + count, places + count);
        }
    }
    const size_t rest = count - folded, whole = (rest + 31) / 32 * 32; /* as fold_units stores */
    if (plane && !fold_units(plane, units + folded, rest, narrow, &spaces)) return SIZE_MAX;
    *spaceless = !spaces;
    _mm512_storeu_si512(units + (plane ? folded + whole : count), _mm512_setzero_si512());
    return count;
}

/*
 * A short original of characters of one and of three bytes, as nearly all headlines are: one block in registers from
 * its bytes to its units. 0: it must be read in the other way.
 */
ALWAYS static inline size_t read_short(const tocsin__view *view, int narrow, uint16_t *units, uint16_t *places,
                                       int *spaceless) {
    const uint64_t there = _bzhi_u64(UINT64_MAX, (unsigned)view->length);
    const __m512i bytes = _mm512_maskz_loadu_epi8(there, view->text), six = _mm512_set1_epi16(0x3F);
    const masks m = look_at(bytes);
    _mm_prefetch((const char *)((uintptr_t)view->text + PREFETCH), _MM_HINT_T0);
    const uint64_t ascii = there & ~m.high, begins = narrow ? m.wide | ascii : m.wide;
    const uint32_t count = (uint32_t)__builtin_popcountll(begins);
    if ((m.wide | ascii | m.after) != there || (m.wide << 1 | m.wide << 2) != m.after || count > BLOCK / 2) return 0;
    if (_mm512_mask_testn_epi8_mask(there, bytes, bytes) | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)0xE0)))
        return 0;
    const __m512i where = _mm512_maskz_compress_epi8(begins, _mm512_load_si512(iota)), one = _mm512_set1_epi8(1);
    const __m512i next = _mm512_add_epi8(where, one), last = _mm512_add_epi8(next, one);
    const __m512i a = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(_mm512_permutexvar_epi8(where, bytes)));
    const __m512i b = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(_mm512_permutexvar_epi8(next, bytes)));
    const __m512i c = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(_mm512_permutexvar_epi8(last, bytes)));
    const __m512i low = _mm512_or_si512(_mm512_slli_epi16(_mm512_and_si512(b, six), 6), _mm512_and_si512(c, six));
    const __m512i points = _mm512_mask_mov_epi16(a, _mm512_cmpge_epu16_mask(a, _mm512_set1_epi16(0x80)),
                                                 _mm512_or_si512(_mm512_slli_epi16(a, 12), low));
    uint32_t missing = 0;
    const __m512i folded = fold_vector(view->plane, points, count, &missing);
    *spaceless = narrow && !(spaces_of(folded) & _bzhi_u32(UINT32_MAX, count));
    _mm512_storeu_si512(units, folded);
    _mm512_storeu_si512(units + 32, _mm512_setzero_si512());
    _mm512_storeu_si512(places, _mm512_cvtepu8_epi16(_mm512_castsi512_si256(where)));
    return missing ? SIZE_MAX : count;
}

SELDOM static size_t read_any(const tocsin__view *view, size_t from, size_t end, int narrow, uint16_t *units,
                              uint16_t *places, int *spaceless) {
    if (!view->plane) {
        return narrow ? read_units(view, from, end, 0, 1, units, places, spaceless)
                      : read_units(view, from, end, 0, 0, units, places, spaceless);
    }
    return narrow ? read_units(view, from, end, 1, 1, units, places, spaceless)
                  : read_units(view, from, end, 1, 0, units, places, spaceless);
}

size_t tocsin__units_avx512(const tocsin__view *view, size_t from, size_t end, int narrow, uint16_t *units,
                            uint16_t *places, int *spaceless) {
    if (view->length < 4) return tocsin__units_portable(view, from, end, narrow, units, places, spaceless);
    if (view->length < BLOCK && end - from == view->length && view->plane) {
        const size_t count = read_short(view, narrow, units, places, spaceless);
        if (count) return count;
    }
    return read_any(view, from, end, narrow, units, places, spaceless);
}

size_t tocsin__next_space_avx512(const uint16_t *units, size_t at, size_t count) {
    for (; at < count; at += 32) {
        const uint32_t mask = spaces_of(_mm512_loadu_si512(units + at));
        if (mask) at += _tzcnt_u32(mask);
        if (mask) break;
    }
    return at < count ? at : count;
}

#endif
