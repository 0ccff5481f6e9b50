/* Each piece is in memory of its own, so that a read past its end is noticed. */
#include "fuzz_cutter.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz_target.h"

void fuzz_cut(record_kind kind, char separator, const char *path, const char *bytes, size_t length, size_t piece,
              fuzz_records *out) {
    record_cutter cutter;
    size_t start = 0, at = 0, known = 0;
    record_cutter_init(&cutter, kind, separator, path, 65536);
    out->count = 0;
    for (int last = 0; !last;) {
        known = length - known > piece ? known + piece : length;
        last = known == length;
        char *there = malloc(known ? known : 1);
        record found;
        if (!there) fuzz_failed("out of memory");
        if (known) memcpy(there, bytes, known);
        while (record_cutter_next(&cutter, there, &start, &at, known, last, &found)) {
            if (found.start > found.end || found.end > start || start > known) fuzz_failed("a record is nowhere");
            if (out->count == FUZZ_RECORDS) break;
            out->at[out->count++] = found;
        }
        if (start > at || at > known) fuzz_failed("the place is nowhere");
        free(there);
        if (out->count == FUZZ_RECORDS) return;
    }
    if (kind != RECORD_VALUES && start != length) fuzz_failed("bytes are left");
}

void fuzz_cut_alike(record_kind kind, char separator, const char *path, const char *bytes, size_t length, size_t piece,
                    fuzz_records *out) {
    static fuzz_records whole;
    fuzz_cut(kind, separator, path, bytes, length, piece, out);
    fuzz_cut(kind, separator, path, bytes, length, length ? length : 1, &whole);
    if (whole.count != out->count) fuzz_failed("other records in pieces");
    for (size_t i = 0; i < whole.count; i++) {
        const record *a = &whole.at[i], *b = &out->at[i];
        if (a->start != b->start || a->end != b->end || a->line != b->line || a->ordinal != b->ordinal ||
            a->open_quote != b->open_quote) {
            fuzz_failed("another record in pieces");
        }
    }
}
