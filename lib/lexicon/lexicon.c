/*
 * The names of a term's enumerators, in one table for both directions, and the release of a lexicon: everything in it
 * but the terms lies in one arena.
 */
#include "lexicon/lexicon.h"

#include <string.h>

#include "lexicon/list_text.h"

static const char *const kind_names[TOCSIN__KIND_COUNT] = {"literal", "regex", "quantity"};
static const char *const bounds_names[TOCSIN__BOUNDS_COUNT] = {"auto", "word", "none"};

const char *tocsin__term_kind_name(tocsin__term_kind kind) { return kind_names[kind]; }

const char *tocsin__term_bounds_name(tocsin__term_bounds bounds) { return bounds_names[bounds]; }

int tocsin__term_bounds_from_name(const char *text, size_t length, tocsin__term_bounds *bounds) {
    for (unsigned i = 0; i < TOCSIN__BOUNDS_COUNT; i++) {
        if (!tocsin__text_is(text, length, bounds_names[i])) continue;
        *bounds = (tocsin__term_bounds)i;
        return 1;
    }
    return 0;
}

size_t tocsin__lexicon_memory(const tocsin__lexicon *lexicon) {
    return lexicon->arena.total + lexicon->term_count * sizeof *lexicon->terms;
}

void tocsin__lexicon_release(tocsin__lexicon *lexicon) {
    if (!lexicon) return;
    tocsin__deallocate(&lexicon->arena.allocator, (void *)(uintptr_t)lexicon->terms,
                       lexicon->term_count * sizeof *lexicon->terms);
    if (lexicon->arena.blocks) tocsin__arena_release(&lexicon->arena);
    memset(lexicon, 0, sizeof *lexicon);
}
