#ifndef TOCSIN_TOOLS_ID_HASH_H
#define TOCSIN_TOOLS_ID_HASH_H

/* Pseudo-random choice by the id of a document: the same on every machine and in every run. */

#include <stdint.h>

#include <tocsin/bytes.h>

enum {
    ID_HASH_HOLDOUT = 0, /* seeds: for held-back documents, folds of cross-validation, samples */
    ID_HASH_FOLD = 1,
    ID_HASH_SAMPLE = 2
};

/* XXH3, 64 bits, of the id's bytes. */
uint64_t id_hash(tocsin_bytes id, uint64_t seed);

/*
 * Whether this document is held back, as one document in `parts` is: id_hash(id, 0) % parts == 0; with parts 0, none
 * is.
 */
int id_is_held(tocsin_bytes id, uint64_t parts);

/* The number of parts of a fraction 1/N, as "0.2" or "1/5"; 0 if it is not one from 1/2 to 1/1000. */
uint64_t id_hash_parts(const char *fraction);

#endif
