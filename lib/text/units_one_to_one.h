#ifndef TOCSIN_TEXT_UNITS_ONE_TO_ONE_H
#define TOCSIN_TEXT_UNITS_ONE_TO_ONE_H

/* Tests whether a character is one-to-one, for the levels of text_units.h. */

#include <string.h>

#include "base/utf8.h"
#include "text/text_units.h"

/* Bytes of the character at `at`, or 0 when it is not one-to-one. */
size_t tocsin__one_to_one_width(const tocsin__view *view, size_t at);

/* Writes zeroes after the units. */
static inline void tocsin__units_end(uint16_t *end) { memset(end, 0, TOCSIN__UNITS_ZEROES * sizeof *end); }

#endif
