#ifndef TOCSIN_TRACK_WORDINGS_H
#define TOCSIN_TRACK_WORDINGS_H

/*
 * The words in which incidents were told: the first post of an incident, which stays as long as the incident, and later
 * posts in other words; the latest of these, of all incidents, are in a ring. Owners in the index of sketches are the
 * slot of an incident for its first post, and from the number of slots on the places in the ring.
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

/* Keeps a wording, in place of the oldest one. */
void tocsin__wordings_add(tocsin__wordings *wordings, tocsin__sketch_index *index, const tocsin__wording *wording);

/* Makes the wordings of one incident those of another one. */
void tocsin__wordings_move(tocsin__wordings *wordings, uint64_t from, uint64_t to, uint32_t slot);

#endif
