/* The only source of the tools that includes xxHash: its header takes longer to compile than most sources here. */
#include "feed/tool_hash.h"

#include <xxhash.h>

uint64_t tool_hash(const void *data, size_t length, uint64_t seed) {
    return XXH3_64bits_withSeed(length ? data : "", length, seed);
}
