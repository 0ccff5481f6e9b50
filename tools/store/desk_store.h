#ifndef TOCSIN_TOOLS_DESK_STORE_H
#define TOCSIN_TOOLS_DESK_STORE_H

/*
 * The desk: what people decide of incidents, and what they are shown. Decisions are rows that are only added; what
 * holds now follows from them. The command line and whatever else people use write them by desk_add alone. A database
 * is open in mode DATABASE_ACT to add, in any mode to read. An incident that was merged into another is shown as that
 * one.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

#include "store/database.h"

#define DESK_MOST_NAME 100       /* bytes of a name of a person */
#define DESK_MOST_DETAIL 1048576 /* bytes of a note or a field */

typedef enum desk_kind {
    DESK_ACKNOWLEDGE, /* somebody works on it; takes back that it is closed or a false alarm */
    DESK_ASSIGN,      /* detail: to whom */
    DESK_CLOSE,       /* detail: why, may be empty */
    DESK_FALSE_ALARM, /* detail: why, may be empty. Quiet until there are ten times the posts, or another tier */
    DESK_MERGE,       /* into `other`, and shown as that */
    DESK_SPLIT,       /* shown by itself again; or detail: ids of its posts, a line each, become a new incident */
    DESK_NOTE,        /* detail: what */
    DESK_SET,         /* field and detail: of the handling sheet; the last one counts */
    DESK_KIND_COUNT
} desk_kind;

typedef struct desk_action {
    desk_kind kind;
    int64_t incident;
    const char *who;    /* UTF-8 without control characters or what turns text around */
    const char *detail; /* NULL: empty */
    const char *field;  /* of DESK_SET, else NULL */
    int64_t other;      /* of DESK_MERGE, else 0 */
    const char *form;   /* names a form that a person filled in, so that it counts once; NULL: none */
} desk_action;

typedef enum desk_result {
    DESK_DONE,
    DESK_REPEATED, /* the form was sent before, and counts once */
    DESK_REFUSED,  /* it makes no sense: the database's problem says why, and it can be used on */
    DESK_FAILED    /* the database failed */
} desk_result;

/* In a transaction of its own. *number, of the action, is set for DESK_DONE and DESK_REPEATED. */
desk_result desk_add(database *db, const desk_action *action, int64_t *number);

/* Whether desk_add would take the action now: DESK_DONE, or why not. Writes nothing. */
desk_result desk_check(database *db, const desk_action *action);

/*
 * Fills in sheets from JSON, as tocsin report --sheets --format json prints them: an object or an array of objects with
 * `incident` and fields of the sheet as text. What is as it was is not set again; other members of a sheet are passed
 * over, and one that no sheet has is refused. All of it is checked before any of it is written. *set counts fields.
 */
desk_result desk_fill(database *db, const char *json, const char *who, int64_t *set);

/* Takes note of why an action makes no sense; returns DESK_REFUSED. */
desk_result desk_refuse(database *db, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As the table has it: "acknowledge", "false_alarm", … */
const char *desk_kind_name(desk_kind kind);

/* The fields of the sheet that can be set; NULL behind the last. */
const char *desk_field_name(size_t i);

/* Which report a sheet is: the first, a follow-up, the final one. The field `stage` has one of their names. */
#define DESK_STAGES 3
const char *desk_stage_name(int stage, int english);

/* The stage with this name, Chinese or English; -1: none. */
int desk_stage_of(const char *text);

/* Which incidents. */
typedef struct desk_filter {
    const char *state; /* "open", "acknowledged", "closed", "false_alarm"; NULL: the first two; "all" */
    const char *tier;  /* its id, its name or its name in English; NULL: any */
    int64_t incident;  /* 0: any; one that was merged finds that one in which it is shown */
    int64_t limit;     /* 0: all */
} desk_filter;

typedef struct desk_incident {
    int64_t id, returns, tier, attention, posts, reach, first_time, last_time;
    int64_t parts;   /* incidents that are shown as this one, itself among them */
    int64_t decided; /* when the state was decided, by the clock on the wall; TOCSIN_TIME_UNKNOWN while nobody did */
    int64_t news;    /* events since then that people are told of */
    int64_t over;    /* nothing was posted for the time of quiet */
    char *tier_id, *tier_name, *tier_name_en, *about;
    char *state;    /* "open", "acknowledged", "closed", "false_alarm" */
    char *by;       /* who decided that; "" */
    char *assigned; /* to whom; "" */
} desk_incident;

typedef struct desk_list {
    desk_incident *items; /* the highest tier first, then the latest */
    size_t count;
    int64_t matching; /* also beyond the limit */
} desk_list;

/* 0 when the database failed. */
int desk_list_read(database *db, const desk_filter *filter, desk_list *list);
void desk_list_release(desk_list *list);

/* Appends one incident of the list as a line of JSON. */
void desk_append_json(tocsin_buffer *out, const desk_incident *incident);

/*
 * Appends everything of an incident as one JSON object: what it is, its parts, the fields of its sheet (also those that
 * were filled in for the incident that it takes up), events, posts (the latest 200, with their number), actions, and
 * who was told what. 0 when there is none, or the database failed.
 */
int desk_show_json(database *db, int64_t incident, tocsin_buffer *out);

/* What there is to read of an incident, a row each. */
typedef enum desk_part {
    DESK_PART_SHEET,   /* field, text, who */
    DESK_PART_EVENTS,  /* what, detail, number */
    DESK_PART_ACTIONS, /* what, text, who */
    DESK_PART_TOLD,    /* channel, what became of it, why */
    DESK_PART_POSTS,   /* id, link or source, text where it is kept, else the marked words; the latest 20 */
    DESK_PART_COUNT
} desk_part;

typedef void (*desk_row)(void *context, int64_t time, const char *a, const char *b, const char *c);

/* 0 when the database failed. */
int desk_part_read(database *db, desk_part part, int64_t incident, desk_row row, void *context);

/*
 * Appends the posts about which people decided as labelled documents, a line of JSON each: those of a false alarm are
 * of no tier, those of an incident whose tier was set are of that one. *without counts those whose text was not kept.
 */
int desk_labels_read(database *db, tocsin_buffer *out, int64_t *count, int64_t *without);

#endif
