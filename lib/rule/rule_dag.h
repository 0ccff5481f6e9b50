#ifndef TOCSIN_RULE_DAG_H
#define TOCSIN_RULE_DAG_H

/*
 * The rules of a plan as one directed acyclic graph. Equal subtrees are one node, in however many programs they stand
 * and whichever define they come from, so that a result found for one clause is there for the next. Nodes are numbered
 * in the order of evaluation: the parts of a node have smaller numbers. For each program an array gives the DAG number
 * of every node of its tree.
 *
 * Every node has requirements: masks over the topics and facts of a document. Each bit stands for a topic with hits, a
 * venue, an attention, or "some clause holds". If a mask has no bit in common with the document, the node does not
 * hold. If there are more topics than bits, topics share bits. So no node is refused that would hold; a node that is
 * let through may still fail.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/status.h>

#include "base/arena.h"
#include "rule/rule_program.h"

/* How many masks a node has; unused masks are all ones. */
#define TOCSIN__RULE_MASKS 3

/* The number of a set that is not kept, because it stands in only one place. */
#define TOCSIN__RULE_NO_SET UINT32_MAX

typedef struct tocsin__rule_dag_node {
    uint64_t required[TOCSIN__RULE_MASKS];
    uint32_t set; /* number among the sets that are kept, or TOCSIN__RULE_NO_SET */
} tocsin__rule_dag_node;

typedef struct tocsin__rule_dag {
    const tocsin__rule_program *const *programs;
    const uint32_t *const *numbers; /* by program, by node of its tree: the number in `nodes` */
    const tocsin__rule_dag_node *nodes;
    const tocsin__rule_dag_node *roots; /* by program: a copy of its first node, so that the copies are neighbours */
    uint32_t program_count;
    uint32_t node_count;
    uint32_t set_count;
    uint32_t slots; /* the most that one program has */
    uint32_t flags; /* TOCSIN__RULE_NEEDS_* of all programs, or-ed together */
} tocsin__rule_dag;

/*
 * The bits of a document, from the highest down: attentions, venues, "some clause holds", topics. A document always has
 * two of them.
 */
#define TOCSIN__RULE_ATTENTION_BIT 61
#define TOCSIN__RULE_VENUE_BIT 53
#define TOCSIN__RULE_HELD_BIT 52
#define TOCSIN__RULE_TOPIC_BITS 52

static inline uint64_t tocsin__rule_topic_bit(uint32_t topic) { return UINT64_C(1) << topic % TOCSIN__RULE_TOPIC_BITS; }

/* The bits of a venue, an attention and whether a clause holds. */
static inline uint64_t tocsin__rule_fact_bits(unsigned venue, unsigned attention, int held) {
    return UINT64_C(1) << (TOCSIN__RULE_VENUE_BIT + venue) | UINT64_C(1) << (TOCSIN__RULE_ATTENTION_BIT + attention) |
           (uint64_t)(held != 0) << TOCSIN__RULE_HELD_BIT;
}

/* 0 if the node certainly does not hold over a document with these bits, in any scope of it. */
static inline int tocsin__rule_may_hold(const tocsin__rule_dag_node *node, uint64_t present) {
    return (node->required[0] & present) && (node->required[1] & present) && (node->required[2] & present);
}

/* The programs and the array of them must stay in place. *dag is left untouched on TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__rule_dag_build(const tocsin__rule_program *const *programs, uint32_t count, tocsin__arena *arena,
                                     const tocsin__rule_dag **dag);

#endif
