/* Gives occurrences to callers who want words and no verdict; it does not decide which of them count. */
#include "base/arguments.h"
#include "base/fail.h"
#include "classify/scanner_internal.h"
#include "classify/scanner_slot.h"

#define AT_ONCE 256 /* occurrences passed on in one call */
#define FIELD TOCSIN_FIELD_TEXT

typedef struct delivery {
    const tocsin_scanner *scanner;
    tocsin_occurrence_sink sink;
    void *context;
    int was_folded; /* the caller's text was folded before: places refer to the given text */
    tocsin_occurrence list[AT_ONCE];
    size_t count;
    int stopped;
} delivery;

static void hand_over(delivery *d) {
    if (d->count && !d->stopped) d->stopped = d->sink(d->context, d->list, d->count) != 0;
    d->count = 0;
}

static void deliver_hit(delivery *d, const tocsin__hit *hit) {
    const tocsin_scanner *s = d->scanner;
    const tocsin_plan *plan = s->plan;
    const tocsin__posting *posting = &plan->postings[hit->pattern];
    size_t start = hit->start, end = hit->end;
    if (!d->was_folded) {
        const tocsin_folder *folder = s->folders[FIELD];
        if (tocsin__takes_malformed(folder, &s->texts[FIELD].view, s->original[FIELD], hit)) return;
        start = tocsin__offset_map_start(&folder->map, start);
        end = tocsin__offset_map_end(&folder->map, end);
    }
    for (uint32_t t = 0; t < posting->term_count; t++) {
        const tocsin__posted_term *term = &plan->posted_terms[posting->term_first + t];
        if (d->count == AT_ONCE) hand_over(d);
        d->list[d->count++] = (tocsin_occurrence){term->term, term->topic, tocsin__offset(s, FIELD, start),
                                                  tocsin__offset(s, FIELD, end)};
    }
}

static tocsin_status deliver(void *context, const tocsin__hit *hits, size_t count) {
    delivery *d = context;
    if (d->scanner->matcher_scratch.others.dropped) return TOCSIN_ERROR_LIMIT;
    for (size_t i = 0; i < count && !d->stopped; i++) {
        if (i % TOCSIN__FETCHED == 0) {
            const size_t most = count - i < TOCSIN__FETCHED ? count - i : TOCSIN__FETCHED;
            TOCSIN__FETCH_POSTINGS(d->scanner->plan, hits + i, most);
        }
        deliver_hit(d, &hits[i]);
    }
    return TOCSIN_OK;
}

static tocsin_status check(const tocsin_scanner *s, const char *text, size_t length, tocsin_occurrence_sink sink,
                           tocsin_error *error) {
    if (!s) return tocsin__null_argument(error, "scanner");
    if (!text && length) return tocsin__null_argument(error, "text");
    if (!sink) return tocsin__null_argument(error, "sink");
    return length > TOCSIN_FOLD_MAX ? tocsin__too_large(error, "", "text", length) : TOCSIN_OK;
}

/* Finds everything in the text, which has been read. */
static tocsin_status find(tocsin_scanner *s, int was_folded, tocsin_occurrence_sink sink, void *context) {
    delivery d;
    d.scanner = s;
    d.sink = sink;
    d.context = context;
    d.was_folded = was_folded;
    d.count = 0;
    d.stopped = 0;
    if (!s->texts[FIELD].view.length) return TOCSIN_OK;
    s->matcher_scratch.stop = NULL;
    tocsin_status status = tocsin__matcher_scan(&s->plan->matcher, &s->matcher_scratch, &s->texts[FIELD], deliver, &d);
    if (!status) hand_over(&d);
    return status;
}

static tocsin_status scan(tocsin_scanner *s, tocsin_bytes text, int was_folded, tocsin_occurrence_sink sink,
                          void *context, tocsin_error *error) {
    tocsin_status status = check(s, text.data, text.length, sink, error);
    if (status) return status;
    if (!tocsin__busy_take(&s->busy)) return tocsin__is_busy(error, "scanner");
    status = tocsin__scanner_catch_up(s, error);
    if (!status) {
        tocsin__scanner_forget(s);
        status = was_folded ? tocsin__read_folded(s, FIELD, text) : tocsin__read_field(s, FIELD, text);
        if (!status) status = find(s, was_folded, sink, context);
        if (status) status = tocsin__fail(error, status, "the scan failed: %s", tocsin_status_string(status));
    }
    tocsin__busy_give(&s->busy);
    return status;
}

tocsin_status tocsin_scan(tocsin_scanner *scanner, const char *text, size_t length, tocsin_occurrence_sink sink,
                          void *context, tocsin_error *error) {
    return scan(scanner, (tocsin_bytes){text, length}, 0, sink, context, error);
}

tocsin_status tocsin_scan_folded(tocsin_scanner *scanner, const char *text, size_t length, tocsin_occurrence_sink sink,
                                 void *context, tocsin_error *error) {
    return scan(scanner, (tocsin_bytes){text, length}, 1, sink, context, error);
}
