#ifndef TOCSIN_MATCH_MATCHER_H
#define TOCSIN_MATCH_MATCHER_H

/*
 * All patterns of a plan: literals in one engine, regexes in another. Pattern ids run through both: literals
 * first, regex i is literal_count + i. An engine that reads originals looks for the atoms of regexes too, so
 * that a text is read once: to it they are literals behind those of the plan, one for each pair that is an atom.
 */

#include <tocsin/plan.h>

#include "base/arena.h"
#include "match/engine.h"
#include "match/regex_engine.h"

typedef struct tocsin__matcher {
    const tocsin__engine_kind *kind; /* of the literals */
    void *literals;                  /* NULL when there is none */
    tocsin__regexes *regexes;        /* NULL when there is none */
    size_t literal_count;
    size_t regex_count;
    tocsin__arena atom_arena;
    const uint32_t *atom_starts; /* by pair, and one more: the first of its atoms; NULL: no engine looks for them */
    size_t pair_count;
} tocsin__matcher;

typedef struct tocsin__matcher_scratch {
    void *literals;
    tocsin__regex_scratch *regexes;
} tocsin__matcher_scratch;

/* Which edges of regexes count in the scans that follow; NULL: all do. The test stays borrowed. */
static inline void tocsin__matcher_test_edges(tocsin__matcher_scratch *scratch, const tocsin__edge_test *test) {
    if (scratch->regexes) tocsin__regexes_test_edges(scratch->regexes, test);
}

/*
 * Compiles. The patterns must stay. On TOCSIN_ERROR_ENGINE *bad_regexes is the index of the regex to blame, or
 * SIZE_MAX; *matcher is then left released.
 */
tocsin_status tocsin__matcher_compile(tocsin_engine engine, const tocsin__pattern *literals, size_t literal_count,
                                      const tocsin__pattern *regexes, size_t regex_count,
                                      const tocsin__engine_options *options, tocsin__matcher *matcher,
                                      size_t *bad_regexes, tocsin_error *error);

void tocsin__matcher_release(tocsin__matcher *matcher);

/* Whether a view of text that is not folded will do. */
int tocsin__matcher_reads_originals(const tocsin__matcher *matcher);

size_t tocsin__matcher_memory(const tocsin__matcher *matcher);

tocsin_status tocsin__matcher_scratch_create(const tocsin__matcher *matcher, const tocsin_allocator *allocator,
                                             tocsin__matcher_scratch *scratch);
void tocsin__matcher_scratch_release(const tocsin__matcher *matcher, tocsin__matcher_scratch *scratch);

/* Adds the occurrences of literals that start in [from, to). */
static inline tocsin_status tocsin__matcher_scan_literals(const tocsin__matcher *matcher,
                                                          tocsin__matcher_scratch *scratch, const tocsin__view *text,
                                                          size_t from, size_t to, tocsin__hits *hits) {
    if (!matcher->literals || from >= to) return TOCSIN_OK;
    return matcher->kind->scan(matcher->literals, scratch->literals, text, from, to, hits);
}

/*
 * Takes the occurrences of atoms out of those of literals, and where regexes is not NULL, which is for a text
 * that was scanned as a whole, adds there those of regexes.
 */
tocsin_status tocsin__matcher_take_atoms(const tocsin__matcher *matcher, tocsin__matcher_scratch *scratch,
                                         const tocsin__view *text, tocsin__hits *literals, tocsin__hits *regexes);

/* Adds the occurrences of regexes in the whole text; TOCSIN__NOT_PLAIN: it must be folded for that. */
tocsin_status tocsin__matcher_scan_regexes(const tocsin__matcher *matcher, tocsin__matcher_scratch *scratch,
                                           const tocsin__view *text, tocsin__hits *hits);

/* Compiles one regex alone: TOCSIN_OK, or TOCSIN_ERROR_ENGINE with what is wrong in *error. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__matcher_try_regex(const tocsin__pattern *regex, const tocsin__engine_options *options,
                                        tocsin_error *error);

#endif
