/* The AVX2 level of grams.h; the build compiles this file for AVX2 and BMI2. */
#include "learn/grams.h"

#ifdef TOCSIN__FOLD_X86

#include <immintrin.h>

static inline __m256i eight_units(const uint16_t *units) {
    return _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)units));
}

static inline __m256i times(__m256i units, uint32_t factor) {
    return _mm256_mullo_epi32(units, _mm256_set1_epi32((int)factor));
}

/* A mask of the hashes that have both of their bits in the table. */
static inline unsigned ask_eight(const tocsin__grams *grams, __m256i hash) {
    const __m256i low_five = _mm256_set1_epi32(31);
    const __m256i first = _mm256_srl_epi32(hash, _mm_cvtsi32_si128((int)grams->shift));
    const __m256i second = _mm256_srl_epi32(hash, _mm_cvtsi32_si128((int)grams->shift - 5));
    const int *words = (const int *)(const void *)grams->words;
    const __m256i found = _mm256_i32gather_epi32(words, _mm256_srli_epi32(first, 5), 4);
    const __m256i signs = _mm256_and_si256(_mm256_sllv_epi32(found, _mm256_andnot_si256(first, low_five)),
                                           _mm256_sllv_epi32(found, _mm256_andnot_si256(second, low_five)));
    return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(signs));
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
