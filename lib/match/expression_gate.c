/*
 * One table says of each character whether it is the left or the right side of a pair, or enough by itself; where two
 * neighbours fit, a hash table says whether they are a pair. Hyperscan takes some 200 ns for a headline whatever it
 * holds, when expressions have no long literals; this takes 20 and sends one headline in ten on. Texts are read up to
 * the first pair only, so that long ones, which nearly always have one, lose little. Characters beyond the basic plane
 * count as those with the same low bits: too many texts pass, and none too few.
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

struct tocsin__expression_gate {
    tocsin_allocator allocator;
    uint32_t *pairs; /* open addressing; 0: free */
    size_t mask;     /* slots - 1 */
    uint8_t role[65536];
};

static size_t slot_of(const tocsin__expression_gate *g, uint32_t pair) {
    return (size_t)(pair * UINT64_C(0x9E3779B97F4A7C15) >> 32) & g->mask;
}

static int has(const tocsin__expression_gate *g, uint32_t pair) {
    size_t slot = slot_of(g, pair);
    while (g->pairs[slot] && g->pairs[slot] != pair) slot = (slot + 1) & g->mask;
    return g->pairs[slot] != 0;
}

static void add(tocsin__expression_gate *g, uint16_t left, uint16_t right) {
    uint32_t pair = (uint32_t)left << 16 | right;
    size_t slot = slot_of(g, pair);
    while (g->pairs[slot] && g->pairs[slot] != pair) slot = (slot + 1) & g->mask;
    g->pairs[slot] = pair;
    g->role[left] |= pair ? LEFT : ALONE;
    g->role[right] |= RIGHT;
}

static void add_cut(tocsin__expression_gate *g, const tocsin__cut *cut) {
    const tocsin__cut_set alone = cut->right.any ? cut->left : cut->right;
    if (cut->left.any || cut->right.any) {
        for (uint32_t i = 0; i < alone.count; i++) g->role[alone.list[i]] |= ALONE;
        return;
    }
    for (uint32_t i = 0; i < cut->left.count; i++) {
        for (uint32_t j = 0; j < cut->right.count; j++) add(g, cut->left.list[i], cut->right.list[j]);
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
    made->pairs = tocsin__allocate_zeroed(allocator, slots * sizeof *made->pairs);
    if (!made->pairs) {
        tocsin__deallocate(allocator, made, sizeof *made);
        return TOCSIN_ERROR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        for (const tocsin__cut *cut = cuts[i].first; cut; cut = cut->next) add_cut(made, cut);
    }
    *gate = made;
    return TOCSIN_OK;
}

tocsin_status tocsin__expression_gate_create(const tocsin__pattern *expressions, size_t count,
                                             const tocsin_allocator *allocator, tocsin__expression_gate **gate) {
    tocsin__arena scratch;
    double share = 0;
    size_t pairs = 0;
    tocsin_status status = TOCSIN_OK;
    tocsin__arena_init(&scratch, allocator);
    uint8_t *commonness = tocsin__arena_allocate(&scratch, 65536);
    tocsin__cuts *cuts = tocsin__arena_allocate(&scratch, count * sizeof *cuts);
    if (!commonness || !cuts) status = TOCSIN_ERROR_MEMORY;
    if (!status) tocsin__gate_commonness(commonness);
    for (size_t i = 0; i < count && !status; i++) {
        status = tocsin__expression_cuts(&expressions[i], commonness, &scratch, &cuts[i]);
        if (status) break;
        share += cuts[i].share;
        for (const tocsin__cut *cut = cuts[i].first; cut; cut = cut->next) {
            pairs += (size_t)cut->left.count * cut->right.count;
        }
    }
    if (!status) *gate = NULL;
    if (!status && share <= MOST_SHARE && pairs <= MOST_PAIRS) status = build(cuts, count, pairs, allocator, gate);
    tocsin__arena_release(&scratch);
    return status;
}

void tocsin__expression_gate_free(tocsin__expression_gate *gate) {
    if (!gate) return;
    tocsin_allocator allocator = gate->allocator;
    tocsin__deallocate(&allocator, gate->pairs, (gate->mask + 1) * sizeof *gate->pairs);
    tocsin__deallocate(&allocator, gate, sizeof *gate);
}

size_t tocsin__expression_gate_memory(const tocsin__expression_gate *gate) {
    return gate ? sizeof *gate + (gate->mask + 1) * sizeof *gate->pairs : 0;
}

static inline uint32_t next_character(const char *text, size_t length, size_t *at) {
    const unsigned char *bytes = (const unsigned char *)text + *at;
    if (length - *at >= 3 && (bytes[0] & 0xF0) == 0xE0) {
        *at += 3;
        return (bytes[0] & 15U) << 12 | (bytes[1] & 63U) << 6 | (bytes[2] & 63U);
    }
    return tocsin__utf8_next(text, length, *at, at);
}

int tocsin__expression_gate_opens(const tocsin__expression_gate *gate, const char *text, size_t length) {
    uint32_t before = 0;
    int before_role = 0;
    for (size_t at = 0; at < length;) {
        uint32_t c = next_character(text, length, &at) & 0xFFFF;
        int role = gate->role[c];
        if (role & ALONE) return 1;
        if ((role & RIGHT) && (before_role & LEFT) && has(gate, before << 16 | c)) return 1;
        before = c;
        before_role = role;
    }
    return 0;
}
