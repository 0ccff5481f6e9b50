/*
 * One input. Compression is recognised by the first four bytes, never by the name, so that `zstdcat | tocsin` and
 * `tocsin < x.zst` both work. UTF-16 and UTF-32 are recognised by their byte order mark, which no UTF-8 text begins
 * with. Bytes go from the file to the chunk, through zstd or zlib if they are compressed, and through a decoder if they
 * are not UTF-8. A failure is kept as one line with the offset in the file on disk, because that offset helps to find
 * the damage.
 */
#include "feed/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feed/encoding_guess.h"
#include "feed/file_kind.h"
#include "feed/gzip_reader.h"
#include "feed/text_decoder.h"
#include "feed/tool_memory.h"
#include "feed/zstd_reader.h"

#ifdef TOCSIN_SMALL_BUFFERS
#define INPUT_CHUNK 15 /* bytes that identify files of other kinds */
#else
#define INPUT_CHUNK ((size_t)256 * 1024)
#endif
#define INPUT_MAGIC 4 /* bytes that identify byte order marks */
#define ENCODED_BYTES (INPUT_CHUNK > 2 * GUESS_HOLD ? INPUT_CHUNK : 2 * GUESS_HOLD)

struct input_file {
    char *name;
    input_options options;
    int fd; /* -1 when it did not open */
    int regular;
    int is_part;       /* of a caller's file: it ends at size, and the file position is not moved */
    uint64_t size;     /* when it was opened */
    uint64_t position; /* in the file, of the next byte to read */
    int started;       /* the first bytes were looked at */
    int ended;         /* the file has no more bytes */
    int stopped;       /* options.stop_fd said so */
    zstd_reader *zstd; /* both NULL for a plain file */
    gzip_reader *gzip;
    char chunk[INPUT_CHUNK];
    size_t at, end;  /* the bytes of chunk that were not passed on yet */
    uint64_t offset; /* of chunk[at] in the file */
    text_decoder *decoder;
    char *encoded; /* text before decoding; if it is not decoded, its first bytes */
    size_t encoded_at, encoded_end;
    int encoded_last; /* nothing follows it */
    int guesses;      /* whether the text is GB18030 is guessed from the text */
    encoding_guess guess;
    int told_once;    /* the first bytes were checked */
    int guess_told;   /* to who asked */
    size_t plain_end; /* bytes of encoded that are passed on unchanged, whatever follows */
    char problem[256];
};

static void fail_with(input_file *input, const char *what, int error) {
    snprintf(input->problem, sizeof input->problem, "%s: %s", what, strerror(error));
}

/* Whether reading must end; with `wait`, waits until it must or the file has data. */
static int stop_asked(input_file *input, int wait) {
    struct pollfd both[2] = {{input->options.stop_fd, POLLIN, 0}, {input->fd, POLLIN, 0}};
    if (input->options.stop_fd < 0) return 0;
    while (poll(both, wait ? 2 : 1, wait ? -1 : 0) < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (both[0].revents) input->stopped = 1;
    return input->stopped;
}

/* Opening a pipe waits for its other end. */
static int open_path(input_file *input, const char *path) {
    int fd;
    do {
        fd = open(path, O_RDONLY | O_CLOEXEC);
    } while (fd < 0 && errno == EINTR && !stop_asked(input, 0));
    return fd;
}

input_file *input_file_open(const char *path, const input_options *options) {
    const input_options none = INPUT_OPTIONS_INIT;
    input_file *input = tool_allocate(1, sizeof *input);
    int standard = !strcmp(path, "-");
    struct stat about;
    input->options = options ? *options : none;
    input->name = tool_copy(path);
    input->fd = standard ? STDIN_FILENO : open_path(input, path);
    if (input->stopped) return input;
    if (input->fd < 0) {
        fail_with(input, "cannot be opened", errno);
    } else if (fstat(input->fd, &about)) {
        fail_with(input, "cannot be read", errno);
    } else if (S_ISDIR(about.st_mode)) {
        fail_with(input, "cannot be read", EISDIR);
    } else if (S_ISREG(about.st_mode)) {
        input->regular = 1;
        off_t position = lseek(input->fd, 0, SEEK_CUR); /* part of standard input may already be read */
        input->size = about.st_size > 0 ? (uint64_t)about.st_size : 0;
        input->position = position > 0 ? (uint64_t)position : 0;
    }
    return input;
}

input_file *input_file_part(const char *name, int fd, uint64_t start, uint64_t end, const input_options *options) {
    input_file *input = tool_allocate(1, sizeof *input);
    input->options = *options;
    input->name = tool_copy(name);
    input->fd = fd;
    input->regular = input->is_part = input->started = 1;
    input->size = end;
    input->position = input->offset = start;
    input->encoded = tool_allocate(ENCODED_BYTES, 1);
    if (options->encoding) input->decoder = text_decoder_create(options->encoding);
    return input;
}

void input_file_close(input_file *input) {
    if (!input) return;
    if (input->fd > STDIN_FILENO && !input->is_part) close(input->fd);
    zstd_reader_free(input->zstd);
    gzip_reader_free(input->gzip);
    text_decoder_free(input->decoder);
    tool_free(input->encoded);
    tool_free(input->name);
    tool_free(input);
}

const char *input_file_problem(const input_file *input) { return input->problem; }

void input_file_fail(input_file *input, const char *problem) {
    if (!input->problem[0]) snprintf(input->problem, sizeof input->problem, "%s", problem);
}

int input_file_stopped(const input_file *input) { return input->stopped; }

uint64_t input_file_offset(const input_file *input) { return input->offset; }

uint64_t input_file_size(const input_file *input) { return input->size; }

uint64_t input_file_malformed(const input_file *input, uint64_t *first_line) {
    *first_line = 0;
    const uint64_t count = input->decoder ? text_decoder_malformed(input->decoder, first_line) : 0;
    if (count) *first_line += input->guess.lines;
    return count;
}

static int failed(const input_file *input) { return input->problem[0] || input->stopped; }

/* A file may grow while it is read; if it ends before its earlier size, a program is writing it anew. */
static void check_end(input_file *input) {
    input->ended = 1;
    if (input->position >= input->size) return;
    snprintf(input->problem, sizeof input->problem, "ends at byte %llu; it had %llu when it was opened",
             (unsigned long long)input->position, (unsigned long long)input->size);
}

static ssize_t read_some(const input_file *input, char *out, size_t size) {
    if (!input->is_part) return read(input->fd, out, size);
    if (size > input->size - input->position) size = (size_t)(input->size - input->position);
    return size ? pread(input->fd, out, size, (off_t)input->position) : 0;
}

/* Reads more bytes after those in the chunk; 0 at the end of the file, or if reading failed. */
static int read_chunk(input_file *input) {
    if (input->at == input->end) input->at = input->end = 0;
    while (!input->ended && input->end < INPUT_CHUNK && !stop_asked(input, 1)) {
        ssize_t n = read_some(input, input->chunk + input->end, INPUT_CHUNK - input->end);
        if (n > 0) {
            input->end += (size_t)n;
            input->position += (size_t)n;
            return 1;
        }
        if (n == 0) {
            check_end(input);
        } else if (errno != EINTR) {
            fail_with(input, "cannot be read", errno);
            return 0;
        }
    }
    return 0;
}

static int at_frame_end(const input_file *input) {
    return input->zstd ? zstd_reader_at_frame_end(input->zstd) : gzip_reader_at_frame_end(input->gzip);
}

static long read_compressed(input_file *input, char *out, size_t size) {
    const char *kind = input->zstd ? "zstd" : "gzip";
    for (;;) {
        size_t consumed = 0, produced = 0;
        if (input->at == input->end) read_chunk(input);
        if (failed(input)) return -1;
        if (input->at == input->end && at_frame_end(input)) return 0;
        const char *in = input->chunk + input->at;
        const size_t length = input->end - input->at;
        const char *wrong = input->zstd ? zstd_reader_step(input->zstd, in, length, &consumed, out, size, &produced)
                                        : gzip_reader_step(input->gzip, in, length, &consumed, out, size, &produced);
        input->at += consumed;
        input->offset += consumed;
        if (produced && !wrong) return (long)produced;
        if (wrong) {
            snprintf(input->problem, sizeof input->problem, "the %s data are damaged at byte %llu: %s", kind,
                     (unsigned long long)input->offset, wrong);
            return -1;
        }
        if (!consumed && input->ended && !at_frame_end(input)) {
            snprintf(input->problem, sizeof input->problem,
                     "the %s data end at byte %llu in the middle of a frame: the file is cut short", kind,
                     (unsigned long long)input->offset);
            return -1;
        }
    }
}

/* Reads the text in its encoding. */
static long read_text(input_file *input, char *out, size_t size) {
    if (input->zstd || input->gzip) return read_compressed(input, out, size);
    if (input->at == input->end) read_chunk(input);
    if (failed(input)) return -1;
    size_t n = input->end - input->at < size ? input->end - input->at : size;
    memcpy(out, input->chunk + input->at, n);
    input->at += n;
    input->offset += n;
    return (long)n;
}

/* Reads more encoded text after the present bytes; 0 if reading failed. */
static int read_encoded(input_file *input) {
    if (input->encoded_at == input->encoded_end) input->encoded_at = input->encoded_end = input->plain_end = 0;
    long n = read_text(input, input->encoded + input->encoded_end, ENCODED_BYTES - input->encoded_end);
    if (n > 0) input->encoded_end += (size_t)n;
    if (n == 0) input->encoded_last = 1;
    return n >= 0;
}

/* Whether more bytes are needed to identify the file; not if its first bytes already show that it is text. */
static int may_be_other(const char *start, size_t length) {
    static const char *const compressed[] = {"\x28\xB5\x2F\xFD", "\x1F\x8B\x08"};
    if (!length || (length < 4 && ((unsigned char)start[0] & 0xF0) == 0x50 && (length < 2 || start[1] == 0x2A)))
        return 1;
    for (size_t i = 0; i < sizeof compressed / sizeof *compressed; i++) {
        if (length < strlen(compressed[i]) && !memcmp(start, compressed[i], length)) return 1;
    }
    return file_kind_needs_more(start, length);
}

/* Refuses a file that holds no text. */
static int refuse(input_file *input) {
    const char *what = input->zstd || input->gzip ? NULL : file_kind_of_bytes(input->chunk, input->end);
    if (what) snprintf(input->problem, sizeof input->problem, "%s", what);
    return what != NULL;
}

int input_file_is_whole(const char *start, size_t length) {
    return zstd_reader_recognises(start, length) || gzip_reader_recognises(start, length) ||
           file_kind_of_bytes(start, length) || text_decoder_signature(start, length);
}

static int may_be_marked(const char *start, size_t length) {
    unsigned char first = length ? (unsigned char)*start : 0;
    return first == 0xFE || first == 0xFF || first == 0;
}

/* Finds out compression and encoding; 0 if reading failed. */
static int start(input_file *input) {
    const char *encoding = input->options.encoding;
    while (may_be_other(input->chunk, input->end) && read_chunk(input)) continue;
    if (failed(input)) return 0;
    if (zstd_reader_recognises(input->chunk, input->end)) input->zstd = zstd_reader_create();
    if (gzip_reader_recognises(input->chunk, input->end)) input->gzip = gzip_reader_create();
    if (refuse(input)) return 0;
    input->encoded = tool_allocate(ENCODED_BYTES, 1);
    while (!encoding && !input->encoded_last && input->encoded_end < INPUT_MAGIC &&
           may_be_marked(input->encoded, input->encoded_end)) {
        if (!read_encoded(input)) return 0;
    }
    if (!encoding) encoding = text_decoder_signature(input->encoded, input->encoded_end);
    if (encoding) input->decoder = text_decoder_create(encoding);
    if (encoding) input->guesses = 0;
    input->started = 1;
    return 1;
}

static long decode(input_file *input, char *out, size_t size) {
    for (;;) {
        size_t consumed, produced;
        text_decoder_step(input->decoder, input->encoded + input->encoded_at, input->encoded_end - input->encoded_at,
                          input->encoded_last, &consumed, out, size, &produced);
        input->encoded_at += consumed;
        if (produced) return (long)produced;
        if (input->encoded_at < input->encoded_end) continue;
        if (input->encoded_last) return 0;
        if (!read_encoded(input)) return -1;
    }
}

/* Whether the encoding is still open, so that nothing can be passed on. */
static int is_held(const input_file *input) {
    return input->guesses && !input->guess.found && input->encoded_at == input->plain_end &&
           !(input->encoded_last && input->encoded_at == input->encoded_end);
}

/* Decides the encoding of more text, with more bytes if they are needed; 0 if reading failed. */
static int tell_more(input_file *input) {
    const size_t held = input->encoded_end - input->encoded_at;
    if (input->encoded_at) memmove(input->encoded, input->encoded + input->encoded_at, held);
    input->encoded_at = input->plain_end = 0;
    input->encoded_end = held;
    if ((input->told_once || !held) && !input->encoded_last && !read_encoded(input)) return 0;
    input->told_once = 1;
    input->plain_end = encoding_guess_look(&input->guess, input->encoded, input->encoded_end, input->encoded_last);
    if (input->guess.found == GUESS_GB18030) input->decoder = text_decoder_create("GB18030");
    return 1;
}

static long hand_on(input_file *input, char *out, size_t size, size_t end) {
    const size_t n = end - input->encoded_at < size ? end - input->encoded_at : size;
    memcpy(out, input->encoded + input->encoded_at, n);
    input->encoded_at += n;
    return (long)n;
}

long input_file_read(input_file *input, char *out, size_t size) {
    if (failed(input) || (!input->started && !start(input))) return -1;
    while (is_held(input)) {
        if (!tell_more(input)) return -1;
    }
    if (input->encoded_at < input->plain_end) return hand_on(input, out, size, input->plain_end);
    if (input->decoder) return decode(input, out, size);
    if (input->encoded_at < input->encoded_end) return hand_on(input, out, size, input->encoded_end);
    return read_text(input, out, size);
}

static int has_bytes(const input_file *input) {
    struct pollfd both[2] = {{input->fd, POLLIN, 0}, {input->options.stop_fd, POLLIN, 0}};
    return input->at < input->end || poll(both, 2, 0) != 0;
}

int input_file_ready(input_file *input) {
    if (input->regular || input->ended || failed(input)) return 1;
    while (input->started && is_held(input) && has_bytes(input)) {
        if (!tell_more(input)) return 1;
    }
    if (input->started && is_held(input)) return 0;
    return input->encoded_at < input->encoded_end || has_bytes(input);
}

void input_file_guess(input_file *input, guessed_encoding known) {
    if (input->options.encoding) return;
    input->guesses = 1;
    input->guess.found = known;
    if (!input->is_part) return;
    if (known == GUESS_GB18030) input->decoder = text_decoder_create("GB18030");
    if (known || !input->position) return;
    input_file *before = input_file_part(input->name, input->fd, 0, input->position, &input->options);
    char passed[4096];
    input_file_guess(before, GUESS_OPEN);
    while (!before->guess.found && input_file_read(before, passed, sizeof passed) > 0) continue;
    input->guess = before->guess;
    input->guess.lines = 0;
    input_file_close(before);
    if (input->guess.found == GUESS_GB18030) input->decoder = text_decoder_create("GB18030");
}

guessed_encoding input_file_guessed(const input_file *input) { return input->guess.found; }

int input_file_tells_guess(input_file *input) {
    if (input->guess.found != GUESS_GB18030 || input->guess_told) return 0;
    return input->guess_told = 1;
}
