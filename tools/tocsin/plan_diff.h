#ifndef TOCSIN_TOOLS_PLAN_DIFF_H
#define TOCSIN_TOOLS_PLAN_DIFF_H

/* Compares two plans on the same documents: counts, and the words that made the difference. */

#include <tocsin/tocsin.h>

#define DIFF_SAMPLES 3 /* examples for a term and each way */

/* The direction of a document's change. */
enum {
    DIFF_GAINED, /* it has a new clause */
    DIFF_LOST,   /* it has lost a clause */
    DIFF_WAYS
};

/* A term of evidence on only one side, in documents whose clauses differ. */
typedef struct diff_term {
    char *topic, *term;
    uint64_t documents[DIFF_WAYS];
    char *samples[DIFF_WAYS][DIFF_SAMPLES]; /* "id: text" with the term marked; NULL after the last */
    uint64_t last;                          /* the last counted document */
    unsigned last_ways;
} diff_term;

typedef struct plan_diff {
    const tocsin_plan_info *sides[2]; /* old and new */
    uint64_t documents, changed;
    uint64_t about[2];    /* documents about the subject, by side */
    uint64_t *tiers;      /* documents by old and new tier; the last of each counts those without a tier */
    uint64_t *clauses[2]; /* by side and clause: documents in which it holds on that side only, matched by id */
    diff_term **terms;    /* by hash */
    size_t term_count, term_capacity;
} plan_diff;

void plan_diff_init(plan_diff *diff, const tocsin_plan_info *old, const tocsin_plan_info *new);
void plan_diff_release(plan_diff *diff);

/* Counts one document by its two verdicts. */
void plan_diff_add(plan_diff *diff, const tocsin_document *document, const tocsin_verdict *old,
                   const tocsin_verdict *new);

/* The terms, those of most documents first. Owned by the diff; their number is *count. */
diff_term **plan_diff_sorted(plan_diff *diff, size_t *count);

#endif
