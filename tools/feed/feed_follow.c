/*
 * Reads a growing file in parts, each from the end of the last one to the last complete line, so that the result of a
 * part and the start of the next one can be stored together. The file stays open: lines that are written to it after it
 * was renamed are read too, then the files that had its name in between, then the file that has the name now. After
 * each change the file is checked: if it was written anew in its place, it is read from its start, after a copy of the
 * old file, if there is one. The files of a folder are read in the same way, one at a time. Parts of CSV end at the end
 * of a row, and the header is read again from the start of the file. A JSON array only ends with its file, so it is
 * read as a whole.
 */
#define _GNU_SOURCE /* memrchr */

#include "feed/feed_follow.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <tocsin/scanner.h>

#include "feed/document_reader.h"
#include "feed/feed_rotation.h"
#include "feed/record_cutter.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"

#ifdef TOCSIN_SMALL_BUFFERS
#define PART_BYTES 64
#define SCAN_BYTES 7
#else
#define PART_BYTES ((uint64_t)1 << 18)
#define SCAN_BYTES 65536
#endif

struct feed_follow {
    const char *path;
    follow_options options;
    char *folder_key;    /* the absolute path of its folder */
    feed_folder *folder; /* NULL: the path is a file */
    folder_file *entry;  /* in a folder: the file that is being read */
    int is_over;         /* the entry was read to its end; its results still count */
    char *name, *key;    /* of the current file */
    char *source;        /* the path under which it was found */
    int fd;              /* -1: standard input */
    int whole;           /* it is not read in parts: compressed, or standard input */
    int ended;           /* it has been read to its end */
    struct stat looked;  /* its state when it was last known to be the same file */
    uint64_t skipped;    /* its lines that were read before this start of the program */
    follow_place place, confirmed;
    uint64_t part_end;
    int part_is_rest; /* the part is a line without an end */
    input_file *input;
    line_reader *lines;
    uint64_t lines_before;     /* of earlier parts */
    feed_start start;          /* of the file, once it is known */
    feed_format format;        /* of the files before this one; kept, except in a folder */
    guessed_encoding encoding; /* of the growing file, after it was found */
    int encoding_told;         /* it was reported that it is GB18030 */
    uint64_t lost;
    tocsin_buffer notice;
    tocsin_buffer told;
    char problem[512];
};

/* An absolute path whose last part is not resolved: a link that leads elsewhere tomorrow stays the same feed. */
static char *key_of(const char *path) {
    const char *slash = strrchr(path, '/');
    char *folder = slash ? tool_copy(path) : tool_copy(".");
    if (slash) folder[slash == path ? 1 : slash - path] = '\0';
    char *real = realpath(folder, NULL);
    tocsin_buffer key;
    tocsin_buffer_init(&key, NULL);
    text_printf(&key, "%s%s%s", real ? real : folder, real && !strcmp(real, "/") ? "" : "/", slash ? slash + 1 : path);
    char *copy = tool_copy(key.data);
    tocsin_buffer_release(&key);
    tool_free(folder);
    free(real);
    return copy;
}

/* For a file in a folder: the folder's real path. */
static char *key_of_folder(const char *path) {
    char *real = realpath(path, NULL), *copy = tool_copy(real ? real : path);
    free(real);
    return copy;
}

/* Finds a place by the key or, if there is none, by the path as given, which version 0.1 stored. */
static int recall_path(feed_follow *feed, const char *key, const char *path, follow_place *place) {
    const follow_options *o = &feed->options;
    return o->recall(o->context, key, 0, 0, place) || o->recall(o->context, path, 0, 0, place);
}

static char *key_in_folder(const feed_follow *feed, const char *name) {
    tocsin_buffer key;
    tocsin_buffer_init(&key, NULL);
    text_printf(&key, "%s/%s", feed->folder_key, name);
    char *copy = tool_copy(key.data);
    tocsin_buffer_release(&key);
    return copy;
}

/* For the folder, which asks by path. */
static int recall_of_folder(void *context, const char *path, int64_t device, int64_t inode, follow_place *place) {
    feed_follow *feed = context;
    if (!path) return feed->options.recall(feed->options.context, NULL, device, inode, place);
    char *key = key_in_folder(feed, path + strlen(feed->path) + 1);
    const int known = recall_path(feed, key, path, place);
    tool_free(key);
    return known;
}

feed_follow *feed_follow_open(const char *path, const follow_options *options) {
    struct stat about;
    feed_follow *feed = tool_allocate(1, sizeof *feed);
    feed->path = path;
    feed->options = *options;
    feed->fd = -1;
    feed->format = options->format;
    tocsin_buffer_init(&feed->notice, NULL);
    tocsin_buffer_init(&feed->told, NULL);
    if (strcmp(path, "-") != 0 && !stat(path, &about) && S_ISDIR(about.st_mode)) {
        feed->folder_key = key_of_folder(path);
        feed->folder = feed_folder_open(path, options->patterns, recall_of_folder, feed);
    } else {
        feed->folder_key = key_of(path);
    }
    return feed;
}

int feed_follow_is_folder(const feed_follow *feed) { return feed->folder != NULL; }

static void end_part(feed_follow *feed) {
    line_reader_free(feed->lines);
    input_file_close(feed->input);
    feed->lines = NULL;
    feed->input = NULL;
}

static void close_file(feed_follow *feed) {
    end_part(feed);
    if (feed->fd >= 0) close(feed->fd);
    tool_free(feed->name);
    tool_free(feed->key);
    tool_free(feed->source);
    feed->fd = -1;
    feed->name = feed->key = feed->source = NULL;
    feed->whole = feed->ended = feed->part_is_rest = feed->is_over = 0;
    feed->skipped = 0;
    feed->encoding_told = 0;
    feed->place = (follow_place){0};
    feed->entry = NULL;
    feed_start_release(&feed->start);
}

void feed_follow_close(feed_follow *feed) {
    if (!feed) return;
    close_file(feed);
    feed_folder_close(feed->folder);
    tocsin_buffer_release(&feed->notice);
    tocsin_buffer_release(&feed->told);
    tool_free(feed->folder_key);
    tool_free(feed);
}

const char *feed_follow_name(const feed_follow *feed) { return feed->name ? feed->name : feed->path; }

const char *feed_follow_key(const feed_follow *feed) { return feed->key ? feed->key : feed->folder_key; }

uint64_t feed_follow_round(const feed_follow *feed) { return place_read(&feed->place).round; }

uint64_t feed_follow_lost(const feed_follow *feed) { return feed->lost; }

int feed_follow_place(const feed_follow *feed, follow_place *place) {
    *place = feed->confirmed;
    return (feed->whole || !feed->lines) && (place->inode || place->head[0]);
}

int feed_follow_place_after(const feed_follow *feed, const line_batch *batch, size_t line, follow_place *place) {
    const batch_line *last = &batch->lines[line];
    const uint64_t number = batch->format == FEED_JSON ? last->ordinal : last->number;
    *place = feed->confirmed;
    if (!place->inode && !place->head[0]) return 0;
    if (feed->whole) {
        place->lines = number;
    } else {
        place_facts facts = place_read(place);
        facts.taken = number;
        place_write(place, &facts);
    }
    return 1;
}

const char *feed_follow_problem(const feed_follow *feed) { return feed->problem; }

const char *feed_follow_notice(feed_follow *feed) {
    if (!feed->notice.length) return NULL;
    const tocsin_buffer told = feed->told;
    feed->told = feed->notice;
    feed->notice = told;
    feed->notice.length = 0;
    return feed->told.data;
}

__attribute__((format(printf, 2, 3))) static void note(feed_follow *feed, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    if (feed->notice.length) text_puts(&feed->notice, "; ");
    text_vprintf(&feed->notice, format, arguments);
    va_end(arguments);
}

static follow_status fail(feed_follow *feed, const char *what, int error) {
    snprintf(feed->problem, sizeof feed->problem, "%s: %s", what, strerror(error));
    return FOLLOW_FAILED;
}

/* ---- which file ---- */

/*
 * Reads the start of a growing file, with its header. A file without documents is read as a whole, so that it is
 * reported.
 */
static void find_start(feed_follow *feed) {
    struct stat about;
    line_batch batch = {0};
    feed_start_release(&feed->start);
    if (fstat(feed->fd, &about) || !about.st_size) return;
    input_file *input = input_file_part(feed->name, feed->fd, 0, (uint64_t)about.st_size, feed->options.input);
    line_reader *lines = line_reader_create_feed(input, feed->name, feed->format, feed->options.names);
    (void)line_reader_fill(lines, &batch);
    feed->whole = !line_reader_get_start(lines, &feed->start) || feed->start.layout.format == FEED_JSON;
    if (!feed->folder) feed->format = feed->start.layout.format;
    if (feed->format == FEED_CSV && feed->start.layout.separator == '\t') feed->format = FEED_TSV;
    line_batch_release(&batch);
    line_reader_free(lines);
    input_file_close(input);
}

/* Decides by its first bytes, which an empty file does not have yet. */
static void find_kind(feed_follow *feed) {
    char start[16];
    const ssize_t n = pread(feed->fd, start, sizeof start, 0);
    feed->encoding = GUESS_OPEN;
    feed->whole = n > 0 && input_file_is_whole(start, (size_t)n);
    if (n > 0 && !feed->whole) find_start(feed);
    feed->skipped = feed->whole ? feed->place.lines : place_read(&feed->place).taken;
}

/* For a file that is read as a whole: its size identifies its end; until then only its start does. */
static void start_whole(feed_follow *feed) {
    const uint64_t size = (uint64_t)feed->looked.st_size;
    feed->ended = feed->place.offset && feed->place.offset == size;
    if (feed->ended) return;
    feed->place.offset = 0;
    place_remember(&feed->place, feed->fd, size);
}

/* Takes an open file, from a place in it on, or from its start if place is NULL. name and source are copied. */
static void take_file(feed_follow *feed, const char *name, const char *key, const char *source, int fd,
                      const follow_place *place, uint64_t round) {
    char *names[] = {tool_copy(name), tool_copy(key), tool_copy(source)};
    folder_file *entry = feed->entry;
    close_file(feed);
    feed->entry = entry;
    feed->name = names[0];
    feed->key = names[1];
    feed->source = names[2];
    feed->fd = fd;
    if (place) feed->place = *place;
    if (fstat(fd, &feed->looked)) feed->looked = (struct stat){0};
    feed->place.device = (int64_t)feed->looked.st_dev;
    feed->place.inode = (int64_t)feed->looked.st_ino;
    if (!place) {
        const place_facts facts = {.round = round};
        place_write(&feed->place, &facts);
    }
    find_kind(feed);
    if (place && place->offset == 1 && !place_read(place).head_length) {
        feed->place.offset = 0; /* version 0.1 read every file of a folder as a whole */
        feed->skipped = place->lines;
        if (!feed->whole) feed->place.lines = 0;
    }
    if (feed->whole) start_whole(feed);
    feed->confirmed = feed->place;
}

/* Reads a file from its start, as the next file of the feed. */
static void take_next(feed_follow *feed, const char *source, int fd) {
    char *key = tool_copy(feed->key);
    take_file(feed, feed->path, key, source, fd, NULL, place_read(&feed->place).round + 1);
    tool_free(key);
}

static follow_status not_there(feed_follow *feed, int error) {
    if (error != ENOENT || feed->options.once) return fail(feed, "cannot be opened", error);
    if (!feed->ended) note(feed, "does not exist yet; waiting for it");
    feed->ended = 1;
    return FOLLOW_IDLE;
}

/* Opens a regular file; less than 0 and errno on failure. */
static int open_regular(const char *path) {
    struct stat about;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return fd;
    if (!fstat(fd, &about) && S_ISREG(about.st_mode)) return fd;
    close(fd);
    errno = EINVAL;
    return -1;
}

/* Opens the file at the path, or the file that it named when it was last read. */
static follow_status open_path(feed_follow *feed) {
    struct stat about;
    follow_place place = {0};
    const char *key = feed->folder_key;
    const int known = recall_path(feed, key, feed->path, &place);
    int fd = open_regular(feed->path), old = -1;
    if (fd < 0 && errno != ENOENT) {
        return fail(feed, errno == EINVAL ? "cannot be followed" : "cannot be opened", errno);
    }
    const int is_inode = known && fd >= 0 && !fstat(fd, &about) && place_is_inode(&place, &about);
    if (is_inode && place_agrees(&place, fd)) {
        take_file(feed, feed->path, key, feed->path, fd, &place, 0);
        return FOLLOW_READY;
    }
    char *source = known && !is_inode ? rotation_find(feed->path, &place, &old) : NULL;
    if (!source && known && fd >= 0 && place_agrees_surely(&place, fd)) {
        take_file(feed, feed->path, key, feed->path, fd, &place, 0); /* a copy has taken its name */
        return FOLLOW_READY;
    }
    if (!source && known) source = rotation_find_copy(feed->path, &place, &old);
    if (source) {
        if (fd >= 0) close(fd);
        take_file(feed, feed->path, key, source, old, &place, 0);
        tool_free(source);
        return FOLLOW_READY;
    }
    if (fd < 0) return not_there(feed, ENOENT);
    if (known) {
        note(feed, "another file than the one that was read up to line %" PRIu64 ", which is gone; read from its start",
             place.lines);
        feed->lost++;
    }
    take_file(feed, feed->path, key, feed->path, fd, NULL, known ? place_read(&place).round + 1 : 0);
    return FOLLOW_READY;
}

/* Whether the path now names another file. */
static int is_replaced(const feed_follow *feed) {
    struct stat about;
    return !feed->folder && feed->fd >= 0 && !stat(feed->path, &about) && !place_is_inode(&feed->place, &about);
}

/* Goes on with the next file: one that had the name in between, or the one that has it now. */
static follow_status go_over(feed_follow *feed) {
    int fd = -1;
    char *now = rotation_find(feed->path, &feed->place, &fd);
    if (fd >= 0) close(fd);
    char *next = now ? rotation_next(feed->path, now) : feed->source ? rotation_next(feed->path, feed->source) : NULL;
    fd = open_regular(next ? next : feed->path);
    if (fd >= 0) take_next(feed, next ? next : feed->path, fd);
    tool_free(now);
    tool_free(next);
    return fd >= 0 ? FOLLOW_READY : FOLLOW_IDLE;
}

static int looks_the_same(const feed_follow *feed, const struct stat *about) {
    return about->st_size == feed->looked.st_size && about->st_mtim.tv_sec == feed->looked.st_mtim.tv_sec &&
           about->st_mtim.tv_nsec == feed->looked.st_mtim.tv_nsec;
}

/* The file was written anew in its place: reads it from its start, after the rest of a copy of the old one. */
static void begin_anew(feed_follow *feed, uint64_t size) {
    int fd = -1;
    const uint64_t offset = feed->place.offset;
    char *copy = feed->folder ? NULL : rotation_find_copy(feed->path, &feed->place, &fd);
    if (copy) {
        const follow_place place = feed->place;
        char *key = tool_copy(feed->key);
        take_file(feed, feed->path, key, copy, fd, &place, 0);
        tool_free(key);
        tool_free(copy);
        return;
    }
    if (size < offset) {
        note(feed, "was cut to %" PRIu64 " bytes after %" PRIu64 " were read; read from its start", size, offset);
    } else {
        note(feed, "was written anew after %" PRIu64 " bytes were read; read from its start", offset);
    }
    const place_facts facts = {.round = place_read(&feed->place).round + 1};
    feed->place.offset = feed->place.lines = 0;
    place_write(&feed->place, &facts);
    feed->confirmed = feed->place;
    find_kind(feed);
}

/* ---- a file that grows ---- */

/* The offset after the last newline in [from, to), or from. */
static uint64_t last_line_end(int fd, uint64_t from, uint64_t to) {
    char bytes[SCAN_BYTES];
    while (to > from) {
        const uint64_t start = to - from > SCAN_BYTES ? to - SCAN_BYTES : from;
        const ssize_t n = pread(fd, bytes, (size_t)(to - start), (off_t)start);
        if (n <= 0) return from;
        const char *newline = memrchr(bytes, '\n', (size_t)n);
        if (newline) return start + (uint64_t)(newline - bytes) + 1;
        to = start;
    }
    return from;
}

/* The offset after the first newline in [from, to), or from if there is none. */
static uint64_t first_line_end(int fd, uint64_t from, uint64_t to) {
    char bytes[SCAN_BYTES];
    for (uint64_t at = from; at < to;) {
        const ssize_t n = pread(fd, bytes, to - at > SCAN_BYTES ? SCAN_BYTES : (size_t)(to - at), (off_t)at);
        if (n <= 0) return from;
        const char *newline = memchr(bytes, '\n', (size_t)n);
        if (newline) return at + (uint64_t)(newline - bytes) + 1;
        at += (uint64_t)n;
    }
    return from;
}

/* The offset after the last row that ends in [from, to), or after the first that ends later; from if there is none. */
static uint64_t last_row_end(const feed_follow *feed, uint64_t from, uint64_t to, uint64_t size) {
    uint64_t end = from;
    char *bytes = NULL;
    for (uint64_t most = to; end == from && most > from;
         most = size - from > 2 * (most - from) ? 2 * most - from : size) {
        record_cutter cutter;
        record row;
        size_t start = 0, at = 0;
        bytes = tool_reallocate(bytes, (size_t)(most - from), 1);
        const ssize_t n = pread(feed->fd, bytes, (size_t)(most - from), (off_t)from);
        record_cutter_init(&cutter, RECORD_ROWS, feed->start.layout.separator, NULL, FEED_PART_QUOTE);
        while (n > 0 && record_cutter_next(&cutter, bytes, &start, &at, (size_t)n, 0, &row)) {
            if (bytes[start - 1] == '\r' && start == (size_t)n) break; /* its other half may still come */
            end = from + start + (bytes[start - 1] == '\r' && bytes[start] == '\n');
        }
        if (most == size || most - from > FEED_MAX_LINE) break;
    }
    tool_free(bytes);
    return end;
}

static uint64_t part_end(const feed_follow *feed, uint64_t start, uint64_t most, uint64_t size) {
    if (feed->start.layout.format == FEED_CSV) return last_row_end(feed, start, most, size);
    const uint64_t end = last_line_end(feed->fd, start, most);
    if (end > start) return end;
    const uint64_t first = first_line_end(feed->fd, most, size);
    return first == most ? start : first;
}

static void begin_part(feed_follow *feed, uint64_t end) {
    feed->part_end = end;
    feed->lines_before = feed->place.lines;
    feed->input = input_file_part(feed->name, feed->fd, feed->place.offset, end, feed->options.input);
    input_file_guess(feed->input, feed->encoding);
    feed->lines = line_reader_create_part(feed->input, &feed->start, !feed->place.offset);
}

/* A line was taken without an end: either it is complete now, or it went on and is read again. */
static void check_pending(feed_follow *feed, uint64_t size) {
    place_facts facts = place_read(&feed->place);
    const uint64_t behind = feed->place.offset + facts.pending;
    char next[2] = "";
    if (!facts.pending || size <= behind) return;
    const ssize_t n = pread(feed->fd, next, sizeof next, (off_t)behind);
    if (n == 1 && next[0] == '\r') return;
    const int crlf = n == 2 && next[0] == '\r' && next[1] == '\n';
    facts.pending = 0;
    place_write(&feed->place, &facts);
    if (next[0] == '\n' || crlf) {
        feed->place.offset = behind + 1 + (uint64_t)crlf;
        feed->place.lines++;
    } else {
        note(feed, "line %" PRIu64 " went on after it was read; it is read again", feed->place.lines + 1);
    }
    feed->confirmed = feed->place;
}

/* Whether the last line, which has no end, is taken as it is. */
static int takes_rest(const feed_follow *feed, int replaced) {
    if (!feed->folder) return replaced; /* no other program will complete it */
    return feed->options.once || feed->entry->has_rest;
}

/* Begins the next part, or returns that there is none; goes on with a file that took the name. */
static follow_status advance(feed_follow *feed) {
    struct stat about;
    if (fstat(feed->fd, &about)) return fail(feed, "cannot be read", errno);
    const uint64_t size = (uint64_t)about.st_size;
    if (!looks_the_same(feed, &about) || size < feed->place.offset) {
        if (!place_agrees(&feed->place, feed->fd)) {
            begin_anew(feed, size);
            return FOLLOW_READY;
        }
        feed->looked = about;
        if (!feed->place.offset) find_kind(feed);
        if (feed->whole) {
            start_whole(feed);
            return FOLLOW_READY;
        }
    }
    check_pending(feed, size);
    const uint64_t start = feed->place.offset, most = size - start > PART_BYTES ? start + PART_BYTES : size;
    const uint64_t pending = place_read(&feed->place).pending;
    uint64_t end = pending ? start : part_end(feed, start, most, size);
    const int replaced = end == start && is_replaced(feed);
    feed->part_is_rest = end == start && start + pending < size && takes_rest(feed, replaced);
    if (feed->part_is_rest) end = size;
    if (end > start) {
        begin_part(feed, end);
        return FOLLOW_READY;
    }
    if (replaced) return go_over(feed);
    if (!feed->folder && start + pending < size && feed->options.once) {
        note(feed, "its last line is not complete yet; it is read the next time");
    }
    if (feed->entry && start + pending < size) feed_folder_rest(feed->entry);
    return feed->options.once || feed->folder ? FOLLOW_ENDED : FOLLOW_IDLE;
}

static void note_malformed(feed_follow *feed) {
    uint64_t line;
    const uint64_t malformed = input_file_malformed(feed->input, &line);
    if (!malformed) return;
    note(feed, "%" PRIu64 " malformed part%s in its encoding, the first in line %" PRIu64, malformed,
         malformed == 1 ? "" : "s", feed->lines_before + line);
}

/* Reads the next lines of the part, without those that were read before. */
static follow_status read_part(feed_follow *feed, line_batch *batch) {
    for (;;) {
        if (feed->whole && !line_reader_ready(feed->lines)) return FOLLOW_IDLE;
        const line_status state = line_reader_fill(feed->lines, batch);
        size_t kept = 0;
        if (!feed->encoding_told && input_file_tells_guess(feed->input)) {
            note(feed, "is not UTF-8 and is read as GB18030");
            feed->encoding_told = 1;
        }
        for (size_t i = 0; i < batch->count; i++) {
            batch_line line = batch->lines[i];
            line.number += feed->lines_before;
            if (line.open_quote) line.open_quote += feed->lines_before;
            feed->place.lines = batch->format == FEED_JSON ? line.ordinal : line.number;
            if (feed->place.lines > feed->skipped) batch->lines[kept++] = line;
        }
        batch->count = kept;
        if (feed->whole && feed->place.lines > feed->skipped) feed->confirmed = feed->place;
        if (kept) return FOLLOW_READY;
        if (state == LINE_READY) continue;
        if (state == LINE_END) {
            const uint64_t ended = feed->lines_before + line_reader_lines(feed->lines);
            if (!feed->whole && ended > feed->place.lines) feed->place.lines = ended;
            return FOLLOW_ENDED;
        }
        snprintf(feed->problem, sizeof feed->problem, "%s", input_file_problem(feed->input));
        return input_file_stopped(feed->input) ? FOLLOW_IDLE : FOLLOW_FAILED;
    }
}

/* Ends the part after its lines were passed on. */
static void complete_part(feed_follow *feed) {
    note_malformed(feed);
    if (!feed->part_is_rest) feed->encoding = input_file_guessed(feed->input);
    if (feed->part_is_rest && feed->entry) {
        place_facts facts = place_read(&feed->place);
        facts.pending = feed->part_end - feed->place.offset;
        facts.taken = 0;
        place_write(&feed->place, &facts);
        feed->place.lines = feed->lines_before;
        feed->entry->has_rest = 0;
    } else {
        feed->place.offset = feed->part_end;
        place_remember(&feed->place, feed->fd, feed->part_end);
    }
    feed->confirmed = feed->place;
}

static follow_status next_of_growing(feed_follow *feed, line_batch *batch) {
    for (;;) {
        follow_status state = FOLLOW_READY;
        if (!feed->lines) state = advance(feed);
        if (state != FOLLOW_READY || feed->whole) return state;
        if (!feed->lines) continue;
        state = read_part(feed, batch);
        if (state == FOLLOW_READY) return state;
        if (state == FOLLOW_ENDED) complete_part(feed);
        feed->place = feed->confirmed;
        end_part(feed);
        return state == FOLLOW_ENDED ? FOLLOW_READY : state; /* with an empty batch */
    }
}

/* ---- a file that is read at once ---- */

/* Reads to its end; its size marks that place. */
static follow_status next_of_whole(feed_follow *feed, line_batch *batch) {
    if (feed->ended) return FOLLOW_ENDED;
    if (!feed->input) {
        feed->lines_before = 0;
        feed->input = input_file_open(feed->source, feed->options.input);
        feed->lines = line_reader_create_feed(feed->input, feed->name, feed->options.format, feed->options.names);
    }
    const follow_status state = read_part(feed, batch);
    if (state == FOLLOW_READY || state == FOLLOW_IDLE) return state;
    if (state == FOLLOW_ENDED) {
        note_malformed(feed);
        if (feed->fd >= 0) feed->place.offset = (uint64_t)feed->looked.st_size;
        if (feed->fd >= 0) place_remember(&feed->place, feed->fd, feed->place.offset);
        feed->confirmed = feed->place;
    }
    feed->ended = 1;
    end_part(feed);
    return state == FOLLOW_FAILED ? FOLLOW_SKIPPED : state;
}

/*
 * Whether a file that was read as a whole has changed: it is read again, from the old end if its start is the same,
 * otherwise from its start.
 */
static int whole_changed(feed_follow *feed) {
    struct stat about;
    if (feed->fd < 0 || fstat(feed->fd, &about) || looks_the_same(feed, &about)) return 0;
    const int fd = open_regular(feed->source);
    if (fd < 0) return 0;
    const follow_place place = feed->place;
    const int agrees = place_agrees(&place, fd);
    char *names[] = {tool_copy(feed->name), tool_copy(feed->key), tool_copy(feed->source)};
    if (!agrees) note(feed, "was written anew after %" PRIu64 " lines were read; read from its start", place.lines);
    take_file(feed, names[0], names[1], names[2], fd, agrees ? &place : NULL, place_read(&place).round + 1);
    for (size_t i = 0; i < 3; i++) tool_free(names[i]);
    return 1;
}

/* ---- feeds ---- */

static follow_status next_of_path(feed_follow *feed, line_batch *batch) {
    for (;;) {
        follow_status state = FOLLOW_READY;
        if (!feed->name) state = open_path(feed);
        if (state != FOLLOW_READY) return state;
        if (!feed->whole) {
            state = next_of_growing(feed, batch);
            if (state == FOLLOW_READY && feed->whole) continue;
            return state;
        }
        state = next_of_whole(feed, batch);
        if (state != FOLLOW_ENDED) return state;
        if (is_replaced(feed)) {
            if (go_over(feed) != FOLLOW_READY) return FOLLOW_IDLE;
        } else if (!whole_changed(feed)) {
            return feed->options.once ? FOLLOW_ENDED : FOLLOW_IDLE;
        }
    }
}

/* Opens a file of the folder at the place where reading goes on. */
static follow_status take_entry(feed_follow *feed, folder_file *entry) {
    tocsin_buffer name;
    tocsin_buffer_init(&name, NULL);
    text_printf(&name, "%s/%s", feed->path, entry->name);
    char *key = key_in_folder(feed, entry->name);
    const int fd = open_regular(name.data), error = errno;
    const follow_place *place = entry->place.inode ? &entry->place : NULL;
    uint64_t round = 0;
    feed->entry = entry;
    if (fd < 0) {
        feed->name = tool_copy(name.data);
        feed->is_over = 1;
        (void)fail(feed, "cannot be opened", error);
    } else {
        if (place && !place_agrees(place, fd)) {
            note(feed, "is another file than the one that was read up to line %" PRIu64 "; read from its start",
                 place->lines);
            round = place_read(place).round + 1;
            place = NULL;
        }
        take_file(feed, name.data, key, name.data, fd, place, round);
    }
    tool_free(key);
    tocsin_buffer_release(&name);
    return fd < 0 ? FOLLOW_SKIPPED : FOLLOW_READY;
}

static follow_status next_of_folder(feed_follow *feed, line_batch *batch) {
    for (;;) {
        int error = 0;
        if (feed->name && !feed->is_over) {
            follow_status state = feed->whole ? next_of_whole(feed, batch) : next_of_growing(feed, batch);
            if (state == FOLLOW_READY && feed->whole && !batch->count) continue;
            if (state == FOLLOW_READY || state == FOLLOW_IDLE) return state;
            feed->entry->place = feed->confirmed;
            feed->is_over = 1;
            /* Returns its end as an empty batch, so that the place is stored before the next file begins. */
            if (state == FOLLOW_ENDED) batch->count = 0;
            return state == FOLLOW_ENDED ? FOLLOW_READY : FOLLOW_SKIPPED;
        }
        close_file(feed);
        folder_file *entry = feed_folder_next(feed->folder, feed->options.once, &error);
        const char *said = feed_folder_notice(feed->folder);
        if (said) note(feed, "%s", said);
        if (!entry) {
            if (error) return fail(feed, "cannot be read", error);
            return feed->options.once ? FOLLOW_ENDED : FOLLOW_IDLE;
        }
        if (take_entry(feed, entry) == FOLLOW_SKIPPED) return FOLLOW_SKIPPED;
    }
}

follow_status feed_follow_next(feed_follow *feed, line_batch *batch) {
    line_batch_clear(batch);
    if (feed->folder) return next_of_folder(feed, batch);
    if (strcmp(feed->path, "-") != 0) return next_of_path(feed, batch);
    if (!feed->name) {
        feed->name = tool_copy("-");
        feed->key = tool_copy("-");
        feed->source = tool_copy("-");
        feed->whole = 1;
        /* It cannot be found again, but the numbers of its lines differ from those of the last run. */
        const int known = feed->options.recall(feed->options.context, "-", 0, 0, &feed->place);
        const place_facts facts = {.round = known ? place_read(&feed->place).round + 1 : 0};
        feed->place = (follow_place){0};
        place_write(&feed->place, &facts);
        feed->confirmed = feed->place;
    }
    return next_of_whole(feed, batch);
}
