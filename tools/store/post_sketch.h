#ifndef TOCSIN_TOOLS_POST_SKETCH_H
#define TOCSIN_TOOLS_POST_SKETCH_H

/* Recognises a post that is seen again: by its source and id, and by a sketch of its text. */

#include <tocsin/document.h>

#define POST_SKETCH_LOWS 24

typedef struct post_sketch {
    int64_t wording; /* hash of title and text */
    size_t count;
    unsigned char lows[POST_SKETCH_LOWS][4]; /* the least hashes of pairs of neighbouring characters, ascending */
} post_sketch;

/* A hash of source and id; 0 if it has no id. */
int64_t post_key(const tocsin_document *document);

void post_sketch_make(post_sketch *sketch, const tocsin_document *document);

/* How much a text has in common with the text of a stored sketch, 0 to 1. */
double post_sketch_likeness(const post_sketch *sketch, tocsin_bytes kept);

/* The stored form: four bytes each, the highest first. Borrowed from the sketch. */
tocsin_bytes post_sketch_bytes(const post_sketch *sketch);

/* Whether the texts have at least a sixth of their content in common; otherwise they say entirely different things. */
int post_sketch_is_like(const post_sketch *sketch, tocsin_bytes kept);

#endif
