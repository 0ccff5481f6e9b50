#ifndef TOCSIN_TOOLS_OUTBOX_STORE_H
#define TOCSIN_TOOLS_OUTBOX_STORE_H

/*
 * The outbox as one who delivers from it sees it: events go by in order, each channel keeps how far it has gone through
 * them, and what is to be said to a channel is a delivery, which is written down before it is tried. Times are
 * milliseconds by the clock on the wall. Strings of a struct belong to it until it is released.
 */

#include <stdint.h>

#include "store/database.h"

typedef struct outbox_event {
    int64_t number, event, incident; /* the incident as it is shown */
    char *kind, *tier_id;
    char *routes; /* ids, as ",office,province," */
} outbox_event;

typedef struct outbox_delivery {
    int64_t number, incident, event, attempts;
    int64_t repeats; /* so many of its attempts may have come through although nobody knows */
    char *kind;      /* "news", "reminder", "escalation", "digest" */
} outbox_delivery;

/* What a message says of an event. */
typedef struct outbox_facts {
    int64_t incident, posts, reach, last_hour, time;
    char *number, *kind, *detail, *tier_id, *tier, *about, *attention, *places, *clauses, *routes, *source, *url, *text;
} outbox_facts;

/* What was being sent when the process ended may have come through: it is sent again, marked. */
int outbox_recover(database *db);

/* A channel that is new begins with what is not older than `since`; its next digest is the first after `now`. */
void outbox_open_channel(database *db, const char *channel, int64_t since, int64_t now);
int64_t outbox_last_digest(database *db, const char *channel);
void outbox_set_digest(database *db, const char *channel, int64_t time);

/* The next event of a channel; 0 when there is none. */
int outbox_next(database *db, const char *channel, outbox_event *event);
void outbox_release_event(outbox_event *event);
void outbox_advance(database *db, const char *channel, int64_t number);

/* To be said when it is due. One of the same incident and kind that was not tried yet says it together with this. */
void outbox_add(database *db, const char *channel, int64_t incident, const char *kind, int64_t event, int64_t now,
                int64_t due);

/* The one that is due first; 0 when none is. *later: when the next one will be, if none is; INT64_MAX: none. */
int outbox_due(database *db, const char *channel, int64_t now, outbox_delivery *delivery, int64_t *later);
void outbox_release_delivery(outbox_delivery *delivery);

/* Before it is tried: so that it is known after any end. Commits. */
int outbox_begin(database *db, const outbox_delivery *delivery, int64_t now, const char *message);

/* What became of it: "sent", "waiting" until due, or "dead". uncertain: it may have come through. Commits. */
int outbox_end(database *db, const outbox_delivery *delivery, const char *state, int64_t now, int64_t due,
               int uncertain, const char *reason);

/* Attempts on a channel in the minute before now. */
int64_t outbox_recent(database *db, const char *channel, int64_t now);

/* When a channel was last told of an incident; 0: never. */
int64_t outbox_told(database *db, const char *channel, int64_t incident);

/*
 * An incident that is open, of which `channel` was told before `before`, and `to` not since of that by a message of
 * this kind, of which there are fewer than `most`; *event is the last one it was told of. 0 when there is none.
 */
int64_t outbox_unanswered(database *db, const char *channel, const char *to, const char *kind, int64_t before,
                          int64_t most, int64_t *event);

/* english: names of the plan in English, where the event has them. 0 when there is no such event. */
int outbox_read_facts(database *db, int64_t event, int english, outbox_facts *facts);
void outbox_release_facts(outbox_facts *facts);

#endif
