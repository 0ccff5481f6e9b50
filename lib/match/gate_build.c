/*
 * Builds the gate: for each literal the pair to look for, a bit for it, and its entry beside those of the same pair.
 * Everything is sized by the number of literals and made in a few linear passes, so that a million of them take a
 * second or so. A pair is the better the rarer its characters are in text and the fewer literals have it already.
 */
#include "base/utf8.h"
#include "match/gate_frequency.h"
#include "match/gate_layout.h"

#include "base/fail.h"

#define BITS_A_PAIR 32     /* of the table: one in 32 is set, so 3 % of other pairs pass */
#define FEWEST_BITS 15u    /* as a logarithm: 4 KiB */
#define MOST_BITS 26u      /* 8 MiB: more would leave every cache */
#define LONGEST UINT16_MAX /* bytes of a literal */

const uint8_t tocsin__gate_width[32] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                        1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 1};

const uint64_t tocsin__gate_mask[9] = {0,
                                       0xFF,
                                       0xFFFF,
                                       0xFFFFFF,
                                       0xFFFFFFFF,
                                       UINT64_C(0xFFFFFFFFFF),
                                       UINT64_C(0xFFFFFFFFFFFF),
                                       UINT64_C(0xFFFFFFFFFFFFFF),
                                       UINT64_MAX};

/* The pair that a literal is entered under. */
typedef struct choice {
    uint64_t pair;
    uint32_t offset; /* bytes before it */
    uint32_t width;  /* bytes of it */
} choice;

typedef struct build {
    tocsin__gate *gate;
    const tocsin__pattern *patterns;
    size_t count;
    uint8_t *commonness; /* by code point of the basic plane */
    choice *choices;     /* by pattern; width 0 for literals of one character */
} build;

static size_t width_at(const char *text) { return tocsin__gate_width[(unsigned char)text[0] >> 3]; }

/* Up to eight bytes as a number, low byte first. */
static uint64_t number_of(const char *bytes, size_t length) {
    uint64_t value = 0;
    if (length > 8) length = 8;
    memcpy(&value, bytes, length);
    return value;
}

static unsigned commonness_at(const build *b, const char *text, size_t length, size_t at) {
    size_t next;
    uint32_t c = tocsin__utf8_next(text, length, at, &next);
    return c < 0x10000 ? b->commonness[c] : 2;
}

/* The rarest pair of a literal by its characters; later a crowded one may be exchanged for the next. */
static choice choose_pair(const build *b, const tocsin__pattern *pattern) {
    const char *text = pattern->data;
    const size_t length = pattern->length;
    choice best = {0, 0, 0};
    unsigned best_cost = UINT32_MAX, left = commonness_at(b, text, length, 0);
    for (size_t at = 0, second = width_at(text); second < length;) {
        size_t end = second + width_at(text + second);
        unsigned right = commonness_at(b, text, length, second), cost = left * right;
        uint64_t pair = number_of(text + at, end - at);
        /* Every literal that has the pair already makes it dearer: they are compared one after another. */
        cost += 8 * tocsin__gate_find(b->gate, pair)->count;
        if (cost < best_cost) {
            best_cost = cost;
            best = (choice){pair, (uint32_t)at, (uint32_t)(end - at)};
        }
        at = second;
        second = end;
        left = right;
    }
    return best;
}

static unsigned logarithm(size_t n) {
    unsigned bits = 0;
    while (((size_t)1 << bits) < n) bits++;
    return bits;
}

static unsigned within(unsigned value, unsigned low, unsigned high) {
    return value < low ? low : value > high ? high : value;
}

static size_t bit_words(const tocsin__gate *g) { return ((size_t)1 << (64 - g->bit_shift)) / 64; }
static size_t slot_count(const tocsin__gate *g) { return (size_t)1 << (64 - g->slot_shift); }

static tocsin_status make_tables(build *b) {
    tocsin__gate *g = b->gate;
    g->bit_shift = 64 - within(logarithm(b->count * BITS_A_PAIR), FEWEST_BITS, MOST_BITS);
    g->slot_shift = 64 - within(logarithm(b->count * 2), 4, 40);
    g->bits = tocsin__allocate_zeroed(&g->allocator, bit_words(g) * sizeof *g->bits);
    g->slots = tocsin__allocate_zeroed(&g->allocator, slot_count(g) * sizeof *g->slots);
    g->entry_count = b->count;
    g->entries = tocsin__allocate_zeroed(&g->allocator, b->count * sizeof *g->entries);
    b->commonness = tocsin__allocate(&g->allocator, 65536);
    b->choices = tocsin__allocate_zeroed(&g->allocator, b->count * sizeof *b->choices);
    if (!g->bits || !g->slots || !g->entries || !b->commonness || !b->choices) return TOCSIN_ERROR_MEMORY;
    memset(b->commonness, 4, 65536);
    for (uint32_t c = 0; c < 65536; c++) {
        if (c < 0x3100 || (c >= 0x4E00 && c < 0xA000)) b->commonness[c] = (uint8_t)tocsin__gate_commonness(c);
    }
    return TOCSIN_OK;
}

static tocsin_status add_single(tocsin__gate *g, const tocsin__pattern *pattern, uint32_t number) {
    size_t next;
    uint32_t c = tocsin__utf8_next(pattern->data, pattern->length, 0, &next);
    if (!g->singles) {
        g->singles = tocsin__allocate_zeroed(&g->allocator, 65536 * sizeof *g->singles);
        g->single_bits = tocsin__allocate_zeroed(&g->allocator, 65536 / 8);
        if (!g->singles || !g->single_bits) return TOCSIN_ERROR_MEMORY;
    }
    if (c < 0x10000) {
        g->singles[c] = number + 1;
        g->single_bits[c / 64] |= (uint64_t)1 << c % 64;
        return TOCSIN_OK;
    }
    size_t old = g->wide_single_count * sizeof *g->wide_singles;
    tocsin__gate_slot *grown = tocsin__reallocate(&g->allocator, g->wide_singles, old, old + sizeof *grown);
    if (!grown) return TOCSIN_ERROR_MEMORY;
    g->wide_singles = grown;
    grown[g->wide_single_count++] = (tocsin__gate_slot){c, number, 1};
    return TOCSIN_OK;
}

/* First pass: a pair for each literal, counted in its slot. */
static tocsin_status choose_pairs(build *b) {
    tocsin__gate *g = b->gate;
    for (size_t i = 0; i < b->count; i++) {
        const tocsin__pattern *pattern = &b->patterns[i];
        if (width_at(pattern->data) >= pattern->length) {
            tocsin_status status = add_single(g, pattern, (uint32_t)i);
            if (status) return status;
            continue;
        }
        const choice chosen = choose_pair(b, pattern);
        tocsin__gate_slot *slot = tocsin__gate_find(g, chosen.pair);
        slot->pair = chosen.pair;
        slot->count++;
        b->choices[i] = chosen;
        if (chosen.offset > g->most_before) g->most_before = chosen.offset;
        uint64_t bit = tocsin__gate_hash(chosen.pair) >> g->bit_shift;
        g->bits[bit / 64] |= (uint64_t)1 << bit % 64;
    }
    return TOCSIN_OK;
}

static tocsin__gate_entry entry_of(const tocsin__pattern *pattern, const choice *chosen, uint32_t number) {
    const char *text = pattern->data;
    size_t after = chosen->offset + chosen->width, before = chosen->offset > 8 ? 8 : chosen->offset;
    uint64_t preceding = number_of(text + chosen->offset - before, before);
    return (tocsin__gate_entry){.after = number_of(text + after, pattern->length - after),
                                .before = before ? preceding << 8 * (8 - before) : 0,
                                .pattern = number,
                                .offset = (uint16_t)chosen->offset,
                                .length = (uint16_t)pattern->length};
}

/* Second pass: entries of one pair side by side. */
static void place_entries(build *b) {
    tocsin__gate *g = b->gate;
    uint32_t next = 0;
    for (size_t i = 0; i < slot_count(g); i++) {
        g->slots[i].first = next;
        next += g->slots[i].count;
    }
    for (size_t i = 0; i < b->count; i++) {
        if (!b->choices[i].width) continue;
        tocsin__gate_slot *slot = tocsin__gate_find(g, b->choices[i].pair);
        g->entries[slot->first++] = entry_of(&b->patterns[i], &b->choices[i], (uint32_t)i);
    }
    for (size_t i = 0; i < slot_count(g); i++) g->slots[i].first -= g->slots[i].count;
}

tocsin_status tocsin__gate_compile(const tocsin__pattern *patterns, size_t count, const tocsin__engine_options *options,
                                   void **engine, size_t *bad, tocsin_error *error) {
    tocsin_status status = TOCSIN_OK;
    *bad = SIZE_MAX;
    if (count > UINT32_MAX / 4) return tocsin__fail(error, TOCSIN_ERROR_LIMIT, "%zu patterns", count);
    for (size_t i = 0; i < count; i++) {
        if (patterns[i].length > LONGEST) {
            return tocsin__fail(error, TOCSIN_ERROR_LIMIT, "a literal of %u bytes", patterns[i].length);
        }
    }
    tocsin__gate *gate = tocsin__allocate_zeroed(&options->allocator, sizeof *gate);
    if (!gate) return TOCSIN_ERROR_MEMORY;
    build b = {gate, patterns, count, NULL, NULL};
    gate->allocator = options->allocator;
    gate->patterns = patterns;
    gate->bit_shift = 63;
    gate->slot_shift = 63;
    status = make_tables(&b);
    if (!status) status = choose_pairs(&b);
    if (!status) place_entries(&b);
    tocsin__deallocate(&options->allocator, b.commonness, 65536);
    tocsin__deallocate(&options->allocator, b.choices, count * sizeof *b.choices);
    if (status) {
        tocsin__gate_free(gate);
        return status;
    }
    *engine = gate;
    return TOCSIN_OK;
}

void tocsin__gate_free(void *engine) {
    tocsin__gate *g = engine;
    if (!g) return;
    tocsin_allocator allocator = g->allocator;
    tocsin__deallocate(&allocator, g->bits, bit_words(g) * sizeof *g->bits);
    tocsin__deallocate(&allocator, g->slots, slot_count(g) * sizeof *g->slots);
    tocsin__deallocate(&allocator, g->entries, g->entry_count * sizeof *g->entries);
    tocsin__deallocate(&allocator, g->singles, 65536 * sizeof *g->singles);
    tocsin__deallocate(&allocator, g->single_bits, 65536 / 8);
    tocsin__deallocate(&allocator, g->wide_singles, g->wide_single_count * sizeof *g->wide_singles);
    tocsin__deallocate(&allocator, g, sizeof *g);
}

size_t tocsin__gate_memory(const void *engine) {
    const tocsin__gate *g = engine;
    return sizeof *g + bit_words(g) * sizeof *g->bits + slot_count(g) * sizeof *g->slots +
           g->entry_count * sizeof *g->entries + (g->singles ? 65536 * sizeof *g->singles + 65536 / 8 : 0) +
           g->wide_single_count * sizeof *g->wide_singles;
}
