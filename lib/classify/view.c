/*
 * What is searched of a document: nearly always its own bytes. Folding is for what a table by character cannot answer,
 * and for engines that know nothing of originals.
 */
#include <string.h>

#include "classify/scanner_layout.h"

static const char replacement[] = {'\xEF', '\xBF', '\xBD'};

static int has_replacement(const char *text, size_t length, size_t at) {
    return length - at >= sizeof replacement && !memcmp(text + at, replacement, sizeof replacement);
}

tocsin_status tocsin__view_folded(tocsin_scanner *s, tocsin_field field, tocsin_bytes text, tocsin__view *view) {
    tocsin_bytes folded = {"", 0};
    tocsin_status status = tocsin_fold(s->folders[field], text.data, text.length, &folded);
    if (!status) *view = (tocsin__view){folded.data, folded.length, NULL};
    return status;
}

tocsin_status tocsin__view_original(tocsin_scanner *s, tocsin_field field, tocsin_bytes text, tocsin__view *view) {
    tocsin_folder *folder = s->folders[field];
    const tocsin__view original = {text.data, text.length, folder->plane};
    if (!s->reads_originals ||
        ((text.length > TOCSIN__BLOCK || !s->plan->matcher.literals) && !tocsin__is_plain(&original))) {
        return tocsin__view_folded(s, field, text, view);
    }
    folder->map.knots.length = 0;
    folder->malformed = 0;
    *view = original;
    return TOCSIN_OK;
}

int tocsin__has_malformed(const tocsin_folder *folder, const tocsin__view *text, tocsin_bytes original,
                          const tocsin__hit *hit) {
    for (size_t at = hit->start; at < hit->end; at++) {
        if (!has_replacement(text->text, hit->end, at)) continue;
        if (!has_replacement(original.data, original.length, tocsin__offset_map_start(&folder->map, at))) return 1;
    }
    return 0;
}
