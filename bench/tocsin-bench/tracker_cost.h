#ifndef TOCSIN_BENCH_TRACKER_COST_H
#define TOCSIN_BENCH_TRACKER_COST_H

/* Compares grading with and without a tracker. */

#include <stdint.h>

#include "tocsin-bench/measure.h"

typedef struct track_result {
    const char *corpus;
    uint64_t documents, tiers, tracked, incidents; /* of a pass: all, with a tier, of an incident; incidents */
    uint32_t rounds;
    double alone_seconds, tracked_seconds; /* of a pass, CPU time, medians over rounds */
} track_result;

/*
 * The corpus as one day of posts, graded by the plan in turn with and without a tracker; where the tracker raises the
 * attention of an incident its posts are graded again, as a desk does. Every pass finds the same, or the run ends.
 */
void measure_tracker(const bench_input *input, uint32_t rounds, track_result *result);

#endif
