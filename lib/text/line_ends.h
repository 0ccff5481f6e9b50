#ifndef TOCSIN_TEXT_LINE_ENDS_H
#define TOCSIN_TEXT_LINE_ENDS_H

/*
 * The characters that end a line: LF, VT, FF, CR, NEL, and the separators of lines and paragraphs. A paragraph and a
 * sentence end there (sentence_breaks.c recognises them by their bytes), and `.` of a regex does not match them.
 */

#include <stdint.h>

static inline int tocsin__is_line_end(uint32_t c) {
    return (c >= 0x0A && c <= 0x0D) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* The same characters as pairs of a first and a last one. */
#define TOCSIN__LINE_ENDS                                                                                              \
    {                                                                                                                  \
        {0x0A, 0x0D}, {0x85, 0x85}, { 0x2028, 0x2029 }                                                                 \
    }

#endif
