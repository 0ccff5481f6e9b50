/*
 * Times. Seconds and milliseconds are distinguished by size: 100 000 000 000 seconds are the year 5138, and as many
 * milliseconds the year 1973, before any feed. Numbers that would be hours of January 1970 are the days that
 * spreadsheets count, or no time, as are all that would be before 1973-03-03: -1, 202611. A date and time without a
 * zone is one of the process's zone, which --time-zone sets. A relative time needs the time when it was collected.
 * Full-width digits and marks are read as the others, and what pages write around a time (发布于, 来自 …) is left out.
 */
#define _XOPEN_SOURCE 700 /* localtime_r */

#include "feed/time_parse.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "feed/utf8_text.h"

#define MILLISECONDS_FROM 100000000000.0
#define SECONDS_FROM 100000000.0
#define MICROSECONDS_FROM INT64_C(100000000000000)
#define NANOSECONDS_FROM INT64_C(100000000000000000)
#define DAY_MILLISECONDS INT64_C(86400000)
#define CHINA_MILLISECONDS INT64_C(28800000)
#define FIRST_SERIAL 36526                /* 2000-01-01 as spreadsheets count days */
#define LAST_SERIAL 73414                 /* 2100-12-30 */
#define LONGEST_TIME 128                  /* bytes */
#define TIME_MAX INT64_C(253402300799999) /* the end of the year 9999 */
#define TIME_MIN INT64_C(-62167219200000) /* the start of the year 0 */

static const char out_of_range[] = "is out of range";
static const char not_a_time[] = "is not a known form of time: see --help";
static const char relative[] = "is relative: --collected FIELD says when it was read";

typedef struct cursor {
    const char *at, *end;
} cursor;

/* Exactly `digits` decimal digits; -1 if they are not there. */
static int take_digits(cursor *c, int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++, c->at++) {
        if (c->at == c->end || *c->at < '0' || *c->at > '9') return -1;
        value = value * 10 + (*c->at - '0');
    }
    return value;
}

static int take(cursor *c, char wanted) {
    if (c->at == c->end || *c->at != wanted) return 0;
    c->at++;
    return 1;
}

static int take_text(cursor *c, const char *text) {
    const size_t length = strlen(text);
    if ((size_t)(c->end - c->at) < length || memcmp(c->at, text, length) != 0) return 0;
    c->at += length;
    return 1;
}

static int at_digit(const cursor *c) { return c->at < c->end && *c->at >= '0' && *c->at <= '9'; }

/* One or two digits; -1 if there is none. */
static int take_short(cursor *c) {
    int value = take_digits(c, 1);
    if (value >= 0 && at_digit(c)) value = value * 10 + take_digits(c, 1);
    return value;
}

static void skip_spaces(cursor *c) {
    while (take(c, ' ') || take(c, '\t')) continue;
}

/*
 * Days since 1970-01-01 in the proleptic Gregorian calendar; years begin in March, so that a leap day is the last day.
 */
static int64_t days_from_date(int year, int month, int day) {
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static int days_of_month(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

typedef struct moment {
    int year, month, day, hour, minute, second, millisecond;
    int has_zone, is_midnight; /* 晚上12点: hour is 24 */
    int64_t zone;              /* milliseconds east of UTC */
} moment;

static const char *check_moment(const moment *m) {
    if (m->month < 1 || m->month > 12 || m->day < 1 || m->day > days_of_month(m->year, m->month)) {
        return "names a day that does not exist";
    }
    if (m->is_midnight && !m->minute && !m->second) return NULL;
    return m->hour > 23 || m->minute > 59 || m->second > 60 ? "names an hour that does not exist" : NULL;
}

/* Milliseconds of the moment as if it were UTC. */
static int64_t as_utc(const moment *m) {
    const int64_t minutes = (days_from_date(m->year, m->month, m->day) * 24 + m->hour) * 60 + m->minute;
    return (minutes * 60 + m->second) * 1000 + m->millisecond;
}

/*
 * The offset of the process's time zone from UTC at a local time, in milliseconds. mktime takes as long as grading a
 * post, and posts of one half hour come together, so its result is kept for half an hour.
 */
static int local_offset(const moment *m, int64_t utc, int64_t *offset) {
    static _Thread_local struct {
        int64_t half_hour, offset;
        int known;
    } last;
    const int64_t half_hour = (utc < 0 ? utc - 1799999 : utc) / 1800000;
    if (!last.known || last.half_hour != half_hour) {
        struct tm parts = {.tm_year = m->year - 1900,
                           .tm_mon = m->month - 1,
                           .tm_mday = m->day,
                           .tm_hour = m->hour,
                           .tm_min = m->minute,
                           .tm_sec = m->second,
                           .tm_wday = -1,
                           .tm_isdst = -1};
        const time_t seconds = mktime(&parts);
        if (parts.tm_wday < 0) return 0;
        last.half_hour = half_hour;
        last.offset = utc - m->millisecond - (int64_t)seconds * 1000;
        last.known = 1;
    }
    *offset = last.offset;
    return 1;
}

/* A time without a zone is in the process's time zone, which --time-zone sets. */
static const char *to_milliseconds(const moment *m, int64_t *milliseconds) {
    const char *wrong = check_moment(m);
    if (wrong) return wrong;
    const int64_t utc = as_utc(m);
    int64_t offset = m->zone;
    if (!m->has_zone && !local_offset(m, utc, &offset)) return out_of_range;
    *milliseconds = utc - offset;
    return NULL;
}

/* Between the parts of a date: the same mark twice, or 年 and 月. */
static int take_mark(cursor *c, int first, char *mark) {
    if (take_text(c, first ? "年" : "月")) return !first ? *mark == 'n' : (*mark = 'n', 1);
    if (c->at == c->end || !strchr("-/.", *c->at) || (!first && *c->at != *mark)) return 0;
    *mark = *c->at++;
    return 1;
}

static const char *take_date(cursor *c, moment *m) {
    char mark = 0;
    m->year = take_digits(c, 4);
    if (m->year < 0 || !take_mark(c, 1, &mark)) return not_a_time;
    m->month = take_short(c);
    if (m->month < 0 || !take_mark(c, 0, &mark)) return not_a_time;
    m->day = take_short(c);
    if (m->day < 0) return not_a_time;
    if (mark == 'n' && !take_text(c, "日")) (void)take_text(c, "号");
    return NULL;
}

/* Digits after the seconds; those after the third are skipped. */
static const char *take_fraction(cursor *c, int *milliseconds) {
    int unit = 100, digits = 0;
    for (; at_digit(c); c->at++, digits++, unit /= 10) *milliseconds += (*c->at - '0') * unit;
    return digits ? NULL : not_a_time;
}

/* The name of a zone after its offset: [Asia/Shanghai], (CST), (中国标准时间). */
static const char *skip_zone_name(cursor *c) {
    cursor ahead = *c;
    skip_spaces(&ahead);
    if (ahead.at == ahead.end) return NULL;
    if ((*ahead.at == '[' && c->end[-1] == ']') || (*ahead.at == '(' && c->end[-1] == ')')) c->at = c->end;
    return NULL;
}

/* Z, UTC, GMT, CST (here that of China), +08:00, +0800, +08 or GMT+8; a missing zone is not a mistake. */
static const char *take_zone(cursor *c, moment *m) {
    skip_spaces(c);
    if (c->at == c->end) return NULL;
    m->has_zone = 1;
    if (take(c, 'Z') || take(c, 'z')) return skip_zone_name(c);
    if (take_text(c, "CST") || take_text(c, "HKT") || take_text(c, "北京时间")) {
        m->zone = CHINA_MILLISECONDS;
        return NULL;
    }
    const int is_named = take_text(c, "UTC") || take_text(c, "GMT");
    const int sign = take(c, '-') ? -1 : take(c, '+') ? 1 : 0;
    if (!sign) return m->has_zone = is_named, is_named ? skip_zone_name(c) : NULL;
    const int hours = is_named ? take_short(c) : take_digits(c, 2);
    int minutes = 0;
    if (hours < 0) return not_a_time;
    if (take(c, ':') || at_digit(c)) minutes = take_digits(c, 2);
    if (minutes < 0) return not_a_time;
    if (hours > 23 || minutes > 59) return "has a time zone that does not exist";
    m->zone = sign * (hours * INT64_C(60) + minutes) * 60000;
    return skip_zone_name(c);
}

/* A text with its meaning; take_meaning takes the first text that matches at the cursor. */
typedef struct meaning {
    const char *text;
    int value;
} meaning;

static int take_meaning(cursor *c, const meaning *meanings, size_t count, int *value) {
    for (size_t i = 0; i < count; i++) {
        if (!take_text(c, meanings[i].text)) continue;
        *value = meanings[i].value;
        return 1;
    }
    return 0;
}

#define TAKE_MEANING(c, meanings, value) take_meaning(c, meanings, sizeof(meanings) / sizeof *(meanings), value)

enum {
    HALF_UNKNOWN,
    HALF_MORNING,
    HALF_NOON,
    HALF_EVENING,
    HALF_NIGHT
};

/* 下午 before the hour. */
static int take_half(cursor *c) {
    static const meaning halves[] = {{"上午", HALF_MORNING}, {"早上", HALF_MORNING}, {"凌晨", HALF_MORNING},
                                     {"清晨", HALF_MORNING}, {"中午", HALF_NOON},    {"下午", HALF_EVENING},
                                     {"傍晚", HALF_EVENING}, {"晚上", HALF_NIGHT},   {"早晨", HALF_MORNING},
                                     {"早", HALF_MORNING},   {"午后", HALF_EVENING}, {"晚间", HALF_NIGHT},
                                     {"晚", HALF_NIGHT}};
    int half = HALF_UNKNOWN;
    (void)TAKE_MEANING(c, halves, &half);
    skip_spaces(c);
    return half;
}

/* AM or PM after the time. */
static int take_half_behind(cursor *c) {
    static const meaning halves[] = {{"AM", HALF_MORNING}, {"am", HALF_MORNING}, {"a.m.", HALF_MORNING},
                                     {"PM", HALF_EVENING}, {"pm", HALF_EVENING}, {"p.m.", HALF_EVENING}};
    const cursor before = *c;
    int half = HALF_UNKNOWN;
    skip_spaces(c);
    if (!TAKE_MEANING(c, halves, &half)) *c = before;
    return half;
}

static void apply_half(moment *m, int half) {
    if (half == HALF_MORNING && m->hour == 12) m->hour = 0;
    m->is_midnight = half == HALF_NIGHT && m->hour == 12;
    if (m->is_midnight) m->hour = 24;
    if ((half >= HALF_EVENING && m->hour < 12) || (half == HALF_NOON && m->hour < 3)) m->hour += 12;
}

static int take_mark_of(cursor *c, const char *mark, const char *word) {
    return take_text(c, mark) || take_text(c, word);
}

/* HH:MM, HH:MM:SS, HH:MM:SS.mmm; 下午3点05分, 3:05 PM, 15时. */
static const char *take_clock(cursor *c, moment *m) {
    int half = take_half(c);
    m->hour = take_short(c);
    if (m->hour < 0) return not_a_time;
    if (take_mark_of(c, "时", "時") || take_mark_of(c, "点", "點")) {
        (void)take_text(c, "整");
        if (take_text(c, "半")) m->minute = 30;
        if (at_digit(c)) {
            m->minute = take_short(c);
            (void)take_text(c, "分");
        }
        if (at_digit(c)) {
            m->second = take_short(c);
            (void)take_text(c, "秒");
        }
    } else {
        if (!take(c, ':')) return not_a_time;
        m->minute = take_short(c);
        if (m->minute < 0) return not_a_time;
        if (take(c, ':')) {
            m->second = take_short(c);
            if (m->second < 0) return not_a_time;
            const char *wrong = take(c, '.') || take(c, ',') ? take_fraction(c, &m->millisecond) : NULL;
            if (wrong) return wrong;
        }
    }
    const int behind = take_half_behind(c);
    apply_half(m, half ? half : behind);
    return NULL;
}

/* (五), 星期五, 周五 */
static void skip_weekday(cursor *c) {
    static const char *const days[] = {"一", "二", "三", "四", "五", "六", "日",
                                       "天", "月", "火", "水", "木", "金", "土"};
    cursor ahead = *c;
    skip_spaces(&ahead);
    const int bracket = take_text(&ahead, "(") || take_text(&ahead, "（");
    const int word = take_text(&ahead, "星期") || take_text(&ahead, "周") || take_text(&ahead, "週");
    if (!bracket && !word) return;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        if (!take_text(&ahead, days[i])) continue;
        if (bracket && !take_text(&ahead, ")") && !take_text(&ahead, "）")) return;
        *c = ahead;
        return;
    }
}

/* The rest after a date: nothing, or a time and perhaps a zone. */
static const char *take_rest(cursor *c, moment *m) {
    const char *wrong = NULL;
    skip_weekday(c);
    if (c->at < c->end) {
        (void)take(c, ',');
        if (!take(c, 'T') && !take(c, 't')) skip_spaces(c);
        wrong = take_clock(c, m);
        if (!wrong) wrong = take_zone(c, m);
    }
    if (wrong) return wrong;
    return c->at < c->end ? not_a_time : NULL;
}

/* 2024-01-02, 2024/1/2 03:04, 2024年1月2日 03:04:05.250+08:00, 2024-01-02 (二) 下午3:04 */
static const char *parse_calendar(cursor c, int64_t *milliseconds) {
    moment m = {0};
    const char *wrong = take_date(&c, &m);
    if (!wrong) wrong = take_rest(&c, &m);
    return wrong ? wrong : to_milliseconds(&m, milliseconds);
}

/* YYYYMMDD */
static moment take_compact_date(cursor *c) {
    moment m = {0};
    m.year = take_digits(c, 4);
    m.month = take_digits(c, 2);
    m.day = take_digits(c, 2);
    return m;
}

/* 20240102T030405Z, 20240102 0304, 20240102 03:04 */
static const char *parse_compact(cursor c, int64_t *milliseconds) {
    moment m = take_compact_date(&c);
    if (!take(&c, 'T') && !take(&c, 't')) skip_spaces(&c);
    cursor ahead = c;
    const int hour = take_digits(&ahead, 2), minute = take_digits(&ahead, 2);
    if (hour < 0 || minute < 0) {
        const char *wrong = take_rest(&c, &m);
        return wrong ? wrong : to_milliseconds(&m, milliseconds);
    }
    m.hour = hour;
    m.minute = minute;
    if (at_digit(&ahead)) m.second = take_digits(&ahead, 2);
    if (m.second < 0) return not_a_time;
    const char *wrong = take(&ahead, '.') || take(&ahead, ',') ? take_fraction(&ahead, &m.millisecond) : NULL;
    if (!wrong) wrong = take_zone(&ahead, &m);
    if (!wrong && ahead.at < ahead.end) wrong = not_a_time;
    return wrong ? wrong : to_milliseconds(&m, milliseconds);
}

/* The number of a month by the first three letters of its English name; 0: it is none. */
static int take_month_name(cursor *c) {
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (int i = 0; i < 12; i++) {
        if (!take_text(c, names[i])) continue;
        while (c->at < c->end && *c->at >= 'a' && *c->at <= 'z') c->at++;
        (void)take(c, '.');
        return i + 1;
    }
    return 0;
}

/* The year: four digits that are not a time of day, or two digits of this century. */
static int take_year(cursor *c) {
    cursor ahead = *c;
    const int first = take_digits(&ahead, 2);
    if (first < 0 || take(&ahead, ':')) return -1;
    const int is_short = !at_digit(&ahead), last = is_short ? 0 : take_digits(&ahead, 2);
    if (last < 0 || at_digit(&ahead)) return -1;
    *c = ahead;
    return is_short ? 2000 + first : first * 100 + last;
}

static int take_weekday(cursor *c) {
    static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!take_text(c, names[i])) continue;
        while (c->at < c->end && *c->at >= 'a' && *c->at <= 'z') c->at++;
        (void)take(c, ',');
        skip_spaces(c);
        return 1;
    }
    return 0;
}

/* The separators of the day, the name of the month and the year: 7 May 2024, 07-May-2024, 07/May/2024, 7th May. */
static void skip_marks_of_month(cursor *c) {
    skip_spaces(c);
    if (take(c, '-') || take(c, '/')) return;
    if (take_text(c, "st") || take_text(c, "nd") || take_text(c, "rd") || take_text(c, "th")) skip_spaces(c);
    (void)take(c, ',');
    skip_spaces(c);
}

/*
 * "Tue May 07 12:00:00 +0800 2024", as weibo writes it, "Tue, 07 May 2024 12:00:00 GMT", as RSS does, "May 7, 2024",
 * 07-May-2024, and what Date.toString() of JavaScript and the logs of servers have.
 */
static const char *parse_named_month(cursor c, int64_t *milliseconds) {
    moment m = {.year = -1};
    (void)take_weekday(&c);
    m.month = take_month_name(&c);
    const int month_first = m.month > 0;
    skip_spaces(&c);
    m.day = take_short(&c);
    skip_marks_of_month(&c);
    if (!month_first) {
        m.month = take_month_name(&c);
        skip_marks_of_month(&c);
    }
    m.year = take_year(&c);
    if (m.day < 0 || !m.month || (!month_first && m.year < 0)) return not_a_time;
    if (!take(&c, ',')) (void)(m.year >= 0 && take(&c, ':'));
    skip_spaces(&c);
    const char *wrong = c.at < c.end ? take_clock(&c, &m) : NULL;
    if (!wrong && c.at < c.end) wrong = take_zone(&c, &m);
    if (wrong) return wrong;
    if (m.year < 0) {
        skip_spaces(&c);
        m.year = take_digits(&c, 4);
        if (m.year < 0) return not_a_time;
    }
    return c.at < c.end ? not_a_time : to_milliseconds(&m, milliseconds);
}

/*
 * Digits that are a date: 20261120, 202611201230, 20261120123045, 20261120123045250. As Unix seconds or milliseconds
 * they would be in 1970 or after 2500, where no feed is. 0: they are no date.
 */
static int digits_are_date(const char *digits, size_t length, moment *m) {
    cursor c = {digits, digits + length};
    if (length != 8 && length != 12 && length != 14 && length != 17) return 0;
    *m = take_compact_date(&c);
    if (length > 8) m->hour = take_digits(&c, 2);
    if (length > 8) m->minute = take_digits(&c, 2);
    if (length > 12) m->second = take_digits(&c, 2);
    if (length > 14) m->millisecond = take_digits(&c, 3);
    /* Eight digits are never Unix seconds, which would be in 1970: if they are not a date, that is an error. */
    return m->year >= 1900 && m->year <= 2100 && (length == 8 || !check_moment(m));
}

/* Seconds, milliseconds, microseconds or nanoseconds: the first of these that gives a time before the year 5000. */
static const char *time_from_unix(int64_t number, int64_t *milliseconds) {
    if (number > MICROSECONDS_FROM) number /= number > NANOSECONDS_FROM ? 1000000 : 1000;
    if (number > TIME_MAX || number < TIME_MIN) return out_of_range;
    const int seconds = (double)number < MILLISECONDS_FROM && (double)number > -MILLISECONDS_FROM;
    *milliseconds = seconds ? number * 1000 : number;
    return NULL;
}

/* A day number of spreadsheets, counted from 1899-12-30, with the time of day after the point. */
static const char *time_from_serial(double days, int64_t *milliseconds) {
    moment m = {.year = 1899, .month = 12, .day = 30 + (int)days};
    int seconds = (int)((days - floor(days)) * 86400 + 0.5);
    m.hour = seconds / 3600;
    m.minute = seconds / 60 % 60;
    m.second = seconds % 60;
    const int64_t utc = as_utc(&m);
    int64_t offset;
    if (!local_offset(&m, utc, &offset)) return out_of_range;
    *milliseconds = utc - offset;
    return NULL;
}

static int is_serial(double number) { return number >= FIRST_SERIAL && number <= LAST_SERIAL; }

/* Numbers that are not times: 0 and -1 for an unknown time, years, months (202611), whatever has few digits. */
static int is_no_time(double number) { return number < SECONDS_FROM && number > -SECONDS_FROM && !is_serial(number); }

static const char *time_from_digits(const char *digits, size_t length, int64_t number, int64_t *milliseconds) {
    moment m;
    if (digits_are_date(digits, length, &m)) return to_milliseconds(&m, milliseconds);
    if (is_no_time((double)number)) return not_a_time;
    if (is_serial((double)number)) return time_from_serial((double)number, milliseconds);
    return time_from_unix(number, milliseconds);
}

static const char *parse_number(cursor c, int64_t *milliseconds) {
    int negative = take(&c, '-');
    double whole = 0, unit = 0.1;
    int64_t exact = 0;
    const char *first = c.at;
    for (; c.at < c.end && *c.at >= '0' && *c.at <= '9'; c.at++) {
        whole = whole * 10 + (*c.at - '0');
        if (whole > 9e18) return out_of_range;
        exact = exact * 10 + (*c.at - '0');
    }
    if (c.at == first) return not_a_time;
    if (c.at == c.end && !negative) return time_from_digits(first, (size_t)(c.at - first), exact, milliseconds);
    if (c.at == c.end) return time_from_integer(-exact, milliseconds);
    if (!take(&c, '.') || c.at == c.end) return not_a_time;
    for (; c.at < c.end && *c.at >= '0' && *c.at <= '9'; c.at++, unit /= 10) whole += (*c.at - '0') * unit;
    if (c.at < c.end) return not_a_time;
    return time_from_float(negative ? -whole : whole, milliseconds);
}

/* A time of day, on a day so many days before the collection. */
static const char *on_day(moment *m, int before, const int64_t *collected, int64_t *milliseconds) {
    if (!collected) return relative;
    const time_t then = (time_t)((*collected - before * DAY_MILLISECONDS) / 1000);
    struct tm parts;
    if (!localtime_r(&then, &parts)) return out_of_range;
    m->year = parts.tm_year + 1900;
    m->month = parts.tm_mon + 1;
    m->day = parts.tm_mday;
    return to_milliseconds(m, milliseconds);
}

/* So long before the collection; nothing may follow. */
static const char *before(cursor c, const int64_t *collected, int64_t ago, int64_t *milliseconds) {
    if (c.at < c.end) return not_a_time;
    if (!collected) return relative;
    *milliseconds = *collected - ago;
    return NULL;
}

/* A number of Chinese as people write small ones: 三, 两, 十, 二十五. -1: none is there. */
static int64_t take_numeral(cursor *c) {
    static const meaning digits[] = {{"一", 1}, {"二", 2}, {"两", 2}, {"兩", 2}, {"三", 3}, {"四", 4},
                                     {"五", 5}, {"六", 6}, {"七", 7}, {"八", 8}, {"九", 9}};
    int ones = 0, tens = 0;
    const int has_tens = TAKE_MEANING(c, digits, &tens);
    if (!take_text(c, "十")) return has_tens ? tens : -1;
    (void)TAKE_MEANING(c, digits, &ones);
    return (has_tens ? tens : 1) * 10 + ones;
}

/* 5, 三, an; -1: none. */
static int64_t take_amount(cursor *c) {
    int64_t amount = 0;
    if (take_text(c, "an ") || take_text(c, "a ")) return 1;
    if (!at_digit(c)) return take_numeral(c);
    for (int digits = 0; at_digit(c) && digits < 6; digits++) amount = amount * 10 + take_digits(c, 1);
    return amount;
}

/* 5分钟前, 三天前, 1小时30分钟前, 3 hours ago */
static const char *parse_ago(cursor c, const int64_t *collected, int64_t *milliseconds) {
    static const meaning units[] = {{"秒", 1},         {"分钟", 60},         {"分鐘", 60},       {"小时", 3600},
                                    {"小時", 3600},    {"个小时", 3600},     {"個小時", 3600},   {"天", 86400},
                                    {"周", 7 * 86400}, {"seconds", 1},       {"second", 1},      {"minutes", 60},
                                    {"minute", 60},    {"mins", 60},         {"min", 60},        {"hours", 3600},
                                    {"hour", 3600},    {"hrs", 3600},        {"hr", 3600},       {"days", 86400},
                                    {"day", 86400},    {"weeks", 7 * 86400}, {"week", 7 * 86400}};
    static const meaning behind[] = {{"以前", 0}, {"之前", 0}, {"前", 0}, {" ago", 0}};
    int64_t ago = 0;
    int value, unit = INT32_MAX;
    do {
        const int64_t amount = take_amount(&c);
        const int larger = unit;
        skip_spaces(&c);
        if (amount < 0 || !TAKE_MEANING(&c, units, &unit) || unit >= larger) return not_a_time;
        ago += amount * unit;
    } while (!TAKE_MEANING(&c, behind, &value));
    return before(c, collected, ago * 1000, milliseconds);
}

/* 刚刚, 半小时前, 5分钟前, 2天前, 今天 08:00, 昨天 12:03, 昨晚 8点, 前天 9:05, yesterday 12:03 */
static const char *parse_relative(cursor c, const int64_t *collected, int64_t *milliseconds) {
    static const meaning words[] = {{"刚刚", 0},          {"剛剛", 0},        {"just now", 0},
                                    {"半小时前", 1800},   {"半小時前", 1800}, {"半个小时前", 1800},
                                    {"半個小時前", 1800}, {"刚才", 0},        {"半天前", 43200}};
    static const meaning days[] = {{"今天", 0},      {"昨天", 1},      {"大前天", 3}, {"前天", 2},
                                   {"yesterday", 1}, {"Yesterday", 1}, {"today", 0},  {"Today", 0},
                                   {"昨日", 1},      {"今日", 0},      {"昨", 1},     {"今", 0}};
    int value;
    if (TAKE_MEANING(&c, words, &value)) return before(c, collected, value * INT64_C(1000), milliseconds);
    const cursor start = c;
    if (!TAKE_MEANING(&c, days, &value)) return parse_ago(c, collected, milliseconds);
    moment m = {0};
    const int is_short = c.at - start.at == (ptrdiff_t)strlen("昨"); /* 昨晚, 今早 */
    skip_spaces(&c);
    (void)take_text(&c, "at ");
    if (is_short && (c.at == c.end || at_digit(&c))) return not_a_time;
    const char *wrong = c.at < c.end ? take_clock(&c, &m) : NULL;
    return wrong || c.at < c.end ? not_a_time : on_day(&m, value, collected, milliseconds);
}

/* 05-07 12:00, which weibo writes for this year, and 12:00 for today. */
static const char *parse_short_date(cursor c, const int64_t *collected, int64_t *milliseconds) {
    moment m = {0};
    cursor clock = c;
    if (!take_clock(&clock, &m) && clock.at == clock.end) return on_day(&m, 0, collected, milliseconds);
    m = (moment){0};
    m.month = take_short(&c);
    if (m.month < 0 || (!take(&c, '-') && !take_text(&c, "月"))) return not_a_time;
    m.day = take_short(&c);
    if (m.day < 0) return not_a_time;
    (void)take_text(&c, "日");
    skip_spaces(&c);
    const char *wrong = c.at < c.end ? take_clock(&c, &m) : NULL;
    if (wrong || c.at < c.end) return not_a_time;
    if (!collected) return relative;
    const time_t then = (time_t)(*collected / 1000);
    struct tm parts;
    if (!localtime_r(&then, &parts)) return out_of_range;
    m.year = parts.tm_year + 1900;
    wrong = to_milliseconds(&m, milliseconds);
    if (wrong || *milliseconds <= *collected + DAY_MILLISECONDS) return wrong;
    m.year--; /* collected in January, written in December */
    return to_milliseconds(&m, milliseconds);
}

static const char *parse_any(cursor c, const int64_t *collected, int64_t *milliseconds) {
    size_t digits = 0;
    const size_t length = (size_t)(c.end - c.at);
    while (digits < length && c.at[digits] >= '0' && c.at[digits] <= '9') digits++;
    const int dated =
        digits == 4 && length > 4 && (strchr("-/.", c.at[4]) || !memcmp(c.at + 4, "年", length > 6 ? 3 : 1));
    if (dated) {
        const char *wrong = parse_calendar(c, milliseconds);
        if (wrong != not_a_time || c.at[4] != '.') return wrong;
    }
    if (digits == 8 && length > 9 && strchr("Tt ", c.at[8])) return parse_compact(c, milliseconds);
    if (digits == length || (digits && c.at[digits] == '.') || c.at[0] == '-') return parse_number(c, milliseconds);
    const char *wrong = parse_named_month(c, milliseconds);
    if (wrong == not_a_time) wrong = parse_relative(c, collected, milliseconds);
    return wrong == not_a_time ? parse_short_date(c, collected, milliseconds) : wrong;
}

/* Replaces full-width digits and marks by ASCII; 0: the text is too long for a time. */
static size_t narrow(const char *text, size_t length, char *out) {
    static const struct {
        const char *wide;
        char narrow;
    } marks[] = {{"：", ':'}, {"－", '-'},       {"–", '-'},  {"／", '/'},
                 {"　", ' '}, {"\xC2\xA0", ' '}, {"，", ','}, {"．", '.'},
                 {"—", '-'},  {"‐", '-'},        {"‑", '-'},  {"−", '-'},
                 {"∶", ':'},  {"（", '('},       {"）", ')'}, {"\xE2\x80\xAF", ' '},
                 {"・", ' '}, {"·", ' '}};
    cursor c = {text, text + length};
    size_t n = 0;
    if (length > LONGEST_TIME) return 0;
    while (c.at < c.end) {
        const size_t left = (size_t)(c.end - c.at);
        size_t i = 0;
        while (i < sizeof marks / sizeof *marks && !take_text(&c, marks[i].wide)) i++;
        if (i < sizeof marks / sizeof *marks) {
            out[n++] = marks[i].narrow;
        } else if (left >= 3 && !memcmp(c.at, "\xEF\xBC", 2) && (unsigned char)c.at[2] - 0x90u < 10) {
            out[n++] = (char)('0' + ((unsigned char)c.at[2] - 0x90));
            c.at += 3;
        } else {
            out[n++] = *c.at++;
        }
    }
    return n;
}

/* Removes the words that pages write around a time; none of them is ASCII. */
static cursor inner(cursor c, int is_plain) {
    static const char *const before[] = {"发布", "發佈", "發布", "发表", "發表", "编辑", "編輯",
                                         "更新", "回复", "时间", "時間", "于",   "於",   ":"};
    static const char *const behind[] = {" 来自", " 來自", " 已编辑", " 已編輯", "来自", "发布", "發布"};
    for (size_t i = 0; i < sizeof before / sizeof *before && !is_plain; i++) {
        skip_spaces(&c);
        if (take_text(&c, before[i])) i = (size_t)-1; /* begin with the first one again */
    }
    skip_spaces(&c);
    for (const char *at = c.at; at < c.end && !is_plain; at++) {
        for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
            cursor rest = {at, c.end};
            if (at > c.at && take_text(&rest, behind[i])) c.end = at;
        }
    }
    while (c.at < c.end && (c.end[-1] == ' ' || c.end[-1] == '\t')) c.end--;
    return c;
}

/* Removes the last word, such as a place after a time (昨天 08:30 广东); 0: the last word has ASCII in it. */
static int drop_last_word(cursor *c) {
    const char *at = c->end;
    int has_more = 0;
    while (at > c->at && (unsigned char)at[-1] >= 0x80) at--;
    if (at == c->end || at == c->at || at[-1] != ' ') return 0;
    while (at > c->at && at[-1] == ' ') at--;
    for (const char *other = c->at; other < at; other++) has_more |= *other < '0' || *other > '9';
    c->end = at;
    return has_more;
}

const char *time_parse(const char *text, size_t length, const int64_t *collected, int64_t *milliseconds) {
    char narrowed[LONGEST_TIME];
    cursor c = {text, text + length};
    int64_t value = 0;
    size_t plain = 0;
    while (plain < length && (unsigned char)text[plain] < 0x80) plain++;
    if (plain < length) c = (cursor){narrowed, narrowed + narrow(text, length, narrowed)};
    c = inner(c, plain == length);
    if (c.at == c.end) return not_a_time;
    const char *wrong = parse_any(c, collected, &value);
    if (wrong == not_a_time && plain < length && drop_last_word(&c)) wrong = parse_any(c, collected, &value);
    if (wrong) return wrong;
    if (value > TIME_MAX || value < TIME_MIN) return out_of_range;
    *milliseconds = value;
    return NULL;
}

const char *time_from_integer(int64_t number, int64_t *milliseconds) {
    char digits[24];
    if (number < 0) return is_no_time((double)number) ? not_a_time : time_from_unix(number, milliseconds);
    return time_from_digits(digits, (size_t)snprintf(digits, sizeof digits, "%" PRId64, number), number, milliseconds);
}

const char *time_from_float(double number, int64_t *milliseconds) {
    if (!(number <= (double)TIME_MAX && number >= (double)TIME_MIN)) return out_of_range;
    if (is_no_time(number)) return not_a_time;
    if (is_serial(number)) return time_from_serial(number, milliseconds);
    int seconds = number < MILLISECONDS_FROM && number > -MILLISECONDS_FROM;
    *milliseconds = (int64_t)floor(seconds ? number * 1000 + 0.5 : number);
    return NULL;
}

void time_append_utc(tocsin_buffer *out, int64_t milliseconds) {
    const int64_t rest = (milliseconds % 1000 + 1000) % 1000;
    const time_t seconds = (time_t)((milliseconds - rest) / 1000);
    struct tm parts;
    if (!gmtime_r(&seconds, &parts)) return;
    text_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                parts.tm_hour, parts.tm_min, parts.tm_sec, (int)rest);
}
