/* libcsv reports one field at a time; they are kept until their row ends. */
#include "feed/csv_table.h"

#include <csv.h>
#include <string.h>
#include <strings.h>

#include "feed/record_cutter.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"

#define CELL_BLOCK 4096 /* bytes that a cell grows by */

static void add_cell(csv_cells *cells, tocsin_bytes cell) {
    if (cells->count == cells->capacity) {
        cells->capacity = cells->capacity ? 2 * cells->capacity : 16;
        cells->cells = tool_reallocate(cells->cells, cells->capacity, sizeof *cells->cells);
    }
    cells->cells[cells->count++] = cell;
}

static void end_cell_of_row(void *data, size_t length, void *context) {
    csv_cells *cells = context;
    add_cell(cells, (tocsin_bytes){NULL, length});
    text_append(&cells->values, length ? data : "", length);
}

static void end_of_row(int ended_by, void *context) {
    (void)ended_by;
    (void)context;
}

static int is_blank(char byte, char separator) { return (byte == ' ' || byte == '\t') && byte != separator; }

/*
 * A row without quotes is split here: its cells can point into the row, and libcsv would also remove the blanks around
 * them.
 */
static void split_plain(csv_cells *cells, tocsin_bytes row, char separator) {
    for (size_t at = 0;; at++) {
        const char *found = memchr(row.data + at, separator, row.length - at);
        size_t start = at, end = found ? (size_t)(found - row.data) : row.length;
        at = end;
        while (start < end && is_blank(row.data[start], separator)) start++;
        while (end > start && is_blank(row.data[end - 1], separator)) end--;
        add_cell(cells, (tocsin_bytes){row.data + start, end - start});
        if (!found) return;
    }
}

void csv_cells_init(csv_cells *cells) {
    *cells = (csv_cells){0};
    tocsin_buffer_init(&cells->values, NULL);
}

int csv_cells_read(csv_cells *cells, tocsin_bytes row, char separator) {
    size_t at = 0;
    cells->count = cells->values.length = 0;
    if (!row.length) return 1;
    if (!memchr(row.data, '"', row.length)) {
        split_plain(cells, row, separator);
        return 1;
    }
    if (!cells->parser) {
        cells->parser = tool_allocate(1, sizeof *cells->parser);
        (void)csv_init(cells->parser, CSV_EMPTY_IS_NULL);
        csv_set_blk_size(cells->parser, CELL_BLOCK);
    }
    csv_set_delim(cells->parser, (unsigned char)separator);
    int ok = csv_parse(cells->parser, row.data, row.length, end_cell_of_row, end_of_row, cells) == row.length;
    if (ok) ok = !csv_fini(cells->parser, end_cell_of_row, end_of_row, cells);
    for (size_t i = 0; i < cells->count; i++) {
        cells->cells[i].data = cells->values.data + at;
        at += cells->cells[i].length;
    }
    return ok;
}

void csv_cells_release(csv_cells *cells) {
    if (cells->parser) csv_free(cells->parser);
    tool_free(cells->parser);
    tocsin_buffer_release(&cells->values);
    tool_free(cells->cells);
    csv_cells_init(cells);
}

int csv_table_read(tocsin_bytes text, char separator, csv_row row, void *context) {
    record_cutter cutter;
    record found;
    csv_cells cells;
    size_t start = 0, at = 0;
    int ok = 1;
    csv_cells_init(&cells);
    record_cutter_init(&cutter, RECORD_ROWS, separator, NULL, text.length);
    while (ok && record_cutter_next(&cutter, text.data, &start, &at, text.length, 1, &found)) {
        size_t filled = 0;
        if (found.open_quote) {
            row(context, NULL, 0, found.open_quote);
            continue;
        }
        ok = csv_cells_read(&cells, (tocsin_bytes){text.data + found.start, found.end - found.start}, separator);
        for (size_t i = 0; i < cells.count; i++) filled += cells.cells[i].length;
        for (size_t i = found.start; i < found.end; i++) found.line += text.data[i] == '\n';
        if (ok && filled) row(context, cells.cells, cells.count, found.line);
    }
    csv_cells_release(&cells);
    return ok;
}

static size_t leading_white(tocsin_bytes text) {
    static const char *const wide[] = {"\xC2\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF"};
    if (text.length && memchr(" \t\r\n", text.data[0], 4)) return 1;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        if (text.length >= strlen(wide[i]) && !memcmp(text.data, wide[i], strlen(wide[i]))) return strlen(wide[i]);
    }
    return 0;
}

static size_t trailing_white(tocsin_bytes text) {
    for (size_t n = text.length < 3 ? text.length : 3; n; n--) {
        if (leading_white((tocsin_bytes){text.data + text.length - n, n}) == n) return n;
    }
    return 0;
}

tocsin_bytes csv_name(tocsin_bytes cell) {
    for (size_t n; (n = leading_white(cell)) > 0;) cell = (tocsin_bytes){cell.data + n, cell.length - n};
    for (size_t n; (n = trailing_white(cell)) > 0;) cell.length -= n;
    return cell;
}

int csv_is_named(tocsin_bytes cell, const char *name, size_t length) {
    return cell.length == length && !strncasecmp(cell.data, name, length);
}

void csv_append_cell(tocsin_buffer *out, tocsin_bytes cell) {
    int quoted = 0;
    for (size_t i = 0; i < cell.length; i++) quoted |= strchr(",\"\r\n", cell.data[i]) != NULL;
    if (cell.length && (cell.data[0] == ' ' || cell.data[cell.length - 1] == ' ')) quoted = 1;
    if (!quoted) {
        text_append(out, cell.data, cell.length);
        return;
    }
    text_puts(out, "\"");
    for (size_t i = 0; i < cell.length; i++) {
        text_append(out, cell.data + i, 1);
        if (cell.data[i] == '"') text_puts(out, "\"");
    }
    text_puts(out, "\"");
}
