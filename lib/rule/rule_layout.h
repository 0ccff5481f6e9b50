#ifndef TOCSIN_RULE_LAYOUT_H
#define TOCSIN_RULE_LAYOUT_H

/* What is worked out once from the nodes of a program: flags, topics, slots. */

#include <tocsin/status.h>

#include "base/arena.h"
#include "rule/rule_program.h"

/* Copies nodes and the defines that they are the roots of into the arena and makes a program of them;
 * TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__rule_lay_out(const tocsin__rule_node *nodes, const uint32_t *defines, uint32_t node_count,
                                   size_t topic_count, tocsin__arena *arena, const tocsin__rule_program **program);

/* Might the condition at a node hold where none of its topics has a hit? 0 only when it certainly does not. Reads the
 * flag TOCSIN__RULE_HOLDS_EMPTY of its children. */
int tocsin__rule_holds_empty(const tocsin__rule_node *nodes, uint32_t at);

#endif
