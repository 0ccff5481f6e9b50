/*
 * A writer holds a lock on a file beside the database for as long as it lives: SQLite's own locks last for a
 * transaction, and two watchers that take turns would count everything twice. The lock goes with the process, however
 * that ends. A file that is no database of ours, is damaged, or is of a newer version, is looked at and not touched.
 */
#define _GNU_SOURCE /* flock */

#include "store/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tocsin/document.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "store/schema.h"

#define BUSY_MILLISECONDS 5000 /* a reader's checkpoint may be in the way */

int database_fail(database *db, const char *doing) {
    if (db->failed) return 0;
    const int code = db->handle ? sqlite3_extended_errcode(db->handle) : SQLITE_CANTOPEN;
    const char *hint = "";
    db->failed = 1;
    if ((code & 0xFF) == SQLITE_FULL) hint = ": the disk is full; what was acknowledged is kept, start again to go on";
    if ((code & 0xFF) == SQLITE_CORRUPT || (code & 0xFF) == SQLITE_NOTADB) {
        hint = ": it is damaged or no database; nothing was written to it";
    }
    snprintf(db->problem, sizeof db->problem, "%s: %s%s", doing,
             db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code), hint);
    return 0;
}

static int refuse(database *db, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int refuse(database *db, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(db->problem, sizeof db->problem, format, arguments);
    va_end(arguments);
    db->failed = 1;
    return 0;
}

int database_run(database *db, const char *sql) {
    if (db->failed) return 0;
    return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK ? 1 : database_fail(db, "cannot be written");
}

sqlite3_stmt *database_prepare(database *db, const char *sql) {
    sqlite3_stmt *statement = NULL;
    if (db->failed) return NULL;
    if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
        database_fail(db, "cannot be read");
    }
    return statement;
}

int64_t database_number(database *db, const char *sql, int64_t otherwise) {
    sqlite3_stmt *statement = database_prepare(db, sql);
    int64_t number = otherwise;
    if (!statement) return otherwise;
    const int state = sqlite3_step(statement);
    if (state == SQLITE_ROW) {
        if (sqlite3_column_type(statement, 0) != SQLITE_NULL) number = sqlite3_column_int64(statement, 0);
    } else if (state != SQLITE_DONE) {
        database_fail(db, "cannot be read");
    }
    sqlite3_finalize(statement);
    return number;
}

static int bind_time(sqlite3_stmt *statement, int at, int64_t time) {
    return time == TOCSIN_TIME_UNKNOWN ? sqlite3_bind_null(statement, at) : sqlite3_bind_int64(statement, at, time);
}

static int bind(sqlite3_stmt *statement, int at, char type, va_list *values) {
    const char *text;
    tocsin_bytes bytes;
    switch (type) {
        case 'i': return sqlite3_bind_int64(statement, at, va_arg(*values, int64_t));
        case 't': return bind_time(statement, at, va_arg(*values, int64_t));
        case 's':
            text = va_arg(*values, const char *);
            return text ? sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC) : sqlite3_bind_null(statement, at);
        case 'b':
            bytes = va_arg(*values, tocsin_bytes);
            return sqlite3_bind_text64(statement, at, bytes.data ? bytes.data : "", bytes.length, SQLITE_STATIC,
                                       SQLITE_UTF8);
        default:
            bytes = va_arg(*values, tocsin_bytes);
            return sqlite3_bind_blob64(statement, at, bytes.data ? bytes.data : "", bytes.length, SQLITE_STATIC);
    }
}

int database_step(database *db, sqlite3_stmt *statement, const char *types, ...) {
    va_list values;
    if (db->failed || !statement) return 0;
    va_start(values, types);
    int status = SQLITE_OK;
    for (int i = 0; types[i] && status == SQLITE_OK; i++) status = bind(statement, i + 1, types[i], &values);
    va_end(values);
    if (status == SQLITE_OK) status = sqlite3_step(statement);
    const int done = status == SQLITE_DONE || status == SQLITE_ROW;
    if (!done) database_fail(db, "cannot be written");
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return done;
}

/* A lock of the process, beside the database. */
static int lock(database *db) {
    tocsin_buffer name;
    tocsin_buffer_init(&name, NULL);
    text_printf(&name, "%s.lock", db->path);
    db->lock = open(name.data, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    int held = 1;
    if (db->lock < 0) {
        held = refuse(db, "%s cannot be opened: %s", name.data, strerror(errno));
    } else if (flock(db->lock, LOCK_EX | LOCK_NB)) {
        held = errno == EWOULDBLOCK ? refuse(db, "another watcher writes to it; only one may")
                                    : refuse(db, "%s cannot be locked: %s", name.data, strerror(errno));
    }
    tocsin_buffer_release(&name);
    return held;
}

/* Whether it is one of ours, whole, and not of a later time; reads alone. */
static int check(database *db, database_mode mode) {
    const int64_t application = database_number(db, "PRAGMA application_id", 0);
    const int64_t version = database_number(db, "PRAGMA user_version", 0);
    const int64_t tables = database_number(db, "SELECT count(*) FROM sqlite_schema", 0);
    if (db->failed) return 0;
    if (!tables && mode == DATABASE_WRITE) return 1;
    if (application != DATABASE_APPLICATION) return refuse(db, "it is a database of another program, or an empty one");
    if (version > DATABASE_VERSION) {
        return refuse(db, "it was written by a newer tocsin: its tables are version %lld, this one knows %d",
                      (long long)version, DATABASE_VERSION);
    }
    if (version < DATABASE_VERSION && mode == DATABASE_READ) {
        return refuse(db, "its tables are version %lld, this tocsin reads %d; tocsin watch brings them up to date",
                      (long long)version, DATABASE_VERSION);
    }
    if (mode == DATABASE_WRITE && database_number(db, "SELECT quick_check <> 'ok' FROM pragma_quick_check(1)", 0)) {
        return refuse(db, "it is damaged; nothing was written to it");
    }
    return !db->failed;
}

static int prepare_writing(database *db) {
    /*
     * FULL: what is acknowledged is on the disk, not only in its cache. MEMORY: what is kept aside for a statement does
     * not go to a folder for temporary files, which a watcher may not write to.
     */
    return database_run(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000;"
                            "PRAGMA temp_store = MEMORY") &&
           schema_migrate(db);
}

int database_open(database *db, const char *path, database_mode mode) {
    *db = (database){.path = tool_copy(path), .lock = -1};
    struct stat about;
    if (mode == DATABASE_READ && stat(path, &about)) return refuse(db, "cannot be opened: %s", strerror(errno));
    if (mode == DATABASE_WRITE && !lock(db)) return 0;
    const int flags = mode == DATABASE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;
    int status = sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (status != SQLITE_OK) return database_fail(db, "cannot be opened");
    sqlite3_busy_timeout(db->handle, BUSY_MILLISECONDS);
    if (mode == DATABASE_READ && !database_run(db, "PRAGMA query_only = 1")) return 0;
    return check(db, mode) && (mode == DATABASE_READ || prepare_writing(db));
}

void database_close(database *db) {
    sqlite3_close(db->handle);
    if (db->lock >= 0) close(db->lock);
    tool_free(db->path);
    *db = (database){.lock = -1};
}
