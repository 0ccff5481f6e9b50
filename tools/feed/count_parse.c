/* Fixed-point: a double would make 1153.3万 one less than it is. */
#include "feed/count_parse.h"

#include <string.h>

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

/* A comma between digits parts thousands. */
static int take_mark(cursor *c) {
    cursor ahead = *c;
    if (!take(&ahead, ",") && !take(&ahead, "，") && !take(&ahead, "'") && !take(&ahead, "_")) return 0;
    if (!at_digit(ahead)) return 0;
    *c = ahead;
    return 1;
}

static uint64_t take_unit(cursor *c) {
    static const struct {
        const char *name;
        uint64_t factor;
    } units[] = {{"万", 10000}, {"萬", 10000}, {"亿", 100000000}, {"億", 100000000}, {"w", 10000},  {"W", 10000},
                 {"k", 1000},   {"K", 1000},   {"千", 1000},      {"m", 1000000},    {"M", 1000000}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (take(c, units[i].name)) return units[i].factor;
    }
    return 1;
}

static int take_thing(cursor *c) {
    static const char *const things[] = {"次", "人", "条", "個", "个", "+", "＋", "多", "余", "餘", "views", "view"};
    for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
        if (take(c, things[i])) return 1;
    }
    return 0;
}

/* value × factor + digits behind the point × factor / their scale; 0: too large */
static int scale(uint64_t whole, uint64_t fraction, uint64_t fraction_scale, uint64_t factor, uint64_t *count) {
    if (whole > (UINT64_MAX - factor) / factor) return 0;
    *count = whole * factor + fraction * factor / fraction_scale;
    return 1;
}

const char *count_parse(const char *text, size_t length, uint64_t *count) {
    cursor c = {text, text + length};
    uint64_t whole = 0, fraction = 0, fraction_scale = 1, factor, value;
    skip_space(&c);
    if (take(&c, "-") || take(&c, "－")) return at_digit(c) ? "is negative" : not_a_number;
    (void)take(&c, "+");
    if (!at_digit(c)) return not_a_number;
    while (at_digit(c) || take_mark(&c)) {
        if (!at_digit(c)) continue;
        if (whole > (UINT64_MAX - 9) / 10) return out_of_range;
        whole = whole * 10 + (uint64_t)take_digit(&c);
    }
    if (take(&c, ".")) {
        while (at_digit(c)) {
            const uint64_t digit = (uint64_t)take_digit(&c);
            if (fraction_scale > 100000000) continue; /* below one whatever the unit */
            fraction = fraction * 10 + digit;
            fraction_scale *= 10;
        }
    }
    skip_space(&c);
    factor = take_unit(&c);
    if (take(&c, "万")) factor *= 10000; /* 千万 */
    while (skip_space(&c), take_thing(&c)) continue;
    if (c.at < c.end) return not_a_number;
    if (!scale(whole, fraction, fraction_scale, factor, &value)) return out_of_range;
    *count = value;
    return NULL;
}
