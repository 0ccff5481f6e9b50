#ifndef TOCSIN_MATCH_GATE_LAYOUT_H
#define TOCSIN_MATCH_GATE_LAYOUT_H

/*
 * What gate_build.c makes and gate_run.c uses. A literal is entered under one window of its characters, the rarest:
 * three neighbours where it has three, else its two. At every character of a text the windows that start there are
 * asked of one bit each in a table; where the bit is set, of a slot with a tag; where the tag agrees, the literals of
 * that window are compared with what stands around.
 */

#include <string.h>

#include "base/vec.h"
#include "match/engine.h"

/* Bytes of a character by the high five bits of its first byte; what is none counts as one. */
extern const uint8_t tocsin__gate_width[32];

#define TOCSIN__GATE_INLINE 24    /* bytes of a literal that stand in its entry: eight Han characters */
#define TOCSIN__GATE_LAST 0x8000u /* in an entry's length: no other literal has this window */
#define TOCSIN__GATE_EMPTY UINT32_MAX

/* A literal under its window; those of one window stand together. Half a cache line. */
typedef struct tocsin__gate_entry {
    uint32_t pattern;
    uint16_t offset; /* bytes of the literal before the window */
    uint16_t length; /* bytes of the literal, and TOCSIN__GATE_LAST */
    char bytes[TOCSIN__GATE_INLINE];
} tocsin__gate_entry;

/* A window: where its hash may stand, linear probing. */
typedef struct tocsin__gate_slot {
    uint32_t tag;   /* another 32 bits of the hash */
    uint32_t first; /* entry, or TOCSIN__GATE_EMPTY */
} tocsin__gate_slot;

/* One bit for each hash of a window. */
typedef struct tocsin__gate_bits {
    uint64_t *words;
    unsigned shift; /* 64 minus the logarithm of how many bits */
} tocsin__gate_bits;

typedef struct tocsin__gate_wide {
    uint32_t point;
    uint32_t pattern;
} tocsin__gate_wide;

typedef struct tocsin__gate {
    tocsin_allocator allocator;
    tocsin__gate_bits twos, threes; /* words NULL when there is no such literal */
    tocsin__gate_slot *slots;
    unsigned slot_shift; /* 64 minus the logarithm of how many slots */
    tocsin__gate_entry *entries;
    size_t entry_count;
    const tocsin__pattern *patterns; /* borrowed: what of a long literal is not in its entry */
    size_t most_before;              /* the largest offset of an entry */
    int has_narrow;                  /* a window has a character that is not of three bytes */
    uint32_t *singles;               /* literals of one character: pattern + 1 by code point of the basic plane */
    uint64_t *single_bits;
    TOCSIN_VEC(tocsin__gate_wide) wide_singles; /* those beyond it: few, if any */
} tocsin__gate;

/* Two characters of up to four bytes each, as one number; and with a third behind them. */
static inline uint64_t tocsin__gate_hash2(uint64_t pair) { return pair * UINT64_C(0x9E3779B97F4A7C15); }

static inline uint64_t tocsin__gate_hash3(uint64_t hash2, uint64_t third) {
    return hash2 + (third + 1) * UINT64_C(0xD6E8FEB86659FD93);
}

/* Told apart by so few bits, windows of different literals share slots all the time: tests then meet what is rare. */
#ifdef TOCSIN_SMALL_BUFFERS
#define TOCSIN__GATE_TAG_MASK 0x7u
#else
#define TOCSIN__GATE_TAG_MASK UINT32_MAX
#endif

static inline uint32_t tocsin__gate_tag(uint64_t hash) { return (uint32_t)(hash ^ hash >> 32) & TOCSIN__GATE_TAG_MASK; }

static inline uint64_t tocsin__gate_load(const char *bytes) {
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

/* gate_build.c */
tocsin_status tocsin__gate_compile(const tocsin__pattern *patterns, size_t count, const tocsin__engine_options *options,
                                   void **engine, size_t *bad, tocsin_error *error);
void tocsin__gate_free(void *engine);
size_t tocsin__gate_memory(const void *engine);

#endif
