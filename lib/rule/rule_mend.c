/*
 * The cheapest changes of words that turn an expression around: every part gives the cost of making it hold and of
 * making it fail, "&" adds, "|" takes the least, "!" swaps. That is a count of leaves to change, and two changes may
 * get in each other's way. So the changes that are told are made in a copy of the hits as well (rule_edit.c), and
 * rule_explain.c, which sets the facts, offers them only when the expression holds over that copy.
 */
#include "rule/rule_mend.h"
#include "rule/rule_witness.h"

#include "base/bitset.h"

static uint64_t add(uint64_t a, uint64_t b) {
    return a >= TOCSIN__RULE_UNKNOWN || b >= TOCSIN__RULE_UNKNOWN ? TOCSIN__RULE_NEVER : a + b;
}

/* How many parts of a list must come out as wanted, for the list to. */
static uint64_t required(const tocsin__rule_node *node, int wanted, uint64_t parts) {
    switch (node->kind) {
        case TOCSIN__RULE_AND: return wanted ? parts : 1;
        case TOCSIN__RULE_OR: return wanted ? 1 : parts;
        default: return wanted ? node->value : parts - node->value + 1;
    }
}

/* The cheapest parts of a list, the first ones of equals; those that are as wanted already cost nothing. */
static uint64_t mend_list(tocsin__rule_mender *m, uint32_t at, int wanted, int emit) {
    const tocsin__rule_node *nodes = m->run.nodes;
    uint64_t parts = 0, total = 0, i = 0;
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end) parts++;
    uint64_t *costs = tocsin__arena_allocate(m->arena, parts * sizeof *costs);
    if (!costs) {
        m->status = TOCSIN_ERROR_MEMORY;
        return TOCSIN__RULE_NEVER;
    }
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end) {
        costs[i++] = tocsin__rule_mend(m, child, wanted, 0);
    }
    uint64_t need = required(&nodes[at], wanted, parts);
    i = 0;
    for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end, i++) {
        uint64_t rank = 0;
        for (uint64_t j = 0; need < parts && j < parts; j++) {
            rank += costs[j] < costs[i] || (costs[j] == costs[i] && j < i);
        }
        if (rank >= need) continue;
        total = add(total, costs[i]);
        if (emit && costs[i]) (void)tocsin__rule_mend(m, child, wanted, 1);
    }
    return total;
}

/* The missing side of a pair, to be within reach of the hit `anchor` of the other side. */
static void mend_beside(tocsin__rule_mender *m, uint32_t at, uint32_t missing, uint32_t anchor) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const uint32_t first = at + 1, second = m->run.nodes[first].end;
    const int after = (node->kind == TOCSIN__RULE_AFTER) != (missing == second); /* is it to be the later one? */
    const char *where = m->where;
    const tocsin__rule_place place = m->edit->place;
    m->where = tocsin__rule_say(m, "within %llu characters %s %s", (unsigned long long)node->value,
                                node->kind == TOCSIN__RULE_NEAR ? "of"
                                : after                         ? "after"
                                                                : "before",
                                tocsin__rule_say_node(m, missing == first ? second : first));
    m->edit->place.anchored = anchor < m->edit->hits.length;
    m->edit->place.anchor = anchor;
    m->edit->place.side = node->kind == TOCSIN__RULE_NEAR ? 0 : after ? 1 : -1;
    (void)tocsin__rule_mend(m, missing, 1, 1);
    m->edit->place = place;
    m->where = where;
}

static void tell_pair(tocsin__rule_mender *m, uint32_t at, int has_first, int has_second) {
    const uint32_t first = at + 1, second = m->run.nodes[first].end;
    if (has_first || has_second) {
        tocsin__rule_fill(&m->run, has_first ? first : second, 0);
        const uint64_t *there = tocsin__rule_slot(&m->run, 0);
        const size_t anchor = tocsin__bits_next(there, m->run.low, m->run.high);
        mend_beside(m, at, has_first ? second : first, anchor < m->run.high ? (uint32_t)anchor : UINT32_MAX);
        return;
    }
    m->edit->last = UINT32_MAX;
    (void)tocsin__rule_mend(m, first, 1, 1);
    mend_beside(m, at, second, m->edit->last);
}

static uint64_t mend_pair(tocsin__rule_mender *m, uint32_t at, int wanted, int emit) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const int unless = node->kind == TOCSIN__RULE_UNLESS;
    uint32_t first = at + 1, second = m->run.nodes[first].end;
    int has_first = tocsin__rule_holds_at(&m->run, first);
    int has_second = unless || tocsin__rule_holds_at(&m->run, second);
    if (!wanted) {
        if (emit) tocsin__rule_say_holds(m, at);
        return m->costs.word;
    }
    if (has_first && has_second) {
        if (emit && unless) tocsin__rule_say_blocked(m, at);
        if (emit && !unless) tocsin__rule_say_far(m, at);
        return m->costs.word;
    }
    if (unless) return tocsin__rule_mend(m, first, 1, emit);
    uint64_t cost = has_first ? 0 : tocsin__rule_mend(m, first, 1, 0);
    if (!has_second) cost = add(cost, tocsin__rule_mend(m, second, 1, 0));
    if (emit) tell_pair(m, at, has_first, has_second);
    return cost;
}

/* In the sentence or paragraph where least is missing, or in a new one. */
static uint64_t mend_part(tocsin__rule_mender *m, uint32_t at, int emit) {
    tocsin__rule_scope scope = tocsin__rule_scope_of(&m->run), best_scope = {scope.low, scope.low, 0};
    const char *where = m->where;
    uint8_t kind = m->run.nodes[at].kind;
    if (tocsin__rule_holds_at(&m->run, at + 1)) {
        if (emit) tocsin__rule_say_scope(m, at);
        return m->costs.word;
    }
    m->where = kind == TOCSIN__RULE_SENTENCE ? "in the same sentence" : "in the same paragraph";
    tocsin__rule_restore(&m->run, best_scope);
    uint64_t best = tocsin__rule_mend(m, at + 1, 1, 0);
    int hit_missing = !best; /* nothing but a sentence or paragraph to hold in */
    if (hit_missing) best = m->costs.word;
    for (size_t from = scope.low; from < scope.high;) {
        size_t end = tocsin__rule_narrow_from(&m->run, kind, from, scope.high);
        uint64_t cost = tocsin__rule_mend(m, at + 1, 1, 0);
        if (cost < best || (cost == best && best_scope.low == best_scope.high)) {
            best = cost;
            best_scope = tocsin__rule_scope_of(&m->run);
        }
        from = end;
    }
    tocsin__rule_restore(&m->run, best_scope);
    if (emit && hit_missing && best_scope.low == best_scope.high) {
        tocsin__rule_say_scope(m, at);
    } else if (emit && best != TOCSIN__RULE_NEVER) {
        const tocsin__rule_place place = m->edit->place;
        if (best_scope.low == best_scope.high) {
            tocsin__rule_edit_new_part(m->edit);
        } else {
            tocsin__rule_edit_old_part(m->edit, (uint32_t)best_scope.high - 1);
        }
        (void)tocsin__rule_mend(m, at + 1, 1, 1);
        m->edit->place = place;
    }
    tocsin__rule_restore(&m->run, scope);
    m->where = where;
    return best;
}

/* No sentence or paragraph may hold any more: its words, or where it holds without any, what else makes it. */
static uint64_t unmend_part(tocsin__rule_mender *m, uint32_t at, int emit) {
    tocsin__rule_scope scope = tocsin__rule_scope_of(&m->run);
    uint64_t cost = m->costs.word;
    int words = 0;
    for (size_t i = 0; i < m->run.words; i++) m->support[i] = 0;
    tocsin__rule_add_witness(&m->run, at, m->support);
    for (size_t i = 0; i < m->run.words; i++) words |= m->support[i] != 0;
    if (words) {
        if (emit) tocsin__rule_say_holds(m, at);
        return cost;
    }
    for (size_t from = scope.low; from < scope.high;) {
        from = tocsin__rule_narrow_from(&m->run, m->run.nodes[at].kind, from, scope.high);
        if (!tocsin__rule_holds_at(&m->run, at + 1)) continue;
        cost = tocsin__rule_mend(m, at + 1, 0, emit);
        break;
    }
    tocsin__rule_restore(&m->run, scope);
    return cost;
}

static uint64_t mend_field(tocsin__rule_mender *m, uint32_t at, int wanted, int emit) {
    tocsin__rule_scope scope = tocsin__rule_scope_of(&m->run);
    const char *where = m->where;
    if (wanted && tocsin__rule_holds_at(&m->run, at + 1)) {
        if (emit) tocsin__rule_say_scope(m, at);
        return m->costs.word;
    }
    const tocsin__rule_place place = m->edit->place;
    if (!place.anchored && !place.part) { /* beside a hit or in a sentence says more */
        m->where = m->run.nodes[at].value == TOCSIN_FIELD_TITLE ? "in the title" : "in the text";
    }
    m->edit->place.title = m->run.nodes[at].value == TOCSIN_FIELD_TITLE;
    tocsin__rule_narrow(&m->run, m->run.nodes[at].value);
    uint64_t cost = tocsin__rule_mend(m, at + 1, wanted, emit);
    tocsin__rule_restore(&m->run, scope);
    m->edit->place = place;
    m->where = where;
    return cost;
}

static uint64_t mend_measure(tocsin__rule_mender *m, uint32_t at, int wanted, int emit) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    if (!node->value && tocsin__rule_wanted(node, wanted) == TOCSIN__RULE_LT) return TOCSIN__RULE_NEVER;
    if (emit) tocsin__rule_say_measure(m, at, wanted);
    return m->costs.word;
}

/* No value is under 0; without a value it fails, whatever it compares. */
static uint64_t mend_value(tocsin__rule_mender *m, uint32_t at, int wanted, int emit) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    if (wanted && !node->value && node->compare == TOCSIN__RULE_LT) return TOCSIN__RULE_NEVER;
    if (emit) tocsin__rule_say_value(m, at, wanted);
    return m->costs.word;
}

static uint64_t mend_node(tocsin__rule_mender *m, uint32_t at, int wanted, int emit) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC:
            if (emit) tocsin__rule_say_topic(m, at, wanted);
            return m->costs.word;
        case TOCSIN__RULE_OR:
        case TOCSIN__RULE_AND:
        case TOCSIN__RULE_ATLEAST: return mend_list(m, at, wanted, emit);
        case TOCSIN__RULE_NOT: return tocsin__rule_mend(m, at + 1, !wanted, emit);
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER:
        case TOCSIN__RULE_UNLESS: return mend_pair(m, at, wanted, emit);
        case TOCSIN__RULE_SENTENCE:
        case TOCSIN__RULE_PARAGRAPH: return wanted ? mend_part(m, at, emit) : unmend_part(m, at, emit);
        case TOCSIN__RULE_FIELD: return mend_field(m, at, wanted, emit);
        case TOCSIN__RULE_COUNT:
        case TOCSIN__RULE_DISTINCT:
        case TOCSIN__RULE_SCORE: return mend_measure(m, at, wanted, emit);
        case TOCSIN__RULE_VALUE: return mend_value(m, at, wanted, emit);
        case TOCSIN__RULE_TIER:
        case TOCSIN__RULE_CLAUSE:
            if (emit) tocsin__rule_say_verdict(m, at, wanted);
            return m->costs.verdict;
        case TOCSIN__RULE_LEARNED:
            if (emit) tocsin__rule_say_learned(m, at, wanted);
            return m->costs.word;
        default: return TOCSIN__RULE_NEVER;
    }
}

uint64_t tocsin__rule_mend(tocsin__rule_mender *m, uint32_t at, int wanted, int emit) {
    uint64_t *memo = &m->memo[2 * (size_t)at + (size_t)wanted];
    int lasting = m->run.whole && !(m->run.nodes[at].flags & TOCSIN__RULE_HAS_FACTS);
    if (m->status) return TOCSIN__RULE_NEVER;
    if (!emit && lasting && *memo != TOCSIN__RULE_UNKNOWN) return *memo;
    if (tocsin__rule_holds_at(&m->run, at) == wanted) return 0;
    if (m->refused[2 * (size_t)at + (size_t)wanted]) return TOCSIN__RULE_NEVER;
    if (emit) m->wanted = wanted;
    uint64_t cost = mend_node(m, at, wanted, emit);
    if (lasting) *memo = cost;
    return cost;
}
