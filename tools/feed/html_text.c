/*
 * A reader of HTML that extracts the text and builds no tree. It follows the tokens of the HTML standard, with one
 * difference: where the standard drops text (a quote that is never closed swallows the text after it), this reader
 * keeps malformed markup as text. A person can see a false hit in a piece of a tag, but not a lost word.
 *
 * Time is linear: a tag ends before the next < outside quotes, and an end mark that is missing (of a comment, a quote,
 * a script) is searched only once.
 */
#define _GNU_SOURCE /* memmem, memrchr, strncasecmp */

#include "feed/html_text.h"

#include <string.h>
#include <strings.h>

#include "feed/html_entities.inc"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"

#define ENTITIES (sizeof entities / sizeof *entities)
#define MOST_TAG 32 /* bytes of a name that are compared */

typedef struct html_reader {
    html_text *html;
    const char *s;
    size_t length, at;
    size_t last_greater, last_quote[2]; /* the last > and the last " and ' before the end, plus 1; 0: none */
    size_t no_comment_end, no_cdata_end, no_raw_end[2]; /* there is none from here on */
} html_reader;

typedef struct html_tag {
    char name[MOST_TAG + 1]; /* in small letters */
    int closes;
    size_t end;           /* behind its > */
    size_t alt, alt_size; /* value of the attribute */
    int has_alt;
} html_tag;

void html_text_init(html_text *html) {
    *html = (html_text){.pieces = NULL};
    tocsin_buffer_init(&html->text, NULL);
}

void html_text_release(html_text *html) {
    tocsin_buffer_release(&html->text);
    tool_free(html->pieces);
    html_text_init(html);
}

/* Turns some bytes of HTML into text; HTML that vanished before becomes part of this piece. */
static void put_piece(html_reader *r, size_t source, size_t source_length, const char *text, size_t text_length) {
    html_text *html = r->html;
    html_piece *last = html->count ? &html->pieces[html->count - 1] : NULL;
    const size_t at = html->text.length;
    if (!text_length && last && !last->text_length && last->text == at &&
        last->source + last->source_length == source) {
        last->source_length += (uint32_t)source_length;
        return;
    }
    if (html->count == html->capacity) {
        html->capacity = html->capacity ? 2 * html->capacity : 16;
        html->pieces = tool_reallocate(html->pieces, html->capacity, sizeof *html->pieces);
    }
    html->pieces[html->count++] =
        (html_piece){(uint32_t)at, (uint32_t)text_length, (uint32_t)source, (uint32_t)source_length};
    text_append(&html->text, text, text_length);
}

static void drop(html_reader *r, size_t source, size_t length) {
    if (length) put_piece(r, source, length, "", 0);
}

/* ---- character references ---- */

static int is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static const char *find_entity(const char *name, size_t length) {
    size_t low = 0, high = ENTITIES;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        int order = strncmp(entities[middle].name, name, length);
        if (!order && entities[middle].name[length]) order = 1;
        if (!order) return entities[middle].text;
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

/* The characters that pages mean by 0x80 to 0x9F: those of Windows-1252. */
static uint32_t replace_number(uint32_t code) {
    static const uint16_t windows[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                         0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                         0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                         0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
    if (code >= 0x80 && code < 0xA0 && windows[code - 0x80]) return windows[code - 0x80];
    return !code || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) ? 0xFFFD : code;
}

static size_t encode(uint32_t code, char *out) {
    if (code < 0x80) return out[0] = (char)code, 1;
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

/* Reads a number: returns its length and sets *text; 0: it is none. */
static size_t read_number(const char *s, size_t length, char *text, size_t *text_length) {
    size_t at = 2;
    uint32_t code = 0, base = 10;
    if (at < length && (s[at] | 0x20) == 'x') at++, base = 16;
    const size_t digits = at;
    for (; at < length && is_alnum(s[at]); at++) {
        const char c = s[at];
        const uint32_t digit = c <= '9' ? (uint32_t)(c - '0') : (uint32_t)((c | 0x20) - 'a') + 10;
        if (digit >= base) break;
        if (code <= 0x10FFFF) code = code * base + digit;
    }
    if (at == digits) return 0;
    *text_length = encode(replace_number(code), text);
    return at + (at < length && s[at] == ';');
}

/* Reads the reference at the start of s: returns its length and sets *text, at most 8 bytes; 0: it is none. */
static size_t read_reference(const char *s, size_t length, int in_attribute, char *text, size_t *text_length) {
    if (length > 2 && s[1] == '#') return read_number(s, length, text, text_length);
    size_t name = 0;
    while (name + 1 < length && name < MOST_NAME && is_alnum(s[1 + name])) name++;
    const char *found = NULL;
    size_t used = name + 1;
    if (name && used < length && s[used] == ';') found = find_entity(s + 1, used);
    if (found) {
        used++;
    } else {
        const size_t most = name < MOST_SHORT ? name : MOST_SHORT;
        for (size_t n = most; n > 1 && !found; n--) {
            found = find_entity(s + 1, n);
            used = n + 1;
        }
        if (in_attribute && used < length && (s[used] == '=' || is_alnum(s[used]))) return 0;
    }
    if (!found) return 0;
    *text_length = strlen(found);
    memcpy(text, found, *text_length);
    return used;
}

/* Appends the text of the HTML from start to end, with its references. */
static void put_text(html_reader *r, size_t start, size_t end, int in_attribute) {
    while (start < end) {
        char text[16];
        size_t text_length = 0, used = 0;
        const char *sign = memchr(r->s + start, '&', end - start);
        const size_t at = sign ? (size_t)(sign - r->s) : end;
        text_append(&r->html->text, r->s + start, at - start);
        if (at == end) return;
        used = read_reference(r->s + at, end - at, in_attribute, text, &text_length);
        if (used) {
            put_piece(r, at, used, text, text_length);
        } else {
            text_append(&r->html->text, "&", 1);
        }
        start = at + (used ? used : 1);
    }
}

/* ---- tags ---- */

static int is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

/* Reads a quoted attribute value at `at`; *end is after it. 0: the quote is not closed where it should be. */
static int read_quoted(const html_reader *r, size_t at, size_t *end) {
    const char quote = r->s[at];
    if (at + 1 >= r->last_quote[quote == '\'']) return 0;
    const char *close = memchr(r->s + at + 1, quote, r->length - at - 1);
    const size_t behind = (size_t)(close - r->s) + 1;
    *end = behind;
    if (behind >= r->length || is_space(r->s[behind]) || r->s[behind] == '>' || r->s[behind] == '/') return 1;
    return !memchr(r->s + at, '>', behind - at);
}

/* Reads a tag after its name, up to and including the >; 0: it is no tag. */
static int read_attributes(const html_reader *r, size_t at, html_tag *tag) {
    const char *s = r->s;
    while (at < r->length) {
        while (at < r->length && (is_space(s[at]) || s[at] == '/')) at++;
        const size_t name = at;
        while (at < r->length && !is_space(s[at]) && !strchr("/>=<\"'", s[at]) && (unsigned char)s[at] < 0x80 && s[at])
            at++;
        const size_t name_length = at - name;
        if (at >= r->length) return 0;
        if (s[at] == '>') {
            tag->end = at + 1;
            return 1;
        }
        if (!is_space(s[at]) && s[at] != '/' && s[at] != '=') return 0;
        while (at < r->length && is_space(s[at])) at++;
        if (at >= r->length || s[at] != '=') continue;
        at++;
        while (at < r->length && is_space(s[at])) at++;
        size_t value = at, value_end;
        if (at < r->length && (s[at] == '"' || s[at] == '\'')) {
            if (!read_quoted(r, at, &at)) {
                const char *end = memchr(s + value, '>', r->length - value);
                tag->end = end ? (size_t)(end - s) + 1 : 0;
                return end != NULL;
            }
            value++;
            value_end = at - 1;
        } else {
            while (at < r->length && !is_space(s[at]) && s[at] != '>' && s[at] != '<') at++;
            value_end = at;
        }
        if (!tag->has_alt && name_length == 3 && !strncasecmp(s + name, "alt", 3)) {
            tag->has_alt = 1;
            tag->alt = value;
            tag->alt_size = value_end - value;
        }
    }
    return 0;
}

/* Reads the tag whose < is at `at`; 0: it is none. */
static int read_tag(const html_reader *r, size_t at, html_tag *tag) {
    size_t name = 0;
    *tag = (html_tag){.closes = at + 1 < r->length && r->s[at + 1] == '/'};
    if (at >= r->last_greater) return 0;
    at += 1 + (size_t)tag->closes;
    if (at >= r->length || !is_alnum(r->s[at]) || r->s[at] <= '9') return 0;
    for (; at < r->length && (is_alnum(r->s[at]) || r->s[at] == '-' || r->s[at] == ':'); at++) {
        const char c = r->s[at];
        if (name < MOST_TAG) tag->name[name++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    if (at >= r->length || (!is_space(r->s[at]) && r->s[at] != '>' && r->s[at] != '/')) return 0;
    return read_attributes(r, at, tag);
}

static int is_one_of(const char *name, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(name, names[i])) return 1;
    }
    return 0;
}

static int is_block(const char *name) {
    static const char *const blocks[] = {
        "address", "article", "aside",   "blockquote", "br",    "caption",  "center",     "dd",     "details",
        "dialog",  "dir",     "div",     "dl",         "dt",    "fieldset", "figcaption", "figure", "footer",
        "form",    "h1",      "h2",      "h3",         "h4",    "h5",       "h6",         "header", "hr",
        "legend",  "li",      "main",    "menu",       "nav",   "ol",       "option",     "p",      "pre",
        "section", "select",  "summary", "table",      "tbody", "td",       "textarea",   "tfoot",  "th",
        "thead",   "title",   "tr",      "ul",         "video"};
    return is_one_of(name, blocks, sizeof blocks / sizeof *blocks);
}

/* The end mark of the stretch that begins at `from`, or `length`; a missing mark is searched only once. */
static size_t find_end(const html_reader *r, size_t from, const char *end, size_t *none_from) {
    if (from >= *none_from) return r->length;
    const char *found = memmem(r->s + from, r->length - from, end, strlen(end));
    if (!found) *none_from = from;
    return found ? (size_t)(found - r->s) : r->length;
}

/* The end tag of a script or style that is open at `from`; length if there is none. */
static size_t find_raw_end(html_reader *r, size_t from, const char *name) {
    size_t *none_from = &r->no_raw_end[name[1] == 't'];
    const size_t length = strlen(name), start = from;
    if (from >= *none_from) return r->length;
    for (;;) {
        const char *found = from < r->length ? memmem(r->s + from, r->length - from, "</", 2) : NULL;
        if (!found) break;
        from = (size_t)(found - r->s) + 2;
        if (r->length - from > length && !strncasecmp(r->s + from, name, length) && !is_alnum(r->s[from + length]))
            return from - 2;
    }
    *none_from = start;
    return r->length;
}

/* Appends a line end for a block, unless there is one. */
static void break_line(html_reader *r, size_t source, size_t length) {
    const tocsin_buffer *text = &r->html->text;
    if (!text->length || text->data[text->length - 1] == '\n') {
        drop(r, source, length);
    } else {
        put_piece(r, source, length, "\n", 1);
    }
}

static void take_tag(html_reader *r, const html_tag *tag) {
    const size_t start = r->at;
    r->at = tag->end;
    if (!tag->closes && !strcmp(tag->name, "img") && tag->alt_size) {
        drop(r, start, tag->alt - start);
        put_text(r, tag->alt, tag->alt + tag->alt_size, 1);
        drop(r, tag->alt + tag->alt_size, tag->end - tag->alt - tag->alt_size);
        return;
    }
    if (!tag->closes && (!strcmp(tag->name, "script") || !strcmp(tag->name, "style"))) {
        const size_t end = find_raw_end(r, tag->end, tag->name);
        if (end < r->length) r->at = end;
    }
    if (is_block(tag->name)) {
        break_line(r, start, r->at - start);
    } else {
        drop(r, start, r->at - start);
    }
}

/* Skips a comment, a declaration or an instruction that is complete; keeps the text of a CDATA section. */
static int take_declaration(html_reader *r) {
    const char *s = r->s + r->at;
    const size_t left = r->length - r->at;
    if (left > 3 && !memcmp(s, "<!--", 4)) {
        const size_t end = find_end(r, r->at + 4, "-->", &r->no_comment_end);
        if (end == r->length) return 0;
        drop(r, r->at, end + 3 - r->at);
        r->at = end + 3;
        return 1;
    }
    if (left > 8 && !memcmp(s, "<![CDATA[", 9)) {
        const size_t end = find_end(r, r->at + 9, "]]>", &r->no_cdata_end);
        drop(r, r->at, 9);
        if (end < r->length) {
            text_append(&r->html->text, s + 9, end - r->at - 9);
            drop(r, end, 3);
        }
        r->at = end < r->length ? end + 3 : r->at + 9;
        return 1;
    }
    if (left < 3 || (s[1] != '?' && (s[1] != '!' || !is_alnum(s[2])))) return 0;
    size_t stop = 1;
    while (stop < left && s[stop] != '<' && s[stop] != '>') stop++;
    if (stop == left || s[stop] != '>') return 0;
    drop(r, r->at, stop + 1);
    r->at += stop + 1;
    return 1;
}

static size_t behind_last(const char *s, size_t length, char c) {
    const char *last = length ? memrchr(s, c, length) : NULL;
    return last ? (size_t)(last - s) + 1 : 0;
}

void html_text_read(html_text *html, const char *source, size_t length) {
    html_reader r = {.html = html, .s = source, .length = length};
    html->text.length = html->count = 0;
    r.last_greater = behind_last(source, length, '>');
    r.last_quote[0] = behind_last(source, length, '"');
    r.last_quote[1] = behind_last(source, length, '\'');
    r.no_comment_end = r.no_cdata_end = r.no_raw_end[0] = r.no_raw_end[1] = length;
    while (r.at < length) {
        html_tag tag;
        const char *less = memchr(source + r.at, '<', length - r.at);
        const size_t until = less ? (size_t)(less - source) : length;
        put_text(&r, r.at, until, 0);
        r.at = until;
        if (r.at == length) break;
        if (r.at + 1 < length && (source[r.at + 1] == '!' || source[r.at + 1] == '?')) {
            if (take_declaration(&r)) continue;
        } else if (read_tag(&r, r.at, &tag)) {
            take_tag(&r, &tag);
            continue;
        }
        text_append(&html->text, "<", 1);
        r.at++;
    }
}

/* ---- places ---- */

/* The last piece that begins at or before a byte of text; NULL: there is none. */
static const html_piece *piece_at(const html_text *html, size_t text) {
    size_t low = 0, high = html->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (html->pieces[middle].text <= text) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low ? &html->pieces[low - 1] : NULL;
}

size_t html_text_start(const html_text *html, size_t start) {
    const html_piece *p = piece_at(html, start);
    if (!p) return start;
    const size_t behind = (size_t)p->text + p->text_length;
    return start < behind ? p->source : (size_t)p->source + p->source_length + (start - behind);
}

size_t html_text_end(const html_text *html, size_t end) {
    const html_piece *p = end ? piece_at(html, end - 1) : NULL;
    if (!p) return end;
    const size_t behind = (size_t)p->text + p->text_length;
    return end <= behind ? (size_t)p->source + p->source_length : (size_t)p->source + p->source_length + (end - behind);
}
