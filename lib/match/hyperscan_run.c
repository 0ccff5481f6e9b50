/*
 * Scans with Hyperscan databases, in block mode. A failure of Hyperscan is a failure here, never "no match". Hyperscan
 * reports matches of different patterns in any order, so a caller that needs an order sorts them.
 */
#include <tocsin/version.h>

#include "match/hyperscan_internal.h"

typedef struct sink {
    tocsin__hits *hits;
    size_t base; /* of the block's start in the text */
    size_t to;   /* occurrences that start here or later belong to the next block */
    tocsin_status status;
} sink;

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    sink *s = context;
    (void)flags;
    size_t start = s->base + (size_t)from;
    if (start >= s->to) return 0;
    s->status = tocsin__hits_add(s->hits, (uint32_t)start, (uint32_t)(s->base + (size_t)to), id);
    return s->status != TOCSIN_OK;
}

static tocsin_status create_scratch(const void *engine, const tocsin_allocator *allocator, void **scratch) {
    const tocsin__hyperscan *e = engine;
    tocsin__hyperscan_scratch *made = tocsin__allocate_zeroed(allocator, sizeof *made);
    if (!made) return TOCSIN_ERROR_MEMORY;
    made->allocator = *allocator;
    hs_error_t code = hs_alloc_scratch(e->database, &made->scratch);
    if (code != HS_SUCCESS) {
        tocsin__deallocate(allocator, made, sizeof *made);
        return code == HS_NOMEM ? TOCSIN_ERROR_MEMORY : TOCSIN_ERROR_ENGINE;
    }
    *scratch = made;
    return TOCSIN_OK;
}

static void free_scratch(void *scratch) {
    tocsin__hyperscan_scratch *s = scratch;
    if (!s) return;
    tocsin_allocator allocator = s->allocator;
    hs_free_scratch(s->scratch);
    tocsin__deallocate(&allocator, s, sizeof *s);
}

static size_t memory(const void *engine) {
    const tocsin__hyperscan *e = engine;
    return e->bytes + sizeof *e;
}

static tocsin_status scan_block(const tocsin__hyperscan *e, void *scratch, const char *text, size_t from, size_t end,
                                sink *s) {
    const tocsin__hyperscan_scratch *own = scratch;
    if (end - from > UINT32_MAX) return TOCSIN_ERROR_TOO_LARGE;
    hs_error_t code = hs_scan(e->database, text + from, (unsigned)(end - from), 0, own->scratch, on_match, s);
    if (s->status) return s->status;
    return code == HS_SUCCESS ? TOCSIN_OK : TOCSIN_ERROR_ENGINE;
}

static tocsin_status scan_literals(const void *engine, void *scratch, const tocsin__text *text, size_t from, size_t to,
                                   tocsin__hits *hits) {
    const tocsin__hyperscan *e = engine;
    sink s = {hits, from, to, TOCSIN_OK};
    const tocsin__view *view = &text->view;
    size_t end = view->length - to < e->longest ? view->length : to + e->longest;
    return scan_block(e, scratch, view->text, from, end, &s);
}

static tocsin_status scan_regexes(const void *engine, void *scratch, const tocsin__text *text, size_t from, size_t to,
                                  tocsin__hits *hits) {
    sink s = {hits, 0, SIZE_MAX, TOCSIN_OK};
    (void)from;
    (void)to;
    return scan_block(engine, scratch, text->view.text, 0, text->view.length, &s);
}

const char *tocsin_version_engine(void) { return hs_version(); }

const tocsin__engine_kind tocsin__engine_hyperscan = {.name = "hyperscan",
                                                      .compile = tocsin__hyperscan_compile_literals,
                                                      .free_engine = tocsin__hyperscan_free,
                                                      .memory = memory,
                                                      .create_scratch = create_scratch,
                                                      .free_scratch = free_scratch,
                                                      .scan = scan_literals};

const tocsin__engine_kind tocsin__engine_regex = {.name = "hyperscan",
                                                  .compile = tocsin__hyperscan_compile_regexes,
                                                  .free_engine = tocsin__hyperscan_free,
                                                  .memory = memory,
                                                  .create_scratch = create_scratch,
                                                  .free_scratch = free_scratch,
                                                  .scan = scan_regexes};
