/*
 * A random expression and random documents, both made from the bytes: the compiled program gives the result of the
 * naive interpreter, and the same witness.
 */
#include <stdlib.h>
#include <string.h>

#include "../rule_naive.h"
#include "base/bitset.h"
#include "fuzz_target.h"
#include "rule/rule_compile.h"
#include "rule/rule_eval.h"
#include "rule/rule_witness.h"

static void compare(const tocsin__rule_program *program, const naive_node *tree, world_document *document) {
    const size_t hits = document->input.hit_count;
    char kept[WORLD_HITS];
    uint64_t support[WORLD_HITS / 64] = {0};
    void *scratch = malloc(tocsin__rule_scratch_size(program, hits) + 1);
    if (!scratch) fuzz_failed("out of memory");
    const int expected = naive_holds(tree, &document->input, NULL);
    if (tocsin__rule_holds(program, &document->input, scratch) != expected) fuzz_failed("it holds otherwise");
    if (expected) {
        tocsin__rule_witness(program, &document->input, scratch, support);
        naive_support(tree, &document->input, kept);
        for (size_t i = 0; i < hits; i++) {
            if (tocsin__bits_test(support, i) != (kept[i] != 0)) fuzz_failed("its support is another one");
        }
    }
    free(scratch);
}

static const tocsin__rule_program *compile(const tocsin_buffer *text, tocsin__arena *arena) {
    const tocsin__rule_source source = {text->data, text->length, NULL, NULL};
    const tocsin__rule_options options = {1, 0};
    const tocsin__rule_program *program = NULL;
    if (tocsin__rule_compile(&source, &world_names, &options, arena, NULL, &program))
        fuzz_failed("it does not compile");
    return program;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static naive_forest forest;
    static world_document document;
    world_random random = {0x9E3779B97F4A7C15u};
    tocsin_buffer text;
    tocsin__arena arena;
    for (size_t i = 0; i < size && i < 64; i++) random.state = (random.state ^ data[i]) * 1099511628211u;
    tocsin_buffer_init(&text, NULL);
    tocsin__arena_init(&arena, tocsin_allocator_default());
    const naive_node *tree = naive_make(&forest, &random, 2 + (int)world_below(&random, 4));
    naive_write(tree, &random, &text);
    const tocsin__rule_program *program = compile(&text, &arena);
    for (int i = 0; i < 8; i++) {
        world_fill(&document, &random, i ? 16 : 40); /* the naive one is slow */
        compare(program, tree, &document);
    }
    tocsin_buffer_release(&text);
    tocsin__arena_release(&arena);
    return 0;
}
