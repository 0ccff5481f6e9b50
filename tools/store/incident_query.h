#ifndef TOCSIN_TOOLS_INCIDENT_QUERY_H
#define TOCSIN_TOOLS_INCIDENT_QUERY_H

/* Incidents out of a database, for people to read. Strings belong to what holds them. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/document.h>

/* A named count: a venue, a route, a place, a word. */
typedef struct report_count {
    char *name;
    char *detail; /* of a word: its clause and topic; else "" */
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

typedef struct report_incident {
    int64_t id, returns, tier, attention, raised_by, raised_time, first_time, last_time, posts, reach;
    char *tier_id, *about, *first_document;
    char *number; /* that people know it by: the day on which it began, and its id */
    int over;
    report_counts clauses; /* by the order in which they first held; posts is 0 */
    report_counts venues, words, places, routes;
    report_hour *hours; /* from the first to the last, none left out, of the last 14 days at most */
    size_t hour_count;
    int64_t
        *recent; /* posts of each 60 minutes up to now, from that of the first post on, of the last 14 days at most */
    size_t recent_count;
    report_event *events; /* the first 40 */
    size_t event_count;
    char *verified, *answer, *approved; /* what people filled in; "" */
} report_incident;

/* What a plan calls a tier, clause or route. */
typedef struct report_name {
    char *id, *name;
} report_name;

typedef struct report_names {
    report_name *items;
    size_t count;
} report_names;

typedef struct report_filter {
    const char *tier, *clause, *place; /* NULL: any */
    int64_t since, until;              /* milliseconds; a part of the incident lies in [since, until) */
    int64_t incident;                  /* 0: any */
    int64_t limit;
    int64_t day_offset; /* hours that the reader's day begins before that of UTC */
    int english;        /* names of the plan and its parts in English, where it gives them */
} report_filter;

typedef struct report_data {
    char *plan, *plan_version;
    report_names tiers, clauses, routes;
    int64_t now, quiet_ms;
    report_incident *incidents; /* those that go on first, of them the highest tier, then the latest */
    size_t incident_count;
    int64_t matching; /* incidents that the filter lets through, also beyond its limit */
    int64_t *graded;  /* documents of each day by tier, day_count × (tiers + 1); the last column is none */
    size_t day_count;
    int64_t first_day; /* since 1970 */
    double usual[24];  /* documents by hour of the day of UTC, the mean is 1; all 1 before two days are known */
    int64_t documents;
} report_data;

/* 0 with *problem, in static storage, when the database cannot be read. */
int report_data_read(report_data *data, const char *path, const report_filter *filter, const char **problem);
void report_data_release(report_data *data);

/* The plan's wording of an id; the id when it has none. */
const char *report_name_of(const report_names *names, const char *id);

#endif
