/*
 * Most of the text that builders write is quoted, and libyaml takes some hundred instructions for each byte of it. This
 * reader takes ten, because it gives up at the first byte that needs a second look.
 */
#include "plan/yaml_flow.h"

#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"

#define FEW_KEYS 8       /* so few are compared one by one */
#define LONGEST_KEY 1000 /* bytes; libyaml sees a longer key only after a question mark */

typedef struct reader {
    const char *at, *end;
    tocsin__place place; /* of `at` */
    tocsin__arena *nodes, *texts;
    size_t node_count;
    int no_memory;
} reader;

static char peek(const reader *r) { return r->at < r->end ? *r->at : '\0'; }

static void step(reader *r) {
    r->at++;
    r->place.column++;
}

static void skip_space(reader *r) {
    for (; r->at < r->end && (*r->at == ' ' || *r->at == '\n'); r->at++) {
        r->place.line += *r->at == '\n';
        r->place.column = *r->at == '\n' ? 1 : r->place.column + 1;
    }
}

static int take(reader *r, char c) {
    if (peek(r) != c) return 0;
    step(r);
    return 1;
}

static tocsin__yaml_node *make_node(reader *r, tocsin__yaml_kind kind) {
    if (++r->node_count > TOCSIN__YAML_NODES_MAX) return NULL;
    tocsin__yaml_node *node = tocsin__arena_allocate(r->nodes, sizeof *node);
    r->no_memory |= !node;
    if (!node) return NULL;
    *node = (tocsin__yaml_node){.kind = kind, .text = {.place = r->place, .source = r->at}};
    return node;
}

static void append(tocsin__yaml_node *parent, tocsin__yaml_node *child) {
    if (parent->last) {
        parent->last->next = child;
    } else {
        parent->first = child;
    }
    parent->last = child;
    parent->count++;
}

static tocsin__yaml_node *end_scalar(reader *r, tocsin__yaml_node *node, tocsin__scalar_style style, const char *value,
                                     size_t length) {
    tocsin__plan_text *text = &node->text;
    text->style = style;
    text->source_length = (size_t)(r->at - text->source);
    text->value = value;
    text->length = length;
    r->no_memory |= !value;
    return value ? node : NULL;
}

/* Four hexadecimal digits; 0 if they are none, a NUL or half of a character. */
static uint32_t read_hex(const char *at) {
    uint32_t c = 0;
    for (int i = 0; i < 4; i++) {
        const char d = at[i];
        if (!((d >= '0' && d <= '9') || (d >= 'A' && d <= 'F') || (d >= 'a' && d <= 'f'))) return 0;
        c = c << 4 | (uint32_t)(d <= '9' ? d - '0' : (d & 7) + 9);
    }
    return c >= 0xD800 && c < 0xE000 ? 0 : c;
}

/* Copies the inside of quotes without its escapes, which were checked. */
static const char *unescape(reader *r, const char *from, size_t length, size_t *value_length) {
    char *copy = tocsin__arena_allocate(r->texts, length + 1);
    size_t to = 0;
    for (size_t i = 0; copy && i < length; i++) {
        if (from[i] != '\\') {
            copy[to++] = from[i];
        } else if (from[i + 1] != 'u') {
            copy[to++] = from[++i];
        } else {
            to += tocsin__utf8_put(copy + to, read_hex(from + i + 2));
            i += 5;
        }
    }
    if (copy) copy[to] = '\0';
    *value_length = to;
    return copy;
}

/* Whether a character of several bytes, which is well-formed, is no line end and allowed: no U+FEFF, for one. */
static int is_allowed(const char *at) {
    const unsigned char *c = (const unsigned char *)at;
    if (c[0] == 0xC2) return c[1] >= 0xA0;
    if (c[0] == 0xE2) return c[1] != 0x80 || (c[2] != 0xA8 && c[2] != 0xA9);
    return c[0] != 0xEF || (c[1] != 0xBF && (c[1] != 0xBB || c[2] != 0xBF));
}

static tocsin__yaml_node *read_quoted(reader *r) {
    tocsin__yaml_node *node = make_node(r, TOCSIN__YAML_SCALAR);
    if (!node) return NULL;
    step(r);
    const char *const start = r->at;
    int has_escapes = 0;
    for (; r->at < r->end && *r->at != '"'; r->at++) {
        const unsigned char c = (unsigned char)*r->at;
        if (c < 0x20 || c == 0x7F) return NULL;
        r->place.column += (c & 0xC0) != 0x80;
        if (c >= 0xC2 && !is_allowed(r->at)) return NULL;
        if (c != '\\') continue;
        has_escapes = 1;
        if (r->end - r->at < 7) return NULL;
        const size_t more = r->at[1] == 'u' && read_hex(r->at + 2) ? 5 : r->at[1] == '"' || r->at[1] == '\\' ? 1 : 0;
        if (!more) return NULL;
        r->at += more;
        r->place.column += (uint32_t)more;
    }
    const size_t raw = (size_t)(r->at - start);
    size_t length = raw;
    if (!take(r, '"')) return NULL;
    const char *value = has_escapes ? unescape(r, start, raw, &length) : tocsin__arena_copy(r->texts, start, raw);
    return end_scalar(r, node, TOCSIN__SCALAR_DOUBLE_QUOTED, value, length);
}

static int is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static tocsin__yaml_node *read_word(reader *r) {
    tocsin__yaml_node *node = make_node(r, TOCSIN__YAML_SCALAR);
    const char *start = r->at;
    if (!node || !is_letter_or_digit(peek(r))) return NULL;
    while (is_letter_or_digit(peek(r))) step(r);
    const size_t length = (size_t)(r->at - start);
    return end_scalar(r, node, TOCSIN__SCALAR_PLAIN, tocsin__arena_copy(r->texts, start, length), length);
}

/* Whether all keys differ; if there are many, the time is linear too. */
static int keys_differ(reader *r, const tocsin__yaml_node *mapping) {
    int differ = 1;
    tocsin__map seen;
    tocsin__map_init(&seen, &r->nodes->allocator);
    for (const tocsin__yaml_node *key = mapping->first; key && differ; key = key->next) {
        uint32_t none = 0;
        const tocsin__yaml_node *other = mapping->count > FEW_KEYS ? key : mapping->first;
        for (; other != key && differ; other = other->next) {
            differ = other->text.length != key->text.length ||
                     memcmp(other->text.value, key->text.value, key->text.length) != 0;
        }
        if (mapping->count <= FEW_KEYS) continue;
        const size_t before = seen.count;
        r->no_memory |= tocsin__map_add(&seen, key->text.value, key->text.length, &none) != TOCSIN_OK;
        differ = !r->no_memory && seen.count > before;
    }
    tocsin__map_release(&seen);
    return differ;
}

static tocsin__yaml_node *read_value(reader *r, unsigned depth);

/* Reads a key and its value. */
static tocsin__yaml_node *read_member(reader *r, unsigned depth) {
    const int is_marked = take(r, '?');
    if (is_marked && !take(r, ' ')) return NULL;
    tocsin__yaml_node *key = peek(r) == '"' ? read_quoted(r) : NULL;
    if (!key || (!is_marked && key->text.source_length > LONGEST_KEY) || !take(r, ':')) return NULL;
    skip_space(r);
    key->value = read_value(r, depth);
    return key->value ? key : NULL;
}

static tocsin__yaml_node *read_brackets(reader *r, tocsin__yaml_kind kind, unsigned depth) {
    const char end = kind == TOCSIN__YAML_LIST ? ']' : '}';
    tocsin__yaml_node *node = depth < TOCSIN__YAML_DEPTH_MAX ? make_node(r, kind) : NULL;
    if (!node) return NULL;
    step(r);
    skip_space(r);
    if (take(r, end)) return node;
    do {
        skip_space(r);
        tocsin__yaml_node *child = kind == TOCSIN__YAML_LIST ? read_value(r, depth + 1) : read_member(r, depth + 1);
        if (!child) return NULL;
        append(node, child);
        skip_space(r);
    } while (take(r, ','));
    return take(r, end) && (kind == TOCSIN__YAML_LIST || keys_differ(r, node)) ? node : NULL;
}

static tocsin__yaml_node *read_value(reader *r, unsigned depth) {
    switch (peek(r)) {
        case '{': return read_brackets(r, TOCSIN__YAML_MAPPING, depth);
        case '[': return read_brackets(r, TOCSIN__YAML_LIST, depth);
        case '"': return read_quoted(r);
        default: return read_word(r);
    }
}

tocsin_status tocsin__yaml_read_flow(tocsin_bytes source, tocsin__place start, tocsin__arena *nodes,
                                     tocsin__arena *texts, tocsin__yaml_node **root) {
    reader r = {.at = source.data, .end = source.data + source.length, .place = start, .nodes = nodes, .texts = texts};
    *root = NULL;
    if (peek(&r) != '{' || tocsin__utf8_valid_prefix(source.data, source.length) != source.length) return TOCSIN_OK;
    tocsin__yaml_node *made = read_value(&r, 0);
    skip_space(&r);
    if (made && r.at == r.end) *root = made;
    return r.no_memory ? TOCSIN_ERROR_MEMORY : TOCSIN_OK;
}
