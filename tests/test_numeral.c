/* Numerals: each spelling by hand, every integer up to 100 000 in four spellings, and the limits. */
#include <stdio.h>
#include <string.h>

#include <tocsin/fold.h>

#include "base/utf8.h"
#include "suite.h"
#include "text/numeral.h"

/* The whole text is one numeral of this value, read from its start and from its end. */
static const struct {
    const char *text;
    double value;
} numerals[] = {
    {"0", 0},
    {"3", 3},
    {"12", 12},
    {"007", 7},
    {"2026", 2026},
    {"1,200", 1200},
    {"12,345", 12345},
    {"1,234,567", 1234567},
    {"3.5", 3.5},
    {"0.25", 0.25},
    {"1,200.5", 1200.5},
    {"3.1234567", 3.123456},
    {"1.2万", 12000},
    {"3万", 30000},
    {"3.5亿", 350000000},
    {"1亿2000万", 120000000},
    {"3万5", 35000},
    {"3万5千", 35000},
    {"5百", 500},
    {"3千", 3000},
    {"2万亿", 1e12},
    {"30多", 30},
    {"30余", 30},
    {"100+", 100},
    {"100多", 100},
    {"30多万", 300000},
    {"3万多", 30000},
    {"1.2万余", 12000},
    {"3千多万", 30000000},
    {"30-40", 30},
    {"30~40", 30},
    {"30至40", 30},
    {"30到40", 30},
    {"30–40", 30},
    {"30—40", 30},
    {"30——40", 30},
    {"30-40多", 30},
    {"30多至40多", 30},
    {"3-5万", 30000},
    {"10至20万", 100000},
    {"3至500", 3},
    {"1,200-1,500", 1200},
    {"1.5-2", 1.5},
    {"3、4", 3},
    {"零", 0},
    {"〇", 0},
    {"一", 1},
    {"二", 2},
    {"两", 2},
    {"兩", 2},
    {"三", 3},
    {"四", 4},
    {"五", 5},
    {"六", 6},
    {"七", 7},
    {"八", 8},
    {"九", 9},
    {"十", 10},
    {"十一", 11},
    {"十九", 19},
    {"二十", 20},
    {"二十一", 21},
    {"三十五", 35},
    {"九十九", 99},
    {"百", 100},
    {"一百", 100},
    {"一百零五", 105},
    {"一百〇五", 105},
    {"一百一十", 110},
    {"一百十", 110},
    {"百八十", 180},
    {"三百五", 350},
    {"三百五十", 350},
    {"三百五十六", 356},
    {"两百", 200},
    {"九百九十九", 999},
    {"千", 1000},
    {"一千", 1000},
    {"一千零一", 1001},
    {"一千零五十", 1050},
    {"一千二", 1200},
    {"两千三百", 2300},
    {"五千六百七十八", 5678},
    {"万", 10000},
    {"一万", 10000},
    {"一万零三", 10003},
    {"一万零三百", 10300},
    {"两万三", 23000},
    {"两万三千", 23000},
    {"十万", 100000},
    {"二十万", 200000},
    {"一百二十三万四千五百六十七", 1234567},
    {"三千万", 30000000},
    {"一亿", 100000000},
    {"一亿三", 130000000},
    {"一亿零三百万", 103000000},
    {"三百亿", 30000000000.0},
    {"一二三", 123},
    {"一一九", 119},
    {"二〇二六", 2026},
    {"二零二六", 2026},
    {"五四", 54},
    {"三三", 33},
    {"廿", 20},
    {"廿五", 25},
    {"卅", 30},
    {"卅一", 31},
    {"卌", 40},
    {"壹", 1},
    {"贰", 2},
    {"貳", 2},
    {"叁", 3},
    {"參", 3},
    {"肆", 4},
    {"伍", 5},
    {"陆", 6},
    {"陸", 6},
    {"柒", 7},
    {"捌", 8},
    {"玖", 9},
    {"拾", 10},
    {"叁拾伍", 35},
    {"贰佰", 200},
    {"壹仟贰佰叁拾肆", 1234},
    {"壹万贰仟", 12000},
    {"三萬", 30000},
    {"一億", 100000000},
    {"三四", 3},
    {"一两", 1},
    {"两三", 2},
    {"三两", 2},
    {"三五", 3},
    {"七八", 7},
    {"三四十", 30},
    {"二三百", 200},
    {"一两百", 100},
    {"两三千", 2000},
    {"十七八", 17},
    {"二十三四", 23},
    {"三百五六十", 350},
    {"五六百", 500},
    {"七八万", 70000},
    {"几", 2},
    {"数", 2},
    {"几十", 20},
    {"数十", 20},
    {"數十", 20},
    {"几百", 200},
    {"数百", 200},
    {"数千", 2000},
    {"数万", 20000},
    {"几万", 20000},
    {"数十万", 200000},
    {"几十万", 200000},
    {"十几", 11},
    {"十数", 11},
    {"二十几", 21},
    {"三十几", 31},
    {"一百几十", 120},
    {"三万几千", 32000},
    {"十几万", 110000},
    {"十多", 10},
    {"十余", 10},
    {"十来", 10},
    {"十来万", 100000},
    {"三十多", 30},
    {"三十余", 30},
    {"三十餘", 30},
    {"三十多万", 300000},
    {"二十余万", 200000},
    {"百余", 100},
    {"百多", 100},
    {"一百多", 100},
    {"三百多万", 3000000},
    {"十多亿", 1000000000},
    {"几百多", 200},
    {"上百", 100},
    {"上千", 1000},
    {"上万", 10000},
    {"上亿", 100000000},
    {"近百", 100},
    {"近千", 1000},
    {"近30", 30},
    {"近三十", 30},
    {"近2万", 20000},
    {"半", 0.5},
    {"一半", 0.5},
    {"一个半", 1.5},
    {"两个半", 2.5},
    {"3个半", 3.5},
    {"十个半", 10.5},
    {"三个多", 3},
    {"半个多", 0.5},
    {"一個半", 1.5},
    {"三点五万", 35000},
    {"一点二亿", 120000000},
    {"卄五", 25},
    {"俩", 2},
    {"仨", 3},
    {"10w", 100000},
    {"1.2w", 12000},
    {"10w+", 100000},
    {"5k", 5000},
    {"3k多", 3000},
    {"三w", 30000},
    {"3-5w", 30000},
    {"三至五", 3},
    {"三到五", 3},
    {"三十至四十", 30},
    {"三十到四十多", 30},
    {"三至五百", 300},
    {"三、四", 3},
    {"三十、四十", 30},
    {"五百至一千", 500},
    {"八百到一千二", 800},
    {"二十-三十", 20},
    {"99999999999", 99999999999.0},
    {"1000000000000", 1e12},
};

static tocsin__view view_of(const char *text) { return (tocsin__view){text, strlen(text), NULL}; }

static void expect(const char *text, double value, int bounded) {
    const tocsin__view view = view_of(text);
    tocsin__numeral n = {0}, before = {0};
    ck_assert_msg(tocsin__numeral_read(&view, 0, view.length, &n), "%.40s", text);
    ck_assert_msg(n.start == 0 && n.end == view.length, "%.40s: read to %zu", text, n.end);
    const uint64_t wanted = (uint64_t)(value * 1e6 + (value < 1e9 ? 0.5 : 0));
    ck_assert_msg(n.value == wanted, "%.40s: %f", text, (double)n.value / 1e6);
    ck_assert_int_eq(n.bounded, bounded);
    ck_assert_msg(tocsin__numeral_read_before(&view, view.length, &before), "%.40s from its end", text);
    ck_assert_msg(before.start == 0 && before.value == wanted, "%.40s from its end: %zu, %f", text, before.start,
                  (double)before.value / 1e6);
}

START_TEST(numerals_by_hand) { expect(numerals[_i].text, numerals[_i].value, !strcmp(numerals[_i].text, "2万亿")); }
END_TEST

/* What stands in front of 人, and the numeral that counts: NULL, none. */
static const struct {
    const char *text, *numeral;
    double value;
} places[] = {
    {"共12人", "12", 12},    {"12日3人", "3", 3},         {"三月十五日八人", "八", 8}, {"3,4人", "4", 4},
    {"11-3人", "3", 3},      {"10点30多人", "30多", 30},  {"最近3人", "3", 3},         {"附近十几人", "十几", 11},
    {"晚上30人", "30", 30},  {"当晚上百人", "上百", 100}, {"近百人", "近百", 100},     {"人数十人", "十", 10},
    {"半数人", NULL, 0},     {"大多数人", NULL, 0},       {"好多数十人", "十", 10},    {"数十人", "数十", 20},
    {"总数3人", "3", 3},     {"份数十人", "十", 10},      {"分数十人", "十", 10},      {"约30人", "30", 30},
    {"多人", NULL, 0},       {"来人", NULL, 0},           {"某人", NULL, 0},           {"人", NULL, 0},
    {"3-人", NULL, 0},       {"3个人", NULL, 0},          {"第一批30人", "30", 30},    {"1,20人", "20", 20},
    {"3.人", NULL, 0},       {"三十百人", "百", 100},     {"10个20人", "20", 20},      {"2026-11-20人", "11-20", 11},
    {"2千w人", NULL, 0},     {"3wk人", NULL, 0},          {"top10w人", "10w", 100000}, {"三点五人", "五", 5},
    {"三点五个人", NULL, 0}, {"三点十五人", "十五", 15},
};

START_TEST(numerals_before_a_literal) {
    const char *text = places[_i].text;
    const tocsin__view view = view_of(text);
    const size_t end = view.length - strlen("人");
    tocsin__numeral n = {0};
    const int found = tocsin__numeral_read_before(&view, end, &n);
    ck_assert_msg(found == (places[_i].numeral != NULL), "%s", text);
    if (!found) return;
    ck_assert_msg(n.end == end && end - n.start == strlen(places[_i].numeral), "%s: %zu-%zu", text, n.start, n.end);
    ck_assert_msg(!memcmp(text + n.start, places[_i].numeral, end - n.start), "%s", text);
    ck_assert_msg(n.value == (uint64_t)(places[_i].value * 1e6), "%s: %f", text, (double)n.value / 1e6);
}
END_TEST

/* After a literal: which numeral is read, and where a shorter reading ends. */
static const struct {
    const char *text, *numeral, *shorter;
    double value;
} behind[] = {
    {"约30人", "约30", "约30", 30},
    {"超过三十人", "超过三十", "超过三十", 30},
    {"至少5人", "至少5", "至少5", 5},
    {"将近百人", "将近百", "将近百", 100},
    {"30多人", "30多", "30", 30},
    {"3个半小时", "3个半", "3", 3.5},
    {"3个小时", "3", "3", 3},
    {"三点五分", "三", "三", 3},
    {"三点五分钟", "三点五", "三点五", 3.5},
    {"三点五小时", "三点五", "三点五", 3.5},
    {"三点五个小时", "三点五", "三点五", 3.5},
    {"零点二五米", "零点二五", "零点二五", 0.25},
    {"三点五个人", "三", "三", 3},
    {"十二点五级", "十二点五", "十二点五", 12.5},
    {"三十八点五度", "三十八点五", "三十八点五", 38.5},
    {"1⁄2小时", "1⁄2", "1⁄2", 0.5},
    {"11⁄2小时", "11⁄2", "11⁄2", 1.5},
    {"21⁄10小时", "21⁄10", "21⁄10", 2.1},
    {"3⁄小时", "3", "3", 3},
    {"3⁄0小时", "3⁄0", "3⁄0", 0},
    {"3−5人", "3−5", "3−5", 3},
    {"三点十五小时", "三", "三", 3},
    {"5km", "5", "5", 5},
    {"5k人", "5k", "5", 5000},
    {"5k3", "5", "5", 5},
    {"3.5.2", "3.5", "3.5", 3.5},
    {"1,2000", "1", "1", 1},
    {"三至少五", "三", "三", 3},
    {"5-3人", "5", "5", 5},
    {"数3人", "数", "数", 2},
    {"一百百", "一百", "一百", 100},
    {"大约 30人", "大约 30", "大约 30", 30},
};

START_TEST(numerals_after_a_literal) {
    const tocsin__view view = view_of(behind[_i].text);
    tocsin__numeral n = {0};
    ck_assert_msg(tocsin__numeral_read(&view, 0, view.length, &n), "%s", view.text);
    ck_assert_msg(n.end == strlen(behind[_i].numeral), "%s: to %zu", view.text, n.end);
    ck_assert_msg(n.short_end == strlen(behind[_i].shorter), "%s: shorter to %zu", view.text, n.short_end);
    ck_assert_msg(n.value == (uint64_t)(behind[_i].value * 1e6), "%s: %f", view.text, (double)n.value / 1e6);
}
END_TEST

START_TEST(other_text_is_no_numeral) {
    static const char *const texts[] = {"",   "第三", "人", "个半", "多",   "来",  ",3",
                                        ".5", "上",   "近", "约",   "上海", "至5", "-3"};
    tocsin__numeral n = {.end = 77};
    const tocsin__view view = view_of(texts[_i < 14 ? _i : 0]);
    ck_assert_msg(!tocsin__numeral_read(&view, 0, view.length, &n), "%s", view.text);
    ck_assert_uint_eq(n.end, 77);
}
END_TEST

/* The value that a text begins with; UINT64_MAX: none. */
static uint64_t value_at_start(const char *text, size_t length) {
    const tocsin__view view = {text, length, NULL};
    tocsin__numeral n = {0};
    return tocsin__numeral_read(&view, 0, length, &n) ? n.value : UINT64_MAX;
}

/* Folding a text does not change its number, whichever spelling of a character folding chooses. */
START_TEST(folded_numerals_have_the_same_value) {
    static const tocsin_fold_profile profiles[] = {TOCSIN_FOLD_NFKC_CF_HANS, TOCSIN_FOLD_NFKC_CF};
    tocsin_fold_options options = {.profile = profiles[_i]};
    tocsin_folder *folder = NULL;
    tocsin_bytes folded;
    ck_assert_int_eq(tocsin_folder_create(&options, NULL, &folder), TOCSIN_OK);
    for (size_t i = 0; i < sizeof numerals / sizeof *numerals; i++) {
        const size_t length = strlen(numerals[i].text);
        ck_assert_int_eq(tocsin_fold(folder, numerals[i].text, length, &folded), TOCSIN_OK);
        ck_assert_msg(value_at_start(folded.data, folded.length) == value_at_start(numerals[i].text, length),
                      "%s: %.*s", numerals[i].text, (int)folded.length, folded.data);
    }
    static const char measures[] = "米公元块倍级吨斤度平厘毫克升天秒亩顷折塊級噸釐畝頃";
    for (size_t i = 0; i + 3 < sizeof measures; i += 3) {
        char text[16];
        const int length = sprintf(text, "三点五%.3s", measures + i);
        ck_assert_int_eq(tocsin_fold(folder, text, (size_t)length, &folded), TOCSIN_OK);
        ck_assert_uint_eq(value_at_start(text, (size_t)length), 3500000);
        ck_assert_uint_eq(value_at_start(folded.data, folded.length), 3500000);
    }
    for (uint32_t c = 0; c < 0x10000; c++) {
        char text[16];
        if ((c >= 0xD800 && c < 0xE000) || !tocsin__numeral_has(c)) continue;
        const size_t length = tocsin__utf8_put(text, c);
        ck_assert_int_eq(tocsin_fold(folder, text, length, &folded), TOCSIN_OK);
        size_t next;
        ck_assert_msg(tocsin__numeral_has(tocsin__utf8_next(folded.data, folded.length, 0, &next)), "U+%04X", c);
        ck_assert_msg(value_at_start(folded.data, folded.length) == value_at_start(text, length), "U+%04X", c);
    }
    tocsin_folder_free(folder);
}
END_TEST

/* As people write it: 一万零二十. */
static void spell(unsigned number, const char *const *digits, const char *const *units, char *out) {
    char *at = out;
    unsigned divisor = 100000, gap = 0;
    *at = '\0';
    if (!number) at += sprintf(at, "%s", digits[0]);
    for (int unit = 5; unit >= 0; unit--, divisor /= 10) {
        const unsigned digit = number / divisor % 10;
        if (unit == 5) { /* 十万 */
            if (digit) at += sprintf(at, "%s%s", digits[digit], units[1]);
            if (digit && !(number / 10000 % 10)) at += sprintf(at, "%s", units[4]);
            continue;
        }
        if (!digit) {
            gap = at != out;
            continue;
        }
        if (gap) at += sprintf(at, "%s", digits[0]);
        gap = 0;
        at += sprintf(at, "%s%s", digits[digit], units[unit]);
    }
}

START_TEST(every_integer_in_four_spellings) {
    static const char *const plain[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    static const char *const financial[] = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};
    static const char *const units[] = {"", "十", "百", "千", "万"};
    static const char *const financial_units[] = {"", "拾", "佰", "仟", "万"};
    for (unsigned i = 0; i <= 100000; i += WALK_STEP) {
        char text[80];
        snprintf(text, sizeof text, "%u", i);
        expect(text, i, 0);
        if (i >= 1000) snprintf(text, sizeof text, "%u,%03u", i / 1000, i % 1000);
        expect(text, i, 0);
        spell(i, plain, units, text);
        expect(text, i, 0);
        spell(i, financial, financial_units, text);
        expect(text, i, 0);
    }
}
END_TEST

START_TEST(long_numerals_are_bounded) {
    static char text[60001];
    static const struct {
        const char *part;
        double value;
        int bounded;
    } long_ones[] = {{"9", 1e12, 1}, {"0", 0, 0}, {"九", 1e12, 1}, {"〇", 0, 0}};
    for (size_t i = 0; i < sizeof long_ones / sizeof *long_ones; i++) {
        const size_t length = strlen(long_ones[i].part);
        size_t used = 0;
        for (; used < 10000 * length; used += length) memcpy(text + used, long_ones[i].part, length);
        text[used] = '\0';
        expect(text, long_ones[i].value, long_ones[i].bounded);
    }
    memset(text, '0', 10000);
    memcpy(text + 10000, "3", 2);
    expect(text, 3, 0);
}
END_TEST

/* Nothing beyond the text is read, even if the text is malformed. */
START_TEST(malformed_text_is_never_read_past_its_end) {
    static const char *const texts[] = {"3\xE4\xB8", "\xE4\xB8\x80\xE4", "3\xF0", "\x80\x80", "3\xE4", "\xFF\x33"};
    char *copy = malloc(strlen(texts[_i]));
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, texts[_i], strlen(texts[_i]));
    const tocsin__view view = {copy, strlen(texts[_i]), NULL};
    tocsin__numeral n = {0};
    (void)tocsin__numeral_read(&view, 0, view.length, &n);
    ck_assert_uint_le(n.end, view.length);
    (void)tocsin__numeral_read_before(&view, view.length, &n);
    ck_assert_uint_le(n.end, view.length);
    free(copy);
}
END_TEST

static const int fourteen[14], six[6], two[2];

TOCSIN_SUITE("numeral",
             TOCSIN_LOOP(numerals_by_hand, numerals) TOCSIN_LOOP(numerals_before_a_literal, places)
                 TOCSIN_LOOP(numerals_after_a_literal, behind) TOCSIN_LOOP(other_text_is_no_numeral, fourteen)
                     TOCSIN_LOOP(malformed_text_is_never_read_past_its_end, six)
                         TOCSIN_LOOP(folded_numerals_have_the_same_value, two)
                             TOCSIN_CASE(every_integer_in_four_spellings) TOCSIN_CASE(long_numerals_are_bounded))
