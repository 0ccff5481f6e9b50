/*
 * Streaming gzip. Members may follow each other, as cat and log rotation write them. Zeros after the last one, which
 * tapes and some writers leave, are skipped. zlib's window is 32 KiB, so no file can ask for more memory.
 */
#include "feed/gzip_reader.h"

#include <limits.h>
#include <zlib.h>

#include "feed/tool_memory.h"

#define GZIP_ONLY (15 + 16) /* the largest window, and no zlib header */

struct gzip_reader {
    z_stream stream;
    int between; /* no member is open */
    int any;     /* a member has been read */
};

int gzip_reader_recognises(const char *start, size_t length) {
    const unsigned char *s = (const unsigned char *)start;
    return length >= 3 && s[0] == 0x1F && s[1] == 0x8B && s[2] == 8;
}

gzip_reader *gzip_reader_create(void) {
    gzip_reader *reader = tool_allocate(1, sizeof *reader);
    if (inflateInit2(&reader->stream, GZIP_ONLY) != Z_OK) tool_out_of_memory();
    reader->between = 1;
    return reader;
}

void gzip_reader_free(gzip_reader *reader) {
    if (!reader) return;
    (void)inflateEnd(&reader->stream);
    tool_free(reader);
}

static unsigned at_most(size_t length) { return length < UINT_MAX ? (unsigned)length : UINT_MAX; }

const char *gzip_reader_step(gzip_reader *reader, const char *in, size_t in_length, size_t *consumed, char *out,
                             size_t out_size, size_t *produced) {
    z_stream *z = &reader->stream;
    *consumed = *produced = 0;
    if (reader->between && reader->any) {
        while (*consumed < in_length && !in[*consumed]) ++*consumed;
        if (*consumed == in_length) return NULL;
        if (in[*consumed] != 0x1F) return "something else follows it";
    }
    if (*consumed == in_length && reader->between) return NULL;
    z->next_in = (z_const Bytef *)(in + *consumed);
    z->avail_in = at_most(in_length - *consumed);
    z->next_out = (Bytef *)out;
    z->avail_out = at_most(out_size);
    reader->between = 0;
    const int code = inflate(z, Z_NO_FLUSH);
    *consumed = (size_t)((const char *)z->next_in - in);
    *produced = (size_t)((char *)z->next_out - out);
    if (code == Z_STREAM_END) {
        reader->between = reader->any = 1;
        return inflateReset(z) == Z_OK ? NULL : "it cannot be read";
    }
    if (code == Z_MEM_ERROR) tool_out_of_memory();
    if (code == Z_OK || code == Z_BUF_ERROR) return NULL;
    return z->msg ? z->msg : "it cannot be read";
}

int gzip_reader_at_frame_end(const gzip_reader *reader) { return reader->between; }
