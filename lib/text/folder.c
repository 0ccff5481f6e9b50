/*
 * Folds UTF-8 by table: runs of plain characters with the best instruction set of the machine (fold_level.h), and the
 * characters between them one at a time. A character that may combine with the one before it takes the last segment
 * back, and ICU normalises both together. Characters that vanish leave only a map segment in the offset map. Strokes
 * are treated as combining marks and then dropped. The result equals NFKC_Casefold of ICU with framed characters,
 * strokes and variant classes replaced; the tests check this.
 */
#include "text/folder.h"

#include <string.h>

#include <tocsin/version.h>

#include "base/assert.h"
#include "base/utf8.h"
#include "text/fold_tables.h"

#define NOWHERE SIZE_MAX
#ifdef TOCSIN_SMALL_BUFFERS
#define REACH 24
#else
#define REACH                                                                                                          \
    4096 /* source bytes for which room is made at once: bounds the map segments, 8 bytes a source byte, at 32 kB */
#endif
#define ROOM 128 /* bytes that one step may write: an expansion of TOCSIN__FOLD_EXPANSION_MAX code points, and more */

static const char replacement[] = "\xEF\xBF\xBD";

tocsin_status tocsin_folder_create(const tocsin_fold_options *options, const tocsin_allocator *allocator,
                                   tocsin_folder **folder) {
    const tocsin_fold_options defaults = {0};
    const uint32_t known = TOCSIN_BETWEEN_SPACE | TOCSIN_BETWEEN_PUNCT | TOCSIN_BETWEEN_SYMBOL;
    tocsin_allocator resolved;
    if (!options) options = &defaults;
    if (!folder || !tocsin__allocator_resolve(allocator, &resolved)) return TOCSIN_ERROR_ARGUMENT;
    if ((unsigned)options->profile > TOCSIN_FOLD_NFKC_CF ||
        ((options->between_han | options->between_latin) & ~known)) {
        return TOCSIN_ERROR_ARGUMENT;
    }
    tocsin_folder *made = tocsin__allocate_zeroed(&resolved, sizeof *made);
    if (!made) return TOCSIN_ERROR_MEMORY;
    made->allocator = resolved;
    made->options = *options;
    made->run = tocsin__fold_level_best();
    made->plane = options->profile == TOCSIN_FOLD_NFKC_CF ? tocsin__fold_plane_cf : tocsin__fold_plane_hans;
    tocsin_status status = tocsin__normalizer_open(&made->normalizer);
    if (status) {
        tocsin_folder_free(made);
        return status;
    }
    *folder = made;
    return TOCSIN_OK;
}

void tocsin_folder_free(tocsin_folder *folder) {
    if (!folder) return;
    tocsin_allocator allocator = folder->allocator;
    tocsin__normalizer_close(&folder->normalizer, &allocator);
    tocsin__vec_release(&folder->out, &allocator);
    tocsin__vec_release(&folder->map.segments, &allocator);
    tocsin__vec_release(&folder->spare.segments, &allocator);
    tocsin__vec_release(&folder->segment, &allocator);
    tocsin__deallocate(&allocator, folder, sizeof *folder);
}

/* The class of one code point that NFKC_Casefold leaves as it is; the code point itself under profile nfkc_cf. */
static uint32_t fold_class(const tocsin_folder *folder, uint32_t c) {
    if (folder->options.profile == TOCSIN_FOLD_NFKC_CF) return c;
    if (c < 0x10000 && tocsin__fold_plane_hans[c]) return tocsin__fold_plane_hans[c];
    size_t low = 0, high = tocsin__fold_class_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tocsin__fold_classes[middle][0] < c) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < tocsin__fold_class_count && tocsin__fold_classes[low][0] == c ? tocsin__fold_classes[low][1] : c;
}

static tocsin_status add_map_segment(tocsin_folder *folder, size_t folded, size_t folded_length, size_t source,
                                     size_t source_length) {
    if (folded + folded_length > UINT32_MAX) return TOCSIN_ERROR_TOO_LARGE;
    const tocsin__map_segment segment = {(uint32_t)folded, (uint32_t)folded_length, (uint32_t)source,
                                         (uint32_t)source_length};
    return tocsin__vec_push(&folder->map.segments, &folder->allocator, segment);
}

static void begin_segment(tocsin_folder *folder, size_t source) {
    folder->last.source = source;
    folder->last.folded = folder->out.length;
    folder->last.segments = folder->map.segments.length;
}

/* Writes code points that came, together, from source_length bytes at `source`. */
static tocsin_status emit(tocsin_folder *folder, const uint32_t *points, size_t count, size_t source,
                          size_t source_length) {
    if (tocsin__vec_reserve(&folder->out, folder->out.length + count * 4 + ROOM, &folder->allocator)) {
        return TOCSIN_ERROR_MEMORY;
    }
    size_t from = folder->out.length;
    for (size_t i = 0; i < count; i++) {
        folder->out.length += tocsin__utf8_put(folder->out.data + folder->out.length, points[i]);
    }
    size_t written = folder->out.length - from;
    if (count == 1 && written == source_length) return TOCSIN_OK;
    return add_map_segment(folder, from, written, source, source_length);
}

static tocsin_status emit_expansion(tocsin_folder *folder, int32_t entry, size_t source, size_t source_length) {
    uint32_t points[TOCSIN__FOLD_EXPANSION_MAX];
    const tocsin__fold_expansion *expansion = &tocsin__fold_expansions[entry / 4];
    for (uint32_t i = 0; i < expansion->length; i++) {
        points[i] = fold_class(folder, tocsin__fold_expansion_points[expansion->first + i]);
    }
    return emit(folder, points, expansion->length, source, source_length);
}

static int kind_of(uint32_t c) { return (int)(tocsin__fold_entry(c) & 3); }

/*
 * Appends the NFKC_Casefold of one code point to folder->segment; strokes and characters that vanish add nothing. ICU
 * then only has to compose, and need not know which letter or digit a framed character shows.
 */
static tocsin_status add_to_segment(tocsin_folder *folder, uint32_t c) {
    const int32_t entry = tocsin__fold_entry(c);
    const int kind = entry & 3;
    const uint32_t shown = kind == TOCSIN__FOLD_SIMPLE ? (uint32_t)((int32_t)c + entry / 4) : c;
    const uint32_t *points = &shown;
    size_t count = 1;
    if (kind == TOCSIN__FOLD_VANISH || tocsin__is_stroke(c)) return TOCSIN_OK;
    if (kind == TOCSIN__FOLD_EXPAND) {
        points = tocsin__fold_expansion_points + tocsin__fold_expansions[entry / 4].first;
        count = tocsin__fold_expansions[entry / 4].length;
    }
    for (size_t i = 0; i < count; i++) {
        if (tocsin__vec_push(&folder->segment, &folder->allocator, points[i])) return TOCSIN_ERROR_MEMORY;
    }
    return TOCSIN_OK;
}

/*
 * Reads a segment from `at` on into folder->segment: one character and all that may combine with it or vanishes after
 * it. *first and *last bound the source bytes that do not vanish, strokes included; *end is the end of the segment.
 */
static tocsin_status read_segment(tocsin_folder *folder, const char *text, size_t length, size_t at, size_t *first,
                                  size_t *last, size_t *end) {
    size_t next = at;
    folder->segment.length = 0;
    *first = *last = NOWHERE;
    for (size_t here = at; here < length; here = next) {
        uint32_t c = tocsin__utf8_next(text, length, here, &next);
        int kind = c == TOCSIN__UTF8_MALFORMED ? TOCSIN__FOLD_SIMPLE : kind_of(c);
        if (c == TOCSIN__UTF8_MALFORMED ||
            (here > at && (kind == TOCSIN__FOLD_SIMPLE || kind == TOCSIN__FOLD_EXPAND))) {
            next = here;
            break;
        }
        if (kind != TOCSIN__FOLD_VANISH) {
            if (*first == NOWHERE) *first = here;
            *last = next;
        }
        if (add_to_segment(folder, c)) return TOCSIN_ERROR_MEMORY;
    }
    *end = next;
    return TOCSIN_OK;
}

/* Takes the last segment back and folds it again together with the mark at *at. */
static tocsin_status fold_joined(tocsin_folder *folder, const char *text, size_t length, size_t *at) {
    size_t start = *at, first, last, end;
    if (folder->last.source != NOWHERE) {
        start = folder->last.source;
        folder->out.length = folder->last.folded;
        folder->map.segments.length = folder->last.segments;
    }
    tocsin_status status = read_segment(folder, text, length, start, &first, &last, &end);
    const uint32_t *points = NULL;
    size_t count = 0;
    if (!status) {
        status = tocsin__normalize(&folder->normalizer, &folder->allocator, folder->segment.data,
                                   folder->segment.length, &points, &count);
    }
    if (!status && tocsin__vec_reserve(&folder->segment, count, &folder->allocator)) status = TOCSIN_ERROR_MEMORY;
    if (status) return status;
    for (size_t i = 0; i < count; i++) folder->segment.data[i] = fold_class(folder, points[i]);
    if (!count) first = last = end; /* strokes with no character to cross out */
    if (first > start) status = add_map_segment(folder, folder->out.length, 0, start, first - start);
    if (!status && count) status = emit(folder, folder->segment.data, count, first, last - first);
    if (!status && end > last) status = add_map_segment(folder, folder->out.length, 0, last, end - last);
    folder->last.source = NOWHERE;
    *at = end;
    return status;
}

/* Characters that vanish: they are skipped, unless a combining mark follows that must see the character before them. */
static tocsin_status fold_vanishing(tocsin_folder *folder, const char *text, size_t length, size_t *at) {
    size_t end = *at, next = *at;
    while (end < length) {
        uint32_t c = tocsin__utf8_next(text, length, end, &next);
        int kind = c == TOCSIN__UTF8_MALFORMED ? TOCSIN__FOLD_SIMPLE : kind_of(c);
        if (kind == TOCSIN__FOLD_JOIN) return fold_joined(folder, text, length, at);
        if (kind != TOCSIN__FOLD_VANISH) break;
        end = next;
    }
    tocsin_status status = add_map_segment(folder, folder->out.length, 0, *at, end - *at);
    *at = end;
    return status;
}

/* Malformed bytes, which mostly come in runs: each part that no character can begin with becomes U+FFFD. */
static tocsin_status fold_malformed(tocsin_folder *folder, const char *text, size_t length, size_t *at) {
    const uint32_t point = 0xFFFD;
    tocsin_status status = TOCSIN_OK;
    folder->last.source = NOWHERE;
    for (size_t next; *at < length && !status; *at = next) {
        if (tocsin__utf8_next(text, length, *at, &next) != TOCSIN__UTF8_MALFORMED) break;
        folder->malformed++;
        status = emit(folder, &point, 1, *at, next - *at);
    }
    return status;
}

/* Folds all characters that the plane table has no entry for. */
static tocsin_status fold_special(tocsin_folder *folder, const char *text, size_t length, size_t *at) {
    size_t here = *at, next;
    uint32_t c = tocsin__utf8_next(text, length, here, &next);
    if (c == TOCSIN__UTF8_MALFORMED) return fold_malformed(folder, text, length, at);
    int32_t entry = tocsin__fold_entry(c);
    switch (entry & 3) {
        case TOCSIN__FOLD_JOIN: return fold_joined(folder, text, length, at);
        case TOCSIN__FOLD_VANISH: return fold_vanishing(folder, text, length, at);
        default: break;
    }
    begin_segment(folder, here);
    *at = next;
    if ((entry & 3) == TOCSIN__FOLD_EXPAND) return emit_expansion(folder, entry, here, next - here);
    const uint32_t point = fold_class(folder, (uint32_t)((int32_t)c + entry / 4));
    return emit(folder, &point, 1, here, next - here);
}

/* Notes the start of the last character of a run: a combining mark may follow. */
static void note_last(tocsin_folder *folder, const char *text, size_t at) {
    size_t source = at - 1, folded = folder->out.length - 1, segments = folder->map.segments.length;
    while (((unsigned char)text[source] & 0xC0) == 0x80) source--;
    while (((unsigned char)folder->out.data[folded] & 0xC0) == 0x80) folded--;
    int own = segments && folder->map.segments.data[segments - 1].folded == folded &&
              folder->map.segments.data[segments - 1].folded_length;
    folder->last = (tocsin__fold_mark){source, folded, own ? segments - 1 : segments};
}

/* Folds plain characters, up to the first that is not plain, the end of the text, or the end of the room. */
static tocsin_status fold_plain(tocsin_folder *folder, const char *text, size_t length, size_t *at) {
    size_t reach = length - *at < REACH ? length - *at : REACH;
    size_t room = folder->out.length + reach + reach / 2 + TOCSIN__FOLD_SLACK;
    size_t segments = folder->map.segments.length + reach / 2 + TOCSIN__FOLD_SLACK;
    if (tocsin__vec_reserve(&folder->out, room, &folder->allocator) ||
        tocsin__vec_reserve(&folder->map.segments, segments, &folder->allocator)) {
        return TOCSIN_ERROR_MEMORY;
    }
    tocsin__fold_run run = {.plane = folder->plane,
                            .text = text,
                            .length = length,
                            .at = *at,
                            .stop = *at + reach,
                            .out = folder->out.data,
                            .written = folder->out.length,
                            .segments = folder->map.segments.data,
                            .segment_count = folder->map.segments.length};
    folder->run(&run);
    tocsin__assert(run.at >= *at && run.written <= folder->out.capacity &&
                   run.segment_count <= folder->map.segments.capacity);
    folder->out.length = run.written;
    folder->map.segments.length = run.segment_count;
    if (run.at > *at && run.at < length) note_last(folder, text, run.at);
    *at = run.at;
    if (run.at < run.stop) return fold_special(folder, text, length, at);
    return TOCSIN_OK;
}

/* Whether map segments are as offset_map.h says: in order, apart, within both texts. */
TOCSIN__FOR_ASSERTS static int is_monotone(const tocsin_folder *folder, size_t length) {
    size_t folded = 0, source = 0;
    for (size_t i = 0; i < folder->map.segments.length; i++) {
        const tocsin__map_segment *segment = &folder->map.segments.data[i];
        if (segment->folded < folded || segment->source < source) return 0;
        folded = (size_t)segment->folded + segment->folded_length;
        source = (size_t)segment->source + segment->source_length;
    }
    return folded <= folder->out.length && source <= length;
}

tocsin_status tocsin_fold(tocsin_folder *folder, const char *text, size_t length, tocsin_bytes *folded) {
    if (!folder || !folded || (!text && length)) return TOCSIN_ERROR_ARGUMENT;
    if (length > TOCSIN_FOLD_MAX) return TOCSIN_ERROR_TOO_LARGE;
    tocsin_status status = TOCSIN_OK;
    folder->out.length = folder->map.segments.length = 0;
    folder->malformed = 0;
    folder->last.source = NOWHERE;
    for (size_t at = 0; at < length && !status;) {
        status = fold_plain(folder, text, length, &at);
        if (folder->out.length > UINT32_MAX) status = TOCSIN_ERROR_TOO_LARGE;
    }
    if (!status && (folder->options.between_han || folder->options.between_latin)) {
        status = tocsin__leave_out_between(folder, text, length);
    }
    if (status) {
        folder->out.length = folder->map.segments.length = 0;
        return status;
    }
    tocsin__assert(folder->out.length <= folder->out.capacity);
    tocsin__assert_all(is_monotone(folder, length));
    *folded = (tocsin_bytes){length ? folder->out.data : replacement, folder->out.length};
    return TOCSIN_OK;
}

tocsin_status tocsin_fold_span(const tocsin_folder *folder, size_t folded_start, size_t folded_end, size_t *start,
                               size_t *end) {
    if (!folder || !start || !end) return TOCSIN_ERROR_ARGUMENT;
    if (folded_start >= folded_end || folded_end > folder->out.length) return TOCSIN_ERROR_ARGUMENT;
    const char *text = folder->out.data;
    if (((unsigned char)text[folded_start] & 0xC0) == 0x80) return TOCSIN_ERROR_ARGUMENT;
    if (folded_end < folder->out.length && ((unsigned char)text[folded_end] & 0xC0) == 0x80) {
        return TOCSIN_ERROR_ARGUMENT;
    }
    *start = tocsin__offset_map_start(&folder->map, folded_start);
    *end = tocsin__offset_map_end(&folder->map, folded_end);
    return TOCSIN_OK;
}

uint64_t tocsin_folder_malformed(const tocsin_folder *folder) { return folder ? folder->malformed : 0; }

const char *tocsin_version_tables(void) { return tocsin__fold_tables_source; }
