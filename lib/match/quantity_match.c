/*
 * A quantity has no automaton: the anchor shows where to read, and the end of the numeral shows where the other literal
 * part must stand. The numeral on the left of an anchor is read from its own start, so 12人 is never read as 2人.
 */
#include "match/quantity_match.h"

#include "base/utf8.h"
#include "text/numeral.h"

/* The numerals beside an occurrence of an anchor, each read when it is first needed. */
typedef struct beside {
    const tocsin__view *view;
    size_t start, end;       /* of the anchor */
    size_t left;             /* end of the numeral on the left */
    size_t qualifier;        /* start of the qualifier before that numeral, or of the numeral; SIZE_MAX: not read yet */
    int has_left, has_right; /* -1: not read yet */
    tocsin__numeral before, after;
} beside;

static uint32_t character(const tocsin__view *view, size_t at, size_t *next) {
    if (view->length - at >= 4) return tocsin__view_next(view, at, next);
    const uint32_t c = tocsin__utf8_next(view->text, view->length, at, next);
    return view->plane && c < 0x10000 ? view->plane[c] : c;
}

static size_t skip_space(const tocsin__view *view, size_t at) {
    size_t next;
    return at < view->length && character(view, at, &next) == ' ' ? next : at;
}

static size_t skip_space_back(const tocsin__view *view, size_t at) {
    if (!at) return at;
    size_t next;
    const size_t before = tocsin__view_previous(view, at);
    return character(view, before, &next) == ' ' ? before : at;
}

/* The end of a literal that begins at `at`; SIZE_MAX if other text stands there. */
static size_t literal_end(const tocsin__view *view, tocsin_bytes literal, size_t at) {
    for (size_t i = 0; i < literal.length;) {
        const uint32_t wanted = tocsin__utf8_next(literal.data, literal.length, i, &i);
        if (at >= view->length || character(view, at, &at) != wanted) return SIZE_MAX;
    }
    return at;
}

static size_t back_by(const tocsin__view *view, tocsin_bytes literal, size_t at) {
    size_t count = tocsin__utf8_count(literal.data, literal.length);
    for (; count && at; count--) at = tocsin__view_previous(view, at);
    return count ? SIZE_MAX : at;
}

/* The start of a literal that ends at `at`, or before white space there; SIZE_MAX if other text stands there. */
static size_t literal_start(const tocsin__view *view, tocsin_bytes literal, size_t at) {
    size_t next;
    const size_t last = tocsin__utf8_previous(literal.data, literal.length);
    const uint32_t wanted = tocsin__utf8_next(literal.data, literal.length, last, &next);
    for (int i = 0; i < 2 && at; i++) {
        const size_t before = tocsin__view_previous(view, at);
        const uint32_t c = character(view, before, &next);
        const size_t start = c == wanted ? back_by(view, literal, at) : SIZE_MAX;
        if (start != SIZE_MAX && literal_end(view, literal, start) == at) return start;
        if (c != ' ') break;
        at = before;
    }
    return SIZE_MAX;
}

/* The start of the whole quantity for a numeral on the left of the anchor; SIZE_MAX: `before` does not stand there. */
static size_t stretch_start(beside *b, tocsin_bytes before, tocsin__numeral *numeral) {
    const tocsin__view *view = b->view;
    if (!before.length) {
        const int is_other = tocsin__numeral_is_other_before(view, numeral->start, numeral->end);
        return is_other ? SIZE_MAX : numeral->start;
    }
    size_t start = literal_start(view, before, numeral->start);
    if (start != SIZE_MAX) return start;
    if (b->qualifier == SIZE_MAX) {
        b->qualifier = tocsin__numeral_qualifier_start(view, skip_space_back(view, numeral->start));
    }
    start = literal_start(view, before, b->qualifier);
    if (start != SIZE_MAX) return start;
    /* The literal part itself ends with a character of numerals: 上 before 百. */
    const size_t inner = literal_end(view, before, numeral->start);
    if (inner == SIZE_MAX || inner >= b->left) return SIZE_MAX;
    tocsin__numeral shorter;
    if (!tocsin__numeral_read(view, skip_space(view, inner), b->left, &shorter) || shorter.end != b->left)
        return SIZE_MAX;
    start = numeral->start;
    *numeral = shorter;
    return start;
}

static int match_left(beside *b, const tocsin__quantity_form *form, tocsin__quantity_hit *found) {
    if (b->has_left < 0) {
        b->left = skip_space_back(b->view, b->start);
        b->has_left = tocsin__numeral_read_before(b->view, b->left, &b->before);
    }
    if (!b->has_left) return 0;
    tocsin__numeral numeral = b->before;
    const size_t start = stretch_start(b, form->before, &numeral);
    if (start == SIZE_MAX) return 0;
    *found = (tocsin__quantity_hit){start, b->end, numeral.start, numeral.end, numeral.value, numeral.bounded};
    return 1;
}

static int match_right(beside *b, const tocsin__quantity_form *form, tocsin__quantity_hit *found) {
    if (b->has_right < 0) {
        b->has_right = tocsin__numeral_read(b->view, skip_space(b->view, b->end), b->view->length, &b->after);
    }
    if (!b->has_right) return 0;
    const tocsin__numeral *n = &b->after;
    if (!form->after.length) {
        if (tocsin__numeral_is_other_behind(b->view, n->end)) return 0;
        *found = (tocsin__quantity_hit){b->start, n->end, n->start, n->end, n->value, n->bounded};
        return 1;
    }
    for (int i = 0; i < 2; i++) {
        const size_t at = i ? n->short_end : n->end;
        size_t end = literal_end(b->view, form->after, at);
        if (end == SIZE_MAX) end = literal_end(b->view, form->after, skip_space(b->view, at));
        if (end == SIZE_MAX) continue;
        *found = (tocsin__quantity_hit){b->start, end, n->start, at, i ? n->short_value : n->value, n->bounded};
        return 1;
    }
    return 0;
}

static int match(beside *b, const tocsin__quantity_form *form, tocsin__quantity_hit *found) {
    return form->anchored_after ? match_left(b, form, found) : match_right(b, form, found);
}

tocsin_status tocsin__quantity_match(const tocsin__quantities *quantities, const tocsin__view *view,
                                     const tocsin__hit *anchor, uint32_t first_pattern, tocsin__hits *hits) {
    beside b = {.view = view,
                .start = anchor->start,
                .end = anchor->end,
                .has_left = -1,
                .has_right = -1,
                .qualifier = SIZE_MAX};
    const uint32_t last = quantities->starts[anchor->pattern + 1];
    tocsin_status status = TOCSIN_OK;
    for (uint32_t i = quantities->starts[anchor->pattern]; i < last && !status; i++) {
        const uint32_t number = quantities->order[i];
        tocsin__quantity_hit found;
        if (!match(&b, &quantities->forms[number], &found)) continue;
        status = tocsin__hits_add(hits, (uint32_t)found.start, (uint32_t)found.end, first_pattern + number);
    }
    return status;
}

int tocsin__quantity_read(const tocsin__quantity_form *form, const tocsin__view *view, size_t start, size_t end,
                          tocsin__quantity_hit *found) {
    beside b = {.view = view, .start = start, .end = end, .has_left = -1, .has_right = -1, .qualifier = SIZE_MAX};
    if (form->anchored_after) {
        b.start = back_by(view, form->after, end);
        if (b.start == SIZE_MAX) return 0;
    } else {
        b.end = literal_end(view, form->before, start);
        if (b.end == SIZE_MAX) return 0;
    }
    tocsin__quantity_hit made;
    if (!match(&b, form, &made) || made.start != start || made.end != end) return 0;
    *found = made;
    return 1;
}
