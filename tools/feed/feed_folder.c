/*
 * The folder is listed when it has changed, and its files are checked one by one, because a file that grows does not
 * change its folder. The place reached in each file is recalled when the file is first seen, before any file of that
 * round is read: so if two files swapped names, neither is taken for the other.
 */
#define _GNU_SOURCE /* scandir */

#include "feed/feed_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "tool_clock.h"

#define COARSE_SECONDS 2 /* a folder that changed so lately is listed again: its timestamps are coarse */
#define REST_SECONDS 2.0 /* a line without an end is taken if nothing follows for this long */
#define LOOK_SHARE 10    /* checking takes at most one part in this many of the time */

struct feed_folder {
    const char *path, *patterns;
    follow_recall recall;
    void *context;
    folder_file **files; /* by name */
    size_t count, at;
    int listed, has_links; /* has_links: a name may be a symbolic link, so that a file has two names with one link */
    struct timespec changed;
    double look_began, next_look;
    int looking;
    tocsin_buffer notice, told;
};

feed_folder *feed_folder_open(const char *path, const char *patterns, follow_recall recall, void *context) {
    feed_folder *folder = tool_allocate(1, sizeof *folder);
    folder->path = path;
    folder->patterns = patterns;
    folder->recall = recall;
    folder->context = context;
    tocsin_buffer_init(&folder->notice, NULL);
    tocsin_buffer_init(&folder->told, NULL);
    return folder;
}

static void free_file(folder_file *file) {
    tool_free(file->name);
    tool_free(file);
}

void feed_folder_close(feed_folder *folder) {
    if (!folder) return;
    for (size_t i = 0; i < folder->count; i++) free_file(folder->files[i]);
    tool_free(folder->files);
    tocsin_buffer_release(&folder->notice);
    tocsin_buffer_release(&folder->told);
    tool_free(folder);
}

const char *feed_folder_notice(feed_folder *folder) {
    if (!folder->notice.length) return NULL;
    const tocsin_buffer told = folder->told;
    folder->told = folder->notice;
    folder->notice = told;
    folder->notice.length = 0;
    return folder->told.data;
}

void feed_folder_rest(folder_file *file) {
    file->has_rest = 1;
    file->rest_since = tool_seconds();
}

int feed_folder_wants(const char *patterns, const char *name) {
    static const char *const unfinished[] = {".partial", ".part", ".tmp"};
    const size_t length = strlen(name);
    if (name[0] == '.') return 0;
    for (size_t i = 0; i < sizeof unfinished / sizeof *unfinished; i++) {
        const size_t end = strlen(unfinished[i]);
        if (length > end && !strcmp(name + length - end, unfinished[i])) return 0;
    }
    if (!patterns) return 1;
    for (const char *pattern = patterns; *pattern; pattern += strlen(pattern) + 1) {
        if (!fnmatch(pattern, name, 0)) return 1;
    }
    return 0;
}

static char *path_of(const feed_folder *folder, const char *name) {
    tocsin_buffer path;
    tocsin_buffer_init(&path, NULL);
    text_printf(&path, "%s/%s", folder->path, name);
    char *copy = tool_copy(path.data);
    tocsin_buffer_release(&path);
    return copy;
}

static int by_name(const void *a, const void *b) {
    return strcmp((*(folder_file *const *)a)->name, (*(folder_file *const *)b)->name);
}

static folder_file *find_name(const feed_folder *folder, const char *name) {
    size_t low = 0, high = folder->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(folder->files[middle]->name, name);
        if (!order) return folder->files[middle];
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

/* A file that was read under a name that is gone or now belongs to another file. */
static const folder_file *find_inode(const feed_folder *folder, const struct stat *about) {
    for (size_t i = 0; i < folder->count; i++) {
        if (place_is_inode(&folder->files[i]->place, about)) return folder->files[i];
    }
    return NULL;
}

static folder_file *meet(feed_folder *folder, const char *name) {
    folder_file *file = tool_allocate(1, sizeof *file);
    struct stat about;
    char *path = path_of(folder, name);
    file->name = tool_copy(name);
    if (!stat(path, &about)) {
        const folder_file *same = find_inode(folder, &about);
        follow_place by_inode;
        if (same) {
            file->place = same->place;
        } else if (!folder->recall(folder->context, path, 0, 0, &file->place) ||
                   !place_is_inode(&file->place, &about)) {
            if (folder->recall(folder->context, NULL, (int64_t)about.st_dev, (int64_t)about.st_ino, &by_inode)) {
                file->place = by_inode;
            } else if (!place_read(&file->place).head_length) {
                file->place = (follow_place){0}; /* there is no evidence that it is the same file */
            }
        }
    }
    tool_free(path);
    return file;
}

/* Lists the folder if it changed since; 0 with *error if it cannot be read. */
static int list(feed_folder *folder, int *error) {
    struct stat about;
    struct dirent **entries = NULL;
    if (stat(folder->path, &about)) return *error = errno, 0;
    if (folder->listed && about.st_mtim.tv_sec == folder->changed.tv_sec &&
        about.st_mtim.tv_nsec == folder->changed.tv_nsec && time(NULL) - about.st_mtim.tv_sec > COARSE_SECONDS)
        return 1;
    folder->changed = about.st_mtim;
    const int n = scandir(folder->path, &entries, NULL, NULL);
    if (n < 0) return *error = errno, 0;
    folder_file **files = tool_allocate((size_t)n + 1, sizeof *files);
    size_t count = 0;
    for (size_t i = 0; i < folder->count; i++) folder->files[i]->present = 0;
    folder->has_links = 0;
    for (int i = 0; i < n; i++) {
        if (feed_folder_wants(folder->patterns, entries[i]->d_name)) {
            folder->has_links |= entries[i]->d_type == DT_LNK || entries[i]->d_type == DT_UNKNOWN;
            folder_file *file = find_name(folder, entries[i]->d_name);
            files[count] = file ? file : meet(folder, entries[i]->d_name);
            files[count++]->present = 1;
        }
        free(entries[i]);
    }
    free(entries);
    for (size_t i = 0; i < folder->count; i++) {
        if (!folder->files[i]->present) free_file(folder->files[i]);
    }
    tool_free(folder->files);
    folder->files = files;
    folder->count = count;
    folder->listed = 1;
    if (count) qsort(files, count, sizeof *files, by_name);
    return 1;
}

static int is_as_read(const folder_file *file, const struct stat *about) {
    return file->read.st_ino == about->st_ino && file->read.st_dev == about->st_dev &&
           file->read.st_size == about->st_size && file->read.st_mtim.tv_sec == about->st_mtim.tv_sec &&
           file->read.st_mtim.tv_nsec == about->st_mtim.tv_nsec;
}

/* Whether an earlier name of the folder is the same file, which is then read under that name. */
static int is_other_name(feed_folder *folder, size_t at, const struct stat *about) {
    folder_file *file = folder->files[at];
    for (size_t i = 0; i < at && (about->st_nlink > 1 || folder->has_links); i++) {
        const folder_file *first = folder->files[i];
        if (first->read.st_ino != about->st_ino || first->read.st_dev != about->st_dev) continue;
        if (!file->read.st_ino) {
            text_printf(&folder->notice, "%s%s is the same file as %s; it is read once",
                        folder->notice.length ? "; " : "", file->name, first->name);
        }
        file->place = first->place;
        file->read = *about;
        return 1;
    }
    return 0;
}

folder_file *feed_folder_next(feed_folder *folder, int once, int *error) {
    *error = 0;
    if (!folder->looking) {
        if (tool_seconds() < folder->next_look || !list(folder, error)) return NULL;
        folder->looking = 1;
        folder->at = 0;
        folder->look_began = tool_seconds();
    }
    while (folder->at < folder->count) {
        struct stat about;
        const size_t at = folder->at++;
        folder_file *file = folder->files[at];
        char *path = path_of(folder, file->name);
        const int there = !stat(path, &about) && S_ISREG(about.st_mode) && about.st_size > 0;
        tool_free(path);
        if (!there) continue;
        const int same = is_as_read(file, &about);
        const int rested = same && file->has_rest && (once || tool_seconds() - file->rest_since >= REST_SECONDS);
        if (same && !rested) continue;
        if (is_other_name(folder, at, &about)) continue;
        if (!same) file->has_rest = 0;
        file->read = about;
        return file;
    }
    folder->looking = 0;
    folder->next_look = tool_seconds() + LOOK_SHARE * (tool_seconds() - folder->look_began);
    return NULL;
}
