/*
 * A weights file and, after a byte 0xFE, a text: the file is refused with one error, or the score of the text is a
 * number from 0 to a million, the same with and without units, and clearing the score resets all counts.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "fuzz_target.h"
#include "learn/vocabulary.h"

static uint32_t score(const tocsin__scorer *scorer, tocsin__counts *counts, const tocsin__text *text) {
    const tocsin__vocabulary *vocabulary = scorer->vocabulary;
    tocsin__counts_add_text(vocabulary, counts, text, 0, text->view.length);
    for (uint32_t i = 0; i < vocabulary->topic_count; i++) {
        tocsin__counts_add_feature(counts, vocabulary->topics[i].feature);
    }
    const double decision = tocsin__score_decide(scorer, counts);
    if (!isfinite(decision)) fuzz_failed("a decision is no number");
    const uint32_t probability = tocsin__score_probability(scorer->weights, decision);
    if (probability > 1000000) fuzz_failed("a probability is over 1");
    tocsin__counts_clear(counts);
    return probability;
}

static void use(const tocsin__weights *weights, tocsin__arena *arena, const char *text, size_t length) {
    tocsin__scorer scorer = {.weights = weights};
    if (tocsin__vocabulary_build(&weights, 1, arena, &scorer.vocabulary, &scorer.factors)) fuzz_failed("out of memory");
    if (scorer.vocabulary->count != weights->count) fuzz_failed("the vocabulary of one file has other features");
    const size_t features = (size_t)weights->count + 1;
    tocsin__counts counts = {calloc(features, sizeof(uint32_t)), calloc(features, sizeof(uint32_t)), 0};
    const tocsin_allocator *allocator = tocsin_allocator_default();
    const tocsin__text slow = {.view = {text, tocsin__utf8_valid_prefix(text, length), NULL}};
    tocsin__text fast = slow;
    int one_to_one;
    if (!counts.counts || !counts.touched ||
        tocsin__units_read(&fast, 1, tocsin__units_best(), allocator, &one_to_one)) {
        fuzz_failed("out of memory");
    }
    if (score(&scorer, &counts, &slow) != score(&scorer, &counts, &fast)) fuzz_failed("two scores differ");
    tocsin__units_release(&fast.units, allocator);
    for (size_t i = 0; i < features; i++) {
        if (counts.counts[i]) fuzz_failed("a count is not forgotten");
    }
    free(counts.counts);
    free(counts.touched);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const topics[] = {"fire", "bad"};
    const uint8_t *mark = size ? memchr(data, 0xFE, size) : NULL;
    const size_t length = mark ? (size_t)(mark - data) : size;
    const tocsin__weights *weights = NULL;
    tocsin_allocator allocator = {0};
    tocsin_diagnostics *list = NULL;
    tocsin__arena arena;
    size_t errors = 0;
    if (!tocsin__allocator_resolve(NULL, &allocator)) fuzz_failed("there is no allocator");
    if (tocsin_diagnostics_create(NULL, &list)) fuzz_failed("out of memory");
    tocsin__arena_init(&arena, &allocator);
    const tocsin__weights_context context = {"weights.tsv", "fold", topics, 2, list};
    const tocsin_bytes text = {size ? (const char *)data : "", length};
    if (tocsin__weights_read(text, &context, &arena, &errors, &weights)) fuzz_failed("out of memory");
    if (errors != (weights == NULL) || errors != tocsin_diagnostics_count(list)) {
        fuzz_failed("weights are refused without an error, or taken with one");
    }
    if (weights) use(weights, &arena, mark ? (const char *)mark + 1 : "", mark ? size - length - 1 : 0);
    tocsin__arena_release(&arena);
    tocsin_diagnostics_free(list);
    return 0;
}
