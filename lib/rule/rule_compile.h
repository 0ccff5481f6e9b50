#ifndef TOCSIN_RULE_COMPILE_H
#define TOCSIN_RULE_COMPILE_H

/* Expression text to program. */

#include <tocsin/diagnostics.h>

#include "base/arena.h"
#include "rule/rule_names.h"
#include "rule/rule_program.h"

typedef struct tocsin__rule_options {
    int allow_verdict;  /* a route: clause(…) and tier may be used */
    uint32_t max_nodes; /* of one expression with its defines expanded; 0: TOCSIN_MAX_RULE_NODES */
} tocsin__rule_options;

/*
 * Compiles one expression into the arena. Every problem of the expression itself is added to diagnostics (which may be
 * NULL). Problems inside a define that it uses are not added, because tocsin__rule_check_defines has reported them:
 * only the status tells of them. *program is left untouched on failure. TOCSIN_ERROR_PLAN, TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__rule_compile(const tocsin__rule_source *source, const tocsin__rule_names *names,
                                   const tocsin__rule_options *options, tocsin__arena *arena,
                                   tocsin_diagnostics *diagnostics, const tocsin__rule_program **program);

/*
 * Copies a program into the arena, for names of which the first are those that it was compiled with. *copy is left
 * untouched on failure: TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__rule_copy(const tocsin__rule_program *program, size_t topic_count, tocsin__arena *arena,
                                const tocsin__rule_program **copy);

/*
 * Reads every define, used or not, and adds every problem: of its text, cycles, a name that is also a topic or is not
 * allowed. Call it once, before the expressions are compiled. TOCSIN_ERROR_PLAN if there is an error,
 * TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__rule_check_defines(const tocsin__rule_names *names, const tocsin__rule_options *options,
                                         const tocsin_allocator *allocator, tocsin_diagnostics *diagnostics);

#endif
