#ifndef TOCSIN_TESTS_REGEX_NAIVE_H
#define TOCSIN_TESTS_REGEX_NAIVE_H

/*
 * Matches regexes in the slow and obvious way, directly from the tree: for every start in a text, the set of ends of
 * each part. Tests compare the engines with it.
 */

#include "lexicon/regex_ast.h"
#include "match/engine.h"

/*
 * Adds the hits of a tree in folded text: for each end that is open the leftmost start that is open. If the test is
 * NULL, all edges are open. Classes are allocated in the arena.
 */
void regex_naive_scan(tocsin__regex_node *tree, const tocsin__view *text, uint32_t bounds,
                      const tocsin__edge_test *test, uint32_t pattern, tocsin__arena *arena, tocsin__hits *hits);

#endif
