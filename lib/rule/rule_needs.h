#ifndef TOCSIN_RULE_NEEDS_H
#define TOCSIN_RULE_NEEDS_H

/* What must be there for a node to hold, and what for it not to hold, as masks of signs (rule_shared.h). */

#include "rule/rule_shared.h"

typedef struct tocsin__rule_needs {
    uint64_t holds[TOCSIN__RULE_MASKS];
    uint64_t fails[TOCSIN__RULE_MASKS];
} tocsin__rule_needs;

/* The needs of a node, given those of its children: known[parts[child]]. */
tocsin__rule_needs tocsin__rule_needs_of(const tocsin__rule_node *nodes, uint32_t at, const uint32_t *parts,
                                         const tocsin__rule_needs *known);

#endif
