#ifndef TOCSIN_LEXICON_REGEX_PARSER_H
#define TOCSIN_LEXICON_REGEX_PARSER_H

/* The parser's state and its parts, for the files named regex_*. */

#include "lexicon/regex_admission.h"
#include "lexicon/regex_shape.h"

typedef struct tocsin__regex_parser {
    tocsin_allocator allocator;
    tocsin_folder *folder;
    tocsin_bytes pattern;
    size_t at; /* next byte of the pattern */
    unsigned depth;
    uint32_t tail; /* the literal character that stands right before what comes next; 0 when there is none */
    size_t errors;
    tocsin_status status; /* of memory, folding and report; everything stops when it is not TOCSIN_OK */
    tocsin_buffer *out;
    tocsin_buffer literal; /* a run of literal characters, not folded yet */
    tocsin_buffer folded;  /* a folding kept while the folder is used again */
    tocsin__regex_report report;
    void *context;
} tocsin__regex_parser;

#define TOCSIN__REGEX_WORD_COST 512u /* of \w and other sets of hundreds of ranges */

typedef enum tocsin__regex_escape_kind {
    TOCSIN__REGEX_REFUSED = 0, /* reported */
    TOCSIN__REGEX_CHARACTER,   /* a character that stands for itself, to be folded */
    TOCSIN__REGEX_CODE,        /* \x and its like: a character of folded text */
    TOCSIN__REGEX_SET,         /* \d, \p{…}: copied as they are written */
    TOCSIN__REGEX_EDGE         /* \A \z \Z */
} tocsin__regex_escape_kind;

typedef struct tocsin__regex_escape {
    tocsin__regex_escape_kind kind;
    uint32_t code_point;
    uint32_t cost; /* of a set */
    int wide;
} tocsin__regex_escape;

static inline int tocsin__regex_more(const tocsin__regex_parser *p) { return !p->status && p->at < p->pattern.length; }

/* The byte `ahead` of the next, or NUL past the end. */
static inline char tocsin__regex_peek(const tocsin__regex_parser *p, size_t ahead) {
    return ahead < p->pattern.length - p->at ? p->pattern.data[p->at + ahead] : '\0';
}

void tocsin__regex_emit(tocsin__regex_parser *p, const char *data, size_t length);

/* A character of a class; `special` are the ASCII characters that need a backslash. */
void tocsin__regex_emit_character(tocsin__regex_parser *p, uint32_t c, const char *special);

/* A character outside of classes. Refused when folding would have joined it with the one before, from another part. */
void tocsin__regex_emit_literal(tocsin__regex_parser *p, uint32_t c, size_t offset);

__attribute__((format(printf, 4, 5))) void tocsin__regex_error(tocsin__regex_parser *p, const char *code, size_t offset,
                                                               const char *format, ...);
__attribute__((format(printf, 4, 5))) void tocsin__regex_warning(tocsin__regex_parser *p, const char *code,
                                                                 size_t offset, const char *format, ...);

/* How many code points c folds to, at most 2 ("several"); *folded is the first. */
unsigned tocsin__regex_fold_one(tocsin__regex_parser *p, uint32_t c, uint32_t *folded);

/* Reads the escape at the backslash. */
tocsin__regex_escape tocsin__regex_read_escape(tocsin__regex_parser *p, int in_class);

/* Whether {n}, {n,}, {n,m}, *, + or ? comes next. */
int tocsin__regex_at_repeat(const tocsin__regex_parser *p);

/* A run of literal characters; it ends before the last one when that one is repeated. */
tocsin__regex_shape tocsin__regex_literals(tocsin__regex_parser *p);

/* The class at the bracket. */
tocsin__regex_shape tocsin__regex_class(tocsin__regex_parser *p);

/* What stands between bars, up to a closing parenthesis that is not its own. */
tocsin__regex_shape tocsin__regex_alternatives(tocsin__regex_parser *p);

/* The group at the parenthesis. */
tocsin__regex_shape tocsin__regex_group(tocsin__regex_parser *p);

#endif
