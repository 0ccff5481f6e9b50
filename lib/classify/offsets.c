/*
 * Converts offsets to the caller's unit. Inside the library everything is counted in bytes. For a scanner that was
 * asked for characters, each offset is counted from the nearest noted place before it, so that many offsets in a long
 * text cost one walk over it.
 */
#include "base/utf8.h"
#include "classify/scanner_internal.h"

#define STEP 1024 /* bytes between two noted places */

static size_t width_of(tocsin_offsets unit, uint32_t c) {
    return unit == TOCSIN_OFFSETS_UTF16 && c >= 0x10000 && c != TOCSIN__UTF8_MALFORMED ? 2 : 1;
}

/* Goes on from a place to the first character at or after `to`, and notes places on the way. */
static tocsin__counted_place walk(tocsin_scanner *s, tocsin_field field, tocsin__counted_place from, size_t to) {
    const tocsin_bytes text = s->original[field];
    size_t noted = s->counted[field].length ? s->counted[field].data[s->counted[field].length - 1].byte : 0;
    while (from.byte < to && from.byte < text.length) {
        size_t next;
        from.count += width_of(s->options.offsets, tocsin__utf8_next(text.data, text.length, from.byte, &next));
        from.byte = next;
        if (from.byte < noted + STEP) continue;
        /* If there is no memory for the note, later walks are longer. */
        (void)tocsin__vec_push(&s->counted[field], &s->allocator, from);
        noted = from.byte;
    }
    return from;
}

size_t tocsin__count_offset(const tocsin_scanner *scanner, tocsin_field field, size_t byte) {
    tocsin_scanner *s = (tocsin_scanner *)(uintptr_t)scanner; /* notes counted places */
    size_t low = 0, high = s->counted[field].length;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (s->counted[field].data[middle].byte <= byte) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const tocsin__counted_place start = {0, 0};
    return walk(s, field, low ? s->counted[field].data[low - 1] : start, byte).count;
}
