#ifndef TOCSIN_MATCH_MATCHER_H
#define TOCSIN_MATCH_MATCHER_H

/*
 * All patterns of a plan: literals in one engine, regexes in another, and quantities at their anchors, which are some
 * of the literals. Pattern ids are numbered through: literals first, then regex i as literal_count + i, then the
 * quantities. An engine that reads units also looks for the atoms of regexes: it gets them as literals after those of
 * the plan, one for each pair that is an atom.
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
    tocsin__quantities quantities; /* of the literals; the owner sets it after compiling; borrowed */
    tocsin__arena atom_arena;
    const uint32_t
        *atom_starts; /* by pair, and one more: the number of its first atom; NULL: no engine looks for atoms */
    size_t pair_count;
} tocsin__matcher;

typedef struct tocsin__matcher_scratch {
    void *literals;
    tocsin__regex_scratch *regexes;
    tocsin__hits found;  /* first those of literals, in the end all */
    tocsin__hits others; /* of regexes and quantities; beyond their limit they are only counted */
    tocsin__hit_list room;
    uint64_t bits;              /* of the patterns that tocsin__matcher_find found */
    int (*stop)(void *context); /* called after each part of a long text; NULL: scans are never stopped */
    void *stop_context;
} tocsin__matcher_scratch;

/* Receives occurrences in order; those that start together come in one call. */
typedef tocsin_status tocsin__hit_sink(void *context, const tocsin__hit *hits, size_t count);

/* Sets the edge test of regexes for the following scans; NULL: all edges count. The test stays borrowed. */
static inline void tocsin__matcher_test_edges(tocsin__matcher_scratch *scratch, const tocsin__edge_test *test) {
    if (scratch->regexes) tocsin__regexes_test_edges(scratch->regexes, test);
}

/*
 * Compiles. The patterns must stay. On TOCSIN_ERROR_ENGINE, *bad_regexes is the index of the faulty regex, or SIZE_MAX;
 * *matcher is then left released.
 */
tocsin_status tocsin__matcher_compile(tocsin_engine engine, const tocsin__pattern *literals, size_t literal_count,
                                      const tocsin__pattern *regexes, size_t regex_count,
                                      const tocsin__engine_options *options, tocsin__matcher *matcher,
                                      size_t *bad_regexes, tocsin_error *error);

void tocsin__matcher_release(tocsin__matcher *matcher);

/* Whether the matcher can read a text that is not folded, if it is one-to-one. */
int tocsin__matcher_takes_originals(const tocsin__matcher *matcher);

/* Whether the matcher needs the units of a text; *all: those of all characters. */
int tocsin__matcher_reads_units(const tocsin__matcher *matcher, int *all);

size_t tocsin__matcher_memory(const tocsin__matcher *matcher);

tocsin_status tocsin__matcher_scratch_create(const tocsin__matcher *matcher, const tocsin_allocator *allocator,
                                             tocsin__matcher_scratch *scratch);
void tocsin__matcher_scratch_release(const tocsin__matcher *matcher, tocsin__matcher_scratch *scratch);

/*
 * Passes on all occurrences in a text, in one list; if there are very many, in several lists, one after the other.
 * scratch->others.dropped is then the number of missing ones of regexes and quantities. Returns a failure of the sink;
 * TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE, TOCSIN_ERROR_TOO_LARGE; or TOCSIN_ERROR_STOPPED if scratch->stop asks for
 * it.
 */
tocsin_status tocsin__matcher_scan(const tocsin__matcher *matcher, tocsin__matcher_scratch *scratch,
                                   const tocsin__text *text, tocsin__hit_sink *sink, void *context);

/*
 * Adds to scratch->bits the bits, which are given by pattern, of the patterns that occur in a text. May end as soon as
 * one of `enough` is found. If the answer would take long, all bits are found.
 */
tocsin_status tocsin__matcher_find(const tocsin__matcher *matcher, tocsin__matcher_scratch *scratch,
                                   const tocsin__text *text, const uint64_t *bits, uint64_t enough);

/*
 * Adds the occurrences of literals that start in [from, to), in any order, those of atoms among them; the end of an
 * atom's is its first unit.
 */
static inline tocsin_status tocsin__matcher_scan_literals(const tocsin__matcher *matcher,
                                                          tocsin__matcher_scratch *scratch, const tocsin__text *text,
                                                          size_t from, size_t to, tocsin__hits *hits) {
    if (!matcher->literals || from >= to) return TOCSIN_OK;
    return matcher->kind->scan(matcher->literals, scratch->literals, text, from, to, hits);
}

/* Compiles one regex alone: TOCSIN_OK, or TOCSIN_ERROR_ENGINE with the reason in *error. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__matcher_try_regex(const tocsin__pattern *regex, const tocsin__engine_options *options,
                                        tocsin_error *error);

#endif
