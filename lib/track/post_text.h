#ifndef TOCSIN_TRACK_POST_TEXT_H
#define TOCSIN_TRACK_POST_TEXT_H

/*
 * The words of a post, without what its platform and its readers put around them: user names and the chains of reposts
 * that name them, links, [emoji], the marks of hashtags, and set phrases such as 转发微博 and 展开全文. Two reposts of
 * one post differ in these, and two posts of one user share them.
 */

#include <tocsin/bytes.h>

#include "base/memory.h"
#include "base/vec.h"

/* In the kept text, stands between the words of one user and those of another. */
#define TOCSIN__POST_BREAK '\x1E'

/* The same, before a post that is quoted as a whole, as after // or RT. */
#define TOCSIN__POST_QUOTE '\x1D'

typedef struct tocsin__post_text {
    TOCSIN_VEC(char) kept;  /* never longer than the text */
    TOCSIN_VEC(char) names; /* the removed names, a TOCSIN__POST_BREAK after each */
} tocsin__post_text;

void tocsin__post_text_release(tocsin__post_text *post, const tocsin_allocator *allocator);

/* Whether the text numbers three or more things, each of some length: 1、… 2、… 3、… */
int tocsin__post_text_is_list(tocsin_bytes text);

/* Reads a text in place of the earlier one. Malformed bytes are kept. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__post_text_take(tocsin__post_text *post, tocsin_bytes text, const tocsin_allocator *allocator);

#endif
