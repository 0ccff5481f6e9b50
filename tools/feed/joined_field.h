#ifndef TOCSIN_TOOLS_JOINED_FIELD_H
#define TOCSIN_TOOLS_JOINED_FIELD_H

/* Joins a title or a text from several fields of a record, and knows which part comes from which field. */

#include <tocsin/tocsin.h>

#define JOINED_PARTS 32

typedef struct joined_part {
    const char *name; /* of the field in the record; borrowed */
    size_t start, length;
} joined_part;

typedef struct joined_field {
    tocsin_buffer text;
    joined_part parts[JOINED_PARTS];
    size_t count;
    int is_named; /* the user names several fields, so evidence says which one it comes from */
} joined_field;

void joined_field_init(joined_field *field, int is_named);
void joined_field_release(joined_field *field);
void joined_field_clear(joined_field *field);

/*
 * Adds the value of a field of the record. Returns the joined value so far, with a line end between the parts; if only
 * one part has characters, that is the value itself, borrowed.
 */
tocsin_bytes joined_field_add(joined_field *field, const char *name, tocsin_bytes value);

/*
 * Converts each piece of evidence of a copied verdict from places in title and text (by tocsin_field) to places in the
 * field of the record that it comes from.
 */
void joined_fields_move(const joined_field *fields, tocsin_verdict *copy, const char **names);

/* Appends the verdict as JSON, with "name" beside "field" if there is a name. */
void joined_fields_to_json(const tocsin_verdict *verdict, const char *const *names, tocsin_buffer *out);

#endif
