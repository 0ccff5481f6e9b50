/*
 * XXH3 for everything that is hashed, so that a hash means the same on every machine; linear probing at half load.
 * Slots are small and keys stand apart, because in a long list nearly every slot that is read is in another cache line.
 */
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
    tocsin__deallocate(&map->allocator, map->entries, map->capacity / 2 * sizeof *map->entries);
    map->slots = NULL;
    map->entries = NULL;
    map->capacity = map->count = 0;
}

/* The slot of a key, or the free slot that it would get. */
static tocsin__map_slot *probe(const tocsin__map *map, const char *key, size_t length, uint32_t hash) {
    for (size_t at = hash & (map->capacity - 1);; at = (at + 1) & (map->capacity - 1)) {
        tocsin__map_slot *slot = &map->slots[at];
        if (!slot->entry) return slot;
        if (slot->hash != hash) continue;
        const tocsin__map_entry *entry = &map->entries[slot->entry - 1];
        if (entry->length == length && !memcmp(entry->key, key, length)) return slot;
    }
}

static tocsin_status grow_to(tocsin__map *map, size_t capacity) {
    const size_t before = map->capacity;
    tocsin__map_slot *slots = tocsin__allocate_zeroed(&map->allocator, capacity * sizeof *slots);
    tocsin__map_entry *entries = slots ? tocsin__reallocate(&map->allocator, map->entries, before / 2 * sizeof *entries,
                                                            capacity / 2 * sizeof *entries)
                                       : NULL;
    if (!entries) {
        tocsin__deallocate(&map->allocator, slots, capacity * sizeof *slots);
        return TOCSIN_ERROR_MEMORY;
    }
    for (size_t i = 0; i < before; i++) {
        size_t at = map->slots[i].hash & (capacity - 1);
        if (!map->slots[i].entry) continue;
        while (slots[at].entry) at = (at + 1) & (capacity - 1);
        slots[at] = map->slots[i];
    }
    tocsin__deallocate(&map->allocator, map->slots, before * sizeof *map->slots);
    map->slots = slots;
    map->entries = entries;
    map->capacity = capacity;
    return TOCSIN_OK;
}

tocsin_status tocsin__map_reserve(tocsin__map *map, size_t count) {
    size_t capacity = 16;
    while (capacity / 2 < count) capacity *= 2;
    return capacity > map->capacity ? grow_to(map, capacity) : TOCSIN_OK;
}

size_t tocsin__map_memory(const tocsin__map *map) {
    return map->capacity * sizeof *map->slots + map->capacity / 2 * sizeof *map->entries;
}

void tocsin__map_ask_ahead(const tocsin__map *map, const char *key, size_t length) {
    if (map->capacity) __builtin_prefetch(&map->slots[(uint32_t)tocsin__hash(key, length) & (map->capacity - 1)]);
}

uint32_t tocsin__map_find(const tocsin__map *map, const char *key, size_t length) {
    if (!map->capacity) return TOCSIN__MAP_NONE;
    const tocsin__map_slot *slot = probe(map, key, length, (uint32_t)tocsin__hash(key, length));
    return slot->entry ? map->entries[slot->entry - 1].value : TOCSIN__MAP_NONE;
}

tocsin_status tocsin__map_add(tocsin__map *map, const char *key, size_t length, uint32_t *value) {
    if (map->count * 2 >= map->capacity) {
        tocsin_status status = grow_to(map, map->capacity ? map->capacity * 2 : 16);
        if (status) return status;
    }
    tocsin__assert(map->count < map->capacity); /* a free slot ends every search */
    const uint32_t hash = (uint32_t)tocsin__hash(key, length);
    tocsin__map_slot *slot = probe(map, key, length, hash);
    if (!slot->entry) {
        map->entries[map->count++] = (tocsin__map_entry){key, length, *value};
        *slot = (tocsin__map_slot){hash, (uint32_t)map->count};
    }
    *value = map->entries[slot->entry - 1].value;
    return TOCSIN_OK;
}
