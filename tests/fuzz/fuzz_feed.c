/*
 * Any bytes as a line of a feed: a document, or the reason for its rejection; the same in a batch as alone. The first
 * byte chooses the names of the fields.
 */
#include <stdlib.h>
#include <string.h>

#include "feed/document_reader.h"
#include "fuzz_target.h"

static void check_document(const tocsin_document *document) {
    const tocsin_bytes fields[] = {document->id, document->title, document->text, document->source};
    unsigned sum = 0;
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
        if (fields[f].length && !fields[f].data) fuzz_failed("a field is nowhere");
        for (size_t i = 0; i < fields[f].length; i++)
            sum += (unsigned char)fields[f].data[i]; /* the whole record is in memory */
    }
    if (document->venue > TOCSIN_VENUE_ACCOUNT || sum == 0xFFFFFFFFu) fuzz_failed("no such venue");
}

static void check_reason(const document_reader *reader) {
    const char *reason = document_reader_reason(reader);
    if (!reason || !*reason || strchr(reason, '\n')) fuzz_failed("no reason");
}

static int same(tocsin_bytes a, tocsin_bytes b) {
    return a.length == b.length && (!a.length || !memcmp(a.data, b.data, a.length));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static document_reader *readers[2][2];
    feed_names names = {.names = {NULL}};
    tocsin_document one = TOCSIN_DOCUMENT_INIT, other = TOCSIN_DOCUMENT_INIT;
    if (!size) return 0;
    const unsigned which = data[0] & 1;
    const size_t length = size - 1;
    if (!readers[which][0]) {
        if (which && (feed_names_set(&names, "text=data.body") || feed_names_set(&names, "id=key")))
            fuzz_failed("names");
        readers[which][0] = document_reader_create(which ? &names : NULL);
        readers[which][1] = document_reader_create(which ? &names : NULL);
    }
    char *bytes = malloc(length + LINE_PADDING);
    if (!bytes) fuzz_failed("out of memory");
    memcpy(bytes, data + 1, length);
    memset(bytes + length, 0, LINE_PADDING);
    const batch_line line = {.length = length, .number = 7, .size = length};
    line_batch batch = {.bytes = bytes, .length = length, .capacity = length, .format = FEED_NDJSON};
    const document_status first = document_reader_line(readers[which][0], &batch, &line, &one);
    const document_status second = document_reader_value(readers[which][1], bytes, length, &other);
    if (first == DOCUMENT_READY) check_document(&one);
    if (first == DOCUMENT_REJECTED) check_reason(readers[which][0]);
    if (second == DOCUMENT_REJECTED) check_reason(readers[which][1]);
    if (first != DOCUMENT_BLANK && !memchr(bytes, '\n', length) && first != second)
        fuzz_failed("line and value differ");
    if (first == DOCUMENT_READY && second == DOCUMENT_READY &&
        (!same(one.text, other.text) || !same(one.title, other.title))) {
        fuzz_failed("line and value read otherwise");
    }
    batch.format = FEED_TEXT;
    if (document_reader_line(readers[which][0], &batch, &line, &one) == DOCUMENT_READY) check_document(&one);
    free(bytes);
    return 0;
}
