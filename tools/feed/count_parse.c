/* Fixed-point numbers: with a double, 1153.3万 would come out one too small. */
#include "feed/count_parse.h"

#include <string.h>

#define FINEST UINT64_C(10000000000000000000) /* 10^19, the largest factor: 1e15万 */

static const char not_a_number[] = "is not a number";
static const char out_of_range[] = "is out of range";

typedef struct cursor {
    const char *at, *end;
} cursor;

static int take(cursor *c, const char *text) {
    const size_t length = strlen(text);
    if ((size_t)(c->end - c->at) < length || memcmp(c->at, text, length) != 0) return 0;
    c->at += length;
    return 1;
}

static void skip_space(cursor *c) {
    while (take(c, " ") || take(c, "\t") || take(c, "\xC2\xA0") || take(c, "　")) continue;
}

/* The digit at the cursor, ASCII or full-width; -1: there is none. */
static int take_digit(cursor *c) {
    if (c->at < c->end && *c->at >= '0' && *c->at <= '9') return *c->at++ - '0';
    const size_t left = (size_t)(c->end - c->at);
    if (left < 3 || memcmp(c->at, "\xEF\xBC", 2) != 0) return -1;
    const unsigned char last = (unsigned char)c->at[2];
    if (last < 0x90 || last > 0x99) return -1;
    c->at += 3;
    return last - 0x90;
}

static int at_digit(cursor c) { return take_digit(&c) >= 0; }

/* A thousands separator must be followed by exactly three digits. */
static int take_mark(cursor *c) {
    static const char *const marks[] = {",", "，", "'", "_", " ", "\xC2\xA0", "\xE2\x80\x89", "\xE2\x80\xAF"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        cursor ahead = *c;
        if (!take(&ahead, marks[i])) continue;
        cursor behind = ahead;
        int digits = 0;
        while (digits < 4 && take_digit(&behind) >= 0) digits++;
        if (digits != 3) return 0;
        *c = ahead;
        return 1;
    }
    return 0;
}

/* Digits; with thousands separators, the first group may be shorter. */
static const char *take_whole(cursor *c, uint64_t *whole) {
    for (int digits = 0, parted = 0;;) {
        if (at_digit(*c)) {
            if (*whole > (UINT64_MAX - 9) / 10) return out_of_range;
            *whole = *whole * 10 + (uint64_t)take_digit(c);
            digits++;
        } else if ((parted || digits <= 3) && take_mark(c)) {
            parted = 1;
        } else {
            return NULL;
        }
    }
}

static uint64_t take_unit(cursor *c) {
    static const struct {
        const char *name;
        uint64_t factor;
    } units[] = {{"百万", 1000000}, {"百萬", 1000000}, {"百", 100},    {"万", 10000}, {"萬", 10000},
                 {"亿", 100000000}, {"億", 100000000}, {"w", 10000},   {"W", 10000},  {"k", 1000},
                 {"K", 1000},       {"千", 1000},      {"m", 1000000}, {"M", 1000000}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (take(c, units[i].name)) return units[i].factor;
    }
    return 1;
}

static int take_one(cursor *c, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (take(c, words[i])) return 1;
    }
    return 0;
}

/* The counted things, and the words before and after a count. */
static const char *const things[] = {"阅读", "閱讀", "播放", "浏览", "瀏覽", "观看", "觀看", "转发", "轉發", "评论",
                                     "評論", "点赞", "點讚", "回复", "回覆", "收藏", "分享", "热度", "熱度", "赞"};
static const char *const before[] = {"约", "約", "超过", "超過", "超", "近", "逾", "已",
                                     "共", "总", "數",   "数",   "量", ":",  "："};
static const char *const behind[] = {"次", "人",   "条",   "個", "个", "+",     "＋",   "多",    "余",
                                     "餘", "以上", "左右", "数", "量", "views", "view", "reads", "plays"};

static int take_thing(cursor *c) {
    return take_one(c, things, sizeof things / sizeof *things) || take_one(c, behind, sizeof behind / sizeof *behind);
}

static int take_introduction(cursor *c) {
    return take_one(c, things, sizeof things / sizeof *things) || take_one(c, before, sizeof before / sizeof *before);
}

/* e4, E+04: a spreadsheet's form of large numbers. 0: there is none. */
static int take_exponent(cursor *c, uint64_t *factor) {
    cursor ahead = *c;
    uint64_t exponent = 0;
    if (!take(&ahead, "e") && !take(&ahead, "E")) return 1;
    (void)take(&ahead, "+");
    if (!at_digit(ahead)) return 0;
    while (at_digit(ahead) && exponent < 100) exponent = exponent * 10 + (uint64_t)take_digit(&ahead);
    if (exponent > 15) return 0;
    while (exponent--) *factor *= 10;
    *c = ahead;
    return 1;
}

/* value × factor + digits after the point × factor / their scale; both are powers of ten. 0: too large */
static int scale(uint64_t whole, uint64_t fraction, uint64_t fraction_scale, uint64_t factor, uint64_t *count) {
    if (whole > (UINT64_MAX - factor) / factor) return 0;
    *count = whole * factor;
    *count += factor < fraction_scale ? fraction / (fraction_scale / factor) : fraction * (factor / fraction_scale);
    return 1;
}

const char *count_parse(const char *text, size_t length, uint64_t *count) {
    cursor c = {text, text + length};
    uint64_t whole = 0, fraction = 0, fraction_scale = 1, factor = 1, value;
    while (skip_space(&c), take_introduction(&c)) continue;
    if (take(&c, "-") || take(&c, "－")) return at_digit(c) ? "is negative" : not_a_number;
    if (!take(&c, "+")) (void)take(&c, "＋");
    if (!at_digit(c)) return not_a_number;
    const char *wrong = take_whole(&c, &whole);
    if (wrong) return wrong;
    if (take(&c, ".")) {
        while (at_digit(c)) {
            const uint64_t digit = (uint64_t)take_digit(&c);
            if (fraction_scale == FINEST) continue; /* less than one, whatever the unit */
            fraction = fraction * 10 + digit;
            fraction_scale *= 10;
        }
    }
    if (!take_exponent(&c, &factor)) return not_a_number;
    skip_space(&c);
    if (factor == 1) factor = take_unit(&c);
    if (take(&c, "万")) factor *= 10000; /* 千万 */
    while (skip_space(&c), take_thing(&c)) continue;
    if (c.at < c.end) return not_a_number;
    if (!scale(whole, fraction, fraction_scale, factor, &value)) return out_of_range;
    *count = value;
    return NULL;
}
