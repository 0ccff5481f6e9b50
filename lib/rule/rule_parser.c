/*
 * Recursive descent over the operators, loosest first: "|", "&", comparison, proximity, "!", and what stands between
 * them: names, parentheses, functions, measures and the values they are compared with. Names are resolved while they
 * are read, because their place in the text is then known. Depth is counted, so that no text can exhaust the stack.
 * After a mistake the parser goes on at the next operator or parenthesis that makes sense, so that one reading reports
 * several problems; the faulty part is a node of kind BAD, about which nothing complains again.
 */
#include "rule/rule_ast.h"

#include <stdio.h>
#include <string.h>

#include <tocsin/document.h>

typedef tocsin__rule_ast ast;

typedef struct parser {
    tocsin__rule_lexer lexer;
    tocsin__rule_unit *unit;
    tocsin__rule_resolver resolver;
    int allow_verdict;
    size_t nodes, max_nodes;
    uint32_t depth;
    int unclosed; /* a "(" without its ")" has been reported */
    ast *spare;   /* used if no node can be allocated */
} parser;

#define report_error(p, code, offset, ...)                                                                             \
    tocsin__rule_report((p)->unit, TOCSIN_SEVERITY_ERROR, code, offset, __VA_ARGS__)

/* before "x", or at the end: where the parser stands. */
typedef struct where {
    char text[96];
} where;

static where before(const parser *p) {
    const tocsin__rule_token *t = &p->lexer.token;
    where found = {"at the end"};
    if (t->kind == TOCSIN__TOKEN_END) return found;
    tocsin__rule_shown shown = tocsin__rule_show(p->unit->source->data + t->offset, t->length);
    (void)snprintf(found.text, sizeof found.text, "before \"%s\"", shown.text);
    return found;
}

static size_t here(const parser *p) {
    return p->lexer.token.kind == TOCSIN__TOKEN_END ? p->lexer.previous_end : p->lexer.token.offset;
}

static void halt(parser *p) {
    p->unit->stopped = 1;
    p->lexer.token.kind = TOCSIN__TOKEN_END;
}

static void stop(parser *p, size_t offset, const char *limit) {
    report_error(p, "rule-limit", offset, "%s", limit);
    halt(p);
}

#define TEXT_OF(x) TEXT_OF_(x)
#define TEXT_OF_(x) #x
#define TOO_DEEP "operators and parentheses are nested more than " TEXT_OF(TOCSIN__RULE_MAX_DEPTH) " deep"

static int go_deeper(parser *p, size_t offset) {
    if (++p->depth <= TOCSIN__RULE_MAX_DEPTH) return 1;
    stop(p, offset, TOO_DEEP);
    return 0;
}

static ast *make_node(parser *p, uint8_t kind, size_t offset) {
    char limit[96];
    ast *made = NULL;
    if (p->unit->stopped) return p->spare;
    if (++p->nodes > p->max_nodes) {
        (void)snprintf(limit, sizeof limit, "the expression has more than %zu operators and operands", p->max_nodes);
        stop(p, offset, limit);
        return p->spare;
    }
    made = tocsin__arena_allocate(p->resolver.arena, sizeof *made);
    if (!made) {
        p->unit->status = TOCSIN_ERROR_MEMORY;
        halt(p);
        return p->spare;
    }
    memset(made, 0, sizeof *made);
    made->kind = kind;
    made->height = 1;
    made->offset = offset;
    made->unit = p->unit;
    return made;
}

static void append(parser *p, ast *parent, ast *child) {
    if (parent == p->spare || child == p->spare) return;
    if (parent->last) parent->last->next = child;
    if (!parent->first) parent->first = child;
    parent->last = child;
    parent->child_count++;
    if (parent->height <= child->height) parent->height = child->height + 1;
    if (parent->height > TOCSIN__RULE_MAX_DEPTH) stop(p, parent->offset, TOO_DEEP);
}

static uint32_t parse_distance(parser *p, const tocsin__rule_token *operation) {
    tocsin__rule_shown word = tocsin__rule_show(p->unit->source->data + operation->offset, operation->length);
    int slash = p->lexer.token.kind == TOCSIN__TOKEN_SLASH;
    if (slash) tocsin__rule_lexer_next(&p->lexer);
    const tocsin__rule_token number = p->lexer.token;
    if (!slash || number.kind != TOCSIN__TOKEN_NUMBER) {
        report_error(p, "rule-syntax", operation->offset, "\"%s\" needs a distance, as in %s/20", word.text, word.text);
    }
    if (number.kind != TOCSIN__TOKEN_NUMBER) return 0;
    tocsin__rule_lexer_next(&p->lexer);
    if (slash && (number.decimal || number.out_of_range || number.value > TOCSIN__RULE_MAX_DISTANCE)) {
        report_error(p, "rule-range", number.offset, "a distance is a whole number of characters from 0 to %d",
                     TOCSIN__RULE_MAX_DISTANCE);
        return 0;
    }
    return (uint32_t)number.value;
}

/*
 * ---- surplus text before a ")" ----
 */

static ast *parse_any(parser *p);
static ast *parse_operand(parser *p);
static void parse_value(parser *p, ast *node, const tocsin__rule_token *operation);
static void parse_members(parser *p, ast *node, int negated);

static int at_operand(const parser *p) {
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

/* Something follows a complete expression. It is read only to find the mistakes in it. */
static void parse_extra(parser *p) {
    const tocsin__rule_token t = p->lexer.token;
    tocsin__rule_shown shown = tocsin__rule_show(p->unit->source->data + t.offset, t.length);
    if (at_operand(p)) {
        report_error(p, "rule-syntax", t.offset, "an operator (\"&\", \"|\", near/n) is missing before \"%s\"",
                     shown.text);
    } else {
        if (t.kind == TOCSIN__TOKEN_CLOSE) {
            report_error(p, "rule-syntax", t.offset, "\")\" has no \"(\"");
        } else if (t.kind == TOCSIN__TOKEN_COMMA) {
            report_error(p, "rule-syntax", t.offset,
                         "\",\" stands in atleast(…) and venue in (…) only: join conditions with \"&\" or \"|\"");
        } else {
            report_error(p, "rule-syntax", t.offset, "\"%s\" is out of place here", shown.text);
        }
        tocsin__rule_lexer_next(&p->lexer);
    }
    tocsin__rule_token_kind kind = p->lexer.token.kind;
    if (kind == TOCSIN__TOKEN_AND || kind == TOCSIN__TOKEN_OR || kind == TOCSIN__TOKEN_PROXIMITY) {
        const tocsin__rule_token operation = p->lexer.token;
        tocsin__rule_lexer_next(&p->lexer);
        if (kind == TOCSIN__TOKEN_PROXIMITY) (void)parse_distance(p, &operation);
        (void)parse_any(p);
    } else if (at_operand(p)) {
        (void)parse_any(p);
    }
}

static void close_group(parser *p, size_t open) {
    while (p->lexer.token.kind != TOCSIN__TOKEN_CLOSE && p->lexer.token.kind != TOCSIN__TOKEN_END) parse_extra(p);
    if (p->lexer.token.kind == TOCSIN__TOKEN_CLOSE) {
        tocsin__rule_lexer_next(&p->lexer);
    } else if (!p->unclosed) {
        p->unclosed = 1;
        report_error(p, "rule-syntax", open, "\"(\" is never closed");
    }
}

/* ---- operands ---- */

/* A decimal number is kept in millionths, in the same range as the other numbers. */
#define MAX_DECIMAL (TOCSIN__RULE_MAX_NUMBER / 1000000)

static int is_measure(const ast *node) { return !node->compare && tocsin__rule_measure_of(node->kind) != NULL; }

static const char *shown_measure(const ast *node) { return tocsin__rule_measure_of(node->kind)->shown; }

static ast *bad(parser *p, size_t offset) { return make_node(p, TOCSIN__RULE_BAD, offset); }

static ast *not_measure(parser *p, ast *node) {
    if (!is_measure(node)) return node;
    const tocsin__rule_measure *measure = tocsin__rule_measure_of(node->kind);
    report_error(p, "rule-type", node->offset, "%s is not a condition by itself: compare it, as in %s", measure->shown,
                 measure->example);
    return bad(p, node->offset);
}

static tocsin__rule_token take(parser *p) {
    tocsin__rule_token taken = p->lexer.token;
    tocsin__rule_lexer_next(&p->lexer);
    return taken;
}

static int at(const parser *p, tocsin__rule_token_kind kind) { return p->lexer.token.kind == kind; }

static tocsin__rule_shown show(const parser *p, const tocsin__rule_token *t) {
    return tocsin__rule_show(p->unit->source->data + t->offset, t->length);
}

/* Reads the "(" after a word and sets *open to its offset, or reports that it is missing. */
static int open_after(parser *p, const tocsin__rule_token *word, size_t *open) {
    tocsin__rule_shown shown = show(p, word);
    if (at(p, TOCSIN__TOKEN_OPEN)) {
        *open = take(p).offset;
        return 1;
    }
    report_error(p, "rule-syntax", word->offset, "\"%s\" needs \"(\" after it", shown.text);
    return 0;
}

/* The same for a function; if it fails, the operand is skipped. */
static int open_call(parser *p, const tocsin__rule_token *word, size_t *open) {
    if (open_after(p, word, open)) return 1;
    if (at_operand(p)) (void)parse_operand(p);
    return 0;
}

/* word(expression) */
static ast *parse_call(parser *p, uint8_t kind, uint64_t value) {
    const tocsin__rule_token word = take(p);
    tocsin__rule_shown shown = show(p, &word);
    size_t open = 0;
    if (!open_call(p, &word, &open)) return bad(p, word.offset);
    ast *node = make_node(p, kind, word.offset);
    node->value = value;
    append(p, node, parse_any(p));
    int extra = at(p, TOCSIN__TOKEN_COMMA);
    if (extra) {
        report_error(p, "rule-syntax", p->lexer.token.offset,
                     "%s(…) takes one expression: join two with \"&\" or \"|\"", shown.text);
    }
    while (at(p, TOCSIN__TOKEN_COMMA)) {
        (void)take(p);
        (void)parse_any(p);
    }
    close_group(p, open);
    return extra ? bad(p, word.offset) : node;
}

/* value(…): a word of the language that this version cannot evaluate. The parentheses are skipped. */
static ast *parse_to_come(parser *p) {
    const tocsin__rule_token word = take(p);
    const char *text = p->unit->source->data + word.offset;
    const tocsin__rule_measure *measure = tocsin__rule_measure_to_come(text, word.length);
    size_t open = 0;
    report_error(p, "rule-type", word.offset, "%s is not in this version of the rule language",
                 measure ? measure->shown : show(p, &word).text);
    if (!at(p, TOCSIN__TOKEN_OPEN)) return bad(p, word.offset);
    do {
        open += (size_t)at(p, TOCSIN__TOKEN_OPEN);
        open -= (size_t)at(p, TOCSIN__TOKEN_CLOSE);
        (void)take(p);
    } while (open && !at(p, TOCSIN__TOKEN_END));
    return bad(p, word.offset);
}

static void judge_atleast(parser *p, const ast *node, const tocsin__rule_token *number) {
    if (number->kind != TOCSIN__TOKEN_NUMBER) {
        report_error(p, "rule-syntax", number->offset, "atleast(…) begins with a number, as in atleast(2, a, b, c)");
    } else if (number->decimal || number->out_of_range || !number->value || number->value > node->child_count) {
        tocsin__rule_shown shown = show(p, number);
        report_error(p, "rule-range", number->offset,
                     "atleast(%s, …): the number must be from 1 to the number of parts after it, here %zu", shown.text,
                     node->child_count);
    }
}

static ast *parse_atleast(parser *p) {
    const tocsin__rule_token word = take(p);
    size_t open = 0, errors = p->unit->errors;
    if (!open_call(p, &word, &open)) return bad(p, word.offset);
    ast *node = make_node(p, TOCSIN__RULE_ATLEAST, word.offset);
    const tocsin__rule_token number = p->lexer.token;
    if (number.kind == TOCSIN__TOKEN_NUMBER) {
        (void)take(p);
    } else {
        judge_atleast(p, node, &number);
        append(p, node, parse_any(p));
    }
    while (at(p, TOCSIN__TOKEN_COMMA)) {
        (void)take(p);
        append(p, node, parse_any(p));
    }
    close_group(p, open);
    if (number.kind == TOCSIN__TOKEN_NUMBER && !p->unclosed) judge_atleast(p, node, &number);
    node->value = number.value;
    return p->unit->errors > errors ? bad(p, word.offset) : node;
}

/* learned(NAME): the high part of the value is the index of the weights. */
static ast *parse_learned(parser *p) {
    const tocsin__rule_token word = take(p);
    size_t open = 0, errors = p->unit->errors;
    if (!open_call(p, &word, &open)) return bad(p, word.offset);
    ast *node = make_node(p, TOCSIN__RULE_LEARNED, word.offset);
    if (at(p, TOCSIN__TOKEN_NAME)) {
        const tocsin__rule_token name = take(p);
        uint64_t index = 0;
        (void)tocsin__rule_resolve_learned(&p->resolver, &name, &index);
        node->value = index << TOCSIN__RULE_WEIGHTS_SHIFT;
    } else {
        report_error(p, "rule-syntax", here(p), "the name of learned weights is missing %s", before(p).text);
        if (at(p, TOCSIN__TOKEN_NUMBER)) (void)take(p);
    }
    close_group(p, open);
    if (p->unit->errors > errors) node->kind = TOCSIN__RULE_BAD;
    return node;
}

static ast *parse_clause(parser *p) {
    const tocsin__rule_token word = take(p);
    size_t open = 0, errors = p->unit->errors;
    if (!p->allow_verdict) {
        report_error(p, "rule-verdict", word.offset, "only routes may ask for clauses");
    }
    if (!open_call(p, &word, &open)) return bad(p, word.offset);
    ast *node = make_node(p, TOCSIN__RULE_CLAUSE, word.offset);
    if (at(p, TOCSIN__TOKEN_NAME)) {
        const tocsin__rule_token name = take(p);
        if (p->allow_verdict) (void)tocsin__rule_resolve_clause(&p->resolver, &name, &node->value);
    } else {
        report_error(p, "rule-syntax", here(p), "the name of a clause is missing %s", before(p).text);
        if (at(p, TOCSIN__TOKEN_NUMBER)) (void)take(p);
    }
    close_group(p, open);
    return p->unit->errors > errors ? bad(p, word.offset) : node;
}

static ast *parse_fact(parser *p) {
    const tocsin__rule_token word = take(p);
    if (word.value == TOCSIN__RULE_TIER && !p->allow_verdict) {
        report_error(p, "rule-verdict", word.offset, "only routes may ask for the tier");
        return bad(p, word.offset);
    }
    return make_node(p, (uint8_t)word.value, word.offset);
}

static ast *parse_name(parser *p) {
    const tocsin__rule_token name = take(p);
    uint8_t kind = TOCSIN__RULE_BAD;
    uint64_t value = 0;
    int called = at(p, TOCSIN__TOKEN_OPEN);
    tocsin__rule_resolve_operand(&p->resolver, &name, called, &kind, &value);
    if (called) {
        size_t open = take(p).offset;
        (void)parse_any(p);
        while (at(p, TOCSIN__TOKEN_COMMA)) {
            (void)take(p);
            (void)parse_any(p);
        }
        close_group(p, open);
    }
    ast *node = make_node(p, kind, name.offset);
    node->value = value;
    if (node->kind == TOCSIN__RULE_DEFINE) {
        node->reference = p->unit->references;
        p->unit->references = node;
    }
    return node;
}

static ast *parse_not(parser *p) {
    const tocsin__rule_token sign = take(p);
    ast *node = make_node(p, TOCSIN__RULE_NOT, sign.offset);
    if (!go_deeper(p, sign.offset)) {
        p->depth--;
        return node;
    }
    ast *part = parse_operand(p);
    if (is_measure(part) && (at(p, TOCSIN__TOKEN_COMPARE) || at(p, TOCSIN__TOKEN_IN))) {
        tocsin__rule_shown first = show(p, &sign), second = show(p, &p->lexer.token);
        report_error(p, "rule-type", sign.offset, "\"%s\" binds tighter than \"%s\": put parentheses, %s (%s %s …)",
                     first.text, second.text, first.text, shown_measure(part), second.text);
        node = bad(p, sign.offset);
    } else {
        append(p, node, not_measure(p, part));
    }
    p->depth--;
    return node;
}

static ast *parse_group(parser *p) {
    size_t open = take(p).offset;
    ast *inside = parse_any(p);
    close_group(p, open);
    return inside;
}

static ast *parse_operand(parser *p) {
    const tocsin__rule_token t = p->lexer.token;
    switch (t.kind) {
        case TOCSIN__TOKEN_NOT: return parse_not(p);
        case TOCSIN__TOKEN_OPEN: return parse_group(p);
        case TOCSIN__TOKEN_NAME: return parse_name(p);
        case TOCSIN__TOKEN_SCOPE: return parse_call(p, (uint8_t)t.value, 0);
        case TOCSIN__TOKEN_FIELD: return parse_call(p, TOCSIN__RULE_FIELD, t.value);
        case TOCSIN__TOKEN_MEASURE: return t.value ? parse_call(p, (uint8_t)t.value, 0) : parse_to_come(p);
        case TOCSIN__TOKEN_FACT: return parse_fact(p);
        case TOCSIN__TOKEN_ATLEAST: return parse_atleast(p);
        case TOCSIN__TOKEN_CLAUSE: return parse_clause(p);
        case TOCSIN__TOKEN_LEARNED: return parse_learned(p);
        case TOCSIN__TOKEN_NUMBER:
            report_error(p, "rule-syntax", t.offset,
                         "a number stands on the right of a comparison, as in count(…) >= 3");
            (void)take(p);
            break;
        case TOCSIN__TOKEN_BAD: (void)take(p); break;
        default:
            report_error(p, "rule-syntax", here(p), "a topic, a condition or \"(\" is missing %s", before(p).text);
            break;
    }
    return bad(p, t.offset);
}

/* Warns of a comparison that always holds, or never, for measures from lowest to highest. */
static void warn_constant(parser *p, const ast *node, int64_t value, int64_t lowest, int64_t highest,
                          const tocsin__rule_token *operation, const tocsin__rule_token *right) {
    unsigned possible = value >= lowest && value <= highest ? TOCSIN__RULE_EQ : 0;
    if (value > lowest) possible |= TOCSIN__RULE_LT;
    if (value < highest) possible |= TOCSIN__RULE_GT;
    if (node->kind == TOCSIN__RULE_VALUE) possible |= 8; /* if no hit has a value, it fails */
    int always = !(possible & ~(unsigned)node->compare), never = !(possible & node->compare);
    if (!always && !never) return;
    tocsin__rule_report(p->unit, TOCSIN_SEVERITY_WARNING, always ? "rule-always" : "rule-never", node->offset,
                        "%s %s %s %s holds", shown_measure(node), show(p, operation).text, show(p, right).text,
                        always ? "always" : "never");
}

static int read_number(parser *p, ast *node, const tocsin__rule_token *t) {
    const char *word = shown_measure(node);
    int decimal = tocsin__rule_measure_of(node->kind)->value == TOCSIN__RULE_DECIMAL;
    if (t->decimal && !decimal) {
        report_error(p, "rule-range", t->offset, "%s is a whole number, and %s is not", word, show(p, t).text);
        return 0;
    }
    if (t->out_of_range || (decimal && t->value >= MAX_DECIMAL)) {
        report_error(p, "rule-range", t->offset,
                     decimal ? "%s is compared with a number under %llu of at most six decimals"
                             : "%s is compared with a number of at most %llu",
                     word, (unsigned long long)(decimal ? MAX_DECIMAL : TOCSIN__RULE_MAX_NUMBER));
        return 0;
    }
    node->value = decimal ? t->value * 1000000 + t->millionths : t->value;
    return 1;
}

/* Reads a probability into the low part of the value. */
static int read_probability(parser *p, ast *node, const tocsin__rule_token *t) {
    const uint64_t millionths = t->value * 1000000 + t->millionths;
    if (t->out_of_range || t->value > 1 || millionths > 1000000) {
        report_error(p, "rule-range", t->offset,
                     "a learned score is compared with a number from 0 to 1 of at most six decimals");
        return 0;
    }
    node->value |= millionths;
    return 1;
}

static int read_level(parser *p, ast *node, const tocsin__rule_token *t) {
    switch (node->kind) {
        case TOCSIN__RULE_ATTENTION: return tocsin__rule_resolve_attention(&p->resolver, t, &node->value);
        case TOCSIN__RULE_TIER: return tocsin__rule_resolve_tier(&p->resolver, t, &node->value);
        default: return tocsin__rule_resolve_venue(&p->resolver, t, &node->value);
    }
}

static void parse_value(parser *p, ast *node, const tocsin__rule_token *operation) {
    const char *word = shown_measure(node);
    int numeric = tocsin__rule_measure_of(node->kind)->value != TOCSIN__RULE_NAME;
    const int learned = node->kind == TOCSIN__RULE_LEARNED;
    const tocsin__rule_token t = p->lexer.token;
    int ok = 0;
    if (node->kind == TOCSIN__RULE_VENUE && operation->value != TOCSIN__RULE_EQ &&
        operation->value != TOCSIN__RULE_NE) {
        report_error(p, "rule-type", operation->offset, "venues have no order: use ==, != or in (…)");
        if (t.kind == TOCSIN__TOKEN_NAME) (void)take(p);
    } else if (t.kind == (numeric ? TOCSIN__TOKEN_NUMBER : TOCSIN__TOKEN_NAME)) {
        (void)take(p);
        ok = learned ? read_probability(p, node, &t) : numeric ? read_number(p, node, &t) : read_level(p, node, &t);
    } else if (t.kind == TOCSIN__TOKEN_NUMBER || t.kind == TOCSIN__TOKEN_NAME) {
        (void)take(p);
        report_error(p, "rule-type", t.offset, "%s is compared with %s, not with \"%s\"", word,
                     numeric ? "a number" : "a name", show(p, &t).text);
    } else if (t.kind == TOCSIN__TOKEN_BAD) {
        (void)take(p);
    } else {
        report_error(p, "rule-syntax", here(p), "%s is missing %s", numeric ? "a number" : "a name", before(p).text);
    }
    node->compare = (uint8_t)operation->value;
    if (!ok) {
        node->kind = TOCSIN__RULE_BAD;
    } else if (learned) {
        warn_constant(p, node, (int64_t)(uint32_t)node->value, 0, 1000000, operation, &t);
    } else if (numeric) {
        warn_constant(p, node, (int64_t)node->value, 0, INT64_MAX, operation, &t);
    } else if (node->kind != TOCSIN__RULE_VENUE) {
        int tier = node->kind == TOCSIN__RULE_TIER;
        int64_t highest = tier ? (int64_t)p->resolver.names->tier_count - 1 : TOCSIN_ATTENTION_HIGH;
        warn_constant(p, node, (int64_t)node->value, tier ? -1 : 0, highest, operation, &t);
    }
}

static void parse_members(parser *p, ast *node, int negated) {
    size_t errors = p->unit->errors, open = 0;
    const tocsin__rule_token word = p->lexer.token;
    if (word.kind == TOCSIN__TOKEN_IN) {
        (void)take(p);
    } else {
        report_error(p, "rule-syntax", here(p), "\"in\" is missing %s", before(p).text);
        node->kind = TOCSIN__RULE_BAD;
        if (!at(p, TOCSIN__TOKEN_OPEN)) return;
    }
    int opened = open_after(p, &word, &open);
    do {
        uint64_t venue = 0;
        if (opened && at(p, TOCSIN__TOKEN_COMMA)) (void)take(p);
        if (!at(p, TOCSIN__TOKEN_NAME)) {
            report_error(p, "rule-syntax", here(p), "the name of a venue is missing %s", before(p).text);
            break;
        }
        const tocsin__rule_token name = take(p);
        if (tocsin__rule_resolve_venue(&p->resolver, &name, &venue)) node->value |= venue;
    } while (opened && at(p, TOCSIN__TOKEN_COMMA));
    if (opened) close_group(p, open);
    node->compare = negated ? TOCSIN__RULE_NE : TOCSIN__RULE_EQ;
    if (p->unit->errors > errors) node->kind = TOCSIN__RULE_BAD;
}

/* ---- operators ---- */

static ast *parse_proximity(parser *p) {
    ast *left = parse_operand(p);
    while (p->lexer.token.kind == TOCSIN__TOKEN_PROXIMITY) {
        const tocsin__rule_token operation = p->lexer.token;
        tocsin__rule_lexer_next(&p->lexer);
        uint32_t distance = parse_distance(p, &operation);
        left = not_measure(p, left);
        ast *right = not_measure(p, parse_operand(p));
        ast *node = make_node(p, (uint8_t)operation.value, operation.offset);
        node->value = distance;
        append(p, node, left);
        append(p, node, right);
        left = node;
    }
    return left;
}

static void skip_value(parser *p) {
    switch (p->lexer.token.kind) {
        case TOCSIN__TOKEN_NUMBER:
        case TOCSIN__TOKEN_NAME:
        case TOCSIN__TOKEN_BAD: tocsin__rule_lexer_next(&p->lexer); break;
        case TOCSIN__TOKEN_MEASURE:
        case TOCSIN__TOKEN_FACT:
        case TOCSIN__TOKEN_LEARNED: (void)parse_operand(p); break;
        default: break;
    }
}

static void report_incomparable(parser *p, const ast *left, const tocsin__rule_token *operation) {
    tocsin__rule_shown sign = tocsin__rule_show(p->unit->source->data + operation->offset, operation->length);
    if (left->kind == TOCSIN__RULE_TOPIC) {
        const char *topic = p->resolver.names->topics[left->value];
        tocsin__rule_shown name = tocsin__rule_show(topic, strlen(topic));
        report_error(p, "rule-type", operation->offset,
                     "\"%s\" compares numbers, and \"%s\" is hits: write count(%s) or score(%s)", sign.text, name.text,
                     name.text, name.text);
    } else if (left->kind != TOCSIN__RULE_BAD) {
        report_error(p, "rule-type", operation->offset, "\"%s\" compares " TOCSIN__RULE_MEASURES " and nothing else",
                     sign.text);
    }
}

static ast *parse_comparison(parser *p) {
    ast *left = parse_proximity(p);
    int chained = 0;
    while (p->lexer.token.kind == TOCSIN__TOKEN_COMPARE) {
        const tocsin__rule_token operation = p->lexer.token;
        tocsin__rule_lexer_next(&p->lexer);
        if (!chained && is_measure(left)) {
            parse_value(p, left, &operation);
        } else {
            if (chained) {
                report_error(p, "rule-syntax", operation.offset,
                             "comparisons do not chain: join two of them with \"&\"");
            } else {
                report_incomparable(p, left, &operation);
            }
            skip_value(p);
            left = make_node(p, TOCSIN__RULE_BAD, operation.offset);
        }
        chained = 1;
    }
    if (is_measure(left) && left->kind == TOCSIN__RULE_VENUE) {
        int negated = p->lexer.token.kind == TOCSIN__TOKEN_NOT;
        if (negated) tocsin__rule_lexer_next(&p->lexer);
        if (negated || p->lexer.token.kind == TOCSIN__TOKEN_IN) {
            parse_members(p, left, negated);
            return left;
        }
    }
    left = not_measure(p, left);
    if (p->lexer.token.kind == TOCSIN__TOKEN_IN) {
        if (left->kind != TOCSIN__RULE_BAD) {
            report_error(p, "rule-type", p->lexer.token.offset, "\"in\" is allowed only after venue");
        }
        parse_members(p, make_node(p, TOCSIN__RULE_VENUE, left->offset), 0);
        left = make_node(p, TOCSIN__RULE_BAD, left->offset);
    }
    return left;
}

static ast *parse_list(parser *p, tocsin__rule_token_kind token, uint8_t kind, ast *(*parse_part)(parser *)) {
    ast *first = parse_part(p);
    if (p->lexer.token.kind != token) return first;
    ast *list = make_node(p, kind, p->lexer.token.offset);
    append(p, list, first);
    while (p->lexer.token.kind == token) {
        tocsin__rule_lexer_next(&p->lexer);
        append(p, list, parse_part(p));
    }
    return list;
}

static ast *parse_and(parser *p) { return parse_list(p, TOCSIN__TOKEN_AND, TOCSIN__RULE_AND, parse_comparison); }

static ast *parse_any(parser *p) {
    ast *parsed = p->spare;
    if (go_deeper(p, p->lexer.token.offset)) {
        parsed = parse_list(p, TOCSIN__TOKEN_OR, TOCSIN__RULE_OR, parse_and);
    }
    p->depth--;
    return parsed;
}

tocsin__rule_ast *tocsin__rule_parse(tocsin__rule_unit *unit, const tocsin__rule_names *names, int allow_verdict,
                                     uint32_t max_nodes, tocsin__arena *arena) {
    parser p;
    memset(&p, 0, sizeof p);
    p.unit = unit;
    p.resolver.unit = unit;
    p.resolver.names = names;
    p.resolver.arena = arena;
    p.allow_verdict = allow_verdict;
    p.max_nodes = max_nodes;
    p.spare = tocsin__arena_allocate(arena, sizeof *p.spare);
    if (!p.spare) {
        unit->status = TOCSIN_ERROR_MEMORY;
        return NULL;
    }
    *p.spare = (ast){.kind = TOCSIN__RULE_BAD, .unit = unit};
    tocsin__rule_lexer_begin(&p.lexer, unit);
    if (p.lexer.token.kind == TOCSIN__TOKEN_END && !unit->errors) {
        report_error(&p, "rule-syntax", 0, "the expression is empty");
    }
    const int nothing = p.lexer.token.kind == TOCSIN__TOKEN_END;
    ast *root = nothing ? make_node(&p, TOCSIN__RULE_BAD, 0) : parse_any(&p);
    while (p.lexer.token.kind != TOCSIN__TOKEN_END) parse_extra(&p);
    return unit->stopped || unit->status ? NULL : root;
}
