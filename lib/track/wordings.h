#ifndef TOCSIN_TRACK_WORDINGS_H
#define TOCSIN_TRACK_WORDINGS_H

/*
 * The wordings of incidents: the first post of an incident, kept as long as the incident, and later posts in other
 * words; the latest of these, of all incidents, are in a ring. Owners in the index of sketches are the slot of an
 * incident for its first post, and from the number of slots on the places in the ring.
 */

#include "track/sketch_index.h"

typedef struct tocsin__wording {
    uint64_t incident; /* 0: none */
    uint64_t after;    /* the latest id of an incident when it was kept */
    uint32_t slot;
    uint32_t placed; /* it names a narrow place */
    tocsin__sketch sketch;
} tocsin__wording;

#define TOCSIN__NO_WORDING UINT32_MAX

/* The places of the wordings of the same incident before and after a wording. */
typedef struct tocsin__wording_links {
    uint32_t earlier, later; /* TOCSIN__NO_WORDING: none */
} tocsin__wording_links;

typedef struct tocsin__wordings {
    tocsin__wording *ring;
    tocsin__wording_links *links; /* by place in the ring */
    uint32_t *latest;             /* by slot, the place of the incident's latest one; TOCSIN__NO_WORDING: none */
    uint32_t size, count, next;
} tocsin__wordings;

tocsin_status tocsin__wordings_init(tocsin__wordings *wordings, const tocsin_allocator *allocator, uint32_t size);
void tocsin__wordings_release(tocsin__wordings *wordings, const tocsin_allocator *allocator);

/* Keeps a wording, in place of the oldest one. */
void tocsin__wordings_add(tocsin__wordings *wordings, tocsin__sketch_index *index, const tocsin__wording *wording);

/* Clears a slot for a new incident: its wordings belong to an earlier one. */
void tocsin__wordings_begin(tocsin__wordings *wordings, uint32_t slot);

/* Links a wording of the ring with the wordings of its slot, which are all older. */
void tocsin__wordings_link(tocsin__wordings *wordings, uint32_t place);

/* Moves the wordings of one slot to another slot, which has this incident. */
void tocsin__wordings_move(tocsin__wordings *wordings, uint32_t from, uint32_t to, uint64_t incident);

#endif
