/* Runs a target over files, without a fuzzer: what was found once, and seeds, are tests for ever. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz_target.h"

#define MOST ((size_t)1 << 24)

static int replay(const char *path, uint8_t *bytes) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "%s: cannot be opened\n", path);
        return 0;
    }
    const size_t size = fread(bytes, 1, MOST, file);
    const int whole = feof(file) || size == MOST;
    (void)fclose(file);
    if (!whole) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return 0;
    }
    uint8_t *exact = malloc(size + !size); /* so that a sanitizer sees what is read behind it */
    if (!exact) return 0;
    for (size_t i = 0; i < size; i++) exact[i] = bytes[i];
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 1;
}

int main(int argc, char **argv) {
    uint8_t *bytes = malloc(MOST);
    int done = 0;
    for (int i = 1; bytes && i < argc; i++) done += replay(argv[i], bytes);
    free(bytes);
    printf("%d files\n", done);
    return argc > 1 && done == argc - 1 ? 0 : 1;
}
