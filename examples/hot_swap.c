/*
 * Another plan while documents are read: a slot holds the current one, and a scanner that was made for the slot takes
 * the new one at its next document. Any thread may publish; readers wait for nobody.
 */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

/* The generation counts the plans that the slot has held; every verdict has it. */
static int grade(tocsin_scanner *scanner, const char *text, tocsin_error *error) {
    const tocsin_verdict *verdict = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    document.text = (tocsin_bytes){text, strlen(text)};
    if (tocsin_classify(scanner, &document, &verdict, error) != TOCSIN_OK) return 0;
    printf("generation %llu: %s\n", (unsigned long long)verdict->generation, verdict->tier_id);
    return 1;
}

int main(int argc, char **argv) {
    tocsin_plan *before = NULL, *after = NULL;
    tocsin_slot *slot = NULL;
    tocsin_scanner *scanner = NULL;
    tocsin_error error = {0};
    if (argc != 4) {
        fprintf(stderr, "usage: hot_swap PLAN OTHER_PLAN TEXT\n");
        return 2;
    }
    int ok = tocsin_plan_compile_file(argv[1], NULL, NULL, &before, &error) == TOCSIN_OK &&
             tocsin_plan_compile_file(argv[2], NULL, NULL, &after, &error) == TOCSIN_OK &&
             tocsin_slot_create(before, NULL, &slot) == TOCSIN_OK &&
             tocsin_scanner_create_for_slot(slot, NULL, &scanner, &error) == TOCSIN_OK;
    if (ok) ok = grade(scanner, argv[3], &error);
    if (ok) ok = tocsin_slot_publish(slot, after) == 2;
    if (ok) ok = grade(scanner, argv[3], &error);
    if (!ok) fprintf(stderr, "%s\n", error.message);
    /* In any order: each keeps what it needs. */
    tocsin_plan_release(before);
    tocsin_plan_release(after);
    tocsin_slot_free(slot);
    tocsin_scanner_free(scanner);
    return ok ? 0 : 2;
}
