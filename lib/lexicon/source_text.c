/*
 * Finds out the encoding of a list. UTF-8 is so redundant that text in another encoding practically never passes for
 * it, so the order is: byte order marks, UTF-8, GB18030. GB18030 accepts almost anything, so a UTF-8 file with a few
 * damaged bytes is recognised by counting.
 */
#include "lexicon/source_text.h"

#include <string.h>

#include "base/diagnostics_add.h"
#include "base/utf8.h"
#include "text/gb18030.h"

/*
 * The line and column of an offset. Line ends are CR, LF and CR LF, which no multi-byte character of either encoding
 * contains.
 */
static tocsin__place place_at(const char *file, const char *text, size_t length, size_t offset) {
    tocsin__place place = {file, 1, 1};
    size_t start = 0;
    for (size_t i = 0; i < offset; i++) {
        if (text[i] != '\n' && (text[i] != '\r' || (i + 1 < length && text[i + 1] == '\n'))) continue;
        place.line++;
        start = i + 1;
    }
    place.column = (uint32_t)(tocsin__utf8_count(text + start, offset - start) + 1);
    return place;
}

static int starts_with(tocsin_bytes text, const char *mark, size_t length) {
    return text.length >= length && !memcmp(text.data, mark, length);
}

static void drop_mark(tocsin_bytes *text) {
    if (!starts_with(*text, "\xEF\xBB\xBF", 3)) return;
    text->data += 3;
    text->length -= 3;
}

static int mostly_utf8(tocsin_bytes text) {
    size_t good = 0, bad = 0;
    for (size_t at = 0, next = 0; at < text.length; at = next) {
        uint32_t c = tocsin__utf8_next(text.data, text.length, at, &next);
        bad += c == TOCSIN__UTF8_MALFORMED;
        good += c != TOCSIN__UTF8_MALFORMED && c >= 0x800;
    }
    return good > bad;
}

static tocsin_status refuse(tocsin_diagnostics *diagnostics, const char *code, tocsin__place place,
                            const char *message) {
    tocsin_status status = tocsin__diagnose(diagnostics, TOCSIN_SEVERITY_ERROR, code, place, "%s", message);
    return status ? status : TOCSIN_ERROR_UNSUPPORTED;
}

static tocsin_status read_gb18030(tocsin_diagnostics *diagnostics, const char *file, tocsin_bytes raw, size_t first,
                                  tocsin_buffer *storage, tocsin_bytes *text) {
    storage->length = 0;
    tocsin_status status = tocsin__gb18030_decode(raw.data, raw.length, storage);
    if (status == TOCSIN_ERROR_UNSUPPORTED) {
        const char *decoded = storage->data ? storage->data : "";
        tocsin__place place = place_at(file, decoded, storage->length, storage->length);
        return refuse(diagnostics, "bad-encoding", place, "these bytes are neither UTF-8 nor GB18030");
    }
    if (status) return status;
    *text = (tocsin_bytes){storage->data, storage->length};
    drop_mark(text);
    return tocsin__diagnose(diagnostics, TOCSIN_SEVERITY_WARNING, "not-utf8",
                            place_at(file, raw.data, raw.length, first),
                            "the file is not UTF-8 from here on; it was read as GB18030");
}

tocsin_status tocsin__source_text(tocsin_diagnostics *diagnostics, const char *file, tocsin_bytes raw,
                                  tocsin_buffer *storage, tocsin_bytes *text) {
    if (starts_with(raw, "\xFF\xFE", 2) || starts_with(raw, "\xFE\xFF", 2)) {
        return refuse(diagnostics, "utf16", (tocsin__place){file, 1, 1},
                      "the file is UTF-16 or UTF-32; save it as UTF-8");
    }
    drop_mark(&raw);
    size_t first = tocsin__utf8_valid_prefix(raw.data, raw.length);
    if (first == raw.length) {
        *text = raw;
        return TOCSIN_OK;
    }
    if (mostly_utf8(raw)) {
        return refuse(diagnostics, "damaged-utf8", place_at(file, raw.data, raw.length, first),
                      "malformed UTF-8 in a file that is UTF-8 otherwise");
    }
    return read_gb18030(diagnostics, file, raw, first, storage, text);
}
