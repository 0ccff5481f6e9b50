/*
 * The machine by its own account. A figure without it means nothing: the same code differs threefold between the
 * machines that this library is for.
 */
#include "tocsin-bench/machine.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <tocsin/tocsin.h>

static const char *const simd_names[] = {"sse4_2",      "avx2",       "avx512f", "avx512bw", "avx512vl",
                                         "avx512_vbmi", "avx512vbmi", "asimd",   "sve"};

static void append(char *out, size_t size, const char *word) {
    size_t length = strlen(out);
    snprintf(out + length, size - length, "%s%s", length ? " " : "", word);
}

/* The value of a line "key : value", or NULL. */
static const char *value_of(char *line, const char *key) {
    size_t length = strlen(key);
    char *colon = strchr(line, ':');
    if (!colon || strncmp(line, key, length) != 0) return NULL;
    colon[strcspn(colon, "\n")] = '\0';
    return colon[1] == ' ' ? colon + 2 : colon + 1;
}

static void list_simd(const char *flags, machine_facts *facts) {
    for (size_t i = 0; i < sizeof simd_names / sizeof *simd_names; i++) {
        char wanted[32];
        snprintf(wanted, sizeof wanted, " %s ", simd_names[i]);
        if (strstr(flags, wanted)) append(facts->simd, sizeof facts->simd, simd_names[i]);
    }
}

static void read_cpu(machine_facts *facts) {
    static char line[16384], flags[16384];
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file && fgets(line, sizeof line - 1, file)) {
        const char *model = value_of(line, "model name");
        if (model && !facts->cpu[0]) snprintf(facts->cpu, sizeof facts->cpu, "%s", model);
        const char *found = model ? NULL : value_of(line, "flags");
        if (!model && !found) found = value_of(line, "Features");
        if (found && !flags[0]) snprintf(flags, sizeof flags, " %.16000s ", found);
    }
    if (file) fclose(file);
    list_simd(flags, facts);
    if (!facts->cpu[0]) snprintf(facts->cpu, sizeof facts->cpu, "unknown");
}

static int read_word(const char *folder, const char *name, char *out, size_t size) {
    char path[160];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    int ok = file && fgets(out, (int)size, file);
    if (file) fclose(file);
    if (ok) out[strcspn(out, "\n")] = '\0';
    return ok;
}

static void read_caches(machine_facts *facts) {
    for (int i = 0; i < 8; i++) {
        char folder[96], level[8], type[32], size[32], words[96];
        snprintf(folder, sizeof folder, "/sys/devices/system/cpu/cpu0/cache/index%d", i);
        if (!read_word(folder, "level", level, sizeof level) || !read_word(folder, "type", type, sizeof type) ||
            !read_word(folder, "size", size, sizeof size) || !strcmp(type, "Instruction")) {
            continue;
        }
        snprintf(words, sizeof words, "L%s %s", level, size);
        append(facts->caches, sizeof facts->caches, words);
    }
}

void machine_describe(machine_facts *facts) {
    struct utsname names;
    *facts = (machine_facts){0};
    read_cpu(facts);
    read_caches(facts);
    if (!uname(&names)) snprintf(facts->system, sizeof facts->system, "%.60s %.60s", names.sysname, names.machine);
#ifdef __clang__
    snprintf(facts->compiler, sizeof facts->compiler, "clang %s", __clang_version__);
#else
    snprintf(facts->compiler, sizeof facts->compiler, "gcc %s", __VERSION__);
#endif
    facts->cores = sysconf(_SC_NPROCESSORS_ONLN);
    facts->memory_gb = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE) * 1e-9;
    facts->tocsin = tocsin_version();
    facts->hyperscan = tocsin_version_engine();
    facts->tables = tocsin_version_tables();
}
