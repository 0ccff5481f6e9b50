#ifndef TOCSIN_RULE_LEAST_H
#define TOCSIN_RULE_LEAST_H

/* The fewest hits that make an expression hold. */

#include <tocsin/status.h>

#include "base/arena.h"
#include "rule/rule_input.h"
#include "rule/rule_program.h"

typedef struct tocsin__rule_least {
    const uint32_t *hits; /* ascending */
    size_t count;
    int exact; /* no other set is smaller, or as small and earlier */
} tocsin__rule_least;

/* For a program that holds. scratch as for tocsin__rule_holds. TOCSIN_ERROR_MEMORY leaves *least untouched. */
tocsin_status tocsin__rule_find_least(const tocsin__rule_program *program, const tocsin__rule_input *input,
                                      void *scratch, tocsin__arena *arena, tocsin__rule_least *least);

#endif
