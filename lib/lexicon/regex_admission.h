#ifndef TOCSIN_LEXICON_REGEX_ADMISSION_H
#define TOCSIN_LEXICON_REGEX_ADMISSION_H

/*
 * Which regexes a lexicon may hold, and their form over folded text.
 *
 * The syntax is that of PCRE, of which it has a part: literals, classes, . ^ $ \A \z \Z, groups
 * (none captures), alternatives, {n} {n,m} and ?, the escapes \d \s \h \v \w \p{…} (and their opposites), \x{…},
 * \n \r \t \f \e \a, comments (?#…), the flags i (which folding makes idle), s and m. Everything else is refused where
 * it stands. A line ends at a character of text/line_ends.h: `.` does not take those without the flag s.
 *
 * Literal characters and members of classes are folded as text is. \x{…} and ranges of more than
 * TOCSIN__REGEX_NARROW_CLASS code points mean folded text as they are; a \x{…} that folded text cannot hold is warned
 * of.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>
#include <tocsin/fold.h>

#include "lexicon/regex_ast.h"

/* A class of more code points is wide, and so are . \w \W \D \S \H \V \p{…} and every negated class. */
#define TOCSIN__REGEX_NARROW_CLASS 64u

/*
 * Repeats are bounded, because a match must fit the window that is looked at around it, and because the matcher has a
 * state for each count. A sentence has some 30 characters: 64 reach across it from anywhere.
 */
#define TOCSIN__REGEX_MAX_REPEAT 1000u
#define TOCSIN__REGEX_MAX_WIDE_REPEAT 64u

/* Characters that a pattern has when its repeats are written out: each is a state of the matcher. */
#define TOCSIN__REGEX_MAX_COST 4096u

#define TOCSIN__REGEX_MAX_DEPTH 32u /* nested groups; keeps the parser's stack small */

typedef struct tocsin__regex_width {
    uint32_t min, max; /* code points of folded text that a match spans */
} tocsin__regex_width;

/*
 * Appends the folded pattern to out and sets *admitted and *width, or reports every reason against it and clears
 * *admitted; out then holds something of no use. A pattern is admitted when besides every alternative is sure to
 * contain a literal run of two characters, or one Han character and something beside it.
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
