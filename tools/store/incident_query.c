/* Reads in one transaction, so that a report shows one moment although the watcher goes on. */
#include "store/incident_query.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "store/database.h"
#include "store/day_query.h"
#include "store/desk_sql.h"
#include "store/desk_store.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS INT64_C(86400000)
#define MOST_HOURS (14 * 24)
#define MOST_EVENTS 40

/* Rows of name, detail, posts; for one incident, or for all with 0. */
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
    sqlite3_stmt *s =
        database_prepare(db, "SELECT j.value ->> 'id', coalesce(iif(?2, j.value ->> 'name_en', NULL),"
                             " j.value ->> 'name'), j.value ->> 'severe' FROM meta, json_each(meta.value) AS j WHERE"
                             " meta.key IN (?1, 'former_' || ?1) ORDER BY meta.key, j.key");
    database_bind(db, s, "si", key, (int64_t)english);
    while (database_row(db, s)) {
        names.items = tool_reallocate(names.items, names.count + 1, sizeof *names.items);
        names.items[names.count++] = (report_name){database_text(s, 0), database_text(s, 1), sqlite3_column_int(s, 2)};
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

/* Counts by periods of 60 minutes that end now, because an unfinished hour would look quiet. */
static void read_recent(database *db, report_incident *incident, int64_t now) {
    sqlite3_stmt *s = database_prepare(db, "SELECT (?2 - coalesce(time_used, time)) / 3600000 AS back, count(*) FROM"
                                           " documents WHERE incident IN " DESK_PARTS(
                                               "?1") " AND attached = 0 AND coalesce(time_used,"
                                                     " time) <= ?2 GROUP BY back HAVING back < ?3 ORDER BY back DESC");
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
    /* A tenth of the mean is added, so that no hour is zero. */
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

static report_field field_of(sqlite3_stmt *s) {
    return (report_field){database_text(s, 0), database_text(s, 1), database_text(s, 2), database_time(s, 3)};
}

static report_fields read_fields(database *db, const char *sql, int64_t incident) {
    report_fields fields = {0};
    sqlite3_stmt *s = database_prepare(db, sql);
    database_bind(db, s, "i", incident);
    while (database_row(db, s)) {
        fields.items = tool_reallocate(fields.items, fields.count + 1, sizeof *fields.items);
        fields.items[fields.count++] = field_of(s);
    }
    sqlite3_finalize(s);
    return fields;
}

static void release_fields(report_fields *fields) {
    for (size_t i = 0; i < fields->count; i++) {
        tool_free(fields->items[i].name);
        tool_free(fields->items[i].text);
        tool_free(fields->items[i].who);
    }
    tool_free(fields->items);
}

const char *report_field_text(const report_incident *incident, const char *name) {
    for (size_t i = 0; i < incident->fields.count; i++) {
        if (!strcmp(incident->fields.items[i].name, name)) return incident->fields.items[i].text;
    }
    return "";
}

static void read_messages(database *db, report_incident *incident) {
    sqlite3_stmt *s = database_prepare(db, "SELECT channel, state, max(coalesce(ended, created)) FROM deliveries WHERE"
                                           " incident IN " DESK_PARTS("?1") " GROUP BY channel, state ORDER BY 3");
    database_bind(db, s, "i", incident->id);
    while (database_row(db, s)) {
        incident->messages =
            tool_reallocate(incident->messages, incident->message_count + 1, sizeof *incident->messages);
        incident->messages[incident->message_count++] =
            (report_message){database_text(s, 0), database_text(s, 1), database_time(s, 2)};
    }
    sqlite3_finalize(s);
}

static void read_first_post(database *db, report_incident *incident) {
    sqlite3_stmt *s = database_prepare(db, "SELECT url, source FROM documents WHERE incident IN " DESK_PARTS(
                                               "?1") " ORDER BY coalesce(time_used, time), number LIMIT 1");
    database_bind(db, s, "i", incident->id);
    const int found = database_row(db, s);
    incident->link = found ? database_text(s, 0) : tool_copy("");
    incident->source = found ? database_text(s, 1) : tool_copy("");
    sqlite3_finalize(s);
}

/* Copies people's decisions from the desk. */
static void take_desk(const desk_list *list, report_incident *incident) {
    const desk_incident *found = NULL;
    for (size_t i = 0; i < list->count && !found; i++) {
        if (list->items[i].id == incident->id) found = &list->items[i];
    }
    incident->state = tool_copy(found ? found->state : "open");
    incident->by = tool_copy(found ? found->by : "");
    incident->assigned = tool_copy(found ? found->assigned : "");
    incident->decided = found ? found->decided : TOCSIN_TIME_UNKNOWN;
}

static void read_sheet(database *db, report_incident *incident, int64_t due_now) {
    incident->fields = read_fields(db,
                                   DESK_CHAIN " SELECT field, detail, who, time FROM " DESK_FIELDS " ORDER BY"
                                              " number",
                                   incident->id);
    incident->history = read_fields(db,
                                    DESK_CHAIN " SELECT field, detail, who, time FROM actions WHERE kind = 'set'"
                                               " AND incident IN chain ORDER BY number",
                                    incident->id);
    read_messages(db, incident);
    read_first_post(db, incident);
    day_read_deadlines(db, incident, due_now);
}

static void read_parts(database *db, report_incident *incident, const report_data *data) {
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
    incident->joined =
        read_counts(db,
                    "SELECT CASE joined_by WHEN 1 THEN 'words' WHEN 2 THEN 'matter' ELSE 'centroid' END, "
                    "format('%.2f', avg(score)),"
                    " count(*) FROM documents WHERE attached = 0 AND joined_by > 0 AND incident IN " DESK_PARTS(
                        "?1") " GROUP BY joined_by ORDER BY joined_by",
                    id);
    read_hours(db, incident);
    read_events(db, incident);
    read_sheet(db, incident, data->due_now);
    read_recent(db, incident, data->now);
}

/* Incidents as they are shown: a merged one counts for the one that contains it. */
#define MERGED                                                                                                         \
    "WITH merged AS (SELECT i.id, coalesce((SELECT b.shown_in FROM incidents AS b WHERE b.id = i.returns), "           \
    "i.returns) AS"                                                                                                    \
    " returns, coalesce((SELECT b.number FROM incidents AS b JOIN incidents AS r ON r.shown_in = b.id WHERE r.id ="    \
    " i.returns), '') AS returns_number, g.tier, (SELECT t.tier_id FROM incidents AS t WHERE t.shown_in = i.id"        \
    " ORDER BY t.tier DESC LIMIT 1) AS tier_id, g.attention, i.raised_by, i.raised_time, g.first_time, g.last_time,"   \
    " g.posts, g.reach, g.answers, g.rebuttals, g.echoes, g.severe, i.about, i.first_document, i.number FROM (SELECT " \
    "shown_in, max(tier) AS tier, max(attention) "                                                                     \
    "AS"                                                                                                               \
    " attention, min(first_time) AS first_time, max(last_time) AS last_time, sum(posts) AS posts, sum(reach) AS reach" \
    ", sum(answers) AS answers, sum(rebuttals) AS rebuttals, sum(echoes) AS echoes, max(severe) AS severe FROM "       \
    "incidents GROUP BY shown_in) AS g JOIN incidents AS i ON i.id = g.shown_in) "

#define FILTER                                                                                                         \
    " WHERE posts > 0 AND (?1 IS NULL OR tier_id = ?1 OR " DESK_NAME("'tiers'", "tier_id") " = ?1 OR " DESK_NAME_EN(   \
        "'tiers'",                                                                                                     \
        "tier_id") " = ?1) AND (?2 IS NULL OR EXISTS (SELECT 1 FROM incidents AS p, json_each(p.clauses)"              \
                   " AS j WHERE p.shown_in = merged.id AND j.value = ?2)) AND (?3 IS NULL OR EXISTS (SELECT 1 FROM "   \
                   "places WHERE"                                                                                      \
                   " incident IN " DESK_PARTS(                                                                         \
                       "merged.id") " AND term = ?3) OR instr(about, ?3) > 0) AND (coalesce(last_time, ?4) >="         \
                                    " ?4 OR id IN (SELECT value FROM json_each(?7))) AND coalesce(first_time, ?5) <= " \
                                    "?5 AND (?6 = 0 OR id = (SELECT"                                                   \
                                    " shown_in FROM incidents WHERE id = ?6))"

/* The filter's choice; incidents with a deadline are always shown, unless a time was asked for. */
typedef struct choice {
    const report_filter *filter;
    int64_t since;
    tocsin_buffer due; /* a JSON array of ids */
} choice;

static sqlite3_stmt *filtered(database *db, const char *sql, const choice *c) {
    const report_filter *f = c->filter;
    sqlite3_stmt *s = database_prepare(db, sql);
    if (!s) return NULL;
    const char *const texts[] = {f->tier, f->clause, f->place};
    for (int i = 0; i < 3; i++) {
        if (texts[i]) sqlite3_bind_text(s, i + 1, texts[i], -1, SQLITE_STATIC);
    }
    sqlite3_bind_int64(s, 4, c->since);
    sqlite3_bind_int64(s, 5, f->until == INT64_MAX ? f->until : f->until - 1);
    sqlite3_bind_int64(s, 6, f->incident);
    sqlite3_bind_text(s, 7, c->due.data, (int)c->due.length, SQLITE_STATIC);
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
    i.returns_number = database_text(s, 15);
    i.answers = sqlite3_column_int64(s, 16);
    i.rebuttals = sqlite3_column_int64(s, 17);
    i.echoes = sqlite3_column_int64(s, 18);
    i.severe = sqlite3_column_int(s, 19);
    return i;
}

static void release_incident(report_incident *i);

static int64_t compare_cards(const report_incident *a, const report_incident *b) {
    const int64_t grows_a = a->six_hours - a->six_before, grows_b = b->six_hours - b->six_before;
    if (a->attention != b->attention) return b->attention - a->attention;
    if (grows_a != grows_b) return grows_b - grows_a;
    if (a->tier != b->tier) return b->tier - a->tier;
    return a->id - b->id;
}

/*
 * Incidents with most attention come first, then those that grow most; those that are over, closed or false alarms get
 * no card.
 */
static void choose_cards(database *db, report_data *data) {
    for (size_t i = 0; i < data->incident_count; i++) day_read_growth(db, &data->incidents[i], data->now);
    while (data->cards < REPORT_CARDS) {
        size_t best = data->incident_count;
        for (size_t i = data->cards; i < data->incident_count; i++) {
            const report_incident *one = &data->incidents[i];
            if (one->over || (strcmp(one->state, "open") != 0 && strcmp(one->state, "acknowledged") != 0)) continue;
            if (best == data->incident_count || compare_cards(one, &data->incidents[best]) < 0) best = i;
        }
        if (best == data->incident_count) return;
        const report_incident chosen = data->incidents[best];
        memmove(&data->incidents[data->cards + 1], &data->incidents[data->cards], (best - data->cards) * sizeof chosen);
        data->incidents[data->cards++] = chosen;
    }
}

static void read_rows(database *db, report_data *data, const choice *c) {
    sqlite3_stmt *s = filtered(db, MERGED "SELECT count(*) FROM merged" FILTER, c);
    if (database_row(db, s)) data->matching = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    s = filtered(db,
                 MERGED
                 "SELECT id, returns, tier, tier_id, attention, raised_by, raised_time, first_time, last_time, posts,"
                 " reach, about, first_document, coalesce(last_time < ?8 - ?9, 0) AS is_over, number,"
                 " returns_number, answers, rebuttals, echoes, severe FROM merged" FILTER
                 " ORDER BY is_over, tier DESC, last_time DESC, id LIMIT ?10",
                 c);
    if (s) {
        sqlite3_bind_int64(s, 8, data->now);
        sqlite3_bind_int64(s, 9, data->quiet_ms);
        sqlite3_bind_int64(s, 10, c->filter->day ? -1 : c->filter->limit);
    }
    while (database_row(db, s)) {
        data->incidents = tool_reallocate(data->incidents, data->incident_count + 1, sizeof *data->incidents);
        data->incidents[data->incident_count++] = incident_of(s);
    }
    sqlite3_finalize(s);
}

static void read_incidents(database *db, report_data *data, const choice *c) {
    const desk_filter all = {.state = "all", .incident = c->filter->incident};
    const size_t limit = (size_t)c->filter->limit;
    desk_list desk;
    read_rows(db, data, c);
    desk_list_read(db, &all, &desk);
    for (size_t i = 0; i < data->incident_count; i++) take_desk(&desk, &data->incidents[i]);
    desk_list_release(&desk);
    if (c->filter->day) choose_cards(db, data);
    while (data->incident_count > limit) release_incident(&data->incidents[--data->incident_count]);
    if (data->cards > limit) data->cards = limit;
    for (size_t i = 0; i < data->incident_count; i++) read_parts(db, &data->incidents[i], data);
}

#define MOST_DAYS 62

/* Rounds down, also before 1970. */
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

/* The period of the figures: that of the filter, or the day before now. */
static void read_period(database *db, report_data *data, report_filter *filter) {
    int64_t event = 0, time = 0;
    if (filter->since_last && day_read_mark(db, &event, &time)) {
        filter->since = time;
        filter->since_event = event;
    }
    if (filter->since_span) filter->since = data->now - filter->since_span;
    data->period_start = filter->since == INT64_MIN ? data->now - DAY_MS : filter->since;
    data->period_end = filter->until == INT64_MAX ? data->now : filter->until - 1;
    sqlite3_stmt *s = database_prepare(db, "SELECT coalesce(sum(documents), 0) FROM graded WHERE hour >= ?1 AND hour <="
                                           " ?2");
    database_bind(db, s, "ii", data->period_start / HOUR_MS, data->period_end / HOUR_MS);
    if (database_row(db, s)) data->graded_now = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
}

static void read_chosen(database *db, report_data *data, const report_filter *given) {
    report_filter filter = *given;
    choice c = {.filter = &filter, .since = given->since};
    tocsin_buffer_init(&c.due, NULL);
    text_puts(&c.due, "[");
    if (filter.day) {
        read_period(db, data, &filter);
        day_read_figures(db, data, &filter);
        c.since = filter.since;
        if (given->since == INT64_MIN && !given->since_span) {
            const report_figure *due = &data->figures[REPORT_OVERDUE];
            for (size_t i = 0; i < due->count; i++) text_printf(&c.due, "%s%" PRId64, i ? "," : "", due->ids[i]);
        }
        if (filter.since == INT64_MIN) c.since = data->now - (data->quiet_ms > DAY_MS ? data->quiet_ms : DAY_MS);
    }
    text_puts(&c.due, "]");
    read_incidents(db, data, &c);
    tocsin_buffer_release(&c.due);
}

/* Whether everything succeeded; *problem is the reason if not, in storage of this thread. */
static int close_database(database *db, const char **problem) {
    static _Thread_local char told[sizeof(((database *)0)->problem)];
    const int good = !db->failed;
    snprintf(told, sizeof told, "%s", db->problem);
    *problem = told;
    database_close(db);
    return good;
}

int report_data_read(report_data *data, const char *path, const report_filter *filter, const char **problem) {
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
        data->former_tiers =
            (size_t)database_number(&db, "SELECT json_array_length(value) FROM meta WHERE key = 'former_tiers'", 0);
        data->now = database_number(&db, "SELECT value FROM meta WHERE key = 'now'", 0);
        data->quiet_ms = database_number(&db, "SELECT value FROM meta WHERE key = 'quiet_ms'", INT64_MAX / 2);
        data->due_now = filter->until == INT64_MAX ? day_due_now(&db, filter->wall) : filter->until - 1;
        read_chosen(&db, data, filter);
        read_graded(&db, data, filter->day_offset);
        read_usual(&db, data);
        database_run(&db, "COMMIT");
    }
    return close_database(&db, problem);
}

int incident_tracker_read(const char *path, tocsin_buffer *out, const char **problem) {
    database db;
    sqlite3_stmt *s =
        database_open(&db, path, DATABASE_READ) ? database_prepare(&db, "SELECT snapshot FROM tracker") : NULL;
    if (database_row(&db, s)) text_append(out, sqlite3_column_blob(s, 0), (size_t)sqlite3_column_bytes(s, 0));
    sqlite3_finalize(s);
    return close_database(&db, problem);
}

static void release_incident(report_incident *i) {
    report_counts *const counts[] = {&i->clauses, &i->venues, &i->words, &i->places, &i->routes, &i->joined};
    char *const texts[] = {i->tier_id, i->about, i->number, i->returns_number, i->first_document,
                           i->state,   i->by,    i->link,   i->assigned,       i->source};
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) release_counts(counts[k]);
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) tool_free(texts[k]);
    for (size_t k = 0; k < i->event_count; k++) {
        tool_free(i->events[k].kind);
        tool_free(i->events[k].detail);
    }
    for (size_t k = 0; k < i->message_count; k++) {
        tool_free(i->messages[k].channel);
        tool_free(i->messages[k].state);
    }
    for (size_t k = 0; k < i->deadline_count; k++) tool_free(i->deadlines[k].field);
    release_fields(&i->fields);
    release_fields(&i->history);
    tool_free(i->messages);
    tool_free(i->deadlines);
    tool_free(i->events);
    tool_free(i->hours);
    tool_free(i->recent);
}

int report_mark_write(const char *path, const report_data *data, const char **problem) {
    char mark[96];
    database db;
    snprintf(mark, sizeof mark, "{\"event\":%" PRId64 ",\"time\":%" PRId64 "}", data->last_event, data->now);
    if (database_open(&db, path, DATABASE_ACT) && database_begin(&db)) {
        sqlite3_stmt *s = database_prepare(&db, "INSERT INTO meta (key, value) VALUES ('reported', ?1) ON CONFLICT DO"
                                                " UPDATE SET value = excluded.value");
        database_step(&db, s, "s", mark);
        sqlite3_finalize(s);
        database_commit(&db);
    }
    return close_database(&db, problem);
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
    day_release_figures(data);
    *data = (report_data){0};
}
