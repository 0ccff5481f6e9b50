/*
 * Figures are counted from events and actions by their times, so that the same query also works for the day before.
 * Events have the time of the posts; decisions have that of the wall clock, which is later if a feed is read late. So a
 * decision after the queried time counts for the present, and not for the day before.
 */
#include "store/day_query.h"

#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "store/desk_sql.h"

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define NAMED 8 /* incidents of a figure that are named */

/*
 * ?1 the number of the last event before, or 0: by the time; ?2 from, ?3 to, ?4 the end of the actions; ?5 of quiet; ?6
 * what deadlines run to.
 */
#define EVENTS(kinds)                                                                                                  \
    "SELECT i.shown_in FROM events AS e JOIN incidents AS i ON i.id = e.incident WHERE NOT e.muted AND e.kind IN"      \
    " (" kinds ") AND CASE WHEN ?1 > 0 THEN e.number > ?1 ELSE e.time >= ?2 AND e.time <= ?3 END"

/* Decisions up to ?4 about the incident `id` in the form that is shown. */
#define OF_SHOWN(id) "incident IN (SELECT p.id FROM incidents AS p WHERE p.shown_in = " id ") AND time <= ?4"

static const char *const figures[REPORT_FIGURES] = {
    [REPORT_NEW] = EVENTS("'began'"),
    [REPORT_ESCALATED] = EVENTS("'tier', 'attention', 'outgrown'"),
    [REPORT_RETURNED] = EVENTS("'returned'"),
    [REPORT_ANSWERED] =
        EVENTS("'answered', 'refuted'") " UNION SELECT i.shown_in FROM actions AS a JOIN incidents AS i ON i.id ="
                                        " a.incident WHERE a.kind = 'set' AND a.field IN ('answer', 'briefing') AND"
                                        " a.detail <> '' AND a.time >= ?2 AND a.time <= ?4",
    [REPORT_OVERDUE] =
        "SELECT due.id FROM (SELECT g.shown_in AS id, g.first_time + d.value ->> 'hours' * 3600000 AS"
        " time, d.value ->> 'id' AS field FROM (SELECT shown_in, min(first_time) AS first_time, max(tier)"
        " AS tier FROM incidents GROUP BY shown_in) AS g JOIN meta AS m ON m.key = 'deadlines' JOIN"
        " json_each(m.value) AS d ON d.value ->> 'tier' = g.tier UNION ALL SELECT i.shown_in,"
        " unixepoch(a.detail, 'utc') * 1000, 'answer' FROM actions AS a JOIN incidents AS i ON i.id ="
        " a.incident WHERE a.kind = 'set' AND a.field = 'deadline' AND a.time <= ?4 AND a.number ="
        " (SELECT max(x.number) FROM actions AS x WHERE x.kind = 'set' AND x.field = 'deadline' AND"
        " x.incident = a.incident AND x.time <= ?4)) AS due WHERE due.time <= ?6 AND NOT EXISTS (SELECT 1 FROM actions "
        "WHERE kind = 'set' AND field = due.field AND detail <>"
        " '' AND " OF_SHOWN("due.id") ") AND coalesce((SELECT kind FROM actions WHERE kind IN"
                                      " ('acknowledge', 'close', 'false_alarm') AND " OF_SHOWN(
                                          "due.id") " ORDER BY number DESC"
                                                    " LIMIT 1), '') NOT IN ('close', 'false_alarm')",
    [REPORT_QUIET] = ("SELECT shown_in FROM incidents GROUP BY shown_in HAVING max(last_time) + ?5 >= ?2 AND"
                      " max(last_time) + ?5 < ?3"),
};

#define PERIOD 6
#define READ_LATELY "100" /* events by which it is known whether a feed is of the present */

/* The values of ?1 to ?6; a figure uses some of them. */
static sqlite3_stmt *ask(database *db, const char *before, const char *figure, const char *after,
                         const int64_t period[PERIOD]) {
    tocsin_buffer sql;
    tocsin_buffer_init(&sql, NULL);
    text_printf(&sql, "%s%s%s", before, figure, after);
    sqlite3_stmt *s = database_prepare(db, sql.data);
    tocsin_buffer_release(&sql);
    const int most = s ? sqlite3_bind_parameter_count(s) : 0;
    for (int i = 0; i < PERIOD && i < most; i++) sqlite3_bind_int64(s, i + 1, period[i]);
    return s;
}

static void read_figure(database *db, report_figure *figure, const char *sql, const int64_t now[PERIOD],
                        const int64_t yesterday[PERIOD]) {
    sqlite3_stmt *s = ask(db, "SELECT id, number, about FROM incidents WHERE id IN (", sql,
                          ") AND posts > 0 ORDER BY tier DESC, last_time DESC, id", now);
    while (database_row(db, s)) {
        figure->ids = tool_reallocate(figure->ids, figure->count + 1, sizeof *figure->ids);
        figure->ids[figure->count++] = sqlite3_column_int64(s, 0);
        if (figure->count > NAMED) continue;
        figure->named = tool_reallocate(figure->named, figure->count, sizeof *figure->named);
        figure->named[figure->named_count++] = (report_name){database_text(s, 1), database_text(s, 2), 0};
    }
    sqlite3_finalize(s);
    s = ask(db, "SELECT count(*) FROM incidents WHERE id IN (", sql, ") AND posts > 0", yesterday);
    if (database_row(db, s)) figure->yesterday = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
}

void day_read_figures(database *db, report_data *data, const report_filter *filter) {
    const int64_t end = data->period_end, start = data->period_start;
    const int64_t now[PERIOD] = {filter->since_event, start, end, INT64_MAX, data->quiet_ms, data->due_now};
    const int64_t due = data->due_now - DAY_MS;
    const int64_t yesterday[PERIOD] = {0, start - DAY_MS, end - DAY_MS, end - DAY_MS, data->quiet_ms, due};
    data->last_event = database_number(db, "SELECT max(number) FROM events", 0);
    for (int f = 0; f < REPORT_FIGURES; f++) read_figure(db, &data->figures[f], figures[f], now, yesterday);
}

void day_release_figures(report_data *data) {
    for (int f = 0; f < REPORT_FIGURES; f++) {
        report_figure *const figure = &data->figures[f];
        for (size_t i = 0; i < figure->named_count; i++) {
            tool_free(figure->named[i].id);
            tool_free(figure->named[i].name);
        }
        tool_free(figure->named);
        tool_free(figure->ids);
        *figure = (report_figure){0};
    }
}

/* When the field was first filled in for this incident itself. */
static int64_t filled_in(database *db, int64_t incident, const char *field) {
    sqlite3_stmt *s = database_prepare(db, "SELECT min(time) FROM actions WHERE kind = 'set' AND field = ?2 AND detail"
                                           " <> '' AND incident IN " DESK_PARTS("?1"));
    database_bind(db, s, "is", incident, field);
    const int64_t time = database_row(db, s) ? database_time(s, 0) : TOCSIN_TIME_UNKNOWN;
    sqlite3_finalize(s);
    return time;
}

int64_t day_due_now(database *db, int64_t wall) {
    static const char live[] = "SELECT EXISTS (SELECT 1 FROM (SELECT o.created - e.time AS late FROM outbox AS o JOIN "
                               "events AS e ON e.number ="
                               " o.event ORDER BY o.number DESC LIMIT " READ_LATELY ") WHERE late <= 86400000)";
    const int64_t latest = database_number(db, "SELECT value FROM meta WHERE key = 'now'", wall);
    return wall - latest <= DAY_MS || database_number(db, live, 0) ? wall : latest;
}

void day_read_deadlines(database *db, report_incident *incident, int64_t due_now) {
    static const char select[] =
        "SELECT d.value ->> 'id', ?3 + d.value ->> 'hours' * 3600000 AS time, 0 AS own FROM meta AS m,"
        " json_each(m.value) AS d WHERE m.key = 'deadlines' AND d.value ->> 'tier' = ?2 AND ?3 IS NOT NULL UNION ALL"
        " SELECT 'answer', unixepoch(detail, 'utc') * 1000, 1 FROM (SELECT detail FROM actions WHERE kind = 'set' AND"
        " field = 'deadline' AND incident IN " DESK_PARTS("?1") " ORDER BY number DESC LIMIT 1) WHERE unixepoch(detail,"
                                                                " 'utc') IS NOT NULL ORDER BY 2";
    const int closed = !strcmp(incident->state, "closed") || !strcmp(incident->state, "false_alarm");
    sqlite3_stmt *s = database_prepare(db, select);
    database_bind(db, s, "iit", incident->id, incident->tier, incident->first_time);
    while (database_row(db, s)) {
        report_deadline due = {.field = database_text(s, 0), .time = database_time(s, 1)};
        due.own = sqlite3_column_int(s, 2);
        due.met = filled_in(db, incident->id, due.field);
        due.overdue = !closed && due.met == TOCSIN_TIME_UNKNOWN && due.time <= due_now;
        incident->deadlines =
            tool_reallocate(incident->deadlines, incident->deadline_count + 1, sizeof *incident->deadlines);
        incident->deadlines[incident->deadline_count++] = due;
    }
    sqlite3_finalize(s);
}

void day_read_growth(database *db, report_incident *incident, int64_t now) {
    sqlite3_stmt *s = database_prepare(db, "SELECT coalesce(sum(iif(hour > ?2 - 6, posts, 0)), 0),"
                                           " coalesce(sum(iif(hour <= ?2 - 6, posts, 0)), 0) FROM hours WHERE incident"
                                           " IN " DESK_PARTS("?1") " AND hour > ?2 - 12 AND hour <= ?2");
    database_bind(db, s, "ii", incident->id, now / HOUR_MS - (now % HOUR_MS < 0));
    if (database_row(db, s)) {
        incident->six_hours = sqlite3_column_int64(s, 0);
        incident->six_before = sqlite3_column_int64(s, 1);
    }
    sqlite3_finalize(s);
}

int day_read_mark(database *db, int64_t *event, int64_t *time) {
    sqlite3_stmt *s = database_prepare(db, "SELECT value ->> 'event', value ->> 'time' FROM meta WHERE key ="
                                           " 'reported'");
    const int found = database_row(db, s);
    if (found) {
        *event = sqlite3_column_int64(s, 0);
        *time = database_time(s, 1);
    }
    sqlite3_finalize(s);
    return found;
}
