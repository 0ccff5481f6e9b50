#ifndef TOCSIN_MATCH_MATCHER_H
#define TOCSIN_MATCH_MATCHER_H

/*
 * All patterns of a plan: literals in one engine, regexes in another, quantities at their anchors, which are among the
 * literals. Pattern ids run through all three: literals first, regex i is literal_count + i, then the quantities. An
 * engine that reads units looks for the atoms of regexes too: to it they are literals behind those of the plan, one for
 * each pair that is an atom.
 */

#include <tocsin/plan.h>

#include "base/arena.h"
#include "match/engine.h"
#include "match/hit_order.h"
#include "match/quantity_match.h"
#include "match/regex_engine.h"

typedef struct tocsin__matcher {
    const tocsin__engine_kind *kind; /* of the literals */
    void *literals;                  /* NULL when there is none */
    tocsin__regexes *regexes;        /* NULL when there is none */
    size_t literal_count;
    size_t regex_count;
    tocsin__quantities quantities; /* of the literals; set by the owner after compiling, borrowed */
    tocsin__arena atom_arena;
    const uint32_t *atom_starts; /* by pair, and one more: the first of its atoms; NULL: no engine looks for them */
    size_t pair_count;
} tocsin__matcher;

typedef struct tocsin__matcher_scratch {
    void *literals;
    tocsin__regex_scratch *regexes;
    tocsin__hits found;  /* of literals, then all */
    tocsin__hits others; /* of regexes and quantities; of more than their limit the rest is only counted */
    tocsin__hit_list room;
    int (*stop)(void *context); /* asked after each part of a long text; NULL: nobody is asked */
    void *stop_context;
} tocsin__matcher_scratch;

/* Takes occurrences in their order; those that start together come in one call. */
typedef tocsin_status tocsin__hit_sink(void *context, const tocsin__hit *hits, size_t count);

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

/* Whether a text that is not folded will do, as far as it is one-to-one. */
int tocsin__matcher_takes_originals(const tocsin__matcher *matcher);

/* Whether a text must have its units; *all: those of all characters. */
int tocsin__matcher_reads_units(const tocsin__matcher *matcher, int *all);

size_t tocsin__matcher_memory(const tocsin__matcher *matcher);

tocsin_status tocsin__matcher_scratch_create(const tocsin__matcher *matcher, const tocsin_allocator *allocator,
                                             tocsin__matcher_scratch *scratch);
void tocsin__matcher_scratch_release(const tocsin__matcher *matcher, tocsin__matcher_scratch *scratch);

/*
 * Hands over all occurrences in a text, in one list; where there are very many in several, one behind the other.
 * scratch->others.dropped is then how many of regexes and quantities are missing. Returns what the sink returned when
 * that is a failure; TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE, TOCSIN_ERROR_TOO_LARGE; TOCSIN_ERROR_STOPPED when
 * scratch->stop says so.
 */
tocsin_status tocsin__matcher_scan(const tocsin__matcher *matcher, tocsin__matcher_scratch *scratch,
                                   const tocsin__text *text, tocsin__hit_sink *sink, void *context);

/*
 * *has: whether a text has an occurrence of a regex, a quantity or one of the literals whose bit is set. Where telling
 * would take long it is said to have one.
 */
tocsin_status tocsin__matcher_has(const tocsin__matcher *matcher, tocsin__matcher_scratch *scratch,
                                  const tocsin__text *text, const uint64_t *literals, int *has);

/* Adds the occurrences of literals that start in [from, to), in any order, those of atoms among them. */
static inline tocsin_status tocsin__matcher_scan_literals(const tocsin__matcher *matcher,
                                                          tocsin__matcher_scratch *scratch, const tocsin__text *text,
                                                          size_t from, size_t to, tocsin__hits *hits) {
    if (!matcher->literals || from >= to) return TOCSIN_OK;
    return matcher->kind->scan(matcher->literals, scratch->literals, text, from, to, hits);
}

/* Compiles one regex alone: TOCSIN_OK, or TOCSIN_ERROR_ENGINE with what is wrong in *error. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__matcher_try_regex(const tocsin__pattern *regex, const tocsin__engine_options *options,
                                        tocsin_error *error);

#endif
