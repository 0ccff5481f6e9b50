#ifndef TOCSIN_TEXT_GB18030_H
#define TOCSIN_TEXT_GB18030_H

/* GB18030, and with it GBK and GB2312, to UTF-8. */

#include <stddef.h>

#include <tocsin/bytes.h>

/*
 * Appends the text as UTF-8. TOCSIN_ERROR_ENCODING when some bytes are no GB18030: *bad is then the offset of the first
 * of them, and out holds the text before it. TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD when ICU fails; *bad is left
 * untouched.
 */
tocsin_status tocsin__gb18030_decode(const char *bytes, size_t length, tocsin_buffer *out, size_t *bad);

#endif
