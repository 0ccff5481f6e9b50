/*
 * A file that grows is read in parts, each from where the last one ended to the last end of a line that is there, so
 * that what a part came to and where the next one begins can be kept together. It stays open: what is written to it
 * after it was renamed is read too, before the file that took its name. After a start it is known again by its inode
 * and by what it begins with, in its folder under any name.
 */
#define _GNU_SOURCE /* scandir, memrchr */

#include "feed/feed_follow.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <tocsin/scanner.h>

#include "feed/document_reader.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "feed/zstd_reader.h"

#ifdef TOCSIN_SMALL_BUFFERS
#define PART_BYTES 64
#define SCAN_BYTES 7
#else
#define PART_BYTES ((uint64_t)1 << 20)
#define SCAN_BYTES 65536
#endif
#define HEAD_BYTES 256u   /* that a file is known by */
#define SETTLED_SECONDS 2 /* a folder that changed so lately is looked at again: its clock is coarse */

struct feed_follow {
    const char *path;
    input_options options;
    int once;
    follow_recall recall;
    void *context;
    int is_folder;
    char *name;       /* of the file that is read */
    int fd;           /* of a file that grows; -1: none is open, or the input has its own */
    int whole;        /* it does not grow: compressed, standard input, or in a folder */
    int ended;        /* it has been read to its end */
    uint64_t skipped; /* lines of it that were read before this start */
    follow_place place, settled;
    uint64_t part_end;
    input_file *input;
    line_reader *lines;
    uint64_t lines_before;   /* those of earlier parts */
    struct dirent **entries; /* of the folder, those from entry_at on are to be looked at */
    int entry_count, entry_at;
    struct timespec folder_time;
    char problem[512], notice[512];
};

feed_follow *feed_follow_open(const char *path, const input_options *options, int once, follow_recall recall,
                              void *context) {
    struct stat about;
    feed_follow *feed = tool_allocate(1, sizeof *feed);
    feed->path = path;
    feed->options = *options;
    feed->once = once;
    feed->recall = recall;
    feed->context = context;
    feed->fd = -1;
    feed->is_folder = strcmp(path, "-") && !stat(path, &about) && S_ISDIR(about.st_mode);
    return feed;
}

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
    feed->fd = -1;
    feed->name = NULL;
    feed->whole = feed->ended = 0;
    feed->skipped = 0;
    feed->place = (follow_place){0};
}

static void free_entries(feed_follow *feed) {
    for (int i = 0; i < feed->entry_count; i++) free(feed->entries[i]);
    free(feed->entries);
    feed->entries = NULL;
    feed->entry_count = feed->entry_at = 0;
}

void feed_follow_close(feed_follow *feed) {
    if (!feed) return;
    close_file(feed);
    free_entries(feed);
    tool_free(feed);
}

const char *feed_follow_name(const feed_follow *feed) { return feed->name ? feed->name : feed->path; }

int feed_follow_settled(const feed_follow *feed) { return feed->whole || !feed->lines; }

int feed_follow_place(const feed_follow *feed, follow_place *place) {
    *place = feed->settled;
    return feed_follow_settled(feed) && place->inode;
}

const char *feed_follow_problem(const feed_follow *feed) { return feed->problem; }

const char *feed_follow_notice(feed_follow *feed) {
    static char told[sizeof feed->notice];
    if (!feed->notice[0]) return NULL;
    memcpy(told, feed->notice, sizeof told);
    feed->notice[0] = '\0';
    return told;
}

static follow_status fail(feed_follow *feed, const char *what, int error) {
    snprintf(feed->problem, sizeof feed->problem, "%s: %s", what, strerror(error));
    return FOLLOW_FAILED;
}

/* FNV-1a of the first bytes, as many as are told. */
static int hash_head(int fd, uint32_t length, char *out, size_t size) {
    unsigned char head[HEAD_BYTES];
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    if (length > HEAD_BYTES || pread(fd, head, length, 0) != (ssize_t)length) return 0;
    for (uint32_t i = 0; i < length; i++) hash = (hash ^ head[i]) * UINT64_C(0x100000001b3);
    snprintf(out, size, "%" PRIu32 "-%016" PRIx64, length, hash);
    return 1;
}

/* Whether the open file is the one of a place. */
static int is_same_file(int fd, const struct stat *about, const follow_place *place) {
    char head[sizeof place->head];
    uint32_t length = 0;
    if ((int64_t)about->st_dev != place->device || (int64_t)about->st_ino != place->inode) return 0;
    for (const char *c = place->head; *c >= '0' && *c <= '9' && length <= HEAD_BYTES; c++) {
        length = length * 10 + (uint32_t)(*c - '0');
    }
    return hash_head(fd, length, head, sizeof head) && !strcmp(head, place->head);
}

static void note_head(feed_follow *feed, uint64_t length) {
    if (length > HEAD_BYTES) length = HEAD_BYTES;
    if (!hash_head(feed->fd, (uint32_t)length, feed->place.head, sizeof feed->place.head)) feed->place.head[0] = '\0';
}

/* Takes over an open file, from a place of it on. */
static void take_file(feed_follow *feed, const char *name, int fd, const struct stat *about,
                      const follow_place *place) {
    char magic[4];
    close_file(feed);
    feed->name = tool_copy(name);
    feed->fd = fd;
    if (place) feed->place = *place;
    feed->place.device = (int64_t)about->st_dev;
    feed->place.inode = (int64_t)about->st_ino;
    const ssize_t n = pread(fd, magic, sizeof magic, 0);
    feed->whole = n == (ssize_t)sizeof magic && zstd_reader_recognises(magic, sizeof magic);
    feed->skipped = feed->whole ? feed->place.lines : 0;
    if (!place) note_head(feed, feed->whole ? (uint64_t)about->st_size : 0);
    feed->settled = feed->place;
}

/* The file of a place under another name in the folder of the path: it was renamed while nobody watched. */
static int find_renamed(feed_follow *feed, const follow_place *place) {
    const char *slash = strrchr(feed->path, '/');
    const int folder_length = slash ? (int)(slash - feed->path) : 0;
    tocsin_buffer name;
    int found = 0;
    tocsin_buffer_init(&name, NULL);
    if (slash) text_printf(&name, "%.*s", folder_length ? folder_length : 1, feed->path);
    DIR *folder = opendir(slash ? name.data : ".");
    const struct dirent *entry;
    while (folder && !found && (entry = readdir(folder))) {
        struct stat about;
        if ((int64_t)entry->d_ino != place->inode) continue;
        name.length = 0;
        if (slash) text_printf(&name, "%.*s/", folder_length, feed->path);
        text_puts(&name, entry->d_name);
        const int fd = open(name.data, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (fd < 0) continue;
        found = !fstat(fd, &about) && S_ISREG(about.st_mode) && is_same_file(fd, &about, place);
        if (found) {
            take_file(feed, feed->path, fd, &about, place);
        } else {
            close(fd);
        }
    }
    if (folder) closedir(folder);
    tocsin_buffer_release(&name);
    return found;
}

static follow_status not_there(feed_follow *feed, int error) {
    if (error != ENOENT || feed->once) return fail(feed, "cannot be opened", error);
    if (!feed->ended) snprintf(feed->notice, sizeof feed->notice, "is not there yet; waiting for it");
    feed->ended = 1;
    return FOLLOW_IDLE;
}

/* Opens what the path names, or what it named when it was read last. */
static follow_status open_path(feed_follow *feed) {
    struct stat about;
    follow_place place = {0};
    const int known = feed->recall(feed->context, feed->path, &place);
    const int fd = open(feed->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno != ENOENT) return fail(feed, "cannot be opened", errno);
    if (fd >= 0 && (fstat(fd, &about) || !S_ISREG(about.st_mode))) {
        close(fd);
        return fail(feed, "cannot be followed", EINVAL);
    }
    if (fd >= 0 && known && is_same_file(fd, &about, &place)) {
        take_file(feed, feed->path, fd, &about, &place);
        return FOLLOW_READY;
    }
    if (known && find_renamed(feed, &place)) {
        if (fd >= 0) close(fd);
        return FOLLOW_READY;
    }
    if (fd < 0) return not_there(feed, ENOENT);
    if (known) {
        snprintf(feed->notice, sizeof feed->notice,
                 "another file than the one that was read up to line %" PRIu64 ", which is gone; read from its start",
                 place.lines);
    }
    take_file(feed, feed->path, fd, &about, NULL);
    return FOLLOW_READY;
}

/* The offset behind the last newline in [from, to), or from. */
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

/* The offset behind the first newline in [from, to), or from when there is none. */
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

static void begin_part(feed_follow *feed, uint64_t end) {
    feed->part_end = end;
    feed->lines_before = feed->place.lines;
    feed->input = input_file_part(feed->name, feed->fd, feed->place.offset, end, &feed->options);
    feed->lines = line_reader_create(feed->input, FEED_MAX_LINE);
}

/* Whether the path names another file by now. */
static int is_replaced(const feed_follow *feed) {
    struct stat about;
    if (stat(feed->path, &about)) return 0;
    return (int64_t)about.st_dev != feed->place.device || (int64_t)about.st_ino != feed->place.inode;
}

/* Begins the next part of the file that grows, or goes over to the one that took its name. */
static follow_status advance(feed_follow *feed) {
    struct stat about;
    if (fstat(feed->fd, &about)) return fail(feed, "cannot be read", errno);
    const uint64_t size = (uint64_t)about.st_size;
    if (size < feed->place.offset) {
        snprintf(feed->notice, sizeof feed->notice,
                 "was cut to %" PRIu64 " bytes after %" PRIu64 " were read; read from its start", size,
                 feed->place.offset);
        feed->place.offset = feed->place.lines = 0;
        feed->settled = feed->place;
    }
    const uint64_t start = feed->place.offset, most = size - start > PART_BYTES ? start + PART_BYTES : size;
    uint64_t end = last_line_end(feed->fd, start, most);
    if (end == start) {
        end = first_line_end(feed->fd, most, size);
        if (end == most) end = start;
    }
    const int replaced = end == start && is_replaced(feed);
    if (replaced && start < size) end = size; /* nobody will end its last line */
    if (end > start) {
        begin_part(feed, end);
        return FOLLOW_READY;
    }
    if (replaced) {
        const int fd = open(feed->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (fd < 0) return FOLLOW_IDLE;
        if (fstat(fd, &about) || !S_ISREG(about.st_mode)) {
            close(fd);
            return FOLLOW_IDLE;
        }
        take_file(feed, feed->path, fd, &about, NULL);
        return FOLLOW_READY;
    }
    if (feed->once && start < size) {
        snprintf(feed->notice, sizeof feed->notice, "its last line has no end yet; it is left for the next time");
    }
    return feed->once ? FOLLOW_ENDED : FOLLOW_IDLE;
}

static void note_malformed(feed_follow *feed) {
    uint64_t line;
    const uint64_t malformed = input_file_malformed(feed->input, &line);
    if (!malformed) return;
    snprintf(feed->notice, sizeof feed->notice,
             "%" PRIu64 " malformed part%s in its encoding, the first in line %" PRIu64, malformed,
             malformed == 1 ? "" : "s", feed->lines_before + line);
}

/* Takes the next lines of the part, without those that were read before. */
static follow_status read_part(feed_follow *feed, line_batch *batch) {
    for (;;) {
        if (feed->whole && !line_reader_ready(feed->lines)) return FOLLOW_IDLE;
        const line_status state = line_reader_fill(feed->lines, batch);
        size_t kept = 0;
        for (size_t i = 0; i < batch->count; i++) {
            batch_line line = batch->lines[i];
            line.number += feed->lines_before;
            feed->place.lines = line.number;
            if (line.number > feed->skipped) batch->lines[kept++] = line;
        }
        batch->count = kept;
        if (feed->whole && feed->place.lines > feed->skipped) feed->settled = feed->place;
        if (kept) return FOLLOW_READY;
        if (state == LINE_READY) continue;
        if (state == LINE_END) return FOLLOW_ENDED;
        snprintf(feed->problem, sizeof feed->problem, "%s", input_file_problem(feed->input));
        return input_file_stopped(feed->input) ? FOLLOW_IDLE : FOLLOW_FAILED;
    }
}

/* One that does not grow: up to its end, which a place remembers by an offset that is not 0. */
static follow_status next_of_whole(feed_follow *feed, line_batch *batch) {
    if (feed->ended) return FOLLOW_ENDED;
    if (!feed->input) {
        feed->lines_before = 0;
        feed->input = input_file_open(feed->name, &feed->options);
        feed->lines = line_reader_create(feed->input, FEED_MAX_LINE);
    }
    const follow_status state = read_part(feed, batch);
    if (state == FOLLOW_READY || state == FOLLOW_IDLE) return state;
    if (state == FOLLOW_ENDED) {
        note_malformed(feed);
        feed->place.offset = 1;
        feed->settled = feed->place;
    }
    feed->ended = 1;
    end_part(feed);
    return state;
}

static follow_status next_of_path(feed_follow *feed, line_batch *batch) {
    for (;;) {
        follow_status state = FOLLOW_READY;
        if (!feed->name) state = open_path(feed);
        if (state != FOLLOW_READY) return state;
        if (feed->whole) {
            state = next_of_whole(feed, batch);
            if (state != FOLLOW_ENDED || feed->once) return state;
            if (!is_replaced(feed)) return FOLLOW_IDLE;
            close_file(feed);
            continue;
        }
        if (!feed->lines) state = advance(feed);
        if (state != FOLLOW_READY) return state;
        if (!feed->lines) continue;
        state = read_part(feed, batch);
        if (state == FOLLOW_READY) return state;
        if (state == FOLLOW_ENDED) {
            note_malformed(feed);
            feed->place.offset = feed->part_end;
            note_head(feed, feed->part_end);
            feed->settled = feed->place;
        }
        feed->place = feed->settled;
        end_part(feed);
        return state == FOLLOW_ENDED ? FOLLOW_READY : state; /* with an empty batch */
    }
}

static int is_put_whole(const struct dirent *entry) {
    static const char *const unfinished[] = {".partial", ".part", ".tmp"};
    const size_t length = strlen(entry->d_name);
    if (entry->d_name[0] == '.') return 0;
    for (size_t i = 0; i < sizeof unfinished / sizeof *unfinished; i++) {
        const size_t end = strlen(unfinished[i]);
        if (length > end && !strcmp(entry->d_name + length - end, unfinished[i])) return 0;
    }
    return 1;
}

/* Lists the folder when it changed since it was listed; 0: there is nothing new, or problem says why. */
static int list_folder(feed_follow *feed) {
    struct stat about;
    feed->problem[0] = '\0';
    if (stat(feed->path, &about)) return fail(feed, "cannot be read", errno), 0;
    const int settled = about.st_mtim.tv_sec == feed->folder_time.tv_sec &&
                        about.st_mtim.tv_nsec == feed->folder_time.tv_nsec &&
                        time(NULL) - about.st_mtim.tv_sec > SETTLED_SECONDS;
    if (settled && feed->entries) return 0;
    free_entries(feed);
    feed->folder_time = about.st_mtim;
    feed->entry_count = scandir(feed->path, &feed->entries, is_put_whole, alphasort);
    if (feed->entry_count < 0) {
        feed->entry_count = 0;
        return fail(feed, "cannot be read", errno), 0;
    }
    return 1;
}

/* Takes the next file of the list that was not read to its end; 0 when there is none. */
static int take_entry(feed_follow *feed) {
    while (feed->entry_at < feed->entry_count) {
        struct stat about;
        follow_place place = {0};
        tocsin_buffer name;
        tocsin_buffer_init(&name, NULL);
        text_printf(&name, "%s/%s", feed->path, feed->entries[feed->entry_at++]->d_name);
        int wanted = !stat(name.data, &about) && S_ISREG(about.st_mode) && about.st_size > 0;
        const int known = wanted && feed->recall(feed->context, name.data, &place) &&
                          place.device == (int64_t)about.st_dev && place.inode == (int64_t)about.st_ino;
        if (known && place.offset) wanted = 0;
        if (wanted) {
            close_file(feed);
            feed->name = tool_copy(name.data);
            feed->whole = 1;
            feed->skipped = known ? place.lines : 0;
            feed->place = (follow_place){(int64_t)about.st_dev, (int64_t)about.st_ino, 0, feed->skipped, ""};
            feed->settled = feed->place;
        }
        tocsin_buffer_release(&name);
        if (wanted) return 1;
    }
    return 0;
}

static follow_status next_of_folder(feed_follow *feed, line_batch *batch) {
    for (;;) {
        if (feed->name && !feed->ended) {
            const follow_status state = next_of_whole(feed, batch);
            /* Its end is told as an empty batch, so that the place is kept before the next file is begun. */
            if (state == FOLLOW_ENDED) batch->count = 0;
            return state == FOLLOW_ENDED ? FOLLOW_READY : state;
        }
        if (take_entry(feed)) continue;
        const int listed_before = feed->entries != NULL;
        if (feed->once && listed_before) return FOLLOW_ENDED;
        if (!list_folder(feed)) return feed->problem[0] ? FOLLOW_FAILED : FOLLOW_IDLE;
        if (!take_entry(feed)) return feed->once ? FOLLOW_ENDED : FOLLOW_IDLE;
    }
}

follow_status feed_follow_next(feed_follow *feed, line_batch *batch) {
    line_batch_clear(batch);
    if (feed->is_folder) return next_of_folder(feed, batch);
    if (strcmp(feed->path, "-")) return next_of_path(feed, batch);
    if (!feed->name) {
        feed->name = tool_copy("-");
        feed->whole = 1;
    }
    return next_of_whole(feed, batch);
}
