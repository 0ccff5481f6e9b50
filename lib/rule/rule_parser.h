#ifndef TOCSIN_RULE_PARSER_H
#define TOCSIN_RULE_PARSER_H

/* What the two halves of the parser share: rule_parser.c reads operators, rule_operand.c what stands between them. */

#include "rule/rule_ast.h"
#include "rule/rule_lexer.h"
#include "rule/rule_resolve.h"

typedef struct tocsin__rule_parser {
    tocsin__rule_lexer lexer;
    tocsin__rule_unit *unit;
    tocsin__rule_resolver resolver;
    int allow_verdict;
    size_t nodes, max_nodes;
    uint32_t depth;
    int unclosed;           /* a "(" without its ")" has been reported */
    tocsin__rule_ast spare; /* handed out when there is no node to be had */
} tocsin__rule_parser;

/* A node, or &parser->spare when there is no memory or a limit was met: then the unit is stopped. */
tocsin__rule_ast *tocsin__rule_make(tocsin__rule_parser *p, uint8_t kind, size_t offset);

void tocsin__rule_append(tocsin__rule_parser *p, tocsin__rule_ast *parent, tocsin__rule_ast *child);

/* Reports a limit and reads nothing more. */
void tocsin__rule_stop(tocsin__rule_parser *p, size_t offset, const char *limit);

/* One level deeper, or 0 with a report; leave it with p->depth--. */
int tocsin__rule_enter(tocsin__rule_parser *p, size_t offset);

/* A whole expression, as it stands in parentheses. */
tocsin__rule_ast *tocsin__rule_parse_any(tocsin__rule_parser *p);

/* What "!" and proximity take. */
tocsin__rule_ast *tocsin__rule_parse_operand(tocsin__rule_parser *p);

/* The token after a comparison operator, for the measure on its left, which becomes a condition. */
void tocsin__rule_parse_value(tocsin__rule_parser *p, tocsin__rule_ast *measure, const tocsin__rule_token *operation);

/* in (…), after a venue or after venue not. */
void tocsin__rule_parse_members(tocsin__rule_parser *p, tocsin__rule_ast *venue, int negated);

/* May the current token begin an operand? */
int tocsin__rule_at_operand(const tocsin__rule_parser *p);

/* A count, score or fact that is not compared. */
int tocsin__rule_is_measure(const tocsin__rule_ast *node);

/* The node, or a bad one with a report when it is a measure. */
tocsin__rule_ast *tocsin__rule_not_measure(tocsin__rule_parser *p, tocsin__rule_ast *node);

/* Goes on to the ")" of the "(" at open, reporting what stands in between. */
void tocsin__rule_close(tocsin__rule_parser *p, size_t open);

/* before "x", or at the end: where the parser stands. */
typedef struct tocsin__rule_where {
    char text[96];
} tocsin__rule_where;

tocsin__rule_where tocsin__rule_before(const tocsin__rule_parser *p);

/* The offset to report something missing at: of the current token, or after the last one. */
size_t tocsin__rule_here(const tocsin__rule_parser *p);

#define tocsin__rule_error(p, code, offset, ...)                                                                       \
    tocsin__rule_report((p)->unit, TOCSIN_SEVERITY_ERROR, code, offset, __VA_ARGS__)

#endif
