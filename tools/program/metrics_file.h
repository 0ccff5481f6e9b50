#ifndef TOCSIN_TOOLS_METRICS_FILE_H
#define TOCSIN_TOOLS_METRICS_FILE_H

/* A file in the text format of Prometheus, for the textfile collector of node_exporter. */

#include <stdint.h>

#include <tocsin/bytes.h>

typedef struct metrics_file metrics_file;

/* Appends all metrics; called by a thread of its own. */
typedef void (*metrics_render)(void *context, tocsin_buffer *out);

/*
 * Writes the file at once, then in each second with a change, and at the end; each write replaces the whole file or
 * nothing. path and context must stay until the end. A write failure is reported once. NULL after a message if there is
 * no thread.
 */
metrics_file *metrics_file_start(const char *path, metrics_render render, void *context);

/* Writes the file for the last time and frees everything. */
void metrics_file_stop(metrics_file *metrics);

/* Parts of the format: the text of a label, escaped; the two lines before a metric; a metric with a single number. */
void metrics_append_label(tocsin_buffer *out, const char *text);
void metrics_append_head(tocsin_buffer *out, const char *name, const char *type, const char *what);
void metrics_append_one(tocsin_buffer *out, const char *name, const char *type, const char *what, uint64_t value);

#endif
