#ifndef TOCSIN_TOOLS_DATABASE_H
#define TOCSIN_TOOLS_DATABASE_H

/*
 * SQLite for this tool; only files of this folder include it. A database remembers its first failure, and later calls
 * do nothing. So a caller tests once, before it uses the results.
 */

#include <stdint.h>

#include <sqlite3.h>

#include <tocsin/bytes.h>

#define DATABASE_APPLICATION 0x74637369 /* "tcsi", in the header of the file */
#define DATABASE_MOST_KEPT 24           /* statements of database_kept in one program */
#define DATABASE_VERSION 5              /* of the tables, see docs/DATABASE.md */

/* Called each second while another program holds the database; 0 gives up. */
typedef int (*database_waiting)(void *context, double seconds);

typedef struct database {
    sqlite3 *handle;
    char *path;
    int file; /* descriptors of the database itself and of FILE.lock, or -1 */
    int lock;
    database_waiting waiting; /* NULL: gives up after half a minute */
    void *waiting_context;
    double waits_since; /* seconds of the clock; 0: it is not waiting */
    double told;        /* time of the last call */
    struct {
        const char *sql;
        sqlite3_stmt *statement;
    } kept[DATABASE_MOST_KEPT]; /* of database_kept; the first kept_count */
    int kept_count;
    int failed;
    char problem[512]; /* the reason of a failure or a refusal, without the path */
} database;

typedef enum database_mode {
    DATABASE_READ,  /* nothing is written, not even beside the file */
    DATABASE_ACT,   /* for decisions of people, beside a watcher */
    DATABASE_WATCH, /* makes the file if there is none; only one process at a time, by whatever name it opens it */
    DATABASE_NOTIFY /* as DATABASE_ACT; only one process at a time */
} database_mode;

/*
 * 0 with problem filled in if the database cannot be used; close it in any case. A process may open a database only
 * once in mode DATABASE_WATCH or DATABASE_NOTIFY.
 */
int database_open(database *db, const char *path, database_mode mode);
void database_close(database *db);

/* Sets the function that is called during a wait; NULL: none. */
void database_set_waiting(database *db, database_waiting waiting, void *context);

/* Begins a transaction that writes. It waits for other transactions; a watcher lets a waiting program in. */
int database_begin(database *db);

/* 0 if the transaction was not stored. */
int database_commit(database *db);
void database_rollback(database *db);

/* Whether another program waits to write. */
int database_is_awaited(const database *db);

/* Whether the file still has its name; otherwise notes that it is gone. */
int database_is_there(database *db);

/* Runs statements that have no result. */
int database_run(database *db, const char *sql);

/* NULL when it failed. */
sqlite3_stmt *database_prepare(database *db, const char *sql);

/*
 * The same for a statement that is run again and again: it is prepared once and belongs to the database. `sql` must be
 * the same constant each time. After reading rows, call database_done, so that no transaction stays open.
 */
sqlite3_stmt *database_kept(database *db, const char *sql);
void database_done(sqlite3_stmt *statement);

/*
 * Runs a prepared statement with these values, one letter of `types` each: i int64_t, r double, t a time in
 * milliseconds (NULL if it is TOCSIN_TIME_UNKNOWN), s const char * or NULL, b tocsin_bytes as text, B tocsin_bytes as a
 * blob; and makes it ready to run again.
 */
int database_step(database *db, sqlite3_stmt *statement, const char *types, ...);

/* The next row of a query whose values are bound; 0 at the end, or after a failure, which is noted. */
int database_row(database *db, sqlite3_stmt *statement);

/* A column as text, which the caller frees, "" for NULL; as a time. */
char *database_text(sqlite3_stmt *statement, int column);
int64_t database_time(sqlite3_stmt *statement, int column);

/* Binds values as database_step does. */
void database_bind(database *db, sqlite3_stmt *statement, const char *types, ...);

/* The number that a query returns; `otherwise` if it returns none. */
int64_t database_number(database *db, const char *sql, int64_t otherwise);

/* Notes SQLite's error message; returns 0. */
int database_fail(database *db, const char *doing);

#endif
