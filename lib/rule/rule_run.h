#ifndef TOCSIN_RULE_RUN_H
#define TOCSIN_RULE_RUN_H

/*
 * One evaluation under way: what rule_evaluate.c, rule_support.c and the explanation share. The scope of a scope
 * operator is always a run of neighbouring hits, since hits are sorted by field and position: narrowing a scope is
 * changing low and high. A set is a slot: one bit a hit, of which only the words that low and high fall in are looked
 * at; bits of these words outside the scope are 0.
 */

#include <stddef.h>
#include <stdint.h>

#include "rule/rule_input.h"
#include "rule/rule_program.h"

typedef struct tocsin__rule_memo tocsin__rule_memo;

typedef struct tocsin__rule_run {
    const tocsin__rule_node *nodes;
    const uint32_t *parts;   /* of the nodes; with a memo */
    tocsin__rule_memo *memo; /* NULL: one program by itself; `kept` is NULL with a memo */
    const tocsin__rule_input *input;
    const uint64_t *kept; /* positives see these hits alone; NULL: all */
    uint64_t *slots;
    uint32_t *numbers; /* room for tocsin__rule_numbers() of them */
    size_t words;      /* of a slot */
    size_t low, high;  /* the scope: hits [low, high) */
    size_t text_from;  /* the first hit that is not in the title */
    int whole;         /* the scope is the document: exact totals apply */
    uint64_t learned;  /* while support is looked for: the weights whose score speaks for the clause */
} tocsin__rule_run;

/* A scope to come back to. */
typedef struct tocsin__rule_scope {
    size_t low, high;
    int whole;
} tocsin__rule_scope;

void tocsin__rule_run_begin(tocsin__rule_run *run, const tocsin__rule_program *program, const tocsin__rule_input *input,
                            void *scratch, const uint64_t *kept);

/* Begins over the whole document, with so many slots in scratch. */
void tocsin__rule_run_begin_at(tocsin__rule_run *run, const tocsin__rule_input *input, size_t slots, void *scratch);

/* The next two without and with a memo (rule_memo.c). */
int tocsin__rule_holds_anew(tocsin__rule_run *run, uint32_t at);
void tocsin__rule_fill_anew(tocsin__rule_run *run, uint32_t at, uint32_t slot);
int tocsin__rule_recall(tocsin__rule_run *run, uint32_t at);
void tocsin__rule_refill(tocsin__rule_run *run, uint32_t at, uint32_t slot);

/* Does the condition (or set, by not being empty) at a node hold in the scope? */
static inline int tocsin__rule_holds_at(tocsin__rule_run *run, uint32_t at) {
    return run->memo ? tocsin__rule_recall(run, at) : tocsin__rule_holds_anew(run, at);
}

/* Works out the set at a node into a slot; slots after it are used too, as rule_layout.c counts. */
static inline void tocsin__rule_fill(tocsin__rule_run *run, uint32_t at, uint32_t slot) {
    if (run->memo) {
        tocsin__rule_refill(run, at, slot);
    } else {
        tocsin__rule_fill_anew(run, at, slot);
    }
}

/* Is a slot empty in the scope? */
int tocsin__rule_is_empty(const tocsin__rule_run *run, uint32_t slot);

/* Marks the hits of slot a that have another hit of slot b within distance, in a slot that was cleared. */
void tocsin__rule_mark_near(const tocsin__rule_run *run, uint32_t a, uint32_t b, uint64_t distance, uint32_t marks);

/* Leaves in slot b the hits that begin at the end of a hit of a or up to distance after it. */
void tocsin__rule_keep_after(tocsin__rule_run *run, uint32_t a, uint32_t b, uint64_t distance);

/* Leaves in slot a the hits that end where a hit of b begins, or up to distance before. */
void tocsin__rule_keep_ahead(tocsin__rule_run *run, uint32_t a, uint32_t b, uint64_t distance);

/* How many different terms the hits of a slot in the scope have. */
uint64_t tocsin__rule_count_terms(tocsin__rule_run *run, uint32_t slot);

/* How many numbers a run over so many hits needs for programs with these flags. */
size_t tocsin__rule_numbers(uint32_t flags, size_t hit_count);

/* Counts or weighs the set of a count, distinct or score node: the outcome of comparing, as -1, 0 or 1. */
int tocsin__rule_outcome(tocsin__rule_run *run, uint32_t at);

/* The largest value of the set of a value node, 1 more than it is in millionths; 0: none has one. */
uint64_t tocsin__rule_largest_value(tocsin__rule_run *run, uint32_t at);

/* How such a value, not 0, compares with the node's: -1, 0 or 1. */
int tocsin__rule_value_outcome(const tocsin__rule_node *node, uint64_t value);

/* Leaves in slot 0, the set of a value node that holds, the hits whose values make it hold. */
void tocsin__rule_keep_values(tocsin__rule_run *run, uint32_t at);

/* What it counts (or weighs, in millionths). */
uint64_t tocsin__rule_measured(tocsin__rule_run *run, uint32_t at);

/* The learned score that a node asks for, in millionths. */
static inline uint64_t tocsin__rule_learned(const tocsin__rule_input *input, const tocsin__rule_node *node) {
    const uint32_t index = (uint32_t)(node->value >> TOCSIN__RULE_WEIGHTS_SHIFT);
    return input->learned ? input->learned(input->learned_context, index) : 0;
}

/* Adds to `out` the hits that support the condition at a node, which holds in the scope. */
void tocsin__rule_support_at(tocsin__rule_run *run, uint32_t at, uint64_t *out);

static inline uint64_t *tocsin__rule_slot(const tocsin__rule_run *run, uint32_t slot) {
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

/* Narrows the scope to the hits from `from` on that share its sentence or paragraph, and returns where they end. */
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

static inline int tocsin__rule_satisfies(uint8_t compare, int outcome) { return compare >> (outcome + 1) & 1; }

#endif
