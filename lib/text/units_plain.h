#ifndef TOCSIN_TEXT_UNITS_PLAIN_H
#define TOCSIN_TEXT_UNITS_PLAIN_H

/* What is plain, one character at a time, for the levels of text_units.h. */

#include <string.h>

#include "base/utf8.h"
#include "text/text_units.h"

/* Bytes of the character at `at`, or 0 when it is not plain. */
size_t tocsin__plain_width(const tocsin__view *view, size_t at);

/* Puts zeroes behind the units. */
static inline void tocsin__units_end(tocsin__units *units) {
    memset(units->units + units->count, 0, TOCSIN__UNITS_SLACK * sizeof *units->units);
}

#endif
