/*
 * A filter for pipes, as ClickHouse's executable functions and Spark's pipe() want one: a line in, a line out, in
 * order, flushed when the input pauses. Each line is a text; the output is its tier, a tab, and its clauses.
 */
#define _POSIX_C_SOURCE 200809L /* getline */

#include <stdio.h>
#include <stdlib.h>

#include <tocsin/tocsin.h>

static void print_line(const tocsin_verdict *verdict) {
    fputs(verdict->tier_id, stdout);
    for (size_t i = 0; i < verdict->clause_count; i++)
        printf("%c%s", i ? ',' : '\t', tocsin_verdict_clause(verdict, i)->id);
    putchar('\n');
    fflush(stdout);
}

int main(int argc, char **argv) {
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    const tocsin_verdict *verdict = NULL;
    tocsin_error error = {0};
    char *text = NULL;
    size_t room = 0;
    ssize_t length;
    tocsin_status status = TOCSIN_ERROR_ARGUMENT;
    if (argc == 2) status = tocsin_plan_load(argv[1], NULL, NULL, &plan, &error);
    if (status == TOCSIN_ERROR_IMAGE || status == TOCSIN_ERROR_IO) { /* not an image: a file or folder to compile */
        status = tocsin_plan_compile_file(argv[1], NULL, NULL, &plan, &error);
    }
    if (status == TOCSIN_OK) status = tocsin_scanner_create(plan, NULL, &scanner, &error);
    while (status == TOCSIN_OK && (length = getline(&text, &room, stdin)) > 0) {
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        document.text = (tocsin_bytes){text, (size_t)length - (text[length - 1] == '\n')};
        status = tocsin_classify(scanner, &document, &verdict, &error);
        if (status == TOCSIN_OK) print_line(verdict);
    }
    if (status != TOCSIN_OK) fprintf(stderr, "filter: %s\n", argc == 2 ? error.message : "usage: filter PLAN");
    free(text);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
    return status == TOCSIN_OK ? 0 : 2;
}
