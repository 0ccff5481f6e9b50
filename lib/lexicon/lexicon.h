#ifndef TOCSIN_LEXICON_LEXICON_H
#define TOCSIN_LEXICON_LEXICON_H

/*
 * Compiled term lists: folded terms in immutable arrays. Thread-safe when no thread releases it. Every tocsin_bytes in
 * here is followed by a NUL that does not count.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

#include "base/arena.h"
#include "base/diagnostics_add.h"

typedef enum tocsin__term_kind {
    TOCSIN__TERM_LITERAL = 0,
    TOCSIN__TERM_REGEX = 1,
    TOCSIN__TERM_QUANTITY = 2 /* a literal with {n} in it, which stands for a number */
} tocsin__term_kind;

typedef enum tocsin__term_bounds {
    TOCSIN__BOUNDS_AUTO = 0, /* a Latin letter or digit at an edge of the term has no such neighbour in the original */
    TOCSIN__BOUNDS_WORD = 1, /* as AUTO, and no dictionary word straddles an edge */
    TOCSIN__BOUNDS_NONE = 2
} tocsin__term_bounds;

#define TOCSIN__KIND_COUNT 3
#define TOCSIN__BOUNDS_COUNT 3

/* The name of a kind or of bounds, as lists and plans spell it. */
const char *tocsin__term_kind_name(tocsin__term_kind kind);
const char *tocsin__term_bounds_name(tocsin__term_bounds bounds);

/* Whether text is such a name, with ASCII letters in either case; otherwise *bounds is left untouched. */
int tocsin__term_bounds_from_name(const char *text, size_t length, tocsin__term_bounds *bounds);

/* A phrase of a term's `unless`: a hit of the term that an occurrence of the phrase covers does not count. */
typedef struct tocsin__unless {
    uint32_t phrase;       /* index into tocsin__lexicon.phrases */
    tocsin_bytes original; /* as the list spells it */
} tocsin__unless;

typedef struct tocsin__term {
    tocsin_bytes folded;   /* a literal or quantity: folded text; a regex: a pattern over folded text; never empty */
    tocsin_bytes original; /* as the list spells it, without white space at the ends */
    tocsin_bytes note;     /* empty when there is none */
    double weight;         /* 0 … TOCSIN__MAX_WEIGHT */
    double unit;           /* the factor of a quantity's number, above 0 up to TOCSIN__MAX_UNIT; otherwise 1 */
    tocsin__place place;   /* the file as the plan names it */
    uint32_t topic;        /* index into the topics the lexicon was built for */
    uint32_t unless_first; /* index into tocsin__lexicon.unless */
    uint32_t unless_count;
    uint32_t min_width; /* code points of folded text that a match spans; equal for a literal */
    uint32_t max_width;
    tocsin__term_kind kind;
    tocsin__term_bounds bounds;
    int is_clean; /* nothing was reported or noted about it */
} tocsin__term;

/* A note of lint about a list: the list compiles, but its author hardly means it so. No other command shows notes. */
typedef struct tocsin__list_note {
    const char *code;
    tocsin__place place;
    const char *message;
} tocsin__list_note;

#define TOCSIN__MAX_WEIGHT 1000.0         /* sums of a million hits stay exact to the last digit that is printed */
#define TOCSIN__MAX_UNIT 1e9              /* a century in seconds fits */
#define TOCSIN__QUANTITY_WIDTH UINT32_MAX /* max_width of a quantity: a numeral may be of any length */

typedef struct tocsin__lexicon {
    tocsin__arena arena;
    const tocsin__term *terms; /* in the order in which they were read; no two alike in topic, kind and folded text */
    size_t term_count;
    const tocsin__unless *unless;
    size_t unless_count;
    const tocsin_bytes *phrases; /* different folded phrases */
    size_t phrase_count;
    const uint32_t *topic_terms; /* how many terms each topic has */
    size_t topic_count;
    size_t regex_count;
    size_t quantity_count;
    const tocsin__list_note *notes; /* at most TOCSIN_DIAGNOSTICS_MAX */
    size_t note_count;
    size_t notes_dropped; /* how many more notes there were */
    size_t errors;        /* how many errors were reported; the terms with errors are left out */
} tocsin__lexicon;

/* The bytes that it takes, apart from the struct. */
size_t tocsin__lexicon_memory(const tocsin__lexicon *lexicon);

/* Gives the memory back; an all-zero lexicon is allowed. */
void tocsin__lexicon_release(tocsin__lexicon *lexicon);

#endif
