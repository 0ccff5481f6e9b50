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
#include "match/filter_eight.h"
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
            r->found[found++] = (uint16_t)(i + (unsigned)__builtin_ctzll(passed) / 2);
        }
    }
    return found;
}
#endif

static inline size_t find_ones(tocsin__filter_run *r) {
    const tocsin__filter_bits bits = r->filter->bits[0];
    size_t found = 0;
#if defined(__AVX2__)
    if (r->filter->ones.count <= TOCSIN__FILTER_ONES) return find_few_ones(r);
#endif
    for (size_t i = 0; i < r->count; i++) {
        const unsigned unit = r->units[i];
        r->found[found] = (uint16_t)i;
        found += bits.words[unit / 32] >> unit % 32 & 1;
    }
    return found;
}

#if defined(__AVX512VBMI2__)
/* Nothing more: filter_loop_avx512.h has it. */
#elif defined(__AVX2__)
/* For each mask, twice the indexes of its set bits, from the lowest on. */
extern const uint8_t tocsin__filter_lanes[256][8];

/* Tests eight windows, two units apart, and keeps those whose bits are set. */
static inline size_t ask_eight(const tocsin__filter_bits *bits, const uint16_t *units, int three, size_t at,
                               uint16_t *found) {
    const unsigned mask = tocsin__filter_ask_eight(bits->words, bits->shift, tocsin__filter_hash_eight(units, three));
    const __m128i lanes = _mm_cvtepu8_epi16(_mm_loadl_epi64((const __m128i *)(const void *)tocsin__filter_lanes[mask]));
    _mm_storeu_si128((__m128i *)(void *)found, _mm_add_epi16(lanes, _mm_set1_epi16((short)at)));
    return (size_t)__builtin_popcount(mask);
}

/* Sixteen windows are tested at a time: the last may belong to the next piece and are found with it. */
static inline size_t find_windows(tocsin__filter_run *r, int three) {
    const tocsin__filter_bits bits = r->filter->bits[three ? 2 : 1];
    size_t found = 0, before = 0;
    for (size_t i = 0; i < r->count; i += 16) {
        before = found;
        found += ask_eight(&bits, r->units + i, three, i, r->found + found);
        found += ask_eight(&bits, r->units + i + 1, three, i + 1, r->found + found);
    }
    size_t kept = before;
    for (size_t i = before; i < found; i++) {
        r->found[kept] = r->found[i];
        kept += r->found[i] < r->count;
    }
    return kept;
}
#elif defined(TOCSIN__FILTER_NEON)
/* Hashes of four windows, two units apart. */
static inline uint32x4_t hash_four(const uint16_t *units, int three) {
    const uint32x4_t pairs = vreinterpretq_u32_u16(vld1q_u16(units));
    const uint32x4_t hash = vmulq_n_u32(pairs, TOCSIN__FILTER_FACTOR_PAIR);
    if (!three) return hash;
    const uint32x4_t thirds = vandq_u32(vreinterpretq_u32_u16(vld1q_u16(units + 2)), vdupq_n_u32(0xFFFF));
    return vmlaq_n_u32(hash, thirds, TOCSIN__FILTER_FACTOR_THIRD);
}

/* Eight windows are tested at a time: the last may belong to the next piece and are found with it. */
static inline size_t find_windows(tocsin__filter_run *r, int three) {
    const tocsin__filter_bits bits = r->filter->bits[three ? 2 : 1];
    size_t found = 0;
    for (size_t i = 0; i < r->count; i += 8) {
        const uint32x4_t even = hash_four(r->units + i, three), odd = hash_four(r->units + i + 1, three);
        uint32_t hashes[8];
        vst1q_u32(hashes, vzip1q_u32(even, odd));
        vst1q_u32(hashes + 4, vzip2q_u32(even, odd));
        for (size_t lane = 0; lane < 8; lane++) {
            const uint32_t bit = hashes[lane] >> bits.shift, word = bits.words[bit / 32];
            r->found[found] = (uint16_t)(i + lane);
            found += word >> bit % 32 & word >> tocsin__filter_second(hashes[lane], bits.shift) & 1;
        }
    }
    while (found && r->found[found - 1] >= r->count) found--;
    return found;
}
#else
static inline size_t find_windows(tocsin__filter_run *r, int three) {
    const tocsin__filter_bits bits = r->filter->bits[three ? 2 : 1];
    const uint16_t *u = r->units;
    size_t found = 0;
    for (size_t i = 0; i < r->count; i++) {
        const uint32_t hash = tocsin__filter_hash(u[i], u[i + 1], three ? u[i + 2] : 0), bit = hash >> bits.shift;
        const uint32_t word = bits.words[bit / 32];
        r->found[found] = (uint16_t)i;
        found += word >> bit % 32 & word >> tocsin__filter_second(hash, bits.shift) & 1;
    }
    return found;
}
#endif

static inline void run_windows(tocsin__filter_run *r) {
    const tocsin__filter_bits *bits = r->filter->bits;
    if (bits[1].words) tocsin__filter_verify(r, 2, find_windows(r, 0));
    if (bits[2].words && !r->status) tocsin__filter_verify(r, 3, find_windows(r, 1));
    if (bits[0].words && !r->status) tocsin__filter_verify(r, 1, find_ones(r));
}

#endif
