#ifndef TOCSIN_MATCH_FILTER_LOOP_AVX512_H
#define TOCSIN_MATCH_FILTER_LOOP_AVX512_H

/* The loop over windows of two and three units with AVX-512 and VBMI2: thirty-two windows at a time. */

#include <immintrin.h>

#include "match/filter_eight.h"
#include "match/filter_run.h"

/* Unoptimised, gcc's gathers are macros that pass a mask as a short. */
#pragma GCC diagnostic ignored "-Wsign-conversion"

#define TWO(i) i, (i) + 1
#define EIGHT(i) TWO(i), TWO((i) + 2), TWO((i) + 4), TWO((i) + 6)
static const _Alignas(64) uint16_t tocsin__filter_iota[32] = {EIGHT(0), EIGHT(8), EIGHT(16), EIGHT(24)};

static inline __m512i times(__m512i units, uint32_t factor) {
    return _mm512_mullo_epi32(units, _mm512_set1_epi32((int)factor));
}

/* A mask of the hashes, of sixteen, that have both bits set. */
static inline uint32_t ask_sixteen(const tocsin__filter_bits *bits, __m512i hash) {
    const __m512i one = _mm512_set1_epi32(1), low_five = _mm512_set1_epi32(31);
    const __m512i first = _mm512_srl_epi32(hash, _mm_cvtsi32_si128((int)bits->shift));
    const __m512i second = _mm512_srl_epi32(hash, _mm_cvtsi32_si128((int)bits->shift - 5));
    const __m512i words = _mm512_i32gather_epi32(_mm512_srli_epi32(first, 5), bits->words, 4);
    const __m512i wanted = _mm512_or_si512(_mm512_sllv_epi32(one, _mm512_and_si512(first, low_five)),
                                           _mm512_sllv_epi32(one, _mm512_and_si512(second, low_five)));
    return _mm512_cmpeq_epi32_mask(_mm512_and_si512(words, wanted), wanted);
}

/* Tests the windows that begin at thirty-two units: a bit for each window whose bits are set. */
static inline uint32_t ask_units(const tocsin__filter_bits *bits, const uint16_t *units, int three) {
    __m512i even = times(_mm512_loadu_si512(units), TOCSIN__FILTER_FACTOR_PAIR);
    __m512i odd = times(_mm512_loadu_si512(units + 1), TOCSIN__FILTER_FACTOR_PAIR);
    if (three) {
        const __m512i next = _mm512_loadu_si512(units + 2), low = _mm512_set1_epi32(0xFFFF);
        even = _mm512_add_epi32(even, times(_mm512_and_si512(next, low), TOCSIN__FILTER_FACTOR_THIRD));
        odd = _mm512_add_epi32(odd, times(_mm512_srli_epi32(next, 16), TOCSIN__FILTER_FACTOR_THIRD));
    }
    return _pdep_u32(ask_sixteen(bits, even), 0x55555555) | _pdep_u32(ask_sixteen(bits, odd), 0xAAAAAAAA);
}

/* The same for sixteen units, in half the time, for the ends of texts: a headline has no more. */
static inline uint32_t ask_few(const tocsin__filter_bits *bits, const uint16_t *units, int three) {
    const __m256i even = tocsin__filter_hash_eight(units, three), odd = tocsin__filter_hash_eight(units + 1, three);
    return _pdep_u32(tocsin__filter_ask_eight(bits->words, bits->shift, even), 0x5555) |
           _pdep_u32(tocsin__filter_ask_eight(bits->words, bits->shift, odd), 0xAAAA);
}

/*
 * Windows after the end of the piece are tested too, but not kept. Thirty-two are tested if more than sixteen are left,
 * so that nothing is read after the zeroes that follow the text.
 */
static inline size_t find_windows(tocsin__filter_run *r, int three) {
    const tocsin__filter_bits bits = r->filter->bits[three ? 2 : 1];
    const __m512i iota = _mm512_load_si512(tocsin__filter_iota);
    size_t found = 0, i = 0;
    for (; i + 16 < r->count; i += 32) {
        const unsigned left = r->count - i < 32 ? (unsigned)(r->count - i) : 32;
        const uint32_t passed = _bzhi_u32(ask_units(&bits, r->units + i, three), left);
        _mm512_storeu_si512(r->found + found,
                            _mm512_add_epi16(_mm512_maskz_compress_epi16(passed, iota), _mm512_set1_epi16((short)i)));
        found += (size_t)__builtin_popcount(passed);
    }
    if (i < r->count) {
        const uint32_t passed = _bzhi_u32(ask_few(&bits, r->units + i, three), (unsigned)(r->count - i));
        const __m256i lanes = _mm256_maskz_compress_epi16((__mmask16)passed, _mm512_castsi512_si256(iota));
        _mm256_storeu_si256((__m256i *)(void *)(r->found + found),
                            _mm256_add_epi16(lanes, _mm256_set1_epi16((short)i)));
        found += (size_t)__builtin_popcount(passed);
    }
    return found;
}

#endif
