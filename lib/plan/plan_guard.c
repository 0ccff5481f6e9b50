/*
 * The guard: a set of topics, one of which must have a hit before any rule of a plan can hold, and a matcher for their
 * terms alone. It is small, so its filter stays in the first-level cache, and it is the only thing that looks at nearly
 * every document of a feed. Its topics follow from `about` or, in a plan without it, from all clauses and routes.
 */
#include <string.h>

#include "base/bitset.h"
#include "match/pattern_cost.h"
#include "plan/plan_build.h"
#include "rule/rule_logic.h"
#include "text/quantity_form.h"

#define MOST_SHARE 0.5    /* of the plan's patterns: a guard with more saves nothing */
#define PATTERN_COST 1e-7 /* the cost of looking for a pattern */
#define REGEX_COST 1e-5   /* the cost of a regex, whose atoms are about as frequent as a word of two characters */

/* Computes the cost of looking for each topic. */
static tocsin_status cost_topics(const tocsin_plan *plan, double *costs) {
    tocsin__frequency *frequency = tocsin__frequency_create(&plan->allocator);
    if (!frequency) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < plan->lexicon.term_count; i++) {
        const tocsin__term *term = &plan->lexicon.terms[i];
        const uint32_t number = plan->pattern_of_term[i];
        double cost = REGEX_COST;
        if (term->kind != TOCSIN__TERM_REGEX) {
            const uint32_t literal = term->kind == TOCSIN__TERM_LITERAL ? number : plan->quantity_anchors[number];
            cost = tocsin__literal_cost(frequency, &plan->literals[literal]);
        }
        costs[term->topic] += cost + PATTERN_COST;
    }
    tocsin__frequency_free(frequency);
    return TOCSIN_OK;
}

/*
 * Chooses a cheap set for all rules: topics that one rule has chosen cost the others nothing. The second round drops
 * topics that the first did not need.
 */
static tocsin_status choose_topics(const tocsin_plan *plan, double *costs, tocsin__arena *scratch, uint64_t *topics,
                                   int *sound) {
    const size_t clauses = plan->names.clause_count, routes = plan->description->routes.count;
    const size_t words = tocsin__bits_words(plan->names.topic_count);
    tocsin_status status = TOCSIN_OK;
    if (plan->about.program) return tocsin__rule_required(plan->about.program, costs, scratch, topics, sound);
    for (int round = 0; round < 2 && *sound && !status; round++) {
        memset(topics, 0, words * sizeof *topics);
        for (size_t i = 0; i < clauses + routes && *sound && !status; i++) {
            const tocsin__rule_program *program =
                i < clauses ? plan->clauses[i].program : plan->routes[i - clauses].program;
            status = tocsin__rule_required(program, costs, scratch, topics, sound);
            for (size_t t = 0; t < plan->names.topic_count && !round; t++) {
                if (tocsin__bits_test(topics, t)) costs[t] *= 1e-3;
            }
        }
    }
    return status;
}

static int is_guarded(const uint64_t *topics, const tocsin__term *term) {
    return tocsin__bits_test(topics, term->topic);
}

enum {
    WANTED_ANCHOR = 1, /* a literal that is the anchor of a quantity and no term itself */
    WANTED_TERM = 2
};

/* By literal, then by regex: whether the guard looks for it; *quantities: the number of quantities. */
static uint8_t *want(const tocsin_plan *plan, const tocsin__plan_guard *guard, tocsin__arena *scratch,
                     size_t *quantities) {
    const size_t literals = plan->literal_count, regexes = plan->regex_count;
    uint8_t *wanted = tocsin__arena_allocate(scratch, literals + regexes + 1);
    if (!wanted) return NULL;
    memset(wanted, 0, literals + regexes + 1);
    *quantities = 0;
    for (size_t i = 0; i < plan->lexicon.term_count; i++) {
        const tocsin__term *term = &plan->lexicon.terms[i];
        const uint32_t number = plan->pattern_of_term[i];
        if (!is_guarded(guard->topics, term)) continue;
        if (term->kind == TOCSIN__TERM_LITERAL) wanted[number] = WANTED_TERM;
        if (term->kind == TOCSIN__TERM_REGEX) wanted[literals + number] = WANTED_TERM;
        if (term->kind != TOCSIN__TERM_QUANTITY) continue;
        uint8_t *anchor = &wanted[plan->quantity_anchors[number]];
        if (!*anchor) *anchor = WANTED_ANCHOR;
        ++*quantities;
    }
    return wanted;
}

/*
 * Collects the quantities of the plan at the anchors that the guard looks for, also those of other topics: the guard
 * may say yes too often.
 */
static tocsin_status collect_quantities(tocsin_plan *plan, tocsin__plan_guard *guard, const uint8_t *wanted) {
    uint32_t *starts = tocsin__arena_allocate(&plan->arena, (guard->literal_count + 1) * sizeof *starts);
    uint32_t *order = tocsin__arena_allocate(&plan->arena, plan->quantities.count * sizeof *order);
    uint32_t count = 0;
    if (!starts || !order) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0, n = 0; i < plan->literal_count; i++) {
        if (!wanted[i]) continue;
        starts[n++] = count;
        for (uint32_t q = plan->quantities.starts[i]; q < plan->quantities.starts[i + 1]; q++) {
            order[count++] = plan->quantities.order[q];
        }
    }
    starts[guard->literal_count] = count;
    guard->quantities = (tocsin__quantities){plan->quantities.forms, starts, order, plan->quantities.count};
    return TOCSIN_OK;
}

/* Collects the patterns of the guard's terms, each once. */
static tocsin_status collect(tocsin_plan *plan, tocsin__plan_guard *guard, tocsin__arena *scratch) {
    const size_t literals = plan->literal_count, regexes = plan->regex_count;
    size_t quantities;
    const uint8_t *wanted = want(plan, guard, scratch, &quantities);
    if (!wanted) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < literals; i++) guard->literal_count += wanted[i] != 0;
    for (size_t i = 0; i < regexes; i++) guard->regex_count += wanted[literals + i] != 0;
    const size_t words = tocsin__bits_words(guard->literal_count) + 1;
    tocsin__pattern *found = tocsin__arena_allocate(&plan->arena, (guard->literal_count + 1) * sizeof *found);
    tocsin__pattern *chosen = tocsin__arena_allocate(&plan->arena, (guard->regex_count + 1) * sizeof *chosen);
    uint64_t *terms = tocsin__arena_allocate(&plan->arena, words * sizeof *terms);
    if (!found || !chosen || !terms) return TOCSIN_ERROR_MEMORY;
    memset(terms, 0, words * sizeof *terms);
    for (size_t i = 0, n = 0; i < literals; i++) {
        if (!wanted[i]) continue;
        if (wanted[i] == WANTED_TERM) tocsin__bits_set(terms, n);
        found[n++] = plan->literals[i];
    }
    for (size_t i = 0, n = 0; i < regexes; i++) {
        if (wanted[literals + i]) chosen[n++] = plan->regexes[i];
    }
    guard->literals = found;
    guard->regexes = chosen;
    guard->terms = terms;
    return quantities ? collect_quantities(plan, guard, wanted) : TOCSIN_OK;
}

static tocsin_status compile(tocsin__plan_build *build, tocsin__plan_guard *guard) {
    tocsin_plan *plan = build->plan;
    const tocsin__engine_options options = {plan->allocator, build->options.native_cpu != 0, 0};
    const size_t count = guard->literal_count + guard->regex_count;
    size_t bad;
    tocsin_error error = {0};
    if (!count || (double)count > MOST_SHARE * (double)plan->pattern_count) return TOCSIN_OK;
    tocsin_status status =
        tocsin__matcher_compile(build->options.engine, guard->literals, guard->literal_count, guard->regexes,
                                guard->regex_count, &options, &guard->matcher, &bad, &error);
    if (status) {
        memset(&guard->matcher, 0, sizeof guard->matcher);
        return status == TOCSIN_ERROR_ENGINE ? TOCSIN_OK : status; /* the plan then has no guard */
    }
    guard->matcher.quantities = guard->quantities;
    guard->scans = 1;
    return TOCSIN_OK;
}

tocsin_status tocsin__plan_build_guard(tocsin__plan_build *build) {
    tocsin_plan *plan = build->plan;
    tocsin__plan_guard *guard = &plan->guard;
    const size_t topics = plan->names.topic_count, words = tocsin__bits_words(topics) + 1;
    tocsin__arena scratch;
    int sound = 1;
    tocsin__arena_init(&scratch, &plan->allocator);
    double *costs = tocsin__arena_allocate(&scratch, (topics + 1) * sizeof *costs);
    uint64_t *chosen = tocsin__arena_allocate(&plan->arena, words * sizeof *chosen);
    tocsin_status status = costs && chosen ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
    if (!status) {
        for (size_t t = 0; t < topics; t++) costs[t] = 0;
        memset(chosen, 0, words * sizeof *chosen);
        status = cost_topics(plan, costs);
    }
    if (!status) status = choose_topics(plan, costs, &scratch, chosen, &sound);
    if (!status && sound) {
        guard->topics = chosen;
        status = collect(plan, guard, &scratch);
    }
    if (!status && sound) status = compile(build, guard);
    tocsin__arena_release(&scratch);
    return status;
}
