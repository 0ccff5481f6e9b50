/*
 * The plain run in plain C. Characters of three bytes, nearly all of Chinese text, are taken with one load, one test
 * of all three bytes and one look-up, and put back without asking what became of them: those that fold to ASCII
 * (punctuation) are too many for a branch to guess, so length and knot follow from arithmetic. ASCII goes by eight.
 * The vector levels end with this run too, where less than a vector is left.
 */
#include <string.h>

#include "base/utf8.h"
#include "text/fold_level.h"

#define BYTES(b) (UINT64_C(0x0101010101010101) * (b))

typedef struct cursor {
    const char *s;
    char *out;
    tocsin__knot *knot;
} cursor;

static inline uint32_t load_4(const char *text) {
    const unsigned char *s = (const unsigned char *)text;
    return (uint32_t)s[0] | (uint32_t)s[1] << 8 | (uint32_t)s[2] << 16 | (uint32_t)s[3] << 24;
}

static inline void store_4(char *out, uint32_t v) {
    out[0] = (char)v;
    out[1] = (char)(v >> 8);
    out[2] = (char)(v >> 16);
    out[3] = (char)(v >> 24);
}

/* One character of three bytes that folds to three or to one; 0 when it is not that. Reads four bytes. */
static inline int take_three(const tocsin__fold_run *run, cursor *at) {
    uint32_t v = load_4(at->s);
    if ((v & 0xC0C0F0) != 0x8080E0) return 0;
    uint32_t c = (v & 0xF) << 12 | (v >> 2 & 0xFC0) | (v >> 16 & 0x3F);
    uint32_t folded = run->plane[c];
    if ((c < 0x800) | (folded == 0) | (folded - 0x80 < 0x780)) return 0;
    uint32_t three = 0x8080E0 | folded >> 12 | (folded << 2 & 0x3F00) | (folded & 0x3F) << 16;
    uint32_t narrow = folded < 0x80;
    store_4(at->out, narrow ? folded : three);
    *at->knot = (tocsin__knot){(uint32_t)(at->out - run->out), 1, (uint32_t)(at->s - run->text), 3};
    at->knot += narrow;
    at->out += 3 - 2 * narrow;
    at->s += 3;
    return 1;
}

/* Eight characters of ASCII, none of them U+0000. */
static inline int take_eight(cursor *at) {
    uint64_t x;
    memcpy(&x, at->s, 8);
    if ((x | (x - BYTES(1))) & BYTES(0x80)) return 0;
    uint64_t capital = (x + BYTES(0x80 - 'A')) & ~(x + BYTES(0x80 - 'Z' - 1)) & BYTES(0x80);
    x |= capital >> 2;
    memcpy(at->out, &x, 8);
    at->s += 8;
    at->out += 8;
    return 1;
}

/* Any one character; 0 when it is not plain. */
static inline int take_one(const tocsin__fold_run *run, cursor *at) {
    size_t from = (size_t)(at->s - run->text), next;
    uint32_t c = tocsin__utf8_next(run->text, run->length, from, &next);
    uint32_t folded = c < 0x10000 ? run->plane[c] : 0;
    if (!folded) return 0;
    size_t written = tocsin__utf8_put(at->out, folded);
    if (written != next - from) {
        *at->knot++ =
            (tocsin__knot){(uint32_t)(at->out - run->out), (uint32_t)written, (uint32_t)from, (uint32_t)(next - from)};
    }
    at->out += written;
    at->s += next - from;
    return 1;
}

void tocsin__fold_run_portable(tocsin__fold_run *run) {
    cursor at = {run->text + run->at, run->out + run->written, run->knots + run->knot_count};
    const char *end = run->text + run->length, *stop = run->text + run->stop;
    while (at.s < stop) {
        unsigned char first = (unsigned char)*at.s;
        if (first >= 0xE0) {
            int taken = 0;
            while (end - at.s >= 4 && at.s < stop && take_three(run, &at)) taken = 1;
            if (taken) continue;
        } else if (first < 0x80) {
            if (end - at.s >= 8 && take_eight(&at)) continue;
            uint32_t folded = run->plane[first];
            if (!folded) break;
            *at.out++ = (char)folded;
            at.s++;
            continue;
        }
        if (!take_one(run, &at)) break;
    }
    run->at = (size_t)(at.s - run->text);
    run->written = (size_t)(at.out - run->out);
    run->knot_count = (size_t)(at.knot - run->knots);
}
