/* The forecast compared with "each hour is like the last one", on bursts that resemble incidents. */
#include <math.h>
#include <stdio.h>

#include "suite.h"
#include "tocsin/forecast.h"

#define BURSTS 400
#define HOURS 72

static uint64_t state;

static double draw(void) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(state >> 11) / 9007199254740992.0;
}

/* Knuth's method for small means, the normal approximation for large ones. */
static int64_t poisson(double mean) {
    if (mean > 40) {
        const double value = mean + sqrt(mean) * (draw() + draw() + draw() + draw() - 2) * 1.732;
        return value > 0 ? (int64_t)value : 0;
    }
    const double limit = exp(-mean);
    double product = draw();
    int64_t count = 0;
    for (; product > limit; count++) product *= draw();
    return count;
}

/* An hour or several of rise, a peak of 5 to 1000 posts an hour, fading with a half-life of 3 to 14 hours, and often a
 * second burst when there is news. */
static void make_burst(int64_t *counts) {
    const double peak = 5 * exp(draw() * 5.3), rise = 1 + draw() * 6, half = 3 + draw() * 11;
    const double again = draw() < 0.3 ? 12 + draw() * 40 : 1e9, share = 0.2 + draw() * 0.6;
    for (int h = 0; h < HOURS; h++) {
        double mean = h < rise ? peak * (h + 1) / (rise + 1) : peak * exp2((rise - h) / half);
        if (h >= again) mean += share * peak * exp2((again - h) / half);
        counts[h] = poisson(mean * (0.7 + 0.6 * draw()));
    }
}

static int64_t sum(const int64_t *counts, size_t count) {
    int64_t total = 0;
    for (size_t i = 0; i < count; i++) total += counts[i];
    return total;
}

static const size_t horizons[] = {6, 24};

START_TEST(forecasts_beat_repeating_the_last_hour) {
    const size_t ahead = horizons[_i];
    double ours = 0, naive = 0;
    int inside = 0, asked = 0;
    state = 7;
    for (int b = 0; b < BURSTS; b++) {
        int64_t counts[HOURS];
        make_burst(counts);
        for (size_t now = 4; now + ahead <= HOURS; now += 5) {
            const forecast f = forecast_posts(counts, now, NULL, ahead);
            const double real = (double)sum(counts + now, ahead), last = (double)counts[now - 1] * (double)ahead;
            ours += fabs(log1p(f.total) - log1p(real));
            naive += fabs(log1p(last) - log1p(real));
            inside += real >= floor(f.low) && real <= ceil(f.high);
            asked++;
        }
    }
    printf("forecast of %zu hours: error %.3f, of the last hour %.3f, ratio %.2f; %.1f %% in the interval\n", ahead,
           ours / asked, naive / asked, ours / naive, 100.0 * inside / asked);
    ck_assert_double_lt(ours, 0.8 * naive);
    ck_assert_double_gt((double)inside / asked, 0.7);
    ck_assert_double_lt((double)inside / asked, 0.97);
}
END_TEST

START_TEST(short_and_empty_histories_have_a_forecast) {
    const int64_t none[] = {0, 0, 0, 0, 0, 0}, flat[] = {50, 50, 50, 50, 50, 50, 50, 50}, one[] = {9};
    ck_assert_double_le(forecast_posts(NULL, 0, NULL, 6).total, 0);
    ck_assert_double_le(forecast_posts(none, 6, NULL, 24).high, 0);
    const forecast f = forecast_posts(flat, 8, NULL, 6);
    ck_assert(f.total > 200 && f.total < 310 && f.low <= f.total && f.total <= f.high);
    ck_assert_double_gt(forecast_posts(one, 1, NULL, 6).high, forecast_posts(one, 1, NULL, 6).total);
    ck_assert_double_le(forecast_posts(one, 1, NULL, 0).total, 0);
}
END_TEST

TOCSIN_SUITE("forecast", TOCSIN_LOOP(forecasts_beat_repeating_the_last_hour, horizons)
                             TOCSIN_CASE(short_and_empty_histories_have_a_forecast))
