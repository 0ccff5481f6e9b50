/* Each step turns the tables of one version into those of the next. A step that was released is never changed. */
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
    /* How far the partitions of topics were read, and which later offsets were already taken. */
    "CREATE TABLE messages (cluster TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL,"
    " next INTEGER NOT NULL, taken TEXT NOT NULL, PRIMARY KEY (cluster, topic, partition)) WITHOUT ROWID;",
    /*
     * Events, formerly the timeline, with a number that is never reused; the outbox; people's decisions; who was
     * notified of what. A post has its link and, of its verdict, only the clauses and the marked words.
     */
    "CREATE TABLE events (number INTEGER PRIMARY KEY AUTOINCREMENT, incident INTEGER NOT NULL REFERENCES incidents,"
    " time INTEGER, kind TEXT NOT NULL, detail TEXT NOT NULL, muted INTEGER NOT NULL DEFAULT 0,"
    " facts TEXT NOT NULL DEFAULT '{}');"
    "CREATE INDEX events_of_incident ON events (incident);"
    "INSERT INTO events (number, incident, time, kind, detail) SELECT number, incident, time, kind, detail FROM"
    " timeline ORDER BY number;"
    "DROP TABLE timeline;"
    "CREATE TABLE outbox (number INTEGER PRIMARY KEY AUTOINCREMENT, event INTEGER NOT NULL UNIQUE REFERENCES events,"
    " incident INTEGER NOT NULL, created INTEGER NOT NULL);"
    "CREATE TABLE channels (channel TEXT PRIMARY KEY, outbox INTEGER NOT NULL, digest INTEGER NOT NULL DEFAULT 0)"
    " WITHOUT ROWID;"
    "CREATE TABLE deliveries (number INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, incident INTEGER NOT"
    " NULL, kind TEXT NOT NULL, event INTEGER NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, "
    "repeats INTEGER NOT NULL DEFAULT 0,"
    " created INTEGER NOT NULL, due INTEGER NOT NULL, ended INTEGER, reason TEXT NOT NULL DEFAULT '',"
    " message TEXT NOT NULL DEFAULT '');"
    "CREATE INDEX deliveries_of_incident ON deliveries (incident);"
    "CREATE INDEX deliveries_by_state ON deliveries (state, channel, due);"
    "CREATE TABLE actions (number INTEGER PRIMARY KEY AUTOINCREMENT, incident INTEGER NOT NULL, kind TEXT NOT NULL,"
    " who TEXT NOT NULL, time INTEGER NOT NULL, detail TEXT NOT NULL DEFAULT '', field TEXT NOT NULL DEFAULT '',"
    " other INTEGER NOT NULL DEFAULT 0, event INTEGER NOT NULL DEFAULT 0, form TEXT UNIQUE);"
    "CREATE INDEX actions_of_incident ON actions (incident);"
    "INSERT INTO actions (incident, kind, who, time, detail, field) SELECT incident, 'set', '', 0, verified,"
    " 'verified' FROM sheets WHERE verified <> '' UNION ALL SELECT incident, 'set', '', 0, answer, 'answer' FROM"
    " sheets WHERE answer <> '' UNION ALL SELECT incident, 'set', '', 0, approved, 'approved' FROM sheets WHERE"
    " approved <> '';"
    "DROP TABLE sheets;"
    "CREATE TRIGGER actions_stay BEFORE DELETE ON actions BEGIN SELECT raise(ABORT, 'actions are only added'); END;"
    "CREATE TRIGGER actions_stay_as_they_are BEFORE UPDATE ON actions BEGIN SELECT raise(ABORT, 'actions are only"
    " added'); END;"
    "ALTER TABLE incidents ADD COLUMN shown_in INTEGER NOT NULL DEFAULT 0;"
    "UPDATE incidents SET shown_in = id;"
    "CREATE INDEX incidents_shown_in ON incidents (shown_in);"
    "ALTER TABLE incidents ADD COLUMN quiet_posts INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE incidents ADD COLUMN quiet_tier TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE words ADD COLUMN written TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE documents ADD COLUMN url TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE documents ADD COLUMN clauses TEXT NOT NULL DEFAULT '[]';"
    "ALTER TABLE documents ADD COLUMN marks TEXT NOT NULL DEFAULT '[]';"
    "UPDATE documents SET clauses = coalesce(json_extract(verdict, '$.clauses'), '[]'), marks = coalesce((SELECT"
    " json_group_array(json_array(field, start, end, text)) FROM (SELECT DISTINCT value ->> 'field' AS field,"
    " value ->> 'start' AS start, value ->> 'end' AS end, value ->> 'text' AS text FROM"
    " json_each(verdict, '$.evidence') ORDER BY 1 DESC, 2, 3)), '[]') WHERE json_valid(verdict);"
    "ALTER TABLE documents DROP COLUMN verdict;"
    "CREATE INDEX IF NOT EXISTS feeds_by_inode ON feeds (inode);"
    /* The time that counts for a post, beside its own; the number that people use for an incident. */
    "ALTER TABLE documents ADD COLUMN time_used INTEGER;"
    "ALTER TABLE documents ADD COLUMN score REAL NOT NULL DEFAULT 0;"
    /* The data by which a post is recognised when it is seen again, and its earlier texts. */
    "ALTER TABLE documents ADD COLUMN key INTEGER;"
    "ALTER TABLE documents ADD COLUMN wording INTEGER;"
    "ALTER TABLE documents ADD COLUMN sketch BLOB;"
    "CREATE INDEX documents_by_key ON documents (key) WHERE key IS NOT NULL;"
    "CREATE TABLE versions (document INTEGER NOT NULL REFERENCES documents, version INTEGER NOT NULL,"
    " replaced INTEGER, wording INTEGER NOT NULL, tier_id TEXT NOT NULL, clauses TEXT NOT NULL, marks TEXT NOT NULL,"
    " title TEXT, text TEXT, PRIMARY KEY (document, version)) WITHOUT ROWID;"
    /* Posts that people split from an incident: how many the tracker still counts for it, and where they are now. */
    "ALTER TABLE incidents ADD COLUMN moved_posts INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE incidents ADD COLUMN moved_reach INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE incidents ADD COLUMN split_from INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX incidents_split_from ON incidents (split_from) WHERE split_from > 0;"
    "ALTER TABLE incidents ADD COLUMN number TEXT NOT NULL DEFAULT '';"
    "UPDATE incidents SET number = coalesce(strftime('%Y%m%d-', first_time / 1000, 'unixepoch', 'localtime'), '') ||"
    " id;",
    /* Documents attached to an incident; whether the tier was severe. */
    "ALTER TABLE documents ADD COLUMN attached INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE incidents ADD COLUMN answers INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE incidents ADD COLUMN rebuttals INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE incidents ADD COLUMN echoes INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE incidents ADD COLUMN severe INTEGER NOT NULL DEFAULT 0;"
    "UPDATE incidents SET severe = coalesce(tier_id = (SELECT json_extract(value, '$[#-1].id') FROM meta WHERE key ="
    " 'tiers'), 0);",
};

_Static_assert(sizeof steps / sizeof *steps == DATABASE_VERSION, "a step for each version");

int schema_migrate(database *db) {
    char mark[96];
    int64_t version = database_number(db, "PRAGMA user_version", 0);
    if (version == DATABASE_VERSION) return !db->failed;
    database_begin(db);
    for (; version < DATABASE_VERSION; version++) database_run(db, steps[version]);
    snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d", DATABASE_APPLICATION,
             DATABASE_VERSION);
    database_run(db, mark);
    return database_commit(db);
}
