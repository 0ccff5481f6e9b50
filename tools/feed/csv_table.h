#ifndef TOCSIN_TOOLS_CSV_TABLE_H
#define TOCSIN_TOOLS_CSV_TABLE_H

/* CSV as spreadsheets write it, a row at a time; csv_table.c alone includes libcsv outside the library. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

/* Takes a row that has anything in it: its cells without quotes, and the number, from 1, of the line it ended in. */
typedef void (*csv_row)(void *context, const tocsin_bytes *cells, size_t count, uint64_t line);

/* Reads text to its end; 0 when libcsv could not (there was no memory for it). */
int csv_table_read(tocsin_bytes text, csv_row row, void *context);

/* Appends a cell, quoted where it must be. */
void csv_append_cell(tocsin_buffer *out, tocsin_bytes cell);

#endif
