/*
 * One table says of each character whether it is the left or the right side of a pair, or enough by itself; where two
 * neighbours fit, a hash table says whether they are a pair. Hyperscan takes some 200 ns for a headline whatever it
 * holds, when expressions have no long literals, and more when there are many; this takes 30. Every match of an
 * expression has a pair of each of two lists, where it has two; a text passes when both were seen of one expression,
 * and is read no farther then, so that long ones, which nearly always pass, lose little. Characters beyond the basic
 * plane count as those with the same low bits: too many texts pass, and none too few.
 */
#include "match/expression_gate.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "match/expression_cuts.h"
#include "match/gate_frequency.h"

/* Of all positions of ordinary text; with more pairs than this nearly every post has one. */
#define MOST_SHARE 0.02
#define MOST_PAIRS ((size_t)1 << 18) /* 2 MB */

enum {
    LEFT = 1,
    RIGHT = 2,
    ALONE = 4
};

/* A pair, or a character that is enough right of NO_CHARACTER, and an expression one of whose two lists has it. */
typedef struct entry {
    uint32_t pair;
    uint32_t expression; /* twice its index, 1 more for the second list; FREE: no entry */
} entry;

#define NO_CHARACTER 0xFFFFU
#define FREE UINT32_MAX
#define FEW 16 /* expressions that are kept in mind over a text; with more of them it passes */

struct tocsin__expression_gate {
    tocsin_allocator allocator;
    entry *entries; /* open addressing; a pair stands as often as lists have it */
    size_t mask;    /* entries - 1 */
    uint8_t *lists; /* by expression: 1 when it has one list, 3 when it has two */
    size_t count;
    uint8_t role[65536];
};

static size_t slot_of(const tocsin__expression_gate *g, uint32_t pair) {
    return (size_t)(pair * UINT64_C(0x9E3779B97F4A7C15) >> 32) & g->mask;
}

static void add(tocsin__expression_gate *g, uint32_t left, uint32_t right, uint32_t expression) {
    const entry made = {left << 16 | right, expression};
    size_t slot = slot_of(g, made.pair);
    for (; g->entries[slot].expression != FREE; slot = (slot + 1) & g->mask) {
        if (g->entries[slot].pair == made.pair && g->entries[slot].expression == expression) return;
    }
    g->entries[slot] = made;
}

static void add_cut(tocsin__expression_gate *g, const tocsin__cut *cut, uint32_t expression) {
    const tocsin__cut_set alone = cut->right.any ? cut->left : cut->right;
    if (cut->left.any || cut->right.any) {
        for (uint32_t i = 0; i < alone.count; i++) {
            g->role[alone.list[i]] |= ALONE;
            add(g, NO_CHARACTER, alone.list[i], expression);
        }
        return;
    }
    for (uint32_t i = 0; i < cut->left.count; i++) {
        for (uint32_t j = 0; j < cut->right.count; j++) {
            g->role[cut->left.list[i]] |= LEFT;
            g->role[cut->right.list[j]] |= RIGHT;
            add(g, cut->left.list[i], cut->right.list[j], expression);
        }
    }
}

static tocsin_status build(const tocsin__cuts *cuts, size_t count, size_t pairs, const tocsin_allocator *allocator,
                           tocsin__expression_gate **gate) {
    size_t slots = 64;
    while (slots < 4 * pairs) slots *= 2;
    tocsin__expression_gate *made = tocsin__allocate_zeroed(allocator, sizeof *made);
    if (!made) return TOCSIN_ERROR_MEMORY;
    made->allocator = *allocator;
    made->mask = slots - 1;
    made->count = count;
    made->entries = tocsin__allocate(allocator, slots * sizeof *made->entries);
    made->lists = tocsin__allocate(allocator, count);
    if (!made->entries || !made->lists) {
        tocsin__expression_gate_free(made);
        return TOCSIN_ERROR_MEMORY;
    }
    for (size_t i = 0; i < slots; i++) made->entries[i] = (entry){0, FREE};
    for (uint32_t i = 0; i < 2 * count; i++) {
        for (const tocsin__cut *cut = cuts[i].first; cut; cut = cut->next) add_cut(made, cut, i);
        made->lists[i / 2] = cuts[i].first ? (uint8_t)(i % 2 ? 3 : 1) : (uint8_t)1;
    }
    *gate = made;
    return TOCSIN_OK;
}

static size_t count_pairs(const tocsin__cut *cut) {
    size_t pairs = 0;
    for (; cut; cut = cut->next) {
        int by_itself = cut->left.any || cut->right.any;
        pairs += by_itself ? cut->left.count + cut->right.count : (size_t)cut->left.count * cut->right.count;
    }
    return pairs;
}

tocsin_status tocsin__expression_gate_create(const tocsin__pattern *expressions, size_t count,
                                             const tocsin_allocator *allocator, tocsin__expression_gate **gate) {
    tocsin__arena scratch;
    double share = 0;
    size_t pairs = 0;
    tocsin_status status = TOCSIN_OK;
    tocsin__arena_init(&scratch, allocator);
    tocsin__frequency *frequency = tocsin__frequency_create(allocator);
    tocsin__cuts *cuts = tocsin__arena_allocate(&scratch, 2 * count * sizeof *cuts); /* two of each */
    if (!frequency || !cuts) status = TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < count && !status; i++) {
        status = tocsin__expression_cuts(&expressions[i], frequency, &scratch, cuts + 2 * i);
        if (!status) share += cuts[2 * i].share;
        if (!status) pairs += count_pairs(cuts[2 * i].first) + count_pairs(cuts[2 * i + 1].first);
    }
    if (!status) *gate = NULL;
    if (!status && share <= MOST_SHARE && pairs <= MOST_PAIRS) status = build(cuts, count, pairs, allocator, gate);
    tocsin__frequency_free(frequency);
    tocsin__arena_release(&scratch);
    return status;
}

void tocsin__expression_gate_free(tocsin__expression_gate *gate) {
    if (!gate) return;
    tocsin_allocator allocator = gate->allocator;
    tocsin__deallocate(&allocator, gate->entries, (gate->mask + 1) * sizeof *gate->entries);
    tocsin__deallocate(&allocator, gate->lists, gate->count);
    tocsin__deallocate(&allocator, gate, sizeof *gate);
}

size_t tocsin__expression_gate_memory(const tocsin__expression_gate *gate) {
    return gate ? sizeof *gate + (gate->mask + 1) * sizeof *gate->entries + gate->count : 0;
}

static inline uint32_t next_character(const char *text, size_t length, size_t *at) {
    const unsigned char *bytes = (const unsigned char *)text + *at;
    if (length - *at >= 3 && (bytes[0] & 0xF0) == 0xE0) {
        *at += 3;
        return (bytes[0] & 15U) << 12 | (bytes[1] & 63U) << 6 | (bytes[2] & 63U);
    }
    return tocsin__utf8_next(text, length, *at, at);
}

typedef struct seen {
    uint32_t expressions[FEW];
    uint8_t lists[FEW];
    size_t count;
} seen;

/* A pair is there: 1 when an expression now has what it needs, or when there is no more room. */
static int note(const tocsin__expression_gate *g, uint32_t pair, seen *s) {
    for (size_t slot = slot_of(g, pair); g->entries[slot].expression != FREE; slot = (slot + 1) & g->mask) {
        const uint32_t expression = g->entries[slot].expression / 2;
        size_t i = 0;
        if (g->entries[slot].pair != pair) continue;
        while (i < s->count && s->expressions[i] != expression) i++;
        if (i == FEW) return 1;
        if (i == s->count) {
            s->expressions[s->count] = expression;
            s->lists[s->count++] = 0;
        }
        s->lists[i] |= (uint8_t)(1U << g->entries[slot].expression % 2);
        if (s->lists[i] == g->lists[expression]) return 1;
    }
    return 0;
}

int tocsin__expression_gate_opens(const tocsin__expression_gate *gate, const char *text, size_t length) {
    seen s;
    uint32_t before = 0;
    int before_role = 0;
    s.count = 0;
    for (size_t at = 0; at < length;) {
        uint32_t c = next_character(text, length, &at) & 0xFFFF;
        int role = gate->role[c];
        if ((role & ALONE) && note(gate, NO_CHARACTER << 16 | c, &s)) return 1;
        if ((role & RIGHT) && (before_role & LEFT) && note(gate, before << 16 | c, &s)) return 1;
        before = c;
        before_role = role;
    }
    return 0;
}
