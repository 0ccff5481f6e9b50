/*
 * Reads the characters of a field once, for all stages. Nearly always they are those of its own bytes. Folding is
 * needed for characters that a table cannot answer one by one, and for engines that cannot read originals.
 */
#include <string.h>

#include "classify/scanner_internal.h"

static const char replacement[] = {'\xEF', '\xBF', '\xBD'};

/* The field up to the limit, cut between two characters. */
static tocsin_bytes within_limit(tocsin_scanner *s, tocsin_field field, tocsin_bytes bytes) {
    static const uint32_t flags[TOCSIN_FIELD_COUNT] = {TOCSIN_INCOMPLETE_TITLE, TOCSIN_INCOMPLETE_TEXT};
    if (bytes.length <= s->options.max_document_bytes) return bytes;
    s->verdict.incomplete |= flags[field];
    size_t at = (size_t)s->options.max_document_bytes, back = 0;
    while (back < 4 && at > back && ((unsigned char)bytes.data[at - back] & 0xC0) == 0x80) back++;
    return (tocsin_bytes){bytes.data, back < 4 ? at - back : at};
}

static tocsin_status read_units(tocsin_scanner *s, tocsin__text *text, int *one_to_one) {
    return tocsin__units_read(text, s->reads_all, s->read_units, &s->allocator, one_to_one);
}

/* Reads the original as it is; *done is 0 if it must be folded. */
static tocsin_status read_original(tocsin_scanner *s, tocsin_field field, int *done) {
    const tocsin_bytes original = s->original[field];
    tocsin_folder *folder = s->folders[field];
    *done = 0;
    if (!s->takes_originals) return TOCSIN_OK;
    tocsin__text *text = &s->texts[field];
    text->view = (tocsin__view){original.data, original.length, folder->plane};
    tocsin_status status = read_units(s, text, done);
    if (status || !*done) return status;
    if (s->leaves_out && !text->units.spaceless &&
        s->next_space(text->units.units.data, 1, text->units.count) < text->units.count) {
        status = tocsin__leave_out_spaces(folder, s->next_space, text, done);
        if (status || !*done || text->view.text == original.data) return status;
        return read_units(s, text, done);
    }
    folder->map.segments.length = 0;
    folder->malformed = 0;
    return TOCSIN_OK;
}

static tocsin_status take_folded(tocsin_scanner *s, tocsin_field field, tocsin_bytes folded) {
    int done;
    s->texts[field].view = (tocsin__view){folded.data, folded.length, NULL};
    return s->reads_units ? read_units(s, &s->texts[field], &done) : TOCSIN_OK;
}

static void clear(tocsin__text *text) {
    text->view = (tocsin__view){"", 0, NULL};
    text->units.count = text->units.pieces.length = 0;
}

static __attribute__((noinline)) tocsin_status fold_field(tocsin_scanner *s, tocsin_field field) {
    const tocsin_bytes original = s->original[field];
    tocsin_bytes folded = {"", 0};
    tocsin_status status = tocsin_fold(s->folders[field], original.data, original.length, &folded);
    return status ? status : take_folded(s, field, folded);
}

static __attribute__((noinline)) tocsin_status read_field(tocsin_scanner *s, tocsin_field field) {
    int done;
    tocsin_status status = read_original(s, field, &done);
    if (!status && !done) status = fold_field(s, field);
    if (!status) s->verdict.malformed += tocsin_folder_malformed(s->folders[field]);
    return status;
}

tocsin_status tocsin__read_field(tocsin_scanner *s, tocsin_field field, tocsin_bytes bytes) {
    s->counted[field].length = 0;
    s->original[field] = within_limit(s, field, bytes);
    if (s->original[field].length) return read_field(s, field);
    clear(&s->texts[field]);
    return TOCSIN_OK;
}

tocsin_status tocsin__read_folded(tocsin_scanner *s, tocsin_field field, tocsin_bytes folded) {
    const tocsin_bytes read = s->original[field] = within_limit(s, field, folded);
    s->counted[field].length = 0;
    clear(&s->texts[field]);
    return read.length ? take_folded(s, field, read) : TOCSIN_OK;
}

static int has_replacement(const char *text, size_t length, size_t at) {
    return length - at >= sizeof replacement && !memcmp(text + at, replacement, sizeof replacement);
}

int tocsin__has_malformed(const tocsin_folder *folder, const tocsin__view *text, tocsin_bytes original,
                          const tocsin__hit *hit) {
    for (size_t at = hit->start; at < hit->end; at++) {
        if (!has_replacement(text->text, hit->end, at)) continue;
        if (!has_replacement(original.data, original.length, tocsin__offset_map_start(&folder->map, at))) return 1;
    }
    return 0;
}
