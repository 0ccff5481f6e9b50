/*
 * What becomes of windows whose bits are set: their slots are fetched, then the entries of those that have any, so that
 * all of them are on their way from memory at once, then the literals are compared with the units that stand around.
 */
#include "base/utf8.h"
#include "match/filter_run.h"

#define BATCH 64 /* windows that are looked up together */

/* The folded character at `at` and where it ends; also in what is no UTF-8 nothing beyond the text is read. */
static uint32_t character(const tocsin__view *view, size_t at, size_t *next) {
    if (view->length - at >= 4) return tocsin__view_next(view, at, next);
    uint32_t c = tocsin__utf8_next(view->text, view->length, at, next);
    return view->plane && c < 0x10000 ? view->plane[c] : c;
}

/* The end of a literal that begins at `start`, by its code points; 0 when another text stands there. */
static size_t spelled_end(const tocsin__filter_run *r, uint32_t pattern, size_t start) {
    const tocsin__pattern *literal = &r->filter->patterns[pattern];
    size_t at = start;
    for (size_t i = 0; i < literal->length;) {
        const uint32_t wanted = tocsin__utf8_next(literal->data, literal->length, i, &i);
        if (at >= r->view->length || character(r->view, at, &at) != wanted) return 0;
    }
    return at;
}

static size_t spelled_start(const tocsin__filter_run *r, unsigned before, size_t at) {
    for (unsigned i = 0; i < before && at > 0; i++) at = tocsin__view_previous(r->view, at);
    return at;
}

static size_t end_of(const tocsin__filter_run *r, size_t unit) {
    const size_t at = r->from + r->text.places[unit];
    const unsigned char first = (unsigned char)r->view->text[at];
    return at + (first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4);
}

/* Whether `count` units from `unit` on have no character between them that was passed over. */
static inline int is_unbroken(const tocsin__filter_run *r, size_t unit, size_t count) {
    return r->filter->has_narrow || r->text.places[unit + count - 1] - r->text.places[unit] == (int)(3 * (count - 1));
}

static void report(tocsin__filter_run *r, size_t start, size_t end, uint32_t pattern) {
    if (start < r->from || start >= r->to) return;
    r->status = tocsin__hits_add(r->hits, (uint32_t)start, (uint32_t)end, pattern);
}

static inline int are_units(const uint16_t *units, const tocsin__filter_entry *e) {
    for (size_t i = 0; i < e->length; i++) {
        if (units[i] != e->units[i]) return 0;
    }
    return 1;
}

/* A literal one of whose windows begins at `unit`. */
static void compare(tocsin__filter_run *r, const tocsin__filter_entry *e, size_t unit) {
    if (e->before <= unit && unit - e->before + e->length <= r->text.count && !(e->flags & TOCSIN__FILTER_SPELL)) {
        const size_t first = unit - e->before;
        if (!are_units(r->text.units + first, e)) return;
        if (is_unbroken(r, first, e->length)) {
            report(r, r->from + r->text.places[first], end_of(r, first + e->length - 1), e->pattern);
        }
        return;
    }
    const size_t start = spelled_start(r, e->before, r->from + r->text.places[unit]);
    const size_t end = spelled_end(r, e->pattern, start);
    if (end) report(r, start, end, e->pattern);
}

static void verify_slot(tocsin__filter_run *r, uint32_t value, size_t unit, unsigned size) {
    if (value & TOCSIN__FILTER_DIRECT) {
        if (unit + size > r->text.count || !is_unbroken(r, unit, size)) return;
        report(r, r->from + r->text.places[unit], end_of(r, unit + size - 1), value & ~TOCSIN__FILTER_DIRECT);
        return;
    }
    for (const tocsin__filter_entry *e = &r->filter->entries[value];; e++) {
        compare(r, e, unit);
        if (r->status || (e->flags & TOCSIN__FILTER_LAST)) return;
    }
}

static void verify_batch(tocsin__filter_run *r, unsigned size, const uint16_t *found, size_t count) {
    const tocsin__filter *filter = r->filter;
    const size_t mask = tocsin__filter_slot_mask(filter);
    uint64_t keys[BATCH];
    uint32_t slots[BATCH], values[BATCH];
    uint16_t units[BATCH];
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        keys[i] = tocsin__filter_key(r->text.units + found[i], size);
        slots[i] = (uint32_t)tocsin__filter_slot_of(filter, keys[i]);
        __builtin_prefetch(&filter->slots[slots[i]]);
    }
    for (size_t i = 0; i < count; i++) {
        size_t at = slots[i];
        while (filter->slots[at].key != keys[i] && filter->slots[at].key != TOCSIN__FILTER_EMPTY) at = (at + 1) & mask;
        if (filter->slots[at].key != keys[i]) continue;
        units[known] = found[i];
        values[known++] = filter->slots[at].value;
        if (!(filter->slots[at].value & TOCSIN__FILTER_DIRECT))
            __builtin_prefetch(&filter->entries[filter->slots[at].value]);
    }
    for (size_t i = 0; i < known && !r->status; i++) verify_slot(r, values[i], units[i], size);
}

void tocsin__filter_verify(tocsin__filter_run *r, unsigned size, size_t count) {
    for (size_t i = 0; i < count && !r->status; i += BATCH) {
        verify_batch(r, size, r->found + i, count - i < BATCH ? count - i : BATCH);
    }
}
