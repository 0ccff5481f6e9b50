#ifndef TOCSIN_BENCH_OPTIONS_H
#define TOCSIN_BENCH_OPTIONS_H

/* The command line of tocsin-bench. */

#include <stddef.h>
#include <stdint.h>

#define BENCH_LIST_MAX 32

typedef struct bench_names {
    const char *at[BENCH_LIST_MAX];
    size_t count;
} bench_names;

typedef struct bench_numbers {
    uint64_t at[BENCH_LIST_MAX];
    size_t count;
} bench_numbers;

typedef struct bench_options {
    bench_names corpora, lexicons, engines, stages;
    bench_numbers terms, min_han, document_bytes;
    const char *plan;
    uint64_t rounds, seed, max_bytes, compounds, threads, swaps, track;
    const char *json, *csv, *dump; /* NULL: not written */
} bench_options;

/*
 * Fills in defaults for options that the command line leaves out. Ends the program after --help and after wrong usage.
 */
void bench_options_read(int argc, char **argv, bench_options *options);

/* Whether a list, or nothing at all, was asked for and holds the name. */
int bench_names_hold(const bench_names *names, const char *name);

#endif
