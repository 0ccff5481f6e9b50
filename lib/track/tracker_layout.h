#ifndef TOCSIN_TRACK_TRACKER_LAYOUT_H
#define TOCSIN_TRACK_TRACKER_LAYOUT_H

/* The tracker's inside, for the files of this folder. */

#include <tocsin/track.h>

#include "track/attention.h"
#include "track/signature_index.h"

typedef struct tocsin__tracked_incident {
    tocsin_incident shown; /* id 0: the slot is free */
    tocsin__rate rate;
    tocsin__signature signature; /* of its first post */
} tocsin__tracked_incident;

#define TOCSIN__TOPIC_WORDS 64u

struct tocsin_tracker {
    tocsin_allocator allocator;
    tocsin_tracker_options options; /* defaults filled in */
    tocsin__signer *signer;
    tocsin__signature_index *index; /* by slot */
    tocsin__tracked_incident *slots;
    uint32_t *order; /* slots in use, by id */
    uint32_t count;
    uint32_t *unused; /* slots that are free, the next one last */
    uint32_t unused_count;
    uint64_t topics[TOCSIN__TOPIC_WORDS]; /* by hash of their ids: those that stood as evidence in a post with a tier */
    uint64_t alone[TOCSIN__TOPIC_WORDS];  /* as its only one */
    uint64_t next_id;
    int64_t now;          /* the latest time that was believed; TOCSIN_TIME_UNKNOWN before the first */
    uint32_t ahead_count; /* documents one after the other that are too far ahead, and the earliest of their times */
    int64_t ahead_time;
};

/* evict.c: gives slots free when none is, those first that are missed least. */
void tocsin__tracker_make_room(tocsin_tracker *tracker);

#endif
