#ifndef TOCSIN_TOOLS_NEAR_GROUPS_H
#define TOCSIN_TOOLS_NEAR_GROUPS_H

/* Finds documents that say nearly the same: training and measuring must not both use members of one group. */

#include <stddef.h>
#include <stdint.h>

/* The distinct features of a document that are compared, ascending. */
typedef struct near_document {
    const uint64_t *keys;
    size_t count;
} near_document;

/*
 * groups[i] becomes the least index of a document that i is joined with, perhaps through others. Two are joined if at
 * least half of their features together are in both (Jaccard); only documents that share one of the eight least hashes
 * of their keys are compared.
 */
void near_groups(const near_document *documents, size_t count, size_t *groups);

#endif
