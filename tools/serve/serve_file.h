#ifndef TOCSIN_TOOLS_SERVE_FILE_H
#define TOCSIN_TOOLS_SERVE_FILE_H

#include <stddef.h>

/* A small file whole, as a text of the caller's; NULL when it cannot be read or is larger, and errno says why. */
char *serve_read_file(const char *path, size_t most);

#endif
