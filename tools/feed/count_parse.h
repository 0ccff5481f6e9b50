#ifndef TOCSIN_TOOLS_COUNT_PARSE_H
#define TOCSIN_TOOLS_COUNT_PARSE_H

/* Numbers of views and reposts as feeds write them. */

#include <stddef.h>
#include <stdint.h>

/*
 * Digits, full-width ones too, with thousands marks, a decimal point, a unit (万, 萬, 亿, 億, w, k, m, 千) and a plus
 * sign or a counted thing behind: 12800, 12,800, 1.2万, 10w+, 100000+, 1533.6万, 3千次. A fraction that remains is cut
 * off. NULL, or what is wrong; *count is left untouched then.
 */
const char *count_parse(const char *text, size_t length, uint64_t *count);

#endif
