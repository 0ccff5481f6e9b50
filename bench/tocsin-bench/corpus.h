#ifndef TOCSIN_BENCH_CORPUS_H
#define TOCSIN_BENCH_CORPUS_H

/* The documents to read, from a file or from the generator, original and folded. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/scanner.h>

#include "tocsin-bench/text_list.h"

typedef struct corpus {
    char name[96];
    text_list original;
    text_list folded;
} corpus;

/*
 * By its name: a file (NDJSON, of which the field "text" is read, or a document a line; zstd or not), or
 * posts, news, mixed (generated), or manpages-zh (0 when that package is not installed). At most `most` bytes; terms
 * are planted in what is generated.
 */
int corpus_open(const char *name, size_t most, uint64_t seed, const text_list *terms, corpus *out);

/* The same text in documents of about size bytes. */
void corpus_cut(const corpus *from, size_t size, corpus *out);

void corpus_release(corpus *c);

#endif
