/*
 * Memory of the program's own: every object takes it from the allocator that it is given, which here counts, and can
 * run out. Lack of memory is an ordinary failure: the call reports it, and existing objects can still be used.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tocsin/tocsin.h>

typedef struct budget {
    size_t used, most, limit; /* bytes */
} budget;

static void *allocate(void *context, size_t size) {
    budget *b = context;
    if (size > b->limit - b->used) return NULL;
    b->used += size;
    if (b->used > b->most) b->most = b->used;
    return malloc(size);
}

static void release(void *context, void *memory, size_t size) {
    budget *b = context;
    if (memory) b->used -= size;
    free(memory);
}

static void *reallocate(void *context, void *memory, size_t old_size, size_t new_size) {
    void *larger = allocate(context, new_size);
    if (!larger) return NULL;
    if (memory) memcpy(larger, memory, old_size < new_size ? old_size : new_size);
    release(context, memory, old_size);
    return larger;
}

/* Compiles the plan within a limit of bytes, and prints how many it took. */
static tocsin_status compile_within(const char *path, size_t limit) {
    budget memory = {0, 0, limit};
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    options.allocator = (tocsin_allocator){allocate, reallocate, release, &memory};
    const tocsin_status status = tocsin_plan_compile_file(path, &options, NULL, &plan, &error);
    if (status == TOCSIN_OK) {
        printf("compiled in at most %zu KiB, kept in %zu KiB\n", memory.most / 1024, memory.used / 1024);
    } else {
        printf("not in %zu KiB: %s\n", limit / 1024, tocsin_status_string(status));
    }
    tocsin_plan_release(plan);
    return memory.used == 0 ? status : TOCSIN_ERROR_MEMORY; /* everything was given back */
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: own_allocator PLAN\n");
        return 2;
    }
    const tocsin_status little = compile_within(argv[1], (size_t)64 * 1024);
    const tocsin_status enough = compile_within(argv[1], (size_t)1 << 30);
    return little == TOCSIN_ERROR_MEMORY && enough == TOCSIN_OK ? 0 : 1;
}
