/*
 * Uses ICU's converter, one code point at a time, with the callback that stops at an error: a replacement character in
 * a term list would make a term that never matches. Lists are read once, so speed is no concern; the converter's own
 * memory is ICU's and does not pass through the allocator.
 */
#include "text/gb18030.h"

#include <unicode/ucnv.h>

#include "base/utf8.h"

static tocsin_status decode_with(UConverter *converter, const char *bytes, size_t length, tocsin_buffer *out) {
    const char *source = bytes, *end = bytes + length;
    while (source < end) {
        UErrorCode code = U_ZERO_ERROR;
        UChar32 c = ucnv_getNextUChar(converter, &source, end, &code);
        if (code == U_MEMORY_ALLOCATION_ERROR) return TOCSIN_ERROR_MEMORY;
        if (code == U_INDEX_OUTOFBOUNDS_ERROR && source == end) return TOCSIN_OK;
        if (U_FAILURE(code)) return TOCSIN_ERROR_UNSUPPORTED;
        char utf8[4];
        tocsin_status status = tocsin_buffer_append(out, utf8, tocsin__utf8_put(utf8, (uint32_t)c));
        if (status) return status;
    }
    return TOCSIN_OK;
}

tocsin_status tocsin__gb18030_decode(const char *bytes, size_t length, tocsin_buffer *out) {
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = ucnv_open("gb18030", &code);
    if (code == U_MEMORY_ALLOCATION_ERROR) return TOCSIN_ERROR_MEMORY;
    if (U_FAILURE(code)) return TOCSIN_ERROR_FOLD;
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    tocsin_status status = U_FAILURE(code) ? TOCSIN_ERROR_FOLD : decode_with(converter, bytes, length, out);
    ucnv_close(converter);
    return status;
}
