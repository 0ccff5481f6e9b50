/*
 * The one way out of a benchmark that went wrong. Nothing here recovers: the state of the machine is what is measured,
 * and a run that lost an engine half way would be compared with one that did not.
 */
#include "tocsin-bench/bench_fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void bench_fail(int status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("tocsin-bench: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(status);
}

void bench_require(tocsin_status status, const char *what) {
    if (status) bench_fail(BENCH_FAILED, "cannot %s: %s", what, tocsin_status_string(status));
}
