/* A look-up walks the chains of the post's pairs and compares what enough of them lead to. */
#include "track/signature_index.h"

#include "track/key_index.h"

#define LONGEST_WALK 128u /* entries of a chain that are looked at */
#define WALKED_PAST 2u    /* times as many hashes as were met may be in common, for that */

struct tocsin__signature_index {
    tocsin_allocator allocator;
    tocsin__key_index keys;
    tocsin__signature *signatures;
    uint16_t *common; /* by owner; 0 but while one is looked for */
    uint32_t *touched;
};

tocsin_status tocsin__signature_index_create(const tocsin_allocator *allocator, uint32_t capacity,
                                             tocsin__signature_index **index) {
    tocsin__signature_index *made = tocsin__allocate_zeroed(allocator, sizeof *made);
    if (!made) return TOCSIN_ERROR_MEMORY;
    made->allocator = *allocator;
    tocsin_status status = tocsin__key_index_init(&made->keys, allocator, capacity, TOCSIN__SKETCH);
    made->signatures = status ? NULL : tocsin__allocate_zeroed(allocator, capacity * sizeof *made->signatures);
    made->common = status ? NULL : tocsin__allocate_zeroed(allocator, capacity * sizeof *made->common);
    made->touched = status ? NULL : tocsin__allocate(allocator, capacity * sizeof *made->touched);
    if (!made->signatures || !made->common || !made->touched) {
        tocsin__signature_index_free(made);
        return TOCSIN_ERROR_MEMORY;
    }
    *index = made;
    return TOCSIN_OK;
}

void tocsin__signature_index_free(tocsin__signature_index *x) {
    if (!x) return;
    tocsin_allocator allocator = x->allocator;
    const size_t capacity = x->keys.capacity;
    tocsin__deallocate(&allocator, x->signatures, capacity * sizeof *x->signatures);
    tocsin__deallocate(&allocator, x->common, capacity * sizeof *x->common);
    tocsin__deallocate(&allocator, x->touched, capacity * sizeof *x->touched);
    tocsin__key_index_release(&x->keys);
    tocsin__deallocate(&allocator, x, sizeof *x);
}

void tocsin__signature_index_put(tocsin__signature_index *x, uint32_t owner, const tocsin__signature *signature) {
    x->signatures[owner] = *signature;
    tocsin__key_index_put(&x->keys, owner, signature->hashes, signature->count);
}

void tocsin__signature_index_drop(tocsin__signature_index *x, uint32_t owner) {
    tocsin__key_index_put(&x->keys, owner, NULL, 0);
    x->signatures[owner].count = x->signatures[owner].pairs = 0;
}

/* Puts a match where it belongs among the best ones. */
static size_t insert(tocsin__signature_match *matches, size_t count, size_t most, tocsin__signature_match made) {
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

/* Whether so few common hashes rule a match out: where both are complete, and few were walked past. */
static int is_too_few(const tocsin__signature *a, const tocsin__signature *b, uint32_t common, double least) {
    const uint32_t shorter = a->pairs < b->pairs ? a->pairs : b->pairs;
    return a->pairs == a->count && b->pairs == b->count && common * WALKED_PAST < least * shorter;
}

/*
 * Owners that the chains of the hashes lead to. A step of a chain waits for memory, so all chains go a step at a time:
 * the waits are one. Returns how many are in x->touched.
 */
static size_t walk_chains(tocsin__signature_index *x, const tocsin__signature *signature) {
    const tocsin__key_entry *entries = x->keys.entries;
    uint32_t at[TOCSIN__SKETCH], wanted[TOCSIN__SKETCH], going = 0;
    size_t touched = 0;
    for (uint32_t i = 0; i < signature->count; i++) {
        at[i] = x->keys.chains[signature->hashes[i] & x->keys.mask];
        wanted[i] = signature->hashes[i];
    }
    for (uint32_t i = 0; i < signature->count; i++) {
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

size_t tocsin__signature_index_find(tocsin__signature_index *x, const tocsin__signature *signature, double least,
                                    tocsin__signature_match *matches, size_t most) {
    const size_t touched = walk_chains(x, signature);
    size_t count = 0;
    for (size_t i = 0; i < touched; i++) {
        const uint32_t owner = x->touched[i];
        const int too_few = is_too_few(signature, &x->signatures[owner], x->common[owner], least);
        x->common[owner] = 0;
        if (too_few) continue;
        const double overlap = tocsin__signature_overlap(signature, &x->signatures[owner]);
        if (overlap >= least) count = insert(matches, count, most, (tocsin__signature_match){owner, overlap});
    }
    return count;
}
