#ifndef TOCSIN_BASE_UTF8_H
#define TOCSIN_BASE_UTF8_H

/*
 * UTF-8 one code point at a time. A malformed part is what the Unicode Standard (section 3.9) calls a maximal subpart:
 * the longest prefix of a well-formed sequence, or else one byte.
 */

#include <stddef.h>
#include <stdint.h>

#define TOCSIN__UTF8_MALFORMED UINT32_MAX

/* The code point at `at` < length, or TOCSIN__UTF8_MALFORMED; *next is where the following one starts. */
static inline uint32_t tocsin__utf8_next(const char *text, size_t length, size_t at, size_t *next) {
    const unsigned char *s = (const unsigned char *)text + at;
    size_t left = length - at;
    uint32_t c = s[0];
    *next = at + 1;
    if (c < 0x80) return c;
    if (c < 0xC2 || c > 0xF4) return TOCSIN__UTF8_MALFORMED;
    size_t need = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
    uint32_t low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    uint32_t high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    uint32_t value = c & (0x3Fu >> need);
    for (size_t i = 1; i <= need; i++) {
        if (i >= left || s[i] < low || s[i] > high) return TOCSIN__UTF8_MALFORMED;
        value = value << 6 | (s[i] & 0x3Fu);
        *next = at + i + 1;
        low = 0x80;
        high = 0xBF;
    }
    return value;
}

/* Writes one code point that is not a surrogate; returns its 1 to 4 bytes. */
static inline size_t tocsin__utf8_put(char *out, uint32_t c) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* Where the code point that ends before `at` > 0 starts; a malformed byte counts as one code point. */
size_t tocsin__utf8_previous(const char *text, size_t at);

/* The number of code points; each malformed part counts as one. */
size_t tocsin__utf8_count(const char *text, size_t length);

/* The number of code points of text that is known to be well-formed. */
size_t tocsin__utf8_count_valid(const char *text, size_t length);

/*
 * The bytes of the first `count` characters, or SIZE_MAX if there are fewer. A byte that continues a character never
 * begins one, also if the text is malformed.
 */
size_t tocsin__utf8_bytes_of(const char *text, size_t length, size_t count);

/* The offset of the first malformed part, or length. */
size_t tocsin__utf8_valid_prefix(const char *text, size_t length);

#endif
