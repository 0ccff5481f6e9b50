#ifndef TOCSIN_BASE_HASH_H
#define TOCSIN_BASE_HASH_H

/* Hashing of bytes, and a map from byte strings to numbers. hash.c is the only file that includes xxHash. */

#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"

uint64_t tocsin__hash(const void *data, size_t length);

/* The same hash for bytes that come in pieces. */
typedef struct tocsin__hash_state {
    _Alignas(64) char state[576];
} tocsin__hash_state;

void tocsin__hash_begin(tocsin__hash_state *state);
void tocsin__hash_add(tocsin__hash_state *state, const void *data, size_t length);
uint64_t tocsin__hash_end(const tocsin__hash_state *state);

#define TOCSIN__MAP_NONE UINT32_MAX

typedef struct tocsin__map_slot {
    uint32_t hash;
    uint32_t entry; /* number of the entry, from 1; 0 if the slot is free */
} tocsin__map_slot;

typedef struct tocsin__map_entry {
    const char *key; /* borrowed */
    size_t length;
    uint32_t value;
} tocsin__map_entry;

/* Open addressing over borrowed keys; a map of zeroes with an allocator is empty. */
typedef struct tocsin__map {
    tocsin_allocator allocator;
    tocsin__map_slot *slots;
    tocsin__map_entry *entries; /* in the order in which they were added; room for half as many as slots */
    size_t capacity;            /* of slots: a power of two, or 0 */
    size_t count;
} tocsin__map;

void tocsin__map_init(tocsin__map *map, const tocsin_allocator *allocator);
void tocsin__map_release(tocsin__map *map);

/* Makes room for this many keys in total, before they are known. */
tocsin_status tocsin__map_reserve(tocsin__map *map, size_t count);

/* The bytes that it takes, apart from the struct. */
size_t tocsin__map_memory(const tocsin__map *map);

/* Lets the processor read the slot of a key that will be looked up soon. */
void tocsin__map_ask_ahead(const tocsin__map *map, const char *key, size_t length);

/* The value of a key, or TOCSIN__MAP_NONE. */
uint32_t tocsin__map_find(const tocsin__map *map, const char *key, size_t length);

/*
 * Adds a key; its bytes must stay in place as long as the map. A key that is there already keeps its value. *value
 * becomes the value that the map holds.
 */
tocsin_status tocsin__map_add(tocsin__map *map, const char *key, size_t length, uint32_t *value);

#endif
