#ifndef TOCSIN_TEXT_TEXT_UNITS_H
#define TOCSIN_TEXT_TEXT_UNITS_H

/*
 * Folded text as units of 16 bits, some kilobytes at a time, with the place of each: what a matcher reads fastest. A
 * unit is a folded character of the basic plane, as its code point; characters beyond share the 2048 values that
 * surrogates leave free, told apart by nobody but whoever compares text.
 *
 * Text that is not folded can be read so when it is plain: well-formed, without U+0000, every character of the basic
 * plane becoming one of it whatever stands beside it, every other one staying as it is. Nearly all documents are plain,
 * and then need not be folded to be searched.
 */

#include <stddef.h>
#include <stdint.h>

#include "text/fold_level.h"
#include "text/text_view.h"

#ifdef TOCSIN_SMALL_BUFFERS
#define TOCSIN__UNITS_PIECE 48
#else
#define TOCSIN__UNITS_PIECE 4096 /* bytes: units and places stay in the first cache */
#endif
#define TOCSIN__UNITS_BEYOND 1024 /* bytes that may be read past a piece */
#define TOCSIN__UNITS_SLACK 32    /* units: whole vectors are stored where only a part counts */
#define TOCSIN__UNITS_MOST (TOCSIN__UNITS_PIECE + TOCSIN__UNITS_BEYOND)

typedef struct tocsin__units {
    size_t count;

    uint16_t units[TOCSIN__UNITS_MOST + TOCSIN__UNITS_SLACK];  /* zeroes stand behind the last */
    uint16_t places[TOCSIN__UNITS_MOST + TOCSIN__UNITS_SLACK]; /* bytes from the beginning of the piece */
} tocsin__units;

static inline uint16_t tocsin__unit_of(uint32_t c) { return (uint16_t)(c < 0x10000 ? c : 0xD800 + (c & 0x7FF)); }

/*
 * Reads the characters that begin in [from, end), at most TOCSIN__UNITS_MOST bytes; `from` begins one. Where `narrow`
 * is 0 those that have not three bytes may be left out. Returns 0, and units that mean nothing, when view has a plane
 * and there is a character that is not plain. Folded text is read as it is, also when it is no UTF-8.
 */
typedef int tocsin__units_function(const tocsin__view *view, size_t from, size_t end, int narrow, tocsin__units *units);

tocsin__units_function tocsin__units_portable;
#ifdef TOCSIN__FOLD_X86
tocsin__units_function tocsin__units_avx2;
#endif

/* Whether this processor has AVX2, BMI and BMI2, for which the loops are compiled besides. */
int tocsin__has_avx2(void);

/* The one for this processor. */
tocsin__units_function *tocsin__units_best(void);

/* Whether the whole of an original is plain. */
int tocsin__is_plain(const tocsin__view *view);

#endif
