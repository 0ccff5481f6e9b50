/* Escapes: the meaning of a backslash and a letter, and for refused ones how to write it instead. */
#include <string.h>

#include "base/utf8.h"
#include "lexicon/regex_parser.h"

static int is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* \xHH or \x{H…}; p->at is after the x. */
static tocsin__regex_escape read_hex(tocsin__regex_parser *p, size_t start) {
    tocsin__regex_escape escape = {.kind = TOCSIN__REGEX_ESCAPE_CODE};
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
        escape.kind = TOCSIN__REGEX_ESCAPE_REFUSED;
        return escape;
    }
    return escape;
}

/* \pL or \p{…}: a script or, with a name of one or two letters, a category; p->at is after the p. */
static tocsin__regex_escape read_property(tocsin__regex_parser *p, size_t start) {
    tocsin__regex_escape escape = {.kind = TOCSIN__REGEX_ESCAPE_SET, .wide = 1};
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
    if (!letters) {
        tocsin__regex_error(p, "regex-syntax", start, "this is not the name of a property");
        escape.kind = TOCSIN__REGEX_ESCAPE_REFUSED;
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
    tocsin__regex_escape escape = {.kind = TOCSIN__REGEX_ESCAPE_REFUSED};
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
        return (tocsin__regex_escape){.kind = TOCSIN__REGEX_ESCAPE_REFUSED};
    }
    char letter = tocsin__regex_peek(p, 1);
    if (!is_alphanumeric(letter)) {
        uint32_t c = tocsin__utf8_next(p->pattern.data, p->pattern.length, start + 1, &p->at);
        return (tocsin__regex_escape){.kind = TOCSIN__REGEX_ESCAPE_CHARACTER, .code_point = c};
    }
    p->at += 2;
    const char *control = strchr(controls, letter);
    tocsin__regex_escape escape = {.kind = TOCSIN__REGEX_ESCAPE_SET};
    if (control) {
        escape.kind = TOCSIN__REGEX_ESCAPE_CODE;
        escape.code_point = (uint32_t)values[control - controls];
        return escape;
    }
    if (letter == 'x') return read_hex(p, start);
    if (letter == 'p' || letter == 'P') return read_property(p, start);
    if (strchr("dshv", letter)) return escape;
    escape.wide = 1;
    if (strchr("DSHVwW", letter)) return escape;
    if (in_class || !strchr("AzZ", letter)) return refuse(p, letter, start);
    escape.kind = TOCSIN__REGEX_ESCAPE_EDGE;
    escape.edge = letter == 'A'   ? TOCSIN__REGEX_TEXT_START
                  : letter == 'z' ? TOCSIN__REGEX_TEXT_END
                                  : TOCSIN__REGEX_LAST_END;
    return escape;
}
