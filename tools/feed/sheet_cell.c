/*
 * A spreadsheet executes a cell that begins with = + - or @, also in full width, and also after blanks, tabs and line
 * ends. Text of strangers must not run in an office, so a ' is put before such a cell, and before a cell that begins
 * with ' itself: reading removes exactly what writing added.
 */
#include "feed/sheet_cell.h"

#include <string.h>

#include "feed/csv_table.h"
#include "feed/utf8_text.h"

#define CELL_BYTES 30000 /* a spreadsheet's cell has at most 32767 characters */

static int is_formula(const char *data, size_t length) {
    static const char *const wide[] = {"＝", "＋", "－", "＠"};
    static const char spaces[] = " \t\r\n\v\f";
    if (length && (data[0] == '\'' || data[0] == '\t' || data[0] == '\r')) return 1;
    while (length && memchr(spaces, data[0], sizeof spaces - 1)) {
        data++;
        length--;
    }
    if (length && memchr("=+-@", data[0], 4)) return 1;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        const size_t n = strlen(wide[i]);
        if (length >= n && !memcmp(data, wide[i], n)) return 1;
    }
    return 0;
}

void sheet_put_cell(tocsin_buffer *out, const char *data, size_t length, int last) {
    tocsin_buffer cell;
    tocsin_buffer_init(&cell, NULL);
    const size_t shown = utf8_cut(data, length, CELL_BYTES);
    for (size_t at = 0; at < shown;) { /* no program shows text after a NUL */
        const char *nul = memchr(data + at, '\0', shown - at);
        const size_t end = nul ? (size_t)(nul - data) : shown;
        text_append(&cell, data + at, end - at);
        at = end + 1;
    }
    if (shown < length) text_puts(&cell, "…");
    if (cell.length && is_formula(cell.data, cell.length)) {
        text_puts(&cell, " ");
        memmove(cell.data + 1, cell.data, cell.length - 1);
        cell.data[0] = '\'';
    }
    csv_append_cell(out, (tocsin_bytes){cell.length ? cell.data : "", cell.length});
    text_puts(out, last ? "\r\n" : ",");
    tocsin_buffer_release(&cell);
}

void sheet_put_text(tocsin_buffer *out, const char *text) { sheet_put_cell(out, text, strlen(text), 0); }

tocsin_bytes sheet_read_cell(tocsin_bytes cell) {
    const int guarded = cell.length > 1 && cell.data[0] == '\'' && is_formula(cell.data + 1, cell.length - 1);
    return guarded ? (tocsin_bytes){cell.data + 1, cell.length - 1} : cell;
}
