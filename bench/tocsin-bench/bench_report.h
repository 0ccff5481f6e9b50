#ifndef TOCSIN_BENCH_REPORT_H
#define TOCSIN_BENCH_REPORT_H

/* Results for people (a table), for programs (JSON) and for plots (CSV). */

#include <stddef.h>

#include "tocsin-bench/machine.h"
#include "tocsin-bench/measure.h"
#include "tocsin-bench/plan_swaps.h"
#include "tocsin-bench/tracker_cost.h"

void report_machine(const machine_facts *facts);

/* One group: engines that were measured side by side. */
void report_table(const bench_result *results, size_t count);

/* One thread and several. */
void report_threads(const bench_result results[2]);

/* The same of grading while plans are exchanged. */
void report_swaps(const swap_result *result);
void report_track(const track_result *result);

void report_json(const char *path, const machine_facts *facts, const bench_result *results, size_t count);
void report_csv(const char *path, const bench_result *results, size_t count);

#endif
