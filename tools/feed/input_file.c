/*
 * One input. Compression is recognised by the first four bytes, never by the name, so that `zstdcat | tocsin` and
 * `tocsin < x.zst` both work. What goes wrong is kept as one line with the offset in the file as it is on disk, because
 * that is the offset that helps to find the damage.
 */
#include "feed/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feed/tool_memory.h"
#include "feed/zstd_reader.h"

#ifdef TOCSIN_SMALL_BUFFERS
#define INPUT_CHUNK 5
#else
#define INPUT_CHUNK ((size_t)256 * 1024)
#endif
#define INPUT_MAGIC 4

struct input_file {
    char *name;
    int fd; /* -1 when it did not open */
    int regular;
    int started;       /* the first bytes were looked at */
    int ended;         /* the file has no more bytes */
    zstd_reader *zstd; /* NULL for a plain file */
    char chunk[INPUT_CHUNK];
    size_t at, end;            /* bytes of chunk that were not handed on yet */
    unsigned long long offset; /* of chunk[at] in the file */
    char problem[256];
};

static void fail_with(input_file *input, const char *what, int error) {
    snprintf(input->problem, sizeof input->problem, "%s: %s", what, strerror(error));
}

input_file *input_file_open(const char *path) {
    input_file *input = tool_allocate(1, sizeof *input);
    int standard = !strcmp(path, "-");
    struct stat about;
    input->name = tool_copy(path);
    input->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (input->fd < 0) {
        fail_with(input, "cannot be opened", errno);
    } else if (fstat(input->fd, &about)) {
        fail_with(input, "cannot be read", errno);
    } else if (S_ISDIR(about.st_mode)) {
        fail_with(input, "cannot be read", EISDIR);
    } else {
        input->regular = S_ISREG(about.st_mode);
    }
    return input;
}

void input_file_close(input_file *input) {
    if (!input) return;
    if (input->fd > STDIN_FILENO) close(input->fd);
    zstd_reader_free(input->zstd);
    tool_free(input->name);
    tool_free(input);
}

const char *input_file_name(const input_file *input) { return input->name; }

const char *input_file_problem(const input_file *input) { return input->problem; }

/* More bytes behind those in the chunk; 0 at the end of the file or when reading failed. */
static int read_chunk(input_file *input) {
    if (input->at == input->end) input->at = input->end = 0;
    while (!input->ended && input->end < INPUT_CHUNK) {
        ssize_t n = read(input->fd, input->chunk + input->end, INPUT_CHUNK - input->end);
        if (n > 0) {
            input->end += (size_t)n;
            return 1;
        }
        if (n == 0) {
            input->ended = 1;
        } else if (errno != EINTR) {
            fail_with(input, "cannot be read", errno);
            return 0;
        }
    }
    return 0;
}

static int start(input_file *input) {
    while (input->end < INPUT_MAGIC && read_chunk(input)) continue;
    if (input->problem[0]) return 0;
    if (zstd_reader_recognises(input->chunk, input->end)) input->zstd = zstd_reader_create();
    input->started = 1;
    return 1;
}

static long read_zstd(input_file *input, char *out, size_t size) {
    for (;;) {
        size_t consumed = 0, produced = 0;
        if (input->at == input->end) read_chunk(input);
        if (input->problem[0]) return -1;
        if (input->at == input->end && zstd_reader_at_frame_end(input->zstd)) return 0;
        const char *wrong = zstd_reader_step(input->zstd, input->chunk + input->at, input->end - input->at, &consumed,
                                             out, size, &produced);
        input->at += consumed;
        input->offset += consumed;
        if (wrong) {
            snprintf(input->problem, sizeof input->problem, "the zstd data are damaged at byte %llu: %s", input->offset,
                     wrong);
            return -1;
        }
        if (produced) return (long)produced;
        if (!consumed && input->ended && !zstd_reader_at_frame_end(input->zstd)) {
            snprintf(input->problem, sizeof input->problem,
                     "the zstd data end at byte %llu in the middle of a frame: the file is cut short", input->offset);
            return -1;
        }
    }
}

long input_file_read(input_file *input, char *out, size_t size) {
    if (input->problem[0] || (!input->started && !start(input))) return -1;
    if (input->zstd) return read_zstd(input, out, size);
    if (input->at == input->end) read_chunk(input);
    if (input->problem[0]) return -1;
    size_t n = input->end - input->at < size ? input->end - input->at : size;
    memcpy(out, input->chunk + input->at, n);
    input->at += n;
    input->offset += n;
    return (long)n;
}

int input_file_ready(const input_file *input) {
    if (input->regular || input->ended || input->problem[0] || input->at < input->end) return 1;
    struct pollfd wait = {input->fd, POLLIN, 0};
    return poll(&wait, 1, 0) != 0;
}
