#ifndef TOCSIN_RULE_REQUIRED_H
#define TOCSIN_RULE_REQUIRED_H

/*
 * Topics of which one must have a hit for a program to hold: the cheapest such set. What a program says beyond that
 * (places, facts, numbers) is left out, so the set lets too much pass and keeps out nothing that holds.
 */

#include <tocsin/status.h>

#include "base/arena.h"
#include "rule/rule_program.h"

/*
 * Adds them to topics, a bit each. costs: what it costs to look for each topic. A clause or tier that is asked for
 * counts as held by nothing: whoever asks adds what the clauses need. *sound is cleared, and topics mean nothing, when
 * the program may hold without any hit. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__rule_required(const tocsin__rule_program *program, const double *costs, tocsin__arena *scratch,
                                    uint64_t *topics, int *sound);

#endif
