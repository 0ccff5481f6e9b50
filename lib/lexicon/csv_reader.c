/*
 * libcsv removes the quotes and reports where fields and rows end, but not where they started or what was wrong with
 * their quotes. It is therefore fed in steps that end at a comma or a line end, the only bytes after which it can
 * report a field, so the reader always knows its position. The quotes are checked again in the field's own bytes.
 * libcsv's allocation functions take no context, so libcsv allocates nothing: its buffer is made here, as long as the
 * text, and no field is longer than that.
 */
#include "lexicon/csv_reader.h"

#include <csv.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "base/vec.h"

typedef struct csv_reader {
    const tocsin_allocator *allocator;
    tocsin_bytes text;
    tocsin__csv_row_function row;
    void *context;
    tocsin_status status;
    size_t end;    /* the end of the field that libcsv reports now */
    size_t start;  /* earliest start of the next field */
    size_t cursor; /* lines and columns are counted up to here */
    uint32_t line, column;
    tocsin_buffer values; /* values of the row's fields, one after the other */
    TOCSIN_VEC(tocsin__csv_field) fields;
} csv_reader;

static int is_line_end(char c) { return c == '\n' || c == '\r'; }

/* Counts lines and columns from text[*cursor] up to text[to]. */
static void walk(const char *text, size_t length, size_t *cursor, size_t to, uint32_t *line, uint32_t *column) {
    for (size_t i = *cursor; i < to; i++) {
        if (text[i] == '\n' || (text[i] == '\r' && !(i + 1 < length && text[i + 1] == '\n'))) {
            ++*line;
            *column = 1;
        } else {
            *column += ((unsigned char)text[i] & 0xC0) != 0x80 && text[i] != '\r';
        }
    }
    *cursor = to;
}

/* Goes from *value bytes of a quoted value, which end at *at, to `offset` bytes of it. */
static void unquote_to(tocsin_bytes raw, size_t offset, size_t *at, size_t *value) {
    while (*at < raw.length && *value < offset) {
        if (raw.data[*at] == '"') {
            if (*at + 1 >= raw.length || raw.data[*at + 1] != '"') break;
            ++*at;
        }
        ++*at;
        ++*value;
    }
}

/* The end of a quoted value, and the faults of its quotes. */
static size_t unquote(tocsin_bytes raw, tocsin__csv_field *found) {
    size_t at = 1, value = 0;
    unquote_to(raw, SIZE_MAX, &at, &value);
    found->fault_offset = value;
    if (at >= raw.length || raw.data[at] != '"') {
        found->fault = TOCSIN__CSV_UNCLOSED;
        found->fault_offset = 0;
        return at;
    }
    for (size_t i = at + 1; i < raw.length; i++) {
        if (raw.data[i] != ' ' && raw.data[i] != '\t') found->fault = TOCSIN__CSV_STRAY;
    }
    return at;
}

static void end_field(void *data, size_t length, void *context) {
    csv_reader *r = context;
    if (r->status) return;
    size_t start = r->start;
    const char *text = r->text.data;
    while (start < r->end &&
           (text[start] == ' ' || text[start] == '\t' || (!r->fields.length && is_line_end(text[start])))) {
        start++;
    }
    walk(text, r->text.length, &r->cursor, start, &r->line, &r->column);
    tocsin__csv_field field = {
        {NULL, length}, {text + start, r->end - start}, r->line, r->column, TOCSIN__CSV_SOUND, 0};
    if (field.raw.length && field.raw.data[0] == '"') (void)unquote(field.raw, &field);
    r->start = r->end + 1;
    r->status = tocsin_buffer_append(&r->values, data, length);
    if (!r->status) r->status = tocsin__vec_push(&r->fields, r->allocator, field);
}

static void end_row(int terminator, void *context) {
    csv_reader *r = context;
    (void)terminator;
    size_t at = 0;
    for (size_t i = 0; i < r->fields.length; i++) {
        r->fields.data[i].value.data = r->values.data ? r->values.data + at : "";
        at += r->fields.data[i].value.length;
    }
    if (!r->status) r->status = r->row(r->context, r->fields.data, r->fields.length);
    r->fields.length = r->values.length = 0;
}

static void *no_reallocation(void *memory, size_t size) {
    (void)memory;
    (void)size;
    return NULL;
}

static void no_deallocation(void *memory) { (void)memory; }

static void feed(csv_reader *r, struct csv_parser *parser) {
    const char *text = r->text.data;
    size_t length = r->text.length;
    for (size_t at = 0, stop = 0; at < length && !r->status; at = stop) {
        while (stop < length && text[stop] != ',' && !is_line_end(text[stop])) stop++;
        stop += stop < length;
        r->end = stop - 1;
        if (csv_parse(parser, text + at, stop - at, end_field, end_row, r) != stop - at && !r->status) {
            r->status = TOCSIN_ERROR_MEMORY;
        }
    }
    r->end = length;
    if (!r->status && csv_fini(parser, end_field, end_row, r) && !r->status) r->status = TOCSIN_ERROR_MEMORY;
}

tocsin_status tocsin__csv_read(tocsin_bytes text, const tocsin_allocator *allocator, tocsin__csv_row_function row,
                               void *context) {
    return tocsin__csv_read_from(1, text, allocator, row, context);
}

tocsin_status tocsin__csv_read_from(uint32_t line, tocsin_bytes text, const tocsin_allocator *allocator,
                                    tocsin__csv_row_function row, void *context) {
    csv_reader r = {.allocator = allocator, .text = text, .row = row, .context = context, .line = line, .column = 1};
    struct csv_parser parser;
    if (!text.length) return TOCSIN_OK;
    tocsin_buffer_init(&r.values, allocator);
    unsigned char *entry = tocsin__allocate(allocator, text.length + 1);
    if (!entry || csv_init(&parser, 0)) {
        tocsin__deallocate(allocator, entry, text.length + 1);
        return TOCSIN_ERROR_MEMORY;
    }
    csv_set_realloc_func(&parser, no_reallocation);
    csv_set_free_func(&parser, no_deallocation);
    parser.entry_buf = entry;
    parser.entry_size = text.length + 1;
    feed(&r, &parser);
    csv_free(&parser);
    tocsin__deallocate(allocator, entry, text.length + 1);
    tocsin_buffer_release(&r.values);
    tocsin__vec_release(&r.fields, allocator);
    return r.status;
}

tocsin__place tocsin__csv_next_place(const tocsin__csv_field *field, const char *file, size_t offset,
                                     tocsin__csv_cursor *cursor) {
    size_t to = offset;
    if (!cursor->line) *cursor = (tocsin__csv_cursor){0, 1, 0, field->line, field->column};
    if (offset && field->raw.length && field->raw.data[0] == '"') {
        unquote_to(field->raw, offset, &cursor->raw, &cursor->value);
        to = cursor->raw;
    }
    if (to > field->raw.length) to = field->raw.length;
    walk(field->raw.data, field->raw.length, &cursor->walked, to, &cursor->line, &cursor->column);
    return (tocsin__place){file, cursor->line, cursor->column};
}

tocsin__place tocsin__csv_place(const tocsin__csv_field *field, const char *file, size_t offset) {
    tocsin__csv_cursor cursor = {.line = 0};
    return tocsin__csv_next_place(field, file, offset, &cursor);
}
