#ifndef TOCSIN_CODEC_COMPRESS_H
#define TOCSIN_CODEC_COMPRESS_H

/* zstd, one whole frame at a time; compress.c alone includes it. */

#include <stdint.h>

#include <tocsin/bytes.h>

/* Appends the frame of data to out; the same bytes on every machine with this zstd. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__compress(tocsin_bytes data, tocsin_buffer *out);

/*
 * Appends what a frame holds, which must be `length` bytes and all of the frame. TOCSIN_ERROR_IMAGE for a frame that is
 * damaged or holds something else, TOCSIN_ERROR_MEMORY; out is as it was then. Memory grows with what comes out of the
 * frame, not with what `length` says.
 */
tocsin_status tocsin__decompress(tocsin_bytes frame, uint64_t length, tocsin_buffer *out);

#endif
