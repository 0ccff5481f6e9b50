#ifndef TOCSIN_MATCH_REGEX_INTERNAL_H
#define TOCSIN_MATCH_REGEX_INTERNAL_H

/* What regex_nfa.c and regex_compile.c make and regex_match.c and regex_scan.c use. */

#include "base/arena.h"
#include "match/regex_engine.h"
#include "match/regex_glushkov.h"
#include "match/regex_sort.h"

#define TOCSIN__ROW_BITS 11u /* of a slot, the low ones; the others are a character */
#define TOCSIN__ROW_MASK ((1u << TOCSIN__ROW_BITS) - 1)
#define TOCSIN__SLOT_FREE UINT32_MAX

/*
 * Sets of positions are `words` words. What follows a position is the next one, where `shift` has it, and the right
 * side of each join that has it on its left; what precedes it is told by the same.
 */
typedef struct tocsin__automaton {
    uint32_t words;
    uint32_t join_count;
    uint32_t longest;                                 /* characters of a match */
    uint8_t asks_start, asks_end;                     /* whether there are more than the first of these: */
    const uint64_t *first[TOCSIN__EXPRESSION_STARTS]; /* positions that matches begin with, as the draft has them */
    const uint64_t *last[TOCSIN__EXPRESSION_ENDS];
    const uint64_t *shift;
    const uint64_t *joins; /* left and right side of each, in turn */
    const uint64_t *rows;  /* positions that take a character */
    const uint32_t *slots; /* hash of the listed characters: character and row */
    uint32_t slot_mask;
    uint32_t row_count;
    uint32_t interval_count;
    const uint32_t *intervals; /* where those of the characters that are not listed begin; the first at 0 */
    const uint16_t *interval_rows;
} tocsin__automaton;

/* Every match of the expression has, for one of its crossings, a position of left and then one of right. */
typedef struct tocsin__compiled_crossing {
    const tocsin__automaton *automaton;
    const uint64_t *left, *right;
    uint32_t expression;
    uint8_t alone;       /* it has one of left, and right says nothing */
    uint8_t right_first; /* less is to be read to the right than to the left */
} tocsin__compiled_crossing;

/* A pair, or a character right of TOCSIN__ANCHOR_ANY, and the first of the anchors that are of it. */
typedef struct tocsin__anchor_slot {
    uint32_t pair;
    uint32_t anchor; /* TOCSIN__SLOT_FREE: no entry */
} tocsin__anchor_slot;

enum {
    TOCSIN__ANCHOR_LEFT = 1,
    TOCSIN__ANCHOR_RIGHT = 2,
    TOCSIN__ANCHOR_ALONE = 4
};

/* In the arena. */
struct tocsin__expressions {
    tocsin_allocator allocator;
    tocsin__arena arena;
    const tocsin__anchor *anchors;
    size_t anchor_count;
    const uint32_t *crossing_starts; /* by anchor, and one more: which of crossing_ids are its */
    const uint32_t *crossing_ids;
    const tocsin__compiled_crossing *crossings;
    size_t crossing_count;
    tocsin__anchor_slot *slots;
    size_t slot_mask;
    uint8_t *roles;                     /* by character of the basic plane */
    const tocsin__automaton **automata; /* by expression */
    const uint32_t *bounds;             /* by expression */
    size_t count;
    void *left;               /* of tocsin__engine_regex; NULL when there are none */
    const uint32_t *left_ids; /* by the engine's pattern: the expression */
    size_t left_count;
};

/* regex_compile.c: the table and the roles, from the anchors. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__expressions_index(tocsin__expressions *made);

/*
 * regex_match.c: keeps in the scratch the match of an expression that ends at byte `end` of the view, if there is
 * one. TOCSIN_ERROR_MEMORY, or what the edge test returned.
 */
tocsin_status tocsin__expressions_match_end(const tocsin__expressions *e, tocsin__expression_scratch *scratch,
                                            const tocsin__view *view, uint32_t expression, size_t end);

struct tocsin__expression_scratch {
    tocsin_allocator allocator;
    TOCSIN_VEC(tocsin__sortable) found; /* key: expression, end; value: start */
    size_t tidy_at;                     /* length at which the same is taken out of found */
    const tocsin__edge_test *test;      /* NULL: every edge counts */
    void *left;
    tocsin__hits ends; /* of those that are left to Hyperscan: where matches may end */
};

static inline uint32_t tocsin__pair_hash(uint32_t pair) {
    return (uint32_t)(pair * UINT64_C(0x9E3779B97F4A7C15) >> 32);
}

static inline uint32_t tocsin__character_hash(uint32_t c) { return c * 0x9E3779B1U >> 16; }

/* Ordinary text is in the last intervals, of which there are few where no set is one of many ranges. */
static inline uint32_t tocsin__interval_of(const tocsin__automaton *a, uint32_t c) {
    uint32_t low = 0, high = a->interval_count;
    for (int i = 0; i < 8; i++) {
        if (a->intervals[--high] <= c) return high;
    }
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (a->intervals[middle] <= c) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

#endif
