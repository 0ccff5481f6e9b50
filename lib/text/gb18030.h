#ifndef TOCSIN_TEXT_GB18030_H
#define TOCSIN_TEXT_GB18030_H

/* GB18030, and with it GBK and GB2312, to UTF-8. */

#include <stddef.h>

#include <tocsin/bytes.h>

/*
 * Appends the text as UTF-8. TOCSIN_ERROR_UNSUPPORTED if some bytes are not GB18030; out then holds the text before
 * them. TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD when ICU fails.
 */
tocsin_status tocsin__gb18030_decode(const char *bytes, size_t length, tocsin_buffer *out);

#endif
