#ifndef TOCSIN_TOOLS_LINT_SAMPLE_H
#define TOCSIN_TOOLS_LINT_SAMPLE_H

/* What the words of a plan do in documents, counted for tocsin lint --sample. */

#include <tocsin/tocsin.h>

#include "tocsin/document_walk.h"
#include "tocsin/lint_fold.h"
#include "tocsin/lint_neighbours.h"

typedef struct sample_term {
    uint64_t documents; /* in which it counts */
    uint64_t hits;
    uint64_t alone; /* documents whose tier would be lower without it */
    uint64_t about; /* documents about the plan's subject in which it counts, for topics that `about` names */
    uint64_t last;  /* the last counted document, 1-based */
    neighbours *words;
} sample_term;

typedef struct lint_sample {
    const tocsin_plan *plan;
    const tocsin_plan_info *info;
    tocsin_scanner *scanner;
    uint64_t documents;
    uint64_t about;  /* documents that pass `about` */
    uint64_t *tiers; /* by tier; the last counts those without one */
    uint64_t *clauses;
    sample_term *terms;
    size_t term_count;
    uint32_t *seen; /* terms of one document */
    size_t seen_count;
    lint_fold fold;
} lint_sample;

/* Reads the files; an exit status. */
int lint_sample_run(lint_sample *sample, const tocsin_plan *plan, document_walk *walk, char **files, int count);
void lint_sample_release(lint_sample *sample);

#endif
