#ifndef TOCSIN_BASE_MEMORY_H
#define TOCSIN_BASE_MEMORY_H

/* Calls an allocator; memory.c is the only file that names malloc. */

#include <stddef.h>

#include <tocsin/allocator.h>
#include <tocsin/status.h>

void *tocsin__allocate(const tocsin_allocator *allocator, size_t size);
void *tocsin__allocate_zeroed(const tocsin_allocator *allocator, size_t size);
void *tocsin__reallocate(const tocsin_allocator *allocator, void *memory, size_t old_size, size_t new_size);
void tocsin__deallocate(const tocsin_allocator *allocator, void *memory, size_t size);

/*
 * The given allocator if it is complete, the default if it is NULL or all zero; 0 if only some of its members are set.
 */
int tocsin__allocator_resolve(const tocsin_allocator *given, tocsin_allocator *resolved);

/* Whether memory of one may be given back to the other. */
int tocsin__allocator_equals(const tocsin_allocator *one, const tocsin_allocator *other);

#endif
