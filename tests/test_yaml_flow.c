/*
 * The reader of plain flow style against libyaml: whatever it reads, libyaml must read in the same way. A comment at
 * the end makes the text one that only libyaml reads.
 */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "plan/yaml_flow.h"
#include "random_text.h"
#include "suite.h"

static uint32_t below(uint32_t most) { return random_text_below(most); }

static void put(tocsin_buffer *out, const char *text) { ck_assert(!tocsin_buffer_append(out, text, strlen(text))); }

static void put_space(tocsin_buffer *out) {
    static const char *const spaces[] = {"", " ", "\n", "\n  ", "", " \n"};
    put(out, spaces[below(6)]);
}

static int put_long_text; /* more than libyaml takes for a key, or nearly */

static void put_quoted(tocsin_buffer *out) {
    static const char *const pieces[] = {
        "火", "a",       "，", "\\\"", "\\\\",    "\\u706B",          " ", "#",  ": ", "{",  "]", "\xF0\x9F\x9A\x92",
        "·",  "\\u00e9", "'",  "...",  "\\u2028", "消防车来得太慢了", "?", "- ", "% ", "&x", "é"};
    static const char *const odd[] = {"\\n",          "\\u0000",  "\\uD800", "\xC2\x85",     "\xE2\x80\xA8",
                                      "\xEF\xBB\xBF", "\n",       "\t",      "\xEF\xBF\xBE", "\\/",
                                      "\x7F",         "\xC2\x80", "\xFF",    "\\x41",        "\xED\xA0\x80"};
    put(out, "\"");
    for (uint32_t i = below(6); i > 0; i--) put(out, pieces[below(sizeof pieces / sizeof *pieces)]);
    if (!below(300)) put(out, odd[below(sizeof odd / sizeof *odd)]);
    for (uint32_t i = put_long_text ? 400 + below(300) : 0; i > 0; i--) put(out, "长字");
    put_long_text = 0;
    put(out, "\"");
}

static void put_value(tocsin_buffer *out, int depth) {
    static const char *const words[] = {"true", "12", "space", "null", "0x1F", "y"};
    const uint32_t kind = below(depth > 5 ? 2 : 4);
    if (kind == 0) {
        put_quoted(out);
    } else if (kind == 1) {
        put(out, words[below(6)]);
    } else {
        put(out, kind == 2 ? "{" : "[");
        put_space(out);
        for (uint32_t i = 0, count = below(below(20) ? 5 : 30); i < count; i++) {
            if (i) put(out, ",");
            put_space(out);
            if (kind == 2) {
                char unique[16];
                snprintf(unique, sizeof unique, "\"%u", i);
                if (!below(8)) put(out, "? ");
                if (below(60)) {
                    put(out, unique);
                    put(out, "k\"");
                } else {
                    if (!below(10)) put_long_text = 1;
                    put_quoted(out); /* perhaps a second time */
                }
                put(out, ":");
                put_space(out);
            }
            put_value(out, depth + 1);
            if (below(2)) put_space(out);
        }
        put_space(out);
        put(out, kind == 2 ? "}" : "]");
    }
}

/* Changes a few bytes. */
static void damage(tocsin_buffer *text) {
    static const char bytes[] = "{}[]\",:\\ \n?#'ax0-\t";
    for (uint32_t i = 1 + below(2); i > 0 && text->length > 1; i--) {
        const size_t at = below((uint32_t)text->length);
        if (below(2)) {
            text->data[at] = bytes[below(sizeof bytes - 1)];
        } else {
            memmove(text->data + at, text->data + at + 1, text->length - at - 1);
            text->length--;
        }
    }
}

static void compare(const tocsin__yaml_node *one, const tocsin__yaml_node *other) {
    for (; one && other; one = one->next, other = other->next) {
        ck_assert(one->kind == other->kind && one->count == other->count && !one->spoiled && !other->spoiled &&
                  !one->cut && !other->cut);
        ck_assert(one->text.place.line == other->text.place.line && one->text.place.column == other->text.place.column);
        ck_assert_int_eq(one->text.value != NULL, other->text.value != NULL);
        if (one->text.value) {
            ck_assert(one->text.length == other->text.length && one->text.style == other->text.style &&
                      one->text.source_length == other->text.source_length);
            ck_assert(!memcmp(one->text.value, other->text.value, one->text.length + 1));
            ck_assert(!memcmp(one->text.source, other->text.source, one->text.source_length));
        }
        compare(one->value, other->value);
        compare(one->first, other->first);
    }
    ck_assert(!one && !other);
}

/* Returns whether the reader reads it. */
static int compare_readers(tocsin_buffer *text) {
    tocsin__arena arenas[2];
    tocsin__yaml_node *root = NULL, *whole = NULL;
    tocsin__plan_report report = {0};
    for (int i = 0; i < 2; i++) tocsin__arena_init(&arenas[i], tocsin_allocator_default());
    char *copy = tocsin__arena_copy(&arenas[0], text->data, text->length);
    const tocsin__place start = {"plan.yaml", 3, 1};
    ck_assert(!tocsin__yaml_read_flow((tocsin_bytes){copy, text->length}, start, &arenas[0], &arenas[0], &root));
    if (root) {
        put(text, "\n#\n");
        ck_assert(!tocsin__yaml_parse_at("plan.yaml", 3, (tocsin_bytes){text->data, text->length}, &arenas[1],
                                         &arenas[1], &report, &whole));
        ck_assert_msg(!report.errors, "%s", text->data);
        compare(root, whole);
    }
    for (int i = 0; i < 2; i++) tocsin__arena_release(&arenas[i]);
    return root != NULL;
}

START_TEST(libyaml_reads_the_same) {
    const int rounds = test_rounds(60000);
    int sound = 0, damaged = 0;
    random_text_state = 5;
    for (int i = 0; i < rounds; i++) {
        tocsin_buffer text;
        tocsin_buffer_init(&text, NULL);
        put(&text, "{\"a\":");
        put_space(&text);
        put_value(&text, 0);
        put(&text, "}");
        put_space(&text);
        if (i % 2) {
            damage(&text);
            damaged += compare_readers(&text);
        } else {
            sound += compare_readers(&text);
        }
        tocsin_buffer_release(&text);
    }
    ck_assert_int_gt(sound, rounds / 4);
    ck_assert_int_gt(damaged, rounds / 50);
}
END_TEST

/* What needs libyaml, and what is wrong, is left to it. */
START_TEST(all_else_is_left) {
    static const char *const texts[] = {
        "",
        "a: 1\n",
        "[1]",
        "{a: 1}",
        "{\"a\": 1} # note",
        "{\"a\": 1,}",
        "{\"a\": \"b\nc\"}",
        "{\"a\": 'b'}",
        "{\"a\": b c}",
        "{\"a\": &b c}",
        "{\"a\":\tb}",
        "{\"a\": 1, \"a\": 2}",
        "{\"a\": \"\\n\"}      ",
        "{\"a\": \"\\u0000\"}      ",
        "{\"a\": 1",
        "{\"a\" 1}",
        "{\"a\": }",
        "{\"a\": 1}\n---\n",
        "{\"a\": \"\xFF\"}",
        "{\"a\": \"\xEF\xBB\xBF\"}",
        "{\"a\": 1}\r\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        tocsin__arena arena;
        tocsin__yaml_node *root = NULL;
        tocsin__arena_init(&arena, tocsin_allocator_default());
        ck_assert(!tocsin__yaml_read_flow((tocsin_bytes){texts[i], strlen(texts[i])}, (tocsin__place){"f", 1, 1},
                                          &arena, &arena, &root));
        ck_assert_msg(!root, "%s", texts[i]);
        tocsin__arena_release(&arena);
    }
}
END_TEST

TOCSIN_SUITE("yaml flow", TOCSIN_CASE(libyaml_reads_the_same) TOCSIN_CASE(all_else_is_left))
