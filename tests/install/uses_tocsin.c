/* A program of a user: compiles a plan from memory, grades one post, and ends with 0 if that was right. */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

static const char plan_text[] = "plan: install test\n"
                                "version: \"1\"\n"
                                "topics:\n"
                                "  fire: {terms: [fire.txt]}\n"
                                "tiers:\n"
                                "  - {id: general, name: G, clauses: [{id: G1, name: any fire, when: fire}]}\n";

static tocsin_status read_source(void *context, const char *name, tocsin_buffer *out) {
    (void)context;
    if (strcmp(name, "plan.yaml") == 0) return tocsin_buffer_append(out, plan_text, sizeof plan_text - 1);
    if (strcmp(name, "fire.txt") == 0) return tocsin_buffer_append(out, "\xE7\x81\xAB\xE7\x81\xBE\n", 7);
    return TOCSIN_ERROR_NOT_FOUND;
}

int main(void) {
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    const tocsin_verdict *verdict = NULL;
    tocsin_error error = {0};
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    int wrong = 1;
    document.text.data = "\xE7\x81\xAB\xE7\x81\xBD"; /* the traditional spelling */
    document.text.length = 6;
    if (tocsin_plan_compile(read_source, NULL, "plan.yaml", NULL, NULL, &plan, &error) == TOCSIN_OK &&
        tocsin_scanner_create(plan, NULL, &scanner, &error) == TOCSIN_OK &&
        tocsin_classify(scanner, &document, &verdict, &error) == TOCSIN_OK) {
        wrong = strcmp(verdict->tier_id, "general") != 0;
    }
    printf("%s: %s\n", tocsin_version(), wrong ? error.message : verdict->tier_id);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
    return wrong;
}
