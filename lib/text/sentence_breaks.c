/*
 * Walks original bytes, not folded ones: folding turns ！ into !, … into three stops, and may leave 。 out altogether.
 * The bytes alone identify every mark; only the character after ! ? ; is decoded.
 */
#include "text/sentence_breaks.h"

#include "base/utf8.h"
#include "text/icu_properties.h"

static int is_space_at(const char *text, size_t length, size_t at) {
    if (at >= length) return 1;
    const unsigned char *s = (const unsigned char *)text + at;
    if (s[0] == ' ' || (s[0] >= '\t' && s[0] <= '\r')) return 1;
    if (at + 1 < length && s[0] == 0xC2 && (s[1] == 0xA0 || s[1] == 0x85)) return 1;
    if (at + 2 >= length) return 0;
    const uint32_t c = (uint32_t)s[0] << 16 | (uint32_t)s[1] << 8 | s[2];
    return c == 0xE38080 || c == 0xE280A8 || c == 0xE280A9;
}

/* A character after ! ? ; that continues a word, an address or a number. */
static int is_word_at(const char *text, size_t length, size_t at) {
    size_t next;
    return at < length && tocsin__is_word_character(tocsin__utf8_next(text, length, at, &next));
}

/*
 * Marks of three bytes: the marks themselves, and the characters that NFKC turns into them: ‼ into !!, ﹔ and ︔ into
 * ;.
 */
enum {
    NO_MARK,
    SENTENCE_MARK,
    LINE_MARK,
    STOP_MARK /* "." */
};

static int wide_mark(const unsigned char *s) {
    switch ((uint32_t)s[0] << 16 | (uint32_t)s[1] << 8 | s[2]) {
        case 0xE280A8:
        case 0xE280A9: return LINE_MARK; /* line separator, paragraph separator */
        case 0xEFBC8E:
        case 0xEFB992: return STOP_MARK; /* ．﹒ */
        case 0xE38082:
        case 0xEFBDA1:
        case 0xEFB892: /* 。｡︒ */
        case 0xEFBC81:
        case 0xEFB997:
        case 0xEFB895: /* ！﹗︕ */
        case 0xEFBC9F:
        case 0xEFB996:
        case 0xEFB896: /* ？﹖︖ */
        case 0xEFBC9B:
        case 0xEFB994:
        case 0xEFB894: /* ；﹔︔ */
        case 0xE280A6:
        case 0xEFB899: /* …︙ */
        case 0xE280BC:
        case 0xE28187:
        case 0xE28188:
        case 0xE28189: return SENTENCE_MARK; /* ‼⁇⁈⁉ */
        default: return NO_MARK;
    }
}

/* Length of the mark at `at` that ends a sentence, or 0; *line is set if the mark breaks the line. */
static size_t mark_at(const char *text, size_t length, size_t at, int *line) {
    const unsigned char *s = (const unsigned char *)text + at;
    int kind;
    *line = 0;
    switch (s[0]) {
        case '\n':
        case '\v':
        case '\f':
        case '\r': *line = 1; return 1;
        case '.': return (size_t)is_space_at(text, length, at + 1);
        case '!':
        case '?':
        case ';': return (size_t)!is_word_at(text, length, at + 1);
        case 0xC2: *line = length - at > 1 && s[1] == 0x85; return *line ? 2 : 0;
        case 0xE2:
        case 0xE3:
        case 0xEF:
            kind = length - at > 2 ? wide_mark(s) : NO_MARK;
            *line = kind == LINE_MARK;
            return kind == NO_MARK || (kind == STOP_MARK && !is_space_at(text, length, at + 3)) ? 0 : 3;
        default: return 0;
    }
}

void tocsin__breaks_advance(tocsin__breaks *breaks, size_t offset) {
    if (offset > breaks->length) offset = breaks->length;
    while (breaks->at < offset) {
        int line;
        size_t mark = mark_at(breaks->text, breaks->length, breaks->at, &line);
        if (mark && breaks->at + mark > offset) break;
        breaks->at += mark ? mark : 1;
        breaks->sentence += mark != 0;
        breaks->paragraph += (uint32_t)line;
    }
}
