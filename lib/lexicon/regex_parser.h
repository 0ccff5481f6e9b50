#ifndef TOCSIN_LEXICON_REGEX_PARSER_H
#define TOCSIN_LEXICON_REGEX_PARSER_H

/* The parser's state and its parts, for the files named regex_*. */

#include "lexicon/regex_admission.h"
#include "lexicon/regex_ast.h"

typedef struct tocsin__regex_parser {
    tocsin_bytes pattern;
    size_t at; /* next byte of the pattern */
    unsigned depth;
    int all_lines, multi_line; /* the flags s and m */
    size_t errors;
    tocsin_status status; /* of memory and report; everything stops when it is not TOCSIN_OK */
    tocsin__arena *arena;
    tocsin__regex_report report;
    void *context;
} tocsin__regex_parser;

typedef enum tocsin__regex_escape_kind {
    TOCSIN__REGEX_ESCAPE_REFUSED = 0, /* reported */
    TOCSIN__REGEX_ESCAPE_CHARACTER,   /* a character that stands for itself, to be folded */
    TOCSIN__REGEX_ESCAPE_CODE,        /* \x and its like: a character of folded text */
    TOCSIN__REGEX_ESCAPE_SET,         /* \d, \p{…} */
    TOCSIN__REGEX_ESCAPE_EDGE         /* \A \z \Z */
} tocsin__regex_escape_kind;

typedef struct tocsin__regex_escape {
    tocsin__regex_escape_kind kind;
    uint32_t code_point;
    int wide;                /* of a set */
    tocsin__regex_edge edge; /* of an edge */
} tocsin__regex_escape;

static inline int tocsin__regex_more(const tocsin__regex_parser *p) { return !p->status && p->at < p->pattern.length; }

/* The byte `ahead` of the next, or NUL past the end. */
static inline char tocsin__regex_peek(const tocsin__regex_parser *p, size_t ahead) {
    return ahead < p->pattern.length - p->at ? p->pattern.data[p->at + ahead] : '\0';
}

__attribute__((format(printf, 4, 5))) void tocsin__regex_error(tocsin__regex_parser *p, const char *code, size_t offset,
                                                               const char *format, ...);

/* A new node; NULL, and p->status, when there is no memory. */
tocsin__regex_node *tocsin__regex_new(tocsin__regex_parser *p, tocsin__regex_kind kind, size_t offset);

/* Reads the escape at the backslash. */
tocsin__regex_escape tocsin__regex_read_escape(tocsin__regex_parser *p, int in_class);

/* The parts of the grammar; each returns NULL only when p->status says why. */
tocsin__regex_node *tocsin__regex_class(tocsin__regex_parser *p);        /* the class at the bracket */
tocsin__regex_node *tocsin__regex_alternatives(tocsin__regex_parser *p); /* up to a parenthesis that is not its own */
tocsin__regex_node *tocsin__regex_group(tocsin__regex_parser *p);        /* the group at the parenthesis */

#endif
