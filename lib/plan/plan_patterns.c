/*
 * Terms and `unless` phrases to patterns: each different folded text is looked for once, whatever topics it stands in,
 * and a posting says what an occurrence of it means. Then the engines are compiled.
 */
#include <string.h>

#include "base/hash.h"
#include "plan/plan_build.h"

typedef TOCSIN_VEC(tocsin__pattern) pattern_list;

typedef struct draft {
    tocsin__map literals, expressions; /* folded text → pattern number of its kind */
    pattern_list literal_list, expression_list;
    TOCSIN_VEC(uint32_t) of_term; /* pattern number of its kind */
} draft;

static tocsin_status add_pattern(tocsin__map *map, pattern_list *patterns, const tocsin_allocator *allocator,
                                 tocsin_bytes text, uint32_t *number) {
    *number = (uint32_t)patterns->length;
    tocsin_status status = tocsin__map_add(map, text.data, text.length, number);
    if (status || *number < patterns->length) return status;
    const tocsin__pattern pattern = {text.data, (uint32_t)text.length};
    return tocsin__vec_push(patterns, allocator, pattern);
}

static tocsin_status collect(const tocsin__lexicon *lexicon, const tocsin_allocator *allocator, draft *d) {
    tocsin_status status = tocsin__vec_reserve(&d->of_term, lexicon->term_count + 1, allocator);
    for (size_t i = 0; i < lexicon->term_count && !status; i++) {
        const tocsin__term *term = &lexicon->terms[i];
        int literal = term->kind == TOCSIN__TERM_LITERAL;
        status = add_pattern(literal ? &d->literals : &d->expressions, literal ? &d->literal_list : &d->expression_list,
                             allocator, term->folded, &d->of_term.data[i]);
    }
    uint32_t ignored;
    for (size_t i = 0; i < lexicon->phrase_count && !status; i++) {
        status = add_pattern(&d->literals, &d->literal_list, allocator, lexicon->phrases[i], &ignored);
    }
    return status;
}

static void *keep(tocsin__arena *arena, const void *data, size_t size) {
    void *copy = tocsin__arena_allocate(arena, size);
    if (copy && size) memcpy(copy, data, size);
    return copy;
}

static tocsin__posted_term posted(const tocsin__lexicon *lexicon, uint32_t number) {
    const tocsin__term *term = &lexicon->terms[number];
    return (tocsin__posted_term){term->weight,       number,     term->topic, term->unless_first,
                                 term->unless_count, term->kind, term->bounds};
}

/* Postings by counting: how many terms each pattern has, then where they start, then the terms. */
static tocsin_status fill_postings(tocsin_plan *plan, const draft *d) {
    const tocsin__lexicon *lexicon = &plan->lexicon;
    const uint32_t literals = (uint32_t)d->literal_list.length;
    size_t count = literals + d->expression_list.length;
    tocsin__posting *postings = tocsin__arena_allocate(&plan->arena, (count + 1) * sizeof *postings);
    tocsin__posted_term *terms = tocsin__arena_allocate(&plan->arena, (lexicon->term_count + 1) * sizeof *terms);
    if (!postings || !terms) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) postings[i] = (tocsin__posting){0, 0, TOCSIN__NO_PHRASE};
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < lexicon->term_count; i++) {
            int literal = lexicon->terms[i].kind == TOCSIN__TERM_LITERAL;
            tocsin__posting *posting = &postings[d->of_term.data[i] + (literal ? 0 : literals)];
            if (pass) terms[posting->term_first + posting->term_count] = posted(lexicon, i);
            posting->term_count++;
        }
        for (uint32_t i = 0, first = 0; !pass && i < count; i++) {
            postings[i].term_first = first;
            first += postings[i].term_count;
            postings[i].term_count = 0;
        }
    }
    for (uint32_t i = 0; i < lexicon->phrase_count; i++) {
        postings[tocsin__map_find(&d->literals, lexicon->phrases[i].data, lexicon->phrases[i].length)].phrase = i;
    }
    plan->postings = postings;
    plan->posted_terms = terms;
    plan->pattern_count = count;
    return TOCSIN_OK;
}

/* Hyperscan names one bad expression at a time: ask it about each, so that all are reported. */
static tocsin_status report_expressions(tocsin__plan_build *build, const tocsin__engine_options *options) {
    const tocsin__lexicon *lexicon = &build->plan->lexicon;
    for (size_t i = 0; i < lexicon->term_count; i++) {
        const tocsin__term *term = &lexicon->terms[i];
        tocsin_error error = {0};
        if (term->kind != TOCSIN__TERM_REGEX) continue;
        const tocsin__pattern pattern = {term->folded.data, (uint32_t)term->folded.length};
        tocsin_status status = tocsin__matcher_try_expression(&pattern, options, &error);
        if (status == TOCSIN_ERROR_MEMORY) return status;
        if (!status) continue;
        TOCSIN__PLAN_ERROR(&build->report, "regex-engine", term->place, "%s: %s",
                           tocsin__show(term->original.data, term->original.length).text, error.message);
    }
    return build->report.status;
}

static tocsin_status compile_engines(tocsin__plan_build *build, size_t literals, size_t expressions) {
    tocsin_plan *plan = build->plan;
    const tocsin__engine_options options = {plan->allocator, build->options.native_cpu != 0};
    size_t bad;
    tocsin_error error = {0};
    tocsin_status status = tocsin__matcher_compile(build->options.engine, plan->literals, literals, plan->expressions,
                                                   expressions, &options, &plan->matcher, &bad, &error);
    if (status == TOCSIN_ERROR_ENGINE && expressions) {
        size_t before = build->report.errors;
        tocsin_status reported = report_expressions(build, &options);
        if (reported || build->report.errors > before) return reported;
    }
    if (status && build->error) *build->error = error;
    return status;
}

/* Distinct texts become patterns, and each pattern knows its terms. */
static tocsin_status list_patterns(tocsin_plan *plan, draft *d) {
    tocsin_status status = collect(&plan->lexicon, &plan->allocator, d);
    if (status) return status;
    plan->literals = keep(&plan->arena, d->literal_list.data, d->literal_list.length * sizeof(tocsin__pattern));
    plan->expressions =
        keep(&plan->arena, d->expression_list.data, d->expression_list.length * sizeof(tocsin__pattern));
    if (!plan->literals || !plan->expressions) return TOCSIN_ERROR_MEMORY;
    return fill_postings(plan, d);
}

/* The draft goes before the engines are built: they take as much memory again. */
tocsin_status tocsin__plan_build_patterns(tocsin__plan_build *build) {
    tocsin_plan *plan = build->plan;
    const tocsin_allocator *allocator = &plan->allocator;
    draft d;
    memset(&d, 0, sizeof d);
    tocsin__map_init(&d.literals, allocator);
    tocsin__map_init(&d.expressions, allocator);
    tocsin_status status = list_patterns(plan, &d);
    const size_t literals = d.literal_list.length, expressions = d.expression_list.length;
    tocsin__map_release(&d.literals);
    tocsin__map_release(&d.expressions);
    tocsin__vec_release(&d.literal_list, allocator);
    tocsin__vec_release(&d.expression_list, allocator);
    tocsin__vec_release(&d.of_term, allocator);
    if (!status) status = compile_engines(build, literals, expressions);
    for (size_t i = 0; i < plan->lexicon.term_count; i++) {
        plan->has_word_bounds |= plan->lexicon.terms[i].bounds == TOCSIN__BOUNDS_WORD;
    }
    return status;
}
