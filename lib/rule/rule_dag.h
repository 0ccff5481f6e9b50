#ifndef TOCSIN_RULE_DAG_H
#define TOCSIN_RULE_DAG_H

/*
 * The rules of a plan as one directed acyclic graph. Equal subtrees are one node, however many programs they stand in
 * and whichever define put them there, so that what one clause has found out of a document the next need not ask again.
 * Nodes are numbered in the order of evaluation: what a node is made of has smaller numbers. The programs are its
 * edges: each says the number of every node of its tree.
 *
 * Every node requires something: masks over what a document may have, each bit a topic with hits, a venue, an attention
 * or "some clause holds". Where a mask has no bit in common with the document the node does not hold. Topics beyond the
 * number of bits share them, so nothing is refused that would hold; what is let through may not hold.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/status.h>

#include "base/arena.h"
#include "rule/rule_program.h"

/* How many masks a node has; what does not require so much has masks of all ones. */
#define TOCSIN__RULE_MASKS 3

/* A set that stands in one place only is not kept. */
#define TOCSIN__RULE_NO_SET UINT32_MAX

typedef struct tocsin__rule_dag_node {
    uint64_t required[TOCSIN__RULE_MASKS];
    uint32_t set; /* number among the sets that are kept, or TOCSIN__RULE_NO_SET */
} tocsin__rule_dag_node;

typedef struct tocsin__rule_dag {
    const tocsin__rule_program *const *programs;
    const uint32_t *const *numbers; /* by program, by node of its tree: the number in `nodes` */
    const tocsin__rule_dag_node *nodes;
    const tocsin__rule_dag_node *roots; /* by program: a copy of its first node, so that they stand side by side */
    uint32_t program_count;
    uint32_t node_count;
    uint32_t set_count;
    uint32_t slots; /* the most that a program has */
    uint32_t flags; /* TOCSIN__RULE_NEEDS_* of all programs, or-ed together */
} tocsin__rule_dag;

/* Bits of what a document has, from the highest down: attentions, venues, "some clause holds", topics. A document
 * always has two. */
#define TOCSIN__RULE_ATTENTION_BIT 61
#define TOCSIN__RULE_VENUE_BIT 53
#define TOCSIN__RULE_HELD_BIT 52
#define TOCSIN__RULE_TOPIC_BITS 52

static inline uint64_t tocsin__rule_topic_bit(uint32_t topic) { return UINT64_C(1) << topic % TOCSIN__RULE_TOPIC_BITS; }

/* Of a venue, an attention and whether a clause holds. */
static inline uint64_t tocsin__rule_fact_bits(unsigned venue, unsigned attention, int held) {
    return UINT64_C(1) << (TOCSIN__RULE_VENUE_BIT + venue) | UINT64_C(1) << (TOCSIN__RULE_ATTENTION_BIT + attention) |
           (uint64_t)(held != 0) << TOCSIN__RULE_HELD_BIT;
}

/* 0 when the node certainly does not hold over a document that has these, in any scope of it. */
static inline int tocsin__rule_may_hold(const tocsin__rule_dag_node *node, uint64_t present) {
    return (node->required[0] & present) && (node->required[1] & present) && (node->required[2] & present);
}

/* The programs, and the array of them, stay where they are. *dag is left untouched on TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__rule_dag_build(const tocsin__rule_program *const *programs, uint32_t count, tocsin__arena *arena,
                                     const tocsin__rule_dag **dag);

#endif
