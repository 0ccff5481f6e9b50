/*
 * A document that arrives in pieces, as from a socket: it is kept until it is whole, and its verdict is that of one
 * piece, wherever it was cut. Here standard input is read 7 bytes at a time, in the middle of characters.
 */
#include <stdio.h>

#include <tocsin/tocsin.h>

static int grade_input(tocsin_scanner *scanner, tocsin_error *error) {
    tocsin_stream *stream = NULL; /* a program has one for each connection */
    const tocsin_verdict *verdict = NULL;
    char piece[7];
    size_t length;
    tocsin_status status = tocsin_stream_create(scanner, &stream, error);
    if (status == TOCSIN_OK) status = tocsin_stream_begin(stream, NULL, error);
    while (status == TOCSIN_OK && (length = fread(piece, 1, sizeof piece, stdin)) > 0) {
        status = tocsin_stream_write(stream, TOCSIN_FIELD_TEXT, piece, length, error);
    }
    if (status == TOCSIN_OK) status = tocsin_stream_end(stream, &verdict, error);
    if (status == TOCSIN_OK) printf("%s, %zu words\n", verdict->tier_id, verdict->evidence_count);
    tocsin_stream_free(stream);
    return status == TOCSIN_OK;
}

int main(int argc, char **argv) {
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    tocsin_error error = {0};
    if (argc != 2) {
        fprintf(stderr, "usage: pieces PLAN < TEXT\n");
        return 2;
    }
    const int ok = tocsin_plan_compile_file(argv[1], NULL, NULL, &plan, &error) == TOCSIN_OK &&
                   tocsin_scanner_create(plan, NULL, &scanner, &error) == TOCSIN_OK && grade_input(scanner, &error);
    if (!ok) fprintf(stderr, "%s\n", error.message);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
    return ok ? 0 : 2;
}
