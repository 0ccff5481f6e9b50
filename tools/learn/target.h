#ifndef TOCSIN_TOOLS_TARGET_H
#define TOCSIN_TOOLS_TARGET_H

/* The condition that is learned: "tier >= general", "tier == none", "clause(M1)". */

#include <tocsin/tocsin.h>

#include "learn/labelled.h"

typedef struct learn_target {
    uint64_t tiers; /* as labelled_document.accept; 0: a clause is the target */
    size_t clause;
} learn_target;

typedef enum target_answer {
    TARGET_NO,
    TARGET_YES,
    TARGET_UNKNOWN /* the label does not name clauses */
} target_answer;

/* NULL, or what is wrong, in static storage. */
const char *target_parse(const char *text, const tocsin_plan_info *info, learn_target *target);

target_answer target_of(const learn_target *target, const labelled_document *document);

/* Whether the label accepts both answers. */
int target_is_open(const learn_target *target, const labelled_document *document);

#endif
