/* classify and watch write the same lines, so that one program can process the rejects of both. */
#include "tocsin/reject_line.h"

#include <inttypes.h>
#include <string.h>

#include "feed/utf8_text.h"

void reject_line_append(tocsin_buffer *out, const char *file, const line_batch *batch, const batch_line *line,
                        const char *reason) {
    text_puts(out, "{\"file\":");
    utf8_append_json(out, file, strlen(file));
    text_printf(out, ",\"line\":%" PRIu64 ",\"reason\":", line->number);
    utf8_append_json(out, reason, strlen(reason));
    text_puts(out, ",\"raw\":");
    if (line->size > line->length) {
        text_puts(out, "null");
    } else {
        utf8_append_json(out, batch->bytes + line->offset, line->length);
    }
    text_puts(out, "}\n");
}

void reject_line_append_other(tocsin_buffer *out, const char *where, const char *reason) {
    text_puts(out, "{\"file\":");
    utf8_append_json(out, where, strlen(where));
    text_puts(out, ",\"line\":null,\"reason\":");
    utf8_append_json(out, reason, strlen(reason));
    text_puts(out, ",\"raw\":null}\n");
}
