/*
 * Everything that a batch of documents changes is one transaction, the tracker and the places of the feeds among it, so
 * a watcher that ends at any moment goes on at the start as if it had never read what was not committed. Events are
 * printed after their commit: what was said is kept.
 */
#include "tocsin/watch_desk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/stop_signal.h"
#include "tocsin/command.h"

#define COMMIT_SECONDS 0.2
#define LEAST_SECONDS 0.02        /* from one commit to the next, when another program waits */
#define ROOM_NANOSECONDS 10000000 /* in which that program begins */
#define COMMIT_SHARE 10           /* a commit takes at most one part in so many of the time */

/* The tracker of the last commit, or one that begins after it. */
static int open_tracker(watch_desk *desk, const char *database) {
    tocsin_buffer bytes;
    tocsin_error error = {0};
    tocsin_status status = TOCSIN_OK;
    tocsin_buffer_init(&bytes, NULL);
    desk->options.first_id = incident_store_last_id(desk->store) + 1;
    if (incident_store_load_tracker(desk->store, &bytes)) {
        status = tocsin_tracker_restore(bytes.data ? bytes.data : "", bytes.length, NULL, &desk->tracker, &error);
        if (!status) status = tocsin_tracker_set_options(desk->tracker, &desk->options, &error);
    }
    if (status == TOCSIN_ERROR_IMAGE || status == TOCSIN_ERROR_UNSUPPORTED) {
        console_error("%s: the incidents that went on are not gone on with, new ones begin: %s", database,
                      error.message);
        status = TOCSIN_OK;
    }
    if (!status && !desk->tracker) status = tocsin_tracker_create(&desk->options, &desk->tracker, &error);
    tocsin_buffer_release(&bytes);
    if (status) console_error("cannot start: %s", error.message);
    return status == TOCSIN_OK;
}

/* Another program has a transaction open: that is said, and waited for, until the watcher is stopped. */
static int waiting(void *context, double seconds) {
    watch_desk *desk = context;
    const int whole = (int)seconds;
    if (whole == 2 || whole % 60 == 0) console_error("%s: another program holds the database; waiting", desk->database);
    return stop_signal_name() == NULL;
}

int watch_desk_open(watch_desk *desk, const char *database) {
    tocsin_error error = {0};
    tocsin_buffer_init(&desk->lines, NULL);
    desk->database = database;
    desk->pause = COMMIT_SECONDS;
    desk->committed = console_seconds();
    if (tocsin_scanner_create_for_slot(desk->slot, NULL, &desk->scanner, &error) != TOCSIN_OK) {
        console_error("cannot start: %s", error.message);
        return 0;
    }
    classify_tally_init(&desk->tally, tocsin_plan_get_info(tocsin_scanner_plan(desk->scanner))->tier_count);
    desk->store = incident_store_open(database, waiting, desk);
    if (!incident_store_problem(desk->store)[0] && !open_tracker(desk, database)) return 0;
    if (incident_store_problem(desk->store)[0]) {
        console_error("%s: %s", database, incident_store_problem(desk->store));
        return 0;
    }
    desk->printed = incident_store_last_event(desk->store);
    return 1;
}

void watch_desk_close(watch_desk *desk) {
    incident_store_close(desk->store);
    tocsin_tracker_free(desk->tracker);
    tocsin_scanner_free(desk->scanner);
    tocsin_buffer_release(&desk->lines);
    classify_tally_release(&desk->tally);
}

static void begin(watch_desk *desk) {
    if (desk->dirty) return;
    desk->dirty = 1;
    incident_store_begin(desk->store);
}

/* What a document made of its incident. */
typedef struct desk_post {
    const tocsin_document *document;
    const tocsin_verdict *verdict;
    const tocsin_tracked *tracked;
    const char *url;
} desk_post;

static void note(watch_desk *desk, const tocsin_incident *incident, const desk_post *post, const char *kind,
                 const char *detail) {
    const event_facts facts = {(int64_t)incident->id,        post->tracked->time, kind,          detail,
                               (int64_t)incident->last_hour, post->document,      post->verdict, post->url};
    incident_store_note(desk->store, &facts, desk->events ? &desk->lines : NULL);
}

static void note_all(watch_desk *desk, const tocsin_incident *incident, const desk_post *post) {
    static const char *const reasons[] = {"", "post", "reach", "rate"};
    const tocsin_tracked *tracked = post->tracked;
    char detail[96];
    const tocsin_incident *whole = tracked->merged ? tocsin_tracker_get(desk->tracker, tracked->merged_into) : NULL;
    if (whole) {
        snprintf(detail, sizeof detail, "%" PRIu64, tracked->merged);
        note(desk, whole, post, "merged", detail);
    }
    if (tracked->is_new && tracked->returns) {
        snprintf(detail, sizeof detail, "%" PRIu64, tracked->returns);
        note(desk, incident, post, "returned", detail);
    } else if (tracked->is_new) {
        note(desk, incident, post, "began", incident->tier_id);
    }
    if (incident_store_outgrows(desk->store, incident->id)) note(desk, incident, post, "outgrown", incident->tier_id);
    if (tracked->tier_rose) note(desk, incident, post, "tier", incident->tier_id);
    for (uint32_t i = tracked->new_clauses; i > 0 && !tracked->is_new; i--) {
        note(desk, incident, post, "clause", incident->clauses[incident->clause_count - i]);
    }
    if (tracked->raised) {
        snprintf(detail, sizeof detail, "%s %s", tocsin_attention_name(tracked->attention),
                 reasons[incident->raised_by]);
        note(desk, incident, post, "attention", detail);
    }
}

/* Names come into the database before the first incident that has them. */
static void put_plan(watch_desk *desk, const tocsin_verdict *verdict) {
    if (desk->generation == verdict->generation) return;
    desk->generation = verdict->generation;
    incident_store_put_plan(desk->store, tocsin_plan_get_info(verdict->plan));
}

static void count(watch_desk *desk, const tocsin_verdict *verdict) {
    classify_tally *tally = &desk->tally;
    const int none = verdict->tier == TOCSIN_TIER_NONE;
    tally->documents++;
    tally->incomplete += verdict->incomplete != 0;
    tally->malformed += verdict->malformed != 0;
    tally->tiers[none ? tally->tier_count : (size_t)verdict->tier]++;
}

/* When it was collected: its file's time, but now where that says so and the file's time does not. */
static int64_t arrival(const tocsin_document *document, int64_t file_time) {
    const int64_t now = (int64_t)time(NULL) * 1000;
    if (!file_time) return now;
    return document->time > file_time && document->time <= now ? now : file_time;
}

static void count_time(watch_desk *desk, const tocsin_document *document, const tocsin_tracked *tracked) {
    if (!tracked->time_replaced) return;
    ++*(document->time == TOCSIN_TIME_UNKNOWN ? &desk->without_time : &desk->wrong_time);
}

/* What the incident has by now is said of the document too: a clause may ask for it. The verdict becomes that. */
static int grade_again(watch_desk *desk, const tocsin_document *document, tocsin_tracked *tracked,
                       const tocsin_verdict **verdict, tocsin_error *error) {
    tocsin_document raised = *document;
    int rose = 0;
    if (!tracked->incident || tracked->attention <= (*verdict)->attention) return 1;
    raised.attention = tracked->attention;
    if (tocsin_classify(desk->scanner, &raised, verdict, error) != TOCSIN_OK) return 0;
    const uint32_t clauses = tocsin_tracker_get(desk->tracker, tracked->incident)->clause_count;
    (void)tocsin_tracker_raise(desk->tracker, tracked->incident, *verdict, &rose); /* of this thread alone */
    tracked->tier_rose |= rose;
    tracked->new_clauses += tocsin_tracker_get(desk->tracker, tracked->incident)->clause_count - clauses;
    return 1;
}

/* A post that is there already: no post more, but it may have more reach, or another text. */
static int take_again(watch_desk *desk, const tocsin_document *document, const char *url,
                      const incident_store_post *post, const tocsin_verdict *verdict, tocsin_error *error) {
    tocsin_tracked tracked;
    desk->again++;
    if (!post->more_reach && post->words != POST_OTHER_WORDS) {
        count(desk, verdict);
        return 1;
    }
    if (tocsin_tracker_add_again(desk->tracker, (uint64_t)post->incident, verdict, post->more_reach, &tracked, error) !=
            TOCSIN_OK ||
        !grade_again(desk, document, &tracked, &verdict, error)) {
        return 0;
    }
    count(desk, verdict);
    const tocsin_incident *incident = tocsin_tracker_get(desk->tracker, tracked.incident);
    if (incident) incident_store_put(desk->store, incident);
    if (!incident) incident_store_add_reach(desk->store, post->incident, post->more_reach);
    incident_store_see_again(desk->store, post, document, verdict, tracked.time, desk->with_text);
    if (incident) note_all(desk, incident, &(desk_post){document, verdict, &tracked, url});
    return 1;
}

static int take_first(watch_desk *desk, const tocsin_document *document, const watch_origin *origin,
                      const tocsin_verdict *verdict, tocsin_error *error) {
    tocsin_tracked tracked;
    if (tocsin_tracker_add(desk->tracker, document, verdict, &tracked, error) != TOCSIN_OK) return 0;
    count_time(desk, document, &tracked);
    if (!grade_again(desk, document, &tracked, &verdict, error)) return 0;
    count(desk, verdict);
    incident_store_count(desk->store, tracked.time, verdict->tier_id);
    if (!tracked.incident) return 1;
    const tocsin_incident *incident = tocsin_tracker_get(desk->tracker, tracked.incident);
    desk->tracked++;
    desk->began += (uint64_t)tracked.is_new;
    incident_store_put(desk->store, incident);
    if (tracked.merged) {
        incident_store_merge(desk->store, tracked.merged_into, tracked.merged);
        incident_store_put(desk->store, tocsin_tracker_get(desk->tracker, tracked.merged_into));
    }
    if (tracked.is_new) incident_store_put_number_of(desk->store, incident->id, tracked.time);
    const incident_store_keeping keep = {desk->with_text, origin->is_named};
    incident_store_add(desk->store, document, origin->url, verdict, &tracked, keep);
    note_all(desk, incident, &(desk_post){document, verdict, &tracked, origin->url});
    return 1;
}

int watch_desk_take(watch_desk *desk, const tocsin_document *given, const watch_origin *origin, tocsin_error *error) {
    const tocsin_verdict *verdict = NULL;
    incident_store_post post;
    tocsin_document document = *given;
    begin(desk);
    document.arrived = arrival(given, origin->file_time);
    if (tocsin_classify(desk->scanner, &document, &verdict, error) != TOCSIN_OK) return 0;
    put_plan(desk, verdict);
    if (origin->is_named && incident_store_find_post(desk->store, &document, &post)) {
        return take_again(desk, &document, origin->url, &post, verdict, error);
    }
    return take_first(desk, &document, origin, verdict, error);
}

void watch_desk_note(watch_desk *desk, const char *feed, const follow_place *place) {
    begin(desk);
    incident_store_put_feed(desk->store, feed, place);
}

void watch_desk_note_messages(watch_desk *desk, const char *cluster, const char *topic, int32_t partition, int64_t next,
                              const char *taken) {
    begin(desk);
    incident_store_put_messages(desk->store, cluster, topic, partition, next, taken);
}

static int put_tracker(watch_desk *desk) {
    tocsin_buffer bytes;
    tocsin_error error = {0};
    tocsin_buffer_init(&bytes, NULL);
    const tocsin_status status = tocsin_tracker_save_to_buffer(desk->tracker, &bytes, &error);
    if (status) {
        console_error("the tracker cannot be written: %s", error.message);
    } else {
        incident_store_put_tracker(desk->store, (tocsin_bytes){bytes.data, bytes.length});
    }
    tocsin_buffer_release(&bytes);
    return status == TOCSIN_OK;
}

/* A reader that went away has what it did not read in the database. */
static int print_events(watch_desk *desk) {
    if (!desk->lines.length) return 1;
    const output_status printed = output_write(desk->events, desk->lines.data, desk->lines.length);
    desk->lines.length = 0;
    if (printed == OUTPUT_OK) {
        desk->printed = incident_store_last_event(desk->store);
        return 1;
    }
    console_error("the events cannot be written; they are kept, and tocsin events --after %" PRId64 " has them",
                  desk->printed);
    return 0;
}

static int tell_problem(const watch_desk *desk) {
    console_error("the database cannot be written: %s", incident_store_problem(desk->store));
    return 0;
}

int watch_desk_commit(watch_desk *desk, int now) {
    static const struct timespec room = {0, ROOM_NANOSECONDS};
    const double started = console_seconds();
    if (!desk->dirty) return incident_store_is_there(desk->store) || tell_problem(desk);
    const int awaited = started - desk->committed >= LEAST_SECONDS && incident_store_is_awaited(desk->store);
    if (!now && !awaited && started - desk->committed < desk->pause) return 1;
    if (!put_tracker(desk)) return 0;
    incident_store_put_number(desk->store, "now", tocsin_tracker_now(desk->tracker));
    incident_store_put_number(desk->store, "quiet_ms", tocsin_tracker_get_options(desk->tracker)->quiet_ms);
    if (!incident_store_commit(desk->store)) return tell_problem(desk);
    desk->dirty = 0;
    desk->committed = console_seconds();
    desk->pause = COMMIT_SHARE * (desk->committed - started);
    if (desk->pause < COMMIT_SECONDS) desk->pause = COMMIT_SECONDS;
    if (awaited) nanosleep(&room, NULL);
    return print_events(desk);
}
