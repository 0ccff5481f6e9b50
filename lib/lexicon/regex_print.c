/*
 * Prints trees as patterns, in two forms: the form that terms keep, which parses to the same tree and is equal only for
 * equal regexes, and the form for Hyperscan, in which nothing depends on its flags or its Unicode version.
 */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "lexicon/list_text.h"
#include "lexicon/regex_ast.h"

/* Which nodes may be printed at a place without parentheses. */
typedef enum level {
    ALTERNATIVES = 0,
    SEQUENCE = 1,
    ONE = 2 /* the operand of a repeat */
} level;

typedef struct printer {
    tocsin_buffer *out;
    tocsin__arena *arena; /* NULL: the form that terms keep */
    tocsin_status status;
} printer;

static void put(printer *p, const char *data, size_t length) {
    if (!p->status) p->status = tocsin_buffer_append(p->out, data, length);
}

static void puts_of(printer *p, const char *text) { put(p, text, strlen(text)); }

/* Prints a character; `special` are the ASCII characters that need a backslash. */
static void put_character(printer *p, uint32_t c, const char *special) {
    char text[16];
    size_t length = 0;
    if (tocsin__is_control(c) || (c >= 0xD800 && c < 0xE000)) {
        length = (size_t)snprintf(text, sizeof text, "\\x{%x}", (unsigned)c);
    } else {
        if (c < 0x80 && strchr(special, (int)c)) text[length++] = '\\';
        length += tocsin__utf8_put(text + length, c);
    }
    put(p, text, length);
}

static void put_range(printer *p, uint32_t first, uint32_t last) {
    static const char special[] = "\\[]^-&~";
    put_character(p, first, special);
    if (last == first) return;
    if (last > first + 1) puts_of(p, "-");
    put_character(p, last, special);
}

/* Leaves out code points that no text contains: Hyperscan refuses them. */
static void put_resolved(printer *p, const tocsin__regex_node *node) {
    const tocsin__code_range *ranges;
    uint32_t count = 0;
    int known = 1, any = 0;
    if (!p->status) p->status = tocsin__regex_resolve(node, p->arena, &ranges, &count, &known);
    puts_of(p, "[");
    for (uint32_t i = 0; i < count && !p->status; i++) {
        const tocsin__code_range r = ranges[i];
        if (r.first < 0xD800) put_range(p, r.first, r.last < 0xD800 ? r.last : 0xD7FF);
        if (r.last > 0xDFFF) put_range(p, r.first > 0xDFFF ? r.first : 0xE000, r.last);
        any |= r.first < 0xD800 || r.last > 0xDFFF;
    }
    puts_of(p, any ? "]" : "^\\x{0}-\\x{10ffff}]");
}

static void put_class(printer *p, const tocsin__regex_node *node) {
    const int bare = !node->negated && !node->member_count && node->set_count == 1 && *node->sets->text == '\\';
    if (!bare) puts_of(p, node->negated ? "[^" : "[");
    for (uint32_t i = 0; i < node->member_count; i++) put_range(p, node->members[i].first, node->members[i].last);
    for (uint32_t i = 0; i < node->set_count; i++) put(p, node->sets[i].text, node->sets[i].length);
    if (!bare) puts_of(p, "]");
}

static void put_count(printer *p, uint32_t least, uint32_t most) {
    char text[32];
    const int length = least == 0 && most == 1 ? snprintf(text, sizeof text, "?")
                       : least == most         ? snprintf(text, sizeof text, "{%u}", least)
                                               : snprintf(text, sizeof text, "{%u,%u}", least, most);
    put(p, text, (size_t)length);
}

static void put_node(printer *p, const tocsin__regex_node *node, level allowed);

static void put_children(printer *p, const tocsin__regex_node *node, level allowed) {
    const int alternatives = node->kind == TOCSIN__REGEX_ALTERNATIVES;
    const int wrapped = allowed > (alternatives ? ALTERNATIVES : SEQUENCE);
    if (wrapped) puts_of(p, "(?:");
    for (const tocsin__regex_node *child = node->first; child; child = child->next) {
        put_node(p, child, SEQUENCE);
        if (alternatives && child->next) puts_of(p, "|");
    }
    if (wrapped) puts_of(p, ")");
}

static void put_node(printer *p, const tocsin__regex_node *node, level allowed) {
    static const char *const edges[] = {"", "(?m:^)", "^", "(?m:$)", "$", "\\z"};
    switch (node->kind) {
        case TOCSIN__REGEX_EMPTY:
            if (allowed == ONE) puts_of(p, "(?:)");
            break;
        case TOCSIN__REGEX_CHARACTER: put_character(p, node->code_point, "\\^$.|?*+()[]{}"); break;
        case TOCSIN__REGEX_DOT:
            if (p->arena) put_resolved(p, node);
            if (!p->arena) puts_of(p, node->all_lines ? "(?s:.)" : ".");
            break;
        case TOCSIN__REGEX_CLASS:
            if (p->arena) put_resolved(p, node);
            if (!p->arena) put_class(p, node);
            break;
        case TOCSIN__REGEX_EDGE:
            if (!p->arena) puts_of(p, edges[node->edge]);
            break;
        case TOCSIN__REGEX_SEQUENCE:
        case TOCSIN__REGEX_ALTERNATIVES: put_children(p, node, allowed); break;
        case TOCSIN__REGEX_GROUP:
            puts_of(p, "(?:");
            put_node(p, node->first, ALTERNATIVES);
            puts_of(p, ")");
            break;
        case TOCSIN__REGEX_REPEAT:
            if (allowed == ONE) puts_of(p, "(?:");
            put_node(p, node->first, ONE);
            put_count(p, node->least, node->most);
            if (allowed == ONE) puts_of(p, ")");
            break;
    }
}

tocsin_status tocsin__regex_print(const tocsin__regex_node *tree, tocsin_buffer *out) {
    printer p = {out, NULL, TOCSIN_OK};
    put_node(&p, tree, ALTERNATIVES);
    return p.status;
}

tocsin_status tocsin__regex_print_for_hyperscan(const tocsin__regex_node *tree, tocsin__arena *arena,
                                                tocsin_buffer *out) {
    printer p = {out, arena, TOCSIN_OK};
    put_node(&p, tree, ALTERNATIVES);
    return p.status;
}
