#ifndef TOCSIN_TOOLS_FORECAST_H
#define TOCSIN_TOOLS_FORECAST_H

/* How many posts the next hours may bring: what the last hours had, by the time of day, fading as interest does. */

#include <stddef.h>
#include <stdint.h>

#define FORECAST_LEAST_POSTS 5 /* with fewer nothing is foretold */

typedef struct forecast {
    double total;     /* posts of the next hours together */
    double low, high; /* about eight times in ten it is between them */
} forecast;

/*
 * From the counts of past hours, the oldest first, the last one ending now and the first one that of the first post,
 * the posts of the `ahead` hours after them. usual: how much is posted in each of these hours and of those after them,
 * count + ahead numbers whose mean is about 1; NULL: always as much. 0 posts for a count of 0.
 */
forecast forecast_posts(const int64_t *counts, size_t count, const double *usual, size_t ahead);

#endif
