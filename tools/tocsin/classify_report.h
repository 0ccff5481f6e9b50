#ifndef TOCSIN_TOOLS_CLASSIFY_REPORT_H
#define TOCSIN_TOOLS_CLASSIFY_REPORT_H

/* What classify reports on standard error: progress, and a summary at the end. */

#include <stdint.h>

#include "tocsin/classify_job.h"

typedef struct classify_report {
    const tocsin_plan_info *info; /* of the plan, whose tiers are counted */
    double started, next;         /* seconds; next: when the next progress line is due */
    uint64_t disk_total;          /* bytes of all inputs on disk; 0 if one has no size */
} classify_report;

/* Now. */
void classify_report_start(classify_report *report, const tocsin_plan_info *info, char **files, int count);

/* Shows a line of progress if one is due: bytes of text, and bytes on disk, that were read so far. */
void classify_report_progress(classify_report *report, const classify_tally *total, uint64_t bytes, uint64_t disk);

void classify_report_summary(const classify_report *report, const classify_tally *total, uint64_t bytes);

#endif
