#ifndef TOCSIN_TOOLS_CSV_TABLE_H
#define TOCSIN_TOOLS_CSV_TABLE_H

/* CSV as spreadsheets write it, a row at a time; csv_table.c alone includes libcsv outside the library. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

/* Takes a row that has anything in it: its cells without quotes, and the number, from 1, of the line it ended in. */
typedef void (*csv_row)(void *context, const tocsin_bytes *cells, size_t count, uint64_t line);

/* Reads text to its end; 0 when libcsv could not (there was no memory for it). */
int csv_table_read(tocsin_bytes text, char separator, csv_row row, void *context);

/* The cells of one row. */
typedef struct csv_cells {
    tocsin_bytes *cells; /* without quotes */
    size_t count, capacity;
    tocsin_buffer values;      /* of a row that has quotes */
    struct csv_parser *parser; /* NULL until there was such a row */
} csv_cells;

void csv_cells_init(csv_cells *cells);

/*
 * Reads a row that may have line ends in quotes; the cells point into row or into *cells, until the next one. 0 when
 * there was no memory for it.
 */
int csv_cells_read(csv_cells *cells, tocsin_bytes row, char separator);
void csv_cells_release(csv_cells *cells);

/* Appends a cell, quoted where it must be. */
void csv_append_cell(tocsin_buffer *out, tocsin_bytes cell);

#endif
