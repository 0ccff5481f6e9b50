#ifndef TOCSIN_TOOLS_DOCUMENT_READER_H
#define TOCSIN_TOOLS_DOCUMENT_READER_H

/* One record of a feed to one document, or to the reason why it is none. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/document.h>
#include <tocsin/verdict.h>

#include "feed/feed_names.h"
#include "feed/line_reader.h"

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

/* names may be NULL. */
document_reader *document_reader_create(const feed_names *names);
void document_reader_free(document_reader *reader);

/* Gives back the memory of an uncommonly long line; what the last document borrowed from the reader is gone. */
void document_reader_trim(document_reader *reader);

/*
 * Fills in *document from a line of a batch. What it points to is borrowed from the batch and from the reader, until
 * the reader's next line. A document without an id gets the number of its line, or of its place in an array.
 */
document_status document_reader_line(document_reader *reader, const line_batch *batch, const batch_line *line,
                                     tocsin_document *document);

/*
 * The next further document of the last line, as feed_names.further asks for them; DOCUMENT_BLANK behind the last. It
 * has the source, the venue and the time of its record where it says none itself, and without an id of its own that of
 * the record, a # and its number. What the last document borrowed from the reader is gone.
 */
document_status document_reader_next(document_reader *reader, tocsin_document *document);

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

/* Where the last document can be read, as its field url says; NULL: not said, or with spaces or control characters in
 * it. Borrowed until the next line. */
const char *document_reader_url(document_reader *reader);

/* Appends the verdict on the last document as JSON. Of HTML it tells where in the HTML the words stand. */
void document_reader_put_verdict(const document_reader *reader, const tocsin_verdict *verdict, tocsin_buffer *out);

/* Why the last line was rejected, one line of UTF-8. */
const char *document_reader_reason(const document_reader *reader);

#endif
