#ifndef TOCSIN_TOOLS_JSON_REPAIR_H
#define TOCSIN_TOOLS_JSON_REPAIR_H

/* Repairs lines of crawlers that are nearly JSON. */

#include <stddef.h>

#include <tocsin/bytes.h>

/* What was changed. */
typedef struct json_changes {
    size_t count;     /* places */
    const char *what; /* the first one: "a lone surrogate", …; static */
    const char *read; /* and its replacement: "U+FFFD", … */
    size_t at;        /* its offset in the line */
    int malformed;    /* JSON_MALFORMED_MARK replaces malformed bytes */
} json_changes;

#define JSON_MALFORMED_MARK "\xEF\xB7\x90" /* U+FDD0, which is no character */

/*
 * Writes the line to out, which is cleared first, and repairs what a JSON parser refuses: a lone surrogate escape
 * becomes U+FFFD, malformed UTF-8 becomes JSON_MALFORMED_MARK; a control character in a string becomes an escape; an
 * unknown escape becomes its characters; a number outside int64_t or double, a number that JSON spells differently, and
 * a word without quotes become strings; NaN, Infinity, undefined, None, True and False get their JSON meaning; a comma
 * with nothing after it is left out. Linear in length. The result may still be no JSON.
 */
json_changes json_repair(const char *line, size_t length, tocsin_buffer *out);

#endif
