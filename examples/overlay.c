/*
 * A plan by calls: a user's overlay of a common plan. It takes the plan, adds a topic with a term and a clause, takes
 * one term away, and compiles. Mistakes are reported by label: here, the row of the database.
 */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

static tocsin_bytes bytes(const char *text) { return (tocsin_bytes){text, strlen(text)}; }

static tocsin_status change(tocsin_builder *builder, const char *tier, const char *own, const char *rule,
                            tocsin_error *error) {
    tocsin_builder_item topic = TOCSIN_BUILDER_ITEM_INIT, clause = TOCSIN_BUILDER_ITEM_INIT;
    tocsin_builder_term term = TOCSIN_BUILDER_TERM_INIT;
    topic.id = bytes("own");
    topic.label = "topics, row 4";
    tocsin_status status = tocsin_builder_add(builder, TOCSIN_PART_TOPIC, &topic, error);
    term.topic = topic.id;
    term.text = bytes(own);
    term.label = "terms, row 17";
    if (!status) status = tocsin_builder_add_term(builder, &term, error);
    clause.id = bytes("OWN");
    clause.tier = bytes(tier);
    clause.when = bytes(rule);
    clause.label = "rules, row 2";
    if (!status) status = tocsin_builder_add(builder, TOCSIN_PART_CLAUSE, &clause, error);
    /* Documents that name nothing but our own topic are about the subject too. */
    if (!status) status = tocsin_builder_set(builder, TOCSIN_BUILDER_ABOUT, bytes(""), NULL, error);
    return status;
}

static tocsin_status grade(const tocsin_plan *plan, const char *text, tocsin_error *error) {
    tocsin_scanner *scanner = NULL;
    const tocsin_verdict *verdict = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    document.text = bytes(text);
    tocsin_status status = tocsin_scanner_create(plan, NULL, &scanner, error);
    if (!status) status = tocsin_classify(scanner, &document, &verdict, error);
    if (!status) printf("%s\n", verdict->tier_id);
    tocsin_scanner_free(scanner);
    return status;
}

int main(int argc, char **argv) {
    tocsin_plan *base = NULL, *plan = NULL;
    tocsin_builder *builder = NULL;
    tocsin_diagnostics *problems = NULL;
    tocsin_error error = {0};
    if (argc != 5) {
        fprintf(stderr, "usage: overlay PLAN TERM RULE TEXT\n");
        return 2;
    }
    tocsin_status status = tocsin_plan_load(argv[1], NULL, NULL, &base, &error);
    if (!status) status = tocsin_builder_create(base, NULL, &builder, &error);
    if (!status) status = change(builder, tocsin_plan_tier(base, 0)->id, argv[2], argv[3], &error);
    if (!status) status = tocsin_diagnostics_create(NULL, &problems);
    if (!status) status = tocsin_builder_compile(builder, NULL, problems, &plan, &error);
    for (size_t i = 0; i < tocsin_diagnostics_count(problems); i++) {
        const tocsin_diagnostic *problem = tocsin_diagnostics_at(problems, i);
        if (problem->severity < TOCSIN_SEVERITY_ERROR) continue;
        fprintf(stderr, "%s, character %u: %s\n", problem->file, problem->column, problem->message);
    }
    if (!status) status = grade(base, argv[4], &error);
    if (!status) status = grade(plan, argv[4], &error);
    if (status && status != TOCSIN_ERROR_PLAN) fprintf(stderr, "%s\n", error.message);
    tocsin_diagnostics_free(problems);
    tocsin_builder_free(builder);
    tocsin_plan_release(plan);
    tocsin_plan_release(base);
    return status ? 1 : 0;
}
