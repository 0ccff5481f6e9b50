#ifndef TOCSIN_TEXT_ICU_SETS_H
#define TOCSIN_TEXT_ICU_SETS_H

/* Sets of characters by their properties, from ICU. */

#include <stdint.h>

#include <tocsin/status.h>

/* Receives one range of code points; a failure ends the listing. */
typedef tocsin_status (*tocsin__range_sink)(void *context, uint32_t first, uint32_t last);

/*
 * Lists the ranges of a set, written as a UnicodeSet of ICU in ASCII: [:Han:]. *known becomes 1; if ICU knows no such
 * set, it becomes 0 and nothing is listed. TOCSIN_ERROR_MEMORY, or what sink returned.
 */
tocsin_status tocsin__icu_set(const char *set, tocsin__range_sink sink, void *context, int *known);

#endif
