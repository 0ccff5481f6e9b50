/* Entries of an owner have fixed places, so that adding and removing need no memory. */
#include "track/inverted_index.h"

#include <string.h>

#define NONE TOCSIN__NO_ENTRY

tocsin_status tocsin__inverted_index_init(tocsin__inverted_index *x, const tocsin_allocator *allocator,
                                          uint32_t capacity, uint32_t width) {
    size_t chains = 64;
    while (chains < (size_t)capacity * width / 2) chains *= 2;
    *x = (tocsin__inverted_index){*allocator, capacity, width, (uint32_t)(chains - 1), NULL, NULL, NULL};
    x->chains = tocsin__allocate(allocator, chains * sizeof *x->chains);
    x->entries = tocsin__allocate(allocator, (size_t)capacity * width * sizeof *x->entries);
    x->counts = tocsin__allocate_zeroed(allocator, capacity * sizeof *x->counts);
    if (!x->chains || !x->entries || !x->counts) {
        tocsin__inverted_index_release(x);
        return TOCSIN_ERROR_MEMORY;
    }
    memset(x->chains, 0xFF, chains * sizeof *x->chains);
    return TOCSIN_OK;
}

void tocsin__inverted_index_release(tocsin__inverted_index *x) {
    if (!x->capacity) return;
    tocsin__deallocate(&x->allocator, x->chains, ((size_t)x->mask + 1) * sizeof *x->chains);
    tocsin__deallocate(&x->allocator, x->entries, (size_t)x->capacity * x->width * sizeof *x->entries);
    tocsin__deallocate(&x->allocator, x->counts, x->capacity * sizeof *x->counts);
    *x = (tocsin__inverted_index){0};
}

static uint32_t *chain_of(const tocsin__inverted_index *x, uint32_t key) { return &x->chains[key & x->mask]; }

static void drop(tocsin__inverted_index *x, uint32_t owner) {
    for (uint32_t i = 0; i < x->counts[owner]; i++) {
        const tocsin__key_entry e = x->entries[owner * x->width + i];
        if (e.next != NONE) x->entries[e.next].before = e.before;
        if (e.before != NONE) {
            x->entries[e.before].next = e.next;
        } else {
            *chain_of(x, e.key) = e.next;
        }
    }
    x->counts[owner] = 0;
}

void tocsin__inverted_index_add(tocsin__inverted_index *x, uint32_t owner, uint32_t key) {
    const uint32_t number = owner * x->width + x->counts[owner]++;
    uint32_t *chain = chain_of(x, key);
    x->entries[number] = (tocsin__key_entry){key, *chain, NONE};
    if (*chain != NONE) x->entries[*chain].before = number;
    *chain = number;
}

void tocsin__inverted_index_put(tocsin__inverted_index *x, uint32_t owner, const uint32_t *keys, uint32_t count) {
    drop(x, owner);
    for (uint32_t i = 0; i < count; i++) tocsin__inverted_index_add(x, owner, keys[i]);
}

static uint32_t with_key(const tocsin__inverted_index *x, uint32_t entry, uint32_t key, uint32_t *walk) {
    while (entry != NONE && *walk) {
        --*walk;
        if (x->entries[entry].key == key) return entry;
        entry = x->entries[entry].next;
    }
    return NONE;
}

uint32_t tocsin__inverted_index_first(const tocsin__inverted_index *x, uint32_t key, uint32_t *walk) {
    return with_key(x, *chain_of(x, key), key, walk);
}

uint32_t tocsin__inverted_index_next(const tocsin__inverted_index *x, uint32_t entry, uint32_t *walk) {
    return with_key(x, x->entries[entry].next, x->entries[entry].key, walk);
}
