/* Compiling a plan: wrong arguments, sources over the limit, and errors beyond the size of the list. */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "named_sources.h"
#include "suite.h"

#define PLAN(rule)                                                                                                     \
    "plan: x\nversion: 1\ntopics: {fire: {terms: fire.txt}}\n"                                                         \
    "tiers: [{id: low, clauses: [{id: L1, when: " rule "}]}]\n"

static tocsin_status compile(named_source *sources, uint64_t max_source_bytes, tocsin_diagnostics *list,
                             tocsin_error *error) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_plan *plan = NULL;
    options.max_source_bytes = max_source_bytes;
    tocsin_status status = tocsin_plan_compile(read_named_source, sources, "plan.yaml", &options, list, &plan, error);
    ck_assert_int_eq(status == TOCSIN_OK, plan != NULL);
    tocsin_plan_release(plan);
    return status;
}

START_TEST(a_source_over_the_limit_is_one_problem) {
    char list[302];
    named_source sources[] = {{"plan.yaml", PLAN("fire")}, {"fire.txt", list}, {NULL, NULL}};
    tocsin_error error = {0};
    memset(list, 'x', sizeof list);
    list[300] = '\0';
    ck_assert_int_eq(compile(sources, 300, NULL, &error), TOCSIN_OK);
    list[300] = 'x';
    list[301] = '\0';
    ck_assert_int_eq(compile(sources, 300, NULL, &error), TOCSIN_ERROR_PLAN);
    ck_assert_str_eq(error.message, "fire.txt is too large");
    ck_assert_str_eq(error.file, "plan.yaml");
    ck_assert_uint_eq(error.line, 3);
    ck_assert_uint_eq(error.column, 24);
    ck_assert_int_eq(compile(sources, 100, NULL, &error), TOCSIN_ERROR_TOO_LARGE);
    ck_assert_str_eq(error.message, "the plan has 105 bytes, over the limit of 100");
}
END_TEST

/* Warnings fill the list before the errors come. */
START_TEST(errors_count_when_the_list_is_full) {
    enum {
        LINES = TOCSIN_DIAGNOSTICS_MAX + 10
    };
    static char terms[LINES * 4 + 1];
    named_source sources[] = {{"plan.yaml", PLAN("smoke & fire & x")}, {"fire.txt", terms}, {NULL, NULL}};
    named_source other[] = {{"plan.yaml", PLAN("smoke & fire")}, {"fire.txt", terms}, {NULL, NULL}};
    tocsin_diagnostics *list = NULL;
    tocsin_error error = {0};
    for (int i = 0; i < LINES; i++) memcpy(terms + i * 4, "火\n", 4);
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    ck_assert_int_eq(compile(sources, 0, list, &error), TOCSIN_ERROR_PLAN);
    ck_assert_str_eq(error.message, "the plan does not compile: 2 errors");
    ck_assert_str_eq(error.file, "");
    ck_assert_uint_eq(tocsin_diagnostics_count(list), TOCSIN_DIAGNOSTICS_MAX);
    ck_assert_uint_eq(tocsin_diagnostics_count_severity(list, TOCSIN_SEVERITY_ERROR), 2);
    ck_assert_uint_eq(tocsin_diagnostics_dropped(list), 11);
    ck_assert_int_eq(compile(other, 0, NULL, &error), TOCSIN_ERROR_PLAN);
    ck_assert_str_eq(error.message, "the plan does not compile: 1 error");
    tocsin_diagnostics_free(list);
}
END_TEST

START_TEST(wrong_arguments_are_refused) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    options.struct_size = 1;
    ck_assert_int_eq(tocsin_plan_compile_file(NULL, NULL, NULL, &plan, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "path is NULL");
    ck_assert_int_eq(tocsin_plan_compile_file("/", NULL, NULL, NULL, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_plan_compile_file("/", &options, NULL, &plan, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_plan_compile_file("/", NULL, NULL, &plan, NULL), TOCSIN_ERROR_NOT_FOUND);
    ck_assert_ptr_null(plan);
}
END_TEST

TOCSIN_SUITE("plan compile",
             TOCSIN_CASE(a_source_over_the_limit_is_one_problem) TOCSIN_CASE(errors_count_when_the_list_is_full)
                 TOCSIN_CASE(wrong_arguments_are_refused))
