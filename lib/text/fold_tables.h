#ifndef TOCSIN_TEXT_FOLD_TABLES_H
#define TOCSIN_TEXT_FOLD_TABLES_H

/*
 * Layout of fold_tables.c, which generate_fold_tables.c writes.
 *
 * The plane tables serve nearly every character of nearly every text. Entry c of a profile is the folded code point of
 * c if c folds alone to one code point of the basic plane, and 0 if it needs more (U+0000 itself does, so that 0 has a
 * single meaning). The two-stage table holds the other cases.
 */

#include <stdint.h>

#define TOCSIN__FOLD_PLANE (0x10000 + 1) /* one entry more, so that any entry may be read as four bytes */
#define TOCSIN__FOLD_BLOCK 128
#define TOCSIN__FOLD_BLOCKS (0x110000 / TOCSIN__FOLD_BLOCK)

/* Kind of a code point in the low two bits of a two-stage entry; the rest is the payload. */
enum {
    TOCSIN__FOLD_SIMPLE = 0, /* one code point: c + payload (signed), then its class */
    TOCSIN__FOLD_EXPAND = 1, /* several: payload is the index into the expansions */
    TOCSIN__FOLD_JOIN = 2,   /* a stroke, or a character that may combine with the one before it: ICU decides */
    TOCSIN__FOLD_VANISH = 3  /* default-ignorable: it folds to nothing */
};

#define TOCSIN__FOLD_EXPANSION_MAX 18

/* NFKC_Casefold of what one code point depicts, before variant classes. */
typedef struct tocsin__fold_expansion {
    uint32_t first;  /* into tocsin__fold_expansion_points */
    uint32_t length; /* code points, 2 … TOCSIN__FOLD_EXPANSION_MAX */
} tocsin__fold_expansion;

extern const uint16_t tocsin__fold_plane_hans[TOCSIN__FOLD_PLANE]; /* NFKC_Casefold, then variant class */
extern const uint16_t tocsin__fold_plane_cf[TOCSIN__FOLD_PLANE];   /* NFKC_Casefold alone */
extern const uint16_t tocsin__fold_blocks[TOCSIN__FOLD_BLOCKS];
extern const int32_t tocsin__fold_entries[];
extern const tocsin__fold_expansion tocsin__fold_expansions[];
extern const uint32_t tocsin__fold_expansion_points[];

/*
 * Variant classes that the plane cannot hold: pairs from → representative, one of them beyond the plane; sorted by
 * `from`.
 */
extern const uint32_t tocsin__fold_classes[][2];
extern const uint32_t tocsin__fold_class_count;

/* The sources of the tables, for people. */
extern const char tocsin__fold_tables_source[];
extern const char tocsin__fold_tables_unicode[]; /* the version of Unicode, for example "15.0" */
extern const uint64_t tocsin__fold_tables_id;    /* a hash of their content */

/* Combining characters that cross out or frame the character before them (消̶, 1⃣): the folder drops them. */
static inline int tocsin__is_stroke(uint32_t c) { return (c >= 0x334 && c <= 0x338) || (c >= 0x20D2 && c <= 0x20E3); }

static inline int32_t tocsin__fold_entry(uint32_t c) {
    return tocsin__fold_entries[(uint32_t)tocsin__fold_blocks[c / TOCSIN__FOLD_BLOCK] * TOCSIN__FOLD_BLOCK +
                                c % TOCSIN__FOLD_BLOCK];
}

#endif
