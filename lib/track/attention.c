/*
 * A ring of steps, with the latest one at its number modulo the size. The past is represented by its busiest hour,
 * because activity changes over the day.
 */
#include "track/attention.h"

#include <string.h>

#define HOUR 6u /* steps */

/* Rounds down, also before 1970. */
static int64_t step_of(int64_t time) { return time / TOCSIN__RATE_STEP - (time % TOCSIN__RATE_STEP < 0); }

static uint32_t *place_of(tocsin__rate *rate, int64_t step) {
    const int64_t rest = step % (int64_t)TOCSIN__RATE_STEPS;
    return &rate->steps[rest < 0 ? rest + (int64_t)TOCSIN__RATE_STEPS : rest];
}

void tocsin__rate_add(tocsin__rate *rate, int64_t time) {
    const int64_t step = step_of(time);
    if (!rate->latest || step - rate->latest >= (int64_t)TOCSIN__RATE_STEPS) {
        memset(rate->steps, 0, sizeof rate->steps);
        rate->latest = step;
    }
    for (; rate->latest < step; rate->latest++) *place_of(rate, rate->latest + 1) = 0;
    if (rate->latest - step >= (int64_t)TOCSIN__RATE_STEPS) return;
    uint32_t *place = place_of(rate, step);
    if (*place < UINT32_MAX) ++*place;
}

void tocsin__rate_merge(tocsin__rate *rate, const tocsin__rate *other) {
    for (uint32_t back = TOCSIN__RATE_STEPS; other->latest && back-- > 0;) {
        const int64_t step = other->latest - back;
        const uint32_t posts = *place_of((tocsin__rate *)(uintptr_t)other, step);
        if (!posts) continue;
        tocsin__rate_add(rate, step * TOCSIN__RATE_STEP);
        if (rate->latest - step >= (int64_t)TOCSIN__RATE_STEPS) continue;
        uint32_t *place = place_of(rate, step);
        *place = *place > UINT32_MAX - posts ? UINT32_MAX : *place + posts - 1;
    }
}

/* Posts in the hour that ends `back` steps before the latest step. */
static uint64_t hour_before(const tocsin__rate *rate, uint32_t back) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < HOUR && back + i < TOCSIN__RATE_STEPS; i++) {
        sum += *place_of((tocsin__rate *)(uintptr_t)rate, rate->latest - back - i);
    }
    return sum;
}

uint64_t tocsin__rate_last_hour(const tocsin__rate *rate) { return hour_before(rate, 0); }

uint64_t tocsin__rate_past(const tocsin__rate *rate, int64_t first) {
    uint64_t most = 0;
    for (uint32_t back = HOUR; back < TOCSIN__RATE_STEPS; back++) {
        if (rate->latest - back < step_of(first)) break;
        const uint64_t posts = hour_before(rate, back);
        if (posts > most) most = posts;
    }
    return most;
}
