/*
 * The AVX2 level of text_units.h; the build compiles this file for AVX2, BMI and BMI2. It reads a block of 64 bytes at
 * a time. Masks of the block show where characters begin and whether continuation bytes are in the right places, so
 * that no branch depends on the width of a character. For each character a code point is computed and looked up in the
 * plane table. Whether all of them have an entry is tested at the end.
 */
#include "text/units_block.h"

#ifdef TOCSIN__FOLD_X86

#include <immintrin.h>

#define EIGHT(x) x, x, x, x, x, x, x, x
#define VECTOR(x) (*(const __m256i *)(const void *)(x))

/* Constants in memory: building them anew for every short document would take a fifth of the time. */
static const _Alignas(32) uint32_t highs[8] = {EIGHT(0xF0F0F0F0)}, threes[8] = {EIGHT(0xE0E0E0E0)},
                                   first_after[8] = {EIGHT(0xC0C0C0C0)};

/*
 * Masks for a text that ends after n words of a block: its first half reads them from index 16 - n, its second half
 * from 24 - n.
 */
static const uint32_t within[32] = {EIGHT(UINT32_MAX), EIGHT(UINT32_MAX)}, last[32] = {[16] = UINT32_MAX},
                      beyond[32] = {[17] = 0x20202020, 0x20202020, 0x20202020, 0x20202020, 0x20202020,
                                    0x20202020,        0x20202020, 0x20202020, 0x20202020, 0x20202020,
                                    0x20202020,        0x20202020, 0x20202020, 0x20202020, 0x20202020};

ALWAYS static inline __m256i load(const void *bytes) { return _mm256_loadu_si256((const __m256i *)bytes); }

ALWAYS static inline uint64_t mask_of(__m256i low, __m256i high) {
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

/* The last bytes of a text, too few for a word of four, as one word with blanks after them; four bytes are readable. */
ALWAYS static inline __m256i rest_of(const char *block, size_t left) {
    const unsigned bits = 8 * (left % 4);
    uint32_t v;
    memcpy(&v, block + left - 4, sizeof v);
    v = (uint32_t)((uint64_t)v >> (32 - bits));
    return _mm256_set1_epi32((int)(v | UINT32_C(0x20202020) << bits));
}

/* Half a block in which a text ends, with blanks after it; reads nothing beyond the text. */
ALWAYS static inline __m256i part_of(const char *half, size_t at, __m256i rest) {
    const __m256i v = _mm256_maskload_epi32((const int *)(const void *)half, load(within + at));
    return _mm256_or_si256(_mm256_or_si256(v, _mm256_and_si256(rest, load(last + at))), load(beyond + at));
}

ALWAYS static inline masks look_at(const char *block, size_t left) {
    __m256i a, b;
    if (left >= BLOCK) {
        a = load(block);
        b = load(block + 32);
    } else {
        const __m256i rest = rest_of(block, left);
        a = part_of(block, 16 - left / 4, rest);
        b = part_of(block + 32, 24 - left / 4, rest);
    }
    const __m256i lead_a = _mm256_and_si256(a, VECTOR(highs)), lead_b = _mm256_and_si256(b, VECTOR(highs));
    const __m256i wide_a = _mm256_cmpeq_epi8(lead_a, VECTOR(threes)),
                  wide_b = _mm256_cmpeq_epi8(lead_b, VECTOR(threes));
    /* A block has the byte 00 or E0 exactly if the least byte of (a ^ E0) and a is 00. */
    const __m256i least = _mm256_min_epu8(_mm256_xor_si256(a, VECTOR(threes)), a);
    const __m256i rare = _mm256_cmpeq_epi8(
        _mm256_min_epu8(least, _mm256_min_epu8(_mm256_xor_si256(b, VECTOR(threes)), b)), _mm256_setzero_si256());
    masks m;
    m.wide = mask_of(wide_a, wide_b);
    m.after = mask_of(_mm256_cmpgt_epi8(VECTOR(first_after), a), _mm256_cmpgt_epi8(VECTOR(first_after), b));
    m.high = mask_of(a, b);
    m.rare = !_mm256_testz_si256(rare, rare);
    return m;
}

/* The code point of three bytes, from them and the one before. */
ALWAYS static inline uint32_t wide_point(const char *bytes) { return _pext_u32(four_bytes(bytes - 1), 0x000F3F3F); }

/* The code point of three bytes that have no byte before them. */
ALWAYS static inline uint32_t first_point(const char *bytes) {
    const unsigned char *s = (const unsigned char *)bytes;
    return (s[0] & 15U) << 12 | (s[1] & 63U) << 6 | (s[2] & 63U);
}

/* Four units, folded where there is a plane. */
ALWAYS static inline __m128i four_units(const uint16_t *plane, uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3) {
    if (!plane) {
        return _mm_cvtsi64_si128((long long)(c0 | c1 << 16 | (uint64_t)c2 << 32 | (uint64_t)c3 << 48));
    }
    __m128i four = _mm_cvtsi32_si128(plane[c0]);
    four = _mm_insert_epi16(four, (short)plane[c1], 1);
    four = _mm_insert_epi16(four, (short)plane[c2], 2);
    return _mm_insert_epi16(four, (short)plane[c3], 3);
}

/*
 * Writes four units at a time, even if fewer are left: the surplus does not count. The reads go past the block; if the
 * text is too short for that, the surplus units repeat one that is there.
 */
ALWAYS static inline void put_wide(const uint16_t *plane, const char *block, uint64_t places, uint64_t begins,
                                   int is_short, uint16_t *units, uint16_t *at) {
    for (; begins; units += 4, at += 4) {
        const uint64_t b1 = _blsr_u64(begins), b2 = _blsr_u64(b1), b3 = _blsr_u64(b2);
        const uint64_t i0 = _tzcnt_u64(begins), spare = is_short ? i0 : BLOCK;
        const uint64_t i1 = is_short && !b1 ? spare : _tzcnt_u64(b1);
        const uint64_t i2 = is_short && !b2 ? spare : _tzcnt_u64(b2);
        const uint64_t i3 = is_short && !b3 ? spare : _tzcnt_u64(b3);
        const uint64_t where = (i0 | i1 << 16 | i2 << 32 | i3 << 48) + places;
        memcpy(at, &where, sizeof where);
        _mm_storel_epi64((__m128i *)(void *)units, four_units(plane, wide_point(block + i0), wide_point(block + i1),
                                                              wide_point(block + i2), wide_point(block + i3)));
        begins = _blsr_u64(b3);
    }
}

/* Whether the table had no entry for one of the units; writes zeroes after them. */
ALWAYS static inline int has_zero_and_end(uint16_t *units, size_t count) {
    __m256i zero = _mm256_setzero_si256();
    uint16_t *end = units + count;
    _mm256_storeu_si256((__m256i *)(void *)end, _mm256_set1_epi16(-1));
    for (size_t i = 0; i < count; i += 16) {
        zero = _mm256_or_si256(zero, _mm256_cmpeq_epi16(load(units + i), _mm256_setzero_si256()));
    }
    _mm256_storeu_si256((__m256i *)(void *)end, _mm256_setzero_si256());
    _mm256_storeu_si256((__m256i *)(void *)(end + 16), _mm256_setzero_si256());
    return !_mm256_testz_si256(zero, zero);
}

/*
 * The compiler makes four versions: for originals and folded text, with and without characters that do not have three
 * bytes.
 */
ALWAYS static inline size_t read_units(const tocsin__view *view, size_t from, size_t end, int is_original, int narrow,
                                       uint16_t *units, uint16_t *places) {
    const uint16_t *plane = is_original ? view->plane : NULL;
    uint64_t carry = 0;
    size_t count = 0;
    for (size_t at = from; at < end; at += BLOCK) {
        const size_t left = view->length - at;
        const char *block = view->text + at;
        masks m = look_at(block, left);
        if (is_original && !is_one_to_one_block(view, at, &m, &carry)) return SIZE_MAX;
        if (left < BLOCK + 2) m.wide &= left < 2 ? 0 : ((uint64_t)1 << (left - 2)) - 1;
        uint64_t begins = begins_of(view, at, &m, is_original, narrow);
        if (end - at < BLOCK) begins = _bzhi_u64(begins, (unsigned)(end - at));
        if (begins & ~m.wide) {
            count = put_any(view, from, at, begins, units, places, count);
            continue;
        }
        if (at == 0 && (begins & 1)) {
            const uint32_t c = first_point(block);
            units[count] = is_original ? plane[c] : (uint16_t)c;
            places[count++] = 0;
            begins ^= 1;
        }
        const uint64_t before = (at - from) * UINT64_C(0x0001000100010001);
        if (left < BLOCK + READS) {
            put_wide(plane, block, before, begins, 1, units + count, places + count);
        } else {
            put_wide(plane, block, before, begins, 0, units + count, places + count);
        }
        count += (size_t)__builtin_popcountll(begins);
    }
    return has_zero_and_end(units, count) && is_original ? SIZE_MAX : count;
}

SELDOM static size_t read_folded(const tocsin__view *view, size_t from, size_t end, int narrow, uint16_t *units,
                                 uint16_t *places) {
    return narrow ? read_units(view, from, end, 0, 1, units, places) : read_units(view, from, end, 0, 0, units, places);
}

SELDOM static size_t read_all(const tocsin__view *view, size_t from, size_t end, uint16_t *units, uint16_t *places) {
    return read_units(view, from, end, 1, 1, units, places);
}

SELDOM static size_t read_wide(const tocsin__view *view, size_t from, size_t end, uint16_t *units, uint16_t *places) {
    return read_units(view, from, end, 1, 0, units, places);
}

size_t tocsin__units_avx2(const tocsin__view *view, size_t from, size_t end, int narrow, uint16_t *units,
                          uint16_t *places, int *spaceless) {
    if (view->length < 4) return tocsin__units_portable(view, from, end, narrow, units, places, spaceless);
    *spaceless = 0;
    if (!view->plane) return read_folded(view, from, end, narrow, units, places);
    return narrow ? read_all(view, from, end, units, places) : read_wide(view, from, end, units, places);
}

size_t tocsin__next_space_avx2(const uint16_t *units, size_t at, size_t count) {
    for (; at < count; at += 16) {
        const __m256i u = load(units + at);
        __m256i is = _mm256_cmpeq_epi16(u, _mm256_set1_epi16(' '));
        is = _mm256_or_si256(is, _mm256_cmpeq_epi16(u, _mm256_set1_epi16('\t')));
        is = _mm256_or_si256(is, _mm256_cmpeq_epi16(u, _mm256_set1_epi16(0x1680)));
        const uint32_t mask = (uint32_t)_mm256_movemask_epi8(is);
        if (mask) at += _tzcnt_u32(mask) / 2;
        if (mask) break;
    }
    return at < count ? at : count;
}

#endif
