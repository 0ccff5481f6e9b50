/*
 * Runs the gate over folded text. The loop that looks at every character touches a bit or two; what passes is collected
 * and looked at some dozens at a time, so that the slots and entries of all of them are on their way from memory at
 * once. Loads of eight bytes need eight bytes: the last characters of a text are looked at one by one.
 */
#include "base/utf8.h"
#include "match/gate_layout.h"

#define MARGIN 24 /* bytes from a character on that the quick loop may load: its window, and eight for the third */
#define BATCH 64  /* candidates that are looked at together */

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

/* Bytes 0, 3 and 6 of three characters of three bytes each, which is what nearly all Chinese text consists of. */
#define LEADS_MASK UINT64_C(0x00F00000F00000F0)
#define LEADS_WIDE UINT64_C(0x00E00000E00000E0)

/* What the quick loop keeps in registers. */
typedef struct quick {
    const char *text;
    tocsin__gate_bits bits2, bits3;
    uint32_t *windows2, *windows3;
    size_t count2, count3;
} quick;

/*
 * Writes down the windows at a character and keeps those whose bit is set: whether it is cannot be foreseen, and a
 * branch that is guessed wrong costs more than a store.
 */
__attribute__((always_inline)) static inline void look(quick *q, size_t at, uint64_t pair, uint64_t third, int twos,
                                                       int threes) {
    const uint64_t hash2 = tocsin__gate_hash2(pair);
    if (twos) {
        q->windows2[q->count2] = (uint32_t)at;
        q->count2 += passes(&q->bits2, hash2);
    }
    if (threes) {
        q->windows3[q->count3] = (uint32_t)at;
        q->count3 += passes(&q->bits3, tocsin__gate_hash3(hash2, third));
    }
}

/* The same for characters of any width; returns the first one's. */
static inline size_t look_any(quick *q, size_t at, uint64_t bytes, int twos, int threes) {
    size_t width = width_of(bytes), both = width + width_of(bytes >> 8 * width);
    uint64_t third = tocsin__gate_load(q->text + at + both);
    look(q, at, bytes & tocsin__gate_mask[both], third & tocsin__gate_mask[width_of(third)], twos, threes);
    return width;
}

/*
 * The characters that have MARGIN bytes from them on; *io is where it stopped. Made three times by the compiler, for
 * lexicons that have literals of two characters, of three and more, and of both.
 */
__attribute__((always_inline)) static inline tocsin_status run_quickly(run *r, size_t *io, size_t end, int twos,
                                                                       int threes) {
    quick q = {r->text, r->gate->twos, r->gate->threes, r->windows[0], r->windows[1], 0, 0};
    tocsin_status status = TOCSIN_OK;
    size_t at = *io;
    while (at < end && !status) {
        q.count2 = q.count3 = 0;
        while (at < end && q.count2 < BATCH && q.count3 < BATCH) {
            const uint64_t bytes = tocsin__gate_load(q.text + at);
            if ((bytes & LEADS_MASK) == LEADS_WIDE) {
                const uint64_t third = bytes >> 48 | (uint64_t)(unsigned char)q.text[at + 8] << 16;
                look(&q, at, bytes & UINT64_C(0xFFFFFFFFFFFF), third, twos, threes);
                at += 3;
            } else {
                at += look_any(&q, at, bytes, twos, threes);
            }
        }
        r->counts[0] = q.count2;
        r->counts[1] = q.count3;
        if (twos) status = settle(r, 0);
        if (threes && !status) status = settle(r, 1);
    }
    *io = at;
    return status;
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

static tocsin_status run_at_end(run *r, size_t at, size_t end) {
    const tocsin__gate *g = r->gate;
    tocsin_status status = TOCSIN_OK;
    while (at < end && !status) {
        uint64_t first, second, third;
        size_t width = character(r, at, &first), next = width ? character(r, at + width, &second) : 0;
        if (!next) break;
        const uint64_t hash2 = tocsin__gate_hash2(first | second << 8 * width);
        if (g->twos.words && passes(&g->twos, hash2)) r->windows[0][r->counts[0]++] = (uint32_t)at;
        if (g->threes.words && character(r, at + width + next, &third)) {
            const uint64_t hash3 = tocsin__gate_hash3(hash2, third);
            if (passes(&g->threes, hash3)) r->windows[1][r->counts[1]++] = (uint32_t)at;
        }
        if (r->counts[0] == BATCH) status = settle(r, 0);
        if (!status && r->counts[1] == BATCH) status = settle(r, 1);
        at += width;
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
    size_t end = length - to < g->most_before ? length : to + g->most_before, at = from;
    size_t loadable = length < MARGIN ? 0 : length - MARGIN + 1;
    if (loadable > end) loadable = end;
    tocsin_status status = TOCSIN_OK;
    if (g->twos.words && g->threes.words) {
        status = run_quickly(&r, &at, loadable, 1, 1);
    } else if (g->twos.words) {
        status = run_quickly(&r, &at, loadable, 1, 0);
    } else if (g->threes.words) {
        status = run_quickly(&r, &at, loadable, 0, 1);
    }
    if (!status && (g->twos.words || g->threes.words)) status = run_at_end(&r, at, end);
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
