/* The slow and obvious matcher: sets of positions, one part of the tree after another. */
#include "regex_naive.h"

#include <stdlib.h>
#include <string.h>

#include "suite.h"
#include "text/line_ends.h"

typedef struct naive {
    const tocsin__view *text;
    tocsin__arena *arena;
} naive;

/* Sets of positions are byte arrays, one element longer than the text. */
static uint8_t *empty_set(const naive *n) {
    uint8_t *set = calloc(n->text->length + 1, 1);
    ck_assert_ptr_nonnull(set);
    return set;
}

static int takes(const naive *n, const tocsin__regex_node *node, uint32_t c) {
    const tocsin__code_range *ranges;
    uint32_t count = 0;
    int known = 0;
    if (node->kind == TOCSIN__REGEX_CHARACTER) return node->code_point == c;
    if (node->kind == TOCSIN__REGEX_DOT) return node->all_lines || !tocsin__is_line_end(c);
    ck_assert_int_eq(tocsin__regex_resolve(node, n->arena, &ranges, &count, &known), TOCSIN_OK);
    ck_assert_int_eq(known, 1);
    for (uint32_t i = 0; i < count; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last) return 1;
    }
    return 0;
}

static int ends_line_at(const naive *n, size_t at) {
    size_t next;
    return at < n->text->length && tocsin__is_line_end(tocsin__view_next(n->text, at, &next));
}

static int is_edge(const naive *n, size_t at, uint8_t edge) {
    const char *text = n->text->text;
    const size_t length = n->text->length;
    size_t next = length;
    switch (edge) {
        case TOCSIN__REGEX_TEXT_START: return at == 0;
        case TOCSIN__REGEX_TEXT_END: return at == length;
        case TOCSIN__REGEX_LINE_START: return at == 0 || ends_line_at(n, tocsin__view_previous(n->text, at));
        case TOCSIN__REGEX_LINE_END: return at == length || ends_line_at(n, at);
        default: break;
    }
    if (at == length) return 1;
    if (!ends_line_at(n, at)) return 0;
    (void)tocsin__view_next(n->text, at, &next);
    return next == length || (length - at == 2 && text[at] == '\r' && text[at + 1] == '\n');
}

/* For matches of the node that begin at a position of `from`, adds their ends to `to`. */
static void match(const naive *n, const tocsin__regex_node *node, const uint8_t *from, uint8_t *to) {
    const size_t size = n->text->length + 1;
    uint8_t *now = empty_set(n);
    memcpy(now, from, size);
    switch (node->kind) {
        case TOCSIN__REGEX_EMPTY: break;
        case TOCSIN__REGEX_CHARACTER:
        case TOCSIN__REGEX_DOT:
        case TOCSIN__REGEX_CLASS:
            memset(now, 0, size);
            for (size_t at = 0, next; at < n->text->length; at = next) {
                const uint32_t c = tocsin__view_next(n->text, at, &next);
                if (from[at] && takes(n, node, c)) now[next] = 1;
            }
            break;
        case TOCSIN__REGEX_EDGE:
            for (size_t at = 0; at < size; at++) now[at] = now[at] && is_edge(n, at, node->edge);
            break;
        case TOCSIN__REGEX_ALTERNATIVES:
            memset(now, 0, size);
            for (const tocsin__regex_node *child = node->first; child; child = child->next) match(n, child, from, now);
            break;
        case TOCSIN__REGEX_GROUP:
        case TOCSIN__REGEX_SEQUENCE:
        case TOCSIN__REGEX_REPEAT:
            for (uint32_t i = 0; i < (node->kind == TOCSIN__REGEX_REPEAT ? node->most : 1); i++) {
                if (node->kind == TOCSIN__REGEX_REPEAT && i >= node->least) {
                    for (size_t at = 0; at < size; at++) to[at] |= now[at];
                }
                for (const tocsin__regex_node *child = node->first; child; child = child->next) {
                    uint8_t *next = empty_set(n);
                    match(n, child, now, next);
                    free(now);
                    now = next;
                }
            }
            break;
    }
    for (size_t at = 0; at < size; at++) to[at] |= now[at];
    free(now);
}

static int is_open(const tocsin__view *text, size_t at, tocsin__edge edge, uint32_t bounds,
                   const tocsin__edge_test *test) {
    int open = 1;
    if (test) ck_assert_int_eq(test->is_open(test->context, text, at, edge, bounds, &open), TOCSIN_OK);
    return open;
}

void regex_naive_scan(tocsin__regex_node *tree, const tocsin__view *text, uint32_t bounds,
                      const tocsin__edge_test *test, uint32_t pattern, tocsin__arena *arena, tocsin__hits *hits) {
    const naive n = {text, arena};
    uint8_t *found = empty_set(&n);
    for (size_t start = 0, next; start < text->length; start = next) {
        uint8_t *from = empty_set(&n), *to = empty_set(&n);
        (void)tocsin__view_next(text, start, &next);
        from[start] = 1;
        if (is_open(text, start, TOCSIN__EDGE_START, bounds, test)) match(&n, tree, from, to);
        for (size_t end = start + 1; end <= text->length; end++) {
            if (!to[end] || found[end] || !is_open(text, end, TOCSIN__EDGE_END, bounds, test)) continue;
            found[end] = 1;
            ck_assert_int_eq(tocsin__hits_add(hits, (uint32_t)start, (uint32_t)end, pattern), TOCSIN_OK);
        }
        free(from);
        free(to);
    }
    free(found);
}
