/* The one place of the library that prints and aborts, in builds for tests alone: a release never calls it. */
#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

void tocsin__assert_failed(const char *file, int line, const char *condition) {
    (void)fprintf(stderr, "tocsin: %s:%d: not so: %s\n", file, line, condition);
    abort();
}
