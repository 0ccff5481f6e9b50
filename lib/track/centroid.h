#ifndef TOCSIN_TRACK_CENTROID_H
#define TOCSIN_TRACK_CENTROID_H

/*
 * What the posts of an incident have in common: the pairs of characters that weigh most in them. A pair weighs the more
 * the fewer wordings of the whole stream have it, and the more wordings of the incident do.
 */

#include <stdint.h>

#define TOCSIN__CENTROID 256u       /* pairs that are kept of an incident */
#define TOCSIN__PROFILE 192u        /* pairs of a post that are compared; of longer posts those with the least hashes */
#define TOCSIN__STREAM_PAIRS 65536u /* counters, by hash */

/* In how many wordings a pair stood; halved together now and then, so that what was long ago fades. */
typedef struct tocsin__stream_pairs {
    uint32_t wordings;
    uint16_t counts[TOCSIN__STREAM_PAIRS];
} tocsin__stream_pairs;

/* Different hashes of pairs of a post, ascending. */
typedef struct tocsin__profile {
    uint32_t count;
    uint32_t hashes[TOCSIN__PROFILE];
} tocsin__profile;

typedef struct tocsin__centroid {
    uint32_t count, wordings;
    uint32_t hashes[TOCSIN__CENTROID]; /* ascending */
    uint16_t posts[TOCSIN__CENTROID];  /* wordings of the incident that have the pair */
} tocsin__centroid;

/* Takes note of a wording that was not there before. */
void tocsin__stream_pairs_add(tocsin__stream_pairs *stream, const tocsin__profile *profile);

float tocsin__stream_pairs_weight(const tocsin__stream_pairs *stream, uint32_t hash);

/* Adds a wording. What weighs least is left out when there is no room. */
void tocsin__centroid_add(tocsin__centroid *centroid, const tocsin__stream_pairs *stream,
                          const tocsin__profile *profile);
void tocsin__centroid_merge(tocsin__centroid *into, const tocsin__stream_pairs *stream, const tocsin__centroid *from);

/* The pairs that weigh most, at most `most`, the heaviest first; returns how many. */
uint32_t tocsin__centroid_heaviest(const tocsin__centroid *centroid, const tocsin__stream_pairs *stream,
                                   uint32_t *hashes, uint32_t most);
uint32_t tocsin__profile_heaviest(const tocsin__profile *profile, const tocsin__stream_pairs *stream, uint32_t *hashes,
                                  uint32_t most);

/*
 * By how much, as a natural logarithm, the post is likelier to be of the incident than of the rest of the stream, by
 * what both have. explained, of the pairs of the post: those with a 1 do not count; those that did become 2.
 */
double tocsin__centroid_evidence(const tocsin__centroid *centroid, const tocsin__stream_pairs *stream,
                                 const tocsin__profile *profile, unsigned char *explained);

/* The same of two incidents, by the pairs that are usual in both. */
double tocsin__centroid_agreement(const tocsin__centroid *one, const tocsin__centroid *other,
                                  const tocsin__stream_pairs *stream);

#endif
