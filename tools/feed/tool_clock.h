#ifndef TOCSIN_TOOLS_TOOL_CLOCK_H
#define TOCSIN_TOOLS_TOOL_CLOCK_H

/* The clocks of the machine, and local times. Any thread may call these functions. */

#include <stdint.h>
#include <time.h>

/* Seconds of a monotonic clock; its zero is arbitrary. */
double tool_seconds(void);

/* Milliseconds since 1970. */
int64_t tool_now(void);

/* What a local calendar shows at a time, in milliseconds since 1970. 0: the time is unknown, or no calendar has it. */
int tool_local_time(int64_t milliseconds, struct tm *parts);

#endif
