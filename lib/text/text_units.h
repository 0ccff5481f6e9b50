#ifndef TOCSIN_TEXT_TEXT_UNITS_H
#define TOCSIN_TEXT_TEXT_UNITS_H

/*
 * Folded text as units of 16 bits, with the place of each: what a matcher reads fastest. A unit is a folded character
 * of the basic plane, as its code point; characters beyond share the 2048 values that surrogates leave free, told apart
 * by nobody but whoever compares text.
 *
 * Text that is not folded can be read so when it is one-to-one: well-formed, without U+0000, every character of the
 * basic plane becoming one of it whatever stands beside it, every other one staying as it is. Nearly all documents are,
 * and then need not be folded to be searched.
 *
 * A text is read once, in pieces, into units that lie one behind the other; what searches it takes a piece at a time,
 * which the first cache holds.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"
#include "base/vec.h"
#include "text/fold_level.h"
#include "text/text_view.h"

#ifdef TOCSIN_SMALL_BUFFERS
#define TOCSIN__UNITS_PIECE 48
#else
#define TOCSIN__UNITS_PIECE 4096 /* bytes: units and places stay in the first cache */
#endif
#define TOCSIN__UNITS_SLACK 32                        /* units: whole vectors are stored where only a part counts */
#define TOCSIN__UNITS_MOST (TOCSIN__UNITS_PIECE + 3U) /* of a piece: it ends where a character does */

/* Some kilobytes of a text. */
typedef struct tocsin__piece {
    size_t from;  /* bytes of the text before it */
    size_t first; /* units of the text before it */
} tocsin__piece;

/* The units of a text; all zero to begin with. */
typedef struct tocsin__units {
    size_t count;
    int all;                     /* of every character; else maybe of those alone that have three bytes */
    TOCSIN_VEC(uint16_t) units;  /* zeroes stand behind the last */
    TOCSIN_VEC(uint16_t) places; /* bytes from the beginning of the piece that the unit is in */
    TOCSIN_VEC(tocsin__piece) pieces;
} tocsin__units;

/* A text to be searched. */
typedef struct tocsin__text {
    tocsin__view view;
    tocsin__units units; /* as far as something reads them; else none */
} tocsin__text;

static inline uint16_t tocsin__unit_of(uint32_t c) { return (uint16_t)(c < 0x10000 ? c : 0xD800 + (c & 0x7FF)); }

/*
 * Reads the characters that begin in [from, end), at most TOCSIN__UNITS_MOST bytes; `from` begins one. There is room
 * for a unit a byte and the slack, which becomes zero behind the last unit. Where `narrow` is 0 those that have not
 * three bytes may be left out. Returns how many units there are; SIZE_MAX, and units that mean nothing, when view has a
 * plane and there is a character that is not one-to-one. Folded text is read as it is, also when it is no UTF-8.
 */
typedef size_t tocsin__units_function(const tocsin__view *view, size_t from, size_t end, int narrow, uint16_t *units,
                                      uint16_t *places);

tocsin__units_function tocsin__units_portable;
#ifdef TOCSIN__FOLD_X86
tocsin__units_function tocsin__units_avx2;
#elif defined(TOCSIN__FOLD_ARM)
tocsin__units_function tocsin__units_neon;
#endif

/* Whether this processor has AVX2, BMI and BMI2, for which the loops are compiled besides. */
int tocsin__has_avx2(void);

/* The one for this processor. */
tocsin__units_function *tocsin__units_best(void);

/*
 * Reads the view of a text into its units. *one_to_one: whether they are those of the whole view; if not, which only
 * happens when the view has a plane, there are none. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__units_read(tocsin__text *text, int narrow, tocsin__units_function *level,
                                 const tocsin_allocator *allocator, int *one_to_one);

void tocsin__units_release(tocsin__units *units, const tocsin_allocator *allocator);

#endif
