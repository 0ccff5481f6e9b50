#ifndef TOCSIN_BENCH_PEER_DUMP_H
#define TOCSIN_BENCH_PEER_DUMP_H

/* Corpus and lexicon for programs in other languages: bench/peers/README.md describes the files. */

#include "tocsin-bench/corpus.h"
#include "tocsin-bench/term_list.h"

void peer_dump(const char *folder, const corpus *text, const term_list *terms);

#endif
