/*
 * Turns terms and `unless` phrases into patterns: each different folded text is searched once, however many topics have
 * it, and a posting holds the meaning of an occurrence. Then the engines are compiled.
 */
#include <string.h>

#include "base/hash.h"
#include "match/regex_sort.h"
#include "plan/plan_build.h"
#include "text/quantity_form.h"

#define AHEAD 8      /* terms */
#define MANY_LEFT 50 /* regexes: Hyperscan takes about a second for so many */

/* A list in the plan's arena, with room for the largest possible number. */
typedef struct pattern_list {
    tocsin__pattern *data;
    size_t length;
} pattern_list;

typedef struct draft {
    tocsin__map literal_map, quantity_map;        /* folded text → pattern number of its kind */
    tocsin__map regex_maps[TOCSIN__BOUNDS_COUNT]; /* by bounds, because bounds decide which matches of a regex count */
    pattern_list literals, regexes, quantities;
    tocsin__quantity_form *forms;  /* by quantity; so are the next members */
    uint32_t *anchors;             /* pattern number of the literal */
    uint32_t *of_term, *of_phrase; /* pattern number of its kind; in the plan's arena */
} draft;

static void push(pattern_list *patterns, tocsin_bytes text, uint32_t bounds) {
    patterns->data[patterns->length++] = (tocsin__pattern){text.data, (uint32_t)text.length, bounds};
}

static tocsin_status add_pattern(tocsin__map *map, pattern_list *patterns, tocsin_bytes text, uint32_t bounds,
                                 uint32_t *number) {
    *number = (uint32_t)patterns->length;
    tocsin_status status = tocsin__map_add(map, text.data, text.length, number);
    if (!status && *number == patterns->length) push(patterns, text, bounds);
    return status;
}

/* The list for patterns of a kind. */
static pattern_list *list_of(draft *d, tocsin__term_kind kind) {
    return kind == TOCSIN__TERM_LITERAL ? &d->literals : kind == TOCSIN__TERM_REGEX ? &d->regexes : &d->quantities;
}

static tocsin_status collect_term(tocsin__arena *arena, const tocsin__term *term, draft *d, uint32_t *number) {
    tocsin__map *map = term->kind == TOCSIN__TERM_LITERAL ? &d->literal_map
                       : term->kind == TOCSIN__TERM_REGEX ? &d->regex_maps[term->bounds]
                                                          : &d->quantity_map;
    pattern_list *list = list_of(d, term->kind);
    const size_t before = list->length;
    const uint32_t bounds = term->kind == TOCSIN__TERM_REGEX ? (uint32_t)term->bounds : 0;
    tocsin_status status = add_pattern(map, list, term->folded, bounds, number);
    if (status || term->kind != TOCSIN__TERM_QUANTITY || list->length == before) return status;
    tocsin__quantity_form *form = &d->forms[*number];
    (void)tocsin__quantity_form_read(term->folded, form); /* the lexicon has already checked it */
    tocsin_bytes anchor = tocsin__quantity_anchor(form);
    anchor.data = tocsin__arena_copy(arena, anchor.data, anchor.length); /* patterns are terminated */
    if (!anchor.data) return TOCSIN_ERROR_MEMORY;
    return add_pattern(&d->literal_map, &d->literals, anchor, 0, &d->anchors[*number]);
}

static tocsin_status collect(tocsin__arena *arena, const tocsin__lexicon *lexicon, draft *d) {
    const size_t literals = lexicon->term_count - lexicon->regex_count + lexicon->phrase_count; /* at most */
    tocsin_status status = tocsin__map_reserve(&d->literal_map, literals);
    for (size_t i = 0; i < lexicon->term_count && !status; i++) {
        if (i + AHEAD < lexicon->term_count) {
            const tocsin_bytes next = lexicon->terms[i + AHEAD].folded;
            tocsin__map_ask_ahead(&d->literal_map, next.data, next.length);
        }
        status = collect_term(arena, &lexicon->terms[i], d, &d->of_term[i]);
    }
    for (size_t i = 0; i < lexicon->phrase_count && !status; i++) {
        status = add_pattern(&d->literal_map, &d->literals, lexicon->phrases[i], 0, &d->of_phrase[i]);
    }
    return status;
}

static tocsin__posted_term posted(const tocsin__lexicon *lexicon, uint32_t number) {
    const tocsin__term *term = &lexicon->terms[number];
    return (tocsin__posted_term){term->weight,       number,     term->topic,  term->unless_first,
                                 term->unless_count, term->kind, term->bounds, term->unit};
}

/* The id of a term's pattern: literals, regexes, quantities. */
static uint32_t pattern_id(const tocsin_plan *plan, size_t term) {
    const tocsin__term_kind kind = plan->lexicon.terms[term].kind;
    const size_t first = kind == TOCSIN__TERM_LITERAL ? 0
                         : kind == TOCSIN__TERM_REGEX ? plan->literal_count
                                                      : plan->literal_count + plan->regex_count;
    return plan->pattern_of_term[term] + (uint32_t)first;
}

/* Makes postings by counting: how many terms each pattern has, then where they start, then the terms. */
static tocsin_status fill_postings(tocsin_plan *plan, const uint32_t *pattern_of_phrase) {
    const tocsin__lexicon *lexicon = &plan->lexicon;
    const size_t count = plan->pattern_count;
    tocsin__posting *postings = tocsin__arena_allocate(&plan->arena, (count + 1) * sizeof *postings);
    tocsin__posted_term *terms = tocsin__arena_allocate(&plan->arena, (lexicon->term_count + 1) * sizeof *terms);
    if (!postings || !terms) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) postings[i] = (tocsin__posting){0, 0, TOCSIN__NO_PHRASE};
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < lexicon->term_count; i++) {
            tocsin__posting *posting = &postings[pattern_id(plan, i)];
            if (pass) terms[posting->term_first + posting->term_count] = posted(lexicon, i);
            posting->term_count++;
        }
        for (uint32_t i = 0, first = 0; !pass && i < count; i++) {
            postings[i].term_first = first;
            first += postings[i].term_count;
            postings[i].term_count = 0;
        }
    }
    for (uint32_t i = 0; i < lexicon->phrase_count; i++) postings[pattern_of_phrase[i]].phrase = i;
    plan->postings = postings;
    plan->posted_terms = terms;
    return TOCSIN_OK;
}

/* Sorts the phrases of each term. */
static tocsin_status sort_phrases(tocsin_plan *plan) {
    const tocsin__lexicon *lexicon = &plan->lexicon;
    uint32_t most = 0;
    for (size_t i = 0; i < lexicon->term_count; i++) {
        const tocsin__term *term = &lexicon->terms[i];
        if (term->unless_first + term->unless_count > most) most = term->unless_first + term->unless_count;
    }
    uint32_t *phrases = tocsin__arena_allocate(&plan->arena, (most + 1) * sizeof *phrases);
    tocsin__sortable *room = tocsin__allocate(&plan->allocator, (most + 1) * sizeof *room);
    const tocsin_status status = phrases && room ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < lexicon->term_count && !status; i++) {
        const tocsin__term *term = &lexicon->terms[i];
        for (uint32_t u = 0; u < term->unless_count; u++) {
            room[u] = (tocsin__sortable){lexicon->unless[term->unless_first + u].phrase, 0};
        }
        if (term->unless_count) tocsin__sort(room, term->unless_count);
        for (uint32_t u = 0; u < term->unless_count; u++) phrases[term->unless_first + u] = (uint32_t)room[u].key;
    }
    tocsin__deallocate(&plan->allocator, room, (most + 1) * sizeof *room);
    plan->unless_phrases = phrases;
    return status;
}

/* Lists the quantities of each literal, in the order of their numbers. */
static tocsin_status index_quantities(tocsin_plan *plan) {
    const size_t literals = plan->literal_count, count = plan->quantities.count;
    if (!count) return TOCSIN_OK;
    uint32_t *starts = tocsin__arena_allocate(&plan->arena, (literals + 1) * sizeof *starts);
    uint32_t *order = tocsin__arena_allocate(&plan->arena, count * sizeof *order);
    if (!starts || !order) return TOCSIN_ERROR_MEMORY;
    memset(starts, 0, (literals + 1) * sizeof *starts);
    for (size_t i = 0; i < count; i++) starts[plan->quantity_anchors[i]]++;
    for (size_t i = 1; i <= literals; i++) starts[i] += starts[i - 1];
    for (size_t i = count; i-- > 0;) order[--starts[plan->quantity_anchors[i]]] = (uint32_t)i;
    plan->quantities.starts = starts;
    plan->quantities.order = order;
    return TOCSIN_OK;
}

/* The engine names one bad regex at a time; so each is compiled alone, and all are reported. */
static tocsin_status report_regexes(tocsin__plan_build *build, const tocsin__engine_options *options) {
    const tocsin__lexicon *lexicon = &build->plan->lexicon;
    for (size_t i = 0; i < lexicon->term_count; i++) {
        const tocsin__term *term = &lexicon->terms[i];
        tocsin_error error = {0};
        if (term->kind != TOCSIN__TERM_REGEX) continue;
        const tocsin__pattern pattern = {term->folded.data, (uint32_t)term->folded.length, term->bounds};
        tocsin_status status = tocsin__matcher_try_regex(&pattern, options, &error);
        if (status == TOCSIN_ERROR_MEMORY) return status;
        if (!status) continue;
        TOCSIN__PLAN_ERROR(&build->report, "regex-engine", term->place, "%s: %s",
                           tocsin__show(term->original.data, term->original.length).text, error.message);
    }
    return build->report.status;
}

/* Hyperscan's time grows faster than the number of regexes. */
static tocsin_status warn_of_many(tocsin__plan_build *build) {
    const tocsin__regexes *regexes = build->plan->matcher.regexes;
    const size_t left = regexes ? tocsin__regexes_left(regexes) : 0;
    const tocsin__lexicon *lexicon = &build->plan->lexicon;
    if (left <= MANY_LEFT) return TOCSIN_OK;
    for (size_t i = 0; i < lexicon->term_count; i++) {
        const tocsin__term *term = &lexicon->terms[i];
        if (term->kind != TOCSIN__TERM_REGEX) continue;
        if (build->plan->pattern_of_term[i] != tocsin__regexes_left_at(regexes, 0)) continue;
        TOCSIN__PLAN_WARNING(
            &build->report, "regex-many", term->place,
            "this and %zu more regexes are left to Hyperscan: compiling them takes long, and lint names "
            "them",
            left - 1);
        break;
    }
    return build->report.status;
}

static tocsin_status compile_engines(tocsin__plan_build *build) {
    tocsin_plan *plan = build->plan;
    const size_t literals = plan->literal_count, regexes = plan->regex_count;
    const tocsin_plan *base = build->kept ? build->kept->base : NULL;
    tocsin__engine_options options = {.allocator = plan->allocator, .native_cpu = build->options.native_cpu != 0};
    size_t bad;
    tocsin_error error = {0};
    options.frequency = build->frequency = tocsin__frequency_create(&plan->allocator);
    if (!options.frequency) return TOCSIN_ERROR_MEMORY;
    if (base && tocsin__allocator_equals(&base->allocator, &plan->allocator)) {
        options.known = base->matcher.regexes;
        options.known_patterns = base->regexes;
    }
    tocsin_status status = tocsin__matcher_compile(build->options.engine, plan->literals, literals, plan->regexes,
                                                   regexes, &options, &plan->matcher, &bad, &error);
    if (status == TOCSIN_ERROR_ENGINE && regexes) {
        size_t before = build->report.errors;
        tocsin_status reported = report_regexes(build, &options);
        if (reported || build->report.errors > before) return reported;
    }
    if (status && build->error) *build->error = error;
    plan->matcher.quantities = plan->quantities;
    return status ? status : warn_of_many(build);
}

/* Moves the lists of patterns to the plan, each pattern with its meaning. */
static tocsin_status keep_patterns(tocsin_plan *plan, const draft *d) {
    plan->literals = d->literals.data;
    plan->regexes = d->regexes.data;
    plan->literal_count = d->literals.length;
    plan->regex_count = d->regexes.length;
    plan->quantities.count = d->quantities.length;
    plan->pattern_count = d->literals.length + d->regexes.length + d->quantities.length;
    plan->quantities.forms = d->forms;
    plan->quantity_anchors = d->anchors;
    plan->pattern_of_term = d->of_term;
    for (size_t i = 0; i < plan->lexicon.term_count; i++) {
        plan->has_word_bounds |= plan->lexicon.terms[i].bounds == TOCSIN__BOUNDS_WORD;
    }
    tocsin_status status = index_quantities(plan);
    if (!status) status = sort_phrases(plan);
    return status ? status : fill_postings(plan, d->of_phrase);
}

static tocsin_status begin_draft(tocsin_plan *plan, draft *d) {
    const tocsin__lexicon *lexicon = &plan->lexicon;
    const size_t literals = lexicon->term_count - lexicon->regex_count + lexicon->phrase_count;
    memset(d, 0, sizeof *d);
    d->literals.data = tocsin__arena_allocate(&plan->arena, literals * sizeof(tocsin__pattern));
    d->regexes.data = tocsin__arena_allocate(&plan->arena, lexicon->regex_count * sizeof(tocsin__pattern));
    d->quantities.data = tocsin__arena_allocate(&plan->arena, lexicon->quantity_count * sizeof(tocsin__pattern));
    d->forms = tocsin__arena_allocate(&plan->arena, lexicon->quantity_count * sizeof *d->forms);
    if (!d->literals.data || !d->regexes.data || !d->quantities.data || !d->forms) return TOCSIN_ERROR_MEMORY;
    return TOCSIN_OK;
}

/* The maps are freed before the engines are built, which take as much memory again. */
tocsin_status tocsin__plan_build_patterns(tocsin__plan_build *build) {
    tocsin_plan *plan = build->plan;
    const tocsin__lexicon *lexicon = &plan->lexicon;
    draft d;
    tocsin_status status = begin_draft(plan, &d);
    if (status) return status;
    tocsin__map_init(&d.literal_map, &plan->allocator);
    for (int i = 0; i < TOCSIN__BOUNDS_COUNT; i++) tocsin__map_init(&d.regex_maps[i], &plan->allocator);
    tocsin__map_init(&d.quantity_map, &plan->allocator);
    d.of_term = tocsin__arena_allocate(&plan->arena, lexicon->term_count * sizeof *d.of_term);
    d.of_phrase = tocsin__arena_allocate(&plan->arena, lexicon->phrase_count * sizeof *d.of_phrase);
    d.anchors = tocsin__arena_allocate(&plan->arena, lexicon->quantity_count * sizeof *d.anchors);
    status = d.of_term && d.of_phrase && d.anchors ? collect(&plan->arena, lexicon, &d) : TOCSIN_ERROR_MEMORY;
    tocsin__map_release(&d.literal_map);
    for (int i = 0; i < TOCSIN__BOUNDS_COUNT; i++) tocsin__map_release(&d.regex_maps[i]);
    tocsin__map_release(&d.quantity_map);
    if (!status) status = keep_patterns(plan, &d);
    return status ? status : compile_engines(build);
}
