/*
 * A round is some passes without a publisher and as many with one, half of the rounds the other way about. Time is
 * taken around every document in both, so that the clock costs both the same.
 */
#include "tocsin-bench/plan_swaps.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include <tocsin/tocsin.h>

#include "feed/tool_memory.h"
#include "tocsin-bench/bench_fail.h"

#define PHASE_SECONDS 1.0 /* of passes at least: ten swaps a second are to be met several times */

typedef struct swap_run {
    const bench_input *input;
    tocsin_plan *plans[2];
    tocsin_slot *slot;
    tocsin_scanner *scanner;
    uint64_t expected; /* hits of a pass */
    uint32_t passes;
    uint32_t *times; /* nanoseconds of each document of each pass */
    uint32_t per_second;
    atomic_int publishing;
    uint64_t swaps;
} swap_run;

static double seconds_of(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static uint64_t wall_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t grade(swap_run *run, size_t i) {
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict;
    uint64_t hits = 0;
    document.text = text_list_at(&run->input->text->original, i);
    document.venue = TOCSIN_VENUE_ACCOUNT;
    bench_require(tocsin_classify(run->scanner, &document, &verdict, NULL), "grade a document");
    for (size_t t = 0; t < verdict->topic_count; t++) hits += tocsin_verdict_topic(verdict, t)->hits;
    return hits;
}

static void *publish(void *context) {
    swap_run *run = context;
    const long gap = 1000000000L / (long)run->per_second;
    const struct timespec pause = {gap / 1000000000L, gap % 1000000000L};
    while (atomic_load(&run->publishing)) {
        (void)tocsin_slot_publish(run->slot, run->plans[++run->swaps & 1]);
        nanosleep(&pause, NULL);
    }
    return NULL;
}

static int by_time(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Documents a second; *p999 becomes the nanoseconds that one document in a thousand exceeds. */
static double phase(swap_run *run, double *p999) {
    const size_t documents = run->input->text->original.count, count = documents * run->passes;
    uint64_t hits = 0;
    size_t n = 0;
    double began = seconds_of(CLOCK_THREAD_CPUTIME_ID);
    for (uint32_t pass = 0; pass < run->passes; pass++) {
        for (size_t i = 0; i < documents; i++) {
            uint64_t start = wall_ns();
            hits += grade(run, i);
            uint64_t took = wall_ns() - start;
            run->times[n++] = took < UINT32_MAX ? (uint32_t)took : UINT32_MAX;
        }
    }
    double seconds = seconds_of(CLOCK_THREAD_CPUTIME_ID) - began;
    if (hits != run->expected * run->passes) {
        bench_fail(BENCH_DIFFERENT, "%s: a pass finds other hits while plans are exchanged; no figures",
                   run->input->text->name);
    }
    qsort(run->times, count, sizeof *run->times, by_time);
    *p999 = run->times[count - 1 - count / 1000];
    return (double)count / seconds;
}

static double disturbed_phase(swap_run *run, double *p999) {
    pthread_t thread;
    atomic_store(&run->publishing, 1);
    if (pthread_create(&thread, NULL, publish, run)) bench_fail(BENCH_FAILED, "cannot start a thread");
    double speed = phase(run, p999);
    atomic_store(&run->publishing, 0);
    pthread_join(thread, NULL);
    return speed;
}

static void prepare(swap_run *run) {
    const size_t documents = run->input->text->original.count;
    tocsin_error error = {0};
    for (int i = 0; i < 2; i++) {
        tocsin_status status = tocsin_plan_compile_file(run->input->plan, NULL, NULL, &run->plans[i], &error);
        if (status) bench_fail(BENCH_USAGE, "%s: %s:%u: %s", run->input->plan, error.file, error.line, error.message);
    }
    bench_require(tocsin_slot_create(run->plans[0], NULL, &run->slot), "make a slot");
    bench_require(tocsin_scanner_create_for_slot(run->slot, NULL, &run->scanner, NULL), "make a scanner");
    for (size_t i = 0; i < documents; i++) run->expected += grade(run, i);
    double began = seconds_of(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < documents; i++) (void)grade(run, i);
    run->passes = (uint32_t)(PHASE_SECONDS / (seconds_of(CLOCK_THREAD_CPUTIME_ID) - began + 1e-6)) + 1;
    run->times = tool_allocate(documents * run->passes, sizeof *run->times);
}

void measure_swaps(const bench_input *input, uint32_t per_second, uint32_t rounds, swap_result *result) {
    swap_run run = {.input = input, .per_second = per_second};
    double *lists = tool_allocate((size_t)rounds * 4, sizeof *lists);
    double *quiet = lists, *swapped = lists + rounds, *quiet_p999 = lists + 2 * rounds;
    double *swapped_p999 = lists + 3 * rounds;
    prepare(&run);
    for (uint32_t round = 0; round < rounds; round++) {
        if (round & 1) swapped[round] = disturbed_phase(&run, &swapped_p999[round]);
        quiet[round] = phase(&run, &quiet_p999[round]);
        if (!(round & 1)) swapped[round] = disturbed_phase(&run, &swapped_p999[round]);
    }
    *result = (swap_result){.corpus = input->text->name,
                            .documents = input->text->original.count,
                            .swaps = run.swaps,
                            .per_second = per_second,
                            .rounds = rounds,
                            .quiet_docs_per_s = measure_median(quiet, rounds),
                            .swapped_docs_per_s = measure_median(swapped, rounds),
                            .quiet_p999_ns = measure_median(quiet_p999, rounds),
                            .swapped_p999_ns = measure_median(swapped_p999, rounds)};
    tocsin_scanner_free(run.scanner);
    tocsin_slot_free(run.slot);
    for (int i = 0; i < 2; i++) tocsin_plan_release(run.plans[i]);
    tool_free(run.times);
    tool_free(lists);
}
