/*
 * From hits and facts to the verdict. A clause whose required topics have no hits is skipped without evaluation,
 * which happens to every clause of nearly every document.
 */
#include <string.h>

#include "base/bitset.h"
#include "classify/lists.h"
#include "classify/scanner_internal.h"

tocsin__rule_attention tocsin__attention_signs(const tocsin_plan *plan, const tocsin_document *document) {
    const tocsin__plan_attention *thresholds = &plan->description->attention;
    return (tocsin__rule_attention){.own = document->attention,
                                    .elevated = thresholds->elevated,
                                    .high = thresholds->high,
                                    .elevated_topics = plan->elevated_topics,
                                    .high_topics = plan->high_topics,
                                    .elevated_topic_count = plan->elevated_topic_count,
                                    .high_topic_count = plan->high_topic_count};
}

static tocsin_attention attention_of_facts(const tocsin_plan *plan, const tocsin_document *document) {
    const tocsin__plan_attention *thresholds = &plan->description->attention;
    return tocsin__rule_attention_of_reach(document->attention, document->reach, thresholds->elevated,
                                           thresholds->high);
}

/* Begins the evaluator when the first program must be evaluated; for most documents that never happens. */
static tocsin_status begin_evaluator(tocsin_scanner *s, const tocsin__rule_input *input) {
    if (s->evaluator_begun) return TOCSIN_OK;
    size_t words = tocsin__rule_evaluator_scratch_size(s->plan->dag, s->hits.length) / sizeof(uint64_t) + 1;
    tocsin_status status = tocsin__vec_reserve(&s->rule_scratch, words, &s->allocator);
    if (status) return status;
    tocsin__rule_evaluator_begin(&s->evaluator, input, s->rule_scratch.data);
    s->evaluator_begun = 1;
    return TOCSIN_OK;
}

static tocsin_status holds(tocsin_scanner *s, uint32_t program, const tocsin__rule_input *input, uint64_t present,
                           int *held) {
    const tocsin__rule_dag *dag = s->plan->dag;
    *held = 0;
    if (!tocsin__rule_may_hold(&dag->roots[program], present)) return TOCSIN_OK;
    tocsin_status status = begin_evaluator(s, input);
    if (status) return status;
    tocsin__locate_hits(s, dag->programs[program]->flags);
    *held = tocsin__rule_evaluator_holds(&s->evaluator, program, present);
    return TOCSIN_OK;
}

static tocsin_status grade_clauses(tocsin_scanner *s, const tocsin__rule_input *input, uint64_t present) {
    const tocsin_plan *plan = s->plan;
    tocsin_status status = TOCSIN_OK;
    for (uint32_t i = 0; i < plan->info.clause_count && !status; i++) {
        int held;
        status = holds(s, i, input, present, &held);
        if (!status && s->stop) status = tocsin__may_go_on(s);
        if (status || !held) continue;
        tocsin__bits_set(s->clause_bits, i);
        status = tocsin__add_evidence(s, i, input->reach);
        if ((int32_t)plan->clauses[i].tier > s->verdict.tier) s->verdict.tier = (int32_t)plan->clauses[i].tier;
    }
    return status;
}

static tocsin_status grade_routes(tocsin_scanner *s, const tocsin__rule_input *input, uint64_t present) {
    const tocsin_plan *plan = s->plan;
    tocsin_status status = TOCSIN_OK;
    for (uint32_t i = 0; i < plan->info.route_count && !status; i++) {
        int held;
        status = holds(s, (uint32_t)plan->info.clause_count + i, input, present, &held);
        if (!status && held) status = tocsin__vec_push(&s->routes, &s->allocator, plan->items.routes[i].id);
    }
    return status;
}

/* Whether a topic of the guard has a hit. */
static int has_guard(const tocsin_scanner *s) {
    const uint64_t *guard = s->plan->guard.topics;
    for (size_t i = 0; guard && i < s->touched_topics.length; i++) {
        if (tocsin__bits_test(guard, s->touched_topics.data[i])) return 1;
    }
    return !guard;
}

/* Decides whether the document is about the plan's subject; if not, grading ends. */
static tocsin_status judge_about(tocsin_scanner *s, const tocsin__rule_input *input, uint64_t present) {
    const tocsin_plan_info *info = &s->plan->info;
    s->verdict.about = has_guard(s);
    if (!s->plan->about.program || !s->verdict.about) return TOCSIN_OK;
    return holds(s, (uint32_t)(info->clause_count + info->route_count), input, present, &s->verdict.about);
}

static tocsin_status grade_rules(tocsin_scanner *s, uint64_t reach) {
    tocsin__rule_input input = tocsin__rule_input_of(s, reach);
    const uint64_t present = s->topics_present | tocsin__rule_fact_bits(input.venue, input.attention, 0);
    tocsin_status status = judge_about(s, &input, present);
    if (!status && s->verdict.about) status = grade_clauses(s, &input, present);
    if (status || !s->verdict.about) return status;
    input.tier = s->verdict.tier;
    return grade_routes(s, &input,
                        s->topics_present |
                            tocsin__rule_fact_bits(input.venue, input.attention, input.tier != TOCSIN_TIER_NONE));
}

static tocsin_status list_topics(tocsin_scanner *s) {
    const tocsin_plan *plan = s->plan;
    if (!s->touched_topics.length) return TOCSIN_OK;
    size_t topics = plan->info.topic_count, t = 0;
    while ((t = tocsin__bits_next(s->topic_bits, t, topics)) < topics) {
        const tocsin_topic_hits topic = {(uint32_t)t, plan->items.topics[t].id, s->topic_counts[t], s->topic_scores[t]};
        if (tocsin__vec_push(&s->topics, &s->allocator, topic)) return TOCSIN_ERROR_MEMORY;
        t++;
    }
    return TOCSIN_OK;
}

/* Lists each place once, in the order of their first hits. */
static tocsin_status list_places(tocsin_scanner *s) {
    const tocsin_plan_item *topics = s->plan->items.topics;
    if (!s->plan->has_places) return TOCSIN_OK;
    for (size_t i = 0; i < s->hits.length && s->named_places.length < TOCSIN_VERDICT_PLACES; i++) {
        const uint32_t topic = s->hits.data[i].topic;
        if (topics[topic].role != TOCSIN_ROLE_PLACE && topics[topic].role != TOCSIN_ROLE_HOME) continue;
        const tocsin_bytes term = s->plan->lexicon.terms[s->places.data[i].term].original;
        size_t at = 0;
        while (at < s->named_places.length && s->named_places.data[at].term.data != term.data) at++;
        if (at < s->named_places.length) continue;
        const tocsin_named_place place = {topic, topics[topic].id, term};
        if (tocsin__vec_push(&s->named_places, &s->allocator, place)) return TOCSIN_ERROR_MEMORY;
    }
    return TOCSIN_OK;
}

static void hand_over_lists(tocsin_scanner *s) {
    tocsin_verdict *verdict = &s->verdict;
    verdict->clause_count = s->clauses.length;
    verdict->clauses = tocsin__clause_list(s->clauses.data);
    verdict->route_count = s->routes.length;
    verdict->routes = tocsin__route_list(s->routes.data);
    verdict->evidence_count = s->evidence.length;
    verdict->evidence = tocsin__evidence_list(s->evidence.data);
    verdict->topic_count = s->topics.length;
    verdict->topics = tocsin__topic_list(s->topics.data);
    verdict->place_count = s->named_places.length;
    verdict->places = tocsin__place_list(s->named_places.data);
}

static __attribute__((noinline)) tocsin_status grade_hits(tocsin_scanner *s, const tocsin_document *document) {
    tocsin_verdict *verdict = &s->verdict;
    const tocsin__rule_attention signs = tocsin__attention_signs(s->plan, document);
    verdict->attention = tocsin__rule_attention_of(&signs, document->reach, s->topic_counts);
    tocsin_status status = grade_rules(s, document->reach);
    const int listed = verdict->about || s->options.all_topics;
    if (!verdict->about) verdict->attention = attention_of_facts(s->plan, document);
    if (!status && listed) status = list_topics(s);
    if (!status && listed) status = list_places(s);
    if (verdict->tier >= 0) verdict->tier_id = s->plan->items.tiers[verdict->tier].id;
    hand_over_lists(s);
    return status;
}

/* A document without any hit, if the guard requires one: no rule is evaluated. */
static int is_far_from_it(const tocsin_scanner *s) { return s->plan->guard.topics && !s->touched_topics.length; }

tocsin_status tocsin__grade(tocsin_scanner *s, const tocsin_document *document) {
    tocsin_verdict *verdict = &s->verdict;
    verdict->struct_size = sizeof *verdict;
    verdict->plan = s->plan;
    verdict->generation = s->generation;
    verdict->id = document->id;
    verdict->tier = TOCSIN_TIER_NONE;
    verdict->venue = document->venue;
    if (verdict->venue == TOCSIN_VENUE_UNKNOWN) {
        verdict->venue = tocsin__venue_lookup(s->plan->venues, document->source);
    }
    for (size_t i = 0; i <= s->plan->info.clause_count / 64; i++) s->clause_bits[i] = 0;
    tocsin_status status = TOCSIN_OK;
    verdict->tier_id = "none";
    if (is_far_from_it(s)) {
        verdict->attention = attention_of_facts(s->plan, document);
    } else {
        status = grade_hits(s, document);
    }
    return status;
}
