/* Look-ups by bisection: hits are few, map segments are few, and hits come in any order. */
#include "text/offset_map.h"

/* How many map segments start at or before a folded byte. */
static size_t segments_before(const tocsin__offset_map *map, size_t folded) {
    size_t low = 0, high = map->segments.length;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (map->segments.data[middle].folded <= folded) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t tocsin__offset_map_find_start(const tocsin__offset_map *map, size_t folded) {
    size_t before = segments_before(map, folded);
    if (!before) return folded;
    const tocsin__map_segment *segment = &map->segments.data[before - 1];
    size_t past = folded - segment->folded;
    if (past < segment->folded_length) return segment->source;
    return (size_t)segment->source + segment->source_length + past - segment->folded_length;
}

size_t tocsin__offset_map_find_end(const tocsin__offset_map *map, size_t folded) {
    size_t last = folded - 1, before = segments_before(map, last);
    if (!before) return folded;
    const tocsin__map_segment *segment = &map->segments.data[before - 1];
    size_t past = last - segment->folded;
    if (past < segment->folded_length) return (size_t)segment->source + segment->source_length;
    return (size_t)segment->source + segment->source_length + past - segment->folded_length + 1;
}
