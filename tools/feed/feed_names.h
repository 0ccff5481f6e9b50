#ifndef TOCSIN_TOOLS_FEED_NAMES_H
#define TOCSIN_TOOLS_FEED_NAMES_H

/* Where a document's fields are in a record of a feed. */

#include <stddef.h>

/* The fields of a document, and the time when it was collected, which relative times are counted from. */
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
 * What the user says of the fields. names: a name, a path into objects (a.b), or several with commas between: those of
 * title and text are joined with a line end, of the others the first that is there counts. Behind a bar instead of a
 * comma stands what is read only where nothing stands before it (text|body). NULL: what the shape says, else the
 * field's own name. constants: what the field is where the record says nothing; NULL: none. Borrowed.
 */
typedef struct feed_names {
    const char *names[FEED_FIELD_COUNT];
    const char *constants[FEED_FIELD_COUNT];
    const char *records;     /* the array of the documents in a JSON object: items, data.list; NULL: see the shape */
    const char *further;     /* the array of further documents in each record: comments, comments[].text; NULL: none */
    const feed_shape *shape; /* the fields of a crawler's output; NULL: none */
    int html;                /* title and text are HTML: documents have the text of it */
    int strict;              /* a time, a reach or a venue that cannot be read rejects the document */
} feed_names;

/* The names of a field, what it is where they say nothing, and the array; "" and NULL for none. names may be NULL. */
const char *feed_names_get(const feed_names *names, feed_field field);
const char *feed_names_get_constant(const feed_names *names, feed_field field);

/* is_sure: the user says so; otherwise the array may not be there. */
const char *feed_names_get_records(const feed_names *names, int *is_sure);

/* Takes FIELD=NAME, or FIELD=VALUE for a constant, borrowed; NULL, or what is wrong with it, in static storage. */
const char *feed_names_set(feed_names *names, const char *setting);
const char *feed_names_set_constant(feed_names *names, const char *setting);

/* Takes the path of the array that holds the documents, borrowed; NULL, or what is wrong with it. */
const char *feed_names_set_records(feed_names *names, const char *path);

/* Takes the path of an array in each record whose elements are further documents, and behind [] where their text is,
 * borrowed; NULL, or what is wrong with it. */
const char *feed_names_set_further(feed_names *names, const char *path);

/* Takes the names of a crawler's output; NULL, or what is wrong. feed_shape_name: the i-th shape, NULL behind the last.
 */
const char *feed_names_set_shape(feed_names *names, const char *shape);
const char *feed_shape_name(size_t i);

#endif
