/*
 * Chooses the engine of the literals and keeps it together with the one for expressions. Nothing above this file knows
 * which engine runs.
 */
#include "match/matcher.h"

#include <string.h>

#include "base/fail.h"
#include "base/utf8.h"

static const tocsin__engine_kind *kind_of(tocsin_engine engine) {
    switch (engine) {
        case TOCSIN_ENGINE_AUTO:
        case TOCSIN_ENGINE_GATE: return &tocsin__engine_gate;
        case TOCSIN_ENGINE_HYPERSCAN: return &tocsin__engine_hyperscan;
        case TOCSIN_ENGINE_NAIVE: return &tocsin__engine_naive;
    }
    return NULL;
}

static int begins_pair(const tocsin__anchor *anchors, size_t i) {
    return !i || anchors[i].left != anchors[i - 1].left || anchors[i].right != anchors[i - 1].right;
}

/* The characters of an anchor as a literal. */
static tocsin_status spell_anchor(tocsin__arena *arena, const tocsin__anchor *anchor, tocsin__pattern *pattern) {
    char text[8];
    size_t length = anchor->left == TOCSIN__ANCHOR_ANY ? 0 : tocsin__utf8_put(text, anchor->left);
    length += tocsin__utf8_put(text + length, anchor->right);
    pattern->length = (uint32_t)length;
    pattern->data = tocsin__arena_copy(arena, text, length);
    return pattern->data ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
}

/* *all: the literals of the plan, and behind them those of the anchors. */
static tocsin_status add_anchors(tocsin__matcher *m, const tocsin__pattern *literals, const tocsin__pattern **all) {
    size_t count, pairs = 0;
    const tocsin__anchor *anchors = tocsin__expressions_anchors(m->expressions, &count);
    for (size_t i = 0; i < count; i++) pairs += (size_t)begins_pair(anchors, i);
    tocsin__pattern *list = tocsin__arena_allocate(&m->anchor_arena, (m->literal_count + pairs) * sizeof *list);
    uint32_t *starts = tocsin__arena_allocate(&m->anchor_arena, (pairs + 1) * sizeof *starts);
    tocsin_status status = list && starts ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
    if (!status && m->literal_count) memcpy(list, literals, m->literal_count * sizeof *list);
    for (size_t i = 0; i < count && !status; i++) {
        if (!begins_pair(anchors, i)) continue;
        starts[m->pair_count] = (uint32_t)i;
        status = spell_anchor(&m->anchor_arena, &anchors[i], &list[m->literal_count + m->pair_count++]);
    }
    if (status) return status;
    starts[pairs] = (uint32_t)count;
    m->anchor_starts = starts;
    *all = list;
    return TOCSIN_OK;
}

static tocsin_status begin(tocsin__matcher *matcher, tocsin_engine engine, size_t literals, size_t expressions,
                           const tocsin_allocator *allocator) {
    memset(matcher, 0, sizeof *matcher);
    tocsin__arena_init(&matcher->anchor_arena, allocator);
    matcher->kind = kind_of(engine);
    matcher->literal_count = literals;
    matcher->expression_count = expressions;
    return matcher->kind ? TOCSIN_OK : TOCSIN_ERROR_ARGUMENT;
}

tocsin_status tocsin__matcher_compile(tocsin_engine engine, const tocsin__pattern *literals, size_t literal_count,
                                      const tocsin__pattern *expressions, size_t expression_count,
                                      const tocsin__engine_options *options, tocsin__matcher *matcher,
                                      size_t *bad_expression, tocsin_error *error) {
    size_t bad = SIZE_MAX;
    tocsin_status status = begin(matcher, engine, literal_count, expression_count, &options->allocator);
    *bad_expression = SIZE_MAX;
    if (status) return tocsin__fail(error, status, "unknown engine %d", (int)engine);
    if (expression_count) {
        status = tocsin__expressions_compile(expressions, expression_count, options, &matcher->expressions,
                                             bad_expression, error);
    }
    if (!status && expression_count && matcher->kind->reads_originals) {
        status = add_anchors(matcher, literals, &literals);
    }
    if (!status && literal_count + matcher->pair_count) {
        status = matcher->kind->compile(literals, literal_count + matcher->pair_count, options, &matcher->literals,
                                        &bad, error);
    }
    if (status) tocsin__matcher_release(matcher);
    return status;
}

void tocsin__matcher_release(tocsin__matcher *matcher) {
    if (matcher->literals) matcher->kind->free_engine(matcher->literals);
    tocsin__expressions_free(matcher->expressions);
    tocsin__arena_release(&matcher->anchor_arena);
    matcher->literals = NULL;
    matcher->expressions = NULL;
    matcher->anchor_starts = NULL;
}

int tocsin__matcher_reads_originals(const tocsin__matcher *matcher) {
    return (!matcher->literals || matcher->kind->reads_originals) &&
           (!matcher->expressions || !tocsin__expressions_left(matcher->expressions));
}

size_t tocsin__matcher_memory(const tocsin__matcher *matcher) {
    return (matcher->literals ? matcher->kind->memory(matcher->literals) : 0) +
           (matcher->expressions ? tocsin__expressions_memory(matcher->expressions) : 0) + matcher->anchor_arena.total;
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

static tocsin_status match_pair(const tocsin__matcher *m, tocsin__matcher_scratch *scratch, const tocsin__view *text,
                                const tocsin__hit *hit) {
    const size_t pair = hit->pattern - m->literal_count;
    tocsin_status status = TOCSIN_OK;
    for (uint32_t i = m->anchor_starts[pair]; i < m->anchor_starts[pair + 1] && !status; i++) {
        status = tocsin__expressions_match_at(m->expressions, scratch->expressions, text, hit->start, i);
    }
    return status;
}

tocsin_status tocsin__matcher_take_anchors(const tocsin__matcher *matcher, tocsin__matcher_scratch *scratch,
                                           const tocsin__view *text, tocsin__hits *literals,
                                           tocsin__hits *expressions) {
    size_t kept = 0, matched = 0;
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < literals->list.length && !status; i++) {
        const tocsin__hit hit = literals->list.data[i];
        if (hit.pattern < matcher->literal_count) {
            literals->list.data[kept++] = hit;
        } else if (expressions) {
            if (!matched++) tocsin__expressions_begin(scratch->expressions);
            status = match_pair(matcher, scratch, text, &hit);
        }
    }
    literals->list.length = kept;
    if (status || !matched) return status;
    const size_t first = expressions->list.length;
    status = tocsin__expressions_finish(matcher->expressions, scratch->expressions, expressions);
    for (size_t i = first; i < expressions->list.length; i++) {
        expressions->list.data[i].pattern += (uint32_t)matcher->literal_count;
    }
    return status;
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
    tocsin__expressions *made = NULL;
    size_t bad;
    tocsin_status status = tocsin__expressions_compile(expression, 1, options, &made, &bad, error);
    tocsin__expressions_free(made);
    return status;
}
