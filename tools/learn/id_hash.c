/*
 * Hashes of ids instead of random numbers: whether a document is held back, its fold, and whether it is sampled depend
 * only on its id, not on the order of the input or on other documents.
 */
#include "learn/id_hash.h"

#include <stdlib.h>
#include <string.h>

#include "feed/tool_hash.h"

#define MOST_PARTS 1000

uint64_t id_hash(tocsin_bytes id, uint64_t seed) { return tool_hash(id.data, id.length, seed); }

int id_is_held(tocsin_bytes id, uint64_t parts) { return parts && id_hash(id, ID_HASH_HOLDOUT) % parts == 0; }

uint64_t id_hash_parts(const char *fraction) {
    char *end = NULL;
    const int is_ratio = !strncmp(fraction, "1/", 2);
    const double number = strtod(is_ratio ? fraction + 2 : fraction, &end);
    const double parts = is_ratio ? number : number > 0 ? 1 / number : 0;
    if (*end || end == fraction || !(parts >= 2 && parts <= MOST_PARTS)) return 0;
    const uint64_t whole = (uint64_t)(parts + 0.5);
    const double off = parts - (double)whole;
    return off < 1e-6 && off > -1e-6 ? whole : 0;
}
