/*
 * Every allocation of the library goes through an allocator that belongs to an object, so that a test can fail the i-th
 * one and an embedder can account for all of them. Size 0 is rounded up to 1, so that NULL always means "no memory".
 */
#define _DEFAULT_SOURCE /* madvise */
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t)2 << 20)

/*
 * Without huge pages, tables of megabytes are faulted in 4 KiB at a time, which takes longer than filling them. At most
 * a quarter is added, so that the last part has a huge page too.
 */
static void *allocate_huge(size_t size) {
    const size_t whole = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    const size_t taken = whole - size <= size / 4 ? whole : size;
    void *memory = NULL;
    if (posix_memalign(&memory, HUGE_PAGE, taken)) return NULL;
#ifdef MADV_HUGEPAGE
    (void)madvise(memory, taken / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
#endif
    return memory;
}

static void *default_allocate(void *context, size_t size) {
    (void)context;
    return size < HUGE_PAGE * 3 / 4 ? malloc(size) : allocate_huge(size);
}

static void *default_reallocate(void *context, void *memory, size_t old_size, size_t new_size) {
    (void)context;
    (void)old_size;
    return realloc(memory, new_size);
}

static void default_deallocate(void *context, void *memory, size_t size) {
    (void)context;
    (void)size;
    free(memory);
}

static const tocsin_allocator default_allocator = {default_allocate, default_reallocate, default_deallocate, NULL};

const tocsin_allocator *tocsin_allocator_default(void) { return &default_allocator; }

void *tocsin__allocate(const tocsin_allocator *allocator, size_t size) {
    return allocator->allocate(allocator->context, size ? size : 1);
}

void *tocsin__allocate_zeroed(const tocsin_allocator *allocator, size_t size) {
    void *memory = tocsin__allocate(allocator, size);
    if (memory) memset(memory, 0, size);
    return memory;
}

void *tocsin__reallocate(const tocsin_allocator *allocator, void *memory, size_t old_size, size_t new_size) {
    if (!memory) return tocsin__allocate(allocator, new_size);
    return allocator->reallocate(allocator->context, memory, old_size ? old_size : 1, new_size ? new_size : 1);
}

void tocsin__deallocate(const tocsin_allocator *allocator, void *memory, size_t size) {
    if (memory) allocator->deallocate(allocator->context, memory, size ? size : 1);
}

int tocsin__allocator_resolve(const tocsin_allocator *given, tocsin_allocator *resolved) {
    if (!given || (!given->allocate && !given->reallocate && !given->deallocate)) {
        *resolved = default_allocator;
        return 1;
    }
    if (!given->allocate || !given->reallocate || !given->deallocate) return 0;
    *resolved = *given;
    return 1;
}

int tocsin__allocator_equals(const tocsin_allocator *one, const tocsin_allocator *other) {
    return one->allocate == other->allocate && one->reallocate == other->reallocate &&
           one->deallocate == other->deallocate && one->context == other->context;
}
