#ifndef TOCSIN_LEXICON_SOURCE_TEXT_H
#define TOCSIN_LEXICON_SOURCE_TEXT_H

/* The bytes of a list as UTF-8, whatever program saved it. */

#include <tocsin/bytes.h>
#include <tocsin/diagnostics.h>

/*
 * *text becomes the file's text, well-formed UTF-8 without a byte order mark, either inside raw or in storage (an
 * initialised buffer; it must stay as long as the text).
 *
 * Bytes that are not UTF-8 are read as GB18030, with one warning [not-utf8] that names the first of them. But if the
 * file holds more well-formed characters of three and four bytes than malformed parts, it is damaged UTF-8, and reading
 * it as GB18030 would give other characters without a complaint. The call then returns TOCSIN_ERROR_UNSUPPORTED and
 * reports [damaged-utf8]; it does the same for UTF-16 and UTF-32 with [utf16], and for bytes that are not GB18030
 * either with [bad-encoding]; one error is reported in each case. TOCSIN_ERROR_MEMORY and TOCSIN_ERROR_FOLD are not
 * reported.
 */
tocsin_status tocsin__source_text(tocsin_diagnostics *diagnostics, const char *file, tocsin_bytes raw,
                                  tocsin_buffer *storage, tocsin_bytes *text);

#endif
