/* Loops over code points and bytes, for the readers of lists and the code that reports about them. */
#include "lexicon/list_text.h"

#include <string.h>

#include "base/utf8.h"
#include "text/icu_properties.h"

#define PREVIEW_CODE_POINTS 20

/* Whether both ends are characters of three bytes above U+3FFF, as most ideographs are: none of them is white space. */
static int is_trimmed(tocsin_bytes text) {
    const unsigned char *end = (const unsigned char *)text.data + text.length;
    return text.length >= 3 && (unsigned char)*text.data >= 0xE4 && end[-3] >= 0xE4 && (end[-2] & 0xC0) == 0x80 &&
           (end[-1] & 0xC0) == 0x80;
}

tocsin_bytes tocsin__trim(tocsin_bytes text) {
    size_t start = 0, end = text.length, next = 0;
    if (is_trimmed(text)) return text;
    while (start < end && tocsin__is_white_space(tocsin__utf8_next(text.data, end, start, &next))) start = next;
    while (end > start) {
        size_t previous = tocsin__utf8_previous(text.data, end);
        if (previous < start || !tocsin__is_white_space(tocsin__utf8_next(text.data, end, previous, &next))) break;
        end = previous;
    }
    return (tocsin_bytes){text.data ? text.data + start : NULL, end - start};
}

int tocsin__text_is(const char *text, size_t length, const char *name) {
    if (strlen(name) != length) return 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
        if (c != name[i]) return 0;
    }
    return 1;
}

int tocsin__text_contains(tocsin_bytes whole, tocsin_bytes part) {
    if (!part.length) return 1;
    for (size_t at = 0; at + part.length <= whole.length; at++) {
        const char *found = memchr(whole.data + at, part.data[0], whole.length - part.length - at + 1);
        if (!found) return 0;
        if (!memcmp(found, part.data, part.length)) return 1;
        at = (size_t)(found - whole.data);
    }
    return 0;
}

const char *tocsin__preview(char out[TOCSIN__PREVIEW_SIZE], tocsin_bytes text) {
    size_t length = 0, at = 0;
    for (size_t i = 0; i < PREVIEW_CODE_POINTS && at < text.length; i++) {
        uint32_t c = tocsin__utf8_next(text.data, text.length, at, &at);
        if (c == TOCSIN__UTF8_MALFORMED || tocsin__is_control(c) || c == 0x2028 || c == 0x2029) c = '?';
        length += tocsin__utf8_put(out + length, c);
    }
    if (at < text.length) length += tocsin__utf8_put(out + length, 0x2026);
    out[length] = '\0';
    return out;
}
