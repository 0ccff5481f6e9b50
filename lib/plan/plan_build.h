#ifndef TOCSIN_PLAN_BUILD_H
#define TOCSIN_PLAN_BUILD_H

/* Declarations shared by the files that compile a plan. */

#include "base/hash.h"
#include "lexicon/lexicon_builder.h"
#include "match/filter_frequency.h"
#include "plan/plan_internal.h"
#include "plan/plan_report.h"

/* What a builder has kept of its base plan. */
typedef struct tocsin__plan_kept {
    const tocsin_plan *base;
    /* The weights file of the base that replaces a source; NULL: there is none. */
    tocsin__learned_file *(*weights)(void *context, const char *name);
    /* The rows of a list, in which the terms are those of the base. */
    const tocsin__lexicon_row *(*rows)(void *context, const char *name, size_t *count);
    int venues; /* the catalogue is the same */
} tocsin__plan_kept;

typedef struct tocsin__plan_build {
    tocsin_plan *plan;
    tocsin_plan_options options; /* defaults filled in */
    tocsin_source_reader read;
    void *context;
    const char *plan_name;
    const tocsin__plan_kept *kept; /* from a builder with a base plan; otherwise NULL */
    tocsin__hash_state hash;       /* of the records of the sources read */
    tocsin__frequency *frequency;  /* for the engines; NULL until they are built */
    tocsin__plan_report report;
    tocsin_error *error; /* the caller's; may be NULL */
} tocsin__plan_build;

/*
 * Reads one source and keeps it; a failure other than of memory is reported at the place that names the source, and
 * *read is then 0.
 */
tocsin_status tocsin__plan_read_source(tocsin__plan_build *build, const tocsin__plan_text *name, tocsin_buffer *out,
                                       int *read);

/* The same, without keeping it for an image of the plan. */
tocsin_status tocsin__plan_read_unkept(tocsin__plan_build *build, const tocsin__plan_text *name, tocsin_buffer *out,
                                       int *read);

/*
 * Keeps a source, once, for an image of the plan: a copy, or with `lent` the bytes themselves, which must stay valid as
 * long as the plan. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__plan_keep_source(tocsin__plan_build *build, const char *name, tocsin_bytes bytes, int lent);

/* plan_compile.c: tocsin_plan_compile; `kept` may be NULL. */
tocsin_status tocsin__plan_compile(tocsin_source_reader read, void *context, const char *plan_name,
                                   const tocsin_plan_options *options, const tocsin__plan_kept *kept,
                                   tocsin_diagnostics *diagnostics, tocsin_plan **plan, tocsin_error *error);

/* How many problems were reported, also those that did not fit into the list. */
static inline size_t tocsin__plan_remarks(const tocsin__plan_build *build) {
    return tocsin_diagnostics_count_severity(build->report.diagnostics, TOCSIN_SEVERITY_ERROR) +
           tocsin_diagnostics_count_severity(build->report.diagnostics, TOCSIN_SEVERITY_WARNING);
}

/* plan_learned.c: releases a reference to a weights file; NULL does nothing. */
void tocsin__learned_file_release(tocsin__learned_file *file);

/* The same for a table of joined n-grams. */
void tocsin__learned_table_release(tocsin__learned_table *table);

/* Each fills in its part of the plan; problems are reported; only a failure that ends the compilation is returned. */
tocsin_status tocsin__plan_build_lexicon(tocsin__plan_build *build);
tocsin_status tocsin__plan_build_venues(tocsin__plan_build *build);
tocsin_status tocsin__plan_build_learned(tocsin__plan_build *build);
tocsin_status tocsin__plan_build_rules(tocsin__plan_build *build);
tocsin_status tocsin__plan_build_patterns(tocsin__plan_build *build);
tocsin_status tocsin__plan_build_guard(tocsin__plan_build *build);
tocsin_status tocsin__plan_build_examples(tocsin__plan_build *build);
tocsin_status tocsin__plan_build_info(tocsin__plan_build *build);

#endif
