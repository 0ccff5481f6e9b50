/* Reads the clocks and the zone for all tools, so that they treat times before 1970 and unknown times alike. */
#define _XOPEN_SOURCE 700 /* localtime_r */

#include "tool_clock.h"

#include <tocsin/document.h>

double tool_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int64_t tool_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int tool_local_time(int64_t milliseconds, struct tm *parts) {
    const time_t seconds = (time_t)(milliseconds / 1000 - (milliseconds % 1000 < 0));
    return milliseconds != TOCSIN_TIME_UNKNOWN && localtime_r(&seconds, parts) != NULL;
}
