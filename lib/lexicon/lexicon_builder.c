/*
 * The builder gathers in vecs and copies into the arena at the end, so that a lexicon is exactly as large as its terms.
 * Reading a list never fails because of its content: problems are reported, and the rest is read.
 */
#include "lexicon/lexicon_builder.h"

#include <string.h>

#include <tocsin/plan.h>

#include "base/utf8.h"
#include "lexicon/lexicon_builder_internal.h"
#include "lexicon/list_text.h"
#include "lexicon/source_text.h"
#include "lexicon/term_draft.h"

#ifdef TOCSIN_SMALL_BUFFERS /* short lists of tests are long ones */
#define SAMPLE ((size_t)4)
#else
#define SAMPLE ((size_t)4096) /* bytes at the start of a list */
#endif

static tocsin_status copy_topics(tocsin__lexicon_builder *b, const tocsin__lexicon_options *options) {
    size_t count = options->topic_count;
    b->topic_ids = tocsin__arena_allocate(&b->arena, count * sizeof *b->topic_ids);
    b->topics = tocsin__arena_allocate(&b->arena, count * sizeof *b->topics);
    b->topic_terms = tocsin__arena_allocate(&b->arena, count * sizeof *b->topic_terms);
    if (!b->topic_ids || !b->topics || !b->topic_terms) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        b->topics[i] = options->topics[i];
        b->topic_ids[i] = options->topics[i].id;
        b->topic_terms[i] = 0;
    }
    b->topic_count = count;
    return TOCSIN_OK;
}

tocsin_status tocsin__lexicon_builder_create(const tocsin__lexicon_options *options, const tocsin_allocator *allocator,
                                             tocsin__lexicon_builder **builder) {
    tocsin_allocator resolved;
    if (!options || !builder || !tocsin__allocator_resolve(allocator, &resolved)) return TOCSIN_ERROR_ARGUMENT;
    tocsin__lexicon_builder *b = tocsin__allocate_zeroed(&resolved, sizeof *b);
    if (!b) return TOCSIN_ERROR_MEMORY;
    b->allocator = resolved;
    b->reports.diagnostics = options->diagnostics;
    b->max_term_length = options->max_term_length ? options->max_term_length : TOCSIN_MAX_TERM_LENGTH;
    b->max_terms = options->max_terms ? options->max_terms : TOCSIN_MAX_TERMS;
    tocsin__arena_init(&b->arena, &resolved);
    b->reports.arena = &b->arena;
    tocsin__map_init(&b->term_index, &resolved);
    tocsin__map_init(&b->phrase_index, &resolved);
    tocsin_buffer_init(&b->pattern, &resolved);
    tocsin_buffer_init(&b->key, &resolved);
    tocsin_status status = tocsin_folder_create(&options->fold, &resolved, &b->folder);
    if (!status) status = copy_topics(b, options);
    if (status) {
        tocsin__lexicon_builder_free(b);
        return status;
    }
    *builder = b;
    return TOCSIN_OK;
}

static void free_kept(tocsin__lexicon_builder *b, tocsin__list_rows *kept) {
    if (!kept) return;
    tocsin__vec_release(&kept->rows, &b->allocator);
    tocsin__arena_release(&kept->arena);
    tocsin__deallocate(&b->allocator, kept, sizeof *kept);
}

void tocsin__lexicon_builder_free(tocsin__lexicon_builder *b) {
    if (!b) return;
    tocsin_allocator allocator = b->allocator;
    for (size_t i = 0; i < b->lists.length; i++) free_kept(b, b->lists.data[i].kept);
    tocsin__vec_release(&b->terms, &allocator);
    tocsin__vec_release(&b->unless, &allocator);
    tocsin__vec_release(&b->phrases, &allocator);
    tocsin__vec_release(&b->lists, &allocator);
    tocsin__vec_release(&b->reports.notes, &allocator);
    tocsin__map_release(&b->term_index);
    tocsin__map_release(&b->phrase_index);
    tocsin__vec_release(&b->phrase_takers, &b->allocator);
    tocsin_buffer_release(&b->pattern);
    tocsin_buffer_release(&b->key);
    tocsin_folder_free(b->folder);
    tocsin__arena_release(&b->arena);
    tocsin__deallocate(&allocator, b, sizeof *b);
}

/* The index of the first topic that names a list; if there is none, the number of lists. */
static size_t find_list(const tocsin__lexicon_builder *b, const char *name) {
    size_t i = 0;
    while (i < b->lists.length && strcmp(b->lists.data[i].name, name) != 0) i++;
    return i;
}

int tocsin__lexicon_needs_list(const tocsin__lexicon_builder *b, const char *name) {
    const size_t first = find_list(b, name);
    return first == b->lists.length || !b->lists.data[first].is_known ||
           (b->lists.data[first].topicless_rows && !b->lists.data[first].kept);
}

/*
 * Notes that a topic names a list. Sets again if it was read before, and *repeated if it was read for the same topic.
 */
static tocsin_status note_list(tocsin__lexicon_builder *b, tocsin__list_reading *reading, const char *name,
                               size_t *first, int *repeated) {
    const size_t count = b->lists.length;
    *first = find_list(b, name);
    *repeated = 0;
    for (size_t i = *first; i < count; i++) {
        *repeated |= b->lists.data[i].topic == reading->topic && !strcmp(b->lists.data[i].name, name);
    }
    b->reports.again = *first < count && !*repeated;
    reading->file = *first < count ? b->lists.data[*first].name : tocsin__arena_copy(&b->arena, name, strlen(name));
    if (!reading->file) return TOCSIN_ERROR_MEMORY;
    return tocsin__vec_push(&b->lists, &b->allocator,
                            (tocsin__named_list){.name = reading->file, .topic = reading->topic});
}

static int has_ending(const char *name, const char *ending) {
    size_t length = strlen(name), tail = strlen(ending);
    return length > tail && tocsin__text_is(name + length - tail, tail, ending);
}

/*
 * Makes room for the terms of a long list at once, by the lines at its start: growing step by step would take a fifth
 * of the time. What it guesses wrong is only room.
 */
static tocsin_status expect_terms(tocsin__lexicon_builder *b, tocsin_bytes text) {
    size_t lines = 0;
    if (text.length < 4 * SAMPLE) return TOCSIN_OK;
    for (size_t at = 0; at < SAMPLE; at++) lines += text.data[at] == '\n';
    size_t terms = b->terms.length + text.length / SAMPLE * (lines + lines / 16);
    if (terms > b->max_terms) terms = b->max_terms;
    tocsin_status status = tocsin__vec_reserve(&b->terms, terms, &b->allocator);
    return status ? status : tocsin__map_reserve(&b->term_index, terms);
}

/* Whether the rows that are no terms of the other lexicon are UTF-8, as the others and the header are. */
static int new_rows_are_utf8(const tocsin__lexicon_rows *known, tocsin_bytes text) {
    for (size_t i = 0; i < known->count; i++) {
        const size_t at = known->rows[i].at, end = i + 1 < known->count ? known->rows[i + 1].at : text.length;
        if (known->rows[i].term != TOCSIN__LEXICON_NEW) continue;
        if (tocsin__utf8_valid_prefix(text.data + at, end - at) != end - at) return 0;
    }
    return 1;
}

/* Reads the text of a list, which is UTF-8. */
static tocsin_status read_text(tocsin__lexicon_builder *b, tocsin__list_reading *reading, tocsin_bytes text, int txt) {
    if (!reading->known) {
        tocsin_status status = expect_terms(b, text);
        if (status) return status;
        return txt ? tocsin__list_read_txt(reading, text) : tocsin__list_read_csv(reading, text);
    }
    const size_t all = reading->known->known->term_count; /* about so many will come from all lists together */
    size_t terms = b->terms.length + reading->known->count;
    if (terms < all + all / 16 + 16) terms = all + all / 16 + 16;
    if (terms > b->max_terms) terms = b->max_terms;
    tocsin_status status = tocsin__vec_reserve(&b->terms, terms, &b->allocator);
    if (!status) status = tocsin__map_reserve(&b->term_index, terms);
    return status ? status : tocsin__list_read_known(reading, text);
}

static tocsin_status read_list(tocsin__lexicon_builder *b, tocsin__list_reading *reading, tocsin_bytes bytes) {
    tocsin__place place = {reading->file, 0, 0};
    int txt = has_ending(reading->file, ".txt");
    if (!txt && !has_ending(reading->file, ".csv")) {
        return tocsin__list_report(&b->reports, TOCSIN_SEVERITY_ERROR, "unknown-list-format", place,
                                   "a term list is named .txt or .csv");
    }
    tocsin_buffer storage;
    tocsin_bytes text = {NULL, 0};
    tocsin_buffer_init(&storage, &b->allocator);
    tocsin_status status = TOCSIN_OK;
    if (reading->known && new_rows_are_utf8(reading->known, bytes)) {
        text = bytes;
    } else {
        status = tocsin__source_text(b->reports.again ? NULL : b->reports.diagnostics, reading->file, bytes, &storage,
                                     &text);
    }
    if (status == TOCSIN_ERROR_UNSUPPORTED) {
        b->reports.errors += b->reports.again ? 0 : 1;
        status = TOCSIN_OK;
    } else if (!status) {
        size_t errors = b->reports.errors;
        if (text.data != bytes.data || text.length != bytes.length)
            reading->known = NULL; /* other bytes than its rows */
        status = read_text(b, reading, text, txt);
        if (!status && !reading->rows && b->reports.errors == errors) {
            status =
                tocsin__list_report(&b->reports, TOCSIN_SEVERITY_WARNING, "empty-list", place, "the list has no terms");
        }
    }
    tocsin_buffer_release(&storage);
    return status;
}

/*
 * Reads a list and stores what further topics need of it: the first time the number of rows, the second time the rows.
 */
static tocsin_status read_for_others(tocsin__lexicon_builder *b, tocsin__list_reading *reading, tocsin_bytes bytes,
                                     size_t first) {
    tocsin__list_rows *kept = NULL;
    if (b->reports.again && b->lists.data[first].is_known) {
        kept = tocsin__allocate_zeroed(&b->allocator, sizeof *kept);
        if (!kept) return TOCSIN_ERROR_MEMORY;
        tocsin__arena_init(&kept->arena, &b->allocator);
        b->lists.data[first].kept = reading->keep = kept;
    }
    tocsin_status status = read_list(b, reading, bytes);
    if (!status && !kept && has_ending(reading->file, ".csv")) {
        b->lists.data[first].is_known = 1;
        b->lists.data[first].topicless_rows = reading->topicless_rows;
    }
    return status;
}

static void expect_term(void *sink, uint32_t topic, tocsin_bytes text) { tocsin__term_expect(sink, topic, text); }

static tocsin_status take_draft(void *sink, const tocsin__term_draft *draft) { return tocsin__term_add(sink, draft); }

static tocsin_status take_known(void *sink, uint32_t term, uint32_t topic, tocsin__place place, int *taken) {
    tocsin__lexicon_builder *b = sink;
    return tocsin__term_take(b, b->known, term, topic, place, taken);
}

tocsin_status tocsin__lexicon_add_rows(tocsin__lexicon_builder *builder, const char *name, tocsin_bytes bytes,
                                       uint32_t topic, const tocsin__lexicon_rows *rows) {
    int repeated = 0;
    size_t first = 0;
    if (!builder || !name || topic >= builder->topic_count) return TOCSIN_ERROR_ARGUMENT;
    tocsin__list_reading reading = {.reports = &builder->reports,
                                    .allocator = &builder->allocator,
                                    .topics = builder->topics,
                                    .topic_ids = builder->topic_ids,
                                    .topic_count = builder->topic_count,
                                    .topic = topic,
                                    .take = take_draft,
                                    .expect = expect_term,
                                    .known = rows,
                                    .take_known = take_known,
                                    .sink = builder};
    builder->known = rows ? rows->known : NULL;
    tocsin_status status = note_list(builder, &reading, name, &first, &repeated);
    if (status) return status;
    if (repeated) {
        return tocsin__list_report(&builder->reports, TOCSIN_SEVERITY_WARNING, "duplicate-list",
                                   (tocsin__place){reading.file, 0, 0}, "topic \"%s\" names this list twice",
                                   builder->topic_ids[topic]);
    }
    const tocsin__named_list *list = &builder->lists.data[first];
    if (list->kept) return tocsin__list_take_rows(&reading, list->kept);
    if (list->is_known && !list->topicless_rows) return TOCSIN_OK;
    return read_for_others(builder, &reading, bytes, first);
}

tocsin_status tocsin__lexicon_add_list(tocsin__lexicon_builder *builder, const char *name, tocsin_bytes bytes,
                                       uint32_t topic) {
    return tocsin__lexicon_add_rows(builder, name, bytes, topic, NULL);
}

/* A copy of count elements in the arena; one byte for none. */
static void *copy_array(tocsin__arena *arena, const void *data, size_t size) {
    void *copy = tocsin__arena_allocate(arena, size);
    if (copy && size) memcpy(copy, data, size);
    return copy;
}

/* Gives back the room for further terms: a long list would take longer to copy than to read. */
static tocsin_status fit_terms(tocsin__lexicon_builder *b) {
    const size_t size = sizeof *b->terms.data;
    if (b->terms.capacity == b->terms.length) return TOCSIN_OK;
    void *fitting = tocsin__reallocate(&b->allocator, b->terms.data, b->terms.capacity * size, b->terms.length * size);
    if (!fitting) return TOCSIN_ERROR_MEMORY;
    b->terms.data = fitting;
    b->terms.capacity = b->terms.length;
    return TOCSIN_OK;
}

tocsin_status tocsin__lexicon_finish(tocsin__lexicon_builder *b, tocsin__lexicon *lexicon) {
    tocsin_status status = fit_terms(b);
    if (status) return status;
    const tocsin__unless *unless = copy_array(&b->arena, b->unless.data, b->unless.length * sizeof *b->unless.data);
    const tocsin_bytes *phrases = copy_array(&b->arena, b->phrases.data, b->phrases.length * sizeof *b->phrases.data);
    const tocsin__list_note *notes =
        copy_array(&b->arena, b->reports.notes.data, b->reports.notes.length * sizeof *b->reports.notes.data);
    if (!unless || !phrases || !notes) return TOCSIN_ERROR_MEMORY;
    *lexicon = (tocsin__lexicon){
        .arena = b->arena,
        .terms = b->terms.data,
        .term_count = b->terms.length,
        .unless = unless,
        .unless_count = b->unless.length,
        .phrases = phrases,
        .phrase_count = b->phrases.length,
        .topic_terms = b->topic_terms,
        .topic_count = b->topic_count,
        .regex_count = b->regex_count,
        .quantity_count = b->quantity_count,
        .notes = notes,
        .note_count = b->reports.notes.length,
        .notes_dropped = b->reports.notes_dropped,
        .errors = b->reports.errors,
    };
    tocsin__arena_init(&b->arena, &b->allocator);
    b->terms.data = NULL;
    b->terms.length = b->terms.capacity = 0;
    b->topic_count = 0;
    return TOCSIN_OK;
}
