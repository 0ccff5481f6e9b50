/*
 * All changes of a batch of documents are one transaction, including the tracker and the places of the feeds. So a
 * watcher that ends at any moment goes on as if it had never read what was not committed. Events are printed after
 * their commit, so that everything printed is stored.
 */
#include "tocsin/watch_session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "feed/tool_clock.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"
#include "program/stop_signal.h"
#include "tocsin/command.h"

#define COMMIT_SECONDS 0.2
#define LEAST_SECONDS 0.02       /* between two commits, if another program waits */
#define ROOM_SECONDS 0.1         /* in which that program begins; it is left as soon as it did */
#define UNUSED_SECONDS 1.0       /* from one commit to the next, when a program that waits did not begin */
#define ROOM_NANOSECONDS 1000000 /* between two looks at whether it did */
#define COMMIT_SHARE 10          /* commits take at most one part in this many of the time */

/* Opens the tracker of the last commit, or a new one that continues its numbers. */
static int open_tracker(watch_session *session, const char *database) {
    tocsin_buffer bytes;
    tocsin_error error = {0};
    tocsin_status status = TOCSIN_OK;
    tocsin_buffer_init(&bytes, NULL);
    session->options.first_id = incident_store_last_id(session->store) + 1;
    if (incident_store_load_tracker(session->store, &bytes)) {
        status = tocsin_tracker_restore(bytes.data ? bytes.data : "", bytes.length, NULL, &session->tracker, &error);
        if (!status) status = tocsin_tracker_set_options(session->tracker, &session->options, &error);
    }
    if (status == TOCSIN_ERROR_IMAGE || status == TOCSIN_ERROR_UNSUPPORTED) {
        console_error("%s: the saved incidents cannot be continued, new ones begin: %s", database,
                      message_told(error.message));
        status = TOCSIN_OK;
    }
    if (!status && !session->tracker) status = tocsin_tracker_create(&session->options, &session->tracker, &error);
    tocsin_buffer_release(&bytes);
    if (status) console_error("cannot start: %s", message_told(error.message));
    return status == TOCSIN_OK;
}

/* Another program has a transaction open: reports that and waits until the watcher is stopped. */
static int waiting(void *context, double seconds) {
    watch_session *session = context;
    const int whole = (int)seconds;
    if (whole == 2 || whole % 60 == 0)
        console_error("%s: another program holds the database; waiting", session->database);
    return stop_signal_name() == NULL;
}

int watch_session_open(watch_session *session, const char *database) {
    tocsin_error error = {0};
    tocsin_buffer_init(&session->lines, NULL);
    session->database = database;
    session->pause = COMMIT_SECONDS;
    session->least = LEAST_SECONDS;
    session->committed = tool_seconds();
    if (tocsin_scanner_create_for_slot(session->slot, NULL, &session->scanner, &error) != TOCSIN_OK) {
        console_error("cannot start: %s", message_told(error.message));
        return 0;
    }
    classify_tally_init(&session->tally, tocsin_plan_get_info(tocsin_scanner_plan(session->scanner))->tier_count);
    session->store = incident_store_open(database, waiting, session);
    if (!incident_store_problem(session->store)[0] && !open_tracker(session, database)) return 0;
    if (incident_store_problem(session->store)[0]) {
        console_error("%s: %s", database, message_told(incident_store_problem(session->store)));
        return 0;
    }
    session->printed = incident_store_last_event(session->store);
    return 1;
}

void watch_session_close(watch_session *session) {
    incident_store_close(session->store);
    tocsin_tracker_free(session->tracker);
    tocsin_scanner_free(session->scanner);
    tocsin_buffer_release(&session->lines);
    classify_tally_release(&session->tally);
}

static void begin(watch_session *session) {
    if (session->dirty) return;
    session->dirty = 1;
    incident_store_begin(session->store);
    /* People may have made an incident from posts of another one; its number is not used again. */
    const uint64_t last = incident_store_last_id(session->store);
    if (last < session->options.first_id) return;
    session->options.first_id = last + 1;
    (void)tocsin_tracker_set_options(session->tracker, &session->options, NULL); /* used by this thread only */
}

/* The effect of a document on its incident. */
typedef struct desk_post {
    const tocsin_document *document;
    const tocsin_verdict *verdict;
    const tocsin_tracked *tracked;
    const char *url;
} desk_post;

static void note(watch_session *session, const tocsin_incident *incident, const desk_post *post, const char *kind,
                 const char *detail) {
    const event_facts facts = {(int64_t)incident->id,        post->tracked->time, kind,          detail,
                               (int64_t)incident->last_hour, post->document,      post->verdict, post->url};
    incident_store_note(session->store, &facts, session->events ? &session->lines : NULL);
}

static void note_all(watch_session *session, const tocsin_incident *incident, const desk_post *post) {
    static const char *const reasons[] = {"", "post", "reach", "rate"};
    static const char *const turns[] = {
        [TOCSIN_TURN_ANSWERED] = "answered", [TOCSIN_TURN_REFUTED] = "refuted", [TOCSIN_TURN_DOUBTED] = "doubted"};
    const tocsin_tracked *tracked = post->tracked;
    char detail[96];
    const tocsin_incident *whole = tracked->merged ? tocsin_tracker_get(session->tracker, tracked->merged_into) : NULL;
    if (whole) {
        snprintf(detail, sizeof detail, "%" PRIu64, tracked->merged);
        note(session, whole, post, "merged", detail);
    }
    if (tracked->is_new && tracked->returns) {
        snprintf(detail, sizeof detail, "%" PRIu64, tracked->returns);
        note(session, incident, post, "returned", detail);
    } else if (tracked->is_new) {
        note(session, incident, post, "began", incident->tier_id);
    }
    if (incident_store_outgrows(session->store, incident->id))
        note(session, incident, post, "outgrown", incident->tier_id);
    if (tracked->tier_rose) note(session, incident, post, "tier", incident->tier_id);
    for (uint32_t i = tracked->new_clauses; i > 0 && !tracked->is_new; i--) {
        note(session, incident, post, "clause", incident->clauses[incident->clause_count - i]);
    }
    if (tracked->turn) note(session, incident, post, turns[tracked->turn], tocsin_venue_name(post->verdict->venue));
    if (tracked->raised) {
        snprintf(detail, sizeof detail, "%s %s", tocsin_attention_name(tracked->attention),
                 reasons[incident->raised_by]);
        note(session, incident, post, "attention", detail);
    }
}

/* Names are stored before the first incident that uses them. */
static void put_plan(watch_session *session, const tocsin_verdict *verdict) {
    if (session->generation == verdict->generation) return;
    session->generation = verdict->generation;
    incident_store_put_plan(session->store, tocsin_plan_get_info(verdict->plan));
}

static void count(watch_session *session, const tocsin_verdict *verdict) {
    classify_tally *tally = &session->tally;
    const int none = verdict->tier == TOCSIN_TIER_NONE;
    tally->documents++;
    tally->incomplete += verdict->incomplete != 0;
    tally->malformed += verdict->malformed != 0;
    tally->tiers[none ? tally->tier_count : (size_t)verdict->tier]++;
}

/*
 * The time of collection: the file's time, or now if the document's time is plausible now and not at the file's time.
 */
static int64_t arrival(const tocsin_document *document, int64_t file_time) {
    const int64_t now = tool_now();
    if (!file_time) return now;
    return document->time > file_time && document->time <= now ? now : file_time;
}

static void count_time(watch_session *session, const tocsin_document *document, const tocsin_tracked *tracked) {
    if (!tracked->time_replaced) return;
    ++*(document->time == TOCSIN_TIME_UNKNOWN ? &session->without_time : &session->wrong_time);
}

/*
 * Adds the incident's facts to the document and grades it again, because a clause may compare them. Replaces the
 * verdict.
 */
static int grade_again(watch_session *session, const tocsin_document *document, tocsin_tracked *tracked,
                       const tocsin_verdict **verdict, tocsin_error *error) {
    tocsin_document raised = *document;
    if (!tracked->incident || tracked->attention <= (*verdict)->attention) return 1;
    raised.attention = tracked->attention;
    if (tocsin_classify(session->scanner, &raised, verdict, error) != TOCSIN_OK) return 0;
    return tocsin_tracker_raise(session->tracker, &raised, *verdict, tracked, error) == TOCSIN_OK;
}

/* An attached document changes nothing of its incident, unless it now has a tier: then it becomes a post. */
static int take_attached_again(watch_session *session, const tocsin_document *document, const char *url,
                               const incident_store_post *post, const tocsin_verdict *verdict, tocsin_error *error) {
    tocsin_tracked tracked = {.incident = (uint64_t)post->incident,
                              .attached_as = (tocsin_attached_as)post->attached,
                              .time = post->time,
                              .attention = verdict->attention};
    if (tocsin_tracker_raise(session->tracker, document, verdict, &tracked, error) != TOCSIN_OK) return 0;
    const int is_post = tracked.attached_as == TOCSIN_ATTACHED_AS_NOTHING;
    if (is_post && !grade_again(session, document, &tracked, &verdict, error)) return 0;
    count(session, verdict);
    const tocsin_incident *incident = tocsin_tracker_get(session->tracker, tracked.incident);
    if (is_post) incident_store_put(session->store, incident);
    incident_store_see_again(session->store, post, document, verdict, tocsin_tracker_now(session->tracker),
                             session->with_text);
    if (!is_post) return 1;
    incident_store_detach(session->store, post, document, verdict);
    note_all(session, incident, &(desk_post){document, verdict, &tracked, url});
    return 1;
}

/* A post that is already stored: it does not count again, but may have more reach, or another text. */
static int take_again(watch_session *session, const tocsin_document *document, const char *url,
                      const incident_store_post *post, const tocsin_verdict *verdict, tocsin_error *error) {
    tocsin_tracked tracked;
    session->again++;
    if (!post->more_reach && post->words != POST_OTHER_WORDS) {
        count(session, verdict);
        return 1;
    }
    if (post->attached) return take_attached_again(session, document, url, post, verdict, error);
    if (tocsin_tracker_add_again(session->tracker, (uint64_t)post->incident, verdict, post->more_reach, &tracked,
                                 error) != TOCSIN_OK ||
        !grade_again(session, document, &tracked, &verdict, error)) {
        return 0;
    }
    count(session, verdict);
    const tocsin_incident *incident = tocsin_tracker_get(session->tracker, tracked.incident);
    if (incident) incident_store_put(session->store, incident);
    if (!incident) incident_store_add_reach(session->store, post->incident, post->more_reach);
    incident_store_see_again(session->store, post, document, verdict, tracked.time, session->with_text);
    if (incident) note_all(session, incident, &(desk_post){document, verdict, &tracked, url});
    return 1;
}

static int take_first(watch_session *session, const tocsin_document *document, const watch_origin *origin,
                      const tocsin_verdict *verdict, tocsin_error *error) {
    tocsin_tracked tracked;
    if (tocsin_tracker_add(session->tracker, document, verdict, &tracked, error) != TOCSIN_OK) return 0;
    count_time(session, document, &tracked);
    if (!grade_again(session, document, &tracked, &verdict, error)) return 0;
    count(session, verdict);
    incident_store_count(session->store, tracked.time, verdict->tier_id);
    if (!tracked.incident) return 1;
    const tocsin_incident *incident = tocsin_tracker_get(session->tracker, tracked.incident);
    session->tracked++;
    session->began += (uint64_t)tracked.is_new;
    incident_store_put(session->store, incident);
    if (tracked.merged) {
        incident_store_merge(session->store, tracked.merged_into, tracked.merged);
        incident_store_put(session->store, tocsin_tracker_get(session->tracker, tracked.merged_into));
    }
    if (tracked.is_new) incident_store_put_number_of(session->store, incident->id, tracked.time);
    const incident_store_keeping keep = {session->with_text, origin->is_named};
    incident_store_add(session->store, document, origin->url, verdict, &tracked, keep);
    note_all(session, incident, &(desk_post){document, verdict, &tracked, origin->url});
    return 1;
}

int watch_session_take(watch_session *session, const tocsin_document *given, const watch_origin *origin,
                       tocsin_error *error) {
    const tocsin_verdict *verdict = NULL;
    incident_store_post post;
    tocsin_document document = *given;
    begin(session);
    document.arrived = arrival(given, origin->file_time);
    if (tocsin_classify(session->scanner, &document, &verdict, error) != TOCSIN_OK) return 0;
    put_plan(session, verdict);
    if (origin->is_named && incident_store_find_post(session->store, &document, &post)) {
        return take_again(session, &document, origin->url, &post, verdict, error);
    }
    return take_first(session, &document, origin, verdict, error);
}

void watch_session_note(watch_session *session, const char *feed, const follow_place *place) {
    begin(session);
    incident_store_put_feed(session->store, feed, place);
}

void watch_session_note_messages(watch_session *session, const char *cluster, const char *topic, int32_t partition,
                                 int64_t next, const char *taken) {
    begin(session);
    incident_store_put_messages(session->store, cluster, topic, partition, next, taken);
}

static int put_tracker(watch_session *session) {
    tocsin_buffer bytes;
    tocsin_error error = {0};
    tocsin_buffer_init(&bytes, NULL);
    const tocsin_status status = tocsin_tracker_save_to_buffer(session->tracker, &bytes, &error);
    if (status) {
        console_error("the tracker cannot be written: %s", message_told(error.message));
    } else {
        incident_store_put_tracker(session->store, (tocsin_bytes){bytes.data, bytes.length});
    }
    tocsin_buffer_release(&bytes);
    return status == TOCSIN_OK;
}

static int tell_unheard(const watch_session *session) {
    console_error("the events cannot be written; they are kept, and tocsin events --after %" PRId64 " has them",
                  session->printed);
    return 0;
}

/* If the reader is gone, it finds the missing events in the database. */
static int print_events(watch_session *session) {
    if (!session->lines.length) return 1;
    const output_status printed = output_write(session->events, session->lines.data, session->lines.length);
    session->lines.length = 0;
    if (printed == OUTPUT_OK) {
        session->printed = incident_store_last_event(session->store);
        return 1;
    }
    return tell_unheard(session);
}

static int tell_problem(const watch_session *session) {
    console_error("the database cannot be written: %s", message_told(incident_store_problem(session->store)));
    return 0;
}

static int is_awaited(const watch_session *session, double now) {
    return now - session->committed >= session->least && incident_store_is_awaited(session->store);
}

int watch_session_is_due(const watch_session *session) {
    const double now = tool_seconds();
    return session->dirty && (now - session->committed >= session->pause || is_awaited(session, now));
}

/* Who waits gets its turn: the next transaction begins after it did, or, if it does not, after a moment. */
static void make_room(watch_session *session) {
    static const struct timespec nap = {0, ROOM_NANOSECONDS};
    const double until = tool_seconds() + ROOM_SECONDS;
    int waits;
    while ((waits = incident_store_is_awaited(session->store)) && tool_seconds() < until) nanosleep(&nap, NULL);
    session->least = waits ? UNUSED_SECONDS : LEAST_SECONDS;
}

int watch_session_commit(watch_session *session, int now) {
    const double started = tool_seconds();
    if (!session->dirty) {
        if (!now && session->events && output_is_abandoned(session->events)) return tell_unheard(session);
        return incident_store_is_there(session->store) || tell_problem(session);
    }
    const int awaited = is_awaited(session, started);
    if (!now && !awaited && started - session->committed < session->pause) return 1;
    if (!put_tracker(session)) return 0;
    incident_store_put_number(session->store, "now", tocsin_tracker_now(session->tracker));
    incident_store_put_number(session->store, "quiet_ms", tocsin_tracker_get_options(session->tracker)->quiet_ms);
    if (!incident_store_commit(session->store)) return tell_problem(session);
    session->dirty = 0;
    session->committed = tool_seconds();
    session->pause = COMMIT_SHARE * (session->committed - started);
    if (session->pause < COMMIT_SECONDS) session->pause = COMMIT_SECONDS;
    if (awaited) make_room(session);
    return print_events(session);
}
