#ifndef TOCSIN_TESTS_RULE_NAIVE_H
#define TOCSIN_TESTS_RULE_NAIVE_H

/*
 * Interprets expressions literally over a tree of its own, without regard to speed; tests compare the evaluator with
 * it. It also makes random trees and writes them as text.
 */

#include <tocsin/tocsin.h>

#include "rule_world.h"

#define NAIVE_CHILDREN 5

typedef enum naive_kind {
    NAIVE_TOPIC,
    NAIVE_OR,
    NAIVE_AND,
    NAIVE_NOT,
    NAIVE_ATLEAST,
    NAIVE_NEAR,
    NAIVE_BEFORE,
    NAIVE_AFTER,
    NAIVE_UNLESS,
    NAIVE_SENTENCE,
    NAIVE_PARAGRAPH,
    NAIVE_TITLE,
    NAIVE_TEXT,
    NAIVE_COUNT,
    NAIVE_DISTINCT,
    NAIVE_SCORE,
    NAIVE_VALUE,
    NAIVE_REACH,
    NAIVE_ATTENTION,
    NAIVE_TIER,
    NAIVE_VENUE,
    NAIVE_CLAUSE,
    NAIVE_LEARNED /* value: index of the weights times 11, and tenths */
} naive_kind;

typedef struct naive_node {
    naive_kind kind;
    const char *compare; /* as written; for a venue "in" or "not in" */
    int value;           /* a score or a value: in tenths; a tier: -1 for none; venues: a bit each */
    int children;
    struct naive_node *child[NAIVE_CHILDREN];
} naive_node;

typedef struct naive_forest {
    naive_node nodes[512];
    size_t used;
} naive_forest;

/* Makes a random condition of up to `depth` levels. */
naive_node *naive_make(naive_forest *forest, world_random *random, int depth);
naive_node *naive_make_facts(naive_forest *forest, world_random *random, int depth);

/* Appends the tree as text, with random parentheses and spellings. */
void naive_write(const naive_node *node, world_random *random, tocsin_buffer *out);

/* kept: NULL, or 1 for each hit that positives see. */
int naive_holds(const naive_node *node, const tocsin__rule_input *input, const char *kept);

/* 1 for each hit that helps to make it hold. */
void naive_support(const naive_node *node, const tocsin__rule_input *input, char *out);

#endif
