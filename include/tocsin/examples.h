#ifndef TOCSIN_EXAMPLES_H
#define TOCSIN_EXAMPLES_H

#include <stddef.h>

#include <tocsin/bytes.h>
#include <tocsin/diagnostics.h>
#include <tocsin/document.h>
#include <tocsin/error.h>
#include <tocsin/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The number of a plan's examples: its own documents with the verdicts that it must give them (`examples:`). 0 for
 * NULL. Thread-safe always.
 */
TOCSIN_API size_t tocsin_plan_example_count(const tocsin_plan *plan);

/** An example of a plan; the pointers live as long as the plan. */
typedef struct tocsin_example {
    tocsin_bytes id, title, text, source; /**< as in tocsin_document; empty if the example does not have it */
    tocsin_venue venue;
    tocsin_attention attention;
    uint64_t reach;
    tocsin_bytes tier; /**< the id of the expected tier, or "none" */
} tocsin_example;

/**
 * Writes the index-th example of the plan, counted from 0, to *example and returns 1. Returns 0 and leaves *example
 * untouched if there is no such example, and for NULL. Thread-safe always.
 */
TOCSIN_API int tocsin_plan_get_example(const tocsin_plan *plan, size_t index, tocsin_example *example);

/**
 * Grades the plan's examples with the plan. A different verdict is an error in diagnostics, with the example's place,
 * the expected and the actual result; *failed becomes the number of these. diagnostics, failed and error may be NULL.
 * TOCSIN_OK if all are right; TOCSIN_ERROR_PLAN if some are not; TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY,
 * TOCSIN_ERROR_ENGINE, TOCSIN_ERROR_FOLD if they could not be graded. Thread-safe when no other call uses the same
 * diagnostics.
 */
TOCSIN_API tocsin_status tocsin_plan_check_examples(const tocsin_plan *plan, tocsin_diagnostics *diagnostics,
                                                    size_t *failed, tocsin_error *error);

#ifdef __cplusplus
}
#endif

#endif
