#ifndef TOCSIN_TOOLS_WATCH_SESSION_H
#define TOCSIN_TOOLS_WATCH_SESSION_H

/* The steps of tocsin watch for one document: it is graded, added to its incident, and both are stored. */

#include <tocsin/tocsin.h>

#include "program/output.h"
#include "store/incident_store.h"
#include "tocsin/classify_job.h"

typedef struct watch_session {
    tocsin_slot *slot; /* borrowed */
    tocsin_tracker_options options;
    int with_text;
    output *events; /* borrowed; NULL: events are not printed */

    tocsin_scanner *scanner;
    tocsin_tracker *tracker;
    incident_store *store;
    uint64_t generation;  /* of the plan whose names are in the database */
    int dirty;            /* there is something to commit */
    double committed;     /* the time of the last commit */
    double pause;         /* seconds until the next commit */
    double least;         /* the same when another program waits */
    tocsin_buffer lines;  /* events since then */
    int64_t printed;      /* the number of the last printed event */
    const char *database; /* borrowed */
    classify_tally tally;
    uint64_t tracked, began;           /* documents of incidents, and new incidents, since the start */
    uint64_t again;                    /* documents that were already posts of incidents */
    uint64_t without_time, wrong_time; /* documents whose own time was missing, or not believed */
} watch_session;

/* 0 after a message. Continues from the last commit. */
int watch_session_open(watch_session *session, const char *database);
void watch_session_close(watch_session *session);

/*
 * The origin of a document. url, the address of the document, may be NULL. file_time: when its file or message was
 * written, milliseconds since 1970; 0: not known.
 */
typedef struct watch_origin {
    const char *url;
    int64_t file_time;
    int is_named; /* its id is its own, not a line number */
} watch_origin;

/* 0 if the document could not be graded: see *error. */
int watch_session_take(watch_session *session, const tocsin_document *document, const watch_origin *origin,
                       tocsin_error *error);

/* Notes that the documents of a feed up to this place were taken. */
void watch_session_note(watch_session *session, const char *feed, const follow_place *place);

/* Notes that the messages of a partition before `next`, and those of `taken`, were taken. */
void watch_session_note_messages(watch_session *session, const char *cluster, const char *topic, int32_t partition,
                                 int64_t next, const char *taken);

/* Whether it is time to write down what was taken, or another program waits for its turn to write. */
int watch_session_is_due(const watch_session *session);

/* Commits what was taken since the last time, if it is time or `now` is set; 0 after a message: nothing was stored. */
int watch_session_commit(watch_session *session, int now);

#endif
