/*
 * Streaming zstd. A corpus often consists of several frames (pzstd writes such files, and so does cat), with skippable
 * frames between them: after a complete frame the next one starts by itself. The window keeps zstd's own limit of 128
 * MiB, so that a file cannot ask for any amount of memory. zstd gets one block at a time: a call that fails returns
 * nothing, so this way the data before a damaged block is still read, and the offset is that of the block.
 */
#include "feed/zstd_reader.h"

#include <zstd.h>

#include "feed/tool_memory.h"

struct zstd_reader {
    ZSTD_DStream *stream;
    int frame_end; /* the last step ended a frame, or nothing was read yet */
    size_t first;  /* bytes that start a frame */
    size_t wanted; /* bytes to the end of the block, according to zstd */
};

int zstd_reader_recognises(const char *start, size_t length) {
    const unsigned char *s = (const unsigned char *)start;
    if (length < 4) return 0;
    if (s[0] == 0x28 && s[1] == 0xB5 && s[2] == 0x2F && s[3] == 0xFD) return 1;
    return (s[0] & 0xF0) == 0x50 && s[1] == 0x2A && s[2] == 0x4D && s[3] == 0x18;
}

zstd_reader *zstd_reader_create(void) {
    zstd_reader *reader = tool_allocate(1, sizeof *reader);
    reader->stream = ZSTD_createDStream();
    if (!reader->stream) tool_out_of_memory();
    reader->frame_end = 1;
    reader->first = reader->wanted = ZSTD_initDStream(reader->stream);
    return reader;
}

void zstd_reader_free(zstd_reader *reader) {
    if (!reader) return;
    ZSTD_freeDStream(reader->stream);
    tool_free(reader);
}

const char *zstd_reader_step(zstd_reader *reader, const char *in, size_t in_length, size_t *consumed, char *out,
                             size_t out_size, size_t *produced) {
    ZSTD_inBuffer input = {in, in_length < reader->wanted ? in_length : reader->wanted, 0};
    ZSTD_outBuffer output = {out, out_size, 0};
    size_t left = ZSTD_decompressStream(reader->stream, &output, &input);
    *consumed = input.pos;
    *produced = output.pos;
    if (ZSTD_isError(left)) return ZSTD_getErrorName(left);
    if (input.pos || output.pos) reader->frame_end = left == 0;
    reader->wanted = left ? left : reader->first;
    return NULL;
}

int zstd_reader_at_frame_end(const zstd_reader *reader) { return reader->frame_end; }
