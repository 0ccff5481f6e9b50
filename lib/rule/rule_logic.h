#ifndef TOCSIN_RULE_LOGIC_H
#define TOCSIN_RULE_LOGIC_H

/*
 * What can be said of programs without a document. Careful: what is not seen to follow is taken not to follow, so that
 * nobody is told of a contradiction that is none.
 */

#include <tocsin/allocator.h>
#include <tocsin/status.h>

#include "base/arena.h"
#include "rule/rule_program.h"

/* Over all venues, reaches and attentions. Nothing follows about clauses and tiers. */
typedef struct tocsin__rule_outlook {
    int may_hold; /* for some of them */
    int may_fail;
    int sure; /* for some of them it must hold */
} tocsin__rule_outlook;

/*
 * Of any document, and of documents in which nothing is found. Time is linear in the nodes of the program: it is walked
 * once for each combination of the venues, attentions and reaches that it tells apart (at most 64 reaches), and what
 * takes more than 64 steps a node is not proved. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__rule_foresee(const tocsin__rule_program *program, const tocsin_allocator *allocator,
                                   tocsin__rule_outlook *any, tocsin__rule_outlook *wordless);

/* Whether b holds wherever a does. Time is linear in the nodes of both, as above. */
int tocsin__rule_implies(const tocsin__rule_program *a, const tocsin__rule_program *b);

/*
 * Topics of which one must have a hit for a program to hold: the cheapest such set. What a program says beyond that
 * (places, facts, numbers) is left out, so the set lets too much pass and keeps out nothing that holds.
 *
 * Adds them to topics, a bit each. costs: what it costs to look for each topic. A clause or tier that is asked for
 * counts as held by nothing: whoever asks adds what the clauses need. *sound is cleared, and topics mean nothing, when
 * the program may hold without any hit. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__rule_required(const tocsin__rule_program *program, const double *costs, tocsin__arena *scratch,
                                    uint64_t *topics, int *sound);

#endif
