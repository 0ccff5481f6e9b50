/*
 * The scanner reads a title and a text. Whoever looks at the record wants to find words in its own fields, so places
 * are converted to these fields.
 */
#define _GNU_SOURCE /* memmem */

#include "feed/joined_field.h"

#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"

void joined_field_init(joined_field *field, int is_named) {
    *field = (joined_field){.is_named = is_named};
    tocsin_buffer_init(&field->text, NULL);
}

void joined_field_release(joined_field *field) { tocsin_buffer_release(&field->text); }

void joined_field_clear(joined_field *field) { field->text.length = field->count = 0; }

tocsin_bytes joined_field_add(joined_field *field, const char *name, tocsin_bytes value) {
    joined_part *last = field->count ? &field->parts[field->count - 1] : NULL;
    if (last && !last->length) field->count--; /* the empty part is replaced */
    const size_t before = field->text.length;
    if (field->count) text_puts(&field->text, "\n");
    field->parts[field->count++] = (joined_part){name, field->text.length, value.length};
    text_append(&field->text, value.length ? value.data : "", value.length);
    return before ? (tocsin_bytes){field->text.data, field->text.length} : value;
}

void joined_fields_move(const joined_field *fields, tocsin_verdict *copy, const char **names) {
    for (size_t i = 0; i < copy->evidence_count; i++) {
        const tocsin_evidence *e = tocsin_verdict_evidence(copy, i);
        const joined_field *field = &fields[e->field];
        names[i] = NULL;
        if (!field->is_named) continue;
        for (size_t n = field->count; n-- > 0 && !names[i];) {
            const joined_part *part = &field->parts[n];
            if (e->start < part->start) continue;
            const size_t start = e->start - part->start;
            size_t end = e->end - part->start;
            if (end > part->length) end = part->length; /* a stretch may go on into the next field */
            names[i] = part->name;
            if (start <= end)
                (void)tocsin_verdict_move_evidence(copy, i, start, end, (tocsin_bytes){e->text.data, end - start});
        }
    }
}

void joined_fields_to_json(const tocsin_verdict *verdict, const char *const *names, tocsin_buffer *out) {
    /* Inside strings, a quote is written as \", so this text cannot occur in one. */
    static const char mark[] = ",\"start\":";
    tocsin_buffer plain;
    size_t at = 0;
    tocsin_buffer_init(&plain, NULL);
    if (tocsin_verdict_to_json(verdict, &plain) != TOCSIN_OK) tool_out_of_memory();
    for (size_t i = 0; i < verdict->evidence_count; i++) {
        const char *found = memmem(plain.data + at, plain.length - at, mark, sizeof mark - 1);
        if (!found) break;
        const size_t next = (size_t)(found - plain.data);
        text_append(out, plain.data + at, next - at);
        if (names[i]) {
            text_puts(out, ",\"name\":");
            utf8_append_json(out, names[i], strlen(names[i]));
        }
        text_append(out, mark, sizeof mark - 1);
        at = next + sizeof mark - 1;
    }
    text_append(out, plain.data + at, plain.length - at);
    tocsin_buffer_release(&plain);
}
