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
    FEED_FIELD_COUNT
} feed_field;

/*
 * Where the fields are in a record. names: a name, a path into objects (a.b), or several with commas between: those of
 * title and text are joined with a line end, of the others the first that is there counts. NULL: the field's own name;
 * the time of collection then is not known. constants: what the field is where the record says nothing; NULL: none.
 * Borrowed.
 */
typedef struct feed_names {
    const char *names[FEED_FIELD_COUNT];
    const char *constants[FEED_FIELD_COUNT];
    const char *records; /* the array of the documents in a JSON object: items, data.list; NULL: it is none */
    int strict;          /* a time, a reach or a venue that cannot be read rejects the document */
    int html;            /* title and text are HTML: documents have the text of it */
} feed_names;

/* What a field is called where nobody says otherwise. */
const char *feed_field_name(feed_field field);

/* Takes FIELD=NAME, or FIELD=VALUE for a constant, borrowed; NULL, or what is wrong with it, in static storage. */
const char *feed_names_set(feed_names *names, const char *setting);
const char *feed_names_set_constant(feed_names *names, const char *setting);

/* Takes the path of the array that holds the documents, borrowed; NULL, or what is wrong with it. */
const char *feed_names_set_records(feed_names *names, const char *path);

/* Takes the names of a crawler's output; NULL, or what is wrong. feed_shape_name: the i-th shape, NULL behind the last.
 */
const char *feed_names_set_shape(feed_names *names, const char *shape);
const char *feed_shape_name(size_t i);

#endif
