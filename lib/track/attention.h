#ifndef TOCSIN_TRACK_ATTENTION_H
#define TOCSIN_TRACK_ATTENTION_H

/* How fast an incident goes: posts by ten minutes over the last day, and the last hour against what was before. */

#include <stdint.h>

#define TOCSIN__RATE_STEP ((int64_t)600000) /* milliseconds */
#define TOCSIN__RATE_STEPS 144u

typedef struct tocsin__rate {
    int64_t latest; /* number of the step that ends the day; 0 when nothing was counted */
    uint32_t steps[TOCSIN__RATE_STEPS];
} tocsin__rate;

/* Counts a post; one from before the day is not of it. */
void tocsin__rate_add(tocsin__rate *rate, int64_t time);

/* Adds the posts of another one. */
void tocsin__rate_merge(tocsin__rate *rate, const tocsin__rate *other);

/* Posts of the hour that ends with the latest step. */
uint64_t tocsin__rate_last_hour(const tocsin__rate *rate);

/* The most posts that an hour before had, of those of the day since `first`; 0 when there was none. */
uint64_t tocsin__rate_past(const tocsin__rate *rate, int64_t first);

#endif
