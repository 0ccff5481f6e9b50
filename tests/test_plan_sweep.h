#ifndef TOCSIN_TESTS_TEST_PLAN_SWEEP_H
#define TOCSIN_TESTS_TEST_PLAN_SWEEP_H

/* An allocator that fails from the i-th allocation on, or only at it, and knows what is still out. */

#include <stdlib.h>

#include <tocsin/allocator.h>

typedef struct sweep {
    size_t calls;
    size_t fail_at; /* 1-based; 0 never */
    int only_once;
    size_t out; /* bytes not given back */
} sweep;

static int sweep_fails(sweep *s) {
    s->calls++;
    return s->fail_at && (s->only_once ? s->calls == s->fail_at : s->calls >= s->fail_at);
}

static void *sweep_allocate(void *context, size_t size) {
    sweep *s = context;
    if (sweep_fails(s)) return NULL;
    void *memory = malloc(size ? size : 1);
    if (memory) s->out += size;
    return memory;
}

static void *sweep_reallocate(void *context, void *memory, size_t old_size, size_t new_size) {
    sweep *s = context;
    if (sweep_fails(s)) return NULL;
    void *moved = realloc(memory, new_size ? new_size : 1);
    if (moved) s->out += new_size - old_size;
    return moved;
}

static void sweep_deallocate(void *context, void *memory, size_t size) {
    sweep *s = context;
    if (memory) s->out -= size;
    free(memory);
}

static inline tocsin_allocator sweep_allocator(sweep *s) {
    return (tocsin_allocator){sweep_allocate, sweep_reallocate, sweep_deallocate, s};
}

#endif
