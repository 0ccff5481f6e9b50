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
#include "learn/weights.h"

static uint32_t score(const tocsin__weights *weights, tocsin__score *s, const tocsin__text *text) {
    tocsin__score_add_text(weights, s, text, 0, text->view.length);
    for (uint32_t i = 0; i < weights->topic_count; i++) tocsin__score_add_feature(s, weights->topics[i].feature);
    const double decision = tocsin__score_decide(weights, s);
    if (!isfinite(decision)) fuzz_failed("a decision is no number");
    const uint32_t probability = tocsin__score_probability(weights, decision);
    if (probability > 1000000) fuzz_failed("a probability is over 1");
    tocsin__score_clear(s);
    return probability;
}

static void use(const tocsin__weights *weights, const char *text, size_t length) {
    const size_t features = (size_t)weights->count + 1;
    tocsin__score s = {calloc(features, sizeof(uint32_t)), calloc(features, sizeof(uint32_t)), 0};
    const tocsin_allocator *allocator = tocsin_allocator_default();
    const tocsin__text slow = {.view = {text, tocsin__utf8_valid_prefix(text, length), NULL}};
    tocsin__text fast = slow;
    int one_to_one;
    if (!s.counts || !s.touched || tocsin__units_read(&fast, 1, tocsin__units_best(), allocator, &one_to_one)) {
        fuzz_failed("out of memory");
    }
    if (score(weights, &s, &slow) != score(weights, &s, &fast)) fuzz_failed("two scores differ");
    tocsin__units_release(&fast.units, allocator);
    for (size_t i = 0; i < features; i++) {
        if (s.counts[i]) fuzz_failed("a count is not forgotten");
    }
    free(s.counts);
    free(s.touched);
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
    if (weights) use(weights, mark ? (const char *)mark + 1 : "", mark ? size - length - 1 : 0);
    tocsin__arena_release(&arena);
    tocsin_diagnostics_free(list);
    return 0;
}
