/* Growth of vecs: by half, to at least eight elements, never to more than size_t can count. */
#include "base/vec.h"

#include "base/assert.h"

tocsin_status tocsin__vec_reserve_(void **data, size_t *capacity, size_t need, size_t element,
                                   const tocsin_allocator *allocator) {
    tocsin__assert(need > *capacity && (*data || !*capacity));
    size_t grown = *capacity + *capacity / 2;
    if (grown < 8) grown = 8;
    if (grown < need) grown = need;
    if (grown > SIZE_MAX / 2 / element) return TOCSIN_ERROR_MEMORY;
    void *memory = tocsin__reallocate(allocator, *data, *capacity * element, grown * element);
    if (!memory) return TOCSIN_ERROR_MEMORY;
    tocsin__assert(grown >= need);
    *data = memory;
    *capacity = grown;
    return TOCSIN_OK;
}
