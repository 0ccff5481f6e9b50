/*
 * Matches around an atom. An NFA has no memory: every path up to the left side of an atom can be followed by every path
 * from its right side. So the leftmost start is searched once, backwards, and the ends once, forwards; each end has
 * that start. All positions are tried at once, as bits: at most the length of a match is read, and no character twice.
 * The shorter side is read first, because most atoms belong to no match.
 */
#include <string.h>

#include "match/regex_step.h"
#include "text/line_ends.h"

#define TIDY_LEAST ((size_t)4096) /* hits */

/* A place in the text and the regex that is tried there. */
typedef struct attempt {
    const tocsin__view *view;
    const tocsin__nfa *nfa;
    uint32_t regex;
    uint32_t bounds;
    tocsin__regex_scratch *scratch;
} attempt;

/* Whether the text has the edge before `at` or, for an end, after it. */
static int is_at_edge(const tocsin__view *view, size_t at, tocsin__regex_edge edge) {
    size_t next;
    if (edge == TOCSIN__REGEX_ANYWHERE) return 1;
    if (edge == TOCSIN__REGEX_TEXT_START) return at == 0;
    if (edge == TOCSIN__REGEX_LINE_START) {
        return at == 0 || tocsin__is_line_end(tocsin__view_next(view, tocsin__view_previous(view, at), &next));
    }
    if (at >= view->length) return 1;
    const uint32_t c = tocsin__view_next(view, at, &next);
    if (edge == TOCSIN__REGEX_TEXT_END || !tocsin__is_line_end(c)) return 0;
    if (edge == TOCSIN__REGEX_LINE_END || next >= view->length) return 1;
    return c == '\r' && next + 1 == view->length && view->text[next] == '\n';
}

/* Whether a match may begin at `at` with a position of s. */
TOCSIN__ALWAYS static inline int begins(const attempt *t, const tocsin__state *s, size_t at, uint32_t words) {
    const tocsin__nfa *a = t->nfa;
    if (a->first[0] && tocsin__state_meets(s->bits, a->first[0], words)) return 1;
    for (int edge = 1; a->asks_start && edge < TOCSIN__NFA_STARTS; edge++) {
        if (!a->first[edge] || !tocsin__state_meets(s->bits, a->first[edge], words)) continue;
        if (is_at_edge(t->view, at, (tocsin__regex_edge)edge)) return 1;
    }
    return 0;
}

static int ends_at_edge(const attempt *t, size_t at, int edge) {
    return !edge || is_at_edge(t->view, at, (tocsin__regex_edge)(edge + TOCSIN__REGEX_TEXT_START));
}

/* Whether a match may end at `at` with a position of s. */
TOCSIN__ALWAYS static inline int ends(const attempt *t, const tocsin__state *s, size_t at, uint32_t words) {
    const tocsin__nfa *a = t->nfa;
    if (a->last[0] && tocsin__state_meets(s->bits, a->last[0], words)) return 1;
    for (int edge = 1; a->asks_end && edge < TOCSIN__NFA_ENDS; edge++) {
        if (!a->last[edge] || !tocsin__state_meets(s->bits, a->last[edge], words)) continue;
        if (ends_at_edge(t, at, edge)) return 1;
    }
    return 0;
}

static tocsin_status test_edge(const attempt *t, size_t at, tocsin__edge edge, int *open) {
    const tocsin__edge_test *test = t->scratch->test;
    *open = 1;
    if (!test || t->bounds == test->always_open) return TOCSIN_OK;
    return test->is_open(test->context, t->view, at, edge, t->bounds, open);
}

/*
 * *start: the leftmost start with an open edge from which a path leads to the positions of s, whose character begins at
 * `at`; SIZE_MAX: there is none.
 */
TOCSIN__ALWAYS static inline tocsin_status find_start(const attempt *t, const tocsin__state *from, size_t at,
                                                      size_t *start, uint32_t words) {
    tocsin_status status = TOCSIN_OK;
    size_t next;
    tocsin__state s;
    tocsin__state_copy(&s, from, words);
    *start = SIZE_MAX;
    for (int alive = 1, open; alive && !status;) {
        if (begins(t, &s, at, words)) {
            status = test_edge(t, at, TOCSIN__EDGE_START, &open);
            if (!status && open) *start = at;
        }
        if (!at) break;
        at = tocsin__view_previous(t->view, at);
        alive = tocsin__state_left(t->nfa, &s, tocsin__view_next(t->view, at, &next), words);
    }
    return status;
}

static tocsin_status keep_found(const attempt *t, size_t end, size_t start) {
    const tocsin__sortable found = {(uint64_t)t->regex << 32 | end, (uint32_t)start};
    return tocsin__vec_push(&t->scratch->found, &t->scratch->allocator, found);
}

/* Keeps the open ends of the paths from the positions of s, whose character ends at `at`. */
TOCSIN__ALWAYS static inline tocsin_status find_ends(const attempt *t, const tocsin__state *from, size_t at,
                                                     size_t start, uint32_t words) {
    tocsin_status status = TOCSIN_OK;
    tocsin__state s;
    tocsin__state_copy(&s, from, words);
    for (int alive = 1, open; alive && !status;) {
        if (ends(t, &s, at, words)) {
            status = test_edge(t, at, TOCSIN__EDGE_END, &open);
            if (!status && open) status = keep_found(t, at, start);
        }
        if (at >= t->view->length) break;
        alive = tocsin__state_right(t->nfa, &s, tocsin__view_next(t->view, at, &at), words);
    }
    return status;
}

/* Tries left positions for the character at `at` and right ones for the character that ends at `end`. */
TOCSIN__ALWAYS static inline tocsin_status try_atom_set(const attempt *t, const tocsin__state *left,
                                                        const tocsin__state *right, size_t at, size_t end,
                                                        int right_first, uint32_t words) {
    const size_t before = t->scratch->found.length;
    size_t start = 0;
    tocsin_status status;
    if (!right_first) {
        status = find_start(t, left, at, &start, words);
        return status || start == SIZE_MAX ? status : find_ends(t, right, end, start, words);
    }
    status = find_ends(t, right, end, 0, words);
    if (status || t->scratch->found.length == before) return status;
    status = find_start(t, left, at, &start, words);
    if (status || start == SIZE_MAX) t->scratch->found.length = before;
    for (size_t i = before; i < t->scratch->found.length; i++) t->scratch->found.data[i].value = (uint32_t)start;
    return status;
}

TOCSIN__ALWAYS static inline int select_positions(tocsin__state *s, const uint64_t *set, const tocsin__nfa *a,
                                                  uint32_t c, uint32_t words) {
    return tocsin__state_keep(s, set, tocsin__state_row(a, c, words), words);
}

/* If an atom set is one position wide, each path to a position continues only with paths from the same position. */
TOCSIN__ALWAYS static inline tocsin_status try_alone(const attempt *t, const tocsin__compiled_atom_set *atom_set,
                                                     size_t at, uint32_t c, size_t end, uint32_t words) {
    tocsin__state all, one;
    tocsin_status status = TOCSIN_OK;
    if (!select_positions(&all, atom_set->left, t->nfa, c, words)) return status;
    memset(one.bits, 0, words * sizeof *one.bits);
    for (uint32_t i = 0; i < words; i++) {
        for (uint64_t rest = all.bits[i]; rest && !status; rest &= rest - 1) {
            one.bits[i] = rest & (~rest + 1);
            status = try_atom_set(t, &one, &one, at, end, atom_set->right_first, words);
        }
        one.bits[i] = 0;
    }
    return status;
}

/* Bytes [at, end) with an atom: a pair of characters, or a single one, which is then left and right. */
typedef struct atom_place {
    size_t at, end;
    uint32_t left, right;
    int alone;
} atom_place;

TOCSIN__ALWAYS static inline tocsin_status try_place(const attempt *t, const tocsin__compiled_atom_set *atom_set,
                                                     const atom_place *place, uint32_t words) {
    tocsin__state before, after;
    if (place->alone) return try_alone(t, atom_set, place->at, place->left, place->end, words);
    if (!select_positions(&before, atom_set->left, t->nfa, place->left, words) ||
        !select_positions(&after, atom_set->right, t->nfa, place->right, words)) {
        return TOCSIN_OK;
    }
    return try_atom_set(t, &before, &after, place->at, place->end, atom_set->right_first, words);
}

/* Nearly every regex has at most 64 positions: a set of them is one word. */
static __attribute__((noinline)) tocsin_status try_word(const attempt *t, const tocsin__compiled_atom_set *atom_set,
                                                        const atom_place *place) {
    return try_place(t, atom_set, place, 1);
}

static __attribute__((noinline)) tocsin_status try_words(const attempt *t, const tocsin__compiled_atom_set *atom_set,
                                                         const atom_place *place) {
    return try_place(t, atom_set, place, t->nfa->words);
}

/* Keeps only the hit that starts first for each regex and end. */
static void tidy(tocsin__regex_scratch *s) {
    size_t kept = 0;
    tocsin__sort(s->found.data, s->found.length);
    for (size_t i = 0; i < s->found.length; i++) {
        if (!kept || s->found.data[i].key != s->found.data[kept - 1].key) s->found.data[kept++] = s->found.data[i];
    }
    s->found.length = kept;
    s->tidy_at = kept > TIDY_LEAST / 2 ? 2 * kept : TIDY_LEAST;
}

tocsin_status tocsin__regexes_match_end(const tocsin__regexes *e, tocsin__regex_scratch *scratch,
                                        const tocsin__view *view, uint32_t regex, size_t end) {
    const tocsin__nfa *a = e->nfas[regex];
    const attempt t = {view, a, regex, e->bounds[regex], scratch};
    size_t next, start = SIZE_MAX;
    int open = 0, any = 0;
    tocsin__state s;
    tocsin_status status = test_edge(&t, end, TOCSIN__EDGE_END, &open);
    if (status || !open || !end) return status;
    const size_t at = tocsin__view_previous(view, end);
    const uint64_t *row = tocsin__state_row(a, tocsin__view_next(view, at, &next), a->words);
    memset(s.bits, 0, a->words * sizeof *s.bits);
    for (int edge = 0; edge < TOCSIN__NFA_ENDS; edge++) {
        if (!a->last[edge] || !ends_at_edge(&t, end, edge)) continue;
        for (uint32_t i = 0; i < a->words; i++) any |= (s.bits[i] |= a->last[edge][i] & row[i]) != 0;
    }
    if (any) status = find_start(&t, &s, at, &start, a->words);
    if (status || start == SIZE_MAX) return status;
    status = keep_found(&t, end, start);
    if (!status && scratch->found.length >= scratch->tidy_at) tidy(scratch);
    return status;
}

void tocsin__regexes_test_edges(tocsin__regex_scratch *scratch, const tocsin__edge_test *test) { scratch->test = test; }

void tocsin__regexes_begin(tocsin__regex_scratch *scratch) {
    scratch->found.length = 0;
    scratch->tidy_at = TIDY_LEAST;
}

static tocsin_status try_at(const tocsin__regexes *compiled, tocsin__regex_scratch *scratch, const tocsin__view *view,
                            const tocsin__compiled_atom_set *atom_set, const atom_place *place) {
    const attempt t = {view, atom_set->nfa, atom_set->regex, compiled->bounds[atom_set->regex], scratch};
    const tocsin_status status = t.nfa->words == 1 ? try_word(&t, atom_set, place) : try_words(&t, atom_set, place);
    if (!status && scratch->found.length >= scratch->tidy_at) tidy(scratch);
    return status;
}

tocsin_status tocsin__regexes_match_at(const tocsin__regexes *compiled, tocsin__regex_scratch *scratch,
                                       const tocsin__view *view, size_t place, size_t atom) {
    const tocsin__atom *a = &compiled->atoms[atom];
    atom_place p = {.at = place, .alone = a->left == TOCSIN__ATOM_ANY};
    tocsin_status status = TOCSIN_OK;
    p.left = p.right = tocsin__view_next(view, place, &p.end);
    if (p.alone ? p.left != a->right : p.left != a->left || p.end >= view->length) return TOCSIN_OK;
    if (!p.alone) p.right = tocsin__view_next(view, p.end, &p.end);
    if (p.right != a->right) return TOCSIN_OK;
    for (uint32_t i = compiled->atom_set_starts[atom]; i < compiled->atom_set_starts[atom + 1] && !status; i++) {
        status = try_at(compiled, scratch, view, &compiled->atom_sets[compiled->atom_set_ids[i]], &p);
    }
    return status;
}

static int has_one(const uint64_t *near, const uint16_t *units, size_t count) {
    uint64_t any = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t bit = tocsin__near_bit(units[i]);
        any |= near[bit / 64] >> bit % 64;
    }
    return any & 1;
}

/* Whether there may be a match around the atom at a unit, as far as the units beside it show. */
static int may_match(const tocsin__compiled_atom_set *atom_set, const tocsin__units *units, size_t unit) {
    const size_t after = unit + (atom_set->alone ? 1 : 2), left = units->count - after;
    const size_t back = unit < atom_set->reach[0] ? unit : atom_set->reach[0];
    const size_t forth = left < atom_set->reach[1] ? left : atom_set->reach[1];
    if (!units->all) return 1;
    if (atom_set->reach[0] && !has_one(atom_set->near[0], units->units.data + unit - back, back)) return 0;
    return !atom_set->reach[1] || has_one(atom_set->near[1], units->units.data + after, forth);
}

uint32_t tocsin__regexes_number(const tocsin__regexes *compiled, size_t atom) {
    return compiled->atom_set_starts[atom];
}

tocsin_status tocsin__regexes_match_pair(const tocsin__regexes *compiled, tocsin__regex_scratch *scratch,
                                         const tocsin__text *text, size_t place, size_t unit, uint32_t first,
                                         uint32_t end) {
    tocsin_status status = TOCSIN_OK;
    for (uint32_t i = first; i < end && !status; i++) {
        const tocsin__compiled_atom_set *atom_set = &compiled->atom_sets[compiled->atom_set_ids[i]];
        if (!may_match(atom_set, &text->units, unit)) continue;
        atom_place p = {.at = place, .alone = atom_set->alone};
        p.left = p.right = tocsin__view_next(&text->view, place, &p.end);
        if (!p.alone) p.right = tocsin__view_next(&text->view, p.end, &p.end);
        status = try_at(compiled, scratch, &text->view, atom_set, &p);
    }
    return status;
}

tocsin_status tocsin__regexes_finish(const tocsin__regexes *compiled, tocsin__regex_scratch *scratch,
                                     tocsin__hits *hits) {
    tocsin_status status = TOCSIN_OK;
    (void)compiled;
    if (!scratch->found.length) return TOCSIN_OK;
    tidy(scratch);
    for (size_t i = 0; i < scratch->found.length && !status; i++) {
        const tocsin__sortable *found = &scratch->found.data[i];
        status = tocsin__hits_add(hits, found->value, (uint32_t)found->key, (uint32_t)(found->key >> 32));
    }
    tocsin__regexes_begin(scratch);
    return status;
}
