/* Returns the elements of the lists of a verdict and of an explanation, one by one. */
#include "classify/lists.h"

const tocsin_held_clause *tocsin_verdict_clause(const tocsin_verdict *v, size_t index) {
    return v && index < v->clause_count ? &tocsin__clause_array(v->clauses)[index] : NULL;
}

const char *tocsin_verdict_route(const tocsin_verdict *v, size_t index) {
    return v && index < v->route_count ? tocsin__route_array(v->routes)[index] : NULL;
}

const tocsin_evidence *tocsin_verdict_evidence(const tocsin_verdict *v, size_t index) {
    return v && index < v->evidence_count ? &tocsin__evidence_array(v->evidence)[index] : NULL;
}

const tocsin_topic_hits *tocsin_verdict_topic(const tocsin_verdict *v, size_t index) {
    return v && index < v->topic_count ? &tocsin__topic_array(v->topics)[index] : NULL;
}

const tocsin_named_place *tocsin_verdict_place(const tocsin_verdict *v, size_t index) {
    return v && index < v->place_count ? &tocsin__place_array(v->places)[index] : NULL;
}

const tocsin_explained_clause *tocsin_explanation_clause(const tocsin_explanation *e, size_t index) {
    return e && index < e->clause_count ? &tocsin__explained_clause_array(e->clauses)[index] : NULL;
}

const tocsin_explained_learned *tocsin_explanation_learned(const tocsin_explanation *e, size_t index) {
    return e && index < e->learned_count ? &tocsin__explained_learned_array(e->learned)[index] : NULL;
}

const tocsin_evidence *tocsin_explained_evidence(const tocsin_explained_clause *clause, size_t index) {
    return clause && index < clause->evidence_count ? &tocsin__evidence_array(clause->evidence)[index] : NULL;
}

const tocsin_obstacle *tocsin_explained_obstacle(const tocsin_explained_clause *clause, size_t index) {
    return clause && index < clause->obstacle_count ? &tocsin__obstacle_array(clause->obstacles)[index] : NULL;
}

const tocsin_evidence *tocsin_obstacle_span(const tocsin_obstacle *obstacle, size_t index) {
    return obstacle && index < obstacle->span_count ? &tocsin__evidence_array(obstacle->spans)[index] : NULL;
}

const tocsin_contribution *tocsin_explained_contribution(const tocsin_explained_learned *learned, size_t index) {
    if (!learned || index >= learned->contribution_count) return NULL;
    return &tocsin__contribution_array(learned->contributions)[index];
}
