/*
 * Which characters fold alike, compared with the inputs of generate_fold_tables.c, which are read again here: ICU's
 * rules, the Unicode data, han_variants.txt; and against OpenCC's variants of Hong Kong and Taiwan.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tocsin/fold.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "base/utf8.h"
#include "fold_oracle.h"
#include "suite.h"

#pragma GCC diagnostic ignored "-Wsign-conversion" /* ICU's macros */

#define UNICODE_DATA "/usr/share/unicode/"

static uint32_t component[0x110000];
static uint32_t pair_count;

static uint32_t find(uint32_t c) {
    while (component[c] != c) c = component[c] = component[component[c]];
    return c;
}

static void join(uint32_t a, uint32_t b) {
    component[find(a)] = find(b);
    pair_count++;
}

/* The folded form of one character, in a static buffer for each side. */
static tocsin_bytes folded(int side, uint32_t c) {
    static tocsin_folder *folders[2];
    char text[4];
    tocsin_bytes result = {NULL, 0};
    if (!folders[side]) ck_assert_int_eq(tocsin_folder_create(NULL, NULL, &folders[side]), TOCSIN_OK);
    ck_assert_int_eq(tocsin_fold(folders[side], text, tocsin__utf8_put(text, c), &result), TOCSIN_OK);
    return result;
}

static int fold_alike(uint32_t a, uint32_t b) {
    const tocsin_bytes x = folded(0, a), y = folded(1, b);
    return x.length == y.length && !memcmp(x.data, y.data, x.length);
}

static void must_fold_alike(uint32_t a, uint32_t b) {
    if (!fold_alike(a, b)) ck_abort_msg("U+%04X and U+%04X do not fold alike", a, b);
    join(a, b);
}

static const UChar *rules_of(const char *transform_id, int32_t *length) {
    static UChar rules[1 << 20];
    UChar id[32];
    UErrorCode code = U_ZERO_ERROR;
    u_uastrcpy(id, transform_id);
    UTransliterator *transform = utrans_openU(id, -1, UTRANS_FORWARD, NULL, -1, NULL, &code);
    *length = utrans_toRules(transform, 0, rules, 1 << 20, &code);
    ck_assert(U_SUCCESS(code));
    utrans_close(transform);
    return rules;
}

/* Each rule is "left > right;" on a line, as many characters left as right. */
static void read_rules(void) {
    int32_t length;
    const UChar *rules = rules_of("Traditional-Simplified", &length);
    for (int32_t at = 0; at < length; at++) {
        int32_t right = at;
        while (rules[right] != '>') right++;
        for (right += 2; rules[at] != ' ';) {
            UChar32 a, b;
            U16_NEXT(rules, at, length, a);
            U16_NEXT(rules, right, length, b);
            must_fold_alike((uint32_t)a, (uint32_t)b);
        }
        while (at < length && rules[at] != '\n') at++;
    }
    ck_assert_uint_gt(pair_count, 3900);
}

/* The few characters that only the reverse rules have. */
static void read_way_back(void) {
    static const uint32_t way_back[][2] = {
        {0x9980, 0x9918}, {0x433D, 0x7DB5}, {0x4A44, 0x9766}, {0x8BAC, 0x8A17}, {0x953A, 0x937E}};
    for (size_t i = 0; i < 5; i++) must_fold_alike(way_back[i][0], way_back[i][1]);
}

static FILE *open_data(const char *command) {
    FILE *file = popen(command, "r");
    ck_assert_ptr_nonnull(file);
    return file;
}

static void read_radicals(void) {
    FILE *file = open_data("cat " UNICODE_DATA "EquivalentUnifiedIdeograph.txt");
    char line[512];
    while (fgets(line, sizeof line, file)) {
        unsigned first, last, target;
        if (sscanf(line, "%x..%x ; %x", &first, &last, &target) != 3) {
            if (sscanf(line, "%x ; %x", &first, &target) != 2) continue;
            last = first;
        }
        for (; first <= last; first++) {
            if (first >= 0x2E80 && first <= 0x2EFF) must_fold_alike(first, target);
        }
    }
    pclose(file);
}

static void read_unihan(void) {
    FILE *file = open_data("bzip2 -dc " UNICODE_DATA "Unihan_Variants.txt.bz2");
    char line[1024];
    while (fgets(line, sizeof line, file)) {
        const char *field = strchr(line, '\t');
        if (!field ||
            (strncmp(field, "\tkSimplifiedVariant\t", 20) != 0 && strncmp(field, "\tkTraditionalVariant\t", 21) != 0)) {
            continue;
        }
        const uint32_t from = (uint32_t)strtoul(line + 2, NULL, 16);
        for (const char *to = strstr(field, "U+"); to; to = strstr(to + 2, "U+")) {
            must_fold_alike(from, (uint32_t)strtoul(to + 2, NULL, 16));
        }
    }
    pclose(file);
}

/* A line of two characters and further words. */
static unsigned read_pairs(const char *path) {
    FILE *file = fopen(path, "r");
    char line[512], a[8], b[8];
    unsigned count = 0;
    size_t end;
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file)) {
        if (line[0] == '#' || sscanf(line, "%7s %7s", a, b) != 2) continue;
        must_fold_alike(tocsin__utf8_next(a, strlen(a), 0, &end), tocsin__utf8_next(b, strlen(b), 0, &end));
        count++;
    }
    fclose(file);
    return count;
}

static int has_data(void) {
    const char *const files[] = {UNICODE_DATA "EquivalentUnifiedIdeograph.txt", UNICODE_DATA "Unihan_Variants.txt.bz2"};
    for (size_t i = 0; i < 2; i++) {
        FILE *file = fopen(files[i], "r");
        if (!file) fprintf(stderr, "SKIPPED: there is no %s (Debian's package unicode-data)\n", files[i]);
        if (!file) return 0;
        fclose(file);
    }
    return 1;
}

/* Every pair folds alike, and nothing else does: the classes are the components of the pairs. */
START_TEST(classes_are_the_components_of_the_inputs) {
    if (!oracle_has_unicode_of_tables() || !has_data()) return;
    for (uint32_t c = 0; c < 0x110000; c++) component[c] = c;
    read_rules();
    read_way_back();
    read_radicals();
    read_unihan();
    ck_assert_uint_gt(read_pairs(TOCSIN_SOURCE_DIR "/lib/text/han_variants.txt"), 600);
    tocsin_folder *casefold = NULL;
    const tocsin_fold_options options = {.profile = TOCSIN_FOLD_NFKC_CF};
    ck_assert_int_eq(tocsin_folder_create(&options, NULL, &casefold), TOCSIN_OK);
    uint32_t changed = 0;
    for (uint32_t c = 0x80; c < 0x110000; c++) {
        char text[4];
        size_t next;
        tocsin_bytes alone;
        if (c >= 0xD800 && c < 0xE000) continue;
        ck_assert_int_eq(tocsin_fold(casefold, text, tocsin__utf8_put(text, c), &alone), TOCSIN_OK);
        const tocsin_bytes result = folded(0, c);
        if (alone.length == result.length && !memcmp(alone.data, result.data, result.length)) continue;
        const uint32_t from = tocsin__utf8_next(alone.data, alone.length, 0, &next);
        const uint32_t to = tocsin__utf8_next(result.data, result.length, 0, &next);
        if (next == result.length && find(from) != find(to)) ck_abort_msg("U+%04X is no variant of U+%04X", from, to);
        changed++;
    }
    ck_assert_uint_gt(changed, 6000);
    tocsin_folder_free(casefold);
}
END_TEST

START_TEST(variants_of_hong_kong_and_taiwan_fold_alike) {
    ck_assert_uint_eq(read_pairs(TOCSIN_SOURCE_DIR "/tests/opencc_variants.txt"), 103);
}
END_TEST

/* Pairs that fold alike and pairs that do not, by name. */
START_TEST(variants_fold_alike_and_others_apart) {
    const char *pairs[][2] = {{"餘", "余"}, {"馀", "余"}, {"着", "著"}, {"⻢", "馬"}, {"⻔", "門"}, {"⻓", "長"},
                              {"發", "髮"}, {"乾", "幹"}, {"災", "灾"}, {"後", "后"}, {"裡", "里"}, {"臺", "台"},
                              {"覆", "复"}, {"諮", "咨"}, {"衞", "卫"}, {"麪", "面"}, {"甦", "苏"}, {"羣", "群"},
                              {"敍", "叙"}, {"枱", "台"}, {"揹", "背"}, {"殭", "僵"}, {"妳", "你"}, {"帳", "账"}};
    const char *apart[][2] = {{"火", "灾"}, {"人", "入"}, {"消", "销"}, {"未", "末"}, {"请", "清"}, {"他", "她"},
                              {"咀", "嘴"}, {"坐", "座"}, {"待", "呆"}, {"托", "拓"}, {"千", "仟"}, {"一", "壹"},
                              {"磁", "瓷"}, {"标", "檩"}, {"己", "已"}, {"土", "士"}, {"烟", "完"}, {"辨", "辩"}};
    size_t end;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const uint32_t a = tocsin__utf8_next(pairs[i][0], 3, 0, &end), b = tocsin__utf8_next(pairs[i][1], 3, 0, &end);
        ck_assert_msg(fold_alike(a, b), "%s %s", pairs[i][0], pairs[i][1]);
    }
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++) {
        const uint32_t a = tocsin__utf8_next(apart[i][0], 3, 0, &end), b = tocsin__utf8_next(apart[i][1], 3, 0, &end);
        ck_assert_msg(!fold_alike(a, b), "%s %s", apart[i][0], apart[i][1]);
    }
}
END_TEST

static const struct {
    const char *text, *folded;
    size_t start, end; /* of the first folded character in the text */
} dressed[] = {
    {"❶❶❾", "119", 0, 3},
    {"➊➊➒", "119", 0, 3},
    {"①➀⓵", "111", 0, 3},
    {"⓿⓫⓳", "01119", 0, 3},
    {"❿㉈", "1010", 0, 3},
    {"🄋🄌", "00", 0, 4},
    {"🅥🅟🅝", "vpn", 0, 4},
    {"🆅🅿🅰", "vpa", 0, 4},
    {"🆘🔟", "sos10", 0, 4},
    {"ᴠᴘɴ", "vpn", 0, 3},
    {"ꜰɪʀᴇ", "fire", 0, 3},
    {"Ɪᶦ", "ii", 0, 3},
    {"1️⃣1️⃣9️⃣", "119", 0, 7},
    {"1⃣", "1", 0, 4},
    {"消̶防̶", "消防", 0, 5},
    {"消\u20DD防\u20E0", "消防", 0, 6},
    {"\u0336消", "消", 2, 5},
    {"e\u0336\u0301", "é", 0, 5},
    {"é\u0336", "é", 0, 4},
    {"=\u0338", "=", 0, 3},
    {"\u2ADC", "\u2ADD", 0, 3},
    {"❶\u0301", "1\u0301", 0, 5},
    {"🇨🇳", "🇨🇳", 0, 4}, /* a flag */
    {"〡", "〡", 0, 3}, /* Suzhou numerals are separate digits */
};

START_TEST(frames_and_strokes_are_removed) {
    for (int profile = TOCSIN_FOLD_NFKC_CF_HANS; profile <= TOCSIN_FOLD_NFKC_CF; profile++) {
        const tocsin_fold_options options = {.profile = (tocsin_fold_profile)profile};
        tocsin_folder *folder = NULL;
        tocsin_bytes result;
        size_t start, end, next;
        ck_assert_int_eq(tocsin_folder_create(&options, NULL, &folder), TOCSIN_OK);
        ck_assert_int_eq(tocsin_fold(folder, dressed[_i].text, strlen(dressed[_i].text), &result), TOCSIN_OK);
        ck_assert_msg(result.length == strlen(dressed[_i].folded) &&
                          !memcmp(result.data, dressed[_i].folded, result.length),
                      "%s folds to %.*s", dressed[_i].text, (int)result.length, result.data);
        (void)tocsin__utf8_next(result.data, result.length, 0, &next);
        ck_assert_int_eq(tocsin_fold_span(folder, 0, next, &start, &end), TOCSIN_OK);
        ck_assert_uint_eq(start, dressed[_i].start);
        ck_assert_uint_eq(end, dressed[_i].end);
        tocsin_folder_free(folder);
    }
}
END_TEST

TOCSIN_SUITE("fold_variants", TOCSIN_CASE(classes_are_the_components_of_the_inputs)
                                  TOCSIN_CASE(variants_of_hong_kong_and_taiwan_fold_alike)
                                      TOCSIN_CASE(variants_fold_alike_and_others_apart)
                                          TOCSIN_LOOP(frames_and_strokes_are_removed, dressed))
