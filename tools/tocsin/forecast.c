/*
 * Counts of posts grow and fade by factors, and have many zeros, so what is smoothed is log(1 + count). The trend is
 * damped: a burst does not go on, and after its peak an incident fades by about a tenth an hour. How far off one hour's
 * value was, on the whole, is how wide the interval is; it widens with the root of the hours.
 */
#include "tocsin/forecast.h"

#include <math.h>

#define LEVEL 0.45  /* weight of the latest hour */
#define TREND 0.1   /* weight of the latest change */
#define DAMPING 0.7 /* of the trend, each hour */
#define FADING 0.05 /* what the level loses each hour by itself */
#define WIDTH 0.45  /* deviations to either side: eight times in ten, as measured in tests/test_forecast.c */

static double value_at(double level, double trend, size_t hours) {
    double damped = 0, factor = 1;
    for (size_t h = 0; h < hours; h++) {
        factor *= DAMPING;
        damped += factor;
    }
    const double value = level + damped * trend - FADING * (double)hours;
    return value > 0 ? value : 0;
}

forecast forecast_posts(const int64_t *counts, size_t count, size_t ahead) {
    forecast made = {0, 0, 0};
    double level = count ? log1p((double)counts[0]) : 0, trend = 0, squares = 0;
    for (size_t i = 1; i < count; i++) {
        const double seen = log1p((double)counts[i]), expected = value_at(level, trend, 1);
        const double before = level;
        squares += (seen - expected) * (seen - expected);
        level = LEVEL * seen + (1 - LEVEL) * expected;
        trend = TREND * (level - before) + (1 - TREND) * DAMPING * trend;
    }
    const double deviation = count > 1 ? sqrt(squares / (double)(count - 1)) : 1;
    for (size_t h = 1; count && h <= ahead; h++) {
        const double value = value_at(level, trend, h), width = WIDTH * deviation * sqrt((double)h < 6 ? (double)h : 6);
        made.total += expm1(value);
        made.low += value > width ? expm1(value - width) : 0;
        made.high += expm1(value + width);
    }
    return made;
}
