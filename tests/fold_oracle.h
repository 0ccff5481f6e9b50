#ifndef TOCSIN_TESTS_FOLD_ORACLE_H
#define TOCSIN_TESTS_FOLD_ORACLE_H

/*
 * Folding and spans again, slowly and with ICU only: strokes are dropped and framed characters replaced; the text is
 * cut at ICU's normalization boundaries; ICU normalises each part; and every character of the result gets the bytes of
 * its part, without vanished characters at its ends.
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

/* Whether ICU has the Unicode version of the fold tables; says so when not: what ICU then says is another thing. */
int oracle_has_unicode_of_tables(void);

/* What dress shows, in ASCII, by the name of the character; NULL for one that is no dress. */
const char *oracle_dress(uint32_t c);

/* The whole text by ICU's normaliser in one call, no classes: UTF-8 in a static buffer. */
const char *oracle_casefold(const char *text, size_t length, size_t *result_length);

/*
 * Folds text and compares bytes, spans and malformed count; fails the running test with the text when they differ.
 * The levels of folding that are there take turns; test_fold_levels.c compares them with each other.
 */
void oracle_compare(tocsin_folder *folder, const tocsin_fold_options *options, const char *text, size_t length);

#endif
