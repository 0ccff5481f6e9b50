#ifndef TOCSIN_TOOLS_INCIDENT_STORE_H
#define TOCSIN_TOOLS_INCIDENT_STORE_H

/*
 * Writes a watcher's incidents to a database. Between begin and commit everything belongs together: the posts, the
 * changes of their incidents, how far the feeds were read, and the tracker itself. The first failure is remembered;
 * after it nothing is written any more, and commit reports it.
 */

#include <tocsin/tocsin.h>

#include "feed/feed_place.h"
#include "store/event_facts.h"

typedef struct incident_store incident_store;

/* Called each second while another program has a transaction open; 0 gives up. */
typedef int (*incident_store_waiting)(void *context, double seconds);

/*
 * Never NULL; if incident_store_problem is not empty, the store can only be closed. waiting is called while another
 * program writes.
 */
incident_store *incident_store_open(const char *path, incident_store_waiting waiting, void *context);
void incident_store_close(incident_store *store);

/* The first failure, one line without the path; "" if there was none. */
const char *incident_store_problem(const incident_store *store);

/* Finds a feed by its path or, if path is NULL, by its inode; 0 if the feed is new. */
int incident_store_find_feed(incident_store *store, const char *path, int64_t device, int64_t inode,
                             follow_place *place);

/* Where to go on in a partition of a topic; appends what was taken after that. 0 if it is new. */
int incident_store_find_messages(incident_store *store, const char *cluster, const char *topic, int32_t partition,
                                 int64_t *next, tocsin_buffer *taken);

/* Appends the tracker of the last commit; 0 if there is none. */
int incident_store_load_tracker(incident_store *store, tocsin_buffer *out);

/* The highest id of an incident; 0 if there is none. */
uint64_t incident_store_last_id(incident_store *store);

void incident_store_begin(incident_store *store);

/* Whether another program waits to write. */
int incident_store_is_awaited(const incident_store *store);

/* 0 if the database file has lost its name; the problem then says so. */
int incident_store_is_there(incident_store *store);

/* Stores the names of tiers, clauses and routes for readers of the database. */
void incident_store_put_plan(incident_store *store, const tocsin_plan_info *info);

/* Stores a number that concerns the whole database, for readers. */
void incident_store_put_number(incident_store *store, const char *key, int64_t value);

/* Counts a graded document, whether it belongs to an incident or not. */
void incident_store_count(incident_store *store, int64_t time, const char *tier_id);

/* Further data that is stored about a post. */
typedef struct incident_store_keeping {
    int text;  /* its title and text */
    int known; /* its id is its own, so the post is recognised by it */
} incident_store_keeping;

/* Adds a document to an incident that was stored before. url may be NULL. */
void incident_store_add(incident_store *store, const tocsin_document *document, const char *url,
                        const tocsin_verdict *verdict, const tocsin_tracked *tracked, incident_store_keeping keep);

typedef enum post_words {
    POST_SAME_WORDS,    /* the words of the last time */
    POST_EARLIER_WORDS, /* words of an earlier version */
    POST_OTHER_WORDS    /* it was edited */
} post_words;

/* A stored post of an incident. */
typedef struct incident_store_post {
    int64_t number, incident;
    int64_t time;        /* the time that counts for it */
    uint64_t more_reach; /* than it had */
    post_words words;
    int attached; /* tocsin_attached_as: it is no post of the incident but attached to it */
} incident_store_post;

/* Finds the post with the same source and id, unless its text is entirely different; 0 if there is none. */
int incident_store_find_post(incident_store *store, const tocsin_document *document, incident_store_post *post);

/* Replaces the post's content by the document's; its earlier content becomes a version that ended at this time. */
void incident_store_see_again(incident_store *store, const incident_store_post *post, const tocsin_document *document,
                              const tocsin_verdict *verdict, int64_t time, int with_text);

/* An attached document has become a post of its incident. */
void incident_store_detach(incident_store *store, const incident_store_post *post, const tocsin_document *document,
                           const tocsin_verdict *verdict);

/* Adds reach to an incident that the tracker no longer knows. */
void incident_store_add_reach(incident_store *store, int64_t incident, uint64_t more);

/* Sets the number that people use for an incident; the first one stays. */
void incident_store_put_number_of(incident_store *store, uint64_t incident, int64_t time);

/* Moves all posts of one incident to another one, which then contains it. */
void incident_store_merge(incident_store *store, uint64_t kept, uint64_t absorbed);

/* Whether a false alarm has become so much larger that it is open again. */
int incident_store_outgrows(incident_store *store, uint64_t incident);

/*
 * Stores an event of an incident: "began", "returned", "tier", "clause", "attention", "merged", "outgrown", "answered",
 * "refuted", "doubted".
 */
void incident_store_note(incident_store *store, const event_facts *facts, tocsin_buffer *lines);

/* The number of the last event. */
int64_t incident_store_last_event(incident_store *store);

/* Stores the present facts of an incident. */
void incident_store_put(incident_store *store, const tocsin_incident *incident);

void incident_store_put_feed(incident_store *store, const char *path, const follow_place *place);
void incident_store_put_messages(incident_store *store, const char *cluster, const char *topic, int32_t partition,
                                 int64_t next, const char *taken);
void incident_store_put_tracker(incident_store *store, tocsin_bytes snapshot);

/* 1 if everything since begin is on the disk; 0 if none of it is. */
int incident_store_commit(incident_store *store);

#endif
