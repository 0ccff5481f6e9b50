#ifndef TOCSIN_TOOLS_EVENT_STORE_H
#define TOCSIN_TOOLS_EVENT_STORE_H

/*
 * Events: what happened to an incident, with all that somebody needs to act on it as it was then. Each has a number;
 * those of a database rise and are never given again, so a number is a place to go on from.
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
 * Writes an event within a transaction, and a row of the outbox unless the incident is quiet as a false alarm. Appends
 * the event as a line of JSON; lines may be NULL.
 */
void event_store_add(event_store *store, const event_facts *facts, tocsin_buffer *lines);

/* Appends the events after a number, as lines of JSON, at most `most`; the number of the last one, or `after`. */
int64_t event_store_read(event_store *store, int64_t after, int64_t most, tocsin_buffer *lines);

/* The largest number given so far; 0 when there is none. */
int64_t event_store_last(event_store *store);

#endif
