#ifndef TOCSIN_BENCH_PLAN_SWAPS_H
#define TOCSIN_BENCH_PLAN_SWAPS_H

/* Compares grading while whole plans are exchanged with undisturbed grading. */

#include <stdint.h>

#include "tocsin-bench/measure.h"

typedef struct swap_result {
    const char *corpus;
    uint64_t documents;  /* of a pass */
    uint64_t swaps;      /* in all rounds */
    uint32_t per_second; /* asked for */
    uint32_t rounds;
    double quiet_docs_per_s, swapped_docs_per_s; /* medians over rounds, by the CPU time of the reading thread */
    double quiet_p999_ns, swapped_p999_ns;       /* of a document, by the wall clock; medians over rounds */
} swap_result;

/*
 * One thread grades the corpus by the plan, in turn undisturbed and while another publishes per_second plans a second:
 * the same plan compiled twice, so that every pass must find the same hits, or the run ends.
 */
void measure_swaps(const bench_input *input, uint32_t per_second, uint32_t rounds, swap_result *result);

#endif
