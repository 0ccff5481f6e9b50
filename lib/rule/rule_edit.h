#ifndef TOCSIN_RULE_EDIT_H
#define TOCSIN_RULE_EDIT_H

/*
 * The document as the offered changes would have it: a copy of its hits, to which hits are added and from which hits
 * are taken. A change is offered only when the rule holds over this copy.
 */

#include <tocsin/status.h>

#include "base/arena.h"
#include "base/vec.h"
#include "rule/rule_eval.h"
#include "rule/rule_eval_internal.h"
#include "rule/rule_names.h"

/* Where a hit is added. */
typedef struct tocsin__rule_place {
    int title;    /* in the title; in the text otherwise */
    int anchored; /* beside the hit `anchor` of the edit; so is the next one */
    int side;     /* -1: it ends where the anchor begins, 1: begins where it ends, 0: over it */
    uint32_t anchor;
    int part; /* in a given sentence and paragraph, the next five; by itself otherwise */
    uint8_t field;
    uint32_t start, end; /* of the last hit there */
    uint32_t sentence, paragraph;
} tocsin__rule_place;

typedef struct tocsin__rule_edit {
    TOCSIN_VEC(tocsin__rule_hit) hits; /* those of the document first, then what is added */
    TOCSIN_VEC(uint8_t) gone;          /* by hit: it is taken away */
    uint64_t *topic_counts;
    double *topic_scores;
    uint64_t *topic_values;
    uint64_t *hidden_values; /* by topic: the largest value, where it is that of a hit beyond the cap; else 0 */
    size_t topic_count;
    uint64_t value;    /* of hits that are added, as tocsin__rule_hit has it */
    uint64_t *clauses; /* clauses and tier as wanted, for routes */
    int32_t tier;
    tocsin__rule_place place; /* where hits are added at the time */
    uint32_t next_start;      /* far behind everything, in either field */
    uint32_t next_part;       /* a sentence and a paragraph that nothing is in */
    uint32_t last;            /* the hit added last */
    tocsin_status status;
} tocsin__rule_edit;

/* Begins anew with the hits of input; the arrays live in the arena, the lists until they are released. */
void tocsin__rule_edit_begin(tocsin__rule_edit *edit, const tocsin__rule_input *input, const tocsin__rule_names *names,
                             tocsin__arena *arena);
void tocsin__rule_edit_release(tocsin__rule_edit *edit, tocsin__arena *arena);

/* Adds a hit at edit->place. */
void tocsin__rule_edit_add(tocsin__rule_edit *edit, tocsin__arena *arena, uint32_t topic, float weight, uint32_t term);

/* Makes edit->place a sentence and paragraph of its own, in the field that it names. */
void tocsin__rule_edit_new_part(tocsin__rule_edit *edit);

/* Makes edit->place the part of the document in which the hit `last` of the document is the last one. */
void tocsin__rule_edit_old_part(tocsin__rule_edit *edit, uint32_t last);

void tocsin__rule_edit_remove(tocsin__rule_edit *edit, uint32_t hit);

/* Takes away every hit of a topic, those beyond the cap too. */
void tocsin__rule_edit_remove_topic(tocsin__rule_edit *edit, uint32_t topic);

/* A copy of the hits [low, high) in `bits` at edit->place, as far from one another as they are. */
void tocsin__rule_edit_copy(tocsin__rule_edit *edit, tocsin__arena *arena, const uint64_t *bits, size_t low,
                            size_t high);

/* Sorts what is left and points the hits, counts and scores of input at it. */
void tocsin__rule_edit_finish(tocsin__rule_edit *edit, tocsin__rule_input *input);

#endif
