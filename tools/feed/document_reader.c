/*
 * Lines to documents. A plain text line is its document, malformed UTF-8 included: the library counts the malformed
 * parts and reads the rest. A JSON line is an object of the known fields; a field it does not know is nobody's
 * business, but a known one of the wrong kind, or one that stands twice, rejects the line, because guessing what was
 * meant would grade a document that nobody wrote.
 */
#include "feed/document_reader.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <tocsin/scanner.h>

#include "feed/ndjson.h"
#include "feed/nearest_name.h"
#include "feed/time_parse.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"

enum {
    KEY_ID,
    KEY_TIME,
    KEY_SOURCE,
    KEY_VENUE,
    KEY_REACH,
    KEY_TITLE,
    KEY_TEXT,
    KEY_COUNT
};

_Static_assert(KEY_COUNT == FEED_FIELD_COUNT, "the fields of document_reader.h");

static const char *const fields[KEY_COUNT] = {"id", "time", "source", "venue", "reach", "title", "text"};

struct document_reader {
    ndjson_parser *parser;
    ndjson_keys keys;
    ndjson_value values[KEY_COUNT];
    line_batch room; /* the value that stands by itself, with what the parser wants behind it */
    char line_number[24];
    char reason[320];
};

const char *feed_names_set(feed_names *names, const char *setting) {
    const char *equals = strchr(setting, '=');
    if (!equals) return "wants FIELD=NAME";
    if (!equals[1] || equals[1] == '.' || strstr(equals, "..") || setting[strlen(setting) - 1] == '.') {
        return "a name, or a part of it, is empty";
    }
    for (int i = 0; i < KEY_COUNT; i++) {
        const size_t length = strlen(fields[i]);
        if ((size_t)(equals - setting) != length || memcmp(setting, fields[i], length) != 0) continue;
        if (names->names[i]) return "the field is named twice";
        names->names[i] = equals + 1;
        return NULL;
    }
    return "there is no such field: id, time, source, venue, reach, title, text";
}

document_reader *document_reader_create(const feed_names *names) {
    document_reader *reader = tool_allocate(1, sizeof *reader);
    reader->keys.count = KEY_COUNT;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        const char *name = names && names->names[i] ? names->names[i] : fields[i];
        reader->keys.names[i] = name;
        reader->keys.lengths[i] = strlen(name);
        if (strchr(name, '.')) reader->keys.nested |= UINT32_C(1) << i;
    }
    reader->parser = ndjson_parser_create();
    if (!reader->parser) tool_out_of_memory();
    return reader;
}

void document_reader_free(document_reader *reader) {
    if (!reader) return;
    ndjson_parser_free(reader->parser);
    line_batch_release(&reader->room);
    tool_free(reader);
}

void document_reader_trim(document_reader *reader) {
    ndjson_parser_trim(reader->parser);
    line_batch_clear(&reader->room);
}

const char *document_reader_reason(const document_reader *reader) { return reader->reason; }

static int ends_with(const char *text, size_t length, const char *end) {
    size_t n = strlen(end);
    return length > n && !memcmp(text + length - n, end, n);
}

feed_format feed_format_by_name(const char *path) {
    size_t length = strlen(path);
    if (ends_with(path, length, ".zst")) length -= 4;
    if (ends_with(path, length, ".ndjson") || ends_with(path, length, ".jsonl")) return FEED_NDJSON;
    return ends_with(path, length, ".txt") ? FEED_TEXT : FEED_AUTO;
}

static size_t leading_space(const char *text, size_t length) {
    size_t n = 0;
    while (n < length && (text[n] == ' ' || text[n] == '\t' || text[n] == '\r')) n++;
    return n;
}

feed_format feed_format_by_content(const line_batch *batch) {
    for (size_t i = 0; i < batch->count; i++) {
        const batch_line *line = &batch->lines[i];
        const char *text = batch->bytes + line->offset;
        size_t space = leading_space(text, line->length);
        if (line->size > line->length) return FEED_NDJSON;
        if (space < line->length) return text[space] == '{' ? FEED_NDJSON : FEED_TEXT;
    }
    return FEED_AUTO;
}

/* What it shows of the line has no end of line and no control characters left in it, and is cut at a character. */
__attribute__((format(printf, 2, 3))) static document_status reject(document_reader *reader, const char *format, ...) {
    char raw[sizeof reader->reason];
    tocsin_buffer shown;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    tocsin_buffer_init(&shown, NULL);
    utf8_append_visible(&shown, raw, utf8_cut(raw, strlen(raw), sizeof raw), 0);
    const size_t kept = utf8_cut(shown.data, shown.length, sizeof reader->reason - 1);
    memcpy(reader->reason, shown.data, kept);
    reader->reason[kept] = '\0';
    tocsin_buffer_release(&shown);
    return DOCUMENT_REJECTED;
}

static int hex_value(const char *s) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
        char c = s[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* The code unit of the \uXXXX escape at `at`, or -1. */
static int escape_at(const char *line, size_t length, size_t at) {
    return at + 6 <= length && line[at] == '\\' && line[at + 1] == 'u' ? hex_value(line + at + 2) : -1;
}

/* The offset of the first escape that is half of a surrogate pair without the other half, or length. */
static size_t lone_surrogate(const char *line, size_t length) {
    for (size_t at = 0; at < length;) {
        const char *found = memchr(line + at, '\\', length - at);
        if (!found) break;
        at = (size_t)(found - line);
        int unit = escape_at(line, length, at);
        if (unit >= 0xDC00 && unit < 0xE000) return at;
        if (unit >= 0xD800 && unit < 0xDC00) {
            int low = escape_at(line, length, at + 6);
            if (low < 0xDC00 || low >= 0xE000) return at;
            at += 6;
        }
        at += 2;
    }
    return length;
}

static document_status reject_json(document_reader *reader, ndjson_status status, const char *line, size_t length) {
    switch (status) {
        case NDJSON_NO_MEMORY: tool_out_of_memory();
        case NDJSON_NOT_OBJECT: return reject(reader, "not a JSON object");
        case NDJSON_BAD_UTF8:
            return reject(reader, "invalid UTF-8 at byte %zu of the line", utf8_valid_prefix(line, length));
        case NDJSON_BAD_STRING: return reject(reader, "not JSON: a string has a bad escape");
        case NDJSON_OPEN_STRING: return reject(reader, "not JSON: a string is not closed");
        case NDJSON_CONTROL: return reject(reader, "not JSON: a string has a control character in it");
        case NDJSON_BAD_NUMBER: return reject(reader, "not JSON: a number is malformed or too large");
        case NDJSON_TOO_DEEP: return reject(reader, "the JSON is nested too deeply");
        default: return reject(reader, "not JSON");
    }
}

static document_status reject_number(document_reader *reader, const char *key, const ndjson_value *value,
                                     const char *problem) {
    int length = (int)(value->length < 40 ? value->length : utf8_cut(value->text, value->length, 40));
    return reject(reader, "field %s: %.*s%s %s", key, length, value->text, value->length > 40 ? "…" : "", problem);
}

static const char *read_time(const ndjson_value *value, int64_t *time) {
    switch (value->kind) {
        case NDJSON_ABSENT: return NULL;
        case NDJSON_STRING: return value->length ? time_parse(value->text, value->length, time) : NULL;
        case NDJSON_INTEGER: return time_from_integer(value->integer, time);
        case NDJSON_FLOAT: return time_from_float(value->number, time);
        default: return "is out of range";
    }
}

static const char *read_reach(const ndjson_value *value, uint64_t *reach) {
    switch (value->kind) {
        case NDJSON_ABSENT: return NULL;
        case NDJSON_UNSIGNED: *reach = value->natural; return NULL;
        case NDJSON_INTEGER:
            if (value->integer < 0) return "is negative";
            *reach = (uint64_t)value->integer;
            return NULL;
        default:
            if (value->number < 0) return "is negative";
            if (value->number != floor(value->number)) return "is not a whole number";
            if (value->number >= 18446744073709551616.0) return "is out of range";
            *reach = (uint64_t)value->number;
            return NULL;
    }
}

static document_status read_venue(document_reader *reader, tocsin_venue *venue) {
    const ndjson_value *value = &reader->values[KEY_VENUE];
    const char *names[TOCSIN_VENUE_COUNT];
    if (value->kind == NDJSON_ABSENT || !value->length) return DOCUMENT_READY;
    if (tocsin_venue_from_name(value->text, value->length, venue)) return DOCUMENT_READY;
    for (int i = 0; i < TOCSIN_VENUE_COUNT; i++) names[i] = tocsin_venue_name((tocsin_venue)i);
    const char *near = nearest_name(value->text, value->length, names, TOCSIN_VENUE_COUNT);
    char problem[100];
    if (near) {
        snprintf(problem, sizeof problem, "is not a venue; did you mean %s?", near);
    } else {
        snprintf(problem, sizeof problem, "is not a venue");
    }
    return reject_number(reader, reader->keys.names[KEY_VENUE], value, problem);
}

/* What kinds each field may be of. */
static document_status admit_kinds(document_reader *reader) {
    for (int key = 0; key < KEY_COUNT; key++) {
        const ndjson_value *value = &reader->values[key];
        int number = value->kind == NDJSON_INTEGER || value->kind == NDJSON_UNSIGNED || value->kind == NDJSON_FLOAT;
        int string = value->kind == NDJSON_STRING;
        if (value->times > 1) return reject(reader, "duplicate field %s", reader->keys.names[key]);
        if (value->kind == NDJSON_ABSENT) continue;
        if (key == KEY_ID || key == KEY_TIME) {
            if (!number && !string)
                return reject(reader, "field %s is neither a string nor a number", reader->keys.names[key]);
        } else if (key == KEY_REACH) {
            if (!number) return reject(reader, "field %s is not a number", reader->keys.names[key]);
        } else if (!string) {
            return reject(reader, "field %s is not a string", reader->keys.names[key]);
        }
    }
    return DOCUMENT_READY;
}

static tocsin_bytes bytes_of(const ndjson_value *value) {
    return value->kind == NDJSON_ABSENT ? (tocsin_bytes){NULL, 0} : (tocsin_bytes){value->text, value->length};
}

static document_status read_ndjson(document_reader *reader, const char *line, size_t length,
                                   tocsin_document *document) {
    ndjson_value *values = reader->values;
    ndjson_status parsed = ndjson_parse(reader->parser, line, length, &reader->keys, values);
    if (parsed == NDJSON_OK || parsed == NDJSON_BAD_STRING) {
        size_t lone = lone_surrogate(line, length);
        if (lone < length) return reject(reader, "a lone surrogate at byte %zu of the line", lone);
    }
    if (parsed != NDJSON_OK) return reject_json(reader, parsed, line, length);
    if (admit_kinds(reader) != DOCUMENT_READY) return DOCUMENT_REJECTED;
    if (values[KEY_TITLE].kind == NDJSON_ABSENT && values[KEY_TEXT].kind == NDJSON_ABSENT) {
        return reject(reader, "neither a field %s nor a field %s", reader->keys.names[KEY_TEXT],
                      reader->keys.names[KEY_TITLE]);
    }
    const char *wrong = read_time(&values[KEY_TIME], &document->time);
    if (wrong) return reject_number(reader, reader->keys.names[KEY_TIME], &values[KEY_TIME], wrong);
    wrong = read_reach(&values[KEY_REACH], &document->reach);
    if (wrong) return reject_number(reader, reader->keys.names[KEY_REACH], &values[KEY_REACH], wrong);
    if (values[KEY_ID].kind != NDJSON_ABSENT) document->id = bytes_of(&values[KEY_ID]);
    document->source = bytes_of(&values[KEY_SOURCE]);
    document->title = bytes_of(&values[KEY_TITLE]);
    document->text = bytes_of(&values[KEY_TEXT]);
    return read_venue(reader, &document->venue);
}

document_status document_reader_line(document_reader *reader, feed_format format, const line_batch *batch,
                                     const batch_line *line, tocsin_document *document) {
    const char *text = batch->bytes + line->offset;
    uint64_t limit = format == FEED_TEXT ? TOCSIN_MAX_DOCUMENT_BYTES : FEED_MAX_LINE;
    if (line->size > line->length || line->size > limit) {
        return reject(reader, "the line has %" PRIu64 " bytes, more than %" PRIu64, line->size, limit);
    }
    if (leading_space(text, line->length) == line->length) return DOCUMENT_BLANK;
    *document = (tocsin_document)TOCSIN_DOCUMENT_INIT;
    document_status status = DOCUMENT_READY;
    if (format == FEED_NDJSON) {
        status = read_ndjson(reader, text, line->length, document);
    } else {
        document->text = (tocsin_bytes){text, line->length};
    }
    if (status == DOCUMENT_READY && !document->id.data && line->number) { /* 0: it is no line */
        int digits = snprintf(reader->line_number, sizeof reader->line_number, "%" PRIu64, line->number);
        document->id = (tocsin_bytes){reader->line_number, (size_t)digits};
    }
    return status;
}

document_status document_reader_value(document_reader *reader, const void *value, size_t length,
                                      tocsin_document *document) {
    line_batch *room = &reader->room;
    const batch_line line = {0, length, 0, length};
    if (room->capacity < length + LINE_PADDING) {
        tool_free(room->bytes);
        room->capacity = length + length / 2 + LINE_PADDING;
        room->bytes = tool_allocate(room->capacity, 1);
    }
    if (length) memcpy(room->bytes, value, length);
    memset(room->bytes + length, 0, LINE_PADDING);
    return document_reader_line(reader, FEED_NDJSON, room, &line, document);
}
