/*
 * A pass over the line that knows strings from the rest and nothing else of JSON. It runs only on lines that the parser
 * refused, so that an ordinary line pays nothing for it.
 */
#include "feed/json_repair.h"

#include <stdlib.h>
#include <string.h>

#include "feed/utf8_text.h"

#define SAFE_DIGITS 18 /* that many digits always fit int64_t */

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
    } else {
        copy(r, r->at + 2 <= r->length ? 2 : 1);
    }
}

static void take_character(repair *r) {
    const unsigned char c = (unsigned char)r->line[r->at];
    if (c < 0x20) {
        char escape[8];
        static const char digits[] = "0123456789ABCDEF";
        memcpy(escape, "\\u00", 4);
        escape[4] = digits[c >> 4];
        escape[5] = digits[c & 15];
        escape[6] = '\0';
        note(r, "a control character", "its escape");
        replace(r, 1, escape);
        return;
    }
    copy(r, 1);
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

static int is_in_number(char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
}

/* A number that does not fit keeps its spelling, as a string. */
static void take_number(repair *r) {
    size_t end = r->at, digits = 0;
    int whole = 1;
    while (end < r->length && is_in_number(r->line[end])) {
        if (r->line[end] >= '0' && r->line[end] <= '9') {
            digits++;
        } else if (end > r->at) {
            whole = 0;
        }
        end++;
    }
    const size_t length = end - r->at;
    if (!digits || (digits <= SAFE_DIGITS && whole)) {
        copy(r, length);
        return;
    }
    if (!whole && length < 400) {
        char spelled[400];
        memcpy(spelled, r->line + r->at, length);
        spelled[length] = '\0';
        const double value = strtod(spelled, NULL);
        if (value <= 1e308 && value >= -1e308) {
            copy(r, length);
            return;
        }
    }
    note(r, "a number that is too large", "text");
    text_puts(r->out, "\"");
    copy(r, length);
    text_puts(r->out, "\"");
}

static int take_word(repair *r, const char *word) {
    const size_t length = strlen(word);
    if (r->length - r->at < length || memcmp(r->line + r->at, word, length) != 0) return 0;
    note(r, word, "null");
    replace(r, length, "null");
    return 1;
}

json_changes json_repair(const char *line, size_t length, tocsin_buffer *out) {
    repair r = {.line = line, .length = length, .out = out};
    out->length = 0;
    while (r.at < length) {
        const char c = line[r.at];
        if (c == '"') {
            take_string(&r);
        } else if (take_word(&r, "NaN") || take_word(&r, "Infinity") || take_word(&r, "-Infinity")) {
            continue;
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            take_number(&r);
        } else {
            copy(&r, 1);
        }
    }
    return r.changes;
}
