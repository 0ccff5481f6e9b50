/*
 * Sends a text through the filter, piece by piece, at the level of this processor. A piece is read a little past its
 * end, as far as a literal that begins in it may have its window.
 */
#include "match/filter_loop.h"

void tocsin__filter_run_portable(tocsin__filter_run *run) { run_windows(run); }

tocsin__filter_function *tocsin__filter_best(void) {
#ifdef TOCSIN__FOLD_X86
    if (tocsin__has_avx2()) return tocsin__filter_run_avx2;
#endif
    return tocsin__filter_run_portable;
}

/* A piece does not begin within a character; where none begins for long, which is no UTF-8, it does. */
static size_t beginning(const tocsin__view *view, size_t at, size_t to) {
    for (size_t i = 0; i < 3 && at < to && ((unsigned char)view->text[at] & 0xC0) == 0x80; i++) at++;
    return at;
}

static tocsin_status scan(const void *engine, void *scratch, const tocsin__view *view, size_t from, size_t to,
                          tocsin__hits *hits) {
    const tocsin__filter *filter = engine;
    const size_t beyond = 4 * filter->farthest;
    tocsin__filter_run r;
    (void)scratch;
    r.filter = filter;
    r.view = view;
    r.hits = hits;
    r.status = TOCSIN_OK;
    for (r.from = beginning(view, from, to); r.from < to && !r.status; r.from = r.to) {
        r.to = to - r.from < TOCSIN__UNITS_PIECE ? to : beginning(view, r.from + TOCSIN__UNITS_PIECE, to);
        const size_t end = view->length - r.to < beyond ? view->length : r.to + beyond;
        if (!filter->read(view, r.from, end, filter->has_narrow, &r.text)) return TOCSIN__NOT_PLAIN;
        filter->run(&r);
    }
    return r.status;
}

static tocsin_status create_scratch(const void *engine, const tocsin_allocator *allocator, void **scratch) {
    (void)engine;
    (void)allocator;
    *scratch = NULL;
    return TOCSIN_OK;
}

static void free_scratch(void *scratch) { (void)scratch; }

const tocsin__engine_kind tocsin__engine_filter = {
    "filter",     1,   tocsin__filter_compile, tocsin__filter_free, tocsin__filter_memory, create_scratch,
    free_scratch, scan};
