#ifndef TOCSIN_BENCH_RAW_HYPERSCAN_H
#define TOCSIN_BENCH_RAW_HYPERSCAN_H

/* Hyperscan as usually used for a list of words, for the engines that compare with it. */

#include <tocsin/bytes.h>

#include "tocsin-bench/bench_engine.h"

typedef struct raw_hyperscan raw_hyperscan;

raw_hyperscan *raw_hyperscan_make(const text_list *folded_terms);
void raw_hyperscan_scan(const raw_hyperscan *engine, tocsin_bytes folded, bench_count *count);
void raw_hyperscan_sizes(const raw_hyperscan *engine, uint64_t *database, uint64_t *scratch);
void raw_hyperscan_release(raw_hyperscan *engine);

#endif
