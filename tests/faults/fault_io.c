/*
 * Preloaded library: the N-th call of one kind fails, or every call transfers less than asked. FAULT has the form
 * CALL:WHAT:N, for example write:ENOSPC:3 or read:short:0; FAULT_HIT names a file that gets a byte when the fault
 * happened. Files below /proc, /sys, /usr, /lib and /etc are left alone, and so is standard error.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CALL_READ,
    CALL_WRITE,
    CALL_OPEN,
    CALL_FSYNC,
    CALL_RENAME,
    CALL_COUNT
};

static const char *const calls[CALL_COUNT] = {"read", "write", "open", "fsync", "rename"};
static int wanted = -1, error, brief;
static long nth;
static atomic_long count;
static int hit = -1; /* opened before the program gives up its rights to write */

__attribute__((constructor)) static void configure(void) {
    static const struct {
        const char *name;
        int value;
    } errors[] = {{"EINTR", EINTR}, {"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EMFILE", EMFILE}, {"EACCES", EACCES}};
    char call[16] = "", what[16] = "";
    const char *fault = getenv("FAULT");
    if (!fault || sscanf(fault, "%15[a-z]:%15[A-Za-z]:%ld", call, what, &nth) != 3) return;
    brief = !strcmp(what, "short");
    if (getenv("FAULT_HIT")) hit = open(getenv("FAULT_HIT"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        if (!strcmp(errors[i].name, what)) error = errors[i].value;
    }
    for (int i = 0; i < CALL_COUNT; i++) {
        if (!strcmp(calls[i], call)) wanted = i;
    }
}

static void *next(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

static void told(void) {
    static atomic_int done;
    ssize_t (*real)(int, const void *, size_t) = next("write");
    if (hit < 0 || atomic_exchange(&done, 1)) return;
    if (real(hit, "1", 1) != 1) abort();
}

/* Whether this call is the one that fails. */
static int strikes(int call) {
    if (call != wanted || brief) return 0;
    if (atomic_fetch_add(&count, 1) + 1 != nth) return 0;
    told();
    errno = error;
    return 1;
}

static int is_system(const char *path) {
    static const char *const folders[] = {"/proc/", "/sys/", "/usr/", "/lib", "/etc/", "/dev/"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (!strncmp(path, folders[i], strlen(folders[i]))) return 1;
    }
    return 0;
}

static int is_ours(int fd) {
    struct stat s;
    return fd != STDERR_FILENO && !fstat(fd, &s) && (S_ISREG(s.st_mode) || S_ISFIFO(s.st_mode));
}

static size_t cut(int call, size_t size) {
    if (!brief || call != wanted || size < 2) return size;
    told();
    return 1 + size / 7 % 5;
}

ssize_t read(int fd, void *bytes, size_t size) {
    ssize_t (*real)(int, void *, size_t) = next("read");
    if (!is_ours(fd)) return real(fd, bytes, size);
    return strikes(CALL_READ) ? -1 : real(fd, bytes, cut(CALL_READ, size));
}

ssize_t write(int fd, const void *bytes, size_t size) {
    ssize_t (*real)(int, const void *, size_t) = next("write");
    if (!is_ours(fd)) return real(fd, bytes, size);
    return strikes(CALL_WRITE) ? -1 : real(fd, bytes, cut(CALL_WRITE, size));
}

ssize_t pread64(int fd, void *bytes, size_t size, off64_t at) {
    ssize_t (*real)(int, void *, size_t, off64_t) = next("pread64");
    return strikes(CALL_READ) ? -1 : real(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
    ssize_t (*real)(int, const void *, size_t, off64_t) = next("pwrite64");
    return strikes(CALL_WRITE) ? -1 : real(fd, bytes, size, at);
}

int fsync(int fd) {
    int (*real)(int) = next("fsync");
    return strikes(CALL_FSYNC) ? -1 : real(fd);
}

int fdatasync(int fd) {
    int (*real)(int) = next("fdatasync");
    return strikes(CALL_FSYNC) ? -1 : real(fd);
}

int rename(const char *from, const char *to) {
    int (*real)(const char *, const char *) = next("rename");
    return strikes(CALL_RENAME) ? -1 : real(from, to);
}

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                       \
        int (*real)(const char *, int, ...) = next(#name);                                                             \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;                             \
        va_end(arguments);                                                                                             \
        return !is_system(path) && strikes(CALL_OPEN) ? -1 : real(path, flags, mode);                                  \
    }

#define OPENAT(name)                                                                                                   \
    int name(int folder, const char *path, int flags, ...) {                                                           \
        int (*real)(int, const char *, int, ...) = next(#name);                                                        \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;                             \
        va_end(arguments);                                                                                             \
        return !is_system(path) && strikes(CALL_OPEN) ? -1 : real(folder, path, flags, mode);                          \
    }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
