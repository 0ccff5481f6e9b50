#ifndef TOCSIN_TOOLS_INCIDENT_STORE_H
#define TOCSIN_TOOLS_INCIDENT_STORE_H

/*
 * Incidents in a database, as a watcher writes them. Between begin and commit everything belongs together: the posts,
 * what became of their incidents, how far the feeds were read, and the tracker itself. What fails is remembered; after
 * that nothing is written any more, and commit says so.
 */

#include <tocsin/tocsin.h>

#include "feed/feed_place.h"
#include "store/event_facts.h"

typedef struct incident_store incident_store;

/* Told each second while another program has a transaction open; 0 gives up. */
typedef int (*incident_store_waiting)(void *context, double seconds);

/*
 * Never NULL; where incident_store_problem is not empty it is of no use but to be closed. waiting is told while another
 * program writes.
 */
incident_store *incident_store_open(const char *path, incident_store_waiting waiting, void *context);
void incident_store_close(incident_store *store);

/* What failed first, one line without the path; "" when nothing did. */
const char *incident_store_problem(const incident_store *store);

/* By its path, or where path is NULL by its inode; 0 when the feed is new. */
int incident_store_find_feed(incident_store *store, const char *path, int64_t device, int64_t inode,
                             follow_place *place);

/* Where a partition of a topic is read from; appends what was taken from there on. 0 when it is new. */
int incident_store_find_messages(incident_store *store, const char *cluster, const char *topic, int32_t partition,
                                 int64_t *next, tocsin_buffer *taken);

/* Appends the tracker of the last commit; 0 when there is none. */
int incident_store_load_tracker(incident_store *store, tocsin_buffer *out);

/* The highest id of an incident; 0 when there is none. */
uint64_t incident_store_last_id(incident_store *store);

void incident_store_begin(incident_store *store);

/* Whether another program waits to write. */
int incident_store_is_awaited(const incident_store *store);

/* 0 when the database has lost its name, which is the problem then. */
int incident_store_is_there(incident_store *store);

/* Names of tiers, clauses and routes, for whoever reads the database. */
void incident_store_put_plan(incident_store *store, const tocsin_plan_info *info);

/* Any fact of the whole, for readers. */
void incident_store_put_number(incident_store *store, const char *key, int64_t value);

/* Counts a document that was graded, of an incident or not. */
void incident_store_count(incident_store *store, int64_t time, const char *tier_id);

/* What is kept of a post beside its row. */
typedef struct incident_store_keeping {
    int text;  /* its title and text */
    int known; /* its id is its own: it is known by that when it is seen again */
} incident_store_keeping;

/* A document of an incident that was put before. url may be NULL. */
void incident_store_add(incident_store *store, const tocsin_document *document, const char *url,
                        const tocsin_verdict *verdict, const tocsin_tracked *tracked, incident_store_keeping keep);

typedef enum post_words {
    POST_SAME_WORDS,    /* as the last time */
    POST_EARLIER_WORDS, /* of an earlier version */
    POST_OTHER_WORDS    /* it was edited */
} post_words;

/* A post of an incident that is there already. */
typedef struct incident_store_post {
    int64_t number, incident;
    int64_t time;        /* when it counts as come */
    uint64_t more_reach; /* than it had */
    post_words words;
    int attached; /* tocsin_attached_as: it is no post of the incident, but attached to it */
} incident_store_post;

/* The post of the same source and id whose text is not wholly another one; 0 when there is none. */
int incident_store_find_post(incident_store *store, const tocsin_document *document, incident_store_post *post);

/* The post is what the document says now; what it said before is a version of it until this time. */
void incident_store_see_again(incident_store *store, const incident_store_post *post, const tocsin_document *document,
                              const tocsin_verdict *verdict, int64_t time, int with_text);

/* What was attached to an incident has become a post of it. */
void incident_store_detach(incident_store *store, const incident_store_post *post, const tocsin_document *document,
                           const tocsin_verdict *verdict);

/* Reach of an incident that the tracker does not know any more. */
void incident_store_add_reach(incident_store *store, int64_t incident, uint64_t more);

/* The number that people know an incident by; the first one stays. */
void incident_store_put_number_of(incident_store *store, uint64_t incident, int64_t time);

/* All posts of one incident are those of another one from now on, and it is shown in that. */
void incident_store_merge(incident_store *store, uint64_t kept, uint64_t absorbed);

/* Whether what was put made more of a false alarm than its like: it is not quiet any more. */
int incident_store_outgrows(incident_store *store, uint64_t incident);

/* Something that happened to an incident: "began", "returned", "tier", "clause", "attention", "merged", "outgrown",
 * "answered", "refuted", "doubted". */
void incident_store_note(incident_store *store, const event_facts *facts, tocsin_buffer *lines);

/* The number of the last event. */
int64_t incident_store_last_event(incident_store *store);

/* What an incident has come to. */
void incident_store_put(incident_store *store, const tocsin_incident *incident);

void incident_store_put_feed(incident_store *store, const char *path, const follow_place *place);
void incident_store_put_messages(incident_store *store, const char *cluster, const char *topic, int32_t partition,
                                 int64_t next, const char *taken);
void incident_store_put_tracker(incident_store *store, tocsin_bytes snapshot);

/* 1 when everything since begin is on the disk; 0 when none of it is. */
int incident_store_commit(incident_store *store);

#endif
