#ifndef TOCSIN_RULE_MEND_H
#define TOCSIN_RULE_MEND_H

/*
 * What is shared by the three parts of "what would have to change": rule_mend.c finds the cheapest changes of words,
 * rule_explain.c tries facts around it, rule_obstacle.c says it in English.
 */

#include <tocsin/bytes.h>

#include "base/vec.h"
#include "rule/rule_edit.h"
#include "rule/rule_eval_internal.h"
#include "rule/rule_explain.h"

#define TOCSIN__RULE_NEVER UINT64_MAX
#define TOCSIN__RULE_UNKNOWN (UINT64_MAX - 1) /* in the memo: not worked out yet */

typedef struct tocsin__rule_mender {
    tocsin__rule_run run;
    const tocsin__rule_program *program;
    const tocsin__rule_names *names;
    tocsin__rule_input input; /* a copy, whose facts are changed */
    tocsin__rule_costs costs;
    tocsin__arena *arena;
    uint64_t *memo;    /* by node and wanted outcome: cost over the whole document, of what has no facts in it */
    uint64_t *support; /* a bit for each hit, for one obstacle */
    const char *where; /* "there", "in the title": where a missing word would have to be */
    const tocsin__rule_attention *attention;
    void *scratch;           /* for evaluating over the changed document */
    tocsin__rule_edit *edit; /* the document with the changes that are told */
    uint8_t *refused;        /* by node and wanted outcome: 1 when changing this was tried and does not help */
    int wanted;              /* of the node that is being told of */
    size_t told;             /* the change that was told last, as an index of refused */
    int adds_partner;        /* hits are brought together by adding one, not by moving one */
    int moved;               /* hits were brought together */
    uint32_t next_term;      /* a term that nothing has */
    TOCSIN_VEC(tocsin__rule_obstacle) obstacles;
    tocsin_buffer text; /* being put together */
    tocsin_status status;
} tocsin__rule_mender;

/*
 * What it costs to make the condition at a node hold (wanted 1) or not (0), facts as they are; TOCSIN__RULE_NEVER when
 * no words would do it. With emit the obstacles are added.
 */
uint64_t tocsin__rule_mend(tocsin__rule_mender *m, uint32_t at, int wanted, int emit);

/* How a comparison must come out when it must not come out so. */
static inline uint8_t tocsin__rule_wanted(const tocsin__rule_node *node, int wanted) {
    return wanted ? node->compare : (uint8_t)(7 - node->compare);
}

/* One obstacle each. */
void tocsin__rule_say_topic(tocsin__rule_mender *m, uint32_t at, int wanted);
void tocsin__rule_say_far(tocsin__rule_mender *m, uint32_t at);
void tocsin__rule_say_blocked(tocsin__rule_mender *m, uint32_t at);
void tocsin__rule_say_scope(tocsin__rule_mender *m, uint32_t at);
void tocsin__rule_say_holds(tocsin__rule_mender *m, uint32_t at);
void tocsin__rule_say_measure(tocsin__rule_mender *m, uint32_t at, int wanted);
void tocsin__rule_say_value(tocsin__rule_mender *m, uint32_t at, int wanted);
void tocsin__rule_say_learned(tocsin__rule_mender *m, uint32_t at, int wanted);
void tocsin__rule_say_verdict(tocsin__rule_mender *m, uint32_t at, int wanted);

/* An obstacle of a fact: of the leaf at a node, as it stands (text) and as it should (change). */
void tocsin__rule_say_fact(tocsin__rule_mender *m, uint32_t at, tocsin_obstacle_kind kind, const char *text,
                           const char *change);

/* Text in the arena. */
__attribute__((format(printf, 2, 3))) const char *tocsin__rule_say(tocsin__rule_mender *m, const char *format, ...);
const char *tocsin__rule_say_node(tocsin__rule_mender *m, uint32_t at);

#endif
