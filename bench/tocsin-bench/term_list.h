#ifndef TOCSIN_BENCH_TERM_LIST_H
#define TOCSIN_BENCH_TERM_LIST_H

/*
 * The terms of a benchmark, chosen from a pool of words for a number of terms and a minimum number of Han characters.
 */

#include <stddef.h>
#include <stdint.h>

#include "tocsin-bench/text_list.h"

typedef struct term_list {
    text_list written; /* as the file has them */
    text_list folded;  /* no two alike */
} term_list;

/* Adds the first column of a file (plain, .tsv or .csv, zstd or not) to the pool. */
void term_pool_read(const char *path, text_list *pool);

/* Adds words made up from the seed: two to five Han characters, common ones more often. */
void term_pool_generate(uint64_t seed, size_t count, text_list *pool);

/* Adds count terms that are two words of the pool after each other: a lexicon larger than any list of words. */
void term_pool_compound(uint64_t seed, size_t count, text_list *pool);

/*
 * The first most terms, after a shuffle by the seed, that have at least min_han Han characters and that differ when
 * they are folded.
 */
void term_list_choose(const text_list *pool, uint64_t seed, uint32_t min_han, size_t most, term_list *terms);

void term_list_release(term_list *terms);

#endif
