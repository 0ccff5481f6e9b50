#ifndef TOCSIN_TOOLS_COUNT_PARSE_H
#define TOCSIN_TOOLS_COUNT_PARSE_H

/* Numbers of views and reposts as feeds write them. */

#include <stddef.h>
#include <stdint.h>

/*
 * Digits, full-width ones too, with marks between thousands, a decimal point, a unit (百, 千, 万, 亿, w, k, m) or an
 * exponent, and words and a plus sign around: 12800, 12,800, 1.2万, 10w+, 1533.6万次, 播放量：1.2万, 1.28E+04. A mark
 * that parts no thousands (2,3万) makes it no number. A fraction that remains is cut off. NULL, or what is wrong;
 * *count is left untouched then.
 */
const char *count_parse(const char *text, size_t length, uint64_t *count);

#endif
