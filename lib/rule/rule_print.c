/*
 * Prints programs as text. Precedence decides where parentheses are needed; every other choice of spelling ("&" for
 * "and", "venue == x" for one venue in a list) is made in this file, so that equal programs print alike.
 */
#include "rule/rule_print.h"

#include <tocsin/document.h>
#include <tocsin/verdict.h>

#include "base/buffer.h"

enum {
    LOOSEST,
    AND_LEVEL,
    COMPARISON_LEVEL,
    PROXIMITY_LEVEL,
    NOT_LEVEL,
    TIGHTEST
};

typedef struct printer {
    const tocsin__rule_node *nodes;
    const uint32_t *defines; /* NULL: there are none */
    const tocsin__rule_names *names;
    uint32_t whole; /* a node that is written out even if it is a define */
    tocsin_buffer *out;
    tocsin_status status;
} printer;

static void put(printer *p, const char *text) {
    if (!p->status) p->status = tocsin__buffer_puts(p->out, text);
}

static void put_number(printer *p, uint64_t number) {
    if (!p->status) p->status = tocsin__buffer_printf(p->out, "%llu", (unsigned long long)number);
}

static void put_millionths(printer *p, uint64_t number) {
    char decimals[8];
    uint64_t rest = number % 1000000;
    size_t length = 0;
    put_number(p, number / 1000000);
    for (uint64_t unit = 100000; rest; unit /= 10) {
        decimals[length++] = (char)('0' + rest / unit);
        rest %= unit;
    }
    decimals[length] = '\0';
    if (length) put(p, ".");
    put(p, decimals);
}

static const char *sign(uint8_t compare) {
    static const char *const signs[] = {"", " < ", " == ", " <= ", " > ", " != ", " >= "};
    return signs[compare];
}

static int level(const tocsin__rule_node *node) {
    switch (node->kind) {
        case TOCSIN__RULE_OR: return LOOSEST;
        case TOCSIN__RULE_AND: return AND_LEVEL;
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER:
        case TOCSIN__RULE_UNLESS: return PROXIMITY_LEVEL;
        case TOCSIN__RULE_NOT: return NOT_LEVEL;
        default: return node->compare ? COMPARISON_LEVEL : TIGHTEST;
    }
}

static void print(printer *p, uint32_t at, int lowest);

static void print_list(printer *p, uint32_t at, uint32_t first, const char *between, int lowest) {
    for (uint32_t child = first; child < p->nodes[at].end; child = p->nodes[child].end) {
        if (child > first) put(p, between);
        print(p, child, lowest);
    }
}

static void print_call(printer *p, uint32_t at, const char *word) {
    put(p, word);
    put(p, "(");
    if (p->nodes[at].kind == TOCSIN__RULE_ATLEAST) {
        put_number(p, p->nodes[at].value);
        put(p, ", ");
    }
    print_list(p, at, at + 1, ", ", LOOSEST);
    put(p, ")");
}

static void print_proximity(printer *p, uint32_t at, const char *word) {
    print(p, at + 1, PROXIMITY_LEVEL);
    put(p, word);
    put_number(p, p->nodes[at].value);
    put(p, " ");
    print(p, p->nodes[at + 1].end, NOT_LEVEL);
}

static void print_measure(printer *p, uint32_t at) {
    const tocsin__rule_node *node = &p->nodes[at];
    const tocsin__rule_measure *measure = tocsin__rule_measure_of(node->kind);
    print_call(p, at, measure->word);
    put(p, sign(node->compare));
    if (measure->value == TOCSIN__RULE_DECIMAL) {
        put_millionths(p, node->value);
    } else {
        put_number(p, node->value);
    }
}

static void print_venues(printer *p, const tocsin__rule_node *node) {
    int many = (node->value & (node->value - 1)) != 0, first = 1;
    put(p, "venue");
    put(p, !many ? sign(node->compare) : node->compare == TOCSIN__RULE_EQ ? " in (" : " not in (");
    for (int venue = 0; venue < TOCSIN_VENUE_COUNT; venue++) {
        if (!(node->value >> venue & 1)) continue;
        if (!first) put(p, ", ");
        put(p, tocsin_venue_name((tocsin_venue)venue));
        first = 0;
    }
    if (many) put(p, ")");
}

static void print_fact(printer *p, const tocsin__rule_node *node) {
    switch (node->kind) {
        case TOCSIN__RULE_REACH:
            put(p, "reach");
            put(p, sign(node->compare));
            put_number(p, node->value);
            break;
        case TOCSIN__RULE_ATTENTION:
            put(p, "attention");
            put(p, sign(node->compare));
            put(p, tocsin_attention_name((tocsin_attention)node->value));
            break;
        case TOCSIN__RULE_TIER:
            put(p, "tier");
            put(p, sign(node->compare));
            put(p, node->value == UINT64_MAX ? "none" : p->names->tiers[node->value]);
            break;
        case TOCSIN__RULE_VENUE: print_venues(p, node); break;
        case TOCSIN__RULE_LEARNED:
            put(p, "learned(");
            put(p, p->names->learned[node->value >> TOCSIN__RULE_WEIGHTS_SHIFT]);
            put(p, ")");
            put(p, sign(node->compare));
            put_millionths(p, (uint32_t)node->value);
            break;
        default:
            put(p, "clause(");
            put(p, p->names->clauses[node->value].id);
            put(p, ")");
            break;
    }
}

static void print_node(printer *p, uint32_t at) {
    const tocsin__rule_node *node = &p->nodes[at];
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC: put(p, p->names->topics[node->value]); break;
        case TOCSIN__RULE_OR: print_list(p, at, at + 1, " | ", AND_LEVEL); break;
        case TOCSIN__RULE_AND: print_list(p, at, at + 1, " & ", COMPARISON_LEVEL); break;
        case TOCSIN__RULE_NOT:
            put(p, "!");
            print(p, at + 1, NOT_LEVEL);
            break;
        case TOCSIN__RULE_ATLEAST: print_call(p, at, "atleast"); break;
        case TOCSIN__RULE_NEAR: print_proximity(p, at, " near/"); break;
        case TOCSIN__RULE_BEFORE: print_proximity(p, at, " before/"); break;
        case TOCSIN__RULE_AFTER: print_proximity(p, at, " after/"); break;
        case TOCSIN__RULE_UNLESS: print_proximity(p, at, " unless/"); break;
        case TOCSIN__RULE_SENTENCE: print_call(p, at, "sentence"); break;
        case TOCSIN__RULE_PARAGRAPH: print_call(p, at, "paragraph"); break;
        case TOCSIN__RULE_FIELD: print_call(p, at, tocsin_field_name((tocsin_field)node->value)); break;
        case TOCSIN__RULE_COUNT:
        case TOCSIN__RULE_DISTINCT:
        case TOCSIN__RULE_SCORE:
        case TOCSIN__RULE_VALUE: print_measure(p, at); break;
        default: print_fact(p, node); break;
    }
}

static void print(printer *p, uint32_t at, int lowest) {
    if (p->defines && p->defines[at] && at != p->whole) {
        put(p, p->names->defines[p->defines[at] - 1].name);
        return;
    }
    int parentheses = level(&p->nodes[at]) < lowest;
    if (parentheses) put(p, "(");
    print_node(p, at);
    if (parentheses) put(p, ")");
}

tocsin_status tocsin__rule_print_node(const tocsin__rule_program *program, const tocsin__rule_names *names,
                                      uint32_t node, tocsin__rule_naming naming, tocsin_buffer *out) {
    size_t before = out->length;
    printer p = {program->nodes, program->defines, names, naming == TOCSIN__RULE_NAMED_WITHIN ? node : UINT32_MAX, out,
                 TOCSIN_OK};
    print(&p, node, LOOSEST);
    if (p.status && out->data) out->data[out->length = before] = '\0';
    return p.status;
}

/* ---- for people: "&", "|" and "!" of topics become words; the rest stands as the rule has it ---- */

typedef struct phrase {
    const tocsin__rule_program *program;
    const tocsin__rule_names *names;
    const char *const *topics;
    tocsin_buffer *out;
} phrase;

static tocsin_status say(const phrase *p, uint32_t at, uint8_t within);

static tocsin_status say_list(const phrase *p, uint32_t at, const char *between) {
    const tocsin__rule_node *nodes = p->program->nodes;
    tocsin_status status = TOCSIN_OK;
    for (uint32_t child = at + 1; child < nodes[at].end && !status; child = nodes[child].end) {
        const int without = nodes[at].kind == TOCSIN__RULE_AND && nodes[child].kind == TOCSIN__RULE_NOT;
        if (child > at + 1) status = tocsin__buffer_puts(p->out, without ? " " : between);
        if (!status) status = say(p, child, nodes[at].kind);
    }
    return status;
}

static tocsin_status say(const phrase *p, uint32_t at, uint8_t within) {
    const tocsin__rule_node *node = &p->program->nodes[at];
    const int grouped = within && (node->kind == TOCSIN__RULE_OR || node->kind == TOCSIN__RULE_AND) &&
                        !(within == TOCSIN__RULE_OR && node->kind == TOCSIN__RULE_AND);
    tocsin_status status = grouped ? tocsin__buffer_puts(p->out, "(") : TOCSIN_OK;
    if (status) return status;
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC: status = tocsin__buffer_puts(p->out, p->topics[node->value]); break;
        case TOCSIN__RULE_OR: status = say_list(p, at, ", or "); break;
        case TOCSIN__RULE_AND: status = say_list(p, at, " with "); break;
        case TOCSIN__RULE_NOT:
            status = tocsin__buffer_puts(p->out, "without ");
            if (!status) status = say(p, at + 1, node->kind);
            break;
        default: status = tocsin__rule_print_node(p->program, p->names, at, TOCSIN__RULE_NAMED, p->out); break;
    }
    if (!status && grouped) status = tocsin__buffer_puts(p->out, ")");
    return status;
}

tocsin_status tocsin__rule_phrase(const tocsin__rule_program *program, const tocsin__rule_names *names,
                                  const char *const *topics, tocsin_buffer *out) {
    const phrase p = {program, names, topics, out};
    const size_t before = out->length;
    tocsin_status status = say(&p, 0, 0);
    if (status && out->data) out->data[out->length = before] = '\0';
    return status;
}
