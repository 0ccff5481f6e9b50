#ifndef TOCSIN_PLAN_TEXT_H
#define TOCSIN_PLAN_TEXT_H

/*
 * A scalar of a plan file: its value, and the bytes it was written with, so that an offset of the value (an error
 * inside an expression) can be shown at its place in the file, with any quoting and over any number of lines.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/diagnostics_add.h"

typedef enum tocsin__scalar_style {
    TOCSIN__SCALAR_PLAIN = 0,
    TOCSIN__SCALAR_SINGLE_QUOTED = 1,
    TOCSIN__SCALAR_DOUBLE_QUOTED = 2,
    TOCSIN__SCALAR_LITERAL = 3, /* | */
    TOCSIN__SCALAR_FOLDED = 4   /* > */
} tocsin__scalar_style;

/* All pointers are valid as long as the description; all zero means "not in the plan". */
typedef struct tocsin__plan_text {
    const char *value;    /* UTF-8 without NUL, terminated; NULL if the plan does not give it */
    size_t length;        /* bytes of the value */
    tocsin__place place;  /* its start: the quote or the | if the scalar has one */
    const char *source;   /* as written, from there on; NULL for a node that is no scalar */
    size_t source_length; /* bytes */
    tocsin__scalar_style style;
} tocsin__plan_text;

/* The value; without one, empty and not NULL. */
static inline tocsin_bytes tocsin__plan_bytes(const tocsin__plan_text *text) {
    return (tocsin_bytes){text->value ? text->value : "", text->value ? text->length : 0};
}

/*
 * The place of the character at a byte offset of the value. An offset at or past the end of the value gives the place
 * after its last character, white space at a line's end not counted. If a block scalar is nothing but white space, the
 * column is not exact. Time is linear in the scalar's length.
 */
tocsin__place tocsin__plan_locate(const tocsin__plan_text *text, size_t offset);

/* The same as a byte offset into text->source. */
size_t tocsin__plan_source_offset(const tocsin__plan_text *text, size_t offset);

/* Moves a place over bytes of well-formed UTF-8; \n, \r\n and \r end lines. It may read `ahead` bytes further. */
void tocsin__place_advance(tocsin__place *place, const char *bytes, size_t length, size_t ahead);

/* A value as messages quote it: at most some 80 bytes, on one line. */
typedef struct tocsin__shown {
    char text[96];
} tocsin__shown;

tocsin__shown tocsin__show(const char *value, size_t length);

#endif
