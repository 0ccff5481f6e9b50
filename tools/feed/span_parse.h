#ifndef TOCSIN_TOOLS_SPAN_PARSE_H
#define TOCSIN_TOOLS_SPAN_PARSE_H

/* Spans of time as people write them: 30s, 15m, 12h, 90d. */

#include <stdint.h>

/*
 * The milliseconds of a whole number and one unit, which is in `units` ("smhd": seconds, minutes, hours, days). 0: the
 * text is no such span, or the span is zero or more than `most` milliseconds.
 */
int64_t span_parse(const char *text, const char *units, int64_t most);

#endif
