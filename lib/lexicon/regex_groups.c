/*
 * Parentheses. None captures: no caller could ask for the text, and Hyperscan would not keep it. The inside of a
 * refused group is still parsed if it is a pattern, so that problems in it are reported too.
 */
#include <string.h>

#include "lexicon/regex_parser.h"

/* If one opening is the start of another, the longer one comes first. */
static const struct {
    const char *opening;
    const char *message;
    int whole; /* the inside is no pattern: skip it */
} refused_groups[] = {
    {"(?=", "lookahead is not supported; write the expression with what follows", 0},
    {"(?!", "lookahead is not supported; write what must not match into the column unless", 0},
    {"(?<=", "lookbehind is not supported; write the expression with what comes before", 0},
    {"(?<!", "lookbehind is not supported; write what must not match into the column unless", 0},
    {"(?>", "atomic groups are not supported; write (?:...)", 0},
    {"(?|", "groups that reset numbers are not supported; write (?:...)", 0},
    {"(?R", "recursion is not supported", 1},
    {"(?&", "recursion is not supported", 1},
    {"(?P>", "recursion is not supported", 1},
    {"(?P=", "back references are not supported", 1},
    {"(?C", "callouts are not supported", 1},
    {"(?(", "conditions are not supported", 1},
    {"(*", "verbs are not supported", 1},
};

static int opens_with(const tocsin__regex_parser *p, const char *opening) {
    size_t length = strlen(opening);
    return p->pattern.length - p->at >= length && !memcmp(p->pattern.data + p->at, opening, length);
}

/* Goes from an opening parenthesis past the one that closes it, or to the end. */
void tocsin__regex_skip_group(tocsin__regex_parser *p) {
    const char *s = p->pattern.data;
    size_t depth = 0;
    for (int in_class = 0; p->at < p->pattern.length;) {
        char c = s[p->at++];
        if (c == '\\') {
            p->at += p->at < p->pattern.length;
        } else if (in_class) {
            in_class = c != ']';
        } else if (c == '[') {
            in_class = 1;
        } else if (c == '(') {
            depth++;
        } else if (c == ')' && --depth == 0) {
            return;
        }
    }
}

/* (?#…) up to its parenthesis. */
static void skip_comment(tocsin__regex_parser *p) {
    size_t start = p->at;
    const char *end = memchr(p->pattern.data + start, ')', p->pattern.length - start);
    p->at = end ? (size_t)(end - p->pattern.data) + 1 : p->pattern.length;
    if (!end) tocsin__regex_error(p, "regex-syntax", start, "this comment is not closed");
}

/* The name of (?<name>, (?P<name> or (?'name'; p->at is at its opening mark. */
static void skip_name(tocsin__regex_parser *p, size_t start) {
    char closing = tocsin__regex_peek(p, 0) == '<' ? '>' : '\'';
    size_t at = p->at + 1;
    while (at < p->pattern.length && p->pattern.data[at] != closing && p->pattern.data[at] != ')') at++;
    if (at >= p->pattern.length || p->pattern.data[at] != closing || at == p->at + 1) {
        tocsin__regex_error(p, "regex-syntax", start, "the name of this group is not closed");
        p->at = at;
        return;
    }
    p->at = at + 1;
}

/* Reads flags after "(?"; returns whether a colon and an inside follow. */
static int read_flags(tocsin__regex_parser *p, size_t start) {
    int off = 0, unknown = 0;
    for (char c = tocsin__regex_peek(p, 0); tocsin__regex_more(p) && c != ')' && c != ':';
         c = tocsin__regex_peek(p, 0)) {
        if (c == '-' && !off) {
            off = 1;
        } else if (c == 's') {
            p->all_lines = !off;
        } else if (c == 'm') {
            p->multi_line = !off;
        } else if (c != 'i') {
            unknown = 1;
            break;
        }
        p->at++;
    }
    if (unknown || !tocsin__regex_more(p)) {
        tocsin__regex_error(p, "regex-unsupported", start, "only the flags i, s and m are supported");
        while (tocsin__regex_more(p) && tocsin__regex_peek(p, 0) != ')' && tocsin__regex_peek(p, 0) != ':') p->at++;
    }
    int inside = tocsin__regex_peek(p, 0) == ':';
    p->at += (size_t)tocsin__regex_more(p);
    return inside;
}

/* Reads the opening of a group; returns whether an inside follows. */
int tocsin__regex_open_group(tocsin__regex_parser *p) {
    size_t start = p->at;
    char third = tocsin__regex_peek(p, 2), fourth = tocsin__regex_peek(p, 3);
    for (size_t i = 0; i < sizeof refused_groups / sizeof *refused_groups; i++) {
        if (!opens_with(p, refused_groups[i].opening)) continue;
        tocsin__regex_error(p, "regex-unsupported", start, "%s", refused_groups[i].message);
        if (refused_groups[i].whole) {
            tocsin__regex_skip_group(p);
            return 0;
        }
        p->at += strlen(refused_groups[i].opening);
        return 1;
    }
    if (!opens_with(p, "(?")) {
        p->at++;
    } else if (third == '#') {
        skip_comment(p);
        return 0;
    } else if (third == '<' || third == '\'' || (third == 'P' && fourth == '<')) {
        p->at += third == 'P' ? 3 : 2;
        skip_name(p, start);
    } else if ((third >= '0' && third <= '9') || ((third == '+' || third == '-') && fourth >= '0' && fourth <= '9')) {
        tocsin__regex_error(p, "regex-unsupported", start, "recursion is not supported");
        tocsin__regex_skip_group(p);
        return 0;
    } else {
        p->at += 2;
        return read_flags(p, start);
    }
    return 1;
}
