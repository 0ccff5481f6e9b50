/* The AVX2 level of grams.h; the build compiles this file for AVX2 and BMI2. */
#include "learn/grams.h"

#ifdef TOCSIN__FOLD_X86

#include <immintrin.h>

#include "match/filter_eight.h"

static inline __m256i eight_units(const uint16_t *units) {
    return _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)units));
}

static inline __m256i times(__m256i units, uint32_t factor) {
    return _mm256_mullo_epi32(units, _mm256_set1_epi32((int)factor));
}

static inline unsigned ask_eight(const tocsin__grams *grams, __m256i hash) {
    return tocsin__filter_ask_eight(grams->words, grams->shift, hash);
}

uint32_t tocsin__grams_avx2(const tocsin__grams *grams, const uint16_t *units) {
    const uint32_t even = 0x5555;
    uint32_t found = 0;
    for (unsigned i = 0; i < TOCSIN__GRAMS_UNITS; i += 8) {
        const __m256i last = times(eight_units(units + i), TOCSIN__GRAMS_LAST);
        const __m256i two = _mm256_add_epi32(last, times(eight_units(units + i - 1), TOCSIN__GRAMS_MIDDLE));
        const __m256i three = _mm256_add_epi32(two, times(eight_units(units + i - 2), TOCSIN__GRAMS_FIRST));
        found |= (_pdep_u32(ask_eight(grams, two), even) | _pdep_u32(ask_eight(grams, three), even << 1)) << (2 * i);
    }
    return found;
}

#endif
