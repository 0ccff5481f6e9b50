/*
 * Cuts an input into lines, or a feed into records, one batch at a time: one worker takes a batch, and its records are
 * in one block with padding after them, so that the JSON parser reads them in place. The input is read directly into
 * that block; bytes after the last complete record are carried over to the next batch. The longest allowed record and
 * the batch bound the memory: the rest of a longer record is counted and dropped. A batch ends early if the input is a
 * pipe without data at the moment, so that a verdict follows its post at once. Each batch carries the header row of
 * CSV, because any worker may take it.
 */
#include "feed/line_reader.h"

#include <stdatomic.h>
#include <string.h>

#include "feed/record_cutter.h"
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
#define BATCH_KEEP (8 * BATCH_BYTES) /* a larger block, made for one long line, is freed */

struct line_reader {
    input_file *input;
    uint64_t max_line;
    int is_feed;
    const char *path;
    const feed_names *names;
    feed_layout layout; /* of a feed, after it was detected */
    int found;
    size_t skips; /* bytes at the start of the input that belong to no record */
    record_cutter cutter;
    char *header;
    size_t header_length;
    uint64_t header_id; /* 0: the header was not read yet */
    char *rest;         /* bytes read after the last batch */
    size_t rest_length, rest_capacity;
    size_t looked;   /* bytes of the rest that contain no end of a record */
    uint64_t thrown; /* dropped bytes of the present record, if it is too long */
    uint64_t bytes;
    line_status done; /* LINE_READY as long as there may be more */
};

line_reader *line_reader_create(input_file *input, uint64_t max_line) {
    line_reader *reader = tool_allocate(1, sizeof *reader);
    reader->input = input;
    reader->max_line = max_line;
    reader->found = 1;
    record_cutter_init(&reader->cutter, RECORD_LINES, 0, NULL, 0);
    return reader;
}

line_reader *line_reader_create_feed(input_file *input, const char *path, feed_format format, const feed_names *names) {
    line_reader *reader = line_reader_create(input, FEED_MAX_LINE);
    reader->is_feed = 1;
    reader->found = 0;
    reader->path = path;
    reader->names = names;
    reader->layout.format = format;
    input_file_guess(input, GUESS_OPEN);
    return reader;
}

static void begin_records(line_reader *reader, size_t lookahead) {
    const feed_layout *layout = &reader->layout;
    const record_kind kind = layout->format == FEED_CSV    ? RECORD_ROWS
                             : layout->format == FEED_JSON ? RECORD_VALUES
                                                           : RECORD_LINES;
    reader->found = 1;
    record_cutter_init(&reader->cutter, kind, layout->separator, layout->records, lookahead);
}

line_reader *line_reader_create_part(input_file *input, const feed_start *start, int at_start) {
    line_reader *reader = line_reader_create(input, FEED_MAX_LINE);
    reader->is_feed = 1;
    reader->layout = start->layout;
    reader->skips = at_start ? start->layout.skipped : 0;
    begin_records(reader, FEED_PART_QUOTE);
    if (at_start || start->layout.format != FEED_CSV) return reader;
    reader->header = tool_allocate(start->header_length, 1);
    if (start->header_length) memcpy(reader->header, start->header, start->header_length);
    reader->header_length = start->header_length;
    reader->header_id = start->header_id;
    return reader;
}

int line_reader_get_start(const line_reader *reader, feed_start *start) {
    *start = (feed_start){0};
    if (!reader->is_feed || !reader->found || reader->layout.stranger) return 0;
    start->layout = reader->layout;
    start->header_id = reader->header_id;
    start->header_length = reader->header_length;
    start->header = tool_allocate(reader->header_length, 1);
    if (reader->header_length) memcpy(start->header, reader->header, reader->header_length);
    return 1;
}

void feed_start_release(feed_start *start) {
    tool_free(start->header);
    *start = (feed_start){0};
}

uint64_t line_reader_lines(const line_reader *reader) { return reader->cutter.line - 1; }

void line_reader_free(line_reader *reader) {
    if (!reader) return;
    tool_free(reader->header);
    tool_free(reader->rest);
    tool_free(reader);
}

uint64_t line_reader_bytes(const line_reader *reader) { return reader->bytes; }

void line_batch_release(line_batch *batch) {
    tool_free(batch->bytes);
    tool_free(batch->lines);
    tool_free(batch->header);
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

/* Makes room for more bytes and the padding. */
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

/* Keeps the header for this batch and the following ones. */
static void take_header(line_reader *reader, const char *row, size_t length) {
    static atomic_uint_fast64_t last_id;
    reader->header = tool_allocate(length, 1);
    if (length) memcpy(reader->header, row, length);
    reader->header_length = length;
    reader->header_id = atomic_fetch_add(&last_id, 1) + 1;
}

static void give_header(const line_reader *reader, line_batch *batch) {
    batch->format = reader->layout.format;
    batch->separator = reader->layout.separator;
    batch->strings = reader->layout.strings;
    if (!reader->header_id || batch->header_id == reader->header_id) return;
    batch->header = tool_reallocate(batch->header, reader->header_length, 1);
    if (reader->header_length) memcpy(batch->header, reader->header, reader->header_length);
    batch->header_length = reader->header_length;
    batch->header_id = reader->header_id;
}

/* Adds a record without its end; dropped bytes count for its size. */
static void add_record(line_reader *reader, line_batch *batch, const record *found) {
    batch_line line = {found->start, found->end - found->start, found->line, found->ordinal, 0, found->open_quote};
    const char *text = batch->bytes + line.offset;
    line.size = reader->thrown + line.length;
    reader->thrown = 0;
    if (line.size > reader->max_line) {
        line.length = 0;
    } else if ((reader->layout.format == FEED_CSV || (!reader->is_feed && line.number == 1)) && line.length >= 3 &&
               !memcmp(text, "\xEF\xBB\xBF", 3)) {
        line.offset += 3;
        line.length -= 3;
        line.size -= 3;
    }
    if (line.length && batch->bytes[found->end - 1] == '\r') {
        line.length--;
        line.size--;
    }
    if (reader->layout.format == FEED_CSV && !reader->header_id) {
        if (line.size && line.number >= reader->layout.header_line)
            take_header(reader, batch->bytes + line.offset, line.length);
    } else {
        *batch_add(batch) = line;
    }
}

/*
 * Adds the complete records from *start on; there is no end of a record before *at. *start is then after the last one.
 */
static void cut(line_reader *reader, line_batch *batch, size_t *start, size_t *at) {
    record found;
    while (batch->count < BATCH_LINES && record_cutter_next(&reader->cutter, batch->bytes, start, at, batch->length,
                                                            reader->done == LINE_END, &found)) {
        add_record(reader, batch, &found);
    }
    if (reader->done == LINE_END && reader->thrown && *start == batch->length && batch->count < BATCH_LINES) {
        found = (record){*start, *start, reader->cutter.record_line, ++reader->cutter.ordinal, 0};
        add_record(reader, batch, &found);
    }
}

/* Reads more bytes after those in the batch; those from start on are an incomplete record. 0: there are none. */
static int more(line_reader *reader, line_batch *batch, size_t start, size_t *at) {
    if (reader->thrown + (batch->length - start) > reader->max_line) {
        record_cutter_forget(&reader->cutter, batch->bytes, start, batch->length);
        reader->thrown += batch->length - start;
        batch->length = start;
        *at = start;
    }
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

/* Detects the format of the feed, with as many bytes as that needs; 0 if it holds no documents. */
static int find_layout(line_reader *reader, line_batch *batch, size_t *start, size_t *at) {
    feed_layout *layout = &reader->layout;
    while (!feed_layout_find(layout, batch->bytes, batch->length, reader->done != LINE_READY, reader->path,
                             reader->names)) {
        (void)more(reader, batch, 0, at);
    }
    *start = *at = layout->skipped;
    if (layout->stranger) {
        reader->found = 1;
        input_file_fail(reader->input, layout->stranger);
        reader->done = LINE_FAILED;
        return 0;
    }
    begin_records(reader, (size_t)reader->max_line);
    return 1;
}

/* Keeps the bytes from start on for the next batch. A block that a long record enlarged is cut to its content. */
static void carry(line_reader *reader, line_batch *batch, size_t start, size_t at) {
    size_t length = batch->length - start;
    if (length > reader->rest_capacity) {
        reader->rest = tool_reallocate(reader->rest, length, 1);
        reader->rest_capacity = length;
    }
    if (length) memcpy(reader->rest, batch->bytes + start, length);
    reader->rest_length = length;
    reader->looked = at - start;
    batch->length = start;
    if (batch->capacity > BATCH_KEEP && start < batch->capacity / 2) {
        batch->capacity = start + LINE_PADDING;
        batch->bytes = tool_reallocate(batch->bytes, batch->capacity, 1);
    }
}

int line_reader_ready(const line_reader *reader) {
    if (reader->rest_length > reader->looked) return 1;
    return reader->done != LINE_READY || input_file_ready(reader->input);
}

/* Reports problems that only the end of a feed shows. */
static void end_feed(line_reader *reader) {
    const char *cut_off = reader->done == LINE_END && reader->found ? record_cutter_end(&reader->cutter) : NULL;
    if (!cut_off) return;
    input_file_fail(reader->input, cut_off);
    reader->done = LINE_FAILED;
}

line_status line_reader_fill(line_reader *reader, line_batch *batch) {
    size_t start = 0, at = reader->looked;
    line_batch_clear(batch);
    batch_reserve(batch, reader->rest_length);
    if (reader->rest_length) memcpy(batch->bytes, reader->rest, reader->rest_length);
    batch->length = reader->rest_length;
    reader->rest_length = reader->looked = 0;
    if (!reader->found && !find_layout(reader, batch, &start, &at)) return LINE_FAILED;
    while (batch->length < reader->skips && more(reader, batch, 0, &at)) continue;
    if (reader->skips && batch->length >= reader->skips) start = at = reader->skips;
    reader->skips = 0;
    for (;;) {
        cut(reader, batch, &start, &at);
        if (reader->done != LINE_READY || batch->count == BATCH_LINES) break;
        if (batch->count && (batch->length >= BATCH_BYTES || !input_file_ready(reader->input))) break;
        (void)more(reader, batch, start, &at);
    }
    carry(reader, batch, start, at);
    give_header(reader, batch);
    if (!batch->count) end_feed(reader);
    return batch->count ? LINE_READY : reader->done;
}
