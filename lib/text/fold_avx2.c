/*
 * Folds plain characters with AVX2: eight characters of three bytes at a time, each in a lane of its own; the plane
 * table is gathered and the results are encoded in place. AVX2 has no instruction that compresses bytes, so a table
 * says how, for each half of four lanes and each set of lanes that became ASCII. ASCII is read 32 bytes at a time;
 * short stretches of it, and characters of two bytes, are folded as at the portable level.
 */
#include "text/fold_step.h"

#ifdef TOCSIN__FOLD_X86

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define PREFETCH 1024 /* bytes ahead, also past the end: that causes no fault, and the next document stands there */

#define N (-1)
/* How four lanes are compressed: lane i gives its first three bytes, or only the first if bit i is set. */
static const _Alignas(16) int8_t press[16][16] = {
    {0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, N, N, N, N}, {0, 4, 5, 6, 8, 9, 10, 12, 13, 14, N, N, N, N, N, N},
    {0, 1, 2, 4, 8, 9, 10, 12, 13, 14, N, N, N, N, N, N}, {0, 4, 8, 9, 10, 12, 13, 14, N, N, N, N, N, N, N, N},
    {0, 1, 2, 4, 5, 6, 8, 12, 13, 14, N, N, N, N, N, N},  {0, 4, 5, 6, 8, 12, 13, 14, N, N, N, N, N, N, N, N},
    {0, 1, 2, 4, 8, 12, 13, 14, N, N, N, N, N, N, N, N},  {0, 4, 8, 12, 13, 14, N, N, N, N, N, N, N, N, N, N},
    {0, 1, 2, 4, 5, 6, 8, 9, 10, 12, N, N, N, N, N, N},   {0, 4, 5, 6, 8, 9, 10, 12, N, N, N, N, N, N, N, N},
    {0, 1, 2, 4, 8, 9, 10, 12, N, N, N, N, N, N, N, N},   {0, 4, 8, 9, 10, 12, N, N, N, N, N, N, N, N, N, N},
    {0, 1, 2, 4, 5, 6, 8, 12, N, N, N, N, N, N, N, N},    {0, 4, 5, 6, 8, 12, N, N, N, N, N, N, N, N, N, N},
    {0, 1, 2, 4, 8, 12, N, N, N, N, N, N, N, N, N, N},    {0, 4, 8, 12, N, N, N, N, N, N, N, N, N, N, N, N},
};
#undef N

/* Eight lanes after the look-up. */
typedef struct lanes {
    __m256i encoded; /* UTF-8 from the first byte of each lane on */
    unsigned count;  /* lanes from the first on that hold a character of three bytes */
    unsigned plain;  /* lanes from the first on that may be folded here */
    unsigned narrow; /* a bit for each of these lanes that became ASCII */
} lanes;

static inline AVX2 __m256i each(uint32_t lane) { return _mm256_set1_epi32((int)lane); }

/* Reads 28 bytes. */
static inline AVX2 lanes look_up(const uint16_t *plane, const char *text) {
    const char zero = (char)-1; /* for a byte of the result that takes none */
    const __m256i apart =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 2, zero, 3, 4, 5, zero, 6, 7, 8, zero, 9, 10, 11, zero));
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)text);
    __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(text + 12));
    __m256i raw = _mm256_shuffle_epi8(_mm256_set_m128i(high, low), apart);
    __m256i threes = _mm256_cmpeq_epi32(_mm256_and_si256(raw, each(0xC0C0F0)), each(0x8080E0));
    __m256i pairs = _mm256_maddubs_epi16(_mm256_and_si256(raw, each(0x3F3F0F)), each(0x00010140));
    __m256i points = _mm256_madd_epi16(pairs, each(0x00010040));
    __m256i folded =
        _mm256_mask_i32gather_epi32(_mm256_setzero_si256(), (const int *)(const void *)plane, points, threes, 2);
    folded = _mm256_and_si256(folded, each(0xFFFF));
    __m256i low_ones = _mm256_cmpgt_epi32(each(0x80), folded);
    __m256i narrow = _mm256_and_si256(low_ones, _mm256_cmpgt_epi32(folded, _mm256_setzero_si256()));
    __m256i good = _mm256_or_si256(narrow, _mm256_cmpgt_epi32(folded, each(0x7FF)));
    good = _mm256_and_si256(good, _mm256_cmpgt_epi32(points, each(0x7FF)));
    __m256i made =
        _mm256_or_si256(_mm256_srli_epi32(folded, 12), _mm256_and_si256(_mm256_slli_epi32(folded, 2), each(0x3F00)));
    made = _mm256_or_si256(made, _mm256_and_si256(_mm256_slli_epi32(folded, 16), each(0x3F0000)));
    lanes l;
    l.encoded = _mm256_blendv_epi8(_mm256_or_si256(made, each(0x8080E0)), folded, narrow);
    l.count = _tzcnt_u32(~(unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(threes)));
    l.plain = _tzcnt_u32(~(unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(good)));
    l.narrow = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(narrow));
    return l;
}

/* Adds map segments for lanes that became ASCII: two are always written, more are rare. */
static inline AVX2 void add_segments(const tocsin__fold_run *run, tocsin__fold_cursor *at, unsigned narrow) {
    uint32_t folded = (uint32_t)(at->out - run->out), source = (uint32_t)(at->s - run->text);
    unsigned first = 3 * _tzcnt_u32(narrow), rest = _blsr_u32(narrow), second = 3 * _tzcnt_u32(rest);
    unsigned count = (unsigned)__builtin_popcount(narrow);
    at->segment[0] = (tocsin__map_segment){folded + first, 1, source + first, 3};
    at->segment[1] = (tocsin__map_segment){folded + second - 2, 1, source + second, 3};
    rest = _blsr_u32(rest);
    for (unsigned i = 2; __builtin_expect(rest != 0, 0); i++, rest = _blsr_u32(rest)) {
        unsigned offset = 3 * _tzcnt_u32(rest);
        at->segment[i] = (tocsin__map_segment){folded + offset - 2 * i, 1, source + offset, 3};
    }
    at->segment += count;
}

/* Stores the lanes that count, compressed four by four. */
static inline AVX2 void put(const tocsin__fold_run *run, tocsin__fold_cursor *at, const lanes *l) {
    unsigned count = l->count, narrow = _bzhi_u32(l->narrow, count);
    add_segments(run, at, narrow);
    unsigned low_count = count < 4 ? count : 4, low = narrow & 15, high = narrow >> 4;
    size_t low_size = 3 * low_count - 2 * (unsigned)__builtin_popcount(low);
    size_t size = 3 * count - 2 * (unsigned)__builtin_popcount(narrow);
    __m128i first = _mm_shuffle_epi8(_mm256_castsi256_si128(l->encoded), *(const __m128i *)(const void *)press[low]);
    __m128i second =
        _mm_shuffle_epi8(_mm256_extracti128_si256(l->encoded, 1), *(const __m128i *)(const void *)press[high]);
    _mm_storeu_si128((__m128i *)(void *)at->out, first);
    _mm_storeu_si128((__m128i *)(void *)(at->out + low_size), second);
    at->out += size;
    at->s += 3 * count;
}

/* Folds characters of three bytes, as long as 28 bytes are left. */
static inline AVX2 void take_threes(const tocsin__fold_run *run, tocsin__fold_cursor *at, const char *stop,
                                    const char *end) {
    while (at->s < stop && end - at->s >= 28) {
        _mm_prefetch((const char *)((uintptr_t)at->s + PREFETCH), _MM_HINT_T0);
        lanes l = look_up(run->plane, at->s);
        if (__builtin_expect(
                l.plain < l.count,
                0)) { /* no call of put(): the compiler would merge both, and the merged one would wait for l.plain */
            for (unsigned i = 0; i < l.plain; i++) (void)tocsin__fold_take_one(run, at);
            return;
        }
        put(run, at, &l);
        if (l.count < 8) return;
    }
}

/* Folds 32 bytes of ASCII, none of them U+0000. */
static inline AVX2 int take_32(tocsin__fold_cursor *at) {
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)at->s);
    __m256i plain = _mm256_cmpgt_epi8(bytes, _mm256_setzero_si256());
    if (_mm256_movemask_epi8(plain) != -1) return 0;
    __m256i capital = _mm256_and_si256(_mm256_cmpgt_epi8(bytes, _mm256_set1_epi8('A' - 1)),
                                       _mm256_cmpgt_epi8(_mm256_set1_epi8('Z' + 1), bytes));
    bytes = _mm256_add_epi8(bytes, _mm256_and_si256(capital, _mm256_set1_epi8(0x20)));
    _mm256_storeu_si256((__m256i *)(void *)at->out, bytes);
    at->s += 32;
    at->out += 32;
    return 1;
}

AVX2 void tocsin__fold_run_avx2(tocsin__fold_run *run) {
    const tocsin__fold_run fixed = *run;
    tocsin__fold_cursor at = {run->text + run->at, run->out + run->written, run->segments + run->segment_count};
    const char *end = run->text + run->length, *stop = run->text + run->stop;
    while (at.s < stop) {
        unsigned char first = (unsigned char)*at.s;
        size_t left = (size_t)(end - at.s);
        if (first < 0x80) {
            if (left >= 32 && take_32(&at)) continue;
            if (left >= 8 && tocsin__fold_take_ascii(&at)) continue;
        } else if (first >= 0xE0) {
            const char *before = at.s, *limit = left < 3 ? at.s : end - 3;
            if (left >= 28) take_threes(&fixed, &at, stop, end);
            if (at.s > before) continue;
            while (at.s < limit && at.s < stop && tocsin__fold_take_three(&fixed, &at, tocsin__load_4(at.s))) continue;
            if (left >= 3 && at.s == limit && at.s < stop && tocsin__fold_take_three(&fixed, &at, tocsin__load_3(at.s)))
                continue;
            if (at.s > before) continue;
        }
        if (!tocsin__fold_take_one(&fixed, &at)) break;
    }
    run->at = (size_t)(at.s - run->text);
    run->written = (size_t)(at.out - run->out);
    run->segment_count = (size_t)(at.segment - run->segments);
}

#endif
