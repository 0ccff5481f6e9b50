#ifndef TOCSIN_PLAN_BUILD_H
#define TOCSIN_PLAN_BUILD_H

/* What the files that compile a plan share. */

#include <tocsin/image.h>

#include "codec/container.h"
#include "plan/plan_layout.h"
#include "plan/plan_report.h"

/* What an image has of a plan besides the sources themselves. */
typedef struct tocsin__plan_image {
    const tocsin_image *image;
    const tocsin__section *blobs; /* NULL when it has none that may be used */
    tocsin_bytes sources;         /* as stored */
    uint64_t length;              /* of the sources */
    uint64_t content;
    uint32_t count;
} tocsin__plan_image;

typedef struct tocsin__plan_build {
    tocsin_plan *plan;
    tocsin_plan_options options; /* defaults filled in */
    tocsin_source_reader read;
    void *context;
    const char *plan_name;
    const tocsin__plan_image *image; /* that the plan is made from; NULL: from files */
    tocsin_buffer sources;           /* records of what was read, when it is to be kept */
    tocsin__plan_report report;
    tocsin_error *error; /* the caller's; may be NULL */
} tocsin__plan_build;

/* Reads one source; a failure that is not about memory is reported at the place that names it, *read is 0 then. */
tocsin_status tocsin__plan_read_source(tocsin__plan_build *build, const tocsin__plan_text *name, tocsin_buffer *out,
                                       int *read);

/* Keeps a source that was read, once, for an image of the plan. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__plan_keep_source(tocsin__plan_build *build, const char *name, const tocsin_buffer *bytes);

/* Compresses what was kept into the plan. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__plan_pack_sources(tocsin__plan_build *build);

/* Takes what was kept from the image itself: it has what the plan was compiled from. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__plan_take_sources(tocsin__plan_build *build);

/*
 * plan_blobs.c: appends what was compiled; TOCSIN_ERROR_MEMORY. And takes it from the image that the plan is made from:
 * *taken is 0 where it has none or does not fit this library, which is noted, and then it is to be built.
 */
tocsin_status tocsin__plan_pack_blobs(const tocsin_plan *plan, tocsin_buffer *out);
tocsin_status tocsin__plan_take_blobs(tocsin__plan_build *build, int *taken);

/* One owner more, who calls tocsin_image_free. */
void tocsin__image_retain(const tocsin_image *image);

/* plan_patterns.c: the patterns and the matcher as bytes, and from them, which must stay. */
void tocsin__plan_pack_patterns(const tocsin_plan *plan, tocsin__packer *packer);
tocsin_status tocsin__plan_unpack_patterns(tocsin__plan_build *build, tocsin__unpacker *unpacker);

/* tocsin_plan_compile with the image that the sources are of. */
tocsin_status tocsin__plan_compile(tocsin_source_reader read, void *context, const char *plan_name,
                                   const tocsin__plan_image *image, const tocsin_plan_options *options,
                                   tocsin_diagnostics *diagnostics, tocsin_plan **plan, tocsin_error *error);

/* Each fills in its part of the plan; problems are reported, and only what ends the compilation is returned. */
tocsin_status tocsin__plan_build_lexicon(tocsin__plan_build *build);
tocsin_status tocsin__plan_build_venues(tocsin__plan_build *build);
tocsin_status tocsin__plan_build_rules(tocsin__plan_build *build);
tocsin_status tocsin__plan_build_patterns(tocsin__plan_build *build);
tocsin_status tocsin__plan_build_examples(tocsin__plan_build *build);
tocsin_status tocsin__plan_build_info(tocsin__plan_build *build);

#endif
