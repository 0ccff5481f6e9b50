/* ICU's patterns are text of 16-bit units; the ones here are ASCII and short. */
#include "text/icu_sets.h"

#include <string.h>
#include <unicode/uset.h>

#define LONGEST 128

tocsin_status tocsin__icu_set(const char *set, tocsin__range_sink sink, void *context, int *known) {
    UChar pattern[LONGEST];
    int32_t length = 0;
    UErrorCode code = U_ZERO_ERROR;
    tocsin_status status = TOCSIN_OK;
    for (; length < LONGEST && set[length]; length++) pattern[length] = (UChar)set[length];
    USet *opened = uset_openPattern(pattern, length, &code);
    *known = !U_FAILURE(code);
    if (code == U_MEMORY_ALLOCATION_ERROR) status = TOCSIN_ERROR_MEMORY;
    const int32_t count = *known ? uset_getItemCount(opened) : 0;
    for (int32_t i = 0; i < count && !status; i++) {
        UChar32 first, last;
        code = U_ZERO_ERROR;
        if (uset_getItem(opened, i, &first, &last, NULL, 0, &code) != 0 || U_FAILURE(code)) continue;
        status = sink(context, (uint32_t)first, (uint32_t)last);
    }
    uset_close(opened);
    return status;
}
