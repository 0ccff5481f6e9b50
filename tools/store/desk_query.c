/* What people see of incidents. SQLite builds the JSON, because each part is a query of rows anyway. */
#include <inttypes.h>
#include <string.h>

#include <tocsin/document.h>

#include "feed/json_members.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "store/desk_sql.h"
#include "store/desk_store.h"

#define SHOWN_POSTS "200"

#define FILTER                                                                                                         \
    " WHERE (?1 IS NULL AND state IN ('open', 'acknowledged') OR ?1 = 'all' OR state = ?1) AND (?2 IS NULL OR tier_id" \
    " = ?2 OR " DESK_NAME("'tiers'", "tier_id") " = ?2 OR " DESK_NAME_EN(                                              \
        "'tiers'", "tier_id") " = ?2) AND (?3 = 0 OR id = (SELECT shown_in FROM incidents WHERE id = ?3))"

static const char count_incidents[] = DESK_TABLE " SELECT count(*) FROM desk" FILTER;

static const char select_incidents[] = DESK_TABLE
    " SELECT id, returns, tier, attention, posts, reach, first_time, last_time, parts, decided, (SELECT count(*) FROM"
    " events AS e WHERE e.number > event AND NOT e.muted AND e.incident IN (SELECT p.id FROM incidents AS p WHERE"
    " p.shown_in = desk.id)), coalesce(last_time < (SELECT value FROM meta WHERE key = 'now') - (SELECT value FROM meta"
    " WHERE key = 'quiet_ms'), 0), tier_id, " DESK_NAME("'tiers'", "tier_id") ", " DESK_NAME_EN(
        "'tiers'",
        "tier_id") ", about, state, who, coalesce((SELECT"
                   " a.detail FROM actions AS a WHERE a.kind = 'assign' AND a.incident IN (SELECT p.id FROM incidents "
                   "AS p WHERE"
                   " p.shown_in = desk.id) ORDER BY a.number DESC LIMIT 1), '') FROM desk" FILTER
                   " ORDER BY tier DESC, last_time DESC, id LIMIT ?4";

static desk_incident incident_of(sqlite3_stmt *s) {
    desk_incident i = {.id = sqlite3_column_int64(s, 0), .returns = sqlite3_column_int64(s, 1)};
    i.tier = sqlite3_column_int64(s, 2);
    i.attention = sqlite3_column_int64(s, 3);
    i.posts = sqlite3_column_int64(s, 4);
    i.reach = sqlite3_column_int64(s, 5);
    i.first_time = database_time(s, 6);
    i.last_time = database_time(s, 7);
    i.parts = sqlite3_column_int64(s, 8);
    i.decided = database_time(s, 9);
    i.news = sqlite3_column_int64(s, 10);
    i.over = sqlite3_column_int64(s, 11);
    i.tier_id = database_text(s, 12);
    i.tier_name = database_text(s, 13);
    i.tier_name_en = database_text(s, 14);
    i.about = database_text(s, 15);
    i.state = database_text(s, 16);
    i.by = database_text(s, 17);
    i.assigned = database_text(s, 18);
    return i;
}

int desk_list_read(database *db, const desk_filter *filter, desk_list *list) {
    *list = (desk_list){0};
    sqlite3_stmt *s = database_prepare(db, count_incidents);
    database_bind(db, s, "ssi", filter->state, filter->tier, filter->incident);
    if (database_row(db, s)) list->matching = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    s = database_prepare(db, select_incidents);
    database_bind(db, s, "ssii", filter->state, filter->tier, filter->incident,
                  filter->limit ? filter->limit : (int64_t)-1);
    while (database_row(db, s)) {
        list->items = tool_reallocate(list->items, list->count + 1, sizeof *list->items);
        list->items[list->count++] = incident_of(s);
    }
    sqlite3_finalize(s);
    return !db->failed;
}

void desk_list_release(desk_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        desk_incident *const d = &list->items[i];
        char *const texts[] = {d->tier_id, d->tier_name, d->tier_name_en, d->about, d->state, d->by, d->assigned};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) tool_free(texts[k]);
    }
    tool_free(list->items);
    *list = (desk_list){0};
}

int desk_has_tier(database *db, const char *tier) {
    sqlite3_stmt *s = database_prepare(
        db, "SELECT 1 FROM meta AS m, json_each(m.value) AS n WHERE m.key IN ('tiers', 'former_tiers') AND ?1 IN"
            " (n.value ->> 'id', n.value ->> 'name', n.value ->> 'name_en')");
    database_bind(db, s, "s", tier);
    const int found = database_row(db, s);
    sqlite3_finalize(s);
    return found;
}

void desk_append_json(tocsin_buffer *out, const desk_incident *i) {
    text_puts(out, "{");
    json_put_number(out, "incident", i->id);
    json_put_key(out, "tier");
    text_puts(out, "{");
    json_put_text(out, "id", i->tier_id);
    json_put_text(out, "name", i->tier_name);
    json_put_text(out, "name_en", i->tier_name_en);
    text_puts(out, "}");
    json_put_text(out, "state", i->state);
    json_put_text(out, "by", i->by);
    json_put_time(out, "decided", i->decided);
    json_put_text(out, "assigned", i->assigned);
    json_put_number(out, "news", i->news);
    json_put_number(out, "posts", i->posts);
    json_put_number(out, "reach", i->reach);
    json_put_text(out, "attention", tocsin_attention_name((tocsin_attention)i->attention));
    json_put_time(out, "first_time", i->first_time);
    json_put_time(out, "last_time", i->last_time);
    json_put_flag(out, "over", i->over != 0);
    json_put_number(out, "returns", i->returns);
    json_put_number(out, "parts", i->parts);
    json_put_text(out, "about", i->about);
    text_puts(out, "}\n");
}

typedef struct shown_part {
    const char *key, *sql;
} shown_part;

/* Each gives one value of JSON for the incident ?1. */
static const shown_part parts[] = {
    {"merged", "SELECT json_group_array(id) FROM incidents WHERE shown_in = ?1 AND id <> ?1"},
    {"sheet", DESK_CHAIN
     " SELECT coalesce(json_group_object(field, json_object('text', detail, 'who', who, 'time', time)), '{}') FROM"
     " " DESK_FIELDS},
    {"places", "SELECT json_group_array(term) FROM (SELECT term FROM places WHERE incident IN " DESK_PARTS(
                   "?1") " GROUP BY term ORDER BY sum(posts) DESC, term LIMIT 6)"},
    {"routes",
     "SELECT json_group_array(route) FROM (SELECT DISTINCT route FROM routes WHERE incident IN " DESK_PARTS("?1") ")"},
    {"events", "SELECT json_group_array(json_object('number', number, 'time', time, 'event', kind, 'detail', detail,"
               " 'muted', muted)) FROM (SELECT * FROM events WHERE incident IN " DESK_PARTS("?1") " ORDER BY number)"},
    {"posts",
     "SELECT json_group_array(json_object('id', id, 'time', time, 'venue', venue, 'source', source, 'url', url,"
     " 'reach', reach, 'tier', tier_id, 'joined_by', joined_by, 'score', round(score, 3), 'attached',"
     " CASE attached WHEN 1 THEN 'answer' WHEN 2 THEN 'rebuttal' WHEN 3 THEN 'echo' END, 'clauses', json(clauses), "
     "'marks',"
     " json(marks), 'title', title, 'text', text)) FROM (SELECT * FROM documents WHERE incident IN " DESK_PARTS(
         "?1") " ORDER BY number DESC LIMIT " SHOWN_POSTS ")"},
    {"actions",
     "SELECT json_group_array(json_object('number', number, 'incident', incident, 'action', kind, 'who', who,"
     " 'time', time, 'detail', detail, 'field', field, 'other', other)) FROM (SELECT * FROM actions WHERE"
     " incident IN " DESK_PARTS("?1") " ORDER BY number)"},
    {"told", "SELECT json_group_array(json_object('number', number, 'channel', channel, 'kind', kind, 'state', state,"
             " 'attempts', attempts, 'time', coalesce(ended, created), 'reason', reason)) FROM (SELECT * FROM"
             " deliveries WHERE incident IN " DESK_PARTS("?1") " ORDER BY number)"},
};

int desk_show_json(database *db, int64_t incident, tocsin_buffer *out) {
    desk_list list = {0};
    const desk_filter filter = {.state = "all", .incident = incident};
    const int found = database_run(db, "BEGIN") && desk_list_read(db, &filter, &list) && list.count;
    if (found) {
        desk_append_json(out, &list.items[0]);
        out->length -= 2; /* removes the end of the object, and the line end */
    }
    for (size_t i = 0; found && i < sizeof parts / sizeof *parts; i++) {
        sqlite3_stmt *s = database_prepare(db, parts[i].sql);
        database_bind(db, s, "i", list.items[0].id);
        if (database_row(db, s)) text_printf(out, ",\"%s\":%s", parts[i].key, (const char *)sqlite3_column_text(s, 0));
        sqlite3_finalize(s);
    }
    if (found) text_puts(out, "}\n");
    desk_list_release(&list);
    database_run(db, "COMMIT");
    return found && !db->failed;
}

static const char *const part_rows[DESK_PART_COUNT] = {
    [DESK_PART_SHEET] = DESK_CHAIN " SELECT time, field, detail, who FROM " DESK_FIELDS " ORDER BY number",
    [DESK_PART_EVENTS] = "SELECT time, kind, detail, number FROM events WHERE incident IN " DESK_PARTS("?1") " ORDER BY"
                                                                                                             " number",
    [DESK_PART_ACTIONS] = "SELECT time, kind, CASE WHEN field <> '' THEN field || '=' || detail WHEN other > 0 THEN"
                          " other ELSE detail END, who FROM actions WHERE incident IN " DESK_PARTS("?1") " ORDER BY"
                                                                                                         " number",
    [DESK_PART_TOLD] =
        "SELECT coalesce(ended, created), channel, state, reason FROM deliveries WHERE incident IN " DESK_PARTS(
            "?1") " ORDER BY number",
    [DESK_PART_POSTS] = "SELECT time, id, CASE url WHEN '' THEN source ELSE url END, coalesce(nullif(text, ''), title,"
                        " (SELECT group_concat(j.value ->> 3, ' … ') FROM json_each(marks) AS j)) FROM documents WHERE"
                        " incident IN " DESK_PARTS("?1") " ORDER BY number DESC LIMIT 20",
};

int desk_part_read(database *db, desk_part part, int64_t incident, desk_row row, void *context) {
    sqlite3_stmt *s = database_prepare(db, part_rows[part]);
    database_bind(db, s, "i", incident);
    while (database_row(db, s)) {
        char *const a = database_text(s, 1), *const b = database_text(s, 2), *const c = database_text(s, 3);
        row(context, database_time(s, 0), a, b, c);
        tool_free(a);
        tool_free(b);
        tool_free(c);
    }
    sqlite3_finalize(s);
    return !db->failed;
}

/* A tier that a person set takes precedence over a false alarm. */
static const char select_labels[] = DESK_TABLE
    ", labelled AS (SELECT desk.id, coalesce(a.detail, 'none') AS tier, coalesce(a.who, desk.who) AS who,"
    " coalesce(a.time, desk.decided) AS time FROM desk LEFT JOIN actions AS a ON a.number = (SELECT max(s.number) FROM"
    " actions AS s WHERE s.kind = 'set' AND s.field = 'tier' AND s.incident IN (SELECT p.id FROM incidents AS p WHERE"
    " p.shown_in = desk.id)) WHERE a.number IS NOT NULL OR desk.state = 'false_alarm')"
    " SELECT d.text IS NULL AND d.title IS NULL, json_object('id', d.id, 'time', d.time, 'source', d.source, 'venue',"
    " nullif(d.venue, 'unknown'), 'url', d.url, 'reach', d.reach, 'title', coalesce(d.title, ''), 'text',"
    " coalesce(d.text, ''), 'expect', json_object('tier', l.tier), 'label', json_object('incident', l.id, 'who', l.who,"
    " 'time', l.time)) FROM labelled AS l JOIN incidents AS i ON i.shown_in = l.id JOIN documents AS d ON d.incident ="
    " i.id AND d.attached = 0 ORDER BY d.number";

int desk_labels_read(database *db, tocsin_buffer *out, int64_t *count, int64_t *without) {
    *count = *without = 0;
    sqlite3_stmt *s = database_prepare(db, select_labels);
    while (database_row(db, s)) {
        if (sqlite3_column_int(s, 0)) {
            ++*without;
            continue;
        }
        ++*count;
        text_puts(out, (const char *)sqlite3_column_text(s, 1));
        text_puts(out, "\n");
    }
    sqlite3_finalize(s);
    return !db->failed;
}
