/*
 * The libyaml adaptor. It reads events, not libyaml's documents: those resolve aliases and lose the place of a
 * mapping's keys. Everything that a plan cannot use is refused here with its place, so that the reader of the tree only
 * meets text, lists and mappings. The encoding is checked before libyaml starts: its reader runs ahead of its parser
 * and would report a stray byte before mistakes that stand above it.
 *
 * libyaml counts characters, not bytes; a cursor that moves with the events converts them to bytes, lines and columns
 * of code points in one pass.
 */
#include "plan/yaml_tree.h"

#include <string.h>

#include <yaml.h>

#include "base/hash.h"
#include "base/utf8.h"

#define BAD_CHARACTERS_SHOWN 10
#define STANDARD_TAG "tag:yaml.org,2002:" /* the long form of !! */

typedef struct cursor {
    size_t index; /* characters, as libyaml counts them */
    size_t byte;
    tocsin__place place;
} cursor;

typedef struct level {
    tocsin__yaml_node *node;
    tocsin__yaml_node *key; /* waits for its value */
} level;

typedef struct builder {
    const char *source; /* without a byte order mark */
    size_t length;
    cursor at;
    cursor origin;
    tocsin__arena *nodes;
    tocsin__arena *texts;
    tocsin__plan_report *report;
    tocsin__yaml_node *root;
    level levels[TOCSIN__YAML_DEPTH_MAX];
    size_t depth;
    size_t node_count;
    size_t documents;
    int stop;
} builder;

static const cursor *seek(builder *b, const yaml_mark_t *mark) {
    if (mark->index < b->at.index) b->at = b->origin;
    size_t byte = b->at.byte;
    for (size_t left = mark->index - b->at.index; left && byte < b->length; left--) {
        do byte++;
        while (byte < b->length && ((unsigned char)b->source[byte] & 0xC0) == 0x80);
    }
    tocsin__place_advance(&b->at.place, b->source + b->at.byte, byte - b->at.byte, b->length - b->at.byte);
    b->at.byte = byte;
    b->at.index = mark->index;
    return &b->at;
}

static tocsin__scalar_style style_of(yaml_scalar_style_t style) {
    switch (style) {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: return TOCSIN__SCALAR_SINGLE_QUOTED;
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return TOCSIN__SCALAR_DOUBLE_QUOTED;
        case YAML_LITERAL_SCALAR_STYLE: return TOCSIN__SCALAR_LITERAL;
        case YAML_FOLDED_SCALAR_STYLE: return TOCSIN__SCALAR_FOLDED;
        default: return TOCSIN__SCALAR_PLAIN;
    }
}

static tocsin__yaml_node *make_node(builder *b, tocsin__yaml_kind kind, const yaml_mark_t *mark) {
    const cursor *at = seek(b, mark);
    if (++b->node_count > TOCSIN__YAML_NODES_MAX) {
        TOCSIN__PLAN_ERROR(b->report, "too-large", at->place, "the plan has more than %u values",
                           TOCSIN__YAML_NODES_MAX);
        b->stop = 1;
        return NULL;
    }
    tocsin__yaml_node *node = tocsin__arena_allocate(b->nodes, sizeof *node);
    if (!node) {
        b->report->status = TOCSIN_ERROR_MEMORY;
        return NULL;
    }
    memset(node, 0, sizeof *node);
    node->kind = kind;
    node->text.place = at->place;
    node->text.source = b->source + at->byte;
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

static void attach_key(builder *b, level *top, tocsin__yaml_node *key) {
    if (key->kind != TOCSIN__YAML_SCALAR) {
        TOCSIN__PLAN_ERROR(b->report, "wrong-kind", key->text.place, "a key must be text, not a list or a mapping");
    }
    top->key = key;
}

static void attach(builder *b, tocsin__yaml_node *node) {
    level *top = b->depth ? &b->levels[b->depth - 1] : NULL;
    if (!top) {
        b->root = node;
    } else if (top->node->kind == TOCSIN__YAML_LIST) {
        append(top->node, node);
    } else if (!top->key) {
        attach_key(b, top, node);
    } else {
        top->key->value = node;
        if (top->key->kind == TOCSIN__YAML_SCALAR) append(top->node, top->key);
        top->key = NULL;
    }
}

static void refuse(builder *b, const yaml_mark_t *mark, const char *code, const char *what, const yaml_char_t *name) {
    TOCSIN__PLAN_ERROR(b->report, code, seek(b, mark)->place,
                       "%s%s: a plan has no tags, anchors or aliases; put the text in quotes if it starts so", what,
                       tocsin__show((const char *)name, strlen((const char *)name)).text);
}

static void refuse_properties(builder *b, const yaml_mark_t *mark, const yaml_char_t *anchor, const yaml_char_t *tag) {
    if (anchor) refuse(b, mark, "yaml-anchor", "anchor &", anchor);
    size_t standard =
        tag && !strncmp((const char *)tag, STANDARD_TAG, sizeof STANDARD_TAG - 1) ? sizeof STANDARD_TAG - 1 : 0;
    if (tag) refuse(b, mark, "yaml-tag", standard ? "tag !!" : "tag ", tag + standard);
}

static void on_scalar(builder *b, const yaml_event_t *event) {
    refuse_properties(b, &event->start_mark, event->data.scalar.anchor, event->data.scalar.tag);
    tocsin__yaml_node *node = make_node(b, TOCSIN__YAML_SCALAR, &event->start_mark);
    if (!node) return;
    tocsin__plan_text *text = &node->text;
    text->value = tocsin__arena_copy(b->texts, (const char *)event->data.scalar.value, event->data.scalar.length);
    text->length = event->data.scalar.length;
    text->style = style_of(event->data.scalar.style);
    text->source_length = seek(b, &event->end_mark)->byte - (size_t)(text->source - b->source);
    node->spoiled = event->data.scalar.anchor || event->data.scalar.tag;
    if (!text->value) {
        b->report->status = TOCSIN_ERROR_MEMORY;
        return;
    }
    const char *nul = memchr(text->value, '\0', text->length);
    if (nul) {
        TOCSIN__PLAN_ERROR(b->report, "yaml-character", tocsin__plan_locate(text, (size_t)(nul - text->value)),
                           "a NUL character is not allowed");
        node->spoiled = 1;
    }
    attach(b, node);
}

static void on_alias(builder *b, const yaml_event_t *event) {
    refuse(b, &event->start_mark, "yaml-alias", "alias *", event->data.alias.anchor);
    tocsin__yaml_node *node = make_node(b, TOCSIN__YAML_SCALAR, &event->start_mark);
    if (!node) return;
    node->spoiled = 1;
    node->text.value = "";
    attach(b, node);
}

static void on_open(builder *b, tocsin__yaml_kind kind, const yaml_event_t *event) {
    if (kind == TOCSIN__YAML_LIST) {
        refuse_properties(b, &event->start_mark, event->data.sequence_start.anchor, event->data.sequence_start.tag);
    } else {
        refuse_properties(b, &event->start_mark, event->data.mapping_start.anchor, event->data.mapping_start.tag);
    }
    if (b->depth >= TOCSIN__YAML_DEPTH_MAX) {
        TOCSIN__PLAN_ERROR(b->report, "yaml-depth", seek(b, &event->start_mark)->place,
                           "lists and mappings are nested more than %u deep", TOCSIN__YAML_DEPTH_MAX);
        b->stop = 1;
        return;
    }
    tocsin__yaml_node *node = make_node(b, kind, &event->start_mark);
    if (!node) return;
    attach(b, node);
    b->levels[b->depth++] = (level){node, NULL};
}

/* Drops repeated keys: the first one counts. */
static void drop_repeated_keys(builder *b, tocsin__yaml_node *mapping) {
    tocsin__map seen;
    tocsin__map_init(&seen, &b->nodes->allocator);
    tocsin__yaml_node *key = mapping->first;
    mapping->first = mapping->last = NULL;
    mapping->count = 0;
    while (key) {
        tocsin__yaml_node *next = key->next;
        const tocsin__plan_text *text = &key->text;
        uint32_t line = text->place.line;
        size_t before = seen.count;
        tocsin_status status = key->spoiled ? TOCSIN_OK : tocsin__map_add(&seen, text->value, text->length, &line);
        key->next = NULL;
        if (status || key->spoiled || seen.count > before) {
            append(mapping, key);
        } else {
            TOCSIN__PLAN_ERROR(b->report, "duplicate-key", text->place,
                               "\"%s\" is written a second time; first in line %u",
                               tocsin__show(text->value, text->length).text, line);
        }
        tocsin__plan_report_note(b->report, status);
        key = next;
    }
    tocsin__map_release(&seen);
}

static void on_close(builder *b) {
    tocsin__yaml_node *node = b->levels[--b->depth].node;
    if (node->kind == TOCSIN__YAML_MAPPING) drop_repeated_keys(b, node);
}

static void on_document(builder *b, const yaml_event_t *event) {
    if (b->documents++ == 0) return;
    TOCSIN__PLAN_ERROR(b->report, "yaml-document", seek(b, &event->start_mark)->place,
                       "a second document starts here; a plan is one document");
    b->stop = 1;
}

static void on_event(builder *b, const yaml_event_t *event) {
    switch (event->type) {
        case YAML_DOCUMENT_START_EVENT: on_document(b, event); break;
        case YAML_ALIAS_EVENT: on_alias(b, event); break;
        case YAML_SCALAR_EVENT: on_scalar(b, event); break;
        case YAML_SEQUENCE_START_EVENT: on_open(b, TOCSIN__YAML_LIST, event); break;
        case YAML_MAPPING_START_EVENT: on_open(b, TOCSIN__YAML_MAPPING, event); break;
        case YAML_SEQUENCE_END_EVENT:
        case YAML_MAPPING_END_EVENT: on_close(b); break;
        case YAML_STREAM_END_EVENT: b->stop = 1; break;
        default: break;
    }
}

/* A hint for an error that libyaml words itself. */
static const char *hint_at(const builder *b, const char *context) {
    char c = b->at.byte < b->length ? b->source[b->at.byte] : '\0';
    if (strstr(context, "an anchor") || strstr(context, "an alias") || strstr(context, "a tag")) {
        return "; put text that starts with &, * or ! in quotes";
    }
    if (!strstr(context, "for the next token")) return "";
    return c == '\t' ? "; indent with spaces, not with tabs" : "; put text that starts so in quotes";
}

static void on_error(builder *b, const yaml_parser_t *parser) {
    b->stop = 1;
    if (parser->error == YAML_MEMORY_ERROR) {
        b->report->status = TOCSIN_ERROR_MEMORY;
        return;
    }
    const char *problem = parser->problem ? parser->problem : "this is not YAML";
    const char *context = parser->context ? parser->context : "";
    uint32_t context_line = *context ? seek(b, &parser->context_mark)->place.line : 0;
    tocsin__place place = seek(b, &parser->problem_mark)->place;
    const char *hint = hint_at(b, context), *comma = *context ? ", " : "";
    if (context_line && context_line != place.line) {
        TOCSIN__PLAN_ERROR(b->report, "yaml-syntax", place, "%s, %s that starts in line %u%s", problem, context,
                           context_line, hint);
    } else {
        TOCSIN__PLAN_ERROR(b->report, "yaml-syntax", place, "%s%s%s%s", problem, comma, context, hint);
    }
}

/* After an error inside a mapping, libyaml may have invented an empty value for its last key. */
static void cut(tocsin__yaml_node *node) {
    node->cut = 1;
    if (node->kind != TOCSIN__YAML_MAPPING || !node->last) return;
    tocsin__yaml_node *value = node->last->value;
    if (value->kind == TOCSIN__YAML_SCALAR && !value->text.source_length) value->spoiled = 1;
}

static void run(builder *b) {
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        b->report->status = TOCSIN_ERROR_MEMORY;
        return;
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)b->source, b->length);
    while (!b->stop && !b->report->status) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            on_error(b, &parser);
            break;
        }
        on_event(b, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    while (b->depth) {
        cut(b->levels[b->depth - 1].node);
        on_close(b);
    }
}

static int is_allowed(uint32_t c) {
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0x7F) || c == 0x85 ||
           (c >= 0xA0 && c <= 0x10FFFF && c != 0xFFFE && c != 0xFFFF);
}

static void report_character(builder *b, size_t at, uint32_t c, tocsin__place place) {
    if (c == TOCSIN__UTF8_MALFORMED) {
        TOCSIN__PLAN_ERROR(b->report, "yaml-encoding", place, "byte 0x%02X is not UTF-8; save the plan as UTF-8",
                           (unsigned)(unsigned char)b->source[at]);
    } else {
        TOCSIN__PLAN_ERROR(b->report, "yaml-character", place, "character U+%04X is not allowed", (unsigned)c);
    }
}

static int are_allowed(const char *text, size_t length) {
    for (size_t at = 0; at < length;) {
        if (!is_allowed(tocsin__utf8_next(text, length, at, &at))) return 0;
    }
    return 1;
}

/* 1 if YAML allows every character; otherwise the first few places that it does not allow are reported. */
static int look_at_characters(builder *b) {
    if (are_allowed(b->source, b->length)) return 1;
    size_t bad = 0;
    tocsin__place place = b->origin.place, last = place;
    for (size_t at = 0, next = 0; at < b->length; at = next) {
        uint32_t c = tocsin__utf8_next(b->source, b->length, at, &next);
        if (!is_allowed(c)) {
            last = place;
            if (bad++ < BAD_CHARACTERS_SHOWN) report_character(b, at, c, place);
        }
        if (c == TOCSIN__UTF8_MALFORMED) {
            place.column++;
        } else {
            tocsin__place_advance(&place, b->source + at, next - at, b->length - at);
        }
    }
    if (bad > BAD_CHARACTERS_SHOWN) {
        TOCSIN__PLAN_ERROR(b->report, "yaml-encoding", last, "and %zu more such places up to here",
                           bad - BAD_CHARACTERS_SHOWN);
    }
    return 0;
}

tocsin_status tocsin__yaml_parse(const char *file, tocsin_bytes source, tocsin__arena *nodes, tocsin__arena *texts,
                                 tocsin__plan_report *report, tocsin__yaml_node **root) {
    return tocsin__yaml_parse_at(file, 1, source, nodes, texts, report, root);
}

tocsin_status tocsin__yaml_parse_at(const char *file, uint32_t line, tocsin_bytes source, tocsin__arena *nodes,
                                    tocsin__arena *texts, tocsin__plan_report *report, tocsin__yaml_node **root) {
    builder b = {.nodes = nodes, .texts = texts, .report = report};
    b.origin.place = b.at.place = (tocsin__place){file, line, 1};
    *root = NULL;
    if (source.length > TOCSIN__YAML_BYTES_MAX) {
        TOCSIN__PLAN_ERROR(report, "too-large", b.origin.place, "the plan has %zu bytes; at most %u are read",
                           source.length, TOCSIN__YAML_BYTES_MAX);
        return report->status;
    }
    size_t skip = source.length >= 3 && !memcmp(source.data, "\xEF\xBB\xBF", 3) ? 3 : 0;
    b.length = source.length - skip;
    b.source = tocsin__arena_copy(texts, b.length ? source.data + skip : "", b.length);
    if (!b.source) return TOCSIN_ERROR_MEMORY;
    if (look_at_characters(&b)) {
        run(&b);
        *root = b.root;
    }
    return report->status;
}
