#ifndef TOCSIN_BASE_SUGGEST_H
#define TOCSIN_BASE_SUGGEST_H

/* "Did you mean": the nearest of some names. */

#include <stddef.h>

/* The index of the name nearest to `wanted` by edit distance, if it is a likely misspelling; otherwise count. */
size_t tocsin__suggest(const char *wanted, size_t length, const char *const *names, size_t count);

#endif
