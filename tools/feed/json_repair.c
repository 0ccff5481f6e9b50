/*
 * One pass over the line, which recognises strings and knows nothing else of JSON. It runs only on lines that the
 * parser refused, so ordinary lines cost nothing.
 */
#include "feed/json_repair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/utf8_text.h"

#define SAFE_DIGITS 18 /* this many digits always fit into int64_t */

typedef struct repair {
    const char *line;
    size_t length, at;
    tocsin_buffer *out;
    json_changes changes;
} repair;

static void copy(repair *r, size_t count) {
    text_append(r->out, r->line + r->at, count);
    r->at += count;
}

static void note(repair *r, const char *what, const char *read) {
    if (!r->changes.count++) {
        r->changes.what = what;
        r->changes.read = read;
        r->changes.at = r->at;
    }
}

static void replace(repair *r, size_t count, const char *by) {
    text_puts(r->out, by);
    r->at += count;
}

static void replace_surrogate(repair *r) {
    note(r, "a lone surrogate", "U+FFFD");
    replace(r, 6, "\\uFFFD");
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The code unit of the \uXXXX escape at `at`; -1: there is none. */
static int escape_at(const repair *r, size_t at) {
    int unit = 0;
    if (at + 6 > r->length || r->line[at] != '\\' || r->line[at + 1] != 'u') return -1;
    for (size_t i = at + 2; i < at + 6; i++) {
        const int digit = hex_digit(r->line[i]);
        if (digit < 0) return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* An escape that JSON does not know is its characters: \x41, \', \u12. */
static void take_bad_escape(repair *r) {
    note(r, "a bad escape", "its characters");
    if (r->at + 1 < r->length && r->line[r->at + 1] == '\'') {
        replace(r, 2, "'");
    } else {
        replace(r, 1, "\\\\");
    }
}

static void take_escape(repair *r) {
    const int unit = escape_at(r, r->at);
    if (unit >= 0xD800 && unit < 0xDC00) {
        const int low = escape_at(r, r->at + 6);
        if (low >= 0xDC00 && low < 0xE000) {
            copy(r, 12);
        } else {
            replace_surrogate(r);
        }
    } else if (unit >= 0xDC00 && unit < 0xE000) {
        replace_surrogate(r);
    } else if (unit >= 0) {
        copy(r, 6);
    } else if (r->at + 1 == r->length) {
        copy(r, 1);
    } else if (memchr("\"\\/bfnrt", r->line[r->at + 1], 8)) {
        copy(r, 2);
    } else {
        take_bad_escape(r);
    }
}

static void take_character(repair *r) {
    const unsigned char c = (unsigned char)r->line[r->at];
    size_t next;
    if (c < 0x20) {
        char escape[8];
        snprintf(escape, sizeof escape, "\\u%04X", c);
        note(r, "a control character", "its escape");
        replace(r, 1, escape);
    } else if (c < 0x80) {
        copy(r, 1);
    } else if (utf8_decode(r->line, r->length, r->at, &next) == UTF8_MALFORMED) {
        note(r, "malformed UTF-8", "U+FFFD");
        r->changes.malformed = 1;
        replace(r, next - r->at, JSON_MALFORMED_MARK);
    } else {
        copy(r, next - r->at);
    }
}

static void take_string(repair *r) {
    copy(r, 1);
    while (r->at < r->length && r->line[r->at] != '"') {
        if (r->line[r->at] == '\\') {
            take_escape(r);
        } else {
            take_character(r);
        }
    }
    if (r->at < r->length) copy(r, 1);
}

static int is_digit(char c) { return c >= '0' && c <= '9'; }

/* A character of a name, of a number or of something meant as one, outside strings. */
static int is_in_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c && strchr("._+-$", c)) ||
           (unsigned char)c >= 0x80;
}

static size_t pass_digits(const char *word, size_t at, size_t length) {
    while (at < length && is_digit(word[at])) at++;
    return at;
}

/* Whether a word is a number by the grammar of JSON. */
static int is_number(const char *word, size_t length) {
    size_t at = length && word[0] == '-', end = pass_digits(word, at, length);
    if (end == at || (word[at] == '0' && end > at + 1)) return 0;
    if (end < length && word[end] == '.') {
        at = end + 1;
        end = pass_digits(word, at, length);
        if (end == at) return 0;
    }
    if (end < length && (word[end] == 'e' || word[end] == 'E')) {
        at = end + 1;
        if (at < length && (word[at] == '+' || word[at] == '-')) at++;
        end = pass_digits(word, at, length);
        if (end == at) return 0;
    }
    return end == length;
}

/* Whether a number of JSON is one of int64_t or double. */
static int fits(const char *number, size_t length) {
    char spelled[400];
    const size_t start = number[0] == '-', digits = pass_digits(number, start, length) - start;
    if (start + digits == length) return digits <= SAFE_DIGITS;
    if (length >= sizeof spelled) return 0;
    memcpy(spelled, number, length);
    spelled[length] = '\0';
    const double value = strtod(spelled, NULL);
    return value <= 1e308 && value >= -1e308;
}

/* A word that JSON has no meaning for keeps its spelling, as a string; one of other languages has its meaning. */
static void take_word(repair *r) {
    static const char *const words[][2] = {{"true", "true"}, {"false", "false"},   {"null", "null"},
                                           {"NaN", "null"},  {"Infinity", "null"}, {"-Infinity", "null"},
                                           {"True", "true"}, {"False", "false"},   {"None", "null"},
                                           {"nan", "null"},  {"undefined", "null"}};
    const char *word = r->line + r->at;
    size_t length = 0;
    while (r->at + length < r->length && is_in_word(word[length])) length++;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i][0]) != length || memcmp(words[i][0], word, length) != 0) continue;
        if (i > 2) note(r, words[i][0], words[i][1]);
        replace(r, length, words[i][1]);
        return;
    }
    const int number = is_number(word, length);
    if (number && fits(word, length)) {
        copy(r, length);
        return;
    }
    note(r, number ? "a number that is too large" : "a word without quotes", "text");
    text_puts(r->out, "\"");
    copy(r, length);
    text_puts(r->out, "\"");
}

/* A comma behind which nothing comes is left out. */
static void take_comma(repair *r) {
    size_t next = r->at + 1;
    while (next < r->length && strchr(" \t\r\n", r->line[next]) && r->line[next]) next++;
    if (next < r->length && r->line[next] != '}' && r->line[next] != ']') {
        copy(r, 1);
    } else {
        note(r, "a comma too many", "nothing");
        replace(r, 1, "");
    }
}

/* Outside strings: a mark, or what is no more than a blank (a gap of NULs that a crash left, a byte order mark). */
static void take_other(repair *r) {
    static const char *const wide[] = {"\xEF\xBB\xBF", "\xC2\xA0", "\xE3\x80\x80"};
    const char *at = r->line + r->at;
    const size_t left = r->length - r->at;
    if ((unsigned char)*at < 0x20 && !memchr("\t\r\n", *at, 3)) {
        note(r, "a control character", "a blank");
        replace(r, 1, " ");
        return;
    }
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        const size_t length = strlen(wide[i]);
        if (left < length || memcmp(at, wide[i], length) != 0) continue;
        note(r, "a wide blank", "a blank");
        replace(r, length, " ");
        return;
    }
    copy(r, 1);
}

json_changes json_repair(const char *line, size_t length, tocsin_buffer *out) {
    repair r = {.line = line, .length = length, .out = out};
    out->length = 0;
    while (r.at < length) {
        const char c = line[r.at];
        if (c == '"') {
            take_string(&r);
        } else if (c == ',') {
            take_comma(&r);
        } else if ((unsigned char)c < 0x80 && is_in_word(c)) {
            take_word(&r);
        } else {
            take_other(&r);
        }
    }
    return r.changes;
}
