#ifndef TOCSIN_TEXT_SENTENCE_BREAKS_H
#define TOCSIN_TEXT_SENTENCE_BREAKS_H

/*
 * Sentence and paragraph breaks of original text. A sentence ends after 。！？；…‼⁉ (and what NFKC turns into these),
 * after ! ? ; before anything but a Latin letter or a digit, after . before white space or the end, and at a line
 * break. A paragraph ends at a line break.
 */

#include <stddef.h>
#include <stdint.h>

typedef struct tocsin__breaks {
    const char *text;
    size_t length;
    size_t at;
    uint32_t sentence; /* of the byte at `at`; starts at 0 */
    uint32_t paragraph;
} tocsin__breaks;

/* Moves to a byte offset that is not before the last one; sentence and paragraph are then those of that byte. */
void tocsin__breaks_advance(tocsin__breaks *breaks, size_t offset);

#endif
