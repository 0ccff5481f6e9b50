/* One read transaction, so that a report is of one moment while the watcher goes on. */
#include "store/incident_query.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "store/database.h"
#include "store/desk_sql.h"

#define MOST_HOURS (14 * 24)
#define MOST_EVENTS 40

/* Rows of name, detail, posts; of one incident, or of all for 0. */
static report_counts read_counts(database *db, const char *sql, int64_t incident) {
    report_counts counts = {0};
    sqlite3_stmt *s = database_prepare(db, sql);
    if (s) sqlite3_bind_int64(s, 1, incident);
    while (database_row(db, s)) {
        counts.items = tool_reallocate(counts.items, counts.count + 1, sizeof *counts.items);
        counts.items[counts.count++] =
            (report_count){database_text(s, 0), database_text(s, 1), sqlite3_column_int64(s, 2)};
    }
    sqlite3_finalize(s);
    return counts;
}

static void release_counts(report_counts *counts) {
    for (size_t i = 0; i < counts->count; i++) {
        tool_free(counts->items[i].name);
        tool_free(counts->items[i].detail);
    }
    tool_free(counts->items);
}

static report_names read_names(database *db, const char *key, int english) {
    report_names names = {0};
    sqlite3_stmt *s = database_prepare(db, "SELECT j.value ->> 'id', coalesce(iif(?2, j.value ->> 'name_en', NULL),"
                                           " j.value ->> 'name') FROM meta, json_each(meta.value) AS j WHERE"
                                           " meta.key = ?1");
    database_bind(db, s, "si", key, (int64_t)english);
    while (database_row(db, s)) {
        names.items = tool_reallocate(names.items, names.count + 1, sizeof *names.items);
        names.items[names.count++] = (report_name){database_text(s, 0), database_text(s, 1)};
    }
    sqlite3_finalize(s);
    return names;
}

static void release_names(report_names *names) {
    for (size_t i = 0; i < names->count; i++) {
        tool_free(names->items[i].id);
        tool_free(names->items[i].name);
    }
    tool_free(names->items);
}

const char *report_name_of(const report_names *names, const char *id) {
    for (size_t i = 0; i < names->count; i++) {
        if (!strcmp(names->items[i].id, id)) return names->items[i].name;
    }
    return id;
}

static char *read_text(database *db, const char *key) {
    char *text = NULL;
    sqlite3_stmt *s = database_prepare(db, "SELECT value FROM meta WHERE key = ?");
    if (s) sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
    if (database_row(db, s)) text = database_text(s, 0);
    sqlite3_finalize(s);
    return text ? text : tool_copy("");
}

static void read_hours(database *db, report_incident *incident) {
    sqlite3_stmt *s = database_prepare(
        db, "SELECT hour, sum(posts) FROM hours WHERE incident IN " DESK_PARTS(
                "?1") " AND hour > (SELECT max(hour)"
                      " FROM hours WHERE incident IN " DESK_PARTS("?1") ") - ?2 GROUP BY hour ORDER BY hour");
    if (s) {
        sqlite3_bind_int64(s, 1, incident->id);
        sqlite3_bind_int64(s, 2, MOST_HOURS);
    }
    while (database_row(db, s)) {
        const int64_t hour = sqlite3_column_int64(s, 0);
        if (!incident->hours) incident->hours = tool_allocate(MOST_HOURS, sizeof *incident->hours);
        while (incident->hour_count && incident->hours[incident->hour_count - 1].hour + 1 < hour) {
            const int64_t before = incident->hours[incident->hour_count - 1].hour;
            incident->hours[incident->hour_count++] = (report_hour){before + 1, 0};
        }
        incident->hours[incident->hour_count++] = (report_hour){hour, sqlite3_column_int64(s, 1)};
    }
    sqlite3_finalize(s);
}

/* By 60 minutes that end now: an hour that runs would be taken for a quiet one. */
static void read_recent(database *db, report_incident *incident, int64_t now) {
    sqlite3_stmt *s = database_prepare(db, "SELECT (?2 - coalesce(time_used, time)) / 3600000 AS back, count(*) FROM"
                                           " documents WHERE incident = ?1 AND coalesce(time_used, time) <= ?2 GROUP BY"
                                           " back HAVING back < ?3 ORDER BY back DESC");
    database_bind(db, s, "iii", incident->id, now, (int64_t)MOST_HOURS);
    while (database_row(db, s)) {
        const size_t back = (size_t)sqlite3_column_int64(s, 0);
        if (!incident->recent) {
            incident->recent_count = back + 1;
            incident->recent = tool_allocate(incident->recent_count, sizeof *incident->recent);
        }
        incident->recent[incident->recent_count - 1 - back] = sqlite3_column_int64(s, 1);
    }
    sqlite3_finalize(s);
}

static void read_usual(database *db, report_data *data) {
    double sum = 0;
    for (int h = 0; h < 24; h++) data->usual[h] = 1;
    if (database_number(db, "SELECT max(hour) - min(hour) FROM graded WHERE hour <> 0", 0) < 48) return;
    sqlite3_stmt *s = database_prepare(db, "SELECT hour % 24, sum(documents) FROM graded WHERE hour > 0 GROUP BY 1");
    for (int h = 0; h < 24; h++) data->usual[h] = 0;
    while (database_row(db, s)) {
        data->usual[sqlite3_column_int(s, 0)] = sqlite3_column_double(s, 1);
        sum += sqlite3_column_double(s, 1);
    }
    sqlite3_finalize(s);
    /* A tenth of the mean is added: no hour is without any. */
    for (int h = 0; h < 24; h++) data->usual[h] = sum > 0 ? (data->usual[h] + sum / 240) / (sum / 24 * 1.1) : 1;
}

static void read_events(database *db, report_incident *incident) {
    sqlite3_stmt *s = database_prepare(
        db, "SELECT time, kind, detail FROM events WHERE incident IN " DESK_PARTS("?1") " ORDER BY number"
                                                                                        " LIMIT ?2");
    if (s) {
        sqlite3_bind_int64(s, 1, incident->id);
        sqlite3_bind_int64(s, 2, MOST_EVENTS);
        incident->events = tool_allocate(MOST_EVENTS, sizeof *incident->events);
    }
    while (database_row(db, s)) {
        incident->events[incident->event_count++] =
            (report_event){database_time(s, 0), database_text(s, 1), database_text(s, 2)};
    }
    sqlite3_finalize(s);
}

/* What was filled in last, for it or for what it takes up. */
static char *read_field(database *db, int64_t incident, const char *field) {
    sqlite3_stmt *s = database_prepare(db, DESK_CHAIN " SELECT detail FROM " DESK_FIELDS " WHERE field = ?2");
    database_bind(db, s, "is", incident, field);
    char *text = database_row(db, s) ? database_text(s, 0) : tool_copy("");
    sqlite3_finalize(s);
    return text;
}

static void read_sheet(database *db, report_incident *incident) {
    incident->verified = read_field(db, incident->id, "verified");
    incident->answer = read_field(db, incident->id, "answer");
    incident->approved = read_field(db, incident->id, "approved");
}

static void read_parts(database *db, report_incident *incident) {
    const int64_t id = incident->id;
    incident->clauses = read_counts(db,
                                    "SELECT j.value, '', 0 FROM incidents AS i, json_each(i.clauses) AS j WHERE"
                                    " i.shown_in = ?1 GROUP BY j.value ORDER BY min(i.id), min(j.key)",
                                    id);
    incident->venues = read_counts(db,
                                   "SELECT venue, '', sum(posts) FROM venues WHERE incident IN " DESK_PARTS(
                                       "?1") " GROUP BY venue ORDER BY sum(posts) DESC,"
                                             " venue",
                                   id);
    incident->words =
        read_counts(db,
                    "SELECT coalesce(nullif(written, ''), term) AS word, group_concat(DISTINCT clause),"
                    " max(posts) FROM words WHERE incident IN " DESK_PARTS("?1") " GROUP BY word ORDER BY"
                                                                                 " max(posts) DESC, word LIMIT 12",
                    id);
    incident->places = read_counts(db,
                                   "SELECT term, '', sum(posts) FROM places WHERE incident IN " DESK_PARTS(
                                       "?1") " GROUP BY term ORDER"
                                             " BY sum(posts) DESC, term LIMIT 6",
                                   id);
    incident->routes = read_counts(db,
                                   "SELECT route, '', sum(posts) FROM routes WHERE incident IN " DESK_PARTS(
                                       "?1") " GROUP BY route ORDER BY sum(posts) DESC,"
                                             " route",
                                   id);
    read_hours(db, incident);
    read_events(db, incident);
    read_sheet(db, incident);
}

/* Incidents as they are shown: what was merged counts for the one it is shown as. */
#define MERGED                                                                                                         \
    "WITH merged AS (SELECT i.id, i.returns, g.tier, (SELECT t.tier_id FROM incidents AS t WHERE t.shown_in = i.id"    \
    " ORDER BY t.tier DESC LIMIT 1) AS tier_id, g.attention, i.raised_by, i.raised_time, g.first_time, g.last_time,"   \
    " g.posts, g.reach, i.about, i.first_document, i.number FROM (SELECT shown_in, max(tier) AS tier, max(attention) " \
    "AS"                                                                                                               \
    " attention, min(first_time) AS first_time, max(last_time) AS last_time, sum(posts) AS posts, sum(reach) AS reach" \
    " FROM incidents GROUP BY shown_in) AS g JOIN incidents AS i ON i.id = g.shown_in) "

#define FILTER                                                                                                         \
    " WHERE posts > 0 AND (?1 IS NULL OR tier_id = ?1 OR " DESK_NAME("'tiers'", "tier_id") " = ?1 OR " DESK_NAME_EN(   \
        "'tiers'",                                                                                                     \
        "tier_id") " = ?1) AND (?2 IS NULL OR EXISTS (SELECT 1"                                                        \
                   " FROM incidents AS p, json_each(p.clauses) AS j WHERE p.shown_in = merged.id AND j.value = ?2)) "  \
                   "AND (?3 IS NULL"                                                                                   \
                   " OR EXISTS (SELECT 1 FROM places WHERE incident IN " DESK_PARTS(                                   \
                       "merged.id") " AND term = ?3) OR instr(about, ?3)"                                              \
                                    " > 0) AND coalesce(last_time, ?4) >= ?4 AND coalesce(first_time, ?5) <= ?5 AND "  \
                                    "(?6 = 0 OR id = (SELECT shown_in"                                                 \
                                    " FROM incidents WHERE id = ?6))"

static sqlite3_stmt *filtered(database *db, const char *sql, const report_filter *f) {
    sqlite3_stmt *s = database_prepare(db, sql);
    if (!s) return NULL;
    const char *const texts[] = {f->tier, f->clause, f->place};
    for (int i = 0; i < 3; i++) {
        if (texts[i]) sqlite3_bind_text(s, i + 1, texts[i], -1, SQLITE_STATIC);
    }
    sqlite3_bind_int64(s, 4, f->since);
    sqlite3_bind_int64(s, 5, f->until == INT64_MAX ? f->until : f->until - 1);
    sqlite3_bind_int64(s, 6, f->incident);
    return s;
}

static report_incident incident_of(sqlite3_stmt *s) {
    report_incident i = {.id = sqlite3_column_int64(s, 0), .returns = sqlite3_column_int64(s, 1)};
    i.tier = sqlite3_column_int64(s, 2);
    i.tier_id = database_text(s, 3);
    i.attention = sqlite3_column_int64(s, 4);
    i.raised_by = sqlite3_column_int64(s, 5);
    i.raised_time = database_time(s, 6);
    i.first_time = database_time(s, 7);
    i.last_time = database_time(s, 8);
    i.posts = sqlite3_column_int64(s, 9);
    i.reach = sqlite3_column_int64(s, 10);
    i.about = database_text(s, 11);
    i.first_document = database_text(s, 12);
    i.over = sqlite3_column_int(s, 13);
    i.number = database_text(s, 14);
    return i;
}

static void read_incidents(database *db, report_data *data, const report_filter *filter) {
    sqlite3_stmt *s = filtered(db, MERGED "SELECT count(*) FROM merged" FILTER, filter);
    if (database_row(db, s)) data->matching = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    s = filtered(db,
                 MERGED
                 "SELECT id, returns, tier, tier_id, attention, raised_by, raised_time, first_time, last_time, posts,"
                 " reach, about, first_document, coalesce(last_time < ?8 - ?9, 0) AS is_over, number FROM merged" FILTER
                 " ORDER BY is_over, tier DESC, last_time DESC, id LIMIT ?7",
                 filter);
    if (s) {
        sqlite3_bind_int64(s, 7, filter->limit);
        sqlite3_bind_int64(s, 8, data->now);
        sqlite3_bind_int64(s, 9, data->quiet_ms);
    }
    while (database_row(db, s)) {
        data->incidents = tool_reallocate(data->incidents, data->incident_count + 1, sizeof *data->incidents);
        data->incidents[data->incident_count++] = incident_of(s);
    }
    sqlite3_finalize(s);
    for (size_t i = 0; i < data->incident_count; i++) {
        read_parts(db, &data->incidents[i]);
        read_recent(db, &data->incidents[i], data->now);
    }
}

#define MOST_DAYS 62

/* Rounds down, before 1970 too. */
static int64_t day_of(int64_t hour) { return hour / 24 - (hour % 24 < 0); }

static void read_graded(database *db, report_data *data, int64_t offset) {
    const size_t columns = data->tiers.count + 1;
    const int64_t last = day_of(database_number(db, "SELECT max(hour) FROM graded WHERE hour <> 0", 0) + offset);
    const int64_t first = day_of(database_number(db, "SELECT min(hour) FROM graded WHERE hour <> 0", 0) + offset);
    data->documents = database_number(db, "SELECT sum(documents) FROM graded", 0);
    data->first_day = last - first >= MOST_DAYS ? last - MOST_DAYS + 1 : first;
    data->day_count = data->documents ? (size_t)(last - data->first_day + 1) : 0;
    data->graded = tool_allocate(data->day_count * columns + 1, sizeof *data->graded);
    sqlite3_stmt *s =
        database_prepare(db, "SELECT hour, tier_id, sum(documents) FROM graded WHERE hour <> 0 GROUP BY 1, 2");
    while (database_row(db, s)) {
        const int64_t day = day_of(sqlite3_column_int64(s, 0) + offset) - data->first_day;
        char *tier = database_text(s, 1);
        size_t at = 0;
        while (at < data->tiers.count && strcmp(data->tiers.items[at].id, tier)) at++;
        tool_free(tier);
        if (day < 0 || (size_t)day >= data->day_count) continue;
        data->graded[(size_t)day * columns + at] += sqlite3_column_int64(s, 2);
    }
    sqlite3_finalize(s);
}

int report_data_read(report_data *data, const char *path, const report_filter *filter, const char **problem) {
    static char told[sizeof(((database *)0)->problem)];
    database db;
    *data = (report_data){0};
    if (database_open(&db, path, DATABASE_READ) && database_run(&db, "BEGIN")) {
        data->plan = read_text(&db, "plan");
        char *in_english = filter->english ? read_text(&db, "plan_en") : NULL;
        if (in_english && *in_english) {
            char *name = data->plan;
            data->plan = in_english;
            in_english = name;
        }
        tool_free(in_english);
        data->plan_version = read_text(&db, "plan_version");
        data->tiers = read_names(&db, "tiers", filter->english);
        data->clauses = read_names(&db, "clauses", filter->english);
        data->routes = read_names(&db, "routes", filter->english);
        data->now = database_number(&db, "SELECT value FROM meta WHERE key = 'now'", 0);
        data->quiet_ms = database_number(&db, "SELECT value FROM meta WHERE key = 'quiet_ms'", INT64_MAX / 2);
        read_incidents(&db, data, filter);
        read_graded(&db, data, filter->day_offset);
        read_usual(&db, data);
        database_run(&db, "COMMIT");
    }
    const int good = !db.failed;
    snprintf(told, sizeof told, "%s", db.problem);
    *problem = told;
    database_close(&db);
    return good;
}

static void release_incident(report_incident *i) {
    report_counts *const counts[] = {&i->clauses, &i->venues, &i->words, &i->places, &i->routes};
    char *const texts[] = {i->tier_id, i->about, i->number, i->first_document, i->verified, i->answer, i->approved};
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) release_counts(counts[k]);
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) tool_free(texts[k]);
    for (size_t k = 0; k < i->event_count; k++) {
        tool_free(i->events[k].kind);
        tool_free(i->events[k].detail);
    }
    tool_free(i->events);
    tool_free(i->hours);
    tool_free(i->recent);
}

void report_data_release(report_data *data) {
    for (size_t i = 0; i < data->incident_count; i++) release_incident(&data->incidents[i]);
    tool_free(data->incidents);
    release_names(&data->tiers);
    release_names(&data->clauses);
    release_names(&data->routes);
    tool_free(data->plan);
    tool_free(data->plan_version);
    tool_free(data->graded);
    *data = (report_data){0};
}
