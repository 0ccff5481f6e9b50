#ifndef TOCSIN_TOOLS_JOINED_FIELD_H
#define TOCSIN_TOOLS_JOINED_FIELD_H

/* A title or a text that comes from one or several of some fields of a record, and which part of it is from where. */

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
    int is_named; /* the user names several fields: evidence says which one it is from */
} joined_field;

void joined_field_init(joined_field *field, int is_named);
void joined_field_release(joined_field *field);
void joined_field_clear(joined_field *field);

/*
 * Adds the value of a field of the record. Returns all that there is by now, with a line end between: the value itself,
 * borrowed, as long as it is the only one with a character in it.
 */
tocsin_bytes joined_field_add(joined_field *field, const char *name, tocsin_bytes value);

/*
 * Moves each piece of evidence of a copy, whose places are those in title and text (by tocsin_field), into the field of
 * the record that it is from. names has room for each, and gets the field's name, or NULL where only one is meant.
 */
void joined_fields_move(const joined_field *fields, tocsin_verdict *copy, const char **names);

/* Appends the verdict as JSON, with "name" beside "field" where there is a name. */
void joined_fields_to_json(const tocsin_verdict *verdict, const char *const *names, tocsin_buffer *out);

#endif
