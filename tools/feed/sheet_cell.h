#ifndef TOCSIN_TOOLS_SHEET_CELL_H
#define TOCSIN_TOOLS_SHEET_CELL_H

/* Cells of CSV that people open in a spreadsheet. */

#include <tocsin/bytes.h>

/* The mark that tells a spreadsheet that the file is UTF-8. */
#define SHEET_MARK "\xEF\xBB\xBF"

/* The column that identifies a sheet of tocsin review. */
#define SHEET_LABEL "expect_tier"

/*
 * Appends a cell and the separator before the next one or, after the last cell, the end of the row. A ' is put before
 * text that a spreadsheet would take for a formula. Text that is too long for a spreadsheet's cell is cut and ends in
 * ….
 */
void sheet_put_cell(tocsin_buffer *out, const char *data, size_t length, int last);
void sheet_put_text(tocsin_buffer *out, const char *text);

/* A cell as it was before sheet_put_cell added a '. */
tocsin_bytes sheet_read_cell(tocsin_bytes cell);

#endif
