#ifndef TOCSIN_BENCH_MEASURE_H
#define TOCSIN_BENCH_MEASURE_H

/* Engines side by side on one input: the same counts first, then rounds in turn, medians. */

#include <stddef.h>
#include <stdint.h>

#include "tocsin-bench/bench_engine.h"

typedef struct bench_result {
    const bench_kind *kind;
    char corpus[96];
    char lexicon[96]; /* "" where no terms are looked for */
    uint32_t min_han;
    uint64_t terms, documents, bytes, folded_bytes; /* bytes: original UTF-8 */
    uint64_t hits;
    uint32_t rounds, threads;
    double cpu_seconds;                          /* where threads were compared: of one thread's pass */
    double seconds, seconds_least, seconds_most; /* of one pass: median, best and worst round */
    double ns_p50, ns_p99, ns_p999;              /* of one document, the clock's own time taken off */
    double compile_s;
    uint64_t plan_bytes, scratch_bytes;
    uint64_t peak_rss_bytes; /* the largest growth of the process, from before compiling to the end of a first pass */
} bench_result;

#define BENCH_MAX_ENGINES 16

/*
 * Makes and measures the engines; one result each. Ends the program when those that look for the terms do not count the
 * same, naming the first document that shows it.
 */
void measure(const bench_input *input, const bench_kind *const *kinds, size_t count, uint32_t rounds,
             bench_result *results);

/* Sorts the list. */
double measure_median(double *list, uint32_t count);

#endif
