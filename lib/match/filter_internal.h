#ifndef TOCSIN_MATCH_FILTER_INTERNAL_H
#define TOCSIN_MATCH_FILTER_INTERNAL_H

/*
 * The data that filter_build.c makes and the filter_run files use. Text is read as units: folded characters of the
 * basic plane, each its own code point; those beyond it share the 2048 units that surrogates leave free. A literal is
 * entered under one window of its units, the rarest: one, two or three neighbours. At each character of a text, the
 * loop reads one word of a table and tests two bits of it for the window that begins there. If there are windows of two
 * units and of three, the pair chooses the word for both, and two other bits stand for the window of three. If both
 * bits are set, the loop looks for the window in a slot. If the slot has it, the literals of this window are compared
 * with the text around it; a literal that is the window itself needs no comparison.
 */

#include <string.h>

#include "base/vec.h"
#include "match/engine.h"
#include "text/text_units.h"

#define TOCSIN__FILTER_INLINE 12 /* units of a literal that its entry holds */

enum {
    TOCSIN__FILTER_LAST = 1, /* no other literal has this window */
    TOCSIN__FILTER_SPELL =
        2 /* compared by code points: longer than its entry, or with characters that units do not show */
};

/* A literal under its window; entries of one window are neighbours. Half a cache line. */
typedef struct tocsin__filter_entry {
    uint32_t pattern;
    uint16_t length; /* units */
    uint8_t before;  /* units of it before the window */
    uint8_t flags;
    uint16_t units[TOCSIN__FILTER_INLINE];
} tocsin__filter_entry;

#define TOCSIN__FILTER_FEW 8U /* literals of a window that are compared one after the other */

/* A literal that shares its window with more than a few. */
typedef struct tocsin__filter_leaf {
    const uint16_t *units;
    uint32_t pattern;
    uint16_t length; /* units */
    uint8_t before;  /* units of it before the window */
    uint8_t flags;   /* TOCSIN__FILTER_SPELL: has a character beyond the basic plane, which units do not identify */
} tocsin__filter_leaf;

/* The leaves with the same number of units before the window, sorted by their units. */
typedef struct tocsin__filter_branch {
    uint32_t first; /* leaf */
    uint32_t count;
    uint8_t before;
    uint8_t is_last; /* of the window */
} tocsin__filter_branch;

#define TOCSIN__FILTER_MANY UINT32_C(0x40000000) /* in a slot's value: the rest is the number of its first branch */
#define TOCSIN__FILTER_MOST 0x3FFFFFFFU          /* literals */
#define TOCSIN__FILTER_DIRECT                                                                                          \
    UINT32_C(0x80000000) /* in a slot's value: the window is the whole literal; the rest is its pattern */
#define TOCSIN__FILTER_EMPTY UINT64_MAX
#define TOCSIN__FILTER_LEFT (UINT64_MAX - 1) /* the key of a slot whose literals all moved to another window */

/* A window, in a hash table with linear probing. */
typedef struct tocsin__filter_slot {
    uint64_t key;     /* tocsin__filter_key, or TOCSIN__FILTER_EMPTY */
    uint32_t value;   /* first entry, or TOCSIN__FILTER_DIRECT and a pattern, or TOCSIN__FILTER_MANY and a branch */
    uint32_t sharers; /* how many literals have the window */
} tocsin__filter_slot;

/* The units of windows of one unit, if there are only a few: comparing these is faster than the table of bits. */
#define TOCSIN__FILTER_ONES 32u
typedef struct tocsin__filter_ones {
    uint16_t units[TOCSIN__FILTER_ONES];
    unsigned count; /* TOCSIN__FILTER_ONES + 1: there are more */
} tocsin__filter_ones;

struct tocsin__filter_run;
typedef void tocsin__filter_function(struct tocsin__filter_run *run);

typedef struct tocsin__filter {
    tocsin_allocator allocator;
    tocsin__filter_function *run; /* the function for this processor */
    const uint32_t *one_bits;     /* a bit for each unit, set if it is a window; NULL if none is */
    tocsin__filter_ones ones;     /* the same units */
    const uint32_t *words;        /* the bits of windows of two and three units; NULL if there are none */
    unsigned shift;               /* 32 minus the logarithm of the number of words */
    int has_two, has_three;       /* there are windows of two units, of three */
    const tocsin__filter_slot *slots;
    unsigned slot_shift; /* 64 minus the logarithm of the number of slots */
    const tocsin__filter_entry *entries;
    size_t entry_count;
    const tocsin__filter_branch *branches;
    size_t branch_count;
    const tocsin__filter_leaf *leaves;
    size_t leaf_count;
    uint16_t *leaf_units; /* of all leaves */
    size_t leaf_unit_count;
    size_t atoms_from;               /* the pattern from which on the first unit is reported as the end */
    const tocsin__pattern *patterns; /* borrowed: for the literals that are compared by code points */
    size_t farthest;                 /* units from the start of a literal to the end of its window, at most */
    int has_narrow;                  /* a window or a leaf has a unit whose character may not have three bytes */
} tocsin__filter;

#define TOCSIN__FILTER_LEAST_WORDS 12u /* the least size of the table of words, as a logarithm: 16 KiB */
#define TOCSIN__FILTER_ROOMY_WORDS 16u /* up to this size there are two words for each window, then one */
#define TOCSIN__FILTER_MOST_WORDS 21u  /* 8 MiB: a larger table would not fit into any cache */
#define TOCSIN__FILTER_FARTHEST 200u   /* units within which a window ends, so that `before` fits */

#define TOCSIN__FILTER_FACTOR_PAIR UINT32_C(0x9E3779B1)
#define TOCSIN__FILTER_FACTOR_THIRD UINT32_C(0x85EBCA77)

/* The hash of a window of two units or, with a third, of three. Upper bits choose the word, those below them its bits.
 */
static inline uint32_t tocsin__filter_hash(uint32_t first, uint32_t second, uint32_t third) {
    return (second << 16 | first) * TOCSIN__FILTER_FACTOR_PAIR + third * TOCSIN__FILTER_FACTOR_THIRD;
}

/* How far a word is shifted until a bit of the window becomes the highest. */
static inline unsigned tocsin__filter_first(uint32_t hash, unsigned shift) { return hash >> (shift - 5) & 31; }
static inline unsigned tocsin__filter_second(uint32_t hash, unsigned shift) { return hash >> (shift - 10) & 31; }

/* The same for a window of three units in the word of its first two. */
static inline unsigned tocsin__filter_third_first(uint32_t hash) { return hash >> 27; }
static inline unsigned tocsin__filter_third_second(uint32_t hash) { return hash >> 22 & 31; }

/* The key of a window of `size` units: they, the first in the lowest bits, and above them the size. */
static inline uint64_t tocsin__filter_key(const uint16_t *units, unsigned size) {
    const uint64_t all = units[0] | (uint64_t)units[1] << 16 | (uint64_t)units[2] << 32;
    return (all & UINT64_MAX >> (64 - 16 * size)) | (uint64_t)size << 48;
}

static inline size_t tocsin__filter_slot_of(const tocsin__filter *filter, uint64_t key) {
    return (size_t)((key + 1) * UINT64_C(0xD6E8FEB86659FD93) >> filter->slot_shift);
}

static inline size_t tocsin__filter_slot_mask(const tocsin__filter *filter) {
    return ((size_t)1 << (64 - filter->slot_shift)) - 1;
}

/* filter_build.c */
tocsin_status tocsin__filter_compile(const tocsin__pattern *patterns, size_t count,
                                     const tocsin__engine_options *options, void **engine, size_t *bad,
                                     tocsin_error *error);
void tocsin__filter_free(void *engine);
size_t tocsin__filter_memory(const void *engine);

/*
 * filter_run.c: the window of a literal that starts in [from, to) ends at most `farthest` characters after its start.
 */
tocsin_status tocsin__filter_scan(const void *engine, void *scratch, const tocsin__text *text, size_t from, size_t to,
                                  tocsin__hits *hits);

/* filter_run.c: the function for this processor. */
tocsin__filter_function *tocsin__filter_best(void);

#endif
