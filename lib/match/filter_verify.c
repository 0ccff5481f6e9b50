/*
 * Verifies candidates, windows whose bits are set: first all their slots are fetched, then the entries of those that
 * have any, so that the reads from memory overlap; then the literals are compared with the units around the window.
 */
#include "base/utf8.h"
#include "match/filter_run.h"

#define BATCH 64 /* candidates that are looked up together */

/* The folded character at `at` and its end; never reads past the text, even in text that is not UTF-8. */
static uint32_t character(const tocsin__view *view, size_t at, size_t *next) {
    if (view->length - at >= 4) return tocsin__view_next(view, at, next);
    uint32_t c = tocsin__utf8_next(view->text, view->length, at, next);
    return view->plane && c < 0x10000 ? view->plane[c] : c;
}

/* The end of a literal that begins at `start`, compared by code points; 0 if other text stands there. */
static size_t spelled_end(const tocsin__filter_run *r, uint32_t pattern, size_t start) {
    const tocsin__pattern *literal = &r->filter->patterns[pattern];
    const tocsin__view *view = &r->text->view;
    size_t at = start;
    for (size_t i = 0; i < literal->length;) {
        const uint32_t wanted = tocsin__utf8_next(literal->data, literal->length, i, &i);
        if (at >= view->length || character(view, at, &at) != wanted) return 0;
    }
    return at;
}

static size_t spelled_start(const tocsin__filter_run *r, unsigned before, size_t at) {
    for (unsigned i = 0; i < before && at > 0; i++) at = tocsin__view_previous(&r->text->view, at);
    return at;
}

/* The byte of a unit of another piece than the current one. */
static size_t __attribute__((noinline)) place_elsewhere(const tocsin__filter_run *r, size_t unit) {
    const tocsin__units *units = &r->text->units;
    const tocsin__piece *piece = units->pieces.data + r->piece, *end = units->pieces.data + units->pieces.length;
    while (unit < piece->first) piece--;
    while (piece + 1 < end && unit >= piece[1].first) piece++;
    return piece->from + units->places.data[unit];
}

/* The byte of a unit of the text. */
static inline size_t place_of(const tocsin__filter_run *r, size_t unit) {
    if (unit - r->first >= r->count) return place_elsewhere(r, unit);
    return r->begin + r->text->units.places.data[unit];
}

static void report(tocsin__filter_run *r, size_t unit, size_t start, size_t end, uint32_t pattern) {
    if (start < r->from || start >= r->to) return;
    if (pattern >= r->filter->atoms_from) end = unit;
    r->status = tocsin__hits_add(r->hits, (uint32_t)start, (uint32_t)end, pattern);
}

/* Reports a literal that equals some units of the text, unless the units leave out a character between them. */
static inline void report_units(tocsin__filter_run *r, size_t unit, size_t count, uint32_t pattern) {
    const size_t start = place_of(r, unit), last = count > 1 ? place_of(r, unit + count - 1) : start;
    const unsigned char first = (unsigned char)r->text->view.text[last];
    if (!r->text->units.all && last - start != 3 * (count - 1)) return;
    report(r, unit, start, last + (first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4), pattern);
}

static inline int are_units(const uint16_t *units, const tocsin__filter_entry *e) {
    for (size_t i = 0; i < e->length; i++) {
        if (units[i] != e->units[i]) return 0;
    }
    return 1;
}

/* Compares a literal whose window begins at a unit of the text. */
static void compare(tocsin__filter_run *r, const tocsin__filter_entry *e, size_t unit) {
    const tocsin__units *units = &r->text->units;
    if (!(e->flags & TOCSIN__FILTER_SPELL)) {
        if (e->before > unit || unit - e->before + e->length > units->count) return;
        const size_t first = unit - e->before;
        if (are_units(units->units.data + first, e)) report_units(r, first, e->length, e->pattern);
        return;
    }
    const size_t start = spelled_start(r, e->before, place_of(r, unit));
    const size_t end = spelled_end(r, e->pattern, start);
    if (end) report(r, unit - e->before, start, end, e->pattern);
}

/* The first of the sorted leaves whose unit at `depth` is at least c. */
static const tocsin__filter_leaf *bound(const tocsin__filter_leaf *low, const tocsin__filter_leaf *high, size_t depth,
                                        uint32_t c) {
    while (low < high) {
        const tocsin__filter_leaf *middle = low + (high - low) / 2;
        if (middle->units[depth] < c) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void report_leaf(tocsin__filter_run *r, const tocsin__filter_leaf *leaf, size_t first) {
    if (!(leaf->flags & TOCSIN__FILTER_SPELL)) {
        report_units(r, first, leaf->length, leaf->pattern);
        return;
    }
    const size_t start = place_of(r, first), end = spelled_end(r, leaf->pattern, start);
    if (end) report(r, first, start, end, leaf->pattern);
}

/*
 * Each round keeps the leaves of a branch that have one more unit of the text. Leaves that end there come first; if the
 * first and the last of the others continue alike, all of them do.
 */
static void verify_branch(tocsin__filter_run *r, const tocsin__filter_branch *branch, size_t unit) {
    const tocsin__units *units = &r->text->units;
    if (branch->before > unit) return;
    const size_t first = unit - branch->before, left = units->count - first;
    const uint16_t *text = units->units.data + first;
    const tocsin__filter_leaf *low = r->filter->leaves + branch->first, *high = low + branch->count;
    for (size_t depth = 0; !r->status; depth++) {
        for (; low < high && low->length == depth; low++) report_leaf(r, low, first);
        if (low == high || depth == left) return;
        const uint32_t c = text[depth];
        if (low->units[depth] == c && high[-1].units[depth] == c) continue;
        low = bound(low, high, depth, c);
        high = bound(low, high, depth, c + 1);
    }
}

static void verify_branches(tocsin__filter_run *r, size_t number, size_t unit) {
    for (const tocsin__filter_branch *b = &r->filter->branches[number]; !r->status; b++) {
        verify_branch(r, b, unit);
        if (b->is_last) return;
    }
}

static void verify_slot(tocsin__filter_run *r, uint32_t value, size_t unit, unsigned size) {
    if (value & TOCSIN__FILTER_DIRECT) {
        if (unit + size <= r->text->units.count) report_units(r, unit, size, value & ~TOCSIN__FILTER_DIRECT);
        return;
    }
    if (value & TOCSIN__FILTER_MANY) {
        verify_branches(r, value & ~TOCSIN__FILTER_MANY, unit);
        return;
    }
    for (const tocsin__filter_entry *e = &r->filter->entries[value];; e++) {
        compare(r, e, unit);
        if (r->status || (e->flags & TOCSIN__FILTER_LAST)) return;
    }
}

static void verify_batch(tocsin__filter_run *r, const uint16_t *found, size_t count) {
    const tocsin__filter *filter = r->filter;
    const size_t mask = tocsin__filter_slot_mask(filter);
    uint64_t keys[BATCH];
    uint32_t slots[BATCH], values[BATCH];
    uint16_t looked_up[BATCH];
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        keys[i] = tocsin__filter_key(r->units + found[i] / 4, found[i] & 3U);
        slots[i] = (uint32_t)tocsin__filter_slot_of(filter, keys[i]);
        __builtin_prefetch(&filter->slots[slots[i]]);
    }
    /* Half of the candidates may have no slot: no branch depends on it. */
    for (size_t i = 0; i < count; i++) {
        size_t at = slots[i];
        while (filter->slots[at].key != keys[i] && filter->slots[at].key != TOCSIN__FILTER_EMPTY) at = (at + 1) & mask;
        looked_up[known] = found[i];
        values[known] = filter->slots[at].value;
        known += filter->slots[at].key == keys[i];
    }
    for (size_t i = 0; i < known; i++) {
        if (!(values[i] & TOCSIN__FILTER_DIRECT)) __builtin_prefetch(&filter->entries[values[i]]);
    }
    for (size_t i = 0; i < known && !r->status; i++) {
        verify_slot(r, values[i], r->first + looked_up[i] / 4, looked_up[i] & 3U);
    }
}

void tocsin__filter_verify(tocsin__filter_run *r, size_t count) {
    for (size_t i = 0; i < count && !r->status; i += BATCH) {
        verify_batch(r, r->found + i, count - i < BATCH ? count - i : BATCH);
    }
}
