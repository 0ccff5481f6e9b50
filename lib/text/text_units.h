#ifndef TOCSIN_TEXT_TEXT_UNITS_H
#define TOCSIN_TEXT_TEXT_UNITS_H

/*
 * Folded text as units of 16 bits, each with its place: the form that a matcher reads fastest. A unit is the code point
 * of a folded character of the basic plane. Characters beyond it share the 2048 values that surrogates leave free; only
 * a comparison of the text distinguishes them.
 *
 * Text that is not folded can be read in the same way if it is one-to-one: it is well-formed and has no U+0000, every
 * character of the basic plane folds to one character of that plane whatever stands beside it, and every other
 * character stays as it is. Nearly all documents are one-to-one and need not be folded before the search.
 *
 * A text is read once, in pieces, into units that follow one another. The matcher searches one piece at a time, which
 * fits in the first-level cache.
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
#define TOCSIN__UNITS_PIECE 4096 /* bytes: units and places stay in the first-level cache */
#endif
#define TOCSIN__UNITS_SLACK 64                        /* units: whole vectors are stored even if only a part counts */
#define TOCSIN__UNITS_ZEROES 32                       /* of them, at least: whole vectors are read */
#define TOCSIN__UNITS_MOST (TOCSIN__UNITS_PIECE + 3U) /* bytes of a piece: it ends between two characters */

/* Some kilobytes of a text. */
typedef struct tocsin__piece {
    size_t from;  /* bytes of the text before it */
    size_t first; /* units of the text before it */
} tocsin__piece;

/* The units of a text; all zero at first */
typedef struct tocsin__units {
    size_t count;
    int all;                     /* units of every character; 0: perhaps only of those with three bytes */
    int spaceless;               /* it is known that there is no white space among them but line ends */
    TOCSIN_VEC(uint16_t) units;  /* zeroes follow the last */
    TOCSIN_VEC(uint16_t) places; /* bytes from the start of the piece that the unit is in */
    TOCSIN_VEC(tocsin__piece) pieces;
} tocsin__units;

/* A text to be searched. */
typedef struct tocsin__text {
    tocsin__view view;
    tocsin__units units; /* as far as a reader needs them; otherwise empty */
} tocsin__text;

static inline uint16_t tocsin__unit_of(uint32_t c) { return (uint16_t)(c < 0x10000 ? c : 0xD800 + (c & 0x7FF)); }

/*
 * Reads the characters that begin in [from, end), at most TOCSIN__UNITS_MOST bytes; `from` is the start of a character.
 * The arrays have room for one unit a byte and the slack; zeroes follow the last unit. If `narrow` is 0,
 * characters that do not have three bytes may be left out. Returns the number of units. Returns SIZE_MAX, and
 * meaningless units, if view has a plane and a character is not one-to-one. Folded text is read as it is, even if it is
 * no UTF-8. *spaceless: 1 if it is known that tocsin__next_space_function finds nothing among the units.
 */
typedef size_t tocsin__units_function(const tocsin__view *view, size_t from, size_t end, int narrow, uint16_t *units,
                                      uint16_t *places, int *spaceless);

tocsin__units_function tocsin__units_portable;
#ifdef TOCSIN__FOLD_X86
tocsin__units_function tocsin__units_avx2;
tocsin__units_function tocsin__units_avx512;
#elif defined(TOCSIN__FOLD_ARM)
tocsin__units_function tocsin__units_neon;
#endif

/*
 * The first folded white space at or after `at` that ends no line; `count`: there is none. All such white space folds
 * to U+0020 except U+0009 and U+1680. The slack follows the units.
 */
typedef size_t tocsin__next_space_function(const uint16_t *units, size_t at, size_t count);

tocsin__next_space_function tocsin__next_space_portable;
#ifdef TOCSIN__FOLD_X86
tocsin__next_space_function tocsin__next_space_avx2;
tocsin__next_space_function tocsin__next_space_avx512;
#endif

/* Whether this processor has AVX2, BMI and BMI2; a second version of the loops is compiled for these. */
int tocsin__has_avx2(void);

/* Whether it also has the extensions for which the AVX-512 loops are compiled: F, BW, VL, VBMI and VBMI2. */
int tocsin__has_avx512(void);

/* The functions for this processor. */
tocsin__units_function *tocsin__units_best(void);
tocsin__next_space_function *tocsin__next_space_best(void);

/*
 * Reads the view of a text into its units. *one_to_one: whether the units cover the whole view. If not, which only
 * happens if the view has a plane, there are no units. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__units_read(tocsin__text *text, int narrow, tocsin__units_function *level,
                                 const tocsin_allocator *allocator, int *one_to_one);

void tocsin__units_release(tocsin__units *units, const tocsin_allocator *allocator);

#endif
