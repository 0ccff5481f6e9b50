/*
 * Grades many documents and gives one verdict at a time. A feed reader would write the same loop around
 * tocsin_classify, and would get one thing wrong: a document that fails is reported and skipped, and no other one is
 * lost. Verdicts stay in the scanner's own buffers, so they are passed on one by one and not as an array.
 */
#include <string.h>

#include "base/arguments.h"
#include "base/buffer.h"
#include "base/fail.h"
#include "classify/scanner_internal.h"
#include "classify/scanner_slot.h"

static tocsin_status classify_one(tocsin_scanner *scanner, const tocsin_document *document,
                                  const tocsin_verdict **verdict, tocsin_error *why) {
    tocsin_document room;
    const tocsin_document *taken;
    tocsin_status status = tocsin__use_document(document, "document", &room, &taken, why);
    if (!status) status = tocsin__scanner_catch_up(scanner, why);
    return status ? status : tocsin__classify(scanner, taken, verdict, why);
}

tocsin_status tocsin_classify_batch(tocsin_scanner *scanner, const tocsin_document *documents, size_t count,
                                    tocsin_verdict_sink sink, void *context, tocsin_error *error) {
    tocsin_status first = TOCSIN_OK;
    if (!scanner) return tocsin__null_argument(error, "scanner");
    if (!sink) return tocsin__null_argument(error, "sink");
    if (!documents && count) return tocsin__null_argument(error, "documents");
    if (!tocsin__busy_take(&scanner->busy)) return tocsin__is_busy(error, "scanner");
    const size_t stride = count ? tocsin__document_stride(documents) : 0;
    for (size_t i = 0; i < count; i++) {
        const void *document = (const char *)documents + i * stride;
        const tocsin_verdict *verdict = NULL;
        tocsin_error why;
        tocsin_status status = classify_one(scanner, document, &verdict, &why);
        if (status && !first) first = tocsin__fail(error, status, "document %zu: %s", i, why.message);
        if (sink(context, i, verdict, status ? &why : NULL)) break;
    }
    tocsin__busy_give(&scanner->busy);
    return first;
}

typedef struct json_lines {
    const char *documents;
    size_t stride;
    int graded_only;
    tocsin_buffer *out;
    size_t *ends;
    size_t done;
    tocsin_status status;
} json_lines;

static tocsin_status put_failure(const json_lines *lines, size_t index, const tocsin_error *why) {
    tocsin_document document;
    if (tocsin__take_document((const void *)(lines->documents + index * lines->stride), "document", &document, NULL)) {
        document.id = (tocsin_bytes){"", 0};
    }
    tocsin_status status = tocsin__buffer_puts(lines->out, "{\"id\":");
    if (!status) status = tocsin__buffer_json_string(lines->out, document.id.data, document.id.length);
    if (!status) status = tocsin__buffer_puts(lines->out, ",\"error\":");
    if (!status) status = tocsin__buffer_json_string(lines->out, why->message, strlen(why->message));
    return status ? status : tocsin__buffer_puts(lines->out, "}");
}

static int put_line(void *context, size_t index, const tocsin_verdict *verdict, const tocsin_error *why) {
    json_lines *lines = context;
    const size_t before = lines->out->length;
    const int shown = !verdict || !lines->graded_only || verdict->tier != TOCSIN_TIER_NONE;
    if (shown) {
        lines->status = verdict ? tocsin_verdict_to_json(verdict, lines->out) : put_failure(lines, index, why);
        if (!lines->status) lines->status = tocsin__buffer_puts(lines->out, "\n");
        if (lines->status && lines->out->data) lines->out->data[lines->out->length = before] = '\0';
    }
    if (lines->status) return 1;
    if (lines->ends) lines->ends[index] = lines->out->length;
    lines->done = index + 1;
    return 0;
}

tocsin_status tocsin_classify_batch_to_json(tocsin_scanner *scanner, const tocsin_document *documents, size_t count,
                                            int graded_only, tocsin_buffer *out, size_t *ends, tocsin_error *error) {
    if (!out) return tocsin__null_argument(error, "out");
    json_lines lines = {.documents = (const char *)documents,
                        .stride = documents && count ? tocsin__document_stride(documents) : 0,
                        .graded_only = graded_only,
                        .out = out,
                        .ends = ends};
    const tocsin_status status = tocsin_classify_batch(scanner, documents, count, put_line, &lines, error);
    for (size_t i = lines.done; ends && i < count; i++) ends[i] = out->length;
    if (lines.status) return tocsin__fail(error, lines.status, "no memory for the verdict of document %zu", lines.done);
    return status;
}
