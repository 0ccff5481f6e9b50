/* The folder against ICU: every code point, every code point with marks, millions of random and real characters. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <tocsin/fold.h>

#include "base/utf8.h"
#include "fold_oracle.h"
#include "random_text.h"
#include "suite.h"

static const tocsin_fold_options profiles[] = {
    {TOCSIN_FOLD_NFKC_CF_HANS, 0, 0},
    {TOCSIN_FOLD_NFKC_CF, 0, 0},
    {TOCSIN_FOLD_NFKC_CF_HANS, TOCSIN_BETWEEN_SPACE, 0},
    {TOCSIN_FOLD_NFKC_CF_HANS, TOCSIN_BETWEEN_SPACE | TOCSIN_BETWEEN_PUNCT, TOCSIN_BETWEEN_SYMBOL},
    {TOCSIN_FOLD_NFKC_CF, TOCSIN_BETWEEN_SYMBOL, TOCSIN_BETWEEN_SPACE | TOCSIN_BETWEEN_PUNCT | TOCSIN_BETWEEN_SYMBOL},
};

static const tocsin_fold_profile plain_profiles[] = {TOCSIN_FOLD_NFKC_CF_HANS, TOCSIN_FOLD_NFKC_CF};

/* Sanitizers slow ICU and the oracle tenfold, and a rare pair of characters is not what they look for. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RANDOM_CHARACTERS 300000
#define MARKED_STRIDE 7
#elif defined(TOCSIN_EMULATED)
#define RANDOM_CHARACTERS 1000000
#define MARKED_STRIDE 29
#else
#define RANDOM_CHARACTERS 5000000
#define MARKED_STRIDE 1
#endif

static tocsin_folder *make_folder(int profile) {
    tocsin_folder *folder = NULL;
    ck_assert_int_eq(tocsin_folder_create(&profiles[profile], NULL, &folder), TOCSIN_OK);
    return folder;
}

/* Combining marks of many classes and scripts, and characters that behave like them. */
static const uint32_t marks[] = {0x0301, 0x0308, 0x0323, 0x0327, 0x0334, 0x0345, 0x05B0, 0x064B, 0x093C,
                                 0x0E38, 0x1161, 0x11A8, 0x1DCE, 0x20D0, 0x3099, 0x309A, 0xFE20, 0x1D165,
                                 0x200D, 0xFE0F, 0x0336, 0x0338, 0x20D2, 0x20DD, 0x20E3};

START_TEST(every_code_point_alone_and_with_marks) {
    if (!oracle_has_unicode_of_tables()) return;
    tocsin_folder *folder = make_folder(_i);
    for (uint32_t c = 0; c < 0x110000; c += c < 0x10000 ? 1 : WALK_STEP) {
        if (c >= 0xD800 && c < 0xE000) continue;
        char text[16];
        size_t n = tocsin__utf8_put(text, c);
        oracle_compare(folder, &profiles[_i], text, n);
        if (_i > 1 || c % (_i && MARKED_STRIDE == 1 ? 7 : MARKED_STRIDE))
            continue; /* both profiles have one table for marks */
        for (size_t m = 0; m < sizeof marks / sizeof *marks; m++) {
            oracle_compare(folder, &profiles[_i], text, n + tocsin__utf8_put(text + n, marks[m]));
        }
    }
    tocsin_folder_free(folder);
}
END_TEST

/*
 * Mostly Han and ASCII, some of every other kind, more marks and ignorable characters than in real text, and malformed
 * bytes.
 */
static size_t random_text(char *text, size_t limit) {
    static const uint32_t pick[] = {0x200B, 0x00AD, 0xFE0F, 0x200D, 0x3000, 0x20,    0x2026,  0x3002, 0xFF0C, 0x338F,
                                    0xBD,   0xE9,   0xFB01, 0x328B, 0x2F55, 0x2ECB,  0xAC01,  0x1100, 0x1161, 0x11A8,
                                    0x130,  0xDF,   0x1E9E, 0xFDFA, 0xFF76, 0xFF9E,  0x9918,  0x9980, 0x4F59, 0x1F525,
                                    0x2ADC, 0x2776, 0x24EB, 0xA7AE, 0x1D00, 0x1F150, 0x1F198, 0x885E, 0x8986, 0x1F1E8};
    size_t n = 0;
    while (n + 8 < limit) {
        uint32_t c, kind = random_text_below(20);
        if (kind < 7) {
            c = 0x4E00 + random_text_below(0x51A6);
        } else if (kind < 10) {
            c = 0x20 + random_text_below(0x5F);
        } else if (kind < 12) {
            c = marks[random_text_below(sizeof marks / sizeof *marks)];
        } else if (kind < 16) {
            c = pick[random_text_below(sizeof pick / sizeof *pick)];
        } else if (kind < 17) {
            text[n++] = (char)(0x80 + random_text_below(0x80));
            continue;
        } else if (kind < 18) {
            c = random_text_below(0x110000);
        } else {
            c = random_text_below(0x3100);
        }
        if (c >= 0xD800 && c < 0xE000) continue;
        n += tocsin__utf8_put(text + n, c);
    }
    return n;
}

START_TEST(random_characters) {
    enum {
        SIZE = 400
    };
    char text[SIZE];
    if (!oracle_has_unicode_of_tables()) return;
    tocsin_folder *folder = make_folder(_i);
    size_t characters = 0;
    random_text_state = 2026 + (uint64_t)_i;
    while (characters < (size_t)test_rounds(RANDOM_CHARACTERS)) {
        size_t n = random_text(text, 16 + random_text_below(SIZE - 16));
        oracle_compare(folder, &profiles[_i], text, n);
        characters += tocsin__utf8_count(text, n);
    }
    tocsin_folder_free(folder);
}
END_TEST

/*
 * Not if gaps are closed: a character that ends a sentence in the original, such as …, may not end one in folded text.
 */
START_TEST(folding_twice_is_folding_once) {
    char text[300];
    tocsin_folder *once = make_folder(_i), *twice = make_folder(_i);
    random_text_state = 7;
    for (int i = 0; i < 40000; i += WALK_STEP) {
        tocsin_bytes first, second;
        size_t n = random_text(text, 16 + random_text_below(280));
        if (tocsin_fold(once, text, n, &first) || tocsin_fold(twice, first.data, first.length, &second) ||
            first.length != second.length || memcmp(first.data, second.data, first.length) != 0) {
            ck_abort_msg("text %d", i);
        }
    }
    tocsin_folder_free(once);
    tocsin_folder_free(twice);
}
END_TEST

/* Real text: the Chinese manual pages that Debian carries, when they are installed. */
START_TEST(real_text_folds_as_icu_folds_it) {
    const char *const folders[] = {"/usr/share/man/zh_CN/man1", "/usr/share/man/zh_TW/man1"};
    tocsin_folder *folder = make_folder(1), *hans = make_folder(0);
    size_t files = 0, total = 0;
    for (size_t f = 0; f < 2; f++) {
        DIR *directory = opendir(folders[f]);
        for (struct dirent *entry; directory && total < 6000000 / WALK_STEP && (entry = readdir(directory));) {
            static char text[1 << 20];
            char command[600];
            snprintf(command, sizeof command, "zcat -f '%s/%s' 2>/dev/null", folders[f], entry->d_name);
            if (entry->d_name[0] == '.') continue;
            FILE *pipe = popen(command, "r");
            size_t n = fread(text, 1, sizeof text, pipe), expected_length;
            pclose(pipe);
            tocsin_bytes folded;
            ck_assert_int_eq(tocsin_fold(folder, text, n, &folded), TOCSIN_OK);
            const char *expected = oracle_casefold(text, n, &expected_length);
            ck_assert_uint_eq(folded.length, expected_length);
            ck_assert_int_eq(memcmp(folded.data, expected, expected_length), 0);
            oracle_compare(hans, &profiles[0], text, n);
            files++;
            total += n;
        }
        if (directory) closedir(directory);
    }
    if (!files) fprintf(stderr, "skipped: manpages-zh is not installed\n");
    fprintf(stderr, "real text: %zu manual pages, %zu bytes\n", files, total);
    tocsin_folder_free(folder);
    tocsin_folder_free(hans);
}
END_TEST

/* Runs of marks so long that they are put in order before ICU composes them, in the worst orders. */
START_TEST(long_runs_fold_as_icu_folds_them) {
    static const uint32_t runs[][2] = {{0x0301, 0x0323}, {0x0323, 0x0301}, {0x200B, 0x0301},  {0x1161, 0x11A8},
                                       {0x0F71, 0x0F72}, {0x3099, 0x0345}, {0x1D165, 0x0334}, {0xFE0F, 0x200D}};
    static char text[40000];
    tocsin_folder *folder = make_folder(0);
    for (size_t r = 0; r < sizeof runs / sizeof *runs; r++) {
        size_t n = 0;
        text[n++] = 'e';
        while (n + 8 < 8000) n += tocsin__utf8_put(text + n, runs[r][n % 2]);
        for (size_t k = 0; k < 2000; k++) n += tocsin__utf8_put(text + n, runs[r][k < 1000]);
        oracle_compare(folder, &profiles[0], text, n);
    }
    tocsin_folder_free(folder);
}
END_TEST

START_TEST(arguments_are_checked) {
    tocsin_folder *folder = NULL;
    tocsin_fold_options options = {(tocsin_fold_profile)9, 0, 0};
    ck_assert_int_eq(tocsin_folder_create(&options, NULL, &folder), TOCSIN_ERROR_ARGUMENT);
    options = (tocsin_fold_options){TOCSIN_FOLD_NFKC_CF, 8, 0};
    ck_assert_int_eq(tocsin_folder_create(&options, NULL, &folder), TOCSIN_ERROR_ARGUMENT);
    options = (tocsin_fold_options){TOCSIN_FOLD_NFKC_CF, 0, 8};
    ck_assert_int_eq(tocsin_folder_create(&options, NULL, &folder), TOCSIN_ERROR_ARGUMENT);
    ck_assert_ptr_null(folder);
    tocsin_bytes folded = {NULL, 77};
    size_t start = 5, end = 6;
    folder = make_folder(0);
    ck_assert_int_eq(tocsin_fold(folder, NULL, 1, &folded), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_fold(folder, "x", TOCSIN_FOLD_MAX + 1, &folded), TOCSIN_ERROR_TOO_LARGE);
    ck_assert_uint_eq(folded.length, 77);
    ck_assert_int_eq(tocsin_fold(folder, NULL, 0, &folded), TOCSIN_OK);
    ck_assert_uint_eq(folded.length, 0);
    ck_assert_int_eq(tocsin_fold_span(folder, 0, 1, &start, &end), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_fold(folder, "\xE7\x81\xAB", 3, &folded), TOCSIN_OK);
    ck_assert_int_eq(tocsin_fold_span(folder, 1, 3, &start, &end), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_fold_span(folder, 0, 2, &start, &end), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_fold_span(folder, 0, 0, &start, &end), TOCSIN_ERROR_ARGUMENT);
    ck_assert_uint_eq(start, 5);
    ck_assert_uint_eq(end, 6);
    tocsin_folder_free(folder);
    tocsin_folder_free(NULL);
}
END_TEST

TOCSIN_SUITE("fold",
             TOCSIN_LOOP(every_code_point_alone_and_with_marks, profiles) TOCSIN_LOOP(random_characters, profiles)
                 TOCSIN_LOOP(folding_twice_is_folding_once, plain_profiles) TOCSIN_CASE(real_text_folds_as_icu_folds_it)
                     TOCSIN_CASE(long_runs_fold_as_icu_folds_them) TOCSIN_CASE(arguments_are_checked))
