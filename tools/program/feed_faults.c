/*
 * One line for the first fault of a kind and one for the count, because a feed of a million posts may have a million
 * faults.
 */
#include "program/feed_faults.h"

#include <inttypes.h>

#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"

void feed_faults_add(feed_faults *faults, feed_fault fault, uint64_t count, const char *file, uint64_t line,
                     const char *what) {
    if (count && !faults->count[fault]) console_line("%s:%" PRIu64 ": %s", file, line, message_told(what));
    faults->count[fault] += count;
}

void feed_faults_note(feed_faults *faults, const document_reader *reader, const char *file, uint64_t line) {
    for (int fault = 0; fault < FEED_FAULT_COUNT; fault++) {
        const char *what = document_reader_fault(reader, (feed_fault)fault);
        if (what) feed_faults_add(faults, (feed_fault)fault, 1, file, line, message_told(what));
    }
}

void feed_faults_summary(const feed_faults *faults) {
    if (faults->count[FEED_FAULT_TIME]) {
        console_line("%12" PRIu64 "  graded without a time: it cannot be read", faults->count[FEED_FAULT_TIME]);
    }
    if (faults->count[FEED_FAULT_REACH]) {
        console_line("%12" PRIu64 "  graded without a reach: it cannot be read", faults->count[FEED_FAULT_REACH]);
    }
    if (faults->count[FEED_FAULT_VENUE]) {
        console_line("%12" PRIu64 "  graded without their venue: it is not known", faults->count[FEED_FAULT_VENUE]);
    }
    if (faults->count[FEED_FAULT_COLUMN]) {
        console_line("%12" PRIu64 "  graded without a field: no column has its name", faults->count[FEED_FAULT_COLUMN]);
    }
    if (faults->count[FEED_FAULT_REPAIRED]) {
        console_line("%12" PRIu64 "  graded although they are not quite JSON", faults->count[FEED_FAULT_REPAIRED]);
    }
}

static uint64_t malformed_parts(tocsin_bytes text) {
    uint64_t count = 0;
    size_t at = text.length ? utf8_valid_prefix(text.data, text.length) : 0;
    while (at < text.length) count += utf8_decode(text.data, text.length, at, &at) == UTF8_MALFORMED;
    return count;
}

static int is_blank(tocsin_bytes text) {
    for (size_t at = 0; at < text.length;) {
        const uint32_t c = utf8_decode(text.data, text.length, at, &at);
        const int is_space = c <= ' ' || c == 0xA0 || (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) ||
                             (c >= 0x205F && c <= 0x2064) || c == 0x3000 || c == 0xFEFF;
        if (!is_space) return 0;
    }
    return 1;
}

int feed_text_is_blank(const tocsin_document *document) {
    return is_blank(document->text) && is_blank(document->title);
}

void feed_texts_note(feed_texts *texts, const tocsin_document *document) {
    const size_t length = document->text.length + document->title.length;
    const uint64_t malformed = malformed_parts(document->text) + malformed_parts(document->title);
    texts->documents++;
    texts->empty += (uint64_t)feed_text_is_blank(document);
    texts->garbled += malformed && malformed >= length / 4;
}

int feed_texts_check(const feed_texts *texts) {
    if (!texts->documents || texts->empty + texts->garbled < texts->documents) return 1;
    if (texts->empty == texts->documents) {
        console_error("no document has a text: --field text=NAME says which field it is");
    } else {
        console_error("no document can be read: each is empty or is not UTF-8; --encoding says what it is in");
    }
    return 0;
}
