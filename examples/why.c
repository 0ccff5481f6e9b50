/*
 * Why a text has its tier, and what would change it: for people, not for feeds. For each clause of the plan: whether it
 * holds, with the fewest words that make it hold, or the conditions that are missing.
 */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

static void print_clause(const tocsin_explained_clause *clause) {
    printf("%s %s: %s\n", clause->holds ? "+" : "-", clause->id, clause->name);
    for (size_t i = 0; i < clause->evidence_count; i++) {
        printf("    %.*s\n", (int)tocsin_explained_evidence(clause, i)->text.length,
               tocsin_explained_evidence(clause, i)->text.data);
    }
    for (size_t i = 0; i < clause->obstacle_count; i++) printf("    %s\n", tocsin_explained_obstacle(clause, i)->text);
}

static int explain(tocsin_scanner *scanner, const char *text, tocsin_error *error) {
    const tocsin_explanation *explanation = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    document.text = (tocsin_bytes){text, strlen(text)};
    if (tocsin_explain(scanner, &document, &explanation, error) != TOCSIN_OK) return 0;
    printf("%s\n", explanation->verdict->tier_id);
    for (size_t i = 0; i < explanation->clause_count; i++) print_clause(tocsin_explanation_clause(explanation, i));
    if (explanation->nearest) printf("%s\n", explanation->nearest->text);
    return 1;
}

int main(int argc, char **argv) {
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    tocsin_error error = {0};
    if (argc != 3) {
        fprintf(stderr, "usage: why PLAN TEXT\n");
        return 2;
    }
    const int ok = tocsin_plan_compile_file(argv[1], NULL, NULL, &plan, &error) == TOCSIN_OK &&
                   tocsin_scanner_create(plan, NULL, &scanner, &error) == TOCSIN_OK &&
                   explain(scanner, argv[2], &error);
    if (!ok) fprintf(stderr, "%s\n", error.message);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
    return ok ? 0 : 2;
}
