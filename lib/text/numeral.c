/*
 * A recursive descent without recursion: a number is a row of coefficients and units, and each unit says how it
 * combines with the coefficient before it. What may stand around a number (多, 个半, the second number of a range) is
 * read separately. Every step looks ahead a fixed number of characters, so the time is linear in the length of the
 * numeral; a number of ten thousand digits stops growing at TOCSIN__NUMERAL_MOST.
 */
#include "text/numeral.h"

#include "base/utf8.h"

enum {
    NONE,
    ARABIC,
    DIGIT, /* 零 to 九, and 两 */
    UNIT,  /* 十 百 千 */
    TENS,  /* 廿 卅 卌 */
    BIG,   /* 万 亿 */
    VAGUE, /* 几 数 */
    HALF,  /* 半 */
    MORE,  /* 多 余 来 + */
    ITEM,  /* 个 */
    COMMA,
    POINT,
    SLASH,     /* of ½, which folds to 1, this sign and 2 */
    HAN_POINT, /* 点 */
    RANGE,     /* 至 到 - ~ – — 、 */
    NEARLY,    /* 近 */
    UPWARDS,   /* 上 */
    LETTER     /* w, k: 10w */
};

/*
 * Every spelling of a character, so that it does not matter which one folding chooses; a test asks folding. By code
 * point.
 */
static const struct {
    uint16_t c;
    uint8_t kind;
    uint32_t value;
} characters[] = {
    {'+', MORE, 0},           {',', COMMA, 0},        {'-', RANGE, 0},          {'.', POINT, 0},
    {'k', LETTER, 1000},      {'w', LETTER, 10000},   {'~', RANGE, 0},          {0x2013, RANGE, 0},
    {0x2014, RANGE, 0},       {0x2044, SLASH, 0},     {0x2212, RANGE, 0},       {0x25CB, DIGIT, 0},
    {0x3001, RANGE, 0},       {0x3007, DIGIT, 0},     {0x4E00, DIGIT, 1},       {0x4E03, DIGIT, 7},
    {0x4E07, BIG, 10000},     {0x4E09, DIGIT, 3},     {0x4E0A, UPWARDS, 0},     {0x4E24, DIGIT, 2},
    {0x4E2A, ITEM, 0},        {0x4E5D, DIGIT, 9},     {0x4E8C, DIGIT, 2},       {0x4E94, DIGIT, 5},
    {0x4EBF, BIG, 100000000}, {0x4EDF, UNIT, 1000},   {0x4EE8, DIGIT, 3},       {0x4F0D, DIGIT, 5},
    {0x4F59, MORE, 0},        {0x4F70, UNIT, 100},    {0x4F86, MORE, 0},        {0x4FE9, DIGIT, 2},
    {0x5006, DIGIT, 2},       {0x500B, ITEM, 0},      {0x5104, BIG, 100000000}, {0x5169, DIGIT, 2},
    {0x516B, DIGIT, 8},       {0x516D, DIGIT, 6},     {0x51E0, VAGUE, 0},       {0x5230, RANGE, 0},
    {0x5341, UNIT, 10},       {0x5343, UNIT, 1000},   {0x5344, TENS, 20},       {0x5345, TENS, 30},
    {0x534A, HALF, 0},        {0x534C, TENS, 40},     {0x53C1, DIGIT, 3},       {0x53C2, DIGIT, 3},
    {0x53C3, DIGIT, 3},       {0x53C4, DIGIT, 3},     {0x56DB, DIGIT, 4},       {0x58F1, DIGIT, 1},
    {0x58F9, DIGIT, 1},       {0x591A, MORE, 0},      {0x5E7E, VAGUE, 0},       {0x5EFF, TENS, 20},
    {0x5F10, DIGIT, 2},       {0x62FE, UNIT, 10},     {0x634C, DIGIT, 8},       {0x6570, VAGUE, 0},
    {0x6578, VAGUE, 0},       {0x6765, MORE, 0},      {0x67D2, DIGIT, 7},       {0x70B9, HAN_POINT, 0},
    {0x7396, DIGIT, 9},       {0x767E, UNIT, 100},    {0x7B87, ITEM, 0},        {0x8086, DIGIT, 4},
    {0x81F3, RANGE, 0},       {0x842C, BIG, 10000},   {0x8CB3, DIGIT, 2},       {0x8D30, DIGIT, 2},
    {0x8FD1, NEARLY, 0},      {0x9646, DIGIT, 6},     {0x9678, DIGIT, 6},       {0x96F6, DIGIT, 0},
    {0x9918, MORE, 0},        {0x9EDE, HAN_POINT, 0},
};

typedef struct glyph {
    uint8_t kind;
    uint32_t value;
} glyph;

static glyph glyph_of(uint32_t c) {
    if (c >= '0' && c <= '9') return (glyph){ARABIC, c - '0'};
    size_t at = 0;
    for (size_t count = sizeof characters / sizeof *characters; count > 1; count -= count / 2) {
        at += characters[at + count / 2].c <= c ? count / 2 : 0;
    }
    return characters[at].c == c ? (glyph){characters[at].kind, characters[at].value} : (glyph){NONE, 0};
}

int tocsin__numeral_has(uint32_t c) {
    const uint8_t kind = glyph_of(c).kind;
    return kind != NONE && kind != LETTER;
}

int tocsin__numeral_is_sign(uint32_t c) {
    const uint8_t kind = glyph_of(c).kind;
    return kind == COMMA || kind == POINT || kind == SLASH || kind == RANGE || c == '/';
}

typedef struct reader {
    const tocsin__view *view;
    size_t at, end;
    uint32_t c;   /* at `at`; 0 at the end */
    glyph here;   /* what it is */
    size_t after; /* start of the character after it */
    int bounded;
} reader;

/* The folded character at `at`; never reads past the text, even in text that is not UTF-8. */
static uint32_t character(const tocsin__view *view, size_t at, size_t *next) {
    if (view->length - at >= 4) return tocsin__view_next(view, at, next);
    const uint32_t c = tocsin__utf8_next(view->text, view->length, at, next);
    return view->plane && c < 0x10000 ? view->plane[c] : c;
}

static void look(reader *r) {
    r->c = 0;
    r->after = r->at;
    if (r->at < r->end) r->c = character(r->view, r->at, &r->after);
    r->here = glyph_of(r->c);
}

static void step(reader *r) {
    r->at = r->after;
    look(r);
}

static reader reader_at(const tocsin__view *view, size_t at, size_t end) {
    reader r = {.view = view, .at = at, .end = end};
    look(&r);
    return r;
}

/* The kind of the character after this one. */
static glyph ahead(const reader *r) { return reader_at(r->view, r->after, r->end).here; }

static uint64_t times(reader *r, uint64_t a, uint64_t b) {
    if (a && b > TOCSIN__NUMERAL_MOST / a) {
        r->bounded = 1;
        return TOCSIN__NUMERAL_MOST;
    }
    return a * b;
}

static uint64_t plus(reader *r, uint64_t a, uint64_t b) {
    if (b > TOCSIN__NUMERAL_MOST - a) {
        r->bounded = 1;
        return TOCSIN__NUMERAL_MOST;
    }
    return a + b;
}

/* Whether three digits and no fourth follow the comma here. */
static int at_thousands(const reader *r) {
    reader probe = *r;
    if (probe.here.kind != COMMA) return 0;
    step(&probe);
    for (int i = 0; i < 3; i++, step(&probe)) {
        if (probe.here.kind != ARABIC) return 0;
    }
    return probe.here.kind != ARABIC;
}

/* The fraction that ½ and the like fold to: only the last digit is its upper number, since 1½ folds to 11⁄2. */
static uint64_t read_fraction(reader *r, uint64_t value, uint32_t last) {
    step(r);
    uint32_t lower = r->here.value;
    step(r);
    if (lower == 1 && r->here.kind == ARABIC && !r->here.value) { /* ⅒ */
        lower = 10;
        step(r);
    }
    const uint64_t whole = value / (10 * TOCSIN__NUMERAL_ONE) * TOCSIN__NUMERAL_ONE;
    return lower ? whole + last * TOCSIN__NUMERAL_ONE / lower : whole;
}

/* 30, 1,200, 3.5, 1½; *digits: their number before the point. */
static uint64_t read_arabic(reader *r, size_t *digits) {
    uint64_t value = 0;
    uint32_t last = 0;
    int grouped = 0;
    for (*digits = 0; r->here.kind == ARABIC || ((grouped || *digits <= 3) && at_thousands(r));) {
        if (r->here.kind == COMMA) {
            grouped = 1;
            step(r);
        }
        last = r->here.value;
        value = plus(r, times(r, value, 10), last * TOCSIN__NUMERAL_ONE);
        ++*digits;
        step(r);
    }
    if ((r->here.kind != POINT && r->here.kind != SLASH) || ahead(r).kind != ARABIC) return value;
    if (r->here.kind == SLASH) {
        *digits = 2;
        return read_fraction(r, value, last);
    }
    step(r);
    for (uint64_t part = TOCSIN__NUMERAL_ONE / 10; r->here.kind == ARABIC; part /= 10, step(r)) {
        value = plus(r, value, r->here.value * part);
    }
    *digits = 2; /* two digits never stand for the next lower unit */
    return value;
}

/* Two digits that name a range: 三四, 三五, 一两, 三两. */
static int names_range(uint32_t a, uint32_t b) {
    return a && b && (b == a + 1 || (a == 3 && b == 5) || (a == 3 && b == 2));
}

/* 三, 二〇二六, 〇五, 三四 (the lower one); *single: one digit, or a range of two. */
static uint64_t read_digits(reader *r, int *single) {
    uint64_t value = 0;
    uint32_t last = 0, before = 0;
    size_t digits = 0, zeros = 0;
    for (; r->here.kind == DIGIT; step(r)) {
        if (!digits && !r->here.value) {
            zeros++;
            continue;
        }
        value = plus(r, times(r, value, 10), r->here.value * TOCSIN__NUMERAL_ONE);
        before = last;
        last = r->here.value;
        digits++;
    }
    if (digits == 2 && names_range(before, last)) {
        value = (before < last ? before : last) * TOCSIN__NUMERAL_ONE;
        digits = 1;
    }
    *single = digits == 1 && !zeros;
    return value;
}

/* A number that is being read. */
typedef struct number {
    uint64_t total;    /* above the last 万 or 亿 */
    uint64_t section;  /* of units below 万 */
    uint64_t pending;  /* a coefficient that may yet get a unit */
    uint64_t lowest;   /* the last unit of the section; 10000 before the first */
    uint64_t smallest; /* the smallest of 万 and 亿 so far; UINT64_MAX before the first */
    int has_pending, any;
    int stands_lower; /* the pending digit takes the next lower unit if no other follows: 三百五 is 350 */
    uint64_t first;   /* the only coefficient, for 三至五百 */
    uint64_t scale;   /* the product of its units */
    int coefficients;
} number;

static void take_coefficient(number *n, uint64_t value, int stands_lower) {
    n->pending = value;
    n->has_pending = n->any = 1;
    n->stands_lower = stands_lower && (n->lowest < 10000 ? n->lowest > 10 : n->smallest != UINT64_MAX);
    if (!n->coefficients++) n->first = value;
}

static int take_unit(reader *r, number *n, uint64_t unit) {
    if (unit >= n->lowest) return 0;
    if (!n->has_pending) {
        n->pending = TOCSIN__NUMERAL_ONE;
        if (!n->coefficients++) n->first = n->pending;
    }
    n->section = plus(r, n->section, times(r, n->pending, unit));
    n->scale *= unit;
    n->lowest = unit;
    n->has_pending = 0;
    n->any = 1;
    return 1;
}

static int take_big(reader *r, number *n, uint64_t unit) {
    if (unit == n->smallest) return 0;
    if (n->has_pending) n->section = plus(r, n->section, n->pending);
    if (!n->any) {
        n->section = n->first = TOCSIN__NUMERAL_ONE;
        n->coefficients = 1;
    }
    if (unit > n->smallest && n->smallest != UINT64_MAX) { /* 三万亿 */
        n->total = times(r, plus(r, n->total, n->section), unit);
    } else {
        n->total = plus(r, n->total, times(r, n->section, unit));
    }
    n->scale = n->scale < TOCSIN__NUMERAL_MOST / unit ? n->scale * unit : TOCSIN__NUMERAL_MOST;
    n->section = 0;
    n->smallest = unit;
    n->lowest = 10000;
    n->has_pending = 0;
    n->any = 1;
    return 1;
}

/* 几 or 数: two or more before a unit and by itself, one or more after 十 and the like. */
static void take_vague(reader *r, number *n) {
    const glyph next = ahead(r);
    const int behind = n->lowest < 10000 && !(next.kind == UNIT && next.value < n->lowest);
    take_coefficient(n, (behind ? 1 : 2) * TOCSIN__NUMERAL_ONE, 0);
    step(r);
}

/*
 * Whether something is measured that has fractions: 三点五小时, 三点五米, and not 三点五人, which is a time and a
 * number. It may be after the end of the numeral.
 */
static int at_measure(const reader *r) {
    /* 米 公 元 块 塊 倍 级 級 吨 噸 斤 度, which folds to 镀, 平 厘 釐 毫 克 升 天 秒 亩 畝 顷 頃 折 ° % */
    static const uint16_t measures[] = {0x7C73, 0x516C, 0x5143, 0x5757, 0x584A, 0x500D, 0x7EA7, 0x7D1A, 0x5428, 0x5678,
                                        0x65A4, 0x5EA6, 0x9540, 0x5E73, 0x5398, 0x91D0, 0x6BEB, 0x514B, 0x5347, 0x5929,
                                        0x79D2, 0x4EA9, 0x755D, 0x9877, 0x9803, 0x6298, 0xB0,   '%'};
    /* 小时 分钟 千米 千克; and behind 个: 小时 钟 月 */
    static const uint16_t pairs[][2] = {{0x5C0F, 0x65F6}, {0x5C0F, 0x6642}, {0x5206, 0x949F}, {0x5206, 0x9418},
                                        {0x5206, 0x937E}, {0x5343, 0x7C73}, {0x5343, 0x514B}};
    static const uint16_t items[] = {0x5C0F, 0x949F, 0x9418, 0x937E, 0x6708};
    reader here = reader_at(r->view, r->at, r->view->length);
    const uint32_t next = reader_at(r->view, here.after, r->view->length).c;
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        if (here.c == measures[i]) return 1;
    }
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (here.c == pairs[i][0] && next == pairs[i][1]) return 1;
    }
    for (size_t i = 0; here.here.kind == ITEM && i < sizeof items / sizeof *items; i++) {
        if (next == items[i]) return 1;
    }
    return 0;
}

/* 三点五 in front of 万, 亿 or a measure; elsewhere 三点五 is a time. */
static int take_decimals(reader *r, number *n) {
    reader probe = *r;
    uint64_t value = n->pending, part = TOCSIN__NUMERAL_ONE;
    step(&probe);
    for (; probe.here.kind == DIGIT; step(&probe)) {
        part /= 10;
        value = plus(r, value, probe.here.value * part);
    }
    if (part == TOCSIN__NUMERAL_ONE || (probe.here.kind != BIG && !at_measure(&probe))) return 0;
    if (n->coefficients == 1) n->first = value;
    n->pending = value;
    n->stands_lower = 0;
    *r = probe;
    return 1;
}

/* Reads one step of a number; 0 at the end of the number. */
static int read_part(reader *r, number *n) {
    const glyph here = r->here;
    size_t digits;
    int single;
    uint64_t value;
    switch (here.kind) {
        case ARABIC:
            if (n->has_pending) return 0;
            value = read_arabic(r, &digits);
            take_coefficient(n, value, digits == 1);
            return 1;
        case DIGIT:
            if (n->has_pending) return 0;
            value = read_digits(r, &single);
            take_coefficient(n, value, single);
            return 1;
        case VAGUE:
            if (n->has_pending) return 0;
            take_vague(r, n);
            return 1;
        case TENS:
            if (n->has_pending || n->lowest <= 10) return 0;
            take_coefficient(n, here.value / 10 * TOCSIN__NUMERAL_ONE, 0);
            (void)take_unit(r, n, 10);
            break;
        case UNIT:
            if (!take_unit(r, n, here.value)) return 0;
            break;
        case BIG:
            if (!take_big(r, n, here.value)) return 0;
            break;
        case HAN_POINT: return n->has_pending && take_decimals(r, n);
        case MORE: /* 三十多万 */
            if (!n->any || ahead(r).kind != BIG) return 0;
            n->stands_lower = 0;
            break;
        default: return 0;
    }
    step(r);
    return 1;
}

static int read_number(reader *r, uint64_t *value, number *n) {
    *n = (number){.lowest = 10000, .smallest = UINT64_MAX, .scale = 1};
    while (read_part(r, n))
        ;
    if (!n->any) return 0;
    if (n->has_pending && n->stands_lower) {
        n->pending = times(r, n->pending, (n->lowest < 10000 ? n->lowest : n->smallest) / 10);
    }
    *value = plus(r, n->total, n->section);
    if (n->has_pending) *value = plus(r, *value, n->pending);
    return 1;
}

/* Reads a second, larger number after a range sign: the first one is the lower bound, in the unit of the second one. */
static void read_range(reader *r, const number *first, uint64_t *value) {
    reader probe = *r;
    number second;
    uint64_t upper, lower = *value;
    if (probe.here.kind != RANGE) return;
    const uint32_t sign = probe.c;
    const int is_list = sign == 0x3001;
    step(&probe);
    if (sign == 0x2014 && probe.c == sign) step(&probe);
    if (probe.here.kind == VAGUE || !read_number(&probe, &upper, &second)) return;
    const int plain = first->coefficients == 1 && first->scale == 1 && second.coefficients == 1 && second.scale > 1;
    if (plain && first->first < second.first) lower = times(&probe, lower, second.scale);
    if (lower >= upper || (is_list && second.first != first->first + TOCSIN__NUMERAL_ONE)) return;
    if (probe.here.kind == MORE) step(&probe);
    *value = lower;
    *r = probe;
}

/* 半, 一半, a number or a range; *n: the first number, whose coefficients are 0 for a half. */
static int read_proper(reader *r, number *n, uint64_t *value) {
    *n = (number){.scale = 1};
    if (r->here.kind != HALF) {
        if (!read_number(r, value, n)) return 0;
        if (r->here.kind != HALF || n->coefficients != 1 || n->scale != 1 || n->first != TOCSIN__NUMERAL_ONE) {
            read_range(r, n, value);
            return 1;
        }
        n->coefficients = 0;
    }
    *value = TOCSIN__NUMERAL_ONE / 2;
    step(r);
    return 1;
}

/* 10w, 1.2w, 5k: a letter after a number of one part, and no letter or digit after that: not 5km. */
static void read_letter(reader *r, const number *n, uint64_t *value) {
    if (r->here.kind != LETTER || n->coefficients != 1 || n->scale != 1) return;
    const uint32_t next = reader_at(r->view, r->after, r->view->length).c;
    if ((next >= 'a' && next <= 'z') || (next >= '0' && next <= '9')) return;
    *value = times(r, *value, r->here.value);
    step(r);
}

/* The number proper and its suffixes: w, 多, 个半, 个多; and a range after 多. */
static int read_whole(reader *r, tocsin__numeral *found) {
    number n;
    uint64_t value;
    if (!read_proper(r, &n, &value)) return 0;
    found->short_end = r->at;
    found->short_value = value;
    read_letter(r, &n, &value);
    const glyph next = ahead(r);
    if (r->here.kind == MORE) {
        step(r);
        if (n.coefficients) read_range(r, &n, &value);
    } else if (r->here.kind == ITEM && (next.kind == HALF || next.kind == MORE)) {
        if (next.kind == HALF) value = plus(r, value, TOCSIN__NUMERAL_ONE / 2);
        step(r);
        step(r);
    }
    found->end = r->at;
    found->value = value;
    found->bounded = r->bounded;
    return 1;
}

/* 约 逾 超 大约 将近 接近 超过 至少 达 多达 高达, by their last characters. */
static const uint16_t qualifiers[][2] = {{0x5927, 0x7EA6}, {0x5927, 0x7D04}, {0x5C06, 0x8FD1}, {0x5C07, 0x8FD1},
                                         {0x63A5, 0x8FD1}, {0x8D85, 0x8FC7}, {0x8D85, 0x904E}, {0x81F3, 0x5C11},
                                         {0x591A, 0x8FBE}, {0x591A, 0x9054}, {0x9AD8, 0x8FBE}, {0x9AD8, 0x9054},
                                         {0, 0x7EA6},      {0, 0x7D04},      {0, 0x903E},      {0, 0x8D85},
                                         {0, 0x8FD1},      {0, 0x8FBE},      {0, 0x9054}};

/* Whether a qualifier may begin with a character; few do. */
static int begins_qualifier(uint32_t c) {
    switch (c) {
        case 0x5927:
        case 0x5C06:
        case 0x5C07:
        case 0x63A5:
        case 0x8D85:
        case 0x81F3:
        case 0x591A:
        case 0x9AD8:
        case 0x7EA6:
        case 0x7D04:
        case 0x903E:
        case 0x8FD1:
        case 0x8FBE:
        case 0x9054: return 1;
        default: return 0;
    }
}

static void skip_qualifier(reader *r) {
    const uint32_t first = r->c;
    if (!begins_qualifier(first)) return;
    const uint32_t second = r->at < r->end ? reader_at(r->view, r->after, r->end).c : 0;
    for (size_t i = 0; i < sizeof qualifiers / sizeof *qualifiers; i++) {
        const int two = qualifiers[i][0] != 0;
        if (first != qualifiers[i][!two] || (two && second != qualifiers[i][1])) continue;
        step(r);
        if (two) step(r);
        if (r->c == ' ') step(r);
        return;
    }
}

size_t tocsin__numeral_qualifier_start(const tocsin__view *view, size_t at) {
    size_t from = at;
    for (int i = 0; i < 3 && from > 0; i++) {
        from = tocsin__view_previous(view, from);
        reader r = reader_at(view, from, at);
        skip_qualifier(&r);
        if (r.at == at) {
            const size_t before = from ? tocsin__view_previous(view, from) : from;
            reader longer = reader_at(view, before, at);
            skip_qualifier(&longer);
            return longer.at == at ? before : from;
        }
    }
    return at;
}

static int read_at(const tocsin__view *view, size_t at, size_t end, int qualified, tocsin__numeral *numeral) {
    reader r = reader_at(view, at, end);
    tocsin__numeral found = {.start = at};
    if (qualified) skip_qualifier(&r);
    if (r.here.kind == NEARLY) step(&r);
    if (r.here.kind == UPWARDS) { /* 上百, but not 晚上30 */
        const glyph next = ahead(&r);
        if (next.kind != UNIT && next.kind != BIG) return 0;
        step(&r);
    }
    if (!read_whole(&r, &found)) return 0;
    *numeral = found;
    return 1;
}

int tocsin__numeral_read(const tocsin__view *view, size_t at, size_t end, tocsin__numeral *numeral) {
    return read_at(view, at, end, 1, numeral);
}

static uint32_t character_before(const tocsin__view *view, size_t at) {
    size_t next;
    return at ? character(view, tocsin__view_previous(view, at), &next) : 0;
}

/* 最近, 附近, 人数, 次数, 半数 and 多数 are words of their own. */
static int begins_amid_word(const tocsin__view *view, size_t at) {
    static const uint16_t before_near[] = {0x6700, 0x9644};
    static const uint16_t before_number[] = {0x4EBA, 0x6B21, 0x603B, 0x7E3D, 0x6307, 0x4EF6,
                                             0x5C11, 0x4EFD, 0x5206, 0x5929, 0x534A, 0x591A};
    size_t next;
    const uint32_t c = character(view, at, &next), before = character_before(view, at);
    for (size_t i = 0; c == 0x8FD1 && i < sizeof before_near / sizeof *before_near; i++) {
        if (before == before_near[i]) return 1;
    }
    for (size_t i = 0; (c == 0x6570 || c == 0x6578) && i < sizeof before_number / sizeof *before_number; i++) {
        if (before == before_number[i]) return 1;
    }
    return 0;
}

/* ---- numbers that are not the text's ---- */

static size_t back(const tocsin__view *view, size_t at) { return at ? tocsin__view_previous(view, at) : 0; }

/* Whether c is a digit or a unit, as the parts of a fraction begin and end with. */
static int is_number_part(uint32_t c) {
    const uint8_t kind = glyph_of(c).kind;
    return kind == ARABIC || kind == DIGIT || kind == UNIT || kind == TENS || kind == BIG || kind == VAGUE;
}

/* 度, which folds to 镀, or °, perhaps behind a space. */
static int at_degrees(const tocsin__view *view, size_t at) {
    reader r = reader_at(view, at, view->length);
    if (r.c == ' ') step(&r);
    return r.c == 0x5EA6 || r.c == 0x9540 || r.c == 0xB0;
}

/* Whether the character that ends at `at` says that the number after it is below zero. */
static int is_below_zero(const tocsin__view *view, size_t at, int has_degrees) {
    /* 负 also ends words: 肩负 背负 (also 揹负) 担负 自负 承负 胜负 抱负 辜负 欺负 责负 */
    static const uint16_t bearing[] = {0x80A9, 0x80CC, 0x63F9, 0x62C5, 0x64D4, 0x81EA, 0x627F,
                                       0x80DC, 0x52DD, 0x62B1, 0x8F9C, 0x6B3A, 0x8D23, 0x8CAC};
    const uint32_t sign = character_before(view, at), before = character_before(view, back(view, at));
    switch (sign) {
        case 0x4E0B: return before == 0x96F6 || before == 0x3007; /* 零下 */
        case 0x8D1F:
        case 0x8CA0:
            for (size_t i = 0; i < sizeof bearing / sizeof *bearing; i++) {
                if (before == bearing[i]) return 0;
            }
            return 1;
        case 0x2212: return 1;
        case '-': return has_degrees && !is_number_part(before) && !(before >= 'a' && before <= 'z');
        default: return 0;
    }
}

int tocsin__numeral_is_other_before(const tocsin__view *view, size_t start, size_t end) {
    size_t next;
    const uint32_t first = start < view->length ? character(view, start, &next) : 0;
    const size_t one = back(view, start), two = back(view, one);
    const uint32_t c = character_before(view, start), before = character_before(view, one);
    const int follows_digit = before >= '0' && before <= '9';
    if (follows_digit && (c == '/' || c == '.' || (c == ',' && first == '0'))) return 1;
    if (c == 0x4E4B && before == 0x5206 && is_number_part(character_before(view, two))) return 1; /* 分之 */
    const size_t at = c == ' ' ? one : start;
    return character_before(view, at) == 0x7B2C || is_below_zero(view, at, at_degrees(view, end)); /* 第 */
}

int tocsin__numeral_is_other_behind(const tocsin__view *view, size_t end) {
    reader r = reader_at(view, end, view->length);
    const uint32_t first = r.c;
    step(&r);
    if (first == '/') return r.here.kind == ARABIC;
    if (first != 0x5206 || r.c != 0x4E4B) return 0; /* 分之 */
    step(&r);
    return is_number_part(r.c);
}

size_t tocsin__numeral_reach(const tocsin__view *view, size_t end) {
    size_t at = end;
    while (at > 0 && glyph_of(character_before(view, at)).kind != NONE) at = tocsin__view_previous(view, at);
    return at;
}

int tocsin__numeral_read_before(const tocsin__view *view, size_t end, tocsin__numeral *numeral) {
    size_t at = tocsin__numeral_reach(view, end);
    while (at < end) {
        tocsin__numeral found;
        size_t next;
        (void)character(view, at, &next);
        if (begins_amid_word(view, at) || !read_at(view, at, end, 0, &found)) {
            at = next;
        } else if (found.end == end) {
            *numeral = found;
            return 1;
        } else {
            at = found.end;
        }
    }
    return 0;
}
