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
#define DATABASE_VERSION 3              /* of the tables, see docs/DATABASE.md */

typedef struct database {
    sqlite3 *handle;
    char *path;
    int lock; /* a descriptor, or -1 */
    int failed;
    char problem[512]; /* why, without the path */
} database;

typedef enum database_mode {
    DATABASE_READ,
    DATABASE_WRITE /* made when it is not there; one process at a time */
} database_mode;

/* 0 with problem filled in when it cannot be used; it is to be closed all the same. */
int database_open(database *db, const char *path, database_mode mode);
void database_close(database *db);

/* Runs statements that have no result. */
int database_run(database *db, const char *sql);

/* NULL when it failed. */
sqlite3_stmt *database_prepare(database *db, const char *sql);

/*
 * Runs a prepared statement with these values, one letter of `types` each: i int64_t, t a
 * time in milliseconds, NULL where it is TOCSIN_TIME_UNKNOWN, s const char * or NULL, b
 * tocsin_bytes as text, B tocsin_bytes as a blob; and makes it ready to run again.
 */
int database_step(database *db, sqlite3_stmt *statement, const char *types, ...);

/* The number that a query of one gives; otherwise when it gives none. */
int64_t database_number(database *db, const char *sql, int64_t otherwise);

/* Takes note of what SQLite says; returns 0. */
int database_fail(database *db, const char *doing);

#endif
