/* Runs a target over the files of a folder, without a fuzzer: seeds and earlier findings stay tests for ever. */
#include <dirent.h>
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
    uint8_t *exact = malloc(size + !size); /* so that a sanitizer detects a read past its end */
    if (!exact) return 0;
    for (size_t i = 0; i < size; i++) exact[i] = bytes[i];
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 1;
}

int main(int argc, char **argv) {
    uint8_t *bytes = malloc(MOST);
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    int files = 0, done = 0;
    for (struct dirent *entry; bytes && folder && (entry = readdir(folder));) {
        char path[4096];
        if (entry->d_name[0] == '.') continue;
        (void)snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        files++;
        done += replay(path, bytes);
    }
    if (folder) (void)closedir(folder);
    free(bytes);
    printf("%d files\n", done);
    return files && done == files ? 0 : 1;
}
