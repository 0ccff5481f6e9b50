#ifndef TOCSIN_RULE_NAMES_H
#define TOCSIN_RULE_NAMES_H

/* What an expression is written in: its text and where that stands, and the names it may use. All of it is borrowed. */

#include <stddef.h>
#include <stdint.h>

#include "base/diagnostics_add.h"
#include "base/hash.h"

/* The text of one expression. locate turns a byte offset of data, 0 to length, into a place of a file; NULL counts
 * lines and columns of data itself and names no file. */
typedef struct tocsin__rule_source {
    const char *data; /* UTF-8, not terminated */
    size_t length;    /* bytes */
    tocsin__place (*locate)(void *context, size_t offset);
    void *context;
} tocsin__rule_source;

/* A named expression, put in where its name stands. */
typedef struct tocsin__rule_define {
    const char *name;
    tocsin__rule_source source;
} tocsin__rule_define;

typedef struct tocsin__rule_clause {
    const char *id;
    uint32_t tier; /* index of its tier, lowest first */
} tocsin__rule_clause;

/* A bit of 64 for each in what is said of a clause. */
#define TOCSIN__RULE_MAX_LEARNED 64

/* Programs hold indexes into these arrays, so a program is printed and explained with the names it was compiled with.
 */
typedef struct tocsin__rule_names {
    const char *const *topics;
    size_t topic_count;
    const tocsin__rule_define *defines;
    size_t define_count;
    const tocsin__rule_clause *clauses; /* for routes */
    size_t clause_count;
    const char *const *tiers; /* lowest first; "none" stands for no tier when no tier is called so */
    size_t tier_count;
    /* By name: topics and then defines, numbered on; clauses. NULL: the arrays are searched, which few names allow. */
    const tocsin__map *operands, *clause_ids;
    int unfinished; /* the plan broke off: a name that is not here may stand behind, and nothing is said of it */
    const char *const *learned; /* learned weights */
    size_t learned_count;       /* at most TOCSIN__RULE_MAX_LEARNED */
} tocsin__rule_names;

/*
 * Why a topic, define, clause or tier may not be called so, in a few English words ("is a word of the rule language"),
 * or NULL when it may. A name is made of letters (Latin, Greek, Cyrillic, kana, Hangul, Han), digits, "_" and "-", has
 * no
 * "-" at either end, is not a number and not one of the words of the language (and, or, not, near, count, …).
 */
const char *tocsin__rule_name_problem(const char *name, size_t length);

#endif
