#ifndef TOCSIN_TEXT_ICU_WORDS_H
#define TOCSIN_TEXT_ICU_WORDS_H

/* Whether a word of ICU's dictionary straddles an edge; only the text around the edge is looked at. */

#include <stddef.h>

#include "base/memory.h"
#include "base/vec.h"
#include "text/text_view.h"

/* A word breaker and its buffers: one a thread. */
typedef struct tocsin__words tocsin__words;

/* TOCSIN_ERROR_MEMORY, or TOCSIN_ERROR_FOLD when ICU's dictionary does not load. */
tocsin_status tocsin__words_create(const tocsin_allocator *allocator, tocsin__words **words);
void tocsin__words_free(tocsin__words *words);

/*
 * *whole becomes 1 if the segmentation of the text around [start, end) has an edge at both ends, otherwise 0. Both ends
 * are open (text/bounds.h). TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD.
 */
tocsin_status tocsin__words_whole(tocsin__words *words, const tocsin__view *text, size_t start, size_t end, int *whole);

#endif
