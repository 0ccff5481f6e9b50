/* Each query is a row of a table; columns are read as text, because a page prints them. */
#define _GNU_SOURCE /* memmem */

#include "store/page_query.h"

#include <string.h>

#include <tocsin/fold.h>

#include "feed/tool_memory.h"
#include "store/desk_sql.h"

#define MOST_CELLS 24
#define ENGLISH_PARAMETER 9
#define DAY "86400000"
#define NOW "(SELECT value FROM meta WHERE key = 'now')"
/* The plan's name for a part of one of its lists, in English if ?9 is set and it has one. */
#define NAMED(key, id) "iif(?9, " DESK_NAME_EN("'" key "'", id) ", " DESK_NAME("'" key "'", id) ")"
#define PARTS DESK_PARTS("?1")
#define DESK_OWN "(SELECT p.id FROM incidents AS p WHERE p.shown_in = desk.id)"
/* Columns of page_desk_cell, one after the other. */
#define DESK_LABEL NAMED("tiers", "desk.tier_id")
#define DESK_GIVEN_TO                                                                                                  \
    "(SELECT a.detail FROM actions AS a WHERE a.kind = 'assign' AND a.incident IN " DESK_OWN                           \
    " ORDER BY a.number DESC LIMIT 1)"
#define DESK_QUIET "coalesce(desk.last_time < " NOW " - (SELECT value FROM meta WHERE key = 'quiet_ms'), 0)"
#define DESK_RECENT_KINDS                                                                                              \
    "coalesce((SELECT group_concat(DISTINCT e.kind) FROM events AS e WHERE e.incident IN " DESK_OWN                    \
    " AND e.time > " NOW " - " DAY "), '')"
#define DESK_ANSWERED                                                                                                  \
    "iif(EXISTS (SELECT 1 FROM actions AS a WHERE a.kind = 'set' AND a.field IN ('answer', 'briefing') AND a.detail"   \
    " <> '' AND a.incident IN " DESK_OWN " AND a.time > " NOW " - " DAY "), ',answered', '')"
#define DESK_SINCE                                                                                                     \
    "(SELECT count(*) FROM events AS e WHERE e.number > desk.event AND NOT e.muted AND e.incident IN " DESK_OWN ")"
#define DESK_HIGHEST "(SELECT max(x.severe) FROM incidents AS x WHERE x.shown_in = desk.id)"
#define DESK_BEGAN "coalesce(desk.first_time > " NOW " - " DAY ", 0)"

#define DESK_COLUMNS                                                                                                   \
    " SELECT desk.id, i.number, desk.tier, " DESK_LABEL ", desk.state, desk.who, desk.decided, " DESK_GIVEN_TO         \
    ", desk.posts, desk.reach, desk.attention, desk.first_time, desk.last_time, " DESK_QUIET ", desk.about,"           \
    " desk.returns, " DESK_RECENT_KINDS " || " DESK_ANSWERED ", " DESK_SINCE ", " DESK_HIGHEST ", " DESK_BEGAN         \
    " FROM desk JOIN incidents AS i ON i.id = desk.id"

#define DESK_ORDER " ORDER BY desk.tier DESC, desk.last_time DESC, desk.id"

#define MARKS(name)                                                                                                    \
    "(SELECT group_concat((j.value ->> 1) || ' ' || (j.value ->> 2)) FROM json_each(marks) AS j WHERE j.value ->> 0 =" \
    " '" name "')"

static const char *const queries[PAGE_QUERY_COUNT] = {
    [PAGE_FACTS] = "SELECT (SELECT value FROM meta WHERE key IN ('plan', CASE WHEN ?9 THEN 'plan_en' END) ORDER BY key "
                   "DESC LIMIT 1), (SELECT value FROM meta WHERE key ="
                   " 'plan_version'), " NOW ", (SELECT count(*) FROM incidents WHERE shown_in = id), (SELECT"
                   " coalesce(sum(documents), 0) FROM graded), (SELECT coalesce(max(number), 0) FROM actions)",
    [PAGE_TIERS] = "SELECT n.value ->> 'id', coalesce(CASE WHEN ?9 THEN n.value ->> 'name_en' END, n.value ->> 'name') "
                   "FROM meta AS m, json_each(m.value) AS n WHERE m.key ="
                   " 'tiers' ORDER BY n.key",
    [PAGE_DESK] = DESK_TABLE DESK_COLUMNS
    " WHERE CASE WHEN ?1 = 0 THEN desk.state IN ('open', 'acknowledged') ELSE desk.id = (SELECT shown_in FROM"
    " incidents WHERE id = ?1) END" DESK_ORDER " LIMIT ?2",
    [PAGE_CLAUSES] = "SELECT j.value, " NAMED(
        "clauses", "j.value") " FROM incidents AS i, json_each(i.clauses) AS j"
                              " WHERE i.shown_in = ?1 GROUP BY j.value ORDER BY min(i.id), min(j.key)",
    [PAGE_ROUTES] = "SELECT route, " NAMED("routes", "route") " FROM routes WHERE incident IN " PARTS
                                                              " GROUP BY route ORDER BY sum(posts) DESC, route",
    [PAGE_VENUES] = "SELECT venue, sum(posts) FROM venues WHERE incident IN " PARTS
                    " GROUP BY venue ORDER BY sum(posts) DESC, venue",
    [PAGE_WORDS] = "SELECT coalesce(nullif(written, ''), term) AS word, group_concat(DISTINCT clause), max(posts) FROM"
                   " words WHERE incident IN " PARTS " GROUP BY word ORDER BY max(posts) DESC, word LIMIT 20",
    [PAGE_PLACES] = "SELECT term, sum(posts) FROM places WHERE incident IN " PARTS
                    " GROUP BY term ORDER BY sum(posts) DESC, term LIMIT 10",
    [PAGE_EVENTS] =
        "SELECT number, time, kind, detail, CASE kind WHEN 'clause' THEN " NAMED("clauses", "detail") " ELSE " NAMED(
            "tiers", "detail") " END FROM events WHERE incident IN " PARTS " ORDER BY number",
    [PAGE_ACTIONS] =
        "SELECT number, time, kind, who, detail, field, other, incident FROM actions WHERE incident IN " PARTS
        " ORDER BY number DESC",
    [PAGE_ACTION] = "SELECT kind, who, detail, field, other FROM actions WHERE number = ?1",
    [PAGE_TOLD] =
        "SELECT coalesce(ended, created), channel, kind, state, reason FROM deliveries WHERE incident IN " PARTS
        " ORDER BY number DESC LIMIT 100",
    [PAGE_POSTS] = "SELECT number, id, time, venue, source, url, reach, " NAMED(
        "tiers",
        "tier_id") ", joined_by, score, (SELECT group_concat(j.value, ' ') FROM json_each(clauses) AS j), title, "
                   "text, " MARKS("title") ", " MARKS(
                       "text") ", (SELECT group_concat(j.value ->> 3, ' … ') FROM"
                               " json_each(marks) AS j), text IS NOT NULL OR title IS "
                               "NOT NULL, attached FROM documents WHERE incident IN " PARTS
                               " AND (?2 = 0 OR number < ?2) ORDER BY number DESC LIMIT "
                               "?3",
    [PAGE_VERSIONS] = "SELECT replaced, title, text FROM versions WHERE document = ?2 ORDER BY version DESC",
    [PAGE_MERGED] = "SELECT id, number, about, posts FROM incidents WHERE shown_in = ?1 AND id <> ?1 ORDER BY id",
    [PAGE_FIELDS] = DESK_CHAIN " SELECT field, detail, who, time FROM " DESK_FIELDS,
    [PAGE_HISTORY] = DESK_CHAIN " SELECT field, detail, who, time FROM actions WHERE kind = 'set' AND incident IN chain"
                                " ORDER BY number",
    [PAGE_SEARCH] = DESK_TABLE DESK_COLUMNS
    " WHERE (?1 IS NULL OR says(i.number) OR EXISTS (SELECT 1 FROM incidents AS q WHERE q.shown_in = desk.id AND"
    " says(q.about)) OR EXISTS (SELECT 1 FROM documents AS d WHERE d.incident IN " DESK_OWN " AND (says(d.title) OR"
    " says(d.text) OR says(d.marks) OR says(d.id) OR says(d.source) OR says(d.url))) OR EXISTS (SELECT 1 FROM places"
    " AS l WHERE l.incident IN " DESK_OWN
    " AND says(l.term)) OR EXISTS (SELECT 1 FROM actions AS a WHERE a.incident IN " DESK_OWN
    " AND (says(a.detail) OR says(a.who)))) AND (?2 IS NULL OR desk.tier_id = ?2) AND (?3 IS NULL OR"
    " desk.state = ?3) AND coalesce(desk.last_time, ?4) >= ?4 AND coalesce(desk.first_time, ?5) < ?5 ORDER BY"
    " desk.last_time DESC, desk.id LIMIT ?6",
    [PAGE_DECISIONS] = DESK_TABLE
    ", tierset AS (SELECT desk.id, (SELECT a.detail FROM actions AS a WHERE a.kind = 'set' AND a.field = 'tier' AND"
    " a.incident IN " DESK_OWN " ORDER BY a.number DESC LIMIT 1) AS tier FROM desk) SELECT desk.tier_id, " NAMED(
        "tiers",
        "desk.tier_id") ", count(*), sum(desk.state = 'false_alarm'), sum(coalesce(t.tier <> desk.tier_id,"
                        " 0)) FROM desk JOIN tierset AS t ON t.id = desk.id WHERE desk.decided IS NOT NULL OR t.tier "
                        "IS NOT NULL GROUP BY"
                        " desk.tier_id ORDER BY max(desk.tier) DESC",
    [PAGE_SCORE] = "SELECT t.value ->> 'at_least' IS NOT NULL, " NAMED(
        "tiers",
        "coalesce(t.value ->> 'at_least', t.value ->> 'tier')") ", t.value ->> 'found', t.value ->> 'right', t.value "
                                                                "->> 'wanted', t.value ->> '$.precision[0]', t.value "
                                                                "->>"
                                                                " '$.precision[1]', t.value ->> '$.precision[2]', "
                                                                "t.value ->> '$.recall[0]', t.value ->> '$.recall[1]', "
                                                                "t.value"
                                                                " ->> '$.recall[2]' FROM json_each(iif(json_valid(?1), "
                                                                "?1, '{}'), '$.clear.tiers') AS t WHERE t.type = "
                                                                "'object'",
    [PAGE_GRADED] =
        "SELECT tier_id, " NAMED("tiers", "tier_id") ", sum(documents) FROM graded GROUP BY tier_id ORDER BY"
                                                     " sum(documents)",
};

/* Binds the values in the order in which the query numbers them. */
static void bind(database *db, sqlite3_stmt *s, page_query query, const page_ask *ask) {
    const int64_t limit = ask->limit ? ask->limit : -1;
    switch (query) {
        case PAGE_FACTS:
        case PAGE_TIERS:
        case PAGE_DECISIONS:
        case PAGE_GRADED: break;
        case PAGE_DESK: database_bind(db, s, "ii", ask->incident, limit); break;
        case PAGE_SCORE: database_bind(db, s, "s", ask->text); break;
        case PAGE_ACTION: database_bind(db, s, "i", ask->from); break;
        case PAGE_POSTS: database_bind(db, s, "iii", ask->incident, ask->from, limit); break;
        case PAGE_VERSIONS: database_bind(db, s, "ii", ask->incident, ask->from); break;
        case PAGE_SEARCH:
            database_bind(db, s, "sssiii", ask->text, ask->tier, ask->state, ask->since, ask->until, limit);
            break;
        default: database_bind(db, s, "i", ask->incident); break;
    }
}

/* The text that is searched for, folded as the matcher folds text, so that 推諉 finds 推诿. */
typedef struct needle {
    tocsin_folder *folder;
    char *text;
    size_t length;
} needle;

static void says(sqlite3_context *context, int count, sqlite3_value **values) {
    const needle *n = sqlite3_user_data(context);
    const char *text = (const char *)sqlite3_value_text(values[0]);
    tocsin_bytes folded = {0};
    (void)count;
    const int found = text && !tocsin_fold(n->folder, text, strlen(text), &folded) && folded.length &&
                      memmem(folded.data, folded.length, n->text, n->length);
    sqlite3_result_int(context, found);
}

/* 0 if there is no memory for it, which is noted. */
static int begin_search(database *db, needle *n, const char *text) {
    tocsin_bytes folded;
    *n = (needle){0};
    if (db->failed || tocsin_folder_create(NULL, NULL, &n->folder) ||
        tocsin_fold(n->folder, text, strlen(text), &folded)) {
        return database_fail(db, "cannot be searched");
    }
    n->text = tool_allocate(folded.length + 1, 1);
    n->length = folded.length;
    memcpy(n->text, folded.data ? folded.data : "", folded.length);
    if (sqlite3_create_function(db->handle, "says", 1, SQLITE_UTF8, n, says, NULL, NULL) == SQLITE_OK) return 1;
    return database_fail(db, "cannot be searched");
}

static void end_search(database *db, needle *n) {
    sqlite3_create_function(db->handle, "says", 1, SQLITE_UTF8, NULL, NULL, NULL, NULL);
    tocsin_folder_free(n->folder);
    tool_free(n->text);
}

static void read_rows(database *db, page_query query, const page_ask *ask, page_row row, void *context) {
    sqlite3_stmt *s = database_prepare(db, queries[query]);
    const char *cells[MOST_CELLS];
    bind(db, s, query, ask);
    if (s && sqlite3_bind_parameter_count(s) == ENGLISH_PARAMETER) sqlite3_bind_int(s, ENGLISH_PARAMETER, ask->english);
    while (database_row(db, s)) {
        const int count = sqlite3_column_count(s) < MOST_CELLS ? sqlite3_column_count(s) : MOST_CELLS;
        for (int i = 0; i < count; i++) {
            const char *text = (const char *)sqlite3_column_text(s, i);
            cells[i] = text ? text : "";
        }
        row(context, cells);
    }
    sqlite3_finalize(s);
}

int page_read(database *db, page_query query, const page_ask *ask, page_row row, void *context) {
    needle n;
    if (query != PAGE_SEARCH) {
        read_rows(db, query, ask, row, context);
    } else {
        if (begin_search(db, &n, ask->text ? ask->text : "")) read_rows(db, query, ask, row, context);
        end_search(db, &n);
    }
    return !db->failed;
}
