#ifndef TOCSIN_RULE_PROGRAM_H
#define TOCSIN_RULE_PROGRAM_H

/*
 * A compiled expression: its nodes in preorder, without pointers, so that it can be copied and compared as bytes. The
 * first child of node i is i + 1; the node after a subtree stands at its end.
 */

#include <stddef.h>
#include <stdint.h>

typedef enum tocsin__rule_kind {
    TOCSIN__RULE_TOPIC = 1, /* value: index of the topic */
    TOCSIN__RULE_OR,
    TOCSIN__RULE_AND,
    TOCSIN__RULE_NOT,
    TOCSIN__RULE_ATLEAST, /* value: how many */
    TOCSIN__RULE_NEAR, /* value: folded code points; two children, both sets; the same for the next three. All keep hits
                          of the first child: near/n those with a hit of the second child within n, before/n those that
                          are followed by one, after/n those that follow one, unless/n those without one. */
    TOCSIN__RULE_BEFORE,
    TOCSIN__RULE_AFTER,
    TOCSIN__RULE_UNLESS,
    TOCSIN__RULE_SENTENCE,
    TOCSIN__RULE_PARAGRAPH,
    TOCSIN__RULE_FIELD,     /* value: tocsin_field */
    TOCSIN__RULE_COUNT,     /* compare, value; one child, a set */
    TOCSIN__RULE_DISTINCT,  /* compare, value; one child, a set: how many different terms it has */
    TOCSIN__RULE_SCORE,     /* compare, value in millionths; one child, a set */
    TOCSIN__RULE_VALUE,     /* compare, value in millionths; one child, a set: its largest value */
    TOCSIN__RULE_REACH,     /* compare, value */
    TOCSIN__RULE_ATTENTION, /* compare, value: tocsin_attention */
    TOCSIN__RULE_TIER,      /* compare, value: index of the tier, or UINT64_MAX for none */
    TOCSIN__RULE_VENUE,     /* compare EQ: in, NE: not in; value: a bit for each tocsin_venue named */
    TOCSIN__RULE_CLAUSE,    /* value: index of the clause */
    TOCSIN__RULE_LEARNED /* compare, value: the threshold in millionths, and from bit 32 on the index of the weights */
} tocsin__rule_kind;

/* A comparison is the set of results that satisfy it. */
enum {
    TOCSIN__RULE_LT = 1,
    TOCSIN__RULE_EQ = 2,
    TOCSIN__RULE_LE = 3,
    TOCSIN__RULE_GT = 4,
    TOCSIN__RULE_NE = 5,
    TOCSIN__RULE_GE = 6
};

#define TOCSIN__RULE_WEIGHTS_SHIFT 32

/* Properties of a node, or-ed together. */
enum {
    TOCSIN__RULE_IS_SET = 1,      /* a set of hits; otherwise a condition */
    TOCSIN__RULE_HAS_FACTS = 2,   /* a node below compares venue, reach, attention, a clause or a tier */
    TOCSIN__RULE_HOLDS_EMPTY = 4, /* it may hold if none of its topics has a hit */
    TOCSIN__RULE_HAS_LEARNED = 8  /* a node below uses a learned score */
};

typedef struct tocsin__rule_node {
    uint8_t kind; /* tocsin__rule_kind */
    uint8_t compare;
    uint8_t flags;
    uint8_t unused; /* 0 */
    uint32_t end;   /* index after the subtree */
    uint64_t value;
} tocsin__rule_node;

/* The order of two values: -1 below, 0 equal, 1 above. */
static inline int tocsin__rule_order(uint64_t value, uint64_t than) { return (value > than) - (value < than); }

/* Whether a comparison lets such an outcome through. */
static inline int tocsin__rule_satisfies(uint8_t compare, int outcome) { return compare >> (outcome + 1) & 1; }

/* The inputs and scratch that a program needs, or-ed together. */
enum {
    TOCSIN__RULE_NEEDS_POSITIONS = 1,  /* start and end of hits are read */
    TOCSIN__RULE_NEEDS_SENTENCES = 2,  /* sentence of hits is read */
    TOCSIN__RULE_NEEDS_PARAGRAPHS = 4, /* paragraph of hits is read */
    TOCSIN__RULE_NEEDS_HIT = 8,        /* never holds without a hit of one of `topics` */
    TOCSIN__RULE_NEEDS_VERDICT = 16,   /* it compares clauses or tiers: a route */
    TOCSIN__RULE_HAS_ORDER = 32,       /* before or after: scratch needs a number for each hit */
    TOCSIN__RULE_HAS_DISTINCT = 64     /* scratch needs a hash table for the hits */
};

typedef struct tocsin__rule_program {
    const tocsin__rule_node *nodes;
    const uint32_t
        *defines; /* by node: the define whose root it is, plus 1, or 0; NULL: no node is the root of a define */
    uint32_t node_count;
    uint32_t flags;         /* TOCSIN__RULE_NEEDS_* */
    uint32_t slots;         /* sets that are alive at once during evaluation and the search for witnesses */
    uint32_t topic_count;   /* bits of topics */
    const uint64_t *topics; /* the topics in the program */
} tocsin__rule_program;

/*
 * Nested levels of parentheses, operators and defines; a clause that a person wrote has fewer than ten. Bounds the
 * recursion of all walks over an expression.
 */
#define TOCSIN__RULE_MAX_DEPTH 200

/* Hits farther apart than this are never "near": some 40 pages. It also keeps sums of positions far from overflow. */
#define TOCSIN__RULE_MAX_DISTANCE 100000

/*
 * The operands of comparisons, one row each: numbers over a set of hits, and facts. The lexer's table of words has the
 * same words. A new function needs a row in both tables (rule_lexer.c), its evaluation (rule_eval.c), its requirements
 * (rule_dag.c) and the wording of its obstacles (rule_obstacle.c).
 */
typedef enum tocsin__rule_value {
    TOCSIN__RULE_WHOLE,   /* compared with a whole number */
    TOCSIN__RULE_DECIMAL, /* with a number of up to six decimals, kept in millionths */
    TOCSIN__RULE_NAME     /* with a name: a venue, a tier, a level of attention */
} tocsin__rule_value;

typedef struct tocsin__rule_measure {
    uint8_t kind;             /* tocsin__rule_kind; 0: a word of the language that this version cannot evaluate */
    uint8_t takes_hits;       /* a function of a set of hits; otherwise a fact */
    tocsin__rule_value value; /* the kind of value that it is compared with */
    const char *word;         /* "count" */
    const char *shown;        /* "count(…)" */
    const char *example;      /* "count(…) >= 3" */
} tocsin__rule_measure;

/* The row of a kind, or NULL. */
const tocsin__rule_measure *tocsin__rule_measure_of(uint8_t kind);

/* The row of a word that this version cannot evaluate, or NULL. */
const tocsin__rule_measure *tocsin__rule_measure_to_come(const char *word, size_t length);

/* All measures, for messages. */
#define TOCSIN__RULE_MEASURES "count(…), distinct(…), score(…), value(…), learned(…), reach, attention, tier or venue"

#endif
