#ifndef TOCSIN_MATCH_EXPRESSION_DRAFT_H
#define TOCSIN_MATCH_EXPRESSION_DRAFT_H

/*
 * An expression taken apart into positions: one for each character that a match may have, repeats written out. A match
 * is a walk from a position of `first` to one of `last` along joins, with a character of each position's atom.
 * Positions are numbered so that joins lead to higher numbers only; so no walk is longer than there are positions.
 */

#include "base/arena.h"
#include "match/engine.h"
#include "match/gate_frequency.h"

#define TOCSIN__EXPRESSION_POSITIONS 512u
#define TOCSIN__EXPRESSION_WORDS (TOCSIN__EXPRESSION_POSITIONS / 64)
#define TOCSIN__CROSSING_PAIRS 4096u /* of characters, of one crossing */
#define TOCSIN__LISTED_RANGE 64u     /* characters of a range that is held one by one; longer ones are held as ranges */

typedef struct tocsin__positions {
    uint64_t bits[TOCSIN__EXPRESSION_WORDS];
} tocsin__positions;

typedef struct tocsin__code_range {
    uint32_t first, last;
} tocsin__code_range;

/* Which characters a position takes: those of the ranges, or all others. */
typedef struct tocsin__atom {
    const tocsin__code_range *ranges;
    uint32_t count;
    int negated;
} tocsin__atom;

/* From each position of the one set to each of the other. */
typedef struct tocsin__join {
    tocsin__positions from, to;
    struct tocsin__join *next;
} tocsin__join;

/* Every match crosses, for one of a list of these, from left to right; alone: it has a position of left. */
typedef struct tocsin__crossing {
    tocsin__positions left, right;
    int alone;
    const struct tocsin__crossing *next;
} tocsin__crossing;

typedef struct tocsin__draft {
    tocsin__atom atoms[TOCSIN__EXPRESSION_POSITIONS];
    uint32_t position_count;
    tocsin__join *joins;
    tocsin__positions first, last;
    const tocsin__crossing *crossings; /* the rarest that are known; NULL: the expression is not understood */
    double share;                      /* of the positions of ordinary text that have such characters, as a guess */
    const tocsin__frequency *frequency;
    uint32_t stamp[65536]; /* for listing characters once */
    uint32_t stamped;
    uint16_t sides[2][TOCSIN__CROSSING_PAIRS]; /* the characters of a crossing that is looked at */
} tocsin__draft;

/*
 * Takes apart a folded pattern; all but frequency, stamp and stamped is set anew. What is not understood has no
 * crossings. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__expression_draft(const tocsin__pattern *expression, tocsin__arena *arena, tocsin__draft *draft);

/* Whether its characters can be listed as sides of anchors: few, all of the basic plane. */
int tocsin__atom_listed(const tocsin__atom *atom);

static inline int tocsin__positions_test(const tocsin__positions *set, uint32_t position) {
    return (int)(set->bits[position / 64] >> position % 64 & 1);
}

/* The first position of the set from `from` on, or TOCSIN__EXPRESSION_POSITIONS. */
uint32_t tocsin__positions_next(const tocsin__positions *set, uint32_t from);

#endif
