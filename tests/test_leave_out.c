/*
 * Leaving white space out of a one-to-one text without folding it: the characters, and where they stand in the
 * original, are those of the folded text. Random texts over every option for white space.
 */
#include <stdlib.h>
#include <string.h>

#include <tocsin/fold.h>

#include "suite.h"
#include "text/folder.h"
#include "text/text_units.h"

#define ROUNDS 20000
#define MOST 600 /* bytes */

static const uint32_t spaces = TOCSIN_BETWEEN_SPACE;
static const tocsin_fold_options options[] = {
    {.profile = TOCSIN_FOLD_NFKC_CF_HANS, .between_han = spaces},
    {.profile = TOCSIN_FOLD_NFKC_CF_HANS, .between_latin = spaces},
    {.profile = TOCSIN_FOLD_NFKC_CF_HANS, .between_han = spaces, .between_latin = spaces},
    {.profile = TOCSIN_FOLD_NFKC_CF, .between_han = spaces},
};

static void make_text(char *text) {
    static const char *const pieces[] = {"火",
                                         "災",
                                         "救",
                                         "A",
                                         "ｂ",
                                         "7",
                                         " ",
                                         " ",
                                         "  ",
                                         "\xE3\x80\x80",
                                         "\xC2\xA0",
                                         "\t",
                                         "\n",
                                         "\r\n",
                                         "\xC2\x85",
                                         "\xE2\x80\xA8",
                                         "\xE1\x9A\x80",
                                         "\xE2\x80\x83",
                                         "，",
                                         "。",
                                         "!",
                                         ".",
                                         "“",
                                         "é",
                                         "\xCC\x81",
                                         "𠀀",
                                         "😀",
                                         "①",
                                         "０",
                                         "々",
                                         "\xE2\x80\x8B",
                                         "…"};
    const size_t length = (size_t)rand() % 60, kinds = sizeof pieces / sizeof *pieces;
    /* Most texts have only the first pieces, so that most are one-to-one. */
    const size_t from = rand() % 3 ? 22 : kinds;
    text[0] = '\0';
    for (size_t i = 0; i < length; i++) {
        strcat(text, pieces[(size_t)rand() % from]);
        if (rand() % 3 == 0) strcat(text, pieces[6 + (size_t)rand() % 4]);
    }
}

/* Compares what was made with the folded text, character by character. */
static void compare(const tocsin_folder *made, const tocsin__view *view, const tocsin_folder *folded,
                    tocsin_bytes wanted, const char *text) {
    const tocsin__view other = {wanted.data, wanted.length, NULL};
    size_t at = 0, to = 0;
    while (at < view->length && to < other.length) {
        size_t next, end;
        if (tocsin__view_next(view, at, &next) != tocsin__view_next(&other, to, &end) ||
            tocsin__offset_map_start(&made->map, at) != tocsin__offset_map_start(&folded->map, to) ||
            tocsin__offset_map_end(&made->map, next) != tocsin__offset_map_end(&folded->map, end)) {
            ck_abort_msg("%s, byte %zu", text, at);
        }
        at = next;
        to = end;
    }
    if (at != view->length || to != other.length) ck_abort_msg("%s", text);
}

START_TEST(text_without_gaps_is_the_folded_text) {
    tocsin_folder *made = NULL, *folded = NULL;
    const tocsin_allocator *allocator = tocsin_allocator_default();
    tocsin__text read = {.view = {"", 0, NULL}};
    size_t cut = 0, whole = 0, unsure = 0;
    ck_assert_int_eq(tocsin_folder_create(&options[_i], NULL, &made), TOCSIN_OK);
    ck_assert_int_eq(tocsin_folder_create(&options[_i], NULL, &folded), TOCSIN_OK);
    srand(7);
    for (int round = 0; round < ROUNDS; round++) {
        char text[MOST];
        tocsin_bytes wanted;
        int one_to_one, done;
        make_text(text);
        if (!*text) continue;
        read.view = (tocsin__view){text, strlen(text), made->plane};
        if (tocsin__units_read(&read, 1, tocsin__units_best(), allocator, &one_to_one)) ck_abort();
        if (!one_to_one) continue;
        if (tocsin__leave_out_spaces(made, tocsin__next_space_best(), &read, &done)) ck_abort();
        unsure += !done;
        if (!done) continue;
        if (tocsin_fold(folded, text, strlen(text), &wanted)) ck_abort();
        compare(made, &read.view, folded, wanted, text);
        whole += read.view.text == text;
        cut += read.view.text != text;
        if ((read.view.text == text) != !made->map.segments.length) ck_abort_msg("%s", text);
    }
    ck_assert_msg(cut > 1000 && whole > 1000 && unsure > 50, "%zu cut, %zu whole, %zu unsure", cut, whole, unsure);
    tocsin__units_release(&read.units, allocator);
    tocsin_folder_free(made);
    tocsin_folder_free(folded);
}
END_TEST

TOCSIN_SUITE("leave out", TOCSIN_LOOP(text_without_gaps_is_the_folded_text, options))
