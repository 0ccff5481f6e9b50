/*
 * The state of an incident is computed from the actions each time, so no stored row can contradict them. Views of the
 * database would do the same for other programs, but they would need a new version of the database.
 */
#include "store/desk_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <tocsin/document.h>

#include "feed/tool_clock.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "store/desk_split.h"
#include "store/event_store.h"

static const char *const kinds[DESK_KIND_COUNT] = {"acknowledge", "assign", "close", "false_alarm",
                                                   "merge",       "split",  "note",  "set"};

/* The part of a typed text that a message shows, for %.*s. */
#define SHOWN(text) (int)utf8_cut(text, strlen(text), 60), text

/* The last one is the tier that would have been right. */
static const char *const fields[] = {"link",     "unit",     "person",      "stage",  "responsible",
                                     "deadline", "verified", "instruction", "answer", "result",
                                     "answered", "briefing", "approved",    "tier",   NULL};
static const char *const stages[DESK_STAGES][2] = {{"首报", "first"}, {"续报", "follow-up"}, {"终报", "final"}};

const char *desk_kind_name(desk_kind kind) { return kinds[kind]; }

const char *desk_stage_name(int stage, int english) { return stages[stage][english != 0]; }

int desk_stage_of(const char *text) {
    for (int stage = 0; stage < DESK_STAGES; stage++) {
        if (!strcmp(text, stages[stage][0]) || !strcmp(text, stages[stage][1])) return stage;
    }
    return -1;
}

const char *desk_field_name(size_t i) { return i < sizeof fields / sizeof *fields ? fields[i] : NULL; }

/*
 * Whether a character takes no room on a screen or looks like a space: two names that differ only in it look the same.
 */
static int is_unseen(uint32_t c) {
    static const uint32_t ranges[][2] = {{0xA0, 0xA0},       {0xAD, 0xAD},       {0x34F, 0x34F},    {0x115F, 0x1160},
                                         {0x17B4, 0x17B5},   {0x180B, 0x180E},   {0x2000, 0x200F},  {0x202F, 0x202F},
                                         {0x205F, 0x2064},   {0x206A, 0x206F},   {0x2800, 0x2800},  {0x3000, 0x3000},
                                         {0x3164, 0x3164},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},  {0xFFA0, 0xFFA0},
                                         {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (c >= ranges[i][0] && c <= ranges[i][1]) return 1;
    }
    return 0;
}

static int has_unseen(const char *text, size_t length) {
    for (size_t at = 0, next; at < length; at = next) {
        if (is_unseen(utf8_decode(text, length, at, &next))) return 1;
    }
    return 0;
}

/* Characters that control a terminal, hide or reorder text are not allowed in a name. */
static int is_plain(const char *text, size_t length) {
    tocsin_buffer shown;
    tocsin_buffer_init(&shown, NULL);
    utf8_append_visible(&shown, text, length, 0);
    const int plain = shown.length == length && !memcmp(shown.data, text, length);
    tocsin_buffer_release(&shown);
    return plain;
}

static desk_result check_name(database *db, const char *what, const char *name) {
    const size_t length = strlen(name);
    if (!length || strspn(name, " \t") == length) return desk_refuse(db, "%s needs a name", what);
    if (length > DESK_MOST_NAME) return desk_refuse(db, "%s: a name has at most %d bytes", what, DESK_MOST_NAME);
    if (name[0] == ' ' || name[length - 1] == ' ') {
        return desk_refuse(db, "%s: a name does not begin or end with a space", what);
    }
    if (is_plain(name, length) && !has_unseen(name, length)) return DESK_DONE;
    return desk_refuse(db, "%s: the name has invisible characters, or is not UTF-8", what);
}

static int is_tier(database *db, const char *tier) {
    sqlite3_stmt *s = database_prepare(db, "SELECT 1 FROM meta, json_each(meta.value) AS j WHERE meta.key = 'tiers' AND"
                                           " j.value ->> 'id' = ?1 UNION ALL SELECT 1 WHERE ?1 = 'none'");
    database_bind(db, s, "s", tier);
    const int found = database_row(db, s);
    sqlite3_finalize(s);
    return found;
}

static int is_one_of(const char *text, const char *const *names) {
    while (*names && strcmp(*names, text) != 0) names++;
    return *names != NULL;
}

/* A valid time for a deadline. */
static int is_time(database *db, const char *text) {
    sqlite3_stmt *s = database_prepare(db, "SELECT unixepoch(?1, 'utc') IS NOT NULL AND ?1 GLOB"
                                           " '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'");
    database_bind(db, s, "s", text);
    const int is = database_row(db, s) && sqlite3_column_int(s, 0);
    sqlite3_finalize(s);
    return is;
}

static desk_result check_field(database *db, const desk_action *action) {
    if (!is_one_of(action->field, fields)) {
        tocsin_buffer names;
        tocsin_buffer_init(&names, NULL);
        for (size_t i = 0; fields[i]; i++) text_printf(&names, "%s%s", i ? ", " : "", fields[i]);
        desk_refuse(db, "a sheet has no field \"%.*s\"; it has %s", SHOWN(action->field), names.data);
        tocsin_buffer_release(&names);
        return DESK_REFUSED;
    }
    if (!strcmp(action->field, "stage") && *action->detail && desk_stage_of(action->detail) < 0) {
        return desk_refuse(db, "stage is 首报, 续报 or 终报 (first, follow-up, final), not \"%.*s\"",
                           SHOWN(action->detail));
    }
    if (!strcmp(action->field, "deadline") && *action->detail && !is_time(db, action->detail)) {
        return desk_refuse(db, "deadline is a time as 2026-11-26 18:00, not \"%.*s\"", SHOWN(action->detail));
    }
    if (strcmp(action->field, "tier") != 0 || is_tier(db, action->detail)) return DESK_DONE;
    return db->failed ? DESK_FAILED : desk_refuse(db, "the plan has no tier \"%.*s\"", SHOWN(action->detail));
}

static desk_result check_action(database *db, const desk_action *a) {
    const size_t length = strlen(a->detail);
    desk_result result = check_name(db, "who acts", a->who);
    if (result == DESK_DONE && a->kind == DESK_ASSIGN) result = check_name(db, "who is to act", a->detail);
    if (result != DESK_DONE) return result;
    if (length > DESK_MOST_DETAIL) {
        return desk_refuse(db, "%zu bytes are too many; at most %d are kept, and nothing was", length,
                           DESK_MOST_DETAIL);
    }
    if (utf8_valid_prefix(a->detail, length) != length) return desk_refuse(db, "the text is not UTF-8");
    if (a->kind == DESK_NOTE && strspn(a->detail, " \t\r\n") == length) return desk_refuse(db, "a note says something");
    return a->kind == DESK_SET ? check_field(db, a) : DESK_DONE;
}

/* Looks up one number by another; 0 if there is none. */
static int64_t ask(database *db, const char *sql, int64_t about) {
    sqlite3_stmt *s = database_prepare(db, sql);
    database_bind(db, s, "i", about);
    const int64_t found = database_row(db, s) ? sqlite3_column_int64(s, 0) : 0;
    sqlite3_finalize(s);
    return found;
}

static int64_t shown_in(database *db, int64_t incident) {
    return ask(db, "SELECT shown_in FROM incidents WHERE id = ?1", incident);
}

static void change(database *db, const char *sql, int64_t a, int64_t b) {
    sqlite3_stmt *s = database_prepare(db, sql);
    database_step(db, s, "ii", a, b);
    sqlite3_finalize(s);
}

/* Finds incidents for which the action makes no sense; *shown and *other are the incidents as they are shown. */
static desk_result find_incidents(database *db, const desk_action *a, int64_t *shown, int64_t *other) {
    *shown = shown_in(db, a->incident);
    *other = a->kind == DESK_MERGE ? shown_in(db, a->other) : 0;
    if (db->failed) return DESK_FAILED;
    if (!*shown) return desk_refuse(db, "there is no incident %" PRId64, a->incident);
    if (a->kind == DESK_MERGE && !*other) return desk_refuse(db, "there is no incident %" PRId64, a->other);
    if (*shown == *other)
        return desk_refuse(db, "%" PRId64 " and %" PRId64 " are one incident already", a->incident, a->other);
    if (a->kind == DESK_SPLIT && *a->detail) return DESK_DONE;
    if (a->kind == DESK_SPLIT && *shown == a->incident) {
        return desk_refuse(db,
                           "incident %" PRId64 " is shown by itself; split takes one that was merged into another, or"
                           " posts",
                           a->incident);
    }
    if (a->kind == DESK_SPLIT && !ask(db, "SELECT posts FROM incidents WHERE id = ?1", a->incident)) {
        return desk_refuse(db,
                           "the posts of incident %" PRId64 " are those of %" PRId64 " now: the watcher merged them",
                           a->incident, *shown);
    }
    return DESK_DONE;
}

/* Applies the action's effects on the watcher and on what is shown. */
static void apply(database *db, const desk_action *a, int64_t shown, int64_t other) {
    static const char quiet[] =
        "UPDATE incidents SET quiet_posts = (SELECT sum(posts) FROM incidents AS g WHERE g.shown_in = ?1), quiet_tier"
        " = (SELECT tier_id FROM incidents AS g WHERE g.shown_in = ?1 ORDER BY tier DESC LIMIT 1) WHERE shown_in = ?1"
        " AND ?2 = 0";
    static const char loud[] =
        "UPDATE incidents SET quiet_posts = 0, quiet_tier = '' WHERE shown_in = ?1 AND ?2 = 0 AND quiet_posts > 0";
    switch (a->kind) {
        case DESK_ACKNOWLEDGE:
        case DESK_CLOSE: change(db, loud, shown, 0); break;
        case DESK_FALSE_ALARM: change(db, quiet, shown, 0); break;
        case DESK_MERGE: change(db, "UPDATE incidents SET shown_in = ?2 WHERE shown_in = ?1", shown, other); break;
        case DESK_SPLIT:
            if (*a->detail) break; /* its posts have been moved already */
            change(db, "UPDATE incidents SET shown_in = id WHERE id = ?1 AND ?2 = 0", a->incident, 0);
            break;
        default: break;
    }
}

static int64_t find_form(database *db, const char *form) {
    sqlite3_stmt *s = form ? database_prepare(db, "SELECT number FROM actions WHERE form = ?1") : NULL;
    database_bind(db, s, "s", form);
    const int64_t number = database_row(db, s) ? sqlite3_column_int64(s, 0) : 0;
    sqlite3_finalize(s);
    return number;
}

static int64_t write_action(database *db, const desk_action *a, int64_t shown, int64_t other) {
    sqlite3_stmt *s =
        database_prepare(db, "INSERT INTO actions (incident, kind, who, time, detail, field, other, event, form) VALUES"
                             " (?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT coalesce(max(number), 0) FROM events), ?8)");
    database_step(db, s, "ississis", a->kind == DESK_SPLIT ? a->incident : shown, kinds[a->kind], a->who, tool_now(),
                  a->detail, a->field ? a->field : "", other, a->form);
    sqlite3_finalize(s);
    return sqlite3_last_insert_rowid(db->handle);
}

desk_result desk_check(database *db, const desk_action *action) {
    desk_action a = *action;
    int64_t shown, other;
    if (!a.detail) a.detail = "";
    const desk_result result = check_action(db, &a);
    return result == DESK_DONE ? find_incidents(db, &a, &shown, &other) : result;
}

desk_result desk_add(database *db, const desk_action *action, int64_t *number) {
    desk_action a = *action;
    int64_t shown = 0, other = 0;
    if (!a.detail) a.detail = "";
    desk_result result = check_action(db, &a);
    if (result != DESK_DONE) return result;
    if (!database_begin(db)) return DESK_FAILED;
    const int64_t before = find_form(db, a.form);
    if (before) {
        database_rollback(db);
        *number = before;
        return DESK_REPEATED;
    }
    result = find_incidents(db, &a, &shown, &other);
    if (result == DESK_DONE && a.kind == DESK_SPLIT && *a.detail) {
        result = desk_split_posts(db, shown, a.detail, &a.incident, &other);
    }
    if (result != DESK_DONE) {
        database_rollback(db);
        return result;
    }
    const int64_t written = write_action(db, &a, shown, other);
    apply(db, &a, shown, other);
    if (!database_commit(db)) return DESK_FAILED;
    *number = written;
    return DESK_DONE;
}
