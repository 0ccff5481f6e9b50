/*
 * Each time is that of a program which has just started, the bench itself with other arguments: memory that was used
 * before is faster, and so is a copy of a process that has it.
 */
#include "tocsin-bench/plan_opens.h"

#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <tocsin/tocsin.h>

#include "feed/tool_memory.h"
#include "tocsin-bench/bench_fail.h"
#include "tocsin-bench/measure.h"

typedef enum way {
    COMPILE,
    OPEN,
    OPEN_BARE, /* an image of the sources alone */
    WAYS
} way;

typedef struct open_run {
    const bench_input *input;
    char paths[WAYS][256]; /* of the plan and its images */
} open_run;

static double cpu_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static tocsin_plan *make_plan(way how, const char *path) {
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    tocsin_status status = how == COMPILE ? tocsin_plan_compile_file(path, NULL, NULL, &plan, &error)
                                          : tocsin_plan_open(path, NULL, NULL, &plan, &error);
    if (status) bench_fail(BENCH_USAGE, "%s: %s:%u: %s", path, error.file, error.line, error.message);
    return plan;
}

int plan_opens_once(const char *how, const char *path) {
    const double began = cpu_seconds();
    tocsin_plan *plan = make_plan(*how == 'c' ? COMPILE : OPEN, path);
    const double seconds = cpu_seconds() - began;
    printf("%.9f %zu\n", seconds, tocsin_plan_get_info(plan)->pattern_count);
    tocsin_plan_release(plan);
    return BENCH_DONE;
}

/* The seconds that another process took, whose plan must have as many patterns. */
static double time_once(const open_run *run, way how, size_t patterns) {
    char command[512];
    double seconds;
    size_t found;
    (void)snprintf(command, sizeof command, "exec /proc/%ld/exe " PLAN_OPENS_ONCE " %s '%s'", (long)getpid(),
                   how == COMPILE ? "compile" : "open", run->paths[how]);
    FILE *child = popen(command, "r");
    if (!child || fscanf(child, "%lf %zu", &seconds, &found) != 2 || pclose(child)) {
        bench_fail(BENCH_FAILED, "%s: a process that was to open it failed", run->paths[how]);
    }
    if (found != patterns) bench_fail(BENCH_DIFFERENT, "%s: other patterns; no figures", run->paths[how]);
    return seconds;
}

static uint64_t grade_all(const tocsin_plan *plan, const bench_input *input) {
    tocsin_scanner *scanner = NULL;
    uint64_t hits = 0;
    bench_require(tocsin_scanner_create(plan, NULL, &scanner, NULL), "make a scanner");
    for (size_t i = 0; i < input->text->original.count; i++) {
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        const tocsin_verdict *verdict;
        document.text = text_list_at(&input->text->original, i);
        bench_require(tocsin_classify(scanner, &document, &verdict, NULL), "grade a document");
        for (size_t t = 0; t < verdict->topic_count; t++) hits += (t + 1) * verdict->topics[t].hits;
    }
    tocsin_scanner_free(scanner);
    return hits;
}

static uint64_t write_image(const open_run *run, way how) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_plan *plan = NULL;
    struct stat facts;
    options.without_blobs = how == OPEN_BARE;
    bench_require(tocsin_plan_compile_file(run->paths[COMPILE], &options, NULL, &plan, NULL), "compile the plan");
    bench_require(tocsin_plan_save(plan, run->paths[how], NULL), "save the plan");
    tocsin_plan_release(plan);
    return stat(run->paths[how], &facts) ? 0 : (uint64_t)facts.st_size;
}

/* All three grade alike; what they are, for the report. */
static size_t compare(const open_run *run, open_result *result) {
    uint64_t hits[WAYS];
    size_t patterns = 0;
    for (int how = COMPILE; how < WAYS; how++) {
        tocsin_plan *plan = make_plan((way)how, run->paths[how]);
        hits[how] = grade_all(plan, run->input);
        patterns = tocsin_plan_get_info(plan)->pattern_count;
        result->terms = tocsin_plan_get_info(plan)->term_count;
        tocsin_plan_release(plan);
        if (hits[how] != hits[COMPILE]) bench_fail(BENCH_DIFFERENT, "%s: other hits; no figures", run->paths[how]);
    }
    return patterns;
}

void measure_opens(const bench_input *input, uint32_t rounds, open_result *result) {
    open_run run = {.input = input};
    double *times = tool_allocate((size_t)rounds * WAYS, sizeof *times);
    (void)snprintf(run.paths[COMPILE], sizeof run.paths[COMPILE], "%s", input->plan);
    for (int how = OPEN; how < WAYS; how++) {
        (void)snprintf(run.paths[how], sizeof run.paths[how], "/tmp/tocsin-bench-%ld-%d.tocsin", (long)getpid(), how);
    }
    *result = (open_result){.corpus = input->text->name, .rounds = rounds};
    result->image_bytes = write_image(&run, OPEN);
    result->sources_bytes = write_image(&run, OPEN_BARE);
    const size_t patterns = compare(&run, result);
    for (uint32_t i = 0; i < rounds * WAYS; i++) {
        const way how = (way)(i % WAYS);
        times[how * rounds + i / WAYS] = time_once(&run, how, patterns);
    }
    for (int how = OPEN; how < WAYS; how++) (void)unlink(run.paths[how]);
    result->compile_seconds = measure_median(times, rounds);
    result->open_seconds = measure_median(times + rounds, rounds);
    result->bare_seconds = measure_median(times + 2 * (size_t)rounds, rounds);
    tool_free(times);
}
