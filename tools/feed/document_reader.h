#ifndef TOCSIN_TOOLS_DOCUMENT_READER_H
#define TOCSIN_TOOLS_DOCUMENT_READER_H

/* One line of a feed to one document, or to the reason why it is none. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/document.h>

#include "feed/line_reader.h"

typedef enum feed_format {
    FEED_AUTO = 0, /* by the file's name, else by its first line */
    FEED_NDJSON,
    FEED_TEXT
} feed_format;

/* A line of this many bytes is read: the largest document and what stands around it. */
#define FEED_MAX_LINE (TOCSIN_MAX_DOCUMENT_BYTES + 65536)

/* What each field of a document is called in a JSON line, in the order id, time, source, venue, reach, title, text. */
#define FEED_FIELD_COUNT 7

typedef struct feed_names {
    const char *names[FEED_FIELD_COUNT]; /* a name, or a path into objects: a.b; NULL: the field's own name; borrowed */
} feed_names;

/* Takes FIELD=NAME, borrowed; NULL, or what is wrong with it, in static storage. */
const char *feed_names_set(feed_names *names, const char *setting);

typedef struct document_reader document_reader;

typedef enum document_status {
    DOCUMENT_READY,
    DOCUMENT_BLANK,   /* an empty line: no document and no mistake */
    DOCUMENT_REJECTED /* document_reader_reason says why */
} document_status;

/* "ndjson" or "text" by the end of a file's name, .zst left out; FEED_AUTO when it says nothing. */
feed_format feed_format_by_name(const char *path);

/* By the first line that is not blank; FEED_AUTO when there is none. */
feed_format feed_format_by_content(const line_batch *batch);

/* names may be NULL. */
document_reader *document_reader_create(const feed_names *names);
void document_reader_free(document_reader *reader);

/* Gives back the memory of an uncommonly long line; what the last document borrowed from the reader is gone. */
void document_reader_trim(document_reader *reader);

/*
 * Fills in *document from a line of a batch. What it points to is borrowed from the batch and from the reader, until
 * the reader's next line. A document without an id gets the number of its line. format is not
 * FEED_AUTO.
 */
document_status document_reader_line(document_reader *reader, feed_format format, const line_batch *batch,
                                     const batch_line *line, tocsin_document *document);

/*
 * The same from a JSON value that stands by itself and is copied, so that nothing is asked of what follows it. Without
 * an id the document has none.
 */
document_status document_reader_value(document_reader *reader, const void *value, size_t length,
                                      tocsin_document *document);

/* Why the last line was rejected, one line of UTF-8. */
const char *document_reader_reason(const document_reader *reader);

#endif
