/*
 * Numbers the subtrees of all programs from the leaves up. A node is looked up by its kind and by the numbers of its
 * children, so that comparing two subtrees means comparing two nodes, and the whole takes time linear in the nodes.
 * Children are compared in their order: "a & b" and "b & a" are two nodes, which costs time but changes no result.
 *
 * The requirements are computed in the same walk: "&" requires what each of its parts requires, "|" one mask of each
 * part, or-ed together. Both are computed for the node and for its negation, so that "!" swaps them, and a negated
 * venue or count is as useful as a plain one. If there are more masks than fit, those with the fewest bits stay, and
 * among these the ones that overlap least with the masks already kept: two masks for the same thing refuse no more
 * documents than one.
 */
#include "rule/rule_dag.h"

#include <string.h>

#include <tocsin/document.h>

#include "base/assert.h"

#define MIX UINT64_C(0x9E3779B97F4A7C15)
#define MASKS TOCSIN__RULE_MASKS
#define MOST (MASKS * MASKS)

/* The requirements of a node that holds, and of one that fails. */
typedef struct requirement {
    uint64_t holds[MASKS];
    uint64_t fails[MASKS];
} requirement;

static const uint64_t nothing[MASKS] = {UINT64_MAX, UINT64_MAX, UINT64_MAX};

static int size(uint64_t mask) { return __builtin_popcountll(mask); }

/* Keeps the best of some masks; all of them are required. */
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

static const uint64_t *masks_of(const requirement *of, int fails) { return fails ? of->fails : of->holds; }

static int asks(const uint64_t *masks) { return masks[0] != UINT64_MAX; }

/* The requirement if this many children must hold (or fail). */
static void some_of(const tocsin__rule_node *nodes, uint32_t at, const uint32_t *numbers, const requirement *known,
                    int fails, uint64_t some, uint64_t *out) {
    uint64_t children = 0, free = 0, first = 1;
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end, children++) {
        free += !asks(masks_of(&known[numbers[child]], fails));
    }
    memcpy(out, nothing, sizeof nothing);
    if (some > children || (some < children && free >= some)) return;
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end) {
        const uint64_t *mask = masks_of(&known[numbers[child]], fails);
        if (!asks(mask)) continue;
        if (first || some == children) {
            both(out, mask);
        } else {
            either(out, mask);
        }
        first = 0;
    }
}

static void require_list(const tocsin__rule_node *nodes, uint32_t at, const uint32_t *numbers, const requirement *known,
                         requirement *out) {
    uint64_t children = 0, some = nodes[at].kind == TOCSIN__RULE_OR ? 1 : nodes[at].value;
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end) children++;
    if (nodes[at].kind == TOCSIN__RULE_AND) some = children;
    some_of(nodes, at, numbers, known, 0, some, out->holds);
    some_of(nodes, at, numbers, known, 1, children - some + 1, out->fails);
}

/* "tier" and "clause" require a clause that holds, unless they also accept none. */
static void require_verdict(const tocsin__rule_node *node, requirement *out) {
    const uint64_t held = UINT64_C(1) << TOCSIN__RULE_HELD_BIT;
    int none = node->kind == TOCSIN__RULE_TIER && tocsin__rule_satisfies(node->compare, -(node->value != UINT64_MAX));
    out->holds[0] = none ? UINT64_MAX : held;
    if (node->kind == TOCSIN__RULE_TIER && none) out->fails[0] = held;
}

static void require_fact(const tocsin__rule_node *node, requirement *out) {
    const uint64_t venues = ((UINT64_C(1) << TOCSIN_VENUE_COUNT) - 1) << TOCSIN__RULE_VENUE_BIT;
    const uint64_t attentions = ((UINT64_C(1) << TOCSIN_ATTENTION_COUNT) - 1) << TOCSIN__RULE_ATTENTION_BIT;
    uint64_t all = venues, holds = node->value << TOCSIN__RULE_VENUE_BIT & venues;
    if (node->kind == TOCSIN__RULE_VENUE && node->compare != TOCSIN__RULE_EQ) holds ^= all;
    if (node->kind == TOCSIN__RULE_ATTENTION) {
        all = attentions;
        holds = 0;
        for (unsigned a = 0; a < TOCSIN_ATTENTION_COUNT; a++) {
            int outcome = (a > node->value) - (a < node->value);
            if (tocsin__rule_satisfies(node->compare, outcome)) {
                holds |= UINT64_C(1) << (TOCSIN__RULE_ATTENTION_BIT + a);
            }
        }
    }
    out->holds[0] = holds == all ? UINT64_MAX : holds;
    out->fails[0] = holds ? all ^ holds : UINT64_MAX;
}

static void require_measure(const tocsin__rule_node *node, const requirement *set, requirement *out) {
    int none = tocsin__rule_satisfies(node->compare, -(node->value != 0));
    memcpy(none ? out->fails : out->holds, set->holds, sizeof nothing);
}

static requirement requirement_of(const tocsin__rule_node *nodes, uint32_t at, const uint32_t *numbers,
                                  const requirement *known) {
    const tocsin__rule_node *node = &nodes[at];
    const requirement *child = node->end > at + 1 ? &known[numbers[at + 1]] : NULL;
    requirement out;
    memcpy(out.holds, nothing, sizeof nothing);
    memcpy(out.fails, nothing, sizeof nothing);
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC: out.holds[0] = tocsin__rule_topic_bit((uint32_t)node->value); break;
        case TOCSIN__RULE_OR:
        case TOCSIN__RULE_AND:
        case TOCSIN__RULE_ATLEAST: require_list(nodes, at, numbers, known, &out); break;
        case TOCSIN__RULE_NOT:
            memcpy(out.holds, child->fails, sizeof nothing);
            memcpy(out.fails, child->holds, sizeof nothing);
            break;
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER:
            memcpy(out.holds, child->holds, sizeof nothing);
            both(out.holds, known[numbers[nodes[at + 1].end]].holds);
            break;
        case TOCSIN__RULE_UNLESS:
        case TOCSIN__RULE_VALUE:
        case TOCSIN__RULE_SENTENCE:
        case TOCSIN__RULE_PARAGRAPH: memcpy(out.holds, child->holds, sizeof nothing); break;
        case TOCSIN__RULE_FIELD: out = *child; break;
        case TOCSIN__RULE_COUNT:
        case TOCSIN__RULE_DISTINCT:
        case TOCSIN__RULE_SCORE: require_measure(node, child, &out); break;
        case TOCSIN__RULE_VENUE:
        case TOCSIN__RULE_ATTENTION: require_fact(node, &out); break;
        case TOCSIN__RULE_TIER:
        case TOCSIN__RULE_CLAUSE: require_verdict(node, &out); break;
        default: break;
    }
    return out;
}

/* ---- numbers ---- */

/* Where a node was first seen. */
typedef struct place {
    const tocsin__rule_node *nodes;
    const uint32_t *numbers;
    uint32_t at;
    uint32_t uses;
} place;

typedef struct builder {
    uint32_t *table; /* number + 1 by hash; 0: free */
    size_t mask;
    place *places; /* by number; so are the next two */
    requirement *requirements;
    tocsin__rule_dag_node *nodes;
    uint32_t node_count, set_count;
} builder;

static uint64_t hash_of(const tocsin__rule_node *nodes, const uint32_t *numbers, uint32_t at) {
    uint64_t hash = (nodes[at].value + 1) * MIX ^ (uint64_t)nodes[at].kind << 8 ^ nodes[at].compare;
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end) {
        hash = (hash ^ hash >> 29 ^ (numbers[child] + 1)) * MIX;
    }
    return hash * MIX >> 16;
}

static int same(const place *known, const tocsin__rule_node *nodes, const uint32_t *numbers, uint32_t at) {
    const tocsin__rule_node *a = &known->nodes[known->at], *b = &nodes[at];
    if (a->kind != b->kind || a->compare != b->compare || a->value != b->value) return 0;
    uint32_t i = known->at + 1, j = at + 1;
    for (; i < a->end && j < b->end; i = known->nodes[i].end, j = nodes[j].end) {
        if (known->numbers[i] != numbers[j]) return 0;
    }
    return i == a->end && j == b->end;
}

/* Whether the parts of a node have smaller numbers than the node. */
TOCSIN__FOR_ASSERTS static int is_after_its_parts(const tocsin__rule_node *nodes, const uint32_t *numbers,
                                                  uint32_t at) {
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end) {
        if (numbers[child] >= numbers[at]) return 0;
    }
    return 1;
}

static void give_number(builder *s, const tocsin__rule_node *nodes, uint32_t *numbers, uint32_t at) {
    size_t slot = (size_t)hash_of(nodes, numbers, at) & s->mask;
    for (; s->table[slot]; slot = (slot + 1) & s->mask) {
        place *known = &s->places[s->table[slot] - 1];
        if (!same(known, nodes, numbers, at)) continue;
        known->uses++;
        numbers[at] = s->table[slot] - 1;
        return;
    }
    numbers[at] = s->node_count++;
    tocsin__assert(is_after_its_parts(nodes, numbers, at));
    s->table[slot] = s->node_count;
    s->places[numbers[at]] = (place){nodes, numbers, at, 1};
    s->requirements[numbers[at]] = requirement_of(nodes, at, numbers, s->requirements);
}

/* A set is kept if it stands in several places and is more than a topic in order. */
static void describe_nodes(builder *s) {
    for (uint32_t i = 0; i < s->node_count; i++) {
        const place *seen = &s->places[i];
        int is_set = seen->nodes[seen->at].flags & TOCSIN__RULE_IS_SET;
        memcpy(s->nodes[i].required, s->requirements[i].holds, sizeof s->nodes[i].required);
        s->nodes[i].set = is_set && seen->uses > 1 ? s->set_count++ : TOCSIN__RULE_NO_SET;
    }
}

static tocsin_status begin(builder *s, size_t nodes, tocsin__arena *scratch, tocsin__arena *arena) {
    size_t slots = 16;
    while (slots < 2 * nodes) slots *= 2;
    memset(s, 0, sizeof *s);
    s->mask = slots - 1;
    s->table = tocsin__arena_allocate(scratch, slots * sizeof *s->table);
    s->places = tocsin__arena_allocate(scratch, nodes * sizeof *s->places);
    s->requirements = tocsin__arena_allocate(scratch, nodes * sizeof *s->requirements);
    s->nodes = tocsin__arena_allocate(arena, nodes * sizeof *s->nodes);
    if (!s->table || !s->places || !s->requirements || !s->nodes) return TOCSIN_ERROR_MEMORY;
    memset(s->table, 0, slots * sizeof *s->table);
    return TOCSIN_OK;
}

tocsin_status tocsin__rule_dag_build(const tocsin__rule_program *const *programs, uint32_t count, tocsin__arena *arena,
                                     const tocsin__rule_dag **dag) {
    tocsin__arena scratch;
    builder s;
    size_t nodes = 0;
    for (uint32_t p = 0; p < count; p++) nodes += programs[p]->node_count;
    tocsin__arena_init(&scratch, &arena->allocator);
    tocsin__rule_dag *made = tocsin__arena_allocate(arena, sizeof *made);
    const uint32_t **numbers_of = tocsin__arena_allocate(arena, count * sizeof *numbers_of);
    tocsin__rule_dag_node *roots = tocsin__arena_allocate(arena, count * sizeof *roots);
    uint32_t *numbers = tocsin__arena_allocate(arena, nodes * sizeof *numbers);
    tocsin_status status =
        made && numbers_of && roots && numbers ? begin(&s, nodes, &scratch, arena) : TOCSIN_ERROR_MEMORY;
    if (status) goto done;
    memset(made, 0, sizeof *made);
    for (uint32_t p = 0; p < count; p++) {
        const tocsin__rule_program *program = programs[p];
        numbers_of[p] = numbers;
        for (uint32_t at = program->node_count; at-- > 0;) give_number(&s, program->nodes, numbers, at);
        numbers += program->node_count;
        if (made->slots < program->slots) made->slots = program->slots;
        made->flags |= program->flags;
    }
    describe_nodes(&s);
    for (uint32_t p = 0; p < count; p++) roots[p] = s.nodes[numbers_of[p][0]];
    made->programs = programs;
    made->numbers = numbers_of;
    made->nodes = s.nodes;
    made->roots = roots;
    made->program_count = count;
    made->node_count = s.node_count;
    made->set_count = s.set_count;
    *dag = made;
done:
    tocsin__arena_release(&scratch);
    return status;
}
