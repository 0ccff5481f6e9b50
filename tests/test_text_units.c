/*
 * Units: text reported as one-to-one folds to its units character by character, the same at all levels. Whether a text
 * is one-to-one is a statement about folding, so the folder decides.
 */
#include <stdio.h>
#include <string.h>

#include <tocsin/fold.h>

#include "base/utf8.h"
#include "random_text.h"
#include "suite.h"
#include "text/fold_tables.h"
#include "text/folder.h"
#include "text/icu_properties.h"
#include "text/line_ends.h"
#include "text/text_units.h"

static const uint16_t *const planes[] = {tocsin__fold_plane_hans, tocsin__fold_plane_cf};
static const tocsin_fold_options profiles[] = {{.profile = TOCSIN_FOLD_NFKC_CF_HANS}, {.profile = TOCSIN_FOLD_NFKC_CF}};
static tocsin_folder *folder;

/* The units of a short text. */
typedef struct reading {
    size_t count;
    int spaceless;
    uint16_t units[TOCSIN__UNITS_PIECE + TOCSIN__UNITS_SLACK + RANDOM_TEXT_LONGEST];
    uint16_t places[TOCSIN__UNITS_PIECE + TOCSIN__UNITS_SLACK + RANDOM_TEXT_LONGEST];
} reading;

/* Returns whether the text is one-to-one. */
static int read_with(tocsin__units_function *read, const tocsin__view *view, int narrow, reading *out) {
    out->count = read(view, 0, view->length, narrow, out->units, out->places, &out->spaceless);
    return out->count != SIZE_MAX;
}

static size_t fold(const char *text, size_t length, tocsin_bytes *folded) {
    if (tocsin_fold(folder, text, length, folded)) ck_abort_msg("%zu bytes do not fold", length);
    return tocsin_folder_malformed(folder);
}

/* Compares folded text with the units, and each unit's offset with the beginning of its character. */
static int says_what_fold_says(const tocsin__view *view, const reading *units) {
    tocsin_bytes folded;
    size_t f = 0, at = 0, next = 0, wrong = fold(view->text, view->length, &folded);
    for (size_t i = 0; i < units->count && f < folded.length; i++, at = next) {
        const uint32_t c = tocsin__utf8_next(folded.data, folded.length, f, &f);
        wrong += units->places[i] != at;
        wrong += tocsin__view_next(view, at, &next) != c;
        wrong += units->units[i] != tocsin__unit_of(c);
        wrong += tocsin__view_previous(view, next) != at;
    }
    for (size_t i = 0; i < TOCSIN__UNITS_ZEROES; i++) wrong += units->units[units->count + i] != 0;
    if (units->spaceless) wrong += tocsin__next_space_portable(units->units, 0, units->count) < units->count;
    return !wrong && f == folded.length && at == view->length;
}

/* The units of characters of three bytes. */
static void keep_wide(const tocsin__view *view, reading *units) {
    size_t count = 0;
    for (size_t i = 0; i < units->count; i++) {
        if (((unsigned char)view->text[units->places[i]] & 0xF0) != 0xE0) continue;
        units->units[count] = units->units[i];
        units->places[count++] = units->places[i];
    }
    units->count = count;
}

static int same_units(const reading *a, const reading *b) {
    return a->count == b->count && !memcmp(a->units, b->units, a->count * sizeof *a->units) &&
           !memcmp(a->places, b->places, a->count * sizeof *a->places);
}

/* The levels that this processor has, beside the portable one; NULL ends them. */
static tocsin__units_function *const *levels(void) {
    static tocsin__units_function *list[3];
    size_t count = 0;
#ifdef TOCSIN__FOLD_X86
    if (tocsin__has_avx2()) list[count++] = tocsin__units_avx2;
    if (tocsin__has_avx512()) list[count++] = tocsin__units_avx512;
#elif defined(TOCSIN__FOLD_ARM)
    list[count++] = tocsin__units_neon;
#endif
    ck_assert_ptr_eq(tocsin__units_best(), count ? list[count - 1] : tocsin__units_portable);
    return list;
}

/* Checks that all levels of this processor agree about the text. */
static void compare_levels(const tocsin__view *view, int plain, const reading *all, const reading *wide) {
    static reading other;
    for (tocsin__units_function *const *level = levels(); *level; level++) {
        if (read_with(*level, view, 1, &other) != plain) ck_abort_msg("plain, %zu bytes", view->length);
        if (plain && !same_units(all, &other)) ck_abort_msg("all units, %zu bytes", view->length);
        if (read_with(*level, view, 0, &other) != plain) ck_abort_msg("wide, %zu bytes", view->length);
        if (plain && !same_units(wide, &other)) ck_abort_msg("wide units, %zu bytes", view->length);
    }
}

/* Returns whether the text is one-to-one. */
static int check(const tocsin__view *view) {
    static reading all, wide;
    const int plain = read_with(tocsin__units_portable, view, 1, &all);
    if (plain && view->plane && !says_what_fold_says(view, &all)) ck_abort_msg("fold, %zu bytes", view->length);
    wide = all;
    if (plain) keep_wide(view, &wide);
    compare_levels(view, plain, &all, &wide);
    return plain;
}

static void open_folder(size_t profile) {
    ck_assert_int_eq(tocsin_folder_create(&profiles[profile], NULL, &folder), TOCSIN_OK);
}

/* The sequence alone among Han characters, at the beginning of a text and across the end of a block. */
START_TEST(every_code_point_has_its_units) {
    static const size_t before[] = {0, 1, 20, 21, 22};
    size_t plain[2] = {0, 0};
    open_folder((size_t)_i);
    for (uint32_t c = 0; c < 0x110000; c += c < 0x10000 ? 1 : WALK_STEP) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        for (size_t b = 0; b < (c < 0x3400 ? sizeof before / sizeof *before : 2); b++) {
            char text[100];
            size_t length = 0;
            while (length < 3 * before[b]) length += tocsin__utf8_put(text + length, 0x706B);
            length += tocsin__utf8_put(text + length, c);
            while (length < 80 && c % 3) length += tocsin__utf8_put(text + length, 0x707E);
            const tocsin__view view = {text, length, planes[_i]};
            plain[check(&view)]++;
        }
    }
    tocsin_folder_free(folder);
    ck_assert_uint_gt(plain[1], 100000);
    ck_assert_uint_gt(plain[0], 1000);
}
END_TEST

/* Three bytes of any value: malformed text is not one-to-one, wherever it stands. */
START_TEST(every_sequence_of_three_bytes) {
    char text[76];
    open_folder(0);
    for (uint32_t c = 0; c < 0x10000; c++) {
        const char raw[3] = {(char)(0xC0 | (c >> 10 & 0x3F)), (char)(c >> 4 & 0xFF), (char)(c << 4 | 0x8F)};
        const size_t at = 3 * (c % 24);
        for (size_t i = 0; i < 75; i += 3) memcpy(text + i, "\xE7\x81\xAB", 3);
        memcpy(text + at, raw, 3);
        const tocsin__view view = {text, c % 5 ? 75 : at + 3, planes[0]};
        tocsin_bytes folded;
        if (check(&view) && fold(view.text, view.length, &folded)) ck_abort_msg("%04X is one-to-one", c);
    }
    tocsin_folder_free(folder);
}
END_TEST

START_TEST(random_texts_at_the_edge_of_memory) {
    size_t size, plain[2] = {0, 0};
    char *page = random_text_fenced_page(&size);
    open_folder(0);
    random_text_state = 5;
    for (size_t length = 0; length <= RANDOM_TEXT_LONGEST; length++) {
        for (size_t i = 0; i < 4 * RANDOM_TEXT_MIXTURES; i++) {
            char *text = i % 2 ? page : page + size - length;
            random_text_fill(text, length, i / 4);
            plain[check(&(tocsin__view){text, length, planes[0]})]++;
        }
    }
    tocsin_folder_free(folder);
    random_text_free_page(page, size);
    ck_assert_uint_gt(plain[1], 3000);
    ck_assert_uint_gt(plain[0], 3000);
}
END_TEST

/*
 * Returns whether a character that begins in the text also ends in it, by its first byte; a single malformed byte
 * counts alone.
 */
static int all_stand_within(const tocsin__view *view, const reading *units) {
    if (units->count && units->places[units->count - 1] >= view->length) return 0;
    if (!tocsin__has_avx2() || view->length < 4) return 1; /* the other levels read malformed bytes one by one */
    for (size_t i = units->count > 4 ? units->count - 4 : 0; i < units->count; i++) {
        const unsigned char first = (unsigned char)view->text[units->places[i]];
        const size_t width = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (units->places[i] + width > view->length) return 0;
    }
    return 1;
}

/* Folded text is read unchanged; other text must not cause harm. */
START_TEST(folded_text_at_the_edge_of_memory) {
    size_t size;
    char *page = random_text_fenced_page(&size);
    open_folder(0);
    random_text_state = 6;
    for (size_t length = 0; length <= RANDOM_TEXT_LONGEST; length++) {
        for (size_t i = 0; i < 2 * RANDOM_TEXT_MIXTURES; i++) {
            static reading units;
            tocsin_bytes folded;
            char *text = page + size - length;
            random_text_fill(text, length, i / 2);
            for (int narrow = 0; narrow < 2; narrow++) {
                const tocsin__view view = {text, length, NULL};
                if (!read_with(tocsin__units_best(), &view, narrow, &units)) ck_abort_msg("not read");
                if (!all_stand_within(&view, &units)) ck_abort_msg("past the end");
            }
            fold(text, length, &folded);
            if (folded.length > size) continue;
            memmove(page + size - folded.length, folded.data, folded.length);
            ck_assert_int_eq(check(&(tocsin__view){page + size - folded.length, folded.length, NULL}), 1);
        }
    }
    tocsin_folder_free(folder);
    random_text_free_page(page, size);
}
END_TEST

static int read_text(const char *text, size_t length, int narrow, tocsin__text *out) {
    int one_to_one = -1;
    out->view = (tocsin__view){text, length, planes[0]};
    ck_assert_int_eq(tocsin__units_read(out, narrow, tocsin__units_best(), tocsin_allocator_default(), &one_to_one), 0);
    return one_to_one;
}

/* The units of a text of many pieces are those of its characters, in order. */
static void check_long(const tocsin__text *text, int narrow) {
    const tocsin__units *units = &text->units;
    size_t unit = 0, piece = 0, next;
    for (size_t at = 0; at < text->view.length; at = next) {
        const uint32_t c = tocsin__view_next(&text->view, at, &next);
        if (!narrow && next - at != 3) continue;
        ck_assert_uint_lt(unit, units->count);
        while (piece + 1 < units->pieces.length && unit >= units->pieces.data[piece + 1].first) piece++;
        if (units->units.data[unit] != tocsin__unit_of(c)) ck_abort_msg("unit %zu", unit);
        if (units->pieces.data[piece].from + units->places.data[unit] != at) ck_abort_msg("place %zu", unit);
        unit++;
    }
    ck_assert_uint_eq(unit, units->count);
    for (size_t i = 0; i < TOCSIN__UNITS_ZEROES; i++) ck_assert_uint_eq(units->units.data[unit + i], 0);
}

/* A long text is one-to-one if all its pieces are. */
START_TEST(long_texts) {
    enum {
        LONG = 30000
    };
    static char text[LONG + 8];
    tocsin__text read = {.view = {"", 0, NULL}};
    size_t length = 0;
    while (length < LONG)
        length += tocsin__utf8_put(text + length, length % 7 ? (uint32_t)(0x4E00 + length % 20000) : 'A');
    for (int narrow = 0; narrow < 2; narrow++) {
        ck_assert_int_eq(read_text(text, length, narrow, &read), 1);
        check_long(&read, narrow);
    }
    for (size_t at = 0; at < length; at += 611) {
        const char was = text[at];
        text[at] = (char)0xC0;
        ck_assert_int_eq(read_text(text, length, 0, &read), 0);
        ck_assert_uint_eq(read.units.count, 0);
        text[at] = was;
    }
    ck_assert_int_eq(read_text(text, length, 0, &read), 1);
    tocsin__units_release(&read.units, tocsin_allocator_default());
}
END_TEST

/* In text without characters of three bytes, whole pieces have no unit. */
START_TEST(pieces_without_units_are_skipped) {
    enum {
        GAP = 3 * TOCSIN__UNITS_PIECE + 5
    };
    static char text[GAP + 8];
    tocsin__text read = {.view = {"", 0, NULL}};
    memset(text, 'a', sizeof text);
    (void)tocsin__utf8_put(text, 0x706B);
    (void)tocsin__utf8_put(text + GAP, 0x707E);
    for (int narrow = 0; narrow < 2; narrow++) {
        ck_assert_int_eq(read_text(text, GAP + 3, narrow, &read), 1);
        check_long(&read, narrow);
    }
    tocsin__units_release(&read.units, tocsin_allocator_default());
}
END_TEST

/* Every white-space character that folding yields is found between two characters, wherever a vector of units ends. */
START_TEST(white_space_is_found) {
    static const tocsin_fold_options spaces = {.profile = TOCSIN_FOLD_NFKC_CF_HANS,
                                               .between_han = TOCSIN_BETWEEN_SPACE};
    uint16_t units[40 + TOCSIN__UNITS_SLACK] = {0};
    tocsin__next_space_function *next[3] = {tocsin__next_space_portable};
    size_t seen = 0, count = 1;
#ifdef TOCSIN__FOLD_X86
    if (tocsin__has_avx2()) next[count++] = tocsin__next_space_avx2;
    if (tocsin__has_avx512()) next[count++] = tocsin__next_space_avx512;
#endif
    ck_assert_ptr_eq(tocsin__next_space_best(), next[count - 1]);
    for (uint32_t c = 0; c < 0x10000; c++) {
        const uint16_t unit = planes[_i][c];
        const int is_space = unit && tocsin__is_white_space(unit) && !tocsin__is_line_end(unit);
        for (size_t i = 0; i < 40; i++) units[i] = 0x706B;
        const size_t at = 1 + c % 38;
        units[at] = unit;
        for (size_t level = 0; level < count; level++) {
            tocsin__gap gap = {0, 0};
            const int told = tocsin__next_gap(&spaces, next[level], units, 40, &gap) == TOCSIN__GAP_CLOSES;
            if (told) ck_assert_msg(gap.begin == at && gap.end == at + 1, "U+%04X", c);
            ck_assert_msg(told == is_space, "U+%04X, unit %zu, level %zu", c, at, level);
            ck_assert_uint_eq(next[level](units, at + 1, 40), 40);
            seen += (size_t)told;
        }
    }
    ck_assert_uint_gt(seen, 10 * count);
}
END_TEST

TOCSIN_SUITE("text units",
             TOCSIN_LOOP(every_code_point_has_its_units, planes) TOCSIN_CASE(every_sequence_of_three_bytes)
                 TOCSIN_CASE(random_texts_at_the_edge_of_memory) TOCSIN_CASE(folded_text_at_the_edge_of_memory)
                     TOCSIN_CASE(long_texts) TOCSIN_CASE(pieces_without_units_are_skipped)
                         TOCSIN_LOOP(white_space_is_found, planes))
