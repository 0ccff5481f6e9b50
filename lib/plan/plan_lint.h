#ifndef TOCSIN_PLAN_LINT_H
#define TOCSIN_PLAN_LINT_H

/*
 * Declarations shared by the files of tocsin_plan_lint. Each looks at one part of a plan; TOCSIN_ERROR_MEMORY among
 * others.
 */

#include <tocsin/lint.h>

#include "plan/plan_internal.h"

tocsin_status tocsin__lint_sides(const tocsin_plan *plan, tocsin_diagnostics *list);
tocsin_status tocsin__lint_terms(const tocsin_plan *plan, tocsin_diagnostics *list);
tocsin_status tocsin__lint_covered(const tocsin_plan *plan, tocsin_diagnostics *list);
tocsin_status tocsin__lint_names(const tocsin_plan *plan, tocsin_diagnostics *list);
tocsin_status tocsin__lint_rules(const tocsin_plan *plan, tocsin_diagnostics *list);

#endif
