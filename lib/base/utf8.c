/*
 * The functions of utf8.h that loop. The single steps are inline in the header because the folder calls them for every
 * character.
 */
#include "base/utf8.h"

#include <limits.h>
#include <string.h>

size_t tocsin__utf8_previous(const char *text, size_t at) {
    for (size_t back = 1; back <= 4 && back <= at; back++) {
        unsigned char c = (unsigned char)text[at - back];
        if ((c & 0xC0) == 0x80) continue;
        size_t next;
        uint32_t value = tocsin__utf8_next(text, at, at - back, &next);
        return value != TOCSIN__UTF8_MALFORMED && next == at ? at - back : at - 1;
    }
    return at - 1;
}

size_t tocsin__utf8_count(const char *text, size_t length) {
    size_t count = 0;
    for (size_t at = 0; at < length; count++) (void)tocsin__utf8_next(text, length, at, &at);
    return count;
}

size_t tocsin__utf8_count_valid(const char *text, size_t length) {
    size_t count = 0;
    for (size_t at = 0, end; at < length; at = end) {
        unsigned char some = 0; /* as wide as the text, so that compilers count many bytes at a time */
        end = length - at < UCHAR_MAX ? length : at + UCHAR_MAX;
        for (size_t i = at; i < end; i++) some = (unsigned char)(some + (((unsigned char)text[i] & 0xC0) != 0x80));
        count += some;
    }
    return count;
}

enum {
    WORD = sizeof(uint64_t),
    BLOCK = 8 * WORD
};

/* In each byte 1 if it continues a character, otherwise 0. */
static uint64_t continuing(const char *text) {
    uint64_t bytes;
    memcpy(&bytes, text, sizeof bytes);
    return bytes >> 7 & ~bytes >> 6 & UINT64_C(0x0101010101010101);
}

static size_t sum_of_bytes(uint64_t bytes) { return bytes * UINT64_C(0x0101010101010101) >> 56; }

size_t tocsin__utf8_bytes_of(const char *text, size_t length, size_t count) {
    size_t at = 0;
    for (; count >= BLOCK && length - at >= BLOCK; at += BLOCK) {
        uint64_t all = 0;
        for (size_t i = 0; i < BLOCK; i += WORD) all += continuing(text + at + i);
        count -= BLOCK - sum_of_bytes(all);
    }
    for (; length - at >= WORD; at += WORD) {
        const size_t begun = WORD - sum_of_bytes(continuing(text + at));
        if (begun > count) break;
        count -= begun;
    }
    for (; at < length; at++) {
        if (((unsigned char)text[at] & 0xC0) == 0x80) continue;
        if (!count) return at;
        count--;
    }
    return count ? SIZE_MAX : length;
}

size_t tocsin__utf8_valid_prefix(const char *text, size_t length) {
    for (size_t at = 0, next = 0; at < length; at = next) {
        if (tocsin__utf8_next(text, length, at, &next) == TOCSIN__UTF8_MALFORMED) return at;
    }
    return length;
}
