/*
 * The guard: a set of topics, one of which must have a hit before any rule of a plan can hold, and a matcher for their
 * terms alone. It is small, so its filter stays in the first-level cache, and it is the only thing that looks at nearly
 * every document of a feed. Its topics follow from `about` or, in a plan without it, from all clauses and routes. A
 * second matcher is for the other topics that `about` requires: a disaster alone may not be enough.
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
static void cost_topics(const tocsin_plan *plan, const tocsin__frequency *frequency, double *costs) {
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

enum {
    WANTED_ANCHOR = 1, /* a literal that is the anchor of a quantity and no term itself */
    WANTED_TERM = 2
};

/* A look that is being made. */
typedef struct making {
    tocsin_plan *plan;
    tocsin__plan_look *look;
    const uint64_t *topics; /* a bit each */
    uint8_t *wanted;        /* by literal, then by regex: whether it is looked for */
    uint32_t *numbers;      /* the same: its number in the look */
    size_t quantities;
} making;

static int is_wanted(const making *m, const tocsin__term *term) { return tocsin__bits_test(m->topics, term->topic); }

/* 0 if there is no memory. */
static int want(making *m, tocsin__arena *scratch) {
    const tocsin_plan *plan = m->plan;
    const size_t literals = plan->literal_count, patterns = literals + plan->regex_count;
    m->wanted = tocsin__arena_allocate(scratch, patterns + 1);
    m->numbers = tocsin__arena_allocate(scratch, (patterns + 1) * sizeof *m->numbers);
    if (!m->wanted || !m->numbers) return 0;
    memset(m->wanted, 0, patterns + 1);
    for (size_t i = 0; i < plan->lexicon.term_count; i++) {
        const tocsin__term *term = &plan->lexicon.terms[i];
        const uint32_t number = plan->pattern_of_term[i];
        if (!is_wanted(m, term)) continue;
        if (term->kind == TOCSIN__TERM_LITERAL) m->wanted[number] = WANTED_TERM;
        if (term->kind == TOCSIN__TERM_REGEX) m->wanted[literals + number] = WANTED_TERM;
        if (term->kind != TOCSIN__TERM_QUANTITY) continue;
        uint8_t *anchor = &m->wanted[plan->quantity_anchors[number]];
        if (!*anchor) *anchor = WANTED_ANCHOR;
        m->quantities++;
    }
    for (size_t i = 0; i < patterns; i++) {
        size_t *count = i < literals ? &m->look->literal_count : &m->look->regex_count;
        m->numbers[i] = (uint32_t)*count;
        *count += m->wanted[i] != 0;
    }
    return 1;
}

/* Collects the quantities of the plan at the anchors that are looked for, also those of other topics. */
static tocsin_status collect_quantities(const making *m) {
    tocsin_plan *plan = m->plan;
    tocsin__plan_look *look = m->look;
    uint32_t *starts = tocsin__arena_allocate(&plan->arena, (look->literal_count + 1) * sizeof *starts);
    uint32_t *order = tocsin__arena_allocate(&plan->arena, plan->quantities.count * sizeof *order);
    uint32_t count = 0;
    if (!starts || !order) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < plan->literal_count; i++) {
        if (!m->wanted[i]) continue;
        starts[m->numbers[i]] = count;
        for (uint32_t q = plan->quantities.starts[i]; q < plan->quantities.starts[i + 1]; q++) {
            order[count++] = plan->quantities.order[q];
        }
    }
    starts[look->literal_count] = count;
    look->quantities = (tocsin__quantities){plan->quantities.forms, starts, order, plan->quantities.count};
    return TOCSIN_OK;
}

/* Notes for each pattern the bits of the topics that are looked for. */
static tocsin_status note_bits(const making *m) {
    tocsin_plan *plan = m->plan;
    tocsin__plan_look *look = m->look;
    const size_t regexes = look->literal_count, quantities = regexes + look->regex_count;
    const size_t size = (quantities + plan->quantities.count + 1) * sizeof *look->bits;
    uint64_t *bits = tocsin__arena_allocate(&plan->arena, size);
    if (!bits) return TOCSIN_ERROR_MEMORY;
    memset(bits, 0, size);
    for (size_t i = 0; i < plan->lexicon.term_count; i++) {
        const tocsin__term *term = &plan->lexicon.terms[i];
        size_t number = plan->pattern_of_term[i];
        if (!is_wanted(m, term)) continue;
        if (term->kind == TOCSIN__TERM_LITERAL) number = m->numbers[number];
        if (term->kind == TOCSIN__TERM_REGEX) number = regexes + m->numbers[plan->literal_count + number];
        if (term->kind == TOCSIN__TERM_QUANTITY) number += quantities;
        bits[number] |= tocsin__rule_topic_bit(term->topic);
    }
    look->bits = bits;
    return TOCSIN_OK;
}

/* Collects the patterns of the terms, each once. */
static tocsin_status collect(making *m, tocsin__arena *scratch) {
    tocsin_plan *plan = m->plan;
    tocsin__plan_look *look = m->look;
    const size_t literals = plan->literal_count;
    if (!want(m, scratch)) return TOCSIN_ERROR_MEMORY;
    tocsin__pattern *found = tocsin__arena_allocate(&plan->arena, (look->literal_count + 1) * sizeof *found);
    tocsin__pattern *chosen = tocsin__arena_allocate(&plan->arena, (look->regex_count + 1) * sizeof *chosen);
    if (!found || !chosen) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < literals; i++) {
        if (m->wanted[i]) found[m->numbers[i]] = plan->literals[i];
    }
    for (size_t i = 0; i < plan->regex_count; i++) {
        if (m->wanted[literals + i]) chosen[m->numbers[literals + i]] = plan->regexes[i];
    }
    look->literals = found;
    look->regexes = chosen;
    tocsin_status status = m->quantities ? collect_quantities(m) : TOCSIN_OK;
    return status ? status : note_bits(m);
}

static tocsin_status compile(tocsin__plan_build *build, tocsin__plan_look *look) {
    tocsin_plan *plan = build->plan;
    const tocsin__engine_options options = {.allocator = plan->allocator,
                                            .native_cpu = build->options.native_cpu != 0,
                                            .known = plan->matcher.regexes,
                                            .known_patterns = plan->regexes,
                                            .frequency = build->frequency};
    const size_t count = look->literal_count + look->regex_count;
    size_t bad;
    tocsin_error error = {0};
    if (!count || (double)count > MOST_SHARE * (double)plan->pattern_count) return TOCSIN_OK;
    tocsin_status status =
        tocsin__matcher_compile(build->options.engine, look->literals, look->literal_count, look->regexes,
                                look->regex_count, &options, &look->matcher, &bad, &error);
    if (status) {
        memset(&look->matcher, 0, sizeof look->matcher);
        return status == TOCSIN_ERROR_ENGINE ? TOCSIN_OK : status; /* there is then no such look */
    }
    look->matcher.quantities = look->quantities;
    look->scans = 1;
    return TOCSIN_OK;
}

static tocsin_status make_look(tocsin__plan_build *build, const uint64_t *topics, tocsin__arena *scratch,
                               tocsin__plan_look *look) {
    making m = {.plan = build->plan, .look = look, .topics = topics};
    tocsin_status status = collect(&m, scratch);
    return status ? status : compile(build, look);
}

/* The masks that `about` requires of a document; NULL: the plan has none. */
static const uint64_t *required(const tocsin_plan *plan) {
    const size_t root = plan->names.clause_count + plan->description->routes.count;
    return plan->about.program ? plan->dag->roots[root].required : NULL;
}

uint64_t tocsin__plan_guard_enough(const tocsin_plan *plan, uint64_t found) {
    const uint64_t *masks = required(plan), present = found | plan->guard.unknown;
    uint64_t enough = UINT64_MAX;
    for (int i = 0; masks && i < TOCSIN__RULE_MASKS; i++) {
        if (!(masks[i] & present)) enough &= masks[i];
    }
    return enough;
}

/* Makes the second look, for the topics that `about` requires beside those of the first. */
static tocsin_status make_second(tocsin__plan_build *build, tocsin__arena *scratch) {
    tocsin_plan *plan = build->plan;
    tocsin__plan_guard *guard = &plan->guard;
    const size_t topics = plan->names.topic_count, words = tocsin__bits_words(topics) + 1;
    const uint64_t *masks = required(plan);
    uint64_t *others = tocsin__arena_allocate(scratch, words * sizeof *others), asked = 0;
    tocsin_status status = others ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
    if (status) return status;
    memset(others, 0, words * sizeof *others);
    for (int i = 0; masks && i < TOCSIN__RULE_MASKS; i++) asked |= masks[i] == UINT64_MAX ? 0 : masks[i];
    for (size_t t = 0; t < topics; t++) {
        const int is_asked = (asked & tocsin__rule_topic_bit((uint32_t)t)) != 0;
        if (is_asked && !tocsin__bits_test(guard->topics, t)) tocsin__bits_set(others, t);
    }
    status = make_look(build, others, scratch, &guard->second);
    uint64_t known = 0, unknown = 0;
    for (size_t t = 0; t < topics; t++) {
        const int looks = tocsin__bits_test(guard->topics, t) || (guard->second.scans && tocsin__bits_test(others, t));
        *(looks ? &known : &unknown) |= tocsin__rule_topic_bit((uint32_t)t);
    }
    guard->unknown = ~known | unknown;
    guard->enough = tocsin__plan_guard_enough(plan, 0);
    return status;
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
        cost_topics(plan, build->frequency, costs);
    }
    if (!status) status = choose_topics(plan, costs, &scratch, chosen, &sound);
    if (!status && sound) {
        guard->topics = chosen;
        status = make_look(build, chosen, &scratch, &guard->first);
        if (!status && guard->first.scans) status = make_second(build, &scratch);
    }
    tocsin__arena_release(&scratch);
    return status;
}
