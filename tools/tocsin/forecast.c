/*
 * Interest in a matter fades with its age: after an hour it halves within hours, after a week within days. So the rate
 * falls as a power of the age, and past counts determine its level: each hour compared with the usual activity at its
 * time of day, the latest with most weight. The errors of the rate in earlier hours determine the width of the
 * interval.
 */
#include "tocsin/forecast.h"

#include <math.h>

#define POWER 1.2        /* of the age, with which the rate falls */
#define HALF 8u          /* hours that are compared with as many before them */
#define SURE 50          /* posts in each */
#define YOUNG 15.0       /* hours added to the age */
#define MEMORY 0.65      /* weight of an hour relative to the one after it */
#define UNSEEN_HOURS 0.3 /* imagined hours before the first, with a fifth of a post an hour */
#define UNSEEN_POSTS 0.06
#define WIDTH 0.55    /* deviations of an hour to either side, for six hours */
#define WIDENING 0.75 /* power of the time with which the interval widens */

static double usual_of(const double *usual, size_t hour) { return usual ? usual[hour] : 1; }

/* The rate after some more hours, as a share of the rate at `age`. */
static double left(double age, double hours, double power) { return pow((age + YOUNG) / (age + hours + YOUNG), power); }

/*
 * The power of the age: smaller if the latest hours had as many posts as those before them, and both had enough posts
 * to judge.
 */
static double find_power(const int64_t *counts, const double *usual, size_t count) {
    double posts[2] = {0, 0}, hours[2] = {0, 0};
    if (count < 2 * HALF) return POWER;
    for (size_t back = 0; back < 2 * HALF; back++) {
        posts[back / HALF] += (double)counts[count - 1 - back];
        hours[back / HALF] += usual_of(usual, count - 1 - back);
    }
    if (posts[0] < SURE || posts[1] < SURE) return POWER;
    const double fell = posts[1] / hours[1] / (posts[0] / hours[0]) - 1;
    return POWER * (fell < 0 ? 0 : fell > 1 ? 1 : fell);
}

/* Posts an hour after hour number `end`, with the time of day removed, estimated from the hours before. */
static double rate_at(const int64_t *counts, const double *usual, size_t end, double power) {
    double posts = UNSEEN_POSTS, hours = UNSEEN_HOURS, weight = 1;
    for (size_t i = end; i-- > 0 && weight > 0.01; weight *= MEMORY) {
        posts += weight * (double)counts[i];
        hours += weight * usual_of(usual, i) / left((double)i, (double)(end - i), power);
    }
    return posts / hours;
}

forecast forecast_posts(const int64_t *counts, size_t count, const double *usual, size_t ahead) {
    forecast made = {0, 0, 0};
    double squares = 0.25, weights = 1, weight = 1;
    int64_t posts = 0;
    for (size_t i = 0; i < count; i++) posts += counts[i];
    if (!posts || !ahead) return made;
    const double power = find_power(counts, usual, count);
    const double rate = rate_at(counts, usual, count, power);
    for (size_t i = count; i-- > 1 && weight > 0.05; weight *= 0.9) {
        const double expected = rate_at(counts, usual, i, power) * usual_of(usual, i);
        const double off = log1p((double)counts[i]) - log1p(expected);
        squares += weight * off * off;
        weights += weight;
    }
    for (size_t h = 0; h < ahead; h++) {
        made.total += rate * usual_of(usual, count + h) * left((double)count, (double)h + 0.5, power);
    }
    const double hour = WIDTH * sqrt(squares / weights) + 1 / sqrt(1 + made.total);
    const double width = hour * pow((double)ahead / 6, WIDENING);
    made.low = expm1(log1p(made.total) - width);
    made.high = expm1(log1p(made.total) + width);
    if (made.low < 0) made.low = 0;
    return made;
}
