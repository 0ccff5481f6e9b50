/*
 * Runs the gate over folded text, 64 bytes at a time. The loop that looks at every character touches a bit or two; what
 * passes is collected and looked at some dozens at a time, so that the slots and entries of all of them are on their
 * way from memory at once. The last bytes of a text are looked at in a copy with zeroes behind it.
 */
#include "base/utf8.h"
#include "match/gate_layout.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define BLOCK 64   /* bytes whose characters are looked at together */
#define PADDING 16 /* bytes that may be loaded after them */
#define BATCH 128  /* windows that are looked at together; a block may add one for each of its bytes */

typedef struct run {
    const tocsin__gate *gate;
    const char *text;
    size_t length;
    size_t from, to; /* starts that are asked for */
    tocsin__hits *hits;
    size_t counts[2];           /* of candidates, windows of two and of three */
    uint32_t windows[2][BATCH]; /* where they start */
} run;

static int equal(const char *a, const char *b, size_t n) {
    if (n > 16) return !memcmp(a, b, n);
    if (n >= 8) {
        return tocsin__gate_load(a) == tocsin__gate_load(b) &&
               tocsin__gate_load(a + n - 8) == tocsin__gate_load(b + n - 8);
    }
    for (size_t i = 0; i < n; i++) {
        if (a[i] != b[i]) return 0;
    }
    return 1;
}

/* Whether the literal of an entry stands around the window at `at`, every byte of it; reported if so. */
static tocsin_status compare(run *r, const tocsin__gate_entry *entry, size_t at) {
    size_t length = entry->length & ~TOCSIN__GATE_LAST;
    if (entry->offset > at) return TOCSIN_OK;
    size_t start = at - entry->offset, near = length < TOCSIN__GATE_INLINE ? length : TOCSIN__GATE_INLINE;
    if (start < r->from || start >= r->to || length > r->length - start) return TOCSIN_OK;
    if (!equal(r->text + start, entry->bytes, near)) return TOCSIN_OK;
    if (length > near && memcmp(r->text + start + near, r->gate->patterns[entry->pattern].data + near, length - near)) {
        return TOCSIN_OK;
    }
    return tocsin__hits_add(r->hits, (uint32_t)start, (uint32_t)(start + length), entry->pattern);
}

static uint32_t look_up(const tocsin__gate *g, uint64_t hash) {
    const size_t mask = ((size_t)1 << (64 - g->slot_shift)) - 1;
    const uint32_t tag = tocsin__gate_tag(hash);
    size_t at = (size_t)(hash >> g->slot_shift);
    while (g->slots[at].first != TOCSIN__GATE_EMPTY && g->slots[at].tag != tag) at = (at + 1) & mask;
    return g->slots[at].first;
}

static inline size_t width_of(uint64_t bytes) { return tocsin__gate_width[(bytes & 0xFF) >> 3]; }

/* The hash of a window of two or three characters that stands in the text. */
static uint64_t hash_at(const run *r, size_t at, int three) {
    uint64_t pair = 0, third = 0;
    size_t width = width_of((unsigned char)r->text[at]);
    size_t both = width + width_of((unsigned char)r->text[at + width]);
    memcpy(&pair, r->text + at, both);
    if (!three) return tocsin__gate_hash2(pair);
    memcpy(&third, r->text + at + both, width_of((unsigned char)r->text[at + both]));
    return tocsin__gate_hash3(tocsin__gate_hash2(pair), third);
}

/* Looks at the collected windows: first all slots are fetched, then all entries, then they are compared. */
static tocsin_status settle(run *r, int three) {
    const tocsin__gate *g = r->gate;
    const uint32_t *windows = r->windows[three];
    const size_t count = r->counts[three];
    uint64_t hashes[BATCH];
    uint32_t first[BATCH];
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < count; i++) {
        hashes[i] = hash_at(r, windows[i], three);
        __builtin_prefetch(&g->slots[hashes[i] >> g->slot_shift]);
    }
    for (size_t i = 0; i < count; i++) {
        first[i] = look_up(g, hashes[i]);
        if (first[i] != TOCSIN__GATE_EMPTY) __builtin_prefetch(&g->entries[first[i]]);
    }
    for (size_t i = 0; i < count && !status; i++) {
        if (first[i] == TOCSIN__GATE_EMPTY) continue;
        const tocsin__gate_entry *entry = &g->entries[first[i]];
        for (;; entry++) {
            status = compare(r, entry, windows[i]);
            if (status || (entry->length & TOCSIN__GATE_LAST)) break;
        }
    }
    r->counts[three] = 0;
    return status;
}

static inline size_t passes(const tocsin__gate_bits *bits, uint64_t hash) {
    uint64_t bit = hash >> bits->shift;
    return bits->words[bit / 64] >> bit % 64 & 1;
}

/* A bit for each of 64 bytes. */
#if defined(__SSE2__)
static inline uint64_t wide_leads(const char *bytes) {
    const __m128i high = _mm_set1_epi8((char)0xF0), lead = _mm_set1_epi8((char)0xE0);
    uint64_t mask = 0;
    for (unsigned i = 0; i < 4; i++) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * i));
        v = _mm_cmpeq_epi8(_mm_and_si128(v, high), lead);
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(v) << 16 * i;
    }
    return mask;
}

static inline uint64_t starts(const char *bytes) {
    uint64_t mask = 0;
    for (unsigned i = 0; i < 4; i++) {
        const __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * i));
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(v, _mm_set1_epi8(-65))) << 16 * i;
    }
    return mask;
}
#else
static inline uint64_t wide_leads(const char *bytes) {
    uint64_t mask = 0;
    for (unsigned i = 0; i < 64; i++) mask |= (uint64_t)(((unsigned char)bytes[i] & 0xF0) == 0xE0) << i;
    return mask;
}

static inline uint64_t starts(const char *bytes) {
    uint64_t mask = 0;
    for (unsigned i = 0; i < 64; i++) mask |= (uint64_t)(((unsigned char)bytes[i] & 0xC0) != 0x80) << i;
    return mask;
}
#endif

/* The lowest n bits, n of any size. */
static inline uint64_t lowest(size_t n) { return n >= 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1; }

/*
 * Windows of characters of three bytes each, which is what nearly all Chinese text consists of: where they start is
 * known from the leading bytes of the whole block, so that no branch depends on the widths of characters. Every window
 * is written down and only kept when its bit is set: a branch that is guessed wrong costs more than a store.
 */
__attribute__((always_inline)) static inline void look_wide(run *r, const char *block, size_t at, uint64_t three,
                                                            uint64_t two, int twos, int threes) {
    const tocsin__gate_bits bits2 = r->gate->twos, bits3 = r->gate->threes;
    uint32_t *const windows2 = r->windows[0], *const windows3 = r->windows[1];
    size_t count2 = r->counts[0], count3 = r->counts[1];
    for (uint64_t left = three; left; left &= left - 1) {
        const size_t i = (size_t)__builtin_ctzll(left);
        const uint64_t bytes = tocsin__gate_load(block + i);
        const uint64_t hash2 = tocsin__gate_hash2(bytes & UINT64_C(0xFFFFFFFFFFFF));
        if (twos) {
            windows2[count2] = (uint32_t)(at + i);
            count2 += passes(&bits2, hash2);
        }
        if (threes) {
            const uint64_t third = bytes >> 48 | (uint64_t)(unsigned char)block[i + 8] << 16;
            windows3[count3] = (uint32_t)(at + i);
            count3 += passes(&bits3, tocsin__gate_hash3(hash2, third));
        }
    }
    for (uint64_t left = twos ? two & ~three : 0; left; left &= left - 1) {
        const size_t i = (size_t)__builtin_ctzll(left);
        windows2[count2] = (uint32_t)(at + i);
        count2 += passes(&bits2, tocsin__gate_hash2(tocsin__gate_load(block + i) & UINT64_C(0xFFFFFFFFFFFF)));
    }
    r->counts[0] = count2;
    r->counts[1] = count3;
}

/* The bytes of one character, or 0 when the text ends before it does. */
static size_t character(const run *r, size_t at, uint64_t *bytes) {
    if (at >= r->length) return 0;
    size_t width = tocsin__gate_width[(unsigned char)r->text[at] >> 3];
    if (width > r->length - at) return 0;
    *bytes = 0;
    memcpy(bytes, r->text + at, width);
    return width;
}

/* Windows with a character of another width in them; `two` are the starts whose pair has been looked at. */
static void look_narrow(run *r, size_t at, uint64_t begins, uint64_t two) {
    const tocsin__gate *g = r->gate;
    for (uint64_t left = begins; left; left &= left - 1) {
        uint64_t first, second, third;
        size_t i = (size_t)__builtin_ctzll(left), width = character(r, at + i, &first);
        size_t next = width ? character(r, at + i + width, &second) : 0;
        if (!next) continue;
        const uint64_t hash2 = tocsin__gate_hash2(first | second << 8 * width);
        if (g->twos.words && !(two >> i & 1) && passes(&g->twos, hash2)) {
            r->windows[0][r->counts[0]++] = (uint32_t)(at + i);
        }
        if (!g->threes.words || !character(r, at + i + width + next, &third)) continue;
        if (passes(&g->threes, tocsin__gate_hash3(hash2, third))) r->windows[1][r->counts[1]++] = (uint32_t)(at + i);
    }
}

/*
 * The windows that start in [at, end). Made three times by the compiler, for lexicons that have literals of two
 * characters, of three and more, and of both.
 */
__attribute__((always_inline)) static inline tocsin_status run_blocks(run *r, size_t at, size_t end, int twos,
                                                                      int threes) {
    char last[2 * BLOCK + PADDING];
    tocsin_status status = TOCSIN_OK;
    for (; at < end && !status; at += BLOCK) {
        const char *block = r->text + at;
        const size_t left = r->length - at;
        if (left < sizeof last) {
            memset(last, 0, sizeof last);
            memcpy(last, block, left);
            block = last;
        }
        const uint64_t here = wide_leads(block), beyond = wide_leads(block + BLOCK), asked = lowest(end - at);
        const uint64_t pairs = here & (here >> 3 | beyond << 61), triples = pairs & (here >> 6 | beyond << 58);
        /* A window ends with the text at the latest. */
        const uint64_t two = pairs & asked & lowest(left < 6 ? 0 : left - 5);
        const uint64_t three = triples & asked & lowest(left < 9 ? 0 : left - 8);
        look_wide(r, block, at, three, two, twos, threes);
        if (r->gate->has_narrow) look_narrow(r, at, starts(block) & asked & lowest(left) & ~three, two);
        if (r->counts[0] > BATCH - BLOCK) status = settle(r, 0);
        if (!status && r->counts[1] > BATCH - BLOCK) status = settle(r, 1);
    }
    if (!status) status = settle(r, 0);
    return status ? status : settle(r, 1);
}

static tocsin_status single(const run *r, size_t at, size_t *next) {
    const tocsin__gate *g = r->gate;
    uint32_t c = tocsin__utf8_next(r->text, r->length, at, next);
    if (c < 0x10000) {
        if (!(g->single_bits[c / 64] >> c % 64 & 1)) return TOCSIN_OK;
        return tocsin__hits_add(r->hits, (uint32_t)at, (uint32_t)*next, g->singles[c] - 1);
    }
    for (size_t i = 0; c != TOCSIN__UTF8_MALFORMED && i < g->wide_singles.length; i++) {
        if (g->wide_singles.data[i].point != c) continue;
        return tocsin__hits_add(r->hits, (uint32_t)at, (uint32_t)*next, g->wide_singles.data[i].pattern);
    }
    return TOCSIN_OK;
}

static tocsin_status run_singles(const run *r) {
    tocsin_status status = TOCSIN_OK;
    for (size_t at = r->from; at < r->to && !status;) status = single(r, at, &at);
    return status;
}

__attribute__((always_inline)) static inline tocsin_status run_windows(run *r, size_t end) {
    const tocsin__gate *g = r->gate;
    if (g->twos.words && g->threes.words) return run_blocks(r, r->from, end, 1, 1);
    if (g->twos.words) return run_blocks(r, r->from, end, 1, 0);
    return g->threes.words ? run_blocks(r, r->from, end, 0, 1) : TOCSIN_OK;
}

static tocsin_status run_windows_anywhere(run *r, size_t end) { return run_windows(r, end); }

#if defined(__x86_64__)
/* Shifts by a variable are half of the loop, and three times as fast where they leave the flags alone. */
__attribute__((target("bmi,bmi2,avx2"))) static tocsin_status run_windows_bmi2(run *r, size_t end) {
    return run_windows(r, end);
}

static int has_bmi2(void) { return __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("avx2"); }
#else
static tocsin_status run_windows_bmi2(run *r, size_t end) { return run_windows(r, end); }
static int has_bmi2(void) { return 0; }
#endif

static tocsin_status scan(const void *engine, void *scratch, const char *text, size_t length, size_t from, size_t to,
                          tocsin__hits *hits) {
    const tocsin__gate *g = engine;
    run r;
    (void)scratch;
    /* A block may start within a character; no literal does. */
    while (from < to && ((unsigned char)text[from] & 0xC0) == 0x80) from++;
    r.gate = g;
    r.text = text;
    r.length = length;
    r.from = from;
    r.to = to;
    r.hits = hits;
    r.counts[0] = r.counts[1] = 0;
    size_t end = length - to < g->most_before ? length : to + g->most_before;
    tocsin_status status = has_bmi2() ? run_windows_bmi2(&r, end) : run_windows_anywhere(&r, end);
    if (!status && g->singles) status = run_singles(&r);
    return status;
}

static tocsin_status create_scratch(const void *engine, const tocsin_allocator *allocator, void **scratch) {
    (void)engine;
    (void)allocator;
    *scratch = NULL;
    return TOCSIN_OK;
}

static void free_scratch(void *scratch) { (void)scratch; }

const tocsin__engine_kind tocsin__engine_gate = {
    "gate", tocsin__gate_compile, tocsin__gate_free, tocsin__gate_memory, create_scratch, free_scratch, scan};
