/*
 * tocsin-kafka: one member of a consumer group that grades documents. Kafka distributes and stores messages and detects
 * members that are gone; more machines are more members. This thread reads a batch, has it graded, and waits until it
 * is written and committed before it reads the next one; librdkafka fetches meanwhile.
 */
#define _GNU_SOURCE /* sched_getaffinity */

#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "feed/tool_clock.h"
#include "feed/tool_memory.h"
#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/output.h"
#include "program/plan_argument.h"
#include "program/plan_watch.h"
#include "program/stop_signal.h"
#include "tocsin-kafka/kafka_deliver.h"
#include "tocsin-kafka/kafka_grade.h"
#include "tocsin-kafka/kafka_plans.h"

#define MAX_JOBS 256
#define MAX_BATCH 1000000
#define MAX_LINGER 60000

static const char help[] =
    "usage: tocsin-kafka -p PLAN -b BROKERS -g GROUP -i TOPIC -o TOPIC [OPTION…]\n"
    "\n"
    "Grades the documents of a topic as a member of a consumer group, and writes verdicts to another one. Each "
    "document\n"
    "has exactly one verdict for readers with isolation.level=read_committed, whatever fails.\n"
    "\n"
    "  -p, --plan PLAN       plan file, folder or image; a new version is taken on SIGHUP and when the plan changes\n"
    "      --plan-topic TOPIC  compacted, one partition: its newest usable image is the plan\n"
    "  -b, --brokers LIST    HOST:PORT,…\n"
    "  -g, --group NAME      of consumers; its members share the partitions\n"
    "  -i, --input TOPIC     JSON documents, as classify reads them; may be given more than once\n"
    "  -o, --output TOPIC    verdicts; key: that of the message, or the document's id\n"
    "      --errors TOPIC    messages that cannot be graded, with the reason; without it they are logged\n"
    "      --instance NAME   a lasting name in the group: a restart within the session timeout moves no partition\n"
    "      --at-least-once   no transactions: faster, but a failure may write a verdict twice\n"
    "  -j, --jobs N          grade with N threads (default 0: one for each processor)\n"
    "      --all             verdicts without a tier too\n"
    "      --with-document   put the document into its verdict: tocsin watch --kafka needs it\n"
    "      --field FIELD=NAME  the name of a field in the JSON, as classify\n"
    "      --batch N, --linger MS  messages committed together (default 20000), and the longest wait for them (50)\n"
    "  -X KEY=VALUE, -X @FILE  property of librdkafka, or a file of them; secrets come from files only\n"
    "      --metrics FILE, --health FILE   written each second: Prometheus' text format, JSON\n"
    "      --log NAME        text (default) or json\n"
    "      --once            end after reading the partitions to their end\n"
    "\n"
    "Exit status: 0 ended by SIGTERM or SIGINT, or --once; 2 wrong usage, or the plan does not compile; 3 failed.\n"
    "docs/SCALING.md explains the settings.\n";

enum {
    KAFKA_PLAN,
    KAFKA_PLAN_TOPIC,
    KAFKA_BROKERS,
    KAFKA_GROUP,
    KAFKA_INPUT,
    KAFKA_OUTPUT,
    KAFKA_ERRORS,
    KAFKA_INSTANCE,
    KAFKA_AT_LEAST_ONCE,
    KAFKA_JOBS,
    KAFKA_ALL,
    KAFKA_WITH_DOCUMENT,
    KAFKA_BATCH,
    KAFKA_LINGER,
    KAFKA_SETTING,
    KAFKA_METRICS,
    KAFKA_HEALTH,
    KAFKA_LOG,
    KAFKA_ONCE,
    KAFKA_FURTHER /* not an option: says why there is none */
};

static const option_spec specs[] = {{"plan", 'p', 1},
                                    {"plan-topic", 0, 1},
                                    {"brokers", 'b', 1},
                                    {"group", 'g', 1},
                                    {"input", 'i', OPTION_VALUES},
                                    {"output", 'o', 1},
                                    {"errors", 0, 1},
                                    {"instance", 0, 1},
                                    {"at-least-once", 0, 0},
                                    {"jobs", 'j', 1},
                                    {"all", 0, 0},
                                    {"with-document", 0, 0},
                                    {"batch", 0, 1},
                                    {"linger", 0, 1},
                                    {"setting", 'X', OPTION_VALUES},
                                    {"metrics", 0, 1},
                                    {"health", 0, 1},
                                    {"log", 0, 1},
                                    {"once", 0, 0},
                                    {"further", 0, 1}};

typedef struct kafka_run {
    const char *plan_path, *plan_topic, *metrics_path, *health_path;
    uint64_t jobs;
    int json; /* the log */
    kafka_settings *settings;
    kafka_grade_options grade;
    worker_options options;
    tocsin_plan *plan;
    tocsin_slot *slot;
    plan_watch *watch;
    kafka_plans *plans;
    kafka_grader *grader;
    kafka_worker worker;
} kafka_run;

/* The processors that this process may run on. */
static uint64_t processors(void) {
    cpu_set_t usable;
    const int count = sched_getaffinity(0, sizeof usable, &usable) ? 1 : CPU_COUNT(&usable);
    return count < 1 ? 1 : count > MAX_JOBS ? MAX_JOBS : (uint64_t)count;
}

static int take_natural(const option_parser *parser, const char *name, uint64_t least, uint64_t most, uint64_t *into) {
    if (!options_natural(parser, name, into)) return 0;
    if (*into >= least && *into <= most) return 1;
    options_usage("", "--%s is from %" PRIu64 " to %" PRIu64, name, least, most);
    return 0;
}

static int take_input(worker_options *options, const char *topic) {
    if (options->input_count == WORKER_MAX_INPUTS) {
        options_usage("", "-i: more than %d topics", WORKER_MAX_INPUTS);
        return 0;
    }
    options->inputs[options->input_count++] = topic;
    return 1;
}

/* Called at once, so that messages about later options have this form too. */
static int take_log(kafka_run *run, const option_parser *parser) {
    static const char *const names[] = {"text", "json"};
    const int choice = options_choice(parser, "log", names, 2);
    run->json = choice == 1;
    if (choice == 1) console_set_program("tocsin-kafka", CONSOLE_JSON);
    return choice >= 0;
}

static int take_option(kafka_run *run, option_parser *parser, int option) {
    worker_options *o = &run->options;
    switch (option) {
        case OPTION_OPERAND:
            options_usage("", "what is %.100s? documents come from a topic, -i", parser->value);
            return 0;
        case KAFKA_PLAN: run->plan_path = parser->value; return 1;
        case KAFKA_PLAN_TOPIC: run->plan_topic = parser->value; return 1;
        case KAFKA_BROKERS: o->brokers = parser->value; return 1;
        case KAFKA_GROUP: o->group = parser->value; return 1;
        case KAFKA_INPUT: return take_input(o, parser->value);
        case KAFKA_OUTPUT: o->output = parser->value; return 1;
        case KAFKA_ERRORS: o->errors = parser->value; return 1;
        case KAFKA_INSTANCE: o->instance = parser->value; return 1;
        case KAFKA_AT_LEAST_ONCE: o->at_least_once = 1; return 1;
        case KAFKA_JOBS: return take_natural(parser, "jobs", 0, MAX_JOBS, &run->jobs);
        case KAFKA_ALL: run->grade.all = 1; return 1;
        case KAFKA_WITH_DOCUMENT: run->grade.with_document = 1; return 1;
        case KAFKA_BATCH: return take_natural(parser, "batch", 1, MAX_BATCH, &o->batch);
        case KAFKA_LINGER: return take_natural(parser, "linger", 0, MAX_LINGER, &o->linger);
        case KAFKA_SETTING: return kafka_settings_take(run->settings, parser->value);
        case KAFKA_METRICS: run->metrics_path = parser->value; return 1;
        case KAFKA_HEALTH: run->health_path = parser->value; return 1;
        case KAFKA_LOG: return take_log(run, parser);
        case KAFKA_ONCE: o->once = 1; return 1;
        case KAFKA_FURTHER:
            options_usage("", "--further is for files, not for topics: a message has one verdict, so send each further "
                              "document as a message of its own");
            return 0;
        default: return 0;
    }
}

static int check_options(const kafka_run *run) {
    const worker_options *o = &run->options;
    if (!run->plan_path && !run->plan_topic) return options_usage("", "which plan? -p PLAN, or --plan-topic TOPIC");
    if (!o->brokers) return options_usage("", "which brokers? -b HOST:PORT");
    if (!o->group) return options_usage("", "which group of consumers? -g NAME");
    if (!o->input_count) return options_usage("", "documents from which topic? -i TOPIC");
    if (!o->output) return options_usage("", "verdicts to which topic? -o TOPIC");
    for (size_t i = 0; i < o->input_count; i++) {
        if (strcmp(o->inputs[i], o->output) && (!o->errors || strcmp(o->inputs[i], o->errors))) continue;
        return options_usage("", "topic %s is both read and written: that would never end", o->inputs[i]);
    }
    return EXIT_DONE;
}

/* Loads the first plan: that of the path, or the newest of the topic. */
static int load_plan(kafka_run *run) {
    if (run->plan_topic) {
        run->plans = kafka_plans_open(run->settings, run->options.brokers, run->plan_topic, run->options.stop_fd);
        if (!run->plans) return EXIT_IO;
    }
    if (run->plan_path) return plan_load_checked(run->plan_path, 1, 0, &run->plan);
    run->plan = kafka_plans_first(run->plans);
    return run->plan ? EXIT_DONE : EXIT_IO;
}

static int prepare(kafka_run *run) {
    const int status = load_plan(run);
    if (status != EXIT_DONE) return status;
    const tocsin_plan_info *info = tocsin_plan_get_info(run->plan);
    if (tocsin_slot_create(run->plan, NULL, &run->slot) != TOCSIN_OK) tool_out_of_memory();
    if (!(run->watch = plan_watch_start(run->plan_path, run->slot))) return EXIT_IO;
    run->grader = kafka_grader_create(run->slot, (size_t)run->jobs, &run->grade);
    if (!run->grader) return EXIT_IO;
    run->worker.status = kafka_status_start(run->metrics_path, run->health_path, info, run->slot, run->watch);
    if (!run->worker.status || !worker_open(&run->worker, &run->options, (size_t)run->jobs)) return EXIT_IO;
    if (run->plans && !kafka_plans_follow(run->plans, run->watch)) return EXIT_IO;
    console_event("info", NULL, "grades by %s%s%s, %zu terms, with %" PRIu64 " thread%s, %s", info->name,
                  *info->version ? " " : "", info->version, info->term_count, run->jobs, run->jobs == 1 ? "" : "s",
                  run->options.at_least_once ? "at least once" : "exactly once");
    return EXIT_DONE;
}

static void grade(kafka_run *run) {
    const double started = tool_seconds();
    kafka_grader_run(run->grader, &run->worker.batch);
    kafka_status_graded(run->worker.status, tool_seconds() - started);
}

static int work(kafka_run *run) {
    kafka_worker *worker = &run->worker;
    int ok = 1;
    kafka_status_state(worker->status, "running", NULL);
    while (ok && !worker->failed && !worker_stopped(worker) && !worker_finished(worker)) {
        if (!worker_collect(worker)) continue;
        grade(run);
        ok = kafka_deliver(worker);
        worker_resume(worker);
    }
    kafka_status_state(worker->status, "stopping", NULL);
    kafka_status_lag(worker->status, worker->consumer, worker->assigned);
    const size_t left = kafka_batch_live(&worker->batch);
    if (!ok && left) console_error("%zu messages were not answered: they will be read again", left);
    return ok && !worker->failed ? EXIT_DONE : EXIT_IO;
}

static void summarise(const kafka_run *run) {
    const kafka_status *status = run->worker.status;
    tocsin_buffer text;
    tocsin_buffer_init(&text, NULL);
    kafka_status_summary(status, &text);
    console_event("info", NULL, "%" PRIu64 " documents: %s; %" PRIu64 " rejected", kafka_status_documents(status),
                  text.data, kafka_status_get(status, STATUS_REJECTED));
    tocsin_buffer_release(&text);
}

static void release(kafka_run *run) {
    kafka_plans_close(run->plans);
    worker_close(&run->worker);
    kafka_status_stop(run->worker.status);
    kafka_grader_free(run->grader);
    plan_watch_stop(run->watch);
    tocsin_slot_free(run->slot);
    tocsin_plan_release(run->plan);
    kafka_settings_free(run->settings);
}

static int print_version(void) {
    char text[160];
    snprintf(text, sizeof text, "tocsin-kafka %s\nlibrdkafka %s\nHyperscan %s\nfold tables from %s\n", tocsin_version(),
             rd_kafka_version_str(), tocsin_version_engine(), tocsin_version_tables());
    return output_print_message(text);
}

int main(int argc, char **argv) {
    kafka_run run = {.options = {.batch = 20000, .linger = 50}};
    option_parser parser;
    int option, status = EXIT_DONE;
    console_set_program("tocsin-kafka", CONSOLE_PLAIN);
    messages_begin();
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) return output_print_message(help);
        if (!strcmp(argv[i], "--version") || !strcmp(argv[i], "-V")) return print_version();
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    run.settings = kafka_settings_create();
    options_start(&parser, "", specs, sizeof specs / sizeof *specs, argc, argv);
    options_read_feed(&parser, (feed_targets){NULL, &run.grade.names, NULL});
    while (status == EXIT_DONE && (option = options_next(&parser)) != OPTION_END) {
        if (!take_option(&run, &parser, option)) status = EXIT_USAGE;
    }
    if (status == EXIT_DONE) status = check_options(&run);
    if (status == EXIT_DONE) {
        if (!run.jobs) run.jobs = processors();
        if (!run.json) console_set_program("tocsin-kafka", CONSOLE_TIMED);
        run.options.settings = run.settings;
        run.options.stop_fd = stop_signal_install();
        status = prepare(&run);
        if (status == EXIT_DONE) {
            status = work(&run);
            summarise(&run);
        }
        /* It was stopped before it had a plan: nothing failed. */
        if (!run.plan && stop_signal_name()) status = EXIT_DONE;
    }
    release(&run);
    return status;
}
