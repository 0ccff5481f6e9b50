/*
 * Linux keeps a high-water mark of resident memory that a process can set back, so each engine can have a peak of its
 * own in one process. Elsewhere, or where /proc may not be written, the peak is that of the whole run so far.
 */
#include "tocsin-bench/process_memory.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static uint64_t status_line(const char *key) {
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    unsigned long long kilobytes = 0;
    size_t length = strlen(key);
    while (file && fgets(line, sizeof line, file)) {
        if (!strncmp(line, key, length)) sscanf(line + length, ": %llu", &kilobytes);
    }
    if (file) fclose(file);
    return kilobytes * 1024;
}

uint64_t process_memory_now(void) { return status_line("VmRSS"); }

uint64_t process_memory_peak(void) {
    uint64_t peak = status_line("VmHWM");
    struct rusage usage;
    if (!peak && !getrusage(RUSAGE_SELF, &usage)) peak = (uint64_t)usage.ru_maxrss * 1024;
    return peak;
}

void process_memory_restart(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (file) {
        fputs("5", file);
        fclose(file);
    }
}
