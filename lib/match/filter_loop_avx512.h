#ifndef TOCSIN_MATCH_FILTER_LOOP_AVX512_H
#define TOCSIN_MATCH_FILTER_LOOP_AVX512_H

/* The loop over windows of two and three units with AVX-512 and VBMI2: sixteen places at a time. */

#include <immintrin.h>

#include "match/filter_run.h"

/* Unoptimised, gcc's gathers are macros that pass a mask as a short. */
#pragma GCC diagnostic ignored "-Wsign-conversion"

/* What is added to the candidate of the first place, for thirty-two places; or for sixteen, each with three and two. */
#define EIGHT(f, i) f(i), f((i) + 1), f((i) + 2), f((i) + 3), f((i) + 4), f((i) + 5), f((i) + 6), f((i) + 7)
#define SINGLE(i) TOCSIN__FILTER_CANDIDATE(i, 0)
#define BOTH(i) TOCSIN__FILTER_CANDIDATE((i) / 2, 3 - (i) % 2)
static const _Alignas(64) uint16_t tocsin__filter_single[32] = {EIGHT(SINGLE, 0), EIGHT(SINGLE, 8), EIGHT(SINGLE, 16),
                                                                EIGHT(SINGLE, 24)};
static const _Alignas(64) uint16_t tocsin__filter_both[32] = {EIGHT(BOTH, 0), EIGHT(BOTH, 8), EIGHT(BOTH, 16),
                                                              EIGHT(BOTH, 24)};

static inline __m512i times(__m512i units, uint32_t factor) {
    return _mm512_mullo_epi32(units, _mm512_set1_epi32((int)factor));
}

static inline __m512i sixteen_units(const uint16_t *units) {
    return _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)units));
}

/* A mask of the words in which both bits are set. */
static inline uint32_t have_both(__m512i words, __m512i first, __m512i second) {
    const __m512i high = _mm512_set1_epi32(INT32_MIN);
    /* The bits are ready before the words are. */
    const __m512i wanted = _mm512_or_si512(_mm512_rorv_epi32(high, first), _mm512_rorv_epi32(high, second));
    return _mm512_cmpeq_epi32_mask(_mm512_and_si512(words, wanted), wanted);
}

/*
 * Tests the windows of sixteen places, in the order of `pairs` and `thirds`: *twos and *threes get a bit for each whose
 * bits are set.
 */
static inline void ask(const tocsin__filter *filter, __m512i pairs, __m512i thirds, int two, int three, uint32_t *twos,
                       uint32_t *threes) {
    const int shift = (int)filter->shift;
    const __m128i word = _mm_cvtsi32_si128(shift);
    const __m128i first = _mm_cvtsi32_si128(shift - 5), second = _mm_cvtsi32_si128(shift - 10);
    const __m512i pair = times(pairs, TOCSIN__FILTER_FACTOR_PAIR);
    __m512i hash = pair;
    if (three) hash = _mm512_add_epi32(pair, times(thirds, TOCSIN__FILTER_FACTOR_THIRD));
    const __m512i own = two ? pair : hash;
    const __m512i words = _mm512_i32gather_epi32(_mm512_srl_epi32(own, word), filter->words, 4);
    const uint32_t passed = have_both(words, _mm512_srl_epi32(own, first), _mm512_srl_epi32(own, second));
    *twos = two ? passed : 0;
    *threes = two ? 0 : passed;
    if (two && three) *threes = have_both(words, _mm512_srli_epi32(hash, 27), _mm512_srli_epi32(hash, 22));
}

/* Stores the candidates of a mask over the lanes of `all`; returns how many. */
static inline size_t keep(uint32_t mask, __m512i all, size_t first, uint16_t *found) {
    const __m512i kept = _mm512_maskz_compress_epi16(mask, all);
    _mm512_storeu_si512(found, _mm512_add_epi16(kept, _mm512_set1_epi16((short)first)));
    return (size_t)__builtin_popcount(mask);
}

/*
 * Thirty-two places are tested at a time, first the even ones, or the last sixteen in their order. Windows after the
 * end of the piece are tested too, but not kept.
 */
static inline size_t find_windows(tocsin__filter_run *r, int two, int three) {
    const __m512i places = _mm512_load_si512(two && three ? tocsin__filter_both : tocsin__filter_single);
    const unsigned size = two ? 2 : 3; /* if there is one size */
    size_t found = 0, i = 0;
    for (; i + 16 < r->count; i += 32) {
        const uint16_t *units = r->units + i;
        const __m512i pairs = _mm512_loadu_si512(units), next = _mm512_loadu_si512(units + 2);
        const unsigned left = r->count - i < 32 ? (unsigned)(r->count - i) : 32;
        uint32_t twos[2], threes[2];
        ask(r->filter, pairs, _mm512_and_si512(next, _mm512_set1_epi32(0xFFFF)), two, three, &twos[0], &threes[0]);
        ask(r->filter, _mm512_loadu_si512(units + 1), _mm512_srli_epi32(next, 16), two, three, &twos[1], &threes[1]);
        if (two && three) {
            uint64_t all = _pdep_u64(threes[0], 0x1111111111111111) | _pdep_u64(twos[0], 0x2222222222222222) |
                           _pdep_u64(threes[1], 0x4444444444444444) | _pdep_u64(twos[1], 0x8888888888888888);
            all = _bzhi_u64(all, 2 * left);
            found += keep((uint32_t)all, places, TOCSIN__FILTER_CANDIDATE(i, 0), r->found + found);
            found += keep((uint32_t)(all >> 32), places, TOCSIN__FILTER_CANDIDATE(i + 16, 0), r->found + found);
        } else {
            const uint32_t all =
                _pdep_u32(twos[0] | threes[0], 0x55555555) | _pdep_u32(twos[1] | threes[1], 0xAAAAAAAA);
            found += keep(_bzhi_u32(all, left), places, TOCSIN__FILTER_CANDIDATE(i, size), r->found + found);
        }
    }
    if (i < r->count) {
        /* A load of the units from the next one on would wait for two stores of units_avx512.c. */
        const __m512i units = sixteen_units(r->units + i), after = sixteen_units(r->units + i + 16);
        const __m512i next = _mm512_alignr_epi32(after, units, 1), thirds = _mm512_alignr_epi32(after, units, 2);
        const __m512i pairs = _mm512_or_si512(units, _mm512_slli_epi32(next, 16));
        const unsigned left = (unsigned)(r->count - i);
        uint32_t twos, threes;
        ask(r->filter, pairs, thirds, two, three, &twos, &threes);
        if (two && three) {
            const uint32_t all = _bzhi_u32(_pdep_u32(threes, 0x55555555) | _pdep_u32(twos, 0xAAAAAAAA), 2 * left);
            found += keep(all, places, TOCSIN__FILTER_CANDIDATE(i, 0), r->found + found);
        } else {
            found += keep(_bzhi_u32(twos | threes, left), places, TOCSIN__FILTER_CANDIDATE(i, size), r->found + found);
        }
    }
    return found;
}

#endif
