#ifndef TOCSIN_MATCH_REGEX_ENGINE_H
#define TOCSIN_MATCH_REGEX_ENGINE_H

/*
 * All expressions of a plan. Most are matched here, from anchors: pairs of neighbouring characters, or single
 * characters, one of which every match contains, so that a text without any costs no more than looking for them.
 * Expressions that cannot be held exactly (edges of the text, properties, unbounded repeats, too many positions, no
 * anchor) are left to Hyperscan; which is settled when they are compiled. Both report for each expression and each end
 * of a match one hit, with the leftmost start that a match with this end has. With an edge test only ends and starts
 * count that satisfy the bounds of the expression: then it is the leftmost start of those.
 *
 * Two ways to use it: tocsin__expressions_scan does all; or the caller looks for the anchors in a pass of its own:
 *
 *     tocsin__expressions_begin(scratch);
 *     wherever view has the characters of anchor i, the first of them at byte `place`:
 *         tocsin__expressions_match_at(e, scratch, &view, place, i)
 *     tocsin__expressions_finish(e, scratch, hits);
 *     if (tocsin__expressions_left(e)) tocsin__expressions_scan_left(e, scratch, folded, length, hits);
 *
 * Anchors may come in any order, more than once, and where they do not stand: match_at looks for itself. What is
 * compiled is immutable and may be shared by threads; a scratch belongs to one text at a time. Places and hits are
 * bytes of the view's text. Patterns of hits are indexes into the array that was compiled.
 */

#include "match/engine.h"
#include "text/text_view.h"

typedef struct tocsin__expressions tocsin__expressions;
typedef struct tocsin__expression_scratch tocsin__expression_scratch;

#define TOCSIN__ANCHOR_ANY 0xFFFFU /* as left: the right character is an anchor by itself */

/* Folded characters of the basic plane, the right one directly after the left one. */
typedef struct tocsin__anchor {
    uint16_t left, right;
    uint32_t expression; /* its index */
} tocsin__anchor;

/*
 * Compiles folded, admitted patterns, which are not needed any more afterwards; count may be 0. *bad becomes the index
 * of the expression that is to blame for a TOCSIN_ERROR_ENGINE, or SIZE_MAX. TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE,
 * TOCSIN_ERROR_LIMIT.
 */
tocsin_status tocsin__expressions_compile(const tocsin__pattern *expressions, size_t count,
                                          const tocsin__engine_options *options, tocsin__expressions **compiled,
                                          size_t *bad, tocsin_error *error);
void tocsin__expressions_free(tocsin__expressions *compiled);

size_t tocsin__expressions_memory(const tocsin__expressions *compiled); /* bytes */

/* *count anchors, sorted by left, right and expression, no two alike; they stay as long as what is compiled. */
const tocsin__anchor *tocsin__expressions_anchors(const tocsin__expressions *compiled, size_t *count);

/* Whether a folded phrase can cover a match of an expression, or stand in one; its bounds are not asked. */
int tocsin__expressions_phrase_works(const tocsin__expressions *compiled, uint32_t expression, tocsin_bytes phrase);

/* How many expressions are left to Hyperscan, which needs folded text. */
size_t tocsin__expressions_left(const tocsin__expressions *compiled);

/* The i-th of them. */
uint32_t tocsin__expressions_left_at(const tocsin__expressions *compiled, size_t i);

tocsin_status tocsin__expressions_scratch_create(const tocsin__expressions *compiled, const tocsin_allocator *allocator,
                                                 tocsin__expression_scratch **scratch);
void tocsin__expressions_scratch_free(tocsin__expression_scratch *scratch);

/* Forgets what was found in the text before. */
void tocsin__expressions_begin(tocsin__expression_scratch *scratch);

/* Which edges count from now on; NULL: all do. The test stays borrowed. */
void tocsin__expressions_test_edges(tocsin__expression_scratch *scratch, const tocsin__edge_test *test);

/*
 * Keeps in the scratch all matches of the anchor's expression that contain the anchor at `place`, which is where a
 * character begins (of the pair the left one), below the view's length. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__expressions_match_at(const tocsin__expressions *compiled, tocsin__expression_scratch *scratch,
                                           const tocsin__view *view, size_t place, size_t anchor);

/* Adds what is in the scratch to hits, each expression and end once, and forgets it. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__expressions_finish(const tocsin__expressions *compiled, tocsin__expression_scratch *scratch,
                                         tocsin__hits *hits);

/* Adds the hits of those that are left to Hyperscan. TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE, TOCSIN_ERROR_TOO_LARGE.
 */
tocsin_status tocsin__expressions_scan_left(const tocsin__expressions *compiled, tocsin__expression_scratch *scratch,
                                            const char *folded, size_t length, tocsin__hits *hits);

/*
 * Adds the hits of all expressions. *must_fold becomes 1, and nothing is added, where Hyperscan is needed and the view
 * is not of folded text (its plane is not NULL); otherwise 0. Errors as above.
 */
tocsin_status tocsin__expressions_scan(const tocsin__expressions *compiled, tocsin__expression_scratch *scratch,
                                       const tocsin__view *view, tocsin__hits *hits, int *must_fold);

#endif
