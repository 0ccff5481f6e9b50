#ifndef TOCSIN_TOOLS_INPUT_FILE_H
#define TOCSIN_TOOLS_INPUT_FILE_H

/* Reads one input as UTF-8 text: a file or standard input, plain or compressed, recognised by its first bytes. */

#include <stddef.h>
#include <stdint.h>

#include "feed/encoding_guess.h"

typedef struct input_file input_file;

typedef struct input_options {
    const char *encoding; /* of the text, see text_decoder_known; NULL: UTF-8, or the encoding that a mark shows, or a
                             detected one */
    int stop_fd;          /* reading ends as soon as this is readable, even during a wait; -1: none */
} input_options;

#define INPUT_OPTIONS_INIT                                                                                             \
    { NULL, -1 }

/*
 * Opens a file, or standard input for "-". A file that cannot be opened fails at the first read. options, borrowed
 * until the input is closed, may be NULL.
 */
input_file *input_file_open(const char *path, const input_options *options);

/*
 * The bytes from start to end of a plain file that is open as fd; the caller keeps fd open until the input is closed.
 * They are text in options->encoding; a mark at their start is ignored.
 */
input_file *input_file_part(const char *name, int fd, uint64_t start, uint64_t end, const input_options *options);

/*
 * Whether a file that begins with these bytes cannot be read in parts: it is compressed, marked as UTF-16 or UTF-32, or
 * holds no text.
 */
int input_file_is_whole(const char *start, size_t length);

/* NULL does nothing. Standard input stays open. */
void input_file_close(input_file *input);

/*
 * Reads 1 to size bytes and returns how many; 0 at the end; -1 if it failed or was stopped, also at every later call.
 */
long input_file_read(input_file *input, char *out, size_t size);

/* Whether a read would return without waiting for somebody to write. */
int input_file_ready(input_file *input);

/*
 * Before the first read: if text has no mark and the user names no encoding, it is read as GB18030 if its first
 * characters that are not ASCII are GB18030. `known` is the encoding, or GUESS_OPEN if it must be guessed; for a part
 * of a file, the bytes before it are examined too.
 */
void input_file_guess(input_file *input, guessed_encoding known);

/* The guess so far. */
guessed_encoding input_file_guessed(const input_file *input);

/* Whether the text turned out to be GB18030 and this was not reported yet: 1 only once. */
int input_file_tells_guess(input_file *input);

/* Whether options->stop_fd ended the reading. */
int input_file_stopped(const input_file *input);

/* The failure, one line without the file name; "" if there was none. */
const char *input_file_problem(const input_file *input);

/* Makes the input fail, because its content is wrong. problem is one line; only the first one is kept. */
void input_file_fail(input_file *input, const char *problem);

/* How far the file was read, and its size, both in bytes on disk; 0 for an unknown size. */
uint64_t input_file_offset(const input_file *input);
uint64_t input_file_size(const input_file *input);

/*
 * How many malformed parts became U+FFFD during the conversion to UTF-8, and the line, from 1, of the first one; 0 for
 * UTF-8 text, which is passed on unchanged.
 */
uint64_t input_file_malformed(const input_file *input, uint64_t *first_line);

#endif
