#ifndef TOCSIN_TOOLS_ID_HASH_H
#define TOCSIN_TOOLS_ID_HASH_H

/* Chance by the id of a document: the same on every machine and in every run. */

#include <stdint.h>

#include <tocsin/bytes.h>

enum {
    ID_HASH_HOLDOUT = 0, /* seeds: what is held back, folds of cross-validation, samples */
    ID_HASH_FOLD = 1,
    ID_HASH_SAMPLE = 2
};

/* XXH3, 64 bits, of the id's bytes. */
uint64_t id_hash(tocsin_bytes id, uint64_t seed);

/* Whether one document in `parts` is held back, and this is one: id_hash(id, 0) % parts == 0; parts 0: none is. */
int id_is_held(tocsin_bytes id, uint64_t parts);

/* How many parts a fraction 1/N has, as "0.2" or "1/5"; 0 when it is none from 1/2 to 1/1000. */
uint64_t id_hash_parts(const char *fraction);

#endif
