/*
 * Up the tree, for a node that holds or, below "!", that fails: "&" needs the cheapest of its parts, "|" a set of each
 * of them, atleast(k of n) those of the n - k + 1 cheapest parts, for of these one must hold.
 */
#include "rule/rule_required.h"

#include <string.h>

#include "base/bitset.h"
#include "rule/rule_run.h"

typedef struct required {
    uint64_t *topics; /* NULL: nothing is required */
    double cost;
} required;

typedef struct finder {
    const tocsin__rule_node *nodes;
    const double *costs;
    tocsin__arena *arena;
    size_t topic_count;
    tocsin_status status;
} finder;

static const required nothing = {NULL, 0};

static required require(finder *f, uint32_t at, int fails);

static required empty(finder *f) {
    const size_t size = (tocsin__bits_words(f->topic_count) + 1) * sizeof(uint64_t);
    required made = {tocsin__arena_allocate(f->arena, size), 0};
    if (!made.topics) {
        f->status = TOCSIN_ERROR_MEMORY;
    } else {
        memset(made.topics, 0, size);
    }
    return made;
}

/* Adds b to a; what is in both is paid for once. */
static void join(const finder *f, required *a, const required *b) {
    for (size_t t = tocsin__bits_next(b->topics, 0, f->topic_count); t < f->topic_count;
         t = tocsin__bits_next(b->topics, t + 1, f->topic_count)) {
        if (tocsin__bits_test(a->topics, t)) continue;
        tocsin__bits_set(a->topics, t);
        a->cost += f->costs[t];
    }
}

/* Some of the children must come out so: any set of `needed` of them has one that does. */
static required some_of(finder *f, uint32_t at, int fails, uint64_t needed) {
    const tocsin__rule_node *nodes = f->nodes;
    uint64_t count = 0, known = 0;
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end) count++;
    required *parts = tocsin__arena_allocate(f->arena, count * sizeof *parts), all = empty(f);
    if (!parts || f->status) {
        f->status = TOCSIN_ERROR_MEMORY;
        return nothing;
    }
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end) {
        const required part = require(f, child, fails);
        size_t place = known;
        if (!part.topics) continue;
        for (; place > 0 && parts[place - 1].cost > part.cost; place--) parts[place] = parts[place - 1];
        parts[place] = part;
        known++;
    }
    if (f->status || known < needed) return nothing;
    for (uint64_t i = 0; i < needed; i++) join(f, &all, &parts[i]);
    return all;
}

static required require_list(finder *f, uint32_t at, int fails) {
    const tocsin__rule_node *node = &f->nodes[at];
    uint64_t children = 0, holding;
    for (uint32_t child = at + 1; child < node->end; child = f->nodes[child].end) children++;
    holding = node->kind == TOCSIN__RULE_AND ? children : node->kind == TOCSIN__RULE_OR ? 1 : node->value;
    /* It fails when so many fail that fewer than `holding` hold. */
    const uint64_t wanted = fails ? children - holding + 1 : holding;
    return some_of(f, at, fails, children - wanted + 1);
}

static required require_verdict(finder *f, const tocsin__rule_node *node, int fails) {
    int none = 0;
    if (node->kind == TOCSIN__RULE_TIER) {
        none = tocsin__rule_satisfies(node->compare, -(node->value != UINT64_MAX));
    }
    return none == fails ? empty(f) : nothing;
}

static required require(finder *f, uint32_t at, int fails) {
    const tocsin__rule_node *node = &f->nodes[at];
    required found;
    if (f->status) return nothing;
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC:
            if (fails) return nothing;
            found = empty(f);
            if (f->status) return nothing;
            tocsin__bits_set(found.topics, (size_t)node->value);
            found.cost = f->costs[node->value];
            return found;
        case TOCSIN__RULE_OR:
        case TOCSIN__RULE_AND:
        case TOCSIN__RULE_ATLEAST: return require_list(f, at, fails);
        case TOCSIN__RULE_NOT: return require(f, at + 1, !fails);
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER: return fails ? nothing : some_of(f, at, 0, 1);
        case TOCSIN__RULE_UNLESS:
        case TOCSIN__RULE_SENTENCE:
        case TOCSIN__RULE_PARAGRAPH:
        case TOCSIN__RULE_VALUE: return fails ? nothing : require(f, at + 1, 0);
        case TOCSIN__RULE_FIELD: return require(f, at + 1, fails);
        case TOCSIN__RULE_COUNT:
        case TOCSIN__RULE_DISTINCT:
        case TOCSIN__RULE_SCORE:
            return tocsin__rule_satisfies(node->compare, -(node->value != 0)) == fails ? require(f, at + 1, 0)
                                                                                       : nothing;
        case TOCSIN__RULE_TIER:
        case TOCSIN__RULE_CLAUSE: return require_verdict(f, node, fails);
        default: return nothing;
    }
}

tocsin_status tocsin__rule_required(const tocsin__rule_program *program, const double *costs, tocsin__arena *scratch,
                                    uint64_t *topics, int *sound) {
    finder f = {program->nodes, costs, scratch, program->topic_count, TOCSIN_OK};
    const required found = require(&f, 0, 0);
    if (f.status) return f.status;
    if (!found.topics) {
        *sound = 0;
        return TOCSIN_OK;
    }
    for (size_t i = 0; i < tocsin__bits_words(f.topic_count); i++) topics[i] |= found.topics[i];
    return TOCSIN_OK;
}
