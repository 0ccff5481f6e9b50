/*
 * Every block carries its size, so that the size at its release can be compared. A reallocation always moves, so that
 * the address sanitizer finds pointers that are kept across one.
 */
#include "failing_allocator.h"

#include <stdlib.h>
#include <string.h>

typedef union header {
    size_t size;
    max_align_t align;
} header;

static int fails(failing_allocator *state) {
    state->calls++;
    if (!state->fail_at || state->calls < state->fail_at) return 0;
    if (state->calls > state->fail_at && !state->fail_onwards) return 0;
    state->failures++;
    return 1;
}

static void *get(void *context, size_t size) {
    failing_allocator *state = context;
    if (fails(state)) return NULL;
    header *block = malloc(sizeof *block + size);
    if (!block) return NULL;
    block->size = size;
    state->live++;
    state->bytes += size;
    if (state->bytes > state->most) state->most = state->bytes;
    return block + 1;
}

static void give_back(void *context, void *memory, size_t size) {
    failing_allocator *state = context;
    header *block = (header *)memory - 1;
    if (block->size != size) state->wrong++;
    state->live--;
    state->bytes -= block->size;
    free(block);
}

static void *resize(void *context, void *memory, size_t old_size, size_t new_size) {
    void *moved = get(context, new_size);
    if (!moved) return NULL;
    memcpy(moved, memory, old_size < new_size ? old_size : new_size);
    give_back(context, memory, old_size);
    return moved;
}

tocsin_allocator failing_allocator_get(failing_allocator *state) {
    return (tocsin_allocator){get, resize, give_back, state};
}
