#ifndef TOCSIN_RULE_EVAL_INTERNAL_H
#define TOCSIN_RULE_EVAL_INTERNAL_H

/*
 * A running evaluation, which rule_eval.c, rule_witness.c and the explanation share. The scope of a scope operator is
 * always a run of neighbouring hits, because hits are sorted by field and position: to narrow a scope, low and high are
 * changed. A set is a slot: one bit for each hit. Only the words that contain low to high are used, and their bits
 * outside the scope are 0.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "rule/rule_eval.h"
#include "rule/rule_program.h"

/* A scope that is restored later. */
typedef struct tocsin__rule_scope {
    size_t low, high;
    int whole;
} tocsin__rule_scope;

void tocsin__rule_run_begin(tocsin__rule_run *run, const tocsin__rule_program *program, const tocsin__rule_input *input,
                            void *scratch, const uint64_t *kept);

/* For a run of an evaluator: 0 if the node certainly does not hold over the document, in any scope of it. */
static inline int tocsin__rule_may_hold_at(const tocsin__rule_run *run, uint32_t at) {
    const tocsin__rule_evaluator *evaluator = run->evaluator;
    return tocsin__rule_may_hold(&evaluator->dag->nodes[run->numbers[at]], evaluator->present);
}

/* Whether the condition at a node holds in the scope; a set holds if it is not empty. */
int tocsin__rule_holds_at(tocsin__rule_run *run, uint32_t at);

/* Computes the set at a node into a slot; uses the slots after it too, as rule_compile.c counts. */
void tocsin__rule_fill(tocsin__rule_run *run, uint32_t at, uint32_t slot);

/* Marks, in a cleared slot, the hits of slot a that have another hit of slot b within distance. */
void tocsin__rule_mark_near(const tocsin__rule_run *run, uint32_t a, uint32_t b, uint64_t distance, uint32_t marks);

/* Keeps in slot b the hits that begin at the end of a hit of a or up to distance after it. */
void tocsin__rule_keep_after(tocsin__rule_run *run, uint32_t a, uint32_t b, uint64_t distance);

/* Keeps in slot a the hits that end at the start of a hit of b or up to distance before it. */
void tocsin__rule_keep_ahead(tocsin__rule_run *run, uint32_t a, uint32_t b, uint64_t distance);

/* Counts or weighs the set of a count, distinct or score node; returns the result of the comparison: -1, 0 or 1. */
int tocsin__rule_outcome(tocsin__rule_run *run, uint32_t at);

/* The largest value of the set of a value node, in millionths plus 1; 0: no hit has one. */
uint64_t tocsin__rule_largest_value(tocsin__rule_run *run, uint32_t at);

/* Compares such a value, which is not 0, with that of the node: -1, 0 or 1. */
int tocsin__rule_value_outcome(const tocsin__rule_node *node, uint64_t value);

/* The count (or the weight, in millionths). */
uint64_t tocsin__rule_measured(tocsin__rule_run *run, uint32_t at);

/* The learned score that a node compares, in millionths. */
static inline uint64_t tocsin__rule_learned(const tocsin__rule_input *input, const tocsin__rule_node *node) {
    const uint32_t index = (uint32_t)(node->value >> TOCSIN__RULE_WEIGHTS_SHIFT);
    return input->learned ? input->learned(input->learned_context, index) : 0;
}

static inline uint64_t *tocsin__rule_slot(const tocsin__rule_run *run, uint32_t slot) {
    tocsin__assert(slot < run->slot_count);
    return run->slots + (size_t)slot * run->words;
}

static inline size_t tocsin__rule_first_word(const tocsin__rule_run *run) { return run->low / 64; }

static inline size_t tocsin__rule_end_word(const tocsin__rule_run *run) { return (run->high + 63) / 64; }

void tocsin__rule_clear(const tocsin__rule_run *run, uint32_t slot);

static inline tocsin__rule_scope tocsin__rule_scope_of(const tocsin__rule_run *run) {
    tocsin__rule_scope scope = {run->low, run->high, run->whole};
    return scope;
}

static inline void tocsin__rule_restore(tocsin__rule_run *run, tocsin__rule_scope scope) {
    run->low = scope.low;
    run->high = scope.high;
    run->whole = scope.whole;
}

/* Narrows the scope to a field. */
static inline void tocsin__rule_narrow(tocsin__rule_run *run, uint64_t field) {
    run->whole = 0;
    if (field == TOCSIN_FIELD_TITLE) {
        if (run->high > run->text_from) run->high = run->text_from;
        if (run->low > run->high) run->low = run->high;
    } else {
        if (run->low < run->text_from) run->low = run->text_from;
        if (run->high < run->low) run->high = run->low;
    }
}

/* Narrows the scope to the hits from `from` on that share its sentence or paragraph, and returns their end. */
static inline size_t tocsin__rule_narrow_from(tocsin__rule_run *run, uint8_t kind, size_t from, size_t end) {
    const tocsin__rule_hit *hits = run->input->hits;
    size_t to = from + 1;
    if (kind == TOCSIN__RULE_SENTENCE) {
        while (to < end && hits[to].sentence == hits[from].sentence) to++;
    } else {
        while (to < end && hits[to].paragraph == hits[from].paragraph) to++;
    }
    run->low = from;
    run->high = to;
    run->whole = 0;
    return to;
}

#endif
