#ifndef TOCSIN_TOOLS_TEXT_DECODER_H
#define TOCSIN_TOOLS_TEXT_DECODER_H

/* Converts text in any encoding to UTF-8, piece by piece. Only text_decoder.c includes ICU's converters. */

#include <stddef.h>
#include <stdint.h>

typedef struct text_decoder text_decoder;

/* Whether there is an encoding of that name; ICU's names and aliases, in any case: gb18030, GBK, Big5, utf-16le. */
int text_decoder_known(const char *encoding);

/* The encoding whose name is nearest to what was written, in static storage; NULL when none is near. */
const char *text_decoder_nearest(const char *written);

/*
 * The encoding that a byte order mark at the start of an input shows, in static storage: UTF-16 or UTF-32; NULL for
 * UTF-8, and if there is none.
 */
const char *text_decoder_signature(const char *start, size_t length);

/* NULL for UTF-8, which needs none. The encoding must be known. */
text_decoder *text_decoder_create(const char *encoding);
void text_decoder_free(text_decoder *decoder);

/*
 * Reads from in and writes UTF-8 to out, as much as both allow; *consumed and *produced are the numbers of bytes.
 * `last`: in holds the whole rest of the input; the end is reached when nothing of it is left and nothing was produced.
 * A malformed part, or a character that Unicode does not have, becomes U+FFFD and is counted.
 */
void text_decoder_step(text_decoder *decoder, const char *in, size_t in_length, int last, size_t *consumed, char *out,
                       size_t out_size, size_t *produced);

/* The number of malformed parts so far, and the line, from 1, of the first one. */
uint64_t text_decoder_malformed(const text_decoder *decoder, uint64_t *first_line);

#endif
