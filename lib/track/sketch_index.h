#ifndef TOCSIN_TRACK_SKETCH_INDEX_H
#define TOCSIN_TRACK_SKETCH_INDEX_H

/* Finds the kept sketches that overlap with another one, without looking at all of them. */

#include "track/sketch.h"

typedef struct tocsin__sketch_index tocsin__sketch_index;

typedef struct tocsin__sketch_match {
    uint32_t owner;
    double overlap;
} tocsin__sketch_match;

/* Room for `capacity` owners, numbered from 0. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__sketch_index_create(const tocsin_allocator *allocator, uint32_t capacity,
                                          tocsin__sketch_index **index);
void tocsin__sketch_index_free(tocsin__sketch_index *index);

/* Keeps a sketch for an owner below the capacity, in place of its earlier one. Takes no memory. */
void tocsin__sketch_index_put(tocsin__sketch_index *index, uint32_t owner, const tocsin__sketch *sketch);

/* Removes the sketch of an owner. */
void tocsin__sketch_index_drop(tocsin__sketch_index *index, uint32_t owner);

/*
 * The owners whose sketches overlap by at least `least`, largest overlap first, then lowest number, at most `most` of
 * them; returns how many. A pair that very many posts have is searched only in the latest ones, so an owner that has no
 * rarer pair in common may be missed.
 */
size_t tocsin__sketch_index_find(tocsin__sketch_index *index, const tocsin__sketch *sketch, double least,
                                 tocsin__sketch_match *matches, size_t most);

#endif
