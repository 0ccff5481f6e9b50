#ifndef TOCSIN_TOOLS_TIME_PARSE_H
#define TOCSIN_TOOLS_TIME_PARSE_H

/* The times that feeds write, to milliseconds since 1970-01-01T00:00:00Z. Those that read one return NULL, or what is
 * wrong. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

/*
 * RFC 3339 ("2021-07-13T08:30:00.250+08:00", a space instead of T allowed), a date alone ("2021-07-13", midnight UTC),
 * or digits: Unix seconds or milliseconds.
 */
const char *time_parse(const char *text, size_t length, int64_t *milliseconds);

/* Unix seconds, or milliseconds when they are so many that seconds would lie after the year 5000. */
const char *time_from_integer(int64_t number, int64_t *milliseconds);
const char *time_from_float(double number, int64_t *milliseconds);

/* Appends the time as time_parse reads it, in UTC with milliseconds. */
void time_append_utc(tocsin_buffer *out, int64_t milliseconds);

#endif
