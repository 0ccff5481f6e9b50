/*
 * libyaml gives the value of a scalar and its start and end, but an error inside an expression needs a column in the
 * middle. So the value is produced a second time, from the source and by the same rules (folding of lines, escapes,
 * indentation), counting bytes until the wanted one comes. Only reports of errors pay for it. Line breaks are those of
 * libyaml: LF, CR, CRLF, NEL, and the two Unicode separators, which stay as they are.
 */
#include "plan/plan_text.h"

#include <string.h>

#include "base/fail.h"
#include "base/utf8.h"

#define NOWHERE SIZE_MAX

typedef struct walk {
    const char *s;
    size_t at;
    size_t end;    /* of s */
    size_t out;    /* bytes of the value so far */
    size_t target; /* the wanted byte of the value */
    size_t found;  /* its place in s */
    size_t last;   /* after the last byte of s that gave something other than a line break */
} walk;

/* 1 when the target is among the `made` bytes that come from s[from, to). */
static int emit(walk *w, size_t made, size_t from, size_t to, int is_break) {
    if (w->target < w->out + made) {
        w->found = from;
        return 1;
    }
    w->out += made;
    if (!is_break) w->last = to;
    return 0;
}

/* Length of the line break at `at`, 0 if there is none; *made is its replacement in the value. */
static size_t break_at(const walk *w, size_t at, size_t *made) {
    const unsigned char *s = (const unsigned char *)w->s + at;
    size_t left = at < w->end ? w->end - at : 0;
    *made = 1;
    if (left && s[0] == '\n') return 1;
    if (left && s[0] == '\r') return left > 1 && s[1] == '\n' ? 2 : 1;
    if (left > 1 && s[0] == 0xC2 && s[1] == 0x85) return 2;
    if (left > 2 && s[0] == 0xE2 && s[1] == 0x80 && (s[2] == 0xA8 || s[2] == 0xA9)) return *made = 3;
    return 0;
}

static int is_blank(const walk *w, size_t at) { return at < w->end && (w->s[at] == ' ' || w->s[at] == '\t'); }

static int emit_character(walk *w) {
    size_t next, from = w->at;
    (void)tocsin__utf8_next(w->s, w->end, from, &next);
    w->at = next;
    return emit(w, next - from, from, next, 0);
}

/* Breaks after the first of a run in a flow scalar; *any says whether there was one. */
static int emit_more_breaks(walk *w, int *any) {
    for (;;) {
        size_t made, p = w->at;
        while (is_blank(w, p)) p++;
        size_t length = break_at(w, p, &made);
        w->at = p;
        if (!length) return 0;
        *any = 1;
        w->at = p + length;
        if (emit(w, made, p, p + length, 1)) return 1;
    }
}

/* Blanks, or a run of blanks and breaks: one break becomes a space, more become one less. */
static int emit_space(walk *w) {
    size_t made, p = w->at;
    int any = 0;
    while (is_blank(w, p)) p++;
    size_t length = break_at(w, p, &made);
    if (!length) {
        while (w->at < p) {
            if (emit_character(w)) return 1;
        }
        return 0;
    }
    w->at = p + length;
    if (made > 1 && emit(w, made, p, p + length, 1)) return 1;
    if (emit_more_breaks(w, &any)) return 1;
    return made == 1 && !any && emit(w, 1, p, p + length, 1);
}

static size_t utf8_size(uint32_t c) { return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; }

static uint32_t hex_value(const walk *w, size_t at, size_t digits) {
    uint32_t value = 0;
    for (size_t i = 0; i < digits && at + i < w->end; i++) {
        char c = w->s[at + i];
        uint32_t digit = c >= '0' && c <= '9' ? (uint32_t)(c - '0') : ((uint32_t)c | 0x20u) - 'a' + 10;
        value = value << 4 | (digit & 15u);
    }
    return value;
}

static int emit_escape(walk *w) {
    size_t made = 1, from = w->at, p = from + 1;
    int any = 0;
    size_t length = break_at(w, p, &made);
    if (length) {
        w->at = p + length;
        return emit_more_breaks(w, &any);
    }
    char c = p < w->end ? w->s[p] : '\0';
    size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    made = digits ? utf8_size(hex_value(w, p + 1, digits)) : c == 'N' || c == '_' ? 2 : c == 'L' || c == 'P' ? 3 : 1;
    w->at = p + 1 + digits < w->end ? p + 1 + digits : w->end;
    return emit(w, made, from, w->at, 0);
}

static void walk_flow(walk *w, tocsin__scalar_style style) {
    char quote = style == TOCSIN__SCALAR_SINGLE_QUOTED ? '\'' : style == TOCSIN__SCALAR_DOUBLE_QUOTED ? '"' : '\0';
    if (quote && w->at < w->end) w->last = ++w->at;
    while (w->at < w->end) {
        char c = w->s[w->at];
        size_t made;
        int found;
        if (is_blank(w, w->at) || break_at(w, w->at, &made)) {
            found = emit_space(w);
        } else if (quote == '\'' && c == quote && w->at + 1 < w->end && w->s[w->at + 1] == quote) {
            found = emit(w, 1, w->at, w->at + 2, 0);
            w->at += 2;
        } else if (quote && c == quote) {
            return;
        } else if (quote == '"' && c == '\\') {
            found = emit_escape(w);
        } else {
            found = emit_character(w);
        }
        if (found) return;
    }
}

/* The number of spaces before the first content of a line, NOWHERE if no line has content. */
static size_t first_indent(const walk *w, size_t from) {
    size_t made, spaces = 0;
    for (size_t at = from; at < w->end;) {
        size_t length = break_at(w, at, &made);
        if (!length && w->s[at] != ' ') return spaces;
        spaces = length ? 0 : spaces + 1;
        at += length ? length : 1;
    }
    return NOWHERE;
}

/*
 * The next content of a block scalar at or after the line start `at`, or the end; *any is set if blank lines stand
 * before it.
 */
static size_t next_content(const walk *w, size_t at, size_t indent, int *any) {
    *any = 0;
    for (;;) {
        size_t made, p = at;
        while (p < w->end && p - at < indent && w->s[p] == ' ') p++;
        size_t length = break_at(w, p, &made);
        if (!length) return p < w->end && p - at == indent ? p : w->end;
        *any = 1;
        at = p + length;
    }
}

static int emit_blank_lines(walk *w, size_t content) {
    while (w->at < content) {
        size_t made, length = break_at(w, w->at, &made), from = w->at;
        w->at += length ? length : 1;
        if (length && emit(w, made, from, w->at, 1)) return 1;
    }
    return 0;
}

static void walk_block(walk *w, size_t indent, int folded) {
    size_t pending = NOWHERE, pending_made = 0;
    int after_blank = 0;
    for (;;) {
        int any;
        size_t made, content = next_content(w, w->at, indent, &any);
        int blank = is_blank(w, content);
        int fold = folded && pending_made == 1 && !after_blank && !blank && content < w->end;
        if (pending != NOWHERE && !(fold && any) && emit(w, pending_made, pending, pending + 1, 1)) return;
        if (emit_blank_lines(w, content)) return;
        if (content >= w->end) return;
        after_blank = blank;
        while (w->at < w->end && !break_at(w, w->at, &made)) {
            if (emit_character(w)) return;
        }
        pending = w->at;
        w->at += break_at(w, w->at, &pending_made);
    }
}

size_t tocsin__plan_source_offset(const tocsin__plan_text *text, size_t offset) {
    walk w = {text->source, 0, text->source_length, 0, offset, NOWHERE, 0};
    if (!text->source) return 0;
    if (offset >= text->length) w.target = NOWHERE;
    if (text->style == TOCSIN__SCALAR_LITERAL || text->style == TOCSIN__SCALAR_FOLDED) {
        walk value = {text->value, 0, text->length, 0, 0, 0, 0};
        size_t made, length = 0;
        while (w.at < w.end && !(length = break_at(&w, w.at, &made))) w.at++;
        w.last = w.at;
        w.at += length;
        size_t written = first_indent(&w, w.at), kept = first_indent(&value, 0);
        size_t indent = written != NOWHERE && kept != NOWHERE && written > kept ? written - kept : 1;
        walk_block(&w, indent, text->style == TOCSIN__SCALAR_FOLDED);
    } else {
        walk_flow(&w, text->style);
    }
    return w.found != NOWHERE ? w.found : w.last;
}

tocsin__place tocsin__plan_locate(const tocsin__plan_text *text, size_t offset) {
    tocsin__place place = text->place;
    tocsin__place_advance(&place, text->source, tocsin__plan_source_offset(text, offset), text->source_length);
    return place;
}

void tocsin__place_advance(tocsin__place *place, const char *bytes, size_t length, size_t ahead) {
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        if (c == '\n' || (c == '\r' && !(i + 1 < ahead && bytes[i + 1] == '\n'))) {
            place->line++;
            place->column = 1;
        } else if (c != '\r' && ((unsigned char)c & 0xC0) != 0x80) {
            place->column++;
        }
    }
}

tocsin__shown tocsin__show(const char *value, size_t length) {
    tocsin__shown shown;
    char copy[sizeof shown.text * 2];
    size_t kept = length < sizeof copy - 1 ? length : sizeof copy - 1;
    for (size_t i = 0; i < kept; i++) copy[i] = (unsigned char)value[i] < 0x20 || value[i] == 0x7F ? ' ' : value[i];
    copy[kept] = '\0';
    tocsin__copy_cut(shown.text, sizeof shown.text - 4, copy, strlen(copy));
    const size_t end = strlen(shown.text);
    if (end < length) memcpy(shown.text + end, "…", sizeof "…");
    return shown;
}
