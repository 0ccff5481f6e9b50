#ifndef TOCSIN_TOOLS_FEED_NAMES_H
#define TOCSIN_TOOLS_FEED_NAMES_H

/* Maps the fields of a document to places in a record of a feed. */

#include <stddef.h>

/* The fields of a document, and the time of collection, which relative times refer to. */
typedef enum feed_field {
    FIELD_ID,
    FIELD_TIME,
    FIELD_SOURCE,
    FIELD_VENUE,
    FIELD_REACH,
    FIELD_TITLE,
    FIELD_TEXT,
    FIELD_COLLECTED,
    FIELD_URL, /* where the document can be read */
    FEED_FIELD_COUNT
} feed_field;

typedef struct feed_shape feed_shape;

/*
 * The user's mapping of fields. names: a name, a path into objects (a.b), or several separated by commas: for title and
 * text, all values are joined with a line end; for other fields, the first one with a value counts. A name after a bar
 * instead of a comma is read only if the names before it have no value (text|body). NULL: the name of the shape or,
 * without one, of the field itself. constants: the value of a field that the record does not have; NULL: none.
 * Borrowed.
 */
typedef struct feed_names {
    const char *names[FEED_FIELD_COUNT];
    const char *constants[FEED_FIELD_COUNT];
    const char *records;     /* the array of the documents in a JSON object: items, data.list; NULL: see the shape */
    const char *further;     /* the array of further documents in each record: comments, comments[].text; NULL: none */
    const feed_shape *shape; /* the fields of a crawler's output; NULL: none */
    int html;                /* title and text are HTML, and documents get its text */
    int strict;              /* a time, a reach or a venue that cannot be read rejects the document */
} feed_names;

/* The names of a field, its constant, and the array; "" and NULL for none. names may be NULL. */
const char *feed_names_get(const feed_names *names, feed_field field);
const char *feed_names_get_constant(const feed_names *names, feed_field field);

/* is_sure: the user named it; otherwise the array may be missing. */
const char *feed_names_get_records(const feed_names *names, int *is_sure);

/*
 * Sets FIELD=NAME, or FIELD=VALUE for a constant, borrowed; returns NULL, or what is wrong with it, in static storage.
 */
const char *feed_names_set(feed_names *names, const char *setting);
const char *feed_names_set_constant(feed_names *names, const char *setting);

/* Sets the path of the array that holds the documents, borrowed; returns NULL, or what is wrong with it. */
const char *feed_names_set_records(feed_names *names, const char *path);

/*
 * Sets the path of an array in each record whose elements are further documents, and after [] the path of their text,
 * borrowed; returns NULL, or what is wrong with it.
 */
const char *feed_names_set_further(feed_names *names, const char *path);

/* Sets the names of a crawler's output; returns NULL, or what is wrong. */
const char *feed_names_set_shape(feed_names *names, const char *shape);

#endif
