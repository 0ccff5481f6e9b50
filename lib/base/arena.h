#ifndef TOCSIN_BASE_ARENA_H
#define TOCSIN_BASE_ARENA_H

/* Memory that is given back all at once: what belongs to one compiled object. Pointers into it never move. */

#include <stddef.h>

#include <tocsin/bytes.h>

#include "base/memory.h"

typedef struct tocsin__arena_block tocsin__arena_block;

typedef struct tocsin__arena {
    tocsin_allocator allocator;
    tocsin__arena_block *blocks; /* newest first */
    char *cursor;
    size_t left;  /* bytes from the cursor on */
    size_t total; /* bytes taken from the allocator */
} tocsin__arena;

void tocsin__arena_init(tocsin__arena *arena, const tocsin_allocator *allocator);
void tocsin__arena_release(tocsin__arena *arena);

/* Aligned for anything, not cleared; NULL when there is no memory. */
void *tocsin__arena_allocate(tocsin__arena *arena, size_t size);

/* A terminated copy; NULL when there is no memory. */
char *tocsin__arena_copy(tocsin__arena *arena, const char *data, size_t length);

/* Keeps the first block and discards the content of all. */
void tocsin__arena_reset(tocsin__arena *arena);

#endif
