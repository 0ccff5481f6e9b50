#ifndef TOCSIN_TOOLS_RECORD_CUTTER_H
#define TOCSIN_TOOLS_RECORD_CUTTER_H

/*
 * Where one record of a feed ends and the next one begins: lines, rows of CSV, or the elements of JSON arrays. A cutter
 * sees the bytes piece by piece and finds the same records however they are cut.
 */

#include <stddef.h>
#include <stdint.h>

typedef enum record_kind {
    RECORD_LINES,
    RECORD_ROWS,  /* of CSV: a quoted cell may hold line ends */
    RECORD_VALUES /* JSON: the elements of arrays; an object outside an array by itself */
} record_kind;

#define CUTTER_KEY 64    /* bytes of an element's first key that are compared */
#define CUTTER_DEPTH 512 /* of JSON: brackets are told apart up to here */

typedef struct record {
    size_t start, end;   /* the bytes, without the line end */
    uint64_t line;       /* where it starts, from 1 */
    uint64_t ordinal;    /* from 1: of all records that are not blank */
    uint64_t open_quote; /* the line of a quote that is not closed: the record is no row; 0: all is well */
} record;

typedef struct record_cutter {
    record_kind kind;
    char separator;   /* of rows */
    const char *path; /* of values: the array's names in an object, with dots; NULL: arrays stand by themselves */
    size_t lookahead; /* how far a quote may go on */
    int state;
    uint64_t line, record_line, ordinal, quote_line;
    size_t quote_at; /* offset of the open quote from the record's start */
    int spaces;      /* behind the quote that may have closed a cell */
    int crossed;     /* a line end stands in the quoted cell */
    int after_cr;
    int in_array;
    unsigned matched, base; /* of the path: names that were found; arrays around the object */
    size_t depth;
    int in_string, escaped, is_key;
    char previous; /* the last byte outside strings that says something; V: a value */
    int in_literal;
    size_t key_at; /* bytes of the key that agree with the path so far; SIZE_MAX: it differs */
    int pending;   /* the key was the one */
    int found;     /* an array at the path */
    unsigned char is_object[CUTTER_DEPTH / 8];
    char key[CUTTER_KEY]; /* that the element begins with, quotes included, once it is needed */
    size_t key_length;
} record_cutter;

void record_cutter_init(record_cutter *cutter, record_kind kind, char separator, const char *path, size_t lookahead);

/*
 * Looks at bytes from *at up to length. 1: *out is a record, *start and *at stand behind it. 0: there is no whole one;
 * what stands before *start is done with, and the next call goes on at *at with more bytes behind. last: there are
 * none.
 */
int record_cutter_next(record_cutter *cutter, const char *bytes, size_t *start, size_t *at, size_t length, int last,
                       record *out);

/* Before the caller throws away what stands from start up to length: a part of a record that is too long. */
void record_cutter_forget(record_cutter *cutter, const char *bytes, size_t start, size_t length);

/* What the end of the input cut off, in static storage; NULL: nothing. */
const char *record_cutter_end(const record_cutter *cutter);

#endif
