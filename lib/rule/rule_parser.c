/*
 * Recursive descent over the operators, loosest first: "|", "&", comparison, proximity, "!". Depth is counted, not
 * trusted to the stack. After a mistake the parser goes on where an operator or parenthesis makes sense again, so that
 * one reading reports several problems; what was wrong is a node of kind BAD, which nothing complains about twice.
 */
#include "rule/rule_parser.h"
#include "rule/rule_measure.h"

#include <stdio.h>
#include <string.h>

tocsin__rule_where tocsin__rule_before(const tocsin__rule_parser *p) {
    const tocsin__rule_token *t = &p->lexer.token;
    tocsin__rule_where where = {"at the end"};
    if (t->kind == TOCSIN__TOKEN_END) return where;
    tocsin__rule_shown shown = tocsin__rule_show(p->unit->source->data + t->offset, t->length);
    (void)snprintf(where.text, sizeof where.text, "before \"%s\"", shown.text);
    return where;
}

size_t tocsin__rule_here(const tocsin__rule_parser *p) {
    return p->lexer.token.kind == TOCSIN__TOKEN_END ? p->lexer.previous_end : p->lexer.token.offset;
}

static void halt(tocsin__rule_parser *p) {
    p->unit->stopped = 1;
    p->lexer.token.kind = TOCSIN__TOKEN_END;
}

void tocsin__rule_stop(tocsin__rule_parser *p, size_t offset, const char *limit) {
    tocsin__rule_error(p, "rule-limit", offset, "%s", limit);
    halt(p);
}

#define TEXT_OF(x) TEXT_OF_(x)
#define TEXT_OF_(x) #x
#define TOO_DEEP "operators and parentheses stand more than " TEXT_OF(TOCSIN__RULE_MAX_DEPTH) " deep"

int tocsin__rule_enter(tocsin__rule_parser *p, size_t offset) {
    if (++p->depth <= TOCSIN__RULE_MAX_DEPTH) return 1;
    tocsin__rule_stop(p, offset, TOO_DEEP);
    return 0;
}

tocsin__rule_ast *tocsin__rule_make(tocsin__rule_parser *p, uint8_t kind, size_t offset) {
    char limit[96];
    tocsin__rule_ast *made = NULL;
    if (p->unit->stopped) return &p->spare;
    if (++p->nodes > p->max_nodes) {
        (void)snprintf(limit, sizeof limit, "the expression has more than %zu operators and operands", p->max_nodes);
        tocsin__rule_stop(p, offset, limit);
        return &p->spare;
    }
    made = tocsin__arena_allocate(p->resolver.arena, sizeof *made);
    if (!made) {
        p->unit->status = TOCSIN_ERROR_MEMORY;
        halt(p);
        return &p->spare;
    }
    memset(made, 0, sizeof *made);
    made->kind = kind;
    made->height = 1;
    made->offset = offset;
    made->unit = p->unit;
    return made;
}

void tocsin__rule_append(tocsin__rule_parser *p, tocsin__rule_ast *parent, tocsin__rule_ast *child) {
    if (parent == &p->spare || child == &p->spare) return;
    if (parent->last) parent->last->next = child;
    if (!parent->first) parent->first = child;
    parent->last = child;
    parent->child_count++;
    if (parent->height <= child->height) parent->height = child->height + 1;
    if (parent->height > TOCSIN__RULE_MAX_DEPTH) tocsin__rule_stop(p, parent->offset, TOO_DEEP);
}

static uint32_t parse_distance(tocsin__rule_parser *p, const tocsin__rule_token *operation) {
    tocsin__rule_shown word = tocsin__rule_show(p->unit->source->data + operation->offset, operation->length);
    int slash = p->lexer.token.kind == TOCSIN__TOKEN_SLASH;
    if (slash) tocsin__rule_lexer_next(&p->lexer);
    const tocsin__rule_token number = p->lexer.token;
    if (!slash || number.kind != TOCSIN__TOKEN_NUMBER) {
        tocsin__rule_error(p, "rule-syntax", operation->offset, "\"%s\" needs a distance, as in %s/20", word.text,
                           word.text);
    }
    if (number.kind != TOCSIN__TOKEN_NUMBER) return 0;
    tocsin__rule_lexer_next(&p->lexer);
    if (slash && (number.decimal || number.out_of_range || number.value > TOCSIN__RULE_MAX_DISTANCE)) {
        tocsin__rule_error(p, "rule-range", number.offset, "a distance is a whole number of characters from 0 to %d",
                           TOCSIN__RULE_MAX_DISTANCE);
        return 0;
    }
    return (uint32_t)number.value;
}

static tocsin__rule_ast *parse_proximity(tocsin__rule_parser *p) {
    tocsin__rule_ast *left = tocsin__rule_parse_operand(p);
    while (p->lexer.token.kind == TOCSIN__TOKEN_PROXIMITY) {
        const tocsin__rule_token operation = p->lexer.token;
        tocsin__rule_lexer_next(&p->lexer);
        uint32_t distance = parse_distance(p, &operation);
        left = tocsin__rule_not_measure(p, left);
        tocsin__rule_ast *right = tocsin__rule_not_measure(p, tocsin__rule_parse_operand(p));
        tocsin__rule_ast *node = tocsin__rule_make(p, (uint8_t)operation.value, operation.offset);
        node->value = distance;
        tocsin__rule_append(p, node, left);
        tocsin__rule_append(p, node, right);
        left = node;
    }
    return left;
}

static void skip_value(tocsin__rule_parser *p) {
    switch (p->lexer.token.kind) {
        case TOCSIN__TOKEN_NUMBER:
        case TOCSIN__TOKEN_NAME:
        case TOCSIN__TOKEN_BAD: tocsin__rule_lexer_next(&p->lexer); break;
        case TOCSIN__TOKEN_MEASURE:
        case TOCSIN__TOKEN_FACT:
        case TOCSIN__TOKEN_LEARNED: (void)tocsin__rule_parse_operand(p); break;
        default: break;
    }
}

static void report_incomparable(tocsin__rule_parser *p, const tocsin__rule_ast *left,
                                const tocsin__rule_token *operation) {
    tocsin__rule_shown sign = tocsin__rule_show(p->unit->source->data + operation->offset, operation->length);
    if (left->kind == TOCSIN__RULE_TOPIC) {
        const char *topic = p->resolver.names->topics[left->value];
        tocsin__rule_shown name = tocsin__rule_show(topic, strlen(topic));
        tocsin__rule_error(p, "rule-type", operation->offset,
                           "\"%s\" compares numbers, and \"%s\" is hits: write count(%s) or score(%s)", sign.text,
                           name.text, name.text, name.text);
    } else if (left->kind != TOCSIN__RULE_BAD) {
        tocsin__rule_error(p, "rule-type", operation->offset,
                           "\"%s\" compares " TOCSIN__RULE_MEASURES " and nothing else", sign.text);
    }
}

static tocsin__rule_ast *parse_comparison(tocsin__rule_parser *p) {
    tocsin__rule_ast *left = parse_proximity(p);
    int chained = 0;
    while (p->lexer.token.kind == TOCSIN__TOKEN_COMPARE) {
        const tocsin__rule_token operation = p->lexer.token;
        tocsin__rule_lexer_next(&p->lexer);
        if (!chained && tocsin__rule_is_measure(left)) {
            tocsin__rule_parse_value(p, left, &operation);
        } else {
            if (chained) {
                tocsin__rule_error(p, "rule-syntax", operation.offset,
                                   "comparisons do not chain: join two of them with \"&\"");
            } else {
                report_incomparable(p, left, &operation);
            }
            skip_value(p);
            left = tocsin__rule_make(p, TOCSIN__RULE_BAD, operation.offset);
        }
        chained = 1;
    }
    if (tocsin__rule_is_measure(left) && left->kind == TOCSIN__RULE_VENUE) {
        int negated = p->lexer.token.kind == TOCSIN__TOKEN_NOT;
        if (negated) tocsin__rule_lexer_next(&p->lexer);
        if (negated || p->lexer.token.kind == TOCSIN__TOKEN_IN) {
            tocsin__rule_parse_members(p, left, negated);
            return left;
        }
    }
    left = tocsin__rule_not_measure(p, left);
    if (p->lexer.token.kind == TOCSIN__TOKEN_IN) {
        if (left->kind != TOCSIN__RULE_BAD) {
            tocsin__rule_error(p, "rule-type", p->lexer.token.offset, "\"in\" stands after venue only");
        }
        tocsin__rule_parse_members(p, tocsin__rule_make(p, TOCSIN__RULE_VENUE, left->offset), 0);
        left = tocsin__rule_make(p, TOCSIN__RULE_BAD, left->offset);
    }
    return left;
}

static tocsin__rule_ast *parse_list(tocsin__rule_parser *p, tocsin__rule_token_kind token, uint8_t kind,
                                    tocsin__rule_ast *(*parse_part)(tocsin__rule_parser *)) {
    tocsin__rule_ast *first = parse_part(p);
    if (p->lexer.token.kind != token) return first;
    tocsin__rule_ast *list = tocsin__rule_make(p, kind, p->lexer.token.offset);
    tocsin__rule_append(p, list, first);
    while (p->lexer.token.kind == token) {
        tocsin__rule_lexer_next(&p->lexer);
        tocsin__rule_append(p, list, parse_part(p));
    }
    return list;
}

static tocsin__rule_ast *parse_and(tocsin__rule_parser *p) {
    return parse_list(p, TOCSIN__TOKEN_AND, TOCSIN__RULE_AND, parse_comparison);
}

tocsin__rule_ast *tocsin__rule_parse_any(tocsin__rule_parser *p) {
    tocsin__rule_ast *parsed = &p->spare;
    if (tocsin__rule_enter(p, p->lexer.token.offset)) {
        parsed = parse_list(p, TOCSIN__TOKEN_OR, TOCSIN__RULE_OR, parse_and);
    }
    p->depth--;
    return parsed;
}

int tocsin__rule_at_operand(const tocsin__rule_parser *p) {
    switch (p->lexer.token.kind) {
        case TOCSIN__TOKEN_NAME:
        case TOCSIN__TOKEN_BAD:
        case TOCSIN__TOKEN_NUMBER:
        case TOCSIN__TOKEN_OPEN:
        case TOCSIN__TOKEN_NOT:
        case TOCSIN__TOKEN_SCOPE:
        case TOCSIN__TOKEN_FIELD:
        case TOCSIN__TOKEN_MEASURE:
        case TOCSIN__TOKEN_FACT:
        case TOCSIN__TOKEN_ATLEAST:
        case TOCSIN__TOKEN_CLAUSE:
        case TOCSIN__TOKEN_LEARNED: return 1;
        default: return 0;
    }
}

/* Something follows an expression that is complete. What it is read for is its own mistakes. */
static void parse_extra(tocsin__rule_parser *p) {
    const tocsin__rule_token t = p->lexer.token;
    tocsin__rule_shown shown = tocsin__rule_show(p->unit->source->data + t.offset, t.length);
    if (tocsin__rule_at_operand(p)) {
        tocsin__rule_error(p, "rule-syntax", t.offset, "an operator (\"&\", \"|\", near/n) is missing before \"%s\"",
                           shown.text);
    } else {
        if (t.kind == TOCSIN__TOKEN_CLOSE) {
            tocsin__rule_error(p, "rule-syntax", t.offset, "\")\" has no \"(\"");
        } else if (t.kind == TOCSIN__TOKEN_COMMA) {
            tocsin__rule_error(p, "rule-syntax", t.offset,
                               "\",\" stands in atleast(…) and venue in (…) only: join conditions with \"&\" or \"|\"");
        } else {
            tocsin__rule_error(p, "rule-syntax", t.offset, "\"%s\" is out of place here", shown.text);
        }
        tocsin__rule_lexer_next(&p->lexer);
    }
    tocsin__rule_token_kind kind = p->lexer.token.kind;
    if (kind == TOCSIN__TOKEN_AND || kind == TOCSIN__TOKEN_OR || kind == TOCSIN__TOKEN_PROXIMITY) {
        const tocsin__rule_token operation = p->lexer.token;
        tocsin__rule_lexer_next(&p->lexer);
        if (kind == TOCSIN__TOKEN_PROXIMITY) (void)parse_distance(p, &operation);
        (void)tocsin__rule_parse_any(p);
    } else if (tocsin__rule_at_operand(p)) {
        (void)tocsin__rule_parse_any(p);
    }
}

void tocsin__rule_close(tocsin__rule_parser *p, size_t open) {
    while (p->lexer.token.kind != TOCSIN__TOKEN_CLOSE && p->lexer.token.kind != TOCSIN__TOKEN_END) parse_extra(p);
    if (p->lexer.token.kind == TOCSIN__TOKEN_CLOSE) {
        tocsin__rule_lexer_next(&p->lexer);
    } else if (!p->unclosed) {
        p->unclosed = 1;
        tocsin__rule_error(p, "rule-syntax", open, "\"(\" is never closed");
    }
}

tocsin__rule_ast *tocsin__rule_parse(tocsin__rule_unit *unit, const tocsin__rule_names *names, int allow_verdict,
                                     uint32_t max_nodes, tocsin__arena *arena) {
    tocsin__rule_parser p;
    memset(&p, 0, sizeof p);
    p.unit = unit;
    p.resolver.unit = unit;
    p.resolver.names = names;
    p.resolver.arena = arena;
    p.allow_verdict = allow_verdict;
    p.max_nodes = max_nodes;
    p.spare.kind = TOCSIN__RULE_BAD;
    p.spare.unit = unit;
    tocsin__rule_lexer_begin(&p.lexer, unit);
    if (p.lexer.token.kind == TOCSIN__TOKEN_END && !unit->errors) {
        tocsin__rule_error(&p, "rule-syntax", 0, "the expression is empty");
    }
    const int nothing = p.lexer.token.kind == TOCSIN__TOKEN_END;
    tocsin__rule_ast *root = nothing ? tocsin__rule_make(&p, TOCSIN__RULE_BAD, 0) : tocsin__rule_parse_any(&p);
    while (p.lexer.token.kind != TOCSIN__TOKEN_END) parse_extra(&p);
    return unit->stopped || unit->status ? NULL : root;
}
