/*
 * Numbers the subtrees of all programs from the leaves up: a node is looked up by what it is and by the numbers of its
 * children, so that two subtrees are compared by their heads alone and the whole takes as long as there are nodes.
 * Children are compared in their order: "a & b" and "b & a" are two parts, which costs time and no result.
 */
#include "rule/rule_share.h"

#include <string.h>

#include "rule/rule_needs.h"

#define MIX UINT64_C(0x9E3779B97F4A7C15)

/* Where a part was first seen. */
typedef struct place {
    const tocsin__rule_node *nodes;
    const uint32_t *parts;
    uint32_t at;
    uint32_t uses;
} place;

typedef struct sharing {
    uint32_t *table; /* part + 1 by hash; 0: free */
    size_t mask;
    place *places; /* by part; so are the next two */
    tocsin__rule_needs *needs;
    tocsin__rule_part *parts;
    uint32_t part_count, set_count;
} sharing;

static uint64_t hash_of(const tocsin__rule_node *nodes, const uint32_t *parts, uint32_t at) {
    uint64_t hash = (nodes[at].value + 1) * MIX ^ (uint64_t)nodes[at].kind << 8 ^ nodes[at].compare;
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end) {
        hash = (hash ^ hash >> 29 ^ (parts[child] + 1)) * MIX;
    }
    return hash * MIX >> 16;
}

static int same(const place *known, const tocsin__rule_node *nodes, const uint32_t *parts, uint32_t at) {
    const tocsin__rule_node *a = &known->nodes[known->at], *b = &nodes[at];
    if (a->kind != b->kind || a->compare != b->compare || a->value != b->value) return 0;
    uint32_t i = known->at + 1, j = at + 1;
    for (; i < a->end && j < b->end; i = known->nodes[i].end, j = nodes[j].end) {
        if (known->parts[i] != parts[j]) return 0;
    }
    return i == a->end && j == b->end;
}

static void number(sharing *s, const tocsin__rule_node *nodes, uint32_t *parts, uint32_t at) {
    size_t slot = (size_t)hash_of(nodes, parts, at) & s->mask;
    for (; s->table[slot]; slot = (slot + 1) & s->mask) {
        place *known = &s->places[s->table[slot] - 1];
        if (!same(known, nodes, parts, at)) continue;
        known->uses++;
        parts[at] = s->table[slot] - 1;
        return;
    }
    parts[at] = s->part_count++;
    s->table[slot] = s->part_count;
    s->places[parts[at]] = (place){nodes, parts, at, 1};
    s->needs[parts[at]] = tocsin__rule_needs_of(nodes, at, parts, s->needs);
}

/* A set is worth remembering when it stands in several places and is more than a topic in order. */
static void describe_parts(sharing *s) {
    for (uint32_t i = 0; i < s->part_count; i++) {
        const place *seen = &s->places[i];
        int is_set = seen->nodes[seen->at].flags & TOCSIN__RULE_IS_SET;
        memcpy(s->parts[i].need, s->needs[i].holds, sizeof s->parts[i].need);
        s->parts[i].set = is_set && seen->uses > 1 ? s->set_count++ : TOCSIN__RULE_NO_SET;
    }
}

static tocsin_status begin(sharing *s, size_t nodes, tocsin__arena *scratch, tocsin__arena *arena) {
    size_t slots = 16;
    while (slots < 2 * nodes) slots *= 2;
    memset(s, 0, sizeof *s);
    s->mask = slots - 1;
    s->table = tocsin__arena_allocate(scratch, slots * sizeof *s->table);
    s->places = tocsin__arena_allocate(scratch, nodes * sizeof *s->places);
    s->needs = tocsin__arena_allocate(scratch, nodes * sizeof *s->needs);
    s->parts = tocsin__arena_allocate(arena, nodes * sizeof *s->parts);
    if (!s->table || !s->places || !s->needs || !s->parts) return TOCSIN_ERROR_MEMORY;
    memset(s->table, 0, slots * sizeof *s->table);
    return TOCSIN_OK;
}

tocsin_status tocsin__rule_share(const tocsin__rule_program *const *programs, uint32_t count, tocsin__arena *arena,
                                 const tocsin__rule_shared **shared) {
    tocsin__arena scratch;
    sharing s;
    size_t nodes = 0;
    for (uint32_t p = 0; p < count; p++) nodes += programs[p]->node_count;
    tocsin__arena_init(&scratch, &arena->allocator);
    tocsin__rule_shared *made = tocsin__arena_allocate(arena, sizeof *made);
    const uint32_t **parts_of = tocsin__arena_allocate(arena, count * sizeof *parts_of);
    tocsin__rule_part *roots = tocsin__arena_allocate(arena, count * sizeof *roots);
    uint32_t *parts = tocsin__arena_allocate(arena, nodes * sizeof *parts);
    tocsin_status status = made && parts_of && roots && parts ? begin(&s, nodes, &scratch, arena) : TOCSIN_ERROR_MEMORY;
    if (status) goto done;
    memset(made, 0, sizeof *made);
    for (uint32_t p = 0; p < count; p++) {
        const tocsin__rule_program *program = programs[p];
        parts_of[p] = parts;
        for (uint32_t at = program->node_count; at-- > 0;) number(&s, program->nodes, parts, at);
        parts += program->node_count;
        if (made->slots < program->slots) made->slots = program->slots;
        made->flags |= program->flags;
    }
    describe_parts(&s);
    for (uint32_t p = 0; p < count; p++) roots[p] = s.parts[parts_of[p][0]];
    made->programs = programs;
    made->parts_of = parts_of;
    made->parts = s.parts;
    made->roots = roots;
    made->program_count = count;
    made->part_count = s.part_count;
    made->set_count = s.set_count;
    *shared = made;
done:
    tocsin__arena_release(&scratch);
    return status;
}
