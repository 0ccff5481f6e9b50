#ifndef TOCSIN_TESTS_MISUSE_WORLD_H
#define TOCSIN_TESTS_MISUSE_WORLD_H

/* One object of each kind, for tests of wrong use. */

#include <string.h>

#include <tocsin/tocsin.h>

#include "suite.h"

static tocsin_status read_plan(void *context, const char *name, tocsin_buffer *out) {
    static const char plan[] = "plan: test\ntopics: {a: {terms: a.txt}}\nexamples: [{text: 火灾, tier: found}]\n"
                               "tiers: [{id: found, clauses: [{id: C1, when: a}]}]\n";
    (void)context;
    if (!strcmp(name, "plan.yaml")) return tocsin_buffer_append(out, plan, sizeof plan - 1);
    return tocsin_buffer_append(out, "火灾", strlen("火灾"));
}

/* One of everything, made anew for every call. */
static struct {
    tocsin_plan *plan;
    tocsin_scanner *scanner;
    tocsin_stream *stream;
    tocsin_slot *slot;
    tocsin_tracker *tracker;
    tocsin_image *image;
    tocsin_folder *folder;
    tocsin_diagnostics *list;
    tocsin_document document;
    tocsin_verdict *verdict;
    tocsin_buffer out;
    tocsin_error error;
} w;

static void set_up(void) {
    const tocsin_verdict *verdict = NULL;
    tocsin_tracker_options small = TOCSIN_TRACKER_OPTIONS_INIT;
    tocsin_buffer image;
    small.max_incidents = 8;
    memset(&w, 0, sizeof w);
    w.document = (tocsin_document)TOCSIN_DOCUMENT_INIT;
    w.document.text = (tocsin_bytes){"发生火灾", strlen("发生火灾")};
    tocsin_buffer_init(&w.out, NULL);
    tocsin_buffer_init(&image, NULL);
    ck_assert_int_eq(tocsin_plan_compile(read_plan, NULL, "plan.yaml", NULL, NULL, &w.plan, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_slot_create(w.plan, NULL, &w.slot), TOCSIN_OK);
    ck_assert_int_eq(tocsin_scanner_create_for_slot(w.slot, NULL, &w.scanner, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_stream_create(w.scanner, &w.stream, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_tracker_create(&small, &w.tracker, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_folder_create(NULL, NULL, &w.folder), TOCSIN_OK);
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &w.list), TOCSIN_OK);
    ck_assert_int_eq(tocsin_classify(w.scanner, &w.document, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_verdict_copy(verdict, NULL, &w.verdict), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_save_to_buffer(w.plan, &image, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_image_read(image.data, image.length, NULL, &w.image, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_stream_begin(w.stream, NULL, NULL), TOCSIN_OK);
    tocsin_buffer_release(&image);
}

static void tear_down(void) {
    tocsin_verdict_free(w.verdict);
    tocsin_image_free(w.image);
    tocsin_diagnostics_free(w.list);
    tocsin_folder_free(w.folder);
    tocsin_tracker_free(w.tracker);
    tocsin_stream_free(w.stream);
    tocsin_scanner_free(w.scanner);
    tocsin_slot_free(w.slot);
    tocsin_plan_release(w.plan);
    tocsin_buffer_release(&w.out);
}

static int take_occurrences(void *context, const tocsin_occurrence *list, size_t count) {
    (void)context;
    (void)list;
    (void)count;
    return 0;
}

#endif
