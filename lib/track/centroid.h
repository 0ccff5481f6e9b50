#ifndef TOCSIN_TRACK_CENTROID_H
#define TOCSIN_TRACK_CENTROID_H

/*
 * The common content of an incident's posts: their heaviest pairs of characters. A pair is heavier the fewer wordings
 * of the whole stream have it, and the more wordings of the incident do.
 */

#include <stdint.h>

#define TOCSIN__CENTROID 256u /* pairs kept for an incident */
#define TOCSIN__PROFILE 192u  /* pairs of a post that are compared; of a longer post those with the least hashes */
#define TOCSIN__STREAM_PAIRS 65536u /* counters, by hash */

/* The number of wordings that have a pair; now and then all numbers are halved, so that old posts fade. */
typedef struct tocsin__stream_pairs {
    uint32_t wordings;
    uint16_t counts[TOCSIN__STREAM_PAIRS];
} tocsin__stream_pairs;

/* The distinct hashes of a post's pairs, ascending. */
typedef struct tocsin__profile {
    uint32_t count;
    uint32_t hashes[TOCSIN__PROFILE];
} tocsin__profile;

typedef struct tocsin__centroid {
    uint32_t count, wordings;
    uint32_t hashes[TOCSIN__CENTROID]; /* ascending */
    uint16_t posts[TOCSIN__CENTROID];  /* the incident's wordings that have the pair */
} tocsin__centroid;

/* Counts a new wording. */
void tocsin__stream_pairs_add(tocsin__stream_pairs *stream, const tocsin__profile *profile);

float tocsin__stream_pairs_weight(const tocsin__stream_pairs *stream, uint32_t hash);

/* Adds a wording. If there is no room, the lightest pairs are left out. */
void tocsin__centroid_add(tocsin__centroid *centroid, const tocsin__stream_pairs *stream,
                          const tocsin__profile *profile);
void tocsin__centroid_merge(tocsin__centroid *into, const tocsin__stream_pairs *stream, const tocsin__centroid *from);

/* The heaviest pairs, at most `most`, the heaviest first; returns how many. */
uint32_t tocsin__centroid_heaviest(const tocsin__centroid *centroid, const tocsin__stream_pairs *stream,
                                   uint32_t *hashes, uint32_t most);
uint32_t tocsin__profile_heaviest(const tocsin__profile *profile, const tocsin__stream_pairs *stream, uint32_t *hashes,
                                  uint32_t most);

/*
 * How much more likely the post belongs to the incident than to the rest of the stream, as a natural logarithm, by the
 * pairs that both have. explained has a number for each pair of the post: pairs with a 1 do not count; those that
 * counted become 2.
 */
double tocsin__centroid_evidence(const tocsin__centroid *centroid, const tocsin__stream_pairs *stream,
                                 const tocsin__profile *profile, unsigned char *explained);

/*
 * The same for a post, given as count ascending hashes, that belongs to another incident: the pairs of that incident
 * are not counted as the rest of the stream.
 */
double tocsin__centroid_evidence_beside(const tocsin__centroid *centroid, const tocsin__stream_pairs *stream,
                                        const uint32_t *hashes, uint32_t count, const tocsin__centroid *beside);

/* The same for two incidents, by the pairs that are usual in both. */
double tocsin__centroid_agreement(const tocsin__centroid *one, const tocsin__centroid *other,
                                  const tocsin__stream_pairs *stream);

#endif
