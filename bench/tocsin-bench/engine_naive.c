/*
 * The two ends of the scale. naive compares every term at every byte: too slow to use, and too simple to be wrong.
 * memcpy copies each document once: no reading can be faster.
 */
#include <string.h>

#include "feed/tool_memory.h"
#include "tocsin-bench/bench_engine.h"

static void *make_nothing(const bench_input *input) {
    (void)input;
    return tool_allocate(1, 1);
}

static void release(void *state) { tool_free(state); }

static void find(const text_list *terms, tocsin_bytes text, bench_count *count) {
    for (size_t at = 0; at < text.length; at++) {
        for (size_t t = 0; t < terms->count; t++) {
            tocsin_bytes term = text_list_at(terms, t);
            if (term.length > text.length - at || memcmp(term.data, text.data + at, term.length) != 0) continue;
            count->hits++;
            count->spans += BENCH_SPAN(at, at + term.length);
        }
    }
}

static void run_naive(void *state, const bench_input *input, size_t first, size_t last, bench_count *count) {
    (void)state;
    for (size_t i = first; i < last; i++) find(&input->terms->folded, text_list_at(&input->text->folded, i), count);
}

static void *make_copy(const bench_input *input) {
    size_t longest = 1;
    for (size_t i = 0; i < input->text->original.count; i++) {
        tocsin_bytes text = text_list_at(&input->text->original, i);
        if (text.length > longest) longest = text.length;
    }
    return tool_allocate(longest, 1);
}

static void run_copy(void *state, const bench_input *input, size_t first, size_t last, bench_count *count) {
    for (size_t i = first; i < last; i++) {
        tocsin_bytes text = text_list_at(&input->text->original, i);
        memcpy(state, text.data, text.length);
        count->spans += ((const unsigned char *)state)[text.length - 1];
    }
}

const bench_kind engine_naive = {"naive", "match",   SPANS_FOLDED, 1,       0,   make_nothing,
                                 NULL,    run_naive, NULL,         release, NULL};
const bench_kind engine_copy = {"memcpy", "fold", SPANS_NONE, 0, 1, make_copy, NULL, run_copy, NULL, release, NULL};
