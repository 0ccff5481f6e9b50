#ifndef TOCSIN_TOOLS_DESK_STORE_H
#define TOCSIN_TOOLS_DESK_STORE_H

/*
 * The desk: people's decisions about incidents, and the state that follows. Decisions are rows that are only added; the
 * present state follows from them. The command line and every other interface write them only through desk_add. To add
 * decisions, the database must be open in mode DATABASE_ACT; any mode is enough to read. An incident that was merged
 * into another is shown as that one.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

#include "store/database.h"

#define DESK_MOST_NAME 100       /* bytes of a name of a person */
#define DESK_MOST_DETAIL 1048576 /* bytes of a note or a field */

typedef enum desk_kind {
    DESK_ACKNOWLEDGE, /* a person works on it; revokes "closed" or "false alarm" */
    DESK_ASSIGN,      /* detail: to whom */
    DESK_CLOSE,       /* detail: the reason, may be empty */
    DESK_FALSE_ALARM, /* detail: the reason, may be empty. Quiet until it has ten times the posts, or another tier */
    DESK_MERGE,       /* into `other`, and shown as part of it */
    DESK_SPLIT, /* shown by itself again; or, if detail has ids of its posts, one a line, these become a new incident */
    DESK_NOTE,  /* detail: what */
    DESK_SET,   /* field and detail: of the handling sheet; the last value counts */
    DESK_KIND_COUNT
} desk_kind;

typedef struct desk_action {
    desk_kind kind;
    int64_t incident;
    const char *who;    /* UTF-8 without control characters or characters that reorder text */
    const char *detail; /* NULL: empty */
    const char *field;  /* for DESK_SET, otherwise NULL */
    int64_t other;      /* for DESK_MERGE, otherwise 0 */
    const char *form;   /* the name of a form that a person filled in, so that it counts once; NULL: none */
} desk_action;

typedef enum desk_result {
    DESK_DONE,
    DESK_REPEATED, /* the form was sent before, and counts only once */
    DESK_REFUSED,  /* it makes no sense: the reason is in the database's problem, and the database can still be used */
    DESK_FAILED    /* the database failed */
} desk_result;

/* In a transaction of its own. *number, of the action, is set for DESK_DONE and DESK_REPEATED. */
desk_result desk_add(database *db, const desk_action *action, int64_t *number);

/* Whether desk_add would accept the action now: DESK_DONE, or the reason. Writes nothing. */
desk_result desk_check(database *db, const desk_action *action);

/*
 * Fills in sheets from JSON, as tocsin report --sheets --format json prints them: an object or an array of objects with
 * `incident` and fields of the sheet as text. Unchanged fields are not set again; other members of a sheet are ignored,
 * and an unknown member is refused. Everything is checked before anything is written. *set counts fields.
 */
desk_result desk_fill(database *db, const char *json, const char *who, int64_t *set);

/* Takes note of why an action makes no sense; returns DESK_REFUSED. */
desk_result desk_refuse(database *db, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The name in the table: "acknowledge", "false_alarm", … */
const char *desk_kind_name(desk_kind kind);

/* The fields of the sheet that can be set; NULL after the last. */
const char *desk_field_name(size_t i);

/* The stage of a sheet: first, follow-up or final report. The field `stage` has one of their names. */
#define DESK_STAGES 3
const char *desk_stage_name(int stage, int english);

/* The stage with this name, Chinese or English; -1: there is none. */
int desk_stage_of(const char *text);

/* Which incidents. */
typedef struct desk_filter {
    const char *state; /* "open", "acknowledged", "closed", "false_alarm"; NULL: the first two; "all" */
    const char *tier;  /* "open", "acknowledged", "closed", "false_alarm"; NULL: the first two; "all" */
    int64_t incident;  /* 0: any; a merged incident finds the one that contains it */
    int64_t limit;     /* 0: all */
} desk_filter;

typedef struct desk_incident {
    int64_t id, returns, tier, attention, posts, reach, first_time, last_time;
    int64_t parts;   /* incidents that are shown as this one, itself included */
    int64_t decided; /* when the state was decided, by the wall clock; TOCSIN_TIME_UNKNOWN if it was not */
    int64_t news;    /* events since then that people are notified of */
    int64_t over;    /* there were no posts for the time of quiet */
    char *tier_id, *tier_name, *tier_name_en, *about;
    char *state;    /* "open", "acknowledged", "closed", "false_alarm" */
    char *by;       /* who decided it; "" */
    char *assigned; /* to whom; "" */
} desk_incident;

typedef struct desk_list {
    desk_incident *items; /* the highest tier first, then the latest */
    size_t count;
    int64_t matching; /* also those beyond the limit */
} desk_list;

/* 0 if the database failed. */
int desk_list_read(database *db, const desk_filter *filter, desk_list *list);
void desk_list_release(desk_list *list);

/* Whether the plan has, or had, a tier of this id or name. */
int desk_has_tier(database *db, const char *tier);

/* Appends one incident of the list as a line of JSON. */
void desk_append_json(tocsin_buffer *out, const desk_incident *incident);

/*
 * Appends everything about an incident as one JSON object: the incident, its parts, the fields of its sheet (also those
 * filled in for the incident that it resumes), events, posts (the latest 200, and the total number), actions, and
 * messages. 0 if there is none, or the database failed.
 */
int desk_show_json(database *db, int64_t incident, tocsin_buffer *out);

/* Parts of an incident that can be read, one row each. */
typedef enum desk_part {
    DESK_PART_SHEET,   /* field, text, who */
    DESK_PART_EVENTS,  /* what, detail, number */
    DESK_PART_ACTIONS, /* what, text, who */
    DESK_PART_TOLD,    /* channel, result, reason */
    DESK_PART_POSTS,   /* id, link or source, text if it is stored, otherwise the marked words; the latest 20 */
    DESK_PART_COUNT
} desk_part;

typedef void (*desk_row)(void *context, int64_t time, const char *a, const char *b, const char *c);

/* 0 if the database failed. */
int desk_part_read(database *db, desk_part part, int64_t incident, desk_row row, void *context);

/*
 * Appends the posts that people decided about as labelled documents, one line of JSON each: those of a false alarm have
 * no tier, those of an incident whose tier was set have that tier. *without counts posts whose text was not stored.
 */
int desk_labels_read(database *db, tocsin_buffer *out, int64_t *count, int64_t *without);

#endif
