#ifndef TOCSIN_TOOLS_FILE_KIND_H
#define TOCSIN_TOOLS_FILE_KIND_H

/* Files that hold no documents: what they are, and what to do about them. The answers are in static storage. */

#include <stddef.h>

/* What the file is that begins with these bytes, when it holds no text; NULL: it may be text. */
const char *file_kind_of_bytes(const char *start, size_t length);

/* Whether file_kind_of_bytes may say something when it has more bytes. */
int file_kind_needs_more(const char *start, size_t length);

/*
 * The same for text, in UTF-8 and decompressed, from its first character that is not blank: a page, a program, an
 * archive. last: nothing follows. has_html: the reader wants pieces of HTML. NULL: it may contain documents or, if
 * *more is set, that is not known yet.
 */
const char *file_kind_of_text(const char *text, size_t length, int last, int has_html, int *more);

#endif
