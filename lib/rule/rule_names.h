#ifndef TOCSIN_RULE_NAMES_H
#define TOCSIN_RULE_NAMES_H

/* The context of an expression: its text, the place of the text, and the names it may use. All of it is borrowed. */

#include <stddef.h>
#include <stdint.h>

#include "base/diagnostics_add.h"
#include "base/hash.h"

/*
 * The text of one expression. locate turns a byte offset of data, 0 to length, into a place in a file; NULL counts
 * lines and columns of data itself and names no file.
 */
typedef struct tocsin__rule_source {
    const char *data; /* UTF-8, not terminated */
    size_t length;    /* bytes */
    tocsin__place (*locate)(void *context, size_t offset);
    void *context;
} tocsin__rule_source;

/* A named expression; its name is replaced by it. */
typedef struct tocsin__rule_define {
    const char *name;
    tocsin__rule_source source;
} tocsin__rule_define;

typedef struct tocsin__rule_clause {
    const char *id;
    uint32_t tier; /* index of its tier, lowest first */
} tocsin__rule_clause;

/* The number of weights in a plan: what is reported about a clause has a bit of 64 for each. */
#define TOCSIN__RULE_MAX_LEARNED 64

/*
 * Programs hold indexes into these arrays, so a program is printed and explained with the names that it was compiled
 * with.
 */
typedef struct tocsin__rule_names {
    const char *const *topics;
    size_t topic_count;
    const tocsin__rule_define *defines;
    size_t define_count;
    const tocsin__rule_clause *clauses; /* for routes */
    size_t clause_count;
    const char *const *tiers; /* lowest first; "none" stands for no tier unless a tier has this name */
    size_t tier_count;
    /*
     * By name: topics, and defines numbered after them; clauses. NULL: the arrays are searched, which is enough for few
     * names.
     */
    const tocsin__map *operands, *clause_ids;
    int unfinished; /* the plan could not be read to its end: an unknown name may be in the rest, so it is not reported
                     */
    const char *const *learned; /* learned weights */
    size_t learned_count;       /* at most TOCSIN__RULE_MAX_LEARNED */
} tocsin__rule_names;

/*
 * Why a topic, define, clause or tier may not have this name, in a few English words ("is a word of the rule
 * language"), or NULL if it may. A name is made of letters (Latin, Greek, Cyrillic, kana, Hangul, Han), digits, "_" and
 * "-", has no "-" at either end, is not a number and not one of the words of the language (and, or, not, near, count,
 * …).
 */
const char *tocsin__rule_name_problem(const char *name, size_t length);

#endif
