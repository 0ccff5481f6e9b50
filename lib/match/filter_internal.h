#ifndef TOCSIN_MATCH_FILTER_INTERNAL_H
#define TOCSIN_MATCH_FILTER_INTERNAL_H

/*
 * What filter_build.c makes and the filter_run files use. Text is read as units: folded characters of the basic plane,
 * each its own code point; those beyond it share the 2048 units that surrogates leave free. A literal is entered under
 * one window of its units, the rarest: one, two or three neighbours. At every character of a text the windows that
 * begin there are asked of two bits in a table; where both are set, of a slot with the window in it; where it is there,
 * the literals of that window are compared with what stands around, or need no comparing when the window is all of it.
 */

#include <string.h>

#include "base/vec.h"
#include "match/engine.h"
#include "text/text_units.h"

#define TOCSIN__FILTER_INLINE 12 /* units of a literal that stand in its entry */

enum {
    TOCSIN__FILTER_LAST = 1, /* no other literal has this window */
    TOCSIN__FILTER_SPELL = 2 /* compared by code points: longer than its entry, or with what is read for no window */
};

/* A literal under its window; those of one window stand together. Half a cache line. */
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
    uint8_t flags;   /* TOCSIN__FILTER_SPELL: has a character beyond the basic plane, which units do not tell apart */
} tocsin__filter_leaf;

/* Those that have as many units before the window, sorted by their units. */
typedef struct tocsin__filter_branch {
    uint32_t first; /* leaf */
    uint32_t count;
    uint8_t before;
    uint8_t is_last; /* of the window */
} tocsin__filter_branch;

#define TOCSIN__FILTER_MANY UINT32_C(0x40000000) /* in a slot's value: the rest is its first branch */
#define TOCSIN__FILTER_MOST 0x3FFFFFFFU          /* literals */
#define TOCSIN__FILTER_DIRECT                                                                                          \
    UINT32_C(0x80000000) /* in a slot's value: the window is the literal; the rest its pattern */
#define TOCSIN__FILTER_EMPTY UINT64_MAX
#define TOCSIN__FILTER_LEFT (UINT64_MAX - 1) /* the key of a slot whose literals all went to another window */

/* A window: where its hash may stand, linear probing. */
typedef struct tocsin__filter_slot {
    uint64_t key;     /* its units, 16 bits each; or TOCSIN__FILTER_EMPTY */
    uint32_t value;   /* first entry, or TOCSIN__FILTER_DIRECT and a pattern, or TOCSIN__FILTER_MANY and a branch */
    uint32_t sharers; /* how many literals have the window */
} tocsin__filter_slot;

/* Two bits of one word for each hash of a window; of one unit, one bit for the unit itself. */
typedef struct tocsin__filter_bits {
    const uint32_t *words; /* NULL when there is no such window */
    unsigned shift;        /* 32 minus the logarithm of how many bits */
} tocsin__filter_bits;

struct tocsin__filter_run;
typedef void tocsin__filter_function(struct tocsin__filter_run *run);

typedef struct tocsin__filter {
    tocsin_allocator allocator;
    tocsin__filter_function *run; /* the one for this processor */
    tocsin__filter_bits bits[3];  /* of windows of one, two and three units; of one: by the unit itself */
    const tocsin__filter_slot *slots;
    unsigned slot_shift; /* 64 minus the logarithm of how many slots */
    const tocsin__filter_entry *entries;
    size_t entry_count;
    const tocsin__filter_branch *branches;
    size_t branch_count;
    const tocsin__filter_leaf *leaves;
    size_t leaf_count;
    uint16_t *leaf_units; /* of all leaves */
    size_t leaf_unit_count;
    const tocsin__pattern *patterns; /* borrowed: literals that are compared by code points */
    size_t farthest;                 /* units of a literal up to the end of its window, at most */
    int has_narrow;                  /* a window, or a leaf, has a unit that may be written in other than three bytes */
} tocsin__filter;

#define TOCSIN__FILTER_LEAST_BITS 17u /* of a table of bits, as a logarithm: 16 KiB */
#define TOCSIN__FILTER_MOST_BITS 25u  /* 4 MiB: more would leave every cache */
#define TOCSIN__FILTER_FARTHEST 200u  /* units: a window ends within so many, so that `before` fits */

#define TOCSIN__FILTER_FACTOR_PAIR UINT32_C(0x9E3779B1)
#define TOCSIN__FILTER_FACTOR_THIRD UINT32_C(0x85EBCA77)

/* Of two units, and where there is a third, of three. */
static inline uint32_t tocsin__filter_hash(uint32_t first, uint32_t second, uint32_t third) {
    return (second << 16 | first) * TOCSIN__FILTER_FACTOR_PAIR + third * TOCSIN__FILTER_FACTOR_THIRD;
}

/* Of a window of `size` units, the first the lowest. */
static inline uint64_t tocsin__filter_key(const uint16_t *units, unsigned size) {
    uint64_t key = units[0];
    if (size > 1) key |= (uint64_t)units[1] << 16;
    if (size > 2) key |= (uint64_t)units[2] << 32;
    return key;
}

/* The second bit: the five bits of the hash below those that chose the word and the first. */
static inline uint32_t tocsin__filter_second(uint32_t hash, unsigned shift) { return hash >> (shift - 5) & 31; }

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

/* Words of a table of bits; 0 when there is none. */
size_t tocsin__filter_words(const tocsin__filter *filter, int kind);

/* filter_run.c: windows of literals that start in [from, to) end no farther than `farthest` characters behind it. */
tocsin_status tocsin__filter_scan(const void *engine, void *scratch, const tocsin__text *text, size_t from, size_t to,
                                  tocsin__hits *hits);

/* filter_run.c: the one for this processor. */
tocsin__filter_function *tocsin__filter_best(void);

#endif
