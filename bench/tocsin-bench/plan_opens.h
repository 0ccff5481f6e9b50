#ifndef TOCSIN_BENCH_PLAN_OPENS_H
#define TOCSIN_BENCH_PLAN_OPENS_H

/* Opening the image of a plan, beside compiling the plan. */

#include <stdint.h>

#include "tocsin-bench/measure.h"

typedef struct open_result {
    const char *corpus;
    uint32_t rounds;
    uint64_t terms;
    uint64_t image_bytes, sources_bytes;                /* with what was compiled, and of the sources alone */
    double compile_seconds, open_seconds, bare_seconds; /* medians of CPU time; bare: from the sources in the image */
} open_result;

#define PLAN_OPENS_ONCE "--time-once"

/* What a process that is measured does, by the arguments behind PLAN_OPENS_ONCE; returns its exit status. */
int plan_opens_once(const char *how, const char *path);

/*
 * Each time in a process of its own, in turn, as a program meets it that starts; the corpus must come out the same by
 * all, or the run ends.
 */
void measure_opens(const bench_input *input, uint32_t rounds, open_result *result);

#endif
