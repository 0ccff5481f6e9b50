/*
 * Finds the cheapest changes of words that reverse the result of an expression. Every part has a cost to make it hold
 * and a cost to make it fail: "&" adds, "|" takes the least, "!" swaps. The cost counts leaves to change, and two
 * changes may interfere with each other. So the changes are also made in a copy of the hits (rule_edit.c), and
 * rule_explain.c, which sets the facts, offers them only if the expression holds over that copy.
 */
#include "rule/rule_counterfactual.h"
#include "rule/rule_witness.h"

#include "base/bitset.h"

/* Hits on the left of "unless" that are tried, to find the one with the fewest blockers. */
#define MOST_TRIED 64

tocsin__rule_change *tocsin__rule_add_change(tocsin__rule_search *m, uint32_t at, tocsin__rule_change_kind kind) {
    const tocsin__rule_change made = {.kind = kind, .node = at, .wanted = m->wanted, .where = m->where};
    m->last = 2 * (size_t)at + (size_t)m->wanted;
    if (!m->status) m->status = tocsin__vec_push(&m->changes, &m->arena->allocator, made);
    return m->status ? NULL : &m->changes.data[m->changes.length - 1];
}

/* Lists the hits of a bitset that are in the scope. */
static void show_hits(tocsin__rule_search *m, tocsin__rule_change *o, const uint64_t *bits) {
    if (!o) return;
    size_t total = tocsin__bits_count(bits, m->run.low, m->run.high), at = m->run.low;
    size_t count = total < TOCSIN__RULE_OBSTACLE_HITS ? total : TOCSIN__RULE_OBSTACLE_HITS;
    uint32_t *hits = tocsin__arena_allocate(m->arena, count * sizeof *hits);
    if (!hits) {
        m->status = TOCSIN_ERROR_MEMORY;
        return;
    }
    for (size_t i = 0; i < count; i++, at++) {
        at = tocsin__bits_next(bits, at, m->run.high);
        hits[i] = (uint32_t)at;
    }
    o->hits = hits;
    o->hit_count = count;
    o->hit_total = total;
}

static void show_set(tocsin__rule_search *m, tocsin__rule_change *o, uint32_t at) {
    if (m->run.low == m->run.high) return;
    tocsin__rule_fill(&m->run, at, 0);
    show_hits(m, o, tocsin__rule_slot(&m->run, 0));
}

static void show_witness(tocsin__rule_search *m, tocsin__rule_change *o, uint32_t at) {
    for (size_t i = 0; i < m->run.words; i++) m->witness[i] = 0;
    tocsin__rule_add_witness(&m->run, at, m->witness);
    show_hits(m, o, m->witness);
}

/* ---- the same in the copy of the hits ---- */

static void add_hit(tocsin__rule_search *m, uint64_t topic, float weight) {
    tocsin__rule_edit_add(m->edit, m->arena, (uint32_t)topic, weight, m->next_term++);
}

static void remove_hits(tocsin__rule_search *m, const uint64_t *bits) {
    for (size_t i = m->run.low; i < m->run.high; i++) {
        i = tocsin__bits_next(bits, i, m->run.high);
        if (i == m->run.high) break;
        tocsin__rule_edit_remove(m->edit, (uint32_t)i);
    }
}

/* Adds hits that make one more member of a set; the weight of the member is that of its first hit. */
static void add_member(tocsin__rule_search *m, uint32_t at, float weight) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const uint32_t first = at + 1;
    tocsin__rule_place place = m->edit->place;
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC: add_hit(m, node->value, weight); return;
        case TOCSIN__RULE_FIELD:
            m->edit->place.title = node->value == TOCSIN_FIELD_TITLE;
            add_member(m, first, weight);
            m->edit->place = place;
            return;
        default: break;
    }
    add_member(m, first, weight);
    if (node->kind == TOCSIN__RULE_OR || node->kind == TOCSIN__RULE_UNLESS) return;
    const uint32_t member = m->edit->last;
    m->edit->place.anchored = 1;
    m->edit->place.anchor = member;
    m->edit->place.side = node->kind == TOCSIN__RULE_NEAR ? 0 : node->kind == TOCSIN__RULE_BEFORE ? 1 : -1;
    add_member(m, m->run.nodes[first].end, 1);
    m->edit->place = place;
    m->edit->last = member;
}

/* Members that are added one by one; of more, of a topic, only the count is raised, as for hits beyond the cap. */
#define MOST_ADDED 64

static void raise_measure(tocsin__rule_search *m, uint32_t at, uint64_t by) {
    const tocsin__rule_node *node = &m->run.nodes[at], *set = &m->run.nodes[at + 1];
    if (node->kind == TOCSIN__RULE_SCORE) {
        add_member(m, at + 1, (float)((double)by / 1e6));
        return;
    }
    if (by > MOST_ADDED && m->run.whole && set->kind == TOCSIN__RULE_TOPIC && node->kind == TOCSIN__RULE_COUNT) {
        m->edit->topic_counts[set->value] += by - 1;
        by = 1;
    }
    for (uint64_t i = 0; i < by && i < MOST_ADDED; i++) add_member(m, at + 1, 1);
}

/* Removes members, the last terms first, until at most `to` are left. */
static void lower_measure(tocsin__rule_search *m, uint32_t at, uint64_t to) {
    const tocsin__rule_node *node = &m->run.nodes[at], *set = &m->run.nodes[at + 1];
    const tocsin__rule_hit *hits = m->run.input->hits;
    uint64_t *members = tocsin__rule_slot(&m->run, 0);
    uint64_t left = tocsin__rule_measured(&m->run, at);
    if (!to && m->run.whole && set->kind == TOCSIN__RULE_TOPIC) {
        tocsin__rule_edit_remove_topic(m->edit, (uint32_t)set->value);
        return;
    }
    if (m->run.low == m->run.high) return;
    tocsin__rule_fill(&m->run, at + 1, 0);
    for (size_t i = m->run.high; i-- > m->run.low && left > to;) {
        if (!tocsin__bits_test(members, i)) continue;
        uint64_t weight = node->kind == TOCSIN__RULE_SCORE ? (uint64_t)((double)hits[i].weight * 1e6 + 0.5) : 1;
        for (size_t j = m->run.low; node->kind == TOCSIN__RULE_DISTINCT && j < i; j++) {
            if (!tocsin__bits_test(members, j) || hits[j].term != hits[i].term) continue;
            tocsin__bits_clear(members, j);
            tocsin__rule_edit_remove(m->edit, (uint32_t)j);
        }
        tocsin__rule_edit_remove(m->edit, (uint32_t)i);
        left -= weight < left ? weight : left;
    }
}

/* Makes a measure satisfy `compare`. */
static void change_measure(tocsin__rule_search *m, uint32_t at, uint8_t compare) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const uint64_t value = tocsin__rule_measured(&m->run, at), asked = node->value;
    const int outcome = tocsin__rule_outcome(&m->run, at);
    const uint64_t step = node->kind == TOCSIN__RULE_SCORE ? 1000000 : 1;
    if (compare & TOCSIN__RULE_EQ) {
        if (outcome < 0) raise_measure(m, at, asked - value);
        if (outcome > 0) lower_measure(m, at, asked);
    } else if (compare & TOCSIN__RULE_GT) {
        raise_measure(m, at, (asked > value ? asked - value : 0) + step);
    } else {
        lower_measure(m, at, asked > step ? asked - step : 0);
    }
}

/* Removes the members of a set whose values are over `most`; values are stored plus 1. */
static void remove_values(tocsin__rule_search *m, uint32_t at, uint64_t most) {
    const tocsin__rule_node *set = &m->run.nodes[at + 1];
    const tocsin__rule_hit *hits = m->run.input->hits;
    if (m->run.whole && set->kind == TOCSIN__RULE_TOPIC && m->edit->hidden_values[set->value] > most) {
        tocsin__rule_edit_remove_topic(m->edit, (uint32_t)set->value);
        return;
    }
    if (m->run.low == m->run.high) return;
    tocsin__rule_fill(&m->run, at + 1, 0);
    for (size_t i = m->run.low; i < m->run.high; i++) {
        if (!tocsin__bits_test(tocsin__rule_slot(&m->run, 0), i) || hits[i].value <= most) continue;
        tocsin__rule_edit_remove(m->edit, (uint32_t)i);
    }
}

/* Makes the largest value of a set satisfy the comparison, or removes all values, which satisfies none. */
static void change_value(tocsin__rule_search *m, uint32_t at, int wanted) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const uint64_t one = 1000000, asked = node->value;
    uint64_t value = asked;
    if (!wanted) {
        remove_values(m, at, 0);
        return;
    }
    if (!(node->compare & TOCSIN__RULE_EQ)) {
        value = node->compare & TOCSIN__RULE_GT ? asked + one : asked > one ? asked - one : 0;
    }
    if (!(node->compare & TOCSIN__RULE_GT)) remove_values(m, at, value + 1);
    m->edit->value = value + 1;
    add_member(m, at + 1, 1);
    m->edit->value = 0;
}

/* ---- one change each ---- */

static void change_topic(tocsin__rule_search *m, uint32_t at, int wanted) {
    if (wanted) {
        (void)tocsin__rule_add_change(m, at, TOCSIN__RULE_ADD_TOPIC);
        add_hit(m, m->run.nodes[at].value, 1);
        return;
    }
    show_set(m, tocsin__rule_add_change(m, at, TOCSIN__RULE_REMOVE_TOPIC), at);
    if (m->run.whole) {
        tocsin__rule_edit_remove_topic(m->edit, (uint32_t)m->run.nodes[at].value);
    } else if (m->run.low < m->run.high) {
        remove_hits(m, tocsin__rule_slot(&m->run, 0));
    }
}

typedef struct pair {
    uint32_t a, b;
    uint64_t gap; /* folded code points; UINT64_MAX: there is no pair in one field */
    int in_order; /* a ends at or before the start of b */
} pair;

static void offer(pair *best, uint32_t a, uint32_t b, uint64_t gap, int in_order, int ordered) {
    if (ordered && best->in_order && !in_order) return;
    if (gap < best->gap || (ordered && in_order && !best->in_order)) *best = (pair){a, b, gap, in_order};
}

/*
 * The nearest pair of a hit of slot `earlier` and one of slot `later`; if order matters, a pair in order, if there is
 * one.
 */
static pair nearest(const tocsin__rule_run *run, uint32_t earlier, uint32_t later, int ordered) {
    const uint64_t *sets[2] = {tocsin__rule_slot(run, earlier), tocsin__rule_slot(run, later)};
    const tocsin__rule_hit *hits = run->input->hits;
    pair best = {0, 0, UINT64_MAX, 0};
    uint32_t last[2] = {UINT32_MAX, UINT32_MAX}; /* the hit of each side that ends last */
    for (size_t i = run->low; i < run->high; i++) {
        int is[2] = {tocsin__bits_test(sets[0], i), tocsin__bits_test(sets[1], i)};
        for (int side = 0; side < 2; side++) {
            uint32_t other = last[!side];
            if (!is[side] || other == UINT32_MAX || hits[other].field != hits[i].field) continue;
            uint64_t gap = hits[i].start > hits[other].end ? hits[i].start - hits[other].end : 0;
            int in_order = side == 1 && hits[other].end <= hits[i].start;
            offer(&best, side ? other : (uint32_t)i, side ? (uint32_t)i : other, gap, in_order, ordered);
        }
        for (int side = 0; side < 2; side++) {
            if (!is[side]) continue;
            int farther = last[side] == UINT32_MAX || hits[last[side]].field != hits[i].field ||
                          hits[i].end >= hits[last[side]].end;
            if (farther) last[side] = (uint32_t)i;
        }
    }
    return best;
}

/* Moves a hit of the right operand beside one of the left operand, or adds a copy of it there. */
static void bring_together(tocsin__rule_search *m, uint32_t at, const pair *found) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const tocsin__rule_place place = m->edit->place;
    uint32_t left, right;
    if (found->gap == UINT64_MAX) {
        left = (uint32_t)tocsin__bits_next(tocsin__rule_slot(&m->run, 0), m->run.low, m->run.high);
        right = (uint32_t)tocsin__bits_next(tocsin__rule_slot(&m->run, 1), m->run.low, m->run.high);
    } else {
        left = node->kind == TOCSIN__RULE_AFTER ? found->b : found->a;
        right = node->kind == TOCSIN__RULE_AFTER ? found->a : found->b;
    }
    if (left >= m->run.high || right >= m->run.high) return; /* beyond the cap: their position is unknown */
    const tocsin__rule_hit *moved = &m->run.input->hits[right];
    m->edit->place.anchored = 1;
    m->edit->place.anchor = left;
    m->edit->place.side = node->kind == TOCSIN__RULE_NEAR ? 0 : node->kind == TOCSIN__RULE_BEFORE ? 1 : -1;
    m->edit->value = moved->value;
    tocsin__rule_edit_add(m->edit, m->arena, moved->topic, moved->weight, moved->term);
    m->edit->value = 0;
    if (left != right && !m->adds_partner) tocsin__rule_edit_remove(m->edit, right);
    m->moved = 1;
    m->edit->place = place;
}

static void bring_near(tocsin__rule_search *m, uint32_t at) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    int after = node->kind == TOCSIN__RULE_AFTER, ordered = after || node->kind == TOCSIN__RULE_BEFORE;
    tocsin__rule_fill(&m->run, at + 1, 0);
    tocsin__rule_fill(&m->run, m->run.nodes[at + 1].end, 1);
    pair found = after ? nearest(&m->run, 1, 0, 1) : nearest(&m->run, 0, 1, ordered);
    tocsin__rule_change *change = tocsin__rule_add_change(m, at, TOCSIN__RULE_BRING_NEAR);
    for (size_t i = 0; i < m->run.words; i++) m->witness[i] = 0;
    if (found.gap != UINT64_MAX) {
        tocsin__bits_set(m->witness, found.a);
        tocsin__bits_set(m->witness, found.b);
    }
    if (change) {
        change->now = found.gap;
        change->in_order = found.in_order;
    }
    show_hits(m, change, m->witness);
    bring_together(m, at, &found);
}

/* Leaves in slot 1 the hits that block the hit `a`; returns how many. */
static size_t blockers(tocsin__rule_search *m, uint32_t second, size_t a, uint64_t distance) {
    const tocsin__rule_hit *hits = m->run.input->hits, *mine = &hits[a];
    uint64_t *set = tocsin__rule_slot(&m->run, 1);
    size_t count = 0;
    tocsin__rule_fill(&m->run, second, 1);
    for (size_t i = m->run.low; i < m->run.high; i++) {
        const tocsin__rule_hit *first = i < a ? &hits[i] : mine, *last = i < a ? mine : &hits[i];
        int near = i != a && first->field == last->field && last->start <= first->end + distance;
        if (near && tocsin__bits_test(set, i)) {
            count++;
        } else {
            tocsin__bits_clear(set, i);
        }
    }
    return count;
}

/* Removes the hits of the right operand of "unless" that block the left hit with the fewest blockers. */
static void clear_blocked(tocsin__rule_search *m, uint32_t at) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    uint32_t second = m->run.nodes[at + 1].end;
    size_t best = m->run.high, fewest = SIZE_MAX, tried = 0;
    tocsin__rule_change *change = tocsin__rule_add_change(m, at, TOCSIN__RULE_CLEAR_BLOCKED);
    if (m->run.low == m->run.high) return;
    tocsin__rule_fill(&m->run, at + 1, 0);
    for (size_t i = m->run.low; i < m->run.high && tried < MOST_TRIED; i++) {
        if (!tocsin__bits_test(tocsin__rule_slot(&m->run, 0), i)) continue;
        size_t count = blockers(m, second, i, node->value);
        tried++;
        if (count >= fewest) continue;
        fewest = count;
        best = i;
    }
    if (best == m->run.high) return;
    (void)blockers(m, second, best, node->value);
    show_hits(m, change, tocsin__rule_slot(&m->run, 1));
    remove_hits(m, tocsin__rule_slot(&m->run, 1));
}

static void bring_into_scope(tocsin__rule_search *m, uint32_t at) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    show_witness(m, tocsin__rule_add_change(m, at, TOCSIN__RULE_INTO_SCOPE), at + 1);
    const tocsin__rule_place place = m->edit->place;
    if (node->kind == TOCSIN__RULE_FIELD) m->edit->place.title = node->value == TOCSIN_FIELD_TITLE;
    tocsin__rule_edit_copy(m->edit, m->arena, m->witness, m->run.low, m->run.high);
    m->edit->place = place;
}

static void undo(tocsin__rule_search *m, uint32_t at) {
    show_witness(m, tocsin__rule_add_change(m, at, TOCSIN__RULE_UNDO), at);
    remove_hits(m, m->witness);
}

static void emit_measure(tocsin__rule_search *m, uint32_t at, int wanted) {
    tocsin__rule_change *change = tocsin__rule_add_change(m, at, TOCSIN__RULE_MEASURE);
    if (change) change->now = tocsin__rule_measured(&m->run, at);
    if (tocsin__rule_outcome(&m->run, at) >= 0) show_set(m, change, at + 1);
    change_measure(m, at, tocsin__rule_wanted(&m->run.nodes[at], wanted));
}

static void emit_value(tocsin__rule_search *m, uint32_t at, int wanted) {
    const uint64_t value = tocsin__rule_largest_value(&m->run, at);
    tocsin__rule_change *change =
        tocsin__rule_add_change(m, at, value ? TOCSIN__RULE_BEST_VALUE : TOCSIN__RULE_ANY_VALUE);
    if (change && value) change->now = value - 1;
    if (value) show_set(m, change, at + 1);
    change_value(m, at, wanted);
}

static void emit_learned(tocsin__rule_search *m, uint32_t at) {
    tocsin__rule_change *change = tocsin__rule_add_change(m, at, TOCSIN__RULE_SCORE_LEARNED);
    if (change) change->now = tocsin__rule_learned(m->run.input, &m->run.nodes[at]);
}

/* A tier that satisfies the comparison with the given one; there may be none. */
static int32_t tier_for(uint8_t compare, uint64_t value, size_t tiers) {
    const int32_t asked = value == UINT64_MAX ? TOCSIN_TIER_NONE : (int32_t)value;
    if (compare & TOCSIN__RULE_EQ) return asked;
    if (compare & TOCSIN__RULE_GT && asked + 1 < (int32_t)tiers) return asked + 1;
    return compare & TOCSIN__RULE_LT && asked > TOCSIN_TIER_NONE ? asked - 1 : asked;
}

static void emit_verdict(tocsin__rule_search *m, uint32_t at, int wanted) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const int clause = node->kind == TOCSIN__RULE_CLAUSE;
    tocsin__rule_change *change =
        tocsin__rule_add_change(m, at, clause ? TOCSIN__RULE_VERDICT_CLAUSE : TOCSIN__RULE_VERDICT_TIER);
    if (change) change->tier = m->input.tier;
    if (m->edit->status) return;
    if (clause && m->input.clauses_held) {
        m->edit->clauses[node->value / 64] ^= (uint64_t)1 << node->value % 64;
    } else if (!clause) {
        m->edit->tier = tier_for(tocsin__rule_wanted(node, wanted), node->value, m->names->tier_count);
    }
}

/* ---- the cheapest ---- */

static uint64_t add(uint64_t a, uint64_t b) {
    return a >= TOCSIN__RULE_UNKNOWN || b >= TOCSIN__RULE_UNKNOWN ? TOCSIN__RULE_NEVER : a + b;
}

/* How many parts of a list must have the wanted result so that the list has it. */
static uint64_t needed(const tocsin__rule_node *node, int wanted, uint64_t parts) {
    switch (node->kind) {
        case TOCSIN__RULE_AND: return wanted ? parts : 1;
        case TOCSIN__RULE_OR: return wanted ? 1 : parts;
        default: return wanted ? node->value : parts - node->value + 1;
    }
}

/* The cheapest parts of a list, the first of equal ones; parts with the wanted result cost nothing. */
static uint64_t list_changes(tocsin__rule_search *m, uint32_t at, int wanted, int emit) {
    const tocsin__rule_node *nodes = m->run.nodes;
    uint64_t parts = 0, total = 0, i = 0;
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end) parts++;
    uint64_t *costs = tocsin__arena_allocate(m->arena, parts * sizeof *costs);
    if (!costs) {
        m->status = TOCSIN_ERROR_MEMORY;
        return TOCSIN__RULE_NEVER;
    }
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end) {
        costs[i++] = tocsin__rule_find_changes(m, child, wanted, 0);
    }
    uint64_t need = needed(&nodes[at], wanted, parts);
    i = 0;
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end, i++) {
        uint64_t rank = 0;
        for (uint64_t j = 0; need < parts && j < parts; j++) {
            rank += costs[j] < costs[i] || (costs[j] == costs[i] && j < i);
        }
        if (rank >= need) continue;
        total = add(total, costs[i]);
        if (emit && costs[i]) (void)tocsin__rule_find_changes(m, child, wanted, 1);
    }
    return total;
}

/* Adds the missing side of a pair, within reach of the hit `anchor` of the other side. */
static void add_beside(tocsin__rule_search *m, uint32_t at, uint32_t missing, uint32_t anchor) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const uint32_t first = at + 1, second = m->run.nodes[first].end;
    const int after = (node->kind == TOCSIN__RULE_AFTER) != (missing == second); /* must it be the later one? */
    const tocsin__rule_where where = m->where;
    const tocsin__rule_place place = m->edit->place;
    m->where.kind = node->kind == TOCSIN__RULE_NEAR ? TOCSIN__RULE_AROUND
                    : after                         ? TOCSIN__RULE_BEHIND
                                                    : TOCSIN__RULE_AHEAD;
    m->where.distance = node->value;
    m->where.node = missing == first ? second : first;
    m->edit->place.anchored = anchor < m->edit->hits.length;
    m->edit->place.anchor = anchor;
    m->edit->place.side = node->kind == TOCSIN__RULE_NEAR ? 0 : after ? 1 : -1;
    (void)tocsin__rule_find_changes(m, missing, 1, 1);
    m->edit->place = place;
    m->where = where;
}

static void emit_pair(tocsin__rule_search *m, uint32_t at, int has_first, int has_second) {
    const uint32_t first = at + 1, second = m->run.nodes[first].end;
    if (has_first || has_second) {
        tocsin__rule_fill(&m->run, has_first ? first : second, 0);
        const uint64_t *there = tocsin__rule_slot(&m->run, 0);
        const size_t anchor = tocsin__bits_next(there, m->run.low, m->run.high);
        add_beside(m, at, has_first ? second : first, anchor < m->run.high ? (uint32_t)anchor : UINT32_MAX);
        return;
    }
    m->edit->last = UINT32_MAX;
    (void)tocsin__rule_find_changes(m, first, 1, 1);
    add_beside(m, at, second, m->edit->last);
}

static uint64_t pair_changes(tocsin__rule_search *m, uint32_t at, int wanted, int emit) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const int unless = node->kind == TOCSIN__RULE_UNLESS;
    uint32_t first = at + 1, second = m->run.nodes[first].end;
    int has_first = tocsin__rule_holds_at(&m->run, first);
    int has_second = unless || tocsin__rule_holds_at(&m->run, second);
    if (!wanted) {
        if (emit) undo(m, at);
        return m->costs.word;
    }
    if (has_first && has_second) {
        if (emit && unless) clear_blocked(m, at);
        if (emit && !unless) bring_near(m, at);
        return m->costs.word;
    }
    if (unless) return tocsin__rule_find_changes(m, first, 1, emit);
    uint64_t cost = has_first ? 0 : tocsin__rule_find_changes(m, first, 1, 0);
    if (!has_second) cost = add(cost, tocsin__rule_find_changes(m, second, 1, 0));
    if (emit) emit_pair(m, at, has_first, has_second);
    return cost;
}

/* Makes changes in the sentence or paragraph that lacks the least, or in a new one. */
static uint64_t part_changes(tocsin__rule_search *m, uint32_t at, int emit) {
    tocsin__rule_scope scope = tocsin__rule_scope_of(&m->run), best_scope = {scope.low, scope.low, 0};
    const tocsin__rule_where where = m->where;
    uint8_t kind = m->run.nodes[at].kind;
    if (tocsin__rule_holds_at(&m->run, at + 1)) {
        if (emit) bring_into_scope(m, at);
        return m->costs.word;
    }
    m->where.kind = kind == TOCSIN__RULE_SENTENCE ? TOCSIN__RULE_IN_SENTENCE : TOCSIN__RULE_IN_PARAGRAPH;
    tocsin__rule_restore(&m->run, best_scope);
    uint64_t best = tocsin__rule_find_changes(m, at + 1, 1, 0);
    int hit_missing = !best; /* there is no sentence or paragraph yet */
    if (hit_missing) best = m->costs.word;
    for (size_t from = scope.low; from < scope.high;) {
        size_t end = tocsin__rule_narrow_from(&m->run, kind, from, scope.high);
        uint64_t cost = tocsin__rule_find_changes(m, at + 1, 1, 0);
        if (cost < best || (cost == best && best_scope.low == best_scope.high)) {
            best = cost;
            best_scope = tocsin__rule_scope_of(&m->run);
        }
        from = end;
    }
    tocsin__rule_restore(&m->run, best_scope);
    if (emit && hit_missing && best_scope.low == best_scope.high) {
        bring_into_scope(m, at);
    } else if (emit && best != TOCSIN__RULE_NEVER) {
        const tocsin__rule_place place = m->edit->place;
        if (best_scope.low == best_scope.high) {
            tocsin__rule_edit_new_part(m->edit);
        } else {
            tocsin__rule_edit_old_part(m->edit, (uint32_t)best_scope.high - 1);
        }
        (void)tocsin__rule_find_changes(m, at + 1, 1, 1);
        m->edit->place = place;
    }
    tocsin__rule_restore(&m->run, scope);
    m->where = where;
    return best;
}

/*
 * No sentence or paragraph may hold any more: removes its words or, if it holds without any, changes whatever else
 * makes it hold.
 */
static uint64_t undo_part(tocsin__rule_search *m, uint32_t at, int emit) {
    tocsin__rule_scope scope = tocsin__rule_scope_of(&m->run);
    uint64_t cost = m->costs.word;
    int words = 0;
    for (size_t i = 0; i < m->run.words; i++) m->witness[i] = 0;
    tocsin__rule_add_witness(&m->run, at, m->witness);
    for (size_t i = 0; i < m->run.words; i++) words |= m->witness[i] != 0;
    if (words) {
        if (emit) undo(m, at);
        return cost;
    }
    for (size_t from = scope.low; from < scope.high;) {
        from = tocsin__rule_narrow_from(&m->run, m->run.nodes[at].kind, from, scope.high);
        if (!tocsin__rule_holds_at(&m->run, at + 1)) continue;
        cost = tocsin__rule_find_changes(m, at + 1, 0, emit);
        break;
    }
    tocsin__rule_restore(&m->run, scope);
    return cost;
}

static uint64_t field_changes(tocsin__rule_search *m, uint32_t at, int wanted, int emit) {
    tocsin__rule_scope scope = tocsin__rule_scope_of(&m->run);
    const tocsin__rule_where where = m->where;
    if (wanted && tocsin__rule_holds_at(&m->run, at + 1)) {
        if (emit) bring_into_scope(m, at);
        return m->costs.word;
    }
    const tocsin__rule_place place = m->edit->place;
    if (!place.anchored && !place.part) { /* "beside a hit" and "in a sentence" say more */
        m->where.kind = m->run.nodes[at].value == TOCSIN_FIELD_TITLE ? TOCSIN__RULE_IN_TITLE : TOCSIN__RULE_IN_TEXT;
    }
    m->edit->place.title = m->run.nodes[at].value == TOCSIN_FIELD_TITLE;
    tocsin__rule_narrow(&m->run, m->run.nodes[at].value);
    uint64_t cost = tocsin__rule_find_changes(m, at + 1, wanted, emit);
    tocsin__rule_restore(&m->run, scope);
    m->edit->place = place;
    m->where = where;
    return cost;
}

static uint64_t measure_changes(tocsin__rule_search *m, uint32_t at, int wanted, int emit) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    if (!node->value && tocsin__rule_wanted(node, wanted) == TOCSIN__RULE_LT) return TOCSIN__RULE_NEVER;
    if (emit) emit_measure(m, at, wanted);
    return m->costs.word;
}

/* No value is below 0; a comparison without a value fails. */
static uint64_t value_changes(tocsin__rule_search *m, uint32_t at, int wanted, int emit) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    if (wanted && !node->value && node->compare == TOCSIN__RULE_LT) return TOCSIN__RULE_NEVER;
    if (emit) emit_value(m, at, wanted);
    return m->costs.word;
}

static uint64_t node_changes(tocsin__rule_search *m, uint32_t at, int wanted, int emit) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC:
            if (emit) change_topic(m, at, wanted);
            return m->costs.word;
        case TOCSIN__RULE_OR:
        case TOCSIN__RULE_AND:
        case TOCSIN__RULE_ATLEAST: return list_changes(m, at, wanted, emit);
        case TOCSIN__RULE_NOT: return tocsin__rule_find_changes(m, at + 1, !wanted, emit);
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER:
        case TOCSIN__RULE_UNLESS: return pair_changes(m, at, wanted, emit);
        case TOCSIN__RULE_SENTENCE:
        case TOCSIN__RULE_PARAGRAPH: return wanted ? part_changes(m, at, emit) : undo_part(m, at, emit);
        case TOCSIN__RULE_FIELD: return field_changes(m, at, wanted, emit);
        case TOCSIN__RULE_COUNT:
        case TOCSIN__RULE_DISTINCT:
        case TOCSIN__RULE_SCORE: return measure_changes(m, at, wanted, emit);
        case TOCSIN__RULE_VALUE: return value_changes(m, at, wanted, emit);
        case TOCSIN__RULE_TIER:
        case TOCSIN__RULE_CLAUSE:
            if (emit) emit_verdict(m, at, wanted);
            return m->costs.verdict;
        case TOCSIN__RULE_LEARNED:
            if (emit) emit_learned(m, at);
            return m->costs.word;
        default: return TOCSIN__RULE_NEVER;
    }
}

uint64_t tocsin__rule_find_changes(tocsin__rule_search *m, uint32_t at, int wanted, int emit) {
    uint64_t *known = &m->known[2 * (size_t)at + (size_t)wanted];
    int lasting = m->run.whole && !(m->run.nodes[at].flags & TOCSIN__RULE_HAS_FACTS);
    if (m->status) return TOCSIN__RULE_NEVER;
    if (!emit && lasting && *known != TOCSIN__RULE_UNKNOWN) return *known;
    if (tocsin__rule_holds_at(&m->run, at) == wanted) return 0;
    if (m->refused[2 * (size_t)at + (size_t)wanted]) return TOCSIN__RULE_NEVER;
    if (emit) m->wanted = wanted;
    uint64_t cost = node_changes(m, at, wanted, emit);
    if (lasting) *known = cost;
    return cost;
}
