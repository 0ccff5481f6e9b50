/* A pass has a new tracker, made outside of the time: a desk makes one a year. */
#include "tocsin-bench/tracker_cost.h"

#include <time.h>

#include <tocsin/tocsin.h>

#include "feed/tool_memory.h"
#include "tocsin-bench/bench_fail.h"

#define DAY_MS INT64_C(86400000)
#define START_MS INT64_C(1764000000000)

typedef struct track_pass {
    uint64_t hits, tiers, tracked, incidents;
    double seconds;
} track_pass;

static double cpu_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void track(tocsin_tracker *tracker, tocsin_scanner *scanner, tocsin_document *document,
                  const tocsin_verdict *verdict, track_pass *pass) {
    tocsin_tracked tracked;
    bench_require(tocsin_tracker_add(tracker, document, verdict, &tracked, NULL), "track a document");
    pass->tracked += tracked.incident != 0;
    if (!tracked.incident || tracked.attention <= verdict->attention) return;
    document->attention = tracked.attention;
    bench_require(tocsin_classify(scanner, document, &verdict, NULL), "grade a document");
    bench_require(tocsin_tracker_raise(tracker, document, verdict, &tracked, NULL), "add a second verdict");
}

static track_pass run_pass(const bench_input *input, tocsin_scanner *scanner, tocsin_tracker *tracker) {
    track_pass pass = {0};
    const text_list *texts = &input->text->original;
    const double started = cpu_seconds();
    for (size_t i = 0; i < texts->count; i++) {
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        const tocsin_verdict *verdict;
        document.text = text_list_at(texts, i);
        document.venue = TOCSIN_VENUE_ACCOUNT;
        document.time = START_MS + DAY_MS / (int64_t)texts->count * (int64_t)i;
        bench_require(tocsin_classify(scanner, &document, &verdict, NULL), "grade a document");
        for (size_t t = 0; t < verdict->topic_count; t++) pass.hits += tocsin_verdict_topic(verdict, t)->hits;
        pass.tiers += verdict->tier != TOCSIN_TIER_NONE;
        if (tracker) track(tracker, scanner, &document, verdict, &pass);
    }
    pass.seconds = cpu_seconds() - started;
    pass.incidents = tocsin_tracker_count(tracker);
    return pass;
}

void measure_tracker(const bench_input *input, uint32_t rounds, track_result *result) {
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    double *alone = tool_allocate(rounds, sizeof *alone), *with = tool_allocate(rounds, sizeof *with);
    bench_require(tocsin_plan_compile_file(input->plan, NULL, NULL, &plan, NULL), "compile the plan");
    bench_require(tocsin_scanner_create(plan, NULL, &scanner, NULL), "make a scanner");
    const track_pass first = run_pass(input, scanner, NULL);
    track_pass known = {0};
    for (uint32_t round = 0; round < 2 * rounds; round++) {
        tocsin_tracker *tracker = NULL;
        const int tracking = (int)((round ^ (round >> 1)) & 1); /* 0 1 1 0 …: neither is always the first */
        if (tracking) bench_require(tocsin_tracker_create(NULL, &tracker, NULL), "make a tracker");
        const track_pass pass = run_pass(input, scanner, tracker);
        tocsin_tracker_free(tracker);
        if (pass.hits != first.hits || pass.tiers != first.tiers)
            bench_fail(BENCH_DIFFERENT, "a pass found other hits");
        if (tracking && known.hits && (pass.tracked != known.tracked || pass.incidents != known.incidents)) {
            bench_fail(BENCH_DIFFERENT, "a pass found other incidents");
        }
        if (tracking) known = pass;
        (tracking ? with : alone)[round / 2] = pass.seconds;
    }
    *result = (track_result){
        input->text->name, input->text->original.count, first.tiers, known.tracked, known.incidents, rounds, 0, 0};
    result->alone_seconds = measure_median(alone, rounds);
    result->tracked_seconds = measure_median(with, rounds);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
    tool_free(alone);
    tool_free(with);
}
