#ifndef TOCSIN_MATCH_GATE_LAYOUT_H
#define TOCSIN_MATCH_GATE_LAYOUT_H

/*
 * What gate_build.c makes and gate_run.c uses. A literal of two or more characters is entered under one pair of its
 * neighbouring characters, the rarest; a pair is its two to eight bytes as one number, low byte first. At every
 * character of a text the pair that starts there is asked of one bit in a table; where the bit is set, of the pairs
 * themselves; and each literal of that pair is compared with what stands around.
 */

#include <string.h>

#include "match/engine.h"

/* Bytes of a character by the high five bits of its first byte; what is none counts as one. */
extern const uint8_t tocsin__gate_width[32];

/* Keeps the first n bytes of a number, n = 0 … 8. */
extern const uint64_t tocsin__gate_mask[9];

/* A literal under its pair: what follows the pair and what stands before it, up to eight bytes each. */
typedef struct tocsin__gate_entry {
    uint64_t after;  /* the bytes after the pair */
    uint64_t before; /* the bytes before it, the nearest in the highest byte */
    uint32_t pattern;
    uint16_t offset; /* bytes of the literal before the pair */
    uint16_t length; /* bytes of the literal */
} tocsin__gate_entry;

/* A pair and its literals; empty when count is 0. */
typedef struct tocsin__gate_slot {
    uint64_t pair;
    uint32_t first;
    uint32_t count;
} tocsin__gate_slot;

typedef struct tocsin__gate {
    tocsin_allocator allocator;
    uint64_t *bits;
    unsigned bit_shift; /* 64 minus the logarithm of how many bits */
    tocsin__gate_slot *slots;
    unsigned slot_shift;         /* 64 minus the logarithm of how many slots */
    tocsin__gate_entry *entries; /* those of one pair together */
    size_t entry_count;
    const tocsin__pattern *patterns; /* borrowed: longer literals are compared with their bytes */
    size_t most_before;              /* the largest offset of an entry */
    uint32_t *singles; /* literals of one character: pattern + 1 by code point of the basic plane, or NULL */
    uint64_t *single_bits;
    tocsin__gate_slot *wide_singles; /* beyond the basic plane: pair is the code point, first the pattern; sorted */
    size_t wide_single_count;
} tocsin__gate;

static inline uint64_t tocsin__gate_hash(uint64_t pair) { return pair * UINT64_C(0x9E3779B97F4A7C15); }

static inline uint64_t tocsin__gate_load(const char *bytes) {
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

/* The slot of a pair, or the empty one where it would stand. */
static inline tocsin__gate_slot *tocsin__gate_find(const tocsin__gate *gate, uint64_t pair) {
    size_t mask = ((size_t)1 << (64 - gate->slot_shift)) - 1;
    size_t at = (size_t)(tocsin__gate_hash(pair) >> gate->slot_shift);
    while (gate->slots[at].count && gate->slots[at].pair != pair) at = (at + 1) & mask;
    return &gate->slots[at];
}

/* gate_build.c */
tocsin_status tocsin__gate_compile(const tocsin__pattern *patterns, size_t count, const tocsin__engine_options *options,
                                   void **engine, size_t *bad, tocsin_error *error);
void tocsin__gate_free(void *engine);
size_t tocsin__gate_memory(const void *engine);

#endif
