/*
 * A three-valued evaluation over every combination of facts, and a prover that splits expressions by the meaning of
 * their operators. Both look only at a program's tree.
 *
 * Required topics go up the tree, for a node that holds or, below "!", for one that fails: "&" needs those of its
 * cheapest part, "|" those of every part, and atleast(k of n) those of the n - k + 1 cheapest parts, because one of
 * these must hold.
 */
#include "rule/rule_logic.h"

#include <string.h>

#include <tocsin/document.h>

#include "base/bitset.h"
#include "base/memory.h"
#include "rule/rule_eval_internal.h"

#define MOST_CUTS 64u /* thresholds of reach that are distinguished */

/*
 * Steps of a proof for each node of the compared programs; after them the proof is given up. A rule that a person wrote
 * takes fewer than ten.
 */
#define STEPS_PER_NODE 64u
#define STEPS_AT_LEAST 1000u

/* Two bits: it may hold, it may fail. For a set of hits: it may be non-empty, it may be empty. */
enum {
    MAY_FAIL = 1,
    MAY_HOLD = 2,
    EITHER = 3
};

typedef struct side {
    const tocsin__rule_node *nodes;
    uint32_t at;
} side;

typedef struct proof {
    uint64_t steps; /* left */
} proof;

static int implies(proof *p, side a, side b);

static int satisfies(uint8_t compare, uint64_t value, uint64_t than) {
    return tocsin__rule_satisfies(compare, tocsin__rule_order(value, than));
}

static int take_step(proof *p) {
    if (!p->steps) return 0;
    p->steps--;
    return 1;
}

static int is_same(proof *p, side a, side b) {
    const tocsin__rule_node *x = a.nodes + a.at, *y = b.nodes + b.at;
    const uint32_t count = x->end - a.at;
    if (y->end - b.at != count) return 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!take_step(p)) return 0;
        if (x[i].kind != y[i].kind || x[i].compare != y[i].compare || x[i].value != y[i].value ||
            x[i].end - a.at != y[i].end - b.at) {
            return 0;
        }
    }
    return 1;
}

static side child(side s) { return (side){s.nodes, s.at + 1}; }

/* Whether all children, or one child, of one side imply the other side, or are implied by it. */
static int children_imply(proof *p, side a, side b, int all) {
    for (side c = child(a); c.at < a.nodes[a.at].end; c.at = c.nodes[c.at].end) {
        if (implies(p, c, b) != all) return !all;
    }
    return all;
}

static int implies_children(proof *p, side a, side b, int all) {
    for (side c = child(b); c.at < b.nodes[b.at].end; c.at = c.nodes[c.at].end) {
        if (implies(p, a, c) != all) return !all;
    }
    return all;
}

/*
 * Whether every number that one comparison accepts is accepted by the other; tested at the numbers where either
 * changes.
 */
static int compares_within(const tocsin__rule_node *a, const tocsin__rule_node *b) {
    const uint64_t tried[] = {
        0, a->value - (a->value > 0), a->value, a->value + 1, b->value - (b->value > 0), b->value, b->value + 1};
    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
        if (satisfies(a->compare, tried[i], a->value) && !satisfies(b->compare, tried[i], b->value)) return 0;
    }
    return 1;
}

static uint64_t venues_of(const tocsin__rule_node *node) {
    const uint64_t all = ((uint64_t)1 << TOCSIN_VENUE_COUNT) - 1;
    return node->compare == TOCSIN__RULE_EQ ? node->value & all : ~node->value & all;
}

static int facts_imply(proof *p, side a, side b) {
    const tocsin__rule_node *x = a.nodes + a.at, *y = b.nodes + b.at;
    if (x->kind != y->kind) return 0;
    switch (x->kind) {
        case TOCSIN__RULE_VENUE: return !(venues_of(x) & ~venues_of(y));
        case TOCSIN__RULE_LEARNED:
            if ((x->value ^ y->value) >> TOCSIN__RULE_WEIGHTS_SHIFT) return 0;
            return compares_within(x, y);
        case TOCSIN__RULE_REACH:
        case TOCSIN__RULE_ATTENTION: return compares_within(x, y);
        case TOCSIN__RULE_COUNT:
        case TOCSIN__RULE_DISTINCT:
        case TOCSIN__RULE_SCORE:
        case TOCSIN__RULE_VALUE: return is_same(p, child(a), child(b)) && compares_within(x, y);
        default: return 0;
    }
}

/* Whether a result that holds for some of the hits holds for all of them: no part of it is negative. */
static int is_monotone(proof *p, side s) {
    for (uint32_t i = s.at; i < s.nodes[s.at].end; i++) {
        if (!take_step(p)) return 0;
        const tocsin__rule_node *node = &s.nodes[i];
        if (node->kind == TOCSIN__RULE_NOT || node->kind == TOCSIN__RULE_UNLESS) return 0;
        if (node->kind >= TOCSIN__RULE_COUNT && node->kind <= TOCSIN__RULE_VALUE &&
            (!(node->compare & TOCSIN__RULE_GT) || (node->compare & TOCSIN__RULE_LT))) {
            return 0;
        }
    }
    return 1;
}

/* Takes `a` apart on the way to b, according to its operator. */
static int taken_apart(proof *p, side a, side b) {
    const tocsin__rule_node *x = a.nodes + a.at;
    const side first = child(a);
    const int is_pair = x->kind >= TOCSIN__RULE_NEAR && x->kind <= TOCSIN__RULE_AFTER;
    const side second = {a.nodes, is_pair ? first.nodes[first.at].end : 0};
    switch (x->kind) {
        case TOCSIN__RULE_AND: return children_imply(p, a, b, 0);
        case TOCSIN__RULE_SENTENCE:
        case TOCSIN__RULE_PARAGRAPH:
        case TOCSIN__RULE_FIELD: return is_monotone(p, b) && children_imply(p, a, b, 0);
        case TOCSIN__RULE_UNLESS:
        case TOCSIN__RULE_VALUE: return implies(p, first, b);
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER: return implies(p, first, b) || implies(p, second, b);
        case TOCSIN__RULE_COUNT:
        case TOCSIN__RULE_DISTINCT:
        case TOCSIN__RULE_SCORE: return !satisfies(x->compare, 0, x->value) && implies(p, first, b);
        default: return 0;
    }
}

static int implies(proof *p, side a, side b) {
    const tocsin__rule_node *x = a.nodes + a.at, *y = b.nodes + b.at;
    if (!take_step(p)) return 0;
    if (is_same(p, a, b)) return 1;
    if (x->kind == TOCSIN__RULE_OR) return children_imply(p, a, b, 1);
    if (y->kind == TOCSIN__RULE_AND) return implies_children(p, a, b, 1);
    if (x->kind == TOCSIN__RULE_NOT && y->kind == TOCSIN__RULE_NOT) return implies(p, child(b), child(a));
    if (facts_imply(p, a, b) || taken_apart(p, a, b)) return 1;
    return y->kind == TOCSIN__RULE_OR && implies_children(p, a, b, 0);
}

int tocsin__rule_implies(const tocsin__rule_program *a, const tocsin__rule_program *b) {
    proof p = {STEPS_AT_LEAST + (uint64_t)STEPS_PER_NODE * ((uint64_t)a->node_count + b->node_count)};
    return implies(&p, (side){a->nodes, 0}, (side){b->nodes, 0});
}

/* A kind of document. */
typedef struct facts {
    tocsin_venue venue;
    uint64_t reach;
    tocsin_attention attention;
    int wordless;
    const uint8_t *proved; /* by node: the proved result for every document, or 0 */
} facts;

static int foresee(const facts *f, side s);

/* Whether one part of a conjunction is the negation of another. */
static int denies_itself(proof *p, side s) {
    for (side a = child(s); a.at < s.nodes[s.at].end; a.at = a.nodes[a.at].end) {
        if (a.nodes[a.at].kind != TOCSIN__RULE_NOT) continue;
        for (side b = child(s); b.at < s.nodes[s.at].end; b.at = b.nodes[b.at].end) {
            if (!take_step(p)) return 0;
            if (b.at != a.at && implies(p, b, child(a))) return 1;
        }
    }
    return 0;
}

/* Whether a disjunction has a part and its negation. */
static int is_exhaustive(proof *p, side s) {
    for (side a = child(s); a.at < s.nodes[s.at].end; a.at = a.nodes[a.at].end) {
        if (a.nodes[a.at].kind != TOCSIN__RULE_NOT) continue;
        for (side b = child(s); b.at < s.nodes[s.at].end; b.at = b.nodes[b.at].end) {
            if (!take_step(p)) return 0;
            if (b.at != a.at && implies(p, child(a), b)) return 1;
        }
    }
    return 0;
}

static int foresee_junction(const facts *f, side s, int any) {
    const int ends = any ? MAY_HOLD : MAY_FAIL; /* the result that one part alone can cause */
    int all = any ? MAY_FAIL : MAY_HOLD, seen = 0;
    const int other = all;
    for (side c = child(s); c.at < s.nodes[s.at].end; c.at = c.nodes[c.at].end) {
        const int part = foresee(f, c);
        seen |= part & ends;
        all &= part & other;
    }
    return seen | all;
}

static int foresee_at_least(const facts *f, side s) {
    uint64_t may = 0, must = 0;
    for (side c = child(s); c.at < s.nodes[s.at].end; c.at = c.nodes[c.at].end) {
        const int part = foresee(f, c);
        may += (part & MAY_HOLD) != 0;
        must += part == MAY_HOLD;
    }
    return (may >= s.nodes[s.at].value ? MAY_HOLD : 0) | (must < s.nodes[s.at].value ? MAY_FAIL : 0);
}

static int certain(int holds) { return holds ? MAY_HOLD : MAY_FAIL; }

static int foresee(const facts *f, side s) {
    const tocsin__rule_node *node = s.nodes + s.at;
    if (f->proved[s.at]) return f->proved[s.at];
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC: return f->wordless ? MAY_FAIL : EITHER;
        case TOCSIN__RULE_OR: return foresee_junction(f, s, 1);
        case TOCSIN__RULE_AND: return foresee_junction(f, s, 0);
        case TOCSIN__RULE_NOT: {
            const int inner = foresee(f, child(s));
            return (inner & MAY_HOLD ? MAY_FAIL : 0) | (inner & MAY_FAIL ? MAY_HOLD : 0);
        }
        case TOCSIN__RULE_ATLEAST: return foresee_at_least(f, s);
        case TOCSIN__RULE_COUNT:
        case TOCSIN__RULE_DISTINCT:
        case TOCSIN__RULE_SCORE:
            if (!(foresee(f, child(s)) & MAY_HOLD)) return certain(satisfies(node->compare, 0, node->value));
            if (!node->value && node->compare == TOCSIN__RULE_LT) return MAY_FAIL;
            return !node->value && node->compare == TOCSIN__RULE_GE ? MAY_HOLD : EITHER;
        case TOCSIN__RULE_VALUE:
            if (!node->value && node->compare == TOCSIN__RULE_LT) return MAY_FAIL;
            return foresee(f, child(s)) & MAY_HOLD ? EITHER : MAY_FAIL;
        case TOCSIN__RULE_REACH: return certain(satisfies(node->compare, f->reach, node->value));
        case TOCSIN__RULE_ATTENTION: return certain(satisfies(node->compare, f->attention, node->value));
        case TOCSIN__RULE_VENUE: return certain((int)(venues_of(node) >> f->venue & 1));
        case TOCSIN__RULE_TIER:
        case TOCSIN__RULE_CLAUSE:
        case TOCSIN__RULE_LEARNED: return EITHER;
        case TOCSIN__RULE_UNLESS: return foresee(f, child(s)) & MAY_HOLD ? EITHER : MAY_FAIL;
        default: return foresee_junction(f, s, 0) & MAY_HOLD ? EITHER : MAY_FAIL;
    }
}

/* Finds the ranges of reach in which nothing changes. */
static size_t find_cuts(const tocsin__rule_program *program, uint64_t *cuts) {
    size_t count = 0;
    cuts[count++] = 0;
    for (uint32_t i = 0; i < program->node_count && count + 3 <= MOST_CUTS; i++) {
        const tocsin__rule_node *node = &program->nodes[i];
        if (node->kind != TOCSIN__RULE_REACH) continue;
        cuts[count++] = node->value;
        cuts[count++] = node->value + 1;
        if (node->value) cuts[count++] = node->value - 1;
    }
    return count;
}

/* Proves each node once, not for every combination of facts. */
static void prove(const tocsin__rule_program *program, uint8_t *proved) {
    proof p = {STEPS_AT_LEAST + (uint64_t)STEPS_PER_NODE * program->node_count};
    for (uint32_t at = 0; at < program->node_count; at++) {
        const side s = {program->nodes, at};
        const uint8_t kind = program->nodes[at].kind;
        proved[at] = 0;
        if (kind == TOCSIN__RULE_OR && is_exhaustive(&p, s)) proved[at] = MAY_HOLD;
        if (kind == TOCSIN__RULE_AND && denies_itself(&p, s)) proved[at] = MAY_FAIL;
    }
}

static int asks_for(const tocsin__rule_program *program, uint8_t kind) {
    for (uint32_t i = 0; i < program->node_count; i++) {
        if (program->nodes[i].kind == kind) return 1;
    }
    return 0;
}

static tocsin__rule_outlook foresee_all(const tocsin__rule_program *program, const uint8_t *proved, int wordless) {
    uint64_t cuts[MOST_CUTS];
    const size_t count = find_cuts(program, cuts);
    const unsigned venues = asks_for(program, TOCSIN__RULE_VENUE) ? TOCSIN_VENUE_COUNT : 1;
    const unsigned attentions = asks_for(program, TOCSIN__RULE_ATTENTION) ? TOCSIN_ATTENTION_COUNT : 1;
    tocsin__rule_outlook outlook = {0, 0, 0};
    for (unsigned venue = 0; venue < venues; venue++) {
        for (unsigned attention = 0; attention < attentions; attention++) {
            for (size_t i = 0; i < count; i++) {
                const facts f = {(tocsin_venue)venue, cuts[i], (tocsin_attention)attention, wordless, proved};
                const int found = foresee(&f, (side){program->nodes, 0});
                outlook.may_hold |= (found & MAY_HOLD) != 0;
                outlook.may_fail |= (found & MAY_FAIL) != 0;
                outlook.sure |= found == MAY_HOLD;
            }
        }
    }
    return outlook;
}

tocsin_status tocsin__rule_foresee(const tocsin__rule_program *program, const tocsin_allocator *allocator,
                                   tocsin__rule_outlook *any, tocsin__rule_outlook *wordless) {
    uint8_t *proved = tocsin__allocate(allocator, program->node_count);
    if (!proved) return TOCSIN_ERROR_MEMORY;
    prove(program, proved);
    *any = foresee_all(program, proved, 0);
    *wordless = foresee_all(program, proved, 1);
    tocsin__deallocate(allocator, proved, program->node_count);
    return TOCSIN_OK;
}

/* ---- required topics ---- */

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

/* Adds b to a; topics of both are paid once. */
static void join(const finder *f, required *a, const required *b) {
    for (size_t t = tocsin__bits_next(b->topics, 0, f->topic_count); t < f->topic_count;
         t = tocsin__bits_next(b->topics, t + 1, f->topic_count)) {
        if (tocsin__bits_test(a->topics, t)) continue;
        tocsin__bits_set(a->topics, t);
        a->cost += f->costs[t];
    }
}

/* Some of the children must have this result: any set of `needed` of them has one that does. */
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
    /* The node fails if fewer than `holding` can still hold. */
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
