/*
 * Programs that rotate files give them a number or a date. The time of the last change tells which neighbours of a file
 * are younger; if the times are equal, a higher number counts as older.
 */
#define _GNU_SOURCE /* O_NONBLOCK, d_ino */

#include "feed/feed_rotation.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"

#define INDEX_DIGITS 4 /* a number with more digits is a date */
#define MOST_NUMBERS 8

static const char *base_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The path of another file in the same folder as `path`. */
static char *beside(const char *path, const char *name, size_t length) {
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    text_append(&out, path, (size_t)(base_of(path) - path));
    text_append(&out, name, length);
    char *copy = tool_copy(out.data);
    tocsin_buffer_release(&out);
    return copy;
}

static DIR *open_folder(const char *path) {
    char *folder = beside(path, ".", 1);
    DIR *opened = opendir(folder);
    tool_free(folder);
    return opened;
}

static char *find(const char *path, const follow_place *place, int by_inode, int *fd) {
    const char *base = base_of(path);
    char *found = NULL;
    DIR *folder = open_folder(path);
    const struct dirent *entry;
    while (folder && !found && (entry = readdir(folder))) {
        struct stat about;
        if (by_inode ? (int64_t)entry->d_ino != place->inode
                     : strncmp(entry->d_name, base, strlen(base)) != 0 || !strcmp(entry->d_name, base))
            continue;
        char *name = beside(path, entry->d_name, strlen(entry->d_name));
        *fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (*fd >= 0 && !fstat(*fd, &about) && S_ISREG(about.st_mode) &&
            (by_inode ? place_is_inode(place, &about) && place_agrees(place, *fd) : place_agrees_surely(place, *fd))) {
            found = name;
            break;
        }
        if (*fd >= 0) close(*fd);
        tool_free(name);
    }
    if (folder) closedir(folder);
    return found;
}

char *rotation_find(const char *path, const follow_place *place, int *fd) { return find(path, place, 1, fd); }

char *rotation_find_copy(const char *path, const follow_place *place, int *fd) { return find(path, place, 0, fd); }

/* The length without the ending of a compressed file. */
static size_t plain_length(const char *name) {
    static const char *const ends[] = {".gz", ".zst", ".bz2", ".xz"};
    const size_t length = strlen(name);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const size_t n = strlen(ends[i]);
        if (length > n && !strcmp(name + length - n, ends[i])) return length - n;
    }
    return length;
}

/* The part of a name between the beginning and the end that it shares with path. */
typedef struct series {
    const char *base;
    size_t before, after; /* bytes that are shared */
} series;

typedef struct middle {
    uint64_t numbers[MOST_NUMBERS];
    char signs[4 * MOST_NUMBERS]; /* characters that are no digits, and # for each number */
    size_t count;
    int is_date;
    struct timespec changed;
} middle;

static int read_middle(const series *s, const char *name, middle *m) {
    const size_t length = plain_length(name), base = strlen(s->base);
    size_t signs = 0;
    *m = (middle){.count = 0};
    if (length <= s->before + s->after || memcmp(name, s->base, s->before) != 0 ||
        memcmp(name + length - s->after, s->base + base - s->after, s->after) != 0)
        return 0;
    for (size_t at = s->before; at < length - s->after;) {
        const size_t start = at;
        if (signs + 1 >= sizeof m->signs) return 0;
        if (!isdigit((unsigned char)name[at])) {
            m->signs[signs++] = name[at++];
            continue;
        }
        if (m->count == MOST_NUMBERS) return 0;
        while (at < length - s->after && isdigit((unsigned char)name[at])) at++;
        m->numbers[m->count++] = strtoull(name + start, NULL, 10);
        m->signs[signs++] = '#';
        m->is_date |= at - start > INDEX_DIGITS;
    }
    m->is_date |= m->count > 1;
    return m->count > 0;
}

/* Less than 0 if a is younger. */
static int compare_age(const middle *a, const middle *b) {
    if (a->changed.tv_sec != b->changed.tv_sec) return a->changed.tv_sec > b->changed.tv_sec ? -1 : 1;
    if (a->changed.tv_nsec != b->changed.tv_nsec) return a->changed.tv_nsec > b->changed.tv_nsec ? -1 : 1;
    for (size_t i = 0; i < a->count; i++) {
        if (a->numbers[i] == b->numbers[i]) continue;
        return (a->numbers[i] < b->numbers[i]) == a->is_date ? 1 : -1;
    }
    return 0;
}

static int read_time(const char *path, const char *name, middle *m) {
    struct stat about;
    char *whole = beside(path, name, strlen(name));
    const int there = !stat(whole, &about) && S_ISREG(about.st_mode);
    tool_free(whole);
    if (there) m->changed = about.st_mtim;
    return there;
}

char *rotation_next(const char *path, const char *old) {
    const char *old_base = base_of(old);
    series s = {.base = base_of(path)};
    const size_t base = strlen(s.base), length = plain_length(old_base);
    middle from, best = {.count = 0}, here;
    char *next = NULL;
    while (s.before < base && s.before < length && s.base[s.before] == old_base[s.before]) s.before++;
    while (s.after < base - s.before && s.after < length - s.before &&
           s.base[base - 1 - s.after] == old_base[length - 1 - s.after])
        s.after++;
    if (!s.before || !read_middle(&s, old_base, &from) || !read_time(path, old_base, &from)) return NULL;
    DIR *folder = open_folder(path);
    const struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        if (!read_middle(&s, entry->d_name, &here) || strcmp(here.signs, from.signs) != 0 ||
            here.is_date != from.is_date || !read_time(path, entry->d_name, &here) || compare_age(&here, &from) >= 0 ||
            (next && compare_age(&here, &best) <= 0))
            continue;
        tool_free(next);
        next = beside(path, entry->d_name, strlen(entry->d_name));
        best = here;
    }
    if (folder) closedir(folder);
    return next;
}
