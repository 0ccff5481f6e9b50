/*
 * Mistakes of programs: Passes NULL for each pointer of every public function. Nothing crashes, and the message names
 * the argument.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "misuse_world.h"

static int take_verdict(void *context, size_t index, const tocsin_verdict *verdict, const tocsin_error *why) {
    (void)context;
    (void)index;
    (void)verdict;
    (void)why;
    return 0;
}

#define NO_STATUS ((tocsin_status)1)
#define P(i, pointer) (nulls >> (i)&1 ? NULL : (pointer))

/* f(p0, p1, …) with NULL for those whose bit is set; the objects that it makes are freed. */
#define CALL(name, ...)                                                                                                \
    static tocsin_status call_##name(unsigned nulls) {                                                                 \
        tocsin_status status = NO_STATUS;                                                                              \
        (void)nulls;                                                                                                   \
        __VA_ARGS__;                                                                                                   \
        return status;                                                                                                 \
    }

static const tocsin_allocator *own(void) { return tocsin_allocator_default(); }

CALL(allocator_default, (void)tocsin_allocator_default())
CALL(attention_name, (void)tocsin_attention_name(TOCSIN_ATTENTION_LOW))
CALL(buffer_append, status = tocsin_buffer_append(P(0, &w.out), P(1, "x"), 1))
CALL(buffer_init, {
    tocsin_buffer b;
    tocsin_buffer_init(P(0, &b), P(1, own()));
})
CALL(buffer_release, tocsin_buffer_release(P(0, &w.out)))
static tocsin_builder *the_builder(void) {
    static tocsin_builder *made; /* of the last call */
    tocsin_builder_free(made);
    made = NULL;
    (void)tocsin_builder_create(w.plan, NULL, &made, NULL);
    return made;
}

static const tocsin_bytes topic_id = {"a", 1}, term_text = {"火灾", 6}, venue_pattern = {"x.cn", 4};

CALL(builder_add, {
    tocsin_builder_item item = TOCSIN_BUILDER_ITEM_INIT;
    item.id = (tocsin_bytes){"b", 1};
    status = tocsin_builder_add(P(0, the_builder()), TOCSIN_PART_DEFINE, P(1, &item), P(2, &w.error));
})
CALL(builder_add_example, {
    const tocsin_builder_example example = TOCSIN_BUILDER_EXAMPLE_INIT;
    status = tocsin_builder_add_example(P(0, the_builder()), P(1, &example), P(2, &w.error));
})
CALL(builder_add_term, {
    tocsin_builder_term term = TOCSIN_BUILDER_TERM_INIT;
    term.topic = topic_id;
    term.text = term_text;
    status = tocsin_builder_add_term(P(0, the_builder()), P(1, &term), P(2, &w.error));
})
CALL(builder_add_venue, status = tocsin_builder_add_venue(P(0, the_builder()), venue_pattern, TOCSIN_VENUE_SITE,
                                                          P(1, "label"), P(2, &w.error)))
CALL(builder_compile, {
    const tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_plan *plan = NULL;
    status = tocsin_builder_compile(P(0, the_builder()), P(2, &options), P(3, w.list), P(1, &plan), P(4, &w.error));
    tocsin_plan_release(plan);
})
CALL(builder_create, {
    tocsin_builder *builder = NULL;
    status = tocsin_builder_create(P(1, w.plan), P(2, own()), P(0, &builder), P(3, &w.error));
    tocsin_builder_free(builder);
})
CALL(builder_free, {
    if (nulls) tocsin_builder_free(NULL);
})
CALL(builder_item_init, {
    tocsin_builder_item item;
    status = tocsin_builder_item_init(P(0, &item), sizeof item);
})
CALL(builder_example_init, {
    tocsin_builder_example example;
    status = tocsin_builder_example_init(P(0, &example), sizeof example);
})
CALL(builder_remove_example, {
    const tocsin_builder_example example = TOCSIN_BUILDER_EXAMPLE_INIT;
    tocsin_builder *builder = the_builder();
    (void)tocsin_builder_add_example(builder, &example, NULL);
    status = tocsin_builder_remove_example(P(0, builder), 0, P(1, &w.error));
})
CALL(builder_set_deadline, {
    const tocsin_bytes tier = {tocsin_plan_tier(w.plan, 0)->id, strlen(tocsin_plan_tier(w.plan, 0)->id)};
    status = tocsin_builder_set_deadline(P(0, the_builder()), tier, topic_id, 5, P(1, "label"), P(2, &w.error));
})
CALL(builder_remove, status = tocsin_builder_remove(P(0, the_builder()), TOCSIN_PART_TOPIC, topic_id, P(1, &w.error)))
CALL(builder_remove_term, status = tocsin_builder_remove_term(P(0, the_builder()), topic_id, term_text, P(1, &w.error)))
CALL(builder_remove_venue, {
    tocsin_builder *builder = the_builder();
    (void)tocsin_builder_add_venue(builder, venue_pattern, TOCSIN_VENUE_SITE, NULL, NULL);
    status = tocsin_builder_remove_venue(P(0, builder), venue_pattern, P(1, &w.error));
})
CALL(builder_set,
     status = tocsin_builder_set(P(0, the_builder()), TOCSIN_BUILDER_NAME, term_text, P(1, "label"), P(2, &w.error)))
CALL(builder_set_fold, {
    const tocsin_fold_options fold = {0};
    status = tocsin_builder_set_fold(P(0, the_builder()), P(1, &fold), P(2, &w.error));
})
CALL(builder_set_reach, status = tocsin_builder_set_reach(P(0, the_builder()), 1, 2, P(1, &w.error)))
CALL(builder_term_init, {
    tocsin_builder_term term;
    status = tocsin_builder_term_init(P(0, &term), sizeof term);
})
CALL(classify, {
    const tocsin_verdict *v;
    status = tocsin_classify(P(0, w.scanner), P(1, &w.document), P(2, &v), P(3, &w.error));
})
CALL(classify_batch, status = tocsin_classify_batch(P(0, w.scanner), P(1, &w.document), 1, P(2, take_verdict), P(3, &w),
                                                    P(4, &w.error)))
CALL(classify_batch_to_json, {
    size_t end;
    status = tocsin_classify_batch_to_json(P(0, w.scanner), P(1, &w.document), 1, 0, P(2, &w.out), P(3, &end),
                                           P(4, &w.error));
})
CALL(classify_texts_to_json, {
    const size_t length = 1;
    size_t end;
    const tocsin_bytes texts = {P(1, "a"), 1};
    status = tocsin_classify_texts_to_json(P(0, w.scanner), texts, P(2, &length), 1, 0, P(3, &w.out), P(4, &end),
                                           P(5, &w.error));
})
CALL(diagnostic_advice, (void)tocsin_diagnostic_advice(P(0, "bad-bounds")))
CALL(diagnostic_code, (void)tocsin_diagnostic_code(0))
CALL(diagnostic_number, (void)tocsin_diagnostic_number(P(0, "bad-bounds")))
CALL(diagnostic_to_json, {
    const tocsin_diagnostic d = {TOCSIN_SEVERITY_NOTE, P(2, "bad-bounds"), P(3, "a"), 1, 1, P(4, "m")};
    status = tocsin_diagnostic_to_json(P(0, &d), P(1, &w.out));
})
CALL(diagnostic_to_text, {
    const tocsin_diagnostic d = {TOCSIN_SEVERITY_NOTE, P(2, "bad-bounds"), P(3, "a"), 1, 1, P(4, "m")};
    status = tocsin_diagnostic_to_text(P(0, &d), P(1, &w.out));
})
CALL(diagnostics_at, (void)tocsin_diagnostics_at(P(0, w.list), 0))
CALL(diagnostics_clear, tocsin_diagnostics_clear(P(0, w.list)))
CALL(diagnostics_count, (void)tocsin_diagnostics_count(P(0, w.list)))
CALL(diagnostics_count_severity, (void)tocsin_diagnostics_count_severity(P(0, w.list), TOCSIN_SEVERITY_ERROR))
CALL(diagnostics_create, {
    tocsin_diagnostics *list = NULL;
    status = tocsin_diagnostics_create(P(1, own()), P(0, &list));
    tocsin_diagnostics_free(list);
})
CALL(diagnostics_dropped, (void)tocsin_diagnostics_dropped(P(0, w.list)))
CALL(diagnostics_free, {
    if (nulls) tocsin_diagnostics_free(NULL);
})
CALL(document_init, status = tocsin_document_init(P(0, &w.document), sizeof w.document))
CALL(explain, {
    const tocsin_explanation *e;
    status = tocsin_explain(P(0, w.scanner), P(1, &w.document), P(2, &e), P(3, &w.error));
})
CALL(explained_contribution, {
    const tocsin_explained_learned none = {0};
    (void)tocsin_explained_contribution(P(0, &none), 0);
})
CALL(explained_evidence, {
    const tocsin_explained_clause none = {0};
    (void)tocsin_explained_evidence(P(0, &none), 0);
})
CALL(explained_obstacle, {
    const tocsin_explained_clause none = {0};
    (void)tocsin_explained_obstacle(P(0, &none), 0);
})
CALL(explanation_clause, {
    const tocsin_explanation none = {0};
    (void)tocsin_explanation_clause(P(0, &none), 0);
})
CALL(explanation_learned, {
    const tocsin_explanation none = {0};
    (void)tocsin_explanation_learned(P(0, &none), 0);
})
CALL(explanation_copy, {
    const tocsin_explanation *e = NULL;
    tocsin_explanation *copy = NULL;
    (void)tocsin_explain(w.scanner, &w.document, &e, NULL);
    status = tocsin_explanation_copy(P(0, e), P(2, own()), P(1, &copy));
    tocsin_explanation_free(copy);
})
CALL(explanation_free, {
    if (nulls) tocsin_explanation_free(NULL);
})
CALL(explanation_to_json, {
    const tocsin_explanation *e = NULL;
    (void)tocsin_explain(w.scanner, &w.document, &e, NULL);
    tocsin_explanation copy = *e;
    copy.verdict = P(2, e->verdict);
    status = tocsin_explanation_to_json(P(0, &copy), P(1, &w.out));
})
CALL(field_name, (void)tocsin_field_name(TOCSIN_FIELD_TEXT))
CALL(fold, {
    tocsin_bytes folded;
    status = tocsin_fold(P(0, w.folder), P(1, "火災"), 6, P(2, &folded));
})
CALL(fold_span, {
    tocsin_bytes folded;
    size_t start;
    size_t end;
    (void)tocsin_fold(w.folder, "火災", 6, &folded);
    status = tocsin_fold_span(P(0, w.folder), 0, 3, P(1, &start), P(2, &end));
})
CALL(folder_create, {
    const tocsin_fold_options options = {0};
    tocsin_folder *folder = NULL;
    status = tocsin_folder_create(P(1, &options), P(2, own()), P(0, &folder));
    tocsin_folder_free(folder);
})
CALL(folder_free, {
    if (nulls) tocsin_folder_free(NULL);
})
CALL(folder_malformed, (void)tocsin_folder_malformed(P(0, w.folder)))
CALL(image_free, {
    if (nulls) tocsin_image_free(NULL);
})
CALL(image_get_info, (void)tocsin_image_get_info(P(0, w.image)))
CALL(image_get_section, (void)tocsin_image_get_section(P(0, w.image), 0))
CALL(image_get_source, (void)tocsin_image_get_source(P(0, w.image), 0))
CALL(image_open, {
    tocsin_image *image = NULL;
    status = tocsin_image_open(P(0, "/nowhere"), P(2, own()), P(1, &image), P(3, &w.error));
    if (status == TOCSIN_ERROR_NOT_FOUND) status = TOCSIN_OK;
})
CALL(image_read, {
    tocsin_image *image = NULL;
    tocsin_buffer bytes;
    tocsin_buffer_init(&bytes, NULL);
    (void)tocsin_plan_save_to_buffer(w.plan, &bytes, NULL);
    status = tocsin_image_read(P(0, bytes.data), bytes.length, P(2, own()), P(1, &image), P(3, &w.error));
    tocsin_image_free(image);
    tocsin_buffer_release(&bytes);
})
CALL(image_recognises, (void)tocsin_image_recognises(P(0, "x"), 1))
CALL(plan_clause, (void)tocsin_plan_clause(P(0, w.plan), 0))
CALL(obstacle_span, {
    const tocsin_obstacle none = {0};
    (void)tocsin_obstacle_span(P(0, &none), 0);
})
CALL(plan_check_examples, {
    size_t failed;
    status = tocsin_plan_check_examples(P(0, w.plan), P(1, w.list), P(2, &failed), P(3, &w.error));
})
CALL(plan_compile, {
    tocsin_plan *plan = NULL;
    const tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    status = tocsin_plan_compile(P(0, read_plan), P(3, &w), P(1, "plan.yaml"), P(4, &options), P(5, w.list),
                                 P(2, &plan), P(6, &w.error));
    tocsin_plan_release(plan);
})
CALL(plan_compile_file, {
    tocsin_plan *plan = NULL;
    const tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    status = tocsin_plan_compile_file(P(0, TOCSIN_SOURCE_DIR "/examples/water-utility"), P(2, &options), P(3, w.list),
                                      P(1, &plan), P(4, &w.error));
    tocsin_plan_release(plan);
})
CALL(plan_example_count, (void)tocsin_plan_example_count(P(0, w.plan)))
CALL(plan_from_image, {
    tocsin_plan *plan = NULL;
    const tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    status = tocsin_plan_from_image(P(0, w.image), P(2, &options), P(3, w.list), P(1, &plan), P(4, &w.error));
    tocsin_plan_release(plan);
})
CALL(plan_define, (void)tocsin_plan_define(P(0, w.plan), 0))
CALL(plan_find, {
    size_t index;
    (void)tocsin_plan_find(P(0, w.plan), TOCSIN_PART_TIER, P(1, "none"), 4, P(2, &index));
})
CALL(plan_get_info, (void)tocsin_plan_get_info(P(0, w.plan)))
CALL(plan_get_term, {
    tocsin_term term;
    (void)tocsin_plan_get_term(P(0, w.plan), 0, P(1, &term));
})
CALL(plan_get_example, (void)tocsin_plan_get_example(P(0, w.plan), 0, P(1, &(tocsin_example){0})))
CALL(plan_get_deadline, (void)tocsin_plan_get_deadline(P(0, w.plan), 0, P(1, &(tocsin_deadline){0})))
CALL(plan_get_venue, (void)tocsin_plan_get_venue(P(0, w.plan), 0, P(1, &(tocsin_venue_pattern){0})))
CALL(plan_learned, (void)tocsin_plan_learned(P(0, w.plan), 0))
CALL(plan_lint, status = tocsin_plan_lint(P(0, w.plan), P(1, w.list), P(2, &w.error)))
CALL(plan_load, {
    tocsin_plan *plan = NULL;
    const tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    status = tocsin_plan_load(P(0, TOCSIN_SOURCE_DIR "/examples/water-utility"), P(2, &options), P(3, w.list),
                              P(1, &plan), P(4, &w.error));
    tocsin_plan_release(plan);
})
CALL(plan_route, (void)tocsin_plan_route(P(0, w.plan), 0))
CALL(plan_tier, (void)tocsin_plan_tier(P(0, w.plan), 0))
CALL(plan_topic, (void)tocsin_plan_topic(P(0, w.plan), 0))
CALL(plan_options_init, {
    tocsin_plan_options options;
    status = tocsin_plan_options_init(P(0, &options), sizeof options);
})
CALL(plan_release, {
    if (nulls) tocsin_plan_release(NULL);
})
CALL(plan_retain, tocsin_plan_release(tocsin_plan_retain(P(0, w.plan))))
CALL(plan_save, {
    status = tocsin_plan_save(P(0, w.plan), P(1, "/nowhere/x"), P(2, &w.error));
    if (status == TOCSIN_ERROR_IO || status == TOCSIN_ERROR_NOT_FOUND) status = TOCSIN_OK;
})
CALL(plan_save_to_buffer, status = tocsin_plan_save_to_buffer(P(0, w.plan), P(1, &w.out), P(2, &w.error)))
static void take_feature(void *context, uint64_t feature) {
    (void)context;
    (void)feature;
}

CALL(feature_options_init, {
    tocsin_feature_options options;
    status = tocsin_feature_options_init(P(0, &options), sizeof options);
})
CALL(feature_to_text, status = tocsin_feature_to_text(P(0, w.plan), 66, P(1, &w.out)))
CALL(features_version, (void)tocsin_features_version())
CALL(scan, status = tocsin_scan(P(0, w.scanner), P(1, "火灾"), 6, P(2, take_occurrences), P(3, &w), P(4, &w.error)))
CALL(scan_folded,
     status = tocsin_scan_folded(P(0, w.scanner), P(1, "火灾"), 6, P(2, take_occurrences), P(3, &w), P(4, &w.error)))
CALL(scanner_create, {
    tocsin_scanner *scanner = NULL;
    const tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    status = tocsin_scanner_create(P(0, w.plan), P(2, &options), P(1, &scanner), P(3, &w.error));
    tocsin_scanner_free(scanner);
})
CALL(scanner_create_for_slot, {
    tocsin_scanner *scanner = NULL;
    const tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    status = tocsin_scanner_create_for_slot(P(0, w.slot), P(2, &options), P(1, &scanner), P(3, &w.error));
    tocsin_scanner_free(scanner);
})
CALL(scanner_features, {
    const tocsin_feature_options options = TOCSIN_FEATURE_OPTIONS_INIT;
    status = tocsin_scanner_features(P(0, w.scanner), P(1, &options), P(2, take_feature), P(3, &w));
})
CALL(scanner_free, {
    if (nulls) tocsin_scanner_free(NULL);
})
CALL(scanner_get_hit, {
    tocsin_hit hit;
    (void)tocsin_scanner_get_hit(P(0, w.scanner), 0, P(1, &hit));
})
CALL(scanner_get_learned, {
    double probability;
    (void)tocsin_scanner_get_learned(P(0, w.scanner), 0, P(1, &probability));
})
CALL(scanner_incomplete, (void)tocsin_scanner_incomplete(P(0, w.scanner)))
CALL(scanner_mute, status = tocsin_scanner_mute(P(0, w.scanner), 0))
CALL(scanner_plan, (void)tocsin_scanner_plan(P(0, w.scanner)))
CALL(scanner_options_init, {
    tocsin_scanner_options options;
    status = tocsin_scanner_options_init(P(0, &options), sizeof options);
})
CALL(scanner_memory, (void)tocsin_scanner_memory(P(0, w.scanner)))
CALL(scanner_trim, status = tocsin_scanner_trim(P(0, w.scanner), P(1, &w.error)))
CALL(scanner_update, status = tocsin_scanner_update(P(0, w.scanner), P(1, &w.error)))
CALL(slot_acquire, {
    uint64_t generation;
    tocsin_plan_release(tocsin_slot_acquire(P(0, w.slot), P(1, &generation)));
})
CALL(slot_create, {
    tocsin_slot *slot = NULL;
    status = tocsin_slot_create(P(0, w.plan), P(2, own()), P(1, &slot));
    tocsin_slot_free(slot);
})
CALL(slot_free, {
    if (nulls) tocsin_slot_free(NULL);
})
CALL(slot_generation, (void)tocsin_slot_generation(P(0, w.slot)))
CALL(slot_publish, (void)tocsin_slot_publish(P(0, w.slot), P(1, w.plan)))
CALL(status_string, (void)tocsin_status_string(TOCSIN_OK))
CALL(stream_abandon, { status = tocsin_stream_abandon(P(0, w.stream)); })
CALL(stream_begin, status = tocsin_stream_begin(P(0, w.stream), P(1, &w.document), P(2, &w.error)))
CALL(stream_create, {
    tocsin_stream *stream = NULL;
    status = tocsin_stream_create(P(0, w.scanner), P(1, &stream), P(2, &w.error));
    tocsin_stream_free(stream);
})
CALL(stream_end, {
    const tocsin_verdict *v;
    status = tocsin_stream_end(P(0, w.stream), P(1, &v), P(2, &w.error));
})
CALL(stream_free, {
    if (nulls) tocsin_stream_free(NULL);
})
CALL(stream_write, status = tocsin_stream_write(P(0, w.stream), TOCSIN_FIELD_TEXT, P(1, "x"), 1, P(2, &w.error)))
CALL(tracker_add, {
    tocsin_tracked tracked;
    status = tocsin_tracker_add(P(0, w.tracker), P(1, &w.document), P(2, w.verdict), P(3, &tracked), P(4, &w.error));
})
CALL(tracker_add_again, {
    tocsin_tracked tracked;
    status = tocsin_tracker_add_again(P(0, w.tracker), 1, P(1, w.verdict), 1, P(2, &tracked), P(3, &w.error));
})
CALL(tracker_at, (void)tocsin_tracker_at(P(0, w.tracker), 0))
CALL(tracker_count, (void)tocsin_tracker_count(P(0, w.tracker)))
CALL(tracker_create, {
    tocsin_tracker *tracker = NULL;
    const tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
    status = tocsin_tracker_create(P(1, &options), P(0, &tracker), P(2, &w.error));
    tocsin_tracker_free(tracker);
})
CALL(tracker_free, {
    if (nulls) tocsin_tracker_free(NULL);
})
CALL(tracker_get, (void)tocsin_tracker_get(P(0, w.tracker), 1))
CALL(tracker_get_options, (void)tocsin_tracker_get_options(P(0, w.tracker)))
CALL(tracker_now, (void)tocsin_tracker_now(P(0, w.tracker)))
CALL(tracker_options_init, {
    tocsin_tracker_options options;
    status = tocsin_tracker_options_init(P(0, &options), sizeof options);
})
CALL(tracker_raise, {
    tocsin_tracked tracked = {.incident = 1};
    status = tocsin_tracker_raise(P(0, w.tracker), P(1, &w.document), P(2, w.verdict), P(3, &tracked), P(4, &w.error));
})
CALL(tracker_restore, {
    tocsin_tracker *tracker = NULL;
    tocsin_buffer bytes;
    tocsin_buffer_init(&bytes, NULL);
    (void)tocsin_tracker_save_to_buffer(w.tracker, &bytes, NULL);
    status = tocsin_tracker_restore(P(0, bytes.data), bytes.length, P(2, own()), P(1, &tracker), P(3, &w.error));
    tocsin_tracker_free(tracker);
    tocsin_buffer_release(&bytes);
})
CALL(tracker_save_to_buffer, status = tocsin_tracker_save_to_buffer(P(0, w.tracker), P(1, &w.out), P(2, &w.error)))
CALL(tracker_set_options, {
    const tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
    status = tocsin_tracker_set_options(P(0, w.tracker), P(1, &options), P(2, &w.error));
})
CALL(venue_from_name, {
    tocsin_venue venue;
    (void)tocsin_venue_from_name(P(0, "site"), 4, P(1, &venue));
})
CALL(venue_name, (void)tocsin_venue_name(TOCSIN_VENUE_SITE))
CALL(verdict_clause, (void)tocsin_verdict_clause(P(0, w.verdict), 0))
CALL(verdict_evidence, (void)tocsin_verdict_evidence(P(0, w.verdict), 0))
CALL(verdict_place, (void)tocsin_verdict_place(P(0, w.verdict), 0))
CALL(verdict_route, (void)tocsin_verdict_route(P(0, w.verdict), 0))
CALL(verdict_topic, (void)tocsin_verdict_topic(P(0, w.verdict), 0))
CALL(verdict_copy, {
    tocsin_verdict *copy = NULL;
    status = tocsin_verdict_copy(P(0, w.verdict), P(2, own()), P(1, &copy));
    tocsin_verdict_free(copy);
})
CALL(verdict_free, {
    if (nulls) tocsin_verdict_free(NULL);
})
CALL(verdict_move_evidence, {
    tocsin_verdict *copy = NULL;
    ck_assert_int_eq(tocsin_verdict_copy(w.verdict, NULL, &copy), TOCSIN_OK);
    status = tocsin_verdict_move_evidence(P(0, copy), 0, 0, 1, (tocsin_bytes){"x", 1});
    tocsin_verdict_free(copy);
})
CALL(verdict_to_json, status = tocsin_verdict_to_json(P(0, w.verdict), P(1, &w.out)))
CALL(version, (void)tocsin_version())
CALL(version_engine, (void)tocsin_version_engine())
CALL(version_number, (void)tocsin_version_number())
CALL(version_tables, (void)tocsin_version_tables())

/* required: the first pointers, without which there is TOCSIN_ERROR_ARGUMENT; named in the message where named is 1. */
static const struct {
    const char *function;
    tocsin_status (*call)(unsigned nulls);
    unsigned pointers;
    const char *required[5];
    int named;
} functions[] = {
#define F(name, pointers, named, ...)                                                                                  \
    { "tocsin_" #name, call_##name, pointers, {__VA_ARGS__}, named }
    F(allocator_default, 0, 0, NULL),
    F(attention_name, 0, 0, NULL),
    F(buffer_append, 2, 0, "buffer", "data"),
    F(buffer_init, 2, 0, NULL),
    F(buffer_release, 1, 0, NULL),
    F(builder_add, 3, 1, "builder", "item"),
    F(builder_add_example, 3, 1, "builder", "example"),
    F(builder_add_term, 3, 1, "builder", "term"),
    F(builder_add_venue, 3, 1, "builder"),
    F(builder_compile, 5, 1, "builder", "plan"),
    F(builder_create, 4, 1, "builder"),
    F(builder_example_init, 1, 0, "example"),
    F(builder_free, 1, 0, NULL),
    F(builder_item_init, 1, 0, "item"),
    F(builder_remove, 2, 1, "builder"),
    F(builder_remove_example, 2, 1, "builder"),
    F(builder_remove_term, 2, 1, "builder"),
    F(builder_remove_venue, 2, 1, "builder"),
    F(builder_set, 3, 1, "builder"),
    F(builder_set_deadline, 3, 1, "builder"),
    F(builder_set_fold, 3, 1, "builder", "fold"),
    F(builder_set_reach, 2, 1, "builder"),
    F(builder_term_init, 1, 0, "term"),
    F(classify, 4, 1, "scanner", "document", "verdict"),
    F(classify_batch, 5, 1, "scanner", "documents", "sink"),
    F(classify_batch_to_json, 5, 1, "scanner", "documents", "out"),
    F(classify_texts_to_json, 6, 1, "scanner", "texts.data", "lengths", "out"),
    F(diagnostic_advice, 1, 0, NULL),
    F(diagnostic_code, 0, 0, NULL),
    F(diagnostic_number, 1, 0, NULL),
    F(diagnostic_to_json, 5, 0, "diagnostic", "out", "code", "file", "message"),
    F(diagnostic_to_text, 5, 0, "diagnostic", "out", "code", "file", "message"),
    F(diagnostics_at, 1, 0, NULL),
    F(diagnostics_clear, 1, 0, NULL),
    F(diagnostics_count, 1, 0, NULL),
    F(diagnostics_count_severity, 1, 0, NULL),
    F(diagnostics_create, 2, 0, "list"),
    F(diagnostics_dropped, 1, 0, NULL),
    F(diagnostics_free, 1, 0, NULL),
    F(document_init, 1, 0, "document"),
    F(explain, 4, 1, "scanner", "document", "explanation"),
    F(explained_contribution, 1, 0, NULL),
    F(explained_evidence, 1, 0, NULL),
    F(explained_obstacle, 1, 0, NULL),
    F(explanation_clause, 1, 0, NULL),
    F(explanation_copy, 3, 0, "explanation", "copy"),
    F(explanation_free, 1, 0, NULL),
    F(explanation_learned, 1, 0, NULL),
    F(explanation_to_json, 3, 0, "explanation", "out", "verdict"),
    F(field_name, 0, 0, NULL),
    F(fold, 3, 0, "folder", "text", "folded"),
    F(feature_options_init, 1, 0, "options"),
    F(feature_to_text, 2, 0, "plan", "out"),
    F(features_version, 0, 0, NULL),
    F(fold_span, 3, 0, "folder", "start", "end"),
    F(folder_create, 3, 0, "folder"),
    F(folder_free, 1, 0, NULL),
    F(folder_malformed, 1, 0, NULL),
    F(image_free, 1, 0, NULL),
    F(image_get_info, 1, 0, NULL),
    F(image_get_section, 1, 0, NULL),
    F(image_get_source, 1, 0, NULL),
    F(image_open, 4, 1, "path", "image"),
    F(image_read, 4, 1, "bytes", "image"),
    F(image_recognises, 1, 0, NULL),
    F(plan_clause, 1, 0, NULL),
    F(obstacle_span, 1, 0, NULL),
    F(plan_check_examples, 4, 1, "plan"),
    F(plan_compile, 7, 1, "read", "plan_name", "plan"),
    F(plan_compile_file, 5, 1, "path", "plan"),
    F(plan_example_count, 1, 0, NULL),
    F(plan_from_image, 5, 1, "image", "plan"),
    F(plan_define, 1, 0, NULL),
    F(plan_find, 3, 0, NULL),
    F(plan_get_info, 1, 0, NULL),
    F(plan_get_term, 2, 0, NULL),
    F(plan_get_example, 2, 0, NULL),
    F(plan_get_deadline, 2, 0, NULL),
    F(plan_get_venue, 2, 0, NULL),
    F(plan_learned, 1, 0, NULL),
    F(plan_lint, 3, 1, "plan", "list"),
    F(plan_load, 5, 1, "path", "plan"),
    F(plan_route, 1, 0, NULL),
    F(plan_tier, 1, 0, NULL),
    F(plan_topic, 1, 0, NULL),
    F(plan_options_init, 1, 0, "options"),
    F(plan_release, 1, 0, NULL),
    F(plan_retain, 1, 0, NULL),
    F(plan_save, 3, 1, "plan", "path"),
    F(plan_save_to_buffer, 3, 1, "plan", "out"),
    F(scan, 5, 1, "scanner", "text", "sink"),
    F(scan_folded, 5, 1, "scanner", "text", "sink"),
    F(scanner_create, 4, 1, "plan", "scanner"),
    F(scanner_create_for_slot, 4, 1, "slot", "scanner"),
    F(scanner_features, 4, 0, "scanner", "options", "sink"),
    F(scanner_free, 1, 0, NULL),
    F(scanner_get_hit, 2, 0, NULL),
    F(scanner_get_learned, 2, 0, NULL),
    F(scanner_incomplete, 1, 0, NULL),
    F(scanner_memory, 1, 0, NULL),
    F(scanner_mute, 1, 0, "scanner"),
    F(scanner_plan, 1, 0, NULL),
    F(scanner_options_init, 1, 0, "options"),
    F(scanner_trim, 2, 1, "scanner"),
    F(scanner_update, 2, 1, "scanner"),
    F(slot_acquire, 2, 0, NULL),
    F(slot_create, 3, 0, "plan", "slot"),
    F(slot_free, 1, 0, NULL),
    F(slot_generation, 1, 0, NULL),
    F(slot_publish, 2, 0, NULL),
    F(status_string, 0, 0, NULL),
    F(stream_abandon, 1, 0, NULL),
    F(stream_begin, 3, 1, "stream"),
    F(stream_create, 3, 1, "scanner", "stream"),
    F(stream_end, 3, 1, "stream", "verdict"),
    F(stream_free, 1, 0, NULL),
    F(stream_write, 3, 1, "stream", "bytes"),
    F(tracker_add, 5, 1, "tracker", "document", "verdict", "tracked"),
    F(tracker_add_again, 4, 1, "tracker", "verdict", "tracked"),
    F(tracker_at, 1, 0, NULL),
    F(tracker_count, 1, 0, NULL),
    F(tracker_create, 3, 1, "tracker"),
    F(tracker_free, 1, 0, NULL),
    F(tracker_get, 1, 0, NULL),
    F(tracker_get_options, 1, 0, NULL),
    F(tracker_now, 1, 0, NULL),
    F(tracker_options_init, 1, 0, "options"),
    F(tracker_raise, 5, 1, "tracker", "document", "verdict", "tracked"),
    F(tracker_restore, 4, 1, "bytes", "tracker"),
    F(tracker_save_to_buffer, 3, 1, "tracker", "out"),
    F(tracker_set_options, 3, 1, "tracker", "options"),
    F(venue_from_name, 2, 0, NULL),
    F(venue_name, 0, 0, NULL),
    F(verdict_clause, 1, 0, NULL),
    F(verdict_evidence, 1, 0, NULL),
    F(verdict_place, 1, 0, NULL),
    F(verdict_route, 1, 0, NULL),
    F(verdict_topic, 1, 0, NULL),
    F(verdict_copy, 3, 0, "verdict", "copy"),
    F(verdict_free, 1, 0, NULL),
    F(verdict_move_evidence, 1, 0, "copy"),
    F(verdict_to_json, 2, 0, "verdict", "out"),
    F(version, 0, 0, NULL),
    F(version_engine, 0, 0, NULL),
    F(version_number, 0, 0, NULL),
    F(version_tables, 0, 0, NULL),
#undef F
};

static unsigned required_of(int function) {
    unsigned count = 0;
    while (count < 5 && functions[function].required[count]) count++;
    return count;
}

START_TEST(null_is_refused_or_does_nothing) {
    const unsigned required = required_of(_i);
    for (unsigned nulls = 0; nulls < 1u << functions[_i].pointers; nulls++) {
        if (__builtin_popcount(nulls) > 2) continue; /* one, two, none of them */
        set_up();
        const tocsin_status status = functions[_i].call(nulls);
        unsigned missing = 0;
        for (unsigned i = 0; i < required; i++) missing += nulls >> i & 1;
        if (status != NO_STATUS && status != (missing ? TOCSIN_ERROR_ARGUMENT : TOCSIN_OK)) {
            ck_abort_msg("%s with %x: %s", functions[_i].function, nulls, tocsin_status_string(status));
        }
        for (unsigned i = 0; i < required && missing == 1 && functions[_i].named; i++) {
            char expected[40];
            if (!(nulls >> i & 1) || nulls >> (functions[_i].pointers - 1) & 1) continue; /* the last is the error */
            snprintf(expected, sizeof expected, "%s is NULL", functions[_i].required[i]);
            ck_assert_msg(strstr(w.error.message, expected) != NULL, "%s: %s, not: %s", functions[_i].function,
                          w.error.message, expected);
        }
        tear_down();
    }
}
END_TEST

START_TEST(every_public_function_is_covered) {
    char line[200], name[100];
    size_t count = 0;
    FILE *map = fopen(TOCSIN_SOURCE_DIR "/lib/libtocsin.map", "r");
    ck_assert_ptr_nonnull(map);
    while (fgets(line, sizeof line, map)) {
        if (sscanf(line, " %99[a-z_];", name) != 1 || strncmp(name, "tocsin_", 7) != 0) continue;
        size_t at = 0;
        while (at < sizeof functions / sizeof *functions && strcmp(functions[at].function, name) != 0) at++;
        ck_assert_msg(at < sizeof functions / sizeof *functions, "%s is not swept", name);
        count++;
    }
    fclose(map);
    ck_assert_uint_eq(count, sizeof functions / sizeof *functions);
}
END_TEST

TOCSIN_SUITE("misuse",
             TOCSIN_LOOP(null_is_refused_or_does_nothing, functions) TOCSIN_CASE(every_public_function_is_covered))
