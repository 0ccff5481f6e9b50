#ifndef TOCSIN_BENCH_COUNTING_ALLOCATOR_H
#define TOCSIN_BENCH_COUNTING_ALLOCATOR_H

/* How much memory a scanner holds. One thread. */

#include <stdint.h>

#include <tocsin/allocator.h>

typedef struct allocation_count {
    uint64_t bytes;
} allocation_count;

tocsin_allocator counting_allocator(allocation_count *count);

#endif
