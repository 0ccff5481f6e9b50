#ifndef TOCSIN_CODEC_WHOLE_FILE_H
#define TOCSIN_CODEC_WHOLE_FILE_H

/* A file read as a whole, and one written so that it is there as a whole or not at all. */

#include <stdint.h>

#include <tocsin/bytes.h>
#include <tocsin/error.h>

/*
 * Appends what is in the file. TOCSIN_ERROR_NOT_FOUND, TOCSIN_ERROR_IO, TOCSIN_ERROR_TOO_LARGE (over max_bytes),
 * TOCSIN_ERROR_MEMORY; out is as it was then.
 */
tocsin_status tocsin__file_read(const char *path, uint64_t max_bytes, tocsin_buffer *out, tocsin_error *error);

/* The first bytes of a regular file: how many were read into start, at most length; 0 for what cannot be read. */
size_t tocsin__file_start(const char *path, char *start, size_t length);

/*
 * Writes beside path, to the disk, and renames; the mode stays. A link is followed; a device or a pipe is written into.
 * TOCSIN_ERROR_IO, TOCSIN_ERROR_MEMORY; what stood at path stays then.
 */
tocsin_status tocsin__file_replace(const char *path, tocsin_bytes bytes, const tocsin_allocator *allocator,
                                   tocsin_error *error);

#endif
