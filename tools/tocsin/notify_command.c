/*
 * tocsin notify: notifies people through the channels that they set up. One thread visits the channels in turn and
 * makes one attempt on each, so that a channel that hangs delays the others by at most its timeout.
 */
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "feed/tool_clock.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "notify/notify_config.h"
#include "notify/notify_send.h"
#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/stop_signal.h"
#include "store/event_store.h"
#include "tocsin/command.h"

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define MOST_BACKOFF_MS 1800000
#define AT_ONCE 200 /* events that are read in one transaction */
#define IDLE_MILLISECONDS 300
#define DIGEST_INCIDENTS 40
#define LOOKS 60 /* searches in one repeat period; each costs as much as was sent */

static const char help[] =
    "usage: tocsin notify --db FILE --config FILE [OPTION…]\n"
    "\n"
    "Notifies people of the events that tocsin watch stores, through the channels of a file: webhook, WeCom, "
    "DingTalk,\n"
    "Feishu, mail (SMTP) or a command. Each message is delivered at least once: a message that was being sent when "
    "notify\n"
    "ended is sent again, with a mark. An incident is one message, with updates; if nobody acknowledges it (tocsin "
    "desk\n"
    "ack), notify sends a reminder, and then a message to another channel. docs/NOTIFY.md describes the file. The "
    "database\n"
    "records every message.\n"
    "\n"
    "      --db FILE         the database; one notify at a time\n"
    "      --config FILE     the channels\n"
    "      --check           read the file, report its mistakes, and end\n"
    "      --once            end when nothing more is due\n"
    "      --lang zh|en      language of the messages (default zh)\n"
    "  -q, --quiet           do not report delivered messages\n"
    "\n"
    "Exit status: 0 done; 1 done, but a message could not be delivered yet; 2 wrong usage, or the file is wrong; 3 "
    "the\n"
    "database failed. SIGINT and SIGTERM end it after the present attempt.\n"
    "\n"
    "  tocsin notify --db incidents.db --config /etc/tocsin/notify.conf\n";

enum {
    NOTIFY_DB,
    NOTIFY_CONFIG,
    NOTIFY_CHECK,
    NOTIFY_ONCE,
    NOTIFY_LANG,
    NOTIFY_QUIET
};

static const option_spec specs[] = {{"db", 0, 1},   {"config", 0, 1}, {"check", 0, 0},
                                    {"once", 0, 0}, {"lang", 0, 1},   {"quiet", 'q', 0}};

typedef struct notify_run {
    const char *database, *config_path;
    int check, once, english, quiet, stop, undelivered;
    notify_config config;
    struct database db;
    int64_t *looked; /* for each channel the times of the last search for reminders and for escalations */
    notify_message message;
} notify_run;

static int minute_of_day(int64_t milliseconds) {
    struct tm parts;
    return tool_local_time(milliseconds, &parts) ? parts.tm_hour * 60 + parts.tm_min : 0;
}

/* When a message may be sent: now, or at the end of the quiet hours. */
static int64_t after_quiet(const notify_channel *c, int64_t now, const char *tier) {
    if (c->quiet_from == c->quiet_until || (*c->loud && notify_list_has(c->loud, tier))) return now;
    const int minute = minute_of_day(now), day = 24 * 60;
    const int into = (minute - c->quiet_from + day) % day, length = (c->quiet_until - c->quiet_from + day) % day;
    return into < length ? now + (int64_t)(length - into) * 60000 : now;
}

static int any_route(const notify_channel *c, const char *routes) {
    char one[NOTIFY_NAME_BYTES];
    if (!*c->routes) return 1;
    while (notify_list_next(&routes, one, sizeof one)) {
        if (*one && notify_list_has(c->routes, one)) return 1;
    }
    return 0;
}

static void take_event(notify_run *run, const notify_channel *c, const outbox_event *e, int64_t now) {
    static const char at_once[] = ",began,returned,tier,outgrown,";
    if (c->only_digest || !any_route(c, e->routes)) return;
    if (!notify_list_has(c->tiers, e->tier_id) || !notify_list_has(c->events, e->kind)) return;
    int64_t due = now;
    if (!notify_list_has(at_once, e->kind)) {
        const int64_t next = outbox_told(&run->db, c->name, e->incident) + c->update_ms;
        if (next > now && next <= now + c->update_ms) due = next;
    }
    outbox_add(&run->db, c->name, e->incident, "news", e->event, now, after_quiet(c, due, e->tier_id));
}

/* Makes deliveries from new events; returns whether there were any. */
static int gather(notify_run *run, const notify_channel *c, int64_t now) {
    outbox_event event;
    int taken = 0;
    if (!outbox_next(&run->db, c->name, &event)) return 0;
    outbox_release_event(&event);
    if (!database_begin(&run->db)) return 0;
    while (taken < AT_ONCE && outbox_next(&run->db, c->name, &event)) {
        take_event(run, c, &event, now);
        outbox_advance(&run->db, c->name, event.number);
        outbox_release_event(&event);
        taken++;
    }
    return database_commit(&run->db) && taken;
}

/* Sends incidents that nobody has acknowledged to the channel again, or to another one. */
static void insist(notify_run *run, const notify_channel *c, const char *to, const char *kind, int64_t span,
                   int64_t most, int64_t now, int64_t *looked) {
    int64_t event = 0, incident;
    outbox_facts facts;
    if (*looked <= now && now - *looked < span / LOOKS) return;
    *looked = now;
    while (span && (incident = outbox_unanswered(&run->db, c->name, to, kind, now, span, most, &event))) {
        outbox_read_facts(&run->db, event, run->english, &facts);
        const int64_t due = after_quiet(c, now, facts.tier_id ? facts.tier_id : "");
        outbox_release_facts(&facts);
        if (!database_begin(&run->db)) return;
        outbox_add(&run->db, to, incident, kind, event, now, due);
        if (!database_commit(&run->db)) return;
    }
}

/* The last time before now at which a digest was due. */
static int64_t last_digest_due(const notify_channel *c, int64_t now) {
    int64_t last = 0;
    for (int back = 0; back < 2; back++) {
        struct tm parts;
        if (!tool_local_time(now - back * 86400000, &parts)) continue;
        for (int i = 0; i < c->digest_count; i++) {
            parts.tm_hour = c->digests[i] / 60;
            parts.tm_min = c->digests[i] % 60;
            parts.tm_sec = 0;
            parts.tm_isdst = -1;
            const int64_t time = (int64_t)mktime(&parts) * 1000;
            if (time <= now && time > last) last = time;
        }
    }
    return last;
}

static void add_digest(notify_run *run, const notify_channel *c, int64_t now) {
    const int64_t due = c->digest_count ? last_digest_due(c, now) : 0;
    if (!due) return;
    const int64_t last = outbox_last_digest(&run->db, c->name);
    /* A time in the future was stored before the clock was set back. */
    if ((due <= last && last <= now + HOUR_MS) || !database_begin(&run->db)) return;
    outbox_add(&run->db, c->name, 0, "digest", 0, now, now);
    outbox_set_digest(&run->db, c->name, due);
    database_commit(&run->db);
}

/* Whether a reminder or escalation is no longer needed, because somebody has reacted. */
static int is_answered(notify_run *run, const outbox_delivery *d) {
    desk_list found = {0};
    const desk_filter filter = {.state = "all", .incident = d->incident};
    if (strcmp(d->kind, "reminder") != 0 && strcmp(d->kind, "escalation") != 0) return 0;
    desk_list_read(&run->db, &filter, &found);
    const int answered = !found.count || strcmp(found.items[0].state, "open") != 0;
    desk_list_release(&found);
    return answered;
}

static int compose(notify_run *run, const notify_channel *c, const outbox_delivery *d) {
    notify_message *m = &run->message;
    m->delivery = d->number;
    m->repeat = d->repeats > 0;
    m->kind = d->kind;
    m->channel = c->name;
    outbox_release_facts(&m->facts);
    if (!strcmp(d->kind, "digest")) {
        desk_list open;
        const desk_filter filter = {.limit = DIGEST_INCIDENTS};
        const int read = desk_list_read(&run->db, &filter, &open);
        if (read) notify_compose_digest(m, &open, run->english, c->most_bytes);
        desk_list_release(&open);
        return read;
    }
    if (!outbox_read_facts(&run->db, d->event, run->english, &m->facts)) return 0;
    notify_compose(m, run->english, c->most_bytes);
    return 1;
}

static int64_t backoff(const notify_channel *c, int64_t attempts) {
    int64_t wait = c->retry_ms;
    for (int64_t i = 1; i < attempts && wait < MOST_BACKOFF_MS; i++) wait *= 2;
    return wait < MOST_BACKOFF_MS ? wait : MOST_BACKOFF_MS;
}

static void conclude(notify_run *run, const notify_channel *c, const outbox_delivery *d, const notify_result *r) {
    const int64_t now = tool_now(), attempts = d->attempts + 1;
    const int dead = r->outcome == NOTIFY_NEVER || (r->outcome == NOTIFY_AGAIN && attempts >= c->attempts);
    if (r->outcome == NOTIFY_SENT) {
        outbox_end(&run->db, d, "sent", now, now, 0, "");
        if (!run->quiet) console_error("%s was notified of incident %" PRId64 " (%s)", c->name, d->incident, d->kind);
        return;
    }
    run->undelivered = 1;
    const int64_t wait = r->wait_ms > backoff(c, attempts) ? r->wait_ms : backoff(c, attempts);
    outbox_end(&run->db, d, dead ? "dead" : "waiting", now, now + wait, r->uncertain, r->reason);
    if (dead) {
        console_error("%s: message %" PRId64 " is given up after %" PRId64 " attempts: %s", c->name, d->number,
                      attempts, message_told(r->reason));
    } else {
        console_error("%s: message %" PRId64 " is tried again: %s", c->name, d->number, message_told(r->reason));
    }
}

/* Makes one attempt on a channel; returns whether it did. */
static int attempt(notify_run *run, const notify_channel *c, int64_t now, int64_t *later) {
    outbox_delivery delivery;
    notify_result result;
    tocsin_buffer said;
    if (!outbox_due(&run->db, c->name, now, &delivery, later)) return 0;
    if (c->per_minute && outbox_recent(&run->db, c->name, now) >= c->per_minute) {
        *later = now + 1000;
        outbox_release_delivery(&delivery);
        return 0;
    }
    if (is_answered(run, &delivery)) {
        outbox_end(&run->db, &delivery, "dropped", now, now, 0, "it was acknowledged before");
    } else if (!compose(run, c, &delivery)) {
        outbox_end(&run->db, &delivery, "dropped", now, now, 0, "its event is not in the database any more");
    } else {
        tocsin_buffer_init(&said, NULL);
        text_append(&said, run->message.text.data, run->message.text.length);
        text_puts(&said, "");
        if (outbox_begin(&run->db, &delivery, now, said.data)) {
            notify_send(c, &run->message, &result);
            conclude(run, c, &delivery, &result);
        }
        tocsin_buffer_release(&said);
    }
    outbox_release_delivery(&delivery);
    return 1;
}

/* Visits each channel once; returns whether anything was done. *later: when the next delivery is due. */
static int go_round(notify_run *run, int64_t *later) {
    int busy = 0;
    *later = INT64_MAX;
    for (size_t i = 0; i < run->config.count && !run->db.failed && !stop_signal_name(); i++) {
        const notify_channel *c = &run->config.channels[i];
        const int64_t now = tool_now();
        int64_t next;
        busy |= gather(run, c, now);
        insist(run, c, c->name, "reminder", c->remind_ms, c->reminders, now, &run->looked[2 * i]);
        insist(run, c, c->escalate_to, "escalation", c->escalate_ms, 1, now, &run->looked[2 * i + 1]);
        add_digest(run, c, now);
        busy |= attempt(run, c, now, &next);
        if (next < *later) *later = next;
    }
    return busy;
}

/*
 *  Ids of a channel that the plan does not have: nothing ever matches them. The plan may change, so it goes
 * on.
 */
static void tell_unknown(notify_run *run, const char *channel, const char *list, const char *what, const char *ids) {
    char id[NOTIFY_NAME_BYTES];
    while (notify_list_next(&ids, id, sizeof id)) {
        if (*id && !outbox_has_id(&run->db, list, id))
            console_error("%s: the plan has no %s \"%.100s\"", channel, what, id);
    }
}

static void deliver(notify_run *run) {
    int64_t later;
    const int64_t now = tool_now();
    outbox_recover(&run->db);
    for (size_t i = 0; i < run->config.count; i++) {
        outbox_open_channel(&run->db, run->config.channels[i].name, now - DAY_MS, now);
    }
    for (size_t i = 0; i < run->config.count; i++) {
        const notify_channel *c = &run->config.channels[i];
        tell_unknown(run, c->name, "tiers", "tier", c->tiers);
        tell_unknown(run, c->name, "tiers", "tier", c->loud);
        tell_unknown(run, c->name, "routes", "route", c->routes);
    }
    while (!run->db.failed && !stop_signal_name()) {
        struct pollfd one = {run->stop, POLLIN, 0};
        if (go_round(run, &later)) continue;
        if (run->once) break;
        if (!database_is_there(&run->db) || poll(&one, 1, IDLE_MILLISECONDS) > 0) break;
    }
}

static int notify(notify_run *run) {
    if (!notify_config_read(&run->config, run->config_path)) return EXIT_USAGE;
    if (run->check) return EXIT_DONE;
    if (!notify_send_begin()) {
        console_error("libcurl cannot be used");
        return EXIT_IO;
    }
    run->stop = stop_signal_install();
    run->looked = tool_allocate(2 * run->config.count + 1, sizeof *run->looked);
    tocsin_buffer_init(&run->message.title, NULL);
    tocsin_buffer_init(&run->message.text, NULL);
    if (database_open(&run->db, run->database, DATABASE_NOTIFY)) deliver(run);
    if (run->db.failed) console_error("%s: %s", run->database, message_told(run->db.problem));
    const int failed = run->db.failed;
    database_close(&run->db);
    tool_free(run->looked);
    outbox_release_facts(&run->message.facts);
    tocsin_buffer_release(&run->message.title);
    tocsin_buffer_release(&run->message.text);
    notify_send_end();
    if (failed) return EXIT_IO;
    return run->undelivered ? EXIT_REJECTED : EXIT_DONE;
}

static int run_notify(int argc, char **argv) {
    static const char *const languages[] = {"zh", "en"};
    notify_run run = {.stop = -1};
    option_parser parser;
    int option, status;
    tzset();
    options_start(&parser, "notify", specs, sizeof specs / sizeof *specs, argc, argv);
    while ((option = options_next(&parser)) != OPTION_END) {
        switch (option) {
            case NOTIFY_DB: run.database = parser.value; break;
            case NOTIFY_CONFIG: run.config_path = parser.value; break;
            case NOTIFY_CHECK: run.check = 1; break;
            case NOTIFY_ONCE: run.once = 1; break;
            case NOTIFY_LANG:
                if ((run.english = options_choice(&parser, "lang", languages, 2)) < 0) return EXIT_USAGE;
                break;
            case NOTIFY_QUIET: run.quiet = 1; break;
            case OPTION_OPERAND: return options_usage("notify", "\"%.100s\" is not expected", parser.value);
            default: return EXIT_USAGE;
        }
    }
    if (!run.config_path) return options_usage("notify", "which channels? --config FILE");
    if (!run.database && !run.check) return options_usage("notify", "which database? --db FILE");
    status = notify(&run);
    notify_config_release(&run.config);
    return status;
}

const command notify_command = {"notify", help, run_notify};
