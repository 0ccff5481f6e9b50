#ifndef TOCSIN_TOOLS_GZIP_READER_H
#define TOCSIN_TOOLS_GZIP_READER_H

/* Decompresses gzip piece by piece; members may follow each other. gzip_reader.c alone includes zlib. */

#include <stddef.h>

typedef struct gzip_reader gzip_reader;

/* Whether a file that starts with these bytes is gzip. Three are enough. */
int gzip_reader_recognises(const char *start, size_t length);

gzip_reader *gzip_reader_create(void);
void gzip_reader_free(gzip_reader *reader);

/*
 * Reads from in and writes to out, as much as both allow; *consumed and *produced are the numbers of bytes. Returns
 * NULL, or what is wrong with the data in a few words (static storage).
 */
const char *gzip_reader_step(gzip_reader *reader, const char *in, size_t in_length, size_t *consumed, char *out,
                             size_t out_size, size_t *produced);

/* Whether the stream may end here: the last member is complete. */
int gzip_reader_at_frame_end(const gzip_reader *reader);

#endif
