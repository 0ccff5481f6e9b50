#ifndef TOCSIN_MATCH_FILTER_LOOP_H
#define TOCSIN_MATCH_FILTER_LOOP_H

/*
 * The loops of the filter, compiled once for each instruction set: at each unit of a piece they test the bits of the
 * windows that begin there. No branch depends on the result: the start of a candidate is always stored, and counted
 * only if its bits are set.
 */

#include "match/filter_run.h"

#if defined(__AVX512VBMI2__)
#include "match/filter_loop_avx512.h"
#elif defined(__AVX2__)
#include <immintrin.h>
#elif defined(TOCSIN__FILTER_NEON)
#include <arm_neon.h>
#endif

#if defined(__AVX2__)
/* Compares sixteen units with the few units of a filter: two bits for each that is one of them. */
static inline uint32_t ask_ones(const tocsin__filter_ones *ones, const uint16_t *units) {
    const __m256i sixteen = _mm256_loadu_si256((const __m256i *)(const void *)units);
    __m256i any = _mm256_setzero_si256();
    for (unsigned k = 0; k < ones->count; k++) {
        any = _mm256_or_si256(any, _mm256_cmpeq_epi16(sixteen, _mm256_set1_epi16((short)ones->units[k])));
    }
    return (uint32_t)_mm256_movemask_epi8(any);
}

/* Two bits for each of thirty-two units; with AVX-512 in one vector. */
static inline uint64_t ask_more_ones(const tocsin__filter_ones *ones, const uint16_t *units) {
#if defined(__AVX512VBMI2__)
    const __m512i all = _mm512_loadu_si512(units);
    __m512i any = _mm512_setzero_si512();
    for (unsigned k = 0; k < ones->count; k++) {
        const __mmask32 equal = _mm512_cmpeq_epi16_mask(all, _mm512_set1_epi16((short)ones->units[k]));
        any = _mm512_mask_set1_epi16(any, equal, -1);
    }
    return _mm512_movepi8_mask(any);
#else
    return ask_ones(ones, units) | (uint64_t)ask_ones(ones, units + 16) << 32;
#endif
}

/* The slack follows the units, so all of thirty-two can be read. */
static inline size_t find_few_ones(tocsin__filter_run *r) {
    size_t found = 0;
    for (size_t i = 0; i < r->count; i += 32) {
        const unsigned left = r->count - i < 32 ? (unsigned)(r->count - i) : 32;
        uint64_t passed =
            left > 16 ? ask_more_ones(&r->filter->ones, r->units + i) : ask_ones(&r->filter->ones, r->units + i);
        if (left < 32) passed = _bzhi_u64(passed, 2 * left);
        for (; passed; passed &= passed - 1, passed &= passed - 1) {
            r->found[found++] = (uint16_t)TOCSIN__FILTER_CANDIDATE(i + (unsigned)__builtin_ctzll(passed) / 2, 1);
        }
    }
    return found;
}
#endif

static inline size_t find_ones(tocsin__filter_run *r) {
    const uint32_t *bits = r->filter->one_bits;
    size_t found = 0;
#if defined(__AVX2__)
    if (r->filter->ones.count <= TOCSIN__FILTER_ONES) return find_few_ones(r);
#endif
    for (size_t i = 0; i < r->count; i++) {
        const unsigned unit = r->units[i];
        r->found[found] = (uint16_t)TOCSIN__FILTER_CANDIDATE(i, 1);
        found += bits[unit / 32] >> unit % 32 & 1;
    }
    return found;
}

#if defined(__AVX512VBMI2__)
/* Nothing more: filter_loop_avx512.h has it. */
#elif defined(__AVX2__)
/* For each mask, the indexes of its set bits, from the lowest on. */
extern const uint8_t tocsin__filter_lanes[256][8];

/* Stores the candidates of a mask: `first` plus the bytes of `places` that stand at its set bits. Returns how many. */
static inline size_t keep_eight(unsigned mask, __m128i places, size_t first, uint16_t *found) {
    const __m128i lanes = _mm_loadl_epi64((const __m128i *)(const void *)tocsin__filter_lanes[mask]);
    const __m128i kept = _mm_cvtepu8_epi16(_mm_shuffle_epi8(places, lanes));
    _mm_storeu_si128((__m128i *)(void *)found, _mm_add_epi16(kept, _mm_set1_epi16((short)first)));
    return (size_t)__builtin_popcount(mask);
}

/* A mask of the words in which both bits are set. */
static inline unsigned have_both(__m256i words, __m256i first, __m256i second) {
    const __m256i low_five = _mm256_set1_epi32(31);
    const __m256i signs = _mm256_and_si256(_mm256_sllv_epi32(words, _mm256_and_si256(first, low_five)),
                                           _mm256_sllv_epi32(words, _mm256_and_si256(second, low_five)));
    return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(signs));
}

static inline __m256i eight_units(const uint16_t *units) {
    return _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)units));
}

static inline __m256i times(__m256i units, uint32_t factor) {
    return _mm256_mullo_epi32(units, _mm256_set1_epi32((int)factor));
}

/* Eight places are tested at a time: the last may belong to the next piece and are found with it. */
static inline size_t find_windows(tocsin__filter_run *r, int two, int three) {
    const int *table = (const int *)(const void *)r->filter->words;
    const int shift = (int)r->filter->shift;
    const __m128i word = _mm_cvtsi32_si128(shift);
    const __m128i first = _mm_cvtsi32_si128(shift - 5), second = _mm_cvtsi32_si128(shift - 10);
    const __m128i single = _mm_setr_epi8(0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m128i both = _mm_setr_epi8(3, 2, 7, 6, 11, 10, 15, 14, 0, 0, 0, 0, 0, 0, 0, 0);
    size_t found = 0;
    for (size_t i = 0; i < r->count; i += 8) {
        const uint16_t *units = r->units + i;
        const __m256i pairs = _mm256_or_si256(eight_units(units), _mm256_slli_epi32(eight_units(units + 1), 16));
        const __m256i two_hash = times(pairs, TOCSIN__FILTER_FACTOR_PAIR);
        __m256i hash = two_hash;
        if (three) hash = _mm256_add_epi32(hash, times(eight_units(units + 2), TOCSIN__FILTER_FACTOR_THIRD));
        const __m256i own = two ? two_hash : hash;
        const __m256i words = _mm256_i32gather_epi32(table, _mm256_srl_epi32(own, word), 4);
        const unsigned mask = have_both(words, _mm256_srl_epi32(own, first), _mm256_srl_epi32(own, second));
        if (two && three) {
            const unsigned threes = have_both(words, _mm256_srli_epi32(hash, 27), _mm256_srli_epi32(hash, 22));
            const unsigned all = _pdep_u32(threes, 0x5555) | _pdep_u32(mask, 0xAAAA);
            found += keep_eight(all & 0xFF, both, TOCSIN__FILTER_CANDIDATE(i, 0), r->found + found);
            found += keep_eight(all >> 8, both, TOCSIN__FILTER_CANDIDATE(i + 4, 0), r->found + found);
        } else {
            found += keep_eight(mask, single, TOCSIN__FILTER_CANDIDATE(i, two ? 2 : 3), r->found + found);
        }
    }
    while (found && r->found[found - 1] >= TOCSIN__FILTER_CANDIDATE(r->count, 0)) found--;
    return found;
}
#else
/* Whether both bits are set. */
static inline unsigned has_both(uint32_t word, unsigned first, unsigned second) {
    return (word << first & word << second) >> 31;
}

/* Tests the windows that begin at one place, with the hashes of two and of three units; returns the new count. */
static inline size_t find_at(tocsin__filter_run *r, size_t i, uint32_t pair, uint32_t hash, int two, int three,
                             size_t found) {
    const unsigned shift = r->filter->shift;
    const uint32_t own = two ? pair : hash, word = r->filter->words[own >> shift];
    if (two && three) {
        r->found[found] = (uint16_t)TOCSIN__FILTER_CANDIDATE(i, 3);
        found += has_both(word, tocsin__filter_third_first(hash), tocsin__filter_third_second(hash));
    }
    r->found[found] = (uint16_t)TOCSIN__FILTER_CANDIDATE(i, two ? 2 : 3);
    return found + has_both(word, tocsin__filter_first(own, shift), tocsin__filter_second(own, shift));
}

#if defined(TOCSIN__FILTER_NEON)
/* Eight places are tested at a time: the last may belong to the next piece and are found with it. */
static inline size_t find_windows(tocsin__filter_run *r, int two, int three) {
    size_t found = 0;
    for (size_t i = 0; i < r->count; i += 8) {
        const uint16x8_t units = vld1q_u16(r->units + i), next = vld1q_u16(r->units + i + 1);
        const uint16x8_t third = vld1q_u16(r->units + i + 2);
        const uint32x4_t low = vreinterpretq_u32_u16(vzip1q_u16(units, next));
        const uint32x4_t high = vreinterpretq_u32_u16(vzip2q_u16(units, next));
        uint32_t hashes[8], all[8];
        vst1q_u32(hashes, vmulq_n_u32(low, TOCSIN__FILTER_FACTOR_PAIR));
        vst1q_u32(hashes + 4, vmulq_n_u32(high, TOCSIN__FILTER_FACTOR_PAIR));
        vst1q_u32(all, vmlaq_n_u32(vld1q_u32(hashes), vmovl_u16(vget_low_u16(third)), TOCSIN__FILTER_FACTOR_THIRD));
        vst1q_u32(all + 4,
                  vmlaq_n_u32(vld1q_u32(hashes + 4), vmovl_u16(vget_high_u16(third)), TOCSIN__FILTER_FACTOR_THIRD));
        for (size_t lane = 0; lane < 8; lane++) {
            found = find_at(r, i + lane, hashes[lane], all[lane], two, three, found);
        }
    }
    while (found && r->found[found - 1] >= TOCSIN__FILTER_CANDIDATE(r->count, 0)) found--;
    return found;
}
#else
static inline size_t find_windows(tocsin__filter_run *r, int two, int three) {
    const uint16_t *u = r->units;
    size_t found = 0;
    for (size_t i = 0; i < r->count; i++) {
        const uint32_t hash = tocsin__filter_hash(u[i], u[i + 1], u[i + 2]);
        found = find_at(r, i, tocsin__filter_hash(u[i], u[i + 1], 0), hash, two, three, found);
    }
    return found;
}
#endif
#endif

static inline size_t find_candidates(tocsin__filter_run *r) {
    if (!r->filter->has_two) return find_windows(r, 0, 1);
    return r->filter->has_three ? find_windows(r, 1, 1) : find_windows(r, 1, 0);
}

static inline void run_windows(tocsin__filter_run *r) {
    if (r->filter->words) tocsin__filter_verify(r, find_candidates(r));
    if (r->filter->one_bits && !r->status) tocsin__filter_verify(r, find_ones(r));
}

#endif
