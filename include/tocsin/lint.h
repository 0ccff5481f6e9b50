#ifndef TOCSIN_LINT_H
#define TOCSIN_LINT_H

#include <tocsin/diagnostics.h>
#include <tocsin/error.h>
#include <tocsin/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Looks for what compiles and is hardly meant: terms that add nothing or never count, single characters, letters that
 * look alike, topics that nothing uses, clauses that hold always, never, without a word, or only where another holds.
 * Each is added to list as a warning, or as a note where it may well be meant; the codes are T701 and up of
 * docs/LINT.md. What the compiler says is not repeated. TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY,
 * TOCSIN_ERROR_ENGINE, TOCSIN_ERROR_FOLD. error may be NULL. Thread-safe when no other thread uses list.
 */
TOCSIN_API tocsin_status tocsin_plan_lint(const tocsin_plan *plan, tocsin_diagnostics *list, tocsin_error *error);

#ifdef __cplusplus
}
#endif

#endif
