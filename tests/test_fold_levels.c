/*
 * Every instruction set folds alike, to the byte and to the knot: texts of every length at every alignment, and texts
 * with pages around them that must not be touched. What folding has to give is for test_fold.c to say.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <tocsin/fold.h>

#include "base/utf8.h"
#include "suite.h"
#include "text/fold_level.h"
#include "text/folder.h"

#define LONGEST 300
#define ALIGNMENTS 64

static uint64_t random_state;

static uint32_t next_random(uint32_t below) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((random_state >> 33) * (uint64_t)below >> 31);
}

/* What a text is made of, in parts of a hundred; the rest is Han. */
static const struct {
    uint32_t ascii, punctuation, two_bytes, special, broken;
} mixtures[] = {{0, 0, 0, 0, 0},    {100, 0, 0, 0, 0},   {6, 8, 0, 0, 0},    {40, 4, 1, 0, 0},
                {0, 100, 0, 0, 0},  {6, 8, 1, 1, 1},     {98, 0, 1, 1, 0},   {0, 0, 100, 0, 0},
                {10, 10, 70, 2, 0}, {20, 20, 20, 10, 5}, {30, 30, 30, 0, 0}, {10, 10, 10, 1, 20}};
#define MIXTURES (sizeof mixtures / sizeof *mixtures)

static uint32_t random_point(size_t mixture) {
    static const uint32_t punctuation[] = {0xFF0C, 0xFF01, 0xFF1F, 0xFF1A, 0x3002, 0x3001, 0xFF11, 0xFF21, 0x201C,
                                           0x3000, 0x2160, 0xFFE0, 0xFF61, 0x212B, 0x2014, 0x300A, 0x22EF, 0xFF08};
    static const uint32_t special[] = {0x0301, 0x200B, 0x2026, 0x1F525, 0x00BD, 0x3099, 0x00AD, 0xFE0F, 0x20000, 0};
    uint32_t kind = next_random(100);
    if (kind < mixtures[mixture].ascii) return 1 + next_random(0x7F);
    kind -= mixtures[mixture].ascii;
    if (kind < mixtures[mixture].punctuation) return punctuation[next_random(sizeof punctuation / sizeof *punctuation)];
    kind -= mixtures[mixture].punctuation;
    if (kind < mixtures[mixture].two_bytes) return 0x80 + next_random(0x200);
    kind -= mixtures[mixture].two_bytes;
    if (kind < mixtures[mixture].special) return special[next_random(sizeof special / sizeof *special)];
    return 0x4E00 + next_random(0x51A6);
}

/* Exactly `length` bytes, so that the last character may be broken. */
static void fill(char *text, size_t length, size_t mixture) {
    char made[LONGEST + 8];
    size_t n = 0;
    while (n < length) {
        if (next_random(100) < mixtures[mixture].broken) {
            made[n++] = (char)(0x80 + next_random(0x80));
        } else {
            n += tocsin__utf8_put(made + n, random_point(mixture));
        }
    }
    memcpy(text, made, length);
    while (length && next_random(8) && ((unsigned char)text[length - 1] & 0x80)) text[--length] = 'Z';
}

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
        } else if (folder->map.knots.length != first->map.knots.length ||
                   (first->map.knots.length && memcmp(folder->map.knots.data, first->map.knots.data,
                                                      first->map.knots.length * sizeof(tocsin__knot)) != 0)) {
            what = "knots";
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

START_TEST(every_length_at_every_alignment) {
    static _Alignas(64) char room[LONGEST + ALIGNMENTS];
    make_folders(NULL);
    random_state = 17;
    for (size_t length = 0; length <= LONGEST; length++) {
        for (size_t alignment = 0; alignment < ALIGNMENTS; alignment++) {
            fill(room + alignment, length, (length + alignment) % MIXTURES);
            compare(room + alignment, length);
        }
    }
    free_folders();
}
END_TEST

/* A page that may be used between two that may not. */
static char *fenced_page(size_t *size) {
    *size = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, *size * 3, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(pages, MAP_FAILED);
    ck_assert_int_eq(mprotect(pages + *size, *size, PROT_READ | PROT_WRITE), 0);
    return pages + *size;
}

START_TEST(nothing_is_read_outside_of_the_text) {
    size_t size;
    char *page = fenced_page(&size);
    make_folders(NULL);
    random_state = 4;
    for (size_t length = 0; length <= LONGEST; length++) {
        for (size_t mixture = 0; mixture < MIXTURES; mixture++) {
            fill(page + size - length, length, mixture);
            compare(page + size - length, length);
            fill(page, length, mixture);
            compare(page, length);
        }
    }
    free_folders();
    munmap(page - size, size * 3);
}
END_TEST

/* Long texts: room is made more than once, and knots are many. */
START_TEST(long_texts) {
    static char text[100000];
    const tocsin_fold_options profiles[] = {{TOCSIN_FOLD_NFKC_CF_HANS, 0}, {TOCSIN_FOLD_NFKC_CF, 0}};
    random_state = 99;
    for (size_t profile = 0; profile < 2; profile++) {
        make_folders(&profiles[profile]);
        for (size_t mixture = 0; mixture < MIXTURES; mixture++) {
            size_t n = 0, room = next_random(2) ? 5000 : sizeof text;
            while (n + LONGEST <= room) {
                size_t length = next_random(LONGEST);
                fill(text + n, length, mixture);
                n += length;
            }
            compare(text, n);
        }
        free_folders();
    }
}
END_TEST

/* Each code point of three bytes and fewer, well-formed or not, in the middle of a block and at its end. */
START_TEST(every_short_sequence_among_han) {
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
             TOCSIN_CASE(every_length_at_every_alignment) TOCSIN_CASE(nothing_is_read_outside_of_the_text)
                 TOCSIN_CASE(long_texts) TOCSIN_CASE(every_short_sequence_among_han))
