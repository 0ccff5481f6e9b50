#ifndef TOCSIN_TOOLS_DATABASE_H
#define TOCSIN_TOOLS_DATABASE_H

/*
 * SQLite, as this tool uses it; files of this folder alone include it. A database remembers its first failure: what is
 * asked of it after that does nothing, so a caller looks once, before it believes.
 */

#include <stdint.h>

#include <sqlite3.h>

#include <tocsin/bytes.h>

#define DATABASE_APPLICATION 0x74637369 /* "tcsi", in the header of the file */
#define DATABASE_VERSION 5              /* of the tables, see docs/DATABASE.md */

/* Told each second while another program holds the database; 0 gives up. */
typedef int (*database_waiting)(void *context, double seconds);

typedef struct database {
    sqlite3 *handle;
    char *path;
    int file; /* descriptors of the database itself and of FILE.lock, or -1 */
    int lock;
    database_waiting waiting; /* NULL: gives up after half a minute */
    void *waiting_context;
    double waits_since; /* seconds of the clock; 0: it does not wait */
    double told;        /* when that was told last */
    int failed;
    char problem[512]; /* why, or why something was refused; without the path */
} database;

typedef enum database_mode {
    DATABASE_READ,  /* nothing is written, not even beside it */
    DATABASE_ACT,   /* what people decide, beside a watcher */
    DATABASE_WATCH, /* made when it is not there; one process at a time, by whatever name it has the file */
    DATABASE_NOTIFY /* as DATABASE_ACT; one process at a time */
} database_mode;

/*
 * 0 with problem filled in when it cannot be used; it is to be closed all the same. A process that has it open in mode
 * DATABASE_WATCH or DATABASE_NOTIFY opens it once.
 */
int database_open(database *db, const char *path, database_mode mode);
void database_close(database *db);

/* Who is told while it waits; NULL: nobody. */
void database_set_waiting(database *db, database_waiting waiting, void *context);

/* A transaction that writes. Waits for those of others; a watcher that is asked for it makes room. */
int database_begin(database *db);

/* 0 when nothing of the transaction is kept. */
int database_commit(database *db);
void database_rollback(database *db);

/* Whether another program waits for its turn to write. */
int database_is_awaited(const database *db);

/* Whether the file still has its name; otherwise notes that it is gone. */
int database_is_there(database *db);

/* Runs statements that have no result. */
int database_run(database *db, const char *sql);

/* NULL when it failed. */
sqlite3_stmt *database_prepare(database *db, const char *sql);

/*
 * Runs a prepared statement with these values, one letter of `types` each: i int64_t, r double, t a
 * time in milliseconds, NULL where it is TOCSIN_TIME_UNKNOWN, s const char * or NULL, b
 * tocsin_bytes as text, B tocsin_bytes as a blob; and makes it ready to run again.
 */
int database_step(database *db, sqlite3_stmt *statement, const char *types, ...);

/* The next row of a query with values bound; 0 at its end, or where it failed, which is noted. */
int database_row(database *db, sqlite3_stmt *statement);

/* A column as text that is the caller's, "" for NULL; as a time. */
char *database_text(sqlite3_stmt *statement, int column);
int64_t database_time(sqlite3_stmt *statement, int column);

/* Binds values as database_step does. */
void database_bind(database *db, sqlite3_stmt *statement, const char *types, ...);

/* The number that a query of one gives; otherwise when it gives none. */
int64_t database_number(database *db, const char *sql, int64_t otherwise);

/* Takes note of what SQLite says; returns 0. */
int database_fail(database *db, const char *doing);

#endif
