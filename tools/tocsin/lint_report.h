#ifndef TOCSIN_TOOLS_LINT_REPORT_H
#define TOCSIN_TOOLS_LINT_REPORT_H

/* What tocsin lint prints. */

#include "tocsin/lint_folder.h"
#include "tocsin/lint_sample.h"

typedef struct lint_report {
    const char *path;
    const char *problem; /* why there is no plan, if no diagnostic says so; otherwise NULL */
    const tocsin_diagnostics *list;
    folder_findings folder;
    const tocsin_plan_info *info; /* NULL: the plan does not compile */
    const lint_sample *sample;    /* NULL: no sample was given */
    int all_notes;
} lint_report;

void lint_report_text(tocsin_buffer *out, const lint_report *report);
void lint_report_json(tocsin_buffer *out, const lint_report *report);

/* Lists every code, by number. */
void lint_report_codes(tocsin_buffer *out);

#endif
