#ifndef TOCSIN_TOOLS_METRICS_FILE_H
#define TOCSIN_TOOLS_METRICS_FILE_H

/* A file in the text format of Prometheus, for the textfile collector of node_exporter. */

#include <stdint.h>

#include <tocsin/bytes.h>

typedef struct metrics_file metrics_file;

/* Appends all that there is to say, by a thread of its own. */
typedef void (*metrics_render)(void *context, tocsin_buffer *out);

/*
 * Writes the file at once, then each second in which something changed, and at the end, each time whole or not at all.
 * path and context stay until the end. A file that cannot be written is told once. NULL after a message when there is
 * no thread.
 */
metrics_file *metrics_file_start(const char *path, metrics_render render, void *context);

/* Writes the last one and frees it. NULL does nothing. */
void metrics_file_stop(metrics_file *metrics);

/* Parts of the format: what stands between the quotes of a label; the two lines before a metric; one of one number. */
void metrics_append_label(tocsin_buffer *out, const char *text);
void metrics_append_head(tocsin_buffer *out, const char *name, const char *type, const char *what);
void metrics_append_one(tocsin_buffer *out, const char *name, const char *type, const char *what, uint64_t value);

#endif
