#ifndef TOCSIN_RULE_COUNTERFACTUAL_H
#define TOCSIN_RULE_COUNTERFACTUAL_H

/* What would have to change so that a rule holds. */

#include "base/vec.h"
#include "rule/rule_eval_internal.h"
#include "rule/rule_explain.h"

/*
 * ---- the document with the changes ----
 */

/* The place where a hit is added. */
typedef struct tocsin__rule_place {
    int title;    /* in the title; otherwise in the text */
    int anchored; /* beside the hit `anchor` of the edit, for which the next member counts too */
    int side;     /* -1: it ends where the anchor begins, 1: begins where it ends, 0: over it */
    uint32_t anchor;
    int part; /* in a given sentence and paragraph, for which the next five members count; otherwise by itself */
    uint8_t field;
    uint32_t start, end; /* of the last hit there */
    uint32_t sentence, paragraph;
} tocsin__rule_place;

typedef struct tocsin__rule_edit {
    TOCSIN_VEC(tocsin__rule_hit) hits; /* first those of the document, then the added ones */
    TOCSIN_VEC(uint8_t) gone;          /* by hit: it is removed */
    uint64_t *topic_counts;
    double *topic_scores;
    uint64_t *topic_values;
    uint64_t *hidden_values; /* by topic: the largest value, if a hit beyond the cap has it; otherwise 0 */
    size_t topic_count;
    uint64_t value;    /* of added hits, as in tocsin__rule_hit */
    uint64_t *clauses; /* clauses and tier as wanted, for routes */
    int32_t tier;
    tocsin__rule_place place; /* where hits are added at present */
    uint32_t next_start;      /* far after everything, in either field */
    uint32_t next_part;       /* the number of a sentence and paragraph without hits */
    uint32_t last;            /* the hit added last */
    tocsin_status status;
} tocsin__rule_edit;

/* Starts again with the hits of input; the arrays live in the arena, the lists until they are released. */
void tocsin__rule_edit_begin(tocsin__rule_edit *edit, const tocsin__rule_input *input, const tocsin__rule_names *names,
                             tocsin__arena *arena);
void tocsin__rule_edit_release(tocsin__rule_edit *edit, tocsin__arena *arena);

/* Adds a hit at edit->place. */
void tocsin__rule_edit_add(tocsin__rule_edit *edit, tocsin__arena *arena, uint32_t topic, float weight, uint32_t term);

/* Sets edit->place to a sentence and paragraph of its own, in its field. */
void tocsin__rule_edit_new_part(tocsin__rule_edit *edit);

/* Sets edit->place to the part of the document whose last hit is the hit `last`. */
void tocsin__rule_edit_old_part(tocsin__rule_edit *edit, uint32_t last);

void tocsin__rule_edit_remove(tocsin__rule_edit *edit, uint32_t hit);

/* Removes every hit of a topic, also those beyond the cap. */
void tocsin__rule_edit_remove_topic(tocsin__rule_edit *edit, uint32_t topic);

/* Copies the hits [low, high) in `bits` to edit->place, with their distances. */
void tocsin__rule_edit_copy(tocsin__rule_edit *edit, tocsin__arena *arena, const uint64_t *bits, size_t low,
                            size_t high);

/* Sorts the remaining hits and points the hits, counts and scores of input at them. */
void tocsin__rule_edit_finish(tocsin__rule_edit *edit, tocsin__rule_input *input);

/* ---- changes ---- */

/* Where a missing word would have to stand. */
typedef enum tocsin__rule_where_kind {
    TOCSIN__RULE_THERE,
    TOCSIN__RULE_IN_SENTENCE,
    TOCSIN__RULE_IN_PARAGRAPH,
    TOCSIN__RULE_IN_TITLE,
    TOCSIN__RULE_IN_TEXT,
    TOCSIN__RULE_AROUND, /* within a distance of a set of hits; the same for the next two */
    TOCSIN__RULE_BEHIND,
    TOCSIN__RULE_AHEAD
} tocsin__rule_where_kind;

typedef struct tocsin__rule_where {
    tocsin__rule_where_kind kind;
    uint32_t node; /* the set of hits */
    uint64_t distance;
} tocsin__rule_where;

typedef enum tocsin__rule_change_kind {
    TOCSIN__RULE_ADD_TOPIC,     /* where */
    TOCSIN__RULE_REMOVE_TOPIC,  /* where */
    TOCSIN__RULE_BRING_NEAR,    /* now: the distance of the nearest two, or UINT64_MAX: no two in one field; in_order */
    TOCSIN__RULE_CLEAR_BLOCKED, /* "unless": the hits that stand too near */
    TOCSIN__RULE_INTO_SCOPE,
    TOCSIN__RULE_UNDO,          /* a pair, sentence or paragraph that must not hold */
    TOCSIN__RULE_MEASURE,       /* now: the present count, number of terms or score */
    TOCSIN__RULE_ANY_VALUE,     /* where: no hit has a value yet */
    TOCSIN__RULE_BEST_VALUE,    /* now */
    TOCSIN__RULE_SCORE_LEARNED, /* now */
    TOCSIN__RULE_VERDICT_CLAUSE,
    TOCSIN__RULE_VERDICT_TIER,  /* tier: the present one */
    TOCSIN__RULE_FACT_VENUE,    /* now, low: the present and the wanted venue; high: a bit for each venue that would be
                                   right too */
    TOCSIN__RULE_FACT_REACH,    /* now; from low to high it would be right */
    TOCSIN__RULE_FACT_ATTENTION /* now, low: the present and the wanted level */
} tocsin__rule_change_kind;

/* One change. Numbers are in the units of the node: hits, terms, millionths, code points. */
typedef struct tocsin__rule_change {
    tocsin__rule_change_kind kind;
    uint32_t node; /* the condition that would have to change */
    int wanted;    /* it would have to hold (1) or fail (0) */
    tocsin__rule_where where;
    uint64_t now, low, high;
    int in_order; /* the first of a pair ends at or before the start of the second */
    int32_t tier;
    const uint32_t *hits; /* that block, are too far or are too many; ascending */
    size_t hit_count;
    size_t hit_total; /* like hit_count, before the limit TOCSIN__RULE_OBSTACLE_HITS */
} tocsin__rule_change;

/* ---- the search ---- */

#define TOCSIN__RULE_NEVER UINT64_MAX
#define TOCSIN__RULE_UNKNOWN (UINT64_MAX - 1) /* among the costs: not computed yet */

typedef struct tocsin__rule_search {
    tocsin__rule_run run;
    const tocsin__rule_program *program;
    const tocsin__rule_names *names;
    tocsin__rule_input input; /* a copy, whose facts are changed */
    tocsin__rule_costs costs;
    tocsin__arena *arena;
    uint64_t *known;          /* by node and wanted result: the cost over the whole document; for nodes without facts */
    uint64_t *witness;        /* a bit for each hit, for one change */
    tocsin__rule_where where; /* where the missing word would stand */
    const tocsin__rule_attention *attention;
    void *scratch;           /* for evaluation over the changed document */
    tocsin__rule_edit *edit; /* the document with the changes */
    uint8_t *refused;        /* by node and wanted result: 1 if this change was tried and does not help */
    int wanted;              /* of the node that is being changed */
    size_t last;             /* the last change, as an index of refused */
    int adds_partner;        /* hits are brought together by adding a hit, not by moving one */
    int moved;               /* hits were brought together */
    uint32_t next_term;      /* a term number without hits */
    TOCSIN_VEC(tocsin__rule_change) changes;
    tocsin_status status;
} tocsin__rule_search;

/*
 * The cost of making the condition at a node hold (wanted 1) or fail (0) with the present facts; TOCSIN__RULE_NEVER if
 * no words would do it. With emit, the changes are also added and made in the copy.
 */
uint64_t tocsin__rule_find_changes(tocsin__rule_search *search, uint32_t at, int wanted, int emit);

/* Adds a change of a node, without hits. NULL: see search->status. */
tocsin__rule_change *tocsin__rule_add_change(tocsin__rule_search *search, uint32_t at, tocsin__rule_change_kind kind);

/* The results of a comparison that must be avoided. */
static inline uint8_t tocsin__rule_wanted(const tocsin__rule_node *node, int wanted) {
    return wanted ? node->compare : (uint8_t)(7 - node->compare);
}

/* rule_obstacle.c: a change in English, its texts in the arena. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__rule_tell(const tocsin__rule_program *program, const tocsin__rule_names *names,
                                const tocsin__rule_change *change, tocsin__arena *arena,
                                tocsin__rule_obstacle *obstacle);

#endif
