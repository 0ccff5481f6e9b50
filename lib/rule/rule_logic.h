#ifndef TOCSIN_RULE_LOGIC_H
#define TOCSIN_RULE_LOGIC_H

/*
 * What can be said of programs without a document. Careful: what is not seen to follow is taken not to follow, so that
 * nobody is told of a contradiction that is none.
 */

#include "rule/rule_program.h"

/* Over all venues, reaches and attentions. Nothing follows about clauses and tiers. */
typedef struct tocsin__rule_outlook {
    int may_hold; /* for some of them */
    int may_fail;
    int sure; /* for some of them it must hold */
} tocsin__rule_outlook;

/* wordless: of documents in which nothing is found; otherwise of any. */
tocsin__rule_outlook tocsin__rule_foresee(const tocsin__rule_program *program, int wordless);

/* Whether b holds wherever a does. */
int tocsin__rule_implies(const tocsin__rule_program *a, const tocsin__rule_program *b);

#endif
