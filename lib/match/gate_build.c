/*
 * Builds the gate: for each literal the window to look for, a bit for it, and its entry beside those of the same
 * window. Everything is sized by the number of literals and made in a few linear passes, so that a million of them take
 * a second or so. A window is the better the rarer its characters are in text and the fewer literals have it already.
 */
#include "base/fail.h"
#include "base/utf8.h"
#include "match/gate_frequency.h"
#include "match/gate_layout.h"

#define BITS_A_LITERAL 32 /* of the table: one in 32 is set, so 3 % of other windows pass */
#define FEWEST_BITS 15u   /* as a logarithm: 4 KiB */
#define MOST_BITS 25u     /* 4 MiB: more would leave every cache */
#define LONGEST 32767u    /* bytes of a literal: TOCSIN__GATE_LAST is above it */

const uint8_t tocsin__gate_width[32] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                        1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 1};

typedef enum window_kind {
    SINGLE = 0, /* a literal of one character has no window */
    TWO = 2,
    THREE = 3
} window_kind;

/* The window that a literal is entered under. */
typedef struct window {
    uint64_t hash;
    uint32_t offset; /* bytes of the literal before it */
    window_kind kind;
} window;

typedef struct build {
    tocsin__gate *gate;
    const tocsin__pattern *patterns;
    size_t count;
    uint8_t *commonness; /* by code point of the basic plane */
    window *windows;     /* by pattern */
    uint32_t *tags;      /* by slot */
    uint32_t *sharers;   /* by slot: how many literals have the window */
} build;

static size_t width_at(const char *text) { return tocsin__gate_width[(unsigned char)text[0] >> 3]; }

/* A character's bytes as a number, low byte first. */
static uint64_t number_of(const char *bytes, size_t length) {
    uint64_t value = 0;
    memcpy(&value, bytes, length);
    return value;
}

static unsigned commonness_at(const build *b, const tocsin__pattern *pattern, size_t at) {
    size_t next;
    uint32_t c = tocsin__utf8_next(pattern->data, pattern->length, at, &next);
    return c < 0x10000 ? b->commonness[c] : 2;
}

static size_t slot_count(const tocsin__gate *g) { return (size_t)1 << (64 - g->slot_shift); }

/*
 * The slot of a hash, or the empty one where it would stand. It goes by tags as the look-up does: hashes that the
 * look-up cannot tell apart share a slot and their literals are compared, so that none stands behind another unseen.
 */
static size_t find_slot(const build *b, uint64_t hash) {
    const uint32_t tag = tocsin__gate_tag(hash);
    size_t at = (size_t)(hash >> b->gate->slot_shift);
    while (b->sharers[at] && b->tags[at] != tag) at = (at + 1) & (slot_count(b->gate) - 1);
    return at;
}

/* The best window of a literal that has at least two characters. */
static window choose_window(const build *b, const tocsin__pattern *pattern) {
    const char *text = pattern->data;
    const size_t length = pattern->length;
    window best = {0, 0, TWO};
    uint64_t best_cost = UINT64_MAX;
    for (size_t at = 0; at < length;) {
        size_t second = at + width_at(text + at), third = second, end = length;
        if (second < length) third = second + width_at(text + second);
        int has_three = third < length;
        if (has_three) end = third + width_at(text + third);
        if (!has_three && at > 0) break;
        uint64_t hash = tocsin__gate_hash2(number_of(text + at, third - at));
        uint64_t cost = (uint64_t)commonness_at(b, pattern, at) * commonness_at(b, pattern, second);
        if (has_three) {
            hash = tocsin__gate_hash3(hash, number_of(text + third, end - third));
            cost *= commonness_at(b, pattern, third);
        }
        /* Every literal that has the window already makes it dearer: they are compared one after another. */
        cost += cost / 4 * b->sharers[find_slot(b, hash)];
        if (cost < best_cost) {
            best_cost = cost;
            best = (window){hash, (uint32_t)at, has_three ? THREE : TWO};
        }
        at = second;
    }
    return best;
}

static unsigned logarithm(size_t n) {
    unsigned bits = 0;
    while (((size_t)1 << bits) < n) bits++;
    return bits;
}

static size_t words_of(const tocsin__gate_bits *bits) { return ((size_t)1 << (64 - bits->shift)) / 64; }

static tocsin_status make_bits(tocsin__gate *g, tocsin__gate_bits *bits, size_t literals) {
    unsigned log = logarithm(literals * BITS_A_LITERAL);
    bits->shift = 64 - (log < FEWEST_BITS ? FEWEST_BITS : log > MOST_BITS ? MOST_BITS : log);
    if (!literals) return TOCSIN_OK;
    bits->words = tocsin__allocate_zeroed(&g->allocator, words_of(bits) * sizeof *bits->words);
    return bits->words ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
}

static void set_bit(const tocsin__gate_bits *bits, uint64_t hash) {
    uint64_t bit = hash >> bits->shift;
    bits->words[bit / 64] |= (uint64_t)1 << bit % 64;
}

static tocsin_status make_tables(build *b) {
    tocsin__gate *g = b->gate;
    const unsigned log = logarithm(b->count * 2);
    g->slot_shift = 64 - (log < 4 ? 4 : log);
    g->entry_count = b->count;
    g->slots = tocsin__allocate(&g->allocator, slot_count(g) * sizeof *g->slots);
    g->entries = tocsin__allocate_zeroed(&g->allocator, b->count * sizeof *g->entries);
    b->commonness = tocsin__allocate(&g->allocator, 65536);
    b->windows = tocsin__allocate_zeroed(&g->allocator, b->count * sizeof *b->windows);
    b->tags = tocsin__allocate_zeroed(&g->allocator, slot_count(g) * sizeof *b->tags);
    b->sharers = tocsin__allocate_zeroed(&g->allocator, slot_count(g) * sizeof *b->sharers);
    if (!g->slots || !g->entries || !b->commonness || !b->windows || !b->tags || !b->sharers) {
        return TOCSIN_ERROR_MEMORY;
    }
    for (size_t i = 0; i < slot_count(g); i++) g->slots[i] = (tocsin__gate_slot){0, TOCSIN__GATE_EMPTY};
    tocsin__gate_commonness(b->commonness);
    return TOCSIN_OK;
}

static tocsin_status add_single(tocsin__gate *g, const tocsin__pattern *pattern, uint32_t number) {
    size_t next;
    uint32_t c = tocsin__utf8_next(pattern->data, pattern->length, 0, &next);
    if (!g->singles) g->singles = tocsin__allocate_zeroed(&g->allocator, 65536 * sizeof *g->singles);
    if (!g->single_bits) g->single_bits = tocsin__allocate_zeroed(&g->allocator, 65536 / 8);
    if (!g->singles || !g->single_bits) return TOCSIN_ERROR_MEMORY;
    if (c >= 0x10000) {
        const tocsin__gate_wide wide = {c, number};
        return tocsin__vec_push(&g->wide_singles, &g->allocator, wide);
    }
    g->singles[c] = number + 1;
    g->single_bits[c / 64] |= (uint64_t)1 << c % 64;
    return TOCSIN_OK;
}

/* Whether all characters of a window are of three bytes. */
static int is_wide(const tocsin__pattern *pattern, const window *w) {
    size_t at = w->offset;
    for (int i = 0; i < (int)w->kind; i++) {
        if (width_at(pattern->data + at) != 3) return 0;
        at += 3;
    }
    return 1;
}

/* First pass: a window for each literal, counted in its slot. */
static tocsin_status choose_windows(build *b, size_t *twos, size_t *threes) {
    tocsin__gate *g = b->gate;
    for (size_t i = 0; i < b->count; i++) {
        const tocsin__pattern *pattern = &b->patterns[i];
        if (width_at(pattern->data) >= pattern->length) {
            tocsin_status status = add_single(g, pattern, (uint32_t)i);
            if (status) return status;
            continue;
        }
        const window chosen = choose_window(b, pattern);
        size_t slot = find_slot(b, chosen.hash);
        b->tags[slot] = tocsin__gate_tag(chosen.hash);
        b->sharers[slot]++;
        b->windows[i] = chosen;
        *twos += chosen.kind == TWO;
        *threes += chosen.kind == THREE;
        g->has_narrow |= !is_wide(pattern, &chosen);
        if (chosen.offset > g->most_before) g->most_before = chosen.offset;
    }
    return TOCSIN_OK;
}

static tocsin__gate_entry entry_of(const tocsin__pattern *pattern, const window *chosen, uint32_t number) {
    tocsin__gate_entry entry = {number, (uint16_t)chosen->offset, (uint16_t)pattern->length, {0}};
    memcpy(entry.bytes, pattern->data, pattern->length < TOCSIN__GATE_INLINE ? pattern->length : TOCSIN__GATE_INLINE);
    return entry;
}

/* Second pass: entries of one window side by side, in the order of their patterns; the last is marked. */
static void place_entries(build *b) {
    tocsin__gate *g = b->gate;
    uint32_t next = 0;
    for (size_t i = 0; i < slot_count(g); i++) {
        if (!b->sharers[i]) continue;
        g->slots[i] = (tocsin__gate_slot){b->tags[i], next};
        next += b->sharers[i];
    }
    for (size_t i = 0; i < b->count; i++) {
        const window *w = &b->windows[i];
        if (w->kind == SINGLE) continue;
        tocsin__gate_slot *slot = &g->slots[find_slot(b, w->hash)];
        g->entries[slot->first++] = entry_of(&b->patterns[i], w, (uint32_t)i);
        set_bit(w->kind == TWO ? &g->twos : &g->threes, w->hash);
    }
    for (size_t i = 0; i < slot_count(g); i++) {
        if (!b->sharers[i]) continue;
        g->entries[g->slots[i].first - 1].length |= TOCSIN__GATE_LAST;
        g->slots[i].first -= b->sharers[i];
    }
}

static void free_build(build *b) {
    const tocsin_allocator *a = &b->gate->allocator;
    size_t slots = slot_count(b->gate);
    tocsin__deallocate(a, b->commonness, 65536);
    tocsin__deallocate(a, b->windows, b->count * sizeof *b->windows);
    tocsin__deallocate(a, b->tags, slots * sizeof *b->tags);
    tocsin__deallocate(a, b->sharers, slots * sizeof *b->sharers);
}

tocsin_status tocsin__gate_compile(const tocsin__pattern *patterns, size_t count, const tocsin__engine_options *options,
                                   void **engine, size_t *bad, tocsin_error *error) {
    size_t twos = 0, threes = 0;
    *bad = SIZE_MAX;
    if (count > UINT32_MAX / 4) return tocsin__fail(error, TOCSIN_ERROR_LIMIT, "%zu literals", count);
    for (size_t i = 0; i < count; i++) {
        if (patterns[i].length > LONGEST) {
            return tocsin__fail(error, TOCSIN_ERROR_LIMIT, "a literal of %u bytes", patterns[i].length);
        }
    }
    tocsin__gate *gate = tocsin__allocate_zeroed(&options->allocator, sizeof *gate);
    if (!gate) return TOCSIN_ERROR_MEMORY;
    build b = {.gate = gate, .patterns = patterns, .count = count};
    gate->allocator = options->allocator;
    gate->patterns = patterns;
    gate->twos.shift = gate->threes.shift = gate->slot_shift = 63;
    tocsin_status status = make_tables(&b);
    if (!status) status = choose_windows(&b, &twos, &threes);
    if (!status) status = make_bits(gate, &gate->twos, twos);
    if (!status) status = make_bits(gate, &gate->threes, threes);
    if (!status) place_entries(&b);
    free_build(&b);
    if (status) {
        tocsin__gate_free(gate);
        return status;
    }
    *engine = gate;
    return TOCSIN_OK;
}

static size_t bytes_of(const tocsin__gate_bits *bits) { return bits->words ? words_of(bits) * sizeof(uint64_t) : 0; }

void tocsin__gate_free(void *engine) {
    tocsin__gate *g = engine;
    if (!g) return;
    tocsin_allocator allocator = g->allocator;
    tocsin__deallocate(&allocator, g->twos.words, bytes_of(&g->twos));
    tocsin__deallocate(&allocator, g->threes.words, bytes_of(&g->threes));
    tocsin__deallocate(&allocator, g->slots, slot_count(g) * sizeof *g->slots);
    tocsin__deallocate(&allocator, g->entries, g->entry_count * sizeof *g->entries);
    tocsin__deallocate(&allocator, g->singles, 65536 * sizeof *g->singles);
    tocsin__deallocate(&allocator, g->single_bits, 65536 / 8);
    tocsin__vec_release(&g->wide_singles, &allocator);
    tocsin__deallocate(&allocator, g, sizeof *g);
}

size_t tocsin__gate_memory(const void *engine) {
    const tocsin__gate *g = engine;
    return sizeof *g + bytes_of(&g->twos) + bytes_of(&g->threes) + slot_count(g) * sizeof *g->slots +
           g->entry_count * sizeof *g->entries + (g->singles ? 65536 * sizeof *g->singles + 65536 / 8 : 0) +
           g->wide_singles.capacity * sizeof *g->wide_singles.data;
}
