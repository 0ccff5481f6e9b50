#ifndef TOCSIN_RULE_EVALUATE_H
#define TOCSIN_RULE_EVALUATE_H

/*
 * Does a program hold, and by which hits. Nothing is allocated: scratch is the caller's, aligned as malloc does, of at
 * least tocsin__rule_scratch_size bytes for as many hits as the input has; what it holds before and after means
 * nothing. A program is immutable and shared; input and scratch belong to one thread.
 */

#include <stddef.h>
#include <stdint.h>

#include "rule/rule_input.h"
#include "rule/rule_program.h"

size_t tocsin__rule_scratch_size(const tocsin__rule_program *program, size_t hit_count);

int tocsin__rule_holds(const tocsin__rule_program *program, const tocsin__rule_input *input, void *scratch);

/*
 * The same as if only the hits of `kept` (a bit for each hit) were there; what speaks against (below "!", right of
 * "unless", upper bounds) is judged against all hits. Hits beyond the cap, which have no position, count as kept.
 */
int tocsin__rule_holds_with(const tocsin__rule_program *program, const tocsin__rule_input *input, void *scratch,
                            const uint64_t *kept);

/*
 * For a program that holds: sets in `support` (a bit for each hit) every hit that takes part in making it hold and
 * clears the others. Negations have none. Returns a bit for each of the learned weights whose score, being high enough,
 * takes part too.
 */
uint64_t tocsin__rule_support(const tocsin__rule_program *program, const tocsin__rule_input *input, void *scratch,
                              uint64_t *support);

#endif
