/*
 * Frequencies from the words of a dictionary: pairs inside a word are known, and across words characters are taken as
 * independent. Digits, Latin letters and ASCII punctuation come in runs and count as very common, because a page of
 * them would otherwise be all candidates.
 */
#include "match/filter_frequency.h"

#include <string.h>

#include "base/utf8.h"
#include "text/fold_tables.h"

#define ASCII 12   /* level: one in 64 */
#define KANA 16    /* one in 256 */
#define FOREIGN 24 /* letters of other scripts, one in 4096 */
#define RARE 38    /* a character that is in no list: one in half a million */
#define PAIR_SLOTS ((size_t)1 << 14)

typedef struct pair_slot {
    uint32_t pair;
    uint32_t level; /* 0: free */
} pair_slot;

struct tocsin__frequency {
    tocsin_allocator allocator;
    double share[64]; /* by level */
    uint8_t levels[65536];
    pair_slot pairs[PAIR_SLOTS];
};

static size_t slot_of(const tocsin__frequency *f, uint32_t pair) {
    size_t slot = (size_t)(pair * UINT64_C(0x9E3779B97F4A7C15) >> 50);
    while (f->pairs[slot].level && f->pairs[slot].pair != pair) slot = (slot + 1) & (PAIR_SLOTS - 1);
    return slot;
}

/* The characters of the lists are folded like any text; if two fold to one, the more frequent one counts. */
static uint32_t next_folded(const char *text, size_t length, size_t *at) {
    return tocsin__fold_plane_hans[tocsin__utf8_next(text, length, *at, at)];
}

static void add_characters(tocsin__frequency *f, const tocsin__frequency_level *list) {
    const size_t length = strlen(list->characters);
    for (size_t at = 0; at < length;) {
        const uint32_t c = next_folded(list->characters, length, &at);
        if (list->level < f->levels[c]) f->levels[c] = list->level;
    }
}

/* Reads the pairs of one level and returns the end of them. */
static const uint32_t *add_pairs(tocsin__frequency *f, const uint32_t *pairs) {
    const uint32_t *end = pairs;
    while (*end >= 0x10000) end++;
    for (; pairs < end; pairs++) {
        const uint32_t left = tocsin__fold_plane_hans[*pairs >> 16], right = tocsin__fold_plane_hans[*pairs & 0xFFFF];
        pair_slot *slot = &f->pairs[slot_of(f, left << 16 | right)];
        if (!slot->level || *end < slot->level) *slot = (pair_slot){left << 16 | right, *end};
    }
    return end + 1;
}

/* A level is half a power of two: 2 to the power of -level / 2. */
static void fill_shares(double share[64]) {
    share[0] = 1;
    share[1] = 0.70710678118654752440;
    for (int level = 2; level < 64; level++) share[level] = share[level - 2] / 2;
}

tocsin__frequency *tocsin__frequency_create(const tocsin_allocator *allocator) {
    tocsin__frequency *f = tocsin__allocate_zeroed(allocator, sizeof *f);
    if (!f) return NULL;
    f->allocator = *allocator;
    fill_shares(f->share);
    memset(f->levels, RARE, sizeof f->levels);
    memset(f->levels, FOREIGN, 0x2E80);
    memset(f->levels + 0x3040, KANA, 0xC0);
    memset(f->levels, ASCII, 0x80);
    for (const tocsin__frequency_level *list = tocsin__frequency_characters; list->characters; list++) {
        add_characters(f, list);
    }
    for (const uint32_t *pairs = tocsin__frequency_pairs; *pairs;) pairs = add_pairs(f, pairs);
    return f;
}

void tocsin__frequency_free(tocsin__frequency *f) {
    if (!f) return;
    const tocsin_allocator allocator = f->allocator;
    tocsin__deallocate(&allocator, f, sizeof *f);
}

double tocsin__frequency_of(const tocsin__frequency *f, uint32_t c) {
    return f->share[c < 0x10000 ? f->levels[c] : RARE];
}

double tocsin__frequency_of_pair(const tocsin__frequency *f, uint32_t left, uint32_t right) {
    const double chance = tocsin__frequency_of(f, left) * tocsin__frequency_of(f, right);
    if (left >= 0x10000 || right >= 0x10000) return chance;
    const pair_slot *slot = &f->pairs[slot_of(f, left << 16 | right)];
    return slot->level && f->share[slot->level] > chance ? f->share[slot->level] : chance;
}
