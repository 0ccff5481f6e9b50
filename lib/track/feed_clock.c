/*
 * A post is older than its arrival. So if the arrival is known, every time up to it is believed, however late the post
 * is. If it is not known, a time must be near the latest one. Many documents in a row that are all ahead, or all
 * behind, are still believed: the feed has jumped, or the first time was wrong.
 */
#include "track/feed_clock.h"

#define EARLIEST INT64_C(788918400000) /* 1995: there were no posts before */
#define STREAK 20u                     /* documents in a row, ahead or behind, after which they are believed */

void tocsin__feed_clock_init(tocsin__feed_clock *c) { *c = (tocsin__feed_clock){.now = TOCSIN_TIME_UNKNOWN}; }

static int is_near(const tocsin__feed_clock *c, int64_t time, const tocsin_tracker_options *o) {
    const int64_t gap = c->now == TOCSIN_TIME_UNKNOWN ? 0 : tocsin__time_gap(c->now, time);
    return gap <= o->ahead_ms && gap >= -o->remember_ms;
}

static int is_believed(const tocsin__feed_clock *c, int64_t time, int64_t arrived, const tocsin_tracker_options *o) {
    if (time < EARLIEST) return 0;
    if (!arrived) return is_near(c, time, o);
    if (tocsin__time_gap(arrived, time) <= o->ahead_ms) return 1;
    /* The feed shows that the collector's clock is late. */
    return c->now != TOCSIN_TIME_UNKNOWN && c->now > arrived && is_near(c, time, o);
}

/* Whether enough documents in a row agree that the feed has moved there. */
static int ends_streak(tocsin__feed_clock *c, int64_t time, const tocsin_tracker_options *o) {
    const int ahead = c->now == TOCSIN_TIME_UNKNOWN || time > c->now;
    if (time < EARLIEST) return 0;
    if (!c->streak_count || c->streak_ahead != ahead) {
        c->streak_count = 0;
        c->streak_ahead = ahead;
        c->streak_time = time;
    }
    if (ahead ? time < c->streak_time : time > c->streak_time) c->streak_time = time;
    if (++c->streak_count < STREAK) return 0;
    c->now = c->streak_time;
    c->streak_count = 0;
    return is_near(c, time, o);
}

/* A feed is live if its latest time is not long before the arrivals, nor after them. */
static int is_live(const tocsin__feed_clock *c, int64_t arrived, const tocsin_tracker_options *o) {
    if (c->now == TOCSIN_TIME_UNKNOWN) return 1;
    const int64_t gap = tocsin__time_gap(c->now, arrived);
    return gap >= 0 && gap <= o->ahead_ms;
}

int64_t tocsin__feed_clock_take(tocsin__feed_clock *c, int64_t time, int64_t arrived, const tocsin_tracker_options *o,
                                int *replaced) {
    *replaced = 0;
    const int known = time != TOCSIN_TIME_UNKNOWN, believed = known && is_believed(c, time, arrived, o);
    if (believed) c->streak_count = 0;
    if (believed || (known && ends_streak(c, time, o))) {
        if (time > c->now) c->now = time;
        return time;
    }
    *replaced = 1;
    if (!arrived || (known && !is_live(c, arrived, o))) return c->now;
    if (is_live(c, arrived, o) && arrived > c->now) c->now = arrived;
    return arrived;
}
