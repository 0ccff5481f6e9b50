#ifndef TOCSIN_DOCUMENT_H
#define TOCSIN_DOCUMENT_H

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>
#include <tocsin/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The kind of place a document was published in. Values are pinned. */
typedef enum tocsin_venue {
    TOCSIN_VENUE_UNKNOWN = 0, /**< in a document: look the source up in the plan's catalogue */
    TOCSIN_VENUE_MAINSTREAM_SITE = 1,
    TOCSIN_VENUE_SITE = 2,
    TOCSIN_VENUE_HOT_FORUM = 3,
    TOCSIN_VENUE_FORUM = 4,
    TOCSIN_VENUE_CELEBRITY_ACCOUNT = 5,
    TOCSIN_VENUE_ACCOUNT = 6,
    TOCSIN_VENUE_OWN = 7 /**< the service itself: its documents are answers */
} tocsin_venue;

#define TOCSIN_VENUE_COUNT 8

/** How much attention a document has. The highest value from reach, words and attention wins. Values are pinned and
 * ordered. */
typedef enum tocsin_attention {
    TOCSIN_ATTENTION_LOW = 0,
    TOCSIN_ATTENTION_ELEVATED = 1,
    TOCSIN_ATTENTION_HIGH = 2
} tocsin_attention;

#define TOCSIN_ATTENTION_COUNT 3

/** The fields that are read. Values are pinned. */
typedef enum tocsin_field {
    TOCSIN_FIELD_TITLE = 0,
    TOCSIN_FIELD_TEXT = 1
} tocsin_field;

#define TOCSIN_FIELD_COUNT 2

/** Stands for an unknown time. */
#define TOCSIN_TIME_UNKNOWN INT64_MIN

/**
 * Called while a document is read; a result other than 0 ends the reading with TOCSIN_ERROR_STOPPED. For a deadline it
 * can compare a clock, for cancelling it can test a flag; the library itself has no clock. It is called after each
 * field, after every 32 KiB of text or 256 occurrences, and after each clause, from the thread that grades. Folding a
 * field, and regular expressions for Hyperscan, are not interrupted. It may not use the scanner, which is busy.
 */
typedef int (*tocsin_stop)(void *context);

/**
 * One document, borrowed for the length of a call. Start from TOCSIN_DOCUMENT_INIT so that fields added later are zero.
 * A shorter struct of an older program is accepted, and so is a longer one of a newer program if its new members are
 * zero. Text is UTF-8; malformed parts are counted in the verdict and never match. There is no author field, on
 * purpose.
 */
typedef struct tocsin_document {
    size_t struct_size;         /**< sizeof(tocsin_document) */
    tocsin_bytes id;            /**< the feed's own identifier, any bytes of UTF-8; may be empty */
    tocsin_bytes title;         /**< may be empty */
    tocsin_bytes text;          /**< may be empty */
    tocsin_bytes source;        /**< host name, URL or channel; may be empty */
    tocsin_venue venue;         /**< overrides the catalogue unless it is TOCSIN_VENUE_UNKNOWN */
    tocsin_attention attention; /**< attention from another source (a tracker); the verdict has at least this */
    uint64_t reach;             /**< views or reposts so far */
    int64_t time;               /**< milliseconds since 1970-01-01T00:00:00Z, or TOCSIN_TIME_UNKNOWN */
    int64_t arrived; /**< when it was collected, or when its file was written, in the same unit; 0: unknown. A tracker
                        does not believe times that are much later */
    uint64_t max_evidence; /**< for each clause; 0: the scanner's option */
    tocsin_stop stop;   /**< NULL: the document is read to its end. In a stream it is used from tocsin_stream_end on */
    void *stop_context; /**< for stop */
} tocsin_document;

#define TOCSIN_DOCUMENT_INIT                                                                                           \
    {                                                                                                                  \
        sizeof(tocsin_document), {0, 0}, {0, 0}, {0, 0}, {0, 0}, TOCSIN_VENUE_UNKNOWN, TOCSIN_ATTENTION_LOW, 0,        \
            TOCSIN_TIME_UNKNOWN, 0, 0, 0, 0                                                                            \
    }

/**
 * What TOCSIN_DOCUMENT_INIT does, for programs in other languages: struct_size becomes size, the size of the caller's
 * struct, and every other member is set to "not known". At most size bytes are written. TOCSIN_ERROR_ARGUMENT if
 * document is NULL or no version of the struct has this size. Thread-safe always.
 */
TOCSIN_API tocsin_status tocsin_document_init(tocsin_document *document, size_t size);

/** "mainstream_site", …, "unknown"; "unknown" for an invalid value. Static storage. Thread-safe always. */
TOCSIN_API const char *tocsin_venue_name(tocsin_venue venue);

/**
 * If name is one of the eight names, sets *venue and returns 1. Otherwise, and for NULL, returns 0 and leaves *venue
 * untouched. Thread-safe always.
 */
TOCSIN_API int tocsin_venue_from_name(const char *name, size_t length, tocsin_venue *venue);

/** "low", "elevated", "high". Static storage. Thread-safe always. */
TOCSIN_API const char *tocsin_attention_name(tocsin_attention attention);

/** "title", "text". Static storage. Thread-safe always. */
TOCSIN_API const char *tocsin_field_name(tocsin_field field);

#ifdef __cplusplus
}
#endif

#endif
