/* Files that may change while the server runs are read each time. */
#include "serve/serve_file.h"

#include <errno.h>
#include <stdio.h>

#include "feed/tool_memory.h"

char *serve_read_file(const char *path, size_t most) {
    FILE *file = fopen(path, "re");
    if (!file) return NULL;
    char *text = tool_allocate(most + 2, 1);
    const size_t length = fread(text, 1, most + 1, file);
    const int failed = ferror(file) || length > most;
    fclose(file);
    if (length > most) errno = EFBIG;
    if (!failed) return text;
    tool_free(text);
    return NULL;
}
