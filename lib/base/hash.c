/* XXH3 for everything that is hashed, so that a hash means the same on every machine; linear probing at half load. */
#include "base/hash.h"

#include <assert.h>
#include <stdalign.h>
#include <string.h>

#define XXH_STATIC_LINKING_ONLY /* the size of a state */
#include <xxhash.h>

#include "base/assert.h"

uint64_t tocsin__hash(const void *data, size_t length) { return XXH3_64bits(data, length); }

static_assert(sizeof(XXH3_state_t) <= sizeof(tocsin__hash_state) && alignof(XXH3_state_t) <= 64,
              "a state of XXH3 has room");

void tocsin__hash_begin(tocsin__hash_state *state) {
    memset(state, 0, sizeof *state);
    (void)XXH3_64bits_reset((XXH3_state_t *)(void *)state);
}

void tocsin__hash_add(tocsin__hash_state *state, const void *data, size_t length) {
    (void)XXH3_64bits_update((XXH3_state_t *)(void *)state, data, length);
}

uint64_t tocsin__hash_end(const tocsin__hash_state *state) {
    return XXH3_64bits_digest((const XXH3_state_t *)(const void *)state);
}

void tocsin__map_init(tocsin__map *map, const tocsin_allocator *allocator) {
    memset(map, 0, sizeof *map);
    map->allocator = *allocator;
}

void tocsin__map_release(tocsin__map *map) {
    tocsin__deallocate(&map->allocator, map->slots, map->capacity * sizeof *map->slots);
    map->slots = NULL;
    map->capacity = map->count = 0;
}

static tocsin__map_slot *probe(tocsin__map_slot *slots, size_t capacity, const char *key, size_t length,
                               uint32_t hash) {
    for (size_t at = hash & (capacity - 1);; at = (at + 1) & (capacity - 1)) {
        tocsin__map_slot *slot = &slots[at];
        if (!slot->key) return slot;
        if (slot->hash == hash && slot->length == length && !memcmp(slot->key, key, length)) return slot;
    }
}

static tocsin_status grow_to(tocsin__map *map, size_t capacity) {
    tocsin__map_slot *slots = tocsin__allocate_zeroed(&map->allocator, capacity * sizeof *slots);
    if (!slots) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < map->capacity; i++) {
        const tocsin__map_slot *old = &map->slots[i];
        if (old->key) *probe(slots, capacity, old->key, old->length, old->hash) = *old;
    }
    tocsin__deallocate(&map->allocator, map->slots, map->capacity * sizeof *map->slots);
    map->slots = slots;
    map->capacity = capacity;
    return TOCSIN_OK;
}

tocsin_status tocsin__map_reserve(tocsin__map *map, size_t count) {
    size_t capacity = 16;
    while (capacity / 2 < count) capacity *= 2;
    return capacity > map->capacity ? grow_to(map, capacity) : TOCSIN_OK;
}

uint32_t tocsin__map_find(const tocsin__map *map, const char *key, size_t length) {
    if (!map->capacity) return TOCSIN__MAP_NONE;
    const tocsin__map_slot *slot = probe(map->slots, map->capacity, key, length, (uint32_t)tocsin__hash(key, length));
    return slot->key ? slot->value : TOCSIN__MAP_NONE;
}

tocsin_status tocsin__map_add(tocsin__map *map, const char *key, size_t length, uint32_t *value) {
    if (map->count * 2 >= map->capacity) {
        tocsin_status status = grow_to(map, map->capacity ? map->capacity * 2 : 16);
        if (status) return status;
    }
    tocsin__assert(map->count < map->capacity); /* a free slot ends every search */
    uint32_t hash = (uint32_t)tocsin__hash(key, length);
    tocsin__map_slot *slot = probe(map->slots, map->capacity, key, length, hash);
    if (!slot->key) {
        *slot = (tocsin__map_slot){key, length, hash, *value};
        map->count++;
    }
    *value = slot->value;
    return TOCSIN_OK;
}
