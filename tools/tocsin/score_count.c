/* Counts verdicts against labels, once for all labels and once for the clear ones. */
#include "tocsin/score_count.h"

#include "feed/tool_memory.h"

void score_counts_init(score_counts *counts, const tocsin_plan_info *info) {
    const size_t rows = info->tier_count + 1;
    *counts = (score_counts){.info = info};
    for (int s = 0; s < SCORE_SETS; s++) {
        score_set *set = &counts->sets[s];
        set->confusion = tool_allocate(rows * rows, sizeof *set->confusion);
        set->exact = tool_allocate(rows, sizeof *set->exact);
        set->at_least = tool_allocate(rows, sizeof *set->at_least);
        set->clauses = tool_allocate(info->clause_count + 1, sizeof *set->clauses);
    }
}

void score_counts_release(score_counts *counts) {
    for (int s = 0; s < SCORE_SETS; s++) {
        tool_free(counts->sets[s].confusion);
        tool_free(counts->sets[s].exact);
        tool_free(counts->sets[s].at_least);
        tool_free(counts->sets[s].clauses);
    }
}

static void count(score_pair *pair, int wanted, int found) {
    pair->wanted += (uint64_t)wanted;
    pair->found += (uint64_t)found;
    pair->right += (uint64_t)(wanted && found);
}

static int holds(const tocsin_verdict *verdict, size_t clause) {
    for (size_t i = 0; i < verdict->clause_count; i++) {
        if (tocsin_verdict_clause(verdict, i)->index == clause) return 1;
    }
    return 0;
}

static void add(score_set *set, const tocsin_plan_info *info, const labelled_document *label,
                const tocsin_verdict *verdict) {
    const size_t columns = info->tier_count + 1;
    set->documents++;
    set->same += (uint64_t)(label->tier == verdict->tier);
    set->accepted += (uint64_t)score_is_right(label, verdict);
    set->confusion[(size_t)(label->tier + 1) * columns + (size_t)(verdict->tier + 1)]++;
    for (int32_t t = 0; t < (int32_t)info->tier_count; t++) {
        count(&set->exact[t], label->tier == t, verdict->tier == t);
        count(&set->at_least[t], label->tier >= t, verdict->tier >= t);
    }
    for (size_t c = 0; label->clauses && c < info->clause_count; c++) {
        count(&set->clauses[c], (int)(label->clauses[c / 64] >> c % 64 & 1), holds(verdict, c));
    }
    count(&set->venues[verdict->venue], label->tier >= 0, verdict->tier >= 0);
    set->venue_documents[verdict->venue]++;
}

void score_counts_add(score_counts *counts, const labelled_document *label, const tocsin_verdict *verdict) {
    add(&counts->sets[SCORE_ALL], counts->info, label, verdict);
    if (!labelled_is_open(label)) add(&counts->sets[SCORE_CLEAR], counts->info, label, verdict);
    counts->with_clauses += label->clauses != NULL;
}
