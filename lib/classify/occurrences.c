/*
 * Occurrences for whoever wants the words and not the verdict: fold, match, and the way back to original bytes, block
 * by block, without asking which of them count.
 */
#include "base/arguments.h"
#include "base/fail.h"
#include "classify/scanner_layout.h"

#define AT_ONCE 256 /* occurrences handed over in one call */

typedef struct delivery {
    tocsin_occurrence_sink sink;
    void *context;
    const tocsin_folder *folder; /* which folded the text; NULL when it was folded already */
    const tocsin__view *text;
    tocsin_bytes original;
    tocsin_occurrence list[AT_ONCE];
    size_t count;
    int stopped;
} delivery;

static void hand_over(delivery *d) {
    if (d->count && !d->stopped) d->stopped = d->sink(d->context, d->list, d->count) != 0;
    d->count = 0;
}

static void deliver(const tocsin_plan *plan, delivery *d, const tocsin__hit *hit) {
    const tocsin__posting *posting = &plan->postings[hit->pattern];
    size_t start = hit->start, end = hit->end;
    if (d->folder) {
        if (tocsin__takes_malformed(d->folder, d->text, d->original, hit)) return;
        start = tocsin__offset_map_start(&d->folder->map, start);
        end = tocsin__offset_map_end(&d->folder->map, end);
    }
    for (uint32_t t = 0; t < posting->term_count; t++) {
        const tocsin__posted_term *term = &plan->posted_terms[posting->term_first + t];
        if (d->count == AT_ONCE) hand_over(d);
        d->list[d->count++] = (tocsin_occurrence){term->term, term->topic, start, end};
    }
}

/* The folder leads back to the original, or is NULL when the text was folded already. */
static tocsin_status scan(tocsin_scanner *s, const tocsin__view *text, const tocsin_folder *folder,
                          tocsin_bytes original, tocsin_occurrence_sink sink, void *context) {
    delivery d;
    size_t expression = 0;
    d.sink = sink;
    d.context = context;
    d.folder = folder;
    d.text = text;
    d.original = original;
    d.count = 0;
    d.stopped = 0;
    tocsin_status status = TOCSIN_OK;
    for (size_t from = 0; from < text->length && !status && !d.stopped; from += TOCSIN__BLOCK) {
        size_t to = text->length - from < TOCSIN__BLOCK ? text->length : from + TOCSIN__BLOCK;
        status = tocsin__read_block(s, text, from, to, &expression);
        if (!status && s->expression_hits.dropped) status = TOCSIN_ERROR_LIMIT;
        for (size_t i = 0; i < s->literal_hits.list.length && !status && !d.stopped; i++) {
            deliver(s->plan, &d, &s->literal_hits.list.data[i]);
        }
    }
    if (!status) hand_over(&d);
    return status;
}

static tocsin_status check(const tocsin_scanner *s, const char *text, size_t length, tocsin_occurrence_sink sink,
                           tocsin_error *error) {
    if (!s) return tocsin__null_argument(error, "scanner");
    if (!text && length) return tocsin__null_argument(error, "text");
    if (!sink) return tocsin__null_argument(error, "sink");
    return length > TOCSIN_FOLD_MAX ? tocsin__too_large(error, "", "text", length) : TOCSIN_OK;
}

static tocsin_status finish(tocsin_scanner *s, tocsin_status status, tocsin_error *error) {
    tocsin__busy_give(&s->busy);
    return status ? tocsin__fail(error, status, "the scan failed: %s", tocsin_status_string(status)) : TOCSIN_OK;
}

/* Forgets the last document and takes as much of the text as the limit lets it read. */
static tocsin_status begin(tocsin_scanner *s, tocsin_bytes *text, tocsin_error *error) {
    uint32_t cut;
    if (!tocsin__busy_take(&s->busy)) return tocsin__is_busy(error, "scanner");
    tocsin_status status = tocsin__scanner_catch_up(s, error);
    if (status) {
        tocsin__busy_give(&s->busy);
        return status;
    }
    tocsin__scanner_forget(s);
    *text = tocsin__within_limit(s, *text, &cut);
    if (cut) s->verdict.incomplete |= TOCSIN_INCOMPLETE_TEXT;
    return TOCSIN_OK;
}

static tocsin_status scan_original(tocsin_scanner *s, tocsin_bytes text, tocsin_occurrence_sink sink, void *context) {
    const tocsin_field field = TOCSIN_FIELD_TEXT;
    const tocsin_folder *folder = s->folders[field];
    tocsin__view view = {"", 0, NULL};
    tocsin_status status = tocsin__view_original(s, field, text, &view);
    if (!status) status = scan(s, &view, folder, text, sink, context);
    if (status != TOCSIN__NOT_PLAIN) return status;
    status = tocsin__view_folded(s, field, text, &view);
    return status ? status : scan(s, &view, folder, text, sink, context);
}

tocsin_status tocsin_scan(tocsin_scanner *scanner, const char *text, size_t length, tocsin_occurrence_sink sink,
                          void *context, tocsin_error *error) {
    tocsin_bytes read = {text, length};
    tocsin_status status = check(scanner, text, length, sink, error);
    if (!status) status = begin(scanner, &read, error);
    if (status) return status;
    if (read.length) status = scan_original(scanner, read, sink, context);
    return finish(scanner, status, error);
}

tocsin_status tocsin_scan_folded(tocsin_scanner *scanner, const char *text, size_t length, tocsin_occurrence_sink sink,
                                 void *context, tocsin_error *error) {
    tocsin_bytes read = {text, length};
    tocsin_status status = check(scanner, text, length, sink, error);
    if (!status) status = begin(scanner, &read, error);
    if (status) return status;
    const tocsin__view view = {read.data ? read.data : "", read.length, NULL};
    return finish(scanner, scan(scanner, &view, NULL, read, sink, context), error);
}
