/*
 * Documents hold newlines, so each one is preceded by its length: four bytes, the lowest first. A text file of terms
 * needs no such thing, because a term has no white space here.
 */
#include "tocsin-bench/peer_dump.h"

#include <stdio.h>

#include "tocsin-bench/bench_fail.h"

static void write_list(const char *folder, const char *name, const text_list *list, int documents) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (!file) bench_fail(BENCH_FAILED, "%s: cannot be written", path);
    for (size_t i = 0; i < list->count; i++) {
        tocsin_bytes text = text_list_at(list, i);
        for (unsigned shift = 0; documents && shift < 32; shift += 8) fputc((int)(text.length >> shift & 255), file);
        fwrite(text.data, 1, text.length, file);
        if (!documents) fputc('\n', file);
    }
    int bad = ferror(file);
    if (fclose(file) || bad) bench_fail(BENCH_FAILED, "%s: cannot be written", path);
}

void peer_dump(const char *folder, const corpus *text, const term_list *terms) {
    write_list(folder, "corpus.raw", &text->original, 1);
    write_list(folder, "corpus.folded", &text->folded, 1);
    write_list(folder, "terms.raw", &terms->written, 0);
    write_list(folder, "terms.folded", &terms->folded, 0);
}
