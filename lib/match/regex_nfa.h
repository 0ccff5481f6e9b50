#ifndef TOCSIN_MATCH_REGEX_NFA_H
#define TOCSIN_MATCH_REGEX_NFA_H

#include "match/regex_glushkov.h"
#include "match/regex_internal.h"

/*
 * The executable form of a sound construction, in the arena; *nfa becomes NULL if its sets differ in too many ways.
 * *ahead and *behind, each with TOCSIN__NFA_POSITIONS elements: the greatest number of characters that a match can have
 * from a position on, and up to it. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__nfa_build(const tocsin__glushkov *glushkov, tocsin__arena *scratch, tocsin__arena *arena,
                                uint16_t *ahead, uint16_t *behind, tocsin__nfa **nfa);

/* A copy of a set of its positions in as many words as the nfa has; NULL when there is no memory. */
const uint64_t *tocsin__nfa_set(const tocsin__nfa *nfa, const uint64_t *set, tocsin__arena *arena);

#endif
