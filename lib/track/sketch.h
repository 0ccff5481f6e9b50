#ifndef TOCSIN_TRACK_SKETCH_H
#define TOCSIN_TRACK_SKETCH_H

/*
 * What is left of a post to tell whether another one says the same: the pairs of neighbouring characters of its folded
 * text, hashed, and of those the least ones. A post of fewer different pairs than are kept, as most are, is compared
 * exactly; of longer ones the kept hashes are a sample that is the same for the same pairs.
 */

#include <stdint.h>

#include <tocsin/bytes.h>

#include "base/memory.h"
#include "track/centroid.h"

#define TOCSIN__SKETCH 64u

typedef struct tocsin__sketch {
    uint32_t pairs;                  /* different ones in the post */
    uint32_t count;                  /* of hashes: pairs, or TOCSIN__SKETCH when there are more */
    uint32_t hashes[TOCSIN__SKETCH]; /* the least ones, ascending, no two alike */
} tocsin__sketch;

/* What a post is about: the places that it names, and the topics of its words, a bit each by hash. */
#define TOCSIN__MATTER_PLACES 12u

typedef struct tocsin__matter {
    uint64_t topics;
    uint32_t count;
    uint32_t
        places[TOCSIN__MATTER_PLACES]; /* no two alike, in the order in which they came; those after are not kept */
} tocsin__matter;

/* 1 when the place was not there and there was room. */
int tocsin__matter_add_place(tocsin__matter *matter, uint32_t place);

typedef struct tocsin__signer tocsin__signer;

/* Scratch of one thread. TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD. */
tocsin_status tocsin__signer_create(const tocsin_allocator *allocator, tocsin__signer **signer);
void tocsin__signer_free(tocsin__signer *signer);

/*
 * Letters and digits of what both fields say (post_text.h), Han among them, next to each other whatever stands between,
 * each field and the words of each user by themselves; traditional and simplified spelling, width and case make no
 * difference. The places that the fields name by an ending are added to *matter. TOCSIN_ERROR_MEMORY,
 * TOCSIN_ERROR_FOLD.
 */
tocsin_status tocsin__sign(tocsin__signer *signer, tocsin_bytes title, tocsin_bytes text, tocsin__sketch *sketch,
                           tocsin__matter *matter);

/*
 * Adds a place that a plan lists and that stands in the post that was signed last; one that stands in the names of
 * users alone is none. TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD.
 */
tocsin_status tocsin__sign_place(tocsin__signer *signer, tocsin_bytes name, tocsin__matter *matter);

/*
 * Takes away the places that are no more than this name: a place of the plan's owner, which stands in what is said of
 * anything. TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD.
 */
tocsin_status tocsin__sign_home(tocsin__signer *signer, tocsin_bytes name, tocsin__matter *matter);

/* The pairs of the post that was signed last. */
void tocsin__signer_profile(const tocsin__signer *signer, tocsin__profile *profile);

/* What the post that was signed last says, for people: its title, or else its text, on one line. Lives until the next
 * one. */
tocsin_bytes tocsin__signer_said(const tocsin__signer *signer);

/*
 * Which share of the pairs of the shorter post the other one has, 0 to 1: exact when neither has more pairs than are
 * kept, an estimate otherwise. 1 for what was cut short or written around, whatever was added. 0 when either has none.
 */
double tocsin__sketch_overlap(const tocsin__sketch *a, const tocsin__sketch *b);

#endif
