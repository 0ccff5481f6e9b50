#ifndef TOCSIN_RULE_EXPLAIN_H
#define TOCSIN_RULE_EXPLAIN_H

/* Why a program holds or does not, for people: the fewest hits that make it hold, or the fewest changes that would. */

#include <tocsin/explain.h>

#include "base/arena.h"
#include "rule/rule_eval.h"
#include "rule/rule_names.h"
#include "rule/rule_program.h"

/* What a change costs; 0 in all three means 1 in all three. */
typedef struct tocsin__rule_costs {
    uint32_t fact;    /* another venue, reach or attention */
    uint32_t word;    /* a word more or less, or elsewhere */
    uint32_t verdict; /* another clause or tier */
} tocsin__rule_costs;

/* What raises attention: a change of reach or of words may change it too. */
typedef struct tocsin__rule_attention {
    tocsin_attention own;                          /* what the document says itself */
    uint64_t elevated, high;                       /* reach from which attention is so */
    const uint32_t *elevated_topics, *high_topics; /* topics of which a hit makes it so */
    size_t elevated_topic_count, high_topic_count;
} tocsin__rule_attention;

/* The highest of its signs. */
tocsin_attention tocsin__rule_attention_of(const tocsin__rule_attention *attention, uint64_t reach,
                                           const uint64_t *topic_counts);

/* At most so many hits of one obstacle are listed: what a person reads. */
#define TOCSIN__RULE_OBSTACLE_HITS 32

typedef struct tocsin__rule_obstacle {
    tocsin_obstacle_kind kind;
    uint32_t node;         /* of the program: the condition that would have to be otherwise */
    const char *condition; /* that node, printed */
    const char *text;      /* how it stands: "venue is site", "no word of topic negative is there" */
    const char *change;    /* what would help, after "if": "venue were mainstream_site" */
    const uint32_t *hits;  /* indexes of the hits that block, are too far or too many; ascending */
    size_t hit_count;
    size_t hit_total; /* as hit_count, before TOCSIN__RULE_OBSTACLE_HITS */
    uint32_t topic;   /* these as in tocsin_obstacle */
    double now, needed;
    uint32_t distance;
} tocsin__rule_obstacle;

typedef struct tocsin__rule_explanation {
    int holds;
    const uint32_t *least; /* when it holds: indexes of the least hits, ascending; no hit of them can be left out */
    size_t least_count;
    int least_exact;                        /* 1 when no other set is smaller, or as small and earlier */
    const tocsin__rule_obstacle *obstacles; /* when it does not: what would have to change, in the program's order */
    size_t obstacle_count;                  /* 0 too when no change would help: the program contradicts itself */
    uint64_t cost;                          /* of these changes; UINT64_MAX when no change would help */
    tocsin_venue venue;                     /* the facts as the changes would have them */
    uint64_t reach;
    tocsin_attention attention;
    tocsin__rule_input changed; /* when there are changes: the document with all of them, over which the rule holds */
} tocsin__rule_explanation;

/*
 * Explains one program over one document into the arena, texts and all; costs may be NULL, attention too: then nothing
 * but the document itself says what attention is. Changes are told only when the program was seen to hold with all of
 * them. *explanation is left untouched on failure: TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__rule_explain(const tocsin__rule_program *program, const tocsin__rule_names *names,
                                   const tocsin__rule_input *input, const tocsin__rule_costs *costs,
                                   const tocsin__rule_attention *attention, tocsin__arena *arena,
                                   tocsin__rule_explanation *explanation);

#endif
