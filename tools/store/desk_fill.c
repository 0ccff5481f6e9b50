/* Reads sheets that come back as JSON. SQLite parses it, so nothing in this folder needs a JSON parser. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "store/desk_sql.h"
#include "store/desk_store.h"

/* Members of a sheet that people do not fill in. */
#define FIXED                                                                                                          \
    "('incident', 'number', 'returns', 'first_seen', 'last_seen', 'tier', 'clauses', 'about', 'source', 'places',"     \
    " 'venues', 'posts', 'reach', 'attention', 'raised_by', 'course', 'words', 'routes', 'deadlines', 'history',"      \
    " 'state', 'assigned', 'over')"

/* For each sheet, the members that people fill in: incident, name, type and text. */
static const char select_members[] =
    "WITH sheets (sheet) AS (SELECT iif(json_type(?1) = 'array', s.value, ?1) FROM json_each(iif(json_type(?1) ="
    " 'array', ?1, '[0]')) AS s) SELECT sheet ->> 'incident', m.key, m.type, m.value FROM sheets, json_each(sheet) AS m"
    " WHERE m.key NOT IN " FIXED;

static const char select_current[] =
    DESK_CHAIN " SELECT 1 FROM " DESK_FIELDS " WHERE field = ?2 AND detail = ?3 UNION ALL SELECT 1 FROM documents WHERE"
               " ?2 = 'link' AND url = ?3 AND incident IN chain UNION ALL SELECT 1 WHERE ?3 = '' AND NOT EXISTS (SELECT"
               " 1 FROM " DESK_FIELDS " WHERE field = ?2)";

typedef struct filling {
    int64_t incident;
    char *field, *text;
} filling;

typedef struct fillings {
    filling *items;
    size_t count;
} fillings;

/* Whether the sheet already has this text. */
static int is_current(database *db, int64_t incident, const char *field, const char *text) {
    sqlite3_stmt *s = database_prepare(db, select_current);
    database_bind(db, s, "iss", incident, field, text);
    const int is = database_row(db, s);
    sqlite3_finalize(s);
    return is;
}

static int holds(database *db, const char *sql, const char *json) {
    sqlite3_stmt *s = database_prepare(db, sql);
    database_bind(db, s, "s", json);
    const int is = database_row(db, s) && sqlite3_column_int(s, 0);
    sqlite3_finalize(s);
    return is;
}

static int is_json(database *db, const char *json) {
    return holds(db, "SELECT json_valid(?1)", json) &&
           holds(db,
                 "SELECT json_type(?1) = 'object' OR (json_type(?1) = 'array' AND NOT EXISTS (SELECT 1 FROM"
                 " json_each(?1) WHERE type <> 'object'))",
                 json);
}

static desk_result read_all(database *db, const char *json, fillings *all) {
    desk_result result = DESK_DONE;
    if (!is_json(db, json)) {
        return db->failed ? DESK_FAILED : desk_refuse(db, "it is not the JSON of a sheet or of an array of sheets");
    }
    sqlite3_stmt *s = database_prepare(db, select_members);
    database_bind(db, s, "s", json);
    while (result == DESK_DONE && database_row(db, s)) {
        char *field = database_text(s, 1), *type = database_text(s, 2), *text = database_text(s, 3);
        const int64_t incident = sqlite3_column_int64(s, 0);
        size_t f = 0;
        while (desk_field_name(f) && strcmp(desk_field_name(f), field) != 0) f++;
        if (incident <= 0) {
            result = desk_refuse(db, "a sheet has no number of an incident");
        } else if (!desk_field_name(f)) {
            result = desk_refuse(db, "a sheet has no member \"%.*s\"", (int)utf8_cut(field, strlen(field), 60), field);
        } else if (strcmp(type, "text") != 0) {
            result = desk_refuse(db, "the member \"%.*s\" is not text", (int)utf8_cut(field, strlen(field), 60), field);
        } else if (!is_current(db, incident, field, text)) {
            all->items = tool_reallocate(all->items, all->count + 1, sizeof *all->items);
            all->items[all->count++] = (filling){incident, field, text};
            field = text = NULL;
        }
        tool_free(field);
        tool_free(type);
        tool_free(text);
    }
    sqlite3_finalize(s);
    return db->failed ? DESK_FAILED : result;
}

desk_result desk_fill(database *db, const char *json, const char *who, int64_t *set) {
    fillings all = {0};
    int64_t number;
    *set = 0;
    desk_result result = read_all(db, json, &all);
    for (int written = 0; written < 2; written++) { /* the first round checks all, the second writes */
        for (size_t i = 0; i < all.count && result == DESK_DONE; i++) {
            const filling *one = &all.items[i];
            const desk_action action = {DESK_SET, one->incident, who, one->text, one->field, 0, NULL};
            result = written ? desk_add(db, &action, &number) : desk_check(db, &action);
            *set += written && result == DESK_DONE;
        }
    }
    for (size_t i = 0; i < all.count; i++) {
        tool_free(all.items[i].field);
        tool_free(all.items[i].text);
    }
    tool_free(all.items);
    return result;
}
