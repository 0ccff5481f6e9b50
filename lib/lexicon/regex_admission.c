/*
 * A recursive descent over the pattern that writes the folded pattern as it goes and adds up a shape of what it saw;
 * the last word is the shape's. Own parser because folding must know which characters stand for themselves, and because
 * a refusal should name the spot, which Hyperscan's errors seldom do. Problems do not stop it: what was wrong counts as
 * empty, and the checks of the whole are left out then, so that one mistake is not reported twice.
 */
#include "lexicon/regex_admission.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "lexicon/list_text.h"
#include "lexicon/regex_parser.h"

#define LARGEST_COUNT 99999u

typedef struct repeat {
    size_t offset;
    uint32_t least, most;
    int unbounded, possessive;
} repeat;

void tocsin__regex_emit(tocsin__regex_parser *p, const char *data, size_t length) {
    if (!p->status) p->status = tocsin_buffer_append(p->out, data, length);
}

void tocsin__regex_emit_character(tocsin__regex_parser *p, uint32_t c, const char *special) {
    char text[16];
    size_t length = 0;
    if (tocsin__is_control(c)) {
        length = (size_t)snprintf(text, sizeof text, "\\x{%x}", (unsigned)c);
    } else {
        if (c < 0x80 && strchr(special, (int)c)) text[length++] = '\\';
        length += tocsin__utf8_put(text + length, c);
    }
    tocsin__regex_emit(p, text, length);
}

/* Whether folding leaves the tail and c apart. What is no folded text itself was warned of already. */
static int stands_after_tail(tocsin__regex_parser *p, uint32_t c) {
    char pair[8];
    uint32_t folded = 0;
    tocsin_bytes result = {NULL, 0};
    if (tocsin__regex_fold_one(p, p->tail, &folded) != 1 || folded != p->tail) return 1;
    if (tocsin__regex_fold_one(p, c, &folded) != 1 || folded != c) return 1;
    size_t length = tocsin__utf8_put(pair, p->tail);
    length += tocsin__utf8_put(pair + length, c);
    if (!p->status) p->status = tocsin_fold(p->folder, pair, length, &result);
    return p->status || (result.length == length && !memcmp(result.data, pair, length));
}

void tocsin__regex_emit_literal(tocsin__regex_parser *p, uint32_t c, size_t offset) {
    if (p->status) return;
    if (p->tail >= 0x20 && c >= 0x300 && !stands_after_tail(p, c)) {
        tocsin__regex_error(p, "regex-combining", offset,
                            "folding joins this character with the one before it; write them side by side");
    }
    tocsin__regex_emit_character(p, c, "\\^$.|?*+()[]{}");
    p->tail = c;
}

static void problem(tocsin__regex_parser *p, tocsin_severity severity, const char *code, size_t offset,
                    const char *format, va_list arguments) {
    char message[256];
    if (vsnprintf(message, sizeof message, format, arguments) < 0) message[0] = '\0';
    if (severity == TOCSIN_SEVERITY_ERROR) p->errors++;
    if (!p->status) p->status = p->report(p->context, severity, code, offset, message);
}

void tocsin__regex_error(tocsin__regex_parser *p, const char *code, size_t offset, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    problem(p, TOCSIN_SEVERITY_ERROR, code, offset, format, arguments);
    va_end(arguments);
}

void tocsin__regex_warning(tocsin__regex_parser *p, const char *code, size_t offset, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    problem(p, TOCSIN_SEVERITY_WARNING, code, offset, format, arguments);
    va_end(arguments);
}

unsigned tocsin__regex_fold_one(tocsin__regex_parser *p, uint32_t c, uint32_t *folded) {
    char text[4];
    tocsin_bytes result = {NULL, 0};
    size_t next = 0;
    if (!p->status) p->status = tocsin_fold(p->folder, text, tocsin__utf8_put(text, c), &result);
    if (p->status || !result.length) return 0;
    *folded = tocsin__utf8_next(result.data, result.length, 0, &next);
    return next < result.length ? 2 : 1;
}

/* Digits from pattern[*at] on, at most LARGEST_COUNT; 0 when there is none. */
static int read_count(const tocsin__regex_parser *p, size_t *at, uint32_t *count) {
    size_t start = *at;
    *count = 0;
    while (*at < p->pattern.length && p->pattern.data[*at] >= '0' && p->pattern.data[*at] <= '9') {
        *count = *count * 10 + (uint32_t)(p->pattern.data[*at] - '0');
        if (*count > LARGEST_COUNT) *count = LARGEST_COUNT;
        ++*at;
    }
    return *at > start;
}

/* Reads a repeat from p->at; its end, or 0 when there is none. */
static size_t read_repeat(const tocsin__regex_parser *p, repeat *r) {
    size_t at = p->at + 1;
    *r = (repeat){p->at, 0, 1, 0, 0};
    switch (tocsin__regex_peek(p, 0)) {
        case '?': break;
        case '*': r->unbounded = 1; break;
        case '+':
            r->least = 1;
            r->unbounded = 1;
            break;
        case '{':
            if (!read_count(p, &at, &r->least)) return 0;
            r->most = r->least;
            if (at < p->pattern.length && p->pattern.data[at] == ',') {
                at++;
                r->unbounded = !read_count(p, &at, &r->most);
            }
            if (at >= p->pattern.length || p->pattern.data[at++] != '}') return 0;
            break;
        default: return 0;
    }
    if (at < p->pattern.length && p->pattern.data[at] == '?') return at + 1;
    r->possessive = at < p->pattern.length && p->pattern.data[at] == '+';
    return at + (size_t)r->possessive;
}

int tocsin__regex_at_repeat(const tocsin__regex_parser *p) {
    repeat r;
    return tocsin__regex_more(p) && read_repeat(p, &r) != 0;
}

static void check_repeat(tocsin__regex_parser *p, const repeat *r, const tocsin__regex_shape *shape) {
    if (r->unbounded) {
        tocsin__regex_error(p, "regex-unbounded", r->offset, "a repeat without an upper bound; write {%u,%u}", r->least,
                            r->least > 16 ? r->least : 16);
    } else if (r->most == 0 || r->most < r->least) {
        tocsin__regex_error(p, "regex-syntax", r->offset, "a repeat of %u to %u times", r->least, r->most);
    } else if (r->most > TOCSIN__REGEX_MAX_REPEAT) {
        tocsin__regex_error(p, "regex-repeat", r->offset, "more than %u repeats", TOCSIN__REGEX_MAX_REPEAT);
    } else if (r->most > 1 && (uint64_t)shape->wide * r->most > TOCSIN__REGEX_MAX_WIDE_REPEAT) {
        tocsin__regex_error(p, "regex-wide-repeat", r->offset,
                            "a class of more than %u characters is repeated more than %u times",
                            TOCSIN__REGEX_NARROW_CLASS, TOCSIN__REGEX_MAX_WIDE_REPEAT);
    }
    if (r->most > 1 && (shape->starts || shape->ends)) {
        tocsin__regex_error(p, "regex-unsupported", r->offset, "an anchor cannot be repeated");
    }
    if (r->possessive) {
        tocsin__regex_error(p, "regex-unsupported", r->offset, "possessive repeats are not supported");
    }
}

/* What was just emitted, with the repeat that follows it, if any. */
static tocsin__regex_shape repeated(tocsin__regex_parser *p, tocsin__regex_shape shape) {
    repeat r;
    size_t end = tocsin__regex_more(p) ? read_repeat(p, &r) : 0;
    if (!end) return shape;
    size_t errors = p->errors;
    if (shape.max == 0 && !errors) tocsin__regex_error(p, "regex-syntax", r.offset, "there is nothing to repeat here");
    check_repeat(p, &r, &shape);
    p->at = end;
    if (p->errors > errors) {
        shape.wide = 0;
        return shape;
    }
    char text[32];
    int length = r.least == 0 && r.most == 1 ? snprintf(text, sizeof text, "?")
                 : r.least == r.most         ? snprintf(text, sizeof text, "{%u}", r.least)
                                             : snprintf(text, sizeof text, "{%u,%u}", r.least, r.most);
    tocsin__regex_emit(p, text, (size_t)length);
    return tocsin__regex_shape_repeat(shape, r.least, r.most);
}

static tocsin__regex_shape stray_repeat(tocsin__regex_parser *p) {
    repeat r;
    size_t end = read_repeat(p, &r);
    tocsin__regex_error(p, "regex-syntax", p->at,
                        end ? "there is nothing to repeat here" : "a brace that stands for itself is written \\{");
    p->at = end ? end : p->at + 1;
    return tocsin__regex_shape_empty();
}

static tocsin__regex_shape escaped(tocsin__regex_parser *p) {
    size_t start = p->at;
    tocsin__regex_escape escape = tocsin__regex_read_escape(p, 0);
    if (escape.kind == TOCSIN__REGEX_CODE) {
        tocsin__regex_emit_literal(p, escape.code_point, start);
        return tocsin__regex_shape_literal(escape.code_point);
    }
    if (escape.kind == TOCSIN__REGEX_REFUSED) return tocsin__regex_shape_empty();
    tocsin__regex_emit(p, p->pattern.data + start, p->at - start);
    p->tail = 0;
    if (escape.kind == TOCSIN__REGEX_EDGE) return tocsin__regex_shape_anchor(p->pattern.data[start + 1] == 'A');
    return tocsin__regex_shape_class(escape.wide, escape.cost);
}

static tocsin__regex_shape piece(tocsin__regex_parser *p) {
    char c = tocsin__regex_peek(p, 0);
    switch (c) {
        case '*':
        case '+':
        case '?':
        case '{': return stray_repeat(p);
        case '(': return repeated(p, tocsin__regex_group(p));
        case '[': return repeated(p, tocsin__regex_class(p));
        case '.':
            p->at++;
            tocsin__regex_emit(p, ".", 1);
            p->tail = 0;
            return repeated(p, tocsin__regex_shape_class(1, 16));
        case '^':
        case '$':
            p->at++;
            tocsin__regex_emit(p, &c, 1);
            p->tail = 0;
            return repeated(p, tocsin__regex_shape_anchor(c == '^'));
        case '\\': {
            char next = tocsin__regex_peek(p, 1);
            int letter = (next >= '0' && next <= '9') || (next >= 'A' && next <= 'Z') || (next >= 'a' && next <= 'z');
            if (letter || p->at + 1 >= p->pattern.length) return repeated(p, escaped(p));
            return repeated(p, tocsin__regex_literals(p));
        }
        default: return repeated(p, tocsin__regex_literals(p));
    }
}

static void refuse_anchor(tocsin__regex_parser *p, size_t offset) {
    tocsin__regex_error(p, "regex-unsupported", offset, "an anchor in the middle of a pattern is not supported");
}

static tocsin__regex_shape sequence(tocsin__regex_parser *p) {
    tocsin__regex_shape shape = tocsin__regex_shape_empty();
    size_t end_anchor = 0;
    while (tocsin__regex_more(p) && tocsin__regex_peek(p, 0) != '|' && tocsin__regex_peek(p, 0) != ')') {
        size_t offset = p->at;
        tocsin__regex_shape next = piece(p);
        if (shape.ends && next.max) {
            refuse_anchor(p, end_anchor);
            shape.ends = 0;
        }
        if (next.starts && shape.max) {
            refuse_anchor(p, offset);
            next.starts = 0;
        }
        if (next.ends && !shape.ends) end_anchor = offset;
        shape = tocsin__regex_shape_sequence(shape, next);
    }
    return shape;
}

tocsin__regex_shape tocsin__regex_alternatives(tocsin__regex_parser *p) {
    uint32_t tail = p->tail;
    tocsin__regex_shape shape = sequence(p);
    while (tocsin__regex_more(p) && tocsin__regex_peek(p, 0) == '|') {
        p->at++;
        tocsin__regex_emit(p, "|", 1);
        p->tail = tail;
        shape = tocsin__regex_shape_either(shape, sequence(p));
    }
    return shape;
}

static void check_whole(tocsin__regex_parser *p, const tocsin__regex_shape *shape) {
    if (p->errors || p->status) return;
    if (shape->min == 0) {
        tocsin__regex_error(p, "regex-empty-match", 0, "the pattern matches the empty text");
        return;
    }
    if (shape->certain < TOCSIN__REGEX_ONE_HAN || (shape->certain == TOCSIN__REGEX_ONE_HAN && shape->min < 2)) {
        tocsin__regex_error(p, "regex-no-literal", 0,
                            "every alternative needs two literal characters in a row, or one Han character and "
                            "something beside it");
    }
    if (shape->cost > TOCSIN__REGEX_MAX_COST) {
        tocsin__regex_error(p, "regex-too-costly", 0, "the pattern costs %u, %u is the limit", shape->cost,
                            TOCSIN__REGEX_MAX_COST);
    }
}

tocsin_status tocsin__regex_admit(tocsin_folder *folder, tocsin_bytes pattern, const tocsin_allocator *allocator,
                                  tocsin__regex_report report, void *context, tocsin_buffer *out,
                                  tocsin__regex_width *width, int *admitted) {
    tocsin__regex_parser p = {.allocator = *allocator,
                              .folder = folder,
                              .pattern = pattern,
                              .out = out,
                              .report = report,
                              .context = context};
    tocsin_buffer_init(&p.literal, allocator);
    tocsin_buffer_init(&p.folded, allocator);
    tocsin__regex_shape shape = tocsin__regex_alternatives(&p);
    while (tocsin__regex_more(&p)) {
        tocsin__regex_error(&p, "regex-syntax", p.at, "this parenthesis closes nothing");
        p.at++;
        shape = tocsin__regex_shape_sequence(shape, tocsin__regex_alternatives(&p));
    }
    check_whole(&p, &shape);
    tocsin_buffer_release(&p.folded);
    tocsin_buffer_release(&p.literal);
    if (p.status) return p.status;
    *admitted = !p.errors;
    if (!p.errors) *width = (tocsin__regex_width){shape.min, shape.max};
    return TOCSIN_OK;
}
