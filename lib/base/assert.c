/* The only file of the library that prints and aborts. Only test builds call it; a release never does. */
#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

void tocsin__assert_failed(const char *file, int line, const char *condition) {
    (void)fprintf(stderr, "tocsin: %s:%d: not so: %s\n", file, line, condition);
    abort();
}
