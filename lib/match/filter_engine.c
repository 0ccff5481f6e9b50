/* The n-gram filter as an engine. It needs no scratch. */
#include "match/filter_internal.h"

static tocsin_status create_scratch(const void *engine, const tocsin_allocator *allocator, void **scratch) {
    (void)engine;
    (void)allocator;
    *scratch = NULL;
    return TOCSIN_OK;
}

static void free_scratch(void *scratch) { (void)scratch; }

static int wants_all(const void *engine) { return ((const tocsin__filter *)engine)->has_narrow; }

const tocsin__engine_kind tocsin__engine_filter = {.name = "filter",
                                                   .reads_units = 1,
                                                   .wants_all = wants_all,
                                                   .compile = tocsin__filter_compile,
                                                   .free_engine = tocsin__filter_free,
                                                   .memory = tocsin__filter_memory,
                                                   .create_scratch = create_scratch,
                                                   .free_scratch = free_scratch,
                                                   .scan = tocsin__filter_scan};
