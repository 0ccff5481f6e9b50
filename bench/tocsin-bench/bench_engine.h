#ifndef TOCSIN_BENCH_ENGINE_H
#define TOCSIN_BENCH_ENGINE_H

/* One thing that is measured: how it is made, and how it reads documents one after the other. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/plan.h>

#include "tocsin-bench/corpus.h"
#include "tocsin-bench/term_list.h"

typedef struct bench_input {
    const corpus *text;
    const term_list *terms; /* NULL in the groups that look for none */
    const char *plan;       /* of the stage classify */
} bench_input;

/* What reading came to. Spans are summed up so that engines which work on the same text can be compared by them. */
typedef struct bench_count {
    uint64_t hits;
    uint64_t spans;
} bench_count;

#define BENCH_SPAN(start, end) ((uint64_t)(start)*31u + (uint64_t)(end))

typedef enum bench_spans {
    SPANS_NONE, /* hits only */
    SPANS_ORIGINAL,
    SPANS_FOLDED
} bench_spans;

typedef struct bench_kind {
    const char *name;
    const char *stage;
    bench_spans spans;
    int counts;                              /* it looks for the terms: its hits must equal those of the others */
    int by_default;                          /* otherwise only if --engine names it */
    void *(*make)(const bench_input *input); /* what compile_s and peak_rss_bytes measure */
    void (*warm)(void *state, const bench_input *input); /* the rest that is needed before documents; may be NULL */
    void (*run)(void *state, const bench_input *input, size_t first, size_t last, bench_count *count);
    void (*sizes)(void *state, uint64_t *plan_bytes, uint64_t *scratch_bytes); /* after documents; may be NULL */
    void (*release)(void *state);
    void *(*share)(const void *state); /* one more for another thread, not warm; NULL where that is not measured */
} bench_kind;

extern const bench_kind engine_tocsin, engine_match, engine_tocsin_hyperscan, engine_match_hyperscan;
extern const bench_kind engine_fold, engine_classify, engine_copy;
extern const bench_kind engine_raw_hyperscan, engine_icu_hyperscan, engine_icu_fold, engine_naive;

#endif
