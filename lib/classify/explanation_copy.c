/*
 * An explanation that outlives its scanner. Strings of the plan are not copied, because the copy of the verdict retains
 * the plan. Everything else goes into one arena: lists, sentences, and the quoted bytes of the document.
 */
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "classify/document_check.h"
#include "classify/lists.h"

typedef struct copy {
    tocsin_allocator allocator;
    tocsin__arena arena;
    tocsin_verdict *verdict;
    tocsin_explanation explanation;
    int failed; /* there was no memory; everything copied from then on is NULL */
} copy;

/* Allocates `size` bytes and one more, so that NULL always means no memory. */
static void *take(copy *c, const void *data, size_t size) {
    void *made = tocsin__arena_allocate(&c->arena, size + 1);
    c->failed |= !made;
    if (made && size) memcpy(made, data, size);
    return made;
}

static const char *take_string(copy *c, const char *string) {
    const char *made = string ? tocsin__arena_copy(&c->arena, string, strlen(string)) : NULL;
    c->failed |= string && !made;
    return made;
}

static tocsin_bytes take_bytes(copy *c, tocsin_bytes bytes) {
    return (tocsin_bytes){take(c, bytes.data, bytes.length), bytes.length};
}

static const tocsin_evidence_list *take_evidence(copy *c, const tocsin_evidence_list *list, size_t count) {
    tocsin_evidence *made = take(c, list, count * sizeof *made);
    for (size_t i = 0; made && i < count; i++) made[i].text = take_bytes(c, made[i].text);
    return tocsin__evidence_list(made);
}

static void take_clause(copy *c, tocsin_explained_clause *clause) {
    const size_t count = clause->obstacle_count;
    tocsin_obstacle *obstacles = take(c, clause->obstacles, count * sizeof *obstacles);
    clause->evidence = take_evidence(c, clause->evidence, clause->evidence_count);
    clause->obstacles = tocsin__obstacle_list(obstacles);
    for (size_t i = 0; obstacles && i < count; i++) {
        tocsin_obstacle *o = &obstacles[i];
        o->text = take_string(c, o->text);
        o->condition = take_string(c, o->condition);
        o->change = take_string(c, o->change);
        o->spans = take_evidence(c, o->spans, o->span_count);
    }
}

static void take_learned(copy *c, tocsin_explained_learned *learned) {
    const size_t count = learned->contribution_count;
    tocsin_contribution *list = take(c, learned->contributions, count * sizeof *list);
    for (size_t i = 0; list && i < count; i++) list[i].text = take_bytes(c, list[i].text);
    learned->contributions = tocsin__contribution_list(list);
}

static void take_all(copy *c, const tocsin_explanation *from) {
    tocsin_explanation *to = &c->explanation;
    *to = *from;
    to->verdict = c->verdict;
    to->needs = take_string(c, from->needs);
    tocsin_explained_clause *clauses = take(c, from->clauses, from->clause_count * sizeof *clauses);
    for (size_t i = 0; clauses && i < from->clause_count; i++) take_clause(c, &clauses[i]);
    to->clauses = tocsin__explained_clause_list(clauses);
    if (from->about) {
        tocsin_explained_clause *about = take(c, from->about, sizeof *about);
        if (about) take_clause(c, about);
        to->about = about;
    }
    if (from->nearest) {
        tocsin_counterfactual *nearest = take(c, from->nearest, sizeof *nearest);
        if (nearest) nearest->text = take_string(c, nearest->text);
        to->nearest = nearest;
    }
    tocsin_explained_learned *learned = take(c, from->learned, from->learned_count * sizeof *learned);
    for (size_t i = 0; learned && i < from->learned_count; i++) take_learned(c, &learned[i]);
    to->learned = tocsin__explained_learned_list(learned);
}

static void release(copy *c) {
    const tocsin_allocator allocator = c->allocator;
    tocsin_verdict_free(c->verdict);
    tocsin__arena_release(&c->arena);
    tocsin__deallocate(&allocator, c, sizeof *c);
}

tocsin_status tocsin_explanation_copy(const tocsin_explanation *explanation, const tocsin_allocator *allocator,
                                      tocsin_explanation **out) {
    tocsin_allocator resolved;
    if (!explanation || explanation->struct_size != sizeof *explanation || !out) return TOCSIN_ERROR_ARGUMENT;
    if (!tocsin__allocator_resolve(allocator, &resolved)) return TOCSIN_ERROR_ARGUMENT;
    tocsin_verdict *verdict = NULL;
    tocsin_status status = tocsin_verdict_copy(explanation->verdict, &resolved, &verdict);
    if (status) return status;
    copy *c = tocsin__allocate_zeroed(&resolved, sizeof *c);
    if (!c) {
        tocsin_verdict_free(verdict);
        return TOCSIN_ERROR_MEMORY;
    }
    c->allocator = resolved;
    c->verdict = verdict;
    tocsin__arena_init(&c->arena, &resolved);
    take_all(c, explanation);
    if (c->failed) {
        release(c);
        return TOCSIN_ERROR_MEMORY;
    }
    *out = &c->explanation;
    return TOCSIN_OK;
}

void tocsin_explanation_free(tocsin_explanation *explanation) {
    if (explanation) release((copy *)(void *)((char *)explanation - offsetof(copy, explanation)));
}
