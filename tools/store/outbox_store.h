#ifndef TOCSIN_TOOLS_OUTBOX_STORE_H
#define TOCSIN_TOOLS_OUTBOX_STORE_H

/*
 * The outbox for the program that delivers: events are read in order, each channel stores how far it has read them, and
 * each message to a channel is a delivery, which is stored before the first attempt. Times are milliseconds of the wall
 * clock. A struct owns its strings until it is released.
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
    int64_t repeats; /* attempts of which it is unknown whether they arrived */
    char *kind;      /* "news", "reminder", "escalation", "digest" */
} outbox_delivery;

/* The facts of an event for a message. */
typedef struct outbox_facts {
    int64_t incident, posts, reach, last_hour, time;
    char *number, *kind, *detail, *tier_id, *tier, *about, *attention, *places, *clauses, *routes, *source, *url, *text;
} outbox_facts;

/* A delivery that was being sent when the process ended may have arrived: it is sent again, with a mark. */
int outbox_recover(database *db);

/* A new channel begins with events that are not older than `since`; its first digest is the next one after `now`. */
void outbox_open_channel(database *db, const char *channel, int64_t since, int64_t now);
int64_t outbox_last_digest(database *db, const char *channel);
void outbox_set_digest(database *db, const char *channel, int64_t time);

/* Whether the plan has an id in its list `list`: "tiers", "routes". 1 as long as no plan is known. */
int outbox_has_id(database *db, const char *list, const char *id);

/* The next event of a channel; 0 if there is none. */
int outbox_next(database *db, const char *channel, outbox_event *event);
void outbox_release_event(outbox_event *event);
void outbox_advance(database *db, const char *channel, int64_t number);

/*
 * Adds a delivery with the time when it is due. It replaces an untried delivery of the same incident and kind, whose
 * facts it includes.
 */
void outbox_add(database *db, const char *channel, int64_t incident, const char *kind, int64_t event, int64_t now,
                int64_t due);

/*
 * The delivery that is due first; 0 if none is. *later: when the next one will be due, if none is now; INT64_MAX: there
 * is none.
 */
int outbox_due(database *db, const char *channel, int64_t now, outbox_delivery *delivery, int64_t *later);
void outbox_release_delivery(outbox_delivery *delivery);

/* Records the attempt before it is made, so that it is known whatever happens. Commits. */
int outbox_begin(database *db, const outbox_delivery *delivery, int64_t now, const char *message);

/* Records the result: "sent", "waiting" until due, or "dead". uncertain: it may have arrived. Commits. */
int outbox_end(database *db, const outbox_delivery *delivery, const char *state, int64_t now, int64_t due,
               int uncertain, const char *reason);

/* Attempts on a channel in the minute before now. */
int64_t outbox_recent(database *db, const char *channel, int64_t now);

/* When a channel last got a message about an incident; 0: never. */
int64_t outbox_told(database *db, const char *channel, int64_t incident);

/*
 * Finds an open incident about which `channel` got a message longer than `span` ago, and `to` no message of this kind
 * since then, and fewer than `most` in all; *event is the last event in a message about it. 0 if there is none.
 */
int64_t outbox_unanswered(database *db, const char *channel, const char *to, const char *kind, int64_t now,
                          int64_t span, int64_t most, int64_t *event);

/* english: English names of the plan, if the event has them. 0 if there is no such event. */
int outbox_read_facts(database *db, int64_t event, int english, outbox_facts *facts);
void outbox_release_facts(outbox_facts *facts);

#endif
