#ifndef TOCSIN_RULE_LOGIC_H
#define TOCSIN_RULE_LOGIC_H

/*
 * Facts about programs without a document. Unproved implications count as none, so that no author is warned of a
 * contradiction that does not exist.
 */

#include <tocsin/allocator.h>
#include <tocsin/status.h>

#include "base/arena.h"
#include "rule/rule_program.h"

/* Results over all venues, reaches and attentions. Nothing is concluded about clauses and tiers. */
typedef struct tocsin__rule_outlook {
    int may_hold; /* for some of them it may hold */
    int may_fail;
    int sure; /* for some of them it must hold */
} tocsin__rule_outlook;

/*
 * Computes the outlook for any document, and for documents without hits. Time is linear in the nodes of the program: it
 * is walked once for each combination of the venues, attentions and reaches that it distinguishes (at most 64 reaches),
 * and a proof that takes more than 64 steps a node is given up. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__rule_foresee(const tocsin__rule_program *program, const tocsin_allocator *allocator,
                                   tocsin__rule_outlook *any, tocsin__rule_outlook *wordless);

/* Whether b holds over every document over which a holds. Time is linear in the nodes of both, as above. */
int tocsin__rule_implies(const tocsin__rule_program *a, const tocsin__rule_program *b);

/*
 * Computes topics of which one must have a hit so that a program can hold: the cheapest such set. Other conditions of
 * the program (places, facts, numbers) are ignored, so the set may let documents pass over which the program fails, but
 * it never excludes one over which it holds.
 *
 * Adds them to topics, a bit each. costs: the cost of looking for each topic. A clause or tier in the program counts as
 * never held: the caller adds what the clauses need. *sound is cleared, and topics have no meaning, if the program may
 * hold without any hit. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__rule_required(const tocsin__rule_program *program, const double *costs, tocsin__arena *scratch,
                                    uint64_t *topics, int *sound);

#endif
