#ifndef TOCSIN_MATCH_REGEX_INTERNAL_H
#define TOCSIN_MATCH_REGEX_INTERNAL_H

/* The data that regex_nfa.c and regex_compile.c make and regex_match.c and regex_scan.c use. */

#include <stdatomic.h>

#include "base/arena.h"
#include "match/regex_engine.h"
#include "match/regex_glushkov.h"
#include "match/regex_sort.h"

#define TOCSIN__ROW_BITS 11u /* low bits of a slot, the row; the others are a character */
#define TOCSIN__ROW_MASK ((1u << TOCSIN__ROW_BITS) - 1)
#define TOCSIN__SLOT_FREE UINT32_MAX

/*
 * Sets of positions are `words` words. Position p leads to p + 1 if `shift` has p, and to the right side of each join
 * whose left side has p. The reverse gives the positions before p.
 */
typedef struct tocsin__nfa {
    uint32_t words;
    uint32_t join_count;
    uint32_t longest;             /* characters of a match */
    uint8_t asks_start, asks_end; /* whether matches may also begin or end at other edges than the first kind: */
    const uint64_t *first[TOCSIN__NFA_STARTS]; /* positions at which matches begin, as in the glushkov */
    const uint64_t *last[TOCSIN__NFA_ENDS];
    const uint64_t *shift;
    const uint64_t *joins; /* the left and the right side of each in turn */
    const uint64_t *rows;  /* the positions that match a character */
    const uint32_t *slots; /* a hash table of the listed characters: character and row */
    uint32_t slot_mask;
    uint32_t row_count;
    uint32_t interval_count;
    const uint32_t *intervals; /* the starts of the intervals of all other characters; the first is 0 */
    const uint16_t *interval_rows;
} tocsin__nfa;

#define TOCSIN__NEAR_WORDS 8u

/*
 * Every match of the regex has, for one of its atom sets, a position of left and then one of right. It also has the
 * character with which it begins within reach[0] characters before the atom, and that with which it ends within
 * reach[1] characters after it. `near` has a bit for each of these characters, so that most attempts end before the NFA
 * is read.
 */
typedef struct tocsin__compiled_atom_set {
    uint32_t regex;
    uint8_t alone;                        /* it has one of left, and right is unused */
    uint8_t right_first;                  /* the right side is read first, because it is shorter */
    uint16_t reach[2];                    /* 0: matches may begin (end) with the atom, or with too many characters */
    uint64_t near[2][TOCSIN__NEAR_WORDS]; /* see tocsin__near_bit */
    const tocsin__nfa *nfa;
    const uint64_t *left, *right;
} tocsin__compiled_atom_set;

/* Characters share bits; the lowest bits of a unit differ most. */
static inline uint32_t tocsin__near_bit(uint16_t unit) { return unit % (TOCSIN__NEAR_WORDS * 64); }

/* A pair, or a character right of TOCSIN__ATOM_ANY, and the first of its atoms. */
typedef struct tocsin__atom_slot {
    uint32_t pair;
    uint32_t atom; /* TOCSIN__SLOT_FREE: no entry */
} tocsin__atom_slot;

enum {
    TOCSIN__ATOM_LEFT = 1,
    TOCSIN__ATOM_RIGHT = 2,
    TOCSIN__ATOM_ALONE = 4
};

/* What was compiled together of single regexes. All compiled objects with one of them share it. */
typedef struct tocsin__regex_pool {
    atomic_size_t owners;
    tocsin__arena arena; /* holds the NFAs, and the sets of positions of their atom sets */
} tocsin__regex_pool;

/* In the arena, except what belongs to a pool. */
struct tocsin__regexes {
    tocsin_allocator allocator;
    tocsin__arena arena;
    TOCSIN_VEC(tocsin__regex_pool *) pools; /* the first is its own */
    uint32_t *pool_of;                      /* by regex: index into pools */
    const tocsin__atom *atoms;
    size_t atom_count;
    const uint32_t *atom_set_starts; /* by atom, and one more: its range of atom_set_ids */
    const uint32_t *atom_set_ids;
    const tocsin__compiled_atom_set *atom_sets; /* in the order of their regexes */
    size_t atom_set_count;
    tocsin__atom_slot *slots;
    size_t slot_mask;
    uint8_t *roles;           /* by character of the basic plane */
    const tocsin__nfa **nfas; /* by regex */
    const uint32_t *bounds;   /* by regex */
    size_t count;
    void *left;               /* of tocsin__engine_regex; NULL if no regex is left to it */
    const uint32_t *left_ids; /* by the engine's pattern: the index of the regex */
    size_t left_count;
};

/*
 * regex_match.c: keeps in the scratch the match of a regex that ends at byte `end` of the view, if there is one.
 * TOCSIN_ERROR_MEMORY, or the error of the edge test.
 */
tocsin_status tocsin__regexes_match_end(const tocsin__regexes *e, tocsin__regex_scratch *scratch,
                                        const tocsin__view *view, uint32_t regex, size_t end);

struct tocsin__regex_scratch {
    tocsin_allocator allocator;
    TOCSIN_VEC(tocsin__sortable) found; /* key: regex, end; value: start */
    size_t tidy_at;                     /* length at which duplicates are removed from found */
    const tocsin__edge_test *test;      /* NULL: every edge counts */
    void *left;
    tocsin__hits ends; /* of the regexes that are left to Hyperscan: possible ends of matches */
};

static inline uint32_t tocsin__pair_hash(uint32_t pair) {
    return (uint32_t)(pair * UINT64_C(0x9E3779B97F4A7C15) >> 32);
}

static inline uint32_t tocsin__character_hash(uint32_t c) { return c * 0x9E3779B1U >> 16; }

/* Most characters of ordinary text are in the last intervals, so the search starts there. */
static inline uint32_t tocsin__interval_of(const tocsin__nfa *a, uint32_t c) {
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
