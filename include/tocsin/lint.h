#ifndef TOCSIN_LINT_H
#define TOCSIN_LINT_H

#include <tocsin/diagnostics.h>
#include <tocsin/error.h>
#include <tocsin/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Looks for parts of a plan that compile but are probably mistakes: terms that add nothing or never count, single
 * characters, letters that look alike, topics that are not used, clauses that always hold, never hold, hold without a
 * word, or hold only if another one does. Each is added to list as a warning, or as a note if it may well be meant; the
 * codes are T701 and up of docs/LINT.md. Problems that the compiler reports are not repeated. TOCSIN_ERROR_ARGUMENT,
 * TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE, TOCSIN_ERROR_FOLD. error may be NULL. Thread-safe when no other thread uses
 * list.
 */
TOCSIN_API tocsin_status tocsin_plan_lint(const tocsin_plan *plan, tocsin_diagnostics *list, tocsin_error *error);

#ifdef __cplusplus
}
#endif

#endif
