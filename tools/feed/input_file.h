#ifndef TOCSIN_TOOLS_INPUT_FILE_H
#define TOCSIN_TOOLS_INPUT_FILE_H

/* Text of one input in UTF-8: a file or standard input, plain or zstd, told apart by its first bytes. */

#include <stddef.h>
#include <stdint.h>

#include "feed/encoding_guess.h"

typedef struct input_file input_file;

typedef struct input_options {
    const char *encoding; /* of the text, see text_decoder_known; NULL: UTF-8, what a mark says, or what is guessed */
    int stop_fd;          /* reading ends when this can be read, in the middle of a wait too; -1: none */
} input_options;

#define INPUT_OPTIONS_INIT                                                                                             \
    { NULL, -1 }

/*
 * Opens a file, or standard input for "-". A file that cannot be opened fails at the first read. options, borrowed
 * until the input is closed, may be NULL.
 */
input_file *input_file_open(const char *path, const input_options *options);

/*
 * The bytes from start up to end of a plain file that is open as fd, which stays the caller's and open until the input
 * is closed. They are text in options->encoding, and no mark at their start says another one.
 */
input_file *input_file_part(const char *name, int fd, uint64_t start, uint64_t end, const input_options *options);

/*
 * Whether a file that begins so cannot be read by parts: it is compressed, marked as UTF-16 or UTF-32, or holds no
 * text.
 */
int input_file_is_whole(const char *start, size_t length);

/* NULL does nothing. Standard input stays open. */
void input_file_close(input_file *input);

/*
 * Reads 1 to size bytes and returns how many; 0 at the end; -1 when it failed or was stopped, now and at every later
 * call.
 */
long input_file_read(input_file *input, char *out, size_t size);

/* Whether a read would return without waiting for somebody to write. */
int input_file_ready(input_file *input);

/*
 * Before the first read: text without a mark, whose encoding nobody says, is GB18030 where its first characters that
 * are not ASCII are. `known` says what it is, GUESS_OPEN that it is to be found; a part of a file asks the bytes before
 * it.
 */
void input_file_guess(input_file *input, guessed_encoding known);

/* What was found up to now. */
guessed_encoding input_file_guessed(const input_file *input);

/* Whether the text turned out to be GB18030 and nobody was told: 1 once. */
int input_file_tells_guess(input_file *input);

/* Whether options->stop_fd ended it. */
int input_file_stopped(const input_file *input);

/* What failed, one line without the name; "" when nothing did. */
const char *input_file_problem(const input_file *input);

/* Makes it fail: what is read is not what it should be. problem is one line; the first one counts. */
void input_file_fail(input_file *input, const char *problem);

/* How far the file is read, and its size, both in bytes as it is on disk; 0 for a size that is not known. */
uint64_t input_file_offset(const input_file *input);
uint64_t input_file_size(const input_file *input);

/*
 * How many malformed parts became U+FFFD when the text was brought to UTF-8, and in which line, from 1, the first one
 * stands; 0 for text that was UTF-8 and is handed on as it is.
 */
uint64_t input_file_malformed(const input_file *input, uint64_t *first_line);

#endif
