/* Look-ups by bisection: hits are few, knots are few, and hits come in any order. */
#include "text/offset_map.h"

/* How many knots start at or before a folded byte. */
static size_t knots_before(const tocsin__offset_map *map, size_t folded) {
    size_t low = 0, high = map->knots.length;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (map->knots.data[middle].folded <= folded) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t tocsin__offset_map_start(const tocsin__offset_map *map, size_t folded) {
    size_t before = knots_before(map, folded);
    if (!before) return folded;
    const tocsin__knot *knot = &map->knots.data[before - 1];
    size_t past = folded - knot->folded;
    if (past < knot->folded_length) return knot->source;
    return (size_t)knot->source + knot->source_length + past - knot->folded_length;
}

size_t tocsin__offset_map_end(const tocsin__offset_map *map, size_t folded) {
    size_t last = folded - 1, before = knots_before(map, last);
    if (!before) return folded;
    const tocsin__knot *knot = &map->knots.data[before - 1];
    size_t past = last - knot->folded;
    if (past < knot->folded_length) return (size_t)knot->source + knot->source_length;
    return (size_t)knot->source + knot->source_length + past - knot->folded_length + 1;
}
