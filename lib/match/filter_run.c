/* Sends the units of a text through the filter, piece by piece, at the level of this processor. */
#include "match/filter_loop.h"

void tocsin__filter_run_portable(tocsin__filter_run *run) { run_windows(run); }

tocsin__filter_function *tocsin__filter_best(void) {
#ifdef TOCSIN__FOLD_X86
    if (tocsin__has_avx512()) return tocsin__filter_run_avx512;
    if (tocsin__has_avx2()) return tocsin__filter_run_avx2;
#endif
#ifdef TOCSIN__FOLD_ARM
    return tocsin__filter_run_neon;
#else
    return tocsin__filter_run_portable;
#endif
}

/* The piece that has the byte `from`. A long text has many pieces and is searched part by part. */
static size_t piece_at(const tocsin__units *units, size_t from) {
    size_t low = 0, high = units->pieces.length;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (units->pieces.data[middle].from <= from) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

tocsin_status tocsin__filter_scan(const void *engine, void *scratch, const tocsin__text *text, size_t from, size_t to,
                                  tocsin__hits *hits) {
    const tocsin__filter *filter = engine;
    const tocsin__units *units = &text->units;
    const size_t last = to + 4 * filter->farthest;
    tocsin__filter_run r;
    (void)scratch;
    r.filter = filter;
    r.text = text;
    r.from = from;
    r.to = to;
    r.hits = hits;
    r.status = TOCSIN_OK;
    for (size_t p = piece_at(units, from); p < units->pieces.length && !r.status; p++) {
        const tocsin__piece *next = p + 1 < units->pieces.length ? units->pieces.data + p + 1 : NULL;
        if (units->pieces.data[p].from >= last) break;
        r.piece = p;
        r.begin = units->pieces.data[p].from;
        r.first = units->pieces.data[p].first;
        r.count = (next ? next->first : units->count) - r.first;
        r.units = units->units.data + r.first;
        filter->run(&r);
    }
    return r.status;
}
