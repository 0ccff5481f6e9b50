/*
 * The scanner: one for each thread, reading document after document. Every buffer keeps its size for the next document,
 * so that reading a feed soon allocates nothing.
 */
#include <string.h>

#include "base/arguments.h"
#include "base/fail.h"
#include "classify/scanner_internal.h"

#define LEAST_OPTIONS (offsetof(tocsin_scanner_options, max_evidence) + sizeof(uint32_t)) /* of version 0.1 */

tocsin_status tocsin_scanner_options_init(tocsin_scanner_options *options, size_t size) {
    static const tocsin_scanner_options defaults = TOCSIN_SCANNER_OPTIONS_INIT;
    return tocsin__init_struct(options, size, &defaults, sizeof defaults, LEAST_OPTIONS);
}

static tocsin_status options_resolve(const tocsin_scanner_options *given, tocsin_scanner_options *out,
                                     tocsin_error *error) {
    const tocsin_scanner_options defaults = TOCSIN_SCANNER_OPTIONS_INIT;
    *out = defaults;
    tocsin_status status =
        tocsin__take_struct(given, "options", "TOCSIN_SCANNER_OPTIONS_INIT", out, sizeof *out, LEAST_OPTIONS, error);
    if (status) return status;
    if (!out->max_document_bytes) out->max_document_bytes = TOCSIN_MAX_DOCUMENT_BYTES;
    if (!out->max_hits) out->max_hits = TOCSIN_MAX_HITS;
    if (!out->max_evidence) out->max_evidence = TOCSIN_MAX_EVIDENCE;
    if (out->max_document_bytes > TOCSIN_FOLD_MAX) {
        return tocsin__fail(error, TOCSIN_ERROR_LIMIT, "options->max_document_bytes is over %zu", TOCSIN_FOLD_MAX);
    }
    status = tocsin__check_value((int)out->offsets, TOCSIN_OFFSETS_UTF16 + 1, "options->", "offsets", "tocsin_offsets",
                                 error);
    if (status) return status;
    return tocsin__take_allocator(&out->allocator, "options->allocator", &out->allocator, error);
}

static void release_tables(tocsin_scanner *s, size_t topics, size_t phrases, size_t clause_words) {
    const tocsin_allocator *a = &s->allocator;
    tocsin__deallocate(a, s->topic_counts, topics * sizeof *s->topic_counts);
    tocsin__deallocate(a, s->topic_scores, topics * sizeof *s->topic_scores);
    tocsin__deallocate(a, s->topic_values, topics * sizeof *s->topic_values);
    tocsin__deallocate(a, s->topic_bits, (topics / 64 + 1) * sizeof *s->topic_bits);
    tocsin__deallocate(a, s->topic_reach.end, topics * sizeof *s->topic_reach.end);
    tocsin__deallocate(a, s->phrase_reach.end, phrases * sizeof *s->phrase_reach.end);
    tocsin__deallocate(a, s->clause_bits, clause_words * sizeof *s->clause_bits);
    tocsin__deallocate(a, s->evaluator_memory, tocsin__rule_evaluator_size(s->plan->dag));
}

static size_t clause_words(const tocsin_plan *plan) { return plan->info.clause_count / 64 + 1; }

static void release_look(const tocsin__plan_look *look, tocsin__matcher_scratch *scratch) {
    if (look->scans) tocsin__matcher_scratch_release(&look->matcher, scratch);
}

void tocsin_scanner_free(tocsin_scanner *s) {
    if (!s) return;
    const tocsin_allocator own = s->options.allocator, *a = &s->allocator;
    for (int i = 0; i < TOCSIN_FIELD_COUNT; i++) {
        tocsin_folder_free(s->folders[i]);
        tocsin__units_release(&s->texts[i].units, a);
        tocsin__vec_release(&s->counted[i], a);
    }
    tocsin_folder_free(s->number_folder);
    tocsin__matcher_scratch_release(&s->plan->matcher, &s->matcher_scratch);
    release_look(&s->plan->guard.first, &s->guard_scratch);
    release_look(&s->plan->guard.second, &s->second_scratch);
    tocsin__words_free(s->words);
    tocsin__vec_release(&s->topic_reach.touched, a);
    tocsin__vec_release(&s->phrase_reach.touched, a);
    tocsin__vec_release(&s->hits, a);
    tocsin__vec_release(&s->places, a);
    tocsin__vec_release(&s->touched_topics, a);
    tocsin__vec_release(&s->rule_scratch, a);
    tocsin__vec_release(&s->support, a);
    tocsin__vec_release(&s->support_scratch, a);
    tocsin__vec_release(&s->clauses, a);
    tocsin__vec_release(&s->routes, a);
    tocsin__vec_release(&s->evidence, a);
    tocsin__vec_release(&s->topics, a);
    tocsin__vec_release(&s->named_places, a);
    tocsin__arena_release(&s->explanation_arena);
    tocsin__learned_release(s);
    tocsin__vec_release(&s->stretches, a);
    tocsin__counted *counted = s->memory;
    release_tables(s, s->plan->info.topic_count, s->plan->lexicon.phrase_count, clause_words(s->plan));
    tocsin_plan_release(s->plan);
    tocsin_slot_free(s->slot);
    tocsin__deallocate(&own, s, sizeof *s);
    tocsin__deallocate(&own, counted, sizeof *counted);
}

static tocsin_status make_tables(tocsin_scanner *s) {
    const tocsin_allocator *a = &s->allocator;
    size_t topics = s->plan->info.topic_count;
    s->topic_counts = tocsin__allocate_zeroed(a, topics * sizeof *s->topic_counts);
    s->topic_scores = tocsin__allocate_zeroed(a, topics * sizeof *s->topic_scores);
    s->topic_values = tocsin__allocate_zeroed(a, topics * sizeof *s->topic_values);
    s->topic_bits = tocsin__allocate_zeroed(a, (topics / 64 + 1) * sizeof *s->topic_bits);
    s->topic_reach.end = tocsin__allocate_zeroed(a, topics * sizeof *s->topic_reach.end);
    s->phrase_reach.end = tocsin__allocate_zeroed(a, s->plan->lexicon.phrase_count * sizeof *s->phrase_reach.end);
    s->clause_bits = tocsin__allocate_zeroed(a, clause_words(s->plan) * sizeof *s->clause_bits);
    s->evaluator_memory = tocsin__allocate_zeroed(a, tocsin__rule_evaluator_size(s->plan->dag));
    if (!s->topic_counts || !s->topic_scores || !s->topic_values || !s->topic_bits || !s->topic_reach.end ||
        !s->phrase_reach.end || !s->clause_bits || !s->evaluator_memory) {
        return TOCSIN_ERROR_MEMORY;
    }
    tocsin__rule_evaluator_init(&s->evaluator, s->plan->dag, s->evaluator_memory);
    return TOCSIN_OK;
}

/* Decides how texts must be read for the plan and its guard, whose engines are of one kind. */
static void choose_reading(tocsin_scanner *s) {
    const tocsin_plan *plan = s->plan;
    const tocsin_fold_options *fold = &plan->description->fold;
    int all = 0, first_all = 0, second_all = 0;
    s->read_units = tocsin__units_best();
    s->next_space = tocsin__next_space_best();
    s->reads_units = tocsin__matcher_reads_units(&plan->matcher, &all);
    if (plan->guard.first.scans) (void)tocsin__matcher_reads_units(&plan->guard.first.matcher, &first_all);
    if (plan->guard.second.scans) (void)tocsin__matcher_reads_units(&plan->guard.second.matcher, &second_all);
    s->leaves_out = fold->between_han || fold->between_latin;
    s->takes_originals = tocsin__matcher_takes_originals(&plan->matcher) &&
                         !((fold->between_han | fold->between_latin) & ~(uint32_t)TOCSIN_BETWEEN_SPACE);
    s->reads_units |= plan->learned_count > 0;
    s->reads_all = all || first_all || second_all || s->leaves_out || plan->learned_count > 0;
}

static tocsin_status prepare_look(tocsin_scanner *s, const tocsin__plan_look *look, tocsin__matcher_scratch *scratch) {
    return look->scans ? tocsin__matcher_scratch_create(&look->matcher, &s->allocator, scratch) : TOCSIN_OK;
}

static tocsin_status fill(tocsin_scanner *s) {
    tocsin_status status = make_tables(s);
    for (int i = 0; i < TOCSIN_FIELD_COUNT && !status; i++) {
        status = tocsin_folder_create(&s->plan->description->fold, &s->allocator, &s->folders[i]);
    }
    const tocsin_fold_options *fold = &s->plan->description->fold;
    if (!status && s->plan->quantities.count && (fold->between_han || fold->between_latin)) {
        const tocsin_fold_options whole = {fold->profile, 0, 0};
        status = tocsin_folder_create(&whole, &s->allocator, &s->number_folder);
    }
    if (!status) status = tocsin__matcher_scratch_create(&s->plan->matcher, &s->allocator, &s->matcher_scratch);
    if (!status) status = prepare_look(s, &s->plan->guard.first, &s->guard_scratch);
    if (!status) status = prepare_look(s, &s->plan->guard.second, &s->second_scratch);
    choose_reading(s);
    if (!status) status = tocsin__learned_create(s);
    if (!status && s->plan->has_word_bounds) status = tocsin__words_create(&s->allocator, &s->words);
    return status;
}

tocsin_status tocsin_scanner_create(const tocsin_plan *plan, const tocsin_scanner_options *options,
                                    tocsin_scanner **scanner, tocsin_error *error) {
    tocsin_scanner_options resolved;
    if (!plan) return tocsin__null_argument(error, "plan");
    if (!scanner) return tocsin__null_argument(error, "scanner");
    tocsin_status status = options_resolve(options, &resolved, error);
    if (status) return status;
    tocsin_scanner *made = tocsin__allocate_zeroed(&resolved.allocator, sizeof *made);
    tocsin__counted *counted = made ? tocsin__allocate_zeroed(&resolved.allocator, sizeof *counted) : NULL;
    if (!counted) {
        tocsin__deallocate(&resolved.allocator, made, sizeof *made);
        return tocsin__fail(error, TOCSIN_ERROR_MEMORY, "no memory for a scanner");
    }
    counted->under = resolved.allocator;
    made->memory = counted;
    made->allocator = tocsin__counted_allocator(counted);
    made->options = resolved;
    made->muted = TOCSIN_NO_TERM;
    made->plan = tocsin_plan_retain(plan);
    tocsin__arena_init(&made->explanation_arena, &made->allocator);
    status = fill(made);
    if (status) {
        tocsin_scanner_free(made);
        return tocsin__fail(error, status, "the scanner cannot be made: %s", tocsin_status_string(status));
    }
    *scanner = made;
    return TOCSIN_OK;
}

const tocsin_plan *tocsin_scanner_plan(const tocsin_scanner *scanner) { return scanner ? scanner->plan : NULL; }

size_t tocsin_scanner_memory(const tocsin_scanner *scanner) {
    if (!scanner) return 0;
    tocsin__busy *busy = &((tocsin_scanner *)(uintptr_t)scanner)->busy; /* reading does not change the scanner itself */
    if (!tocsin__busy_take(busy)) return 0;
    const size_t bytes = sizeof *scanner + sizeof *scanner->memory + scanner->memory->bytes;
    tocsin__busy_give(busy);
    return bytes;
}

uint32_t tocsin_scanner_incomplete(const tocsin_scanner *scanner) { return scanner ? scanner->verdict.incomplete : 0; }

/* Its cost grows with what the document touched. */
void tocsin__scanner_forget(tocsin_scanner *s) {
    for (size_t i = 0; i < s->touched_topics.length; i++) {
        uint32_t topic = s->touched_topics.data[i];
        s->topic_counts[topic] = 0;
        s->topic_scores[topic] = 0;
        s->topic_values[topic] = 0;
        s->topic_bits[topic / 64] = 0;
    }
    s->touched_topics.length = s->hits.length = s->places.length = 0;
    s->clauses.length = s->routes.length = s->evidence.length = s->topics.length = 0;
    s->named_places.length = 0;
    tocsin__learned_forget(s);
    s->located = 0;
    s->topics_present = 0;
    s->evaluator_begun = 0;
    memset(&s->verdict, 0, sizeof s->verdict);
}
