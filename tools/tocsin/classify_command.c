/*
 * tocsin classify: reader → batch of lines → workers → ordered writer; reader and writer are this thread. A failure in
 * one place does not end the others: a bad line is rejected and the next one is read; a file that fails is named and
 * the next one is opened. Only an output that cannot be written ends the run.
 */
#define _GNU_SOURCE /* sched_getaffinity */

#include <inttypes.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/confine.h"
#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/output.h"
#include "program/plan_watch.h"
#include "program/stop_signal.h"
#include "tocsin/classify_metrics.h"
#include "tocsin/classify_pool.h"
#include "tocsin/classify_report.h"
#include "tocsin/command.h"
#include "tocsin/reject_line.h"
#include "tocsin/verdict_sheet.h"

#define MAX_JOBS 256               /* threads; each has its own scanner */
#define MAX_HELD ((size_t)4 << 20) /* bytes of lines with the workers, times their number and 3 */
#define SHOWN_REJECTS 20           /* on standard error; --rejects writes all */

static const char help[] =
    "usage: tocsin classify -p PLAN [OPTION…] [FILE…]\n"
    "\n"
    "Grades each document and prints one verdict a line, as JSON, in the order of the input. FILE is plain, gzip or\n"
    "zstd, which its content shows; - or no FILE is standard input.\n"
    "\n"
    "  -p, --plan PLAN       plan file, folder with a plan.yaml, or image\n"
    "  -j, --jobs N          grade with N threads, at most 256 (default 0: one for each processor)\n"
    "      --format NAME     ndjson, json (arrays, objects of many lines), csv, tsv, text (a document a line); "
    "default: by content\n"
    "      --field FIELD=NAME  the name of a field in the feed: text=content; data.body is body in the object data;\n"
    "                        text=a,b joins two fields; 'text=a|b' takes the first that is not empty\n"
    "      --set FIELD=VALUE the value of a field that the feed lacks: venue=forum\n"
    "      --shape NAME      the field names of a crawler: weibo-crawler, weibospider, mediacrawler, rss\n"
    "      --records PATH    the array of documents inside a JSON object: items, data.list\n"
    "      --further PATH    an array of further documents in each record: comments, comments[].text\n"
    "      --time-zone ZONE  the zone of times without one: +08:00 or Asia/Shanghai (default: that of the system)\n"
    "      --collected FIELD the time when a document was collected: times such as 3分钟前 are counted from it\n"
    "      --html            title and text are HTML: tags are removed, evidence gives positions in the HTML\n"
    "      --strict          reject a document whose time, reach or venue cannot be read\n"
    "      --encoding NAME   of the input: Big5, UTF-16LE, …; UTF-8, GB18030 and UTF-16 with a mark need none\n"
    "      --reload          take the new plan on SIGHUP, and when a file of the plan changes\n"
    "      --to NAME         ndjson (default), or csv: one row for each post, with the words that decided\n"
    "      --all             print verdicts without a tier too\n"
    "      --line-by-line    answer each line at once, rejected ones too\n"
    "      --on-error WHAT   skip: go on after a line that cannot be read (default); stop: end there\n"
    "      --rejects FILE    write rejected lines as JSON: {\"file\", \"line\", \"reason\", \"raw\"}\n"
    "  -o, --output FILE     written as FILE.partial, renamed when complete\n"
    "      --metrics FILE    write counts to FILE each second, in the text format of Prometheus\n"
    "  -q, --quiet           no summary and no progress\n"
    "\n"
    "A document of JSON is an object with text or title or both, and may have id, time, source (host or channel), "
    "venue\n"
    "(mainstream_site, site, hot_forum, forum, celebrity_account, account, own, unknown) and reach (12800, 1.2万, "
    "10w+);\n"
    "null is absent, other fields are ignored. Times: RFC 3339, 2024-01-02 03:04, 2024/1/2, 2024年1月2日, 20240102, "
    "as\n"
    "weibo and RSS write them, Unix seconds or milliseconds. A time, a reach or a venue that cannot be read is left "
    "out;\n"
    "the first of each kind is shown. A document without an id gets its line's number. Lines over 64 MiB are "
    "rejected.\n"
    "\n"
    "Exit status: 0 done; 1 done, but lines were rejected; 2 wrong usage, or the plan does not compile; 3 an input\n"
    "or output failed. SIGINT and SIGTERM end reading; what was read is graded first.\n"
    "\n"
    "  tocsin classify -p examples/fire-service posts.ndjson.zst > verdicts.ndjson\n"
    "  tail -F posts.ndjson | tocsin classify -p plan.yaml --rejects bad.ndjson -\n";

enum {
    CLASSIFY_PLAN,
    CLASSIFY_JOBS,
    CLASSIFY_RELOAD,
    CLASSIFY_ALL,
    CLASSIFY_LINE_BY_LINE,
    CLASSIFY_ON_ERROR,
    CLASSIFY_REJECTS,
    CLASSIFY_OUTPUT,
    CLASSIFY_QUIET,
    CLASSIFY_METRICS,
    CLASSIFY_TO
};

static const option_spec specs[] = {{"plan", 'p', 1},       {"jobs", 'j', 1},   {"reload", 0, 0},  {"all", 0, 0},
                                    {"line-by-line", 0, 0}, {"on-error", 0, 1}, {"rejects", 0, 1}, {"output", 'o', 1},
                                    {"quiet", 'q', 0},      {"metrics", 0, 1},  {"to", 0, 1}};

typedef enum run_end {
    RUN_ON,
    RUN_STOPPED, /* --on-error stop, or a signal */
    RUN_CLOSED,  /* no program reads the output any more */
    RUN_FAILED   /* the output cannot be written */
} run_end;

typedef struct classify_run {
    const char *plan_path, *rejects_path, *output_path, *metrics_path;
    feed_format format;
    feed_names names;
    input_options input;
    int reload, all, line_by_line, stop_at_error, quiet, as_csv;
    uint64_t jobs; /* threads */
    char **files;
    int file_count;

    tocsin_plan *plan; /* the first one */
    tocsin_slot *slot; /* NULL without --reload */
    plan_watch *watch;
    classify_metrics *metrics;
    classify_pool *pool;
    output *out, *rejects;
    classify_tally total;
    classify_report report;
    uint64_t bytes;      /* of UTF-8 text in finished inputs */
    uint64_t bytes_here; /* of the present input */
    uint64_t disk_bytes; /* of finished inputs, on disk */
    int input_failed;
    int signalled; /* a signal ended it */
    run_end end;
} classify_run;

static run_end end_of(output_status status) {
    return status == OUTPUT_OK ? RUN_ON : status == OUTPUT_CLOSED ? RUN_CLOSED : RUN_FAILED;
}

static void write_rejects(classify_run *run, const classify_job *job) {
    tocsin_buffer lines;
    tocsin_buffer_init(&lines, NULL);
    for (size_t i = 0; i < job->reject_count; i++) {
        const batch_line *line = &job->batch.lines[job->rejects[i].line];
        const char *reason = job->reasons.data + job->rejects[i].reason;
        if (run->total.rejected + i < SHOWN_REJECTS)
            console_line("%s:%" PRIu64 ": %s", job->file, line->number, message_told(reason));
        if (run->rejects) reject_line_append(&lines, job->file, &job->batch, line, reason);
    }
    if (lines.length && output_write(run->rejects, lines.data, lines.length) != OUTPUT_OK) run->end = RUN_FAILED;
    tocsin_buffer_release(&lines);
}

static void show_progress(classify_run *run, const input_file *input, const line_reader *lines) {
    if (run->quiet || output_is_terminal(run->out)) return;
    classify_report_progress(&run->report, &run->total, run->bytes + line_reader_bytes(lines),
                             run->disk_bytes + input_file_offset(input));
}

/* Adds faults in the order of their lines, however the feed was divided into jobs. */
static void add_faults(classify_run *run, const classify_job *job) {
    unsigned left = (1U << FEED_FAULT_COUNT) - 1;
    while (left) {
        int first = __builtin_ctz(left);
        for (int i = first + 1; i < FEED_FAULT_COUNT; i++) {
            if (left >> i & 1 && job->faults[i].line < job->faults[first].line) first = i;
        }
        const job_fault *fault = &job->faults[first];
        feed_faults_add(&run->total.faults, (feed_fault)first, fault->count, job->file, fault->line,
                        fault->count ? job->reasons.data + fault->what : "");
        left &= ~(1U << first);
    }
}

/* Writes the result of the oldest job. 0 if there is none. */
static int write_oldest(classify_run *run) {
    const classify_job *job = classify_pool_oldest(run->pool);
    if (!job) return 0;
    if (job->verdicts.length) run->end = end_of(output_write(run->out, job->verdicts.data, job->verdicts.length));
    if (run->end == RUN_ON) write_rejects(run, job);
    add_faults(run, job);
    classify_tally_add(&run->total, &job->tally);
    classify_metrics_update(run->metrics, &run->total, run->bytes + run->bytes_here);
    if (run->end == RUN_ON && job->stopped) run->end = RUN_STOPPED;
    classify_pool_release(run->pool);
    return 1;
}

/* Writes until every job is written, or one ends the run. */
static void write_all(classify_run *run) {
    while (run->end == RUN_ON && write_oldest(run)) continue;
}

/*
 * Returns a job to fill, after writing as many as necessary: all jobs if the input must be waited for; otherwise enough
 * to have one free and not too much in memory.
 */
static classify_job *free_job(classify_run *run, const line_reader *lines) {
    classify_job *job;
    if (!line_reader_ready(lines)) write_all(run);
    while (run->end == RUN_ON && classify_pool_held(run->pool) > MAX_HELD * (run->jobs + 3)) write_oldest(run);
    while (!(job = classify_pool_next(run->pool)) && run->end == RUN_ON) write_oldest(run);
    return run->end == RUN_ON ? job : NULL;
}

/* Reports once which encoding was detected in the text, after the results of the lines before. */
static void tell_encoding(classify_run *run, const char *path, input_file *input) {
    if (!input_file_tells_guess(input)) return;
    write_all(run);
    console_line("%s: is not UTF-8 and is read as GB18030", path);
}

/* Reports on an input after everything in it is written. */
static void end_input(classify_run *run, const char *path, const input_file *input, line_status state) {
    uint64_t first_line, malformed = input_file_malformed(input, &first_line);
    run->disk_bytes += input_file_size(input);
    if (malformed || state == LINE_FAILED) write_all(run);
    if (malformed) {
        console_line("%s: %" PRIu64 " malformed part%s in its encoding, the first in line %" PRIu64, path, malformed,
                     malformed == 1 ? "" : "s", first_line);
    }
    if (state != LINE_FAILED) return;
    if (input_file_stopped(input)) {
        run->signalled = run->end == RUN_ON;
        if (run->signalled) run->end = RUN_STOPPED;
        return;
    }
    console_error("%s: %s", path, message_told(input_file_problem(input)));
    run->input_failed = 1;
}

static void classify_file(classify_run *run, const char *path) {
    input_file *input = input_file_open(path, &run->input);
    line_reader *lines = line_reader_create_feed(input, path, run->format, &run->names);
    line_status state = LINE_END;
    classify_job *job;
    while ((job = free_job(run, lines)) && (state = line_reader_fill(lines, &job->batch)) == LINE_READY) {
        job->file = path;
        tell_encoding(run, path, input);
        classify_pool_give(run->pool);
        run->bytes_here = line_reader_bytes(lines);
        show_progress(run, input, lines);
    }
    if (job) end_input(run, path, input, state);
    run->bytes += line_reader_bytes(lines);
    run->bytes_here = 0;
    line_reader_free(lines);
    input_file_close(input);
}

/* Gives the files their final names, or reports where the partial results are. */
static void end_outputs(classify_run *run) {
    if (run->rejects && run->end != RUN_FAILED && output_commit(run->rejects) != OUTPUT_OK) run->end = RUN_FAILED;
    if (run->end == RUN_STOPPED || (run->end == RUN_ON && run->input_failed)) output_keep_partial(run->out);
    if (run->end == RUN_ON && !run->input_failed) run->end = end_of(output_commit(run->out));
}

static int has_text(const classify_tally *total) {
    return feed_texts_check(&(feed_texts){total->documents, total->empty, total->garbled});
}

static int classify_files(classify_run *run) {
    classify_report_start(&run->report, tocsin_plan_get_info(run->plan), run->files, run->file_count);
    for (int i = 0; i < run->file_count && run->end == RUN_ON; i++) classify_file(run, run->files[i]);
    write_all(run);
    classify_metrics_update(run->metrics, &run->total, run->bytes);
    console_progress_end();
    end_outputs(run);
    if (run->end == RUN_CLOSED) return EXIT_DONE;
    if (run->total.rejected > SHOWN_REJECTS) {
        console_line("and %" PRIu64 " more rejected lines", run->total.rejected - SHOWN_REJECTS);
    }
    if (run->end == RUN_FAILED) return EXIT_IO;
    if (run->signalled) console_error("stopped by %s", stop_signal_name());
    if (run->names.further && run->total.documents && !run->total.further) {
        console_error("no record has further documents in %s", run->names.further);
    }
    if (!run->quiet) classify_report_summary(&run->report, &run->total, run->bytes);
    if (run->input_failed) return EXIT_IO;
    return run->total.rejected || !has_text(&run->total) ? EXIT_REJECTED : EXIT_DONE;
}

/* Makes the workers; if one fails, the pool keeps the others, so that they are freed. */
static int make_pool(classify_run *run, size_t tiers) {
    size_t count = 0;
    classify_worker *workers = tool_allocate((size_t)run->jobs, sizeof *workers);
    tocsin_error error = {0};
    tocsin_status status = TOCSIN_OK;
    while (count < run->jobs && status == TOCSIN_OK) {
        classify_worker worker = {NULL, NULL, run->all, run->stop_at_error, run->as_csv, run->line_by_line};
        status = run->slot ? tocsin_scanner_create_for_slot(run->slot, NULL, &worker.scanner, &error)
                           : tocsin_scanner_create(run->plan, NULL, &worker.scanner, &error);
        if (status != TOCSIN_OK) break;
        worker.reader = document_reader_create(&run->names);
        workers[count++] = worker;
    }
    if (count) run->pool = classify_pool_create(workers, count, tiers);
    tool_free(workers);
    if (status == TOCSIN_OK) return EXIT_DONE;
    console_error("cannot start: %s", message_told(error.message[0] ? error.message : tocsin_status_string(status)));
    return EXIT_IO;
}

/* 0 after a message. */
static int begin_sheet(classify_run *run) {
    tocsin_buffer head;
    tocsin_buffer_init(&head, NULL);
    verdict_sheet_begin(&head);
    run->end = end_of(output_write(run->out, head.data, head.length));
    tocsin_buffer_release(&head);
    return run->end != RUN_FAILED;
}

/* Prepares everything before the first line is read. */
static int prepare(classify_run *run) {
    const char *const written[] = {run->output_path, run->rejects_path, run->metrics_path};
    confine(written, sizeof written / sizeof *written);
    int status = plan_load(run->plan_path, run->quiet, &run->plan);
    if (status != EXIT_DONE) return status;
    size_t tiers = tocsin_plan_get_info(run->plan)->tier_count;
    classify_tally_init(&run->total, tiers);
    if (run->reload) {
        if (tocsin_slot_create(run->plan, NULL, &run->slot) != TOCSIN_OK) tool_out_of_memory();
        run->watch = plan_watch_start(run->plan_path, run->slot);
        if (!run->watch) return EXIT_IO;
    }
    status = make_pool(run, tiers);
    if (status != EXIT_DONE) return status;
    run->out = output_open(run->output_path);
    if (!run->out) return EXIT_IO;
    if (run->as_csv && !begin_sheet(run)) return EXIT_IO;
    if (run->metrics_path) {
        const tocsin_plan_info *info = tocsin_plan_get_info(run->plan);
        run->metrics = classify_metrics_start(run->metrics_path, info, run->slot, run->watch);
        if (!run->metrics) return EXIT_IO;
    }
    if (!run->rejects_path) return EXIT_DONE;
    run->rejects = output_open(run->rejects_path);
    return run->rejects ? EXIT_DONE : EXIT_IO;
}

static void release(classify_run *run) {
    classify_metrics_stop(run->metrics);
    plan_watch_stop(run->watch);
    output_close(run->out);
    output_close(run->rejects);
    classify_pool_free(run->pool);
    classify_tally_release(&run->total);
    tocsin_slot_free(run->slot);
    tocsin_plan_release(run->plan);
    tool_free(run->files);
}

/* The processors that this process may run on. */
static uint64_t processors(void) {
    cpu_set_t usable;
    int count = sched_getaffinity(0, sizeof usable, &usable) ? 0 : CPU_COUNT(&usable);
    if (count < 1) count = (int)sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > MAX_JOBS ? MAX_JOBS : (uint64_t)count;
}

/* 0 after a message. */
static int take_jobs(classify_run *run, const option_parser *parser) {
    if (!options_natural(parser, "jobs", &run->jobs)) return 0;
    if (run->jobs > MAX_JOBS) {
        options_usage("classify", "--jobs: %s is more than %d", parser->value, MAX_JOBS);
        return 0;
    }
    return 1;
}

static int take_option(classify_run *run, option_parser *parser, int option) {
    static const char *const on_error[] = {"skip", "stop"}, *const to[] = {"ndjson", "csv"};
    int choice = 0;
    switch (option) {
        case OPTION_OPERAND: run->files[run->file_count++] = parser->argv[parser->at - 1]; break;
        case CLASSIFY_PLAN: run->plan_path = parser->value; break;
        case CLASSIFY_METRICS: run->metrics_path = parser->value; break;
        case CLASSIFY_JOBS: choice = take_jobs(run, parser) ? 0 : -1; break;
        case CLASSIFY_RELOAD: run->reload = 1; break;
        case CLASSIFY_ALL: run->all = 1; break;
        case CLASSIFY_LINE_BY_LINE: run->all = run->line_by_line = 1; break;
        case CLASSIFY_ON_ERROR:
            choice = options_choice(parser, "on-error", on_error, 2);
            run->stop_at_error = choice == 1;
            break;
        case CLASSIFY_TO:
            choice = options_choice(parser, "to", to, 2);
            run->as_csv = choice == 1;
            break;
        case CLASSIFY_REJECTS: run->rejects_path = parser->value; break;
        case CLASSIFY_OUTPUT: run->output_path = parser->value; break;
        case CLASSIFY_QUIET: run->quiet = 1; break;
        default: choice = -1;
    }
    return choice < 0 ? EXIT_USAGE : EXIT_DONE;
}

/* EXIT_USAGE after a message. */
static int check_line_by_line(classify_run *run) {
    if (!run->line_by_line) return EXIT_DONE;
    if (run->names.further) return options_usage("classify", "--line-by-line goes without --further");
    if (run->as_csv) return options_usage("classify", "--line-by-line answers as JSON, not --to csv");
    if (run->format == FEED_AUTO) run->format = FEED_NDJSON;
    if (!run->input.encoding)
        run->input.encoding = "UTF-8"; /* a line that is not UTF-8 must not decide for the lines after it */
    if (run->format == FEED_NDJSON || run->format == FEED_TEXT) return EXIT_DONE;
    return options_usage("classify", "--line-by-line reads --format ndjson or text, a document a line");
}

static int read_options(classify_run *run, int argc, char **argv) {
    static char standard_input[] = "-";
    option_parser parser;
    int option, status = EXIT_DONE;
    run->files = tool_allocate((size_t)argc + 1, sizeof *run->files);
    options_start(&parser, "classify", specs, sizeof specs / sizeof *specs, argc, argv);
    options_read_feed(&parser, (feed_targets){&run->format, &run->names, &run->input.encoding});
    while (status == EXIT_DONE && (option = options_next(&parser)) != OPTION_END) {
        status = take_option(run, &parser, option);
    }
    if (status != EXIT_DONE) return status;
    if (!run->plan_path) return options_usage("classify", "which plan? -p PLAN");
    if (run->rejects_path && !strcmp(run->output_path ? run->output_path : "-", run->rejects_path)) {
        return options_usage("classify", "verdicts and rejects cannot go to the same file");
    }
    status = check_line_by_line(run);
    if (status != EXIT_DONE) return status;
    if (!run->jobs) run->jobs = processors();
    if (!run->file_count) run->files[run->file_count++] = standard_input;
    return EXIT_DONE;
}

static int run_classify(int argc, char **argv) {
    classify_run run = {.input = INPUT_OPTIONS_INIT};
    int status = read_options(&run, argc, argv);
    if (status == EXIT_DONE) status = prepare(&run);
    run.input.stop_fd = stop_signal_install();
    if (status == EXIT_DONE) status = classify_files(&run);
    release(&run);
    if (run.signalled) stop_signal_end();
    return status;
}

const command classify_command = {"classify", help, run_classify};
