/*
 * Finds terms that add nothing: a shorter term of the same topic and weight is part of them and counts wherever they
 * do. The plan's own matcher looks for the shorter ones.
 */
#include "base/diagnostics_add.h"
#include "lexicon/list_text.h"
#include "plan/plan_lint.h"
#include "text/bounds.h"

#define MOST_HITS 10000

static int covers(const tocsin__view *text, const tocsin__hit *hit, const tocsin__term *term,
                  const tocsin__posted_term *inner) {
    if (inner->topic != term->topic || inner->kind != TOCSIN__TERM_LITERAL || inner->unless_count) return 0;
    if (inner->weight < term->weight || inner->weight > term->weight) return 0;
    if (inner->bounds == TOCSIN__BOUNDS_NONE) return 1;
    return inner->bounds == TOCSIN__BOUNDS_AUTO && term->bounds != TOCSIN__BOUNDS_NONE &&
           !tocsin__bounds_word_goes_on(text, hit->start) && !tocsin__bounds_word_goes_on(text, hit->end);
}

/* The first of the shorter terms, or NULL. */
static const tocsin__term *find_inner(const tocsin_plan *plan, const tocsin__term *term, const tocsin__view *text,
                                      const tocsin__hits *hits) {
    for (size_t i = 0; i < hits->list.length; i++) {
        const tocsin__hit *hit = &hits->list.data[i];
        if (hit->end - hit->start >= text->length || hit->pattern >= plan->literal_count) continue;
        const tocsin__posting *posting = &plan->postings[hit->pattern];
        for (uint32_t t = 0; t < posting->term_count; t++) {
            const tocsin__posted_term *inner = &plan->posted_terms[posting->term_first + t];
            if (covers(text, hit, term, inner)) return &plan->lexicon.terms[inner->term];
        }
    }
    return NULL;
}

static size_t window_end(tocsin_bytes text, size_t from, size_t width) {
    size_t to = text.length - from > width ? from + width : text.length;
    while (to < text.length && ((unsigned char)text.data[to] & 0xC0) == 0x80) to++;
    return to;
}

/* The searched text, and the plan whose matcher searches it. */
typedef struct search {
    const tocsin_plan *plan;
    tocsin__units_function *read;
    tocsin__matcher_scratch scratch;
    tocsin__text text;
    tocsin__hits hits;
} search;

static tocsin_status read_term(search *s, tocsin_bytes folded) {
    int all, one_to_one;
    s->text.view = (tocsin__view){folded.data, folded.length, NULL};
    if (!tocsin__matcher_reads_units(&s->plan->matcher, &all)) return TOCSIN_OK;
    return tocsin__units_read(&s->text, all, s->read, &s->hits.allocator, &one_to_one);
}

/*
 * Searches from the front, in windows that grow, and ends at the first find: lists of terms inside terms may have as
 * many occurrences as the cube of their number. A term with very many occurrences that do not cover it is skipped: lint
 * only advises.
 */
static tocsin_status find_shorter(search *s, const tocsin__term *term, const tocsin__term **inner) {
    tocsin_status status = read_term(s, term->folded);
    size_t seen = 0;
    *inner = NULL;
    for (size_t from = 0, to; from < term->folded.length && !*inner && !status && seen < MOST_HITS; from = to) {
        to = window_end(term->folded, from, from + 1);
        s->hits.list.length = 0;
        status = tocsin__matcher_scan_literals(&s->plan->matcher, &s->scratch, &s->text, from, to, &s->hits);
        if (!status) *inner = find_inner(s->plan, term, &s->text.view, &s->hits);
        seen += s->hits.list.length;
    }
    return status;
}

static tocsin_status check_term(search *s, const tocsin__term *term, tocsin_diagnostics *list) {
    char shown[TOCSIN__PREVIEW_SIZE], spelled[TOCSIN__PREVIEW_SIZE];
    const tocsin__term *inner;
    tocsin_status status = find_shorter(s, term, &inner);
    if (!inner) return status;
    return tocsin__diagnose(list, TOCSIN_SEVERITY_NOTE, "covered-term", term->place,
                            "\"%s\" adds nothing: \"%s\" of the same topic and weight is part of it, at %s:%u:%u",
                            tocsin__preview(shown, term->original), tocsin__preview(spelled, inner->original),
                            inner->place.file, inner->place.line, inner->place.column);
}

tocsin_status tocsin__lint_covered(const tocsin_plan *plan, tocsin_diagnostics *list) {
    search s = {.plan = plan, .read = tocsin__units_best(), .hits = {.allocator = plan->allocator, .limit = SIZE_MAX}};
    tocsin_status status = tocsin__matcher_scratch_create(&plan->matcher, &plan->allocator, &s.scratch);
    if (status) return status;
    for (size_t i = 0; i < plan->lexicon.term_count && !status; i++) {
        const tocsin__term *term = &plan->lexicon.terms[i];
        if (term->kind == TOCSIN__TERM_LITERAL) status = check_term(&s, term, list);
    }
    tocsin__vec_release(&s.hits.list, &plan->allocator);
    tocsin__units_release(&s.text.units, &plan->allocator);
    tocsin__matcher_scratch_release(&plan->matcher, &s.scratch);
    return status;
}
