#ifndef TOCSIN_TOOLS_CLASSIFY_METRICS_H
#define TOCSIN_TOOLS_CLASSIFY_METRICS_H

/* What classify counts, in a file of Prometheus' text format, for the textfile collector of node_exporter. */

#include <tocsin/tocsin.h>

#include "program/plan_watch.h"
#include "tocsin/classify_job.h"

typedef struct classify_metrics classify_metrics;

/*
 * Writes the file at once, then each second in which something changed, and at the end, each time whole or not at all.
 * info is that of the first plan, whose tiers are counted; slot and watch may be NULL; all of them and path stay until
 * the end. A file that cannot be written is told once. NULL after a message when there is no thread.
 */
classify_metrics *classify_metrics_start(const char *path, const tocsin_plan_info *info, tocsin_slot *slot,
                                         plan_watch *watch);

/* What there is so far. NULL does nothing. */
void classify_metrics_update(classify_metrics *metrics, const classify_tally *total, uint64_t bytes);

/* Writes the last one and frees it. NULL does nothing. */
void classify_metrics_stop(classify_metrics *metrics);

#endif
