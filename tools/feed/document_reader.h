#ifndef TOCSIN_TOOLS_DOCUMENT_READER_H
#define TOCSIN_TOOLS_DOCUMENT_READER_H

/* Turns one record of a feed into a document, or into the reason for its rejection. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/document.h>
#include <tocsin/verdict.h>

#include "feed/feed_names.h"
#include "feed/line_reader.h"

/* Problems of a document that is still read. */
typedef enum feed_fault {
    FEED_FAULT_TIME,     /* not readable: the document has no time */
    FEED_FAULT_REACH,    /* not readable: the document has no reach */
    FEED_FAULT_VENUE,    /* unknown: the source decides */
    FEED_FAULT_REPAIRED, /* the line was nearly JSON */
    FEED_FAULT_COLUMN,   /* the header has no column of the name that the user gave a field */
    FEED_FAULT_COUNT
} feed_fault;

typedef struct document_reader document_reader;

typedef enum document_status {
    DOCUMENT_READY,
    DOCUMENT_BLANK,   /* an empty line: no document and no error */
    DOCUMENT_REJECTED /* document_reader_reason says why */
} document_status;

/* names may be NULL. */
document_reader *document_reader_create(const feed_names *names);
void document_reader_free(document_reader *reader);

/*
 * Frees the memory of an uncommonly long line; strings borrowed by the last document become invalid.
 */
void document_reader_trim(document_reader *reader);

/*
 * Fills in *document from a line of a batch. Its strings are borrowed from the batch and from the reader, until the
 * reader's next line. A document without an id gets the number of its line, or its number in an array.
 */
document_status document_reader_line(document_reader *reader, const line_batch *batch, const batch_line *line,
                                     tocsin_document *document);

/*
 * The next further document of the last line, as feed_names.further asks for them; DOCUMENT_BLANK after the last. If it
 * has no source, venue or time of its own, it has those of its record; if it has no id, its id is that of the record, a
 * # and its number. Strings borrowed by the previous document become invalid.
 */
document_status document_reader_next(document_reader *reader, tocsin_document *document);

/*
 * Reads a single JSON value, which is copied, so that the bytes after it need not be readable. Without an id the
 * document has none.
 */
document_status document_reader_value(document_reader *reader, const void *value, size_t length,
                                      tocsin_document *document);

/* Whether the last document had a problem. */
int document_reader_has_faults(const document_reader *reader);

/* The problem of this kind that the last document had, one line of UTF-8; NULL: none. Valid until the next line. */
const char *document_reader_fault(const document_reader *reader, feed_fault fault);

/* Whether the last document had no id and got the number of its line. */
int document_reader_is_numbered(const document_reader *reader);

/*
 * The address of the last document, from its field url; NULL: there is none, or it has spaces or control characters.
 * Borrowed until the next line.
 */
const char *document_reader_url(document_reader *reader);

/* Appends the verdict on the last document as JSON. If the document was HTML, places refer to the HTML. */
void document_reader_put_verdict(const document_reader *reader, const tocsin_verdict *verdict, tocsin_buffer *out);

/* Why the last line was rejected, one line of UTF-8. */
const char *document_reader_reason(const document_reader *reader);

#endif
