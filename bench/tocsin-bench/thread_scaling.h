#ifndef TOCSIN_BENCH_THREAD_SCALING_H
#define TOCSIN_BENCH_THREAD_SCALING_H

/* Compares one thread with several that share the compiled object and nothing else. */

#include <stddef.h>
#include <stdint.h>

#include "tocsin-bench/measure.h"

/*
 * Each thread reads the whole corpus. results[0] becomes one thread's figures and results[1] those of all together;
 * seconds there are of the wall clock, divided by the number of threads, and cpu_seconds what a thread spent on a pass.
 */
void measure_threads(const bench_input *input, const bench_kind *kind, uint32_t threads, uint32_t rounds,
                     bench_result results[2]);

#endif
