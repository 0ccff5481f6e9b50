/*
 * Every instruction set folds alike, to the byte and to the map segment: texts of every length at every alignment, and
 * texts between pages that must not be touched. test_fold.c checks the result itself.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <tocsin/fold.h>

#include "random_text.h"
#include "suite.h"
#include "text/fold_level.h"
#include "text/folder.h"

#define LONGEST RANDOM_TEXT_LONGEST
#define ALIGNMENTS 64

static tocsin_folder *folders[TOCSIN__FOLD_LEVELS];

static void make_folders(const tocsin_fold_options *options) {
    for (int level = 0; level < TOCSIN__FOLD_LEVELS; level++) {
        ck_assert_int_eq(tocsin_folder_create(options, NULL, &folders[level]), TOCSIN_OK);
        if (tocsin__fold_set_level(folders[level], (tocsin__fold_level)level)) continue;
        fprintf(stderr, "skipped: level %d is not there\n", level);
        tocsin_folder_free(folders[level]);
        folders[level] = NULL;
    }
    ck_assert_ptr_nonnull(folders[TOCSIN__FOLD_PORTABLE]);
#ifdef TOCSIN__FOLD_ARM
    ck_assert_ptr_nonnull(folders[TOCSIN__FOLD_NEON]);
#endif
}

static void free_folders(void) {
    for (int level = 0; level < TOCSIN__FOLD_LEVELS; level++) tocsin_folder_free(folders[level]);
}

static void compare(const char *text, size_t length) {
    const tocsin_folder *first = folders[TOCSIN__FOLD_PORTABLE];
    tocsin_bytes expected = {NULL, 0}, folded = {NULL, 0};
    tocsin_status status = tocsin_fold(folders[TOCSIN__FOLD_PORTABLE], text, length, &expected);
    for (int level = 1; level < TOCSIN__FOLD_LEVELS; level++) {
        tocsin_folder *folder = folders[level];
        if (!folder) continue;
        const char *what = NULL;
        if (tocsin_fold(folder, text, length, &folded) != status) {
            what = "status";
        } else if (folded.length != expected.length || memcmp(folded.data, expected.data, folded.length) != 0) {
            what = "text";
        } else if (folder->map.segments.length != first->map.segments.length ||
                   (first->map.segments.length &&
                    memcmp(folder->map.segments.data, first->map.segments.data,
                           first->map.segments.length * sizeof(tocsin__map_segment)) != 0)) {
            what = "segments";
        } else if (folder->malformed != first->malformed) {
            what = "malformed";
        }
        if (!what) continue;
        fprintf(stderr, "level %d, %zu bytes:", level, length);
        for (size_t i = 0; i < length; i++) fprintf(stderr, " %02X", (unsigned char)text[i]);
        fputc('\n', stderr);
        ck_abort_msg("level %d: another %s", level, what);
    }
}

START_TEST(every_length_folds_alike_at_every_alignment) {
    static _Alignas(64) char room[LONGEST + ALIGNMENTS];
    make_folders(NULL);
    random_text_state = 17;
    for (size_t length = 0; length <= LONGEST; length++) {
        for (size_t alignment = 0; alignment < ALIGNMENTS; alignment++) {
            random_text_fill(room + alignment, length, (length + alignment) % RANDOM_TEXT_MIXTURES);
            compare(room + alignment, length);
        }
    }
    free_folders();
}
END_TEST

START_TEST(nothing_is_read_outside_of_the_text) {
    size_t size;
    char *page = random_text_fenced_page(&size);
    make_folders(NULL);
    random_text_state = 4;
    for (size_t length = 0; length <= LONGEST; length++) {
        for (size_t mixture = 0; mixture < RANDOM_TEXT_MIXTURES; mixture++) {
            random_text_fill(page + size - length, length, mixture);
            compare(page + size - length, length);
            random_text_fill(page, length, mixture);
            compare(page, length);
        }
    }
    free_folders();
    random_text_free_page(page, size);
}
END_TEST

/* Long texts: buffers grow more than once, and there are many map segments. */
START_TEST(long_texts_fold_alike) {
    static char text[100000];
    const tocsin_fold_options profiles[] = {{.profile = TOCSIN_FOLD_NFKC_CF_HANS}, {.profile = TOCSIN_FOLD_NFKC_CF}};
    random_text_state = 99;
    for (size_t profile = 0; profile < 2; profile++) {
        make_folders(&profiles[profile]);
        for (size_t mixture = 0; mixture < RANDOM_TEXT_MIXTURES; mixture++) {
            size_t n = 0, room = random_text_below(2) ? 5000 : sizeof text;
            while (n + LONGEST <= room) {
                size_t length = random_text_below(LONGEST);
                random_text_fill(text + n, length, mixture);
                n += length;
            }
            compare(text, n);
        }
        free_folders();
    }
}
END_TEST

/* Each code point of three bytes and fewer, well-formed or not, in the middle of a block and at its end. */
START_TEST(every_short_sequence_folds_alike_among_han) {
    char text[70];
    make_folders(NULL);
    for (uint32_t c = 0; c < 0x10000; c++) {
        const char raw[3] = {(char)(0xE0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3F)), (char)(0x80 | (c & 0x3F))};
        for (size_t i = 0; i < 63; i += 3) memcpy(text + i, "\xE7\x81\xAB", 3);
        memcpy(text + 12, raw, 3);
        if (c < 0x800) {
            text[30] = (char)(0xC0 | c >> 6);
            text[31] = raw[2];
            text[32] = 'A';
        }
        if (c < 0x100) text[40] = (char)c;
        compare(text, 12 + 3 * (c % 18));
    }
    free_folders();
}
END_TEST

TOCSIN_SUITE("fold levels",
             TOCSIN_CASE(every_length_folds_alike_at_every_alignment) TOCSIN_CASE(nothing_is_read_outside_of_the_text)
                 TOCSIN_CASE(long_texts_fold_alike) TOCSIN_CASE(every_short_sequence_folds_alike_among_han))
