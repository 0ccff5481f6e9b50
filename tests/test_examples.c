/* A plan's examples through the library: counted, graded, differences reported; also without memory. */
#include <string.h>

#include <tocsin/tocsin.h>

#include "failing_allocator.h"
#include "suite.h"

static const char plan_text[] =
    "plan: x\ntopics: {fire: {terms: fire.txt}}\n"
    "tiers: [{id: low, clauses: [{id: L1, when: fire}, {id: L2, when: count(fire) >= 2}]}]\n"
    "examples: [more.ndjson, other.ndjson]\n";

/* Two right examples, then two wrong ones if asked for. */
static tocsin_status read_source(void *context, const char *name, tocsin_buffer *out) {
    const char *text = plan_text;
    const int wrong = *(const int *)context;
    if (!strcmp(name, "fire.txt")) text = "火灾\n起火\n";
    if (!strcmp(name, "more.ndjson")) {
        text = "{\"text\": \"火灾，起火\", \"tier\": \"low\", \"clauses\": [\"L2\", \"L1\"]}\n\n"
               "{\"title\": \"火灾\", \"tier\": \"low\", \"clauses\": [\"L1\"]}";
    }
    if (!strcmp(name, "other.ndjson")) {
        text = wrong ? "{\"text\": \"火灾\", \"tier\": \"none\"}\r\n{\"text\": \"起火\", \"tier\": \"low\", "
                       "\"clauses\": []}\n"
                     : "";
    }
    return tocsin_buffer_append(out, text, strlen(text));
}

static tocsin_status compile(int wrong, const tocsin_allocator *allocator, tocsin_plan **plan) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    if (allocator) options.allocator = *allocator;
    return tocsin_plan_compile(read_source, &wrong, "plan.yaml", &options, NULL, plan, NULL);
}

START_TEST(right_examples_pass) {
    tocsin_plan *plan = NULL;
    size_t failed = 9;
    ck_assert_int_eq(compile(0, NULL, &plan), TOCSIN_OK);
    ck_assert_uint_eq(tocsin_plan_example_count(plan), 2);
    ck_assert_int_eq(tocsin_plan_check_examples(plan, NULL, &failed, NULL), TOCSIN_OK);
    ck_assert_uint_eq(failed, 0);
    ck_assert_uint_eq(tocsin_plan_example_count(NULL), 0);
    ck_assert_int_eq(tocsin_plan_check_examples(NULL, NULL, NULL, NULL), TOCSIN_ERROR_ARGUMENT);
    tocsin_plan_release(plan);
}
END_TEST

START_TEST(wrong_examples_are_reported) {
    tocsin_plan *plan = NULL;
    tocsin_diagnostics *list = NULL;
    tocsin_error error = {0};
    size_t failed = 0;
    ck_assert_int_eq(compile(1, NULL, &plan), TOCSIN_OK);
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_check_examples(plan, list, &failed, &error), TOCSIN_ERROR_PLAN);
    ck_assert_uint_eq(failed, 2);
    ck_assert_str_eq(error.message, "2 of 4 examples of the plan come out otherwise");
    ck_assert_uint_eq(tocsin_diagnostics_count(list), 2);
    const tocsin_diagnostic *one = tocsin_diagnostics_at(list, 0), *two = tocsin_diagnostics_at(list, 1);
    ck_assert_str_eq(one->file, "other.ndjson");
    ck_assert_uint_eq(one->line, 1);
    ck_assert_str_eq(one->code, "example");
    ck_assert_str_eq(one->message, "the example \"火灾\" is low, not none");
    ck_assert_uint_eq(two->line, 2);
    ck_assert_str_eq(two->message, "the example \"起火\" has other clauses: +L1");
    tocsin_diagnostics_free(list);
    tocsin_plan_release(plan);
}
END_TEST

START_TEST(failing_memory_is_reported) {
    for (size_t n = 1;; n++) {
        failing_allocator memory = {.fail_at = n};
        const tocsin_allocator allocator = failing_allocator_get(&memory);
        tocsin_plan *plan = NULL;
        tocsin_status status = compile(1, &allocator, &plan);
        tocsin_plan_release(plan);
        ck_assert_uint_eq(memory.live, 0);
        ck_assert_uint_eq(memory.wrong, 0);
        if (!status) break;
        ck_assert_int_eq(status, TOCSIN_ERROR_MEMORY);
    }
    failing_allocator memory = {0};
    const tocsin_allocator allocator = failing_allocator_get(&memory);
    tocsin_plan *plan = NULL;
    ck_assert_int_eq(compile(1, &allocator, &plan), TOCSIN_OK);
    size_t held = memory.live, failures = 0;
    for (size_t n = 1;; n++, failures++) {
        memory.fail_at = memory.calls + n;
        tocsin_status status = tocsin_plan_check_examples(plan, NULL, NULL, NULL);
        memory.fail_at = 0;
        ck_assert_uint_eq(memory.live, held);
        if (status == TOCSIN_ERROR_PLAN) break;
        ck_assert_int_eq(status, TOCSIN_ERROR_MEMORY);
    }
    ck_assert_uint_gt(failures, 5);
    tocsin_plan_release(plan);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

TOCSIN_SUITE("examples", TOCSIN_CASE(right_examples_pass) TOCSIN_CASE(wrong_examples_are_reported)
                             TOCSIN_CASE(failing_memory_is_reported))
