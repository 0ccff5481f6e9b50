#ifndef TOCSIN_TOOLS_PLAN_DIFF_H
#define TOCSIN_TOOLS_PLAN_DIFF_H

/* What another plan says of the same documents: counted, with the words that made the difference. */

#include <tocsin/tocsin.h>

#define DIFF_SAMPLES 3 /* of a term, and of what it did */

/* Which way a document went. */
enum {
    DIFF_GAINED, /* it has a clause that it had not */
    DIFF_LOST,   /* it has not one that it had */
    DIFF_WAYS
};

/* A term of evidence that stands on one side only, in documents whose clauses differ. */
typedef struct diff_term {
    char *topic, *term;
    uint64_t documents[DIFF_WAYS];
    char *samples[DIFF_WAYS][DIFF_SAMPLES]; /* "id: text" with the term marked; NULL from the first that is missing */
    uint64_t last;                          /* document that was counted */
    unsigned last_ways;
} diff_term;

typedef struct plan_diff {
    const tocsin_plan_info *sides[2]; /* old and new */
    uint64_t documents, changed;
    uint64_t about[2];    /* documents about the subject of a side's plan */
    uint64_t *tiers;      /* documents by old tier and new tier; the last of each is none */
    uint64_t *clauses[2]; /* by clause of a side: documents in which only that side's holds, by id */
    diff_term **terms;    /* by hash */
    size_t term_count, term_capacity;
} plan_diff;

void plan_diff_init(plan_diff *diff, const tocsin_plan_info *old, const tocsin_plan_info *new);
void plan_diff_release(plan_diff *diff);

/* Counts one document by both verdicts of it. */
void plan_diff_add(plan_diff *diff, const tocsin_document *document, const tocsin_verdict *old,
                   const tocsin_verdict *new);

/* The terms, those of most documents first. Owned by the diff; count of them in *count. */
diff_term **plan_diff_sorted(plan_diff *diff, size_t *count);

#endif
