/*
 * Makes text safe for output. Strangers write posts: an escape sequence in one would move the cursor, set the title or
 * colour the terminal of its reader, and an override would show the words in another order than the matcher reads them.
 * Everything printed for people goes through here.
 */
#include "feed/utf8_text.h"

#include <stdio.h>
#include <string.h>

#include "feed/tool_memory.h"

uint32_t utf8_decode(const char *text, size_t length, size_t at, size_t *next) {
    const unsigned char *s = (const unsigned char *)text;
    uint32_t c = s[at];
    *next = at + 1;
    if (c < 0x80) return c;
    if (c < 0xC2 || c > 0xF4) return UTF8_MALFORMED;
    size_t more = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
    uint32_t low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    uint32_t high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    uint32_t value = c & (0x3Fu >> more);
    for (; more; more--, low = 0x80, high = 0xBF) {
        if (*next >= length || s[*next] < low || s[*next] > high) return UTF8_MALFORMED;
        value = value << 6 | (s[(*next)++] & 0x3Fu);
    }
    return value;
}

size_t utf8_valid_prefix(const char *text, size_t length) {
    for (size_t at = 0, next; at < length; at = next) {
        if (utf8_decode(text, length, at, &next) == UTF8_MALFORMED) return at;
    }
    return length;
}

size_t utf8_cut(const char *text, size_t length, size_t most) {
    size_t at = most < length ? most : length;
    while (at > 0 && at < length && ((unsigned char)text[at] & 0xC0) == 0x80) at--;
    return at;
}

void text_append(tocsin_buffer *out, const char *data, size_t length) {
    if (tocsin_buffer_append(out, data, length) != TOCSIN_OK) tool_out_of_memory();
}

void text_puts(tocsin_buffer *out, const char *text) { text_append(out, text, strlen(text)); }

void text_vprintf(tocsin_buffer *out, const char *format, va_list arguments) {
    char line[1024];
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(line, sizeof line, format, arguments);
    if (length >= 0 && (size_t)length < sizeof line) {
        text_append(out, line, (size_t)length);
    } else if (length >= 0) {
        char *longer = tool_allocate((size_t)length + 1, 1);
        vsnprintf(longer, (size_t)length + 1, format, again);
        text_append(out, longer, (size_t)length);
        tool_free(longer);
    }
    va_end(again);
}

void text_printf(tocsin_buffer *out, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    text_vprintf(out, format, arguments);
    va_end(arguments);
}

/* Characters that change the order or the look of the text around them, or break a line. */
static int hides(uint32_t c) {
    return c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           (c >= 0x80 && c < 0xA0);
}

void utf8_append_visible(tocsin_buffer *out, const char *text, size_t length, int keep_lines) {
    size_t plain = 0, at = 0, next;
    for (; at < length; at = next) {
        uint32_t c = utf8_decode(text, length, at, &next);
        int control = c < 0x20 || c == 0x7F;
        if (!control && c != UTF8_MALFORMED && !hides(c)) continue;
        if (keep_lines && (c == '\n' || c == '\t')) continue;
        text_append(out, text + plain, at - plain);
        plain = next;
        if (c == UTF8_MALFORMED) {
            text_puts(out, "\xEF\xBF\xBD");
        } else if (control) {
            char picture[4] = "\xE2\x90\x80";
            picture[2] = (char)(c == 0x7F ? '\xA1' : '\x80' + (char)c);
            text_puts(out, picture);
        } else {
            text_printf(out, "<U+%04X>", (unsigned)c);
        }
    }
    text_append(out, text + plain, length - plain);
}

void utf8_append_json(tocsin_buffer *out, const char *text, size_t length) {
    size_t plain = 0, next;
    text_puts(out, "\"");
    for (size_t at = 0; at < length; at = next) {
        uint32_t c = utf8_decode(text, length, at, &next);
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F && c != UTF8_MALFORMED) continue;
        text_append(out, text + plain, at - plain);
        plain = next;
        switch (c) {
            case UTF8_MALFORMED: text_puts(out, "\xEF\xBF\xBD"); break;
            case '"': text_puts(out, "\\\""); break;
            case '\\': text_puts(out, "\\\\"); break;
            case '\n': text_puts(out, "\\n"); break;
            case '\r': text_puts(out, "\\r"); break;
            case '\t': text_puts(out, "\\t"); break;
            default: text_printf(out, "\\u%04x", (unsigned)c); break;
        }
    }
    text_append(out, text + plain, length - plain);
    text_puts(out, "\"");
}
