#ifndef TOCSIN_RULE_INPUT_H
#define TOCSIN_RULE_INPUT_H

/* What an expression is evaluated over: the hits of one document and the facts about it. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/document.h>

/* A kept hit; never empty: end > start. */
typedef struct tocsin__rule_hit {
    uint32_t start, end; /* folded code points in the field */
    uint32_t sentence; /* ordinals by where the hit starts, increasing over the document, never shared by two fields */
    uint32_t paragraph;
    uint32_t topic;
    uint32_t term; /* a number that terms alike in kind and folded text share, in whichever topic */
    float weight;  /* 0 or more */
    uint8_t field;
    uint64_t value; /* of a quantity: 1 more than its value in millionths; 0: it has none */
} tocsin__rule_hit;

#define TOCSIN__RULE_MOST_VALUE UINT64_C(1000000000000000000) /* in millionths; larger ones count as this */

typedef struct tocsin__rule_input {
    const tocsin__rule_hit *hits; /* by field, start, end, topic */
    size_t hit_count;
    const uint64_t *topic_counts; /* by topic, exact also when hits are capped */
    const double *topic_scores;   /* by topic, exact too: the sum of weights */
    const uint64_t *topic_values; /* by topic, exact too: the largest value of its hits; NULL: no hit has one */
    tocsin_venue venue;
    uint64_t reach;
    tocsin_attention attention;
    const uint64_t *clauses_held; /* a bit for each clause; may be NULL when the program does not need the verdict */
    int32_t tier;                 /* index, or TOCSIN_TIER_NONE */
    uint32_t (*learned)(void *context, uint32_t index); /* a learned score in millionths; NULL: all are 0 */
    void *learned_context;
} tocsin__rule_input;

#endif
