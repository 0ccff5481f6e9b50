/*
 * Adds one term: checks it, folds or admits it, and compares it with the terms before it. Two terms are the same if
 * topic, kind and folded text are. The first one is kept and a problem is reported, because only the author can say
 * which of two weights is meant.
 */
#include <stddef.h>
#include <string.h>

#include "base/utf8.h"
#include "lexicon/lexicon_builder_internal.h"
#include "lexicon/list_text.h"
#include "lexicon/regex_admission.h"
#include "lexicon/term_form.h"
#include "text/quantity_form.h"

typedef struct spots {
    tocsin__lexicon_builder *builder;
    const tocsin__term_draft *draft;
} spots;

static tocsin_status report_spot(void *context, tocsin_severity severity, const char *code, size_t offset,
                                 const char *message) {
    const spots *s = context;
    const tocsin__term_draft *draft = s->draft;
    tocsin__place place = draft->place;
    if (draft->field && offset) {
        size_t before = (size_t)(draft->text.data - draft->field->value.data);
        place = tocsin__csv_place(draft->field, place.file, before + offset);
    }
    return tocsin__list_report(&s->builder->reports, severity, code, place, "%s", message);
}

static tocsin_status admit(tocsin__lexicon_builder *b, const tocsin__term_draft *draft, tocsin__term *term,
                           int *sound) {
    spots context = {b, draft};
    tocsin__regex_width width = {0, 0};
    b->pattern.length = 0;
    tocsin_status status =
        tocsin__regex_admit(b->folder, draft->text, &b->allocator, report_spot, &context, &b->pattern, &width, sound);
    if (status) return status;
    term->min_width = width.min;
    term->max_width = width.max;
    term->folded = (tocsin_bytes){b->pattern.data, b->pattern.length};
    return TOCSIN_OK;
}

/* Sets folded and the widths; folded is borrowed from the folder or from b->pattern. */
static tocsin_status fold_term(tocsin__lexicon_builder *b, const tocsin__term_draft *draft, tocsin__term *term,
                               int *sound) {
    tocsin_status status = TOCSIN_OK;
    char shown[TOCSIN__PREVIEW_SIZE];
    *sound = 0;
    if (draft->kind == TOCSIN__TERM_REGEX) {
        status = admit(b, draft, term, sound);
        if (status || !*sound) return status;
    } else {
        status = tocsin_fold(b->folder, draft->text.data, draft->text.length, &term->folded);
        if (status) return status;
        term->folded = tocsin__trim(term->folded);
        term->min_width = (uint32_t)tocsin__utf8_count(term->folded.data, term->folded.length);
        term->max_width = term->min_width;
        if (!term->folded.length) {
            return tocsin__list_report(&b->reports, TOCSIN_SEVERITY_ERROR, "folds-to-nothing", draft->place,
                                       "nothing is left of the term \"%s\" when it is folded",
                                       tocsin__preview(shown, draft->text));
        }
    }
    if (draft->kind == TOCSIN__TERM_QUANTITY) {
        tocsin__quantity_form form;
        const char *wrong = tocsin__quantity_form_read(term->folded, &form);
        if (wrong) {
            return tocsin__list_report(&b->reports, TOCSIN_SEVERITY_ERROR, "bad-quantity", draft->place,
                                       "the quantity \"%s\" %s", tocsin__preview(shown, draft->text), wrong);
        }
        term->min_width -= 2; /* {n} is at least one digit */
        term->max_width = TOCSIN__QUANTITY_WIDTH;
    }
    *sound = term->folded.length <= b->max_term_length;
    return *sound ? TOCSIN_OK
                  : tocsin__term_report_length(&b->reports, b->max_term_length, draft->place, "term", draft->text,
                                               term->folded.length);
}

/* The key under which a term is known: topic, kind, folded text. */
static tocsin_status make_key(tocsin__lexicon_builder *b, const tocsin__term *term) {
    char kind = (char)term->kind;
    b->key.length = 0;
    tocsin_status status = tocsin_buffer_append(&b->key, &term->topic, sizeof term->topic);
    if (!status) status = tocsin_buffer_append(&b->key, &kind, 1);
    if (!status) status = tocsin_buffer_append(&b->key, term->folded.data, term->folded.length);
    return status;
}

void tocsin__term_expect(const tocsin__lexicon_builder *b, uint32_t topic, tocsin_bytes text) {
    char key[sizeof topic + 1 + 64];
    if (text.length > 64) return;
    memcpy(key, &topic, sizeof topic);
    key[sizeof topic] = TOCSIN__TERM_LITERAL;
    memcpy(key + sizeof topic + 1, text.data, text.length);
    tocsin__map_ask_ahead(&b->term_index, key, sizeof topic + 1 + text.length);
}

static tocsin_status report_duplicate(tocsin__lexicon_builder *b, const tocsin__term_draft *draft,
                                      const tocsin__term *first) {
    char shown[TOCSIN__PREVIEW_SIZE], spelled[TOCSIN__PREVIEW_SIZE];
    return tocsin__list_report(&b->reports, TOCSIN_SEVERITY_WARNING, "duplicate-term", draft->place,
                               "\"%s\" is the same as \"%s\" at %s:%u:%u, which is kept",
                               tocsin__preview(shown, draft->text), tocsin__preview(spelled, first->original),
                               first->place.file, first->place.line, first->place.column);
}

static tocsin_status keep_bytes(tocsin__lexicon_builder *b, tocsin_bytes *bytes) {
    const char *copy = tocsin__arena_copy(&b->arena, bytes->data, bytes->length);
    if (!copy) return TOCSIN_ERROR_MEMORY;
    bytes->data = copy;
    return TOCSIN_OK;
}

/* Makes the key of the next term in the arena, with its folded text, and adds it, unless another term has it. */
static tocsin_status keep_key(tocsin__lexicon_builder *b, tocsin__term *term, int *is_new) {
    const size_t head = sizeof term->topic + 1, length = head + term->folded.length;
    uint32_t index = (uint32_t)b->terms.length;
    char *key = tocsin__arena_allocate(&b->arena, length + 1);
    if (!key) return TOCSIN_ERROR_MEMORY;
    memcpy(key, &term->topic, sizeof term->topic);
    key[sizeof term->topic] = (char)term->kind;
    memcpy(key + head, term->folded.data, term->folded.length);
    key[length] = '\0';
    term->folded.data = key + head;
    const tocsin_status status = tocsin__map_add(&b->term_index, key, length, &index);
    *is_new = index == b->terms.length;
    return status;
}

/* Moves the other text of a term into the arena. */
static tocsin_status keep_texts(tocsin__lexicon_builder *b, tocsin__term *term) {
    tocsin_status status = TOCSIN_OK;
    if (term->original.length == term->folded.length &&
        !memcmp(term->original.data, term->folded.data, term->folded.length)) {
        term->original = term->folded; /* most terms fold to themselves */
    } else {
        status = keep_bytes(b, &term->original);
    }
    return status ? status : keep_bytes(b, &term->note);
}

/* Adds a term, whose key and text are kept, to the arrays. */
static tocsin_status push_term(tocsin__lexicon_builder *b, const tocsin__term *term) {
    if (tocsin__vec_push(&b->terms, &b->allocator, *term)) return TOCSIN_ERROR_MEMORY;
    b->topic_terms[term->topic]++;
    b->regex_count += term->kind == TOCSIN__TERM_REGEX;
    b->quantity_count += term->kind == TOCSIN__TERM_QUANTITY;
    return TOCSIN_OK;
}

tocsin_status tocsin__term_add(tocsin__lexicon_builder *b, const tocsin__term_draft *draft) {
    int sound = 0;
    tocsin__term term = {.original = draft->text,
                         .note = draft->note,
                         .weight = draft->weight,
                         .unit = draft->unit,
                         .place = draft->place,
                         .topic = draft->topic,
                         .kind = draft->kind,
                         .bounds = draft->bounds};
    int is_new = 0;
    const size_t remarks = b->reports.remarks;
    if (b->terms.length >= b->max_terms) {
        if (b->full) return TOCSIN_OK;
        b->full = 1;
        return tocsin__list_report_full(&b->reports, draft->place, b->max_terms, "terms");
    }
    tocsin_status status =
        tocsin__term_check_text(&b->reports, b->max_term_length, draft->place, "term", draft->text, &sound);
    if (!status && sound) status = fold_term(b, draft, &term, &sound);
    if (!status && sound) status = make_key(b, &term);
    if (status || !sound) return status;
    uint32_t known = tocsin__map_find(&b->term_index, b->key.data, b->key.length);
    if (known != TOCSIN__MAP_NONE) return report_duplicate(b, draft, &b->terms.data[known]);
    status = tocsin__term_check_form(&b->reports, draft);
    if (!status) status = keep_key(b, &term, &is_new);
    if (!status) status = keep_texts(b, &term);
    if (!status && draft->unless) {
        status = tocsin__term_add_unless(b, draft, term.folded, &term.unless_first, &term.unless_count);
    }
    term.is_clean = b->reports.remarks == remarks;
    return status ? status : push_term(b, &term);
}

/* Whether neither the term nor a phrase of it is over a limit of the builder. */
static int fits(const tocsin__lexicon_builder *b, const tocsin__lexicon *from, const tocsin__term *term) {
    const size_t most = b->max_term_length;
    if (b->terms.length >= b->max_terms || term->folded.length > most || term->original.length > most) return 0;
    if (term->unless_count > b->max_terms - b->phrases.length) return 0;
    for (uint32_t i = 0; i < term->unless_count; i++) {
        const tocsin__unless *unless = &from->unless[term->unless_first + i];
        if (unless->original.length > most || from->phrases[unless->phrase].length > most) return 0;
    }
    return 1;
}

tocsin_status tocsin__term_take(tocsin__lexicon_builder *b, const tocsin__lexicon *from, uint32_t number,
                                uint32_t topic, tocsin__place place, int *taken) {
    tocsin__term term = from->terms[number];
    *taken = 0;
    if (!term.is_clean || !fits(b, from, &term)) return TOCSIN_OK;
    term.topic = topic;
    term.place = place;
    tocsin_status status = keep_key(b, &term, taken);
    if (status || !*taken) return status;
    status = keep_texts(b, &term);
    if (!status && term.unless_count)
        status = tocsin__term_take_unless(b, from, &from->terms[number], &term.unless_first);
    return status ? status : push_term(b, &term);
}
