#ifndef TOCSIN_TRACK_ATTENTION_H
#define TOCSIN_TRACK_ATTENTION_H

/*
 * The speed of an incident: posts per ten minutes over the last day, and the last hour compared with the time before.
 */

#include <stdint.h>

#define TOCSIN__RATE_STEP ((int64_t)600000) /* milliseconds */
#define TOCSIN__RATE_STEPS 144u

typedef struct tocsin__rate {
    int64_t latest; /* number of the last step of the day; 0 if nothing was counted */
    uint32_t steps[TOCSIN__RATE_STEPS];
} tocsin__rate;

/* Counts a post; a post from before the day is ignored. */
void tocsin__rate_add(tocsin__rate *rate, int64_t time);

/* Adds the posts of another rate. */
void tocsin__rate_merge(tocsin__rate *rate, const tocsin__rate *other);

/* Posts in the hour that ends with the latest step. */
uint64_t tocsin__rate_last_hour(const tocsin__rate *rate);

/* The posts of the busiest earlier hour of the day, from `first` on; 0 if there was none. */
uint64_t tocsin__rate_past(const tocsin__rate *rate, int64_t first);

#endif
