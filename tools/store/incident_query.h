#ifndef TOCSIN_TOOLS_INCIDENT_QUERY_H
#define TOCSIN_TOOLS_INCIDENT_QUERY_H

/* Reads incidents from a database for people. Each struct owns its strings. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>
#include <tocsin/document.h>

/* A count with a name: a venue, a route, a place, a word. */
typedef struct report_count {
    char *name;
    char *detail; /* of a word: its clause and topic; otherwise "" */
    int64_t posts;
} report_count;

typedef struct report_counts {
    report_count *items;
    size_t count;
} report_counts;

typedef struct report_hour {
    int64_t hour; /* since 1970 */
    int64_t posts;
} report_hour;

typedef struct report_event {
    int64_t time;
    char *kind, *detail;
} report_event;

/* A field of the handling sheet that a person filled in. */
typedef struct report_field {
    char *name, *text, *who;
    int64_t time;
} report_field;

typedef struct report_fields {
    report_field *items;
    size_t count;
} report_fields;

/* A message about an incident to a channel. */
typedef struct report_message {
    char *channel, *state; /* "sent", "waiting", "dead", … */
    int64_t time;
} report_message;

/* A deadline for a field of the sheet. */
typedef struct report_deadline {
    char *field;
    int64_t time;
    int64_t met; /* when it was filled in, by the wall clock; TOCSIN_TIME_UNKNOWN: not yet */
    int own;     /* 1: a person set it; 0: the plan */
    int overdue;
} report_deadline;

typedef struct report_incident {
    int64_t id, returns, tier, attention, raised_by, raised_time, first_time, last_time, posts, reach;
    int severe;
    int64_t answers, rebuttals, echoes; /* attached to it; they do not count among its posts */
    char *tier_id, *about, *first_document;
    char *returns_number; /* of the incident that it resumes; "" */
    char *number;         /* the number that people use: the day on which it began, and its id */
    int over;
    report_counts clauses; /* in the order in which they first held; posts is 0 */
    report_counts venues, words, places, routes;
    report_counts joined; /* by the reason for which its posts joined it: "words", "matter" or "centroid"; detail: the
                             mean strength */
    report_hour *hours;   /* every hour from the first to the last, of the last 14 days at most */
    size_t hour_count;
    int64_t
        *recent; /* posts in each 60 minutes up to now, from that of the first post on, of the last 14 days at most */
    size_t recent_count;
    report_event *events; /* the first 40 */
    size_t event_count;
    char *state;    /* "open", "acknowledged", "closed", "false_alarm" */
    char *by;       /* who decided it; "" */
    char *assigned; /* to whom; "" */
    int64_t decided;
    int64_t six_hours, six_before; /* posts in the last six clock hours, and in the six before */
    char *link, *source;           /* of the first post; "" */
    report_fields fields;          /* the last value of each field, in the order of the sheet */
    report_fields history;         /* all values ever set, also for the incident that it resumes */
    report_message *messages;
    size_t message_count;
    report_deadline *deadlines; /* by time */
    size_t deadline_count;
} report_incident;

/* The plan's name for a tier, clause or route. */
typedef struct report_name {
    char *id, *name;
    int severe; /* of a tier */
} report_name;

typedef struct report_names {
    report_name *items;
    size_t count;
} report_names;

/* Figures for the time since the last report, and for the same hours of the day before. */
typedef enum report_figure_kind {
    REPORT_NEW,
    REPORT_ESCALATED,
    REPORT_RETURNED,
    REPORT_ANSWERED,
    REPORT_OVERDUE,
    REPORT_QUIET,
    REPORT_FIGURES
} report_figure_kind;

typedef struct report_figure {
    int64_t *ids; /* the highest tier first, then the latest */
    size_t count;
    report_name *named; /* number and subject of the first eight */
    size_t named_count;
    int64_t yesterday;
} report_figure;

#define REPORT_CARDS 5

typedef struct report_filter {
    const char *tier, *clause, *place; /* NULL: any */
    int64_t since, until;              /* milliseconds; some part of the incident must lie in [since, until) */
    int64_t since_span;                /* milliseconds before the latest post, in place of since; 0: none */
    int64_t since_event;               /* 0: none; otherwise the news are the events after it */
    int since_last;                    /* since and since_event are those of the last report */
    int day;          /* include figures and cards; without since, select ongoing incidents and those with deadlines */
    int64_t incident; /* 0: any */
    int64_t limit;
    int64_t wall;       /* wall-clock time in milliseconds, against which deadlines are measured */
    int64_t day_offset; /* hours by which the reader's day begins before that of UTC */
    int english;        /* English names of the plan and its parts, if it has them */
} report_filter;

typedef struct report_data {
    char *plan, *plan_version;
    size_t former_tiers; /* this many of the first tiers belong to former plans */
    report_names tiers, clauses, routes;
    int64_t now, quiet_ms;      /* now: the time of the latest post */
    int64_t due_now;            /* what deadlines run to */
    report_incident *incidents; /* ongoing ones first, then by highest tier, then the latest */
    size_t incident_count;
    int64_t matching; /* incidents that match the filter, also beyond its limit */
    int64_t *graded;  /* documents of each day by tier, day_count × (tiers + 1); the last column counts those without a
                         tier */
    size_t day_count;
    int64_t first_day; /* since 1970 */
    size_t cards;      /* this many of the first incidents have the most attention and growth */
    int64_t period_start, period_end;
    int64_t last_event; /* the number of the last event read */
    int64_t generated;  /* when the page was made, by the wall clock; set by the caller */
    int64_t graded_now; /* documents graded in the hours since period_start */
    report_figure figures[REPORT_FIGURES];
    double usual[24]; /* documents by hour of the day in UTC, with mean 1; all 1 before two days are known */
    int64_t documents;
} report_data;

/* 0 with *problem, in storage of this thread, if the database cannot be read. */
int report_data_read(report_data *data, const char *path, const report_filter *filter, const char **problem);
void report_data_release(report_data *data);

/* The text filled in for a field; "" if there is none. */
const char *report_field_text(const report_incident *incident, const char *name);

/* Stores how far a report has read, for the next report that asks for what is new since then. 0 with *problem. */
int report_mark_write(const char *path, const report_data *data, const char **problem);

/* Appends the watcher's tracker of its last commit, nothing if there is none; 0 with *problem as above. */
int incident_tracker_read(const char *path, tocsin_buffer *out, const char **problem);

/* The plan's name for an id; the id if it has none. */
const char *report_name_of(const report_names *names, const char *id);

#endif
