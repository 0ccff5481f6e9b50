/* A look-up walks the chains of the post's pairs and compares those owners that enough chains lead to. */
#include "track/sketch_index.h"

#include "track/inverted_index.h"

#define LONGEST_WALK 128u /* entries of a chain that are looked at */
#define WALKED_PAST 2u /* times as many common hashes as were met are possible if a chain was not walked to its end */

struct tocsin__sketch_index {
    tocsin_allocator allocator;
    tocsin__inverted_index keys;
    tocsin__sketch *sketchs;
    uint16_t *common; /* by owner; all 0 except during a search */
    uint32_t *touched;
};

tocsin_status tocsin__sketch_index_create(const tocsin_allocator *allocator, uint32_t capacity,
                                          tocsin__sketch_index **index) {
    tocsin__sketch_index *made = tocsin__allocate_zeroed(allocator, sizeof *made);
    if (!made) return TOCSIN_ERROR_MEMORY;
    made->allocator = *allocator;
    tocsin_status status = tocsin__inverted_index_init(&made->keys, allocator, capacity, TOCSIN__SKETCH);
    made->sketchs = status ? NULL : tocsin__allocate_zeroed(allocator, capacity * sizeof *made->sketchs);
    made->common = status ? NULL : tocsin__allocate_zeroed(allocator, capacity * sizeof *made->common);
    made->touched = status ? NULL : tocsin__allocate(allocator, capacity * sizeof *made->touched);
    if (!made->sketchs || !made->common || !made->touched) {
        tocsin__sketch_index_free(made);
        return TOCSIN_ERROR_MEMORY;
    }
    *index = made;
    return TOCSIN_OK;
}

void tocsin__sketch_index_free(tocsin__sketch_index *x) {
    if (!x) return;
    tocsin_allocator allocator = x->allocator;
    const size_t capacity = x->keys.capacity;
    tocsin__deallocate(&allocator, x->sketchs, capacity * sizeof *x->sketchs);
    tocsin__deallocate(&allocator, x->common, capacity * sizeof *x->common);
    tocsin__deallocate(&allocator, x->touched, capacity * sizeof *x->touched);
    tocsin__inverted_index_release(&x->keys);
    tocsin__deallocate(&allocator, x, sizeof *x);
}

void tocsin__sketch_index_put(tocsin__sketch_index *x, uint32_t owner, const tocsin__sketch *sketch) {
    x->sketchs[owner] = *sketch;
    tocsin__inverted_index_put(&x->keys, owner, sketch->hashes, sketch->count);
}

void tocsin__sketch_index_drop(tocsin__sketch_index *x, uint32_t owner) {
    tocsin__inverted_index_put(&x->keys, owner, NULL, 0);
    x->sketchs[owner].count = x->sketchs[owner].pairs = 0;
}

/* Inserts a match in its place among the best ones. */
static size_t insert(tocsin__sketch_match *matches, size_t count, size_t most, tocsin__sketch_match made) {
    size_t at = count;
    while (at > 0 && (matches[at - 1].overlap < made.overlap ||
                      (matches[at - 1].overlap <= made.overlap && matches[at - 1].owner > made.owner))) {
        at--;
    }
    if (at >= most) return count;
    if (count < most) count++;
    for (size_t i = count - 1; i > at; i--) matches[i] = matches[i - 1];
    matches[at] = made;
    return count;
}

/* Whether so few common hashes exclude a match: only if both sketches are complete and few entries were skipped. */
static int is_too_few(const tocsin__sketch *a, const tocsin__sketch *b, uint32_t common, double least) {
    const uint32_t shorter = a->pairs < b->pairs ? a->pairs : b->pairs;
    return a->pairs == a->count && b->pairs == b->count && common * WALKED_PAST < least * shorter;
}

/*
 * Finds the owners that the chains of the hashes lead to. A step of a chain waits for memory, so all chains advance one
 * step at a time and the waits overlap. Returns how many are in x->touched.
 */
static size_t walk_chains(tocsin__sketch_index *x, const tocsin__sketch *sketch) {
    const tocsin__key_entry *entries = x->keys.entries;
    uint32_t at[TOCSIN__SKETCH], wanted[TOCSIN__SKETCH], going = 0;
    size_t touched = 0;
    for (uint32_t i = 0; i < sketch->count; i++) {
        at[i] = x->keys.chains[sketch->hashes[i] & x->keys.mask];
        wanted[i] = sketch->hashes[i];
    }
    for (uint32_t i = 0; i < sketch->count; i++) {
        if (at[i] == TOCSIN__NO_ENTRY) continue;
        at[going] = at[i];
        wanted[going++] = wanted[i];
    }
    for (uint32_t walked = 0; going && walked < LONGEST_WALK; walked++) {
        uint32_t left = 0;
        for (uint32_t i = 0; i < going; i++) {
            const tocsin__key_entry *e = &entries[at[i]];
            if (e->key == wanted[i]) {
                const uint32_t owner = at[i] / TOCSIN__SKETCH;
                if (!x->common[owner]++) x->touched[touched++] = owner;
            }
            if (e->next == TOCSIN__NO_ENTRY) continue;
            at[left] = e->next;
            wanted[left++] = wanted[i];
        }
        going = left;
    }
    return touched;
}

size_t tocsin__sketch_index_find(tocsin__sketch_index *x, const tocsin__sketch *sketch, double least,
                                 tocsin__sketch_match *matches, size_t most) {
    const size_t touched = walk_chains(x, sketch);
    size_t count = 0;
    for (size_t i = 0; i < touched; i++) {
        const uint32_t owner = x->touched[i];
        const int too_few = is_too_few(sketch, &x->sketchs[owner], x->common[owner], least);
        x->common[owner] = 0;
        if (too_few) continue;
        const double overlap = tocsin__sketch_overlap(sketch, &x->sketchs[owner]);
        if (overlap >= least) count = insert(matches, count, most, (tocsin__sketch_match){owner, overlap});
    }
    return count;
}
