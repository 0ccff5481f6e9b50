#ifndef TOCSIN_LEXICON_REGEX_ADMISSION_H
#define TOCSIN_LEXICON_REGEX_ADMISSION_H

/*
 * Which regexes a lexicon may hold, and their form over folded text.
 *
 * The syntax is a part of PCRE's: literals, classes, . ^ $ \A \z \Z, groups (none captures), alternatives, {n} {n,m}
 * and ?, the escapes \d \s \h \v \w \p{…} (and their opposites), \x{…}, \n \r \t \f \e \a, comments (?#…), the flags i
 * (which has no effect on folded text), s and m. Everything else is refused, with its place. A line ends at a character
 * of text/line_ends.h: `.` does not match these characters without the flag s.
 *
 * Literal characters and members of classes are folded as text is. \x{…} and ranges of more than
 * TOCSIN__REGEX_NARROW_CLASS code points are not folded: they stand for folded text; a \x{…} that folded text cannot
 * contain gets a warning.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>
#include <tocsin/fold.h>

#include "lexicon/regex_ast.h"

/* A class of more code points is wide; so are . \w \W \D \S \H \V \p{…} and every negated class. */
#define TOCSIN__REGEX_NARROW_CLASS 64u

/*
 * Repeats are bounded, because a match must fit into the window around it that is searched, and because the matcher has
 * a state for each count. A sentence has some 30 characters: 64 span it from any position.
 */
#define TOCSIN__REGEX_MAX_REPEAT 1000u
#define TOCSIN__REGEX_MAX_WIDE_REPEAT 64u

/* Characters of a pattern with its repeats written out: each becomes a state of the matcher. */
#define TOCSIN__REGEX_MAX_COST 4096u

#define TOCSIN__REGEX_MAX_DEPTH 32u /* nested groups; keeps the parser's stack small */

typedef struct tocsin__regex_width {
    uint32_t min, max; /* code points of folded text that a match spans */
} tocsin__regex_width;

/*
 * Appends the folded pattern to out and sets *admitted and *width; or reports every reason against it and clears
 * *admitted, and out then holds nothing usable. A pattern is admitted if it has no fault and every alternative is
 * certain to contain a literal run of two characters, or one Han character and something beside it.
 *
 * Codes: regex-syntax, regex-unsupported, regex-unbounded, regex-repeat, regex-wide-repeat, regex-class-fold,
 * regex-combining, regex-too-deep, regex-empty-match, regex-no-literal, regex-too-costly; the warning regex-unfolded.
 *
 * pattern is well-formed UTF-8. TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD, or what report returned.
 */
tocsin_status tocsin__regex_admit(tocsin_folder *folder, tocsin_bytes pattern, const tocsin_allocator *allocator,
                                  tocsin__regex_report report, void *context, tocsin_buffer *out,
                                  tocsin__regex_width *width, int *admitted);

#endif
