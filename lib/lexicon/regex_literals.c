/*
 * Characters that stand for themselves, and escapes. A run is folded as a whole, as text is: a letter and its combining
 * mark become one character, and a full-width bracket becomes an ASCII one that must then be escaped.
 */
#include <string.h>

#include "base/utf8.h"
#include "lexicon/list_text.h"
#include "lexicon/regex_parser.h"

static int is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Reads one character that stands for itself, with its backslash; 0 when something else comes. */
static int read_character(tocsin__regex_parser *p, uint32_t *c) {
    char first = tocsin__regex_peek(p, 0);
    if (first && strchr("*+?{(|)[.^$", first)) return 0;
    size_t at = p->at + (first == '\\');
    if (at >= p->pattern.length || (first == '\\' && is_alphanumeric(p->pattern.data[at]))) return 0;
    *c = tocsin__utf8_next(p->pattern.data, p->pattern.length, at, &p->at);
    return 1;
}

static void fold(tocsin__regex_parser *p, size_t start, size_t end, tocsin_bytes *folded) {
    *folded = (tocsin_bytes){NULL, 0};
    if (!p->status) p->status = tocsin_fold(p->folder, p->literal.data + start, end - start, folded);
}

/* Whether folding the last character of the run alone gives the same as folding it with the others. */
static void check_split(tocsin__regex_parser *p, size_t split, size_t offset) {
    tocsin_bytes part;
    p->folded.length = 0;
    fold(p, 0, split, &part);
    if (!p->status) p->status = tocsin_buffer_append(&p->folded, part.data, part.length);
    fold(p, split, p->literal.length, &part);
    if (!p->status) p->status = tocsin_buffer_append(&p->folded, part.data, part.length);
    fold(p, 0, p->literal.length, &part);
    if (p->status) return;
    if (part.length == p->folded.length && (!part.length || !memcmp(part.data, p->folded.data, part.length))) return;
    tocsin__regex_error(p, "regex-combining", offset,
                        "folding joins this character with the one before it; put what is repeated in (?:...)");
}

static tocsin__regex_shape emit_run(tocsin__regex_parser *p, int repeated, size_t offset) {
    tocsin__regex_shape shape = tocsin__regex_shape_empty();
    tocsin_bytes folded;
    fold(p, 0, p->literal.length, &folded);
    p->folded.length = 0;
    if (!p->status) p->status = tocsin_buffer_append(&p->folded, folded.data, folded.length);
    if (p->status) return shape;
    folded = (tocsin_bytes){p->folded.data, p->folded.length};
    size_t count = tocsin__utf8_count(folded.data, folded.length);
    if (repeated && count == 0) {
        tocsin__regex_error(p, "regex-syntax", offset, "folding removes this character, so it cannot be repeated");
    }
    if (repeated && count > 1) tocsin__regex_emit(p, "(?:", 3);
    for (size_t at = 0; at < folded.length;) {
        uint32_t c = tocsin__utf8_next(folded.data, folded.length, at, &at);
        tocsin__regex_emit_literal(p, c, offset);
        shape = tocsin__regex_shape_sequence(shape, tocsin__regex_shape_literal(c));
    }
    if (repeated && count > 1) tocsin__regex_emit(p, ")", 1);
    return shape;
}

tocsin__regex_shape tocsin__regex_literals(tocsin__regex_parser *p) {
    size_t start = p->at;
    int repeated = 0;
    p->literal.length = 0;
    while (tocsin__regex_more(p)) {
        size_t source = p->at, before = p->literal.length;
        uint32_t c = 0;
        char utf8[4];
        if (!read_character(p, &c)) break;
        p->status = tocsin_buffer_append(&p->literal, utf8, tocsin__utf8_put(utf8, c));
        if (!tocsin__regex_at_repeat(p)) continue;
        repeated = before == 0;
        if (!repeated) {
            size_t errors = p->errors;
            check_split(p, before, source);
            if (p->errors > errors) break;
            p->literal.length = before;
            p->at = source;
        }
        break;
    }
    return emit_run(p, repeated, start);
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* \xHH or \x{H…}; p->at stands behind the x. */
static tocsin__regex_escape read_hex(tocsin__regex_parser *p, size_t start) {
    tocsin__regex_escape escape = {TOCSIN__REGEX_CODE, 0, 0, 0};
    int braces = tocsin__regex_peek(p, 0) == '{';
    size_t digits = 0, most = braces ? 6 : 2;
    p->at += (size_t)braces;
    while (digits < most && hex_digit(tocsin__regex_peek(p, 0)) >= 0) {
        escape.code_point = escape.code_point * 16 + (uint32_t)hex_digit(tocsin__regex_peek(p, 0));
        p->at++;
        digits++;
    }
    int closed = !braces || tocsin__regex_peek(p, 0) == '}';
    p->at += (size_t)(braces && closed);
    if (!digits || !closed || escape.code_point > 0x10FFFF ||
        (escape.code_point >= 0xD800 && escape.code_point < 0xE000)) {
        tocsin__regex_error(p, "regex-syntax", start, "this is not the number of a character");
        escape.kind = TOCSIN__REGEX_REFUSED;
        return escape;
    }
    uint32_t folded = 0;
    if (tocsin__regex_fold_one(p, escape.code_point, &folded) != 1 || folded != escape.code_point) {
        tocsin__regex_warning(p, "regex-unfolded", start, "U+%04X does not stand in folded text", escape.code_point);
    }
    return escape;
}

/* \pL or \p{…}, scripts or, by names of one or two letters, categories; p->at stands behind the p. */
static tocsin__regex_escape read_property(tocsin__regex_parser *p, size_t start) {
    tocsin__regex_escape escape = {TOCSIN__REGEX_SET, 0, 32, 1};
    size_t letters = 0;
    if (tocsin__regex_peek(p, 0) != '{') {
        letters = is_alphanumeric(tocsin__regex_peek(p, 0)) ? 1 : 0;
        p->at += letters;
    } else {
        p->at++;
        p->at += tocsin__regex_peek(p, 0) == '^';
        for (char c = tocsin__regex_peek(p, 0); is_alphanumeric(c) || c == '_' || c == '&';
             c = tocsin__regex_peek(p, 0)) {
            letters++;
            p->at++;
        }
        if (tocsin__regex_peek(p, 0) != '}') letters = 0;
        p->at += letters > 0;
    }
    if (letters <= 2) escape.cost = TOCSIN__REGEX_WORD_COST;
    if (!letters) {
        tocsin__regex_error(p, "regex-syntax", start, "this is not the name of a property");
        escape.kind = TOCSIN__REGEX_REFUSED;
    }
    return escape;
}

static const struct {
    char letter;
    const char *message;
} refusals[] = {
    {'b', "word edges are not supported in a pattern; set bounds instead"},
    {'B', "word edges are not supported in a pattern; set bounds instead"},
    {'g', "back references are not supported"},
    {'k', "back references are not supported"},
    {'Q', "\\Q...\\E is not supported; put a backslash before each special character"},
    {'E', "\\Q...\\E is not supported; put a backslash before each special character"},
    {'X', "\\X is not supported"},
    {'R', "\\R is not supported; write [\\r\\n]"},
    {'N', "\\N is not supported; write . or [^\\n]"},
    {'C', "\\C is not supported"},
    {'K', "\\K is not supported"},
    {'G', "\\G is not supported"},
    {'u', "\\u is not supported; write \\x{...}"},
    {'0', "octal numbers are not supported; write \\x{...}"},
    {'o', "octal numbers are not supported; write \\x{...}"},
    {'c', "\\c is not supported; write \\x{...}"},
};

static tocsin__regex_escape refuse(tocsin__regex_parser *p, char letter, size_t start) {
    tocsin__regex_escape escape = {TOCSIN__REGEX_REFUSED, 0, 0, 0};
    const char *message = NULL;
    if (letter >= '1' && letter <= '9') message = "back references are not supported";
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (refusals[i].letter == letter) message = refusals[i].message;
    }
    if (message) {
        tocsin__regex_error(p, "regex-unsupported", start, "%s", message);
    } else {
        tocsin__regex_error(p, "regex-syntax", start, "there is no escape \\%c", letter);
    }
    return escape;
}

tocsin__regex_escape tocsin__regex_read_escape(tocsin__regex_parser *p, int in_class) {
    static const char controls[] = "nrtfea", values[] = "\n\r\t\f\x1B\a";
    size_t start = p->at;
    if (start + 1 >= p->pattern.length) {
        p->at++;
        tocsin__regex_error(p, "regex-syntax", start, "a backslash at the end");
        return (tocsin__regex_escape){TOCSIN__REGEX_REFUSED, 0, 0, 0};
    }
    char letter = tocsin__regex_peek(p, 1);
    if (!is_alphanumeric(letter)) {
        uint32_t c = tocsin__utf8_next(p->pattern.data, p->pattern.length, start + 1, &p->at);
        return (tocsin__regex_escape){TOCSIN__REGEX_CHARACTER, c, 0, 0};
    }
    p->at += 2;
    const char *control = strchr(controls, letter);
    if (control) return (tocsin__regex_escape){TOCSIN__REGEX_CODE, (uint32_t)values[control - controls], 0, 0};
    switch (letter) {
        case 'x': return read_hex(p, start);
        case 'p':
        case 'P': return read_property(p, start);
        case 'd': return (tocsin__regex_escape){TOCSIN__REGEX_SET, 0, 32, 0};
        case 's':
        case 'h':
        case 'v': return (tocsin__regex_escape){TOCSIN__REGEX_SET, 0, 8, 0};
        case 'D': return (tocsin__regex_escape){TOCSIN__REGEX_SET, 0, 32, 1};
        case 'S':
        case 'H':
        case 'V': return (tocsin__regex_escape){TOCSIN__REGEX_SET, 0, 16, 1};
        case 'w':
        case 'W': return (tocsin__regex_escape){TOCSIN__REGEX_SET, 0, TOCSIN__REGEX_WORD_COST, 1};
        default: break;
    }
    if (!in_class && (letter == 'A' || letter == 'z' || letter == 'Z')) {
        return (tocsin__regex_escape){TOCSIN__REGEX_EDGE, 0, 0, 0};
    }
    return refuse(p, letter, start);
}
