/* A plan's own examples, graded by the plan as any other document is. */
#include <tocsin/examples.h>

#include <string.h>

#include <tocsin/scanner.h>

#include "base/arguments.h"
#include "base/buffer.h"
#include "base/diagnostics_add.h"
#include "base/fail.h"
#include "plan/plan_examples.h"
#include "plan/plan_internal.h"

static int has_clause(const tocsin_verdict *verdict, const char *id) {
    for (size_t i = 0; i < verdict->clause_count; i++) {
        if (!strcmp(tocsin_verdict_clause(verdict, i)->id, id)) return 1;
    }
    return 0;
}

static int expects_clause(const tocsin__plan_example *example, const char *id) {
    for (size_t i = 0; i < example->clauses.count; i++) {
        if (!strcmp(example->clauses.items[i].value, id)) return 1;
    }
    return 0;
}

/* Lists the clauses that hold and are not expected, after a +, and the expected ones that do not hold, after a -. */
static tocsin_status list_differences(const tocsin__plan_example *example, const tocsin_verdict *verdict,
                                      tocsin_buffer *out) {
    tocsin_status status = TOCSIN_OK;
    out->length = 0;
    if (!example->has_clauses) return TOCSIN_OK;
    for (size_t i = 0; i < verdict->clause_count && !status; i++) {
        if (expects_clause(example, tocsin_verdict_clause(verdict, i)->id)) continue;
        status = tocsin__buffer_printf(out, " +%s", tocsin_verdict_clause(verdict, i)->id);
    }
    for (size_t i = 0; i < example->clauses.count && !status; i++) {
        if (has_clause(verdict, example->clauses.items[i].value)) continue;
        status = tocsin__buffer_printf(out, " -%s", example->clauses.items[i].value);
    }
    return status;
}

/* Reports a verdict that differs from the example; *wrong is then set. */
static tocsin_status compare(const tocsin__plan_example *example, const tocsin_verdict *verdict, tocsin_buffer *clauses,
                             tocsin_diagnostics *diagnostics, int *wrong) {
    const tocsin__plan_text *shown = example->text.length ? &example->text : &example->title;
    tocsin__shown text = tocsin__show(shown->value ? shown->value : "", shown->length);
    tocsin_status status = list_differences(example, verdict, clauses);
    const int tier = strcmp(verdict->tier_id, example->tier.value) != 0;
    *wrong = tier || clauses->length;
    if (status || !*wrong) return status;
    if (tier) {
        return tocsin__diagnose(diagnostics, TOCSIN_SEVERITY_ERROR, "example", example->tier.place,
                                "the example \"%s\" is %s, not %s%s%s", text.text, verdict->tier_id,
                                example->tier.value, clauses->length ? "; clauses:" : "",
                                clauses->length ? clauses->data : "");
    }
    return tocsin__diagnose(diagnostics, TOCSIN_SEVERITY_ERROR, "example", example->tier.place,
                            "the example \"%s\" has other clauses:%s", text.text, clauses->data);
}

static tocsin_status check_one(tocsin_scanner *scanner, const tocsin__plan_example *example, tocsin_buffer *clauses,
                               tocsin_diagnostics *diagnostics, int *wrong, tocsin_error *error) {
    const tocsin_verdict *verdict = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    document.id = tocsin__plan_bytes(&example->id);
    document.title = tocsin__plan_bytes(&example->title);
    document.text = tocsin__plan_bytes(&example->text);
    document.source = tocsin__plan_bytes(&example->source);
    document.venue = example->venue_value;
    document.attention = example->attention_value;
    document.reach = example->reach;
    tocsin_status status = tocsin_classify(scanner, &document, &verdict, error);
    if (status) return status;
    status = compare(example, verdict, clauses, diagnostics, wrong);
    return status ? tocsin__fail(error, status, "out of memory") : TOCSIN_OK;
}

tocsin_status tocsin_plan_check_examples(const tocsin_plan *plan, tocsin_diagnostics *diagnostics, size_t *failed,
                                         tocsin_error *error) {
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    tocsin_scanner *scanner = NULL;
    tocsin_buffer clauses;
    size_t count = 0;
    if (!plan) return tocsin__null_argument(error, "plan");
    options.allocator = plan->allocator;
    tocsin_status status = plan->example_count ? tocsin_scanner_create(plan, &options, &scanner, error) : TOCSIN_OK;
    tocsin_buffer_init(&clauses, &plan->allocator);
    for (size_t i = 0; i < plan->example_count && !status; i++) {
        int wrong = 0;
        status = check_one(scanner, &plan->examples[i], &clauses, diagnostics, &wrong, error);
        count += wrong != 0;
    }
    tocsin_buffer_release(&clauses);
    tocsin_scanner_free(scanner);
    tocsin__diagnostics_sort(diagnostics);
    if (status) return status;
    if (failed) *failed = count;
    if (!count) return TOCSIN_OK;
    return tocsin__fail(error, TOCSIN_ERROR_PLAN, "%zu of %zu examples of the plan come out otherwise", count,
                        plan->example_count);
}
