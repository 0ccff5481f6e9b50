/*
 * A watcher holds a lock on the database file itself as long as it runs, whatever name it opened it by. SQLite's own
 * locks last only for a transaction, and two watchers that take turns would count everything twice. The lock ends with
 * the process, however it ends. A program that waits for a transaction of the watcher holds a lock on FILE.lock
 * meanwhile. The watcher sees it, commits and lets it write. A file that is not one of tocsin's databases, is damaged,
 * or is of a newer version is read and not changed.
 */
#define _GNU_SOURCE /* locks of open files, flock */

#include "store/database.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <tocsin/document.h>

#include "feed/tool_clock.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "store/schema.h"

#define PATIENCE_SECONDS 30 /* for the transaction of another program, unless the caller sets another time */
#define NAP_NANOSECONDS 2000000
#define LOCK_BYTE 0x746373690000 /* after the bytes that SQLite locks */

/* What people can do about it, instead of the words of SQLite; NULL: nothing is known. */
static const char *advice(int code) {
    switch (code & 0xFF) {
        case SQLITE_FULL: return "the disk is full; what was acknowledged is kept, start again to go on";
        case SQLITE_BUSY: return "another program holds it; end that, or its transaction";
        case SQLITE_READONLY: return "it may not be written to; look at the rights of the file and of its folder";
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return "it is damaged or not a database; nothing was written to it";
        default: return NULL;
    }
}

int database_fail(database *db, const char *doing) {
    if (db->failed) return 0;
    const int code = db->handle ? sqlite3_extended_errcode(db->handle) : SQLITE_CANTOPEN;
    /* If the disk is full, SQLite reports an I/O error for files beside the database file. */
    const int full = db->handle && sqlite3_system_errno(db->handle) == ENOSPC && (code & 0xFF) == SQLITE_IOERR;
    const char *why = advice(full ? SQLITE_FULL : code);
    if (!why) why = db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code);
    db->failed = 1;
    snprintf(db->problem, sizeof db->problem, "%s: %s", doing, why);
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

sqlite3_stmt *database_kept(database *db, const char *sql) {
    for (int i = 0; i < db->kept_count; i++) {
        if (db->kept[i].sql == sql) return db->failed ? NULL : db->kept[i].statement;
    }
    assert(db->kept_count < DATABASE_MOST_KEPT);
    sqlite3_stmt *statement = database_prepare(db, sql);
    if (!statement) return NULL;
    db->kept[db->kept_count].sql = sql;
    db->kept[db->kept_count++].statement = statement;
    return statement;
}

void database_done(sqlite3_stmt *statement) {
    if (!statement) return;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
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
        case 'r': return sqlite3_bind_double(statement, at, va_arg(*values, double));
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

static int bind_all(sqlite3_stmt *statement, const char *types, va_list *values) {
    int status = SQLITE_OK;
    for (int i = 0; types[i] && status == SQLITE_OK; i++) status = bind(statement, i + 1, types[i], values);
    return status;
}

void database_bind(database *db, sqlite3_stmt *statement, const char *types, ...) {
    va_list values;
    if (db->failed || !statement) return;
    va_start(values, types);
    if (bind_all(statement, types, &values) != SQLITE_OK) database_fail(db, "cannot be read");
    va_end(values);
}

int database_row(database *db, sqlite3_stmt *statement) {
    if (db->failed || !statement) return 0;
    const int state = sqlite3_step(statement);
    if (state != SQLITE_ROW && state != SQLITE_DONE) database_fail(db, "cannot be read");
    return state == SQLITE_ROW;
}

char *database_text(sqlite3_stmt *statement, int column) {
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return tool_copy(text ? text : "");
}

int64_t database_time(sqlite3_stmt *statement, int column) {
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? TOCSIN_TIME_UNKNOWN
                                                                 : sqlite3_column_int64(statement, column);
}

int database_step(database *db, sqlite3_stmt *statement, const char *types, ...) {
    va_list values;
    if (db->failed || !statement) return 0;
    va_start(values, types);
    int status = bind_all(statement, types, &values);
    va_end(values);
    if (status == SQLITE_OK) status = sqlite3_step(statement);
    const int done = status == SQLITE_DONE || status == SQLITE_ROW;
    if (!done) database_fail(db, "cannot be written");
    database_done(statement);
    return done;
}

/* Locks a byte of an open file; the lock ends when the descriptor is closed. 0 if another process has it. */
static int lock_byte(int file, short type, off_t byte) {
    struct flock place = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    return file >= 0 && !fcntl(file, F_OFD_SETLK, &place);
}

/* SQLite asks again until it returns 0. */
static int busy(void *context, int times) {
    static const struct timespec nap = {0, NAP_NANOSECONDS};
    database *db = context;
    const double now = tool_seconds();
    if (!times || db->waits_since == 0) {
        db->waits_since = db->told = now;
        lock_byte(db->lock, F_RDLCK, 0);
    }
    nanosleep(&nap, NULL);
    if (!db->waiting) return now - db->waits_since < PATIENCE_SECONDS;
    if (now - db->told < 1) return 1;
    db->told = now;
    return db->waiting(db->waiting_context, now - db->waits_since);
}

static void end_waiting(database *db) {
    if (db->waits_since == 0) return;
    db->waits_since = 0;
    lock_byte(db->lock, F_UNLCK, 0);
}

void database_set_waiting(database *db, database_waiting waiting, void *context) {
    db->waiting = waiting;
    db->waiting_context = context;
}

int database_begin(database *db) {
    const int begun = database_run(db, "BEGIN IMMEDIATE");
    end_waiting(db);
    return begun;
}

int database_commit(database *db) {
    const int done = database_run(db, "COMMIT");
    /* Its failure stays the reported one. */
    if (!done) database_rollback(db);
    return done;
}

void database_rollback(database *db) {
    if (db->handle) sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

int database_is_awaited(const database *db) {
    struct flock place = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    return db->lock >= 0 && !fcntl(db->lock, F_OFD_GETLK, &place) && place.l_type != F_UNLCK;
}

int database_is_there(database *db) {
    struct stat named, open;
    if (db->failed) return 0;
    if (!stat(db->path, &named) && !fstat(db->file, &open) && named.st_ino == open.st_ino &&
        named.st_dev == open.st_dev) {
        return 1;
    }
    return refuse(db, "it was deleted, or another file has its name; what was not committed is read again");
}

/* Takes the locks of the process: of a watcher, or of a program that notifies. */
static int lock(database *db, database_mode mode) {
    static const char *const held[] = {[DATABASE_WATCH] = "another watcher writes to it; only one may",
                                       [DATABASE_NOTIFY] = "another tocsin notify delivers from it; only one may"};
    struct stat about;
    tocsin_buffer name;
    db->file = open(db->path, mode == DATABASE_WATCH ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDWR | O_CLOEXEC, 0644);
    if (db->file < 0) return refuse(db, "cannot be opened: %s", strerror(errno));
    if (fstat(db->file, &about) || !S_ISREG(about.st_mode)) return refuse(db, "it is not a regular file");
    if (mode == DATABASE_WATCH || mode == DATABASE_NOTIFY) {
        if (!lock_byte(db->file, F_WRLCK, LOCK_BYTE + (mode == DATABASE_NOTIFY))) return refuse(db, "%s", held[mode]);
    } else {
        close(db->file); /* before SQLite opens it: a later close would release SQLite's locks */
        db->file = -1;
    }
    tocsin_buffer_init(&name, NULL);
    text_printf(&name, "%s.lock", db->path);
    db->lock = open(name.data, mode == DATABASE_WATCH ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC, 0644);
    if (db->lock < 0 && mode == DATABASE_WATCH) {
        refuse(db, "%s cannot be opened: %s", name.data, strerror(errno));
    } else if (mode == DATABASE_WATCH && flock(db->lock, LOCK_EX | LOCK_NB)) {
        refuse(db, "%s", held[mode]);
    }
    tocsin_buffer_release(&name);
    return !db->failed;
}

/* Whether it is one of tocsin's databases, undamaged, and not of a newer version; only reads. */
static int check(database *db, database_mode mode) {
    const int64_t application = database_number(db, "PRAGMA application_id", 0);
    const int64_t version = database_number(db, "PRAGMA user_version", 0);
    const int64_t tables = database_number(db, "SELECT count(*) FROM sqlite_schema", 0);
    if (db->failed) return 0;
    if (!tables && mode == DATABASE_WATCH) return 1;
    if (application != DATABASE_APPLICATION) return refuse(db, "it is a database of another program, or an empty one");
    if (version > DATABASE_VERSION) {
        return refuse(db, "it was written by a newer tocsin: its tables are version %lld, this one knows %d",
                      (long long)version, DATABASE_VERSION);
    }
    if (version < DATABASE_VERSION && mode != DATABASE_WATCH) {
        return refuse(db, "its tables are version %lld, this tocsin reads %d; tocsin watch brings them up to date",
                      (long long)version, DATABASE_VERSION);
    }
    if (mode == DATABASE_WATCH && database_number(db, "SELECT quick_check <> 'ok' FROM pragma_quick_check(1)", 0)) {
        return refuse(db, "it is damaged; nothing was written to it");
    }
    return !db->failed;
}

/* Brings the tables up to DATABASE_VERSION, in one transaction. */
static int migrate(database *db) {
    char mark[96];
    int64_t version = database_number(db, "PRAGMA user_version", 0);
    if (version == DATABASE_VERSION) return !db->failed;
    database_begin(db);
    for (; version < DATABASE_VERSION; version++) database_run(db, schema_steps[version]);
    snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d", DATABASE_APPLICATION,
             DATABASE_VERSION);
    database_run(db, mark);
    return database_commit(db);
}

/*
 * FULL: acknowledged data is on the disk, not only in its cache. MEMORY: a statement's temporary data does not go to a
 * temporary folder, in which a watcher may not write.
 */
static int prepare_writing(database *db, database_mode mode) {
    return database_run(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000;"
                            "PRAGMA temp_store = MEMORY") &&
           (mode != DATABASE_WATCH || migrate(db));
}

/* SQLite does not take such names as files. */
static int is_file_name(const char *path) { return path[0] && path[0] != ':' && strncmp(path, "file:", 5) != 0; }

/*
 * A database in a read-only folder has no place for the files beside it. If there is no log beside it that must be read
 * too, the database file is complete, and SQLite is told that it does not change.
 */
static int open_unchanging(database *db) {
    struct stat log;
    tocsin_buffer name;
    tocsin_buffer_init(&name, NULL);
    text_printf(&name, "%s-wal", db->path);
    const int has_log = !stat(name.data, &log) && log.st_size > 0;
    name.length = 0;
    text_puts(&name, "file:");
    for (const char *c = db->path; *c; c++) text_printf(&name, strchr("%?#", *c) ? "%%%02X" : "%c", (unsigned char)*c);
    text_puts(&name, "?immutable=1");
    sqlite3_close(db->handle);
    db->handle = NULL;
    const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
    const int status = has_log ? SQLITE_CANTOPEN : sqlite3_open_v2(name.data, &db->handle, flags, NULL);
    tocsin_buffer_release(&name);
    if (has_log) {
        return refuse(db, "its folder cannot be written to, and what its log (-wal) holds cannot be read there; copy"
                          " both elsewhere, or use tocsin backup");
    }
    return status == SQLITE_OK ? 1 : database_fail(db, "cannot be opened");
}

static int open_for_reading(database *db) {
    struct stat about;
    if (stat(db->path, &about)) return refuse(db, "cannot be opened: %s", strerror(errno));
    const int status = sqlite3_open_v2(db->path, &db->handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    if (status != SQLITE_OK) return database_fail(db, "cannot be opened");
    const int asked = sqlite3_exec(db->handle, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL) & 0xFF;
    const int no_place = asked == SQLITE_CANTOPEN || asked == SQLITE_READONLY || asked == SQLITE_IOERR;
    if (no_place && !open_unchanging(db)) return 0;
    sqlite3_busy_handler(db->handle, busy, db);
    return check(db, DATABASE_READ);
}

int database_open(database *db, const char *path, database_mode mode) {
    *db = (database){.path = tool_copy(path), .file = -1, .lock = -1};
    if (!is_file_name(path)) return refuse(db, "a database is a file, and this is not the name of one");
    if (mode == DATABASE_READ) return open_for_reading(db);
    if (!lock(db, mode)) return 0;
    if (sqlite3_open_v2(path, &db->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        return database_fail(db, "cannot be opened");
    }
    sqlite3_busy_handler(db->handle, busy, db);
    return check(db, mode) && prepare_writing(db, mode);
}

void database_close(database *db) {
    for (int i = 0; i < db->kept_count; i++) sqlite3_finalize(db->kept[i].statement);
    sqlite3_close(db->handle);
    if (db->lock >= 0) close(db->lock);
    if (db->file >= 0) close(db->file);
    tool_free(db->path);
    *db = (database){.file = -1, .lock = -1};
}
