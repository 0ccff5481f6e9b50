#ifndef TOCSIN_LEARN_PLAIN_RANGES_H
#define TOCSIN_LEARN_PLAIN_RANGES_H

/*
 * The parts of a text that people wrote as sentences: what stands between links, @names, [emoji], emoji and the marks
 * of hashtags. No n-gram of version 3 contains or crosses any of these: they say where a post was, not what it says,
 * and a post with a link would get another score than the same post without it. docs/FORMAT.md has the exact rules.
 */

#include <stddef.h>

#include "text/text_units.h"

typedef struct tocsin__plain_walk {
    const tocsin__view *view;
    size_t at;       /* where the search for the next part goes on */
    size_t from, to; /* bytes of the current part; both are the length after the last one */
} tocsin__plain_walk;

/* Whether a text may have other parts than one, the whole. */
int tocsin__may_have_marks(const tocsin__text *text);

/* At the first part. */
void tocsin__plain_begin(tocsin__plain_walk *walk, const tocsin__view *view);

/* Goes to the next part, which is never empty. Returns 0 after the last one. */
int tocsin__plain_next(tocsin__plain_walk *walk);

#endif
