/*
 * Each hash of each signature is an entry in a chain, the latest first. Entries of an owner stand at fixed places, so
 * putting and dropping take no memory and an index has its size from the start.
 */
#include "track/signature_index.h"

#include <string.h>

#define NONE UINT32_MAX
#define LONGEST_WALK 512u /* entries of a chain that are looked at */
#define WALKED_PAST 2u    /* times as many hashes as were met may be in common, for that */

typedef struct entry {
    uint32_t hash;
    uint32_t next, before; /* in its chain; before: NONE for the first */
} entry;

struct tocsin__signature_index {
    tocsin_allocator allocator;
    uint32_t capacity;
    uint32_t mask;    /* chains minus 1 */
    uint32_t *chains; /* their first entries */
    entry *entries;   /* TOCSIN__SKETCH of each owner */
    tocsin__signature *signatures;
    uint16_t *common; /* by owner; 0 but while one is looked for */
    uint32_t *touched;
};

tocsin_status tocsin__signature_index_create(const tocsin_allocator *allocator, uint32_t capacity,
                                             tocsin__signature_index **index) {
    tocsin__signature_index *made = tocsin__allocate_zeroed(allocator, sizeof *made);
    if (!made) return TOCSIN_ERROR_MEMORY;
    size_t chains = 64;
    while (chains < (size_t)capacity * TOCSIN__SKETCH / 2) chains *= 2;
    made->allocator = *allocator;
    made->capacity = capacity;
    made->mask = (uint32_t)(chains - 1);
    made->chains = tocsin__allocate(allocator, chains * sizeof *made->chains);
    made->entries = tocsin__allocate(allocator, (size_t)capacity * TOCSIN__SKETCH * sizeof *made->entries);
    made->signatures = tocsin__allocate_zeroed(allocator, capacity * sizeof *made->signatures);
    made->common = tocsin__allocate_zeroed(allocator, capacity * sizeof *made->common);
    made->touched = tocsin__allocate(allocator, capacity * sizeof *made->touched);
    if (!made->chains || !made->entries || !made->signatures || !made->common || !made->touched) {
        tocsin__signature_index_free(made);
        return TOCSIN_ERROR_MEMORY;
    }
    memset(made->chains, 0xFF, chains * sizeof *made->chains);
    *index = made;
    return TOCSIN_OK;
}

void tocsin__signature_index_free(tocsin__signature_index *x) {
    if (!x) return;
    tocsin_allocator allocator = x->allocator;
    const size_t capacity = x->capacity;
    tocsin__deallocate(&allocator, x->chains, ((size_t)x->mask + 1) * sizeof *x->chains);
    tocsin__deallocate(&allocator, x->entries, capacity * TOCSIN__SKETCH * sizeof *x->entries);
    tocsin__deallocate(&allocator, x->signatures, capacity * sizeof *x->signatures);
    tocsin__deallocate(&allocator, x->common, capacity * sizeof *x->common);
    tocsin__deallocate(&allocator, x->touched, capacity * sizeof *x->touched);
    tocsin__deallocate(&allocator, x, sizeof *x);
}

static uint32_t *chain_of(const tocsin__signature_index *x, uint32_t hash) { return &x->chains[hash & x->mask]; }

void tocsin__signature_index_put(tocsin__signature_index *x, uint32_t owner, const tocsin__signature *signature) {
    tocsin__signature_index_drop(x, owner);
    x->signatures[owner] = *signature;
    for (uint32_t i = 0; i < signature->count; i++) {
        const uint32_t number = owner * TOCSIN__SKETCH + i;
        uint32_t *chain = chain_of(x, signature->hashes[i]);
        x->entries[number] = (entry){signature->hashes[i], *chain, NONE};
        if (*chain != NONE) x->entries[*chain].before = number;
        *chain = number;
    }
}

void tocsin__signature_index_drop(tocsin__signature_index *x, uint32_t owner) {
    for (uint32_t i = 0; i < x->signatures[owner].count; i++) {
        const entry e = x->entries[owner * TOCSIN__SKETCH + i];
        if (e.next != NONE) x->entries[e.next].before = e.before;
        if (e.before != NONE) {
            x->entries[e.before].next = e.next;
        } else {
            *chain_of(x, e.hash) = e.next;
        }
    }
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

size_t tocsin__signature_index_find(tocsin__signature_index *x, const tocsin__signature *signature, double least,
                                    tocsin__signature_match *matches, size_t most) {
    size_t touched = 0, count = 0;
    for (uint32_t i = 0; i < signature->count; i++) {
        uint32_t walked = 0;
        for (uint32_t e = *chain_of(x, signature->hashes[i]); e != NONE && walked < LONGEST_WALK; walked++) {
            const uint32_t owner = e / TOCSIN__SKETCH;
            if (x->entries[e].hash == signature->hashes[i] && !x->common[owner]++) x->touched[touched++] = owner;
            e = x->entries[e].next;
        }
    }
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
