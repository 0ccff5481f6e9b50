#ifndef TOCSIN_LEXICON_CSV_READER_H
#define TOCSIN_LEXICON_CSV_READER_H

/* Rows of comma-separated values (RFC 4180, read leniently), each field with its place in the file. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

#include "base/diagnostics_add.h"

typedef enum tocsin__csv_fault {
    TOCSIN__CSV_SOUND = 0,
    TOCSIN__CSV_UNCLOSED = 1, /* the quote that opens the field is not closed: the field runs to the end of the file */
    TOCSIN__CSV_STRAY = 2     /* text stands between a closing quote and the next comma */
} tocsin__csv_fault;

typedef struct tocsin__csv_field {
    tocsin_bytes value; /* without quotes, and without spaces and tabs around it; may lie in the reader's row */
    tocsin_bytes raw;   /* as the text spells it, from the first character or quote to the comma or line end */
    uint32_t line;      /* of raw's first character; 1-based */
    uint32_t column;    /* 1-based, code points */
    tocsin__csv_fault fault;
    size_t fault_offset; /* bytes into value */
} tocsin__csv_field;

/* Called for each row that is not empty; the fields are borrowed until it returns. A failure ends the reading. */
typedef tocsin_status (*tocsin__csv_row_function)(void *context, const tocsin__csv_field *fields, size_t count);

/*
 * Reads text, well-formed UTF-8. Rows end at CR, LF or CR LF; empty lines are skipped. TOCSIN_ERROR_MEMORY, or what
 * the function returned.
 */
tocsin_status tocsin__csv_read(tocsin_bytes text, const tocsin_allocator *allocator, tocsin__csv_row_function row,
                               void *context);

/* The same for a text that begins in that line of its file. */
tocsin_status tocsin__csv_read_from(uint32_t line, tocsin_bytes text, const tocsin_allocator *allocator,
                                    tocsin__csv_row_function row, void *context);

/* Where a byte of a field's value stands in the file; offset 0 is where the field starts, with its quote. */
tocsin__place tocsin__csv_place(const tocsin__csv_field *field, const char *file, size_t offset);

/* Progress of tocsin__csv_next_place in one field; all zero at first. */
typedef struct tocsin__csv_cursor {
    size_t value, raw; /* bytes whose quotes are undone */
    size_t walked;     /* bytes of raw before the place */
    uint32_t line, column;
} tocsin__csv_cursor;

/* The same for offsets that never become smaller from call to call: each byte is read only once. */
tocsin__place tocsin__csv_next_place(const tocsin__csv_field *field, const char *file, size_t offset,
                                     tocsin__csv_cursor *cursor);

#endif
