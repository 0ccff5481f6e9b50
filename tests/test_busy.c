/*
 * One scanner, stream or tracker in two calls at once: the second call returns TOCSIN_ERROR_BUSY and changes nothing.
 * An allocator that calls back into the library always finds the object in use; threads would do so only by chance.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "suite.h"

static tocsin_status read_plan(void *context, const char *name, tocsin_buffer *out) {
    static const char plan[] = "plan: test\ntopics: {a: {terms: a.txt}}\n"
                               "tiers: [{id: found, clauses: [{id: C1, when: a}]}]\n";
    (void)context;
    if (!strcmp(name, "plan.yaml")) return tocsin_buffer_append(out, plan, sizeof plan - 1);
    return tocsin_buffer_append(out, "火灾", strlen("火灾"));
}

static tocsin_plan *make_plan(void) {
    tocsin_plan *plan = NULL;
    ck_assert_int_eq(tocsin_plan_compile(read_plan, NULL, "plan.yaml", NULL, NULL, &plan, NULL), TOCSIN_OK);
    return plan;
}

static tocsin_document document_of(const char *text) {
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    document.text = (tocsin_bytes){text, strlen(text)};
    return document;
}

static int ignore_occurrences(void *context, const tocsin_occurrence *list, size_t count) {
    (void)context;
    (void)list;
    (void)count;
    return 0;
}

static int ignore_verdict(void *context, size_t index, const tocsin_verdict *verdict, const tocsin_error *why) {
    (void)context;
    (void)index;
    (void)verdict;
    (void)why;
    return 0;
}

/* The object in use, and how often each kind of call returned TOCSIN_ERROR_BUSY. */
static struct {
    tocsin_scanner *scanner;
    tocsin_stream *stream;
    tocsin_tracker *tracker;
    const tocsin_verdict *verdict; /* for the tracker */
    int armed;
    int met;
} hook;

static void expect_busy_scanner(tocsin_scanner *scanner) {
    const tocsin_document document = document_of("火灾");
    const tocsin_verdict *verdict = NULL;
    const tocsin_explanation *explanation = NULL;
    tocsin_stream *stream = NULL;
    tocsin_hit hit;
    tocsin_error error;
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, &error), TOCSIN_ERROR_BUSY);
    ck_assert_str_eq(error.message, "the scanner is in use by another call: give each thread its own");
    ck_assert_int_eq(error.status, TOCSIN_ERROR_BUSY);
    ck_assert_ptr_null(verdict);
    ck_assert_int_eq(tocsin_classify_batch(scanner, &document, 1, ignore_verdict, NULL, NULL), TOCSIN_ERROR_BUSY);
    ck_assert_int_eq(tocsin_explain(scanner, &document, &explanation, NULL), TOCSIN_ERROR_BUSY);
    ck_assert_int_eq(tocsin_scan(scanner, "火灾", 6, ignore_occurrences, NULL, NULL), TOCSIN_ERROR_BUSY);
    ck_assert_int_eq(tocsin_scan_folded(scanner, "火灾", 6, ignore_occurrences, NULL, NULL), TOCSIN_ERROR_BUSY);
    ck_assert_int_eq(tocsin_scanner_update(scanner, NULL), TOCSIN_ERROR_BUSY);
    ck_assert_int_eq(tocsin_scanner_trim(scanner, NULL), TOCSIN_ERROR_BUSY);
    ck_assert_int_eq(tocsin_scanner_mute(scanner, 0), TOCSIN_ERROR_BUSY);
    ck_assert_int_eq(tocsin_stream_create(scanner, &stream, NULL), TOCSIN_ERROR_BUSY);
    ck_assert_int_eq(tocsin_scanner_get_hit(scanner, 0, &hit), 0);
}

static void expect_busy_stream(tocsin_stream *stream) {
    const tocsin_verdict *verdict = NULL;
    tocsin_error error;
    ck_assert_int_eq(tocsin_stream_write(stream, TOCSIN_FIELD_TEXT, "x", 1, &error), TOCSIN_ERROR_BUSY);
    ck_assert_str_eq(error.message, "the stream is in use by another call: give each thread its own");
    ck_assert_int_eq(tocsin_stream_begin(stream, NULL, NULL), TOCSIN_ERROR_BUSY);
    ck_assert_int_eq(tocsin_stream_end(stream, &verdict, NULL), TOCSIN_ERROR_BUSY);
    ck_assert_int_eq(tocsin_stream_abandon(stream), TOCSIN_ERROR_BUSY);
}

static void expect_busy_tracker(tocsin_tracker *tracker) {
    const tocsin_document document = document_of("火灾");
    const tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
    tocsin_tracked tracked;
    tocsin_buffer out;
    tocsin_error error;
    tocsin_buffer_init(&out, NULL);
    ck_assert_int_eq(tocsin_tracker_add(tracker, &document, hook.verdict, &tracked, &error), TOCSIN_ERROR_BUSY);
    ck_assert_str_eq(error.message, "the tracker is in use by another call: give each thread its own");
    ck_assert_int_eq(tocsin_tracker_add_again(tracker, 1, hook.verdict, 1, &tracked, NULL), TOCSIN_ERROR_BUSY);
    ck_assert_int_eq(tocsin_tracker_raise(tracker, &document, hook.verdict, &tracked, NULL), TOCSIN_ERROR_BUSY);
    ck_assert_int_eq(tocsin_tracker_set_options(tracker, &options, NULL), TOCSIN_ERROR_BUSY);
    ck_assert_int_eq(tocsin_tracker_save_to_buffer(tracker, &out, NULL), TOCSIN_ERROR_BUSY);
    ck_assert_ptr_null(tocsin_tracker_at(tracker, 0));
    ck_assert_ptr_null(tocsin_tracker_get(tracker, 1));
    ck_assert_uint_eq(out.length, 0);
}

static void call_back(void) {
    if (!hook.armed) return;
    hook.armed = 0;
    hook.met++;
    if (hook.scanner) expect_busy_scanner(hook.scanner);
    if (hook.stream) expect_busy_stream(hook.stream);
    if (hook.tracker) expect_busy_tracker(hook.tracker);
}

static void *own_allocate(void *context, size_t size) {
    (void)context;
    call_back();
    return malloc(size);
}

static void *own_reallocate(void *context, void *memory, size_t old_size, size_t new_size) {
    (void)context;
    (void)old_size;
    call_back();
    return realloc(memory, new_size);
}

static void own_deallocate(void *context, void *memory, size_t size) {
    (void)context;
    (void)size;
    free(memory);
}

static const tocsin_allocator calling_back = {own_allocate, own_reallocate, own_deallocate, NULL};

/* Makes the next allocation call back, and checks that there was one. */
#define DURING(call)                                                                                                   \
    do {                                                                                                               \
        hook.armed = 1;                                                                                                \
        hook.met = 0;                                                                                                  \
        ck_assert_int_eq((call), TOCSIN_OK);                                                                           \
        hook.armed = 0;                                                                                                \
        ck_assert_int_eq(hook.met, 1);                                                                                 \
    } while (0)

START_TEST(a_scanner_in_use_is_busy) {
    tocsin_plan *plan = make_plan();
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    const tocsin_document document = document_of("发生火灾，又是火災㍿");
    const tocsin_verdict *verdict = NULL;
    const tocsin_explanation *explanation = NULL;
    tocsin_slot *slot = NULL;
    options.allocator = calling_back;
    hook.stream = NULL;
    hook.tracker = NULL;
    for (int way = 0; way < 8; way++) {
        ck_assert_int_eq(tocsin_slot_create(plan, NULL, &slot), TOCSIN_OK);
        hook.scanner = NULL;
        ck_assert_int_eq(tocsin_scanner_create_for_slot(slot, &options, &hook.scanner, NULL), TOCSIN_OK);
        switch (way) {
            case 0: DURING(tocsin_classify(hook.scanner, &document, &verdict, NULL)); break;
            case 1: DURING(tocsin_classify_batch(hook.scanner, &document, 1, ignore_verdict, NULL, NULL)); break;
            case 2: DURING(tocsin_explain(hook.scanner, &document, &explanation, NULL)); break;
            case 3: DURING(tocsin_scan(hook.scanner, "火灾㍿", 9, ignore_occurrences, NULL, NULL)); break;
            case 4: DURING(tocsin_scan_folded(hook.scanner, "火灾", 6, ignore_occurrences, NULL, NULL)); break;
            case 5: DURING(tocsin_scanner_trim(hook.scanner, NULL)); break;
            case 6:
                (void)tocsin_slot_publish(slot, plan);
                DURING(tocsin_scanner_update(hook.scanner, NULL));
                break;
            default:
                (void)tocsin_slot_publish(slot, plan); /* the exchange keeps the flag */
                DURING(tocsin_classify(hook.scanner, &document, &verdict, NULL));
                break;
        }
        ck_assert_int_eq(tocsin_classify(hook.scanner, &document, &verdict, NULL), TOCSIN_OK); /* free again */
        ck_assert_str_eq(verdict->tier_id, "found");
        ck_assert_uint_eq(verdict->evidence_count, 2);
        tocsin_scanner_free(hook.scanner);
        tocsin_slot_free(slot);
    }
    tocsin_plan_release(plan);
}
END_TEST

START_TEST(a_stream_in_use_is_busy) {
    tocsin_plan *plan = make_plan();
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    const tocsin_document document = document_of("发生火灾");
    const tocsin_verdict *verdict = NULL;
    char filler[5000];
    tocsin_stream *stream = NULL;
    tocsin_scanner *scanner = NULL;
    memset(filler, 'x', sizeof filler);
    options.allocator = calling_back;
    hook.scanner = NULL;
    hook.tracker = NULL;
    ck_assert_int_eq(tocsin_scanner_create(plan, &options, &scanner, NULL), TOCSIN_OK);
    hook.scanner = scanner;
    DURING(tocsin_stream_create(scanner, &stream, NULL));
    hook.scanner = NULL;
    hook.stream = stream;
    DURING(tocsin_stream_begin(stream, &document, NULL));
    DURING(tocsin_stream_write(stream, TOCSIN_FIELD_TEXT, filler, sizeof filler, NULL));
    hook.scanner = scanner; /* the end uses both */
    DURING(tocsin_stream_end(stream, &verdict, NULL));
    ck_assert_str_eq(verdict->tier_id, "found");
    tocsin_stream_free(stream);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

/* While a sink runs the scanner is in use, so the document cannot end and stays open. */
static int end_in_sink(void *context, size_t index, const tocsin_verdict *verdict, const tocsin_error *why) {
    const tocsin_verdict *another = NULL;
    (void)index;
    (void)why;
    ck_assert_int_eq(tocsin_stream_end(context, &another, NULL), TOCSIN_ERROR_BUSY);
    ck_assert_int_eq(tocsin_stream_write(context, TOCSIN_FIELD_TEXT, "灾", 3, NULL), TOCSIN_OK);
    ck_assert_str_eq(verdict->tier_id, "none");
    return 0;
}

START_TEST(a_document_whose_end_failed_stays_open) {
    tocsin_plan *plan = make_plan();
    const tocsin_document document = document_of("晴");
    const tocsin_verdict *verdict = NULL;
    tocsin_stream *stream = NULL;
    tocsin_scanner *scanner = NULL;
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_stream_create(scanner, &stream, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_stream_begin(stream, NULL, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_stream_write(stream, TOCSIN_FIELD_TEXT, "火", 3, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_classify_batch(scanner, &document, 1, end_in_sink, stream, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_stream_end(stream, &verdict, NULL), TOCSIN_OK);
    ck_assert_str_eq(verdict->tier_id, "found");
    tocsin_stream_free(stream);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

START_TEST(a_tracker_in_use_is_busy) {
    tocsin_plan *plan = make_plan();
    tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
    const tocsin_document document = document_of("城东发生火灾，三辆消防车到场，没有人受伤");
    tocsin_scanner *scanner = NULL;
    tocsin_tracked tracked;
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    options.allocator = calling_back;
    options.max_incidents = 8;
    hook.scanner = NULL;
    hook.stream = NULL;
    hook.tracker = NULL;
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_classify(scanner, &document, &hook.verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_tracker_create(&options, &hook.tracker, NULL), TOCSIN_OK);
    DURING(tocsin_tracker_add(hook.tracker, &document, hook.verdict, &tracked, NULL));
    DURING(tocsin_tracker_save_to_buffer(hook.tracker, &out, NULL));
    ck_assert_uint_eq(tocsin_tracker_count(hook.tracker), 1);
    ck_assert_uint_eq(tocsin_tracker_at(hook.tracker, 0)->posts, 1);
    tocsin_tracker_free(hook.tracker);
    tocsin_scanner_free(scanner);
    tocsin_buffer_release(&out);
    tocsin_plan_release(plan);
}
END_TEST

/* A second thread calls while a batch of the first is running; the batch continues until the second was refused. */
typedef struct race {
    tocsin_scanner *scanner;
    atomic_int refused, over, wrong;
} race;

static void *try_again_and_again(void *context) {
    race *r = context;
    const tocsin_document document = document_of("晴");
    const tocsin_verdict *verdict = NULL;
    while (!atomic_load(&r->over)) {
        const tocsin_status status = tocsin_classify(r->scanner, &document, &verdict, NULL);
        if (status == TOCSIN_ERROR_BUSY)
            atomic_fetch_add(&r->refused, 1);
        else if (status)
            atomic_fetch_add(&r->wrong, 1);
    }
    return NULL;
}

static int look(void *context, size_t index, const tocsin_verdict *verdict, const tocsin_error *why) {
    race *r = context;
    const char *expected = index % 2 ? "none" : "found";
    if (why || strcmp(verdict->tier_id, expected) != 0) atomic_fetch_add(&r->wrong, 1);
    return atomic_load(&r->refused) > 1000;
}

START_TEST(threads_that_share_a_scanner_get_busy) {
    enum {
        DOCUMENTS = 1000
    };
    static tocsin_document documents[DOCUMENTS];
    tocsin_plan *plan = make_plan();
    race r = {.scanner = NULL};
    pthread_t thread;
    tocsin_status status = TOCSIN_OK;
    for (int i = 0; i < DOCUMENTS; i++) documents[i] = document_of(i % 2 ? "今天晴" : "城东火灾");
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &r.scanner, NULL), TOCSIN_OK);
    ck_assert_int_eq(pthread_create(&thread, NULL, try_again_and_again, &r), 0);
    while (atomic_load(&r.refused) <= 1000 && (!status || status == TOCSIN_ERROR_BUSY)) {
        status = tocsin_classify_batch(r.scanner, documents, DOCUMENTS, look, &r, NULL);
    }
    atomic_store(&r.over, 1);
    pthread_join(thread, NULL);
    ck_assert(!status || status == TOCSIN_ERROR_BUSY);
    ck_assert_int_eq(atomic_load(&r.wrong), 0);
    ck_assert_int_gt(atomic_load(&r.refused), 1000);
    tocsin_scanner_free(r.scanner);
    tocsin_plan_release(plan);
}
END_TEST

TOCSIN_SUITE("busy", TOCSIN_CASE(a_scanner_in_use_is_busy) TOCSIN_CASE(a_stream_in_use_is_busy)
                         TOCSIN_CASE(a_document_whose_end_failed_stays_open) TOCSIN_CASE(a_tracker_in_use_is_busy)
                             TOCSIN_CASE(threads_that_share_a_scanner_get_busy))
