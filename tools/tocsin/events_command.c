/* tocsin events: lists events after a number; a reader that stores the last number it has read misses none. */
#include <inttypes.h>
#include <poll.h>
#include <sys/stat.h>

#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/output.h"
#include "program/stop_signal.h"
#include "store/event_store.h"
#include "tocsin/command.h"

#define AT_ONCE 500
#define PAUSE_MILLISECONDS 300

static const char help[] =
    "usage: tocsin events --db FILE [--after N] [--follow]\n"
    "\n"
    "Prints the events that tocsin watch stores, a JSON object a line, by their numbers. Each tells what happened to "
    "which\n"
    "incident, its tier, clauses, routes, places, posts, reach and growth at that time, its first post, and the post "
    "that\n"
    "caused the event, with marked words (marks: bytes of the text). Numbers are never reused: a program that stores "
    "the\n"
    "last number it read, and asks for the events after it, misses none and reads none twice.\n"
    "\n"
    "      --db FILE         the database\n"
    "      --after N         the events after that number (default 0: all)\n"
    "      --follow          go on with new events, until SIGINT or SIGTERM\n"
    "\n"
    "Exit status: 0 done; 2 wrong usage; 3 the database cannot be read or the output not be written.\n"
    "\n"
    "  tocsin events --db incidents.db --after 120 --follow\n";

enum {
    EVENTS_DB,
    EVENTS_AFTER,
    EVENTS_FOLLOW
};

static const option_spec specs[] = {{"db", 0, 1}, {"after", 0, 1}, {"follow", 0, 0}};

typedef struct events_run {
    const char *database;
    uint64_t after;
    int follow, stop;
    struct stat file; /* the database file at the time of opening */
} events_run;

/* Whether the program was stopped during the wait, or its output has no reader any more. */
static int wait_for_more(const events_run *run, const output *out) {
    struct pollfd one = {run->stop, POLLIN, 0};
    return poll(&one, 1, PAUSE_MILLISECONDS) > 0 || output_is_abandoned(out);
}

/* Whether the database still has its name: following a replaced file would be useless. */
static int is_there(const events_run *run) {
    struct stat now;
    return !stat(run->database, &now) && now.st_ino == run->file.st_ino && now.st_dev == run->file.st_dev;
}

static output_status print_events(const events_run *run, database *db, output *out) {
    event_store events;
    tocsin_buffer lines;
    output_status status = OUTPUT_OK;
    int64_t after = run->after > INT64_MAX ? INT64_MAX : (int64_t)run->after;
    event_store_open(&events, db);
    tocsin_buffer_init(&lines, NULL);
    for (int stopped = 0; !stopped && status == OUTPUT_OK && !db->failed;) {
        lines.length = 0;
        after = event_store_read(&events, after, AT_ONCE, &lines);
        if (lines.length) status = output_write(out, lines.data, lines.length);
        if (lines.length) continue;
        stopped = !run->follow || wait_for_more(run, out);
        if (stopped || is_there(run)) continue;
        console_error("%s: it was deleted, or another file has its name", run->database);
        status = OUTPUT_FAILED;
    }
    tocsin_buffer_release(&lines);
    event_store_close(&events);
    return status;
}

static int run_events(int argc, char **argv) {
    events_run run = {.stop = -1};
    option_parser parser;
    database db;
    int option;
    options_start(&parser, "events", specs, sizeof specs / sizeof *specs, argc, argv);
    while ((option = options_next(&parser)) != OPTION_END) {
        switch (option) {
            case EVENTS_DB: run.database = parser.value; break;
            case EVENTS_AFTER:
                if (!options_natural(&parser, "after", &run.after)) return EXIT_USAGE;
                break;
            case EVENTS_FOLLOW: run.follow = 1; break;
            case OPTION_OPERAND: return options_usage("events", "\"%.100s\" is not expected", parser.value);
            default: return EXIT_USAGE;
        }
    }
    if (!run.database) return options_usage("events", "which database? --db FILE");
    if (run.follow) run.stop = stop_signal_install();
    output *out = output_open(NULL);
    output_status status = OUTPUT_OK;
    if (database_open(&db, run.database, DATABASE_READ) && !stat(run.database, &run.file)) {
        status = print_events(&run, &db, out);
    }
    if (db.failed) console_error("%s: %s", run.database, message_told(db.problem));
    const int failed = db.failed || status == OUTPUT_FAILED;
    database_close(&db);
    output_close(out);
    return failed ? EXIT_IO : EXIT_DONE;
}

const command events_command = {"events", help, run_events};
