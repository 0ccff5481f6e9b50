#ifndef TOCSIN_LEXICON_REGEX_AST_H
#define TOCSIN_LEXICON_REGEX_AST_H

/*
 * A regex as a tree. regex_parse.c makes it; admission folds it and judges it, and the matcher compiles it:
 *
 *     (?:火|水)灾.{0,3}   →   sequence
 *                              ├─ group ─ alternatives ─ 火, 水
 *                              ├─ 灾
 *                              └─ repeat 0…3 ─ dot
 *
 * Nodes live in an arena. Children are a list: `first`, then `next`.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/diagnostics.h>

#include "base/arena.h"

typedef enum tocsin__regex_kind {
    TOCSIN__REGEX_EMPTY = 0,    /* matches the empty text */
    TOCSIN__REGEX_CHARACTER,    /* code_point */
    TOCSIN__REGEX_DOT,          /* any character; a line end only with all_lines */
    TOCSIN__REGEX_CLASS,        /* members and sets */
    TOCSIN__REGEX_EDGE,         /* edge */
    TOCSIN__REGEX_SEQUENCE,     /* children, one after the other */
    TOCSIN__REGEX_ALTERNATIVES, /* one of the children */
    TOCSIN__REGEX_GROUP,        /* one child, in parentheses */
    TOCSIN__REGEX_REPEAT        /* one child, least to most times */
} tocsin__regex_kind;

/*
 * Edges of the text and of lines. Starts and ends each have an order: whatever a stronger one allows, a weaker one
 * allows too.
 */
typedef enum tocsin__regex_edge {
    TOCSIN__REGEX_ANYWHERE = 0,
    TOCSIN__REGEX_LINE_START = 1, /* (?m:^): also after a line end */
    TOCSIN__REGEX_TEXT_START = 2, /* ^ \A */
    TOCSIN__REGEX_LINE_END = 3,   /* (?m:$): also before a line end */
    TOCSIN__REGEX_LAST_END = 4,   /* $ \Z: also before a line end at the end of the text */
    TOCSIN__REGEX_TEXT_END = 5    /* \z */
} tocsin__regex_edge;

/* How the pattern spells a character. */
typedef enum tocsin__regex_spelling {
    TOCSIN__REGEX_RAW = 0,   /* written as it is, to be folded */
    TOCSIN__REGEX_CODED = 1, /* \x{…}: a character of folded text */
    TOCSIN__REGEX_FOLDED = 2 /* what folding made */
} tocsin__regex_spelling;

typedef struct tocsin__code_range {
    uint32_t first, last;
} tocsin__code_range;

/* A member of a class: a range, or one character. */
typedef struct tocsin__regex_member {
    uint32_t first, last;
    size_t offset, last_offset;        /* in the pattern, bytes */
    uint8_t first_folded, last_folded; /* \x{…}: a character of folded text */
} tocsin__regex_member;

/* A set as the pattern spells it: \d, \p{Han}, [:alpha:]. */
typedef struct tocsin__regex_set {
    const char *text; /* in the pattern that was parsed */
    uint32_t length;
    int wide; /* more than TOCSIN__REGEX_NARROW_CLASS characters */
} tocsin__regex_set;

typedef struct tocsin__regex_node {
    tocsin__regex_kind kind;
    uint8_t edge;          /* tocsin__regex_edge */
    uint8_t all_lines;     /* of a dot */
    uint8_t negated;       /* of a class */
    uint8_t spelling;      /* of a character: tocsin__regex_spelling */
    uint32_t code_point;   /* of a character */
    uint32_t least, most;  /* of a repeat */
    uint32_t member_count; /* of a class */
    uint32_t set_count;
    uint32_t number; /* free for the code that walks the tree; 0 at first */
    size_t offset;   /* in the pattern, bytes; of a repeat: the start of the count */
    tocsin__regex_member *members;
    tocsin__regex_set *sets;
    struct tocsin__regex_node *first, *next;
} tocsin__regex_node;

/* Receives one problem, with its offset in the pattern, in bytes. A failure ends the work. */
typedef tocsin_status (*tocsin__regex_report)(void *context, tocsin_severity severity, const char *code, size_t offset,
                                              const char *message);

/*
 * Parses a pattern, well-formed UTF-8 that must stay as long as the tree. Problems are reported (report may be NULL)
 * and counted in *errors; the tree has an empty node in their place. TOCSIN_ERROR_MEMORY, or what report returned.
 */
tocsin_status tocsin__regex_parse(const char *pattern, size_t length, tocsin__arena *arena, tocsin__regex_report report,
                                  void *context, tocsin__regex_node **tree, size_t *errors);

/* Sorts ranges and joins those that touch, in place; returns how many are left. */
size_t tocsin__ranges_merge(tocsin__code_range *ranges, size_t count);

/* Appends the tree as a pattern that parses to the same tree. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__regex_print(const tocsin__regex_node *tree, tocsin_buffer *out);

/*
 * The characters that a character, a dot or a class matches: sorted ranges that do not touch, in the arena. *known
 * becomes 0 for a property that ICU does not know. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__regex_resolve(const tocsin__regex_node *node, tocsin__arena *arena,
                                    const tocsin__code_range **ranges, uint32_t *count, int *known);

/*
 * Appends the tree as a pattern for Hyperscan in UTF-8 mode without flags. Sets are written out and anchors are left
 * out, so it matches wherever the tree does, and perhaps in more places. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__regex_print_for_hyperscan(const tocsin__regex_node *tree, tocsin__arena *arena,
                                                tocsin_buffer *out);

#endif
