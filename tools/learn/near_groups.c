/*
 * Near-duplicates by bottom-k sketches: documents that share one of the least hashes of their features are compared in
 * full. A union-find joins them; the least index of a group is its name.
 */
#include "learn/near_groups.h"

#include <stdlib.h>
#include <string.h>

#include "feed/tool_memory.h"

#define SKETCH 8          /* least hashes of a document */
#define MOST_COMPARED 200 /* earlier documents that share a hash */

typedef struct sketched {
    uint64_t hash;
    size_t document;
} sketched;

static uint64_t mix(uint64_t key) {
    key = (key ^ key >> 31) * UINT64_C(0x7FB5D329728EA185);
    key = (key ^ key >> 27) * UINT64_C(0x81DADEF4BC2DD44D);
    return key ^ key >> 33;
}

static int compare(const void *left, const void *right) {
    const sketched *a = left, *b = right;
    if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
    return (a->document > b->document) - (a->document < b->document);
}

static size_t sketch(const near_document *d, size_t index, sketched *out) {
    size_t count = 0;
    for (size_t i = 0; i < d->count; i++) {
        const uint64_t hash = mix(d->keys[i]);
        size_t at = count;
        while (at > 0 && out[at - 1].hash > hash) at--;
        if (at == SKETCH) continue;
        if (count < SKETCH) count++;
        for (size_t j = count - 1; j > at; j--) out[j] = out[j - 1];
        out[at] = (sketched){hash, index};
    }
    return count;
}

static int are_near(const near_document *a, const near_document *b) {
    size_t i = 0, j = 0, both = 0;
    while (i < a->count && j < b->count) {
        if (a->keys[i] == b->keys[j]) {
            both++;
            i++;
            j++;
        } else if (a->keys[i] < b->keys[j]) {
            i++;
        } else {
            j++;
        }
    }
    return both && 2 * both >= a->count + b->count - both;
}

static size_t root(size_t *groups, size_t i) {
    while (groups[i] != i) i = groups[i] = groups[groups[i]];
    return i;
}

void near_groups(const near_document *documents, size_t count, size_t *groups) {
    sketched *all = tool_allocate(count * SKETCH + 1, sizeof *all);
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        groups[i] = i;
        total += sketch(&documents[i], i, all + total);
    }
    qsort(all, total, sizeof *all, compare);
    for (size_t first = 0, i = 0; i < total; i++) {
        if (all[i].hash != all[first].hash) first = i;
        const size_t from = i - first > MOST_COMPARED ? i - MOST_COMPARED : first;
        for (size_t j = from; j < i; j++) {
            const size_t a = root(groups, all[j].document), b = root(groups, all[i].document);
            if (a == b || !are_near(&documents[all[j].document], &documents[all[i].document])) continue;
            groups[a > b ? a : b] = a < b ? a : b;
        }
    }
    for (size_t i = 0; i < count; i++) groups[i] = root(groups, i);
    tool_free(all);
}
