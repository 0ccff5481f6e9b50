#ifndef TOCSIN_MATCH_REGEX_ENGINE_H
#define TOCSIN_MATCH_REGEX_ENGINE_H

/*
 * All regexes of a plan, as bit-parallel NFAs. Most are matched around atoms. An atom is a pair of neighbouring
 * characters or a single character, and every match contains one of its regex. In a text without atoms, only the search
 * for them costs time. A regex without rare atoms, or with too many positions, is left to Hyperscan, which finds where
 * its matches may end; its NFA then finds where they begin. The search method is chosen when the regex is compiled.
 *
 * Both ways report one hit for each regex and each end of a match: the match with the leftmost start for this end. With
 * an edge test, only ends and starts that satisfy the bounds of the regex count.
 *
 * There are two ways to use it: tocsin__regexes_scan does everything; or the caller finds the atoms in a pass of its
 * own:
 *
 *     tocsin__regexes_begin(scratch);
 *     wherever view has the characters of atom i, the first of them at byte `place`:
 *         tocsin__regexes_match_at(e, scratch, &view, place, i)
 *     tocsin__regexes_finish(e, scratch, hits);
 *     if (tocsin__regexes_left(e)) tocsin__regexes_scan_left(e, scratch, folded, length, hits);
 *
 * Calls may come in any order, more than once, and for places without the atom: match_at checks. The compiled object is
 * immutable and threads may share it; a scratch serves one text at a time. Places and hits are bytes of the view's
 * text. The pattern of a hit is an index into the compiled array.
 */

#include "match/engine.h"
#include "text/text_view.h"

typedef struct tocsin__regexes tocsin__regexes;
typedef struct tocsin__regex_scratch tocsin__regex_scratch;

#define TOCSIN__ATOM_ANY 0xFFFFU /* as left: the right character alone is the atom */

/* Folded characters of the basic plane, the right one directly after the left one. */
typedef struct tocsin__atom {
    uint16_t left, right;
    uint32_t regex; /* its index */
} tocsin__atom;

/*
 * Compiles folded, admitted patterns and does not need them afterwards; count may be 0. *bad becomes the index of the
 * regex that caused a TOCSIN_ERROR_ENGINE, or SIZE_MAX. TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE, TOCSIN_ERROR_LIMIT.
 */
tocsin_status tocsin__regexes_compile(const tocsin__pattern *regexes, size_t count,
                                      const tocsin__engine_options *options, tocsin__regexes **compiled, size_t *bad,
                                      tocsin_error *error);
void tocsin__regexes_free(tocsin__regexes *compiled);

/* Bytes; then those of them that other compiled objects share, from which regexes were taken. */
size_t tocsin__regexes_memory(const tocsin__regexes *compiled);
size_t tocsin__regexes_shared_memory(const tocsin__regexes *compiled);

/* *count atoms, sorted by left, right and regex, no two alike; valid as long as the compiled object. */
const tocsin__atom *tocsin__regexes_atoms(const tocsin__regexes *compiled, size_t *count);

/* Whether a folded phrase can cover a match of a regex, or stand in one; bounds are ignored. */
int tocsin__regexes_phrase_works(const tocsin__regexes *compiled, uint32_t regex, tocsin_bytes phrase);

/* How many regexes are left to Hyperscan, which needs folded text. */
size_t tocsin__regexes_left(const tocsin__regexes *compiled);

/* The i-th of them. */
uint32_t tocsin__regexes_left_at(const tocsin__regexes *compiled, size_t i);

tocsin_status tocsin__regexes_scratch_create(const tocsin__regexes *compiled, const tocsin_allocator *allocator,
                                             tocsin__regex_scratch **scratch);
void tocsin__regexes_scratch_free(tocsin__regex_scratch *scratch);

/* Forgets the matches in the previous text. */
void tocsin__regexes_begin(tocsin__regex_scratch *scratch);

/* Sets which edges count from now on; NULL: all. The test stays borrowed. */
void tocsin__regexes_test_edges(tocsin__regex_scratch *scratch, const tocsin__edge_test *test);

/*
 * Keeps in the scratch all matches of the atom's regex that contain the atom at `place`, the byte at which its first
 * character begins, below the view's length. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__regexes_match_at(const tocsin__regexes *compiled, tocsin__regex_scratch *scratch,
                                       const tocsin__view *view, size_t place, size_t atom);

/* The number of an atom in tocsin__regexes_match_pair, or of the end of the atoms. */
uint32_t tocsin__regexes_number(const tocsin__regexes *compiled, size_t atom);

/*
 * The same as match_at for all atoms of one pair, which have the numbers [first, end), at a place that certainly has
 * the pair. `unit` is the unit at the place: those beside it show at once that most attempts are in vain.
 */
tocsin_status tocsin__regexes_match_pair(const tocsin__regexes *compiled, tocsin__regex_scratch *scratch,
                                         const tocsin__text *text, size_t place, size_t unit, uint32_t first,
                                         uint32_t end);

/* Adds the matches in the scratch to hits, each regex and end once, and empties the scratch. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__regexes_finish(const tocsin__regexes *compiled, tocsin__regex_scratch *scratch,
                                     tocsin__hits *hits);

/*
 * Adds the hits of the regexes that are left to Hyperscan. TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE,
 * TOCSIN_ERROR_TOO_LARGE.
 */
tocsin_status tocsin__regexes_scan_left(const tocsin__regexes *compiled, tocsin__regex_scratch *scratch,
                                        const char *folded, size_t length, tocsin__hits *hits);

/*
 * Adds the hits of all regexes. *must_fold becomes 1, and nothing is added, if Hyperscan is needed and the view is not
 * of folded text (its plane is not NULL); otherwise 0. Errors as above.
 */
tocsin_status tocsin__regexes_scan(const tocsin__regexes *compiled, tocsin__regex_scratch *scratch,
                                   const tocsin__view *view, tocsin__hits *hits, int *must_fold);

#endif
