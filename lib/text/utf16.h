#ifndef TOCSIN_TEXT_UTF16_H
#define TOCSIN_TEXT_UTF16_H

/* UTF-16 for the C interface of ICU. All of it is well-formed. */

#include <stddef.h>
#include <stdint.h>

static inline uint32_t tocsin__utf16_next(const uint16_t *units, size_t length, size_t *at) {
    uint32_t c = units[(*at)++];
    if ((c & 0xFC00) != 0xD800 || *at >= length) return c;
    return 0x10000 + ((c & 0x3FF) << 10) + (units[(*at)++] & 0x3FFu);
}

/* Writes one or two units; returns how many. */
static inline size_t tocsin__utf16_put(uint16_t *out, uint32_t c) {
    if (c < 0x10000) {
        out[0] = (uint16_t)c;
        return 1;
    }
    out[0] = (uint16_t)(0xD7C0 + (c >> 10));
    out[1] = (uint16_t)(0xDC00 | (c & 0x3FF));
    return 2;
}

#endif
