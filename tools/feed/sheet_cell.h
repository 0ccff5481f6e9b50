#ifndef TOCSIN_TOOLS_SHEET_CELL_H
#define TOCSIN_TOOLS_SHEET_CELL_H

/* Cells of CSV that people open in a spreadsheet. */

#include <tocsin/bytes.h>

/* The mark that tells a spreadsheet that the file is UTF-8. */
#define SHEET_MARK "\xEF\xBB\xBF"

/* The column by which a sheet of tocsin review is known. */
#define SHEET_LABEL "expect_tier"

/*
 * Appends a cell and what parts it from the next one, or, when it is the last, the end of the row. What a spreadsheet
 * would take for a formula begins with '. What is longer than a spreadsheet's cell is cut and ends in ….
 */
void sheet_put_cell(tocsin_buffer *out, const char *data, size_t length, int last);
void sheet_put_text(tocsin_buffer *out, const char *text);

/* A cell as it was before sheet_put_cell: without that '. */
tocsin_bytes sheet_read_cell(tocsin_bytes cell);

#endif
