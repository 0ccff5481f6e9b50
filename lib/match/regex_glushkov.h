#ifndef TOCSIN_MATCH_REGEX_GLUSHKOV_H
#define TOCSIN_MATCH_REGEX_GLUSHKOV_H

/*
 * The Glushkov construction: a regex as positions, one for each character of the regex, with repeats written out. A
 * match is a walk from a position of `first` to one of `last` along joins, with a character of each position's set.
 * Joins lead only to positions with higher numbers, so no walk is longer than the number of positions.
 */

#include "base/arena.h"
#include "lexicon/regex_ast.h"
#include "match/engine.h"
#include "match/filter_frequency.h"

#define TOCSIN__NFA_POSITIONS 4096u
#define TOCSIN__NFA_WORDS (TOCSIN__NFA_POSITIONS / 64)
#define TOCSIN__ATOM_PAIRS 4096u /* character pairs of one atom set */
#define TOCSIN__NFA_STARTS 3     /* tocsin__regex_edge: anywhere, line start, text start */
#define TOCSIN__NFA_ENDS 4       /* anywhere, and line end, last end, text end, minus TOCSIN__REGEX_TEXT_START */

/* The characters that positions match. */
typedef struct tocsin__character_set {
    const tocsin__code_range *ranges; /* sorted, and no two touch */
    uint32_t count;
    uint32_t members;
} tocsin__character_set;

/* From each position of one set to each position of the other; sets of positions have glushkov->words words. */
typedef struct tocsin__join {
    const uint64_t *from, *to;
    struct tocsin__join *next;
} tocsin__join;

/*
 * Atoms that lie between two sets of positions: a character of left and one of right. Every match has, for one of a
 * list of these, a position of left and then one of right; with `alone`, only a position of left.
 */
typedef struct tocsin__atom_set {
    const uint64_t *left, *right;
    int alone;
    const struct tocsin__atom_set *next;
} tocsin__atom_set;

typedef enum tocsin__glushkov_fault {
    TOCSIN__GLUSHKOV_SOUND = 0,
    TOCSIN__GLUSHKOV_UNREADABLE, /* admission would refuse such a pattern */
    TOCSIN__GLUSHKOV_TOO_MANY    /* positions */
} tocsin__glushkov_fault;

typedef struct tocsin__glushkov {
    tocsin__regex_node *tree;
    tocsin__glushkov_fault fault; /* the other members are set if it is sound */
    uint32_t position_count, words;
    uint16_t set_of[TOCSIN__NFA_POSITIONS]; /* by position: its set */
    tocsin__character_set sets[TOCSIN__NFA_POSITIONS];
    uint32_t set_count;
    tocsin__join *joins;
    /*
     * Positions at which matches begin, by the edge that they require; NULL: none. The same for the positions at which
     * they end.
     */
    const uint64_t *first[TOCSIN__NFA_STARTS], *last[TOCSIN__NFA_ENDS];
    const tocsin__atom_set *atom_sets; /* the rarest known ones; NULL: none can be searched for */
    double share;                      /* the estimated share of positions of ordinary text that have such characters */
    const tocsin__frequency *frequency;
    uint32_t stamp[65536]; /* for listing characters once */
    uint32_t stamped;
    uint16_t sides[2][TOCSIN__ATOM_PAIRS]; /* the characters of the atom set that is examined */
} tocsin__glushkov;

/*
 * Constructs a folded pattern; everything except frequency, stamp and stamped is set anew. The tree refers to the
 * pattern. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__glushkov_construct(const tocsin__pattern *regex, tocsin__arena *arena,
                                         tocsin__glushkov *glushkov);

/* The first position of a set of the glushkov's from `from` on, or glushkov->position_count. */
uint32_t tocsin__positions_next(const tocsin__glushkov *glushkov, const uint64_t *set, uint32_t from);

/*
 * The largest of the lengths of the positions in a set; lengths has one for each position of the glushkov. 0 for an
 * empty set.
 */
uint16_t tocsin__positions_longest(const tocsin__glushkov *glushkov, const uint64_t *set, const uint16_t *lengths);

#endif
