/*
 * Any bytes as CSV: pieces of any length give the same rows; and if no quote is left open, the rows equal, cell by
 * cell, those of libcsv for the whole. The first byte is the length of the pieces.
 */
#include <stdlib.h>
#include <string.h>

#include "feed/csv_table.h"
#include "fuzz_cutter.h"
#include "fuzz_target.h"

typedef struct comparison {
    const char *bytes;
    const fuzz_records *records;
    size_t next;
    char separator;
    csv_cells cells;
} comparison;

/* The next record that has a cell with something in it. */
static int next_row(comparison *c) {
    while (c->next < c->records->count) {
        const record *row = &c->records->at[c->next++];
        if (!csv_cells_read(&c->cells, (tocsin_bytes){c->bytes + row->start, row->end - row->start}, c->separator))
            fuzz_failed("out of memory");
        for (size_t i = 0; i < c->cells.count; i++) {
            if (c->cells.cells[i].length) return 1;
        }
    }
    return 0;
}

static void compare(void *context, const tocsin_bytes *cells, size_t count, uint64_t line) {
    comparison *c = context;
    (void)line;
    if (!next_row(c)) fuzz_failed("libcsv has a row more");
    if (c->cells.count != count) fuzz_failed("libcsv has another number of cells");
    for (size_t i = 0; i < count; i++) {
        const tocsin_bytes mine = c->cells.cells[i];
        if (mine.length != cells[i].length || (mine.length && memcmp(mine.data, cells[i].data, mine.length) != 0))
            fuzz_failed("libcsv has another cell");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static fuzz_records records;
    static const char separators[] = {',', ';', '\t', '|'};
    if (!size) return 0;
    const char *bytes = (const char *)data + 1;
    const size_t length = size - 1, piece = data[0] / 4 + 1u;
    const char separator = separators[data[0] % 4];
    fuzz_cut_alike(RECORD_ROWS, separator, NULL, bytes, length, piece, &records);
    if (records.count == FUZZ_RECORDS) return 0;
    for (size_t i = 0; i < records.count; i++) {
        if (records.at[i].open_quote) return 0;
    }
    comparison c = {.bytes = bytes, .records = &records, .separator = separator};
    csv_cells_init(&c.cells);
    if (!csv_table_read((tocsin_bytes){bytes, length}, separator, compare, &c)) fuzz_failed("out of memory");
    if (next_row(&c)) fuzz_failed("libcsv has a row less");
    csv_cells_release(&c.cells);
    return 0;
}
