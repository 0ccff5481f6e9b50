#ifndef TOCSIN_LEXICON_REGEX_PARSER_H
#define TOCSIN_LEXICON_REGEX_PARSER_H

/* The parser's state and its parts, for the files named regex_*. */

#include <string.h>

#include "lexicon/regex_admission.h"
#include "lexicon/regex_problems.h"

typedef struct tocsin__regex_parser {
    tocsin_bytes pattern;
    size_t at; /* next byte of the pattern */
    unsigned depth;
    int all_lines, multi_line; /* the flags s and m */
    tocsin__arena *arena;
    tocsin__regex_problems problems;
} tocsin__regex_parser;

typedef enum tocsin__regex_escape_kind {
    TOCSIN__REGEX_ESCAPE_REFUSED = 0, /* reported */
    TOCSIN__REGEX_ESCAPE_CHARACTER,   /* a character that stands for itself, to be folded */
    TOCSIN__REGEX_ESCAPE_CODE,        /* \x and the like: a character of folded text */
    TOCSIN__REGEX_ESCAPE_SET,         /* \d, \p{…} */
    TOCSIN__REGEX_ESCAPE_EDGE         /* \A \z \Z */
} tocsin__regex_escape_kind;

typedef struct tocsin__regex_escape {
    tocsin__regex_escape_kind kind;
    uint32_t code_point;
    int wide;                /* of a set */
    tocsin__regex_edge edge; /* of an edge */
} tocsin__regex_escape;

static inline int tocsin__regex_more(const tocsin__regex_parser *p) {
    return !p->problems.status && p->at < p->pattern.length;
}

/* The byte `ahead` bytes after the next one, or NUL past the end. */
static inline char tocsin__regex_peek(const tocsin__regex_parser *p, size_t ahead) {
    return ahead < p->pattern.length - p->at ? p->pattern.data[p->at + ahead] : '\0';
}

/* A new node; if there is no memory, NULL, and the status of the problems says so. */
static inline tocsin__regex_node *tocsin__regex_new(tocsin__regex_parser *p, tocsin__regex_kind kind, size_t offset) {
    tocsin__regex_node *made = p->problems.status ? NULL : tocsin__arena_allocate(p->arena, sizeof *made);
    if (!made) {
        if (!p->problems.status) p->problems.status = TOCSIN_ERROR_MEMORY;
        return NULL;
    }
    memset(made, 0, sizeof *made);
    made->kind = kind;
    made->offset = offset;
    return made;
}

/* Reads the escape at the backslash. */
tocsin__regex_escape tocsin__regex_read_escape(tocsin__regex_parser *p, int in_class);

/* Reads the class at the bracket; Returns NULL only after a failure that the status of the problems gives. */
tocsin__regex_node *tocsin__regex_class(tocsin__regex_parser *p);

/* Reads the opening of the group at the parenthesis. 0: it has no inside to parse, and p->at is past it. */
int tocsin__regex_open_group(tocsin__regex_parser *p);

/* Skips a group to its end. */
void tocsin__regex_skip_group(tocsin__regex_parser *p);

#endif
