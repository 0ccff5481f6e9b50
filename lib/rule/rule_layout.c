/*
 * From nodes to a program: what evaluation would otherwise ask of every document is answered here once. Slots are
 * bitsets over hits; how many are alive at once follows from the shape of the tree, as registers do from an arithmetic
 * expression. rule_evaluate.c and rule_support.c take them in exactly the order that is counted here.
 */
#include "rule/rule_layout.h"

#include <string.h>

#include "base/bitset.h"

typedef struct slots {
    uint32_t fill;    /* to work out the set */
    uint32_t support; /* to find what made some of its members, the members themselves included */
} slots;

static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

static slots set_slots(const tocsin__rule_node *nodes, uint32_t at) {
    const tocsin__rule_node *node = &nodes[at];
    slots all = {1, 1};
    if (node->kind == TOCSIN__RULE_TOPIC) return all;
    if (node->kind == TOCSIN__RULE_OR) {
        for (uint32_t child = at + 1; child < node->end; child = nodes[child].end) {
            slots part = set_slots(nodes, child);
            all.fill = larger(all.fill, (child > at + 1) + part.fill);
            all.support = larger(all.support, 1 + larger(part.fill, part.support));
        }
        return all;
    }
    slots a = set_slots(nodes, at + 1);
    if (node->kind == TOCSIN__RULE_FIELD) return (slots){a.fill, a.support + 1};
    slots b = set_slots(nodes, nodes[at + 1].end);
    all.fill = larger(larger(a.fill, 1 + b.fill), 3);
    all.support = larger(larger(a.support, 1 + larger(b.fill, b.support)), 3);
    return all;
}

static uint32_t most_slots(const tocsin__rule_node *nodes, uint32_t node_count) {
    uint32_t most = 0;
    for (uint32_t at = 0; at < node_count;) {
        if (nodes[at].flags & TOCSIN__RULE_IS_SET) {
            slots s = set_slots(nodes, at);
            most = larger(most, larger(s.fill, s.support));
            at = nodes[at].end;
        } else {
            at++;
        }
    }
    return most;
}

int tocsin__rule_holds_empty(const tocsin__rule_node *nodes, uint32_t at) {
    const tocsin__rule_node *node = &nodes[at];
    uint64_t able = 0, parts = 0;
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC:
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER:
        case TOCSIN__RULE_UNLESS:
        case TOCSIN__RULE_VALUE: return 0;
        case TOCSIN__RULE_COUNT:
        case TOCSIN__RULE_DISTINCT:
        case TOCSIN__RULE_SCORE: return (node->compare & (node->value ? TOCSIN__RULE_LT : TOCSIN__RULE_EQ)) != 0;
        case TOCSIN__RULE_OR:
        case TOCSIN__RULE_AND:
        case TOCSIN__RULE_ATLEAST:
        case TOCSIN__RULE_SENTENCE:
        case TOCSIN__RULE_PARAGRAPH:
        case TOCSIN__RULE_FIELD: break;
        default: return 1;
    }
    for (uint32_t child = at + 1; child < node->end; child = nodes[child].end) {
        parts++;
        able += (nodes[child].flags & TOCSIN__RULE_HOLDS_EMPTY) != 0;
    }
    if (node->kind == TOCSIN__RULE_AND) return able == parts;
    return able >= (node->kind == TOCSIN__RULE_ATLEAST ? node->value : 1);
}

static uint32_t needs(uint8_t kind) {
    switch (kind) {
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER: return TOCSIN__RULE_NEEDS_POSITIONS | TOCSIN__RULE_HAS_ORDER;
        case TOCSIN__RULE_DISTINCT: return TOCSIN__RULE_HAS_DISTINCT;
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_UNLESS: return TOCSIN__RULE_NEEDS_POSITIONS;
        case TOCSIN__RULE_SENTENCE: return TOCSIN__RULE_NEEDS_SENTENCES;
        case TOCSIN__RULE_PARAGRAPH: return TOCSIN__RULE_NEEDS_PARAGRAPHS;
        case TOCSIN__RULE_TIER:
        case TOCSIN__RULE_CLAUSE: return TOCSIN__RULE_NEEDS_VERDICT;
        default: return 0;
    }
}

static void mark_facts(tocsin__rule_node *nodes, uint32_t node_count) {
    for (uint32_t at = node_count; at-- > 0;) {
        int facts = nodes[at].kind >= TOCSIN__RULE_REACH;
        for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end) {
            facts |= nodes[child].flags & TOCSIN__RULE_HAS_FACTS;
        }
        if (facts) nodes[at].flags |= TOCSIN__RULE_HAS_FACTS;
    }
}

tocsin_status tocsin__rule_lay_out(const tocsin__rule_node *nodes, const uint32_t *defines, uint32_t node_count,
                                   size_t topic_count, tocsin__arena *arena, const tocsin__rule_program **program) {
    size_t words = tocsin__bits_words(topic_count);
    tocsin__rule_program *made = tocsin__arena_allocate(arena, sizeof *made);
    tocsin__rule_node *copy = tocsin__arena_allocate(arena, node_count * sizeof *copy);
    uint64_t *topics = tocsin__arena_allocate(arena, words * sizeof *topics);
    uint32_t *named = tocsin__arena_allocate(arena, node_count * sizeof *named);
    if (!made || !copy || !topics || !named) return TOCSIN_ERROR_MEMORY;
    memcpy(named, defines, node_count * sizeof *named);
    memcpy(copy, nodes, node_count * sizeof *copy);
    memset(topics, 0, words * sizeof *topics);
    mark_facts(copy, node_count);
    memset(made, 0, sizeof *made);
    made->nodes = copy;
    made->defines = named;
    made->node_count = node_count;
    made->slots = most_slots(copy, node_count);
    made->topics = topics;
    made->topic_count = (uint32_t)topic_count;
    for (uint32_t at = 0; at < node_count; at++) {
        made->flags |= needs(copy[at].kind);
        if (copy[at].kind == TOCSIN__RULE_TOPIC) tocsin__bits_set(topics, (size_t)copy[at].value);
    }
    if (!(copy[0].flags & TOCSIN__RULE_HOLDS_EMPTY)) made->flags |= TOCSIN__RULE_NEEDS_HIT;
    *program = made;
    return TOCSIN_OK;
}
