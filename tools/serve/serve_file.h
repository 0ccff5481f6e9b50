#ifndef TOCSIN_TOOLS_SERVE_FILE_H
#define TOCSIN_TOOLS_SERVE_FILE_H

#include <stddef.h>

/*
 * Reads a small file as text, which the caller frees; NULL if it is not readable or too large, with the reason in
 * errno.
 */
char *serve_read_file(const char *path, size_t most);

#endif
