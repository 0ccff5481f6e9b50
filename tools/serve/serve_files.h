#ifndef TOCSIN_TOOLS_SERVE_FILES_H
#define TOCSIN_TOOLS_SERVE_FILES_H

/* Files of this folder that are built into the program. */

#include <stddef.h>

typedef struct serve_file {
    const char *path, *type;
    const unsigned char *bytes;
    size_t length;
} serve_file;

extern const serve_file serve_files[];
extern const size_t serve_file_count;

#endif
