#ifndef TOCSIN_TRACK_H
#define TOCSIN_TRACK_H

#include <stddef.h>
#include <stdint.h>

#include <tocsin/allocator.h>
#include <tocsin/bytes.h>
#include <tocsin/document.h>
#include <tocsin/error.h>
#include <tocsin/verdict.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Groups posts about one matter into an incident, so that a desk sees one incident and not ten thousand reposts. Time
 * comes only from the documents, so the same documents in the same order give the same incidents. One thread at a time:
 * while a call uses the tracker, any other call returns TOCSIN_ERROR_BUSY (NULL if it returns no status) and changes
 * nothing. All memory is allocated when the tracker is created.
 */
typedef struct tocsin_tracker tocsin_tracker;

/** Start from TOCSIN_TRACKER_OPTIONS_INIT. 0 means the default. */
typedef struct tocsin_tracker_options {
    size_t struct_size;         /**< sizeof(tocsin_tracker_options) */
    tocsin_allocator allocator; /**< all zero: the default one */
    uint32_t max_incidents;     /**< kept at the same time, some 7 KB each; default 10000 */
    uint32_t same_percent;      /**< share of the shorter post that the longer one must contain; default 92 */
    int64_t quiet_ms;           /**< an incident is over after this time without a post; default one day */
    int64_t remember_ms;        /**< an incident that is over can return within this time; default 14 days */
    int64_t ahead_ms;           /**< a time that is further ahead is not believed; default one day */
    uint32_t rising_posts;      /**< in one hour, and more than three times its past: elevated; default 20 */
    uint32_t burst_posts;       /**< the same: high; default 200 */
    uint32_t matter_percent;    /**< posts in different words belong together if their places, topics and times agree
                                   by this percentage; default 60, over 100: never */
    uint64_t first_id;          /**< of the first incident, at most INT64_MAX; default 1 */
} tocsin_tracker_options;

#define TOCSIN_TRACKER_OPTIONS_INIT                                                                                    \
    { sizeof(tocsin_tracker_options), {0, 0, 0, 0}, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** What TOCSIN_TRACKER_OPTIONS_INIT does, with the contract of tocsin_document_init. */
TOCSIN_API tocsin_status tocsin_tracker_options_init(tocsin_tracker_options *options, size_t size);

/** What raised the attention of an incident. Values are pinned. */
typedef enum tocsin_raised_by {
    TOCSIN_RAISED_BY_NOTHING = 0,
    TOCSIN_RAISED_BY_POST = 1,  /**< one post had this attention by itself, from its reach or words of the plan */
    TOCSIN_RAISED_BY_REACH = 2, /**< the reach of its posts together, by the plan's thresholds */
    TOCSIN_RAISED_BY_RATE = 3   /**< posts of the last hour against its own past */
} tocsin_raised_by;

/**
 * How a document without a tier belongs to an incident. It is not one of the incident's posts: it changes neither the
 * first time of the incident nor its tier, reach, attention or place. Values are pinned.
 */
typedef enum tocsin_attached_as {
    TOCSIN_ATTACHED_AS_NOTHING = 0,  /**< it has a tier, or it has no incident */
    TOCSIN_ATTACHED_AS_ANSWER = 1,   /**< the service's own words: its venue is TOCSIN_VENUE_OWN, or it has a word of a
                                        topic whose role is TOCSIN_ROLE_ANSWER */
    TOCSIN_ATTACHED_AS_REBUTTAL = 2, /**< it says that the matter is not true: it has a word of a topic whose role is
                                        TOCSIN_ROLE_REBUTTAL. The service's own words can be one */
    TOCSIN_ATTACHED_AS_ECHO = 3      /**< anything else that is said of the matter */
} tocsin_attached_as;

#define TOCSIN_ATTACHED_COUNT 4

/** The change of an incident caused by its first answer or rebuttal. Values are pinned. */
typedef enum tocsin_turn {
    TOCSIN_TURN_NONE = 0,
    TOCSIN_TURN_ANSWERED = 1, /**< the service answered */
    TOCSIN_TURN_REFUTED = 2,  /**< the service said that it is not true */
    TOCSIN_TURN_DOUBTED = 3   /**< somebody else said that it is not true */
} tocsin_turn;

#define TOCSIN_INCIDENT_CLAUSES 16

/** Borrowed from the tracker until the next document. */
typedef struct tocsin_incident {
    uint64_t id;                               /**< from 1 on, in the order in which incidents began; never reused */
    uint64_t returns;                          /**< id of the earlier incident that returned as this one; 0: unknown */
    int32_t tier;                              /**< the highest tier of its posts: index into the tiers of their plan */
    char tier_id[32];                          /**< cut if it is longer */
    char clauses[TOCSIN_INCIDENT_CLAUSES][32]; /**< ids of clauses that held, in the order in which they first held */
    uint32_t clause_count;
    int64_t first_time; /**< milliseconds since 1970, the earliest and the latest of its posts; TOCSIN_TIME_UNKNOWN as
                           long as no document had a time */
    int64_t last_time;  /**< reposts after the end of the incident do not count */
    uint64_t posts;
    uint64_t reach; /**< of all its posts together */
    uint64_t venues[TOCSIN_VENUE_COUNT];
    tocsin_attention attention;
    tocsin_raised_by raised_by; /**< what caused its present attention */
    int64_t raised_time;
    uint64_t last_hour;                       /**< posts of the hour before its latest post */
    int over;                                 /**< 1: no post for quiet_ms */
    int severe;                               /**< 1: the tier of one of its posts is marked as severe in its plan */
    uint64_t attached[TOCSIN_ATTACHED_COUNT]; /**< documents without a tier that are attached to it, by
                                                 tocsin_attached_as; they are not among its posts */
    uint32_t turns;    /**< the turns that it has taken, a bit each: 1 << TOCSIN_TURN_ANSWERED, … */
    char document[64]; /**< id of its first post, cut if it is longer */
    char sample[256];  /**< its title, or its text, in the form of tocsin_tracked.said, cut between two characters */
} tocsin_incident;

/** Why a document joined its incident. Values are pinned. */
typedef enum tocsin_joined_by {
    TOCSIN_JOINED_BY_NOTHING = 0, /**< it has no incident, or it began one */
    TOCSIN_JOINED_BY_WORDS = 1,   /**< it says the same */
    TOCSIN_JOINED_BY_MATTER = 2,  /**< it says something else about the same place, topics and time */
    TOCSIN_JOINED_BY_CENTROID = 3 /**< it contains the most characteristic words of the incident's posts */
} tocsin_joined_by;

/** The result for a document. */
typedef struct tocsin_tracked {
    uint64_t incident; /**< id of its incident; 0: none */
    int is_new;        /**< the document began it */
    tocsin_joined_by joined_by;
    double score;  /**< strength of the match, 0 to 1: share of equal words, agreement or likeness, according to
                      joined_by; 0: it did not join */
    int raised;    /**< 1: this document raised the attention of the incident */
    int tier_rose; /**< 1: this document raised the tier of the incident */
    tocsin_attached_as attached_as; /**< it is no post of the incident, but attached to it */
    tocsin_turn turn;               /**< the turn of the incident that this document is the first to cause */
    uint64_t returns;               /**< with is_new: id of the earlier incident that returns; 0: none */
    uint64_t merged;      /**< id of an incident that this document caused to be merged into another one; 0: none */
    uint64_t merged_into; /**< id of the incident into which it was merged */
    uint32_t new_clauses; /**< how many clauses this document added; they are at the end of the incident's clauses */
    int64_t time;         /**< the time that counts for it; TOCSIN_TIME_UNKNOWN before the first known time */
    int time_replaced;    /**< 1: its own time was missing or not believed, and time is a different one */
    tocsin_attention attention; /**< of the incident after this document */
    tocsin_bytes said; /**< of a document of an incident: its title or, without one, its text, without names of users,
                          links, [emoji] and the like, on one line; borrowed from the tracker until the next document */
} tocsin_tracked;

/**
 * Makes a tracker; options and error may be NULL. *tracker belongs to the caller and is left untouched on failure:
 * TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD. Thread-safe always.
 */
TOCSIN_API tocsin_status tocsin_tracker_create(const tocsin_tracker_options *options, tocsin_tracker **tracker,
                                               tocsin_error *error);

/**
 * Changes thresholds and times from the next document on; max_incidents and allocator keep their values. A first_id
 * above all ids so far becomes the id of the next incident; a smaller one changes nothing. TOCSIN_ERROR_ARGUMENT,
 * TOCSIN_ERROR_BUSY. error may be NULL. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_tracker_set_options(tocsin_tracker *tracker, const tocsin_tracker_options *options,
                                                    tocsin_error *error);

/** Frees it. NULL does nothing. No other call may use it then. */
TOCSIN_API void tocsin_tracker_free(tocsin_tracker *tracker);

/**
 * Adds a graded document to its incident, or begins one. User names (`//@name:`), links, [emoji], hashtag marks and
 * phrases like 转发微博 are removed before texts are compared. It joins an incident whose first post has the same
 * words: same_percent of them; 60 if both name the same narrow place, all if only one names a place. Otherwise it joins
 * by agreement (matter_percent): both name a place that few incidents have, the topics are the same, and the incident
 * is recent. A place of a topic with the role TOCSIN_ROLE_HOME neither joins nor separates posts. If the incident has
 * more attention than the verdict, grade the document again with document->attention = tracked->attention: more clauses
 * may hold. Add the second verdict with tocsin_tracker_raise. TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_BUSY,
 * TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD: nothing is counted then. error may be NULL. One thread at a time.
 *
 * A document without a tier begins no incident and is no post of one. It is attached to an incident (attached_as) if it
 * is an answer or a rebuttal, if it has hits of two topics that were evidence in posts with a tier, or of one topic
 * that was the only evidence. It counts only in attached, and extends an incident that is not over. An answer or a
 * rebuttal is also attached to an incident that is over, up to remember_ms.
 *
 * A document belongs to an incident if its time is within the times of the incident's posts, extended by quiet_ms at
 * both ends, in whatever order documents come. A post that says something new still belongs to it if it comes later
 * than that by at most the time that the incident has lasted, and by at most quiet_ms. If it comes later still, up to
 * remember_ms, it begins an incident that is the return of the other (returns), unless it only repeats a post: five
 * such documents within quiet_ms join the incident, add a post and their reach, and change neither its last time nor
 * its rate. A post that says what several incidents of different places say, or that numbers three items, is a digest:
 * it joins only digests. If a document connects two incidents with the same words, or an incident and its return, or
 * shows that two incidents have enough words in common, the one with the higher id is merged into the other (merged),
 * and its id is no longer valid.
 *
 * A time is believed if it is at most ahead_ms after document->arrived. If arrived is not known, it must lie between
 * the latest believed time less remember_ms and that time plus ahead_ms. A document whose time is not believed gets its
 * arrival time; if that is not known, or the feed is from the past, it gets the latest believed time. Twenty documents
 * in a row that are all further ahead, or all further behind, are believed: the feed has jumped. Times before 1995 are
 * never believed.
 */
TOCSIN_API tocsin_status tocsin_tracker_add(tocsin_tracker *tracker, const tocsin_document *document,
                                            const tocsin_verdict *verdict, tocsin_tracked *tracked,
                                            tocsin_error *error);

/**
 * Counts a second verdict of the latest document, in the incident that tocsin_tracker_add found for it. Pass that
 * call's result in *tracked; it becomes the result of both verdicts. If the document was attached and the second
 * verdict has a tier, it becomes a post. Does nothing if tracked->incident is 0 or no longer known.
 * TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_BUSY: nothing has changed then. error may be NULL. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_tracker_raise(tocsin_tracker *tracker, const tocsin_document *document,
                                              const tocsin_verdict *verdict, tocsin_tracked *tracked,
                                              tocsin_error *error);

/**
 * Counts a document that was added before and is seen again: its incident gets more_reach, the increase of the
 * document's reach since then, and the tier, clauses and attention of the verdict, which is one of the present
 * document. No post is counted, no text compared, and no time changed. *tracked holds what rose; its time is the latest
 * believed time, and its incident is 0 if the incident is no longer known. If the incident was merged, the id is that
 * of the other one. TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_BUSY: nothing is changed. error may be NULL. One thread at a
 * time.
 */
TOCSIN_API tocsin_status tocsin_tracker_add_again(tocsin_tracker *tracker, uint64_t incident,
                                                  const tocsin_verdict *verdict, uint64_t more_reach,
                                                  tocsin_tracked *tracked, tocsin_error *error);

/**
 * The incident with an id; NULL if there is none, or no longer, and while another call uses the tracker. Borrowed until
 * the next document. One thread at a time.
 */
TOCSIN_API const tocsin_incident *tocsin_tracker_get(tocsin_tracker *tracker, uint64_t id);

/** The latest believed time; TOCSIN_TIME_UNKNOWN before the first, and for NULL. One thread at a time. */
TOCSIN_API int64_t tocsin_tracker_now(const tocsin_tracker *tracker);

/**
 * The options in use, with defaults filled in. Borrowed: lives as long as the tracker. NULL for NULL. One thread at a
 * time.
 */
TOCSIN_API const tocsin_tracker_options *tocsin_tracker_get_options(const tocsin_tracker *tracker);

/** The number of incidents in memory, both ongoing and over. 0 for NULL. One thread at a time. */
TOCSIN_API size_t tocsin_tracker_count(const tocsin_tracker *tracker);

/**
 * The index-th incident in memory, 0-based, by id; NULL if there is none, and while another call uses the tracker.
 * Borrowed until the next document. One thread at a time.
 */
TOCSIN_API const tocsin_incident *tocsin_tracker_at(tocsin_tracker *tracker, size_t index);

/**
 * Appends a snapshot of the tracker, compressed and with checksums. A tracker restored from it by
 * tocsin_tracker_restore behaves like this one. out is unchanged after a failure: TOCSIN_ERROR_ARGUMENT,
 * TOCSIN_ERROR_BUSY, TOCSIN_ERROR_MEMORY. error may be NULL. One thread at a time may use the tracker and out.
 */
TOCSIN_API tocsin_status tocsin_tracker_save_to_buffer(const tocsin_tracker *tracker, tocsin_buffer *out,
                                                       tocsin_error *error);

/**
 * Restores the tracker of a snapshot, with its options. allocator NULL means the default one; error may be NULL.
 * *tracker belongs to the caller and is left untouched on failure: TOCSIN_ERROR_IMAGE (damaged, truncated, or not a
 * snapshot), TOCSIN_ERROR_UNSUPPORTED (from another version or machine), TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY,
 * TOCSIN_ERROR_FOLD. Thread-safe always.
 */
TOCSIN_API tocsin_status tocsin_tracker_restore(const void *bytes, size_t length, const tocsin_allocator *allocator,
                                                tocsin_tracker **tracker, tocsin_error *error);

#ifdef __cplusplus
}
#endif

#endif
