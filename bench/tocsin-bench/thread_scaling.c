/*
 * What more threads bring. They start together behind a barrier, each at a document of its own so that they do not walk
 * through memory side by side, and the wall clock stops when the last one is done. The CPU time of a pass is reported
 * too: on a busy machine the wall clock says little, but a pass that costs the same with neighbours as without shares
 * nothing with them.
 */
#include "tocsin-bench/thread_scaling.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "feed/tool_memory.h"
#include "tocsin-bench/bench_fail.h"

#define PASS_SECONDS 0.1 /* of one thread at least, so that starting threads does not matter */

typedef struct shared_start {
    pthread_barrier_t barrier;
    const bench_kind *kind;
    const bench_input *input;
    uint32_t passes;
    bench_count expected; /* of one pass */
} shared_start;

typedef struct worker {
    shared_start *start;
    void *state;
    size_t first; /* document */
    double began, ended, cpu_seconds;
    int different;
    pthread_t thread;
} worker;

static double seconds_of(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void *work(void *context) {
    worker *w = context;
    const shared_start *s = w->start;
    size_t count = s->input->text->original.count;
    bench_count sum = {0, 0};
    pthread_barrier_wait(&w->start->barrier);
    w->began = seconds_of(CLOCK_MONOTONIC);
    double cpu = seconds_of(CLOCK_THREAD_CPUTIME_ID);
    for (uint32_t i = 0; i < s->passes; i++) {
        s->kind->run(w->state, s->input, w->first, count, &sum);
        s->kind->run(w->state, s->input, 0, w->first, &sum);
    }
    w->cpu_seconds = (seconds_of(CLOCK_THREAD_CPUTIME_ID) - cpu) / s->passes;
    w->ended = seconds_of(CLOCK_MONOTONIC);
    w->different = sum.hits != s->expected.hits * s->passes || sum.spans != s->expected.spans * s->passes;
    return NULL;
}

/* Wall seconds from the first start to the last end; *cpu becomes the mean of a thread's pass. */
static double run_together(shared_start *start, worker *workers, uint32_t count, double *cpu) {
    double began = 0, ended = 0;
    *cpu = 0;
    if (pthread_barrier_init(&start->barrier, NULL, count)) bench_fail(BENCH_FAILED, "cannot make a barrier");
    for (uint32_t i = 0; i < count; i++) {
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
            bench_fail(BENCH_FAILED, "cannot start a thread");
    }
    for (uint32_t i = 0; i < count; i++) {
        const worker *w = &workers[i];
        pthread_join(w->thread, NULL);
        if (w->different) bench_fail(BENCH_DIFFERENT, "a thread does not count what one alone counted; no figures");
        began = i && began < w->began ? began : w->began;
        ended = i && ended > w->ended ? ended : w->ended;
        *cpu += w->cpu_seconds / count;
    }
    pthread_barrier_destroy(&start->barrier);
    return ended - began;
}

static worker *make_workers(shared_start *start, uint32_t threads) {
    worker *workers = tool_allocate(threads, sizeof *workers);
    size_t documents = start->input->text->original.count;
    workers[0].state = start->kind->make(start->input);
    for (uint32_t i = 0; i < threads; i++) {
        if (i) workers[i].state = start->kind->share(workers[0].state);
        start->kind->warm(workers[i].state, start->input);
        workers[i].start = start;
        workers[i].first = documents * i / threads;
    }
    double began = seconds_of(CLOCK_THREAD_CPUTIME_ID);
    start->kind->run(workers[0].state, start->input, 0, documents, &start->expected);
    start->passes = (uint32_t)(PASS_SECONDS / (seconds_of(CLOCK_THREAD_CPUTIME_ID) - began + 1e-6)) + 1;
    return workers;
}

static void put_result(const shared_start *start, uint32_t threads, uint32_t rounds, double *wall, double *cpu,
                       bench_result *result) {
    double share = 1.0 / ((double)start->passes * threads);
    *result = (bench_result){.kind = start->kind,
                             .threads = threads,
                             .terms = start->input->terms ? start->input->terms->folded.count : 0,
                             .documents = start->input->text->original.count,
                             .bytes = start->input->text->original.length,
                             .folded_bytes = start->input->text->folded.length,
                             .hits = start->expected.hits,
                             .rounds = rounds,
                             .cpu_seconds = measure_median(cpu, rounds),
                             .seconds = measure_median(wall, rounds) * share};
    result->seconds_least = wall[0] * share;
    result->seconds_most = wall[rounds - 1] * share;
    snprintf(result->corpus, sizeof result->corpus, "%s", start->input->text->name);
}

void measure_threads(const bench_input *input, const bench_kind *kind, uint32_t threads, uint32_t rounds,
                     bench_result results[2]) {
    shared_start start = {.kind = kind, .input = input};
    worker *workers = make_workers(&start, threads);
    double *times = tool_allocate((size_t)rounds * 4, sizeof *times);
    double *wall_one = times, *cpu_one = times + rounds, *wall_all = times + 2 * rounds, *cpu_all = times + 3 * rounds;
    for (uint32_t round = 0; round < rounds; round++) {
        wall_one[round] = run_together(&start, workers, 1, &cpu_one[round]);
        wall_all[round] = run_together(&start, workers, threads, &cpu_all[round]);
    }
    put_result(&start, 1, rounds, wall_one, cpu_one, &results[0]);
    put_result(&start, threads, rounds, wall_all, cpu_all, &results[1]);
    for (uint32_t i = 0; i < threads; i++) kind->release(workers[i].state);
    tool_free(times);
    tool_free(workers);
}
