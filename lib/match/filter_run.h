#ifndef TOCSIN_MATCH_FILTER_RUN_H
#define TOCSIN_MATCH_FILTER_RUN_H

/* One piece of a text in the filter, for the filter_run files. */

#include "match/filter_internal.h"
#include "text/text_units.h"

typedef struct tocsin__filter_run {
    const tocsin__filter *filter;
    const tocsin__text *text;
    size_t from, to; /* only starts in this range are reported */
    tocsin__hits *hits;
    tocsin_status status;
    size_t piece, begin;   /* the current piece, and the byte at which it begins */
    size_t first, count;   /* its units */
    const uint16_t *units; /* from the first unit of the piece on; the other units of the text follow, then zeroes */
    uint16_t found[2 * (TOCSIN__UNITS_MOST + TOCSIN__UNITS_SLACK)]; /* candidates, from left to right */
} tocsin__filter_run;

/*
 * A candidate is four times the unit of the piece at which it begins, plus the number of its units. At one place, one
 * of three units comes before one of two.
 */
#define TOCSIN__FILTER_CANDIDATE(unit, size) (4U * (unsigned)(unit) + (size))

/* filter_verify.c: looks up and compares the first `count` candidates. */
void tocsin__filter_verify(tocsin__filter_run *run, size_t count);

/* Finds the candidates among the windows that begin in the piece and verifies them. */
tocsin__filter_function tocsin__filter_run_portable;
#ifdef TOCSIN__FOLD_X86
tocsin__filter_function tocsin__filter_run_avx2;
tocsin__filter_function tocsin__filter_run_avx512;
#elif defined(TOCSIN__FOLD_ARM)
tocsin__filter_function tocsin__filter_run_neon;
#endif

#endif
