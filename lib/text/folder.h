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

/* Leaves out of the text that was folded last, with this original, what the options name. */
tocsin_status tocsin__leave_out_between(tocsin_folder *folder, const char *text, size_t length);

/*
 * Whether the options may leave something out of a one-to-one text, judged by the units of all its characters. 0 is
 * certain: the text then folds to exactly these characters. Options that leave out more than white space always give 1.
 */
int tocsin__may_leave_out(const tocsin_fold_options *options, tocsin__next_space_function *next_space,
                          const uint16_t *units, size_t count);

#endif
