/*
 * Writes results. A half-written file must not look like a result: it is written under a temporary name and renamed
 * when it is complete, so the earlier result stays until then. The temporary file is always made anew and is locked
 * while it is written: a second writer of the same result is refused, and a link in its place is not followed. A path
 * that is not a regular file (a device, a pipe) is written directly. A pipe that is closed early (`| head`) is a normal
 * end.
 */
#define _GNU_SOURCE /* realpath, flock */

#include "program/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"
#include "program/plan_argument.h"

#define MAX_LINKS 40 /* of a chain, as many as Linux follows */

struct output {
    int fd;
    char *name;    /* for messages, and the file's final name */
    char *partial; /* NULL if it is written under its final name */
};

/* The target of a link that leads to no file yet; the caller frees it. */
static char *follow_link(const char *path) {
    char target[PATH_MAX];
    const char *slash = strrchr(path, '/');
    const ssize_t length = readlink(path, target, sizeof target - 1);
    tocsin_buffer name;
    if (length <= 0) return tool_copy(path);
    target[length] = '\0';
    tocsin_buffer_init(&name, NULL);
    if (slash && target[0] != '/') text_append(&name, path, (size_t)(slash - path) + 1);
    text_puts(&name, target);
    char *copy = tool_copy(name.data);
    tocsin_buffer_release(&name);
    return copy;
}

char *output_target(const char *path) {
    struct stat about;
    char *name = tool_copy(path);
    for (int links = 0; links < MAX_LINKS && !lstat(name, &about) && S_ISLNK(about.st_mode); links++) {
        char *real = realpath(name, NULL), *next = real ? tool_copy(real) : follow_link(name);
        free(real);
        tool_free(name);
        name = next;
    }
    return name;
}

int output_replaces(const char *name) {
    struct stat about;
    return stat(name, &about) || S_ISREG(about.st_mode);
}

static int refuse(const char *name, const char *why) {
    console_error("%s: cannot be written: %s", name, message_told(why));
    return -1;
}

/* 0 if another process holds the lock. On a file system without locks, it succeeds. */
static int lock(int fd) { return !flock(fd, LOCK_EX | LOCK_NB) || errno != EWOULDBLOCK; }

/* Removes a partial file of an earlier run; 0 after a message. */
static int remove_stale(const char *partial) {
    struct stat about, opened;
    const int fd = open(partial, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int removed = 0;
    if (fd < 0 && errno == ENOENT) return 1;
    if (lstat(partial, &about)) {
        removed = errno == ENOENT;
        if (!removed) refuse(partial, strerror(errno));
    } else if (!S_ISREG(about.st_mode)) {
        refuse(partial, "it exists and is not a regular file");
    } else if (fd < 0) {
        refuse(partial, "it exists but cannot be opened");
    } else if (fstat(fd, &opened) || opened.st_ino != about.st_ino || !lock(fd)) {
        refuse(partial, "another process writes it");
    } else {
        removed = !unlink(partial);
        if (!removed) refuse(partial, strerror(errno));
    }
    if (fd >= 0) close(fd);
    return removed;
}

/* Makes the temporary file and locks it. It gets the mode of the file that it replaces. -1 after a message. */
static int open_partial(const char *name, const char *partial) {
    struct stat old;
    const int replaces = !stat(name, &old);
    int fd = -1;
    for (int attempt = 0; fd < 0; attempt++) {
        fd = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, replaces ? 0600 : 0666);
        if (fd >= 0) break;
        if (errno != EEXIST) return refuse(partial, strerror(errno));
        if (attempt) return refuse(partial, "another process writes it");
        if (!remove_stale(partial)) return -1;
    }
    if (!lock(fd)) { /* another process has just removed it as stale */
        close(fd);
        return refuse(partial, "another process writes it");
    }
    if (replaces) {
        /* A process that may give files away keeps the owner too. */
        if (fchown(fd, old.st_uid, old.st_gid)) errno = 0;
        if (fchmod(fd, old.st_mode & 0777)) errno = 0;
    }
    return fd;
}

output *output_open(const char *path) {
    output *out = tool_allocate(1, sizeof *out);
    int standard = !path || !strcmp(path, "-");
    out->fd = STDOUT_FILENO;
    out->name = standard ? tool_copy("standard output") : output_target(path);
    if (standard) return out;
    if (output_replaces(out->name)) {
        tocsin_buffer name;
        tocsin_buffer_init(&name, NULL);
        text_printf(&name, "%s.partial", out->name);
        out->partial = tool_copy(name.data);
        tocsin_buffer_release(&name);
        out->fd = open_partial(out->name, out->partial);
    } else {
        out->fd = open(out->name, O_WRONLY | O_CLOEXEC);
        if (out->fd < 0) refuse(out->name, strerror(errno));
    }
    if (out->fd < 0) {
        tool_free(out->partial); /* so that the other process's file is not removed */
        out->partial = NULL;
        output_close(out);
        return NULL;
    }
    return out;
}

static output_status failed(const output *out) {
    if (errno == EPIPE) return OUTPUT_CLOSED;
    console_error("%s: cannot be written: %s", out->name, strerror(errno));
    return OUTPUT_FAILED;
}

output_status output_write(output *out, const char *data, size_t length) {
    while (length) {
        ssize_t n = write(out->fd, data, length);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failed(out);
        data += n;
        length -= (size_t)n;
    }
    return OUTPUT_OK;
}

int output_is_terminal(const output *out) { return isatty(out->fd); }

int output_is_abandoned(const output *out) {
    struct pollfd one = {out->fd, 0, 0};
    return poll(&one, 1, 0) > 0 && one.revents & POLLERR;
}

/* Some file systems report write failures only on closing. */
static output_status finish(output *out) {
    int fd = out->fd;
    out->fd = -1;
    return fd >= 0 && fd != STDOUT_FILENO && close(fd) ? failed(out) : OUTPUT_OK;
}

output_status output_commit(output *out) {
    /* A second descriptor holds the lock until the file has its final name. */
    const int held = out->partial ? fcntl(out->fd, F_DUPFD_CLOEXEC, 0) : -1;
    output_status status = finish(out);
    if (status == OUTPUT_OK && out->partial && rename(out->partial, out->name)) status = failed(out);
    if (held >= 0) close(held);
    if (status != OUTPUT_OK || !out->partial) return status;
    tool_free(out->partial);
    out->partial = NULL;
    return OUTPUT_OK;
}

void output_keep_partial(output *out) {
    if (!out->partial || finish(out) != OUTPUT_OK) return;
    console_error("the graded part is in %s", out->partial);
    tool_free(out->partial);
    out->partial = NULL;
}

void output_close(output *out) {
    if (!out) return;
    if (out->partial) unlink(out->partial);
    if (out->fd > STDOUT_FILENO) close(out->fd);
    tool_free(out->partial);
    tool_free(out->name);
    tool_free(out);
}

int output_print(const tocsin_buffer *text) {
    output *out = output_open(NULL);
    output_status status = output_write(out, text->data, text->length);
    output_close(out);
    return status == OUTPUT_FAILED ? EXIT_IO : EXIT_DONE;
}

int output_print_message(const char *text) {
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    text_puts(&out, message(text));
    const int status = output_print(&out);
    tocsin_buffer_release(&out);
    return status;
}
