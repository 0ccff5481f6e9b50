/*
 * The tracker does not know about splits: for it, the posts still belong to the incident that they joined. So that
 * incident remembers how many were moved out of it, and the store subtracts them from the tracker's counts. Ids are
 * assigned inside a transaction that writes; the watcher begins each of its transactions by reading the largest id.
 */
#include "store/desk_split.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/json_members.h"
#include "feed/utf8_text.h"
#include "store/desk_sql.h"

#define TIER_INDEX(id)                                                                                                 \
    "(SELECT n.key FROM meta AS m, json_each(m.value) AS n WHERE m.key = 'tiers' AND n.value ->> 'id' = " id ")"
#define TIME "coalesce(time_used, time)"
#define CHOSEN "number IN (SELECT value FROM json_each(?3))"
#define CLAUSES_OF(incident)                                                                                           \
    "(SELECT json_group_array(c.value) FROM (SELECT j.value, min(d.number) FROM documents AS d, json_each(d.clauses)"  \
    " AS j WHERE d.incident = " incident " GROUP BY j.value ORDER BY 2) AS c)"
#define TOP_OF(incident)                                                                                               \
    "FROM documents WHERE incident = " incident                                                                        \
    " AND " TIER_INDEX("tier_id") " IS NOT NULL ORDER BY " TIER_INDEX("tier_id") " DESC LIMIT 1"

const char desk_split_facts[] =
    "UPDATE incidents SET (tier, tier_id) = (SELECT " TIER_INDEX("tier_id") ", tier_id " TOP_OF(
        "?1") "), clauses ="
              " " CLAUSES_OF(
                  "?1") ", first_time = (SELECT min(" TIME
                        ") FROM documents WHERE attached = 0 AND incident = ?1), last_time = (SELECT"
                        " max(" TIME
                        ") FROM documents WHERE attached = 0 AND incident = ?1) WHERE id = ?1 AND (moved_posts "
                        "> 0 OR split_from > 0) AND EXISTS (SELECT 1 " TOP_OF("?1") ")";

/* ?1 the old incident, ?2 the new one, ?3 the numbers of the posts. */
static const char *const steps[] = {
    "INSERT INTO incidents (id, returns, tier, tier_id, clauses, attention, raised_by, first_time, last_time, posts,"
    " reach, about, about_worth, first_document, shown_in, split_from) SELECT ?2, 0, 0, '', '[]', 0, 0, min(" TIME
    "), max(" TIME "), count(*), sum(reach), (SELECT coalesce(nullif(title, ''), nullif(substr(text, 1, 100), ''),"
    " (SELECT group_concat(j.value ->> 3, ' … ') FROM json_each(marks) AS j), id) FROM documents WHERE " CHOSEN
    " ORDER BY number LIMIT 1), 1, (SELECT id FROM documents WHERE " CHOSEN " ORDER BY number LIMIT 1), ?2, ?1 FROM"
    " documents WHERE " CHOSEN,
    "UPDATE documents SET incident = ?2 WHERE " CHOSEN " AND ?1 = ?1",
    "UPDATE incidents SET number = coalesce(strftime('%Y%m%d-', first_time / 1000, 'unixepoch', 'localtime'), '') ||"
    " id, (tier, tier_id) = (SELECT " TIER_INDEX("tier_id") ", tier_id " TOP_OF("?2") "), clauses = " CLAUSES_OF(
        "?2") " WHERE id = ?2",
    "UPDATE incidents SET (posts, reach, moved_posts, moved_reach) = (SELECT incidents.posts - n.posts, incidents.reach"
    " - n.reach, incidents.moved_posts + n.posts, incidents.moved_reach + n.reach FROM incidents AS n WHERE n.id = ?2)"
    " WHERE id = ?1",
    desk_split_facts,
    "DELETE FROM hours WHERE incident = ?1",
    "INSERT INTO hours (incident, hour, posts, reach) SELECT incident, coalesce(" TIME " / 3600000 - (" TIME
    " % 3600000 < 0), 0) AS h,"
    " count(*), sum(reach) FROM documents WHERE attached = 0 AND incident IN (?1, ?2) GROUP BY incident, h",
    "DELETE FROM venues WHERE incident = ?1",
    "INSERT INTO venues (incident, venue, posts) SELECT incident, venue, count(*) FROM documents WHERE attached = 0 "
    "AND incident IN (?1,"
    " ?2) GROUP BY incident, venue",
    "INSERT INTO words (incident, clause, topic, term, posts, written) SELECT ?2, '', '', j.value ->> 3, count(DISTINCT"
    " d.number), j.value ->> 3 FROM documents AS d, json_each(d.marks) AS j WHERE d.incident = ?2 GROUP BY j.value ->>"
    " 3",
    "INSERT INTO places (incident, topic, term, posts) SELECT ?2, p.topic, p.term, count(*) FROM places AS p JOIN"
    " documents AS d ON d.incident = ?2 AND instr(coalesce(d.title, '') || coalesce(d.text, ''), p.term) > 0 WHERE"
    " p.incident = ?1 GROUP BY p.topic, p.term",
    "INSERT INTO routes (incident, route, posts) SELECT ?2, route, (SELECT posts FROM incidents WHERE id = ?2) FROM"
    " routes WHERE incident = ?1",
};

static void put_ids(tocsin_buffer *out, const char *posts) {
    text_puts(out, "[");
    while (*posts) {
        const size_t length = strcspn(posts, "\n");
        if (length) {
            json_put_element(out);
            utf8_append_json(out, posts, length);
        }
        posts += length + (posts[length] == '\n');
    }
    text_puts(out, "]");
}

/* The numbers of the posts as JSON, and the one incident to which they belong. */
static desk_result choose(database *db, int64_t shown, const char *ids, tocsin_buffer *numbers, int64_t *from) {
    static const char missing[] = "SELECT value FROM json_each(?2) WHERE NOT EXISTS (SELECT 1 FROM documents AS d "
                                  "WHERE d.id = value AND d.attached = 0 AND"
                                  " d.incident IN " DESK_PARTS("?1") ")";
    static const char chosen[] =
        "SELECT json_group_array(number), min(incident), max(incident), count(*), (SELECT count(*) FROM documents AS a"
        " WHERE a.attached = 0 AND a.incident = d.incident), max(tier_id <> 'none') FROM documents AS d WHERE attached "
        "= 0 AND incident IN " DESK_PARTS("?1") " AND id IN (SELECT value FROM json_each(?2))";
    desk_result result = DESK_DONE;
    sqlite3_stmt *s = database_prepare(db, missing);
    database_bind(db, s, "is", shown, ids);
    if (database_row(db, s)) {
        const char *post = (const char *)sqlite3_column_text(s, 0);
        result = desk_refuse(db, "incident %" PRId64 " has no post \"%.*s\"", shown,
                             (int)utf8_cut(post, strlen(post), 100), post);
    }
    sqlite3_finalize(s);
    if (result != DESK_DONE) return result;
    s = database_prepare(db, chosen);
    database_bind(db, s, "is", shown, ids);
    if (database_row(db, s)) {
        text_puts(numbers, (const char *)sqlite3_column_text(s, 0));
        *from = sqlite3_column_int64(s, 1);
        if (*from != sqlite3_column_int64(s, 2)) {
            result = desk_refuse(
                db, "the posts are of several incidents that were merged into %" PRId64 "; split those", shown);
        } else if (sqlite3_column_int64(s, 3) == sqlite3_column_int64(s, 4)) {
            result = desk_refuse(db, "these are all posts of incident %" PRId64, *from);
        } else if (!sqlite3_column_int(s, 5)) {
            result = desk_refuse(db, "none of these posts of incident %" PRId64 " has a tier", *from);
        }
    }
    sqlite3_finalize(s);
    return result;
}

static void run_steps(database *db, int64_t from, int64_t made, const char *numbers) {
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        sqlite3_stmt *s = database_prepare(db, steps[i]);
        const int used = s ? sqlite3_bind_parameter_count(s) : 0;
        if (used > 0) sqlite3_bind_int64(s, 1, from);
        if (used > 1) sqlite3_bind_int64(s, 2, made);
        if (used > 2) sqlite3_bind_text(s, 3, numbers, -1, SQLITE_STATIC);
        database_step(db, s, "");
        sqlite3_finalize(s);
    }
}

desk_result desk_split_posts(database *db, int64_t shown, const char *posts, int64_t *made, int64_t *from) {
    tocsin_buffer ids, numbers;
    tocsin_buffer_init(&ids, NULL);
    tocsin_buffer_init(&numbers, NULL);
    put_ids(&ids, posts);
    text_puts(&ids, "");
    desk_result result = choose(db, shown, ids.data, &numbers, from);
    if (result == DESK_DONE) {
        *made = database_number(db, "SELECT max(id) + 1 FROM incidents", 1);
        run_steps(db, *from, *made, numbers.data);
    }
    tocsin_buffer_release(&ids);
    tocsin_buffer_release(&numbers);
    return db->failed ? DESK_FAILED : result;
}
