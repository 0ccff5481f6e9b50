/* Each step makes the tables of one version of those before. A step that was released is never changed. */
#include "store/schema.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const steps[] = {
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE incidents (id INTEGER PRIMARY KEY, returns INTEGER, tier INTEGER NOT NULL, tier_id TEXT NOT NULL,"
    " clauses TEXT NOT NULL, attention INTEGER NOT NULL, raised_by INTEGER NOT NULL, raised_time INTEGER,"
    " first_time INTEGER, last_time INTEGER, posts INTEGER NOT NULL, reach INTEGER NOT NULL,"
    " about TEXT NOT NULL, about_worth INTEGER NOT NULL, first_document TEXT NOT NULL);"
    "CREATE TABLE documents (number INTEGER PRIMARY KEY, incident INTEGER NOT NULL REFERENCES incidents,"
    " id TEXT NOT NULL, time INTEGER, venue TEXT NOT NULL, source TEXT NOT NULL, reach INTEGER NOT NULL,"
    " tier_id TEXT NOT NULL, joined_by INTEGER NOT NULL, verdict TEXT NOT NULL, title TEXT, text TEXT);"
    "CREATE INDEX documents_of_incident ON documents (incident);"
    "CREATE TABLE timeline (number INTEGER PRIMARY KEY, incident INTEGER NOT NULL REFERENCES incidents, time INTEGER,"
    " kind TEXT NOT NULL, detail TEXT NOT NULL);"
    "CREATE INDEX timeline_of_incident ON timeline (incident);"
    "CREATE TABLE hours (incident INTEGER NOT NULL, hour INTEGER NOT NULL, posts INTEGER NOT NULL, reach INTEGER NOT"
    " NULL, PRIMARY KEY (incident, hour)) WITHOUT ROWID;"
    "CREATE TABLE venues (incident INTEGER NOT NULL, venue TEXT NOT NULL, posts INTEGER NOT NULL,"
    " PRIMARY KEY (incident, venue)) WITHOUT ROWID;"
    "CREATE TABLE words (incident INTEGER NOT NULL, clause TEXT NOT NULL, topic TEXT NOT NULL, term TEXT NOT NULL,"
    " posts INTEGER NOT NULL, PRIMARY KEY (incident, clause, topic, term)) WITHOUT ROWID;"
    "CREATE TABLE places (incident INTEGER NOT NULL, topic TEXT NOT NULL, term TEXT NOT NULL, posts INTEGER NOT NULL,"
    " PRIMARY KEY (incident, topic, term)) WITHOUT ROWID;"
    "CREATE TABLE routes (incident INTEGER NOT NULL, route TEXT NOT NULL, posts INTEGER NOT NULL,"
    " PRIMARY KEY (incident, route)) WITHOUT ROWID;"
    "CREATE TABLE graded (hour INTEGER NOT NULL, tier_id TEXT NOT NULL, documents INTEGER NOT NULL,"
    " PRIMARY KEY (hour, tier_id)) WITHOUT ROWID;"
    "CREATE TABLE feeds (path TEXT PRIMARY KEY, device INTEGER NOT NULL, inode INTEGER NOT NULL, offset INTEGER NOT"
    " NULL, lines INTEGER NOT NULL, head TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE tracker (number INTEGER PRIMARY KEY CHECK (number = 1), snapshot BLOB NOT NULL);",
    /* What people fill in on the handling sheet of an incident. */
    "CREATE TABLE sheets (incident INTEGER PRIMARY KEY REFERENCES incidents, verified TEXT NOT NULL DEFAULT '',"
    " answer TEXT NOT NULL DEFAULT '', approved TEXT NOT NULL DEFAULT '');",
    /* How far the partitions of topics were read, and which offsets from there on were taken already. */
    "CREATE TABLE messages (cluster TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL,"
    " next INTEGER NOT NULL, taken TEXT NOT NULL, PRIMARY KEY (cluster, topic, partition)) WITHOUT ROWID;",
};

_Static_assert(sizeof steps / sizeof *steps == DATABASE_VERSION, "a step for each version");

int schema_migrate(database *db) {
    char mark[96];
    int64_t version = database_number(db, "PRAGMA user_version", 0);
    if (version == DATABASE_VERSION) return !db->failed;
    database_run(db, "BEGIN IMMEDIATE");
    for (; version < DATABASE_VERSION; version++) database_run(db, steps[version]);
    snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d", DATABASE_APPLICATION,
             DATABASE_VERSION);
    database_run(db, mark);
    return database_run(db, "COMMIT");
}
