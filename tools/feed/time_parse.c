/*
 * Times. Seconds and milliseconds are told apart by size: 100 000 000 000 seconds are the year 5138, and as many
 * milliseconds the year 1973, before any feed. A date and time without a zone is refused rather than guessed, because
 * eight hours are the difference between two duty watches.
 */
#include "feed/time_parse.h"

#include <math.h>
#include <time.h>

#include "feed/utf8_text.h"

#define MILLISECONDS_FROM 100000000000.0
#define DAY_MILLISECONDS INT64_C(86400000)
#define TIME_MAX INT64_C(253402300799999) /* the end of the year 9999 */
#define TIME_MIN INT64_C(-62167219200000) /* the start of the year 0 */

static const char out_of_range[] = "is out of range";
static const char not_a_time[] = "is not RFC 3339, a date, or Unix seconds or milliseconds";

typedef struct cursor {
    const char *at, *end;
} cursor;

/* Exactly `digits` decimal digits; -1 when they are not there. */
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

/* Days since 1970-01-01 in the proleptic Gregorian calendar; years are counted from March, so that leap days end them.
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

static const char *take_date(cursor *c, int64_t *milliseconds) {
    int year = take_digits(c, 4);
    if (year < 0 || !take(c, '-')) return not_a_time;
    int month = take_digits(c, 2);
    if (month < 0 || !take(c, '-')) return not_a_time;
    int day = take_digits(c, 2);
    if (day < 0) return not_a_time;
    if (month < 1 || month > 12 || day < 1 || day > days_of_month(year, month))
        return "names a day that does not exist";
    *milliseconds = days_from_date(year, month, day) * DAY_MILLISECONDS;
    return NULL;
}

/* Digits after the seconds; those after the third are read and dropped. */
static const char *take_fraction(cursor *c, int64_t *milliseconds) {
    int unit = 100, digits = 0;
    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++, digits++, unit /= 10) {
        *milliseconds += (int64_t)(*c->at - '0') * unit;
    }
    return digits ? NULL : not_a_time;
}

static const char *take_zone(cursor *c, int64_t *milliseconds) {
    if (c->at == c->end) return "has no time zone: add Z or an offset like +08:00";
    if (take(c, 'Z') || take(c, 'z')) return NULL;
    int sign = take(c, '-') ? -1 : take(c, '+') ? 1 : 0;
    if (!sign) return not_a_time;
    int hours = take_digits(c, 2);
    if (hours < 0 || !take(c, ':')) return not_a_time;
    int minutes = take_digits(c, 2);
    if (minutes < 0) return not_a_time;
    if (hours > 23 || minutes > 59) return "has a time zone that does not exist";
    *milliseconds -= sign * (hours * INT64_C(60) + minutes) * 60000;
    return NULL;
}

static const char *take_clock(cursor *c, int64_t *milliseconds) {
    int hour = take_digits(c, 2);
    if (hour < 0 || !take(c, ':')) return not_a_time;
    int minute = take_digits(c, 2);
    if (minute < 0 || !take(c, ':')) return not_a_time;
    int second = take_digits(c, 2);
    if (second < 0) return not_a_time;
    if (hour > 23 || minute > 59 || second > 60) return "names an hour that does not exist";
    *milliseconds += ((hour * INT64_C(60) + minute) * 60 + second) * 1000;
    if (take(c, '.')) {
        const char *wrong = take_fraction(c, milliseconds);
        if (wrong) return wrong;
    }
    return take_zone(c, milliseconds);
}

static const char *parse_number(cursor c, int64_t *milliseconds) {
    int negative = take(&c, '-');
    double whole = 0, unit = 0.1;
    int64_t exact = 0;
    const char *first = c.at;
    for (; c.at < c.end && *c.at >= '0' && *c.at <= '9'; c.at++) {
        whole = whole * 10 + (*c.at - '0');
        if (whole > 9e17) return out_of_range;
        exact = exact * 10 + (*c.at - '0');
    }
    if (c.at == first) return not_a_time;
    if (c.at == c.end) return time_from_integer(negative ? -exact : exact, milliseconds);
    if (!take(&c, '.') || c.at == c.end) return not_a_time;
    for (; c.at < c.end && *c.at >= '0' && *c.at <= '9'; c.at++, unit /= 10) whole += (*c.at - '0') * unit;
    if (c.at < c.end) return not_a_time;
    return time_from_float(negative ? -whole : whole, milliseconds);
}

const char *time_parse(const char *text, size_t length, int64_t *milliseconds) {
    cursor c = {text, text + length};
    int64_t value = 0;
    const char *dash = text + 4;
    if (length < 5 || *dash != '-') return parse_number(c, milliseconds);
    const char *wrong = take_date(&c, &value);
    if (wrong) return wrong;
    if (c.at < c.end) {
        if (!take(&c, 'T') && !take(&c, 't') && !take(&c, ' ')) return not_a_time;
        wrong = take_clock(&c, &value);
        if (wrong) return wrong;
    }
    if (c.at < c.end) return not_a_time;
    *milliseconds = value;
    return NULL;
}

const char *time_from_integer(int64_t number, int64_t *milliseconds) {
    if (number > TIME_MAX || number < TIME_MIN) return out_of_range;
    int seconds = (double)number < MILLISECONDS_FROM && (double)number > -MILLISECONDS_FROM;
    *milliseconds = seconds ? number * 1000 : number;
    return NULL;
}

const char *time_from_float(double number, int64_t *milliseconds) {
    if (!(number <= (double)TIME_MAX && number >= (double)TIME_MIN)) return out_of_range;
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
