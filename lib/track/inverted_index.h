#ifndef TOCSIN_TRACK_INVERTED_INDEX_H
#define TOCSIN_TRACK_INVERTED_INDEX_H

/* Finds the owners of a key: the hashes of all owners in chains, the latest first. All memory is taken at the start. */

#include <stdint.h>

#include "base/memory.h"

#define TOCSIN__NO_ENTRY UINT32_MAX

typedef struct tocsin__key_entry {
    uint32_t key;
    uint32_t next, before; /* in its chain; before is TOCSIN__NO_ENTRY for the first */
} tocsin__key_entry;

typedef struct tocsin__inverted_index {
    tocsin_allocator allocator;
    uint32_t capacity;          /* owners */
    uint32_t width;             /* keys that each owner may have */
    uint32_t mask;              /* chains minus 1 */
    uint32_t *chains;           /* their first entries */
    tocsin__key_entry *entries; /* `width` entries for each owner */
    uint32_t *counts;           /* by owner */
} tocsin__inverted_index;

/* TOCSIN_ERROR_MEMORY: the index is then as if released. */
tocsin_status tocsin__inverted_index_init(tocsin__inverted_index *index, const tocsin_allocator *allocator,
                                          uint32_t capacity, uint32_t width);
void tocsin__inverted_index_release(tocsin__inverted_index *index);

/* Gives an owner these keys, at most as many as the width, in place of its earlier ones. */
void tocsin__inverted_index_put(tocsin__inverted_index *index, uint32_t owner, const uint32_t *keys, uint32_t count);

/* Adds one key; the owner must have fewer than the width. */
void tocsin__inverted_index_add(tocsin__inverted_index *index, uint32_t owner, uint32_t key);

/* The first entry with the key, or the next one after `entry`; looks at no more than *walk entries. */
uint32_t tocsin__inverted_index_first(const tocsin__inverted_index *index, uint32_t key, uint32_t *walk);
uint32_t tocsin__inverted_index_next(const tocsin__inverted_index *index, uint32_t entry, uint32_t *walk);

static inline uint32_t tocsin__inverted_index_owner(const tocsin__inverted_index *index, uint32_t entry) {
    return entry / index->width;
}

#endif
