/*
 * Cuts an input into lines, a batch at a time: a batch is what one worker takes, and the lines of it stand in one block
 * with padding behind, so that the JSON parser reads them where they are. Memory is bounded by the longest line that is
 * allowed and by the batch: the rest of a line that is longer is counted and thrown away. A batch ends early when the
 * input is a pipe that has nothing at the moment, so that a verdict follows its post at once.
 */
#include "feed/line_reader.h"

#include <string.h>

#include "feed/tool_memory.h"

#ifdef TOCSIN_SMALL_BUFFERS
#define READER_CHUNK 3
#define BATCH_BYTES 32
#define BATCH_LINES 3
#else
#define READER_CHUNK ((size_t)256 * 1024)
#define BATCH_BYTES ((size_t)1024 * 1024)
#define BATCH_LINES 4096
#endif
#define BATCH_KEEP (8 * BATCH_BYTES) /* a block that one long line made larger is given back */

struct line_reader {
    input_file *input;
    uint64_t max_line;
    char chunk[READER_CHUNK];
    size_t at, end;
    uint64_t number;
    uint64_t bytes;
    line_status done; /* LINE_READY while there may be more */
};

line_reader *line_reader_create(input_file *input, uint64_t max_line) {
    line_reader *reader = tool_allocate(1, sizeof *reader);
    reader->input = input;
    reader->max_line = max_line;
    return reader;
}

void line_reader_free(line_reader *reader) { tool_free(reader); }

uint64_t line_reader_bytes(const line_reader *reader) { return reader->bytes; }

void line_batch_release(line_batch *batch) {
    tool_free(batch->bytes);
    tool_free(batch->lines);
    *batch = (line_batch){0};
}

void line_batch_clear(line_batch *batch) {
    if (batch->capacity > BATCH_KEEP) {
        tool_free(batch->bytes);
        batch->bytes = NULL;
        batch->capacity = 0;
    }
    batch->length = batch->count = 0;
}

/* Room for more bytes and the padding. */
static void batch_reserve(line_batch *batch, size_t more) {
    size_t need = batch->length + more + LINE_PADDING;
    if (need <= batch->capacity) return;
    size_t capacity = batch->capacity + batch->capacity / 2;
    if (capacity < need) capacity = need;
    batch->bytes = tool_reallocate(batch->bytes, capacity, 1);
    memset(batch->bytes + batch->capacity, 0, capacity - batch->capacity);
    batch->capacity = capacity;
}

static batch_line *batch_add(line_batch *batch) {
    if (batch->count == batch->line_capacity) {
        batch->line_capacity = batch->line_capacity ? 2 * batch->line_capacity : 64;
        batch->lines = tool_reallocate(batch->lines, batch->line_capacity, sizeof *batch->lines);
    }
    return &batch->lines[batch->count++];
}

static int more(line_reader *reader) {
    long n = input_file_read(reader->input, reader->chunk, READER_CHUNK);
    reader->at = 0;
    reader->end = n > 0 ? (size_t)n : 0;
    reader->bytes += reader->end;
    if (n <= 0) reader->done = n < 0 ? LINE_FAILED : LINE_END;
    return n > 0;
}

/* Adds bytes to the line that starts at `start`; over the limit only their number is kept. */
static void extend(line_reader *reader, line_batch *batch, batch_line *line, const char *data, size_t length) {
    line->size += length;
    if (line->size > reader->max_line) {
        batch->length = line->offset;
        return;
    }
    batch_reserve(batch, length);
    memcpy(batch->bytes + batch->length, data, length);
    batch->length += length;
}

static void finish(line_reader *reader, line_batch *batch, batch_line *line) {
    char *start = batch->bytes + line->offset;
    line->length = batch->length - line->offset;
    line->number = ++reader->number;
    if (line->number == 1 && line->length >= 3 && !memcmp(start, "\xEF\xBB\xBF", 3)) {
        line->offset += 3;
        line->length -= 3;
        line->size -= 3;
    }
    if (line->length && batch->bytes[batch->length - 1] == '\r') {
        line->length--;
        line->size--;
    }
    *batch_add(batch) = *line;
}

/* One line into the batch; 0 when there is none. */
static int take_line(line_reader *reader, line_batch *batch) {
    batch_line line = {batch->length, 0, 0, 0};
    int any = 0;
    batch_reserve(batch, 0);
    while (reader->at < reader->end || more(reader)) {
        const char *data = reader->chunk + reader->at;
        const char *newline = memchr(data, '\n', reader->end - reader->at);
        size_t length = newline ? (size_t)(newline - data) : reader->end - reader->at;
        extend(reader, batch, &line, data, length);
        reader->at += length + (newline != NULL);
        any = 1;
        if (newline) {
            finish(reader, batch, &line);
            return 1;
        }
    }
    if (any && reader->done == LINE_END) {
        finish(reader, batch, &line);
        return 1;
    }
    batch->length = line.offset;
    return 0;
}

int line_reader_ready(const line_reader *reader) {
    const char *data = reader->chunk + reader->at;
    return memchr(data, '\n', reader->end - reader->at) || input_file_ready(reader->input);
}

line_status line_reader_fill(line_reader *reader, line_batch *batch) {
    line_batch_clear(batch);
    while (reader->done == LINE_READY && batch->length < BATCH_BYTES && batch->count < BATCH_LINES) {
        if (batch->count && !line_reader_ready(reader)) break;
        if (!take_line(reader, batch)) break;
    }
    return batch->count ? LINE_READY : reader->done;
}
