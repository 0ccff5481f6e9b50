/*
 * Memory is counted where it is taken. A sum over the parts of an object would have to be extended with every new part.
 */
#include "base/counted_allocator.h"

static void *allocate(void *context, size_t size) {
    tocsin__counted *counted = context;
    void *memory = tocsin__allocate(&counted->under, size);
    if (memory) counted->bytes += size;
    return memory;
}

static void *reallocate(void *context, void *memory, size_t old_size, size_t new_size) {
    tocsin__counted *counted = context;
    void *moved = tocsin__reallocate(&counted->under, memory, old_size, new_size);
    if (!moved) return NULL;
    counted->bytes += new_size - (memory ? old_size : 0);
    return moved;
}

static void deallocate(void *context, void *memory, size_t size) {
    tocsin__counted *counted = context;
    if (memory) counted->bytes -= size;
    tocsin__deallocate(&counted->under, memory, size);
}

tocsin_allocator tocsin__counted_allocator(tocsin__counted *counted) {
    return (tocsin_allocator){allocate, reallocate, deallocate, counted};
}
