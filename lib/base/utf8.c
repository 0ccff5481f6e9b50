/*
 * The functions of utf8.h that loop. The single steps are inline in the header because the folder calls them for every
 * character.
 */
#include "base/utf8.h"

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
    for (size_t i = 0; i < length; i++) count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

size_t tocsin__utf8_valid_prefix(const char *text, size_t length) {
    for (size_t at = 0, next = 0; at < length; at = next) {
        if (tocsin__utf8_next(text, length, at, &next) == TOCSIN__UTF8_MALFORMED) return at;
    }
    return length;
}
