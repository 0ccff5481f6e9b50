/*
 * Finds terms in lists from elsewhere that compile but are hardly meant so, because another program or a person reads
 * such lists by other rules. Each gets a note that says what to write instead; the term still counts as it is written.
 * Also refuses terms that are too long or contain characters that never match.
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

/* The character before `at`, without white space; 0 if there is none. */
static uint32_t before(tocsin_bytes text, size_t at) {
    const tocsin_bytes head = tocsin__trim((tocsin_bytes){text.data, at});
    size_t next;
    return head.length ? at_of(head, tocsin__utf8_previous(head.data, head.length), &next) : 0;
}

static uint32_t after(tocsin_bytes text, size_t at) {
    if (at >= text.length) return 0;
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

int tocsin__begins_with_tag(tocsin_bytes text) {
    size_t at, next;
    int letters = 0;
    if (!is_hash(at_of(text, 0, &at))) return 0;
    for (; at < text.length; at = next) {
        const uint32_t c = at_of(text, at, &next);
        if (is_hash(c)) return letters && next < text.length;
        if (tocsin__is_white_space(c)) return 0;
        letters |= is_letter(c);
    }
    return 0;
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

/* The length of a number or a bullet before a term: "1.", "(2)", "三、", "④", "- "; 0: there is none. */
static size_t numbering(tocsin_bytes text) {
    size_t at, next;
    uint32_t c = at_of(text, 0, &at);
    if (c >= 0x2460 && c <= 0x2473) return at; /* ① to ⑳ */
    /* - * · —, which need white space after them; and bullets */
    const int dash = ONE_OF(c, '-', '*', 0xB7, 0x2014);
    if (dash || ONE_OF(c, 0x2022, 0x25CF, 0x25A0, 0x25A1, 0x25C6, 0x25C7, 0x25B2, 0x25B6, 0x25BA, 0x2605, 0x2606,
                       0x203B, 0x2713, 0x2714, 0x2192, 0x27A4)) {
        c = at_of(text, at, &next);
        return tocsin__is_white_space(c) || (!dash && tocsin__is_han(c)) ? at : 0;
    }
    const int opened = ONE_OF(c, '(', 0xFF08, '[');
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
    const int closed = ONE_OF(c, ')', 0xFF09, ']');
    if (closed && opened) return next;
    if (opened || !(closed || ONE_OF(c, 0x3001) || (arabic && ONE_OF(c, '.', 0xFF0E, ':', 0xFF1A)))) return 0;
    c = at_of(text, next, &at); /* 3.15 and 1.5 are numbers, 119.com is a name */
    return tocsin__is_han(c) || tocsin__is_white_space(c) ? next : 0;
}

static tocsin_bytes quoted_inside(tocsin_bytes text) {
    static const uint32_t pairs[][2] = {{'"', '"'},       {'\'', '\''},     {0x201C, 0x201D}, {0x2018, 0x2019},
                                        {0x300C, 0x300D}, {0x300E, 0x300F}, {0xFF02, 0xFF02}, {'`', '`'},
                                        {0xFF07, 0xFF07}, {0x301D, 0x301E}, {0xAB, 0xBB},     {0x3010, 0x3011},
                                        {0x3016, 0x3017}};
    size_t from, next;
    const uint32_t first = at_of(text, 0, &from);
    const size_t last = text.length ? tocsin__utf8_previous(text.data, text.length) : 0;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs && last > from; i++) {
        if (pairs[i][0] == first && pairs[i][1] == at_of(text, last, &next)) return part_of(text, from, last);
    }
    return (tocsin_bytes){NULL, 0};
}

/* What is left of a Han term without wildcards and operators of other programs: *火灾*, %火灾%, ^火灾$, +火灾, {火灾}.
 */
static tocsin_bytes signs_inside(tocsin_bytes text) {
    size_t from = 0, to = text.length, next;
    while (from < to && ONE_OF(at_of(text, from, &next), '*', '%', '+', '!', ';', '^', '=', '{', '<', '$')) from = next;
    for (size_t last = to; last > from; to = last) {
        last = tocsin__utf8_previous(text.data, to);
        if (!ONE_OF(at_of(text, last, &next), '*', '%', '$', '=', '}', '>', 0x3002)) break;
    }
    const tocsin_bytes inside = part_of(text, from, to);
    const int begins = from == 0 || tocsin__is_han(after(inside, 0));
    const int ends = to == text.length || tocsin__is_han(before(inside, inside.length));
    return inside.length < text.length && begins && ends ? inside : (tocsin_bytes){NULL, 0};
}

/*
 * Whether a comment of a programming language begins at `at`: //, a slash and a star, --, <!--; after white space, or
 * in front of a Han character at the start.
 */
static int begins_comment(tocsin_bytes text, size_t at, int spaced) {
    static const struct {
        const char *sign;
        int inside; /* between Han characters too */
    } signs[] = {{"//", 1}, {"/*", 0}, {"--", 0}, {"<!--", 1}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        const size_t length = strlen(signs[i].sign);
        if (text.length - at <= length || memcmp(text.data + at, signs[i].sign, length) != 0) continue;
        return spaced || ((!at || (signs[i].inside && tocsin__is_han(before(text, at)))) &&
                          tocsin__is_han(after(text, at + length)));
    }
    return 0;
}

/* Where a comment behind a term begins: at # or a sign of begins_comment after white space, or between Han characters.
 */
static size_t comment(tocsin_bytes text) {
    uint32_t last = 0;
    for (size_t at = 0, next = 0, then; at < text.length; at = next) {
        const uint32_t c = at_of(text, at, &next), following = at_of(text, next, &then);
        const int spaced = at > 0 && tocsin__is_white_space(last), in_han = at > 0 && tocsin__is_han(last);
        if (is_hash(c) && (spaced || (in_han && tocsin__is_han(after(text, next))))) return at;
        if (c == '#' && !at && tocsin__is_white_space(following)) return at;
        if (begins_comment(text, at, spaced)) return at;
        last = c;
    }
    return NONE;
}

/* Signs that join terms of any kind; signs that mostly do; and signs that do so only between Han characters. */
static int is_sure_separator(uint32_t c) {
    return ONE_OF(c, 0x3001, 0xFE51, '|', 0xFF5C, 0xA6, 0x2223, 0x2502, 0x4E28);
}

static int is_likely_separator(uint32_t c) { return ONE_OF(c, 0xFF0C, ';', 0xFF1B, 0xFF64); }

static int is_han_separator(uint32_t c) {
    return ONE_OF(c, ',', '/', 0xFF0F, '+', 0xFF0B, '&', 0xFF06, '=', '>', 0x2192, 0x21D2);
}

static int is_separator(uint32_t c) { return is_sure_separator(c) || is_likely_separator(c) || is_han_separator(c); }

/* The length of an "and" or "or" at `at`, in either case and between white space; 0: there is none. */
static size_t joining_word(tocsin_bytes text, size_t at) {
    static const char *const words[] = {"AND", "and", "OR", "or"};
    size_t from, next;
    if (!tocsin__is_white_space(at_of(text, at, &from))) return 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t length = strlen(words[i]);
        if (text.length - from <= length || memcmp(text.data + from, words[i], length) != 0) continue;
        if (tocsin__is_white_space(at_of(text, from + length, &next))) return next - at;
    }
    return 0;
}

/* Whether a separator may stand between two characters. The comma of 1,000 is no separator. */
static int may_part(uint32_t sign, uint32_t left, uint32_t right, int any_letters) {
    if (!left || !right) return 0;
    if (any_letters) return is_letter(left) && is_letter(right);
    if (tocsin__is_han(left) && tocsin__is_han(right)) return 1;
    return sign == ',' && is_letter(left) && is_letter(right) && !(left <= '9' && right <= '9');
}

size_t tocsin__find_separator(tocsin_bytes text, size_t from, int strict, size_t *end) {
    for (size_t at = from, next; at < text.length; at = *end) {
        const uint32_t c = at_of(text, at, end);
        const size_t word = strict ? 0 : joining_word(text, at);
        const int is_space = !strict && !word && tocsin__is_white_space(c);
        if (word) *end = at + word;
        while (is_space && tocsin__is_white_space(at_of(text, *end, &next))) *end = next;
        while (is_separator(c) && is_separator(at_of(text, *end, &next))) *end = next; /* || */
        const int any_letters = is_sure_separator(c) || (!strict && is_likely_separator(c));
        if (!any_letters && (strict || !(is_space || word || is_han_separator(c)))) continue;
        if (may_part(strict ? 0 : c, before(text, at), after(text, *end), any_letters)) return at;
    }
    return NONE;
}

/* The start of a separator at the end of a term, as in "火灾,"; 呵， is not one, because people write that. */
static size_t trailing_separator(tocsin_bytes text) {
    size_t next;
    if (!text.length) return NONE;
    const size_t last = tocsin__utf8_previous(text.data, text.length);
    const uint32_t c = at_of(text, last, &next);
    const int separates = is_sure_separator(c) || ONE_OF(c, ',', ';', 0xFF1B);
    return separates && is_letter(before(text, last)) ? last : NONE;
}

static size_t past_digits(tocsin_bytes text, size_t at) {
    while (at < text.length && text.data[at] >= '0' && text.data[at] <= '9') at++;
    return at;
}

static size_t past_space(tocsin_bytes text, size_t at) {
    for (size_t next; at < text.length && tocsin__is_white_space(at_of(text, at, &next));) at = next;
    return at;
}

/* Behind a part of speech and a blank, "n " or "nz ", which some dictionaries write before the number. */
static size_t past_tag(tocsin_bytes text, size_t at) {
    size_t end = at, next;
    while (end < text.length && end < at + 3 && text.data[end] >= 'a' && text.data[end] <= 'z') end++;
    return end > at && tocsin__is_white_space(at_of(text, end, &next)) ? past_space(text, end) : at;
}

/*
 * The start of a dictionary's columns after a Han term: "云计算 5", "创新办 3 n", "火灾 n 3", "火灾 0.8", "火灾:5".
 * 拨打 119 has none: a single number of three to five digits may be a telephone number.
 */
static size_t columns(tocsin_bytes text) {
    size_t next;
    for (size_t at = 0; at < text.length; at = next) {
        const uint32_t c = at_of(text, at, &next);
        const int is_space = tocsin__is_white_space(c);
        if (!at || (!is_space && !ONE_OF(c, ':', 0xFF1A, '=', ',', 0xFF0C, ';', '|'))) continue;
        if (!tocsin__is_han(before(text, at))) continue;
        const size_t column = past_space(text, next), number = past_tag(text, column);
        const size_t point = past_digits(text, number);
        size_t digits = point - number, stop = point;
        if (!digits) return NONE;
        if (point < text.length && text.data[point] == '.') stop = past_digits(text, point + 1);
        const size_t tag = past_space(text, stop);
        size_t letters = tag;
        while (letters < text.length && text.data[letters] >= 'a' && text.data[letters] <= 'z') letters++;
        if (letters < text.length || (tag == stop && letters > tag) || letters - tag > 4) return NONE;
        return letters > tag || stop > point || digits < 3 || digits > 5 || number > column ? at : NONE;
    }
    return NONE;
}

/*
 * Whether a literal has signs that only a regex gives a meaning: .* .+ .{, escapes, groups with |, classes of Han
 * characters.
 */
static int looks_like_regex(tocsin_bytes text) {
    const char *open = text.length ? memchr(text.data, '(', text.length) : NULL;
    const char *bar = open ? memchr(open, '|', text.length - (size_t)(open - text.data)) : NULL;
    if (bar && memchr(bar, ')', text.length - (size_t)(bar - text.data))) return 1;
    for (size_t i = 0; i + 1 < text.length; i++) {
        const char *c = text.data + i;
        size_t next;
        if (c[0] == '.' && (c[1] == '*' || c[1] == '+' || c[1] == '{')) return 1;
        if (c[0] == '\\' && strchr("dDsSwW|", c[1]) && c[1]) return 1;
        if (c[0] == '(' && c[1] == '?' && i + 2 < text.length && strchr(":!=<i", c[2]) && c[2]) return 1;
        if (c[0] != '[' || !tocsin__is_han(at_of(text, i + 1, &next))) continue;
        const char *close = memchr(c, ']', text.length - i);
        if (close && close + 1 < text.data + text.length && strchr("*+?{", close[1]) && close[1]) return 1;
    }
    return 0;
}

static tocsin_status note_several(tocsin__list_reports *r, const tocsin__term_draft *draft, size_t at, size_t end) {
    const tocsin_bytes text = draft->text;
    char shown[TOCSIN__PREVIEW_SIZE], first[TOCSIN__PREVIEW_SIZE], second[TOCSIN__PREVIEW_SIZE];
    size_t next;
    const uint32_t sign = at_of(text, at, &next);
    tocsin__preview(shown, text);
    tocsin__preview(first, part_of(text, 0, at));
    tocsin__preview(second, part_of(text, end, text.length));
    if (!second[0]) {
        return tocsin__list_note_for_lint(r, "several-terms", place_at(draft, at),
                                          "\"%s\" is found only with \"%.*s\" after it: write %s", shown,
                                          (int)(end - at), text.data + at, first);
    }
    if (ONE_OF(sign, '+', 0xFF0B, '&', 0xFF06) || ONE_OF(after(text, at), 'A', 'a')) {
        return tocsin__list_note_for_lint(
            r, "several-terms", place_at(draft, at),
            "\"%s\" is one term, found only with \"%.*s\" in it: write %s and %s into two "
            "topics, and a rule that asks for both",
            shown, (int)(end - at), text.data + at, first, second);
    }
    return tocsin__list_note_for_lint(
        r, "several-terms", place_at(draft, at),
        "\"%s\" is one term, found only with \"%.*s\" in it: write %s and %s on lines of their own", shown,
        (int)(end - at), text.data + at, first, second);
}

static tocsin_status note_edges(tocsin__list_reports *r, const tocsin__term_draft *draft, tocsin_bytes inside,
                                int is_quoted) {
    char shown[TOCSIN__PREVIEW_SIZE], better[TOCSIN__PREVIEW_SIZE];
    tocsin__preview(shown, draft->text);
    tocsin__preview(better, inside);
    if (is_quoted) {
        return tocsin__list_note_for_lint(r, "quoted-term", draft->place,
                                          "\"%s\" is found only within its quotes: write %s", shown, better);
    }
    return tocsin__list_note_for_lint(r, "quoted-term", draft->place,
                                      "\"%s\" is found only with the signs at its edges: write %s", shown, better);
}

/* Whether the text has ideographs only, U+4E00 to U+9FFF without 丨, as most terms do: nothing below is wrong with it.
 */
static int is_ideographs(tocsin_bytes text) {
    size_t at = 0;
    for (; at + 3 <= text.length; at += 3) {
        const unsigned char first = (unsigned char)text.data[at], second = (unsigned char)text.data[at + 1];
        if (first < 0xE4 || first > 0xE9 || (first == 0xE4 && second < 0xB8)) return 0;
        if (first == 0xE4 && second == 0xB8 && text.data[at + 2] == (char)0xA8) return 0; /* 丨 */
    }
    return at == text.length;
}

tocsin_status tocsin__term_check_form(tocsin__list_reports *r, const tocsin__term_draft *draft) {
    const tocsin_bytes text = draft->text;
    char shown[TOCSIN__PREVIEW_SIZE], better[TOCSIN__PREVIEW_SIZE];
    size_t at, end = 0;
    if (draft->kind != TOCSIN__TERM_LITERAL || is_ideographs(text)) return TOCSIN_OK;
    tocsin__preview(shown, text);
    tocsin_bytes inside = tocsin__tag_inside(text);
    if (inside.length) {
        return tocsin__list_note_for_lint(r, "tag-signs", draft->place,
                                          "\"%s\" is found only with its # signs: write %s", shown,
                                          tocsin__preview(better, inside));
    }
    if (tocsin__begins_with_tag(text)) {
        return tocsin__list_note_for_lint(r, "tag-signs", draft->place,
                                          "\"%s\" is found only with its # signs: write its words without them", shown);
    }
    at = numbering(text);
    inside = part_of(text, at, text.length);
    if (at && inside.length) {
        return tocsin__list_note_for_lint(r, "numbered-term", draft->place,
                                          "\"%s\" is found only with its number or bullet: write %s", shown,
                                          tocsin__preview(better, inside));
    }
    inside = quoted_inside(text);
    if (inside.length) return note_edges(r, draft, inside, 1);
    inside = signs_inside(text);
    if (inside.length) return note_edges(r, draft, inside, 0);
    at = comment(text);
    if (at != NONE) {
        return tocsin__list_note_for_lint(
            r, "comment-in-term", place_at(draft, at),
            "\"%s\" is a term with what looks like a comment: write %s, and the comment on a line "
            "of its own or in the column note",
            shown, at ? tocsin__preview(better, part_of(text, 0, at)) : "the term");
    }
    at = columns(text);
    if (at != NONE) {
        return tocsin__list_note_for_lint(r, "columns-in-term", place_at(draft, at),
                                          "\"%s\" is one term, found only with its number: write %s, and a weight into "
                                          "the column weight",
                                          shown, tocsin__preview(better, part_of(text, 0, at)));
    }
    if (looks_like_regex(text)) {
        return tocsin__list_note_for_lint(r, "regex-in-term", draft->place,
                                          "\"%s\" looks like a regex and is found only as it is written: write the row "
                                          "with the kind regex",
                                          shown);
    }
    at = tocsin__find_separator(text, 0, 0, &end);
    if (at == NONE && (at = trailing_separator(text)) != NONE) end = text.length;
    return at == NONE ? TOCSIN_OK : note_several(r, draft, at, end);
}

/* ---- terms that are refused ---- */

/* Folding drops characters, but a text that is this many times longer than the limit is refused before it is folded. */
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
