#ifndef TOCSIN_RULE_SHARED_H
#define TOCSIN_RULE_SHARED_H

/*
 * The programs of a plan seen together. Equal subtrees are one part, however many programs they stand in and whichever
 * define put them there, so that what one clause has found out of a document the next need not ask again.
 *
 * Every part has needs: masks over the signs of a document, each a topic with hits, a venue, an attention or "some
 * clause holds". Where a mask has no sign in common with the document the part does not hold. Topics beyond the number
 * of signs share them, so a need never refuses what would hold; it may let through what does not.
 */

#include <stddef.h>
#include <stdint.h>

#include "rule/rule_program.h"

/* How many masks a part has; what does not ask for so many has masks of all ones. */
#define TOCSIN__RULE_MASKS 3

/* A set that stands in one place only is not remembered. */
#define TOCSIN__RULE_NO_SET UINT32_MAX

typedef struct tocsin__rule_part {
    uint64_t need[TOCSIN__RULE_MASKS];
    uint32_t set; /* number among the sets that are remembered, or TOCSIN__RULE_NO_SET */
} tocsin__rule_part;

typedef struct tocsin__rule_shared {
    const tocsin__rule_program *const *programs;
    const uint32_t *const *parts_of; /* by program, by node: its part */
    const tocsin__rule_part *parts;
    const tocsin__rule_part *roots; /* by program: the part of its first node */
    uint32_t program_count;
    uint32_t part_count;
    uint32_t set_count;
    uint32_t slots; /* the most that a program has */
    uint32_t flags; /* TOCSIN__RULE_NEEDS_* of all programs, or-ed together */
} tocsin__rule_shared;

/* Signs from the highest bit down: attentions, venues, "some clause holds", topics. A document always has two. */
#define TOCSIN__RULE_ATTENTION_SIGN 61
#define TOCSIN__RULE_VENUE_SIGN 54
#define TOCSIN__RULE_HELD_SIGN 53
#define TOCSIN__RULE_TOPIC_SIGNS 53

static inline uint64_t tocsin__rule_topic_sign(uint32_t topic) {
    return UINT64_C(1) << topic % TOCSIN__RULE_TOPIC_SIGNS;
}

/* Of a venue, an attention and whether a clause holds. */
static inline uint64_t tocsin__rule_fact_signs(unsigned venue, unsigned attention, int held) {
    return UINT64_C(1) << (TOCSIN__RULE_VENUE_SIGN + venue) | UINT64_C(1) << (TOCSIN__RULE_ATTENTION_SIGN + attention) |
           (uint64_t)(held != 0) << TOCSIN__RULE_HELD_SIGN;
}

/* 0 when the part certainly does not hold over a document with these signs, in any scope of it. */
static inline int tocsin__rule_may_hold(const tocsin__rule_part *part, uint64_t signs) {
    return (part->need[0] & signs) && (part->need[1] & signs) && (part->need[2] & signs);
}

#endif
