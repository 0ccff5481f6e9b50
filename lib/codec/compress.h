#ifndef TOCSIN_CODEC_COMPRESS_H
#define TOCSIN_CODEC_COMPRESS_H

/* zstd, one whole frame at a time; compress.c alone includes it. */

#include <stdint.h>

#include <tocsin/bytes.h>

/* Appends the frame of data to out; the same bytes on every machine with this zstd. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__compress(tocsin_bytes data, tocsin_buffer *out);

/*
 * Appends the content of a frame; it must have `length` bytes, and the frame must use all of its bytes.
 * TOCSIN_ERROR_IMAGE for a frame that is damaged or holds something else, TOCSIN_ERROR_MEMORY; out is unchanged on
 * failure. Memory grows with the decompressed content, not with `length`.
 */
tocsin_status tocsin__decompress(tocsin_bytes frame, uint64_t length, tocsin_buffer *out);

#endif
