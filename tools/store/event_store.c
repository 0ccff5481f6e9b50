/*
 * SQLite builds the text of an event from the rows of its incident, in the transaction that wrote them, and the text is
 * stored: an event that is read later shows what was true when it happened. Only the excerpt is made here, because it
 * needs the document.
 */
#include "store/event_store.h"

#include <inttypes.h>
#include <string.h>

#include "feed/json_members.h"
#include "feed/tool_clock.h"
#include "feed/utf8_text.h"

#define EXCERPT_BYTES 480
#define EXCERPT_BEFORE 120 /* bytes before the first marked word */
#define MOST_MARKS 12
#define MOST_PLACES "3"

/* The plan's names for its parts, of all lists at once: each list is read once for each event. */
#define PLAN_NAMES                                                                                                     \
    "WITH names AS MATERIALIZED (SELECT replace(m.key, 'former_', '') AS list, n.value ->> 'id' AS id, n.value ->>"    \
    " 'name' AS name, coalesce(n.value ->> 'name_en', n.value ->> 'name') AS name_en FROM meta AS m,"                  \
    " json_each(m.value) AS n WHERE m.key IN ('tiers', 'clauses', 'routes', 'former_tiers', 'former_clauses',"         \
    " 'former_routes')) "
#define NAME_OF(column, list, id)                                                                                      \
    "coalesce((SELECT n." column " FROM names AS n WHERE n.list = " list " AND n.id = " id " LIMIT 1), " id ")"
#define NAMES(list, id) ", 'name', " NAME_OF("name", list, id) ", 'name_en', " NAME_OF("name_en", list, id)

#define GROUP "(SELECT g.id FROM incidents AS g WHERE g.shown_in = i.shown_in)"
#define TOP "(SELECT t.tier_id FROM incidents AS t WHERE t.shown_in = i.shown_in ORDER BY t.tier DESC LIMIT 1)"

/* The first post of a group: of each incident the index gives the first one at once. */
#define FIRST                                                                                                          \
    "(SELECT min((SELECT f.number FROM documents AS f WHERE f.incident = g.id AND f.attached = 0 ORDER BY f.number"    \
    " LIMIT 1)) FROM incidents AS g WHERE g.shown_in = i.shown_in)"

static const char insert_event[] = PLAN_NAMES
    "INSERT INTO events (incident, time, kind, detail, muted, facts) SELECT ?1, ?2, ?3, ?4, i.quiet_posts > 0,"
    " json_object("
    "'tier', json_object('id', " TOP NAMES(
        "'tiers'", TOP) "),"
                        "'attention', CASE i.attention WHEN 2 THEN 'high' WHEN 1 THEN 'elevated' ELSE 'low' END,"
                        "'posts', (SELECT sum(g.posts) FROM incidents AS g WHERE g.shown_in = i.shown_in),"
                        "'reach', (SELECT sum(g.reach) FROM incidents AS g WHERE g.shown_in = i.shown_in),"
                        "'last_hour', ?5,"
                        "'answers', (SELECT sum(g.answers) FROM incidents AS g WHERE g.shown_in = i.shown_in),"
                        "'rebuttals', (SELECT sum(g.rebuttals) FROM incidents AS g WHERE g.shown_in = i.shown_in),"
                        "'echoes', (SELECT sum(g.echoes) FROM incidents AS g WHERE g.shown_in = i.shown_in),"
                        "'hour_before', (SELECT coalesce(sum(h.posts), 0) FROM hours AS h WHERE h.incident IN " GROUP
                        " AND h.hour = (SELECT max(x.hour) FROM hours AS x WHERE x.incident IN " GROUP ") - 1),"
                        "'clauses', (SELECT json_group_array(json_object('id', c.id" NAMES(
                            "'clauses'",
                            "c.id") "))"
                                    " FROM (SELECT j.value AS id FROM incidents AS g, json_each(g.clauses) AS j WHERE "
                                    "g.shown_in = i.shown_in GROUP BY"
                                    " j.value ORDER BY min(g.id), min(j.key)) AS c),"
                                    "'routes', (SELECT json_group_array(json_object('id', r.id" NAMES(
                                        "'routes'",
                                        "r.id") ")) FROM"
                                                " (SELECT DISTINCT route AS id FROM routes WHERE incident IN " GROUP
                                                ") AS r),"
                                                "'places', (SELECT json_group_array(p.term) FROM (SELECT term FROM "
                                                "places WHERE incident IN " GROUP
                                                " GROUP BY term ORDER BY sum(posts) DESC, term LIMIT " MOST_PLACES
                                                ") AS p),"
                                                "'about', (SELECT s.about FROM incidents AS s WHERE s.id = "
                                                "i.shown_in), 'first_time', i.first_time, 'last_time', "
                                                "i.last_time,"
                                                "'first', (SELECT json_object('id', d.id, 'source', d.source, 'url', "
                                                "d.url, 'venue', d.venue, 'time', d.time,"
                                                " 'reach', d.reach) FROM documents AS d WHERE d.number = " FIRST "),"
                                                "'latest', json(?6)) FROM incidents AS i WHERE i.id = ?1";

static const char insert_post[] = "INSERT INTO outbox (event, incident, created) SELECT number, incident, ?2 FROM"
                                  " events WHERE number = ?1 AND NOT muted";

static const char select_lines[] =
    "SELECT e.number, e.kind, coalesce(i.shown_in, e.incident), e.time, e.detail, e.muted, e.facts FROM events AS e"
    " LEFT JOIN incidents AS i ON i.id = e.incident WHERE e.number > ?1 ORDER BY e.number LIMIT ?2";

void event_store_open(event_store *store, database *db) {
    *store = (event_store){.db = db};
    tocsin_buffer_init(&store->text, NULL);
    store->insert = database_prepare(db, insert_event);
    store->post = database_prepare(db, insert_post);
    store->line = database_prepare(db, select_lines);
}

void event_store_close(event_store *store) {
    sqlite3_finalize(store->insert);
    sqlite3_finalize(store->post);
    sqlite3_finalize(store->line);
    tocsin_buffer_release(&store->text);
    *store = (event_store){0};
}

/* The first word that decided, from the text if it has one. */
static const tocsin_evidence *first_evidence(const tocsin_verdict *verdict) {
    const tocsin_evidence *first = NULL;
    for (size_t i = 0; i < verdict->evidence_count; i++) {
        const tocsin_evidence *e = tocsin_verdict_evidence(verdict, i);
        if (!first || e->field > first->field || (e->field == first->field && e->start < first->start)) first = e;
    }
    return first;
}

/* Stretches of [from, end) that made a clause hold, in order; those that touch are joined. */
static size_t find_marks(const tocsin_verdict *verdict, int in_title, size_t from, size_t end,
                         size_t marks[MOST_MARKS][2]) {
    size_t count = 0;
    for (size_t i = 0; i < verdict->evidence_count; i++) {
        const tocsin_evidence *e = tocsin_verdict_evidence(verdict, i);
        if ((e->field == TOCSIN_FIELD_TITLE) != in_title || e->start < from || e->end > end) continue;
        size_t a = e->start - from, b = e->end - from, kept = 0;
        for (size_t k = 0; k < count; k++) { /* stretches that it touches become a part of it */
            if (marks[k][0] <= b && a <= marks[k][1]) {
                a = marks[k][0] < a ? marks[k][0] : a;
                b = marks[k][1] > b ? marks[k][1] : b;
            } else {
                memmove(marks[kept++], marks[k], sizeof marks[k]);
            }
        }
        if (kept == MOST_MARKS) kept--;
        size_t at = kept;
        for (; at > 0 && marks[at - 1][0] > a; at--) memcpy(marks[at], marks[at - 1], sizeof marks[at]);
        marks[at][0] = a;
        marks[at][1] = b;
        count = kept + 1;
    }
    return count;
}

/* Writes the part of the field around its first marked word, and the places of its marked words. */
static void put_excerpt(tocsin_buffer *out, const tocsin_document *document, const tocsin_verdict *verdict) {
    const tocsin_evidence *first = first_evidence(verdict);
    const int in_title = first ? first->field == TOCSIN_FIELD_TITLE : !document->text.length;
    tocsin_bytes field = in_title ? document->title : document->text;
    if (!field.data) field.data = "";
    size_t from = first && first->start > EXCERPT_BEFORE ? first->start - EXCERPT_BEFORE : 0;
    from = utf8_cut(field.data, field.length, from);
    const size_t most = field.length - from < EXCERPT_BYTES ? field.length - from : EXCERPT_BYTES;
    const size_t end = from + utf8_cut(field.data + from, field.length - from, most);
    /* In the excerpt, a malformed part would be longer than here, and the marks would be wrong. */
    const int whole = utf8_valid_prefix(field.data + from, end - from) == end - from;
    json_put_text(out, "field", in_title ? "title" : "text");
    json_put_bytes(out, "text", (tocsin_bytes){field.data + from, end - from});
    text_puts(out, ",\"marks\":[");
    size_t marks[MOST_MARKS][2];
    const size_t count = whole ? find_marks(verdict, in_title, from, end, marks) : 0;
    for (size_t i = 0; i < count; i++) text_printf(out, "%s[%zu,%zu]", i ? "," : "", marks[i][0], marks[i][1]);
    text_puts(out, "]");
}

static void put_latest(tocsin_buffer *out, const event_facts *facts) {
    const tocsin_document *document = facts->document;
    text_puts(out, "{");
    json_put_bytes(out, "id", document->id);
    json_put_bytes(out, "source", document->source);
    json_put_text(out, "url", facts->url);
    json_put_text(out, "venue", tocsin_venue_name(facts->verdict->venue));
    json_put_time(out, "time", document->time);
    text_printf(out, ",\"reach\":%" PRIu64, document->reach);
    put_excerpt(out, document, facts->verdict);
    text_puts(out, "}");
}

void event_store_add(event_store *store, const event_facts *facts, tocsin_buffer *lines) {
    tocsin_buffer *out = &store->text;
    out->length = 0;
    if (facts->document) put_latest(out, facts);
    const tocsin_bytes latest = {out->length ? out->data : "null", out->length ? out->length : 4};
    if (!database_step(store->db, store->insert, "itssib", facts->incident, facts->time, facts->kind, facts->detail,
                       facts->last_hour, latest)) {
        return;
    }
    const int64_t number = sqlite3_last_insert_rowid(store->db->handle);
    database_step(store->db, store->post, "ii", number, tool_now());
    if (lines) event_store_read(store, number - 1, 1, lines);
}

static void put_line(sqlite3_stmt *s, tocsin_buffer *lines) {
    const char *kind = (const char *)sqlite3_column_text(s, 1);
    const char *detail = (const char *)sqlite3_column_text(s, 4);
    const char *facts = (const char *)sqlite3_column_text(s, 6);
    text_puts(lines, "{");
    json_put_number(lines, "number", sqlite3_column_int64(s, 0));
    json_put_text(lines, "event", kind);
    json_put_number(lines, "incident", sqlite3_column_int64(s, 2));
    json_put_time(lines, "time", database_time(s, 3));
    json_put_text(lines, "detail", detail);
    if (sqlite3_column_int(s, 5)) json_put_flag(lines, "muted", 1);
    if (facts && strlen(facts) > 2) text_printf(lines, ",%.*s", (int)strlen(facts) - 2, facts + 1);
    text_puts(lines, "}\n");
}

int64_t event_store_read(event_store *store, int64_t after, int64_t most, tocsin_buffer *lines) {
    sqlite3_stmt *s = store->line;
    database_bind(store->db, s, "ii", after, most);
    while (database_row(store->db, s)) {
        put_line(s, lines);
        after = sqlite3_column_int64(s, 0);
    }
    database_done(s);
    return after;
}

int64_t event_store_last(event_store *store) { return database_number(store->db, "SELECT max(number) FROM events", 0); }
