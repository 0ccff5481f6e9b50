/* A delivery is committed as being sent before its first byte leaves; so none is lost, however the process ends. */
#include "store/outbox_store.h"

#include <tocsin/document.h>

#include "feed/tool_memory.h"
#include "store/desk_sql.h"

#define DAY_MS INT64_C(86400000)
#define CLOCK_MS INT64_C(3600000) /* a later time was written before the clock was set back */

#define SHOWN "coalesce((SELECT i.shown_in FROM incidents AS i WHERE i.id = o.incident), o.incident)"

static void run(database *db, const char *sql, const char *channel, int64_t a, int64_t b) {
    sqlite3_stmt *s = database_kept(db, sql);
    database_step(db, s, "sii", channel, a, b);
}

static int64_t ask(database *db, const char *sql, const char *channel, int64_t a) {
    sqlite3_stmt *s = database_kept(db, sql);
    database_bind(db, s, "si", channel, a);
    const int64_t found = database_row(db, s) ? sqlite3_column_int64(s, 0) : 0;
    database_done(s);
    return found;
}

int outbox_recover(database *db) {
    return database_begin(db) &&
           database_run(db,
                        "UPDATE deliveries SET state = 'waiting', repeats = repeats + 1, reason = 'it was being sent"
                        " when tocsin notify ended' WHERE state = 'sending'") &&
           database_commit(db);
}

void outbox_open_channel(database *db, const char *channel, int64_t since, int64_t now) {
    run(db,
        "INSERT INTO channels (channel, outbox, digest) VALUES (?1, (SELECT coalesce(max(number), 0) FROM outbox WHERE"
        " created < ?2), ?3) ON CONFLICT DO NOTHING",
        channel, since, now);
}

int64_t outbox_last_digest(database *db, const char *channel) {
    return ask(db, "SELECT digest FROM channels WHERE channel = ?1 AND ?2 = 0", channel, 0);
}

void outbox_set_digest(database *db, const char *channel, int64_t time) {
    run(db, "UPDATE channels SET digest = ?2 WHERE channel = ?1 AND ?3 = 0", channel, time, 0);
}

int outbox_has_id(database *db, const char *list, const char *id) {
    sqlite3_stmt *s = database_kept(db, "SELECT 1 FROM meta AS m, json_each(m.value) AS n WHERE m.key = ?1 AND n.value"
                                        " ->> 'id' = ?2 UNION ALL SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM meta WHERE"
                                        " key = ?1)");
    database_bind(db, s, "ss", list, id);
    const int found = database_row(db, s);
    database_done(s);
    return found;
}

int outbox_next(database *db, const char *channel, outbox_event *event) {
    *event = (outbox_event){0};
    sqlite3_stmt *s = database_kept(
        db,
        "SELECT o.number, o.event, " SHOWN ", e.kind, e.facts ->> '$.tier.id', ',' || (SELECT group_concat(r.value"
        " ->> 'id') FROM json_each(e.facts, '$.routes') AS r) || ',' FROM outbox AS o JOIN events AS e ON e.number ="
        " o.event WHERE o.number > (SELECT outbox FROM channels WHERE channel = ?1) ORDER BY o.number LIMIT 1");
    database_bind(db, s, "s", channel);
    const int found = database_row(db, s);
    if (found) {
        *event = (outbox_event){sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1), sqlite3_column_int64(s, 2),
                                database_text(s, 3),        database_text(s, 4),        database_text(s, 5)};
    }
    database_done(s);
    return found;
}

void outbox_release_event(outbox_event *event) {
    tool_free(event->kind);
    tool_free(event->tier_id);
    tool_free(event->routes);
    *event = (outbox_event){0};
}

void outbox_advance(database *db, const char *channel, int64_t number) {
    run(db, "UPDATE channels SET outbox = ?2 WHERE channel = ?1 AND ?3 = 0", channel, number, 0);
}

void outbox_add(database *db, const char *channel, int64_t incident, const char *kind, int64_t event, int64_t now,
                int64_t due) {
    sqlite3_stmt *s = database_kept(db, "UPDATE deliveries SET event = ?4, due = min(due, ?5) WHERE channel = ?1 AND"
                                        " incident = ?2 AND kind = ?3 AND state = 'waiting' AND attempts = 0");
    database_step(db, s, "sisii", channel, incident, kind, event, due);
    if (sqlite3_changes(db->handle) > 0) return;
    s = database_kept(db, "INSERT INTO deliveries (channel, incident, kind, event, created, due, state) VALUES (?1, ?2,"
                          " ?3, ?4, ?5, ?6, 'waiting')");
    database_step(db, s, "sisiii", channel, incident, kind, event, now, due);
}

/* A delivery that is due more than a day ahead was written while the clock was wrong. */
int outbox_due(database *db, const char *channel, int64_t now, outbox_delivery *delivery, int64_t *later) {
    *delivery = (outbox_delivery){0};
    *later = INT64_MAX;
    sqlite3_stmt *s =
        database_kept(db, "SELECT number, incident, event, attempts, repeats, kind, CASE WHEN due > ?2 + ?3 THEN 0"
                          " ELSE due END AS d FROM deliveries WHERE channel = ?1 AND state = 'waiting' ORDER BY d,"
                          " number LIMIT 1");
    database_bind(db, s, "sii", channel, now, DAY_MS + 3600000);
    if (database_row(db, s)) {
        const int64_t due = sqlite3_column_int64(s, 6);
        *delivery =
            (outbox_delivery){sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1), sqlite3_column_int64(s, 2),
                              sqlite3_column_int64(s, 3), sqlite3_column_int64(s, 4), database_text(s, 5)};
        if (due > now) {
            *later = due;
            outbox_release_delivery(delivery);
        }
    }
    database_done(s);
    return delivery->kind != NULL;
}

void outbox_release_delivery(outbox_delivery *delivery) {
    tool_free(delivery->kind);
    *delivery = (outbox_delivery){0};
}

int outbox_begin(database *db, const outbox_delivery *delivery, int64_t now, const char *message) {
    if (!database_begin(db)) return 0;
    sqlite3_stmt *s = database_kept(db, "UPDATE deliveries SET state = 'sending', attempts = attempts + 1, ended ="
                                        " ?2, message = ?3 WHERE number = ?1");
    database_step(db, s, "iis", delivery->number, now, message);
    return database_commit(db);
}

int outbox_end(database *db, const outbox_delivery *delivery, const char *state, int64_t now, int64_t due,
               int uncertain, const char *reason) {
    if (!database_begin(db)) return 0;
    sqlite3_stmt *s = database_kept(db, "UPDATE deliveries SET state = ?2, ended = ?3, due = ?4, repeats = repeats +"
                                        " ?5, reason = ?6 WHERE number = ?1");
    database_step(db, s, "isiiis", delivery->number, state, now, due, (int64_t)uncertain, reason);
    return database_commit(db);
}

int64_t outbox_recent(database *db, const char *channel, int64_t now) {
    return ask(db, "SELECT count(*) FROM deliveries WHERE channel = ?1 AND ended > ?2 - 60000 AND ended < ?2 + 60000",
               channel, now);
}

int64_t outbox_told(database *db, const char *channel, int64_t incident) {
    return ask(db, "SELECT max(ended) FROM deliveries WHERE channel = ?1 AND incident = ?2 AND state = 'sent'", channel,
               incident);
}

int64_t outbox_unanswered(database *db, const char *channel, const char *to, const char *kind, int64_t now,
                          int64_t span, int64_t most, int64_t *event) {
    sqlite3_stmt *s = database_kept(
        db,
        "SELECT t.incident, max(t.event) FROM deliveries AS t WHERE t.channel = ?1 AND t.state = 'sent' AND t.kind"
        " IN ('news', 'escalation') AND " DESK_IS_OPEN(
            "t.incident") " AND NOT EXISTS (SELECT 1 FROM deliveries AS w WHERE w.channel = ?2 AND w.incident ="
                          " t.incident AND w.kind = ?3 AND (w.state IN ('waiting', 'sending') OR (w.created > ?4 AND "
                          "w.created < ?6))) AND"
                          " (SELECT count(*) FROM deliveries AS w WHERE w.channel = ?2 AND w.incident = t.incident AND"
                          " w.kind = ?3) < ?5 GROUP BY t.incident HAVING min(iif(t.ended < ?6, t.ended, 0)) < ?4 ORDER "
                          "BY 1 LIMIT 1");
    database_bind(db, s, "sssiii", channel, to, kind, now - span, most, now + CLOCK_MS);
    const int64_t incident = database_row(db, s) ? sqlite3_column_int64(s, 0) : 0;
    if (incident) *event = sqlite3_column_int64(s, 1);
    database_done(s);
    return incident;
}

#define NAMES(list)                                                                                                    \
    "(SELECT group_concat(coalesce(iif(?2, j.value ->> 'name_en', NULL), j.value ->> 'name'), iif(?2, '; ', '；')) "  \
    "FROM"                                                                                                             \
    " json_each(e.facts, '$." list "') AS j)"

int outbox_read_facts(database *db, int64_t event, int english, outbox_facts *f) {
    static const char select[] =
        "SELECT coalesce(i.shown_in, e.incident), e.facts ->> 'posts', e.facts ->> 'reach', e.facts ->> 'last_hour',"
        " e.time, (SELECT r.number FROM incidents AS r WHERE r.id = i.shown_in), e.kind, e.detail, e.facts ->>"
        " '$.tier.id', coalesce(iif(?2, e.facts ->> '$.tier.name_en', NULL), e.facts ->> '$.tier.name'), e.facts ->> "
        "'about', e.facts ->> 'attention', (SELECT"
        " group_concat(j.value, '、') FROM json_each(e.facts, '$.places') AS j), " NAMES("clauses") ", " NAMES(
            "routes") ", e.facts ->> '$.latest.source', e.facts ->> '$.latest.url', e.facts ->> '$.latest.text' FROM"
                      " events AS e LEFT JOIN incidents AS i ON i.id = e.incident WHERE e.number = ?1";
    *f = (outbox_facts){0};
    sqlite3_stmt *s = database_kept(db, select);
    database_bind(db, s, "ii", event, (int64_t)english);
    const int found = database_row(db, s);
    if (found) {
        char **const texts[] = {&f->number, &f->kind,    &f->detail, &f->tier_id, &f->tier, &f->about, &f->attention,
                                &f->places, &f->clauses, &f->routes, &f->source,  &f->url,  &f->text};
        f->incident = sqlite3_column_int64(s, 0);
        f->posts = sqlite3_column_int64(s, 1);
        f->reach = sqlite3_column_int64(s, 2);
        f->last_hour = sqlite3_column_int64(s, 3);
        f->time = database_time(s, 4);
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) *texts[i] = database_text(s, (int)i + 5);
    }
    database_done(s);
    return found;
}

void outbox_release_facts(outbox_facts *f) {
    char *const texts[] = {f->number, f->kind,    f->detail, f->tier_id, f->tier, f->about, f->attention,
                           f->places, f->clauses, f->routes, f->source,  f->url,  f->text};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) tool_free(texts[i]);
    *f = (outbox_facts){0};
}
