/*
 * The default allocator with a counter in front. Memory that Hyperscan and ICU allocate does not pass through it: the
 * scratch of an engine with Hyperscan inside is larger than counted here.
 */
#include "tocsin-bench/counting_allocator.h"

#include <stddef.h>

static void *allocate(void *context, size_t size) {
    const tocsin_allocator *inner = tocsin_allocator_default();
    allocation_count *count = context;
    void *memory = inner->allocate(inner->context, size);
    if (memory) count->bytes += size;
    return memory;
}

static void *reallocate(void *context, void *memory, size_t old_size, size_t new_size) {
    const tocsin_allocator *inner = tocsin_allocator_default();
    allocation_count *count = context;
    void *moved = inner->reallocate(inner->context, memory, old_size, new_size);
    if (moved) count->bytes += new_size - old_size;
    return moved;
}

static void deallocate(void *context, void *memory, size_t size) {
    const tocsin_allocator *inner = tocsin_allocator_default();
    allocation_count *count = context;
    inner->deallocate(inner->context, memory, size);
    if (memory) count->bytes -= size;
}

tocsin_allocator counting_allocator(allocation_count *count) {
    count->bytes = 0;
    return (tocsin_allocator){allocate, reallocate, deallocate, count};
}
