#ifndef TOCSIN_MATCH_EXPRESSION_CUTS_H
#define TOCSIN_MATCH_EXPRESSION_CUTS_H

/*
 * What every match of an expression contains: one of some pairs of neighbouring characters. A cut is a product of two
 * sets of characters; an expression has a list of cuts, and each match has a pair of one of them, or, where one side of
 * a cut is any character at all, a character of the other side.
 */

#include <stdint.h>

#include "base/arena.h"
#include "match/engine.h"
#include "match/gate_frequency.h"

/* Characters, the low 16 bits of each; any: more than are listed. */
typedef struct tocsin__cut_set {
    const uint16_t *list;
    uint32_t count;
    int any;
} tocsin__cut_set;

typedef struct tocsin__cut {
    tocsin__cut_set left, right;
    const struct tocsin__cut *next;
} tocsin__cut;

typedef struct tocsin__cuts {
    const tocsin__cut *first; /* NULL: none is known; matches must be looked for everywhere */
    double share;             /* of the positions of ordinary text that have one, as a guess */
} tocsin__cuts;

/*
 * Cuts of an admitted, folded pattern, in the arena: two lists, so that a match has a pair of the one and a pair of the
 * other; the second has none where no other is known.
 * TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__expression_cuts(const tocsin__pattern *expression, const tocsin__frequency *frequency,
                                      tocsin__arena *arena, tocsin__cuts cuts[2]);

#endif
