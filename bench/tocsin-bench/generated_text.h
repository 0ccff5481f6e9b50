#ifndef TOCSIN_BENCH_GENERATED_TEXT_H
#define TOCSIN_BENCH_GENERATED_TEXT_H

/* Text made from a seed, so that a benchmark can be run where there is no corpus. */

#include <stddef.h>
#include <stdint.h>

#include "tocsin-bench/bench_random.h"
#include "tocsin-bench/text_list.h"

/* Writes one Han character, common ones more often; returns its bytes, 3. */
size_t generated_character(bench_random *random, char *out);

typedef struct generated_style {
    uint32_t document_bytes; /* mean */
    uint32_t english;        /* per cent of the words */
    uint32_t planted;        /* terms among a thousand words */
} generated_style;

/* Documents until there are total bytes. Planted words come from terms; none are planted when that is empty. */
void generated_documents(const generated_style *style, uint64_t seed, size_t total, const text_list *terms,
                         text_list *documents);

#endif
