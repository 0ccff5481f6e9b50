#ifndef TOCSIN_PLAN_BUILD_H
#define TOCSIN_PLAN_BUILD_H

/* What the files that compile a plan share. */

#include "plan/plan_internal.h"
#include "plan/plan_report.h"

typedef struct tocsin__plan_build {
    tocsin_plan *plan;
    tocsin_plan_options options; /* defaults filled in */
    tocsin_source_reader read;
    void *context;
    const char *plan_name;
    tocsin_buffer sources; /* records of the sources read so far, if they are to be kept */
    tocsin__plan_report report;
    tocsin_error *error; /* the caller's; may be NULL */
} tocsin__plan_build;

/*
 * Reads one source; a failure other than of memory is reported at the place that names the source, and *read is then 0.
 */
tocsin_status tocsin__plan_read_source(tocsin__plan_build *build, const tocsin__plan_text *name, tocsin_buffer *out,
                                       int *read);

/* Keeps a source that was read, once, for an image of the plan. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__plan_keep_source(tocsin__plan_build *build, const char *name, const tocsin_buffer *bytes);

/* Compresses the kept sources into the plan. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__plan_pack_sources(tocsin__plan_build *build);

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
