#ifndef TOCSIN_TOOLS_NEAR_GROUPS_H
#define TOCSIN_TOOLS_NEAR_GROUPS_H

/* Documents that say nearly the same: they must not be trained on and measured with at once. */

#include <stddef.h>
#include <stdint.h>

/* The different features of a document that are compared, ascending. */
typedef struct near_document {
    const uint64_t *keys;
    size_t count;
} near_document;

/*
 * groups[i] becomes the least index of a document that i is joined with, perhaps through others. Two are joined when at
 * least half of what either has is in both (Jaccard); pairs are looked for among documents that share one of the eight
 * least hashes of their keys.
 */
void near_groups(const near_document *documents, size_t count, size_t *groups);

#endif
