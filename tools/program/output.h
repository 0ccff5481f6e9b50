#ifndef TOCSIN_TOOLS_OUTPUT_H
#define TOCSIN_TOOLS_OUTPUT_H

/* The destination of results: standard output, or a file that appears under its name when it is complete. */

#include <stddef.h>

#include <tocsin/bytes.h>

typedef struct output output;

typedef enum output_status {
    OUTPUT_OK,
    OUTPUT_CLOSED, /* the reader closed the pipe: end without a message */
    OUTPUT_FAILED  /* already reported on standard error */
} output_status;

/*
 * NULL or "-": standard output. A regular file is written as path.partial, which is made anew and locked, until
 * output_commit; it keeps the mode of the file that it replaces. NULL after a message, for example if another process
 * writes the same file or path.partial is a link.
 */
output *output_open(const char *path);

output_status output_write(output *out, const char *data, size_t length);

/* Whether it is written to a terminal. */
int output_is_terminal(const output *out);

/* Ends the output and gives the file its name. */
output_status output_commit(output *out);

/* Leaves the written data in path.partial and reports that. */
void output_keep_partial(output *out);

/* Whether it is a pipe without a reader; does not write to it. */
int output_is_abandoned(const output *out);

/* Frees it and removes a file that was neither committed nor kept. */
void output_close(output *out);

/*
 * The file that a symbolic link leads to, so that renaming does not replace the link; any other path is unchanged. The
 * caller frees it with tool_free.
 */
char *output_target(const char *path);

/*
 * Whether a file of this name is written under a temporary name and renamed: it is a regular file, or does not exist.
 */
int output_replaces(const char *name);

/* Writes all of text to standard output; returns an exit status. */
int output_print(const tocsin_buffer *text);

/* The same for a text of the program, in the user's language. */
int output_print_message(const char *text);

#endif
