/*
 * Mistakes of calling programs: structs of wrong sizes, values outside an enumeration, texts that are too long. The
 * message names the member.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "misuse_world.h"

/* The mistake in a document, and a part of the message. */
typedef struct mistake {
    const char *name;
    tocsin_document document;
    tocsin_status status;
    const char *message;
} mistake;

#define SIZE sizeof(tocsin_document)
#define DOCUMENT(...)                                                                                                  \
    { .struct_size = SIZE, .time = TOCSIN_TIME_UNKNOWN, __VA_ARGS__ }
static const mistake mistakes[] = {
    {"all zero", {.struct_size = 0}, TOCSIN_ERROR_ARGUMENT, "->struct_size is 0: start from TOCSIN_DOCUMENT_INIT"},
    {"of another struct", {.struct_size = 16}, TOCSIN_ERROR_ARGUMENT, "->struct_size is 16"},
    {"one byte less", {.struct_size = SIZE - 1}, TOCSIN_ERROR_ARGUMENT, "->struct_size is"},
    {"one byte more", {.struct_size = SIZE + 1}, TOCSIN_ERROR_ARGUMENT, "->struct_size is"},
    {"never set", {.struct_size = SIZE_MAX - 7}, TOCSIN_ERROR_ARGUMENT, "->struct_size is 18446744073709551608"},
    {"venue", DOCUMENT(.venue = (tocsin_venue)8), TOCSIN_ERROR_ARGUMENT, "->venue is 8, which is not a tocsin_venue"},
    {"venue below", DOCUMENT(.venue = (tocsin_venue)-1), TOCSIN_ERROR_ARGUMENT, "->venue is -1"},
    {"attention", DOCUMENT(.attention = (tocsin_attention)3), TOCSIN_ERROR_ARGUMENT, "->attention is 3"},
    {"text", DOCUMENT(.text = {NULL, 5}), TOCSIN_ERROR_ARGUMENT, "->text.data is NULL, and its length is 5"},
    {"title", DOCUMENT(.title = {NULL, 1}), TOCSIN_ERROR_ARGUMENT, "->title.data is NULL"},
    {"id", DOCUMENT(.id = {NULL, 1}), TOCSIN_ERROR_ARGUMENT, "->id.data is NULL"},
    {"source", DOCUMENT(.source = {NULL, 1}), TOCSIN_ERROR_ARGUMENT, "->source.data is NULL"},
    {"3 GB of text", DOCUMENT(.text = {"x", (size_t)3 << 30}), TOCSIN_ERROR_TOO_LARGE, "text has 3221225472 bytes"},
    {"3 GB of title", DOCUMENT(.title = {"x", (size_t)3 << 30}), TOCSIN_ERROR_TOO_LARGE, "title has 3221225472 bytes"},
    {"3 GB of id", DOCUMENT(.id = {"x", (size_t)3 << 30}), TOCSIN_ERROR_TOO_LARGE, "id has 3221225472 bytes"},
    {"an endless source", DOCUMENT(.source = {"x", SIZE_MAX}), TOCSIN_ERROR_TOO_LARGE,
     "source has 18446744073709551615"},
};

static int keep_failure(void *context, size_t index, const tocsin_verdict *verdict, const tocsin_error *why) {
    (void)index;
    ck_assert_ptr_null(verdict);
    *(tocsin_error *)context = *why;
    return 0;
}

START_TEST(every_call_names_a_mistake_in_a_document) {
    const mistake *m = &mistakes[_i];
    set_up();
    for (int way = 0; way < 5; way++) {
        const tocsin_verdict *verdict = NULL;
        const tocsin_explanation *explanation = NULL;
        tocsin_tracked tracked;
        tocsin_error error = {.message = ""}, passed = {.message = ""};
        tocsin_status status = TOCSIN_OK;
        switch (way) {
            case 0: status = tocsin_classify(w.scanner, &m->document, &verdict, &error); break;
            case 1: status = tocsin_explain(w.scanner, &m->document, &explanation, &error); break;
            case 2: status = tocsin_stream_begin(w.stream, &m->document, &error); break;
            case 3: status = tocsin_tracker_add(w.tracker, &m->document, w.verdict, &tracked, &error); break;
            default:
                status = tocsin_classify_batch(w.scanner, &m->document, 1, keep_failure, &passed, &error);
                ck_assert_int_eq(passed.status, m->status);
                ck_assert_ptr_nonnull(strstr(passed.message, m->message));
                break;
        }
        ck_assert_msg(status == m->status, "%s, way %d: %s", m->name, way, tocsin_status_string(status));
        ck_assert_msg(strstr(error.message, m->message) != NULL, "%s, way %d: %s", m->name, way, error.message);
        ck_assert_msg(strstr(error.message, way == 2 ? "facts->" : "document->") != NULL, "%s", error.message);
        ck_assert_ptr_null(verdict);
    }
    tear_down();
}
END_TEST

/* A struct of a newer program, with two more members. */
typedef struct longer {
    tocsin_document document;
    uint64_t more[2];
} longer;

static int keep_tier(void *context, size_t index, const tocsin_verdict *verdict, const tocsin_error *why) {
    char *told = context;
    told[index] = why ? '!' : verdict->tier_id[0];
    return 0;
}

START_TEST(larger_documents_of_newer_programs_are_read) {
    longer documents[4];
    char told[5] = "";
    tocsin_error error;
    set_up();
    for (int i = 0; i < 4; i++) {
        documents[i] = (longer){.document = TOCSIN_DOCUMENT_INIT};
        documents[i].document.struct_size = sizeof(longer);
        documents[i].document.text = i % 2 ? w.document.text : (tocsin_bytes){"晴", 3};
    }
    ck_assert_int_eq(tocsin_classify_batch(w.scanner, &documents[0].document, 4, keep_tier, told, NULL), TOCSIN_OK);
    ck_assert_str_eq(told, "nfnf");
    documents[2].more[1] = 1;
    ck_assert_int_eq(tocsin_classify_batch(w.scanner, &documents[0].document, 4, keep_tier, told, &error),
                     TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(told, "nf!f");
    ck_assert_ptr_nonnull(strstr(error.message, "document 2: document->struct_size is"));
    ck_assert_ptr_nonnull(strstr(error.message, "that this library knows is set"));
    tear_down();
}
END_TEST

START_TEST(options_of_wrong_size_are_refused_unread) {
    /* Allocated to end with its memory, so that a sanitizer detects a read past its end. */
    size_t *size = malloc(sizeof *size);
    const size_t wrong[] = {0, 1, 8, 40, 4100, 4104, SIZE_MAX};
    set_up();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        tocsin_plan *plan = NULL;
        tocsin_scanner *scanner = NULL;
        tocsin_tracker *tracker = NULL;
        char expected[60];
        *size = wrong[i];
        snprintf(expected, sizeof expected, "options->struct_size is %zu", wrong[i]);
        for (int way = 0; way < 8; way++) {
            const void *options = size;
            tocsin_error error = {.message = ""};
            tocsin_status status = TOCSIN_OK;
            switch (way) {
                case 0: status = tocsin_plan_compile(read_plan, NULL, "plan.yaml", options, NULL, &plan, &error); break;
                case 1: status = tocsin_plan_from_image(w.image, options, NULL, &plan, &error); break;
                case 2: status = tocsin_plan_load("/nowhere", options, NULL, &plan, &error); break;
                case 3: status = tocsin_plan_compile_file("/nowhere", options, NULL, &plan, &error); break;
                case 4: status = tocsin_scanner_create(w.plan, options, &scanner, &error); break;
                case 5: status = tocsin_scanner_create_for_slot(w.slot, options, &scanner, &error); break;
                case 6: status = tocsin_tracker_create(options, &tracker, &error); break;
                default: status = tocsin_tracker_set_options(w.tracker, options, &error); break;
            }
            ck_assert_msg(status == TOCSIN_ERROR_ARGUMENT, "%zu, way %d: %s", wrong[i], way, error.message);
            ck_assert_msg(strstr(error.message, expected) != NULL, "%zu, way %d: %s", wrong[i], way, error.message);
        }
    }
    free(size);
    tear_down();
}
END_TEST

/* Options of a newer program: additional members must be zero, otherwise the call is refused. */
START_TEST(larger_options_are_accepted_if_the_rest_is_zero) {
    struct {
        tocsin_plan_options options;
        uint64_t more[2];
    } plan_options = {.options = TOCSIN_PLAN_OPTIONS_INIT};
    struct {
        tocsin_scanner_options options;
        uint64_t more[2];
    } scanner_options = {.options = TOCSIN_SCANNER_OPTIONS_INIT};
    struct {
        tocsin_tracker_options options;
        uint64_t more[2];
    } tracker_options = {.options = TOCSIN_TRACKER_OPTIONS_INIT};
    set_up();
    for (int is_new = 0; is_new < 2; is_new++) {
        const tocsin_status expected = is_new ? TOCSIN_ERROR_ARGUMENT : TOCSIN_OK;
        tocsin_plan *plan = NULL;
        tocsin_scanner *scanner = NULL;
        tocsin_tracker *tracker = NULL;
        tocsin_error error = {.message = ""};
        ck_assert_int_eq(tocsin_plan_options_init(&plan_options.options, sizeof plan_options), TOCSIN_OK);
        ck_assert_int_eq(tocsin_scanner_options_init(&scanner_options.options, sizeof scanner_options), TOCSIN_OK);
        ck_assert_int_eq(tocsin_tracker_options_init(&tracker_options.options, sizeof tracker_options), TOCSIN_OK);
        plan_options.more[1] = scanner_options.more[1] = tracker_options.more[1] = (uint64_t)is_new << 56;
        ck_assert_int_eq(tocsin_plan_compile(read_plan, NULL, "plan.yaml", &plan_options.options, NULL, &plan, &error),
                         expected);
        if (is_new) ck_assert_ptr_nonnull(strstr(error.message, "that this library knows is set"));
        ck_assert_int_eq(tocsin_scanner_create(w.plan, &scanner_options.options, &scanner, &error), expected);
        ck_assert_int_eq(tocsin_tracker_create(&tracker_options.options, &tracker, &error), expected);
        tocsin_plan_release(plan);
        tocsin_scanner_free(scanner);
        tocsin_tracker_free(tracker);
    }
    tear_down();
}
END_TEST

START_TEST(a_wrong_option_is_named) {
    tocsin_plan_options plan_options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_scanner_options scanner_options = TOCSIN_SCANNER_OPTIONS_INIT;
    tocsin_tracker_options tracker_options = TOCSIN_TRACKER_OPTIONS_INIT;
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    tocsin_tracker *tracker = NULL;
    tocsin_error error;
    set_up();
    plan_options.engine = (tocsin_engine)9;
    ck_assert_int_eq(tocsin_plan_compile(read_plan, NULL, "plan.yaml", &plan_options, NULL, &plan, &error),
                     TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "options->engine is 9, which is not a tocsin_engine");
    scanner_options.allocator.allocate = tocsin_allocator_default()->allocate;
    ck_assert_int_eq(tocsin_scanner_create(w.plan, &scanner_options, &scanner, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "options->allocator has some of its three functions only: set all or none");
    tracker_options.same_percent = 101;
    ck_assert_int_eq(tocsin_tracker_create(&tracker_options, &tracker, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "options->same_percent is 101, outside 0 to 100");
    tracker_options.same_percent = 0;
    tracker_options.quiet_ms = -5;
    ck_assert_int_eq(tocsin_tracker_set_options(w.tracker, &tracker_options, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "options->quiet_ms is -5, outside 0 to 9223372036854775807");
    tracker_options.quiet_ms = 0;
    tracker_options.first_id = UINT64_MAX;
    ck_assert_int_eq(tocsin_tracker_create(&tracker_options, &tracker, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "options->first_id is 18446744073709551615, outside 0 to 9223372036854775807");
    ck_assert_int_eq(tocsin_stream_write(w.stream, (tocsin_field)2, "x", 1, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "field is 2, which is not a tocsin_field");
    tear_down();
}
END_TEST

START_TEST(an_empty_verdict_is_refused) {
    const tocsin_verdict zero = {0};
    tocsin_verdict *copy = NULL;
    tocsin_tracked tracked;
    tocsin_error error;
    set_up();
    ck_assert_int_eq(tocsin_verdict_copy(&zero, NULL, &copy), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_verdict_to_json(&zero, &w.out), TOCSIN_ERROR_ARGUMENT);
    tracked = (tocsin_tracked){0};
    ck_assert_int_eq(tocsin_tracker_raise(w.tracker, &w.document, &zero, &tracked, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_tracker_add(w.tracker, &w.document, &zero, &tracked, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "verdict->struct_size is 0: it is of no tocsin_classify");
    tear_down();
}
END_TEST

START_TEST(classify_and_scan_share_the_length_limit) {
    static const size_t lengths[] = {5, 6, 7, 8, 9, 10, (size_t)TOCSIN_FOLD_MAX + 1, (size_t)3 << 30, SIZE_MAX};
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    tocsin_scanner *scanner = NULL;
    set_up();
    options.max_document_bytes = 8;
    ck_assert_int_eq(tocsin_scanner_create(w.plan, &options, &scanner, NULL), TOCSIN_OK);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        const char *text = "火灾火灾";
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        const tocsin_verdict *verdict = NULL;
        tocsin_stream *stream = NULL;
        document.text = (tocsin_bytes){text, lengths[i]};
        const tocsin_status status = tocsin_classify(scanner, &document, &verdict, NULL);
        const uint32_t incomplete = verdict ? verdict->incomplete : 0;
        ck_assert_int_eq(status, lengths[i] > 100 ? TOCSIN_ERROR_TOO_LARGE : TOCSIN_OK);
        ck_assert_uint_eq(incomplete, status || lengths[i] <= 8 ? 0 : TOCSIN_INCOMPLETE_TEXT);
        ck_assert_int_eq(tocsin_scan(scanner, text, lengths[i], take_occurrences, NULL, NULL), status);
        if (!status) ck_assert_uint_eq(tocsin_scanner_incomplete(scanner), incomplete);
        ck_assert_int_eq(tocsin_scan_folded(scanner, text, lengths[i], take_occurrences, NULL, NULL), status);
        if (!status) ck_assert_uint_eq(tocsin_scanner_incomplete(scanner), incomplete);
        if (lengths[i] == SIZE_MAX) continue;
        ck_assert_int_eq(tocsin_stream_create(scanner, &stream, NULL), TOCSIN_OK);
        ck_assert_int_eq(tocsin_stream_begin(stream, NULL, NULL), TOCSIN_OK);
        ck_assert_int_eq(tocsin_stream_write(stream, TOCSIN_FIELD_TEXT, text, 5, NULL), TOCSIN_OK);
        ck_assert_int_eq(tocsin_stream_write(stream, TOCSIN_FIELD_TEXT, text + 5, lengths[i] - 5, NULL), TOCSIN_OK);
        ck_assert_int_eq(tocsin_stream_end(stream, &verdict, NULL), status);
        if (!status) ck_assert_uint_eq(verdict->incomplete, incomplete);
        tocsin_stream_free(stream);
    }
    tocsin_scanner_free(scanner);
    tear_down();
}
END_TEST

/* Counts what is there. */
static size_t bytes_now;

static void *count_allocate(void *context, size_t size) {
    (void)context;
    bytes_now += size;
    return malloc(size);
}

static void *count_reallocate(void *context, void *memory, size_t old_size, size_t new_size) {
    (void)context;
    bytes_now += new_size - old_size;
    return realloc(memory, new_size);
}

static void count_deallocate(void *context, void *memory, size_t size) {
    (void)context;
    bytes_now -= size;
    free(memory);
}

START_TEST(trimming_releases_memory) {
    enum {
        LARGE = 3 << 20
    };
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    tocsin_scanner *scanner = NULL;
    const tocsin_verdict *verdict = NULL;
    tocsin_hit hit;
    char *text = malloc(LARGE);
    set_up();
    options.allocator = (tocsin_allocator){count_allocate, count_reallocate, count_deallocate, NULL};
    for (size_t i = 0; i < LARGE; i += 3) memcpy(text + i, i % 6 ? "灾" : "火", 3);
    memcpy(text + LARGE - 3, "㍿", 3); /* must be folded */
    bytes_now = 0;
    ck_assert_int_eq(tocsin_scanner_create(w.plan, &options, &scanner, NULL), TOCSIN_OK);
    const size_t small = bytes_now;
    w.document.text = (tocsin_bytes){text, LARGE};
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(tocsin_classify(scanner, &w.document, &verdict, NULL), TOCSIN_OK);
        ck_assert_uint_eq(tocsin_verdict_topic(verdict, 0)->hits, LARGE / 6 - 1);
        ck_assert_uint_gt(bytes_now, (size_t)LARGE);
        ck_assert_uint_eq(tocsin_scanner_memory(scanner), bytes_now);
        ck_assert_int_eq(tocsin_scanner_trim(scanner, NULL), TOCSIN_OK);
        ck_assert_uint_eq(bytes_now, small);
        ck_assert_uint_eq(tocsin_scanner_memory(scanner), small);
        ck_assert_int_eq(tocsin_scanner_get_hit(scanner, 0, &hit), 0);
    }
    ck_assert_int_eq(tocsin_scanner_mute(scanner, 0), TOCSIN_OK); /* the only term: trimming keeps it muted */
    ck_assert_int_eq(tocsin_scanner_trim(scanner, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_classify(scanner, &w.document, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_scanner_get_hit(scanner, 0, &hit), 0);
    tocsin_scanner_free(scanner);
    ck_assert_uint_eq(bytes_now, 0);
    free(text);
    tear_down();
}
END_TEST

TOCSIN_SUITE("mistakes", TOCSIN_LOOP(every_call_names_a_mistake_in_a_document, mistakes)
                             TOCSIN_CASE(larger_documents_of_newer_programs_are_read)
                                 TOCSIN_CASE(options_of_wrong_size_are_refused_unread)
                                     TOCSIN_CASE(larger_options_are_accepted_if_the_rest_is_zero)
                                         TOCSIN_CASE(a_wrong_option_is_named) TOCSIN_CASE(an_empty_verdict_is_refused)
                                             TOCSIN_CASE(classify_and_scan_share_the_length_limit)
                                                 TOCSIN_CASE(trimming_releases_memory))
