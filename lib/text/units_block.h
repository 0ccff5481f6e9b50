#ifndef TOCSIN_TEXT_UNITS_BLOCK_H
#define TOCSIN_TEXT_UNITS_BLOCK_H

/* Shared by the AVX2 and AVX-512 levels of text_units.h: masks of blocks of 64 bytes. Compiled for BMI and BMI2. */

#include <string.h>

#include "text/units_one_to_one.h"

#ifdef TOCSIN__FOLD_X86

#include <immintrin.h>

#define BLOCK 64
#define READS 8 /* bytes that may be loaded past a block */
#define ALWAYS __attribute__((always_inline))
#define SELDOM __attribute__((noinline))

/* What each byte of a block is, one bit a byte. */
typedef struct masks {
    uint64_t wide;  /* first bytes of three-byte characters */
    uint64_t after; /* continuation bytes */
    uint64_t high;  /* not ASCII */
    int rare;       /* the block has a U+0000, or an E0, which may begin an overlong sequence */
} masks;

ALWAYS static inline uint32_t four_bytes(const char *bytes) {
    uint32_t v;
    memcpy(&v, bytes, sizeof v);
    return __builtin_bswap32(v);
}

/* The code point of a character of any width, from four bytes. */
ALWAYS static inline uint32_t any_point(const char *bytes) {
    static const uint32_t parts[16] = {0x7F000000, 0x7F000000, 0x7F000000, 0x7F000000, 0x7F000000, 0x7F000000,
                                       0x7F000000, 0x7F000000, 0,          0,          0,          0,
                                       0x1F3F0000, 0x1F3F0000, 0x0F3F3F00, 0x073F3F3F};
    const uint32_t v = four_bytes(bytes);
    return _pext_u32(v, parts[v >> 28]);
}

/* Writes characters of any width, from a copy if the text ends soon; returns how many. */
SELDOM static size_t put_any(const tocsin__view *view, size_t from, size_t at, uint64_t begins, uint16_t *units,
                             uint16_t *places, size_t count) {
    const size_t left = view->length - at;
    const uint16_t *plane = view->plane;
    const char *block = view->text + at;
    char copy[BLOCK + READS + 4];
    if (left < BLOCK + READS) {
        block = memcpy(copy, block, left);
        memset(copy + left, 0, 4); /* four bytes are read of each character, and the needed ones are used */
    }
    for (; begins; begins = _blsr_u64(begins), count++) {
        const size_t i = _tzcnt_u64(begins);
        const uint32_t c = any_point(block + i);
        units[count] = plane && c < 0x10000 ? plane[c] : tocsin__unit_of(c);
        places[count] = (uint16_t)(at + i - from);
    }
    return count;
}

/* Whether a block has a U+0000, or an E0 that begins an overlong sequence. */
SELDOM static int has_rare(const tocsin__view *view, size_t at) {
    const unsigned char *text = (const unsigned char *)view->text;
    const size_t end = view->length - at < BLOCK ? view->length : at + BLOCK;
    for (; at < end; at++) {
        if (!text[at] || (text[at] == 0xE0 && text[at + 1] < 0xA0)) return 1;
    }
    return 0;
}

/* For characters of two or four bytes: 0 if one is not one-to-one; otherwise the continuation bytes that they need. */
SELDOM static int are_one_to_one(const tocsin__view *view, size_t at, uint64_t begins, uint64_t *wanted,
                                 uint64_t *carry) {
    for (; begins; begins = _blsr_u64(begins)) {
        const size_t i = _tzcnt_u64(begins), width = tocsin__one_to_one_width(view, at + i);
        if (!width) return 0;
        const uint64_t bytes = ((uint64_t)1 << (width - 1)) - 1;
        *wanted |= i < 63 ? bytes << (i + 1) : 0;
        *carry |= bytes >> (63 - i);
    }
    return 1;
}

/*
 * Whether a block of an original can be one-to-one, judged without the table; *carry: the continuation bytes that
 * characters of the previous block need in this one.
 */
ALWAYS static inline int is_one_to_one_block(const tocsin__view *view, size_t at, const masks *m, uint64_t *carry) {
    const uint64_t others = m->high & ~(m->wide | m->after);
    uint64_t wanted = *carry | m->wide << 1 | m->wide << 2, next = m->wide >> 63 | m->wide >> 62;
    if (others) {
        uint64_t more = 0, after = 0;
        if (!are_one_to_one(view, at, others, &more, &after)) return 0;
        wanted |= more;
        next |= after;
    }
    *carry = next;
    if (wanted != m->after || (next && view->length - at <= BLOCK)) return 0;
    return !m->rare || !has_rare(view, at);
}

/* For text that is not UTF-8: leaves out characters that the end of the text cuts. */
SELDOM static uint64_t whole_only(const tocsin__view *view, size_t at, uint64_t begins) {
    const size_t left = view->length - at;
    for (size_t i = left < 3 ? 0 : left - 3; i < left && i < BLOCK; i++) {
        const unsigned char b = (unsigned char)view->text[at + i];
        const size_t width = b < 0xC0 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
        if (width > left - i) begins &= ~((uint64_t)1 << i);
    }
    return begins;
}

/* Whether one of the last bytes may begin a character that is longer than the rest. */
ALWAYS static inline int may_be_cut(const tocsin__view *view) {
    const unsigned char *end = (const unsigned char *)view->text + view->length;
    return end[-1] >= 0xC0 || end[-2] >= 0xE0 || end[-3] >= 0xF0;
}

/*
 * The starts of the characters of a block that become units: those of three bytes, or all of them if the caller wants
 * all.
 */
ALWAYS static inline uint64_t begins_of(const tocsin__view *view, size_t at, const masks *m, int is_original,
                                        int narrow) {
    const size_t left = view->length - at;
    uint64_t begins = m->wide;
    if (narrow) begins = ~m->after & (left < BLOCK ? ((uint64_t)1 << left) - 1 : UINT64_MAX);
    if (!is_original && left < BLOCK + 3 && may_be_cut(view)) begins = whole_only(view, at, begins);
    return begins;
}

#endif

#endif
