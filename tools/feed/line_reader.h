#ifndef TOCSIN_TOOLS_LINE_READER_H
#define TOCSIN_TOOLS_LINE_READER_H

/* Reads lines of an input, or records of a feed, many at a time, in bounded memory. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/scanner.h>

#include "feed/feed_format.h"
#include "feed/input_file.h"

/* Readable bytes after a line's last byte: simdjson reads ahead. */
#define LINE_PADDING 64

/* A line, a row, or an element of an array. */
typedef struct batch_line {
    size_t offset;       /* into line_batch.bytes */
    size_t length;       /* bytes, without the line end; 0 if it was too long */
    uint64_t number;     /* of the line where it starts, 1-based; every line counts */
    uint64_t ordinal;    /* of records that are not blank, 1-based */
    uint64_t size;       /* its bytes in the input, without the line end */
    uint64_t open_quote; /* for a row whose quote is not closed, the line of the quote; otherwise 0 */
} batch_line;

typedef struct line_batch {
    char *bytes; /* the lines; LINE_PADDING more bytes are readable after the last one */
    size_t length, capacity;
    batch_line *lines;
    size_t count, line_capacity;
    feed_format format; /* of a feed */
    int strings;        /* FEED_JSON: strings of the array are texts */
    char separator;     /* of FEED_CSV, like the following members */
    char *header;       /* the row of names */
    size_t header_length;
    uint64_t header_id; /* differs for each header */
} line_batch;

/* Records up to this size are read: the largest document and the JSON around it. */
#define FEED_MAX_LINE (TOCSIN_MAX_DOCUMENT_BYTES + 65536)

typedef struct line_reader line_reader;

typedef enum line_status {
    LINE_READY,  /* the batch has at least one line */
    LINE_END,    /* no line: the input has ended */
    LINE_FAILED, /* no line: the input failed (input_file_problem) */
} line_status;

/* Lines of more than max_line bytes are skipped: their length is 0, and their size is what they had. */
line_reader *line_reader_create(input_file *input, uint64_t max_line);

/*
 * Reads a feed: detects its format unless the caller gives it, and cuts it into records. path, its name, and names,
 * which may be NULL, are borrowed until the reader is freed. If the input holds no documents, it fails.
 */
line_reader *line_reader_create_feed(input_file *input, const char *path, feed_format format, const feed_names *names);

/* What a reader of a part must know about the feed's start. */
typedef struct feed_start {
    feed_layout layout; /* its format is FEED_AUTO if nothing is known */
    char *header;       /* the row of names of FEED_CSV */
    size_t header_length;
    uint64_t header_id;
} feed_start;

/* Copies what the reader knows; 0 if it does not know the format yet. Release *start in any case. */
int line_reader_get_start(const line_reader *reader, feed_start *start);
void feed_start_release(feed_start *start);

/* Rows of a growing feed: a quote may be this long. */
#define FEED_PART_QUOTE ((size_t)512 * 1024)

/* Reads a part of a feed that begins with a record or, with at_start, with the start of the feed. start is borrowed. */
line_reader *line_reader_create_part(input_file *input, const feed_start *start, int at_start);

/* The number of lines that ended in the bytes read so far. */
uint64_t line_reader_lines(const line_reader *reader);

/* Does not close the input. NULL does nothing. */
void line_reader_free(line_reader *reader);

/*
 * Replaces the content of the batch by the next lines: a good number of them, fewer if the input would have to be
 * waited for. A byte order mark at the start and CR before LF are left out, empty lines are kept. A last line without
 * an end counts; a last line that a failure of the input cut off does not.
 */
line_status line_reader_fill(line_reader *reader, line_batch *batch);

/* Whether line_reader_fill would return without waiting for another program to write. */
int line_reader_ready(const line_reader *reader);

/* Bytes read so far, decompressed. */
uint64_t line_reader_bytes(const line_reader *reader);

/* Empties the batch, and frees the memory of uncommonly long lines. */
void line_batch_clear(line_batch *batch);

void line_batch_release(line_batch *batch);

#endif
