#ifndef TOCSIN_RULE_EVAL_H
#define TOCSIN_RULE_EVAL_H

/*
 * Decides whether rules hold over one document: its hits and its facts. Nothing is allocated: the caller provides
 * memory and scratch. Programs and the DAG are immutable and shared; input, evaluator and scratch belong to one thread.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/document.h>

#include "rule/rule_dag.h"
#include "rule/rule_program.h"

/* A hit; never empty: end > start. */
typedef struct tocsin__rule_hit {
    uint32_t start, end; /* folded code points in the field */
    uint32_t sentence;   /* numbered by the start of the hit, increasing over the document; two fields share none */
    uint32_t paragraph;
    uint32_t topic;
    uint32_t term; /* terms of the same kind and folded text have the same number, in all topics */
    float weight;  /* 0 or more */
    uint8_t field;
    uint64_t value; /* of a quantity: its value in millionths, plus 1; 0: it has none */
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
    const uint64_t *clauses_held; /* a bit for each clause; may be NULL if the program does not compare the verdict */
    int32_t tier;                 /* index, or TOCSIN_TIER_NONE */
    uint32_t (*learned)(void *context, uint32_t index); /* gives a learned score in millionths; NULL: all are 0 */
    void *learned_context;
} tocsin__rule_input;

/* ---- one program ---- */

/* Bytes of scratch for this number of hits, aligned as malloc does; its content before and after has no meaning. */
size_t tocsin__rule_scratch_size(const tocsin__rule_program *program, size_t hit_count);

int tocsin__rule_holds(const tocsin__rule_program *program, const tocsin__rule_input *input, void *scratch);

/*
 * The same with only the hits of `kept` (a bit for each hit); negative parts (below "!", right of "unless", upper
 * bounds) are evaluated over all hits. Hits beyond the cap, which have no position, count as kept.
 */
int tocsin__rule_holds_with(const tocsin__rule_program *program, const tocsin__rule_input *input, void *scratch,
                            const uint64_t *kept);

/* ---- the programs of a plan, one after the other over one document: the same answers ---- */

typedef struct tocsin__rule_evaluator tocsin__rule_evaluator;

/* A running evaluation (rule_eval_internal.h). */
typedef struct tocsin__rule_run {
    const tocsin__rule_node *nodes;
    const uint32_t *numbers;                 /* of the nodes, in the DAG of the evaluator */
    const tocsin__rule_evaluator *evaluator; /* NULL: one program alone; `kept` is NULL with an evaluator */
    const tocsin__rule_input *input;
    const uint64_t *kept; /* positive parts see only these hits; NULL: all */
    uint64_t *slots;
    size_t slot_count;
    uint32_t *table;  /* a number for each hit, or a hash table of hits */
    size_t words;     /* of a slot */
    size_t low, high; /* the scope: hits [low, high) */
    size_t text_from; /* the first hit that is not in the title */
    int whole;        /* the scope is the document: exact totals apply */
    uint64_t learned; /* during a search for a witness: the weights whose score supports the clause */
} tocsin__rule_run;

struct tocsin__rule_evaluator {
    const tocsin__rule_dag *dag;
    tocsin__rule_run run;
    uint64_t present;  /* the bits of the document, as in rule_dag.h */
    uint32_t document; /* the number of this document */
    uint32_t *told;    /* by node: twice the number of the document of its last result, plus 1 if it holds */
    uint32_t *filled;  /* by kept set: the number of the document of its content */
    uint64_t *sets;    /* the kept sets; NULL: there are too many hits to keep sets */
};

/* Bytes of memory that an evaluator keeps from document to document. */
size_t tocsin__rule_evaluator_size(const tocsin__rule_dag *dag);

/* memory: as many bytes, all 0, aligned for uint32_t. */
void tocsin__rule_evaluator_init(tocsin__rule_evaluator *evaluator, const tocsin__rule_dag *dag, void *memory);

/* Bytes of scratch for a document, aligned for uint64_t; its content before and after has no meaning. */
size_t tocsin__rule_evaluator_scratch_size(const tocsin__rule_dag *dag, size_t hit_count);

/* Begins a document; input and scratch stay until the next begin. */
void tocsin__rule_evaluator_begin(tocsin__rule_evaluator *evaluator, const tocsin__rule_input *input, void *scratch);

/*
 * Whether a program holds. present: the bits of the document: those of its facts, and one for each topic with hits
 * (rule_dag.h). The verdict in input must not change between programs that compare it.
 */
int tocsin__rule_evaluator_holds(tocsin__rule_evaluator *evaluator, uint32_t program, uint64_t present);

#endif
