#ifndef TOCSIN_TOOLS_EVENT_STORE_H
#define TOCSIN_TOOLS_EVENT_STORE_H

/*
 * Events: what happened to an incident, with everything that is needed to act on it, as it was then. Each event has a
 * number. In one database the numbers rise and are never reused, so a reader can go on after a number.
 */

#include "store/database.h"
#include "store/event_facts.h"

typedef struct event_store {
    database *db; /* borrowed */
    sqlite3_stmt *insert, *post, *line;
    tocsin_buffer text;
} event_store;

void event_store_open(event_store *store, database *db);
void event_store_close(event_store *store);

/*
 * Writes an event within a transaction, and a row of the outbox unless the incident is a quiet false alarm. Appends the
 * event as a line of JSON; lines may be NULL.
 */
void event_store_add(event_store *store, const event_facts *facts, tocsin_buffer *lines);

/*
 * Appends the events after a number, as lines of JSON, at most `most`; returns the number of the last one, or `after`.
 */
int64_t event_store_read(event_store *store, int64_t after, int64_t most, tocsin_buffer *lines);

/* The largest number so far; 0 if there is none. */
int64_t event_store_last(event_store *store);

#endif
