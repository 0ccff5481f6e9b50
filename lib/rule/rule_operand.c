/*
 * What stands between operators: names, parentheses, functions, measures and the values they are compared with. Names
 * are resolved as they are read, while their place in the text is at hand.
 */
#include <string.h>

#include <tocsin/document.h>

#include "rule/rule_measure.h"
#include "rule/rule_parser.h"

typedef tocsin__rule_ast ast;
typedef tocsin__rule_parser parser;

/* A decimal number is kept in millionths, which must fit beside the other numbers. */
#define MAX_DECIMAL (TOCSIN__RULE_MAX_NUMBER / 1000000)

int tocsin__rule_is_measure(const ast *node) { return !node->compare && tocsin__rule_measure_of(node->kind) != NULL; }

static const char *shown_measure(const ast *node) { return tocsin__rule_measure_of(node->kind)->shown; }

static ast *bad(parser *p, size_t offset) { return tocsin__rule_make(p, TOCSIN__RULE_BAD, offset); }

ast *tocsin__rule_not_measure(parser *p, ast *node) {
    if (!tocsin__rule_is_measure(node)) return node;
    const tocsin__rule_measure *measure = tocsin__rule_measure_of(node->kind);
    tocsin__rule_error(p, "rule-type", node->offset, "%s is not a condition by itself: compare it, as in %s",
                       measure->shown, measure->example);
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

/* The "(" after a word, whose offset is then in *open; or a report. */
static int open_after(parser *p, const tocsin__rule_token *word, size_t *open) {
    tocsin__rule_shown shown = show(p, word);
    if (at(p, TOCSIN__TOKEN_OPEN)) {
        *open = take(p).offset;
        return 1;
    }
    tocsin__rule_error(p, "rule-syntax", word->offset, "\"%s\" needs \"(\" after it", shown.text);
    return 0;
}

/* The same of a function, whose operand is then skipped. */
static int open_call(parser *p, const tocsin__rule_token *word, size_t *open) {
    if (open_after(p, word, open)) return 1;
    if (tocsin__rule_at_operand(p)) (void)tocsin__rule_parse_operand(p);
    return 0;
}

/* word(expression) */
static ast *parse_call(parser *p, uint8_t kind, uint64_t value) {
    const tocsin__rule_token word = take(p);
    tocsin__rule_shown shown = show(p, &word);
    size_t open = 0;
    if (!open_call(p, &word, &open)) return bad(p, word.offset);
    ast *node = tocsin__rule_make(p, kind, word.offset);
    node->value = value;
    tocsin__rule_append(p, node, tocsin__rule_parse_any(p));
    int extra = at(p, TOCSIN__TOKEN_COMMA);
    if (extra) {
        tocsin__rule_error(p, "rule-syntax", p->lexer.token.offset,
                           "%s(…) takes one expression: join two with \"&\" or \"|\"", shown.text);
    }
    while (at(p, TOCSIN__TOKEN_COMMA)) {
        (void)take(p);
        (void)tocsin__rule_parse_any(p);
    }
    tocsin__rule_close(p, open);
    return extra ? bad(p, word.offset) : node;
}

/* value(…): a word of the language that this version cannot evaluate. What is in parentheses is skipped. */
static ast *parse_to_come(parser *p) {
    const tocsin__rule_token word = take(p);
    const char *text = p->unit->source->data + word.offset;
    const tocsin__rule_measure *measure = tocsin__rule_measure_to_come(text, word.length);
    size_t open = 0;
    tocsin__rule_error(p, "rule-type", word.offset, "%s is not in this version of the rule language",
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
        tocsin__rule_error(p, "rule-syntax", number->offset,
                           "atleast(…) begins with a number, as in atleast(2, a, b, c)");
    } else if (number->decimal || number->out_of_range || !number->value || number->value > node->child_count) {
        tocsin__rule_shown shown = show(p, number);
        tocsin__rule_error(p, "rule-range", number->offset,
                           "atleast(%s, …): the number is from 1 to that of the parts after it, here %zu", shown.text,
                           node->child_count);
    }
}

static ast *parse_atleast(parser *p) {
    const tocsin__rule_token word = take(p);
    size_t open = 0, errors = p->unit->errors;
    if (!open_call(p, &word, &open)) return bad(p, word.offset);
    ast *node = tocsin__rule_make(p, TOCSIN__RULE_ATLEAST, word.offset);
    const tocsin__rule_token number = p->lexer.token;
    if (number.kind == TOCSIN__TOKEN_NUMBER) {
        (void)take(p);
    } else {
        judge_atleast(p, node, &number);
        tocsin__rule_append(p, node, tocsin__rule_parse_any(p));
    }
    while (at(p, TOCSIN__TOKEN_COMMA)) {
        (void)take(p);
        tocsin__rule_append(p, node, tocsin__rule_parse_any(p));
    }
    tocsin__rule_close(p, open);
    if (number.kind == TOCSIN__TOKEN_NUMBER && !p->unclosed) judge_atleast(p, node, &number);
    node->value = number.value;
    return p->unit->errors > errors ? bad(p, word.offset) : node;
}

/* learned(NAME): the value begins with the index of the weights. */
static ast *parse_learned(parser *p) {
    const tocsin__rule_token word = take(p);
    size_t open = 0, errors = p->unit->errors;
    if (!open_call(p, &word, &open)) return bad(p, word.offset);
    ast *node = tocsin__rule_make(p, TOCSIN__RULE_LEARNED, word.offset);
    if (at(p, TOCSIN__TOKEN_NAME)) {
        const tocsin__rule_token name = take(p);
        uint64_t index = 0;
        (void)tocsin__rule_resolve_learned(&p->resolver, &name, &index);
        node->value = index << TOCSIN__RULE_WEIGHTS_SHIFT;
    } else {
        tocsin__rule_error(p, "rule-syntax", tocsin__rule_here(p), "the name of learned weights is missing %s",
                           tocsin__rule_before(p).text);
        if (at(p, TOCSIN__TOKEN_NUMBER)) (void)take(p);
    }
    tocsin__rule_close(p, open);
    if (p->unit->errors > errors) node->kind = TOCSIN__RULE_BAD;
    return node;
}

static ast *parse_clause(parser *p) {
    const tocsin__rule_token word = take(p);
    size_t open = 0, errors = p->unit->errors;
    if (!p->allow_verdict) {
        tocsin__rule_error(p, "rule-verdict", word.offset, "only routes may ask for clauses");
    }
    if (!open_call(p, &word, &open)) return bad(p, word.offset);
    ast *node = tocsin__rule_make(p, TOCSIN__RULE_CLAUSE, word.offset);
    if (at(p, TOCSIN__TOKEN_NAME)) {
        const tocsin__rule_token name = take(p);
        if (p->allow_verdict) (void)tocsin__rule_resolve_clause(&p->resolver, &name, &node->value);
    } else {
        tocsin__rule_error(p, "rule-syntax", tocsin__rule_here(p), "the name of a clause is missing %s",
                           tocsin__rule_before(p).text);
        if (at(p, TOCSIN__TOKEN_NUMBER)) (void)take(p);
    }
    tocsin__rule_close(p, open);
    return p->unit->errors > errors ? bad(p, word.offset) : node;
}

static ast *parse_fact(parser *p) {
    const tocsin__rule_token word = take(p);
    if (word.value == TOCSIN__RULE_TIER && !p->allow_verdict) {
        tocsin__rule_error(p, "rule-verdict", word.offset, "only routes may ask for the tier");
        return bad(p, word.offset);
    }
    return tocsin__rule_make(p, (uint8_t)word.value, word.offset);
}

static ast *parse_name(parser *p) {
    const tocsin__rule_token name = take(p);
    uint8_t kind = TOCSIN__RULE_BAD;
    uint64_t value = 0;
    int called = at(p, TOCSIN__TOKEN_OPEN);
    tocsin__rule_resolve_operand(&p->resolver, &name, called, &kind, &value);
    if (called) {
        size_t open = take(p).offset;
        (void)tocsin__rule_parse_any(p);
        while (at(p, TOCSIN__TOKEN_COMMA)) {
            (void)take(p);
            (void)tocsin__rule_parse_any(p);
        }
        tocsin__rule_close(p, open);
    }
    ast *node = tocsin__rule_make(p, kind, name.offset);
    node->value = value;
    if (node->kind == TOCSIN__RULE_DEFINE) {
        node->reference = p->unit->references;
        p->unit->references = node;
    }
    return node;
}

static ast *parse_not(parser *p) {
    const tocsin__rule_token sign = take(p);
    ast *node = tocsin__rule_make(p, TOCSIN__RULE_NOT, sign.offset);
    if (!tocsin__rule_enter(p, sign.offset)) {
        p->depth--;
        return node;
    }
    ast *part = tocsin__rule_parse_operand(p);
    if (tocsin__rule_is_measure(part) && (at(p, TOCSIN__TOKEN_COMPARE) || at(p, TOCSIN__TOKEN_IN))) {
        tocsin__rule_shown first = show(p, &sign), second = show(p, &p->lexer.token);
        tocsin__rule_error(p, "rule-type", sign.offset,
                           "\"%s\" binds tighter than \"%s\": put parentheses, %s (%s %s …)", first.text, second.text,
                           first.text, shown_measure(part), second.text);
        node = bad(p, sign.offset);
    } else {
        tocsin__rule_append(p, node, tocsin__rule_not_measure(p, part));
    }
    p->depth--;
    return node;
}

static ast *parse_group(parser *p) {
    size_t open = take(p).offset;
    ast *inside = tocsin__rule_parse_any(p);
    tocsin__rule_close(p, open);
    return inside;
}

ast *tocsin__rule_parse_operand(parser *p) {
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
            tocsin__rule_error(p, "rule-syntax", t.offset,
                               "a number stands on the right of a comparison, as in count(…) >= 3");
            (void)take(p);
            break;
        case TOCSIN__TOKEN_BAD: (void)take(p); break;
        default:
            tocsin__rule_error(p, "rule-syntax", tocsin__rule_here(p), "a topic, a condition or \"(\" is missing %s",
                               tocsin__rule_before(p).text);
            break;
    }
    return bad(p, t.offset);
}

/* Does a comparison with what runs from lowest to highest hold always, or never? */
static void warn_constant(parser *p, const ast *node, int64_t value, int64_t lowest, int64_t highest,
                          const tocsin__rule_token *operation, const tocsin__rule_token *right) {
    unsigned possible = value >= lowest && value <= highest ? TOCSIN__RULE_EQ : 0;
    if (value > lowest) possible |= TOCSIN__RULE_LT;
    if (value < highest) possible |= TOCSIN__RULE_GT;
    if (node->kind == TOCSIN__RULE_VALUE) possible |= 8; /* there is none, and it fails */
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
        tocsin__rule_error(p, "rule-range", t->offset, "%s is a whole number, and %s is not", word, show(p, t).text);
        return 0;
    }
    if (t->out_of_range || (decimal && t->value >= MAX_DECIMAL)) {
        tocsin__rule_error(p, "rule-range", t->offset,
                           decimal ? "a score is compared with a number under %llu of at most six decimals"
                                   : "a number is at most %llu here",
                           (unsigned long long)(decimal ? MAX_DECIMAL : TOCSIN__RULE_MAX_NUMBER));
        return 0;
    }
    node->value = decimal ? t->value * 1000000 + t->millionths : t->value;
    return 1;
}

/* A probability, into the low part of the value. */
static int read_probability(parser *p, ast *node, const tocsin__rule_token *t) {
    const uint64_t millionths = t->value * 1000000 + t->millionths;
    if (t->out_of_range || t->value > 1 || millionths > 1000000) {
        tocsin__rule_error(p, "rule-range", t->offset,
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

void tocsin__rule_parse_value(parser *p, ast *node, const tocsin__rule_token *operation) {
    const char *word = shown_measure(node);
    int numeric = tocsin__rule_measure_of(node->kind)->value != TOCSIN__RULE_NAME;
    const int learned = node->kind == TOCSIN__RULE_LEARNED;
    const tocsin__rule_token t = p->lexer.token;
    int ok = 0;
    if (node->kind == TOCSIN__RULE_VENUE && operation->value != TOCSIN__RULE_EQ &&
        operation->value != TOCSIN__RULE_NE) {
        tocsin__rule_error(p, "rule-type", operation->offset, "venues have no order: use ==, != or in (…)");
        if (t.kind == TOCSIN__TOKEN_NAME) (void)take(p);
    } else if (t.kind == (numeric ? TOCSIN__TOKEN_NUMBER : TOCSIN__TOKEN_NAME)) {
        (void)take(p);
        ok = learned ? read_probability(p, node, &t) : numeric ? read_number(p, node, &t) : read_level(p, node, &t);
    } else if (t.kind == TOCSIN__TOKEN_NUMBER || t.kind == TOCSIN__TOKEN_NAME) {
        (void)take(p);
        tocsin__rule_error(p, "rule-type", t.offset, "%s is compared with %s, not with \"%s\"", word,
                           numeric ? "a number" : "a name", show(p, &t).text);
    } else if (t.kind == TOCSIN__TOKEN_BAD) {
        (void)take(p);
    } else {
        tocsin__rule_error(p, "rule-syntax", tocsin__rule_here(p), "%s is missing %s", numeric ? "a number" : "a name",
                           tocsin__rule_before(p).text);
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

void tocsin__rule_parse_members(parser *p, ast *node, int negated) {
    size_t errors = p->unit->errors, open = 0;
    const tocsin__rule_token word = p->lexer.token;
    if (word.kind == TOCSIN__TOKEN_IN) {
        (void)take(p);
    } else {
        tocsin__rule_error(p, "rule-syntax", tocsin__rule_here(p), "\"in\" is missing %s", tocsin__rule_before(p).text);
        node->kind = TOCSIN__RULE_BAD;
        if (!at(p, TOCSIN__TOKEN_OPEN)) return;
    }
    int opened = open_after(p, &word, &open);
    do {
        uint64_t venue = 0;
        if (opened && at(p, TOCSIN__TOKEN_COMMA)) (void)take(p);
        if (!at(p, TOCSIN__TOKEN_NAME)) {
            tocsin__rule_error(p, "rule-syntax", tocsin__rule_here(p), "the name of a venue is missing %s",
                               tocsin__rule_before(p).text);
            break;
        }
        const tocsin__rule_token name = take(p);
        if (tocsin__rule_resolve_venue(&p->resolver, &name, &venue)) node->value |= venue;
    } while (opened && at(p, TOCSIN__TOKEN_COMMA));
    if (opened) tocsin__rule_close(p, open);
    node->compare = negated ? TOCSIN__RULE_NE : TOCSIN__RULE_EQ;
    if (p->unit->errors > errors) node->kind = TOCSIN__RULE_BAD;
}
