/*
 * Lists from elsewhere: terms that compile and are hardly meant as they stand, because another program or a person read
 * the list by other rules. Each is a note with what to write instead; the term counts as it is written. And
 * what no term may be: too long, or with characters that never match.
 */
#include "lexicon/term_form.h"

#include <string.h>

#include "base/utf8.h"
#include "lexicon/list_text.h"
#include "text/icu_properties.h"

#define NONE SIZE_MAX

static uint32_t at_of(tocsin_bytes text, size_t at, size_t *next) {
    if (at < text.length) return tocsin__utf8_next(text.data, text.length, at, next);
    *next = at;
    return 0;
}

static tocsin__place place_at(const tocsin__term_draft *draft, size_t offset) {
    tocsin__place place = draft->place;
    if (draft->field) {
        const size_t before = (size_t)(draft->text.data - draft->field->value.data);
        return tocsin__csv_place(draft->field, place.file, before + offset);
    }
    place.column += (uint32_t)tocsin__utf8_count(draft->text.data, offset);
    return place;
}

static tocsin_bytes part_of(tocsin_bytes text, size_t from, size_t to) {
    return tocsin__trim((tocsin_bytes){text.data + from, to - from});
}

static int is_hash(uint32_t c) { return c == '#' || c == 0xFF03; }

static int is_letter(uint32_t c) { return c && (tocsin__is_han(c) || tocsin__is_word_character(c)); }

/* The character before `at`, white space left out; 0 when there is none. */
static uint32_t before(tocsin_bytes text, size_t at) {
    const tocsin_bytes head = tocsin__trim((tocsin_bytes){text.data, at});
    size_t next;
    return head.length ? at_of(head, tocsin__utf8_previous(head.data, head.length), &next) : 0;
}

static uint32_t after(tocsin_bytes text, size_t at) {
    const tocsin_bytes tail = part_of(text, at, text.length);
    size_t next;
    return at_of(tail, 0, &next);
}

tocsin_bytes tocsin__tag_inside(tocsin_bytes text) {
    size_t from, next;
    const uint32_t first = at_of(text, 0, &from);
    const size_t last = text.length ? tocsin__utf8_previous(text.data, text.length) : 0;
    const tocsin_bytes none = {NULL, 0};
    if (!is_hash(first) || last <= from || !is_hash(at_of(text, last, &next))) return none;
    const tocsin_bytes inside = part_of(text, from, last);
    return inside.data == text.data + from && !memchr(inside.data, '#', inside.length) ? inside : none;
}

static int is_chinese_number(uint32_t c) {
    static const char digits[] = "一二三四五六七八九十";
    for (size_t at = 0; at < sizeof digits - 1;) {
        if (tocsin__utf8_next(digits, sizeof digits - 1, at, &at) == c) return 1;
    }
    return 0;
}

static int is_one_of(uint32_t c, const uint32_t *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (list[i] == c) return 1;
    }
    return 0;
}

#define ONE_OF(c, ...) is_one_of(c, (const uint32_t[]){__VA_ARGS__}, sizeof((uint32_t[]){__VA_ARGS__}) / 4)

/* How long a number, or a bullet, in front of a term is: "1. ", "(2)", "三、", "④", "- "; 0: there is none. */
static size_t numbering(tocsin_bytes text) {
    size_t at, next;
    uint32_t c = at_of(text, 0, &at);
    if (c >= 0x2460 && c <= 0x2473) return at; /* ① to ⑳ */
    if (ONE_OF(c, '-', '*', 0x2022, 0x25CF, 0x25A0, 0x2014)) {
        const uint32_t mark = c;
        c = at_of(text, at, &next);
        return mark == 0x2022 || mark == 0x25CF || mark == 0x25A0 || tocsin__is_white_space(c) ? at : 0;
    }
    const int opened = ONE_OF(c, '(', 0xFF08);
    const size_t start = opened ? at : 0;
    size_t digits = 0;
    int chinese = 1, arabic = 1;
    for (at = start; digits < 4; at = next, digits++) {
        c = at_of(text, at, &next);
        const int decimal = (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
        if (!decimal && !is_chinese_number(c)) break;
        chinese = chinese && !decimal;
        arabic = arabic && decimal;
    }
    if (!digits || digits > 3 || (!chinese && !arabic)) return 0;
    const int closed = ONE_OF(c, ')', 0xFF09);
    if (closed && opened) return next;
    if (opened || !(closed || ONE_OF(c, 0x3001) || (arabic && ONE_OF(c, '.', 0xFF0E)))) return 0;
    c = at_of(text, next, &at); /* 3.15 and 1.5 are numbers, 119.com is a name */
    return tocsin__is_han(c) || tocsin__is_white_space(c) ? next : 0;
}

static tocsin_bytes quoted_inside(tocsin_bytes text) {
    static const uint32_t pairs[][2] = {{'"', '"'},       {'\'', '\''},     {0x201C, 0x201D}, {0x2018, 0x2019},
                                        {0x300C, 0x300D}, {0x300E, 0x300F}, {0xFF02, 0xFF02}, {'`', '`'}};
    size_t from, next;
    const uint32_t first = at_of(text, 0, &from);
    const size_t last = text.length ? tocsin__utf8_previous(text.data, text.length) : 0;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs && last > from; i++) {
        if (pairs[i][0] == first && pairs[i][1] == at_of(text, last, &next)) return part_of(text, from, last);
    }
    return (tocsin_bytes){NULL, 0};
}

/* Where a comment behind a term begins: at # or // after white space, or at # between Han characters. */
static size_t comment(tocsin_bytes text) {
    uint32_t last = 0;
    for (size_t at = 0, next = 0, then; at < text.length; at = next) {
        const uint32_t c = at_of(text, at, &next), following = at_of(text, next, &then);
        const int spaced = at > 0 && tocsin__is_white_space(last);
        if (is_hash(c) && (spaced || (at > 0 && tocsin__is_han(last) && tocsin__is_han(following)))) return at;
        if (c == '#' && !at && tocsin__is_white_space(following)) return at;
        if (c == '/' && following == '/' && spaced) return at;
        last = c;
    }
    return NONE;
}

size_t tocsin__find_separator(tocsin_bytes text, size_t from, int strict, size_t *end) {
    for (size_t at = from; at < text.length; at = *end) {
        const uint32_t c = at_of(text, at, end);
        const int sure = ONE_OF(c, 0x3001, '|', 0xFF5C), likely = ONE_OF(c, 0xFF0C, ';', 0xFF1B, 0xFF64);
        if (!sure && (strict || (!likely && !ONE_OF(c, '/', 0xFF0F)))) continue;
        const uint32_t left = before(text, at), right = after(text, *end);
        if (sure || likely ? is_letter(left) && is_letter(right)
                           : left && right && tocsin__is_han(left) && tocsin__is_han(right)) {
            return at;
        }
    }
    return NONE;
}

tocsin_status tocsin__term_check_form(tocsin__list_reports *r, const tocsin__term_draft *draft) {
    const tocsin_bytes text = draft->text;
    char shown[TOCSIN__PREVIEW_SIZE], better[TOCSIN__PREVIEW_SIZE], rest[TOCSIN__PREVIEW_SIZE];
    size_t at, end = 0;
    if (draft->kind != TOCSIN__TERM_LITERAL) return TOCSIN_OK;
    tocsin__preview(shown, text);
    tocsin_bytes inside = tocsin__tag_inside(text);
    if (inside.length) {
        return tocsin__list_note_for_lint(r, "tag-signs", draft->place,
                                          "\"%s\" is found only with its # signs: write %s", shown,
                                          tocsin__preview(better, inside));
    }
    at = numbering(text);
    inside = part_of(text, at, text.length);
    if (at && inside.length) {
        return tocsin__list_note_for_lint(r, "numbered-term", draft->place,
                                          "\"%s\" is found only with its number: write %s", shown,
                                          tocsin__preview(better, inside));
    }
    inside = quoted_inside(text);
    if (inside.length) {
        return tocsin__list_note_for_lint(r, "quoted-term", draft->place,
                                          "\"%s\" is found only within its quotes: write %s", shown,
                                          tocsin__preview(better, inside));
    }
    at = comment(text);
    if (at != NONE) {
        return tocsin__list_note_for_lint(
            r, "comment-in-term", place_at(draft, at),
            "\"%s\" is a term with what looks like a comment: write %s, and the comment on a line "
            "of its own or in the column note",
            shown, at ? tocsin__preview(better, part_of(text, 0, at)) : "the term");
    }
    at = tocsin__find_separator(text, 0, 0, &end);
    if (at == NONE) return TOCSIN_OK;
    return tocsin__list_note_for_lint(
        r, "several-terms", place_at(draft, at),
        "\"%s\" is one term, found only with \"%.*s\" in it: write %s and %s on lines of their own", shown,
        (int)(end - at), text.data + at, tocsin__preview(better, part_of(text, 0, at)),
        tocsin__preview(rest, part_of(text, end, text.length)));
}

/* ---- what no term may be ---- */

/* Folding drops characters, but a text this many times over the limit is refused before it is folded. */
#define UNFOLDED_EXCESS 8

tocsin_status tocsin__term_report_length(tocsin__list_reports *r, uint32_t limit, tocsin__place place, const char *what,
                                         tocsin_bytes text, size_t length) {
    char shown[TOCSIN__PREVIEW_SIZE];
    return tocsin__list_report(r, TOCSIN_SEVERITY_ERROR, "term-too-long", place,
                               "the %s \"%s\" has %zu bytes, %u is the limit", what, tocsin__preview(shown, text),
                               length, limit);
}

static const char *wrong_character(uint32_t c) {
    if (c == 0) return "a NUL";
    if (c == '\n' || c == '\r') return "a line break";
    if (c == '\t') return "a tab";
    if (tocsin__is_control(c)) return "a control character";
    return NULL;
}

tocsin_status tocsin__term_check_text(tocsin__list_reports *r, uint32_t limit, tocsin__place place, const char *what,
                                      tocsin_bytes text, int *sound) {
    char shown[TOCSIN__PREVIEW_SIZE];
    *sound = 0;
    uint64_t longest = (uint64_t)limit * UNFOLDED_EXCESS;
    if (text.length > longest || text.length > TOCSIN_FOLD_MAX)
        return tocsin__term_report_length(r, limit, place, what, text, text.length);
    for (size_t at = 0, next = 0; at < text.length; at = next) {
        uint32_t c = tocsin__utf8_next(text.data, text.length, at, &next);
        const char *wrong = wrong_character(c);
        if (wrong) {
            return tocsin__list_report(r, TOCSIN_SEVERITY_ERROR, "control-character", place,
                                       "%s (U+%04X) in the %s \"%s\"", wrong, (unsigned)c, what,
                                       tocsin__preview(shown, text));
        }
        if (c == 0xFFFD) {
            return tocsin__list_report(r, TOCSIN_SEVERITY_ERROR, "replacement-character", place,
                                       "the %s \"%s\" holds U+FFFD, which stands for lost characters and never "
                                       "matches",
                                       what, tocsin__preview(shown, text));
        }
    }
    *sound = 1;
    return TOCSIN_OK;
}
