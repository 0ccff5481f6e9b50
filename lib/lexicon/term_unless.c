/*
 * The phrases of `unless`. Many terms share phrases, so each folded phrase is kept once. A phrase that cannot cover a
 * hit of its term is a mistake of the author, harmless but without effect, so it is a warning.
 */
#include "base/utf8.h"
#include "lexicon/lexicon_builder_internal.h"
#include "lexicon/list_text.h"
#include "lexicon/term_form.h"

static tocsin_status find_phrase(tocsin__lexicon_builder *b, tocsin_bytes folded, tocsin__place place,
                                 uint32_t *phrase) {
    *phrase = tocsin__map_find(&b->phrase_index, folded.data, folded.length);
    if (*phrase != TOCSIN__MAP_NONE) return TOCSIN_OK;
    if (b->phrases.length >= b->max_terms) {
        if (b->phrases_full) return TOCSIN_OK;
        b->phrases_full = 1;
        return tocsin__list_report_full(&b->reports, place, b->max_terms, "phrases in unless");
    }
    uint32_t index = (uint32_t)b->phrases.length;
    const char *copy = tocsin__arena_copy(&b->arena, folded.data, folded.length);
    if (!copy) return TOCSIN_ERROR_MEMORY;
    tocsin_status status = tocsin__vec_push(&b->phrases, &b->allocator, (tocsin_bytes){copy, folded.length});
    if (!status) status = tocsin__map_add(&b->phrase_index, copy, folded.length, &index);
    if (!status) *phrase = index;
    return status;
}

/*
 * Warns of phrases that are joined by another sign than the semicolon. Each part that contains the term would be a
 * phrase by itself. For a regex that is not known, and only signs that have no other use are reported.
 */
static tocsin_status check_separator(tocsin__lexicon_builder *b, const tocsin__term_draft *draft, tocsin_bytes term,
                                     tocsin_bytes text) {
    const int is_regex = draft->kind == TOCSIN__TERM_REGEX;
    char shown[TOCSIN__PREVIEW_SIZE];
    size_t end = 0, from = 0, parts = 0, first = SIZE_MAX, first_end = 0;
    for (size_t at = 0; at != SIZE_MAX; from = end) {
        tocsin_bytes folded = {NULL, 0};
        at = tocsin__find_separator(text, from, is_regex, &end);
        const size_t stop = at == SIZE_MAX ? text.length : at;
        tocsin_status status = tocsin_fold(b->folder, text.data + from, stop - from, &folded);
        if (status) return status;
        if (!is_regex && !tocsin__text_contains(folded, term)) return TOCSIN_OK;
        if (!parts++) {
            first = at;
            first_end = end;
        }
    }
    if (parts < 2) return TOCSIN_OK;
    tocsin__place place =
        tocsin__csv_place(draft->unless, draft->place.file, (size_t)(text.data - draft->unless->value.data) + first);
    return tocsin__list_note_for_lint(&b->reports, "unless-separator", place,
                                      "\"%s\" is one phrase, with \"%.*s\" in it: write ; between phrases",
                                      tocsin__preview(shown, text), (int)(first_end - first), text.data + first);
}

/* Returns the problem of a folded phrase of a term, or NULL. */
static const char *useless(const tocsin__term_draft *draft, tocsin_bytes term, tocsin_bytes folded) {
    if (!folded.length) return "folds to nothing";
    if (draft->kind != TOCSIN__TERM_LITERAL) return NULL;
    if (!tocsin__text_contains(folded, term)) return "does not contain its term, so it never covers a hit";
    return folded.length == term.length ? "is its term, so no hit would ever count; it is left out" : NULL;
}

/* Whether the term whose phrases begin at `first` already has the phrase; records that it has. */
static tocsin_status take_phrase(tocsin__lexicon_builder *b, uint32_t phrase, uint32_t first, int *is_new) {
    while (b->phrase_takers.length <= phrase) {
        if (tocsin__vec_push(&b->phrase_takers, &b->allocator, 0)) return TOCSIN_ERROR_MEMORY;
    }
    *is_new = b->phrase_takers.data[phrase] != first + 1;
    b->phrase_takers.data[phrase] = first + 1;
    return TOCSIN_OK;
}

/* Adds a phrase, as a list spells it, to those of the term whose phrases begin at `first`, unless it has it. */
static tocsin_status keep_phrase(tocsin__lexicon_builder *b, uint32_t phrase, tocsin_bytes text, uint32_t first) {
    int is_new = 0;
    tocsin_status status = take_phrase(b, phrase, first, &is_new);
    if (status || !is_new) return status;
    const char *copy = tocsin__arena_copy(&b->arena, text.data, text.length);
    if (!copy) return TOCSIN_ERROR_MEMORY;
    return tocsin__vec_push(&b->unless, &b->allocator, (tocsin__unless){phrase, {copy, text.length}});
}

static tocsin_status add_phrase(tocsin__lexicon_builder *b, const tocsin__term_draft *draft, tocsin_bytes term,
                                tocsin_bytes text, uint32_t first, tocsin__csv_cursor *cursor) {
    int sound = 0;
    uint32_t phrase = TOCSIN__MAP_NONE;
    tocsin_bytes folded = {NULL, 0};
    tocsin__place place = tocsin__csv_next_place(draft->unless, draft->place.file,
                                                 (size_t)(text.data - draft->unless->value.data), cursor);
    tocsin_status status = tocsin__term_check_text(&b->reports, b->max_term_length, place, "phrase", text, &sound);
    if (!status && sound) status = check_separator(b, draft, term, text);
    if (!status && sound) status = tocsin_fold(b->folder, text.data, text.length, &folded);
    if (status || !sound) return status;
    folded = tocsin__trim(folded);
    const char *wrong = useless(draft, term, folded);
    if (wrong) {
        char shown[TOCSIN__PREVIEW_SIZE];
        return tocsin__list_report(&b->reports, TOCSIN_SEVERITY_WARNING, "useless-unless", place,
                                   "the phrase \"%s\" %s", tocsin__preview(shown, text), wrong);
    }
    if (folded.length > b->max_term_length)
        return tocsin__term_report_length(&b->reports, b->max_term_length, place, "phrase", text, folded.length);
    status = find_phrase(b, folded, place, &phrase);
    return status || phrase == TOCSIN__MAP_NONE ? status : keep_phrase(b, phrase, text, first);
}

tocsin_status tocsin__term_add_unless(tocsin__lexicon_builder *b, const tocsin__term_draft *draft, tocsin_bytes folded,
                                      uint32_t *first, uint32_t *count) {
    tocsin_bytes all = draft->unless->value;
    tocsin__csv_cursor cursor = {.line = 0};
    tocsin_status status = TOCSIN_OK;
    *first = (uint32_t)b->unless.length;
    for (size_t start = 0, at = 0, next = 0; at <= all.length && !status; at = next) {
        uint32_t c = ';';
        next = at + 1;
        if (at < all.length) c = tocsin__utf8_next(all.data, all.length, at, &next);
        if (c != ';' && c != 0xFF1B) continue;
        tocsin_bytes text = tocsin__trim((tocsin_bytes){all.data + start, at - start});
        if (text.length) status = add_phrase(b, draft, folded, text, *first, &cursor);
        start = next;
    }
    *count = (uint32_t)b->unless.length - *first;
    return status;
}

tocsin_status tocsin__term_take_unless(tocsin__lexicon_builder *b, const tocsin__lexicon *from,
                                       const tocsin__term *term, uint32_t *first) {
    tocsin_status status = TOCSIN_OK;
    *first = (uint32_t)b->unless.length;
    for (uint32_t i = 0; i < term->unless_count && !status; i++) {
        const tocsin__unless *unless = &from->unless[term->unless_first + i];
        uint32_t phrase;
        status = find_phrase(b, from->phrases[unless->phrase], term->place, &phrase);
        if (!status) status = keep_phrase(b, phrase, unless->original, *first);
    }
    return status;
}
