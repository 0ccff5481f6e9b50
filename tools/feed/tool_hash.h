#ifndef TOCSIN_TOOLS_TOOL_HASH_H
#define TOCSIN_TOOLS_TOOL_HASH_H

#include <stddef.h>
#include <stdint.h>

/*
 * XXH3, 64 bits, of length bytes: the same on every machine and in every run, so it may be stored. A different seed for
 * each use makes the hashes independent; the hash of one value as the seed of the next hashes both. Any thread may call
 * it.
 */
uint64_t tool_hash(const void *data, size_t length, uint64_t seed);

#endif
