#ifndef TOCSIN_BENCH_FAIL_H
#define TOCSIN_BENCH_FAIL_H

/* A benchmark that cannot go on says why and ends: no figure is better than a wrong one. */

#include <tocsin/status.h>

enum {
    BENCH_DONE = 0,
    BENCH_DIFFERENT = 1, /* engines do not count the same */
    BENCH_USAGE = 2,
    BENCH_FAILED = 3
};

__attribute__((format(printf, 2, 3))) _Noreturn void bench_fail(int status, const char *format, ...);

/* Ends the program unless status is TOCSIN_OK. */
void bench_require(tocsin_status status, const char *what);

#endif
