/*
 * Any bytes as an expression: it compiles, and its printed form compiles to the same program with the same results; or
 * every error has its place inside the text.
 */
#include <string.h>

#include "../rule_world.h"
#include "fuzz_target.h"
#include "rule/rule_eval.h"
#include "rule/rule_print.h"

#define MOST 3000u
#define DOCUMENTS 12

static const tocsin__rule_program *compile(tocsin_bytes text, tocsin__arena *arena, tocsin_diagnostics *list) {
    const tocsin__rule_source source = {text.data, text.length, NULL, NULL};
    const tocsin__rule_options options = {1, 400};
    const tocsin__rule_program *program = NULL;
    const tocsin_status status = tocsin__rule_compile(&source, &world_names, &options, arena, list, &program);
    if (status == TOCSIN_OK) return program;
    if (status != TOCSIN_ERROR_PLAN) fuzz_failed(tocsin_status_string(status));
    if (!tocsin_diagnostics_count_severity(list, TOCSIN_SEVERITY_ERROR)) fuzz_failed("refused without an error");
    return NULL;
}

static int holds(const tocsin__rule_program *program, const world_document *document) {
    static uint64_t scratch[1 << 16];
    if (tocsin__rule_scratch_size(program, document->input.hit_count) > sizeof scratch) fuzz_failed("much scratch");
    return tocsin__rule_holds(program, &document->input, scratch);
}

static void compare(const tocsin__rule_program *one, const tocsin__rule_program *other, uint64_t seed) {
    static world_document document;
    world_random random = {seed};
    for (int i = 0; i < DOCUMENTS; i++) {
        world_fill(&document, &random, i ? 12 : 60);
        if (holds(one, &document) != holds(other, &document)) fuzz_failed("as it is printed it says something else");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tocsin__arena arena;
    tocsin_buffer printed, again;
    tocsin_diagnostics *list = NULL;
    uint64_t seed = size;
    if (size > MOST) return 0;
    for (size_t i = 0; i < size; i++) seed = seed * 1099511628211u + data[i];
    if (tocsin_diagnostics_create(NULL, &list)) fuzz_failed("out of memory");
    tocsin__arena_init(&arena, tocsin_allocator_default());
    tocsin_buffer_init(&printed, NULL);
    tocsin_buffer_init(&again, NULL);
    const tocsin__rule_program *program = compile((tocsin_bytes){(const char *)data, size}, &arena, list);
    if (program) {
        if (world_print(program, &world_names, &printed)) fuzz_failed("out of memory");
        const tocsin__rule_program *other = compile((tocsin_bytes){printed.data, printed.length}, &arena, list);
        if (!other) fuzz_failed("what is printed does not compile");
        if (world_print(other, &world_names, &again)) fuzz_failed("out of memory");
        if (again.length != printed.length || memcmp(again.data, printed.data, printed.length) != 0) {
            fuzz_failed("printed again it is another text");
        }
        compare(program, other, seed);
    }
    tocsin_buffer_release(&again);
    tocsin_buffer_release(&printed);
    tocsin__arena_release(&arena);
    tocsin_diagnostics_free(list);
    return 0;
}
