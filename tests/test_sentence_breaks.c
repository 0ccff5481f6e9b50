/* Where sentences and paragraphs end: every mark by itself, and random texts compared with a reader of code points. */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "suite.h"
#include "text/line_ends.h"
#include "text/sentence_breaks.h"

/* The effect of a mark between two letters, and at the end. */
static const struct {
    const char *mark;
    int sentence, paragraph; /* whether a new one begins after it, before a letter */
} marks[] = {
    {"\n", 1, 1},     {"\v", 1, 1},      {"\f", 1, 1},      {"\r", 1, 1},  {"\xC2\x85", 1, 1}, {"\u2028", 1, 1},
    {"\u2029", 1, 1}, {"。", 1, 0},      {"｡", 1, 0},       {"！", 1, 0},  {"？", 1, 0},       {"；", 1, 0},
    {"…", 1, 0},      {"‼", 1, 0},       {"⁉", 1, 0},       {"⁇", 1, 0},   {"⁈", 1, 0},        {"﹗", 1, 0},
    {"﹔", 1, 0},     {"︖", 1, 0},      {"︒", 1, 0},      {"︙", 1, 0},  {".", 0, 0},        {"!", 0, 0},
    {"?", 0, 0},      {";", 0, 0},       {"．", 0, 0},      {". ", 1, 0},  {"． ", 1, 0},      {"!\t", 1, 0},
    {"!，", 1, 0},    {"?\u00A0", 1, 0}, {";\u3000", 1, 0}, {"!!", 1, 0},  {"?)", 1, 0},       {";\u00E9", 0, 0},
    {"!１", 0, 0},    {"?٣", 0, 0},      {";Ж", 1, 0},      {"!か", 1, 0}, {".火", 0, 0},      {"!火", 1, 0},
    {"?火", 1, 0},    {";火", 1, 0},     {".\n", 2, 1},     {"，", 0, 0},  {"\xC2\x84", 0, 0}, {"\u00A0", 0, 0},
    {"\u2027", 0, 0}, {"、", 0, 0},      {"：", 0, 0},      {":", 0, 0},   {"。。", 2, 0},     {"。\n", 2, 1},
    {"\t", 0, 0},     {" ", 0, 0},       {"\u2025", 0, 0},  {"⁊", 0, 0},
};

START_TEST(each_mark_ends_a_sentence_or_paragraph) {
    char text[16];
    const size_t length = (size_t)snprintf(text, sizeof text, "a%sb", marks[_i].mark);
    for (size_t at = 0; at < length; at++) {
        tocsin__breaks edges = {.text = text, .length = length};
        tocsin__breaks_advance(&edges, at);
        const int behind = at == length - 1;
        if (behind || at < 2) ck_assert_int_eq((int)edges.sentence, behind ? marks[_i].sentence : 0);
        if (behind || at < 2) ck_assert_int_eq((int)edges.paragraph, behind ? marks[_i].paragraph : 0);
    }
}
END_TEST

static int is_one_of(uint32_t c, const char *list) {
    for (size_t at = 0, next; list[at]; at = next) {
        if (tocsin__utf8_next(list, strlen(list), at, &next) == c) return 1;
    }
    return 0;
}

/* Computes the sentence and the paragraph of each byte, code point by code point. */
static void read_slowly(const char *text, size_t length, uint32_t *sentences, uint32_t *paragraphs) {
    uint32_t sentence = 0, paragraph = 0;
    for (size_t at = 0, next, after; at < length; at = next) {
        const uint32_t c = tocsin__utf8_next(text, length, at, &next);
        const uint32_t then = next < length ? tocsin__utf8_next(text, length, next, &after) : ' ';
        for (size_t i = at; i < next; i++) {
            sentences[i] = sentence;
            paragraphs[i] = paragraph;
        }
        const int line = is_one_of(c, "\n\v\f\r\xC2\x85\u2028\u2029");
        const int latin = (then >= '0' && then <= '9') || (then >= 'a' && then <= 'z') || then == 0xE9;
        const int stop = is_one_of(c, "。｡！？；…‼⁉") || (is_one_of(c, "!?;") && !latin) ||
                         (is_one_of(c, ".．") && is_one_of(then, " \t\n\v\f\r\xC2\x85\u00A0\u2028\u2029\u3000"));
        sentence += (uint32_t)(line || stop);
        paragraph += (uint32_t)line;
    }
}

START_TEST(random_texts_break_as_expected) {
    static const char *const parts[] = {"‼",      "⁉",  "．", "1",  "\n", "\r", "\xC2\x85", "\u2028",   "。",
                                        "！",     "…",  ".",  "!",  "?",  ";",  " ",        "\t",       "\u00A0",
                                        "\u3000", "火", "a",  "，", "𠀀", "é",  "\xC2",     "\xE2\x80", "\xEF\xBC"};
    enum {
        ROUNDS = 2000,
        PARTS = 24
    };
    uint32_t state = 5;
    for (int round = 0; round < ROUNDS; round++) {
        char text[PARTS * 4 + 1] = "";
        uint32_t sentences[sizeof text], paragraphs[sizeof text];
        for (int i = 0; i < PARTS; i++) {
            state = state * 1664525u + 1013904223u;
            strcat(text, parts[(state >> 16) % (sizeof parts / sizeof *parts)]);
        }
        const size_t length = strlen(text);
        tocsin__breaks walker = {.text = text, .length = length};
        read_slowly(text, length, sentences, paragraphs);
        for (size_t at = 0; at < length; at++) {
            tocsin__breaks jumper = {.text = text, .length = length};
            tocsin__breaks_advance(&jumper, at);
            tocsin__breaks_advance(&walker, at);
            ck_assert_uint_eq(jumper.sentence, sentences[at]);
            ck_assert_uint_eq(jumper.paragraph, paragraphs[at]);
            ck_assert_uint_eq(walker.sentence, sentences[at]);
            ck_assert_uint_eq(walker.paragraph, paragraphs[at]);
        }
        tocsin__breaks_advance(&walker, length + 9);
        ck_assert_uint_eq(walker.at, length);
    }
}
END_TEST

/* The characters that end a line for a regex end a paragraph, and no others do. */
START_TEST(line_ends_are_those_of_regexes) {
    for (uint32_t c = 1; c < 0x110000; c++) {
        char text[8] = "a";
        if (c >= 0xD800 && c < 0xE000) continue;
        const size_t length = 1 + tocsin__utf8_put(text + 1, c);
        text[length] = 'b';
        tocsin__breaks edges = {.text = text, .length = length + 1};
        tocsin__breaks_advance(&edges, length);
        ck_assert_msg(edges.paragraph == (uint32_t)tocsin__is_line_end(c), "U+%04X", (unsigned)c);
    }
}
END_TEST

TOCSIN_SUITE("edges", TOCSIN_LOOP(each_mark_ends_a_sentence_or_paragraph, marks)
                          TOCSIN_CASE(line_ends_are_those_of_regexes) TOCSIN_CASE(random_texts_break_as_expected))
