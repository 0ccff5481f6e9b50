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

/* The fields of a document, and the time when it was collected, which relative times are counted from. */
typedef enum feed_field {
    FIELD_ID,
    FIELD_TIME,
    FIELD_SOURCE,
    FIELD_VENUE,
    FIELD_REACH,
    FIELD_TITLE,
    FIELD_TEXT,
    FIELD_COLLECTED,
    FEED_FIELD_COUNT
} feed_field;

/*
 * Where the fields are in a record. names: a name, a path into objects (a.b), or several with commas between: those of
 * title and text are joined with a line end, of the others the first that is there counts. NULL: the field's own name;
 * the time of collection then is not known. constants: what the field is where the record says nothing; NULL: none.
 * Borrowed.
 */
typedef struct feed_names {
    const char *names[FEED_FIELD_COUNT];
    const char *constants[FEED_FIELD_COUNT];
    int strict; /* a time, a reach or a venue that cannot be read rejects the document */
} feed_names;

/* Takes FIELD=NAME, or FIELD=VALUE for a constant, borrowed; NULL, or what is wrong with it, in static storage. */
const char *feed_names_set(feed_names *names, const char *setting);
const char *feed_names_set_constant(feed_names *names, const char *setting);

/* Takes the names of a crawler's output; NULL, or what is wrong. feed_shape_name: the i-th shape, NULL behind the last.
 */
const char *feed_names_set_shape(feed_names *names, const char *shape);
const char *feed_shape_name(size_t i);

/* What a reader may find wrong with a document that it reads all the same. */
typedef enum feed_fault {
    FEED_FAULT_TIME,     /* it cannot be read: the document has no time */
    FEED_FAULT_REACH,    /* it cannot be read: the document has no reach */
    FEED_FAULT_VENUE,    /* it is none that is known: the source decides */
    FEED_FAULT_REPAIRED, /* the line was nearly JSON */
    FEED_FAULT_COUNT
} feed_fault;

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

/* What was wrong with the last document in that way, one line of UTF-8; NULL: nothing. Valid until the next line. */
const char *document_reader_fault(const document_reader *reader, feed_fault fault);

/* Whether the last document said no id and got the number of its line. */
int document_reader_is_numbered(const document_reader *reader);

/* Why the last line was rejected, one line of UTF-8. */
const char *document_reader_reason(const document_reader *reader);

#endif
