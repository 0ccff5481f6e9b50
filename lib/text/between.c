/*
 * Leaves out white space, punctuation or symbols that stand between two Han characters, or between two Latin letters or
 * digits, when a plan asks for it. This is a second pass over folded text, because folding itself makes such characters
 * (㈠ becomes (一)) and takes others back. The offset map is made anew from the spans of the characters that stay.
 *
 * A gap is a run of such characters. It stays where a sentence or line ends in it, which the original text tells, and
 * where it is a part of one original character (½).
 */
#include <string.h>

#include "base/utf8.h"
#include "text/edges.h"
#include "text/folder.h"
#include "text/icu_properties.h"

/* What stands at the ends of a gap; both ends must be of one kind. */
typedef enum side {
    SIDE_NONE, /* of no gap */
    SIDE_HAN,
    SIDE_LATIN
} side;

typedef struct pass {
    tocsin_folder *folder;
    tocsin__edges edges; /* of the original */
    uint32_t left_out[SIDE_LATIN + 1];
    size_t written;     /* folded bytes that stay */
    size_t next_source; /* where the next character would start if nothing vanished */
    size_t knot_source; /* source of the last character with a knot of its own, SIZE_MAX before there is one */
} pass;

static side side_of(uint32_t c) {
    if (c >= 0x4E00 && c <= 0x9FFF) return SIDE_HAN;
    if (tocsin__is_word_character(c)) return SIDE_LATIN;
    return c >= 0x2E80 && tocsin__is_han(c) ? SIDE_HAN : SIDE_NONE;
}

static int is_left_out(uint32_t what, uint32_t c) {
    return ((what & TOCSIN_BETWEEN_SPACE) && tocsin__is_white_space(c)) ||
           ((what & TOCSIN_BETWEEN_PUNCT) && tocsin__is_punctuation(c)) ||
           ((what & TOCSIN_BETWEEN_SYMBOL) && tocsin__is_symbol(c));
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

static tocsin_status keep_all(pass *p, size_t at, size_t end) {
    tocsin_status status = TOCSIN_OK;
    for (size_t next; at < end && !status; at = next) {
        (void)tocsin__utf8_next(p->folder->out.data, end, at, &next);
        status = keep(p, at, next);
    }
    return status;
}

/* Whether the gap between the folded characters that end at `at` and begin at `next` can be left out. */
static int can_be_closed(pass *p, size_t at, size_t next) {
    const tocsin__offset_map *map = &p->folder->map;
    const size_t left = tocsin__offset_map_end(map, at), right = tocsin__offset_map_start(map, next);
    if (left > right) return 0; /* within one character */
    tocsin__edges_advance(&p->edges, left);
    const uint32_t sentence = p->edges.sentence;
    tocsin__edges_advance(&p->edges, right);
    return p->edges.sentence == sentence;
}

static tocsin_status close_gaps(pass *p, size_t length) {
    const char *text = p->folder->out.data;
    size_t gap = 0; /* what is not kept yet begins here */
    side before = SIDE_NONE;
    tocsin_status status = TOCSIN_OK;
    for (size_t at = 0, next; at < length && !status; at = next) {
        const uint32_t c = tocsin__utf8_next(text, length, at, &next);
        const side here = side_of(c);
        if (here == SIDE_NONE && before != SIDE_NONE && is_left_out(p->left_out[before], c)) continue;
        if (gap < at && !(here == before && here != SIDE_NONE && can_be_closed(p, gap, at))) {
            status = keep_all(p, gap, at);
        }
        if (!status) status = keep(p, at, next);
        gap = next;
        before = here;
    }
    return status ? status : keep_all(p, gap, length);
}

tocsin_status tocsin__leave_out_between(tocsin_folder *folder, const char *text, size_t length) {
    pass p = {.folder = folder, .edges = {.text = text, .length = length}, .knot_source = SIZE_MAX};
    p.left_out[SIDE_HAN] = folder->options.between_han;
    p.left_out[SIDE_LATIN] = folder->options.between_latin;
    folder->spare.knots.length = 0; /* and as much room as the map has, with which it changes places below */
    tocsin_status status = tocsin__vec_reserve(&folder->spare.knots, folder->map.knots.capacity, &folder->allocator);
    if (!status) status = close_gaps(&p, folder->out.length);
    if (status) return status;
    tocsin__offset_map made = folder->spare;
    folder->spare = folder->map;
    folder->map = made;
    folder->out.length = p.written;
    return TOCSIN_OK;
}
