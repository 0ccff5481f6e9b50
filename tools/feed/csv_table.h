#ifndef TOCSIN_TOOLS_CSV_TABLE_H
#define TOCSIN_TOOLS_CSV_TABLE_H

/* CSV as spreadsheets write it, a row at a time; outside the library, only csv_table.c includes libcsv. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

/*
 * Receives a row that is not blank: its cells without quotes, and the number, from 1, of the line in which it ended.
 * cells NULL: a quote in that line is not closed; the rest of the line is dropped.
 */
typedef void (*csv_row)(void *context, const tocsin_bytes *cells, size_t count, uint64_t line);

/* Reads text to its end; 0 if libcsv failed because there was no memory. */
int csv_table_read(tocsin_bytes text, char separator, csv_row row, void *context);

/* The cells of one row. */
typedef struct csv_cells {
    tocsin_bytes *cells; /* without quotes */
    size_t count, capacity;
    tocsin_buffer values;      /* of a row with quotes */
    struct csv_parser *parser; /* NULL until the first such row */
} csv_cells;

void csv_cells_init(csv_cells *cells);

/*
 * Reads a row that may have line ends in quotes; the cells point into row or into *cells and are valid until the next
 * row. 0 if there was no memory.
 */
int csv_cells_read(csv_cells *cells, tocsin_bytes row, char separator);
void csv_cells_release(csv_cells *cells);

/* The name of a column without white space around it. */
tocsin_bytes csv_name(tocsin_bytes cell);

/* Whether two names are equal apart from the case of ASCII letters. */
int csv_is_named(tocsin_bytes cell, const char *name, size_t length);

/* Appends a cell, with quotes if it needs them. */
void csv_append_cell(tocsin_buffer *out, tocsin_bytes cell);

#endif
