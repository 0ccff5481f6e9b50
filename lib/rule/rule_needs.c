/*
 * Needs go up the tree: what "&" needs is what each of its parts needs, what "|" needs is one need of each part put
 * together. Both are kept for the node and for its negation, so that "!" swaps them and a negated venue or count is as
 * good as one that is not. Of more masks than are kept, those that ask for the fewest signs stay, and among these the
 * ones that have least in common with what is there: two words for the same thing refuse no more than one.
 */
#include "rule/rule_needs.h"

#include <string.h>

#include <tocsin/document.h>

#include "rule/rule_run.h"

#define MASKS TOCSIN__RULE_MASKS
#define MOST (MASKS * MASKS)

static const uint64_t nothing[MASKS] = {UINT64_MAX, UINT64_MAX, UINT64_MAX};

static int size(uint64_t mask) { return __builtin_popcountll(mask); }

/* Keeps the best of some masks; each stays a need. */
static void choose(const uint64_t *masks, size_t count, uint64_t *out) {
    uint64_t chosen = 0, kept[MASKS];
    for (size_t i = 0; i < MASKS; i++) {
        uint64_t best = UINT64_MAX;
        for (size_t m = 0; m < count; m++) {
            int within = 0;
            for (size_t k = 0; k < i; k++) within |= (kept[k] & ~masks[m]) == 0;
            if (within) continue;
            if (size(masks[m]) + size(masks[m] & chosen) < size(best) + size(best & chosen)) best = masks[m];
        }
        kept[i] = best;
        chosen |= best;
    }
    memcpy(out, kept, sizeof kept);
}

static void both(uint64_t *a, const uint64_t *b) {
    uint64_t masks[2 * MASKS];
    memcpy(masks, a, sizeof nothing);
    memcpy(masks + MASKS, b, sizeof nothing);
    choose(masks, 2 * MASKS, a);
}

static void either(uint64_t *a, const uint64_t *b) {
    uint64_t masks[MOST];
    for (size_t i = 0; i < MOST; i++) masks[i] = a[i / MASKS] | b[i % MASKS];
    choose(masks, MOST, a);
}

static const uint64_t *need_of(const tocsin__rule_needs *needs, int fails) {
    return fails ? needs->fails : needs->holds;
}

static int asks(const uint64_t *need) { return need[0] != UINT64_MAX; }

/* What must be there for so many of the children to hold (or to fail). */
static void some_of(const tocsin__rule_node *nodes, uint32_t at, const uint32_t *parts, const tocsin__rule_needs *known,
                    int fails, uint64_t some, uint64_t *out) {
    uint64_t children = 0, free = 0, first = 1;
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end, children++) {
        free += !asks(need_of(&known[parts[child]], fails));
    }
    memcpy(out, nothing, sizeof nothing);
    if (some > children || (some < children && free >= some)) return;
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end) {
        const uint64_t *need = need_of(&known[parts[child]], fails);
        if (!asks(need)) continue;
        if (first || some == children) {
            both(out, need);
        } else {
            either(out, need);
        }
        first = 0;
    }
}

static void list_needs(const tocsin__rule_node *nodes, uint32_t at, const uint32_t *parts,
                       const tocsin__rule_needs *known, tocsin__rule_needs *out) {
    uint64_t children = 0, some = nodes[at].kind == TOCSIN__RULE_OR ? 1 : nodes[at].value;
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end) children++;
    if (nodes[at].kind == TOCSIN__RULE_AND) some = children;
    some_of(nodes, at, parts, known, 0, some, out->holds);
    some_of(nodes, at, parts, known, 1, children - some + 1, out->fails);
}

/* "tier" and "clause" ask for a clause that holds, unless none will do. */
static void verdict_needs(const tocsin__rule_node *node, tocsin__rule_needs *out) {
    const uint64_t held = UINT64_C(1) << TOCSIN__RULE_HELD_SIGN;
    int none = node->kind == TOCSIN__RULE_TIER && tocsin__rule_satisfies(node->compare, -(node->value != UINT64_MAX));
    out->holds[0] = none ? UINT64_MAX : held;
    if (node->kind == TOCSIN__RULE_TIER && none) out->fails[0] = held;
}

static void fact_needs(const tocsin__rule_node *node, tocsin__rule_needs *out) {
    const uint64_t venues = ((UINT64_C(1) << TOCSIN_VENUE_COUNT) - 1) << TOCSIN__RULE_VENUE_SIGN;
    const uint64_t attentions = ((UINT64_C(1) << TOCSIN_ATTENTION_COUNT) - 1) << TOCSIN__RULE_ATTENTION_SIGN;
    uint64_t all = venues, holds = node->value << TOCSIN__RULE_VENUE_SIGN & venues;
    if (node->kind == TOCSIN__RULE_VENUE && node->compare != TOCSIN__RULE_EQ) holds ^= all;
    if (node->kind == TOCSIN__RULE_ATTENTION) {
        all = attentions;
        holds = 0;
        for (unsigned a = 0; a < TOCSIN_ATTENTION_COUNT; a++) {
            int outcome = (a > node->value) - (a < node->value);
            if (tocsin__rule_satisfies(node->compare, outcome)) {
                holds |= UINT64_C(1) << (TOCSIN__RULE_ATTENTION_SIGN + a);
            }
        }
    }
    out->holds[0] = holds == all ? UINT64_MAX : holds;
    out->fails[0] = holds ? all ^ holds : UINT64_MAX;
}

static void measure_needs(const tocsin__rule_node *node, const tocsin__rule_needs *set, tocsin__rule_needs *out) {
    int none = tocsin__rule_satisfies(node->compare, -(node->value != 0));
    memcpy(none ? out->fails : out->holds, set->holds, sizeof nothing);
}

tocsin__rule_needs tocsin__rule_needs_of(const tocsin__rule_node *nodes, uint32_t at, const uint32_t *parts,
                                         const tocsin__rule_needs *known) {
    const tocsin__rule_node *node = &nodes[at];
    const tocsin__rule_needs *child = node->end > at + 1 ? &known[parts[at + 1]] : NULL;
    tocsin__rule_needs out;
    memcpy(out.holds, nothing, sizeof nothing);
    memcpy(out.fails, nothing, sizeof nothing);
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC: out.holds[0] = tocsin__rule_topic_sign((uint32_t)node->value); break;
        case TOCSIN__RULE_OR:
        case TOCSIN__RULE_AND:
        case TOCSIN__RULE_ATLEAST: list_needs(nodes, at, parts, known, &out); break;
        case TOCSIN__RULE_NOT:
            memcpy(out.holds, child->fails, sizeof nothing);
            memcpy(out.fails, child->holds, sizeof nothing);
            break;
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER:
            memcpy(out.holds, child->holds, sizeof nothing);
            both(out.holds, known[parts[nodes[at + 1].end]].holds);
            break;
        case TOCSIN__RULE_UNLESS:
        case TOCSIN__RULE_VALUE:
        case TOCSIN__RULE_SENTENCE:
        case TOCSIN__RULE_PARAGRAPH: memcpy(out.holds, child->holds, sizeof nothing); break;
        case TOCSIN__RULE_FIELD: out = *child; break;
        case TOCSIN__RULE_COUNT:
        case TOCSIN__RULE_DISTINCT:
        case TOCSIN__RULE_SCORE: measure_needs(node, child, &out); break;
        case TOCSIN__RULE_VENUE:
        case TOCSIN__RULE_ATTENTION: fact_needs(node, &out); break;
        case TOCSIN__RULE_TIER:
        case TOCSIN__RULE_CLAUSE: verdict_needs(node, &out); break;
        default: break;
    }
    return out;
}
