#ifndef TOCSIN_RULE_EXPLAIN_H
#define TOCSIN_RULE_EXPLAIN_H

/*
 * Explains for people why a program holds or fails: the fewest hits that make it hold, or the fewest changes that
 * would.
 */

#include <tocsin/explain.h>

#include "base/arena.h"
#include "rule/rule_eval.h"
#include "rule/rule_names.h"
#include "rule/rule_program.h"

/* The cost of a change; 0 in all three means 1 in all three. */
typedef struct tocsin__rule_costs {
    uint32_t fact;    /* another venue, reach or attention */
    uint32_t word;    /* a word more, a word less, or a word moved */
    uint32_t verdict; /* another clause or tier */
} tocsin__rule_costs;

/* The causes of attention: a change of reach or of words may change attention too. */
typedef struct tocsin__rule_attention {
    tocsin_attention own;                          /* the document's own */
    uint64_t elevated, high;                       /* the reach from which attention is elevated, or high */
    const uint32_t *elevated_topics, *high_topics; /* topics of which one hit makes attention elevated, or high */
    size_t elevated_topic_count, high_topic_count;
} tocsin__rule_attention;

/* The higher of a document's own attention and that of its reach. */
static inline tocsin_attention tocsin__rule_attention_of_reach(tocsin_attention own, uint64_t reach, uint64_t elevated,
                                                               uint64_t high) {
    if (reach >= high) return TOCSIN_ATTENTION_HIGH;
    return reach >= elevated && own < TOCSIN_ATTENTION_ELEVATED ? TOCSIN_ATTENTION_ELEVATED : own;
}

/* The highest attention of all its causes. */
tocsin_attention tocsin__rule_attention_of(const tocsin__rule_attention *attention, uint64_t reach,
                                           const uint64_t *topic_counts);

/* The most hits that one obstacle lists, enough for a person. */
#define TOCSIN__RULE_OBSTACLE_HITS 32

typedef struct tocsin__rule_obstacle {
    tocsin_obstacle_kind kind;
    uint32_t node;         /* of the program: the condition that would have to change */
    const char *condition; /* that node, printed */
    const char *text;      /* the present state: "venue is site", "no word of topic negative is there" */
    const char *change;    /* what would help, worded to follow "if": "venue were mainstream_site" */
    const uint32_t *hits;  /* indexes of the hits that block, are too far or are too many; ascending */
    size_t hit_count;
    size_t hit_total; /* like hit_count, before the limit TOCSIN__RULE_OBSTACLE_HITS */
    uint32_t topic;   /* this and the following as in tocsin_obstacle */
    double now, needed;
    uint32_t distance;
} tocsin__rule_obstacle;

typedef struct tocsin__rule_explanation {
    int holds;
    const uint32_t
        *least; /* if the rule holds: indexes of a least set of hits, ascending; no hit of it can be left out */
    size_t least_count;
    int least_exact;                        /* 1 if no other set is smaller, or of the same size and earlier */
    const tocsin__rule_obstacle *obstacles; /* if the rule fails: the changes it needs, in the order of the program */
    size_t obstacle_count;                  /* also 0 if no change would help: the program contradicts itself */
    uint64_t cost;                          /* of these changes; UINT64_MAX if no change would help */
    tocsin_venue venue;                     /* this and the following: the facts after the changes */
    uint64_t reach;
    tocsin_attention attention;
    tocsin__rule_input changed; /* if there are changes: the document with all of them; the rule holds over it */
} tocsin__rule_explanation;

/*
 * Explains one program over one document into the arena, texts included; costs and attention may be NULL: without
 * attention, the document's own attention never changes. Changes are given only if the program was found to hold with
 * all of them. *explanation is left untouched on failure: TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__rule_explain(const tocsin__rule_program *program, const tocsin__rule_names *names,
                                   const tocsin__rule_input *input, const tocsin__rule_costs *costs,
                                   const tocsin__rule_attention *attention, tocsin__arena *arena,
                                   tocsin__rule_explanation *explanation);

#endif
