#ifndef TOCSIN_STREAM_H
#define TOCSIN_STREAM_H

#include <stddef.h>

#include <tocsin/document.h>
#include <tocsin/error.h>
#include <tocsin/export.h>
#include <tocsin/scanner.h>
#include <tocsin/status.h>
#include <tocsin/verdict.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A document that arrives in pieces. It is stored until it is complete and then graded like any other: the verdict is
 * that of tocsin_classify on the same bytes, even if they were divided inside a character or a term. A program may have
 * as many streams as it has connections; each belongs to the scanner that grades it. One thread at a time may use a
 * stream. Creating and ending it also use the scanner; beginning, writing and abandoning do not. While a call uses the
 * stream or the scanner, another call returns TOCSIN_ERROR_BUSY and changes nothing. If the scanner has a slot, the
 * document is graded by the plan that was current at its start.
 */
typedef struct tocsin_stream tocsin_stream;

/**
 * Makes a stream; the scanner grades its documents, one after the other. It takes the scanner's allocator and limits.
 * *stream belongs to the caller, must be freed before the scanner, and is left untouched on failure:
 * TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_BUSY, TOCSIN_ERROR_MEMORY. error may be NULL. One thread at a time may use the
 * scanner.
 */
TOCSIN_API tocsin_status tocsin_stream_create(tocsin_scanner *scanner, tocsin_stream **stream, tocsin_error *error);

/**
 * Frees it and its content; its last verdict becomes invalid. NULL does nothing. No other call may use it or its
 * scanner then.
 */
TOCSIN_API void tocsin_stream_free(tocsin_stream *stream);

/**
 * Begins a document. facts holds its known facts: id and source are copied, venue, attention, reach and time taken
 * over; title and text, if not empty, are its first pieces. facts may be NULL: nothing is known. An unfinished earlier
 * document is abandoned; the stream's last verdict becomes invalid. After TOCSIN_ERROR_MEMORY no document is begun;
 * after TOCSIN_ERROR_ARGUMENT and TOCSIN_ERROR_BUSY nothing is changed. error may be NULL. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_stream_begin(tocsin_stream *stream, const tocsin_document *facts, tocsin_error *error);

/**
 * Appends length bytes to a field; calls for different fields may alternate. The bytes are copied. Bytes of a field
 * beyond the scanner's max_document_bytes are dropped, and the verdict is incomplete, as with tocsin_classify; if
 * tocsin_classify would return TOCSIN_ERROR_TOO_LARGE, tocsin_stream_end does. Each field needs memory up to that
 * limit, and twice that while it grows.
 *
 * A failure is permanent: after TOCSIN_ERROR_MEMORY every further write, and the end, fail with it, because a verdict
 * on a text with a gap would be wrong. TOCSIN_ERROR_ARGUMENT (no document is begun, no such field, bytes NULL with a
 * length) and TOCSIN_ERROR_BUSY change nothing. error may be NULL. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_stream_write(tocsin_stream *stream, tocsin_field field, const char *bytes,
                                             size_t length, tocsin_error *error);

/**
 * Ends the document and grades it. *verdict is borrowed until the scanner's next document or the stream's next begin,
 * abandon or free, whichever comes first. Fails as tocsin_classify does, with the status of a write that failed, and
 * with TOCSIN_ERROR_ARGUMENT if no document is begun; *verdict is then left untouched. After TOCSIN_ERROR_BUSY the
 * document is still open and can be ended again; after any other result the document is over and the next one can
 * begin. error may be NULL. One thread at a time may use the stream and its scanner.
 */
TOCSIN_API tocsin_status tocsin_stream_end(tocsin_stream *stream, const tocsin_verdict **verdict, tocsin_error *error);

/**
 * Drops the document without a verdict and frees the memory of a large one. NULL does nothing. TOCSIN_ERROR_BUSY. One
 * thread at a time.
 */
TOCSIN_API tocsin_status tocsin_stream_abandon(tocsin_stream *stream);

#ifdef __cplusplus
}
#endif

#endif
