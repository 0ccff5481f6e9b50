#ifndef TOCSIN_TOOLS_JSON_REPAIR_H
#define TOCSIN_TOOLS_JSON_REPAIR_H

/* What crawlers write that is nearly JSON, as JSON. */

#include <stddef.h>

#include <tocsin/bytes.h>

/* What was changed. */
typedef struct json_changes {
    size_t count;     /* places */
    const char *what; /* the first one: "a lone surrogate", …; static */
    const char *read; /* and how it is read: "U+FFFD", … */
    size_t at;        /* its offset in the line */
} json_changes;

/*
 * Writes the line to out, which is cleared first, and what a JSON parser refuses otherwise: a lone surrogate escape and
 * a malformed UTF-8 byte become U+FFFD; a control character within a string becomes its escape; a number outside
 * int64_t or double becomes a string of the same digits; NaN, Infinity and -Infinity become null. Linear in length. The
 * result may still be no JSON.
 */
json_changes json_repair(const char *line, size_t length, tocsin_buffer *out);

#endif
