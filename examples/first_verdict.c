/*
 * The smallest whole use of the library: compile a plan, grade one text, say which clauses hold and which words made
 * them hold. A program that grades many documents keeps the plan and the scanner.
 */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

static void print_verdict(const tocsin_verdict *verdict) {
    printf("%s\n", verdict->tier_id);
    for (size_t i = 0; i < verdict->evidence_count; i++) {
        const tocsin_evidence *word = tocsin_verdict_evidence(verdict, i);
        printf("  %s  %s  bytes %zu-%zu of the %s  %.*s\n", word->clause_id, word->topic_id, word->start, word->end,
               tocsin_field_name(word->field), (int)word->text.length, word->text.data);
    }
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: first_verdict PLAN VENUE TEXT\n");
        return 2;
    }
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    const tocsin_verdict *verdict = NULL;
    tocsin_error error = {0};
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    document.text = (tocsin_bytes){argv[3], strlen(argv[3])};
    if (!tocsin_venue_from_name(argv[2], strlen(argv[2]), &document.venue)) {
        fprintf(stderr, "no venue is called %s\n", argv[2]);
        return 2;
    }
    if (tocsin_plan_compile_file(argv[1], NULL, NULL, &plan, &error) == TOCSIN_OK &&
        tocsin_scanner_create(plan, NULL, &scanner, &error) == TOCSIN_OK &&
        tocsin_classify(scanner, &document, &verdict, &error) == TOCSIN_OK) {
        print_verdict(verdict);
    } else {
        fprintf(stderr, "%s:%u:%u: %s\n", error.file, error.line, error.column, error.message);
    }
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
    return verdict ? 0 : 2;
}
