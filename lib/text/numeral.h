#ifndef TOCSIN_TEXT_NUMERAL_H
#define TOCSIN_TEXT_NUMERAL_H

/*
 * Reads numbers as Chinese text writes them: 30, 1,200, 3.5, 1½, 1.2万, 三十五, 二〇二六, 叁拾, 三四十, 三十多, 数十,
 * 上百, 十几, 半, 一个半, 30至40. A vague number counts as its lower bound. Text is folded: full-width digits are ASCII
 * by then.
 */

#include <stddef.h>
#include <stdint.h>

#include "text/text_view.h"

#define TOCSIN__NUMERAL_ONE UINT64_C(1000000)              /* values are kept in millionths */
#define TOCSIN__NUMERAL_MOST UINT64_C(1000000000000000000) /* a larger number counts as this: 10 to the 12th */

typedef struct tocsin__numeral {
    size_t start, end; /* bytes of the view */
    uint64_t value;    /* millionths; further digits are cut off */
    size_t short_end;  /* the end of the number proper, without its suffixes: 多, 余, 来, +, 个半 */
    uint64_t short_value;
    int bounded; /* the number is over TOCSIN__NUMERAL_MOST */
} tocsin__numeral;

/*
 * Reads the longest numeral that begins at `at`, in [at, end). 约, 近, 逾, 超过 and the like may stand in front of it.
 * Returns 0 and leaves *numeral untouched when there is none.
 */
int tocsin__numeral_read(const tocsin__view *view, size_t at, size_t end, tocsin__numeral *numeral);

/*
 * Reads the numeral that ends at `end`. The numeral is never cut: 12 before `end` is never read as 2. Numerals can be
 * separated only from the left, so this first goes back over all characters that numerals consist of.
 */
int tocsin__numeral_read_before(const tocsin__view *view, size_t end, tocsin__numeral *numeral);

/* Where a word such as 约 or 超过 that ends at `at` begins; `at` when there is none. */
size_t tocsin__numeral_qualifier_start(const tocsin__view *view, size_t at);

/*
 * Whether the numeral [start, end) is not the number that the text gives, because of what stands before it: an ordinal
 * (第3), a piece of a fraction, a date or an address (1/3, 三分之一, 百分之三十, 1.2.3), a number below zero (零下五,
 * 负二, −5, and -5 before degrees; elsewhere - may be a dash).
 */
int tocsin__numeral_is_other_before(const tocsin__view *view, size_t start, size_t end);

/* The same because of what stands behind it: 3 in 3/5, 三 in 三分之一. */
int tocsin__numeral_is_other_behind(const tocsin__view *view, size_t end);

/* The start of the characters before `end` that can be part of a numeral. */
size_t tocsin__numeral_reach(const tocsin__view *view, size_t end);

/* Whether c may occur between the digits of a number or between two numbers: , . / - ~ 至. */
int tocsin__numeral_is_sign(uint32_t c);

/* Whether the character can be part of a numeral. */
int tocsin__numeral_has(uint32_t c);

#endif
