#ifndef TOCSIN_TOOLS_OUTPUT_H
#define TOCSIN_TOOLS_OUTPUT_H

/* Where results go: standard output, or a file that appears under its name when it is complete. */

#include <stddef.h>

#include <tocsin/bytes.h>

typedef struct output output;

typedef enum output_status {
    OUTPUT_OK,
    OUTPUT_CLOSED, /* the reader of the pipe went away: end quietly */
    OUTPUT_FAILED  /* said on standard error */
} output_status;

/*
 * NULL or "-": standard output. A regular file is written as path.partial, which is made anew and locked, until
 * output_commit; it keeps the mode of the file that it replaces. NULL after a message, among others when another
 * process writes the same file or path.partial is a link.
 */
output *output_open(const char *path);

output_status output_write(output *out, const char *data, size_t length);

/* Whether people see it as it is written. */
int output_is_terminal(const output *out);

/* Ends the output: the file gets its name. */
output_status output_commit(output *out);

/* Leaves what was written under path.partial, and says so. */
void output_keep_partial(output *out);

/* Frees it; a file that was neither committed nor kept is removed. NULL does nothing. */
void output_close(output *out);

/* The file that a symbolic link leads to, so that renaming does not replace the link; any other path as it is. The
 * caller's, for tool_free. */
char *output_target(const char *path);

/* Whether a file of this name is written beside it and renamed: there is a regular file, or nothing yet. */
int output_replaces(const char *name);

/* Writes all of text to standard output; returns an exit status. */
int output_print(const tocsin_buffer *text);

/* The same for a text of the program, in the user's language. */
int output_print_message(const char *text);

#endif
