#ifndef TOCSIN_TRACK_SIGNATURE_INDEX_H
#define TOCSIN_TRACK_SIGNATURE_INDEX_H

/* Which of the signatures that are kept overlap with another one, without looking at all of them. */

#include "track/signature.h"

typedef struct tocsin__signature_index tocsin__signature_index;

typedef struct tocsin__signature_match {
    uint32_t owner;
    double overlap;
} tocsin__signature_match;

/* Room for `capacity` owners, numbered from 0. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__signature_index_create(const tocsin_allocator *allocator, uint32_t capacity,
                                             tocsin__signature_index **index);
void tocsin__signature_index_free(tocsin__signature_index *index);

/* Keeps a signature for an owner below the capacity, in the place of the one it had. Takes no memory. */
void tocsin__signature_index_put(tocsin__signature_index *index, uint32_t owner, const tocsin__signature *signature);

/* The owner has none from now on. */
void tocsin__signature_index_drop(tocsin__signature_index *index, uint32_t owner);

/*
 * The owners whose signatures overlap by at least `least`, the most first and of equals the lowest number, at most
 * `most` of them; returns how many. A pair that very many posts have is looked for in the latest ones alone, so an
 * owner that has no rarer pair in common may be passed over.
 */
size_t tocsin__signature_index_find(tocsin__signature_index *index, const tocsin__signature *signature, double least,
                                    tocsin__signature_match *matches, size_t most);

#endif
