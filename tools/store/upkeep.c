/*
 * Incidents are removed in portions, so that a watcher never waits long. Incidents that are shown as one are removed
 * together: either all parts are old, or none is removed.
 */
#include "store/upkeep.h"

#include <tocsin/document.h>

#define AT_ONCE "50"
#define HOUR_MS 3600000

static const char choose[] =
    "INSERT INTO temp.gone (id) SELECT id FROM incidents WHERE shown_in IN (SELECT shown_in FROM incidents GROUP BY"
    " shown_in HAVING max(last_time) < ?1 AND count(last_time) = count(*) ORDER BY 1 LIMIT " AT_ONCE ")";

#define OF_GONE " WHERE incident IN (SELECT id FROM temp.gone)"

static const char take_out[] = "DELETE FROM outbox WHERE event IN (SELECT number FROM events" OF_GONE ");"
                               "DELETE FROM deliveries" OF_GONE ";"
                               "DELETE FROM events" OF_GONE ";"
                               "DELETE FROM versions WHERE document IN (SELECT number FROM documents" OF_GONE ");"
                               "DELETE FROM documents" OF_GONE ";"
                               "DELETE FROM hours" OF_GONE ";"
                               "DELETE FROM venues" OF_GONE ";"
                               "DELETE FROM words" OF_GONE ";"
                               "DELETE FROM places" OF_GONE ";"
                               "DELETE FROM routes" OF_GONE ";"
                               "DELETE FROM incidents WHERE id IN (SELECT id FROM temp.gone);"
                               "DELETE FROM temp.gone";

int64_t upkeep_now(database *db) {
    return database_number(db, "SELECT value FROM meta WHERE key = 'now'", TOCSIN_TIME_UNKNOWN);
}

int upkeep_prune(database *db, int64_t before, int64_t *incidents) {
    int64_t chosen = 1;
    *incidents = 0;
    database_run(db, "CREATE TEMP TABLE gone (id INTEGER PRIMARY KEY)");
    sqlite3_stmt *next = database_prepare(db, choose);
    sqlite3_stmt *hours = database_prepare(db, "DELETE FROM graded WHERE hour < ?1 AND hour <> 0");
    while (chosen && database_begin(db)) {
        database_step(db, next, "i", before);
        chosen = sqlite3_changes(db->handle);
        if (chosen) {
            database_run(db, take_out);
        } else {
            database_step(db, hours, "i", before / HOUR_MS);
        }
        if (!database_commit(db)) break;
        *incidents += chosen;
    }
    sqlite3_finalize(next);
    sqlite3_finalize(hours);
    return !db->failed;
}

int upkeep_copy(database *db, const char *path) {
    sqlite3_stmt *copy = database_prepare(db, "VACUUM INTO ?1");
    database_step(db, copy, "s", path);
    sqlite3_finalize(copy);
    return !db->failed;
}
