#ifndef TOCSIN_TRACK_FEED_CLOCK_H
#define TOCSIN_TRACK_FEED_CLOCK_H

/* Which times of documents are believed, and what counts instead of the others. */

#include <stdint.h>

#include <tocsin/track.h>

typedef struct tocsin__feed_clock {
    int64_t now;           /* the latest time that was believed; TOCSIN_TIME_UNKNOWN before the first */
    int64_t streak_time;   /* of those ahead the earliest, of those behind the latest */
    uint32_t streak_count; /* documents one after the other that are not believed, all ahead or all behind */
    int32_t streak_ahead;
} tocsin__feed_clock;

void tocsin__feed_clock_init(tocsin__feed_clock *clock);

/*
 * What a document's time counts as. arrived: when it was collected, or 0. *replaced: that is not its own time.
 * TOCSIN_TIME_UNKNOWN when nothing is known at all.
 */
int64_t tocsin__feed_clock_take(tocsin__feed_clock *clock, int64_t time, int64_t arrived,
                                const tocsin_tracker_options *options, int *replaced);

#endif
