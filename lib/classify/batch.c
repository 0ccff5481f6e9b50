/*
 * Grades many documents and gives one verdict at a time. A feed reader would write the same loop around
 * tocsin_classify, and would get one thing wrong: a document that fails is reported and skipped, and no other one is
 * lost. Verdicts stay in the scanner's own buffers, so they are passed on one by one and not as an array.
 */
#include <string.h>

#include "base/arguments.h"
#include "base/buffer.h"
#include "base/fail.h"
#include "base/utf8.h"
#include "classify/scanner_internal.h"
#include "classify/scanner_slot.h"

/* The documents of a batch: an array of the caller's struct, or texts one after another. */
typedef struct document_source {
    const char *documents; /* NULL: they are texts */
    size_t stride;         /* bytes from one struct to the next */
    tocsin_bytes texts;    /* those that are left */
    const size_t *lengths; /* characters of each text */
} document_source;

static const tocsin_document *document_at(const document_source *source, size_t index) {
    return (const void *)(source->documents + index * source->stride);
}

static tocsin_status take_text(document_source *source, size_t index, tocsin_document *room, tocsin_error *why) {
    static const tocsin_document blank = TOCSIN_DOCUMENT_INIT;
    const size_t length = tocsin__utf8_bytes_of(source->texts.data, source->texts.length, source->lengths[index]);
    *room = blank;
    if (length == SIZE_MAX) {
        return tocsin__fail(why, TOCSIN_ERROR_ARGUMENT, "the texts end before %zu characters of it",
                            source->lengths[index]);
    }
    room->text = (tocsin_bytes){source->texts.data, length};
    source->texts.data += length;
    source->texts.length -= length;
    return TOCSIN_OK;
}

static tocsin_status classify_one(tocsin_scanner *scanner, document_source *source, size_t index,
                                  const tocsin_verdict **verdict, tocsin_error *why) {
    tocsin_document room;
    const tocsin_document *given = &room, *taken = NULL;
    tocsin_status status = TOCSIN_OK;
    if (source->documents) {
        given = document_at(source, index);
    } else {
        status = take_text(source, index, &room, why);
    }
    if (!status) status = tocsin__use_document(given, "document", &room, &taken, why);
    if (!status) status = tocsin__scanner_catch_up(scanner, why);
    return status ? status : tocsin__classify(scanner, taken, verdict, why);
}

static tocsin_status classify_all(tocsin_scanner *scanner, document_source *source, size_t count,
                                  tocsin_verdict_sink sink, void *context, tocsin_error *error) {
    tocsin_status first = TOCSIN_OK;
    if (!tocsin__busy_take(&scanner->busy)) return tocsin__is_busy(error, "scanner");
    for (size_t i = 0; i < count; i++) {
        const tocsin_verdict *verdict = NULL;
        tocsin_error why;
        tocsin_status status = classify_one(scanner, source, i, &verdict, &why);
        if (status && !first) first = tocsin__fail(error, status, "document %zu: %s", i, why.message);
        if (sink(context, i, verdict, status ? &why : NULL)) break;
    }
    tocsin__busy_give(&scanner->busy);
    return first;
}

static document_source documents_at(const tocsin_document *documents, size_t count) {
    return (document_source){.documents = (const char *)documents,
                             .stride = documents && count ? tocsin__document_stride(documents) : 0};
}

tocsin_status tocsin_classify_batch(tocsin_scanner *scanner, const tocsin_document *documents, size_t count,
                                    tocsin_verdict_sink sink, void *context, tocsin_error *error) {
    if (!scanner) return tocsin__null_argument(error, "scanner");
    if (!sink) return tocsin__null_argument(error, "sink");
    if (!documents && count) return tocsin__null_argument(error, "documents");
    document_source source = documents_at(documents, count);
    return classify_all(scanner, &source, count, sink, context, error);
}

typedef struct json_lines {
    const document_source *source;
    int graded_only;
    tocsin_buffer *out;
    size_t *ends;
    size_t done;
    tocsin_status status;
} json_lines;

static tocsin_status put_failure(const json_lines *lines, size_t index, const tocsin_error *why) {
    const document_source *source = lines->source;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    if (source->documents && tocsin__take_document(document_at(source, index), "document", &document, NULL)) {
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

static tocsin_status write_lines(tocsin_scanner *scanner, document_source *source, size_t count, int graded_only,
                                 tocsin_buffer *out, size_t *ends, tocsin_error *error) {
    json_lines lines = {.source = source, .graded_only = graded_only, .out = out, .ends = ends};
    const tocsin_status status = classify_all(scanner, source, count, put_line, &lines, error);
    for (size_t i = lines.done; ends && i < count; i++) ends[i] = out->length;
    if (lines.status) return tocsin__fail(error, lines.status, "no memory for the verdict of document %zu", lines.done);
    return status;
}

tocsin_status tocsin_classify_batch_to_json(tocsin_scanner *scanner, const tocsin_document *documents, size_t count,
                                            int graded_only, tocsin_buffer *out, size_t *ends, tocsin_error *error) {
    if (!scanner) return tocsin__null_argument(error, "scanner");
    if (!documents && count) return tocsin__null_argument(error, "documents");
    if (!out) return tocsin__null_argument(error, "out");
    document_source source = documents_at(documents, count);
    return write_lines(scanner, &source, count, graded_only, out, ends, error);
}

tocsin_status tocsin_classify_texts_to_json(tocsin_scanner *scanner, tocsin_bytes texts, const size_t *lengths,
                                            size_t count, int graded_only, tocsin_buffer *out, size_t *ends,
                                            tocsin_error *error) {
    if (!scanner) return tocsin__null_argument(error, "scanner");
    if (!texts.data && texts.length) return tocsin__null_argument(error, "texts.data");
    if (!lengths && count) return tocsin__null_argument(error, "lengths");
    if (!out) return tocsin__null_argument(error, "out");
    document_source source = {.texts = {texts.data ? texts.data : "", texts.length}, .lengths = lengths};
    return write_lines(scanner, &source, count, graded_only, out, ends, error);
}
