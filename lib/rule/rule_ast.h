#ifndef TOCSIN_RULE_AST_H
#define TOCSIN_RULE_AST_H

/*
 * An expression as a tree, between the parser and the compiler. Defines are not expanded yet: a node refers to one by
 * index, so that a define that is used twice is in memory once.
 */

#include "base/arena.h"
#include "rule/rule_lexer.h"

enum {
    TOCSIN__RULE_DEFINE = 64, /* value: index of the define */
    TOCSIN__RULE_BAD          /* a problem, already reported; fits everywhere */
};

typedef struct tocsin__rule_ast {
    uint8_t kind;    /* tocsin__rule_kind, or one of the two above */
    uint8_t compare; /* 0 for a count, score or fact that is not compared (yet) */
    uint8_t is_set;  /* a set of hits; known after type checking (rule_compile.c) */
    uint32_t height; /* levels of this subtree, its root included */
    size_t offset;   /* of its operator or first word */
    uint64_t value;  /* as in the program */
    tocsin__rule_unit *unit;
    struct tocsin__rule_ast *first, *last, *next; /* children; sibling */
    struct tocsin__rule_ast *reference;           /* of a reference to a define: the previous reference in the text */
    size_t child_count;
} tocsin__rule_ast;

/*
 * Parses one text. Problems are counted and reported in unit. NULL if no tree can be made (unit->status,
 * unit->stopped); otherwise a tree, with TOCSIN__RULE_BAD where there were problems.
 */
tocsin__rule_ast *tocsin__rule_parse(tocsin__rule_unit *unit, const tocsin__rule_names *names, int allow_verdict,
                                     uint32_t max_nodes, tocsin__arena *arena);

#endif
