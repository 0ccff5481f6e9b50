#ifndef TOCSIN_BASE_VEC_H
#define TOCSIN_BASE_VEC_H

/*
 * A growing array of one type: TOCSIN_VEC(int) v = {0}; tocsin__vec_push reserves and then the caller stores.
 * The allocator is passed to each call that may use it, so a vec is three words.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"

#define TOCSIN_VEC(type)                                                                                               \
    struct {                                                                                                           \
        type *data;                                                                                                    \
        size_t length;                                                                                                 \
        size_t capacity;                                                                                               \
    }

/* Makes room for `need` elements in all; 0 on success, TOCSIN_ERROR_MEMORY otherwise. Growth is by half. */
tocsin_status tocsin__vec_reserve_(void **data, size_t *capacity, size_t need, size_t element,
                                   const tocsin_allocator *allocator);

#define tocsin__vec_reserve(v, need, allocator)                                                                        \
    ((need) <= (v)->capacity                                                                                           \
         ? TOCSIN_OK                                                                                                   \
         : tocsin__vec_reserve_((void **)(void *)&(v)->data, &(v)->capacity, (need), sizeof *(v)->data, (allocator)))

/* Appends one value; TOCSIN_OK or TOCSIN_ERROR_MEMORY, the vec then unchanged. */
#define tocsin__vec_push(v, allocator, ...)                                                                            \
    (tocsin__vec_reserve((v), (v)->length + 1, (allocator)) == TOCSIN_OK                                               \
         ? ((v)->data[(v)->length++] = (__VA_ARGS__), TOCSIN_OK)                                                       \
         : TOCSIN_ERROR_MEMORY)

#define tocsin__vec_release(v, allocator)                                                                              \
    do {                                                                                                               \
        tocsin__deallocate((allocator), (v)->data, (v)->capacity * sizeof *(v)->data);                                 \
        (v)->data = NULL;                                                                                              \
        (v)->length = (v)->capacity = 0;                                                                               \
    } while (0)

#endif
