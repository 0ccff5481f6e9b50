#ifndef TOCSIN_CODEC_PACK_H
#define TOCSIN_CODEC_PACK_H

/*
 * Numbers and arrays one after another in a buffer, and back. Small numbers take one byte. Arrays are stored as they
 * are in memory, aligned, so that they can be used in place. The reader must know that the writer's machine had the
 * same byte order.
 */

#include <stdint.h>

#include <tocsin/bytes.h>

/* Keeps the first failure; every later call does nothing. */
typedef struct tocsin__packer {
    tocsin_buffer *out; /* its start is aligned for any type */
    tocsin_status status;
} tocsin__packer;

void tocsin__pack_number(tocsin__packer *packer, uint64_t value);

void tocsin__pack_array(tocsin__packer *packer, const void *data, size_t count, size_t size);

/* The first fault sets sound to 0; everything that is read from then on is 0 or empty. */
typedef struct tocsin__unpacker {
    tocsin_bytes data; /* aligned for anything */
    size_t at;
    int sound;
} tocsin__unpacker;

uint64_t tocsin__unpack_number(tocsin__unpacker *unpacker);

/* A number over `most` is a fault. */
uint32_t tocsin__unpack_number_up_to(tocsin__unpacker *unpacker, uint32_t most);

/* An array of *count elements, used in place, aligned to 8 bytes. */
const void *tocsin__unpack_array(tocsin__unpacker *unpacker, size_t size, size_t *count);

/* The same for an array that must have `count` elements. */
const void *tocsin__unpack_array_of(tocsin__unpacker *unpacker, size_t size, size_t count);

#endif
