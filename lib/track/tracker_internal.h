#ifndef TOCSIN_TRACK_TRACKER_LAYOUT_H
#define TOCSIN_TRACK_TRACKER_LAYOUT_H

/* The tracker's members, for the files of this folder. */

#include <tocsin/track.h>

#include "base/busy.h"
#include "track/attention.h"
#include "track/centroid.h"
#include "track/feed_clock.h"
#include "track/incident_span.h"
#include "track/inverted_index.h"
#include "track/wordings.h"

#define TOCSIN__HEAVY 48u /* heaviest pairs of a centroid that are in the index */

typedef struct tocsin__tracked_incident {
    tocsin_incident shown; /* id 0: the slot is free */
    tocsin__rate rate;
    tocsin__sketch sketch; /* of its first post */
    uint32_t placed;       /* it names a narrow place */
    uint32_t digest;       /* it is about several matters: only posts with the same words belong to it */
    uint32_t stragglers;   /* reposts after its end, since `straggling` */
    int64_t straggling;
    tocsin__matter_key matter; /* of all its posts */
    tocsin__centroid centroid; /* of all its posts */
    uint64_t indexed;          /* the number under which its heaviest pairs last entered the index */
    uint32_t heavy_count;
    uint32_t heavy[TOCSIN__HEAVY]; /* of its centroid, as they are in the index */
} tocsin__tracked_incident;

#define TOCSIN__TOPICS 1024u

/*
 * The number of posts with a topic, of those with it as evidence of a tier, and as the only evidence. All are halved
 * when the first is full.
 */
typedef struct tocsin__topic_use {
    uint32_t seen, evident, alone;
} tocsin__topic_use;

struct tocsin_tracker {
    tocsin__busy busy;
    tocsin_allocator allocator;
    tocsin_tracker_options options; /* defaults filled in */
    tocsin__signer *signer;
    tocsin__sketch_index *index; /* by slot, and by place in the ring of wordings */
    tocsin__wordings wordings;
    tocsin__stream_pairs *stream;
    tocsin__inverted_index heavy;  /* by slot, the heaviest pairs of its centroid */
    uint64_t indexings;            /* how often heaviest pairs have entered that index */
    uint32_t turn;                 /* index in the order of the incident that was last compared with others */
    tocsin__inverted_index places; /* by slot, the places of its matter */
    double *agreeing;              /* by slot; all 0 except during a search */
    uint32_t *agreed;              /* slots whose value is not 0 */
    tocsin__tracked_incident *slots;
    uint32_t *order; /* slots in use, by id */
    uint32_t count;
    uint32_t *unused; /* free slots; the last one is used next */
    uint32_t unused_count;
    tocsin__topic_use topics[TOCSIN__TOPICS]; /* by hash of their ids */
    uint64_t next_id;
    tocsin__feed_clock clock;
};

/* matter_key.c: whether both name narrow places, and none in common. */
int tocsin__matter_key_differs(const tocsin__matter_key *one, const tocsin__matter_key *other);

/* Whether it names a narrow place. */
int tocsin__matter_key_is_placed(const tocsin__matter_key *matter);

/* Whether both name a narrow place in common. */
int tocsin__matter_key_shares(const tocsin__matter_key *one, const tocsin__matter_key *other);

/* Whether both name in common a narrow place that is no town. */
int tocsin__matter_key_shares_within_town(const tocsin__matter_key *one, const tocsin__matter_key *other);

/*
 * The slot of the incident that agrees most with a post of that time, by matter_percent; UINT32_MAX: none agrees
 * enough.
 */
uint32_t tocsin__tracker_find_by_matter_key(tocsin_tracker *tracker, const tocsin__matter_key *matter, int64_t time,
                                            double *agreement);

/* Adds the places and topics of a post to the matter of a slot. */
void tocsin__tracker_add_matter_key(tocsin_tracker *tracker, uint32_t slot, const tocsin__matter_key *matter);

/* The incident of a document. */
typedef struct tocsin__found {
    uint32_t slot; /* UINT32_MAX: none */
    tocsin__when when;
    tocsin_joined_by why;
    double score;   /* of that, 0 to 1 */
    uint32_t pairs; /* of the post whose words are the same */
} tocsin__found;

/* likeness.c: the incident whose centroid is most like the post. *digest: the post is about others too. */
tocsin__found tocsin__tracker_find_like(tocsin_tracker *tracker, const tocsin__profile *profile,
                                        const tocsin__sketch *sketch, const tocsin__matter_key *matter,
                                        const tocsin__moment *now, int *digest);

/* likeness.c: whether the centroid of the incident speaks for the post. */
int tocsin__tracker_is_like(const tocsin_tracker *tracker, uint32_t slot, const tocsin__profile *profile,
                            const tocsin__matter_key *matter);

/* likeness.c: adds a wording to the centroid of a slot. Returns whether its heaviest pairs are those in the index. */
int tocsin__tracker_add_profile(tocsin_tracker *tracker, uint32_t slot, const tocsin__profile *profile);

/* likeness.c: puts the heaviest pairs of its centroid into the index. */
void tocsin__tracker_index_centroid(tocsin_tracker *tracker, uint32_t slot);

/* likeness.c: the slot of another incident that agrees with this one; UINT32_MAX: there is none. */
uint32_t tocsin__tracker_find_twin(tocsin_tracker *tracker, uint32_t slot);

/*
 * likeness.c: the slot of the incident that this one is the return of, or of one of its returns, if their posts are no
 * longer more than a time of quiet apart; UINT32_MAX: there is none.
 */
uint32_t tocsin__tracker_find_return(const tocsin_tracker *tracker, uint32_t slot);

/* merge.c: merges the incident of one slot into that of another slot, whose id is lower. */
void tocsin__tracker_merge(tocsin_tracker *tracker, uint32_t kept, uint32_t absorbed);

/* attached.c: the role of the verdict's i-th topic that has hits. */
tocsin_role tocsin__topic_role(const tocsin_verdict *verdict, size_t i);

/* attached.c: the relation of the document to its incident, and its effects. */
tocsin_attached_as tocsin__attached_as(const tocsin_verdict *verdict, tocsin_turn *turn);

/* attached.c: counts a document as *tracked says; the first document sets the turn. */
void tocsin__tracker_attach(const tocsin_tracker *tracker, tocsin_incident *incident, const tocsin__moment *now,
                            tocsin_tracked *tracked);

/* attached.c: undoes that, because the document has become a post. */
void tocsin__tracker_detach(tocsin_incident *incident, tocsin_tracked *tracked);

/* Whether both name towns and none in common. */
int tocsin__matter_key_is_elsewhere(const tocsin__matter_key *one, const tocsin__matter_key *other);

/* Whether their places show that they are two matters, and not one that was told in different words. */
int tocsin__matter_key_is_apart(const tocsin__matter_key *one, const tocsin__matter_key *other);

/* evict.c: frees slots if there is none, the least important first. */
void tocsin__tracker_make_room(tocsin_tracker *tracker);

/* The index in the order of the incident with this id; count if there is none. */
static inline uint32_t tocsin__tracker_place(const tocsin_tracker *t, uint64_t id) {
    uint32_t low = 0, high = t->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (t->slots[t->order[middle]].shown.id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < t->count && t->slots[t->order[low]].shown.id == id ? low : t->count;
}

#endif
