#ifndef TOCSIN_TRACK_SKETCH_H
#define TOCSIN_TRACK_SKETCH_H

/*
 * The data by which another post is recognised as saying the same: the pairs of neighbouring characters of its folded
 * text, hashed, and of these the least hashes. Most posts have fewer different pairs than are kept, and are compared
 * exactly. The hashes of a longer post are a sample; equal pairs give equal samples.
 */

#include <stdint.h>

#include <tocsin/bytes.h>

#include "base/memory.h"
#include "track/centroid.h"

#define TOCSIN__SKETCH 64u

typedef struct tocsin__sketch {
    uint32_t pairs;                  /* different ones in the post */
    uint32_t count;                  /* of hashes: pairs, or TOCSIN__SKETCH if there are more */
    uint32_t hashes[TOCSIN__SKETCH]; /* the least hashes, ascending, all different */
} tocsin__sketch;

/* The matter key of a post: the places that the post names, and the topics of its words, each a bit by hash. */
#define TOCSIN__MATTER_KEY_PLACES 12u

typedef struct tocsin__matter_key {
    uint64_t topics;
    uint32_t count;
    uint32_t places[TOCSIN__MATTER_KEY_PLACES]; /* all different, in the order in which they came; further ones are
                                                   dropped */
} tocsin__matter_key;

/* 1 if the place was new and there was room. */
int tocsin__matter_key_add_place(tocsin__matter_key *matter, uint32_t place);

typedef struct tocsin__signer tocsin__signer;

/* Scratch of one thread. TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD. */
tocsin_status tocsin__signer_create(const tocsin_allocator *allocator, tocsin__signer **signer);
void tocsin__signer_free(tocsin__signer *signer);

/*
 * Signs a post: from the words of both fields (post_text.h), the letters and digits, Han among them, joined whatever
 * stands between them; each field and each user's words are separate. Traditional and simplified spelling, width and
 * case make no difference. *sketch has all words. *own leaves out what users wrote before a post that they pass on: if
 * a field quotes others, it has only the longest part of that field. The places that the fields name with an ending are
 * added to *matter. TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD.
 */
tocsin_status tocsin__sign(tocsin__signer *signer, tocsin_bytes title, tocsin_bytes text, tocsin__sketch *sketch,
                           tocsin__sketch *own, tocsin__matter_key *matter);

/*
 * Adds a place of the plan's list that occurs in the last signed post; a place that occurs only in the names of users
 * does not count. TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD.
 */
tocsin_status tocsin__sign_place(tocsin__signer *signer, tocsin_bytes name, tocsin__matter_key *matter);

/*
 * Removes the places that consist only of this name: a place of the plan's owner, which occurs in posts about anything.
 * TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD.
 */
tocsin_status tocsin__sign_home(tocsin__signer *signer, tocsin_bytes name, tocsin__matter_key *matter);

/* The pairs of *own of the last signed post. */
void tocsin__signer_profile(const tocsin__signer *signer, tocsin__profile *profile);

/*
 * The text of the last signed post, for people: its title or, without one, its text, on one line. Valid until the next
 * one is signed.
 */
tocsin_bytes tocsin__signer_said(const tocsin__signer *signer);

/*
 * The share of the shorter post's pairs that the other post has, 0 to 1: exact if neither has more pairs than are kept,
 * otherwise an estimate. 1 for a post that was cut short, or quoted with additions. 0 if either has no pairs.
 */
double tocsin__sketch_overlap(const tocsin__sketch *a, const tocsin__sketch *b);

#endif
