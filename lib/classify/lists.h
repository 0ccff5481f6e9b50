#ifndef TOCSIN_CLASSIFY_LISTS_H
#define TOCSIN_CLASSIFY_LISTS_H

/*
 * The lists of a verdict and of an explanation are arrays inside the library. Programs only see types without members,
 * so that an element may grow in a later version without breaking programs that step through a list.
 */

#include <tocsin/explain.h>

#define TOCSIN__LIST(element, list, name)                                                                              \
    static inline element *tocsin__##name##_array(const list *l) { return (element *)(const void *)l; }                \
    static inline const list *tocsin__##name##_list(element *array) { return (const list *)(const void *)array; }

TOCSIN__LIST(const tocsin_evidence, tocsin_evidence_list, evidence)
TOCSIN__LIST(const tocsin_held_clause, tocsin_held_clause_list, clause)
TOCSIN__LIST(const char *const, tocsin_route_list, route)
TOCSIN__LIST(const tocsin_topic_hits, tocsin_topic_hits_list, topic)
TOCSIN__LIST(const tocsin_named_place, tocsin_named_place_list, place)
TOCSIN__LIST(const tocsin_obstacle, tocsin_obstacle_list, obstacle)
TOCSIN__LIST(const tocsin_explained_clause, tocsin_explained_clause_list, explained_clause)
TOCSIN__LIST(const tocsin_contribution, tocsin_contribution_list, contribution)
TOCSIN__LIST(const tocsin_explained_learned, tocsin_explained_learned_list, explained_learned)

#endif
