#ifndef TOCSIN_TOOLS_REJECT_LINE_H
#define TOCSIN_TOOLS_REJECT_LINE_H

/* Writes a line that is no document as JSON, for correction: {"file", "line", "reason", "raw"}. */

#include <tocsin/bytes.h>

#include "feed/line_reader.h"

/* raw is null for a line that was too long to be stored. */
void reject_line_append(tocsin_buffer *out, const char *file, const line_batch *batch, const batch_line *line,
                        const char *reason);

/* For something that is no line of a file: line and raw are null. */
void reject_line_append_other(tocsin_buffer *out, const char *where, const char *reason);

#endif
