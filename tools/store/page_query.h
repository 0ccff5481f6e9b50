#ifndef TOCSIN_TOOLS_PAGE_QUERY_H
#define TOCSIN_TOOLS_PAGE_QUERY_H

/* Queries for pages; their rows are text, column by column. Times are milliseconds, "" if unknown. */

#include <stdint.h>

#include "store/database.h"

typedef enum page_query {
    PAGE_FACTS,     /* plan, its version, now, incidents, documents graded, the last action */
    PAGE_TIERS,     /* id, name; the lowest first */
    PAGE_DESK,      /* page_desk_cell: incidents that are open or acknowledged, or one */
    PAGE_CLAUSES,   /* id, name */
    PAGE_ROUTES,    /* id, name */
    PAGE_VENUES,    /* venue, posts */
    PAGE_WORDS,     /* as written, its clauses, its posts */
    PAGE_PLACES,    /* place, posts */
    PAGE_EVENTS,    /* number, time, kind, detail, the plan's name for the detail */
    PAGE_ACTIONS,   /* number, time, kind, who, detail, field, other, incident */
    PAGE_ACTION,    /* the one with this number: kind, who, detail, field, other */
    PAGE_TOLD,      /* time, channel, kind, state, reason */
    PAGE_POSTS,     /* page_post_cell, the latest first; from a given number downwards */
    PAGE_VERSIONS,  /* of the post with this number: replaced, title, text */
    PAGE_MERGED,    /* id, number, subject, its own posts; the incidents shown as part of this one */
    PAGE_FIELDS,    /* field, value, who, time; also of the incident that it resumes */
    PAGE_HISTORY,   /* field, value, who, time; every value ever set, in order of time */
    PAGE_SEARCH,    /* page_desk_cell: incidents that contain the text, folded as the matcher folds it */
    PAGE_DECISIONS, /* tier id, its name, incidents, those of a false alarm, those whose tier was corrected */
    PAGE_SCORE,     /* results of tocsin score --json in `text`: 1 if at least that tier, tier, found, right, wanted,
                       precision and its bounds, recall and its bounds */
    PAGE_GRADED,    /* tier id, its name, documents */
    PAGE_QUERY_COUNT
} page_query;

/* Columns of an incident. */
enum page_desk_cell {
    DESK_ID,
    DESK_NUMBER,
    DESK_TIER, /* index; the lowest is 0 */
    DESK_TIER_LABEL,
    DESK_STATE,
    DESK_WHO, /* the person who decided the state */
    DESK_DECIDED,
    DESK_ASSIGNED,
    DESK_POSTS,
    DESK_REACH,
    DESK_ATTENTION,
    DESK_FIRST,
    DESK_LAST,
    DESK_OVER,
    DESK_ABOUT,
    DESK_RETURNS,
    DESK_KINDS,  /* kinds of the last day's events, separated by commas */
    DESK_NEWS,   /* events since that decision */
    DESK_TOP,    /* 1: of the highest tier */
    DESK_RECENT, /* 1: it began within the last day */
    DESK_CELLS
};

/* Columns of a post. */
enum page_post_cell {
    POST_NUMBER,
    POST_ID,
    POST_TIME,
    POST_VENUE,
    POST_SOURCE,
    POST_URL,
    POST_REACH,
    POST_TIER,
    POST_JOINED, /* why it belongs: 0 it began the incident, 1 same words, 2 same matter, 3 same centroid */
    POST_SCORE,
    POST_CLAUSES, /* ids, separated by spaces */
    POST_TITLE,
    POST_TEXT,
    POST_TITLE_MARKS, /* "start end,start end", bytes */
    POST_TEXT_MARKS,
    POST_WORDS, /* the marked words, for a post whose text is not stored */
    POST_HAS_TEXT,
    POST_ATTACHED, /* 0 a post of the incident, 1 answer, 2 rebuttal, 3 echo */
    POST_CELLS
};

/* The parameters of a query; each query uses those that it needs. */
typedef struct page_ask {
    int64_t incident;
    int64_t from;  /* PAGE_POSTS: numbers below it; 0: all. PAGE_VERSIONS: the number of the post; PAGE_ACTION: the
                      number of the action */
    int64_t limit; /* 0: all */
    int english;   /* English names of the plan, if it has them */
    const char *text, *tier, *state;
    int64_t since, until; /* PAGE_SEARCH: some part of the incident must lie in [since, until) */
} page_ask;

typedef void (*page_row)(void *context, const char *const *cells);

/* 0 if the database failed. */
int page_read(database *db, page_query query, const page_ask *ask, page_row row, void *context);

#endif
