#ifndef TOCSIN_RULE_WITNESS_H
#define TOCSIN_RULE_WITNESS_H

/* The hits that make an expression hold: all of them, and a least set. Scratch as for tocsin__rule_holds. */

#include <tocsin/status.h>

#include "base/arena.h"
#include "rule/rule_eval.h"
#include "rule/rule_program.h"

/*
 * For a program that holds: sets a bit in `witness` for each hit that helps to make it hold, and clears the others.
 * Negations have none. Returns a bit for each of the learned weights whose score, being high enough, also helps.
 */
uint64_t tocsin__rule_witness(const tocsin__rule_program *program, const tocsin__rule_input *input, void *scratch,
                              uint64_t *witness);

/* Adds the hits that make the condition at a node hold; it must hold in the scope of the run. */
void tocsin__rule_add_witness(tocsin__rule_run *run, uint32_t at, uint64_t *witness);

typedef struct tocsin__rule_minimal {
    const uint32_t *hits; /* ascending */
    size_t count;
    int exact; /* no other set is smaller, or of the same size and earlier */
} tocsin__rule_minimal;

/* For a program that holds. TOCSIN_ERROR_MEMORY leaves *minimal untouched. */
tocsin_status tocsin__rule_find_minimal(const tocsin__rule_program *program, const tocsin__rule_input *input,
                                        void *scratch, tocsin__arena *arena, tocsin__rule_minimal *minimal);

#endif
