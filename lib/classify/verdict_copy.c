/* A verdict that outlives its scanner: one block of memory that holds the struct, then the arrays, then the bytes. */
#include <stdalign.h>
#include <string.h>

#include "base/arguments.h"
#include "base/memory.h"
#include "base/vec.h"
#include "classify/document_check.h"
#include "classify/lists.h"

#include <tocsin/verdict.h>

typedef struct block {
    tocsin_allocator allocator;
    size_t size;
    tocsin_verdict verdict;
} block;

static size_t aligned(size_t size) {
    return (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
}

static size_t size_of(const tocsin_verdict *v) {
    size_t size = aligned(sizeof(block)) + aligned(v->clause_count * sizeof(tocsin_held_clause)) +
                  aligned(v->route_count * sizeof(const char *)) +
                  aligned(v->evidence_count * sizeof(tocsin_evidence)) +
                  aligned(v->topic_count * sizeof(tocsin_topic_hits)) +
                  aligned(v->place_count * sizeof(tocsin_named_place)) + v->id.length;
    for (size_t i = 0; i < v->evidence_count; i++) size += tocsin_verdict_evidence(v, i)->text.length;
    return size;
}

/* Copies an array to *at and moves *at past it. */
static void *take(char **at, const void *data, size_t size) {
    void *copy = *at;
    if (size) memcpy(copy, data, size);
    *at += aligned(size);
    return copy;
}

static tocsin_bytes take_bytes(char **at, tocsin_bytes bytes) {
    const tocsin_bytes copy = {*at, bytes.length};
    if (bytes.length) memcpy(*at, bytes.data, bytes.length);
    *at += bytes.length;
    return copy;
}

tocsin_status tocsin_verdict_copy(const tocsin_verdict *v, const tocsin_allocator *allocator, tocsin_verdict **copy) {
    tocsin_allocator resolved;
    if (tocsin__check_verdict(v, NULL) || !copy) return TOCSIN_ERROR_ARGUMENT;
    if (!tocsin__allocator_resolve(allocator, &resolved)) return TOCSIN_ERROR_ARGUMENT;
    size_t size = size_of(v);
    block *made = tocsin__allocate(&resolved, size);
    if (!made) return TOCSIN_ERROR_MEMORY;
    char *at = (char *)made + aligned(sizeof *made);
    made->allocator = resolved;
    made->size = size;
    made->verdict = *v;
    (void)tocsin_plan_retain(v->plan);
    made->verdict.clauses = take(&at, v->clauses, v->clause_count * sizeof(tocsin_held_clause));
    made->verdict.routes = take(&at, v->routes, v->route_count * sizeof(const char *));
    tocsin_evidence *evidence = take(&at, v->evidence, v->evidence_count * sizeof(tocsin_evidence));
    made->verdict.evidence = tocsin__evidence_list(evidence);
    made->verdict.topics = take(&at, v->topics, v->topic_count * sizeof(tocsin_topic_hits));
    made->verdict.places = take(&at, v->places, v->place_count * sizeof(tocsin_named_place));
    made->verdict.id = take_bytes(&at, v->id);
    for (size_t i = 0; i < v->evidence_count; i++)
        evidence[i].text = take_bytes(&at, tocsin_verdict_evidence(v, i)->text);
    *copy = &made->verdict;
    return TOCSIN_OK;
}

tocsin_status tocsin_verdict_move_evidence(tocsin_verdict *copy, size_t index, size_t start, size_t end,
                                           tocsin_bytes text) {
    if (tocsin__check_verdict(copy, NULL) || index >= copy->evidence_count || end < start) return TOCSIN_ERROR_ARGUMENT;
    tocsin_status status = tocsin__check_bytes(text, "", "text", NULL);
    if (status) return status;
    /* the string is in the block of the copy */
    tocsin_evidence *evidence = (tocsin_evidence *)(uintptr_t)tocsin_verdict_evidence(copy, index);
    evidence->start = start;
    evidence->end = end;
    evidence->text = text;
    return TOCSIN_OK;
}

void tocsin_verdict_free(tocsin_verdict *copy) {
    if (!copy) return;
    block *made = (block *)(void *)((char *)copy - offsetof(block, verdict));
    tocsin_allocator allocator = made->allocator;
    tocsin_plan_release(copy->plan);
    tocsin__deallocate(&allocator, made, made->size);
}
