#ifndef TOCSIN_TOOLS_RECORD_CUTTER_H
#define TOCSIN_TOOLS_RECORD_CUTTER_H

/*
 * Finds the records of a feed: lines, rows of CSV, or the elements of JSON arrays. A cutter sees the bytes in pieces
 * and finds the same records however they are divided.
 */

#include <stddef.h>
#include <stdint.h>

typedef enum record_kind {
    RECORD_LINES,
    RECORD_ROWS,  /* of CSV: a quoted cell may hold line ends */
    RECORD_VALUES /* JSON: the elements of arrays; an object outside an array is a record of its own */
} record_kind;

#define CUTTER_KEY 64    /* bytes of an element's first key that are compared */
#define CUTTER_DEPTH 512 /* of JSON: brackets are recorded down to this depth */

typedef struct record {
    size_t start, end;   /* the bytes, without the line end */
    uint64_t line;       /* where it starts, from 1 */
    uint64_t ordinal;    /* from 1: of all records that are not blank */
    uint64_t open_quote; /* the line of a quote that is not closed: the record is no row; 0: no such quote */
} record;

typedef struct record_cutter {
    record_kind kind;
    char separator;   /* of rows */
    const char *path; /* of values: the path of the array in an object, with dots; NULL: arrays are at the top level */
    size_t lookahead; /* the longest distance over which a quote is followed */
    int state;
    uint64_t line, record_line, ordinal, quote_line;
    size_t quote_at; /* offset of the open quote from the record's start */
    int spaces;      /* after the quote that may have closed a cell */
    int crossed;     /* the quoted cell contains a line end */
    int after_cr;
    int in_array;
    unsigned matched, base; /* names of the path that were found; arrays around the object */
    size_t depth;
    int in_string, escaped, is_key;
    char previous; /* the last significant byte outside strings; V: a value */
    int in_literal;
    size_t key_at; /* bytes of the key that equal the path so far; SIZE_MAX: it differs */
    int pending;   /* the key was the wanted one */
    int found;     /* the path leads to an array */
    unsigned char is_object[CUTTER_DEPTH / 8];
    char key[CUTTER_KEY]; /* the first key of the element, with quotes, as soon as it is needed */
    size_t key_length;
} record_cutter;

void record_cutter_init(record_cutter *cutter, record_kind kind, char separator, const char *path, size_t lookahead);

/*
 * Examines bytes from *at up to length. 1: *out is a record, and *start and *at are after it. 0: there is no complete
 * one; the bytes before *start are finished, and the next call goes on at *at with more bytes. last: there are no more.
 */
int record_cutter_next(record_cutter *cutter, const char *bytes, size_t *start, size_t *at, size_t length, int last,
                       record *out);

/* Called before the caller drops the bytes from start to length: a part of a record that is too long. */
void record_cutter_forget(record_cutter *cutter, const char *bytes, size_t start, size_t length);

/* What the end of the input cut off, in static storage; NULL: nothing. */
const char *record_cutter_end(const record_cutter *cutter);

#endif
