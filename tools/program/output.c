/*
 * Output. A file that is half written must not look like a result: it is written beside its name and renamed when it is
 * complete, so an earlier result stays until then. What is not a regular file (a device, a pipe) is written as it
 * is. A pipe that is closed early (`| head`) is an ordinary end.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "program/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"
#include "program/plan_argument.h"

struct output {
    int fd;
    char *name;    /* for messages, and what the file will be called */
    char *partial; /* NULL when it is written under its own name */
};

char *output_target(const char *path) {
    struct stat about;
    int link = !lstat(path, &about) && S_ISLNK(about.st_mode);
    char *real = link ? realpath(path, NULL) : NULL;
    char *copy = tool_copy(real ? real : path);
    free(real);
    return copy;
}

int output_replaces(const char *name) {
    struct stat about;
    return stat(name, &about) || S_ISREG(about.st_mode);
}

output *output_open(const char *path) {
    output *out = tool_allocate(1, sizeof *out);
    const char *target = path;
    int standard = !path || !strcmp(path, "-");
    out->fd = STDOUT_FILENO;
    out->name = standard ? tool_copy("standard output") : output_target(path);
    if (standard) return out;
    if (output_replaces(out->name)) {
        tocsin_buffer name;
        tocsin_buffer_init(&name, NULL);
        text_printf(&name, "%s.partial", out->name);
        target = out->partial = tool_copy(name.data);
        tocsin_buffer_release(&name);
    }
    out->fd = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (out->fd < 0) {
        console_error("%s: cannot be written: %s", target, strerror(errno));
        tool_free(out->partial);
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

/* Closing is where some file systems report that they could not write. */
static output_status finish(output *out) {
    int fd = out->fd;
    out->fd = -1;
    return fd >= 0 && fd != STDOUT_FILENO && close(fd) ? failed(out) : OUTPUT_OK;
}

output_status output_commit(output *out) {
    output_status status = finish(out);
    if (status != OUTPUT_OK || !out->partial) return status;
    if (rename(out->partial, out->name)) return failed(out);
    tool_free(out->partial);
    out->partial = NULL;
    return OUTPUT_OK;
}

void output_keep_partial(output *out) {
    if (!out->partial || finish(out) != OUTPUT_OK) return;
    console_error("what could be graded is in %s", out->partial);
    tool_free(out->partial);
    out->partial = NULL;
}

void output_close(output *out) {
    if (!out) return;
    if (out->fd > STDOUT_FILENO) close(out->fd);
    if (out->partial) unlink(out->partial);
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
