/*
 * A plan may come from a stranger, so the names in it must not lead out of its folder: not by a symbolic link, and not
 * if somebody replaces a folder by a link during the reading. Hence there are two steps: realpath resolves a name, and
 * the result is compared with the folder. Then this path, which has no links left, is walked from the folder's
 * descriptor one component at a time, refusing links. A file that is not regular is not even opened: opening a FIFO
 * waits, and opening a device may have effects.
 */
#define _XOPEN_SOURCE 700

#include "plan/plan_files_read.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/fail.h"
#include "base/memory.h"

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif

#ifdef TOCSIN_SMALL_BUFFERS
#define READ_STEP ((size_t)31)
#else
#define READ_STEP ((size_t)1 << 16)
#endif

#define PLAN_FILE "plan.yaml"
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define FILE_FLAGS (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

struct tocsin__plan_files {
    tocsin_allocator allocator;
    uint64_t max_bytes;
    int folder;
    char root[PATH_MAX]; /* the folder's real path, without a / at its end; empty for / itself */
    char plan[PATH_MAX]; /* the plan's name in the folder */
    tocsin_error error;
};

static const char *reason(int code) {
    switch (code) {
        case ENOENT: return "there is no such file";
        case ENOTDIR: return "a part of the name is not a folder";
        case EACCES:
        case EPERM: return "permission denied";
        case ELOOP: return "too many symbolic links, or one that changed meanwhile";
        case ENAMETOOLONG: return "the name is too long";
        case EMFILE:
        case ENFILE: return "too many open files";
        case EISDIR: return "it is a folder";
        case EIO: return "input error";
        default: return "it cannot be read";
    }
}

static tocsin_status fail_system(tocsin_error *error, const char *name, int code) {
    tocsin_status status = code == ENOENT || code == ENOTDIR ? TOCSIN_ERROR_NOT_FOUND
                           : code == ENOMEM                  ? TOCSIN_ERROR_MEMORY
                                                             : TOCSIN_ERROR_IO;
    return tocsin__fail_at(error, status, name, 0, 0, "%s", reason(code));
}

static tocsin_status fail_outside(tocsin_error *error, const char *name, const char *how) {
    return tocsin__fail_at(error, TOCSIN_ERROR_OUTSIDE, name, 0, 0, "%s; lists stand in the plan's folder or below it",
                           how);
}

static int open_again(int folder, const char *name, int flags) {
    int fd;
    do fd = openat(folder, name, flags);
    while (fd < 0 && errno == EINTR);
    return fd;
}

static void close_folder(const tocsin__plan_files *files, int folder) {
    if (folder >= 0 && folder != files->folder) (void)close(folder);
}

/* Whether a name climbs above its start. */
static int climbs_out(const char *name) {
    long depth = 0;
    for (const char *at = name; *at;) {
        size_t length = strcspn(at, "/");
        if (length == 2 && !memcmp(at, "..", 2)) {
            depth--;
        } else if (length && !(length == 1 && *at == '.')) {
            depth++;
        }
        if (depth < 0) return 1;
        at += length + (at[length] == '/');
    }
    return 0;
}

/* The real path of a name as components below the folder; it begins after the folder's path and a /. */
static tocsin_status resolve(const tocsin__plan_files *files, const char *name, char *real, const char **below,
                             tocsin_error *error) {
    char path[PATH_MAX];
    size_t root = strlen(files->root), length = strlen(name);
    if (!length) return fail_system(error, name, ENOENT);
    if (name[0] == '/') return fail_outside(error, name, "the name is absolute");
    if (climbs_out(name)) return fail_outside(error, name, "the name leaves the plan's folder");
    if (root + 1 + length >= sizeof path) return fail_system(error, name, ENAMETOOLONG);
    memcpy(path, files->root, root);
    path[root] = '/';
    memcpy(path + root + 1, name, length + 1);
    if (!realpath(path, real)) return fail_system(error, name, errno);
    if (strncmp(real, files->root, root) || real[root] != '/') {
        int itself = !strncmp(real, files->root, root) && !real[root];
        if (itself) return fail_system(error, name, EISDIR);
        return fail_outside(error, name, "a symbolic link leads out of the plan's folder");
    }
    *below = real + root + 1;
    return TOCSIN_OK;
}

/* Opens a path without links below the folder; components are cut off in place. */
static tocsin_status open_below(const tocsin__plan_files *files, const char *name, char *below, int *fd,
                                struct stat *state, tocsin_error *error) {
    int folder = files->folder, code = 0;
    for (char *slash; !code && (slash = strchr(below, '/')); below = slash + 1) {
        *slash = '\0';
        int next = open_again(folder, below, FOLDER_FLAGS);
        if (next < 0) code = errno;
        close_folder(files, folder);
        folder = next;
    }
    if (!code && fstatat(folder, below, state, AT_SYMLINK_NOFOLLOW)) code = errno;
    int regular = !code && S_ISREG(state->st_mode);
    if (regular) {
        *fd = open_again(folder, below, FILE_FLAGS);
        if (*fd < 0 || fstat(*fd, state)) code = errno;
        regular = !code && S_ISREG(state->st_mode);
    }
    close_folder(files, folder);
    if (code) return fail_system(error, name, code);
    if (regular) return TOCSIN_OK;
    return tocsin__fail_at(error, TOCSIN_ERROR_IO, name, 0, 0, "%s",
                           S_ISDIR(state->st_mode) ? reason(EISDIR) : "it is not a regular file");
}

static tocsin_status fail_too_large(tocsin_error *error, const char *name, uint64_t max_bytes) {
    return tocsin__fail_at(error, TOCSIN_ERROR_TOO_LARGE, name, 0, 0, "the file has more than %llu bytes",
                           (unsigned long long)max_bytes);
}

/* Reads to the end, which may differ from the stated size: files grow. */
static tocsin_status read_all(int fd, uint64_t size, uint64_t max_bytes, const char *name, tocsin_buffer *out,
                              tocsin_error *error) {
    uint64_t had = 0;
    if (size > max_bytes) return fail_too_large(error, name, max_bytes);
    tocsin_status status = tocsin__buffer_reserve(out, (size_t)size + 1);
    while (!status) {
        status = tocsin__buffer_reserve(out, READ_STEP);
        if (status) break;
        ssize_t got = read(fd, out->data + out->length, READ_STEP);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_system(error, name, errno);
        out->length += (size_t)got;
        out->data[out->length] = '\0';
        had += (uint64_t)got;
        if (had > max_bytes) return fail_too_large(error, name, max_bytes);
        if (got == 0) return TOCSIN_OK;
    }
    return tocsin__fail_at(error, status, name, 0, 0, "out of memory");
}

tocsin_status tocsin__plan_files_read(void *context, const char *name, tocsin_buffer *out) {
    tocsin__plan_files *files = context;
    char real[PATH_MAX];
    const char *below = NULL;
    struct stat state;
    size_t before = out->length;
    int fd = -1;
    tocsin_status status = resolve(files, name, real, &below, &files->error);
    if (!status) status = open_below(files, name, real + (below - real), &fd, &state, &files->error);
    if (!status) status = read_all(fd, (uint64_t)state.st_size, files->max_bytes, name, out, &files->error);
    if (fd >= 0) (void)close(fd);
    if (status && out->data) out->data[out->length = before] = '\0';
    return status;
}

/* Finds out where the plan really is, as folder and name. */
static tocsin_status find_plan(tocsin__plan_files *files, const char *path, tocsin_error *error) {
    char real[PATH_MAX];
    struct stat state;
    if (!realpath(path, files->root)) return fail_system(error, path, errno);
    if (stat(files->root, &state)) return fail_system(error, path, errno);
    if (S_ISDIR(state.st_mode)) {
        size_t length = strlen(files->root);
        if (length + sizeof "/" PLAN_FILE > sizeof files->root) return fail_system(error, path, ENAMETOOLONG);
        memcpy(files->root + length, "/" PLAN_FILE, sizeof "/" PLAN_FILE);
        if (!realpath(files->root, real)) {
            return errno == ENOENT ? tocsin__fail_at(error, TOCSIN_ERROR_NOT_FOUND, path, 0, 0,
                                                     "there is no " PLAN_FILE " in this folder")
                                   : fail_system(error, path, errno);
        }
        memcpy(files->root, real, strlen(real) + 1);
    }
    char *slash = strrchr(files->root, '/');
    memcpy(files->plan, slash + 1, strlen(slash + 1) + 1);
    *slash = '\0';
    files->folder = open_again(AT_FDCWD, files->root[0] ? files->root : "/", FOLDER_FLAGS);
    return files->folder < 0 ? fail_system(error, path, errno) : TOCSIN_OK;
}

tocsin_status tocsin__plan_files_open(const char *path, uint64_t max_bytes, const tocsin_allocator *allocator,
                                      tocsin__plan_files **files, tocsin_error *error) {
    if (!path || !*path) return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "path is empty: name the plan");
    tocsin__plan_files *made = tocsin__allocate_zeroed(allocator, sizeof *made);
    if (!made) return tocsin__fail(error, TOCSIN_ERROR_MEMORY, "out of memory");
    made->allocator = *allocator;
    made->max_bytes = max_bytes;
    made->folder = -1;
    tocsin_status status = find_plan(made, path, error);
    if (status) {
        tocsin__plan_files_close(made);
        return status;
    }
    *files = made;
    return TOCSIN_OK;
}

void tocsin__plan_files_close(tocsin__plan_files *files) {
    if (!files) return;
    tocsin_allocator allocator = files->allocator;
    if (files->folder >= 0) (void)close(files->folder);
    tocsin__deallocate(&allocator, files, sizeof *files);
}

const char *tocsin__plan_files_plan_name(const tocsin__plan_files *files) { return files->plan; }

const tocsin_error *tocsin__plan_files_last_error(const tocsin__plan_files *files) { return &files->error; }
