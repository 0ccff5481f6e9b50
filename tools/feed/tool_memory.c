/*
 * Memory for the command line. The library reports every allocation that fails; a program can only print a message and
 * end, so it does that here, and no other code needs tests that would never run. The message is written with write(2),
 * which needs no memory.
 */
#include "feed/tool_memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn void tool_out_of_memory(void) {
    static const char message[] = "tocsin: out of memory\n";
    if (write(STDERR_FILENO, message, sizeof message - 1) < 0) _exit(3);
    _exit(3);
}

void *tool_allocate(size_t count, size_t size) {
    void *memory = calloc(count ? count : 1, size ? size : 1);
    if (!memory) tool_out_of_memory();
    return memory;
}

void *tool_reallocate(void *memory, size_t count, size_t size) {
    if (!count || !size) count = size = 1;
    if (count > SIZE_MAX / size) tool_out_of_memory();
    void *grown = realloc(memory, count * size);
    if (!grown) tool_out_of_memory();
    return grown;
}

void tool_free(void *memory) { free(memory); }

char *tool_copy(const char *text) {
    size_t size = strlen(text) + 1;
    return memcpy(tool_allocate(size, 1), text, size);
}
