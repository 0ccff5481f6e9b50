/*
 * Cuts an input into lines, a batch at a time: a batch is what one worker takes, and the lines of it stand in one block
 * with padding behind, so that the JSON parser reads them where they are. The input is read straight into that block;
 * what stands behind the last whole line is carried over to the next batch. Memory is bounded by the longest line that
 * is allowed and by the batch: the rest of a line that is longer is counted and thrown away. A batch ends early when
 * the input is a pipe that has nothing at the moment, so that a verdict follows its post at once.
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
#define BATCH_LINES 16384
#endif
#define BATCH_KEEP (8 * BATCH_BYTES) /* a block that one long line made larger is given back */

struct line_reader {
    input_file *input;
    uint64_t max_line;
    char *rest; /* what was read behind the last batch */
    size_t rest_length, rest_capacity;
    uint64_t thrown; /* bytes of the line that goes on, when it is too long */
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

void line_reader_free(line_reader *reader) {
    if (!reader) return;
    tool_free(reader->rest);
    tool_free(reader);
}

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

/* The line from start to end, without its end; what was thrown away of it counts. */
static void add_line(line_reader *reader, line_batch *batch, size_t start, size_t end) {
    batch_line line = {start, end - start, ++reader->number, reader->thrown + (end - start)};
    const char *text = batch->bytes + start;
    reader->thrown = 0;
    if (line.size > reader->max_line) {
        line.length = 0;
    } else if (line.number == 1 && line.length >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3)) {
        line.offset += 3;
        line.length -= 3;
        line.size -= 3;
    }
    if (line.length && batch->bytes[end - 1] == '\r') {
        line.length--;
        line.size--;
    }
    *batch_add(batch) = line;
}

/* Adds the whole lines from *start on, where the first `looked` bytes have no end; *start is then behind the last. */
static void cut(line_reader *reader, line_batch *batch, size_t *start, size_t looked) {
    size_t from = *start + looked;
    while (batch->count < BATCH_LINES) {
        const char *newline = memchr(batch->bytes + from, '\n', batch->length - from);
        if (!newline) return;
        size_t end = (size_t)(newline - batch->bytes);
        add_line(reader, batch, *start, end);
        *start = from = end + 1;
    }
}

/*
 * More bytes behind those in the batch, of which those from start on are a line that goes on, *looked bytes long; 0
 * when there are none.
 */
static int more(line_reader *reader, line_batch *batch, size_t start, size_t *looked) {
    if (reader->thrown + (batch->length - start) > reader->max_line) {
        reader->thrown += batch->length - start;
        batch->length = start;
    }
    *looked = batch->length - start;
    batch_reserve(batch, READER_CHUNK);
    long n = input_file_read(reader->input, batch->bytes + batch->length, READER_CHUNK);
    if (n > 0) {
        batch->length += (size_t)n;
        reader->bytes += (uint64_t)n;
    } else {
        reader->done = n < 0 ? LINE_FAILED : LINE_END;
    }
    return n > 0;
}

static void carry(line_reader *reader, const line_batch *batch, size_t start) {
    size_t length = batch->length - start;
    if (length > reader->rest_capacity) {
        reader->rest = tool_reallocate(reader->rest, length, 1);
        reader->rest_capacity = length;
    }
    if (length) memcpy(reader->rest, batch->bytes + start, length);
    reader->rest_length = length;
}

int line_reader_ready(const line_reader *reader) {
    if (reader->rest_length && memchr(reader->rest, '\n', reader->rest_length)) return 1;
    return reader->done != LINE_READY || input_file_ready(reader->input);
}

line_status line_reader_fill(line_reader *reader, line_batch *batch) {
    size_t start = 0, looked = 0;
    line_batch_clear(batch);
    batch_reserve(batch, reader->rest_length);
    if (reader->rest_length) memcpy(batch->bytes, reader->rest, reader->rest_length);
    batch->length = reader->rest_length;
    reader->rest_length = 0;
    for (;;) {
        cut(reader, batch, &start, looked);
        if (reader->done != LINE_READY || batch->count == BATCH_LINES) break;
        if (batch->count && (batch->length >= BATCH_BYTES || !input_file_ready(reader->input))) break;
        if (!more(reader, batch, start, &looked)) break;
    }
    if (reader->done == LINE_READY || batch->count == BATCH_LINES) {
        carry(reader, batch, start);
    } else if (reader->done == LINE_END && (start < batch->length || reader->thrown)) {
        add_line(reader, batch, start, batch->length);
    }
    return batch->count ? LINE_READY : reader->done;
}
