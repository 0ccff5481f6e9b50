/*
 * Runs the gate over folded text. The loop that looks at every character touches one bit of a table; all else happens
 * at candidates. Loads of eight bytes need eight bytes: the last characters of a text are looked at in a copy with
 * zeroes behind it.
 */
#include "match/gate_layout.h"

#include "base/utf8.h"

/* Bytes that must follow a character for the quick loop: its pair, and eight more for what is compared after it. */
#define MARGIN 16

typedef struct run {
    const tocsin__gate *gate;
    const char *text;
    size_t length;
    size_t from, to; /* starts that are asked for */
    tocsin__hits *hits;
} run;

/* Whether the literal of an entry stands around the pair at `at`, every byte of it. */
static int stands(const run *r, const tocsin__gate_entry *entry, size_t at) {
    if (entry->offset > at) return 0;
    size_t start = at - entry->offset;
    if (entry->length > r->length - start) return 0;
    return !memcmp(r->text + start, r->gate->patterns[entry->pattern].data, entry->length);
}

static tocsin_status report(const run *r, const tocsin__gate_entry *entry, size_t at) {
    size_t start = at - entry->offset;
    if (start < r->from || start >= r->to) return TOCSIN_OK;
    return tocsin__hits_add(r->hits, (uint32_t)start, (uint32_t)(start + entry->length), entry->pattern);
}

/* A pair whose bit is set, with at least MARGIN bytes after `at`: most are told apart by what follows them. */
static tocsin_status candidate(const run *r, size_t at, uint64_t pair, size_t width) {
    const tocsin__gate_slot *slot = tocsin__gate_find(r->gate, pair);
    const tocsin__gate_entry *entry = r->gate->entries + slot->first, *end = entry + slot->count;
    const uint64_t after = tocsin__gate_load(r->text + at + width);
    tocsin_status status = TOCSIN_OK;
    for (; entry < end && !status; entry++) {
        size_t rest = (size_t)entry->length - entry->offset - width;
        if ((after & tocsin__gate_mask[rest < 8 ? rest : 8]) != entry->after) continue;
        if (stands(r, entry, at)) status = report(r, entry, at);
    }
    return status;
}

/* The same where the text ends soon. */
static tocsin_status candidate_at_end(const run *r, size_t at, uint64_t pair) {
    const tocsin__gate_slot *slot = tocsin__gate_find(r->gate, pair);
    tocsin_status status = TOCSIN_OK;
    for (uint32_t i = 0; i < slot->count && !status; i++) {
        const tocsin__gate_entry *entry = &r->gate->entries[slot->first + i];
        if (stands(r, entry, at)) status = report(r, entry, at);
    }
    return status;
}

static tocsin_status single(const run *r, size_t at) {
    const tocsin__gate *g = r->gate;
    size_t next;
    uint32_t c = tocsin__utf8_next(r->text, r->length, at, &next);
    if (at < r->from || at >= r->to || c == TOCSIN__UTF8_MALFORMED) return TOCSIN_OK;
    if (c < 0x10000) {
        if (!(g->single_bits[c / 64] >> c % 64 & 1)) return TOCSIN_OK;
        return tocsin__hits_add(r->hits, (uint32_t)at, (uint32_t)next, g->singles[c] - 1);
    }
    for (size_t i = 0; i < g->wide_single_count; i++) {
        if (g->wide_singles[i].pair == c) {
            return tocsin__hits_add(r->hits, (uint32_t)at, (uint32_t)next, g->wide_singles[i].first);
        }
    }
    return TOCSIN_OK;
}

static inline int passes(const tocsin__gate *g, uint64_t pair) {
    uint64_t bit = tocsin__gate_hash(pair) >> g->bit_shift;
    return (int)(g->bits[bit / 64] >> bit % 64 & 1);
}

static inline size_t width_of(uint64_t bytes) { return tocsin__gate_width[(bytes & 0xFF) >> 3]; }

/* The characters that have MARGIN bytes after them; *at is where it stopped. */
static tocsin_status run_quickly(const run *r, size_t *at_io, size_t end) {
    const tocsin__gate *g = r->gate;
    const char *text = r->text;
    tocsin_status status = TOCSIN_OK;
    size_t at = *at_io;
    while (at < end && !status) {
        uint64_t bytes = tocsin__gate_load(text + at);
        /* Two characters of three bytes each, which is what nearly all Chinese text consists of. */
        if ((bytes & UINT64_C(0xF00000F0)) == UINT64_C(0xE00000E0)) {
            uint64_t pair = bytes & tocsin__gate_mask[6];
            if (passes(g, pair)) status = candidate(r, at, pair, 6);
            at += 3;
            continue;
        }
        size_t width = width_of(bytes), both = width + width_of(bytes >> 8 * width);
        uint64_t pair = bytes & tocsin__gate_mask[both];
        if (passes(g, pair)) status = candidate(r, at, pair, both);
        at += width;
    }
    *at_io = at;
    return status;
}

static tocsin_status run_at_end(const run *r, size_t at, size_t end) {
    tocsin_status status = TOCSIN_OK;
    while (at < end && !status) {
        size_t width = tocsin__gate_width[(unsigned char)r->text[at] >> 3];
        size_t second = at + width;
        if (second >= r->length) break;
        size_t both = width + tocsin__gate_width[(unsigned char)r->text[second] >> 3];
        if (both > r->length - at) break;
        uint64_t pair = 0;
        memcpy(&pair, r->text + at, both);
        if (passes(r->gate, pair)) status = candidate_at_end(r, at, pair);
        at = second;
    }
    return status;
}

static tocsin_status run_singles(const run *r) {
    tocsin_status status = TOCSIN_OK;
    for (size_t at = r->from; at < r->to && !status;) {
        status = single(r, at);
        at += tocsin__gate_width[(unsigned char)r->text[at] >> 3];
    }
    return status;
}

static tocsin_status scan(const void *engine, void *scratch, const char *text, size_t length, size_t from, size_t to,
                          tocsin__hits *hits) {
    const tocsin__gate *g = engine;
    (void)scratch;
    /* A block may start within a character; no literal does. */
    while (from < to && ((unsigned char)text[from] & 0xC0) == 0x80) from++;
    const run r = {g, text, length, from, to, hits};
    size_t end = length - to < g->most_before ? length : to + g->most_before, at = from;
    size_t quick = length < MARGIN ? 0 : length - MARGIN + 1;
    tocsin_status status = run_quickly(&r, &at, quick < end ? quick : end);
    if (!status) status = run_at_end(&r, at, end);
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
