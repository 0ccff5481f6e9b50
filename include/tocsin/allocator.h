#ifndef TOCSIN_ALLOCATOR_H
#define TOCSIN_ALLOCATOR_H

#include <stddef.h>

#include <tocsin/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The source of an object's memory; copied into the object when it is created. All three functions must be set, must
 * return memory aligned as malloc does, and must be safe to call from every thread that uses the object. allocate and
 * reallocate return NULL if there is no memory. The library returns memory with the size that it asked for.
 *
 * Hyperscan and ICU each have one allocator for the process. The library never sets them, so their memory (compiled
 * databases, scratch, break iterators) does not come from this allocator.
 */
typedef struct tocsin_allocator {
    void *(*allocate)(void *context, size_t size);
    void *(*reallocate)(void *context, void *memory, size_t old_size, size_t new_size);
    void (*deallocate)(void *context, void *memory, size_t size);
    void *context;
} tocsin_allocator;

/** The default allocator: the C library's. Thread-safe always. Static storage. */
TOCSIN_API const tocsin_allocator *tocsin_allocator_default(void);

#ifdef __cplusplus
}
#endif

#endif
