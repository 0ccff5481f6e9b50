#ifndef TOCSIN_CODEC_WHOLE_FILE_H
#define TOCSIN_CODEC_WHOLE_FILE_H

/* Reads whole files, and writes files so that they appear as a whole or not at all. */

#include <stdint.h>

#include <tocsin/bytes.h>
#include <tocsin/error.h>

/*
 * Appends the content of the file. TOCSIN_ERROR_NOT_FOUND, TOCSIN_ERROR_IO, TOCSIN_ERROR_TOO_LARGE (over max_bytes),
 * TOCSIN_ERROR_MEMORY; out is unchanged then.
 */
tocsin_status tocsin__file_read(const char *path, uint64_t max_bytes, tocsin_buffer *out, tocsin_error *error);

/* Reads the first bytes of a regular file and returns how many, at most length; 0 for a file that cannot be read. */
size_t tocsin__file_start(const char *path, char *start, size_t length);

/*
 * Writes a file beside path, makes it durable and renames it; the mode stays. A link is followed; a device or a pipe is
 * written into. TOCSIN_ERROR_IO, TOCSIN_ERROR_MEMORY; the file at path is unchanged then.
 */
tocsin_status tocsin__file_replace(const char *path, tocsin_bytes bytes, const tocsin_allocator *allocator,
                                   tocsin_error *error);

#endif
