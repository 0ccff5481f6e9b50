#ifndef TOCSIN_LEXICON_REGEX_ADMISSION_H
#define TOCSIN_LEXICON_REGEX_ADMISSION_H

/*
 * Which regexes a lexicon may hold, and their form over folded text.
 *
 * The syntax is that of PCRE as far as Hyperscan has it under UTF-8 and UCP: literals, classes, . ^ $ \A \z \Z, groups
 * (none captures), alternatives, {n} {n,m} and ?, the escapes \d \s \h \v \w \p{…} (and their opposites), \x{…},
 * \n \r \t \f \e \a, comments (?#…), the flags i (which folding makes idle), s and m. Everything else is refused where
 * it stands.
 *
 * Literal characters and members of classes are folded as text is. \x{…} and ranges of more than
 * TOCSIN__REGEX_NARROW_CLASS code points mean folded text as they are; a \x{…} that folded text cannot hold is warned
 * of.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>
#include <tocsin/diagnostics.h>
#include <tocsin/fold.h>

/* A class of more code points is wide, and so are . \w \W \D \S \H \V \p{…} and every negated class. */
#define TOCSIN__REGEX_NARROW_CLASS 64u

/*
 * Repeats are bounded, because a match must fit the window that is looked at around it, and because an automaton has a
 * state for each count. A sentence has some 30 characters: 64 reach across it from anywhere. Hyperscan 5.4 may refuse
 * less as too large, with start of match above all: measured, .{0,28} between two characters still compiles,
 * \p{Han}{0,12}, \d{0,64}, [0-9]{0,1000}.
 */
#define TOCSIN__REGEX_MAX_REPEAT 1000u
#define TOCSIN__REGEX_MAX_WIDE_REPEAT 64u

/*
 * Sum over atoms of cost times repeats. A literal and a plain class cost 1, \s \h \v 8, . and wide classes 16, \d \D
 * and \p{script} 32, \w \W \p{category} and POSIX classes 512: in proportion to what Hyperscan took to compile them, so
 * that one pattern at the limit takes a second or so.
 */
#define TOCSIN__REGEX_MAX_COST 4096u

#define TOCSIN__REGEX_MAX_DEPTH 32u /* nested groups; keeps the parser's stack small */

typedef struct tocsin__regex_width {
    uint32_t min, max; /* code points of folded text that a match spans */
} tocsin__regex_width;

/* Takes one problem; offset is that of its spot in the pattern, in bytes. A failure ends the admission. */
typedef tocsin_status (*tocsin__regex_report)(void *context, tocsin_severity severity, const char *code, size_t offset,
                                              const char *message);

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
