#ifndef TOCSIN_TOOLS_CLASSIFY_METRICS_H
#define TOCSIN_TOOLS_CLASSIFY_METRICS_H

/* Counters of classify in Prometheus' text format, for the textfile collector of node_exporter. */

#include <tocsin/tocsin.h>

#include "program/plan_watch.h"
#include "tocsin/classify_job.h"

typedef struct classify_metrics classify_metrics;

/*
 * Writes the file at once, then in each second with a change, and at the end; each write replaces the whole file or
 * nothing. info is that of the first plan, whose tiers are counted; slot and watch may be NULL; all of them and path
 * stay until the end. A write failure is reported once. NULL after a message if there is no thread.
 */
classify_metrics *classify_metrics_start(const char *path, const tocsin_plan_info *info, tocsin_slot *slot,
                                         plan_watch *watch);

/* Updates the counters. NULL does nothing. */
void classify_metrics_update(classify_metrics *metrics, const classify_tally *total, uint64_t bytes);

/* Writes the file for the last time and frees everything. NULL does nothing. */
void classify_metrics_stop(classify_metrics *metrics);

#endif
