/*
 * A machine is never quiet, so nothing is measured alone: in every round each engine reads the whole corpus once, in
 * turn and starting with another one each time, and the median round counts. Time is the thread's CPU time, which other
 * programs on the machine disturb least; a pass that would be too short for the clock is repeated. Every pass must
 * count what the first one counted, and the first ones must agree among the engines, before a figure leaves this file.
 */
#include "tocsin-bench/measure.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "feed/tool_memory.h"
#include "tocsin-bench/bench_fail.h"
#include "tocsin-bench/process_memory.h"

#define LEAST_SECONDS 0.03 /* of one timed stretch, which hides the clock's step and the first misses */
#define CLOCK_PROBES 1001

typedef struct contender {
    const bench_kind *kind;
    void *state;
    bench_count expected;
    uint32_t repeats;
    double *seconds; /* of each round, a pass */
} contender;

static double seconds_of(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double cpu_seconds(void) { return seconds_of(CLOCK_THREAD_CPUTIME_ID); }

static uint64_t wall_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static bench_count count_of(const contender *c, const bench_input *input, size_t first, size_t last) {
    bench_count count = {0, 0};
    c->kind->run(c->state, input, first, last, &count);
    return count;
}

static void make(contender *c, const bench_input *input, uint32_t rounds, bench_result *result) {
    process_memory_restart();
    uint64_t before = process_memory_now();
    double start = cpu_seconds();
    c->state = c->kind->make(input);
    result->compile_s = cpu_seconds() - start;
    if (c->kind->warm) c->kind->warm(c->state, input);
    start = cpu_seconds();
    c->expected = count_of(c, input, 0, input->text->original.count);
    double pass = cpu_seconds() - start;
    uint64_t peak = process_memory_peak();
    result->peak_rss_bytes = peak > before ? peak - before : 0;
    c->repeats = pass < LEAST_SECONDS ? (uint32_t)(LEAST_SECONDS / (pass + 1e-7)) + 1 : 1;
    c->seconds = tool_allocate(rounds, sizeof *c->seconds);
    result->hits = c->expected.hits;
    if (c->kind->sizes) c->kind->sizes(c->state, &result->plan_bytes, &result->scratch_bytes);
}

static int comparable(const bench_kind *a, const bench_kind *b) {
    return a->counts == b->counts && !strcmp(a->stage, b->stage) && a->spans == b->spans;
}

static int agree(const contender *a, const contender *b, bench_count x, bench_count y) {
    if (a->kind->counts && b->kind->counts && x.hits != y.hits) return 0;
    return a->kind->spans == SPANS_NONE || !comparable(a->kind, b->kind) || x.spans == y.spans;
}

static _Noreturn void report_difference(const contender *a, const contender *b, const bench_input *input) {
    for (size_t i = 0; i < input->text->original.count; i++) {
        bench_count x = count_of(a, input, i, i + 1), y = count_of(b, input, i, i + 1);
        if (agree(a, b, x, y)) continue;
        bench_fail(BENCH_DIFFERENT,
                   "%s: document %zu: %s (%s) found %" PRIu64 " hits and %s (%s) %" PRIu64 "; sums of spans %" PRIu64
                   " and %" PRIu64 "; no figures",
                   input->text->name, i + 1, a->kind->name, a->kind->stage, x.hits, b->kind->name, b->kind->stage,
                   y.hits, x.spans, y.spans);
    }
    bench_fail(BENCH_DIFFERENT, "%s: %s (%s) and %s (%s) differ on the whole but on no document; no figures",
               input->text->name, a->kind->name, a->kind->stage, b->kind->name, b->kind->stage);
}

static void require_agreement(const contender *contenders, size_t count, const bench_input *input) {
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            const contender *a = &contenders[i], *b = &contenders[j];
            if (!agree(a, b, a->expected, b->expected)) report_difference(a, b, input);
        }
    }
}

static double timed_passes(const contender *c, const bench_input *input) {
    bench_count sum = {0, 0};
    double start = cpu_seconds();
    for (uint32_t i = 0; i < c->repeats; i++) c->kind->run(c->state, input, 0, input->text->original.count, &sum);
    double seconds = (cpu_seconds() - start) / c->repeats;
    if (sum.hits != c->expected.hits * c->repeats || sum.spans != c->expected.spans * c->repeats) {
        bench_fail(BENCH_DIFFERENT, "%s: %s (%s) does not count the same every time; no figures", input->text->name,
                   c->kind->name, c->kind->stage);
    }
    return seconds;
}

static int by_seconds(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int by_nanoseconds(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint64_t clock_cost(void) {
    static uint64_t probes[CLOCK_PROBES];
    for (size_t i = 0; i < CLOCK_PROBES; i++) {
        uint64_t start = wall_ns();
        probes[i] = wall_ns() - start;
    }
    qsort(probes, CLOCK_PROBES, sizeof *probes, by_nanoseconds);
    return probes[CLOCK_PROBES / 2];
}

static void time_documents(const contender *c, const bench_input *input, bench_result *result) {
    size_t n = input->text->original.count;
    uint64_t *times = tool_allocate(n, sizeof *times), cost = clock_cost();
    bench_count sum = {0, 0};
    for (size_t i = 0; i < n; i++) {
        uint64_t start = wall_ns();
        c->kind->run(c->state, input, i, i + 1, &sum);
        uint64_t took = wall_ns() - start;
        times[i] = took > cost ? took - cost : 0;
    }
    qsort(times, n, sizeof *times, by_nanoseconds);
    result->ns_p50 = (double)times[(n - 1) / 2];
    result->ns_p99 = (double)times[(size_t)((double)(n - 1) * 0.99)];
    result->ns_p999 = (double)times[(size_t)((double)(n - 1) * 0.999)];
    tool_free(times);
}

static void finish(contender *c, const bench_input *input, uint32_t rounds, bench_result *result) {
    qsort(c->seconds, rounds, sizeof *c->seconds, by_seconds);
    result->rounds = rounds;
    result->seconds = rounds % 2 ? c->seconds[rounds / 2] : (c->seconds[rounds / 2] + c->seconds[rounds / 2 - 1]) / 2;
    result->seconds_least = c->seconds[0];
    result->seconds_most = c->seconds[rounds - 1];
    time_documents(c, input, result);
    c->kind->release(c->state);
    tool_free(c->seconds);
}

void measure(const bench_input *input, const bench_kind *const *kinds, size_t count, uint32_t rounds,
             bench_result *results) {
    contender contenders[BENCH_MAX_ENGINES] = {0};
    for (size_t i = 0; i < count; i++) {
        contenders[i].kind = kinds[i];
        results[i] = (bench_result){.kind = kinds[i],
                                    .threads = 1,
                                    .terms = input->terms ? input->terms->folded.count : 0,
                                    .documents = input->text->original.count,
                                    .bytes = input->text->original.length,
                                    .folded_bytes = input->text->folded.length};
        snprintf(results[i].corpus, sizeof results[i].corpus, "%s", input->text->name);
        make(&contenders[i], input, rounds, &results[i]);
    }
    require_agreement(contenders, count, input);
    for (uint32_t round = 0; round < rounds; round++) {
        for (size_t i = 0; i < count; i++) {
            contender *c = &contenders[(i + round) % count];
            c->seconds[round] = timed_passes(c, input);
        }
    }
    for (size_t i = 0; i < count; i++) finish(&contenders[i], input, rounds, &results[i]);
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double measure_median(double *list, uint32_t count) {
    qsort(list, count, sizeof *list, by_size);
    return list[count / 2];
}
