#ifndef TOCSIN_TOOLS_TIME_PARSE_H
#define TOCSIN_TOOLS_TIME_PARSE_H

/* Converts the times of feeds to milliseconds since 1970-01-01T00:00:00Z. The readers return NULL, or what is wrong. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

/*
 * RFC 3339; a date with or without a clock and a zone, parted by - / . or 年月日; a clock as 15:04, 下午3点04分 or 3:04
 * PM; what weibo, RSS and Java write (Tue May 07 12:00:00 +0800 2024; CST is China's zone); digits: 20261120,
 * 20261120123045, 20261120T123045Z, Unix seconds, milliseconds, microseconds or nanoseconds, days as spreadsheets count
 * them from 2000 to 2100. Words that pages write around a time are left out. Without a zone it is one of the process's
 * time zone (TZ). Relative times (3分钟前, 昨天 12:03, 05-07 12:00, 5 minutes ago) need *collected, the time when the
 * document was read; NULL: there is none, and they are refused.
 */
const char *time_parse(const char *text, size_t length, const int64_t *collected, int64_t *milliseconds);

/* A number as time_parse reads its digits. */
const char *time_from_integer(int64_t number, int64_t *milliseconds);
const char *time_from_float(double number, int64_t *milliseconds);

/* Appends the time as time_parse reads it, in UTC with milliseconds. */
void time_append_utc(tocsin_buffer *out, int64_t milliseconds);

#endif
