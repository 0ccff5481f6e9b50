/*
 * Chooses the engine of the literals and keeps it together with the one for expressions. Nothing above this file knows
 * which engine runs.
 */
#include "match/matcher.h"

#include <string.h>

#include "base/fail.h"

static const tocsin__engine_kind *kind_of(tocsin_engine engine) {
    switch (engine) {
        case TOCSIN_ENGINE_AUTO:
        case TOCSIN_ENGINE_GATE: return &tocsin__engine_gate;
        case TOCSIN_ENGINE_HYPERSCAN: return &tocsin__engine_hyperscan;
        case TOCSIN_ENGINE_NAIVE: return &tocsin__engine_naive;
    }
    return NULL;
}

tocsin_status tocsin__matcher_compile(tocsin_engine engine, const tocsin__pattern *literals, size_t literal_count,
                                      const tocsin__pattern *expressions, size_t expression_count,
                                      const tocsin__engine_options *options, tocsin__matcher *matcher,
                                      size_t *bad_expression, tocsin_error *error) {
    size_t bad = SIZE_MAX;
    tocsin_status status = TOCSIN_OK;
    memset(matcher, 0, sizeof *matcher);
    *bad_expression = SIZE_MAX;
    matcher->kind = kind_of(engine);
    if (!matcher->kind) return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "unknown engine %d", (int)engine);
    matcher->literal_count = literal_count;
    matcher->expression_count = expression_count;
    if (literal_count) {
        status = matcher->kind->compile(literals, literal_count, options, &matcher->literals, &bad, error);
    }
    if (!status && expression_count) {
        status = tocsin__expressions_compile(expressions, expression_count, options, &matcher->expressions,
                                             bad_expression, error);
    }
    if (status) tocsin__matcher_release(matcher);
    return status;
}

void tocsin__matcher_release(tocsin__matcher *matcher) {
    if (matcher->literals) matcher->kind->free_engine(matcher->literals);
    tocsin__expressions_free(matcher->expressions);
    matcher->literals = NULL;
    matcher->expressions = NULL;
}

int tocsin__matcher_reads_originals(const tocsin__matcher *matcher) {
    return (!matcher->literals || matcher->kind->reads_originals) &&
           (!matcher->expressions || !tocsin__expressions_left(matcher->expressions));
}

size_t tocsin__matcher_memory(const tocsin__matcher *matcher) {
    return (matcher->literals ? matcher->kind->memory(matcher->literals) : 0) +
           (matcher->expressions ? tocsin__expressions_memory(matcher->expressions) : 0);
}

tocsin_status tocsin__matcher_scratch_create(const tocsin__matcher *matcher, const tocsin_allocator *allocator,
                                             tocsin__matcher_scratch *scratch) {
    tocsin_status status = TOCSIN_OK;
    *scratch = (tocsin__matcher_scratch){NULL, NULL};
    if (matcher->literals) status = matcher->kind->create_scratch(matcher->literals, allocator, &scratch->literals);
    if (!status && matcher->expressions) {
        status = tocsin__expressions_scratch_create(matcher->expressions, allocator, &scratch->expressions);
    }
    if (status) tocsin__matcher_scratch_release(matcher, scratch);
    return status;
}

void tocsin__matcher_scratch_release(const tocsin__matcher *matcher, tocsin__matcher_scratch *scratch) {
    if (scratch->literals) matcher->kind->free_scratch(scratch->literals);
    tocsin__expressions_scratch_free(scratch->expressions);
    *scratch = (tocsin__matcher_scratch){NULL, NULL};
}

tocsin_status tocsin__matcher_scan_expressions(const tocsin__matcher *matcher, tocsin__matcher_scratch *scratch,
                                               const tocsin__view *text, tocsin__hits *hits) {
    const size_t first = hits->list.length;
    int must_fold = 0;
    if (!matcher->expressions || !text->length) return TOCSIN_OK;
    tocsin_status status = tocsin__expressions_scan(matcher->expressions, scratch->expressions, text, hits, &must_fold);
    if (must_fold) return TOCSIN__NOT_PLAIN;
    for (size_t i = first; i < hits->list.length; i++) hits->list.data[i].pattern += (uint32_t)matcher->literal_count;
    return status;
}

tocsin_status tocsin__matcher_try_expression(const tocsin__pattern *expression, const tocsin__engine_options *options,
                                             tocsin_error *error) {
    void *engine = NULL;
    size_t bad;
    tocsin_status status = tocsin__engine_regex.compile(expression, 1, options, &engine, &bad, error);
    if (!status) tocsin__engine_regex.free_engine(engine);
    return status;
}
