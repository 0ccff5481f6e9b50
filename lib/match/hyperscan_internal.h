#ifndef TOCSIN_MATCH_HYPERSCAN_LAYOUT_H
#define TOCSIN_MATCH_HYPERSCAN_LAYOUT_H

/* What hyperscan_build.c makes and hyperscan_run.c uses. */

#include <hs_common.h>
#include <hs_compile.h>
#include <hs_runtime.h>

#include "match/engine.h"

/* The flags of patterns, for use (hyperscan_build.c) and for the test of the library (hyperscan_sound.c). */
#define TOCSIN__LITERAL_FLAGS ((unsigned)HS_FLAG_SOM_LEFTMOST)
#define TOCSIN__REGEX_FLAGS ((unsigned)HS_FLAG_UTF8)

typedef struct tocsin__hyperscan {
    tocsin_allocator allocator;
    hs_database_t *database; /* from Hyperscan's own allocator */
    size_t longest;          /* bytes of the longest literal */
    size_t bytes;            /* of the database */
} tocsin__hyperscan;

typedef struct tocsin__hyperscan_scratch {
    tocsin_allocator allocator;
    hs_scratch_t *scratch;
} tocsin__hyperscan_scratch;

/*
 * hyperscan_sound.c: TOCSIN_ERROR_UNSUPPORTED if the library loses matches on this machine, of literals or of regexes.
 */
tocsin_status tocsin__hyperscan_check(int literals, tocsin_error *error);

/* hyperscan_build.c */
tocsin_status tocsin__hyperscan_compile_literals(const tocsin__pattern *patterns, size_t count,
                                                 const tocsin__engine_options *options, void **engine, size_t *bad,
                                                 tocsin_error *error);
tocsin_status tocsin__hyperscan_compile_regexes(const tocsin__pattern *patterns, size_t count,
                                                const tocsin__engine_options *options, void **engine, size_t *bad,
                                                tocsin_error *error);
void tocsin__hyperscan_free(void *engine);

#endif
