#ifndef TOCSIN_MATCH_REGEX_SORT_H
#define TOCSIN_MATCH_REGEX_SORT_H

/* Sorts in place, in O(n log n) for every input, without memory. */

#include <stddef.h>
#include <stdint.h>

typedef struct tocsin__sortable {
    uint64_t key;
    uint32_t value;
} tocsin__sortable;

static inline int tocsin__sorts_before(const tocsin__sortable *a, const tocsin__sortable *b) {
    return a->key != b->key ? a->key < b->key : a->value < b->value;
}

/* By key, then by value. */
void tocsin__sort(tocsin__sortable *list, size_t count);

#endif
