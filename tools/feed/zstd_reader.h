#ifndef TOCSIN_TOOLS_ZSTD_READER_H
#define TOCSIN_TOOLS_ZSTD_READER_H

/* Decompresses a zstd stream piece by piece; frames may follow each other. zstd_reader.c alone includes zstd. */

#include <stddef.h>

typedef struct zstd_reader zstd_reader;

/* Whether a file that starts with these bytes is zstd: a frame, or a skippable frame before one. */
int zstd_reader_recognises(const char *start, size_t length);

zstd_reader *zstd_reader_create(void);
void zstd_reader_free(zstd_reader *reader);

/*
 * Reads from in and writes to out, as much as both allow; *consumed and *produced are the numbers of bytes. Returns
 * NULL, or what is wrong with the data in a few words (static storage).
 */
const char *zstd_reader_step(zstd_reader *reader, const char *in, size_t in_length, size_t *consumed, char *out,
                             size_t out_size, size_t *produced);

/* Whether the stream may end here: the last frame is complete. */
int zstd_reader_at_frame_end(const zstd_reader *reader);

#endif
