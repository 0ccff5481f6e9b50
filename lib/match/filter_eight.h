#ifndef TOCSIN_MATCH_FILTER_EIGHT_H
#define TOCSIN_MATCH_FILTER_EIGHT_H

/* Eight hashes at a time with AVX2, for the filter of literals and for the one of n-grams in learn/. */

#ifdef __AVX2__

#include <immintrin.h>

#include "match/filter_internal.h"

/* The hashes of eight windows of two or three units, two units apart. */
static inline __m256i tocsin__filter_hash_eight(const uint16_t *units, int three) {
    const __m256i pairs = _mm256_loadu_si256((const __m256i *)(const void *)units);
    const __m256i hash = _mm256_mullo_epi32(pairs, _mm256_set1_epi32((int)TOCSIN__FILTER_FACTOR_PAIR));
    if (!three) return hash;
    const __m256i thirds =
        _mm256_and_si256(_mm256_loadu_si256((const __m256i *)(const void *)(units + 2)), _mm256_set1_epi32(0xFFFF));
    return _mm256_add_epi32(hash, _mm256_mullo_epi32(thirds, _mm256_set1_epi32((int)TOCSIN__FILTER_FACTOR_THIRD)));
}

/* A mask of the hashes that have both of their bits in a table; `shift` as in tocsin__filter_bits. */
static inline unsigned tocsin__filter_ask_eight(const uint32_t *table, unsigned shift, __m256i hash) {
    const __m256i low_five = _mm256_set1_epi32(31);
    const __m256i first = _mm256_srl_epi32(hash, _mm_cvtsi32_si128((int)shift));
    const __m256i second = _mm256_srl_epi32(hash, _mm_cvtsi32_si128((int)shift - 5));
    const __m256i words = _mm256_i32gather_epi32((const int *)(const void *)table, _mm256_srli_epi32(first, 5), 4);
    const __m256i signs = _mm256_and_si256(_mm256_sllv_epi32(words, _mm256_andnot_si256(first, low_five)),
                                           _mm256_sllv_epi32(words, _mm256_andnot_si256(second, low_five)));
    return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(signs));
}

#endif

#endif
