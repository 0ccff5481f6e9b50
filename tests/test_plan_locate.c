/* Maps an offset in the value of a YAML scalar to its position in the file, for every style of scalar. */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "plan/plan_report.h"
#include "plan/yaml_tree.h"
#include "random_text.h"
#include "suite.h"

typedef struct tree {
    tocsin__arena nodes;
    tocsin__arena texts;
    tocsin__yaml_node *root;
    size_t errors;
} tree;

static void parse(tree *t, const char *yaml, size_t length) {
    tocsin__plan_report report = {0};
    tocsin__arena_init(&t->nodes, tocsin_allocator_default());
    tocsin__arena_init(&t->texts, tocsin_allocator_default());
    ck_assert_int_eq(
        tocsin__yaml_parse("p.yaml", (tocsin_bytes){yaml, length}, &t->nodes, &t->texts, &report, &t->root), TOCSIN_OK);
    t->errors = report.errors;
}

static void release(tree *t) {
    tocsin__arena_release(&t->nodes);
    tocsin__arena_release(&t->texts);
}

/* Every case is a mapping whose last key's value is the scalar. */
static const struct {
    const char *yaml, *value, *needle;
    uint32_t line, column;
} cases[] = {
    {"when: a & b", "a & b", "b", 1, 11},
    {"when: 火 & b", "火 & b", "b", 1, 11},
    {"火警条件: 火灾 & 慢", "火灾 & 慢", "慢", 1, 12},
    {"\xEF\xBB\xBFwhen: a & b", "a & b", "b", 1, 11},
    {"\xEF\xBB\xBF火: a & b", "a & b", "b", 1, 8},
    {"n: 火火\nwhen: a\n  & 火\n  & c", "a & 火 & c", "c", 4, 5},
    {"when: a\n  & 火 b\n", "a & 火 b", "b", 2, 7},
    {"when: a\n\n\n  b", "a\n\nb", "b", 4, 3},
    {"when: a  \t b", "a  \t b", "b", 1, 12},
    {"when: a   \n   b  c", "a b  c", "c", 2, 7},
    {"when: a\r\n  b\r\n  c", "a b c", "c", 3, 3},
    {"when: a\r  b\r  c", "a b c", "c", 3, 3},
    {"when: 'a & b'", "a & b", "a", 1, 8},
    {"when: '火''s & b'", "火's & b", "b", 1, 15},
    {"when: '火''s & b'", "火's & b", "'", 1, 9},
    {"when: 'a\n\n  火 b'", "a\n火 b", "b", 3, 5},
    {"when: ' a\n b'", " a b", "b", 2, 2},
    {"when: \"a & 火 & b\"", "a & 火 & b", "b", 1, 16},
    {"when: \"\\u706b & b\"", "火 & b", "b", 1, 17},
    {"when: \"\\x41\\t\\U0001F525\\N\\_\\L\\P\\e\\\\\\\"x\"", "A\t🔥\xC2\x85\xC2\xA0\xE2\x80\xA8\xE2\x80\xA9\x1B\\\"x",
     "x", 1, 38},
    {"when: \"a \\\n   火 b\"", "a 火 b", "b", 2, 6},
    {"when: \"a \\\n   \n  b\"", "a \nb", "b", 3, 3},
    {"when: \"a   \n   b\"", "a b", "b", 2, 4},
    {"when: \"a\n  \\ b\"", "a  b", "b", 2, 5},
    {"when: |\n  a &\n  火 & b\n", "a &\n火 & b\n", "b", 3, 7},
    {"when: |\n\n  a\n    b\n\n  c\n", "\na\n  b\n\nc\n", "c", 6, 3},
    {"when: |\n\n  a\n    b\n\n  c\n", "\na\n  b\n\nc\n", "b", 4, 5},
    {"when: |2-\n    a\n  b", "  a\nb", "b", 3, 3},
    {"when: |2-\n    a\n  b", "  a\nb", "a", 2, 5},
    {"when: |+ # 注\n  a\n  b\n\n", "a\nb\n\n", "b", 3, 3},
    {"when: >\n  a &\n  火 & b\n", "a & 火 & b\n", "b", 3, 7},
    {"when: >-\n  a\n\n  b\n  c", "a\nb c", "c", 5, 3},
    {"when: >-\n  a\n\n  b\n  c", "a\nb c", "b", 4, 3},
    {"when: >\n  a\n    b\n    c\n  d\n", "a\n  b\n  c\nd\n", "d", 5, 3},
    {"when: >\n  a\n    b\n\n    c\n  d\n", "a\n  b\n\n  c\nd\n", "c", 5, 5},
    {"when: >\n  a\n    b\n\n    c\n  d\n", "a\n  b\n\n  c\nd\n", "d", 6, 3},
    {"when: >-\r\n  a\r\n  b\r\n", "a b", "b", 3, 3},
    {"- x\n- when: >\n    a\n    b", "a b", "b", 4, 5},
    {"tiers: [{when: \"a &\n  火 x\"}]", "a & 火 x", "x", 2, 5},
    {"a: 火\n火: 🔥🔥 b", "🔥🔥 b", "b", 2, 7},
    {"a: b\xC2\x85"
     "c: d",
     "d", "d", 1, 9}, /* libyaml ends a line here, an editor does not */
    {"when: a\xE2\x80\xA8  b",
     "a\xE2\x80\xA8"
     "b",
     "b", 1, 11},
};

static const tocsin__yaml_node *last_value(const tocsin__yaml_node *node) {
    while (node->kind != TOCSIN__YAML_SCALAR)
        node = node->kind == TOCSIN__YAML_MAPPING ? node->last->value : node->last;
    return node;
}

START_TEST(offsets_inside_scalars_are_located) {
    tree t;
    const char *yaml = cases[_i].yaml;
    parse(&t, yaml, strlen(yaml));
    ck_assert_uint_eq(t.errors, 0);
    const tocsin__plan_text *text = &last_value(t.root)->text;
    ck_assert_str_eq(text->value, cases[_i].value);
    size_t offset = (size_t)(strstr(text->value, cases[_i].needle) - text->value);
    tocsin__place place = tocsin__plan_locate(text, offset);
    ck_assert_str_eq(place.file, "p.yaml");
    ck_assert_uint_eq(place.line, cases[_i].line);
    ck_assert_uint_eq(place.column, cases[_i].column);
    release(&t);
}
END_TEST

/* The end of a value: after its last character. */
static const struct {
    const char *yaml;
    uint32_t line, column;
} ends[] = {
    {"when: a &", 1, 10},        {"when: 'a &'", 1, 11},       {"when: \"火 & \"", 1, 12},
    {"when: ''", 1, 8},          {"when: >\n  a &\n\n", 2, 6}, {"when: |+\n  a\n  火 &\n\n\n", 3, 6},
    {"when: a\n  & 火\n", 2, 6}, {"when: \"\\\n\"", 1, 8},
};

START_TEST(the_end_of_a_scalar_is_located) {
    tree t;
    parse(&t, ends[_i].yaml, strlen(ends[_i].yaml));
    ck_assert_uint_eq(t.errors, 0);
    const tocsin__plan_text *text = &last_value(t.root)->text;
    static const size_t past[] = {0, 1, 1000, SIZE_MAX - 5};
    for (size_t i = 0; i < 4; i++) {
        tocsin__place place = tocsin__plan_locate(text, i < 3 ? text->length + past[i] : past[i]);
        ck_assert_uint_eq(place.line, ends[_i].line);
        ck_assert_uint_eq(place.column, ends[_i].column);
    }
    release(&t);
}
END_TEST

static const char *const pieces[] = {"a",    "b",       "&",        "火",           "灾",   "é",   "🔥",  "x1", " ",
                                     " ",    "  ",      "\n",       "\n",           "\n\n", "\n ", "\t", "''", "\\t",
                                     "\\\n", "\\u706b", "\xC2\x85", "\xE2\x80\xA8", "\r\n", "(c)"};

static size_t random_scalar(char *out, int style) {
    static const char *const opening[] = {"k: a", "k: '", "k: \"", "k: |", "k: >"};
    size_t length = (size_t)sprintf(out, "%s", opening[style]);
    if (style >= TOCSIN__SCALAR_LITERAL) {
        size_t digit = random_text_below(5);
        length += (size_t)sprintf(out + length, "%s%s\n",
                                  digit == 1   ? "1"
                                  : digit == 2 ? "3"
                                               : "",
                                  random_text_below(3) == 0 ? "+"
                                  : random_text_below(2)    ? "-"
                                                            : "");
        length += (size_t)sprintf(out + length, "%s", digit == 2 ? "   " : " ");
    }
    for (size_t n = random_text_below(24); n > 0; n--) {
        const char *piece = pieces[random_text_below(sizeof pieces / sizeof *pieces)];
        int spelled = strchr(piece, '\\') || strchr(piece, '\'');
        if (spelled && (style == TOCSIN__SCALAR_PLAIN || style >= TOCSIN__SCALAR_LITERAL)) continue;
        if (strchr(piece, '\\') && style != TOCSIN__SCALAR_DOUBLE_QUOTED) continue;
        length += (size_t)sprintf(out + length, "%s", piece);
        size_t ended = strcspn(piece, "\n\r\xC2\xE2") < strlen(piece);
        if (ended && random_text_below(8))
            length += (size_t)sprintf(out + length, "%s", random_text_below(4) ? " " : "   ");
    }
    if (style == TOCSIN__SCALAR_SINGLE_QUOTED) length += (size_t)sprintf(out + length, "'");
    if (style == TOCSIN__SCALAR_DOUBLE_QUOTED) length += (size_t)sprintf(out + length, "\"");
    return length;
}

static int is_space_byte(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* Each byte of the value comes from the byte of the source that is the same, or from an escape or a line break. */
static void check_alignment(const tocsin__plan_text *text) {
    if (strspn(text->value, " \n\xE2\x80\xA8") == text->length) return;
    size_t before = 0;
    for (size_t at = 0, next = 0; at < text->length; at = next) {
        (void)tocsin__utf8_next(text->value, text->length, at, &next);
        size_t from = tocsin__plan_source_offset(text, at);
        const char *source = text->source + from;
        ck_assert_uint_ge(from, before);
        ck_assert_uint_lt(from, text->source_length);
        before = from + 1;
        if (*source == '\\') continue;
        if (is_space_byte(text->value[at])) {
            ck_assert_msg(is_space_byte(*source) || *source == '\xC2', "%s: %zu", text->source, at);
        } else {
            ck_assert_msg(!memcmp(source, text->value + at, next - at), "<%s> value <%s> at %zu, source %zu",
                          text->source, text->value, at, from);
        }
    }
}

static const int styles[] = {0, 1, 2, 3, 4};

START_TEST(random_scalars_are_located) {
    size_t good = 0;
    random_text_state = (uint64_t)_i + 1;
    for (size_t i = 0; i < 8000; i++) {
        char yaml[1024];
        size_t length = random_scalar(yaml, styles[_i]);
        tree t;
        parse(&t, yaml, length);
        if (t.errors == 0 && t.root->kind == TOCSIN__YAML_MAPPING && t.root->count == 1) {
            check_alignment(&t.root->first->value->text);
            good++;
        }
        release(&t);
    }
    ck_assert_uint_gt(good, 2000);
}
END_TEST

TOCSIN_SUITE("plan_locate",
             TOCSIN_LOOP(offsets_inside_scalars_are_located, cases) TOCSIN_LOOP(the_end_of_a_scalar_is_located, ends)
                 TOCSIN_LOOP(random_scalars_are_located, styles))
