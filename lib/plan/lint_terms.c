/* Finds oddities of single terms, and two spellings of one term. */
#include <string.h>

#include "base/diagnostics_add.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "lexicon/list_text.h"
#include "plan/plan_lint.h"
#include "text/confusables.h"
#include "text/icu_properties.h"

typedef struct linter {
    const tocsin_plan *plan;
    tocsin_diagnostics *list;
    tocsin__speller *speller;
} linter;

static tocsin_status say(const linter *l, tocsin_severity severity, const char *code, const tocsin__term *term,
                         const char *why) {
    char shown[TOCSIN__PREVIEW_SIZE];
    return tocsin__diagnose(l->list, severity, code, term->place, "\"%s\" %s", tocsin__preview(shown, term->original),
                            why);
}

static uint32_t last_character(tocsin_bytes text) {
    size_t at = text.length, next;
    do at--;
    while (at > 0 && ((unsigned char)text.data[at] & 0xC0) == 0x80);
    return tocsin__utf8_next(text.data, text.length, at, &next);
}

static int is_unbounded(const tocsin__term *term) {
    size_t next;
    if (term->kind != TOCSIN__TERM_LITERAL || term->bounds != TOCSIN__BOUNDS_NONE) return 0;
    return tocsin__is_word_character(tocsin__utf8_next(term->folded.data, term->folded.length, 0, &next)) ||
           tocsin__is_word_character(last_character(term->folded));
}

static int is_single(const tocsin__term *term) {
    size_t next;
    return term->kind == TOCSIN__TERM_LITERAL && term->max_width == 1 && term->bounds != TOCSIN__BOUNDS_WORD &&
           tocsin__is_han(tocsin__utf8_next(term->folded.data, term->folded.length, 0, &next));
}

static tocsin_status check_term(const linter *l, const tocsin__term *term) {
    const tocsin_bytes text = term->original;
    tocsin_status status = TOCSIN_OK;
    if (is_single(term)) {
        status = say(l, TOCSIN_SEVERITY_NOTE, "single-character", term, "is one character, and part of many words");
    }
    if (!status && is_unbounded(term)) {
        status = say(l, TOCSIN_SEVERITY_WARNING, "unbounded-latin", term,
                     "is found inside other words: its bounds are none");
    }
    if (!status && term->kind == TOCSIN__TERM_LITERAL && tocsin__mixes_scripts(text.data, text.length)) {
        status = say(l, TOCSIN_SEVERITY_WARNING, "mixed-scripts", term,
                     "has letters of several scripts in one word, which look alike and do not match");
    }
    if (!status && term->kind == TOCSIN__TERM_LITERAL && tocsin__mixes_variants(l->speller, text.data, text.length)) {
        status = say(l, TOCSIN_SEVERITY_NOTE, "mixed-variants", term,
                     "has traditional and simplified characters in one term");
    }
    if (!status && term->kind == TOCSIN__TERM_LITERAL && strstr(term->folded.data, "{n}")) {
        status = say(l, TOCSIN_SEVERITY_WARNING, "literal-mark", term,
                     "has {n} in it and is a literal: it is found only where {n} is written");
    }
    return status;
}

/*
 * Reports phrases that cannot exclude any match of their regex. Those of literals are reported when the list is read.
 */
static tocsin_status check_unless(const linter *l, const tocsin__term *term, uint32_t regex) {
    const tocsin__lexicon *lexicon = &l->plan->lexicon;
    char shown[TOCSIN__PREVIEW_SIZE], phrase[TOCSIN__PREVIEW_SIZE];
    tocsin_status status = TOCSIN_OK;
    for (uint32_t i = 0; i < term->unless_count && !status; i++) {
        const tocsin__unless *unless = &lexicon->unless[term->unless_first + i];
        if (tocsin__regexes_phrase_works(l->plan->matcher.regexes, regex, lexicon->phrases[unless->phrase])) {
            continue;
        }
        status = tocsin__diagnose(l->list, TOCSIN_SEVERITY_WARNING, "useless-unless", term->place,
                                  "the phrase \"%s\" can neither cover a match of \"%s\" nor stand in one",
                                  tocsin__preview(phrase, unless->original), tocsin__preview(shown, term->original));
    }
    return status;
}

/* Reports regexes that are left to Hyperscan, which reads every text a second time for them. */
static tocsin_status check_regexes(const linter *l) {
    const tocsin_plan *plan = l->plan;
    const tocsin__regexes *regexes = plan->matcher.regexes;
    const size_t left = regexes ? tocsin__regexes_left(regexes) : 0;
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < plan->lexicon.term_count && regexes && !status; i++) {
        const tocsin__term *term = &plan->lexicon.terms[i];
        if (term->kind != TOCSIN__TERM_REGEX) continue;
        status = check_unless(l, term, plan->pattern_of_term[i]);
        for (size_t n = 0; n < left && !status; n++) {
            if (tocsin__regexes_left_at(regexes, n) != plan->pattern_of_term[i]) continue;
            status = say(l, TOCSIN_SEVERITY_NOTE, "regex-slow", term,
                         "is matched by a second pass over every text, folded for it");
        }
    }
    return status;
}

/* Reports, in a plan without variant folding, terms of one topic that variant folding would make equal. */
static tocsin_status check_entries(const linter *l) {
    const tocsin__lexicon *lexicon = &l->plan->lexicon;
    tocsin_fold_options options = l->plan->description->fold;
    tocsin_folder *folder = NULL;
    tocsin__arena keys;
    tocsin__map seen;
    if (options.profile != TOCSIN_FOLD_NFKC_CF) return TOCSIN_OK;
    options.profile = TOCSIN_FOLD_NFKC_CF_HANS;
    tocsin__arena_init(&keys, &l->plan->allocator);
    tocsin__map_init(&seen, &l->plan->allocator);
    tocsin_status status = tocsin_folder_create(&options, &l->plan->allocator, &folder);
    for (uint32_t i = 0; i < lexicon->term_count && !status; i++) {
        const tocsin__term *term = &lexicon->terms[i];
        tocsin_bytes folded;
        uint32_t first = i;
        if (term->kind != TOCSIN__TERM_LITERAL) continue;
        status = tocsin_fold(folder, term->original.data, term->original.length, &folded);
        char *key = status ? NULL : tocsin__arena_allocate(&keys, sizeof term->topic + folded.length);
        if (!status && !key) status = TOCSIN_ERROR_MEMORY;
        if (status) break;
        memcpy(key, &term->topic, sizeof term->topic);
        memcpy(key + sizeof term->topic, folded.data, folded.length);
        status = tocsin__map_add(&seen, key, sizeof term->topic + folded.length, &first);
        if (!status && first != i) {
            status = say(l, TOCSIN_SEVERITY_NOTE, "variant-entries", term,
                         "is another spelling of a term before it: both are needed under this fold");
        }
    }
    tocsin__map_release(&seen);
    tocsin__arena_release(&keys);
    tocsin_folder_free(folder);
    return status;
}

/* Reports notes that were made while the lists were read. */
static tocsin_status say_notes(const linter *l) {
    const tocsin__lexicon *lexicon = &l->plan->lexicon;
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < lexicon->note_count && !status; i++) {
        const tocsin__list_note *note = &lexicon->notes[i];
        status = tocsin__diagnose(l->list, TOCSIN_SEVERITY_NOTE, note->code, note->place, "%s", note->message);
    }
    for (size_t i = 0; i < lexicon->notes_dropped && !status; i++) { /* the list is full and counts the rest */
        const tocsin__list_note *note = &lexicon->notes[lexicon->note_count - 1];
        status = tocsin__diagnose(l->list, TOCSIN_SEVERITY_NOTE, note->code, note->place, "%s", note->message);
    }
    return status;
}

tocsin_status tocsin__lint_terms(const tocsin_plan *plan, tocsin_diagnostics *list) {
    linter l = {plan, list, NULL};
    tocsin_status status = tocsin__speller_create(&plan->allocator, &l.speller);
    if (!status) status = say_notes(&l);
    for (size_t i = 0; i < plan->lexicon.term_count && !status; i++) status = check_term(&l, &plan->lexicon.terms[i]);
    tocsin__speller_free(l.speller);
    if (!status) status = check_regexes(&l);
    return status ? status : check_entries(&l);
}
