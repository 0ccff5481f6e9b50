#ifndef TOCSIN_PLAN_REPORT_H
#define TOCSIN_PLAN_REPORT_H

/* Receives the problems from the readers of a plan file; counts them even if nobody wants the list. */

#include "base/diagnostics_add.h"

typedef struct tocsin__plan_report {
    tocsin_diagnostics *diagnostics; /* borrowed; may be NULL */
    size_t errors;
    tocsin_status status; /* TOCSIN_OK, or TOCSIN_ERROR_MEMORY after memory ran out */
} tocsin__plan_report;

static inline void tocsin__plan_report_note(tocsin__plan_report *report, tocsin_status status) {
    if (status) report->status = status;
}

#define TOCSIN__PLAN_ERROR(report, ...)                                                                                \
    ((report)->errors++,                                                                                               \
     tocsin__plan_report_note((report), tocsin__diagnose((report)->diagnostics, TOCSIN_SEVERITY_ERROR, __VA_ARGS__)))

#define TOCSIN__PLAN_WARNING(report, ...)                                                                              \
    tocsin__plan_report_note((report), tocsin__diagnose((report)->diagnostics, TOCSIN_SEVERITY_WARNING, __VA_ARGS__))

#endif
