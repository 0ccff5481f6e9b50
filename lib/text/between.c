/*
 * Leaves out white space, punctuation or symbols between two Han characters, or between two Latin letters or digits, if
 * a plan asks for it. It is a second pass over folded text, because folding itself produces such characters (㈠ becomes
 * (一)) and replaces earlier ones. The offset map is built anew from the spans of the characters that stay.
 *
 * A gap is a run of such characters, with the combining marks on them. A gap is kept if a sentence or line ends in it,
 * which only the original text shows, or if it is part of one original character (½). Folding turns ￣ and ¨ into a
 * space and a mark: the original character then decides whether it is a space or a symbol.
 *
 * If only white space is left out, a one-to-one text need not be folded for it: it is copied without the gaps.
 */
#include <string.h>

#include "base/utf8.h"
#include "text/folder.h"
#include "text/icu_properties.h"
#include "text/line_ends.h"
#include "text/sentence_breaks.h"
#include "text/text_view.h"

/* The kind of a character at an end of a gap; both ends must have the same kind. */
typedef enum side {
    SIDE_NONE, /* of no gap */
    SIDE_HAN,
    SIDE_LATIN
} side;

typedef struct pass {
    tocsin_folder *folder;
    const char *original;
    size_t original_length;
    uint32_t left_out[SIDE_LATIN + 1];
    size_t kept;    /* folded bytes of the old text that are done */
    size_t written; /* folded bytes of these that stay */
    size_t segment; /* the first map segment that is not done */
} pass;

/* By the first byte of a folded character: whether it is one of U+5000 to U+8FFF, as most are. */
static int is_plainly_han(char first) { return (unsigned char)first >= 0xE5 && (unsigned char)first <= 0xE8; }

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

static int is_mark(uint32_t c) {
    if (c < 0x300 || (c >= 0x4E00 && c <= 0x9FFF)) return 0; /* as nearly every character */
    return tocsin__is_mark_or_unseen(c) || tocsin__is_enclosing_mark(c);
}

/* Whether the folded character c, whose bytes are [at, next), belongs to a gap of this kind. */
static int is_in_gap(const pass *p, uint32_t what, uint32_t c, size_t at, size_t next, int gap_began) {
    const tocsin_folder *folder = p->folder;
    size_t end;
    if (gap_began && is_mark(c)) return 1;
    if (c == ' ' && next < folder->out.length &&
        is_mark(tocsin__utf8_next(folder->out.data, folder->out.length, next, &end))) {
        const size_t from = tocsin__offset_map_start(&folder->map, at);
        c = tocsin__utf8_next(p->original, p->original_length, from, &end);
    }
    return is_left_out(what, c);
}

static tocsin_status add_map_segment(pass *p, size_t folded, size_t folded_length, size_t source,
                                     size_t source_length) {
    const tocsin__map_segment segment = {(uint32_t)folded, (uint32_t)folded_length, (uint32_t)source,
                                         (uint32_t)source_length};
    return tocsin__vec_push(&p->folder->spare.segments, &p->folder->allocator, segment);
}

/* Keeps the text up to `end`, with its map segments; a map segment that goes on after `end` is kept up to there. */
static tocsin_status keep_until(pass *p, size_t end) {
    tocsin_folder *folder = p->folder;
    const tocsin__map_segment *segments = folder->map.segments.data;
    tocsin_status status = TOCSIN_OK;
    for (; p->segment < folder->map.segments.length && segments[p->segment].folded < end && !status; p->segment++) {
        tocsin__map_segment k = segments[p->segment];
        size_t last = (size_t)k.folded + k.folded_length;
        if (k.folded_length && last <= p->kept) continue;
        const size_t first = k.folded > p->kept ? k.folded : p->kept;
        status = add_map_segment(p, first - p->kept + p->written, (last < end ? last : end) - first, k.source,
                                 k.source_length);
        if (last > end) break; /* the text after the gap may have a part of it */
    }
    if (p->written < p->kept) memmove(folder->out.data + p->written, folder->out.data + p->kept, end - p->kept);
    p->written += end - p->kept;
    p->kept = end;
    return status;
}

/* Leaves out [gap, end), between the original bytes left and right. */
static tocsin_status leave_out(pass *p, size_t gap, size_t end, size_t left, size_t right) {
    const tocsin__offset_map *map = &p->folder->map;
    tocsin_status status = keep_until(p, gap);
    while (p->segment < map->segments.length) {
        const tocsin__map_segment *k = &map->segments.data[p->segment];
        const size_t last = (size_t)k->folded + k->folded_length;
        if (last > end || (k->folded >= end && k->folded_length)) break;
        p->segment++;
    }
    p->kept = end;
    return status || left == right ? status : add_map_segment(p, p->written, 0, left, right - left);
}

/*
 * Leaves out the gap [gap, end) of the folded text, which stands between two characters of one kind, unless it is
 * within one character or a sentence or line ends in it.
 */
static tocsin_status close_gap(pass *p, size_t gap, size_t end) {
    const tocsin__offset_map *map = &p->folder->map;
    const size_t left = tocsin__offset_map_end(map, gap), right = tocsin__offset_map_start(map, end);
    if (left > right) return TOCSIN_OK;
    tocsin__breaks breaks = {.text = p->original, .length = p->original_length, .at = left};
    tocsin__breaks_advance(&breaks, right);
    return breaks.sentence ? TOCSIN_OK : leave_out(p, gap, end, left, right);
}

#define AT_ONCE 16 /* bytes that compilers test together */

/* A first byte of folded white space that ends no line, or of a few other characters. */
static int may_be_space(unsigned char byte) { return (byte == ' ') | (byte == '\t') | (byte == 0xE1); }

/* The first folded white space at or after `at`, or a position before it that may be one; `length`: there is none. */
static size_t next_byte(const char *text, size_t at, size_t length) {
    for (; length - at >= AT_ONCE; at += AT_ONCE) {
        int any = 0;
        for (size_t i = 0; i < AT_ONCE; i++) any |= may_be_space((unsigned char)text[at + i]);
        if (any) break;
    }
    while (at < length && !may_be_space((unsigned char)text[at])) at++;
    return at;
}

static side side_before(const char *text, size_t at) {
    const tocsin__view view = {text, at, NULL};
    size_t next;
    return at ? side_of(tocsin__view_next(&view, tocsin__view_previous(&view, at), &next)) : SIDE_NONE;
}

static tocsin_status close_gaps(pass *p, size_t length) {
    const char *text = p->folder->out.data;
    const int spaces_alone = !((p->left_out[SIDE_HAN] | p->left_out[SIDE_LATIN]) & ~(uint32_t)TOCSIN_BETWEEN_SPACE);
    size_t gap = 0; /* end of the last character that cannot begin a gap */
    side before = SIDE_NONE;
    tocsin_status status = TOCSIN_OK;
    for (size_t at = 0, next; at < length && !status; at = next) {
        side here = SIDE_HAN;
        if (spaces_alone && gap == at) {
            const size_t space = next_byte(text, at, length);
            if (space > at) before = side_before(text, space);
            if (space == length) break;
            gap = at = space;
        }
        if (is_plainly_han(text[at])) {
            next = at + 3;
        } else {
            const uint32_t c = tocsin__utf8_next(text, length, at, &next);
            here = side_of(c);
            if (here == SIDE_NONE && before != SIDE_NONE && is_in_gap(p, p->left_out[before], c, at, next, gap < at)) {
                continue;
            }
        }
        if (gap < at && here == before && here != SIDE_NONE) status = close_gap(p, gap, at);
        gap = next;
        before = here;
    }
    return status ? status : keep_until(p, length);
}

tocsin_status tocsin__leave_out_between(tocsin_folder *folder, const char *text, size_t length) {
    pass p = {.folder = folder, .original = text, .original_length = length};
    p.left_out[SIDE_HAN] = folder->options.between_han;
    p.left_out[SIDE_LATIN] = folder->options.between_latin;
    folder->spare.segments.length = 0; /* the spare map gets as much room as the map, and they are swapped below */
    tocsin_status status =
        tocsin__vec_reserve(&folder->spare.segments, folder->map.segments.capacity, &folder->allocator);
    if (!status) status = close_gaps(&p, folder->out.length);
    for (; p.segment < folder->map.segments.length && !status; p.segment++) { /* characters at the end that vanished */
        const tocsin__map_segment *k = &folder->map.segments.data[p.segment];
        if (!k->folded_length) status = add_map_segment(&p, p.written, 0, k->source, k->source_length);
    }
    if (status) return status;
    tocsin__offset_map made = folder->spare;
    folder->spare = folder->map;
    folder->map = made;
    folder->out.length = p.written;
    return TOCSIN_OK;
}

static int is_beyond(uint16_t c) { return c >= 0xD800 && c < 0xE000; }

/* Whether white space between these two units is left out. */
static tocsin__gap_kind closes(const uint32_t *left_out, uint16_t before, uint16_t after) {
    if (is_beyond(before) || is_beyond(after)) return TOCSIN__GAP_UNSURE;
    const side left = side_of(before);
    return left != SIDE_NONE && left == side_of(after) && left_out[left] ? TOCSIN__GAP_CLOSES : TOCSIN__GAP_NONE;
}

tocsin__gap_kind tocsin__next_gap(const tocsin_fold_options *options, tocsin__next_space_function *next_space,
                                  const uint16_t *units, size_t count, tocsin__gap *gap) {
    const uint32_t left_out[] = {[SIDE_HAN] = options->between_han, [SIDE_LATIN] = options->between_latin};
    size_t i = gap->end ? gap->end : 1;
    for (i = next_space(units, i, count); i < count; i = next_space(units, i + 1, count)) {
        int has_line_end = 0;
        gap->begin = i;
        for (; i < count && tocsin__is_white_space(units[i]); i++) has_line_end |= tocsin__is_line_end(units[i]);
        if (i == count || has_line_end) continue;
        gap->end = i;
        const tocsin__gap_kind kind =
            is_mark(units[i]) ? TOCSIN__GAP_UNSURE : closes(left_out, units[gap->begin - 1], units[i]);
        if (kind != TOCSIN__GAP_NONE) return kind;
    }
    return TOCSIN__GAP_NONE;
}

/* The byte of a unit, which does not stand before the piece that was asked for last. */
static size_t place_of(const tocsin__units *units, size_t *piece, size_t unit) {
    while (*piece + 1 < units->pieces.length && unit >= units->pieces.data[*piece + 1].first) ++*piece;
    return units->pieces.data[*piece].from + units->places.data[unit];
}

static void copy(tocsin_folder *folder, const char *text, size_t length) {
    memcpy(folder->out.data + folder->out.length, text, length);
    folder->out.length += length;
}

tocsin_status tocsin__leave_out_spaces(tocsin_folder *folder, tocsin__next_space_function *next_space,
                                       tocsin__text *text, int *done) {
    const tocsin__units *units = &text->units;
    const tocsin__view view = text->view;
    tocsin__gap gap = {0, 0};
    size_t piece = 0, kept = 0;
    tocsin_status status = TOCSIN_OK;
    tocsin__gap_kind kind;
    folder->out.length = folder->map.segments.length = 0;
    folder->malformed = 0;
    while ((kind = tocsin__next_gap(&folder->options, next_space, units->units.data, units->count, &gap)) ==
           TOCSIN__GAP_CLOSES) {
        const size_t left = place_of(units, &piece, gap.begin), right = place_of(units, &piece, gap.end);
        status = tocsin__vec_reserve(&folder->out, view.length, &folder->allocator);
        if (status) return status;
        copy(folder, view.text + kept, left - kept);
        const tocsin__map_segment segment = {(uint32_t)folder->out.length, 0, (uint32_t)left, (uint32_t)(right - left)};
        status = tocsin__vec_push(&folder->map.segments, &folder->allocator, segment);
        if (status) return status;
        kept = right;
    }
    *done = kind == TOCSIN__GAP_NONE;
    if (!*done || !kept) return TOCSIN_OK;
    copy(folder, view.text + kept, view.length - kept);
    text->view = (tocsin__view){folder->out.data, folder->out.length, view.plane};
    return TOCSIN_OK;
}
