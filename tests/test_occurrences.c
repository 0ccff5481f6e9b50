/* Every occurrence with its span, raw or folded, whole or stopped; and scanners of one plan in several threads. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "suite.h"

static tocsin_status read_plan(void *context, const char *name, tocsin_buffer *out) {
    static const char plan[] = "plan: test\ntopics: {a: {terms: a.csv}, b: {terms: b.txt}}\n"
                               "tiers: [{id: found, clauses: [{id: C1, when: \"a near/3 b\"}, {id: C2, when: b}]}]\n";
    static const char a[] = "term,kind,unless\n火,literal,火锅\n火灾,literal,\n\"等了[0-9]{1,2}分钟\",regex,\n";
    (void)context;
    if (!strcmp(name, "plan.yaml")) return tocsin_buffer_append(out, plan, sizeof plan - 1);
    if (!strcmp(name, "a.csv")) return tocsin_buffer_append(out, a, sizeof a - 1);
    return tocsin_buffer_append(out, "分钟\n火\n", strlen("分钟\n火\n"));
}

typedef struct collected {
    char text[2000];
    size_t count, stop_after;
} collected;

static int collect(void *context, const tocsin_occurrence *list, size_t count) {
    collected *c = context;
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(c->text);
        snprintf(c->text + n, sizeof c->text - n, "%u.%u[%zu,%zu) ", list[i].topic, list[i].term, list[i].start,
                 list[i].end);
    }
    c->count += count;
    return c->stop_after && c->count >= c->stop_after;
}

static tocsin_plan *make_plan(tocsin_source_reader read, tocsin_engine engine) {
    tocsin_plan *plan = NULL;
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_error error = {0};
    options.engine = engine;
    ck_assert_msg(!tocsin_plan_compile(read, NULL, "plan.yaml", &options, NULL, &plan, &error), "%s", error.message);
    return plan;
}

static const tocsin_engine engines[] = {TOCSIN_ENGINE_AUTO, HYPERSCAN_ENGINE, TOCSIN_ENGINE_NAIVE};

START_TEST(every_occurrence_has_its_span) {
    tocsin_plan *plan = make_plan(read_plan, engines[_i]);
    tocsin_scanner *scanner = NULL;
    collected c = {"", 0, 0};
    const char text[] = "火\xE2\x80\x8B災等了４０分鐘吃火鍋";
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_scan(scanner, text, sizeof text - 1, collect, &c, NULL), TOCSIN_OK);
    ck_assert_str_eq(c.text, "0.1[0,9) 0.0[0,3) 1.4[0,3) 0.2[9,27) 1.3[21,27) 0.0[30,33) 1.4[30,33) ");
    const char folded[] = "火灾等了40分钟吃火锅";
    c = (collected){"", 0, 0};
    ck_assert_int_eq(tocsin_scan_folded(scanner, folded, sizeof folded - 1, collect, &c, NULL), TOCSIN_OK);
    ck_assert_str_eq(c.text, "0.1[0,6) 0.0[0,3) 1.4[0,3) 0.2[6,20) 1.3[14,20) 0.0[23,26) 1.4[23,26) ");
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

static tocsin_status read_crossed(void *context, const char *name, tocsin_buffer *out) {
    static const char plan[] = "plan: test\ntopics: {c: {terms: c.txt}, a: {terms: a.csv}, b: {terms: b.csv}}\n"
                               "tiers: [{id: found, clauses: [{id: C1, when: a & b & c}]}]\n";
    static const char a[] = "term,kind\n火灾,literal\n水枪没[水油],regex\n",
                      b[] = "term,kind\n火[灾情],regex\n水枪没水,literal\n";
    (void)context;
    if (!strcmp(name, "plan.yaml")) return tocsin_buffer_append(out, plan, sizeof plan - 1);
    if (!strcmp(name, "c.txt")) return tocsin_buffer_append(out, "没水", strlen("没水"));
    return !strcmp(name, "a.csv") ? tocsin_buffer_append(out, a, sizeof a - 1)
                                  : tocsin_buffer_append(out, b, sizeof b - 1);
}

static tocsin_status read_classes(void *context, const char *name, tocsin_buffer *out) {
    static const char plan[] = "plan: test\ntopics: {a: {terms: a.csv}}\n"
                               "tiers: [{id: found, clauses: [{id: C1, when: a}]}]\n";
    static const char a[] = "term,kind\n水枪没[^水],regex\n";
    (void)context;
    if (!strcmp(name, "plan.yaml")) return tocsin_buffer_append(out, plan, sizeof plan - 1);
    return tocsin_buffer_append(out, a, sizeof a - 1);
}

/* Among hits with the same span the first topic comes first, in whatever order they were found. */
START_TEST(hits_are_ordered_by_position_and_topic) {
    static const struct {
        uint32_t topic;
        size_t start;
    } wanted[] = {{1, 0}, {2, 0}, {1, 9}, {2, 9}, {0, 15}};
    tocsin_plan *plan = make_plan(read_crossed, engines[_i]);
    tocsin_scanner *scanner = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL;
    document.text = (tocsin_bytes){"火灾，水枪没水", strlen("火灾，水枪没水")};
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_uint_eq(verdict->evidence_count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < verdict->evidence_count; i++) {
        ck_assert_uint_eq(tocsin_verdict_evidence(verdict, i)->topic, wanted[i].topic);
        ck_assert_uint_eq(tocsin_verdict_evidence(verdict, i)->start, wanted[i].start);
    }
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

/* The replacement of malformed bytes matches no character class; a U+FFFD in the text does. */
START_TEST(malformed_bytes_match_nothing) {
    static const char *const texts[] = {"水枪没\xFF", "水枪没\xE6\xB0", "水枪没\xEF\xBF\xBD", "水枪没油",
                                        "水枪没\xEF\xBF\xBD\xFF"};
    tocsin_plan *plan = make_plan(read_classes, engines[_i]);
    tocsin_scanner *scanner = NULL;
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        const tocsin_verdict *verdict = NULL;
        document.text = (tocsin_bytes){texts[i], strlen(texts[i])};
        ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
        ck_assert_uint_eq(verdict->evidence_count, i >= 2);
        collected c = {"", 0, 0};
        ck_assert_int_eq(tocsin_scan(scanner, texts[i], strlen(texts[i]), collect, &c, NULL), TOCSIN_OK);
        ck_assert_uint_eq(c.count, i >= 2);
    }
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

START_TEST(a_sink_can_stop_the_scan) {
    enum {
        FIRES = 5000
    };
    tocsin_plan *plan = make_plan(read_plan, TOCSIN_ENGINE_AUTO);
    tocsin_scanner *scanner = NULL;
    collected c = {"", 0, 300};
    tocsin_error error = {0};
    char *text = malloc(FIRES * 3);
    for (size_t i = 0; i < FIRES; i++) memcpy(text + i * 3, "火", 3);
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_scan(scanner, text, FIRES * 3, collect, &c, NULL), TOCSIN_OK);
    ck_assert_uint_ge(c.count, 300);
    ck_assert_uint_lt(c.count, 1000);
    c = (collected){"", 0, 0};
    ck_assert_int_eq(tocsin_scan(scanner, text, FIRES * 3, collect, &c, NULL), TOCSIN_OK);
    ck_assert_uint_eq(c.count, FIRES * 2);
    ck_assert_int_eq(tocsin_scan(scanner, NULL, 3, collect, &c, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_scan(scanner, text, 3, NULL, &c, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_scan(NULL, text, 3, collect, &c, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_scan_folded(NULL, text, 3, collect, &c, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_scan_folded(scanner, text, 3, NULL, &c, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_scan_folded(scanner, NULL, 3, collect, &c, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_scan(scanner, text, SIZE_MAX / 2, collect, &c, &error), TOCSIN_ERROR_TOO_LARGE);
    ck_assert_int_eq(tocsin_scan(scanner, NULL, 0, collect, &c, &error), TOCSIN_OK);
    free(text);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

/* Threads that share a plan, each with a scanner: the same verdicts as one alone. */
enum {
    THREADS = 4,
    DOCUMENTS = 400
};

static const tocsin_plan *shared_plan;

static void make_text(unsigned number, char *text) {
    static const char *const parts[] = {"火", "灾", "等了", "40", "分钟", "锅", "，", "昨夜", "\xE2\x80\x8B", "鐘"};
    uint64_t state = number * 2654435761u + 7;
    text[0] = '\0';
    for (int i = 0; i < 20; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        strcat(text, parts[(state >> 33) % 10]);
    }
}

static void *grade_all(void *context) {
    tocsin_buffer *out = context;
    tocsin_scanner *scanner = NULL;
    if (tocsin_scanner_create(shared_plan, NULL, &scanner, NULL)) return NULL;
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        char text[200];
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        const tocsin_verdict *verdict = NULL;
        make_text(i, text);
        document.text = (tocsin_bytes){text, strlen(text)};
        if (tocsin_classify(scanner, &document, &verdict, NULL)) break;
        if (tocsin_verdict_to_json(verdict, out)) break;
    }
    tocsin_scanner_free(scanner);
    tocsin_plan_release(tocsin_plan_retain(shared_plan));
    return out;
}

START_TEST(threads_give_the_same_verdicts) {
    tocsin_plan *plan = make_plan(read_plan, engines[_i]);
    pthread_t threads[THREADS];
    tocsin_buffer outputs[THREADS];
    shared_plan = plan;
    for (int i = 0; i < THREADS; i++) {
        tocsin_buffer_init(&outputs[i], NULL);
        ck_assert_int_eq(pthread_create(&threads[i], NULL, grade_all, &outputs[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *done = NULL;
        ck_assert_int_eq(pthread_join(threads[i], &done), 0);
        ck_assert_ptr_eq(done, &outputs[i]);
    }
    ck_assert_ptr_nonnull(strstr(outputs[0].data, "\"C1\""));
    for (int i = 1; i < THREADS; i++) ck_assert_str_eq(outputs[i].data, outputs[0].data);
    for (int i = 0; i < THREADS; i++) tocsin_buffer_release(&outputs[i]);
    tocsin_plan_release(plan);
}
END_TEST

TOCSIN_SUITE("occurrences",
             TOCSIN_LOOP(every_occurrence_has_its_span, engines)
                 TOCSIN_LOOP(hits_are_ordered_by_position_and_topic, engines)
                     TOCSIN_LOOP(malformed_bytes_match_nothing, engines) TOCSIN_CASE(a_sink_can_stop_the_scan)
                         TOCSIN_LOOP(threads_give_the_same_verdicts, engines))
