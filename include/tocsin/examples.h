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

/** How many examples a plan has: documents of its own with what it must say of them (`examples:`). 0 for NULL. */
TOCSIN_API size_t tocsin_plan_example_count(const tocsin_plan *plan);

/** An example of a plan; the pointers live as long as the plan. */
typedef struct tocsin_example {
    tocsin_bytes id, title, text, source; /**< as tocsin_document has them; empty where the example has none */
    tocsin_venue venue;
    tocsin_attention attention;
    uint64_t reach;
    tocsin_bytes tier; /**< the id of the tier that is expected; "none" */
} tocsin_example;

/**
 * The index-th example of the plan, 0-based. 0, with *example untouched, when there is none, and for a NULL.
 * Thread-safe always.
 */
TOCSIN_API int tocsin_plan_get_example(const tocsin_plan *plan, size_t index, tocsin_example *example);

/**
 * Grades the plan's examples by the plan. One that comes out otherwise than it says is an error in diagnostics, with
 * the place where it is written, what was expected and what came; *failed becomes how many there are. diagnostics and
 * failed may be NULL. TOCSIN_OK when all came out right; TOCSIN_ERROR_PLAN when some did not; TOCSIN_ERROR_ARGUMENT,
 * TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE, TOCSIN_ERROR_FOLD when they could not be graded. Thread-safe when no other
 * call uses the same diagnostics.
 */
TOCSIN_API tocsin_status tocsin_plan_check_examples(const tocsin_plan *plan, tocsin_diagnostics *diagnostics,
                                                    size_t *failed, tocsin_error *error);

#ifdef __cplusplus
}
#endif

#endif
