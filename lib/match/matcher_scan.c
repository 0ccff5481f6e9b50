/*
 * All occurrences of a text in one ordered list. The engine finds literals and, among them, atoms of regexes and
 * anchors of quantities, so that one pass is enough. A text may have far more occurrences than characters, because
 * terms may stand inside terms. A list that would become too long is made part by part, in two passes, because a regex
 * or a quantity may begin anywhere before its atom or anchor.
 */
#include "match/matcher.h"

#ifdef TOCSIN_SMALL_BUFFERS
#define AT_ONCE ((size_t)16)
#define PART ((size_t)11)
#else
#define AT_ONCE ((size_t)1 << 20) /* occurrences in one list: 12 MB */
#define PART ((size_t)32768)      /* bytes of one part of a longer list */
#endif

/* A regex has an occurrence for every end, and quantities may share an anchor. */
#define MOST_OTHERS ((size_t)4 << 20)

typedef struct scan {
    const tocsin__matcher *matcher;
    tocsin__matcher_scratch *scratch;
    const tocsin__text *text;
} scan;

tocsin_status tocsin__matcher_scratch_create(const tocsin__matcher *matcher, const tocsin_allocator *allocator,
                                             tocsin__matcher_scratch *scratch) {
    tocsin_status status = TOCSIN_OK;
    *scratch = (tocsin__matcher_scratch){.found = {.allocator = *allocator},
                                         .others = {.allocator = *allocator, .limit = MOST_OTHERS}};
    if (matcher->literals) status = matcher->kind->create_scratch(matcher->literals, allocator, &scratch->literals);
    if (!status && matcher->regexes) {
        status = tocsin__regexes_scratch_create(matcher->regexes, allocator, &scratch->regexes);
    }
    if (status) tocsin__matcher_scratch_release(matcher, scratch);
    return status;
}

void tocsin__matcher_scratch_release(const tocsin__matcher *matcher, tocsin__matcher_scratch *scratch) {
    const tocsin_allocator allocator = scratch->found.allocator;
    if (scratch->literals) matcher->kind->free_scratch(scratch->literals);
    tocsin__regexes_scratch_free(scratch->regexes);
    tocsin__vec_release(&scratch->found.list, &allocator);
    tocsin__vec_release(&scratch->others.list, &allocator);
    tocsin__vec_release(&scratch->room, &allocator);
    *scratch = (tocsin__matcher_scratch){.literals = NULL};
}

/* Fills the scratch's `found`, which is empty. */
static tocsin_status find_literals(const scan *s, size_t from, size_t to, size_t limit) {
    tocsin__hits *found = &s->scratch->found;
    found->list.length = 0;
    found->dropped = 0;
    found->limit = limit;
    return tocsin__matcher_scan_literals(s->matcher, s->scratch, s->text, from, to, found);
}

static tocsin_status match_pair(const scan *s, const tocsin__hit *hit) {
    const tocsin__matcher *m = s->matcher;
    const size_t pair = hit->pattern - m->literal_count;
    return tocsin__regexes_match_pair(m->regexes, s->scratch->regexes, s->text, hit->start, hit->end,
                                      m->atom_starts[pair], m->atom_starts[pair + 1]);
}

/* Forgets all regexes and quantities. */
static void begin_others(const scan *s) {
    s->scratch->others.list.length = 0;
    s->scratch->others.dropped = 0;
    if (s->matcher->regexes) tocsin__regexes_begin(s->scratch->regexes);
}

/* Keeps only the literals of the plan among those found. */
static void drop_atoms(const scan *s) {
    tocsin__hits *found = &s->scratch->found;
    size_t kept = 0;
    for (size_t i = 0; s->matcher->pair_count && i < found->list.length; i++) {
        if (found->list.data[i].pattern < s->matcher->literal_count) found->list.data[kept++] = found->list.data[i];
    }
    if (s->matcher->pair_count) found->list.length = kept;
}

/* Matches regexes at the atoms among the literals, and quantities at the anchors. */
static tocsin_status match_others(const scan *s) {
    const tocsin__matcher *m = s->matcher;
    const uint32_t first = (uint32_t)(m->literal_count + m->regex_count);
    const tocsin__hits *found = &s->scratch->found;
    tocsin_status status = TOCSIN_OK;
    if (!m->pair_count && !m->quantities.starts) return status;
    for (size_t i = 0; i < found->list.length && !status; i++) {
        const tocsin__hit *hit = &found->list.data[i];
        if (hit->pattern >= m->literal_count) {
            status = match_pair(s, hit);
        } else if (m->quantities.starts) {
            status = tocsin__quantity_match(&m->quantities, &s->text->view, hit, first, &s->scratch->others);
        }
    }
    return status;
}

/* Adds the regexes, after all atoms were seen. */
static tocsin_status finish_others(const scan *s) {
    const tocsin__matcher *m = s->matcher;
    const tocsin__view *view = &s->text->view;
    tocsin__hits *others = &s->scratch->others;
    const size_t first = others->list.length;
    int must_fold = 0;
    tocsin_status status;
    if (!m->regexes || !view->length) return TOCSIN_OK;
    if (m->atom_starts) {
        status = tocsin__regexes_finish(m->regexes, s->scratch->regexes, others);
        if (!status) {
            status = tocsin__regexes_scan_left(m->regexes, s->scratch->regexes, view->text, view->length, others);
        }
    } else {
        status = tocsin__regexes_scan(m->regexes, s->scratch->regexes, view, others, &must_fold);
        if (must_fold) return TOCSIN_ERROR_ENGINE;
    }
    for (size_t i = first; i < others->list.length; i++) others->list.data[i].pattern += (uint32_t)m->literal_count;
    return status;
}

static tocsin_status may_go_on(const scan *s) {
    return s->scratch->stop && s->scratch->stop(s->scratch->stop_context) ? TOCSIN_ERROR_STOPPED : TOCSIN_OK;
}

/* Adds the other occurrences from *next on that start before `to`, and passes on all of them in order. */
static tocsin_status hand_over(const scan *s, size_t *next, size_t to, tocsin__hit_sink *sink, void *context) {
    tocsin__hits *found = &s->scratch->found;
    const tocsin__hits *others = &s->scratch->others;
    tocsin_status status = TOCSIN_OK;
    for (; *next < others->list.length && others->list.data[*next].start < to && !status; ++*next) {
        status = tocsin__vec_push(&found->list, &found->allocator, others->list.data[*next]);
    }
    if (!status && found->list.length > 1) status = tocsin__hits_sort(found, &s->scratch->room);
    if (status || !found->list.length) return status;
    return sink(context, found->list.data, found->list.length);
}

static size_t end_of_part(const scan *s, size_t from) {
    const size_t length = s->text->view.length;
    return length - from < PART ? length : from + PART;
}

static tocsin_status scan_in_parts(const scan *s, tocsin__hit_sink *sink, void *context) {
    const size_t length = s->text->view.length;
    tocsin_status status = TOCSIN_OK;
    for (size_t from = 0, to; from < length && !status; from = to) {
        to = end_of_part(s, from);
        status = find_literals(s, from, to, SIZE_MAX);
        if (!status) status = match_others(s);
        if (!status) status = may_go_on(s);
    }
    if (!status) status = finish_others(s);
    if (!status) status = tocsin__hits_sort(&s->scratch->others, &s->scratch->room);
    for (size_t from = 0, to, next = 0; from < length && !status; from = to) {
        to = end_of_part(s, from);
        status = find_literals(s, from, to, SIZE_MAX);
        if (status) break;
        drop_atoms(s);
        status = hand_over(s, &next, to, sink, context);
        if (!status) status = may_go_on(s);
    }
    return status;
}

tocsin_status tocsin__matcher_scan(const tocsin__matcher *matcher, tocsin__matcher_scratch *scratch,
                                   const tocsin__text *text, tocsin__hit_sink *sink, void *context) {
    const scan s = {matcher, scratch, text};
    size_t next = 0;
    begin_others(&s);
    if (scratch->stop && text->view.length > PART) return scan_in_parts(&s, sink, context);
    tocsin_status status = find_literals(&s, 0, text->view.length, AT_ONCE);
    if (!status && scratch->found.dropped) return scan_in_parts(&s, sink, context);
    if (status || (!scratch->found.list.length && !matcher->regexes)) return status;
    status = match_others(&s);
    if (!status) status = finish_others(&s);
    if (status) return status;
    drop_atoms(&s);
    return hand_over(&s, &next, SIZE_MAX, sink, context);
}

/* Whether regexes and quantities stand only where an atom or an anchor is found. */
static int only_at_literals(const tocsin__matcher *m) {
    return !m->regexes || (m->atom_starts && !tocsin__regexes_left(m->regexes));
}

static uint64_t bits_of(const tocsin__hits *hits, const uint64_t *bits, size_t patterns) {
    uint64_t all = hits->dropped ? UINT64_MAX : 0;
    for (size_t i = 0; i < hits->list.length; i++) {
        if (hits->list.data[i].pattern < patterns) all |= bits[hits->list.data[i].pattern];
    }
    return all;
}

tocsin_status tocsin__matcher_find(const tocsin__matcher *matcher, tocsin__matcher_scratch *scratch,
                                   const tocsin__text *text, const uint64_t *bits, uint64_t enough) {
    const scan s = {matcher, scratch, text};
    tocsin_status status = find_literals(&s, 0, text->view.length, AT_ONCE);
    if (!status && !scratch->found.list.length && only_at_literals(matcher)) return TOCSIN_OK;
    scratch->bits |= bits_of(&scratch->found, bits, matcher->literal_count);
    if (status || scratch->bits & enough) return status;
    begin_others(&s);
    status = match_others(&s);
    if (!status) status = finish_others(&s);
    if (scratch->others.list.length) scratch->bits |= bits_of(&scratch->others, bits, SIZE_MAX);
    return status;
}
