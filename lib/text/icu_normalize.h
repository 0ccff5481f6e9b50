#ifndef TOCSIN_TEXT_ICU_NORMALIZE_H
#define TOCSIN_TEXT_ICU_NORMALIZE_H

/* NFKC_Casefold of what tables cannot do: a character with the marks that combine with it. */

#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"
#include "base/vec.h"

typedef struct tocsin__normalizer {
    const void *nfkc_cf; /* ICU's, shared and immutable */
    const void *nfc;
    TOCSIN_VEC(uint16_t) source; /* UTF-16 */
    TOCSIN_VEC(uint16_t) result;
    TOCSIN_VEC(uint32_t) sorted;
    TOCSIN_VEC(uint32_t) ordered;
} tocsin__normalizer;

/* TOCSIN_ERROR_FOLD when ICU's data do not load. */
tocsin_status tocsin__normalizer_open(tocsin__normalizer *normalizer);
void tocsin__normalizer_close(tocsin__normalizer *normalizer, const tocsin_allocator *allocator);

/*
 * NFKC_Casefold of `count` code points, as code points; *result is borrowed until the next call. Linear in count even
 * for runs of marks in the worst order, where ICU's own reordering is quadratic.
 */
tocsin_status tocsin__normalize(tocsin__normalizer *normalizer, const tocsin_allocator *allocator,
                                const uint32_t *points, size_t count, const uint32_t **result, size_t *result_count);

#endif
