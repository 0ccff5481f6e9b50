#ifndef TOCSIN_TOOLS_NEAREST_NAME_H
#define TOCSIN_TOOLS_NEAREST_NAME_H

/* "Did you mean": the nearest of some names. */

#include <stddef.h>

/* The name nearest to the written one, if that is a likely misspelling; otherwise NULL. */
const char *nearest_name(const char *written, size_t length, const char *const *names, size_t count);

#endif
