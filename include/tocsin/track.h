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
 * Posts about one matter, put together: an incident is what a desk answers, not each of ten thousand reposts. Time
 * comes from the documents alone, so the same documents in the same order give the same incidents. Of one thread at a
 * time: while a call uses it, every other one with it returns TOCSIN_ERROR_BUSY (or NULL where it returns no status)
 * and changes nothing. Its memory is taken when it is made and does not grow.
 */
typedef struct tocsin_tracker tocsin_tracker;

/** Start from TOCSIN_TRACKER_OPTIONS_INIT. 0 means the default. */
typedef struct tocsin_tracker_options {
    size_t struct_size;         /**< sizeof(tocsin_tracker_options) */
    tocsin_allocator allocator; /**< all zero: the default one */
    uint32_t max_incidents;     /**< kept at once, some 7 KB each; default 10000 */
    uint32_t same_percent;      /**< of the shorter post that the longer one must hold; default 92 */
    int64_t quiet_ms;           /**< an incident without a post for so long is over; default one day */
    int64_t remember_ms;        /**< one that is over is known again for so long; default 14 days */
    int64_t ahead_ms;           /**< a time further ahead of the latest one is not believed; default one day */
    uint32_t rising_posts;      /**< in one hour, and more than three times its past: elevated; default 20 */
    uint32_t burst_posts;       /**< the same: high; default 200 */
    uint32_t matter_percent;    /**< agreement of places, topics and times that puts different words together; default
                                   60, over 100 never */
    uint64_t first_id;          /**< of the first incident; default 1 */
} tocsin_tracker_options;

#define TOCSIN_TRACKER_OPTIONS_INIT                                                                                    \
    { sizeof(tocsin_tracker_options), {0, 0, 0, 0}, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** What TOCSIN_TRACKER_OPTIONS_INIT does, with the contract of tocsin_document_init. */
TOCSIN_API tocsin_status tocsin_tracker_options_init(tocsin_tracker_options *options, size_t size);

/** What raised the attention of an incident. Values are pinned. */
typedef enum tocsin_raised_by {
    TOCSIN_RAISED_BY_NOTHING = 0,
    TOCSIN_RAISED_BY_POST = 1,  /**< one of its posts had it by itself: its reach, or words of the plan */
    TOCSIN_RAISED_BY_REACH = 2, /**< the reach of its posts together, by the plan's thresholds */
    TOCSIN_RAISED_BY_RATE = 3   /**< posts of the last hour against its own past */
} tocsin_raised_by;

#define TOCSIN_INCIDENT_CLAUSES 16

/** Borrowed from the tracker until the next document. */
typedef struct tocsin_incident {
    uint64_t id;      /**< from 1 on, in the order in which incidents began; never given again */
    uint64_t returns; /**< id of the incident that it takes up after a time of quiet; 0: none that is known */
    int32_t tier;     /**< the highest of its posts: index into the tiers of their plan */
    char tier_id[32]; /**< cut where it is longer */
    char clauses[TOCSIN_INCIDENT_CLAUSES][32]; /**< ids of clauses that held, in the order in which they first did */
    uint32_t clause_count;
    int64_t first_time; /**< milliseconds since 1970, the earliest and the latest of its posts; TOCSIN_TIME_UNKNOWN
                           while no document had one */
    int64_t last_time;
    uint64_t posts;
    uint64_t reach; /**< of all of them together */
    uint64_t venues[TOCSIN_VENUE_COUNT];
    tocsin_attention attention;
    tocsin_raised_by raised_by; /**< what brought the attention that it has */
    int64_t raised_time;
    uint64_t last_hour; /**< posts of the hour before its latest one */
    int over;           /**< it has been quiet for so long */
    char document[64];  /**< id of its first post, cut where it is longer */
    char sample[256];   /**< its title, or its text, as tocsin_tracked.said has it, cut at a character */
} tocsin_incident;

/** What put a document to its incident. Values are pinned. */
typedef enum tocsin_joined_by {
    TOCSIN_JOINED_BY_NOTHING = 0, /**< it is of none, or began it */
    TOCSIN_JOINED_BY_WORDS = 1,   /**< it says the same */
    TOCSIN_JOINED_BY_MATTER = 2,  /**< it says something else of the same place, topics and time */
    TOCSIN_JOINED_BY_CENTROID = 3 /**< it says what weighs most in the posts of the incident */
} tocsin_joined_by;

/** What became of a document. */
typedef struct tocsin_tracked {
    uint64_t incident; /**< its id; 0: the document is of none */
    int is_new;        /**< the document began it */
    tocsin_joined_by joined_by;
    double score;  /**< of that, 0 to 1: the share of words that is the same, the agreement, the likeness; 0 for none */
    int raised;    /**< the attention of the incident rose with it */
    int tier_rose; /**< the tier of the incident did */
    uint64_t returns;           /**< with is_new: id of the incident that it takes up, or 0 */
    uint64_t merged;            /**< id of an incident that became a part of another one with it, or 0 */
    uint64_t merged_into;       /**< id of that one */
    uint32_t new_clauses;       /**< the last so many clauses of the incident are new */
    int64_t time;               /**< when it counts as come; TOCSIN_TIME_UNKNOWN before the first time */
    int time_replaced;          /**< that is not its own time, which was missing or not believed */
    tocsin_attention attention; /**< of the incident now */
    tocsin_bytes said;          /**< of a document of an incident: its title, or else its text, without names of users,
                                   links, [emoji] and the like, on one line; borrowed from the tracker until the next one */
} tocsin_tracked;

/**
 * Makes a tracker; options may be NULL. *tracker belongs to the caller and is left untouched on failure:
 * TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD. Thread-safe always.
 */
TOCSIN_API tocsin_status tocsin_tracker_create(const tocsin_tracker_options *options, tocsin_tracker **tracker,
                                               tocsin_error *error);

/**
 * Other thresholds and times from the next document on; max_incidents, first_id and allocator stay what they were.
 * TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_BUSY.
 */
TOCSIN_API tocsin_status tocsin_tracker_set_options(tocsin_tracker *tracker, const tocsin_tracker_options *options,
                                                    tocsin_error *error);

/** Frees it. NULL does nothing. */
TOCSIN_API void tocsin_tracker_free(tocsin_tracker *tracker);

/**
 * Puts a document that was graded to its incident, or begins one. Of its text names of users (`//@name:`), links,
 * [emoji], marks of hashtags and phrases like 转发微博 are left out before anything is compared. It belongs to one
 * whose first post says the same (same_percent; 60 where both name the same narrow place, all where one names a place
 * that the other does not); or else to one with which it agrees (matter_percent): both name a place that few incidents
 * have, their topics are the same, and it is not long ago. A document of tier none begins none, but counts for one that
 * it belongs to, if it has hits of two topics that stood as evidence in posts with a tier, or of one that stood alone.
 * Where the attention of the incident is above that of the verdict, grading the document again with document->attention
 * = tracked->attention says which clauses hold of it now; the second verdict is added by tocsin_tracker_raise.
 * TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_BUSY, TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD: nothing is counted then.
 *
 * It belongs to an incident whose posts' times, with quiet_ms before the first and after the last, cover its own,
 * in whatever order documents come. Later than that, up to remember_ms, it begins one that takes the other up
 * (returns). Where it stands between two incidents that both say what it says, the one with the higher id becomes a
 * part of the other (merged), and its id is none any more.
 *
 * Where document->arrived is known, a time is believed up to ahead_ms after it. Where it is not, from the latest time
 * that was believed, less remember_ms, up to ahead_ms after it. Other documents count as come when they arrived, or, if
 * that is not known, or a wrong time is that of a feed from the past, with the latest one. Twenty documents one after
 * the other that are all further ahead, or all further behind, are believed: the feed has jumped. Nothing before 1995
 * is.
 */
TOCSIN_API tocsin_status tocsin_tracker_add(tocsin_tracker *tracker, const tocsin_document *document,
                                            const tocsin_verdict *verdict, tocsin_tracked *tracked,
                                            tocsin_error *error);

/**
 * The tier and clauses of another verdict of a document that was added, for its incident. 0 is no incident. *rose
 * becomes 1 when the tier of the incident rose, 0 when it did not; rose may be NULL. TOCSIN_ERROR_ARGUMENT,
 * TOCSIN_ERROR_BUSY: nothing has changed then.
 */
TOCSIN_API tocsin_status tocsin_tracker_raise(tocsin_tracker *tracker, uint64_t incident, const tocsin_verdict *verdict,
                                              int *rose);

/** The incident of an id; NULL when there is none, or none any more, and while another call uses the tracker. */
TOCSIN_API const tocsin_incident *tocsin_tracker_get(tocsin_tracker *tracker, uint64_t id);

/** The latest time that was believed; TOCSIN_TIME_UNKNOWN before the first, and for NULL. */
TOCSIN_API int64_t tocsin_tracker_now(const tocsin_tracker *tracker);

/** As they are in force, defaults filled in. Borrowed: lives as long as the tracker. NULL for NULL. */
TOCSIN_API const tocsin_tracker_options *tocsin_tracker_get_options(const tocsin_tracker *tracker);

/** How many are kept, over or not. 0 for NULL. */
TOCSIN_API size_t tocsin_tracker_count(const tocsin_tracker *tracker);

/** The index-th of those that are kept, 0-based, by id; NULL when there is none, and while another call uses the
 * tracker. */
TOCSIN_API const tocsin_incident *tocsin_tracker_at(tocsin_tracker *tracker, size_t index);

/**
 * Appends everything that the tracker knows, compressed and checked: the tracker that tocsin_tracker_restore makes of
 * it goes on as this one would. out is as it was after a failure: TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_BUSY,
 * TOCSIN_ERROR_MEMORY.
 */
TOCSIN_API tocsin_status tocsin_tracker_save_to_buffer(const tocsin_tracker *tracker, tocsin_buffer *out,
                                                       tocsin_error *error);

/**
 * The tracker of a snapshot, with its options. allocator NULL means the default one. *tracker belongs to the caller and
 * is left untouched on failure: TOCSIN_ERROR_IMAGE (damaged, cut short, or no snapshot), TOCSIN_ERROR_UNSUPPORTED (of
 * another version or machine), TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD. Thread-safe always.
 */
TOCSIN_API tocsin_status tocsin_tracker_restore(const void *bytes, size_t length, const tocsin_allocator *allocator,
                                                tocsin_tracker **tracker, tocsin_error *error);

#ifdef __cplusplus
}
#endif

#endif
