#ifndef TOCSIN_TEXT_BOUNDS_H
#define TOCSIN_TEXT_BOUNDS_H

/*
 * The test of `bounds: auto`. An edge of a term is closed if a Latin letter or a digit stands on both sides of it and
 * the outer one is a letter or a decimal digit in the original text. So ①119②, №119 and WiFi™ have open edges; 21190
 * and WiFi6 have closed ones. The inner character is judged as folded, the outer one both as folded and as written.
 *
 * Invisible characters (zero-width characters, variation selectors) and combining marks do not separate: the character
 * after them is the neighbour. An enclosing mark makes a symbol of its letter, as in 1️⃣. The test skips at most
 * TOCSIN__BOUNDS_UNSEEN such characters; a letter after more of them is no neighbour.
 */

#include <stddef.h>

#include <tocsin/bytes.h>

#include "text/offset_map.h"
#include "text/text_view.h"

#define TOCSIN__BOUNDS_UNSEEN 64 /* characters: bounds the cost in a text with a million of them */

/* The searched text, and the map to its original. */
typedef struct tocsin__bounds_text {
    const tocsin__view *view;
    tocsin_bytes original;         /* the view's own bytes when it is one-to-one */
    const tocsin__offset_map *map; /* from the view to the original; without map segments when both are the same */
} tocsin__bounds_text;

/* Whether a term may begin at `at`, a byte of the view below its length that begins a character. */
int tocsin__bounds_open_start(const tocsin__bounds_text *text, size_t at);

/* Whether a term may end at `at`, a byte of the view above 0 that ends a character. */
int tocsin__bounds_open_end(const tocsin__bounds_text *text, size_t at);

/*
 * Whether folded text has Latin letters or digits on both sides of `at`. If the edge is open all the same, the original
 * has an edge there.
 */
int tocsin__bounds_word_goes_on(const tocsin__view *view, size_t at);

#endif
