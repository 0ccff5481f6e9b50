#ifndef TOCSIN_TOOLS_POST_SKETCH_H
#define TOCSIN_TOOLS_POST_SKETCH_H

/* By what a post is known when it is seen again: its source and id, and a sketch of its text. */

#include <tocsin/document.h>

#define POST_SKETCH_LOWS 24

typedef struct post_sketch {
    int64_t wording; /* hash of title and text */
    size_t count;
    unsigned char lows[POST_SKETCH_LOWS][4]; /* the least hashes of two characters that follow each other, rising */
} post_sketch;

/* Hash of source and id; 0 when it has no id. */
int64_t post_key(const tocsin_document *document);

void post_sketch_make(post_sketch *sketch, const tocsin_document *document);

/* How much a text has in common with that of which a sketch was kept, 0 to 1. */
double post_sketch_likeness(const post_sketch *sketch, tocsin_bytes kept);

/* As they are kept: four bytes each, the highest first. Borrowed from the sketch. */
tocsin_bytes post_sketch_bytes(const post_sketch *sketch);

/* Whether a sixth of what stands in one of the texts stands in both; otherwise they say wholly other things. */
int post_sketch_is_like(const post_sketch *sketch, tocsin_bytes kept);

#endif
