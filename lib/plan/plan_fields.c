/*
 * The general part of the plan's reader, which knows nothing about plans. Every problem is reported and reading goes on
 * with the next key, so that one run shows all mistakes of a plan. Consequences of a reported problem are not reported
 * again (a spoiled node, a mapping that a syntax error cut off).
 */
#include "plan/plan_fields.h"

#include <stdio.h>
#include <string.h>

#include "base/suggest.h"

#define FIELDS_MAX 16
#define NAMES_SHOWN 256
#define FEW_NAMES 5 /* up to this many are also listed beside a suggestion */

static const char *kind_name(tocsin__yaml_kind kind) {
    return kind == TOCSIN__YAML_SCALAR ? "text" : kind == TOCSIN__YAML_LIST ? "a list" : "a mapping (key: value)";
}

int tocsin__plan_is_empty(const tocsin__yaml_node *node) {
    static const char *const nothing[] = {"", "~", "null", "Null", "NULL"};
    if (node->spoiled || node->kind != TOCSIN__YAML_SCALAR || node->text.style != TOCSIN__SCALAR_PLAIN) return 0;
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
        if (!strcmp(node->text.value, nothing[i])) return 1;
    }
    return 0;
}

static void report_kind(tocsin__plan_reader *reader, const tocsin__yaml_node *key, const tocsin__yaml_node *node,
                        const char *wanted) {
    tocsin__shown name = tocsin__show(key->text.value, key->text.length);
    const char *of = node == key->value ? "" : "an item of ";
    if (tocsin__plan_is_empty(node)) {
        TOCSIN__PLAN_ERROR(&reader->report, "empty", node->text.place, "%s\"%s\" has no value", of, name.text);
    } else {
        TOCSIN__PLAN_ERROR(&reader->report, "wrong-kind", node->text.place, "%s\"%s\" must be %s, not %s", of,
                           name.text, wanted, kind_name(node->kind));
    }
}

int tocsin__plan_expect(tocsin__plan_reader *reader, const tocsin__yaml_node *key, const tocsin__yaml_node *node,
                        tocsin__yaml_kind kind) {
    if (node->spoiled) return 0;
    if (node->kind == kind && !tocsin__plan_is_empty(node)) return 1;
    report_kind(reader, key, node, kind_name(kind));
    return 0;
}

void *tocsin__plan_make(tocsin__plan_reader *reader, size_t count, size_t size) {
    void *memory = tocsin__arena_allocate(reader->arena, count * size);
    if (memory) {
        memset(memory, 0, count * size);
    } else {
        reader->report.status = TOCSIN_ERROR_MEMORY;
    }
    return memory;
}

static size_t field_index(const tocsin__plan_field *fields, const char *name) {
    size_t i = 0;
    while (fields[i].name && strcmp(fields[i].name, name)) i++;
    return i;
}

typedef struct known_names {
    char text[NAMES_SHOWN];
} known_names;

/* Lists names as "there is a, b, c", as far as there is room. */
static void list_names(const char *const *names, size_t count, const char *before, known_names *known) {
    size_t length = (size_t)snprintf(known->text, sizeof known->text, "%s%s", before, count ? "" : "none");
    for (size_t i = 0; i < count; i++) {
        size_t need = strlen(names[i]) + 2;
        if (length + need + sizeof ", …" > sizeof known->text) {
            (void)snprintf(known->text + length, sizeof known->text - length, "%s…", i ? ", " : "");
            return;
        }
        length += (size_t)snprintf(known->text + length, sizeof known->text - length, "%s%s", i ? ", " : "", names[i]);
    }
}

static void report_unknown_key(tocsin__plan_reader *reader, const tocsin__plan_record *record,
                               const tocsin__plan_text *key) {
    const char *names[FIELDS_MAX];
    size_t count = 0;
    for (; record->fields[count].name; count++) names[count] = record->fields[count].name;
    tocsin__shown shown = tocsin__show(key->value, key->length);
    size_t near = tocsin__suggest(key->value, key->length, names, count);
    known_names known = {""};
    if (count <= FEW_NAMES) list_names(names, count, near < count ? " There is " : "; there is ", &known);
    if (near < count) {
        TOCSIN__PLAN_ERROR(&reader->report, "unknown-key", key->place, "%s has no key \"%s\"; did you mean \"%s\"?%s",
                           record->what, shown.text, names[near], known.text);
    } else {
        TOCSIN__PLAN_ERROR(&reader->report, "unknown-key", key->place, "%s has no key \"%s\"%s", record->what,
                           shown.text, known.text);
    }
}

void tocsin__plan_read_record(tocsin__plan_reader *reader, const tocsin__yaml_node *node,
                              const tocsin__plan_record *record, void *into) {
    int seen[FIELDS_MAX] = {0};
    if (node->spoiled) return;
    if (tocsin__plan_is_empty(node)) {
        TOCSIN__PLAN_ERROR(&reader->report, "empty", node->text.place, "%s is empty", record->what);
        return;
    }
    if (node->kind != TOCSIN__YAML_MAPPING) {
        TOCSIN__PLAN_ERROR(&reader->report, "wrong-kind", node->text.place, "%s must be a mapping (key: value), not %s",
                           record->what, kind_name(node->kind));
        return;
    }
    for (const tocsin__yaml_node *key = node->first; key; key = key->next) {
        size_t i = field_index(record->fields, key->text.value);
        const tocsin__plan_field *field = &record->fields[i];
        if (!field->name) {
            if (!key->spoiled) report_unknown_key(reader, record, &key->text);
        } else if (!tocsin__plan_is_empty(key->value)) {
            seen[i] = 1;
            field->read(reader, key, (char *)into + field->offset);
        }
    }
    for (size_t i = 0; record->fields[i].name && !node->cut; i++) {
        if (seen[i] || !record->fields[i].required) continue;
        TOCSIN__PLAN_ERROR(&reader->report, "missing-key", node->text.place, "%s needs \"%s\"", record->what,
                           record->fields[i].name);
    }
}

size_t tocsin__plan_read_records(tocsin__plan_reader *reader, const tocsin__yaml_node *key,
                                 const tocsin__plan_record *record, const void **items) {
    const tocsin__yaml_node *list = key->value;
    if (!tocsin__plan_expect(reader, key, list, TOCSIN__YAML_LIST)) return 0;
    if (list->count == 0 && !list->cut) {
        TOCSIN__PLAN_ERROR(&reader->report, "empty", list->text.place, "\"%s\" is empty", key->text.value);
    }
    char *made = tocsin__plan_make(reader, list->count, record->size);
    size_t count = 0;
    if (!made) return 0;
    for (const tocsin__yaml_node *item = list->first; item; item = item->next) {
        tocsin__plan_read_record(reader, item, record, made + count * record->size);
        if (item->kind == TOCSIN__YAML_MAPPING) count++;
    }
    *items = made;
    return count;
}

void tocsin__plan_read_text(tocsin__plan_reader *reader, const tocsin__yaml_node *key, void *into) {
    if (!tocsin__plan_expect(reader, key, key->value, TOCSIN__YAML_SCALAR)) return;
    *(tocsin__plan_text *)into = key->value->text;
}

void tocsin__plan_read_texts(tocsin__plan_reader *reader, const tocsin__yaml_node *key, void *into) {
    const tocsin__yaml_node *value = key->value;
    tocsin__plan_texts *texts = into;
    if (value->kind == TOCSIN__YAML_MAPPING) {
        report_kind(reader, key, value, "text or a list of texts");
        return;
    }
    int one = value->kind == TOCSIN__YAML_SCALAR;
    tocsin__plan_text *items = tocsin__plan_make(reader, one ? 1 : value->count, sizeof *items);
    if (!items) return;
    size_t count = 0;
    for (const tocsin__yaml_node *item = one ? value : value->first; item; item = one ? NULL : item->next) {
        if (!tocsin__plan_expect(reader, key, item, TOCSIN__YAML_SCALAR)) continue;
        if (item->text.length) {
            items[count++] = item->text;
        } else {
            TOCSIN__PLAN_ERROR(&reader->report, "empty", item->text.place, "%s\"%s\" is empty",
                               one ? "" : "an item of ", key->text.value);
        }
    }
    texts->items = items;
    texts->count = count;
}

void tocsin__plan_read_number(tocsin__plan_reader *reader, const tocsin__yaml_node *key, void *into) {
    if (!tocsin__plan_expect(reader, key, key->value, TOCSIN__YAML_SCALAR)) return;
    const tocsin__plan_text *text = &key->value->text;
    uint64_t value = 0;
    size_t i = 0;
    for (; i < text->length && text->value[i] >= '0' && text->value[i] <= '9'; i++) {
        unsigned digit = (unsigned)(text->value[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) break;
        value = value * 10 + digit;
    }
    if (i == text->length && i > 0) {
        *(uint64_t *)into = value;
        return;
    }
    TOCSIN__PLAN_ERROR(&reader->report, "bad-number", text->place,
                       "\"%s\" must be a whole number from 0 to 18446744073709551615, not \"%s\"", key->text.value,
                       tocsin__show(text->value, text->length).text);
}

size_t tocsin__plan_choose(tocsin__plan_reader *reader, const char *code, const char *what,
                           const tocsin__plan_text *text, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strlen(names[i]) == text->length && !memcmp(names[i], text->value, text->length)) return i;
    }
    tocsin__shown shown = tocsin__show(text->value, text->length);
    size_t near = tocsin__suggest(text->value, text->length, names, count);
    known_names known = {""};
    if (near < count) {
        if (count <= FEW_NAMES && !strcmp(code, "bad-value")) list_names(names, count, " There is ", &known);
        TOCSIN__PLAN_ERROR(&reader->report, code, text->place, "unknown %s \"%s\"; did you mean \"%s\"?%s", what,
                           shown.text, tocsin__show(names[near], strlen(names[near])).text, known.text);
    } else {
        list_names(names, count, "there is ", &known);
        TOCSIN__PLAN_ERROR(&reader->report, code, text->place, "unknown %s \"%s\"; %s", what, shown.text, known.text);
    }
    return count;
}
