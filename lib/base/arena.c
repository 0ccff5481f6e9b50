/*
 * A bump allocator: compiled objects are built once and freed whole, so single frees would buy nothing. Blocks double
 * up to a megabyte; a request larger than a block gets a block of its own.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/assert.h"

struct tocsin__arena_block {
    tocsin__arena_block *next;
    size_t size; /* of the whole block, this header included */
    alignas(max_align_t) char data[];
};

#ifdef TOCSIN_SMALL_BUFFERS /* each request has a block of its own: sanitizers see where it ends, and each can fail */
#define FIRST_BLOCK ((size_t)1)
#define LARGEST_BLOCK ((size_t)1)
#else
#define FIRST_BLOCK ((size_t)4096)
#define LARGEST_BLOCK ((size_t)1 << 20)
#endif

void tocsin__arena_init(tocsin__arena *arena, const tocsin_allocator *allocator) {
    memset(arena, 0, sizeof *arena);
    arena->allocator = *allocator;
}

static void free_blocks(tocsin__arena *arena, tocsin__arena_block *block) {
    while (block) {
        tocsin__arena_block *next = block->next;
        arena->total -= block->size;
        tocsin__deallocate(&arena->allocator, block, block->size);
        block = next;
    }
}

void tocsin__arena_release(tocsin__arena *arena) {
    free_blocks(arena, arena->blocks);
    arena->blocks = NULL;
    arena->cursor = NULL;
    arena->left = 0;
}

void tocsin__arena_reset(tocsin__arena *arena) {
    tocsin__arena_block *block = arena->blocks;
    if (!block) return;
    free_blocks(arena, block->next);
    block->next = NULL;
    arena->cursor = block->data;
    arena->left = block->size - sizeof *block;
}

static int add_block(tocsin__arena *arena, size_t size) {
    size_t wanted = arena->blocks ? arena->blocks->size * 2 : FIRST_BLOCK;
    if (wanted > LARGEST_BLOCK) wanted = LARGEST_BLOCK;
    if (wanted < size + sizeof(tocsin__arena_block)) wanted = size + sizeof(tocsin__arena_block);
    tocsin__arena_block *block = tocsin__allocate(&arena->allocator, wanted);
    if (!block) return 0;
    block->size = wanted;
    block->next = arena->blocks;
    arena->blocks = block;
    arena->total += wanted;
    arena->cursor = block->data;
    arena->left = wanted - sizeof *block;
    return 1;
}

void *tocsin__arena_allocate(tocsin__arena *arena, size_t size) {
    const size_t unit = alignof(max_align_t);
    if (size > SIZE_MAX / 4) return NULL;
    size = size ? (size + unit - 1) / unit * unit : unit; /* NULL means "no memory", never "nothing" */
    if (size > arena->left && !add_block(arena, size)) return NULL;
    tocsin__assert(size <= arena->left);
    void *memory = arena->cursor;
    arena->cursor += size;
    arena->left -= size;
    return memory;
}

char *tocsin__arena_copy(tocsin__arena *arena, const char *data, size_t length) {
    char *copy = tocsin__arena_allocate(arena, length + 1);
    if (!copy) return NULL;
    if (length) memcpy(copy, data, length);
    copy[length] = '\0';
    return copy;
}
