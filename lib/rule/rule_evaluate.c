/*
 * Conditions, by recursion over the nodes: depth is bounded by the compiler, "&" and "|" stop at the first part that
 * decides, and a topic over the whole document is one look at its count. So most clauses never touch a hit; those that
 * ask for places work on bitsets in the caller's scratch (rule_set.c).
 *
 * With `kept` set, what speaks for the expression sees those hits alone and what speaks against it sees all: that makes
 * "which hits make it hold" a question of growing sets, for the support and the least set.
 */
#include "rule/rule_evaluate.h"

#include "base/bitset.h"
#include "rule/rule_run.h"

/* Weights are single precision: 0.1 and 2.5 must add up as they are written. */
#define SCORE_TOLERANCE 1e-6

size_t tocsin__rule_scratch_size(const tocsin__rule_program *program, size_t hit_count) {
    size_t numbers = tocsin__rule_numbers(program->flags, hit_count) * sizeof(uint32_t);
    return program->slots * tocsin__bits_words(hit_count) * sizeof(uint64_t) + numbers;
}

void tocsin__rule_run_begin_at(tocsin__rule_run *run, const tocsin__rule_input *input, size_t slots, void *scratch) {
    size_t low = 0, high = input->hit_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (input->hits[middle].field == TOCSIN_FIELD_TITLE) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    run->memo = NULL;
    run->kept = NULL;
    run->input = input;
    run->words = tocsin__bits_words(input->hit_count);
    run->slots = scratch;
    run->numbers = scratch ? (uint32_t *)(void *)(run->slots + slots * run->words) : NULL;
    run->low = 0;
    run->high = input->hit_count;
    run->text_from = low;
    run->whole = 1;
    run->learned = 0;
}

void tocsin__rule_run_begin(tocsin__rule_run *run, const tocsin__rule_program *program, const tocsin__rule_input *input,
                            void *scratch, const uint64_t *kept) {
    tocsin__rule_run_begin_at(run, input, program->slots, scratch);
    run->nodes = program->nodes;
    run->parts = NULL;
    run->kept = kept;
}

typedef struct tally {
    uint64_t count;
    double score;
} tally;

/* All hits of a topic in the document, or those kept and those without a position. */
static tally topic_tally(const tocsin__rule_run *run, uint32_t topic) {
    tally total = {run->input->topic_counts[topic], run->input->topic_scores[topic]}, listed = {0, 0}, kept = {0, 0};
    if (!run->kept) return total;
    for (size_t i = 0; i < run->input->hit_count; i++) {
        const tocsin__rule_hit *hit = &run->input->hits[i];
        if (hit->topic != topic) continue;
        listed.count++;
        listed.score += (double)hit->weight;
        if (!tocsin__bits_test(run->kept, i)) continue;
        kept.count++;
        kept.score += (double)hit->weight;
    }
    if (kept.count == listed.count) return total;
    if (listed.count == total.count) return kept;
    return (tally){total.count - listed.count + kept.count, total.score - listed.score + kept.score};
}

static tally set_tally(tocsin__rule_run *run, uint32_t at) {
    tally sum = {0, 0};
    if (run->whole && run->nodes[at].kind == TOCSIN__RULE_TOPIC) {
        return topic_tally(run, (uint32_t)run->nodes[at].value);
    }
    tocsin__rule_fill(run, at, 0);
    const uint64_t *set = tocsin__rule_slot(run, 0);
    for (size_t word = tocsin__rule_first_word(run); word < tocsin__rule_end_word(run); word++) {
        sum.count += (uint64_t)__builtin_popcountll(set[word]);
        for (uint64_t left = set[word]; left; left &= left - 1) {
            sum.score += (double)run->input->hits[word * 64 + (size_t)__builtin_ctzll(left)].weight;
        }
    }
    return sum;
}

static int order(uint64_t a, uint64_t b) { return (a > b) - (a < b); }

static int order_scores(double a, double b) {
    double difference = a > b ? a - b : b - a, larger = a > b ? a : b;
    return difference <= SCORE_TOLERANCE * larger ? 0 : a > b ? 1 : -1;
}

static uint64_t distinct_terms(tocsin__rule_run *run, uint32_t set) {
    if (run->low == run->high) return 0;
    tocsin__rule_fill(run, set, 0);
    return tocsin__rule_count_terms(run, 0);
}

int tocsin__rule_outcome(tocsin__rule_run *run, uint32_t at) {
    const tocsin__rule_node *node = &run->nodes[at];
    switch (node->kind) {
        case TOCSIN__RULE_DISTINCT: return order(distinct_terms(run, at + 1), node->value);
        case TOCSIN__RULE_COUNT: return order(set_tally(run, at + 1).count, node->value);
        default: return order_scores(set_tally(run, at + 1).score, (double)node->value / 1e6);
    }
}

uint64_t tocsin__rule_measured(tocsin__rule_run *run, uint32_t at) {
    switch (run->nodes[at].kind) {
        case TOCSIN__RULE_DISTINCT: return distinct_terms(run, at + 1);
        case TOCSIN__RULE_COUNT: return set_tally(run, at + 1).count;
        default: return (uint64_t)(set_tally(run, at + 1).score * 1e6 + 0.5);
    }
}

/* The largest value of a set in the scope, 1 more than it is; 0: none has one. */
static uint64_t largest_value(tocsin__rule_run *run, uint32_t at) {
    uint64_t largest = 0;
    tocsin__rule_fill(run, at, 0);
    const uint64_t *set = tocsin__rule_slot(run, 0);
    for (size_t word = tocsin__rule_first_word(run); word < tocsin__rule_end_word(run); word++) {
        for (uint64_t left = set[word]; left; left &= left - 1) {
            const uint64_t value = run->input->hits[word * 64 + (size_t)__builtin_ctzll(left)].value;
            if (value > largest) largest = value;
        }
    }
    return largest;
}

/* Hits beyond the cap are known by the topic's largest value alone. */
uint64_t tocsin__rule_largest_value(tocsin__rule_run *run, uint32_t at) {
    const tocsin__rule_node *set = &run->nodes[at + 1];
    if (!run->whole || set->kind != TOCSIN__RULE_TOPIC) return largest_value(run, at + 1);
    const uint64_t total = run->input->topic_values ? run->input->topic_values[set->value] : 0;
    if (!run->kept || !total) return total;
    const uint64_t *kept = run->kept;
    const uint64_t some = largest_value(run, at + 1);
    run->kept = NULL;
    const uint64_t listed = largest_value(run, at + 1);
    run->kept = kept;
    return listed < total ? total : some;
}

int tocsin__rule_value_outcome(const tocsin__rule_node *node, uint64_t value) { return order(value - 1, node->value); }

/* No comparison holds without a value. */
static int value_holds(tocsin__rule_run *run, uint32_t at) {
    const tocsin__rule_node *node = &run->nodes[at];
    const uint64_t *kept = run->kept;
    const uint64_t some = tocsin__rule_largest_value(run, at);
    if (!some) return 0;
    const int outcome = tocsin__rule_value_outcome(node, some);
    if (!kept || node->compare == TOCSIN__RULE_GE || node->compare == TOCSIN__RULE_GT) {
        return tocsin__rule_satisfies(node->compare, outcome);
    }
    run->kept = NULL;
    const int all = tocsin__rule_value_outcome(node, tocsin__rule_largest_value(run, at));
    run->kept = kept;
    if (!tocsin__rule_satisfies(node->compare, all)) return 0;
    return node->compare == TOCSIN__RULE_LT || node->compare == TOCSIN__RULE_LE || outcome == all;
}

static int measure_holds(tocsin__rule_run *run, uint32_t at) {
    uint8_t compare = run->nodes[at].compare;
    const uint64_t *kept = run->kept;
    if (!kept || compare == TOCSIN__RULE_GE || compare == TOCSIN__RULE_GT) {
        return tocsin__rule_satisfies(compare, tocsin__rule_outcome(run, at));
    }
    run->kept = NULL;
    int all = tocsin__rule_outcome(run, at);
    run->kept = kept;
    if (!tocsin__rule_satisfies(compare, all)) return 0;
    if (compare == TOCSIN__RULE_LT || compare == TOCSIN__RULE_LE || all < 0) return 1;
    return tocsin__rule_outcome(run, at) == all;
}

static int topic_holds(const tocsin__rule_run *run, uint32_t topic) {
    if (run->whole) return run->kept ? topic_tally(run, topic).count > 0 : run->input->topic_counts[topic] > 0;
    if (!run->input->topic_counts[topic]) return 0;
    for (size_t i = run->low; i < run->high; i++) {
        if (run->input->hits[i].topic == topic && (!run->kept || tocsin__bits_test(run->kept, i))) return 1;
    }
    return 0;
}

static int any_part_holds(tocsin__rule_run *run, uint32_t at) {
    tocsin__rule_scope scope = tocsin__rule_scope_of(run);
    int holds = 0;
    for (size_t from = scope.low; !holds && from < scope.high;) {
        from = tocsin__rule_narrow_from(run, run->nodes[at].kind, from, scope.high);
        holds = tocsin__rule_holds_at(run, at + 1);
    }
    tocsin__rule_restore(run, scope);
    return holds;
}

static int list_holds(tocsin__rule_run *run, uint32_t at) {
    const tocsin__rule_node *node = &run->nodes[at];
    uint64_t holding = 0;
    for (uint32_t child = at + 1; child < node->end; child = run->nodes[child].end) {
        int holds = tocsin__rule_holds_at(run, child);
        if (node->kind == TOCSIN__RULE_AND && !holds) return 0;
        if (node->kind == TOCSIN__RULE_OR && holds) return 1;
        holding += (uint64_t)holds;
        if (node->kind == TOCSIN__RULE_ATLEAST && holding >= node->value) return 1;
    }
    return node->kind == TOCSIN__RULE_AND;
}

static int field_holds(tocsin__rule_run *run, uint32_t at) {
    tocsin__rule_scope scope = tocsin__rule_scope_of(run);
    tocsin__rule_narrow(run, run->nodes[at].value);
    int holds = tocsin__rule_holds_at(run, at + 1);
    tocsin__rule_restore(run, scope);
    return holds;
}

static int not_holds(tocsin__rule_run *run, uint32_t at) {
    const uint64_t *kept = run->kept;
    run->kept = NULL;
    int holds = !tocsin__rule_holds_at(run, at + 1);
    run->kept = kept;
    return holds;
}

static int tier_outcome(int32_t tier, uint64_t value) {
    int32_t wanted = value == UINT64_MAX ? -1 : (int32_t)value;
    return (tier > wanted) - (tier < wanted);
}

int tocsin__rule_holds_anew(tocsin__rule_run *run, uint32_t at) {
    const tocsin__rule_node *node = &run->nodes[at];
    const tocsin__rule_input *input = run->input;
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC: return topic_holds(run, (uint32_t)node->value);
        case TOCSIN__RULE_OR:
        case TOCSIN__RULE_AND:
        case TOCSIN__RULE_ATLEAST: return list_holds(run, at);
        case TOCSIN__RULE_NOT: return not_holds(run, at);
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER:
        case TOCSIN__RULE_UNLESS: tocsin__rule_fill(run, at, 0); return !tocsin__rule_is_empty(run, 0);
        case TOCSIN__RULE_SENTENCE:
        case TOCSIN__RULE_PARAGRAPH: return any_part_holds(run, at);
        case TOCSIN__RULE_FIELD: return field_holds(run, at);
        case TOCSIN__RULE_COUNT:
        case TOCSIN__RULE_DISTINCT:
        case TOCSIN__RULE_SCORE: return measure_holds(run, at);
        case TOCSIN__RULE_VALUE: return value_holds(run, at);
        case TOCSIN__RULE_REACH: return tocsin__rule_satisfies(node->compare, order(input->reach, node->value));
        case TOCSIN__RULE_ATTENTION:
            return tocsin__rule_satisfies(node->compare, order((uint64_t)input->attention, node->value));
        case TOCSIN__RULE_TIER: return tocsin__rule_satisfies(node->compare, tier_outcome(input->tier, node->value));
        case TOCSIN__RULE_VENUE: return (int)(node->value >> input->venue & 1) == (node->compare == TOCSIN__RULE_EQ);
        case TOCSIN__RULE_LEARNED:
            return tocsin__rule_satisfies(node->compare,
                                          order(tocsin__rule_learned(input, node), (uint32_t)node->value));
        case TOCSIN__RULE_CLAUSE: return tocsin__bits_test(input->clauses_held, (size_t)node->value);
        default: return 0;
    }
}

int tocsin__rule_holds(const tocsin__rule_program *program, const tocsin__rule_input *input, void *scratch) {
    return tocsin__rule_holds_with(program, input, scratch, NULL);
}

int tocsin__rule_holds_with(const tocsin__rule_program *program, const tocsin__rule_input *input, void *scratch,
                            const uint64_t *kept) {
    tocsin__rule_run run;
    tocsin__rule_run_begin(&run, program, input, scratch, kept);
    return tocsin__rule_holds_at(&run, 0);
}
