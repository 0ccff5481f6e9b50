#ifndef TOCSIN_TEXT_FOLD_STEP_H
#define TOCSIN_TEXT_FOLD_STEP_H

/*
 * Single steps of a run in plain C, for the portable level and for the rest that the vector levels leave. All are
 * inline, so that the position of a run stays in registers.
 */

#include <string.h>

#include "base/utf8.h"
#include "text/fold_level.h"

#if defined(__GNUC__)
#define TOCSIN__LIKELY(x) __builtin_expect((x), 1)
#else
#define TOCSIN__LIKELY(x) (x)
#endif

#define TOCSIN__BYTES(b) (UINT64_C(0x0101010101010101) * (b))

typedef struct tocsin__fold_cursor {
    const char *s;
    char *out;
    tocsin__map_segment *segment;
} tocsin__fold_cursor;

/* Three bytes as a number, the first the lowest on every machine: compilers make one load or store of it. */
static inline uint32_t tocsin__load_3(const char *text) {
    const unsigned char *s = (const unsigned char *)text;
    return (uint32_t)s[0] | (uint32_t)s[1] << 8 | (uint32_t)s[2] << 16;
}

static inline uint32_t tocsin__load_4(const char *text) {
    return tocsin__load_3(text) | (uint32_t)(unsigned char)text[3] << 24;
}

static inline uint64_t tocsin__load_8(const char *text) {
    return tocsin__load_4(text) | (uint64_t)tocsin__load_4(text + 4) << 32;
}

static inline void tocsin__store_4(char *out, uint32_t v) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(out, &v, sizeof v); /* if the compiler knew something about the bytes, it would make four stores */
#else
    out[0] = (char)v;
    out[1] = (char)(v >> 8);
    out[2] = (char)(v >> 16);
    out[3] = (char)(v >> 24);
#endif
}

static inline void tocsin__store_8(char *out, uint64_t v) {
    tocsin__store_4(out, (uint32_t)v);
    tocsin__store_4(out + 4, (uint32_t)(v >> 32));
}

static inline void tocsin__fold_add_segment(const tocsin__fold_run *run, tocsin__fold_cursor *at, size_t folded_length,
                                            size_t source_length) {
    *at->segment++ = (tocsin__map_segment){(uint32_t)(at->out - run->out), (uint32_t)folded_length,
                                           (uint32_t)(at->s - run->text), (uint32_t)source_length};
}

/* The character in the lower three bytes of v; 0 if it is not plain or has not three bytes. */
static inline int tocsin__fold_take_three(const tocsin__fold_run *run, tocsin__fold_cursor *at, uint32_t v) {
    if (!TOCSIN__LIKELY((v & 0xC0C0F0) == 0x8080E0)) return 0;
    uint32_t c = (v & 0xF) << 12 | (v >> 2 & 0xFC0) | (v >> 16 & 0x3F);
    uint32_t folded = run->plane[c];
    if (!TOCSIN__LIKELY(c >= 0x800)) return 0;
    if (TOCSIN__LIKELY(folded >= 0x800)) {
        tocsin__store_4(at->out, 0x8080E0 | folded >> 12 | (folded << 2 & 0x3F00) | (folded & 0x3F) << 16);
        at->out += 3;
    } else {
        if (!folded) return 0;
        size_t written = tocsin__utf8_put(at->out, folded);
        tocsin__fold_add_segment(run, at, written, 3);
        at->out += written;
    }
    at->s += 3;
    return 1;
}

/* The index of the lowest byte with its high bit set, if no other bits are set; 8 if there is none. */
static inline size_t tocsin__lowest_byte(uint64_t high_bits) {
#if defined(__GNUC__)
    return high_bits ? (size_t)__builtin_ctzll(high_bits) / 8 : 8;
#else
    size_t count = 0;
    while (count < 8 && !(high_bits >> 8 * count & 0x80)) count++;
    return count;
#endif
}

/*
 * Folds the ASCII among the next eight bytes up to another character or U+0000. All eight are made lower case and
 * stored; those before the lowest byte whose high bit is set in `stop` count. Carries only disturb bytes above that
 * one.
 */
static inline size_t tocsin__fold_take_ascii(tocsin__fold_cursor *at) {
    uint64_t x = tocsin__load_8(at->s);
    uint64_t stop = (x | ((x - TOCSIN__BYTES(1)) & ~x)) & TOCSIN__BYTES(0x80);
    uint64_t capital = (x + TOCSIN__BYTES(0x80 - 'A')) & ~(x + TOCSIN__BYTES(0x80 - 'Z' - 1)) & TOCSIN__BYTES(0x80);
    tocsin__store_8(at->out, x | capital >> 2);
    size_t count = tocsin__lowest_byte(stop);
    at->s += count;
    at->out += count;
    return count;
}

/* Folds any one character; 0 if it is not plain. */
static inline int tocsin__fold_take_one(const tocsin__fold_run *run, tocsin__fold_cursor *at) {
    size_t from = (size_t)(at->s - run->text), next;
    uint32_t c = tocsin__utf8_next(run->text, run->length, from, &next);
    uint32_t folded = c < 0x10000 ? run->plane[c] : 0;
    if (!folded) return 0;
    size_t written = tocsin__utf8_put(at->out, folded);
    if (written != next - from) tocsin__fold_add_segment(run, at, written, next - from);
    at->out += written;
    at->s += next - from;
    return 1;
}

#endif
