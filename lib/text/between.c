/*
 * Leaves out white space or punctuation that stands between two Han characters, when a plan asks for it: a second pass
 * over folded text, because folding itself makes such characters (㈠ becomes (一)) and takes others back. The offset
 * map is made anew from the spans of the characters that stay.
 */
#include <string.h>

#include "base/utf8.h"
#include "text/folder.h"
#include "text/icu_properties.h"

typedef struct pass {
    tocsin_folder *folder;
    size_t written;     /* folded bytes that stay */
    size_t next_source; /* where the next character would start if nothing vanished */
    size_t knot_source; /* source of the last character with a knot of its own, SIZE_MAX before there is one */
} pass;

static int is_left_out(const tocsin_folder *folder, uint32_t c) {
    const uint32_t what = folder->options.between_han;
    return ((what & TOCSIN_BETWEEN_HAN_SPACE) && tocsin__is_white_space(c)) ||
           ((what & TOCSIN_BETWEEN_HAN_PUNCT) && tocsin__is_punctuation(c));
}

static tocsin_status add_knot(pass *p, size_t folded_length, size_t source, size_t source_length) {
    const tocsin__knot knot = {(uint32_t)p->written, (uint32_t)folded_length, (uint32_t)source,
                               (uint32_t)source_length};
    return tocsin__vec_push(&p->folder->spare.knots, &p->folder->allocator, knot);
}

/* Keeps the folded character [at, next): moves it down and notes where it came from. */
static tocsin_status keep(pass *p, size_t at, size_t next) {
    tocsin_folder *folder = p->folder;
    size_t length = next - at;
    size_t start = tocsin__offset_map_start(&folder->map, at), end = tocsin__offset_map_end(&folder->map, next);
    tocsin_status status = TOCSIN_OK;
    memmove(folder->out.data + p->written, folder->out.data + at, length);
    if (start == p->knot_source && folder->spare.knots.length) {
        folder->spare.knots.data[folder->spare.knots.length - 1].folded_length += (uint32_t)length;
    } else {
        if (start > p->next_source) status = add_knot(p, 0, p->next_source, start - p->next_source);
        if (!status && tocsin__offset_map_in_knot(&folder->map, at)) {
            status = add_knot(p, length, start, end - start);
            p->knot_source = start;
        }
    }
    p->written += length;
    p->next_source = end;
    return status;
}

tocsin_status tocsin__leave_out_between_han(tocsin_folder *folder) {
    pass p = {folder, 0, 0, SIZE_MAX};
    const char *text = folder->out.data;
    size_t length = folder->out.length, gap = SIZE_MAX; /* gap: start of a run after a Han character */
    int after_han = 0;
    folder->spare.knots.length = 0; /* and as much room as the map has, with which it changes places below */
    tocsin_status status = tocsin__vec_reserve(&folder->spare.knots, folder->map.knots.capacity, &folder->allocator);
    for (size_t at = 0, next; at < length && !status; at = next) {
        uint32_t c = tocsin__utf8_next(text, length, at, &next);
        if (is_left_out(folder, c) && (after_han || gap != SIZE_MAX)) {
            if (gap == SIZE_MAX) gap = at;
            continue;
        }
        int han = tocsin__is_han(c);
        for (size_t kept = gap, after; !han && kept < at && !status; kept = after) {
            (void)tocsin__utf8_next(text, length, kept, &after);
            status = keep(&p, kept, after);
        }
        if (!status) status = keep(&p, at, next);
        gap = SIZE_MAX;
        after_han = han;
    }
    for (size_t kept = gap, after; kept < length && !status; kept = after) {
        (void)tocsin__utf8_next(text, length, kept, &after);
        status = keep(&p, kept, after);
    }
    if (status) return status;
    tocsin__offset_map made = folder->spare;
    folder->spare = folder->map;
    folder->map = made;
    folder->out.length = p.written;
    return TOCSIN_OK;
}
