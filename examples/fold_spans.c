/*
 * The fold alone, without a plan: text as it is compared, and from where in the original each part of it came. So a
 * program can search folded text itself and mark the match in the original.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tocsin/tocsin.h>

/* Takes a word and a text; both are folded, and each match is shown as it was written. */
static tocsin_status find(tocsin_folder *folder, const char *word, const char *text) {
    tocsin_bytes folded;
    size_t start, end;
    tocsin_status status = tocsin_fold(folder, word, strlen(word), &folded);
    if (status != TOCSIN_OK) return status;
    char *needle = calloc(folded.length + 1, 1); /* the next call to tocsin_fold replaces the folder's text */
    if (!needle) return TOCSIN_ERROR_MEMORY;
    memcpy(needle, folded.data, folded.length);
    const size_t length = folded.length;
    status = tocsin_fold(folder, text, strlen(text), &folded);
    if (status == TOCSIN_OK) printf("%.*s\n", (int)folded.length, folded.data);
    for (size_t at = 0; status == TOCSIN_OK && length && at + length <= folded.length; at++) {
        if (memcmp(folded.data + at, needle, length) != 0) continue;
        status = tocsin_fold_span(folder, at, at + length, &start, &end);
        if (status == TOCSIN_OK) printf("bytes %zu-%zu: %.*s\n", start, end, (int)(end - start), text + start);
    }
    free(needle);
    return status;
}

int main(int argc, char **argv) {
    tocsin_folder *folder = NULL;
    if (argc != 3) {
        fprintf(stderr, "usage: fold_spans WORD TEXT\n");
        return 2;
    }
    tocsin_status status = tocsin_folder_create(NULL, NULL, &folder);
    if (status == TOCSIN_OK) status = find(folder, argv[1], argv[2]);
    if (status != TOCSIN_OK) fprintf(stderr, "%s\n", tocsin_status_string(status));
    tocsin_folder_free(folder);
    return status == TOCSIN_OK ? 0 : 2;
}
