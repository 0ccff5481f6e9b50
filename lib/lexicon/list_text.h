#ifndef TOCSIN_LEXICON_LIST_TEXT_H
#define TOCSIN_LEXICON_LIST_TEXT_H

/* Functions on the text of a list: trimming, names, previews for messages. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

/* C0 and C1 controls. */
static inline int tocsin__is_control(uint32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

/* Returns the text without white space at both ends. */
tocsin_bytes tocsin__trim(tocsin_bytes text);

/* Whether text equals an ASCII name, with letters in either case. */
int tocsin__text_is(const char *text, size_t length, const char *name);

/* Whether whole contains part; an empty part is contained. */
int tocsin__text_contains(tocsin_bytes whole, tocsin_bytes part);

#define TOCSIN__PREVIEW_SIZE 96 /* 20 code points of four bytes, the ellipsis and the NUL */

/*
 * The first 20 code points for a message, followed by an ellipsis if there are more; controls become '?'. Returns out.
 */
const char *tocsin__preview(char out[TOCSIN__PREVIEW_SIZE], tocsin_bytes text);

#endif
