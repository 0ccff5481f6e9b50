#ifndef TOCSIN_MATCH_REGEX_NFA_H
#define TOCSIN_MATCH_REGEX_NFA_H

#include "match/regex_glushkov.h"
#include "match/regex_internal.h"

/*
 * The form of a sound draft that runs, in the arena; *automaton becomes NULL when its sets differ in too many ways.
 * *ahead and *behind, each of TOCSIN__EXPRESSION_POSITIONS: how many characters a match may have from a position on,
 * and up to it. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__automaton_build(const tocsin__draft *draft, tocsin__arena *scratch, tocsin__arena *arena,
                                      uint16_t *ahead, uint16_t *behind, tocsin__automaton **automaton);

/* A copy of a set of the draft in as many words as the automaton has; NULL when there is no memory. */
const uint64_t *tocsin__automaton_set(const tocsin__automaton *automaton, const uint64_t *set, tocsin__arena *arena);

#endif
