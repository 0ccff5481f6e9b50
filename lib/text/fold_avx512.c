/*
 * Folds plain characters with AVX-512: sixteen characters of one to three bytes at a time, mixed as they come. The
 * bytes that do not continue a character show where each one ends. A byte permutation puts each character into its own
 * lane, last byte first, where the three forms of UTF-8 are distinguished for all lanes at once. The plane table is
 * gathered, the results are encoded in place, and the bytes that count are compressed. Map segments of lanes whose
 * length changed are made in the same way. Blocks of ASCII alone are read 64 bytes at a time. The end of a block
 * follows from the source bytes alone, and map segments are stored whether there are any or not: only branches that
 * nearly always go one way wait for the gather.
 */
#include "text/fold_level.h"

#ifdef TOCSIN__FOLD_X86

#include <immintrin.h>

/* Unoptimised, gcc's gathers are macros that pass a mask as a short. */
#pragma GCC diagnostic ignored "-Wsign-conversion"

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")))
#define LANES 16
#define PREFETCH 1024 /* bytes ahead, also past the end: that causes no fault, and the next document stands there */

#define LANE(a, b, c, d) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
#define EACH_LANE(x) (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x)

#define EACH_HALF(x) (x), (x), (x), (x), (x), (x), (x), (x)

typedef union vector {
    uint8_t bytes[64];
    uint32_t lanes[LANES];
    uint64_t halves[8];
} vector;

/* Constants in memory: a document is a few blocks, so making them in registers would cost more than it saves. */
typedef struct constants {
    vector iota, next, back, weights, fields, segment_bytes, narrow, twice;
    uint32_t end_of_two, is_two, end_of_three, is_three, keep_one, keep_two, keep_three, join;
    uint32_t payload, marks, without_first, lead_of_two, plane, ascii, two_bytes, unit;
} constants;

#define NEXT(i) LANE((i) + 1, (i) + 1, (i) + 1, (i) + 1)
#define SEGMENT(i) LANE((i), (i) + 16, (i) + 32, (i) + 48)
#define OCTET(i) ((i)*UINT64_C(0x0808080808080808) + UINT64_C(0x0706050403020100))
#define NARROW(i) (UINT64_C(1) << 32) - 2 * (i), UINT64_C(3) << 32

static const _Alignas(64) constants of_blocks = {
    .iota.halves = {OCTET(0), OCTET(1), OCTET(2), OCTET(3), OCTET(4), OCTET(5), OCTET(6), OCTET(7)},
    .next.lanes = {NEXT(0), NEXT(1), NEXT(2), NEXT(3), NEXT(4), NEXT(5), NEXT(6), NEXT(7), NEXT(8), NEXT(9), NEXT(10),
                   NEXT(11), NEXT(12), NEXT(13), NEXT(14), NEXT(15)},
    .back.lanes = {EACH_LANE(LANE(1, 2, 3, 3))},
    .weights.lanes = {EACH_LANE(LANE(1, 64, 1, 0))},
    .fields.halves = {EACH_HALF(UINT64_C(0x2020262C0000060C))},
    .segment_bytes.lanes = {SEGMENT(0), SEGMENT(1), SEGMENT(2), SEGMENT(3), SEGMENT(4), SEGMENT(5), SEGMENT(6),
                            SEGMENT(7), SEGMENT(8), SEGMENT(9), SEGMENT(10), SEGMENT(11), SEGMENT(12), SEGMENT(13),
                            SEGMENT(14), SEGMENT(15)},
    .narrow.halves = {NARROW(0), NARROW(1), NARROW(2), NARROW(3)},
    .twice.halves = {0, 0, 1, 1, 2, 2, 3, 3},
    .end_of_two = 0xE0C0,
    .is_two = 0xC080,
    .end_of_three = 0xF0C0C0,
    .is_three = 0xE08080,
    .keep_one = 0x7F,
    .keep_two = 0x3F7F,
    .keep_three = 0x0F3F7F,
    .join = 4096u << 16 | 1,
    .payload = 0x3F3F0F,
    .marks = 0x8080E0,
    .without_first = 0xFFFF00,
    .lead_of_two = 0x4000,
    .plane = 0xFFFF,
    .ascii = 0x80,
    .two_bytes = 0x800,
    .unit = 1,
};

static inline AVX512 __m512i whole(const vector *v) { return _mm512_load_si512(v); }
static inline AVX512 __m512i each(const uint32_t *lane) { return _mm512_set1_epi32((int)*lane); }

/* A block of text, at most 64 bytes. */
typedef struct block {
    uint64_t begins; /* bytes that begin a character, and the end of the text if it is near */
    __m512i starts;  /* their offsets, a byte each */
    size_t size;     /* bytes of its complete characters, at most LANES of them */
    uint32_t lanes;  /* which lanes these have */
} block;

/* Characters in lanes: code points, and which lanes hold a well-formed one of 1, 2 or 3 bytes. */
typedef struct lanes {
    __m512i points;
    __mmask16 one, two, three;
} lanes;

/* starts: the starts of the characters in `bytes`, and after them the end of the last one. */
static inline AVX512 lanes decode(const constants *k, __m512i bytes, __m512i starts) {
    __m512i ends = _mm512_permutexvar_epi8(whole(&k->next), starts);
    __m512i raw = _mm512_permutexvar_epi8(_mm512_sub_epi8(ends, whole(&k->back)), bytes);
    lanes l;
    l.one = _mm512_testn_epi32_mask(raw, each(&k->ascii));
    l.two = _mm512_cmpeq_epi32_mask(_mm512_and_si512(raw, each(&k->end_of_two)), each(&k->is_two));
    l.three = _mm512_cmpeq_epi32_mask(_mm512_and_si512(raw, each(&k->end_of_three)), each(&k->is_three));
    __m512i kept = _mm512_and_si512(raw, each(&k->keep_three));
    kept = _mm512_mask_and_epi32(kept, l.two, raw, each(&k->keep_two));
    kept = _mm512_mask_and_epi32(kept, l.one, raw, each(&k->keep_one));
    l.points = _mm512_madd_epi16(_mm512_maddubs_epi16(kept, whole(&k->weights)), each(&k->join));
    l.two = _mm512_mask_cmpge_epu32_mask(l.two, l.points, each(&k->ascii));
    l.three = _mm512_mask_cmpge_epu32_mask(l.three, l.points, each(&k->two_bytes));
    return l;
}

/* The UTF-8 of code points below 0x10000 in the first three bytes of each lane, right-aligned; unused bytes are 0. */
static inline AVX512 __m512i encode(const constants *k, __m512i points, __mmask16 one, __mmask16 two) {
    __m512i spread = _mm512_multishift_epi64_epi8(whole(&k->fields), points);
    __m512i made = _mm512_ternarylogic_epi32(spread, each(&k->payload), each(&k->marks), 0xEA); /* a & b | c */
    made = _mm512_mask_ternarylogic_epi32(made, two, each(&k->without_first), each(&k->lead_of_two), 0xEA);
    return _mm512_mask_slli_epi32(made, one, points, 16);
}

static inline AVX512 __m128i byte_lengths(__mmask16 one, __mmask16 two) {
    __m128i lengths = _mm_mask_mov_epi8(_mm_set1_epi8(3), two, _mm_set1_epi8(2));
    return _mm_mask_mov_epi8(lengths, one, _mm_set1_epi8(1));
}

/*
 * Adds map segments for the lanes in `changed`. Each lane has an offset in the block and a length, both for the folded
 * and for the source text.
 */
static inline AVX512 void add_segments(const constants *k, tocsin__fold_run *run, __mmask16 changed, __m128i folded,
                                       __m128i folded_length, __m128i source, __m128i source_length) {
    __m512i fields = _mm512_castsi128_si512(folded);
    fields = _mm512_inserti32x4(fields, folded_length, 1);
    fields = _mm512_inserti32x4(fields, source, 2);
    fields = _mm512_inserti32x4(fields, source_length, 3);
    __m512i small = _mm512_permutexvar_epi8(whole(&k->segment_bytes), fields);
    small = _mm512_maskz_compress_epi32(changed, small);
    __m128i base =
        _mm_unpacklo_epi64(_mm_cvtsi64_si128((long long)run->written), _mm_cvtsi64_si128((long long)run->at));
    __m512i bases = _mm512_broadcast_i32x4(base);
    tocsin__map_segment *segments = run->segments + run->segment_count;
    unsigned count = (unsigned)__builtin_popcount(changed);
    _mm512_storeu_si512(segments, _mm512_add_epi32(_mm512_cvtepu8_epi32(_mm512_castsi512_si128(small)), bases));
    for (unsigned i = 4; __builtin_expect(i < count, 0); i += 4) {
        small = _mm512_shuffle_i32x4(small, small, 0x39);
        _mm512_storeu_si512(segments + i, _mm512_add_epi32(_mm512_cvtepu8_epi32(_mm512_castsi512_si128(small)), bases));
    }
    run->segment_count += count;
}

/*
 * Adds map segments for the lanes in `narrowed`, which went from three bytes to one: each stands two bytes further back
 * than its source.
 */
static inline AVX512 void add_narrow_segments(const constants *k, tocsin__fold_run *run, __m512i starts,
                                              __mmask16 narrowed) {
    const __mmask8 sources = 0xAA;
    __m512i places = _mm512_castsi128_si512(_mm_maskz_compress_epi8(narrowed, _mm512_castsi512_si128(starts)));
    __m512i bases = _mm512_set1_epi64((long long)run->written);
    bases = _mm512_mask_set1_epi64(bases, sources, (long long)run->at);
    bases = _mm512_add_epi64(bases, whole(&k->narrow));
    unsigned count = (unsigned)__builtin_popcount(narrowed);
    tocsin__map_segment *segments = run->segments + run->segment_count;
    const __mmask64 first_bytes = UINT64_C(0x0101010101010101);
    __m512i four = _mm512_maskz_permutexvar_epi8(first_bytes, whole(&k->twice), places);
    _mm512_storeu_si512(segments, _mm512_add_epi64(four, bases));
    for (unsigned i = 4; __builtin_expect(i < count, 0); i += 4) {
        places = _mm512_castsi128_si512(_mm_srli_si128(_mm512_castsi512_si128(places), 4));
        bases = _mm512_mask_sub_epi64(bases, (__mmask8)~sources, bases, _mm512_set1_epi64(8));
        four = _mm512_maskz_permutexvar_epi8(first_bytes, whole(&k->twice), places);
        _mm512_storeu_si512(segments + i, _mm512_add_epi64(four, bases));
    }
    run->segment_count += count;
}

/*
 * Folds the whole block if all its characters have one byte or three and fold to one or three, which is nearly always
 * so; otherwise returns 0 and does nothing. It does a third less work than the general case, mostly because it needs
 * fewer map segments.
 */
static inline AVX512 int fold_common(const constants *k, tocsin__fold_run *run, __m512i bytes, const block *b) {
    __m512i ends = _mm512_permutexvar_epi8(whole(&k->next), b->starts);
    __m512i raw = _mm512_permutexvar_epi8(_mm512_sub_epi8(ends, whole(&k->back)), bytes);
    __mmask16 was_one = _mm512_testn_epi32_mask(raw, each(&k->ascii));
    __mmask16 was_three = _mm512_cmpeq_epi32_mask(_mm512_and_si512(raw, each(&k->end_of_three)), each(&k->is_three));
    __m512i kept = _mm512_and_si512(raw, each(&k->keep_three));
    kept = _mm512_mask_and_epi32(kept, was_one, raw, each(&k->keep_one));
    __m512i points = _mm512_madd_epi16(_mm512_maddubs_epi16(kept, whole(&k->weights)), each(&k->join));
    was_three = _mm512_mask_cmpge_epu32_mask(was_three, points, each(&k->two_bytes));
    if (b->lanes & ~(uint32_t)(was_one | was_three)) return 0;
    __m512i folded = _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), (__mmask16)b->lanes, points, run->plane, 2);
    folded = _mm512_and_si512(folded, each(&k->plane));
    __mmask16 one = _mm512_cmplt_epu32_mask(_mm512_sub_epi32(folded, each(&k->unit)), each(&k->keep_one));
    __mmask16 three = _mm512_cmpge_epu32_mask(folded, each(&k->two_bytes));
    if (b->lanes != (uint32_t)(one | three)) return 0;
    __m512i made = _mm512_multishift_epi64_epi8(whole(&k->fields), folded);
    made = _mm512_ternarylogic_epi32(made, each(&k->payload), each(&k->marks), 0xEA); /* a & b | c */
    made = _mm512_mask_slli_epi32(made, (__mmask16)~three, folded, 16);
    __mmask64 used = _mm512_test_epi8_mask(made, made);
    _mm512_storeu_si512(run->out + run->written, _mm512_maskz_compress_epi8(used, made));
    add_narrow_segments(k, run, b->starts, (__mmask16)(one & ~was_one));
    run->written += (size_t)__builtin_popcountll(used);
    run->at += b->size;
    return 1;
}

/* Folds the characters of one block up to the first that is not plain; returns 0 if there is one. */
static AVX512 __attribute__((noinline)) int fold_general(const constants *k, tocsin__fold_run *run, __m512i bytes,
                                                         const block *b) {
    lanes l = decode(k, bytes, b->starts);
    __mmask16 good = (__mmask16)((l.one | l.two | l.three) & b->lanes);
    __m512i folded = _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), good, l.points, run->plane, 2);
    folded = _mm512_and_si512(folded, each(&k->plane));
    unsigned count = (unsigned)_tzcnt_u32(~(uint32_t)_mm512_test_epi32_mask(folded, folded));
    __mmask16 one = _mm512_cmplt_epu32_mask(folded, each(&k->ascii));
    __mmask16 two = _mm512_mask_cmplt_epu32_mask((__mmask16)~one, folded, each(&k->two_bytes));
    __m512i made = encode(k, folded, one, two);
    uint64_t used = _bzhi_u64(_mm512_test_epi8_mask(made, made), count * 4);
    __m512i out = _mm512_maskz_compress_epi8(used, made);
    _mm512_storeu_si512(run->out + run->written, out);
    __mmask16 changed = (__mmask16)(((l.one ^ one) | (l.two ^ two)) & _bzhi_u32(0xFFFF, count));
    __mmask64 out_begins = _mm512_cmpge_epi8_mask(out, _mm512_set1_epi8(-64));
    __m512i out_starts = _mm512_maskz_compress_epi8(out_begins, whole(&k->iota));
    add_segments(k, run, changed, _mm512_castsi512_si128(out_starts), byte_lengths(one, two),
                 _mm512_castsi512_si128(b->starts), byte_lengths(l.one, l.two));
    run->written += (size_t)__builtin_popcountll(used);
    run->at += _tzcnt_u64(_pdep_u64(UINT64_C(1) << count, b->begins));
    return b->lanes == _bzhi_u32(0xFFFF, count);
}

/* Finds the characters of a block; 0 if the first one is cut or malformed. */
static inline AVX512 int find_block(const constants *k, __m512i bytes, uint64_t loaded, block *b) {
    b->begins = ~(uint64_t)_mm512_cmplt_epi8_mask(bytes, _mm512_set1_epi8(-64));
    b->begins &= loaded | (loaded + 1); /* the end of the text ends its last character */
    if (!(b->begins & (b->begins - 1)) || !(b->begins & 1)) return 0;
    unsigned there = (unsigned)__builtin_popcountll(b->begins) - 1;
    if (there > LANES) there = LANES;
    b->lanes = _bzhi_u32(0xFFFF, there);
    b->size = _tzcnt_u64(_pdep_u64(UINT64_C(1) << there, b->begins));
    b->starts = _mm512_maskz_compress_epi8(b->begins, whole(&k->iota));
    return 1;
}

/* Folds a block of ASCII alone, up to the first U+0000. */
static inline AVX512 int fold_ascii(tocsin__fold_run *run, __m512i bytes, uint64_t loaded) {
    uint64_t capital = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, _mm512_set1_epi8('A')), _mm512_set1_epi8(26));
    uint64_t stop = _mm512_testn_epi8_mask(bytes, bytes);
    _mm512_storeu_si512(run->out + run->written, _mm512_mask_add_epi8(bytes, capital, bytes, _mm512_set1_epi8(0x20)));
    size_t count = _tzcnt_u64(stop);
    run->written += count;
    run->at += count;
    return count == (size_t)__builtin_popcountll(loaded);
}

/* The next text may not be in the cache yet, and one run is too short for the processor to notice the pattern. */
static inline AVX512 void prefetch(const char *text) {
    _mm_prefetch((const char *)((uintptr_t)text + PREFETCH), _MM_HINT_T0);
}

AVX512 void tocsin__fold_run_avx512(tocsin__fold_run *run) {
    const constants *k = &of_blocks;
    __asm__("" : "+r"(k));     /* otherwise the compiler would make them in registers */
    tocsin__fold_run r = *run; /* its address is not passed on, so that it stays in registers */
    int plain = 1;
    while (plain && r.at < r.stop) {
        size_t left = r.length - r.at;
        uint64_t loaded = _bzhi_u64(UINT64_MAX, left > 64 ? 64 : (unsigned)left);
        __m512i bytes = _mm512_maskz_loadu_epi8(loaded, r.text + r.at);
        prefetch(r.text + r.at);
        block b;
        if (!_mm512_movepi8_mask(bytes)) {
            plain = fold_ascii(&r, bytes, loaded);
        } else if (!find_block(k, bytes, loaded, &b)) {
            plain = 0;
        } else if (__builtin_expect(!fold_common(k, &r, bytes, &b), 0)) {
            const block copy = b;
            *run = r;
            plain = fold_general(k, run, bytes, &copy);
            r = *run;
        }
    }
    *run = r;
}

#endif
