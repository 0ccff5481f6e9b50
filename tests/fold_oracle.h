#ifndef TOCSIN_TESTS_FOLD_ORACLE_H
#define TOCSIN_TESTS_FOLD_ORACLE_H

/*
 * A second implementation of folding and spans, slow and with ICU only: strokes are dropped and framed characters
 * replaced; the text is cut at ICU's normalization boundaries; ICU normalises each part; and every character of the
 * result gets the bytes of its part, without vanished characters at its ends.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/fold.h>

typedef struct oracle_point {
    uint32_t point;
    size_t start, end; /* bytes of the original */
} oracle_point;

typedef struct oracle_text {
    oracle_point *points;
    size_t count, capacity;
    uint64_t malformed;
} oracle_text;

/* The expected folding; released with oracle_release. */
void oracle_fold(const tocsin_fold_options *options, const char *text, size_t length, oracle_text *out);
void oracle_release(oracle_text *text);

/*
 * Returns whether ICU has the Unicode version of the fold tables. If not, it prints a note, because then the results
 * may differ.
 */
int oracle_has_unicode_of_tables(void);

/*
 * The letter or number that a framed character or small capital shows, in ASCII, from the name of the character; NULL
 * for any other character.
 */
const char *oracle_dress(uint32_t c);

/* The whole text by ICU's normaliser in one call, without variant classes: UTF-8 in a static buffer. */
const char *oracle_casefold(const char *text, size_t length, size_t *result_length);

/*
 * Folds text and compares bytes, spans and the count of malformed parts; prints the text and fails the running test if
 * they differ. Each call uses the next available instruction set; test_fold_levels.c compares them with each other.
 */
void oracle_compare(tocsin_folder *folder, const tocsin_fold_options *options, const char *text, size_t length);

#endif
