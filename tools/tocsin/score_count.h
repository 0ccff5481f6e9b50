#ifndef TOCSIN_TOOLS_SCORE_COUNT_H
#define TOCSIN_TOOLS_SCORE_COUNT_H

/* Verdicts counted against labels. */

#include <tocsin/tocsin.h>

#include "learn/labelled.h"

enum {
    SCORE_ALL,
    SCORE_CLEAR, /* labels that accept only one tier */
    SCORE_SETS
};

typedef struct score_pair {
    uint64_t found, right, wanted;
} score_pair;

typedef struct score_set {
    uint64_t documents;
    uint64_t same;                         /* the tier of the label */
    uint64_t accepted;                     /* a tier that the label accepts */
    uint64_t *confusion;                   /* by label and verdict, none first */
    score_pair *exact;                     /* by tier */
    score_pair *at_least;                  /* by tier: this tier or a higher one */
    score_pair *clauses;                   /* by clause, for documents whose label names clauses */
    score_pair venues[TOCSIN_VENUE_COUNT]; /* any tier */
    uint64_t venue_documents[TOCSIN_VENUE_COUNT];
} score_set;

typedef struct score_counts {
    const tocsin_plan_info *info;
    score_set sets[SCORE_SETS];
    uint64_t with_clauses;
} score_counts;

void score_counts_init(score_counts *counts, const tocsin_plan_info *info);
void score_counts_add(score_counts *counts, const labelled_document *label, const tocsin_verdict *verdict);
void score_counts_release(score_counts *counts);

/* Whether the label accepts a verdict. */
static inline int score_is_right(const labelled_document *label, const tocsin_verdict *verdict) {
    return (label->accept & labelled_tier_bit(verdict->tier)) != 0;
}

#endif
