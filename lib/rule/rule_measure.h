#ifndef TOCSIN_RULE_MEASURE_H
#define TOCSIN_RULE_MEASURE_H

/*
 * What a rule compares, one row each: numbers over a set of hits, and facts. The lexer's table of words has the same
 * words. A new function needs a row in both tables, its evaluation (rule_evaluate.c), its needs (rule_needs.c) and what
 * is said where it stands in the way (rule_obstacle.c).
 */

#include <stddef.h>
#include <stdint.h>

typedef enum tocsin__rule_value {
    TOCSIN__RULE_WHOLE,   /* compared with a whole number */
    TOCSIN__RULE_DECIMAL, /* with a number of up to six decimals, kept in millionths */
    TOCSIN__RULE_NAME     /* with a name: a venue, a tier, a level of attention */
} tocsin__rule_value;

typedef struct tocsin__rule_measure {
    uint8_t kind;             /* tocsin__rule_kind; 0: a word of the language that this version cannot evaluate */
    uint8_t takes_hits;       /* a function of a set of hits; a fact otherwise */
    tocsin__rule_value value; /* what it is compared with */
    const char *word;         /* "count" */
    const char *shown;        /* "count(…)" */
    const char *example;      /* "count(…) >= 3" */
} tocsin__rule_measure;

/* The row of a kind, or NULL. */
const tocsin__rule_measure *tocsin__rule_measure_of(uint8_t kind);

/* The row of a word that this version cannot evaluate, or NULL. */
const tocsin__rule_measure *tocsin__rule_measure_to_come(const char *word, size_t length);

/* All of them, for messages. */
#define TOCSIN__RULE_MEASURES "count(…), distinct(…), score(…), value(…), learned(…), reach, attention, tier or venue"

#endif
