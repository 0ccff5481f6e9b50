#ifndef TOCSIN_TEXT_OFFSET_MAP_H
#define TOCSIN_TEXT_OFFSET_MAP_H

/*
 * Where folded bytes came from. Most characters fold to as many bytes as they had, so the map holds only the places
 * where that is not so ("map segments"); between two map segments folded and source offsets run in step.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

typedef struct tocsin__map_segment {
    uint32_t folded;        /* first folded byte */
    uint32_t folded_length; /* may be 0: characters that vanished */
    uint32_t source;        /* first source byte */
    uint32_t source_length; /* these bytes make those, as a whole */
} tocsin__map_segment;

typedef struct tocsin__offset_map {
    TOCSIN_VEC(tocsin__map_segment) segments; /* by folded, then by source */
} tocsin__offset_map;

/* First source byte of the character that the folded byte at `folded` belongs to. */
size_t tocsin__offset_map_start(const tocsin__offset_map *map, size_t folded);

/* One past the last source byte of the character whose last folded byte is at `folded` - 1. */
size_t tocsin__offset_map_end(const tocsin__offset_map *map, size_t folded);

#endif
