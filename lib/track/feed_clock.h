#ifndef TOCSIN_TRACK_FEED_CLOCK_H
#define TOCSIN_TRACK_FEED_CLOCK_H

/* Decides which times of documents are believed, and what replaces the others. */

#include <stdint.h>

#include <tocsin/track.h>

typedef struct tocsin__feed_clock {
    int64_t now;           /* the latest believed time; TOCSIN_TIME_UNKNOWN at first */
    int64_t streak_time;   /* if they are ahead, the earliest of them; if behind, the latest */
    uint32_t streak_count; /* documents in a row that are not believed, all ahead or all behind */
    int32_t streak_ahead;
} tocsin__feed_clock;

/* Milliseconds from a to b, capped at the largest number. */
static inline int64_t tocsin__time_gap(int64_t a, int64_t b) {
    int64_t between;
    return __builtin_sub_overflow(b, a, &between) ? (b < a ? INT64_MIN : INT64_MAX) : between;
}

void tocsin__feed_clock_init(tocsin__feed_clock *clock);

/*
 * The time that counts for a document. arrived: when it was collected, or 0. *replaced: the result is not the
 * document's own time. TOCSIN_TIME_UNKNOWN if no time is known at all.
 */
int64_t tocsin__feed_clock_take(tocsin__feed_clock *clock, int64_t time, int64_t arrived,
                                const tocsin_tracker_options *options, int *replaced);

#endif
