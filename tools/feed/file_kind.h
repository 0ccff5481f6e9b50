#ifndef TOCSIN_TOOLS_FILE_KIND_H
#define TOCSIN_TOOLS_FILE_KIND_H

/* Files that hold no documents: what they are, and what to do about them. The answers are in static storage. */

#include <stddef.h>

/* What the file is that begins with these bytes, when it holds no text; NULL: it may be text. */
const char *file_kind_of_bytes(const char *start, size_t length);

/* Whether file_kind_of_bytes may say something when it has more bytes. */
int file_kind_needs_more(const char *start, size_t length);

/*
 * The same of text, in UTF-8 and not compressed any more, from its first character that is no blank on: a page, a
 * program, an archive. has_html: pieces of HTML are what the reader wants. NULL: it may hold documents.
 */
const char *file_kind_of_text(const char *text, size_t length, int has_html);

#endif
