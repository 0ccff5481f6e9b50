/*
 * Occurrences in order, a block of text at a time: engines report them in any order, and expressions only for a
 * whole text, so both are sorted and put together here.
 */
#include <string.h>

#include "classify/scanner_layout.h"
#include "match/quantity_match.h"

#define FEW 24      /* so many are sorted by insertion */
#define FETCHED 256 /* occurrences: what is said of more would leave the first cache again */

static int comes_before(const tocsin__hit *a, const tocsin__hit *b) {
    if (a->start != b->start) return a->start < b->start;
    if (a->end != b->end) return a->end > b->end;
    return a->pattern < b->pattern;
}

static void sort_few(tocsin__hit *hits, size_t count) {
    for (size_t i = 1; i < count; i++) {
        tocsin__hit moving = hits[i];
        size_t at = i;
        for (; at > 0 && comes_before(&moving, &hits[at - 1]); at--) hits[at] = hits[at - 1];
        hits[at] = moving;
    }
}

static void merge(const tocsin__hit *from, size_t low, size_t middle, size_t high, tocsin__hit *to) {
    size_t a = low, b = middle;
    for (size_t at = low; at < high; at++) {
        int left = b >= high || (a < middle && !comes_before(&from[b], &from[a]));
        to[at] = left ? from[a++] : from[b++];
    }
}

/* Merge sort from the bottom: occurrences arrive nearly in order, and stdlib's qsort may allocate. */
static tocsin_status sort_hits(tocsin_scanner *s, tocsin__hits *hits) {
    size_t count = hits->list.length;
    for (size_t at = 0; at < count; at += FEW) sort_few(hits->list.data + at, count - at < FEW ? count - at : FEW);
    if (count <= FEW) return TOCSIN_OK;
    if (tocsin__vec_reserve(&s->merge, count, &s->allocator)) return TOCSIN_ERROR_MEMORY;
    for (size_t width = FEW; width < count; width *= 2) {
        for (size_t low = 0; low < count; low += 2 * width) {
            size_t middle = count - low < width ? count : low + width;
            size_t high = count - low < 2 * width ? count : low + 2 * width;
            merge(hits->list.data, low, middle, high, s->merge.data);
        }
        memcpy(hits->list.data, s->merge.data, count * sizeof *hits->list.data);
    }
    return TOCSIN_OK;
}

/*
 * With the first block, when it is known that the view holds: from the atoms that were found with the literals, when
 * that block is the whole text, else from the text.
 */
static tocsin_status read_expressions(tocsin_scanner *s, const tocsin__view *text, size_t from, size_t to) {
    const tocsin__matcher *matcher = &s->plan->matcher;
    const int by_atoms = matcher->atom_starts && !tocsin__regexes_left(matcher->regexes);
    const int at_once = from == 0 && to == text->length && by_atoms;
    tocsin_status status = TOCSIN_OK;
    if (!matcher->regexes) return TOCSIN_OK;
    if (matcher->atom_starts) {
        status = tocsin__matcher_take_atoms(matcher, &s->matcher_scratch, text, &s->literal_hits,
                                            at_once ? &s->expression_hits : NULL);
    }
    if (!status && from == 0 && !at_once) {
        status = tocsin__matcher_scan_regexes(matcher, &s->matcher_scratch, text, &s->expression_hits);
    }
    return status;
}

/* The quantities at the literals of a block. */
static tocsin_status match_quantities(tocsin_scanner *s, const tocsin__view *text) {
    const tocsin_plan *plan = s->plan;
    const uint32_t first = (uint32_t)(plan->literal_count + plan->expression_count);
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < s->literal_hits.list.length && !status; i++) {
        const tocsin__hit hit = s->literal_hits.list.data[i];
        if (hit.pattern >= plan->literal_count) continue;
        const uint32_t from = plan->quantity_starts[hit.pattern], to = plan->quantity_starts[hit.pattern + 1];
        if (from == to) continue;
        status = tocsin__quantity_match(plan->quantities, plan->quantity_order + from, to - from, text, hit.start,
                                        hit.end, first, &s->expression_hits);
    }
    return status;
}

/*
 * A quantity may begin blocks before its literal, as numerals are of any length: of a longer text the literals are
 * looked for twice, first for quantities alone.
 */
static tocsin_status read_quantities(tocsin_scanner *s, const tocsin__view *text, size_t first_block) {
    if (!s->plan->quantity_starts) return TOCSIN_OK;
    if (first_block == text->length) return match_quantities(s, text);
    tocsin_status status = TOCSIN_OK;
    for (size_t from = 0; from < text->length && !status; from += TOCSIN__BLOCK) {
        const size_t to = text->length - from < TOCSIN__BLOCK ? text->length : from + TOCSIN__BLOCK;
        s->literal_hits.list.length = 0;
        status =
            tocsin__matcher_scan_literals(&s->plan->matcher, &s->matcher_scratch, text, from, to, &s->literal_hits);
        if (!status) status = match_quantities(s, text);
    }
    return status;
}

#if defined(__GNUC__)
#define PREFETCH(place) __builtin_prefetch(place)
#else
#define PREFETCH(place) (void)(place)
#endif

/* What is said of the patterns lies anywhere in megabytes: all of it comes at once instead of one after the other. */
static void fetch_postings(const tocsin_plan *plan, const tocsin__hit *hits, size_t all) {
    const size_t count = all < FETCHED ? all : FETCHED;
    for (size_t i = 0; i < count; i++) PREFETCH(&plan->postings[hits[i].pattern]);
    for (size_t i = 0; i < count; i++) PREFETCH(&plan->posted_terms[plan->postings[hits[i].pattern].term_first]);
}

tocsin_status tocsin__read_block(tocsin_scanner *s, const tocsin__view *text, size_t from, size_t to,
                                 size_t *expression) {
    const int whole = from == 0 && to == text->length;
    tocsin_status status = TOCSIN_OK;
    if (from == 0) {
        s->expression_hits.list.length = 0;
        s->expression_hits.dropped = 0;
        *expression = 0;
        if (!whole) status = read_quantities(s, text, to);
    }
    s->literal_hits.list.length = 0;
    if (!status) {
        status =
            tocsin__matcher_scan_literals(&s->plan->matcher, &s->matcher_scratch, text, from, to, &s->literal_hits);
    }
    if (!status) status = read_expressions(s, text, from, to);
    if (!status && whole) status = read_quantities(s, text, to);
    if (!status && from == 0 && s->expression_hits.list.length > 1) status = sort_hits(s, &s->expression_hits);
    const tocsin__hit *hits = s->expression_hits.list.data;
    for (; !status && *expression < s->expression_hits.list.length && hits[*expression].start < to; ++*expression) {
        const tocsin__hit *hit = &hits[*expression];
        status = tocsin__hits_add(&s->literal_hits, hit->start, hit->end, hit->pattern);
    }
    if (status) return status;
    fetch_postings(s->plan, s->literal_hits.list.data, s->literal_hits.list.length);
    return s->literal_hits.list.length < 2 ? TOCSIN_OK : sort_hits(s, &s->literal_hits);
}
