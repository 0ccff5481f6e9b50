#ifndef TOCSIN_TRACK_WORDINGS_H
#define TOCSIN_TRACK_WORDINGS_H

/*
 * In which words an incident was told: its first post, which stays as long as it does, and later posts that said it in
 * other words, the latest of all incidents in a ring. Owners in the index of sketchs are the slot of an incident
 * for its first post, and from the number of slots on the places in the ring.
 */

#include "track/sketch_index.h"

typedef struct tocsin__wording {
    uint64_t incident; /* 0: none */
    uint64_t after;    /* the latest id of an incident when it was kept */
    uint32_t slot;
    uint32_t placed; /* it names a narrow place */
    tocsin__sketch sketch;
} tocsin__wording;

typedef struct tocsin__wordings {
    tocsin__wording *ring;
    uint32_t size, count, next;
} tocsin__wordings;

tocsin_status tocsin__wordings_init(tocsin__wordings *wordings, const tocsin_allocator *allocator, uint32_t size);
void tocsin__wordings_release(tocsin__wordings *wordings, const tocsin_allocator *allocator);

/* Keeps one, in the place of the oldest. */
void tocsin__wordings_add(tocsin__wordings *wordings, tocsin__sketch_index *index, const tocsin__wording *wording);

/* Those of one incident are those of another one from now on. */
void tocsin__wordings_move(tocsin__wordings *wordings, uint64_t from, uint64_t to, uint32_t slot);

#endif
