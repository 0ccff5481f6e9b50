/*
 * Finds the hits that make a clause hold. It walks down twice: through the conditions that hold, and inside a set from
 * the members that count to the hits that made them members, because evidence shows both sides of a pair, though only
 * the left one is a member.
 *
 * The minimal witness is found in three steps. First it chooses: down the tree, the lightest part of every "|", and the
 * first members of every set with their partners. Then it prunes: it leaves out every hit that can be left out, the
 * latest first. Finally, because the first two steps can miss a hit that serves two purposes, it tries all smaller sets
 * of hits of the witness in order, if they are few enough. To find the smallest set is a covering problem, so for large
 * documents the pruned set is the result. An expression that holds with some hits holds with more (rule_eval.c), so it
 * is enough that no single hit can be left out.
 */
#include "rule/rule_witness.h"

#include <string.h>

#include "base/bitset.h"
#include "base/vec.h"
#include "rule/rule_eval_internal.h"

/* The allowed work, in hits times visited nodes: about a tenth of a second, and a few tenths. */
#define SEARCH_BUDGET ((uint64_t)1 << 26)
#define PRUNE_BUDGET ((uint64_t)1 << 30)

/* Members of a set whose partners are searched one by one; if there are more, the whole witness is used. */
#define MOST_MEMBERS 256

/* ---- every hit that takes part ---- */

static void copy(const tocsin__rule_run *run, uint32_t from, uint32_t to) {
    const uint64_t *source = tocsin__rule_slot(run, from);
    uint64_t *target = tocsin__rule_slot(run, to);
    for (size_t i = tocsin__rule_first_word(run); i < tocsin__rule_end_word(run); i++) target[i] = source[i];
}

static void intersect(const tocsin__rule_run *run, uint32_t slot, uint32_t with, uint32_t result) {
    const uint64_t *a = tocsin__rule_slot(run, slot), *b = tocsin__rule_slot(run, with);
    uint64_t *out = tocsin__rule_slot(run, result);
    for (size_t i = tocsin__rule_first_word(run); i < tocsin__rule_end_word(run); i++) out[i] = a[i] & b[i];
}

/* Drops bits outside the scope, which a slot of a wider scope may have. */
static void copy_narrowed(const tocsin__rule_run *run, uint32_t from, uint32_t to) {
    uint64_t *target = tocsin__rule_slot(run, to);
    if (run->low == run->high) return;
    copy(run, from, to);
    target[run->low / 64] &= UINT64_MAX << (run->low & 63);
    target[(run->high - 1) / 64] &= UINT64_MAX >> (63 - ((run->high - 1) & 63));
}

/* Keeps in slot `partners` the hits of the right operand that keep members of the left one. */
static void keep_partners(tocsin__rule_run *run, uint32_t at, uint32_t members, uint32_t partners) {
    const uint64_t distance = run->nodes[at].value;
    tocsin__rule_fill(run, run->nodes[at + 1].end, partners);
    switch (run->nodes[at].kind) {
        case TOCSIN__RULE_BEFORE: tocsin__rule_keep_after(run, members, partners, distance); break;
        case TOCSIN__RULE_AFTER: tocsin__rule_keep_ahead(run, partners, members, distance); break;
        default:
            tocsin__rule_clear(run, partners + 1);
            tocsin__rule_mark_near(run, partners, members, distance, partners + 1);
            copy(run, partners + 1, partners);
            break;
    }
}

static void witness_set(tocsin__rule_run *run, uint32_t at, uint32_t members, uint64_t *out) {
    const tocsin__rule_node *node = &run->nodes[at];
    const uint64_t *set = tocsin__rule_slot(run, members);
    uint32_t spare = members + 1;
    tocsin__rule_scope scope;
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC:
            for (size_t i = tocsin__rule_first_word(run); i < tocsin__rule_end_word(run); i++) out[i] |= set[i];
            break;
        case TOCSIN__RULE_OR:
            for (uint32_t child = at + 1; child < node->end; child = run->nodes[child].end) {
                tocsin__rule_fill(run, child, spare);
                intersect(run, spare, members, spare);
                witness_set(run, child, spare, out);
            }
            break;
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER:
            witness_set(run, at + 1, members, out);
            keep_partners(run, at, members, spare);
            witness_set(run, run->nodes[at + 1].end, spare, out);
            break;
        case TOCSIN__RULE_UNLESS: witness_set(run, at + 1, members, out); break;
        default:
            scope = tocsin__rule_scope_of(run);
            tocsin__rule_narrow(run, node->value);
            copy_narrowed(run, members, spare);
            if (run->low < run->high) witness_set(run, at + 1, spare, out);
            tocsin__rule_restore(run, scope);
            break;
    }
}

static void witness_all(tocsin__rule_run *run, uint32_t at, uint64_t *out) {
    if (run->low == run->high) return;
    tocsin__rule_fill(run, at, 0);
    witness_set(run, at, 0, out);
}

static void witness_parts(tocsin__rule_run *run, uint32_t at, uint64_t *out) {
    tocsin__rule_scope scope = tocsin__rule_scope_of(run);
    for (size_t from = scope.low; from < scope.high;) {
        from = tocsin__rule_narrow_from(run, run->nodes[at].kind, from, scope.high);
        if (tocsin__rule_holds_at(run, at + 1)) tocsin__rule_add_witness(run, at + 1, out);
    }
    tocsin__rule_restore(run, scope);
}

/* An upper bound is a negation: only hits counted for a lower bound support. */
static int counts_towards(tocsin__rule_run *run, uint32_t at) {
    switch (run->nodes[at].compare) {
        case TOCSIN__RULE_GE:
        case TOCSIN__RULE_GT:
        case TOCSIN__RULE_EQ: return 1;
        case TOCSIN__RULE_NE: return tocsin__rule_outcome(run, at) > 0;
        default: return 0;
    }
}

/* Keeps in slot 0, the set of a value node that holds, the hits whose values make it hold. */
static void keep_values(tocsin__rule_run *run, uint32_t at) {
    const tocsin__rule_node *node = &run->nodes[at];
    const int over = tocsin__rule_value_outcome(node, tocsin__rule_largest_value(run, at)) > 0;
    tocsin__rule_fill(run, at + 1, 0);
    uint64_t *set = tocsin__rule_slot(run, 0);
    for (size_t i = run->low; i < run->high; i++) {
        const uint64_t value = run->input->hits[i].value;
        const int outcome = value ? tocsin__rule_value_outcome(node, value) : 0;
        const int counts = value && tocsin__rule_satisfies(node->compare, outcome) &&
                           (node->compare != TOCSIN__RULE_NE || (outcome > 0) == over);
        if (!counts) set[i / 64] &= ~((uint64_t)1 << (i & 63));
    }
}

static void witness_values(tocsin__rule_run *run, uint32_t at, uint64_t *out) {
    if (run->low == run->high) return;
    keep_values(run, at);
    witness_set(run, at + 1, 0, out);
}

void tocsin__rule_add_witness(tocsin__rule_run *run, uint32_t at, uint64_t *out) {
    const tocsin__rule_node *node = &run->nodes[at];
    tocsin__rule_scope scope;
    switch (node->kind) {
        case TOCSIN__RULE_OR:
        case TOCSIN__RULE_AND:
        case TOCSIN__RULE_ATLEAST:
            for (uint32_t child = at + 1; child < node->end; child = run->nodes[child].end) {
                if (tocsin__rule_holds_at(run, child)) tocsin__rule_add_witness(run, child, out);
            }
            break;
        case TOCSIN__RULE_TOPIC:
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER:
        case TOCSIN__RULE_UNLESS: witness_all(run, at, out); break;
        case TOCSIN__RULE_SENTENCE:
        case TOCSIN__RULE_PARAGRAPH: witness_parts(run, at, out); break;
        case TOCSIN__RULE_FIELD:
            scope = tocsin__rule_scope_of(run);
            tocsin__rule_narrow(run, node->value);
            tocsin__rule_add_witness(run, at + 1, out);
            tocsin__rule_restore(run, scope);
            break;
        case TOCSIN__RULE_COUNT:
        case TOCSIN__RULE_DISTINCT:
        case TOCSIN__RULE_SCORE:
            if (counts_towards(run, at)) witness_all(run, at + 1, out);
            break;
        case TOCSIN__RULE_VALUE: witness_values(run, at, out); break;
        case TOCSIN__RULE_LEARNED:
            if (node->compare == TOCSIN__RULE_GE || node->compare == TOCSIN__RULE_GT)
                run->learned |= UINT64_C(1) << (node->value >> TOCSIN__RULE_WEIGHTS_SHIFT);
            break;
        default: break;
    }
}

uint64_t tocsin__rule_witness(const tocsin__rule_program *program, const tocsin__rule_input *input, void *scratch,
                              uint64_t *out) {
    tocsin__rule_run run;
    tocsin__rule_run_begin(&run, program, input, scratch, NULL);
    for (size_t i = 0; i < run.words; i++) out[i] = 0;
    tocsin__rule_add_witness(&run, 0, out);
    return run.learned;
}

/* ---- the fewest that do ---- */

typedef struct chooser {
    tocsin__rule_run run;
    const tocsin_allocator *allocator;
    TOCSIN_VEC(uint32_t) picks;  /* a stack of segments */
    TOCSIN_VEC(uint32_t) bounds; /* starts of segments, also a stack */
    int all;                     /* there are too many to choose from */
    tocsin_status status;
} chooser;

static void choose(chooser *c, uint32_t at);
static void choose_for(chooser *c, uint32_t at, uint32_t member);

static void pick(chooser *c, size_t hit) {
    if (!c->status) c->status = tocsin__vec_push(&c->picks, c->allocator, (uint32_t)hit);
}

static void begin_segment(chooser *c) {
    if (!c->status) c->status = tocsin__vec_push(&c->bounds, c->allocator, (uint32_t)c->picks.length);
}

/* Keeps the `wanted` shortest of the segments that began since `base`; of equal ones the first. */
static void keep_shortest(chooser *c, size_t base, uint64_t wanted) {
    begin_segment(c);
    if (c->status) return;
    const uint32_t *bounds = c->bounds.data + base;
    size_t segments = c->bounds.length - base - 1, to = bounds[0];
    for (size_t i = 0; i < segments; i++) {
        size_t length = bounds[i + 1] - bounds[i];
        uint64_t rank = 0;
        for (size_t j = 0; j < segments; j++) {
            size_t other = bounds[j + 1] - bounds[j];
            rank += other < length || (other == length && j < i);
        }
        if (rank >= wanted) continue;
        if (length) memmove(c->picks.data + to, c->picks.data + bounds[i], length * sizeof *c->picks.data);
        to += length;
    }
    c->picks.length = to;
    c->bounds.length = base;
}

static int member_of(chooser *c, uint32_t at, uint32_t hit) {
    tocsin__rule_fill(&c->run, at, 0);
    return tocsin__bits_test(tocsin__rule_slot(&c->run, 0), hit);
}

static int near_enough(const tocsin__rule_hit *a, const tocsin__rule_hit *b, uint64_t distance) {
    const tocsin__rule_hit *first = a->start <= b->start ? a : b, *second = first == a ? b : a;
    return a->field == b->field && second->start <= first->end + distance;
}

/* Whether a hit of the right operand of a node keeps `mine`. */
static int is_partner(const tocsin__rule_node *node, const tocsin__rule_hit *mine, const tocsin__rule_hit *other) {
    if (!near_enough(mine, other, node->value)) return 0;
    if (node->kind == TOCSIN__RULE_BEFORE) return other->start >= mine->end;
    return node->kind != TOCSIN__RULE_AFTER || other->end <= mine->start;
}

/* The nearest partner, in the order of hits, of a member of a near, before or after node. */
static uint32_t partner(chooser *c, uint32_t at, uint32_t member) {
    const tocsin__rule_node *node = &c->run.nodes[at];
    const tocsin__rule_hit *hits = c->run.input->hits;
    uint32_t best = UINT32_MAX, best_distance = UINT32_MAX;
    tocsin__rule_fill(&c->run, c->run.nodes[at + 1].end, 0);
    const uint64_t *set = tocsin__rule_slot(&c->run, 0);
    for (size_t i = c->run.low; i < c->run.high; i++) {
        uint32_t distance = i < member ? member - (uint32_t)i : (uint32_t)i - member;
        if (i == member || !tocsin__bits_test(set, i) || distance >= best_distance) continue;
        if (!is_partner(node, &hits[member], &hits[i])) continue;
        best = (uint32_t)i;
        best_distance = distance;
    }
    return best;
}

static void choose_pair(chooser *c, uint32_t at, uint32_t member) {
    uint32_t other = partner(c, at, member);
    choose_for(c, at + 1, member);
    if (other != UINT32_MAX) choose_for(c, c->run.nodes[at + 1].end, other);
}

/* Picks hits that make `member` a member of the set at a node. */
static void choose_for(chooser *c, uint32_t at, uint32_t member) {
    const tocsin__rule_node *node = &c->run.nodes[at];
    tocsin__rule_scope scope = tocsin__rule_scope_of(&c->run);
    size_t base = c->bounds.length;
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC: pick(c, member); break;
        case TOCSIN__RULE_OR:
            for (uint32_t child = at + 1; child < node->end; child = c->run.nodes[child].end) {
                if (!member_of(c, child, member)) continue;
                begin_segment(c);
                choose_for(c, child, member);
            }
            keep_shortest(c, base, 1);
            break;
        case TOCSIN__RULE_FIELD:
            tocsin__rule_narrow(&c->run, node->value);
            choose_for(c, at + 1, member);
            tocsin__rule_restore(&c->run, scope);
            break;
        case TOCSIN__RULE_UNLESS: choose_for(c, at + 1, member); break;
        default: choose_pair(c, at, member); break;
    }
}

/* Picks the hits that make the first `wanted` members of the set at a node; the members are in slot 0. */
static void choose_of_slot(chooser *c, uint32_t at, uint64_t wanted) {
    size_t base = c->picks.length, members;
    const uint64_t *set = tocsin__rule_slot(&c->run, 0);
    for (size_t i = c->run.low; wanted > 0; i++, wanted--) {
        i = tocsin__bits_next(set, i, c->run.high);
        if (i == c->run.high) break;
        pick(c, i);
    }
    members = c->picks.length - base;
    if (c->status || !members || c->run.nodes[at].kind == TOCSIN__RULE_TOPIC) return;
    if (members > MOST_MEMBERS) {
        c->all = 1;
        return;
    }
    for (size_t i = 0; i < members && !c->status; i++) choose_for(c, at, c->picks.data[base + i]);
    if (c->status) return;
    c->picks.length -= members;
    memmove(c->picks.data + base, c->picks.data + base + members, (c->picks.length - base) * sizeof *c->picks.data);
}

static void choose_members(chooser *c, uint32_t at, uint64_t wanted) {
    if (c->run.low == c->run.high) return;
    tocsin__rule_fill(&c->run, at, 0);
    choose_of_slot(c, at, wanted);
}

static void choose_value(chooser *c, uint32_t at) {
    if (c->run.low == c->run.high) return;
    keep_values(&c->run, at);
    choose_of_slot(c, at + 1, 1);
}

static void choose_part(chooser *c, uint32_t at) {
    tocsin__rule_scope scope = tocsin__rule_scope_of(&c->run);
    size_t base = c->bounds.length;
    for (size_t from = scope.low; from < scope.high && !c->status;) {
        from = tocsin__rule_narrow_from(&c->run, c->run.nodes[at].kind, from, scope.high);
        if (!tocsin__rule_holds_at(&c->run, at + 1)) continue;
        begin_segment(c);
        choose(c, at + 1);
        if (c->bounds.length == base + 2) {
            keep_shortest(c, base, 1);
            if (!c->status) c->status = tocsin__vec_push(&c->bounds, c->allocator, c->bounds.data[base]);
        }
    }
    c->bounds.length = base;
    tocsin__rule_restore(&c->run, scope);
}

static void choose_counted(chooser *c, uint32_t at) {
    const tocsin__rule_node *node = &c->run.nodes[at];
    int outcome = tocsin__rule_outcome(&c->run, at);
    uint64_t wanted = node->value;
    if (node->compare == TOCSIN__RULE_LT || node->compare == TOCSIN__RULE_LE || outcome < 0) return;
    if (node->kind == TOCSIN__RULE_SCORE) wanted = UINT64_MAX;
    if (node->compare == TOCSIN__RULE_GT || node->compare == TOCSIN__RULE_NE) wanted += wanted < UINT64_MAX;
    choose_members(c, at + 1, wanted);
}

static void choose(chooser *c, uint32_t at) {
    const tocsin__rule_node *node = &c->run.nodes[at];
    tocsin__rule_scope scope = tocsin__rule_scope_of(&c->run);
    size_t base = c->bounds.length;
    switch (node->kind) {
        case TOCSIN__RULE_AND:
            for (uint32_t child = at + 1; child < node->end; child = c->run.nodes[child].end) choose(c, child);
            break;
        case TOCSIN__RULE_OR:
        case TOCSIN__RULE_ATLEAST:
            for (uint32_t child = at + 1; child < node->end; child = c->run.nodes[child].end) {
                if (!tocsin__rule_holds_at(&c->run, child)) continue;
                begin_segment(c);
                choose(c, child);
            }
            keep_shortest(c, base, node->kind == TOCSIN__RULE_OR ? 1 : node->value);
            break;
        case TOCSIN__RULE_TOPIC:
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER:
        case TOCSIN__RULE_UNLESS: choose_members(c, at, 1); break;
        case TOCSIN__RULE_SENTENCE:
        case TOCSIN__RULE_PARAGRAPH: choose_part(c, at); break;
        case TOCSIN__RULE_FIELD:
            tocsin__rule_narrow(&c->run, node->value);
            choose(c, at + 1);
            tocsin__rule_restore(&c->run, scope);
            break;
        case TOCSIN__RULE_COUNT:
        case TOCSIN__RULE_DISTINCT:
        case TOCSIN__RULE_SCORE: choose_counted(c, at); break;
        case TOCSIN__RULE_VALUE: choose_value(c, at); break;
        default: break;
    }
}

typedef struct search {
    const tocsin__rule_program *program;
    const tocsin__rule_input *input;
    void *scratch;
    uint64_t *kept;
    uint64_t cost; /* of one evaluation */
    uint64_t left; /* of the budget */
} search;

static int does(search *s) {
    s->left = s->left > s->cost ? s->left - s->cost : 0;
    return tocsin__rule_holds_with(s->program, s->input, s->scratch, s->kept);
}

/* Leaves out every hit that can be left out, the latest first; 0 if the budget was not enough. */
static int prune(search *s) {
    s->left = PRUNE_BUDGET;
    for (size_t i = s->input->hit_count; i-- > 0;) {
        if (!tocsin__bits_test(s->kept, i)) continue;
        if (!s->left) return 0;
        tocsin__bits_clear(s->kept, i);
        if (!does(s)) tocsin__bits_set(s->kept, i);
    }
    return 1;
}

/* Whether all sets of up to `size` of `count` hits can be tried. */
static int affordable(const search *s, size_t count, size_t size) {
    uint64_t sets = 1, total = 1, most = SEARCH_BUDGET / s->cost;
    for (size_t k = 1; k <= size; k++) {
        sets = sets * (count - k + 1) / k;
        total += sets;
        if (sets > most || total > most) return 0;
    }
    return 1;
}

/*
 * Tries sets of exactly `size` candidates in order; the first one that holds stays in kept. at: room for size indexes.
 */
static int try_size(search *s, const uint32_t *candidates, size_t count, size_t size, size_t *at) {
    for (size_t i = 0; i < size; i++) at[i] = i;
    for (;;) {
        memset(s->kept, 0, tocsin__bits_words(s->input->hit_count) * sizeof *s->kept);
        for (size_t i = 0; i < size; i++) tocsin__bits_set(s->kept, candidates[at[i]]);
        if (does(s)) return 1;
        size_t moving = size;
        while (moving > 0 && at[moving - 1] == count - size + moving - 1) moving--;
        if (!moving) return 0;
        at[moving - 1]++;
        for (size_t i = moving; i < size; i++) at[i] = at[i - 1] + 1;
    }
}

/* Looks for the smallest set among the hits of the witness; 0 if there are too many sets to try. */
static int search_all(search *s, const uint64_t *witness, tocsin__arena *arena, tocsin_status *status) {
    size_t hits = s->input->hit_count, count = tocsin__bits_count(witness, 0, hits), n = 0;
    size_t size = tocsin__bits_count(s->kept, 0, hits);
    if (!affordable(s, count, size)) return 0;
    uint32_t *candidates = tocsin__arena_allocate(arena, count * sizeof *candidates);
    size_t *at = tocsin__arena_allocate(arena, size * sizeof *at);
    if (!candidates || !at) {
        *status = TOCSIN_ERROR_MEMORY;
        return 0;
    }
    for (size_t i = tocsin__bits_next(witness, 0, hits); i < hits; i = tocsin__bits_next(witness, i + 1, hits)) {
        candidates[n++] = (uint32_t)i;
    }
    for (size_t k = 0; k <= size; k++) {
        if (try_size(s, candidates, count, k, at)) return 1;
    }
    return 0;
}

static tocsin_status choose_first(search *s, const uint64_t *witness, tocsin__arena *arena) {
    size_t words = tocsin__bits_words(s->input->hit_count);
    chooser c;
    memset(&c, 0, sizeof c);
    c.allocator = &arena->allocator;
    tocsin__rule_run_begin(&c.run, s->program, s->input, s->scratch, NULL);
    choose(&c, 0);
    memset(s->kept, 0, words * sizeof *s->kept);
    for (size_t i = 0; i < c.picks.length; i++) tocsin__bits_set(s->kept, c.picks.data[i]);
    if (!c.status && (c.all || !does(s))) memcpy(s->kept, witness, words * sizeof *s->kept);
    tocsin__vec_release(&c.picks, c.allocator);
    tocsin__vec_release(&c.bounds, c.allocator);
    return c.status;
}

tocsin_status tocsin__rule_find_minimal(const tocsin__rule_program *program, const tocsin__rule_input *input,
                                        void *scratch, tocsin__arena *arena, tocsin__rule_minimal *minimal) {
    size_t words = tocsin__bits_words(input->hit_count), n = 0;
    uint64_t *witness = tocsin__arena_allocate(arena, words * sizeof *witness);
    uint64_t *kept = tocsin__arena_allocate(arena, words * sizeof *kept);
    search s = {program, input, scratch, kept, 0, SEARCH_BUDGET};
    s.cost = ((uint64_t)input->hit_count + 16) * program->node_count;
    if (!witness || !kept) return TOCSIN_ERROR_MEMORY;
    tocsin__rule_witness(program, input, scratch, witness);
    tocsin_status status = choose_first(&s, witness, arena);
    if (status) return status;
    int exact = prune(&s) && search_all(&s, witness, arena, &status);
    size_t count = tocsin__bits_count(kept, 0, input->hit_count);
    uint32_t *hits = tocsin__arena_allocate(arena, count * sizeof *hits);
    if (status || !hits) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < input->hit_count; i++) {
        if (tocsin__bits_test(kept, i)) hits[n++] = (uint32_t)i;
    }
    *minimal = (tocsin__rule_minimal){hits, count, exact};
    return TOCSIN_OK;
}
