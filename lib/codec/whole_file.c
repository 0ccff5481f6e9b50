/*
 * No reader may ever see half of the new file, not even after a power cut. So it is written beside the old one, made
 * durable and renamed, and the folder is made durable. The name beside it is unique to the process, so that two writers
 * do not mix. A link is followed. A path that is no regular file (a device, a pipe) is written into, not replaced.
 */
#define _XOPEN_SOURCE 700

#include "codec/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/fail.h"

#ifdef TOCSIN_SMALL_BUFFERS
#define READ_STEP ((size_t)31)
#else
#define READ_STEP ((size_t)1 << 20)
#endif

static tocsin_status fail_system(tocsin_error *error, const char *path, const char *what, int code) {
    tocsin_status status = code == ENOENT || code == ENOTDIR ? TOCSIN_ERROR_NOT_FOUND : TOCSIN_ERROR_IO;
    char reason[128];
    if (strerror_r(code, reason, sizeof reason)) (void)snprintf(reason, sizeof reason, "error %d", code);
    return tocsin__fail_at(error, status, path, 0, 0, "%s: %s", what, reason);
}

/*
 * Reserves room for the whole file at the size it states, so that nothing moves while it is read; a failure shows
 * later.
 */
static void expect(int fd, uint64_t max_bytes, tocsin_buffer *out) {
    struct stat facts;
    if (fstat(fd, &facts) || !S_ISREG(facts.st_mode) || facts.st_size < 0) return;
    if ((uint64_t)facts.st_size <= max_bytes) (void)tocsin__buffer_reserve(out, (size_t)facts.st_size + READ_STEP);
}

static tocsin_status read_all(int fd, const char *path, uint64_t max_bytes, tocsin_buffer *out, tocsin_error *error) {
    const size_t before = out->length;
    expect(fd, max_bytes, out);
    for (;;) {
        if (tocsin__buffer_reserve(out, READ_STEP)) return tocsin__fail(error, TOCSIN_ERROR_MEMORY, "out of memory");
        ssize_t got = read(fd, out->data + out->length, READ_STEP);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_system(error, path, "it cannot be read", errno);
        if (!got) return TOCSIN_OK;
        out->length += (size_t)got;
        out->data[out->length] = '\0';
        if (out->length - before > max_bytes) {
            return tocsin__fail_at(error, TOCSIN_ERROR_TOO_LARGE, path, 0, 0, "the file has more than %llu bytes",
                                   (unsigned long long)max_bytes);
        }
    }
}

tocsin_status tocsin__file_read(const char *path, uint64_t max_bytes, tocsin_buffer *out, tocsin_error *error) {
    const size_t before = out->length;
    int fd;
    do fd = open(path, O_RDONLY | O_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    if (fd < 0) return fail_system(error, path, "it cannot be opened", errno);
    tocsin_status status = read_all(fd, path, max_bytes, out, error);
    (void)close(fd);
    if (status && out->data) out->data[out->length = before] = '\0';
    return status;
}

size_t tocsin__file_start(const char *path, char *start, size_t length) {
    struct stat facts;
    size_t have = 0;
    ssize_t got = 1;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return 0;
    if (fstat(fd, &facts) || !S_ISREG(facts.st_mode)) got = 0; /* what is read from a pipe is gone afterwards */
    while (have < length && got != 0 && (got > 0 || errno == EINTR)) {
        got = read(fd, start + have, length - have);
        if (got > 0) have += (size_t)got;
    }
    (void)close(fd);
    return have;
}

#define MOST_LINKS 40

/* The name that path leads to, links followed, even to a file that does not exist; 0 with errno set. */
static int follow_links(const char *path, char target[PATH_MAX]) {
    struct stat about;
    if (strlen(path) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return 0;
    }
    strcpy(target, path);
    for (int links = 0; !lstat(target, &about) && S_ISLNK(about.st_mode); links++) {
        char named[PATH_MAX];
        const ssize_t length = readlink(target, named, sizeof named);
        const char *slash = strrchr(target, '/');
        const size_t folder = length > 0 && named[0] != '/' && slash ? (size_t)(slash - target) + 1 : 0;
        if (length < 0) return 0;
        if (links == MOST_LINKS || folder + (size_t)length >= PATH_MAX) {
            errno = ELOOP;
            return 0;
        }
        memcpy(target + folder, named, (size_t)length);
        target[folder + (size_t)length] = '\0';
    }
    return 1;
}

/*
 * Creates a file beside path and writes its name into *name; -1 on failure. It gets the mode of the file that it
 * replaces.
 */
static int create_beside(const char *path, const struct stat *old, tocsin_buffer *name) {
    int fd = -1;
    for (int i = 0; i < 100 && fd < 0; i++) {
        name->length = 0;
        if (tocsin__buffer_printf(name, "%s.%ld-%d.partial", path, (long)getpid(), i)) return -1;
        fd = open(name->data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, old ? 0600 : 0666);
        if (fd < 0 && errno != EEXIST && errno != EINTR) return -1;
    }
    if (fd >= 0 && old) {
        /* A process that may give files away keeps the owner too. */
        if (fchown(fd, old->st_uid, old->st_gid)) errno = 0;
        if (fchmod(fd, old->st_mode & 0777)) errno = 0;
    }
    return fd;
}

static int write_all(int fd, tocsin_bytes bytes) {
    while (bytes.length) {
        ssize_t put = write(fd, bytes.data, bytes.length);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return 0;
        bytes.data += put;
        bytes.length -= (size_t)put;
    }
    return 1;
}

/* A name is durable only if its folder is; errors are ignored, for some file systems cannot do it. */
static void sync_folder(char *path) {
    char *slash = strrchr(path, '/');
    if (slash) slash[slash == path] = '\0';
    int fd = open(slash ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    (void)fsync(fd);
    (void)close(fd);
}

/* Returns errno of the failure; 0 if all is written. */
static int write_into(const char *path, tocsin_bytes bytes) {
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    int code = fd < 0 || !write_all(fd, bytes) ? errno : 0;
    if (fd >= 0 && close(fd) && !code) code = errno;
    return code;
}

static int write_beside(const char *path, const struct stat *old, tocsin_bytes bytes,
                        const tocsin_allocator *allocator) {
    tocsin_buffer name;
    tocsin_buffer_init(&name, allocator);
    int fd = create_beside(path, old, &name), code = fd < 0 ? errno : 0;
    if (fd >= 0) {
        if (!write_all(fd, bytes) || fsync(fd)) code = errno;
        if (close(fd) && !code) code = errno;
        if (!code && rename(name.data, path)) code = errno;
        if (code) (void)unlink(name.data);
    }
    if (!code) sync_folder(name.data);
    tocsin_buffer_release(&name);
    return code;
}

tocsin_status tocsin__file_replace(const char *path, tocsin_bytes bytes, const tocsin_allocator *allocator,
                                   tocsin_error *error) {
    char target[PATH_MAX];
    struct stat old;
    int code = follow_links(path, target) ? 0 : errno;
    if (!code) {
        const int exists = !stat(target, &old);
        code = exists && !S_ISREG(old.st_mode) ? write_into(target, bytes)
                                               : write_beside(target, exists ? &old : NULL, bytes, allocator);
    }
    return code ? tocsin__fail_at(error, TOCSIN_ERROR_IO, path, 0, 0, "it cannot be written: %s", strerror(code))
                : TOCSIN_OK;
}
