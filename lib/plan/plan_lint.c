/*
 * tocsin_plan_lint: runs all parts and then sorts their reports by files and lines, together with the earlier content
 * of the list.
 */
#include "plan/plan_lint.h"

#include "base/arguments.h"
#include "base/diagnostics_add.h"
#include "base/fail.h"

tocsin_status tocsin_plan_lint(const tocsin_plan *plan, tocsin_diagnostics *list, tocsin_error *error) {
    if (!plan) return tocsin__null_argument(error, "plan");
    if (!list) return tocsin__null_argument(error, "list");
    tocsin_status status = tocsin__lint_names(plan, list);
    if (!status) status = tocsin__lint_rules(plan, list);
    if (!status) status = tocsin__lint_sides(plan, list);
    if (!status) status = tocsin__lint_terms(plan, list);
    if (!status) status = tocsin__lint_covered(plan, list);
    tocsin__diagnostics_sort(list);
    return status ? tocsin__fail(error, status, "%s", tocsin_status_string(status)) : TOCSIN_OK;
}
