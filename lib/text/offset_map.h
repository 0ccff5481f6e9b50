#ifndef TOCSIN_TEXT_OFFSET_MAP_H
#define TOCSIN_TEXT_OFFSET_MAP_H

/*
 * Where folded bytes came from. Most characters fold to the same number of bytes, so the map holds only the places
 * where the number differs ("map segments"). Between two map segments, folded and source offsets increase together.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

typedef struct tocsin__map_segment {
    uint32_t folded;        /* first folded byte */
    uint32_t folded_length; /* may be 0: the characters vanished */
    uint32_t source;        /* first source byte */
    uint32_t source_length; /* these source bytes became the folded bytes, as a whole */
} tocsin__map_segment;

typedef struct tocsin__offset_map {
    TOCSIN_VEC(tocsin__map_segment) segments; /* by folded, then by source */
} tocsin__offset_map;

/* For the functions below. */
size_t tocsin__offset_map_find_start(const tocsin__offset_map *map, size_t folded);
size_t tocsin__offset_map_find_end(const tocsin__offset_map *map, size_t folded);

/* First source byte of the character that the folded byte at `folded` belongs to. Most texts have no map segments. */
static inline size_t tocsin__offset_map_start(const tocsin__offset_map *map, size_t folded) {
    return map->segments.length ? tocsin__offset_map_find_start(map, folded) : folded;
}

/* One past the last source byte of the character whose last folded byte is at `folded` - 1. */
static inline size_t tocsin__offset_map_end(const tocsin__offset_map *map, size_t folded) {
    return map->segments.length ? tocsin__offset_map_find_end(map, folded) : folded;
}

#endif
