#ifndef TOCSIN_CODEC_LITTLE_ENDIAN_H
#define TOCSIN_CODEC_LITTLE_ENDIAN_H

/* Numbers as images store them, at any alignment on any machine. */

#include <stdint.h>

static inline uint32_t tocsin__get32(const char *at) {
    const unsigned char *b = (const unsigned char *)at;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline uint64_t tocsin__get64(const char *at) {
    return (uint64_t)tocsin__get32(at) | (uint64_t)tocsin__get32(at + 4) << 32;
}

static inline void tocsin__put32(char *at, uint32_t value) {
    for (int i = 0; i < 4; i++) at[i] = (char)(unsigned char)(value >> 8 * i);
}

static inline void tocsin__put64(char *at, uint64_t value) {
    tocsin__put32(at, (uint32_t)value);
    tocsin__put32(at + 4, (uint32_t)(value >> 32));
}

#endif
