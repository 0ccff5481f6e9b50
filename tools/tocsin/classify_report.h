#ifndef TOCSIN_TOOLS_CLASSIFY_REPORT_H
#define TOCSIN_TOOLS_CLASSIFY_REPORT_H

/* What classify says of itself on standard error: how far it is, and at the end what it did. */

#include <stdint.h>

#include "tocsin/classify_job.h"

typedef struct classify_report {
    const tocsin_plan_info *info; /* of the plan, whose tiers are counted */
    double started, next;         /* seconds; when the next progress line is due */
    uint64_t disk_total;          /* bytes of all inputs as they are on disk; 0 when one has no size */
} classify_report;

/* Now. */
void classify_report_start(classify_report *report, const tocsin_plan_info *info, char **files, int count);

/* Shows a line of progress when one is due: bytes of text, and bytes on disk, that were read so far. */
void classify_report_progress(classify_report *report, const classify_tally *total, uint64_t bytes, uint64_t disk);

void classify_report_summary(const classify_report *report, const classify_tally *total, uint64_t bytes);

#endif
