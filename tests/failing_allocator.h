#ifndef TOCSIN_TESTS_FAILING_ALLOCATOR_H
#define TOCSIN_TESTS_FAILING_ALLOCATOR_H

/* An allocator that counts, checks the sizes of released blocks, and fails on request. */

#include <tocsin/allocator.h>

typedef struct failing_allocator {
    size_t calls;     /* allocations and reallocations so far */
    size_t fail_at;   /* the call that fails, 1-based; 0: none */
    int fail_onwards; /* and all that follow it */
    size_t failures;  /* calls that failed */
    size_t live;      /* blocks that were not given back */
    size_t bytes;     /* in them */
    size_t most;      /* bytes at any moment */
    size_t wrong;     /* blocks given back with another size than was asked for */
} failing_allocator;

tocsin_allocator failing_allocator_get(failing_allocator *state);

#endif
