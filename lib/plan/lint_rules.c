/*
 * Finds oddities of clauses, routes and topics: those never used, never true, always true, or true whenever another one
 * is.
 */
#include <string.h>

#include "base/bitset.h"
#include "base/diagnostics_add.h"
#include "plan/plan_lint.h"
#include "rule/rule_logic.h"

typedef struct linter {
    const tocsin_plan *plan;
    tocsin_diagnostics *list;
} linter;

static const tocsin__plan_clause *clause_at(const tocsin_plan *plan, size_t number) {
    const tocsin__plan_description *d = plan->description;
    for (size_t t = 0; t < d->tier_count; t++) {
        if (number < d->tiers[t].clauses.count) return &d->tiers[t].clauses.items[number];
        number -= d->tiers[t].clauses.count;
    }
    return NULL;
}

static int uses(const tocsin__rule_program *program, uint32_t topic) {
    return topic < program->topic_count && tocsin__bits_test(program->topics, topic);
}

static int is_used(const tocsin_plan *plan, uint32_t topic) {
    if (plan->description->topics[topic].role != TOCSIN_ROLE_NONE) return 1; /* verdicts and trackers use its words */
    for (size_t i = 0; i < plan->elevated_topic_count; i++) {
        if (plan->elevated_topics[i] == topic) return 1;
    }
    for (size_t i = 0; i < plan->high_topic_count; i++) {
        if (plan->high_topics[i] == topic) return 1;
    }
    if (plan->about.program && uses(plan->about.program, topic)) return 1;
    for (size_t i = 0; i < plan->names.clause_count; i++) {
        if (uses(plan->clauses[i].program, topic)) return 1;
    }
    for (size_t i = 0; i < plan->description->routes.count; i++) {
        if (uses(plan->routes[i].program, topic)) return 1;
    }
    return 0;
}

static tocsin_status check_topics(const linter *l) {
    const tocsin__plan_description *d = l->plan->description;
    tocsin_status status = TOCSIN_OK;
    for (uint32_t t = 0; t < d->topic_count && !status; t++) {
        if (is_used(l->plan, t)) continue;
        status = tocsin__diagnose(l->list, TOCSIN_SEVERITY_WARNING, "unused-topic", d->topics[t].id.place,
                                  "no clause, route or attention uses the topic %s", d->topics[t].id.value);
    }
    return status;
}

/* *open: it may hold and may fail, so comparing it with others makes sense. */
static tocsin_status check_outlook(const linter *l, const tocsin__plan_clause *rule,
                                   const tocsin__rule_program *program, const char *what, int *open) {
    const tocsin__place place = rule->when.place;
    tocsin__rule_outlook any, wordless;
    tocsin_status status = tocsin__rule_foresee(program, &l->plan->allocator, &any, &wordless);
    if (status) return status;
    *open = any.may_hold && any.may_fail;
    if (!any.may_hold) {
        return tocsin__diagnose(l->list, TOCSIN_SEVERITY_WARNING, "clause-never", place, "%s %s can never hold", what,
                                rule->id.value);
    }
    if (program->flags & TOCSIN__RULE_NEEDS_VERDICT) return TOCSIN_OK;
    if (!any.may_fail) {
        return tocsin__diagnose(l->list, TOCSIN_SEVERITY_WARNING, "clause-always", place,
                                "%s %s holds for every document", what, rule->id.value);
    }
    if (!wordless.sure) return TOCSIN_OK;
    return tocsin__diagnose(l->list, TOCSIN_SEVERITY_WARNING, "clause-wordless", place,
                            "%s %s holds for documents without any of its words", what, rule->id.value);
}

/*
 * Finds a clause that decides nothing: another one of its tier or a higher tier holds whenever it does. If two clauses
 * are equal, the later one is reported.
 */
static tocsin_status check_implied(const linter *l, const int *open, size_t number) {
    const tocsin_plan *plan = l->plan;
    const tocsin__plan_rule *rule = &plan->clauses[number];
    const tocsin__plan_clause *clause = clause_at(plan, number);
    for (size_t other = 0; other < plan->names.clause_count; other++) {
        const tocsin__plan_rule *against = &plan->clauses[other];
        if (other == number || !open[other] || against->tier < rule->tier) continue;
        if (!tocsin__rule_implies(rule->program, against->program)) continue;
        const int alike = against->tier == rule->tier && tocsin__rule_implies(against->program, rule->program);
        if (alike && other > number) continue;
        return tocsin__diagnose(l->list, TOCSIN_SEVERITY_WARNING, "clause-implied", clause->when.place,
                                "whenever the clause %s holds, so does %s, of tier %s: it decides nothing",
                                clause->id.value, plan->names.clauses[other].id, plan->names.tiers[against->tier]);
    }
    return TOCSIN_OK;
}

static uint64_t listed_venues(const tocsin_plan *plan) {
    uint64_t listed = (uint64_t)1 << TOCSIN_VENUE_UNKNOWN;
    for (size_t i = 0; i < plan->venues->entries.length; i++) {
        listed |= (uint64_t)1 << plan->venues->entries.data[i].venue;
    }
    return listed;
}

/* Finds classes that rules use and no pattern of a catalogue gives; reports each once, at its first use. */
static tocsin_status check_venues(const linter *l, const tocsin__plan_clause *rule, const tocsin__rule_program *program,
                                  uint64_t *known) {
    tocsin_status status = TOCSIN_OK;
    for (uint32_t i = 0; i < program->node_count; i++) {
        const tocsin__rule_node *node = &program->nodes[i];
        if (node->kind != TOCSIN__RULE_VENUE) continue;
        for (unsigned venue = 0; venue < TOCSIN_VENUE_COUNT && !status; venue++) {
            if (!(node->value & ~*known & (uint64_t)1 << venue)) continue;
            *known |= (uint64_t)1 << venue;
            status = tocsin__diagnose(l->list, TOCSIN_SEVERITY_NOTE, "venue-unlisted", rule->when.place,
                                      "no venue of the plan has the class %s: documents must give it themselves",
                                      tocsin_venue_name((tocsin_venue)venue));
        }
    }
    return status;
}

/* Whether a topic below a node has a quantity in its lists. */
static int has_quantity(const tocsin_plan *plan, const tocsin__rule_program *program, uint32_t at) {
    for (uint32_t i = at; i < program->nodes[at].end; i++) {
        if (program->nodes[i].kind != TOCSIN__RULE_TOPIC) continue;
        for (size_t t = 0; t < plan->lexicon.term_count; t++) {
            const tocsin__term *term = &plan->lexicon.terms[t];
            if (term->kind == TOCSIN__TERM_QUANTITY && term->topic == program->nodes[i].value) return 1;
        }
    }
    return 0;
}

static tocsin_status check_values(const linter *l, const tocsin__plan_clause *rule, const tocsin__rule_program *program,
                                  const char *what) {
    tocsin_status status = TOCSIN_OK;
    for (uint32_t i = 0; i < program->node_count && !status; i++) {
        if (program->nodes[i].kind != TOCSIN__RULE_VALUE || has_quantity(l->plan, program, i)) continue;
        status = tocsin__diagnose(l->list, TOCSIN_SEVERITY_WARNING, "value-without-number", rule->when.place,
                                  "%s %s compares value(…) of topics that have no quantities: it never holds", what,
                                  rule->id.value);
    }
    return status;
}

static tocsin_status check_clauses(const linter *l, int *open, uint64_t *known) {
    const tocsin_plan *plan = l->plan;
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < plan->names.clause_count && !status; i++) {
        const tocsin__plan_clause *clause = clause_at(plan, i);
        status = check_outlook(l, clause, plan->clauses[i].program, "the clause", &open[i]);
        if (!status) status = check_venues(l, clause, plan->clauses[i].program, known);
        if (!status) status = check_values(l, clause, plan->clauses[i].program, "the clause");
    }
    for (size_t i = 0; i < plan->names.clause_count && !status; i++) {
        if (open[i]) status = check_implied(l, open, i);
    }
    return status;
}

static tocsin_status check_about(const linter *l, uint64_t *known) {
    const tocsin__plan_clause *about = &l->plan->description->about;
    const tocsin__rule_program *program = l->plan->about.program;
    int ignored;
    tocsin_status status = check_outlook(l, about, program, "the rule", &ignored);
    if (!status) status = check_venues(l, about, program, known);
    return status ? status : check_values(l, about, program, "the rule");
}

tocsin_status tocsin__lint_rules(const tocsin_plan *plan, tocsin_diagnostics *list) {
    const linter l = {plan, list};
    const size_t size = (plan->names.clause_count + 1) * sizeof(int);
    uint64_t known = listed_venues(plan);
    int ignored, *open = tocsin__allocate(&plan->allocator, size);
    if (!open) return TOCSIN_ERROR_MEMORY;
    tocsin_status status = check_topics(&l);
    if (!status) status = check_clauses(&l, open, &known);
    if (!status && plan->about.program) status = check_about(&l, &known);
    for (size_t i = 0; i < plan->description->routes.count && !status; i++) {
        const tocsin__plan_clause *route = &plan->description->routes.items[i];
        status = check_outlook(&l, route, plan->routes[i].program, "the route", &ignored);
        if (!status) status = check_venues(&l, route, plan->routes[i].program, &known);
        if (!status) status = check_values(&l, route, plan->routes[i].program, "the route");
    }
    tocsin__deallocate(&plan->allocator, open, size);
    return status;
}
