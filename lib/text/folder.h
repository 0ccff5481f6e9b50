#ifndef TOCSIN_TEXT_FOLDER_H
#define TOCSIN_TEXT_FOLDER_H

/* The folder's members, for the scanner. */

#include <tocsin/fold.h>

#include "base/vec.h"
#include "text/fold_level.h"
#include "text/icu_normalize.h"
#include "text/offset_map.h"
#include "text/text_units.h"

/* The place of the last character that began a segment, so that a combining mark after it can take it back. */
typedef struct tocsin__fold_mark {
    size_t source; /* first byte; SIZE_MAX if no segment may be taken back */
    size_t folded;
    size_t segments;
} tocsin__fold_mark;

struct tocsin_folder {
    tocsin_allocator allocator;
    tocsin_fold_options options;
    const uint16_t *plane; /* of the profile */
    tocsin__fold_run_function *run;
    tocsin__normalizer normalizer;
    TOCSIN_VEC(char) out;
    tocsin__offset_map map;
    tocsin__offset_map spare;     /* the map of the second pass, while it is made */
    TOCSIN_VEC(uint32_t) segment; /* code points of the segment that ICU normalises */
    uint64_t malformed;
    tocsin__fold_mark last;
};

/* Removes the characters that the options name from the last folded text, given its original. */
tocsin_status tocsin__leave_out_between(tocsin_folder *folder, const char *text, size_t length);

/* White space between two units: units [begin, end). */
typedef struct tocsin__gap {
    size_t begin, end;
} tocsin__gap;

typedef enum tocsin__gap_kind {
    TOCSIN__GAP_NONE,
    TOCSIN__GAP_CLOSES, /* the gap is left out */
    TOCSIN__GAP_UNSURE /* only folding tells: a mark, a character beyond the basic plane, options for more than space */
} tocsin__gap_kind;

/*
 * The first gap of a one-to-one text after *gap, which is {0, 0} at first; the units are those of all characters. The
 * options leave out nothing but white space.
 */
tocsin__gap_kind tocsin__next_gap(const tocsin_fold_options *options, tocsin__next_space_function *next_space,
                                  const uint16_t *units, size_t count, tocsin__gap *gap);

/*
 * Leaves out of a one-to-one text, of which all units are known, the white space that folding with the folder's options
 * would leave out; they leave out nothing else. If there is something, the view becomes a copy in the folder, with the
 * map back to the original; it is not folded, and its units must be read again. *done: 0 if the text must be folded
 * instead. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__leave_out_spaces(tocsin_folder *folder, tocsin__next_space_function *next_space,
                                       tocsin__text *text, int *done);

#endif
