/*
 * tocsin watch: reads feeds that grow, in turns, with one thread, which is fast enough for all posts of a country; the
 * results are in a database that other programs read meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feed/feed_follow.h"
#include "feed/tool_clock.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/confine.h"
#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/plan_watch.h"
#include "program/stop_signal.h"
#include "tocsin/classify_metrics.h"
#include "tocsin/command.h"
#include "tocsin/reject_line.h"
#include "tocsin/watch_kafka.h"
#include "tocsin/watch_session.h"

#define IDLE_MILLISECONDS 200
#define SHOWN_REJECTS 20
#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
#define LIVE_DOCUMENTS 1000
#define COMMIT_DOCUMENTS 256 /* for several feeds; the time of a commit also counts */
#define LOOK_DOCUMENTS 16    /* documents after which it is checked whether a commit is due */

static const char help[] =
    "usage: tocsin watch -p PLAN --db FILE [OPTION…] [FEED…]\n"
    "\n"
    "Grades posts as they arrive, groups posts about one matter into incidents, and stores the incidents in a "
    "database\n"
    "(SQLite). FEED is a growing file (watch follows it even if it is rotated or rewritten), a folder whose files "
    "appear and\n"
    "grow, a compressed file, or - for standard input (the default). The database also holds how far each feed was "
    "read:\n"
    "after a restart watch goes on there and counts nothing twice. A file that cannot be read is reported, skipped, "
    "and\n"
    "tried again when it changes.\n"
    "\n"
    "  -p, --plan PLAN       plan file, folder or image; watch takes a new version on SIGHUP and when the plan "
    "changes\n"
    "      --db FILE         the database, which watch creates if it does not exist. One watcher at a time\n"
    "      --once            end after reading the data that is there\n"
    "      --pattern NAMES   in a folder, only files with such names: 'contents_*.jsonl'; several times: any of them\n"
    "      --rejects FILE    append lines that cannot be read as JSON: {\"file\", \"line\", \"reason\", \"raw\"}\n"
    "      --keep-text       also store title and text of the posts of incidents\n"
    "      --same PERCENT    how much of the shorter post the longer one must contain to be the same (default 92)\n"
    "      --matter PERCENT  how far place, topics and time must agree if the words differ (default 60; over 100: "
    "never)\n"
    "      --rising N, --burst N   posts in an hour that raise attention to elevated, to high (default 20, 200)\n"
    "      --quiet-after H   hours without a post after which an incident is over (default 24)\n"
    "      --max-incidents N incidents in memory at once (default 10000); the database keeps all\n"
    "      --kafka HOST:PORT,…   each FEED is a topic: verdicts of tocsin-kafka --with-document, or documents\n"
    "  -X KEY=VALUE, -X @FILE    property of librdkafka, or a file of them\n"
    "      --order-wait S    seconds that a document is held, so that several feeds are read in the order of time\n"
    "                        (default 5)\n"
    "      --format, --field, --further, --encoding and the like, --metrics FILE   as classify\n"
    "  -q, --quiet           no summary and no events\n"
    "\n"
    "Events (an incident began, returned, has another tier, clause or attention) are printed as JSON after they were "
    "stored.\n"
    "A document without an id gets the name of its file and the number of its line.\n"
    "Exit status: 0 done; 1 done, but lines were rejected or a file disappeared before it was read to its end;\n"
    "2 wrong usage, or the plan does not compile; 3 a feed or the database failed. SIGINT and SIGTERM end it after\n"
    "the documents read so far.\n"
    "\n"
    "  tocsin watch -p examples/fire-service --db incidents.db /var/spool/posts\n";

enum {
    WATCH_PLAN,
    WATCH_DB,
    WATCH_ONCE,
    WATCH_KEEP_TEXT,
    WATCH_SAME,
    WATCH_MATTER,
    WATCH_RISING,
    WATCH_BURST,
    WATCH_QUIET_AFTER,
    WATCH_MAX_INCIDENTS,
    WATCH_METRICS,
    WATCH_QUIET,
    WATCH_KAFKA,
    WATCH_SETTING,
    WATCH_ORDER_WAIT,
    WATCH_PATTERN,
    WATCH_REJECTS
};

static const option_spec specs[] = {{"plan", 'p', 1},      {"db", 0, 1},
                                    {"once", 0, 0},        {"keep-text", 0, 0},
                                    {"same", 0, 1},        {"matter", 0, 1},
                                    {"rising", 0, 1},      {"burst", 0, 1},
                                    {"quiet-after", 0, 1}, {"max-incidents", 0, 1},
                                    {"metrics", 0, 1},     {"quiet", 'q', 0},
                                    {"kafka", 0, 1},       {"setting", 'X', OPTION_VALUES},
                                    {"order-wait", 0, 1},  {"pattern", 0, OPTION_VALUES},
                                    {"rejects", 0, 1}};

typedef struct watched_feed {
    feed_follow *follow;
    document_reader *reader;
    int ended;
    int64_t written; /* when its file was written, milliseconds since 1970; 0: it has no file */
    char told[512];  /* the last reported problem */
    line_batch batch;
    size_t at;         /* lines of the batch that were examined */
    batch_line line;   /* the last of them */
    int has_head;      /* it is a document that waits for its turn */
    int is_part_taken; /* some lines of a file that is read as a whole were taken */
    tocsin_document head;
    int64_t time;             /* the time by which it is ordered */
    double loaded, next_look; /* seconds: when its batch came, and when it may have more */
    uint32_t live; /* this many of its documents count as just written, because the feed had been read to its end */
} watched_feed;

typedef struct watch_run {
    const char *plan_path, *database, *metrics_path, *rejects_path;
    kafka_settings *settings;
    watch_kafka_options kafka_options;
    watch_kafka *kafka; /* NULL: the feeds are files */
    char **paths, **kept;
    int path_count, once, quiet;
    feed_format format;
    feed_names names;
    input_options input;
    tocsin_plan *plan;
    tocsin_slot *slot;
    plan_watch *watch;
    classify_metrics *metrics;
    output *events;
    watch_session session;
    watched_feed *feeds;
    uint64_t taken;         /* documents since the last commit */
    int confirmed;          /* there is a place from which a feed can be continued */
    tocsin_buffer patterns; /* each with a NUL after it, and an empty one at the end */
    tocsin_buffer id;       /* for a document without one */
    tocsin_buffer rejects;  /* since the last commit */
    int rejects_fd;
    feed_texts texts;
    uint64_t bytes, skipped;
    int feed_failed, store_failed;
} watch_run;

static int recall(void *context, const char *path, int64_t device, int64_t inode, follow_place *place) {
    watch_run *run = context;
    return incident_store_find_feed(run->session.store, path, device, inode, place);
}

static void reject(watch_run *run, const watched_feed *feed, const batch_line *line, const char *reason) {
    const char *path = feed_follow_name(feed->follow);
    if (run->session.tally.rejected++ < SHOWN_REJECTS) {
        console_line("%s:%" PRIu64 ": %s", path, line->number, message_told(reason));
    }
    if (run->rejects_path) reject_line_append(&run->rejects, path, &feed->batch, line, reason);
}

/* Commits what was taken; then writes the rejects, so that none appears twice. 0 after a message. */
static int commit(watch_run *run, int now) {
    if (!watch_session_commit(&run->session, now)) return 0;
    if (run->session.dirty || !run->rejects.length) return 1;
    for (size_t at = 0; at < run->rejects.length;) {
        const ssize_t n = write(run->rejects_fd, run->rejects.data + at, run->rejects.length - at);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            console_error("%s: cannot be written: %s", run->rejects_path, strerror(errno));
            return 0;
        }
        at += (size_t)n;
    }
    run->rejects.length = 0;
    return 1;
}

/* Lines of different files, and of files that had the same name one after another, get different ids. */
static void name_document(watch_run *run, const watched_feed *feed, tocsin_document *document) {
    const uint64_t round = feed_follow_round(feed->follow);
    tocsin_buffer *id = &run->id;
    id->length = 0;
    text_puts(id, feed_follow_name(feed->follow));
    if (round) text_printf(id, "#%" PRIu64, round + 1);
    text_puts(id, ":");
    text_append(id, document->id.data, document->id.length);
    document->id = (tocsin_bytes){id->data, id->length};
}

/* Whether the line has another document, which then becomes the head; state is the state of the last document. */
static int next_of_line(watch_run *run, watched_feed *feed, document_status state) {
    while (state != DOCUMENT_READY) {
        if (state == DOCUMENT_REJECTED) reject(run, feed, &feed->line, document_reader_reason(feed->reader));
        state = document_reader_next(feed->reader, &feed->head);
        if (state == DOCUMENT_BLANK) return 0;
    }
    return 1;
}

static void take_head(watch_run *run, watched_feed *feed) {
    const char *path = feed_follow_name(feed->follow);
    const int is_numbered = document_reader_is_numbered(feed->reader);
    const watch_origin origin = {document_reader_url(feed->reader), feed->written, !is_numbered};
    tocsin_error error;
    error.message[0] = '\0';
    feed_faults_note(&run->session.tally.faults, feed->reader, path, feed->line.number);
    feed_texts_note(&run->texts, &feed->head);
    if (is_numbered) name_document(run, feed, &feed->head);
    if (!watch_session_take(&run->session, &feed->head, &origin, &error)) reject(run, feed, &feed->line, error.message);
    run->taken++;
}

/*
 * Takes the head and the further documents of its line: a commit happens between lines, since reading can resume only
 * there.
 */
static void take_line(watch_run *run, watched_feed *feed) {
    do {
        take_head(run, feed);
    } while (next_of_line(run, feed, document_reader_next(feed->reader, &feed->head)));
    feed->has_head = 0;
    feed->is_part_taken = 1;
    feed->live -= feed->live > 0;
}

static int64_t written_at(const char *path) {
    struct stat about;
    if (stat(path, &about) || !S_ISREG(about.st_mode)) return 0;
    return (int64_t)about.st_mtim.tv_sec * 1000 + about.st_mtim.tv_nsec / 1000000;
}

/* Reports a problem once, as long as it stays the same. */
static void tell(watch_run *run, watched_feed *feed) {
    const char *problem = feed_follow_problem(feed->follow);
    run->feed_failed = 1;
    if (!strcmp(feed->told, problem)) return;
    tocsin_buffer text;
    tocsin_buffer_init(&text, NULL);
    text_puts(&text, problem);
    feed->told[0] = '\0';
    if (text.length < sizeof feed->told) memcpy(feed->told, text.data, text.length + 1);
    tocsin_buffer_release(&text);
    console_error("%s: %s", feed_follow_name(feed->follow), message_told(problem));
}

/* Stores the place from which the feed can be continued. */
static void confirm_place(watch_run *run, watched_feed *feed) {
    follow_place place;
    feed->is_part_taken = 0;
    run->confirmed = 1;
    document_reader_trim(feed->reader);
    if (feed_follow_place(feed->follow, &place)) {
        watch_session_note(&run->session, feed_follow_key(feed->follow), &place);
    }
}

/* Reads the next available lines of the feed; 0: none. */
static int load(watch_run *run, watched_feed *feed) {
    for (;;) {
        const follow_status state = feed_follow_next(feed->follow, &feed->batch);
        const char *notice = feed_follow_notice(feed->follow);
        feed->at = 0;
        if (notice) console_error("%s: %s", feed_follow_name(feed->follow), message_told(notice));
        if (state == FOLLOW_FAILED) tell(run, feed);
        if (state == FOLLOW_SKIPPED) {
            run->skipped++;
            feed->told[0] = '\0';
            tell(run, feed);
            confirm_place(run, feed);
            continue;
        }
        feed->ended = state == FOLLOW_ENDED || (state == FOLLOW_FAILED && run->once);
        if (state != FOLLOW_READY) return 0;
        feed->written = written_at(feed_follow_name(feed->follow));
        feed->loaded = tool_seconds();
        if (feed->batch.count) return 1;
        confirm_place(run, feed);
    }
}

/*
 * Sets the time by which a document is ordered: its own; if that is unknown, or much later than its file, that of the
 * document before.
 */
static void note_time(watched_feed *feed) {
    const int64_t time = feed->head.time;
    if (time == TOCSIN_TIME_UNKNOWN || (feed->written && time - DAY_MS > feed->written)) return;
    feed->time = time;
}

/* Reads up to the next document of the feed, if one is available. */
static int find_head(watch_run *run, watched_feed *feed) {
    for (;;) {
        for (; feed->at < feed->batch.count; feed->is_part_taken = 1) {
            feed->line = feed->batch.lines[feed->at++];
            run->bytes += feed->line.length;
            const document_status state = document_reader_line(feed->reader, &feed->batch, &feed->line, &feed->head);
            if (!next_of_line(run, feed, state)) continue;
            feed->has_head = 1;
            note_time(feed);
            return 1;
        }
        if (feed->batch.count) confirm_place(run, feed);
        feed->batch.count = feed->at = 0;
        if (!load(run, feed)) return 0;
    }
}

/* Waits for a signal or some time; returns whether it was a signal. */
static int wait_idle(const watch_run *run, int milliseconds) {
    struct pollfd one = {run->input.stop_fd, POLLIN, 0};
    return poll(&one, 1, milliseconds) > 0;
}

/*
 * The feed whose next document is the earliest. NULL: none has one; or it was written just now, and another feed
 * without lines at the moment may still have an earlier one. *open: the number of feeds that have not ended.
 */
static watched_feed *choose(watch_run *run, int *open) {
    const double now = tool_seconds();
    watched_feed *least = NULL;
    int idle = 0;
    *open = 0;
    for (int i = 0; i < run->path_count; i++) {
        watched_feed *feed = &run->feeds[i];
        if (!feed->has_head && !feed->ended && now >= feed->next_look) {
            const int found = find_head(run, feed);
            if (!found) feed->live = LIVE_DOCUMENTS;
            feed->next_look = found ? 0 : now + IDLE_MILLISECONDS / 1e3;
        }
        *open += feed->has_head || !feed->ended;
        idle += !feed->has_head && !feed->ended;
        if (feed->has_head && (!least || feed->time < least->time)) least = feed;
    }
    const int is_held = least && idle && least->live && now < least->loaded + run->kafka_options.wait;
    return is_held ? NULL : least;
}

/* In the middle of a piece of a feed: the line up to which it was taken. */
static void note_parts(watch_run *run) {
    follow_place place;
    for (int i = 0; i < run->path_count; i++) {
        const watched_feed *feed = &run->feeds[i];
        const size_t before = feed->at - (size_t)feed->has_head; /* lines that were taken */
        if (!feed->is_part_taken || !before) continue;
        if (!feed_follow_place_after(feed->follow, &feed->batch, before - 1, &place)) continue;
        watch_session_note(&run->session, feed_follow_key(feed->follow), &place);
    }
}

static int commit_parts(watch_run *run, int now) {
    note_parts(run);
    run->store_failed = !commit(run, now);
    classify_metrics_update(run->metrics, &run->session.tally, run->bytes);
    run->taken = 0;
    run->confirmed = 0;
    return !run->store_failed;
}

/*
 * Grading a large piece of a feed may take seconds, and other programs need not wait that long to write. So it is
 * committed in the middle too; one feed also where it can be gone on with, several never come to that at once.
 */
static int is_due(const watch_run *run) {
    if (run->taken && run->taken % LOOK_DOCUMENTS == 0 && watch_session_is_due(&run->session)) return 1;
    return run->path_count > 1 ? run->taken >= COMMIT_DOCUMENTS : run->confirmed;
}

static void watch_feeds(watch_run *run) {
    for (int stopped = 0; !stopped;) {
        int open;
        watched_feed *next = choose(run, &open);
        if (next && !is_due(run)) {
            take_line(run, next);
            continue;
        }
        if (!commit_parts(run, 0)) return;
        stopped = !open || wait_idle(run, next ? 0 : IDLE_MILLISECONDS);
    }
    (void)commit_parts(run, 1);
}

static void reject_message(void *context, const char *where, const char *reason) {
    watch_run *run = context;
    if (run->session.tally.rejected++ < SHOWN_REJECTS) console_line("%s: %s", where, message_told(reason));
    if (run->rejects_path) reject_line_append_other(&run->rejects, where, reason);
}

static void watch_topics(watch_run *run) {
    for (int stopped = 0; !stopped;) {
        const kafka_turn turn = watch_kafka_turn(run->kafka, reject_message, run);
        stopped = turn == KAFKA_ENDED || wait_idle(run, 0);
        if (!commit(run, stopped)) {
            run->store_failed = 1;
            return;
        }
        classify_metrics_update(run->metrics, &run->session.tally, watch_kafka_bytes(run->kafka));
    }
}

static int open_topics(watch_run *run) {
    run->kafka_options.topics = run->paths;
    run->kafka_options.topic_count = run->path_count;
    run->kafka_options.settings = run->settings;
    run->kafka_options.names = &run->names;
    run->kafka_options.once = run->once;
    run->kafka = watch_kafka_open(&run->kafka_options, &run->session);
    return run->kafka != NULL;
}

/* Whether both are the same file or folder, or one is inside the other. */
static int is_same_feed(const watch_run *run, const char *a, const char *b) {
    struct stat first, second;
    const char *slash = strrchr(b, '/');
    if (!strcmp(a, b)) return 1;
    if (!strcmp(a, "-") || !strcmp(b, "-")) return 0;
    tocsin_buffer folder;
    tocsin_buffer_init(&folder, NULL);
    text_append(&folder, b, slash ? (size_t)(slash - b) + 1 : 0);
    text_puts(&folder, ".");
    const int there = !stat(a, &first);
    int same = there && !stat(b, &second) && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
    if (!same && there && S_ISDIR(first.st_mode) && !stat(folder.data, &second)) {
        same = first.st_dev == second.st_dev && first.st_ino == second.st_ino &&
               feed_folder_wants(run->patterns.length ? run->patterns.data : NULL, slash ? slash + 1 : b);
    }
    tocsin_buffer_release(&folder);
    return same;
}

/* Drops feeds that are the same file under two names. */
static void drop_same(watch_run *run) {
    int kept = 0;
    for (int i = 0; i < run->path_count; i++) {
        int same = -1;
        for (int j = 0; j < run->path_count && same < 0; j++) {
            const int equal = is_same_feed(run, run->paths[j], run->paths[i]);
            if (j != i && equal && (j < i || !is_same_feed(run, run->paths[i], run->paths[j]))) same = j;
        }
        if (same >= 0) {
            console_error("%s: is read as %s already; it is read once", run->paths[i], run->paths[same]);
        } else {
            run->kept[kept++] = run->paths[i];
        }
    }
    memcpy(run->paths, run->kept, (size_t)kept * sizeof *run->paths);
    run->path_count = kept;
}

static int open_feeds(watch_run *run) {
    if (run->kafka_options.brokers) return open_topics(run);
    const follow_options options = {.input = &run->input,
                                    .once = run->once,
                                    .format = run->format,
                                    .names = &run->names,
                                    .patterns = run->patterns.length ? run->patterns.data : NULL,
                                    .recall = recall,
                                    .context = run};
    drop_same(run);
    run->feeds = tool_allocate((size_t)run->path_count, sizeof *run->feeds);
    int folders = 0;
    for (int i = 0; i < run->path_count; i++) {
        run->feeds[i] = (watched_feed){.reader = document_reader_create(&run->names), .time = INT64_MIN};
        run->feeds[i].follow = feed_follow_open(run->paths[i], &options);
        folders += feed_follow_is_folder(run->feeds[i].follow);
    }
    if (!options.patterns || folders) return 1;
    console_error("--pattern is for the files of a folder, and no FEED is one");
    return 0;
}

static int prepare(watch_run *run) {
    const char *const written[] = {run->database, run->metrics_path, run->rejects_path};
    /* librdkafka may start a program for Kafka's authentication. */
    if (!run->kafka_options.brokers) confine(written, sizeof written / sizeof *written);
    const int status = plan_load_checked(run->plan_path, 1, 0, &run->plan);
    if (status != EXIT_DONE) return status;
    const tocsin_status made = tocsin_slot_create(run->plan, NULL, &run->slot);
    if (made != TOCSIN_OK) {
        console_error("cannot start: %s", message_told(tocsin_status_string(made)));
        return EXIT_IO;
    }
    run->session.slot = run->slot;
    if (!run->quiet && !(run->events = output_open(NULL))) return EXIT_IO;
    run->session.events = run->events;
    if (run->rejects_path) {
        run->rejects_fd = open(run->rejects_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        if (run->rejects_fd < 0) {
            console_error("%s: cannot be written: %s", run->rejects_path, strerror(errno));
            return EXIT_IO;
        }
    }
    if (!watch_session_open(&run->session, run->database)) return EXIT_IO;
    if (!(run->watch = plan_watch_start(run->plan_path, run->slot))) return EXIT_IO;
    if (run->metrics_path) {
        run->metrics =
            classify_metrics_start(run->metrics_path, tocsin_plan_get_info(run->plan), run->slot, run->watch);
        if (!run->metrics) return EXIT_IO;
    }
    return open_feeds(run) ? EXIT_DONE : EXIT_IO;
}

static void summarise(const watch_run *run) {
    const classify_tally *tally = &run->session.tally;
    if (run->quiet) return;
    console_error("%" PRIu64 " documents, %" PRIu64 " of them of incidents, %" PRIu64 " incidents new",
                  tally->documents, run->session.tracked, run->session.began);
    if (tally->rejected) console_line("%12" PRIu64 "  rejected", tally->rejected);
    feed_faults_summary(&tally->faults);
    if (run->skipped) {
        console_line("%12" PRIu64 "  file%s could not be read", run->skipped, run->skipped == 1 ? "" : "s");
    }
    if (run->session.again) {
        console_line("%12" PRIu64 "  seen again: their reach and text are updated", run->session.again);
    }
    if (run->session.without_time) {
        console_line("%12" PRIu64 "  without a time: the time of arrival is used", run->session.without_time);
    }
    if (run->session.wrong_time) {
        console_line("%12" PRIu64 "  with an implausible time: the time of arrival is used, or else the latest time",
                     run->session.wrong_time);
    }
    if (tally->incomplete) console_line("%12" PRIu64 "  incomplete: a limit was reached", tally->incomplete);
}

static void release(watch_run *run) {
    classify_metrics_stop(run->metrics);
    plan_watch_stop(run->watch);
    watch_kafka_close(run->kafka);
    kafka_settings_free(run->settings);
    for (int i = 0; run->feeds && i < run->path_count; i++) {
        feed_follow_close(run->feeds[i].follow);
        document_reader_free(run->feeds[i].reader);
        line_batch_release(&run->feeds[i].batch);
    }
    tool_free(run->feeds);
    tocsin_buffer_release(&run->patterns);
    tocsin_buffer_release(&run->id);
    tocsin_buffer_release(&run->rejects);
    if (run->rejects_fd >= 0) close(run->rejects_fd);
    watch_session_close(&run->session);
    output_close(run->events);
    tocsin_slot_free(run->slot);
    tocsin_plan_release(run->plan);
    tool_free(run->paths);
    tool_free(run->kept);
}

static int take_number(const option_parser *parser, const char *name, uint64_t most, uint32_t *into) {
    uint64_t number;
    if (!options_natural(parser, name, &number)) return 0;
    if (number < 1 || number > most) {
        options_usage("watch", "--%s is from 1 to %" PRIu64, name, most);
        return 0;
    }
    *into = (uint32_t)number;
    return 1;
}

/* Lines must end as in ASCII. 0 after a message. */
static int check_encoding(const char *encoding) {
    if (!encoding || (encoding[0] != 'U' && encoding[0] != 'u')) return 1;
    if (!strstr(encoding, "16") && !strstr(encoding, "32")) return 1;
    options_usage("watch", "a feed in %s cannot be followed", encoding);
    return 0;
}

static int take_pattern(watch_run *run, const char *pattern) {
    if (!*pattern || strchr(pattern, '/')) {
        options_usage("watch", "--pattern %s: it is for names, without a folder", pattern);
        return 0;
    }
    text_append(&run->patterns, pattern, strlen(pattern) + 1);
    return 1;
}

static int take_option(watch_run *run, option_parser *parser, int option) {
    tocsin_tracker_options *o = &run->session.options;
    uint64_t seconds;
    uint32_t hours;
    switch (option) {
        case OPTION_OPERAND: run->paths[run->path_count++] = parser->argv[parser->at - 1]; return 1;
        case WATCH_PLAN: run->plan_path = parser->value; return 1;
        case WATCH_DB: run->database = parser->value; return 1;
        case WATCH_ONCE: run->once = 1; return 1;
        case WATCH_KEEP_TEXT: run->session.with_text = 1; return 1;
        case WATCH_SAME: return take_number(parser, "same", 100, &o->same_percent);
        case WATCH_MATTER: return take_number(parser, "matter", 1000, &o->matter_percent);
        case WATCH_RISING: return take_number(parser, "rising", UINT32_MAX, &o->rising_posts);
        case WATCH_BURST: return take_number(parser, "burst", UINT32_MAX, &o->burst_posts);
        case WATCH_QUIET_AFTER:
            if (!take_number(parser, "quiet-after", 100000, &hours)) return 0;
            o->quiet_ms = hours * HOUR_MS;
            return 1;
        case WATCH_MAX_INCIDENTS: return take_number(parser, "max-incidents", 1u << 24, &o->max_incidents);
        case WATCH_METRICS: run->metrics_path = parser->value; return 1;
        case WATCH_QUIET: run->quiet = 1; return 1;
        case WATCH_KAFKA: run->kafka_options.brokers = parser->value; return 1;
        case WATCH_SETTING: return kafka_settings_take(run->settings, parser->value);
        case WATCH_ORDER_WAIT:
            if (!options_natural(parser, "order-wait", &seconds)) return 0;
            run->kafka_options.wait = (double)seconds;
            return 1;
        case WATCH_PATTERN: return take_pattern(run, parser->value);
        case WATCH_REJECTS: run->rejects_path = parser->value; return 1;
        default: return 0;
    }
}

static int end_status(const watch_run *run) {
    uint64_t lost = 0;
    if (run->store_failed || run->feed_failed) return EXIT_IO;
    for (int i = 0; run->feeds && i < run->path_count; i++) lost += feed_follow_lost(run->feeds[i].follow);
    return run->session.tally.rejected || lost || !feed_texts_check(&run->texts) ? EXIT_REJECTED : EXIT_DONE;
}

static int run_watch(int argc, char **argv) {
    static char standard_input[] = "-";
    const tocsin_tracker_options defaults = TOCSIN_TRACKER_OPTIONS_INIT;
    watch_run run = {
        .input = INPUT_OPTIONS_INIT, .rejects_fd = -1, .session = {.options = defaults}, .kafka_options = {.wait = 5}};
    option_parser parser;
    int option, status = EXIT_DONE;
    run.settings = kafka_settings_create();
    run.paths = tool_allocate((size_t)argc + 1, sizeof *run.paths);
    run.kept = tool_allocate((size_t)argc + 1, sizeof *run.kept);
    tocsin_buffer_init(&run.patterns, NULL);
    tocsin_buffer_init(&run.id, NULL);
    tocsin_buffer_init(&run.rejects, NULL);
    options_start(&parser, "watch", specs, sizeof specs / sizeof *specs, argc, argv);
    options_read_feed(&parser, (feed_targets){&run.format, &run.names, &run.input.encoding});
    while (status == EXIT_DONE && (option = options_next(&parser)) != OPTION_END) {
        if (!take_option(&run, &parser, option)) status = EXIT_USAGE;
    }
    if (status == EXIT_DONE && !check_encoding(run.input.encoding)) status = EXIT_USAGE;
    if (status == EXIT_DONE && !run.plan_path) status = options_usage("watch", "which plan? -p PLAN");
    if (status == EXIT_DONE && !run.database) status = options_usage("watch", "which database? --db FILE");
    if (status == EXIT_DONE && run.rejects_path && !strcmp(run.rejects_path, "-")) {
        status = options_usage("watch", "rejects go to a file: standard output has the events");
    }
    if (run.patterns.length) text_append(&run.patterns, "", 1);
    if (status == EXIT_DONE && run.names.further && run.kafka_options.brokers) {
        status = options_usage("watch", "--further is for files, not for topics: a message has one verdict, so send "
                                        "each further document as a message of its own");
    }
    if (status == EXIT_DONE && run.kafka_options.brokers && !run.path_count) {
        status = options_usage("watch", "which topics of %s?", run.kafka_options.brokers);
    }
    if (!run.path_count) run.paths[run.path_count++] = standard_input;
    if (status == EXIT_DONE) {
        run.input.stop_fd = stop_signal_install();
        status = prepare(&run);
        if (status == EXIT_DONE) {
            if (run.kafka) {
                watch_topics(&run);
            } else {
                watch_feeds(&run);
            }
            summarise(&run);
            status = end_status(&run);
        }
    }
    release(&run);
    return status;
}

const command watch_command = {"watch", help, run_watch};
