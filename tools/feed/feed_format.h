#ifndef TOCSIN_TOOLS_FEED_FORMAT_H
#define TOCSIN_TOOLS_FEED_FORMAT_H

/* Detects the format of a feed by its first bytes. */

#include <stddef.h>
#include <stdint.h>

#include "feed/feed_names.h"

typedef enum feed_format {
    FEED_AUTO = 0, /* it is found */
    FEED_NDJSON,   /* an object a line */
    FEED_JSON,     /* arrays, or objects of many lines */
    FEED_CSV,      /* one row for each document, after a header */
    FEED_TSV,      /* the same, separated by tabs */
    FEED_TEXT      /* a document a line */
} feed_format;

/* The format by a file's ending, ignoring .zst and .gz; FEED_AUTO if the ending is unknown. */
feed_format feed_format_by_name(const char *path);

typedef struct feed_layout {
    feed_format format; /* never FEED_AUTO or FEED_TSV once it is detected */
    char separator;     /* of FEED_CSV */
    size_t skipped;     /* bytes at the start that are no data: a byte order mark, or a line that names the separator */
    uint64_t header_line; /* the line of the header of FEED_CSV, after `skipped`; 0: the first that is not empty */
    const char *records;  /* the path of the documents' array in FEED_JSON; NULL: there is no object around them */
    int strings;          /* the first element of an array is a string: strings are texts there */
    const char *stranger; /* what kind of file it is if it holds no documents, and what to do, in static storage;
                             otherwise NULL */
} feed_layout;

/*
 * Detects the layout of an input from its first bytes; path is its name, and layout->format the user's choice or
 * FEED_AUTO. names are the field names for recognising a header; NULL: the default names. 0: more bytes are needed,
 * which never happens if `last` says that there are none.
 */
int feed_layout_find(feed_layout *layout, const char *bytes, size_t length, int last, const char *path,
                     const feed_names *names);

#endif
