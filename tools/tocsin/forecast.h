#ifndef TOCSIN_TOOLS_FORECAST_H
#define TOCSIN_TOOLS_FORECAST_H

/* Forecasts the posts of the next hours from the last hours, by the time of day, with fading interest. */

#include <stddef.h>
#include <stdint.h>

#define FORECAST_LEAST_POSTS 5 /* with fewer posts there is no forecast */

typedef struct forecast {
    double total;     /* posts of the next hours together */
    double low, high; /* the true number lies between them about eight times in ten */
} forecast;

/*
 * From the counts of past hours (the oldest first, the first one that of the first post, the last one ending now),
 * forecasts the posts of the next `ahead` hours. usual: the usual activity in each of these hours and of those after
 * them, count + ahead numbers with mean about 1; NULL: always the same. 0 posts for a count of 0.
 */
forecast forecast_posts(const int64_t *counts, size_t count, const double *usual, size_t ahead);

#endif
