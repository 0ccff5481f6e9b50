#ifndef TOCSIN_CODEC_PACK_H
#define TOCSIN_CODEC_PACK_H

/*
 * Numbers and arrays one after another in a buffer, and back. Small numbers take one byte. Arrays stand as they
 * are in memory, aligned, so that they can be used where they lie; who reads them must know that the machine that wrote
 * them had the same byte order.
 */

#include <stdint.h>

#include <tocsin/bytes.h>

/* The first failure stays, and everything after it does nothing. */
typedef struct tocsin__packer {
    tocsin_buffer *out; /* the start of it is aligned for anything */
    tocsin_status status;
} tocsin__packer;

void tocsin__pack_number(tocsin__packer *packer, uint64_t value);

void tocsin__pack_array(tocsin__packer *packer, const void *data, size_t count, size_t size);

/* At its first fault sound becomes 0, and everything read from then on is 0 or empty. */
typedef struct tocsin__unpacker {
    tocsin_bytes data; /* aligned for anything */
    size_t at;
    int sound;
} tocsin__unpacker;

uint64_t tocsin__unpack_number(tocsin__unpacker *unpacker);

/* A fault when it is over `most`. */
uint32_t tocsin__unpack_number_up_to(tocsin__unpacker *unpacker, uint32_t most);

/* An array of *count elements where it lies, aligned to 8 bytes. Never NULL. */
const void *tocsin__unpack_array(tocsin__unpacker *unpacker, size_t size, size_t *count);

/* The same where there must be `count` of them. */
const void *tocsin__unpack_array_of(tocsin__unpacker *unpacker, size_t size, size_t count);

#endif
