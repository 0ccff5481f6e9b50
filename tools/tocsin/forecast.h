#ifndef TOCSIN_TOOLS_FORECAST_H
#define TOCSIN_TOOLS_FORECAST_H

/* How many posts the next hours may bring: exponential smoothing with a damped trend (Gardner & McKenzie 1985). */

#include <stddef.h>
#include <stdint.h>

typedef struct forecast {
    double total;     /* posts of the next hours together */
    double low, high; /* about eight times in ten it is between them */
} forecast;

/* From the counts of past hours, the oldest first, the posts of the `ahead` hours after them. count 0: 0 posts. */
forecast forecast_posts(const int64_t *counts, size_t count, size_t ahead);

#endif
