/*
 * Turns records into documents. A line of plain text is a document, even with malformed UTF-8: the library counts the
 * malformed parts and reads the rest. A JSON line is an object. Fields that are not asked for never cause a rejection.
 * A text that is not a string causes one, and so does a repeated field: a guess would grade a document that nobody
 * wrote. A time, a reach or a venue that cannot be read is left out and reported. A row is read as an object of
 * strings, whose keys are the header's names; a row with more cells than the header has a text that was cut in two.
 */
#define _GNU_SOURCE /* memmem */

#include "feed/document_reader.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <tocsin/scanner.h>

#include "feed/count_parse.h"
#include "feed/csv_table.h"
#include "feed/html_document.h"
#include "feed/joined_field.h"
#include "feed/json_repair.h"
#include "feed/ndjson.h"
#include "feed/nearest_name.h"
#include "feed/sheet_cell.h"
#include "feed/time_parse.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"

#define KEPT_REPAIR ((size_t)1 << 20) /* bytes */

typedef struct key_range {
    size_t first, count;
    uint32_t bits; /* of its keys */
} key_range;

struct document_reader {
    ndjson_parser *parser;
    ndjson_keys keys;
    ndjson_value values[NDJSON_MAX_KEYS];
    uint32_t present; /* bits of keys; all others have no value. Most fields of most documents are absent */
    key_range of_field[FEED_FIELD_COUNT]; /* in keys and values */
    uint32_t alternative;                 /* bit i: keys.names[i] is read only if the previous one has no value */
    char *paths;                          /* the names, each with a NUL after it */
    feed_names names;
    int has_constants;
    line_batch room;                         /* a single value, with the padding that the parser needs after it */
    joined_field joined[TOCSIN_FIELD_COUNT]; /* by tocsin_field */
    tocsin_buffer repaired;                  /* a repaired line that was nearly JSON, and padding */
    tocsin_buffer url;
    csv_cells cells;
    uint64_t header_id; /* of the header that `columns` is for */
    int is_sheet;       /* it is a sheet of tocsin review, whose cells are guarded */
    size_t columns[NDJSON_MAX_KEYS], column_count;
    uint32_t times[NDJSON_MAX_KEYS]; /* how often the key's name occurs in the header */
    char line_number[24];
    html_document html;       /* the last document, if names.html is set */
    int is_numbered;          /* the number is the id of the last document */
    document_reader *further; /* reads the elements of an array in each record; NULL: none is asked for */
    char *further_path,
        *further_text;       /* the path of the array, and of the text in its elements; NULL: as in the record */
    tocsin_document record;  /* of the last line */
    size_t part, part_count; /* the next element, and their number; SIZE_MAX: not counted yet */
    int is_further;          /* the last document is one of these elements */
    int is_malformed;        /* in the last line JSON_MALFORMED_MARK stands for bytes, in no field of it */
    int is_of_malformed;     /* the reader reads the elements of such a line */
    tocsin_buffer part_id, part_text;
    char reason[320];
    char faults[FEED_FAULT_COUNT][200]; /* "": none */
    int has_faults;                     /* of the last document */
    const char *lacking;                /* as lacking_column, of the present header */
};

/* The reader that read the last document. */
static const document_reader *reader_of(const document_reader *reader) {
    return reader->is_further ? reader->further : reader;
}

/* Adds the names of a field, separated by commas or bars. */
static void add_keys(document_reader *reader, int field, char *names) {
    ndjson_keys *keys = &reader->keys;
    int is_alternative = 0;
    reader->of_field[field].first = keys->count;
    for (char *name = *names ? names : NULL; name && keys->count < NDJSON_MAX_KEYS;) {
        char *comma = strpbrk(name, ",|");
        if (is_alternative) reader->alternative |= UINT32_C(1) << keys->count;
        is_alternative = comma && *comma == '|';
        if (comma) *comma = '\0';
        keys->names[keys->count] = name;
        keys->lengths[keys->count] = strlen(name);
        if (strchr(name, '.')) keys->nested |= UINT32_C(1) << keys->count;
        reader->of_field[field].bits |= UINT32_C(1) << keys->count++;
        reader->of_field[field].count++;
        name = comma ? comma + 1 : NULL;
    }
}

static const char *constant_of_field(const document_reader *reader, feed_field field) {
    return reader->has_constants ? feed_names_get_constant(&reader->names, field) : NULL;
}

static void add_further(document_reader *reader, const feed_names *names) {
    feed_names inner = *names;
    reader->further_path = tool_copy(names->further);
    char *brackets = strstr(reader->further_path, "[]");
    if (brackets) {
        *brackets = '\0';
        if (brackets[2]) reader->further_text = brackets + 3;
    }
    inner.further = inner.records = NULL;
    if (reader->further_text) inner.names[FIELD_TEXT] = reader->further_text;
    reader->further = document_reader_create(&inner);
}

document_reader *document_reader_create(const feed_names *names) {
    document_reader *reader = tool_allocate(1, sizeof *reader);
    tocsin_buffer paths;
    size_t starts[FEED_FIELD_COUNT];
    tocsin_buffer_init(&paths, NULL);
    if (names) reader->names = *names;
    for (int field = 0; field < FEED_FIELD_COUNT; field++) {
        const char *name = feed_names_get(names, (feed_field)field);
        if (feed_names_get_constant(&reader->names, (feed_field)field)) reader->has_constants = 1;
        starts[field] = paths.length;
        text_append(&paths, name, strlen(name) + 1);
    }
    reader->paths = tool_allocate(paths.length, 1);
    memcpy(reader->paths, paths.data, paths.length);
    for (int field = 0; field < FEED_FIELD_COUNT; field++) {
        add_keys(reader, field, reader->paths + starts[field]);
    }
    tocsin_buffer_release(&paths);
    joined_field_init(&reader->joined[TOCSIN_FIELD_TITLE], reader->of_field[FIELD_TITLE].count > 1);
    joined_field_init(&reader->joined[TOCSIN_FIELD_TEXT], reader->of_field[FIELD_TEXT].count > 1);
    tocsin_buffer_init(&reader->repaired, NULL);
    tocsin_buffer_init(&reader->url, NULL);
    tocsin_buffer_init(&reader->part_id, NULL);
    tocsin_buffer_init(&reader->part_text, NULL);
    html_document_init(&reader->html);
    csv_cells_init(&reader->cells);
    reader->parser = ndjson_parser_create();
    if (!reader->parser) tool_out_of_memory();
    if (names && names->further) add_further(reader, names);
    return reader;
}

void document_reader_free(document_reader *reader) {
    if (!reader) return;
    if (reader->further) {
        document_reader_free(reader->further);
        tool_free(reader->further_path);
    }
    ndjson_parser_free(reader->parser);
    line_batch_release(&reader->room);
    for (int i = 0; i < TOCSIN_FIELD_COUNT; i++) joined_field_release(&reader->joined[i]);
    tocsin_buffer_release(&reader->repaired);
    tocsin_buffer_release(&reader->url);
    tocsin_buffer_release(&reader->part_id);
    tocsin_buffer_release(&reader->part_text);
    html_document_release(&reader->html);
    csv_cells_release(&reader->cells);
    tool_free(reader->paths);
    tool_free(reader);
}

void document_reader_trim(document_reader *reader) {
    if (reader->further) document_reader_trim(reader->further);
    reader->part = reader->part_count = 0;
    ndjson_parser_trim(reader->parser);
    line_batch_clear(&reader->room);
    html_document_trim(&reader->html);
    for (int i = 0; i < TOCSIN_FIELD_COUNT; i++) {
        if (reader->joined[i].text.capacity > KEPT_REPAIR) joined_field_release(&reader->joined[i]);
    }
    if (reader->part_text.capacity > KEPT_REPAIR) tocsin_buffer_release(&reader->part_text);
    if (reader->repaired.capacity > KEPT_REPAIR) tocsin_buffer_release(&reader->repaired);
    if (reader->cells.values.capacity > KEPT_REPAIR) csv_cells_release(&reader->cells);
}

const char *document_reader_fault(const document_reader *reader, feed_fault fault) {
    const document_reader *of = reader_of(reader);
    return of->faults[fault][0] ? of->faults[fault] : NULL;
}

int document_reader_has_faults(const document_reader *reader) { return reader_of(reader)->has_faults; }

const char *document_reader_reason(const document_reader *reader) { return reader->reason; }

void document_reader_put_verdict(const document_reader *reader, const tocsin_verdict *verdict, tocsin_buffer *out) {
    reader = reader_of(reader);
    const int is_named = reader->joined[TOCSIN_FIELD_TITLE].is_named || reader->joined[TOCSIN_FIELD_TEXT].is_named;
    tocsin_verdict *moved = NULL;
    if (reader->names.html && verdict->evidence_count) moved = html_document_verdict(&reader->html, verdict);
    if (is_named && verdict->evidence_count) {
        const char **names = tool_allocate(verdict->evidence_count, sizeof *names);
        if (!moved && tocsin_verdict_copy(verdict, NULL, &moved) != TOCSIN_OK) tool_out_of_memory();
        joined_fields_move(reader->joined, moved, names);
        joined_fields_to_json(moved, names, out);
        tool_free(names);
    } else if (tocsin_verdict_to_json(moved ? moved : verdict, out) != TOCSIN_OK) {
        tool_out_of_memory();
    }
    tocsin_verdict_free(moved);
}

int document_reader_is_numbered(const document_reader *reader) { return reader_of(reader)->is_numbered; }

const char *document_reader_url(document_reader *reader) {
    const char *own = reader->is_further ? document_reader_url(reader->further) : NULL;
    if (own) return own;
    const key_range range = reader->of_field[FIELD_URL];
    if (!(reader->present & range.bits)) return NULL;
    for (size_t key = range.first; key < range.first + range.count; key++) {
        const ndjson_value *value = &reader->values[key];
        if (value->kind != NDJSON_STRING || !value->length) continue;
        reader->url.length = 0;
        for (size_t i = 0; i < value->length; i++) {
            if ((unsigned char)value->text[i] <= ' ') return NULL;
        }
        text_append(&reader->url, value->text, value->length);
        text_puts(&reader->url, "");
        return reader->url.data;
    }
    return NULL;
}

static size_t leading_space(const char *text, size_t length) {
    size_t n = 0;
    while (n < length && (text[n] == ' ' || text[n] == '\t' || text[n] == '\r')) n++;
    return n;
}

/* The excerpt of the line has no line ends and no control characters, and is cut between two characters. */
__attribute__((format(printf, 3, 0))) static void tell(char *out, size_t size, const char *format, va_list arguments) {
    char raw[320];
    tocsin_buffer shown;
    vsnprintf(raw, sizeof raw, format, arguments);
    tocsin_buffer_init(&shown, NULL);
    utf8_append_visible(&shown, raw, utf8_cut(raw, strlen(raw), sizeof raw), 0);
    const size_t kept = utf8_cut(shown.data, shown.length, size - 1);
    memcpy(out, shown.data, kept);
    out[kept] = '\0';
    tocsin_buffer_release(&shown);
}

__attribute__((format(printf, 2, 3))) static document_status reject(document_reader *reader, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    tell(reader->reason, sizeof reader->reason, format, arguments);
    va_end(arguments);
    return DOCUMENT_REJECTED;
}

/* Reports a problem of a document that is still read, unless --strict is set. */
__attribute__((format(printf, 3, 4))) static document_status note(document_reader *reader, feed_fault fault,
                                                                  const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    if (reader->names.strict) {
        tell(reader->reason, sizeof reader->reason, format, arguments);
    } else {
        tell(reader->faults[fault], sizeof reader->faults[fault], format, arguments);
        reader->has_faults = 1;
    }
    va_end(arguments);
    return reader->names.strict ? DOCUMENT_REJECTED : DOCUMENT_READY;
}

/* Whether an object ends in the line and another one begins. */
static int has_several(const char *line, size_t length) {
    for (size_t at = 0; at < length; at++) {
        const char *end = memchr(line + at, '}', length - at);
        if (!end) return 0;
        at = (size_t)(end - line);
        const size_t next = at + 1 + leading_space(end + 1, length - at - 1);
        if (next < length && line[next] == '{') return 1;
    }
    return 0;
}

/* As Python prints an object. */
static int has_single_quotes(const char *line, size_t length) {
    const size_t start = leading_space(line, length);
    return length - start > 1 && line[start] == '{' && line[start + 1] == '\'';
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
        default: break;
    }
    if (has_single_quotes(line, length)) return reject(reader, "not JSON: strings have single quotes");
    if (has_several(line, length)) {
        return reject(reader, "not JSON: it may be several objects, which --format json reads");
    }
    return reject(reader, "not JSON");
}

/* Reports why a value cannot be read. */
static document_status note_value(document_reader *reader, feed_fault fault, size_t key, const char *problem) {
    const ndjson_value *value = &reader->values[key];
    const int shown = value->kind == NDJSON_OTHER ? 0 : (int)utf8_cut(value->text, value->length, 40);
    return note(reader, fault, "field %s%s%.*s%s %s", reader->keys.names[key], shown ? ": " : "", shown,
                shown ? value->text : "", shown && value->length > 40 ? "…" : "", problem);
}

static int is_there(const ndjson_value *value) {
    return value->kind != NDJSON_ABSENT && (value->kind != NDJSON_STRING || value->length);
}

/* The first key of the field that has a value, if possible one that can be read; SIZE_MAX: none has. */
static size_t first_key(const document_reader *reader, feed_field field) {
    const key_range range = reader->of_field[field];
    size_t other = SIZE_MAX;
    if (!(reader->present & range.bits)) return other;
    for (size_t key = range.first; key < range.first + range.count; key++) {
        if (!is_there(&reader->values[key])) continue;
        if (reader->values[key].kind != NDJSON_OTHER) return key;
        if (other == SIZE_MAX) other = key;
    }
    return other;
}

static const char *time_of(const ndjson_value *value, const int64_t *collected, int64_t *time) {
    switch (value->kind) {
        case NDJSON_STRING: return time_parse(value->text, value->length, collected, time);
        case NDJSON_INTEGER: return time_from_integer(value->integer, time);
        case NDJSON_FLOAT: return time_from_float(value->number, time);
        default: return "is not a time";
    }
}

static document_status read_time(document_reader *reader, tocsin_document *document) {
    const size_t key = first_key(reader, FIELD_TIME), collected_key = first_key(reader, FIELD_COLLECTED);
    const char *constant = constant_of_field(reader, FIELD_TIME), *wrong = NULL;
    int64_t collected;
    const int known = collected_key != SIZE_MAX && !time_of(&reader->values[collected_key], NULL, &collected);
    if (key != SIZE_MAX) {
        wrong = time_of(&reader->values[key], known ? &collected : NULL, &document->time);
    } else if (constant) {
        (void)time_parse(constant, strlen(constant), NULL, &document->time);
    }
    return wrong ? note_value(reader, FEED_FAULT_TIME, key, wrong) : DOCUMENT_READY;
}

static const char *reach_of(const ndjson_value *value, uint64_t *reach) {
    switch (value->kind) {
        case NDJSON_STRING: return count_parse(value->text, value->length, reach);
        case NDJSON_UNSIGNED: *reach = value->natural; return NULL;
        case NDJSON_INTEGER:
            if (value->integer < 0) return "is negative";
            *reach = (uint64_t)value->integer;
            return NULL;
        case NDJSON_FLOAT:
            if (value->number < 0) return "is negative";
            if (value->number >= 18446744073709551616.0) return "is out of range";
            *reach = (uint64_t)value->number;
            return NULL;
        default: return "is not a number";
    }
}

static document_status read_reach(document_reader *reader, tocsin_document *document) {
    const size_t key = first_key(reader, FIELD_REACH);
    const char *constant = constant_of_field(reader, FIELD_REACH), *wrong = NULL;
    if (key != SIZE_MAX) {
        wrong = reach_of(&reader->values[key], &document->reach);
    } else if (constant) {
        (void)count_parse(constant, strlen(constant), &document->reach);
    }
    return wrong ? note_value(reader, FEED_FAULT_REACH, key, wrong) : DOCUMENT_READY;
}

static document_status read_venue(document_reader *reader, tocsin_document *document) {
    const size_t key = first_key(reader, FIELD_VENUE);
    const char *constant = constant_of_field(reader, FIELD_VENUE), *names[TOCSIN_VENUE_COUNT];
    char problem[100];
    if (key == SIZE_MAX) {
        if (constant) (void)tocsin_venue_from_name(constant, strlen(constant), &document->venue);
        return DOCUMENT_READY;
    }
    const ndjson_value *value = &reader->values[key];
    if (value->kind != NDJSON_STRING) return note_value(reader, FEED_FAULT_VENUE, key, "is not a venue");
    if (tocsin_venue_from_name(value->text, value->length, &document->venue)) return DOCUMENT_READY;
    for (int i = 0; i < TOCSIN_VENUE_COUNT; i++) names[i] = tocsin_venue_name((tocsin_venue)i);
    const char *near = nearest_name(value->text, value->length, names, TOCSIN_VENUE_COUNT);
    (void)snprintf(problem, sizeof problem, near ? "is not a venue; did you mean %s?" : "is not a venue", near);
    return note_value(reader, FEED_FAULT_VENUE, key, problem);
}

static tocsin_bytes constant_of(const document_reader *reader, feed_field field) {
    const char *constant = constant_of_field(reader, field);
    return constant ? (tocsin_bytes){constant, strlen(constant)} : (tocsin_bytes){NULL, 0};
}

/* A string, or a number as it is spelled. */
static document_status read_string(document_reader *reader, feed_field field, tocsin_bytes *out) {
    const size_t key = first_key(reader, field);
    *out = constant_of(reader, field);
    if (key == SIZE_MAX) return DOCUMENT_READY;
    const ndjson_value *value = &reader->values[key];
    if (value->kind == NDJSON_OTHER) {
        return reject(reader, "field %s is neither a string nor a number", reader->keys.names[key]);
    }
    *out = (tocsin_bytes){value->text, value->length};
    return DOCUMENT_READY;
}

/* Whether the object has another name of the same alternatives after the key, with a value that can be read. */
static int has_readable_alternative(const document_reader *reader, size_t key, size_t end) {
    for (key++; key < end && (reader->alternative >> key & 1); key++) {
        const ndjson_kind kind = reader->values[key].kind;
        if (kind != NDJSON_ABSENT && kind != NDJSON_OTHER) return 1;
    }
    return 0;
}

/* Reads the title or the text: the strings of all its keys, in order, with a line end between them. */
static document_status read_text(document_reader *reader, feed_field field, joined_field *joined, tocsin_bytes *out) {
    const key_range range = reader->of_field[field];
    int said = 0;
    *out = constant_of(reader, field);
    if (!(reader->present & range.bits)) return DOCUMENT_READY;
    for (size_t key = range.first; key < range.first + range.count; key++) {
        const ndjson_value *value = &reader->values[key];
        if (!(reader->alternative >> key & 1)) said = 0;
        if (said) continue;
        if (value->kind == NDJSON_OTHER) {
            if (has_readable_alternative(reader, key, range.first + range.count)) continue;
            return reject(reader, "field %s is not a string", reader->keys.names[key]);
        }
        said = is_there(value);
        if (value->kind == NDJSON_ABSENT || (joined->count && !value->length)) continue;
        const tocsin_bytes bytes = {value->text, value->length};
        *out = range.count > 1 ? joined_field_add(joined, reader->keys.names[key], bytes) : bytes;
    }
    return DOCUMENT_READY;
}

static int has_key(const document_reader *reader, feed_field field) {
    const key_range range = reader->of_field[field];
    int there = constant_of_field(reader, field) != NULL;
    if (!(reader->present & range.bits)) return there;
    for (size_t key = range.first; key < range.first + range.count; key++) {
        there |= reader->values[key].kind != NDJSON_ABSENT;
    }
    return there;
}

/* An object without a text may have the documents in an array. */
static document_status reject_textless(document_reader *reader) {
    const char *text = reader->keys.names[reader->of_field[FIELD_TEXT].first];
    const char *title = reader->keys.names[reader->of_field[FIELD_TITLE].first];
    const char *records = ndjson_find_records(reader->parser);
    if (*records) {
        return reject(reader,
                      "neither a field %s nor a field %s; the array %s has objects: see --records and --further", text,
                      title, records);
    }
    return reject(reader, "neither a field %s nor a field %s", text, title);
}

/* Makes a document of the values. */
static document_status read_values(document_reader *reader, tocsin_document *document) {
    for (uint32_t rest = reader->present & ~reader->of_field[FIELD_URL].bits; rest; rest &= rest - 1) {
        const int key = __builtin_ctz(rest);
        if (reader->values[key].times > 1) return reject(reader, "duplicate field %s", reader->keys.names[key]);
    }
    tocsin_bytes id;
    document_status status = read_string(reader, FIELD_ID, &id);
    if (id.data && id.length) document->id = id;
    if (!has_key(reader, FIELD_TITLE) && !has_key(reader, FIELD_TEXT)) return reject_textless(reader);
    if (status == DOCUMENT_READY)
        status = read_text(reader, FIELD_TITLE, &reader->joined[TOCSIN_FIELD_TITLE], &document->title);
    if (status == DOCUMENT_READY)
        status = read_text(reader, FIELD_TEXT, &reader->joined[TOCSIN_FIELD_TEXT], &document->text);
    if (status == DOCUMENT_READY) status = read_string(reader, FIELD_SOURCE, &document->source);
    if (status == DOCUMENT_READY) status = read_time(reader, document);
    if (status == DOCUMENT_READY) status = read_reach(reader, document);
    return status == DOCUMENT_READY ? read_venue(reader, document) : status;
}

static int may_be_repaired(ndjson_status status) {
    return status != NDJSON_OK && status != NDJSON_NOT_OBJECT && status != NDJSON_TOO_DEEP &&
           status != NDJSON_NO_MEMORY;
}

/* simdjson accepts a high surrogate escape that is followed by an escape which is no low surrogate. */
static int may_have_surrogates(const char *line, size_t length) {
    const char *const end = line + length;
    for (const char *at = line; (at = memchr(at, '\\', (size_t)(end - at))) && end - at > 2; at += 2) {
        if (at[1] == 'u' && (at[2] == 'd' || at[2] == 'D')) return 1;
    }
    return 0;
}

/* Whether bytes that are no UTF-8 stand in a field that is read. */
static int has_malformed(const document_reader *reader) {
    for (size_t key = 0; key < reader->keys.count; key++) {
        const ndjson_value *value = &reader->values[key];
        if (value->kind != NDJSON_STRING && value->kind != NDJSON_STRINGS) continue;
        if (memmem(value->text, value->length, JSON_MALFORMED_MARK, strlen(JSON_MALFORMED_MARK))) return 1;
    }
    return 0;
}

/* Returns DOCUMENT_READY if the repaired line is JSON, DOCUMENT_BLANK if nothing was repaired, otherwise rejected. */
static document_status parse_repaired(document_reader *reader, const char *line, size_t length, ndjson_status *parsed) {
    static const char padding[LINE_PADDING];
    const json_changes changes = json_repair(line, length, &reader->repaired);
    if (!changes.count) return DOCUMENT_BLANK;
    const size_t repaired = reader->repaired.length;
    text_append(&reader->repaired, padding, sizeof padding);
    const ndjson_status status =
        ndjson_parse(reader->parser, reader->repaired.data, repaired, &reader->keys, reader->values);
    if (status != NDJSON_OK) {
        if (*parsed == NDJSON_OK) *parsed = status;
        return DOCUMENT_BLANK;
    }
    if (changes.malformed && has_malformed(reader)) {
        *parsed = NDJSON_BAD_UTF8;
        return DOCUMENT_BLANK;
    }
    reader->is_malformed = changes.malformed;
    *parsed = NDJSON_OK;
    return note(reader, FEED_FAULT_REPAIRED, "not quite JSON: %s at byte %zu of the line%s%s", changes.what, changes.at,
                reader->names.strict ? "" : " is read as ", reader->names.strict ? "" : changes.read);
}

/* Before the object: the byte order mark of an appended file, and the separator of records in RFC 7464. */
static size_t leading_marks(const char *line, size_t length) {
    if (length >= 3 && !memcmp(line, "\xEF\xBB\xBF", 3)) return 3;
    return length && *line == '\x1E';
}

static document_status read_ndjson(document_reader *reader, const char *line, size_t length,
                                   tocsin_document *document) {
    const size_t marks = leading_marks(line, length);
    line += marks;
    length -= marks;
    reader->is_malformed = 0;
    ndjson_status parsed = ndjson_parse(reader->parser, line, length, &reader->keys, reader->values);
    if (may_be_repaired(parsed) || (parsed == NDJSON_OK && may_have_surrogates(line, length))) {
        if (parse_repaired(reader, line, length, &parsed) == DOCUMENT_REJECTED) return DOCUMENT_REJECTED;
    }
    if (parsed == NDJSON_OK && reader->is_of_malformed && has_malformed(reader)) {
        return reject(reader, "a field that is read has invalid UTF-8");
    }
    reader->present = ndjson_present(reader->parser);
    return parsed == NDJSON_OK ? read_values(reader, document) : reject_json(reader, parsed, line, length);
}

/* An element as an object: a string is its text. The result has the padding that the parser needs. */
static tocsin_bytes object_of(const document_reader *reader, const char *part, size_t length, tocsin_buffer *text) {
    static const char padding[LINE_PADDING];
    const char *name = reader->keys.names[reader->of_field[FIELD_TEXT].first];
    if (*part != '"') return (tocsin_bytes){part, length};
    text->length = 0;
    text_puts(text, "{");
    utf8_append_json(text, name, strlen(name));
    text_puts(text, ":");
    text_append(text, part, length);
    text_puts(text, "}");
    const size_t whole = text->length;
    text_append(text, padding, sizeof padding);
    return (tocsin_bytes){text->data, whole};
}

/* Whether a column has the name of a key. */
static int find_column(document_reader *reader, size_t key, int exactly) {
    const char *name = reader->keys.names[key];
    const size_t length = reader->keys.lengths[key];
    reader->times[key] = 0;
    for (size_t i = 0; i < reader->cells.count; i++) {
        const tocsin_bytes cell = csv_name(reader->cells.cells[i]);
        if (exactly ? cell.length != length || memcmp(cell.data, name, length) != 0 : !csv_is_named(cell, name, length))
            continue;
        if (!reader->times[key]++) reader->columns[key] = i;
    }
    return reader->times[key] > 0;
}

/* The text of ="001", which keeps a spreadsheet from reading a number. */
static tocsin_bytes without_formula(tocsin_bytes cell) {
    const int is_formula = cell.length > 2 && !memcmp(cell.data, "=\"", 2) && cell.data[cell.length - 1] == '"';
    return is_formula ? (tocsin_bytes){cell.data + 2, cell.length - 3} : cell;
}

/* The name that the user gave a field and that no column has; NULL: there is none. */
static const char *lacking_column(const document_reader *reader) {
    for (int field = 0; field < FEED_FIELD_COUNT; field++) {
        const key_range range = reader->of_field[field];
        int found = 0;
        for (size_t key = range.first; key < range.first + range.count; key++) found |= reader->times[key] > 0;
        if (reader->names.names[field] && !found) return reader->names.names[field];
    }
    return NULL;
}

/* Finds the column of each key. */
static void read_header(document_reader *reader, const line_batch *batch) {
    csv_cells *cells = &reader->cells;
    reader->header_id = batch->header_id;
    if (!csv_cells_read(cells, (tocsin_bytes){batch->header, batch->header_length}, batch->separator))
        tool_out_of_memory();
    reader->column_count = cells->count;
    reader->is_sheet = 0;
    for (size_t i = 0; i < cells->count; i++) {
        const tocsin_bytes cell = cells->cells[i];
        reader->is_sheet |= cell.length == strlen(SHEET_LABEL) && !memcmp(cell.data, SHEET_LABEL, cell.length);
    }
    for (size_t key = 0; key < reader->keys.count; key++) {
        /* Finds the column with exactly this name, else one whose name differs only in case. */
        if (!find_column(reader, key, 1)) (void)find_column(reader, key, 0);
    }
    reader->lacking = lacking_column(reader);
}

static document_status reject_columns(document_reader *reader, const line_batch *batch) {
    const size_t shown = utf8_cut(batch->header, batch->header_length, 120);
    return reject(reader, "the header has no column %s and no column %s: --field text=NAME says which it is: %.*s%s",
                  reader->keys.names[reader->of_field[FIELD_TEXT].first],
                  reader->keys.names[reader->of_field[FIELD_TITLE].first], (int)shown, batch->header,
                  shown < batch->header_length ? "…" : "");
}

static document_status read_row(document_reader *reader, const line_batch *batch, const char *row, size_t length,
                                tocsin_document *document) {
    const csv_cells *cells = &reader->cells;
    int filled = 0;
    if (reader->header_id != batch->header_id) read_header(reader, batch);
    if (length == batch->header_length && !memcmp(row, batch->header, length)) return DOCUMENT_BLANK; /* once more */
    if (!csv_cells_read(&reader->cells, (tocsin_bytes){row, length}, batch->separator)) tool_out_of_memory();
    for (size_t i = 0; i < cells->count; i++) {
        filled |= cells->cells[i].length != 0;
        if (i >= reader->column_count && cells->cells[i].length) {
            return reject(reader, "the row has %zu cells, the header has %zu", cells->count, reader->column_count);
        }
    }
    if (!filled) return DOCUMENT_BLANK;
    int has_text = 0, has_column = constant_of_field(reader, FIELD_TEXT) || constant_of_field(reader, FIELD_TITLE);
    for (size_t key = 0; key < reader->keys.count; key++) {
        const int is_text = key >= reader->of_field[FIELD_TITLE].first &&
                            key < reader->of_field[FIELD_TEXT].first + reader->of_field[FIELD_TEXT].count;
        ndjson_value *value = &reader->values[key];
        *value = (ndjson_value){.kind = NDJSON_ABSENT, .times = reader->times[key]};
        if (!reader->times[key]) continue;
        reader->present |= UINT32_C(1) << key;
        has_column |= is_text;
        if (reader->columns[key] >= cells->count) continue;
        has_text |= is_text;
        value->kind = NDJSON_STRING;
        const tocsin_bytes cell = cells->cells[reader->columns[key]];
        const tocsin_bytes plain = reader->is_sheet ? sheet_read_cell(cell) : without_formula(cell);
        value->text = plain.data;
        value->length = plain.length;
    }
    if (!has_column) return reject_columns(reader, batch);
    if (!has_text && !constant_of_field(reader, FIELD_TEXT)) {
        return reject(reader, "the row has %zu cells, the header has %zu", cells->count, reader->column_count);
    }
    if (reader->lacking && note(reader, FEED_FAULT_COLUMN, "the header has no column %s, which --field names",
                                reader->lacking) != DOCUMENT_READY)
        return DOCUMENT_REJECTED;
    return read_values(reader, document);
}

/* For a line of plain text, which has no other fields. */
static document_status read_constants(document_reader *reader, tocsin_document *document) {
    document->title = constant_of(reader, FIELD_TITLE);
    document->source = constant_of(reader, FIELD_SOURCE);
    document_status status = read_time(reader, document);
    if (status == DOCUMENT_READY) status = read_reach(reader, document);
    return status == DOCUMENT_READY ? read_venue(reader, document) : status;
}

/* In an array, lines mean little: elements are counted. */
static document_status place_in_array(document_reader *reader, const batch_line *line) {
    char reason[sizeof reader->reason];
    memcpy(reason, reader->reason, sizeof reason);
    return reject(reader, "element %" PRIu64 ": %s", line->ordinal, reason);
}

static document_status read_record(document_reader *reader, const line_batch *batch, const batch_line *line,
                                   tocsin_document *document) {
    const char *text = batch->bytes + line->offset;
    if (line->open_quote) return reject(reader, "the quote in line %" PRIu64 " is not closed", line->open_quote);
    if (batch->format == FEED_CSV) return read_row(reader, batch, text, line->length, document);
    if (batch->format == FEED_JSON && batch->strings) {
        const tocsin_bytes object = object_of(reader, text, line->length, &reader->part_text);
        return read_ndjson(reader, object.data, object.length, document);
    }
    if (batch->format != FEED_TEXT) return read_ndjson(reader, text, line->length, document);
    document->text = (tocsin_bytes){text, line->length};
    return reader->has_constants ? read_constants(reader, document) : DOCUMENT_READY;
}

static int is_json(feed_format format) { return format == FEED_NDJSON || format == FEED_JSON; }

document_status document_reader_line(document_reader *reader, const line_batch *batch, const batch_line *line,
                                     tocsin_document *document) {
    static const char *const records[] = {"line", "line", "element", "row", "row", "line"};
    const uint64_t limit = batch->format == FEED_TEXT ? TOCSIN_MAX_DOCUMENT_BYTES : FEED_MAX_LINE;
    const int is_element = batch->format == FEED_JSON;
    document_status status;
    reader->present = 0;
    reader->is_further = 0;
    reader->part = 0;
    reader->part_count = reader->further && is_json(batch->format) ? SIZE_MAX : 0;
    reader->record = (tocsin_document)TOCSIN_DOCUMENT_INIT;
    if (line->size > line->length || line->size > limit) {
        reader->part_count = 0;
        status = reject(reader, "the %s has %" PRIu64 " bytes, more than %" PRIu64, records[batch->format], line->size,
                        limit);
        return is_element ? place_in_array(reader, line) : status;
    }
    if (leading_space(batch->bytes + line->offset, line->length) == line->length) {
        reader->part_count = 0;
        return DOCUMENT_BLANK;
    }
    *document = (tocsin_document)TOCSIN_DOCUMENT_INIT;
    for (int i = 0; i < FEED_FAULT_COUNT && reader->has_faults; i++) reader->faults[i][0] = '\0';
    reader->has_faults = 0;
    for (int i = 0; i < TOCSIN_FIELD_COUNT; i++) joined_field_clear(&reader->joined[i]);
    status = read_record(reader, batch, line, document);
    if (status == DOCUMENT_READY && reader->names.html) html_document_read(&reader->html, document);
    reader->is_numbered = !document->id.data && line->number; /* 0: it has no line */
    if (reader->is_numbered) {
        const uint64_t number = is_element ? line->ordinal : line->number;
        int digits = snprintf(reader->line_number, sizeof reader->line_number, "%" PRIu64, number);
        document->id = (tocsin_bytes){reader->line_number, (size_t)digits};
    }
    reader->record = *document; /* also if it is rejected: its further documents take their ids from it */
    return status == DOCUMENT_REJECTED && is_element ? place_in_array(reader, line) : status;
}

static void inherit(document_reader *reader, tocsin_document *document) {
    const tocsin_document *record = &reader->record;
    if (!document->source.length) document->source = record->source;
    if (document->venue == TOCSIN_VENUE_UNKNOWN) document->venue = record->venue;
    if (document->time == TOCSIN_TIME_UNKNOWN) document->time = record->time;
    reader->further->is_numbered = 0;
    if (document->id.length) return;
    tocsin_buffer *id = &reader->part_id;
    id->length = 0;
    if (record->id.length) text_append(id, record->id.data, record->id.length);
    text_printf(id, "#%zu", reader->part);
    document->id = (tocsin_bytes){id->data, id->length};
    reader->further->is_numbered = reader->is_numbered;
}

document_status document_reader_next(document_reader *reader, tocsin_document *document) {
    size_t length;
    if (reader->part_count == SIZE_MAX) {
        reader->part_count = ndjson_split(reader->parser, reader->further_path);
        if (reader->part_count == SIZE_MAX) tool_out_of_memory();
    }
    while (reader->part < reader->part_count) {
        const char *part = ndjson_part(reader->parser, reader->part++, &length);
        const tocsin_bytes object = object_of(reader->further, part, length, &reader->part_text);
        if (object.length == 4 && !memcmp(object.data, "null", 4)) continue;
        reader->is_further = 1;
        reader->further->is_of_malformed = reader->is_malformed;
        const document_status status = document_reader_value(reader->further, object.data, object.length, document);
        if (status == DOCUMENT_READY) inherit(reader, document);
        if (status == DOCUMENT_REJECTED) {
            return reject(reader, "element %zu of %s: %s", reader->part, reader->further_path, reader->further->reason);
        }
        if (status == DOCUMENT_READY) return status;
    }
    return DOCUMENT_BLANK;
}

document_status document_reader_value(document_reader *reader, const void *value, size_t length,
                                      tocsin_document *document) {
    line_batch *room = &reader->room;
    const batch_line line = {.length = length, .size = length};
    room->format = FEED_NDJSON;
    if (room->capacity < length + LINE_PADDING) {
        tool_free(room->bytes);
        room->capacity = length + length / 2 + LINE_PADDING;
        room->bytes = tool_allocate(room->capacity, 1);
    }
    if (length) memcpy(room->bytes, value, length);
    memset(room->bytes + length, 0, LINE_PADDING);
    return document_reader_line(reader, room, &line, document);
}
