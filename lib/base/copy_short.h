#ifndef TOCSIN_BASE_COPY_SHORT_H
#define TOCSIN_BASE_COPY_SHORT_H

#include <stddef.h>
#include <string.h>

#if defined(__GNUC__)
#define TOCSIN__LIKELY(x) __builtin_expect((x), 1)
#else
#define TOCSIN__LIKELY(x) (x)
#endif

/* Copies fewer than 64 bytes, by a few copies of fixed size that may overlap: each is one load and one store. */
static inline void tocsin__copy_short(char *to, const char *from, size_t length) {
    if (length >= 32) {
        memcpy(to, from, 32);
        memcpy(to + length - 32, from + length - 32, 32);
    } else if (length >= 16) {
        memcpy(to, from, 16);
        memcpy(to + length - 16, from + length - 16, 16);
    } else if (length >= 8) {
        memcpy(to, from, 8);
        memcpy(to + length - 8, from + length - 8, 8);
    } else if (length >= 4) {
        memcpy(to, from, 4);
        memcpy(to + length - 4, from + length - 4, 4);
    } else {
        for (size_t i = 0; i < length; i++) to[i] = from[i];
    }
}

#endif
