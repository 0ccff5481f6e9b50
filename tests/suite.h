#ifndef TOCSIN_TESTS_SUITE_H
#define TOCSIN_TESTS_SUITE_H

/* One main for every unit test: list the cases, then TOCSIN_SUITE runs them and returns the result. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

/*
 * An emulated processor takes ten times as long. What it is to show is that its own instructions do what portable code
 * does, and that is tested in full. A walk that shows something about portable code, or about tables, takes one step of
 * WALK_STEP.
 */
#ifdef TOCSIN_EMULATED
#define WALK_STEP 13
#else
#define WALK_STEP 1
#endif

/*
 * How often a test with random input repeats: `all` times when TOCSIN_TEST_ROUNDS is "all", as in ./run check;
 * otherwise a sixth of that, and a sixth of this on an emulated processor and under the thread sanitizer, which looks
 * for races. A test that counts over its rounds compares the count with test_rounds() of the expected number.
 */
static inline int test_rounds(int all) {
#if defined(TOCSIN_EMULATED) || defined(__SANITIZE_THREAD__)
    return (all + 35) / 36;
#endif
    const char *asked = getenv("TOCSIN_TEST_ROUNDS");
    return asked && !strcmp(asked, "all") ? all : (all + 5) / 6;
}

#include "hyperscan_engine.h"

#define TOCSIN_SUITE(name, ...)                                                                                        \
    int main(void) {                                                                                                   \
        Suite *suite = suite_create(name);                                                                             \
        TCase *tcase = tcase_create(name);                                                                             \
        tcase_set_timeout(tcase, 280);                                                                                 \
        suite_add_tcase(suite, tcase);                                                                                 \
        __VA_ARGS__                                                                                                    \
        SRunner *runner = srunner_create(suite);                                                                       \
        srunner_set_fork_status(runner, CK_NOFORK);                                                                    \
        srunner_run_all(runner, CK_NORMAL);                                                                            \
        int failed = srunner_ntests_failed(runner);                                                                    \
        srunner_free(runner);                                                                                          \
        return failed ? EXIT_FAILURE : EXIT_SUCCESS;                                                                   \
    }

#define TOCSIN_CASE(test) tcase_add_test(tcase, test);
#define TOCSIN_LOOP(test, table)                                                                                       \
    (void)(table); /* some tables are used only for their length */                                                    \
    tcase_add_loop_test(tcase, test, 0, (int)(sizeof(table) / sizeof *(table)));

#endif
