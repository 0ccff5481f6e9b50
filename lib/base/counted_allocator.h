#ifndef TOCSIN_BASE_COUNTED_ALLOCATOR_H
#define TOCSIN_BASE_COUNTED_ALLOCATOR_H

/* An allocator that passes every call on to another one and counts the bytes in use; for one thread at a time. */

#include "base/memory.h"

typedef struct tocsin__counted {
    tocsin_allocator under; /* complete */
    size_t bytes;
} tocsin__counted;

/* The allocator; counted must stay where it is as long as it is used. */
tocsin_allocator tocsin__counted_allocator(tocsin__counted *counted);

#endif
