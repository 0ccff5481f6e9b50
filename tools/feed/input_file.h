#ifndef TOCSIN_TOOLS_INPUT_FILE_H
#define TOCSIN_TOOLS_INPUT_FILE_H

/* Bytes of one input: a file or standard input, plain or zstd, told apart by its first bytes. */

#include <stddef.h>

typedef struct input_file input_file;

/* Opens a file, or standard input for "-". A file that cannot be opened fails at the first read. */
input_file *input_file_open(const char *path);

/* NULL does nothing. Standard input stays open. */
void input_file_close(input_file *input);

/* "-" for standard input. */
const char *input_file_name(const input_file *input);

/* Reads 1 to size bytes and returns how many; 0 at the end; -1 when it failed, now and at every later call. */
long input_file_read(input_file *input, char *out, size_t size);

/* Whether a read would return without waiting for somebody to write. */
int input_file_ready(const input_file *input);

/* What failed, one line without the name; "" when nothing did. */
const char *input_file_problem(const input_file *input);

#endif
