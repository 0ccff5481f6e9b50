/*
 * Sends a text through the gate, piece by piece, at the level of this processor. A piece is read a little past its end,
 * as far as a literal that begins in it may have its window.
 */
#include "match/gate_loop.h"

void tocsin__gate_run_portable(tocsin__gate_run *run) { run_windows(run); }

tocsin__gate_function *tocsin__gate_best(void) {
#ifdef TOCSIN__FOLD_X86
    if (tocsin__has_avx2()) return tocsin__gate_run_avx2;
#endif
    return tocsin__gate_run_portable;
}

/* A piece does not begin within a character; where none begins for long, which is no UTF-8, it does. */
static size_t beginning(const tocsin__view *view, size_t at, size_t to) {
    for (size_t i = 0; i < 3 && at < to && ((unsigned char)view->text[at] & 0xC0) == 0x80; i++) at++;
    return at;
}

static tocsin_status scan(const void *engine, void *scratch, const tocsin__view *view, size_t from, size_t to,
                          tocsin__hits *hits) {
    const tocsin__gate *g = engine;
    const size_t beyond = 4 * g->farthest;
    tocsin__gate_run r;
    (void)scratch;
    r.gate = g;
    r.view = view;
    r.hits = hits;
    r.status = TOCSIN_OK;
    for (r.from = beginning(view, from, to); r.from < to && !r.status; r.from = r.to) {
        r.to = to - r.from < TOCSIN__UNITS_PIECE ? to : beginning(view, r.from + TOCSIN__UNITS_PIECE, to);
        const size_t end = view->length - r.to < beyond ? view->length : r.to + beyond;
        if (!g->read(view, r.from, end, g->has_narrow, &r.text)) return TOCSIN__NOT_PLAIN;
        g->run(&r);
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

const tocsin__engine_kind tocsin__engine_gate = {
    "gate", 1, tocsin__gate_compile, tocsin__gate_free, tocsin__gate_memory, create_scratch, free_scratch, scan};
