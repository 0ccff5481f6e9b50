/*
 * Writes incidents, with one prepared statement for each kind of row. Hourly counts of all documents are first summed
 * here: nearly all documents belong to no incident, and writing one row for each would cost more than grading it.
 */
#include "store/incident_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "store/database.h"
#include "store/desk_split.h"
#include "store/event_store.h"
#include "store/post_sketch.h"
#include "store/post_tally.h"

#define HOUR_MS 3600000
#define OUTGROWN_FACTOR 10 /* a false alarm with this many times its posts is open again */
#define TALLIES 256        /* hours and tiers that are summed before they are written */

typedef enum row {
    ROW_META,
    ROW_FORMER,
    ROW_DOCUMENT,
    ROW_HOUR,
    ROW_VENUE,
    ROW_WORD,
    ROW_PLACE,
    ROW_ROUTE,
    ROW_GRADED,
    ROW_INCIDENT,
    ROW_INCIDENT_AGAIN,
    ROW_ABOUT,
    ROW_OUTGROWN,
    ROW_FEED,
    ROW_MESSAGES,
    ROW_TRACKER,
    ROW_NUMBER,
    ROW_IS_SPLIT,
    ROW_FIND_SPLIT,
    ROW_MOVED,
    ROW_GREW,
    ROW_SPLIT_FACTS,
    ROW_FIND_POST,
    ROW_FIND_VERSION,
    ROW_VERSION,
    ROW_POST_AGAIN,
    ROW_REACH,
    ROW_HOUR_REACH,
    ROW_INCIDENT_REACH,
    ROW_DETACH,
    ROW_WORD_AGAIN,
    ROW_PLACE_AGAIN,
    ROW_ROUTE_AGAIN,
    ROW_MERGE_DOCUMENTS,
    ROW_MERGE_HOURS,
    ROW_MERGE_VENUES,
    ROW_MERGE_WORDS,
    ROW_MERGE_PLACES,
    ROW_MERGE_ROUTES,
    ROW_MERGE_RETURNS,
    ROW_MERGE_ABOUT,
    ROW_MERGE_SHOWN,
    ROW_MERGE_MOVED,
    ROW_MERGE_SPLIT,
    ROW_MERGED,
    ROW_COUNT
} row;

#define MERGED_POSTS " ON CONFLICT DO UPDATE SET posts = posts + excluded.posts"

/* Each statement names its columns, because the tables may have columns of others. */
static const char *const rows[ROW_COUNT] = {
    [ROW_META] = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    /* Names that the previous plan had and the new one does not: earlier incidents still use them. */
    [ROW_FORMER] = "INSERT INTO meta (key, value) SELECT 'former_' || ?1, json_group_array(json(item)) FROM (SELECT"
                   " j.value AS item FROM meta AS m, json_each(m.value) AS j WHERE m.key IN (?1, 'former_' || ?1) AND"
                   " j.value ->> 'id' NOT IN (SELECT n.value ->> 'id' FROM json_each(?2) AS n) ORDER BY m.key, j.key)"
                   " WHERE true ON CONFLICT DO UPDATE SET value = excluded.value",
    [ROW_DOCUMENT] = "INSERT INTO documents (incident, id, time, time_used, venue, source, url, reach, tier_id,"
                     " joined_by, score, clauses, marks, title, text, key, wording, sketch, attached) VALUES (?, ?, ?, "
                     "?, ?, ?, ?, ?, ?,"
                     " ?, ?, ?, ?, ?, ?, nullif(?, 0), ?, ?, ?)",
    [ROW_HOUR] = "INSERT INTO hours (incident, hour, posts, reach) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                 " posts = posts + excluded.posts, reach = reach + excluded.reach",
    [ROW_VENUE] = "INSERT INTO venues (incident, venue, posts) VALUES (?, ?, ?)" MERGED_POSTS,
    [ROW_WORD] = "INSERT INTO words (incident, clause, topic, term, written, posts) VALUES (?, ?, ?, ?, ?,"
                 " ?)" MERGED_POSTS,
    [ROW_PLACE] = "INSERT INTO places (incident, topic, term, posts) VALUES (?, ?, ?, ?)" MERGED_POSTS,
    [ROW_ROUTE] = "INSERT INTO routes (incident, route, posts) VALUES (?, ?, ?)" MERGED_POSTS,
    [ROW_GRADED] = "INSERT INTO graded (hour, tier_id, documents) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
                   " documents = documents + excluded.documents",
    /* An incident that resumes a false alarm is quiet like that one. */
    [ROW_INCIDENT] = "INSERT INTO incidents (id, returns, tier, tier_id, clauses, attention, raised_by, raised_time,"
                     " first_time, last_time, posts, reach, answers, rebuttals, echoes, severe, about, about_worth,"
                     " first_document, shown_in, quiet_posts, quiet_tier) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
                     " ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, 0, ?18, ?1,"
                     " coalesce((SELECT quiet_posts FROM incidents WHERE id = ?2), 0),"
                     " coalesce((SELECT quiet_tier FROM incidents WHERE id = ?2), ''))",
    [ROW_INCIDENT_AGAIN] = "UPDATE incidents SET returns = ?2, tier = ?3, tier_id = ?4, clauses = ?5, attention = ?6,"
                           " raised_by = ?7, raised_time = ?8, first_time = ?9, last_time = ?10, posts = ?11 -"
                           " moved_posts, reach = ?12 - moved_reach, answers = ?13, rebuttals = ?14, echoes = ?15,"
                           " severe = ?16 WHERE id = ?1",
    [ROW_ABOUT] = "UPDATE incidents SET about = ?2, about_worth = ?3 WHERE id = ?1 AND about_worth < ?3",
    [ROW_OUTGROWN] = "UPDATE incidents SET quiet_posts = 0, quiet_tier = '' WHERE quiet_posts > 0 AND shown_in ="
                     " (SELECT shown_in FROM incidents WHERE id = ?1) AND ((SELECT sum(posts) FROM incidents AS g"
                     " WHERE g.shown_in = incidents.shown_in) >= ?2 * quiet_posts OR quiet_tier <> (SELECT tier_id"
                     " FROM incidents AS g WHERE g.shown_in = incidents.shown_in ORDER BY tier DESC LIMIT 1))",
    [ROW_FEED] = "INSERT INTO feeds (path, device, inode, offset, lines, head) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT"
                 " DO UPDATE SET device = excluded.device, inode = excluded.inode, offset = excluded.offset,"
                 " lines = excluded.lines, head = excluded.head",
    [ROW_MESSAGES] = "INSERT INTO messages (cluster, topic, partition, next, taken) VALUES (?, ?, ?, ?, ?) ON CONFLICT"
                     " DO UPDATE SET next = excluded.next, taken = excluded.taken",
    [ROW_TRACKER] = "INSERT INTO tracker (number, snapshot) VALUES (1, ?) ON CONFLICT DO UPDATE SET snapshot ="
                    " excluded.snapshot",
    [ROW_NUMBER] = "UPDATE incidents SET number = coalesce(strftime('%Y%m%d-', ?2 / 1000, 'unixepoch', 'localtime'),"
                   " '') || id WHERE id = ?1",
    [ROW_IS_SPLIT] = "SELECT 1 FROM incidents WHERE id = ?1 AND (moved_posts > 0 OR split_from > 0)",
    /* Posts of an incident, and of those that people split from it. */
    [ROW_FIND_SPLIT] = "SELECT incident, sketch FROM documents WHERE sketch IS NOT NULL AND incident IN (SELECT ?1"
                       " UNION ALL SELECT id FROM incidents WHERE split_from = ?1 AND split_from > 0) ORDER BY number"
                       " DESC LIMIT 500",
    [ROW_MOVED] = "UPDATE incidents SET posts = posts - 1, reach = reach - ?2, moved_posts = moved_posts + 1,"
                  " moved_reach = moved_reach + ?2 WHERE id = ?1",
    [ROW_GREW] = "UPDATE incidents SET posts = posts + 1, reach = reach + ?2 WHERE id = ?1",
    [ROW_SPLIT_FACTS] = desk_split_facts,
    [ROW_FIND_POST] =
        "SELECT number, incident, reach, coalesce(time_used, time), wording, sketch, attached FROM documents WHERE"
        " key = ?1 AND id = ?2 AND source = ?3 ORDER BY number DESC",
    [ROW_FIND_VERSION] = "SELECT 1 FROM versions WHERE document = ?1 AND wording = ?2",
    [ROW_VERSION] = "INSERT INTO versions (document, version, replaced, wording, tier_id, clauses, marks, title, text)"
                    " SELECT number, 1 + (SELECT count(*) FROM versions WHERE document = ?1), ?2, wording, tier_id,"
                    " clauses, marks, title, text FROM documents WHERE number = ?1",
    /* ?9: the words have changed, so the earlier title and text are not kept. */
    [ROW_POST_AGAIN] = "UPDATE documents SET tier_id = ?2, clauses = ?3, marks = ?4, wording = ?5, sketch = ?6,"
                       " title = coalesce(?7, iif(?9, NULL, title)), text = coalesce(?8, iif(?9, NULL, text))"
                       " WHERE number = ?1",
    [ROW_REACH] = "UPDATE documents SET reach = ?2 WHERE number = ?1",
    [ROW_HOUR_REACH] = "UPDATE hours SET reach = reach + ?3 WHERE incident = ?1 AND hour = ?2",
    [ROW_DETACH] = "UPDATE documents SET attached = 0 WHERE number = ?1",
    [ROW_INCIDENT_REACH] = "UPDATE incidents SET reach = reach + ?2 WHERE id = ?1",
    [ROW_WORD_AGAIN] = "INSERT INTO words (incident, clause, topic, term, posts, written) VALUES (?, ?, ?, ?, 1, ?) ON"
                       " CONFLICT DO NOTHING",
    [ROW_PLACE_AGAIN] = "INSERT INTO places (incident, topic, term, posts) VALUES (?, ?, ?, 1) ON CONFLICT DO NOTHING",
    [ROW_ROUTE_AGAIN] = "INSERT INTO routes (incident, route, posts) VALUES (?, ?, 1) ON CONFLICT DO NOTHING",
    /* ?1 stays, ?2 is merged into it. */
    [ROW_MERGE_DOCUMENTS] = "UPDATE documents SET incident = ?1 WHERE incident = ?2",
    [ROW_MERGE_HOURS] = "INSERT INTO hours (incident, hour, posts, reach) SELECT ?1, hour, posts, reach FROM hours"
                        " WHERE incident = ?2 ON CONFLICT DO UPDATE SET posts = posts + excluded.posts,"
                        " reach = reach + excluded.reach",
    [ROW_MERGE_VENUES] = "INSERT INTO venues (incident, venue, posts) SELECT ?1, venue, posts FROM venues WHERE"
                         " incident = ?2" MERGED_POSTS,
    [ROW_MERGE_WORDS] = "INSERT INTO words (incident, clause, topic, term, posts, written) SELECT ?1, clause, topic,"
                        " term, posts, written FROM words WHERE incident = ?2" MERGED_POSTS,
    [ROW_MERGE_PLACES] = "INSERT INTO places (incident, topic, term, posts) SELECT ?1, topic, term, posts FROM places"
                         " WHERE incident = ?2" MERGED_POSTS,
    [ROW_MERGE_ROUTES] = "INSERT INTO routes (incident, route, posts) SELECT ?1, route, posts FROM routes WHERE"
                         " incident = ?2" MERGED_POSTS,
    [ROW_MERGE_RETURNS] = "UPDATE incidents SET returns = CASE id WHEN ?1 THEN 0 ELSE ?1 END WHERE returns = ?2",
    [ROW_MERGE_ABOUT] = "UPDATE incidents SET (about, about_worth) = (SELECT about, about_worth FROM incidents WHERE id"
                        " = ?2) WHERE id = ?1 AND about_worth < (SELECT about_worth FROM incidents WHERE id = ?2)",
    [ROW_MERGE_SHOWN] = "UPDATE incidents SET shown_in = (SELECT shown_in FROM incidents WHERE id = ?1) WHERE shown_in"
                        " = ?2",
    [ROW_MERGE_MOVED] = "UPDATE incidents SET (moved_posts, moved_reach) = (SELECT incidents.moved_posts +"
                        " a.moved_posts, incidents.moved_reach + a.moved_reach FROM incidents AS a WHERE a.id = ?2)"
                        " WHERE id = ?1",
    [ROW_MERGE_SPLIT] = "UPDATE incidents SET split_from = ?1 WHERE split_from = ?2",
    [ROW_MERGED] = "UPDATE incidents SET posts = 0, reach = 0, moved_posts = 0, moved_reach = 0, answers = 0,"
                   " rebuttals = 0, echoes = 0 WHERE id = ?2 AND id <> ?1",
};

typedef struct hour_tally {
    int64_t hour;
    char tier_id[32];
    int64_t documents;
} hour_tally;

struct incident_store {
    database db;
    sqlite3_stmt *statements[ROW_COUNT];
    hour_tally tallies[TALLIES];
    size_t tally_count, last_tally;
    post_tally counts;
    event_store events;
    tocsin_buffer text, marks;
};

incident_store *incident_store_open(const char *path, incident_store_waiting waiting, void *context) {
    incident_store *store = tool_allocate(1, sizeof *store);
    tocsin_buffer_init(&store->text, NULL);
    tocsin_buffer_init(&store->marks, NULL);
    tocsin_buffer_init(&store->counts.texts, NULL);
    if (!database_open(&store->db, path, DATABASE_WATCH)) return store;
    database_set_waiting(&store->db, waiting, context);
    event_store_open(&store->events, &store->db);
    for (int i = 0; i < ROW_COUNT; i++) store->statements[i] = database_prepare(&store->db, rows[i]);
    return store;
}

void incident_store_close(incident_store *store) {
    if (!store) return;
    for (int i = 0; i < ROW_COUNT; i++) sqlite3_finalize(store->statements[i]);
    event_store_close(&store->events);
    database_close(&store->db);
    tocsin_buffer_release(&store->text);
    tocsin_buffer_release(&store->marks);
    tocsin_buffer_release(&store->counts.texts);
    tool_free(store);
}

const char *incident_store_problem(const incident_store *store) { return store->db.failed ? store->db.problem : ""; }

#define STEP(store, kind, ...) database_step(&(store)->db, (store)->statements[kind], __VA_ARGS__)

int incident_store_find_feed(incident_store *store, const char *path, int64_t device, int64_t inode,
                             follow_place *place) {
    sqlite3_stmt *s = database_prepare(
        &store->db, path ? "SELECT device, inode, offset, lines, head FROM feeds WHERE path = ?1"
                         : "SELECT device, inode, offset, lines, head FROM feeds WHERE inode = ?2 AND device = ?1");
    if (!s) return 0;
    if (path) {
        sqlite3_bind_text(s, 1, path, -1, SQLITE_STATIC);
    } else {
        sqlite3_bind_int64(s, 1, device);
        sqlite3_bind_int64(s, 2, inode);
    }
    const int state = sqlite3_step(s);
    if (state == SQLITE_ROW) {
        *place = (follow_place){.device = sqlite3_column_int64(s, 0), .inode = sqlite3_column_int64(s, 1)};
        place->offset = (uint64_t)sqlite3_column_int64(s, 2);
        place->lines = (uint64_t)sqlite3_column_int64(s, 3);
        const char *head = (const char *)sqlite3_column_text(s, 4);
        snprintf(place->head, sizeof place->head, "%s", head ? head : "");
    } else if (state != SQLITE_DONE) {
        database_fail(&store->db, "cannot be read");
    }
    sqlite3_finalize(s);
    return state == SQLITE_ROW;
}

int incident_store_find_messages(incident_store *store, const char *cluster, const char *topic, int32_t partition,
                                 int64_t *next, tocsin_buffer *taken) {
    sqlite3_stmt *s = database_prepare(
        &store->db, "SELECT next, taken FROM messages WHERE cluster = ? AND topic = ? AND partition = ?");
    if (!s) return 0;
    sqlite3_bind_text(s, 1, cluster, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, topic, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 3, partition);
    const int state = sqlite3_step(s);
    if (state == SQLITE_ROW) {
        *next = sqlite3_column_int64(s, 0);
        text_append(taken, (const char *)sqlite3_column_text(s, 1), (size_t)sqlite3_column_bytes(s, 1));
    } else if (state != SQLITE_DONE) {
        database_fail(&store->db, "cannot be read");
    }
    sqlite3_finalize(s);
    return state == SQLITE_ROW;
}

int incident_store_load_tracker(incident_store *store, tocsin_buffer *out) {
    sqlite3_stmt *s = database_prepare(&store->db, "SELECT snapshot FROM tracker");
    if (!s) return 0;
    const int state = sqlite3_step(s);
    if (state == SQLITE_ROW) {
        text_append(out, sqlite3_column_blob(s, 0), (size_t)sqlite3_column_bytes(s, 0));
    } else if (state != SQLITE_DONE) {
        database_fail(&store->db, "cannot be read");
    }
    sqlite3_finalize(s);
    return state == SQLITE_ROW;
}

uint64_t incident_store_last_id(incident_store *store) {
    return (uint64_t)database_number(&store->db, "SELECT max(id) FROM incidents", 0);
}

void incident_store_begin(incident_store *store) { database_begin(&store->db); }

int incident_store_is_awaited(const incident_store *store) { return database_is_awaited(&store->db); }

int incident_store_is_there(incident_store *store) { return database_is_there(&store->db); }

void incident_store_put_number(incident_store *store, const char *key, int64_t value) {
    STEP(store, ROW_META, "si", key, value);
}

static void put_items(incident_store *store, const char *key, const tocsin_plan *plan,
                      const tocsin_plan_item *(*get)(const tocsin_plan *, size_t)) {
    tocsin_buffer *out = &store->text;
    out->length = 0;
    const tocsin_plan_item *item;
    for (size_t i = 0; (item = get(plan, i)) != NULL; i++) {
        text_puts(out, i ? ",{\"id\":" : "[{\"id\":");
        utf8_append_json(out, item->id, strlen(item->id));
        text_puts(out, ",\"name\":");
        utf8_append_json(out, item->name, strlen(item->name));
        text_puts(out, ",\"name_en\":");
        utf8_append_json(out, item->name_en, strlen(item->name_en));
        text_printf(out, ",\"tier\":%" PRIu32 "%s}", item->tier, item->severe ? ",\"severe\":true" : "");
    }
    text_puts(out, out->length ? "]" : "[]");
    STEP(store, ROW_FORMER, "sb", key, (tocsin_bytes){out->data, out->length});
    STEP(store, ROW_META, "sb", key, (tocsin_bytes){out->data, out->length});
}

/* Stores the plan's hours for each field of the sheet, by tier. */
static void put_deadlines(incident_store *store, const tocsin_plan *plan) {
    tocsin_buffer *out = &store->text;
    tocsin_deadline deadline;
    out->length = 0;
    for (size_t i = 0; tocsin_plan_get_deadline(plan, i, &deadline); i++) {
        text_puts(out, i ? ",{\"id\":" : "[{\"id\":");
        utf8_append_json(out, deadline.id, strlen(deadline.id));
        text_printf(out, ",\"tier\":%" PRIu32 ",\"hours\":%" PRIu32 "}", deadline.tier, deadline.hours);
    }
    text_puts(out, out->length ? "]" : "[]");
    STEP(store, ROW_META, "sb", "deadlines", (tocsin_bytes){out->data, out->length});
}

void incident_store_put_plan(incident_store *store, const tocsin_plan_info *info) {
    STEP(store, ROW_META, "ss", "plan", info->name);
    STEP(store, ROW_META, "ss", "plan_en", info->name_en);
    STEP(store, ROW_META, "ss", "plan_version", info->version);
    put_items(store, "tiers", info->plan, tocsin_plan_tier);
    put_items(store, "clauses", info->plan, tocsin_plan_clause);
    put_items(store, "routes", info->plan, tocsin_plan_route);
    put_deadlines(store, info->plan);
}

/* Rounds down, also before 1970. */
static int64_t hour_of(int64_t time) {
    if (time == TOCSIN_TIME_UNKNOWN) return 0;
    return time / HOUR_MS - (time % HOUR_MS < 0);
}

static void write_tallies(incident_store *store) {
    for (size_t i = 0; i < store->tally_count; i++) {
        const hour_tally *tally = &store->tallies[i];
        STEP(store, ROW_GRADED, "isi", tally->hour, tally->tier_id, tally->documents);
    }
    store->tally_count = store->last_tally = 0;
}

static void write_count(incident_store *store, const post_count *count) {
    const post_tally *tally = &store->counts;
    const tocsin_bytes first = post_tally_text(tally, count, 0), second = post_tally_text(tally, count, 1);
    switch (count->kind) {
        case POST_TALLY_HOUR:
            STEP(store, ROW_HOUR, "iiii", count->incident, count->hour, count->posts, count->reach);
            break;
        case POST_TALLY_PLACE: STEP(store, ROW_PLACE, "ibbi", count->incident, first, second, count->posts); break;
        case POST_TALLY_ROUTE: STEP(store, ROW_ROUTE, "ibi", count->incident, first, count->posts); break;
        case POST_TALLY_VENUE: STEP(store, ROW_VENUE, "ibi", count->incident, first, count->posts); break;
        default:
            STEP(store, ROW_WORD, "ibbbbi", count->incident, first, second, post_tally_text(tally, count, 2),
                 post_tally_text(tally, count, 3), count->posts);
    }
}

/* Writes the counts up to a kind that are not in the database yet. */
static void write_counts(incident_store *store, post_tally_kind last) {
    post_tally *tally = &store->counts;
    for (uint32_t i = 0; i < tally->count; i++) {
        post_count *count = &tally->counts[i];
        if (count->kind > last || !count->posts) continue;
        write_count(store, count);
        count->posts = count->reach = 0;
    }
    if (last == POST_TALLY_WORD) post_tally_clear(tally);
}

static void add_count(incident_store *store, post_count one, const tocsin_bytes *texts) {
    if (post_tally_add(&store->counts, &one, texts)) return;
    write_counts(store, POST_TALLY_WORD);
    (void)post_tally_add(&store->counts, &one, texts);
}

static int is_tally(const hour_tally *tally, int64_t hour, const char *tier_id) {
    return tally->hour == hour && !strncmp(tally->tier_id, tier_id, sizeof tally->tier_id - 1);
}

void incident_store_count(incident_store *store, int64_t time, const char *tier_id) {
    const int64_t hour = hour_of(time);
    size_t at = store->last_tally;
    if (at >= store->tally_count || !is_tally(&store->tallies[at], hour, tier_id)) {
        for (at = 0; at < store->tally_count && !is_tally(&store->tallies[at], hour, tier_id);) at++;
    }
    if (at == TALLIES) {
        write_tallies(store);
        at = 0;
    }
    if (at == store->tally_count) {
        store->tallies[store->tally_count++] = (hour_tally){.hour = hour};
        snprintf(store->tallies[at].tier_id, sizeof store->tallies[at].tier_id, "%s", tier_id);
    }
    store->tallies[at].documents++;
    store->last_tally = at;
}

/* How well a document describes the incident to a reader: a title, from a venue of known care. */
static int64_t worth_of(const tocsin_document *document, const tocsin_verdict *verdict) {
    static const int64_t venues[TOCSIN_VENUE_COUNT] = {
        [TOCSIN_VENUE_MAINSTREAM_SITE] = 3, [TOCSIN_VENUE_SITE] = 2, [TOCSIN_VENUE_CELEBRITY_ACCOUNT] = 1};
    if (verdict->tier == TOCSIN_TIER_NONE) return 0;
    return 1 + 4 * (document->title.length > 0) + venues[verdict->venue];
}

#define ABOUT_BYTES 300

/* The title, or the first sentence. */
static tocsin_bytes about_of(tocsin_bytes about) {
    for (size_t i = 0; i < about.length; i++) {
        const int sentence = i >= 3 && !memcmp(about.data + i - 3, "\xE3\x80\x82", 3); /* 。 */
        if (about.data[i] == '\n' || sentence) {
            about.length = i;
            break;
        }
    }
    about.length = utf8_cut(about.data, about.length, ABOUT_BYTES);
    return about;
}

static tocsin_bytes bytes_of(const char *text) { return (tocsin_bytes){text, strlen(text)}; }

/* Punctuation of CJK texts and of others, and spaces; a term may begin or end with it. */
static int is_sign(uint32_t c) {
    if (c < 0x80) return !((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'));
    return (c >= 0xA0 && c <= 0xBF) || (c >= 0x2010 && c <= 0x206F) || (c >= 0x3000 && c <= 0x3003) ||
           (c >= 0x3008 && c <= 0x301F) || (c >= 0xFF01 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) ||
           (c >= 0xFF3B && c <= 0xFF40) || (c >= 0xFF5B && c <= 0xFF65);
}

/* The words of a hit as people read them in a list: without signs at both ends, unless there is nothing else. */
static tocsin_bytes without_signs(tocsin_bytes text) {
    size_t first = 0, end = 0;
    for (size_t at = 0, next; at < text.length; at = next) {
        if (is_sign(utf8_decode(text.data, text.length, at, &next))) continue;
        if (!end) first = at;
        end = next;
    }
    return end ? (tocsin_bytes){text.data + first, end - first} : text;
}

/* For a post that is seen again, adds words that the incident does not have yet. */
static void add_words(incident_store *store, const tocsin_verdict *verdict, int64_t incident, int again) {
    for (size_t i = 0; i < verdict->evidence_count; i++) {
        const tocsin_evidence *e = tocsin_verdict_evidence(verdict, i);
        size_t before = i; /* once a document */
        while (before > 0 && (tocsin_verdict_evidence(verdict, before - 1)->clause != e->clause ||
                              tocsin_verdict_evidence(verdict, before - 1)->term.data != e->term.data)) {
            before--;
        }
        if (before) continue;
        const tocsin_bytes texts[] = {bytes_of(e->clause_id), bytes_of(e->topic_id), e->term, without_signs(e->text)};
        if (again) STEP(store, ROW_WORD_AGAIN, "ibbbb", incident, texts[0], texts[1], texts[2], texts[3]);
        if (!again) add_count(store, (post_count){.kind = POST_TALLY_WORD, .incident = incident}, texts);
    }
    for (size_t i = 0; i < verdict->place_count; i++) {
        const tocsin_named_place *place = tocsin_verdict_place(verdict, i);
        const tocsin_bytes texts[POST_TALLY_TEXTS] = {bytes_of(place->topic_id), place->term};
        if (again) STEP(store, ROW_PLACE_AGAIN, "ibb", incident, texts[0], texts[1]);
        if (!again) add_count(store, (post_count){.kind = POST_TALLY_PLACE, .incident = incident}, texts);
    }
    for (size_t i = 0; i < verdict->route_count; i++) {
        const tocsin_bytes texts[POST_TALLY_TEXTS] = {bytes_of(tocsin_verdict_route(verdict, i))};
        if (again) STEP(store, ROW_ROUTE_AGAIN, "ib", incident, texts[0]);
        if (!again) add_count(store, (post_count){.kind = POST_TALLY_ROUTE, .incident = incident}, texts);
    }
}

/* Lists the clauses that hold, and each stretch of text that made one of them hold, once. */
static void describe(incident_store *store, const tocsin_verdict *verdict) {
    tocsin_buffer *out = &store->text, *marks = &store->marks;
    out->length = marks->length = 0;
    for (size_t i = 0; i < verdict->clause_count; i++) {
        text_puts(out, i ? "," : "[");
        utf8_append_json(out, tocsin_verdict_clause(verdict, i)->id, strlen(tocsin_verdict_clause(verdict, i)->id));
    }
    text_puts(out, verdict->clause_count ? "]" : "[]");
    for (size_t i = 0; i < verdict->evidence_count; i++) {
        const tocsin_evidence *e = tocsin_verdict_evidence(verdict, i);
        size_t before = i;
        while (before > 0 && (tocsin_verdict_evidence(verdict, before - 1)->field != e->field ||
                              tocsin_verdict_evidence(verdict, before - 1)->start != e->start ||
                              tocsin_verdict_evidence(verdict, before - 1)->end != e->end)) {
            before--;
        }
        if (before) continue;
        text_printf(marks, "%s[\"%s\",%zu,%zu,", marks->length ? "," : "[", tocsin_field_name(e->field), e->start,
                    e->end);
        utf8_append_json(marks, e->text.data, e->text.length);
        text_puts(marks, "]");
    }
    text_puts(marks, marks->length ? "]" : "[]");
}

static int64_t reach_of(const tocsin_document *document) {
    return document->reach > INT64_MAX ? INT64_MAX : (int64_t)document->reach;
}

/*
 * Whether people split posts from it: few incidents are split, and only for these each new post reads the earlier ones.
 */
static int is_split(incident_store *store, int64_t incident) {
    sqlite3_stmt *s = store->statements[ROW_IS_SPLIT];
    database_bind(&store->db, s, "i", incident);
    const int found = database_row(&store->db, s);
    database_done(s);
    return found;
}

/* The incident of a post according to people's splits: the part whose posts are most like it. */
static int64_t home_of(incident_store *store, int64_t incident, const post_sketch *sketch) {
    sqlite3_stmt *s = store->statements[ROW_FIND_SPLIT];
    double stays = 0, goes = 0;
    int64_t home = incident;
    database_bind(&store->db, s, "i", incident);
    while (database_row(&store->db, s)) {
        const int64_t other = sqlite3_column_int64(s, 0);
        const tocsin_bytes lows = {sqlite3_column_blob(s, 1), (size_t)sqlite3_column_bytes(s, 1)};
        const double likeness = post_sketch_likeness(sketch, lows);
        if (other == incident) {
            stays = likeness > stays ? likeness : stays;
        } else if (likeness > goes) {
            goes = likeness;
            home = other;
        }
    }
    database_done(s);
    return goes > stays ? home : incident;
}

/* Corrects the counts if the tracker counts a post for an incident that no longer has it. */
static void put_home(incident_store *store, int64_t from, int64_t home, int64_t reach) {
    if (from != home) {
        STEP(store, ROW_MOVED, "ii", from, reach);
        STEP(store, ROW_GREW, "ii", home, reach);
        STEP(store, ROW_SPLIT_FACTS, "i", home);
    }
    STEP(store, ROW_SPLIT_FACTS, "i", from);
}

/* Counts a post for its incident. */
static void count_post(incident_store *store, int64_t incident, int64_t time, const tocsin_document *document,
                       const tocsin_verdict *verdict) {
    const tocsin_bytes none[POST_TALLY_TEXTS] = {{NULL, 0}};
    const tocsin_bytes venue[POST_TALLY_TEXTS] = {bytes_of(tocsin_venue_name(verdict->venue))};
    const post_count hour = {
        .kind = POST_TALLY_HOUR, .incident = incident, .hour = hour_of(time), .reach = reach_of(document)};
    add_count(store, hour, none);
    add_count(store, (post_count){.kind = POST_TALLY_VENUE, .incident = incident}, venue);
    add_words(store, verdict, incident, 0);
}

void incident_store_add(incident_store *store, const tocsin_document *document, const char *url,
                        const tocsin_verdict *verdict, const tocsin_tracked *tracked, incident_store_keeping keep) {
    post_sketch sketch = {0};
    const int64_t key = keep.known ? post_key(document) : 0;
    if (key) post_sketch_make(&sketch, document);
    const tocsin_bytes lows = post_sketch_bytes(&sketch);
    const int64_t from = (int64_t)tracked->incident, attached = (int64_t)tracked->attached_as;
    const int split = !attached && is_split(store, from);
    const int64_t incident = split && key ? home_of(store, from, &sketch) : from;
    const int64_t reach = reach_of(document);
    const char *venue = tocsin_venue_name(verdict->venue);
    describe(store, verdict);
    const tocsin_bytes clauses = {store->text.data, store->text.length};
    const tocsin_bytes marks = {store->marks.data, store->marks.length};
    const tocsin_bytes link = {url ? url : "", url ? strlen(url) : 0};
    const int64_t own = document->time, used = tracked->time == own ? (int64_t)TOCSIN_TIME_UNKNOWN : tracked->time;
    if (keep.text) {
        STEP(store, ROW_DOCUMENT, "ibttsbbisirbbbbiiBi", incident, document->id, own, used, venue, document->source,
             link, reach, verdict->tier_id, (int64_t)tracked->joined_by, tracked->score, clauses, marks,
             document->title, document->text, key, sketch.wording, lows, attached);
    } else {
        STEP(store, ROW_DOCUMENT, "ibttsbbisirbbssiiBi", incident, document->id, own, used, venue, document->source,
             link, reach, verdict->tier_id, (int64_t)tracked->joined_by, tracked->score, clauses, marks,
             (const char *)NULL, (const char *)NULL, key, sketch.wording, lows, attached);
    }
    if (attached) return; /* it counts nowhere else, and its places do not count for the incident */
    count_post(store, incident, tracked->time, document, verdict);
    const int64_t worth = worth_of(document, verdict);
    if (worth) STEP(store, ROW_ABOUT, "ibi", incident, about_of(tracked->said), worth);
    if (split) put_home(store, from, incident, reach);
}

/* Whether an earlier version had these words. */
static int was_version(incident_store *store, int64_t post, int64_t wording) {
    sqlite3_stmt *s = store->statements[ROW_FIND_VERSION];
    database_bind(&store->db, s, "ii", post, wording);
    const int was = database_row(&store->db, s);
    database_done(s);
    return was;
}

int incident_store_find_post(incident_store *store, const tocsin_document *document, incident_store_post *post) {
    sqlite3_stmt *s = store->statements[ROW_FIND_POST];
    post_sketch sketch;
    int found = 0, made = 0;
    const int64_t key = post_key(document);
    if (!key || !s) return 0;
    database_bind(&store->db, s, "ibb", key, document->id, document->source);
    while (!found && database_row(&store->db, s)) {
        if (!made) post_sketch_make(&sketch, document);
        made = 1;
        const int same = sqlite3_column_int64(s, 4) == sketch.wording;
        const tocsin_bytes lows = {sqlite3_column_blob(s, 5), (size_t)sqlite3_column_bytes(s, 5)};
        *post = (incident_store_post){.number = sqlite3_column_int64(s, 0),
                                      .incident = sqlite3_column_int64(s, 1),
                                      .time = database_time(s, 3),
                                      .attached = sqlite3_column_int(s, 6),
                                      .words = same ? POST_SAME_WORDS : POST_OTHER_WORDS};
        const int64_t reach = sqlite3_column_int64(s, 2), now = reach_of(document);
        post->more_reach = now > reach ? (uint64_t)(now - reach) : 0;
        if (!same && was_version(store, post->number, sketch.wording)) post->words = POST_EARLIER_WORDS;
        found = post->words != POST_OTHER_WORDS || post_sketch_is_like(&sketch, lows);
    }
    database_done(s);
    return found;
}

void incident_store_see_again(incident_store *store, const incident_store_post *post, const tocsin_document *document,
                              const tocsin_verdict *verdict, int64_t time, int with_text) {
    const int64_t more = (int64_t)post->more_reach, edited = post->words == POST_OTHER_WORDS;
    post_sketch sketch;
    write_counts(store, POST_TALLY_WORD);
    if (more) {
        STEP(store, ROW_REACH, "ii", post->number, reach_of(document));
        if (!post->attached) STEP(store, ROW_HOUR_REACH, "iii", post->incident, hour_of(post->time), more);
    }
    if (edited) STEP(store, ROW_VERSION, "it", post->number, time);
    if (post->words == POST_EARLIER_WORDS) return;
    post_sketch_make(&sketch, document);
    describe(store, verdict);
    const tocsin_bytes clauses = {store->text.data, store->text.length};
    const tocsin_bytes marks = {store->marks.data, store->marks.length}, lows = post_sketch_bytes(&sketch);
    if (with_text) {
        STEP(store, ROW_POST_AGAIN, "isbbiBbbi", post->number, verdict->tier_id, clauses, marks, sketch.wording, lows,
             document->title, document->text, edited);
    } else {
        STEP(store, ROW_POST_AGAIN, "isbbiBssi", post->number, verdict->tier_id, clauses, marks, sketch.wording, lows,
             (const char *)NULL, (const char *)NULL, edited);
    }
    if (post->attached) return;
    add_words(store, verdict, post->incident, 1);
    STEP(store, ROW_SPLIT_FACTS, "i", post->incident);
}

void incident_store_detach(incident_store *store, const incident_store_post *post, const tocsin_document *document,
                           const tocsin_verdict *verdict) {
    STEP(store, ROW_DETACH, "i", post->number);
    count_post(store, post->incident, post->time, document, verdict);
}

void incident_store_add_reach(incident_store *store, int64_t incident, uint64_t more) {
    STEP(store, ROW_INCIDENT_REACH, "ii", incident, (int64_t)more);
}

int incident_store_outgrows(incident_store *store, uint64_t incident) {
    return STEP(store, ROW_OUTGROWN, "ii", (int64_t)incident, (int64_t)OUTGROWN_FACTOR) &&
           sqlite3_changes(store->db.handle) > 0;
}

void incident_store_note(incident_store *store, const event_facts *facts, tocsin_buffer *lines) {
    write_counts(store, POST_TALLY_ROUTE);
    event_store_add(&store->events, facts, lines);
}

int64_t incident_store_last_event(incident_store *store) { return event_store_last(&store->events); }

void incident_store_put(incident_store *store, const tocsin_incident *i) {
    tocsin_buffer *out = &store->text;
    out->length = 0;
    for (uint32_t c = 0; c < i->clause_count; c++) {
        text_puts(out, c ? "," : "[");
        utf8_append_json(out, i->clauses[c], strlen(i->clauses[c]));
    }
    text_puts(out, i->clause_count ? "]" : "[]");
    const int64_t reach = i->reach > INT64_MAX ? INT64_MAX : (int64_t)i->reach;
#define COUNTS                                                                                                         \
    (int64_t) i->id, (int64_t)i->returns, (int64_t)i->tier, i->tier_id, clauses, (int64_t)i->attention,                \
        (int64_t)i->raised_by, i->raised_time, i->first_time, i->last_time, (int64_t)i->posts, reach,                  \
        (int64_t)i->attached[TOCSIN_ATTACHED_AS_ANSWER], (int64_t)i->attached[TOCSIN_ATTACHED_AS_REBUTTAL],            \
        (int64_t)i->attached[TOCSIN_ATTACHED_AS_ECHO], (int64_t)i->severe
    const tocsin_bytes clauses = {out->data, out->length};
    if (!STEP(store, ROW_INCIDENT_AGAIN, "iiisbiitttiiiiii", COUNTS)) return;
    if (!sqlite3_changes(store->db.handle)) {
        STEP(store, ROW_INCIDENT, "iiisbiitttiiiiiiss", COUNTS, i->sample, i->document);
    }
#undef COUNTS
}

void incident_store_put_number_of(incident_store *store, uint64_t incident, int64_t time) {
    STEP(store, ROW_NUMBER, "it", (int64_t)incident, time);
}

void incident_store_merge(incident_store *store, uint64_t kept, uint64_t absorbed) {
    static const char *const emptied[] = {"hours", "venues", "words", "places", "routes"};
    char sql[96];
    write_counts(store, POST_TALLY_WORD);
    for (int kind = ROW_MERGE_DOCUMENTS; kind <= ROW_MERGED; kind++) {
        STEP(store, kind, "ii", (int64_t)kept, (int64_t)absorbed);
    }
    for (size_t i = 0; i < sizeof emptied / sizeof *emptied; i++) {
        snprintf(sql, sizeof sql, "DELETE FROM %s WHERE incident = %" PRIu64, emptied[i], absorbed);
        database_run(&store->db, sql);
    }
}

void incident_store_put_feed(incident_store *store, const char *path, const follow_place *place) {
    STEP(store, ROW_FEED, "siiiis", path, place->device, place->inode, (int64_t)place->offset, (int64_t)place->lines,
         place->head);
}

void incident_store_put_messages(incident_store *store, const char *cluster, const char *topic, int32_t partition,
                                 int64_t next, const char *taken) {
    STEP(store, ROW_MESSAGES, "ssiis", cluster, topic, (int64_t)partition, next, taken);
}

void incident_store_put_tracker(incident_store *store, tocsin_bytes snapshot) {
    STEP(store, ROW_TRACKER, "B", snapshot);
}

int incident_store_commit(incident_store *store) {
    write_tallies(store);
    write_counts(store, POST_TALLY_WORD);
    return database_is_there(&store->db) ? database_commit(&store->db) : (database_rollback(&store->db), 0);
}
