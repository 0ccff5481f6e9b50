/*
 * Batches: verdicts equal those of single calls, in order; failures are reported and skipped; which failures end a
 * batch.
 */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "failing_allocator.h"
#include "suite.h"

#define DOCUMENTS 40

static const char plan_text[] =
    "plan: test\n"
    "topics: {fire: {terms: fire.txt}, bad: {terms: bad.txt}}\n"
    "tiers:\n"
    "  - {id: low, clauses: [{id: L1, when: fire}, {id: L2, when: fire near/5 bad}]}\n"
    "  - {id: high, clauses: [{id: H1, when: 'fire near/5 bad & venue == site | count(bad) >= 3'}]}\n"
    "routes: [{id: office, when: tier >= low}, {id: chief, when: clause(H1)}]\n";

static tocsin_status read_source(void *context, const char *name, tocsin_buffer *out) {
    (void)context;
    if (!strcmp(name, "plan.yaml")) return tocsin_buffer_append(out, plan_text, sizeof plan_text - 1);
    const char *terms = !strcmp(name, "fire.txt") ? "火灾\n起火\n" : "推诿\n出警慢\n";
    return tocsin_buffer_append(out, terms, strlen(terms));
}

static tocsin_scanner *make_scanner(const tocsin_allocator *allocator) {
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    if (allocator) options.allocator = *allocator;
    ck_assert_int_eq(tocsin_plan_compile(read_source, NULL, "plan.yaml", NULL, NULL, &plan, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_scanner_create(plan, &options, &scanner, NULL), TOCSIN_OK);
    tocsin_plan_release(plan);
    return scanner;
}

/* Texts with some, none or all of the words; venues and reach alternate. */
static void make_documents(tocsin_document *documents, char (*texts)[200], size_t count) {
    static const char *const pieces[] = {"今天", "火灾", "推诿", "一切正常，", "起火", "出警慢", "。", "好"};
    uint32_t state = 7;
    for (size_t i = 0; i < count; i++) {
        const tocsin_document empty = TOCSIN_DOCUMENT_INIT;
        documents[i] = empty;
        texts[i][0] = '\0';
        for (size_t n = i % 9; n > 0; n--) {
            state = state * 1664525u + 1013904223u;
            strcat(texts[i], pieces[state >> 29]);
        }
        documents[i].text = (tocsin_bytes){texts[i], strlen(texts[i])};
        documents[i].id = documents[i].text;
        documents[i].venue = (tocsin_venue)(i % TOCSIN_VENUE_COUNT);
    }
}

typedef struct seen {
    tocsin_buffer json; /* one line a document */
    size_t calls, failures, stop_after;
    size_t clauses;
} seen;

static int note(void *context, size_t index, const tocsin_verdict *verdict, const tocsin_error *why) {
    seen *s = context;
    ck_assert_uint_eq(index, s->calls);
    ck_assert_int_eq(verdict == NULL, why != NULL);
    s->calls++;
    if (verdict) {
        ck_assert_int_eq(tocsin_verdict_to_json(verdict, &s->json), TOCSIN_OK);
        s->clauses += verdict->clause_count;
    } else {
        ck_assert_int_ne(why->status, TOCSIN_OK);
        ck_assert_uint_gt(strlen(why->message), 0);
        s->failures++;
    }
    ck_assert_int_eq(tocsin_buffer_append(&s->json, "\n", 1), TOCSIN_OK);
    return s->calls == s->stop_after;
}

static void one_by_one(tocsin_scanner *scanner, const tocsin_document *documents, size_t count, tocsin_buffer *json) {
    for (size_t i = 0; i < count; i++) {
        const tocsin_verdict *verdict = NULL;
        if (!tocsin_classify(scanner, &documents[i], &verdict, NULL)) {
            ck_assert_int_eq(tocsin_verdict_to_json(verdict, json), TOCSIN_OK);
        }
        ck_assert_int_eq(tocsin_buffer_append(json, "\n", 1), TOCSIN_OK);
    }
}

static const struct {
    size_t count, broken, stop_after; /* broken: a document that is not allowed; DOCUMENTS: none */
    size_t calls;
    tocsin_status status;
} batches[] = {
    {DOCUMENTS, DOCUMENTS, 0, DOCUMENTS, TOCSIN_OK},
    {0, DOCUMENTS, 0, 0, TOCSIN_OK},
    {1, DOCUMENTS, 0, 1, TOCSIN_OK},
    {DOCUMENTS, 0, 0, DOCUMENTS, TOCSIN_ERROR_ARGUMENT},
    {DOCUMENTS, 17, 0, DOCUMENTS, TOCSIN_ERROR_ARGUMENT},
    {DOCUMENTS, DOCUMENTS - 1, 0, DOCUMENTS, TOCSIN_ERROR_ARGUMENT},
    {DOCUMENTS, DOCUMENTS, 9, 9, TOCSIN_OK},
    {DOCUMENTS, 17, 9, 9, TOCSIN_OK},
    {DOCUMENTS, 8, 9, 9, TOCSIN_ERROR_ARGUMENT},
};

START_TEST(a_batch_equals_single_calls) {
    static tocsin_document documents[DOCUMENTS];
    static char texts[DOCUMENTS][200];
    tocsin_scanner *scanner = make_scanner(NULL);
    tocsin_buffer expected;
    tocsin_error error = {0};
    seen s = {.stop_after = batches[_i].stop_after};
    tocsin_buffer_init(&expected, NULL);
    tocsin_buffer_init(&s.json, NULL);
    make_documents(documents, texts, DOCUMENTS);
    if (batches[_i].broken < DOCUMENTS) documents[batches[_i].broken].struct_size = 1;
    one_by_one(scanner, documents, batches[_i].calls, &expected);
    tocsin_status status = tocsin_classify_batch(scanner, documents, batches[_i].count, note, &s, &error);
    ck_assert_int_eq(status, batches[_i].status);
    ck_assert_uint_eq(s.calls, batches[_i].calls);
    ck_assert_uint_eq(s.failures, status != TOCSIN_OK);
    ck_assert_uint_eq(s.json.length, expected.length);
    if (expected.length) ck_assert_mem_eq(s.json.data, expected.data, expected.length);
    if (s.calls == DOCUMENTS) ck_assert_uint_gt(s.clauses, 10);
    if (status) {
        char named[40];
        snprintf(named, sizeof named, "document %zu: ", batches[_i].broken);
        ck_assert_int_eq(error.status, status);
        ck_assert_msg(!strncmp(error.message, named, strlen(named)), "%s", error.message);
    }
    tocsin_buffer_release(&expected);
    tocsin_buffer_release(&s.json);
    tocsin_scanner_free(scanner);
}
END_TEST

START_TEST(arguments_are_checked) {
    tocsin_scanner *scanner = make_scanner(NULL);
    const tocsin_document document = TOCSIN_DOCUMENT_INIT;
    seen s = {.stop_after = 0};
    ck_assert_int_eq(tocsin_classify_batch(NULL, &document, 1, note, &s, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_classify_batch(scanner, NULL, 1, note, &s, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_classify_batch(scanner, &document, 1, NULL, &s, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_classify_batch(scanner, NULL, 0, note, &s, NULL), TOCSIN_OK);
    ck_assert_uint_eq(s.calls, 0);
    tocsin_scanner_free(scanner);
}
END_TEST

/* A document for which there is no memory fails by itself; the same document after it is graded. */
START_TEST(failing_memory_loses_one_document) {
    static tocsin_document documents[DOCUMENTS];
    static char texts[DOCUMENTS][200];
    size_t failed = 0;
    make_documents(documents, texts, DOCUMENTS);
    for (size_t fail_at = 1;; fail_at++) {
        failing_allocator memory = {0};
        const tocsin_allocator allocator = failing_allocator_get(&memory);
        tocsin_buffer expected;
        seen s = {.stop_after = 0};
        tocsin_scanner *plenty = make_scanner(NULL), *scanner = make_scanner(&allocator);
        tocsin_buffer_init(&expected, NULL);
        tocsin_buffer_init(&s.json, NULL);
        one_by_one(plenty, documents, DOCUMENTS, &expected);
        memory.fail_at = memory.calls + fail_at;
        tocsin_status status = tocsin_classify_batch(scanner, documents, DOCUMENTS, note, &s, NULL);
        ck_assert_uint_eq(s.calls, DOCUMENTS);
        ck_assert_uint_le(s.failures, 1);
        ck_assert_int_eq(status, s.failures ? TOCSIN_ERROR_MEMORY : TOCSIN_OK);
        if (!s.failures) ck_assert_mem_eq(s.json.data, expected.data, expected.length);
        if (s.failures) ck_assert_uint_lt(s.json.length, expected.length);
        failed += s.failures;
        tocsin_buffer_release(&expected);
        tocsin_buffer_release(&s.json);
        tocsin_scanner_free(plenty);
        tocsin_scanner_free(scanner);
        ck_assert_uint_eq(memory.live + memory.wrong, 0);
        if (!s.failures) break;
    }
    ck_assert_uint_ge(failed, 5);
}
END_TEST

/* The example of the header. */
static int print_tier(void *context, size_t index, const tocsin_verdict *verdict, const tocsin_error *why) {
    FILE *out = context;
    fprintf(out, "%zu: %s\n", index, verdict ? verdict->tier_id : why->message);
    return 0;
}

START_TEST(the_example_runs) {
    tocsin_document documents[2] = {TOCSIN_DOCUMENT_INIT, TOCSIN_DOCUMENT_INIT};
    tocsin_scanner *scanner = make_scanner(NULL);
    tocsin_error error;
    char line[64] = "";
    FILE *out = tmpfile();
    documents[1].text = (tocsin_bytes){"火灾现场有人推诿", 24};
    documents[1].venue = TOCSIN_VENUE_SITE;
    ck_assert_ptr_nonnull(out);
    ck_assert_int_eq(tocsin_classify_batch(scanner, documents, 2, print_tier, out, &error), TOCSIN_OK);
    rewind(out);
    ck_assert_ptr_nonnull(fgets(line, sizeof line, out));
    ck_assert_str_eq(line, "0: none\n");
    ck_assert_ptr_nonnull(fgets(line, sizeof line, out));
    ck_assert_str_eq(line, "1: high\n");
    fclose(out);
    tocsin_scanner_free(scanner);
}
END_TEST

START_TEST(json_lines_equal_the_verdicts) {
    tocsin_document documents[DOCUMENTS];
    char texts[DOCUMENTS][200];
    size_t ends[DOCUMENTS];
    tocsin_buffer wanted, found;
    tocsin_error error = {0};
    tocsin_scanner *scanner = make_scanner(NULL);
    tocsin_buffer_init(&wanted, NULL);
    tocsin_buffer_init(&found, NULL);
    make_documents(documents, texts, DOCUMENTS);
    one_by_one(scanner, documents, DOCUMENTS, &wanted);
    ck_assert_int_eq(tocsin_classify_batch_to_json(scanner, documents, DOCUMENTS, 0, &found, ends, NULL), TOCSIN_OK);
    ck_assert_uint_eq(found.length, wanted.length);
    ck_assert_mem_eq(found.data, wanted.data, wanted.length);
    for (size_t i = 0; i < DOCUMENTS; i++) ck_assert_int_eq(found.data[ends[i] - 1], '\n');
    ck_assert_uint_eq(ends[DOCUMENTS - 1], found.length);
    /* A batch in which all are graded, and one in which a document fails. */
    documents[3].venue = (tocsin_venue)99;
    documents[3].id = (tocsin_bytes){"no \"venue\"", 10};
    found.length = 0;
    ck_assert_int_eq(tocsin_classify_batch_to_json(scanner, documents, DOCUMENTS, 1, &found, ends, &error),
                     TOCSIN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "document 3: "));
    const char *failed = strstr(found.data, "\"error\":\"document->venue is 99");
    ck_assert_ptr_nonnull(failed);
    ck_assert_uint_lt((size_t)(failed - found.data), ends[3]);
    ck_assert_uint_ge((size_t)(failed - found.data), ends[2]);
    for (size_t i = 0; i < DOCUMENTS; i++) {
        const tocsin_verdict *verdict = NULL;
        const size_t start = i ? ends[i - 1] : 0;
        if (i == 3) continue;
        ck_assert_int_eq(tocsin_classify(scanner, &documents[i], &verdict, NULL), TOCSIN_OK);
        ck_assert_int_eq(ends[i] > start, verdict->tier != TOCSIN_TIER_NONE);
    }
    tocsin_buffer_release(&wanted);
    tocsin_buffer_release(&found);
    tocsin_scanner_free(scanner);
}
END_TEST

enum {
    JOINED = 200 * DOCUMENTS
};

/* The texts of documents one after another, and how many characters each has; the documents keep nothing else. */
static size_t join_texts(tocsin_document *documents, size_t count, char *joined, size_t *lengths) {
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        const tocsin_bytes text = documents[i].text;
        const tocsin_document blank = TOCSIN_DOCUMENT_INIT;
        documents[i] = blank;
        documents[i].text = text;
        memcpy(joined + at, text.data, text.length);
        at += text.length;
        lengths[i] = 0;
        for (size_t b = 0; b < text.length; b++) lengths[i] += ((unsigned char)text.data[b] & 0xC0) != 0x80;
    }
    return at;
}

START_TEST(texts_equal_documents) {
    static char texts[DOCUMENTS][200], joined[JOINED];
    tocsin_document documents[DOCUMENTS];
    size_t ends[DOCUMENTS], wanted_ends[DOCUMENTS], lengths[DOCUMENTS];
    tocsin_buffer wanted, found;
    tocsin_error error = {0};
    tocsin_scanner *scanner = make_scanner(NULL);
    tocsin_buffer_init(&wanted, NULL);
    tocsin_buffer_init(&found, NULL);
    make_documents(documents, texts, DOCUMENTS);
    strcpy(texts[5], "\xE7\x81 \xF0\x9F\x94\xA5火灾é\xFF推诿"); /* malformed parts stay with the text before them */
    documents[5].text.length = strlen(texts[5]);
    const tocsin_bytes all = {joined, join_texts(documents, DOCUMENTS, joined, lengths)};
    for (int graded_only = 0; graded_only <= 1; graded_only++) {
        wanted.length = found.length = 0;
        ck_assert_int_eq(
            tocsin_classify_batch_to_json(scanner, documents, DOCUMENTS, graded_only, &wanted, wanted_ends, NULL),
            TOCSIN_OK);
        ck_assert_int_eq(
            tocsin_classify_texts_to_json(scanner, all, lengths, DOCUMENTS, graded_only, &found, ends, &error),
            TOCSIN_OK);
        ck_assert_uint_eq(found.length, wanted.length);
        ck_assert_mem_eq(found.data, wanted.data, wanted.length);
        ck_assert_mem_eq(ends, wanted_ends, sizeof ends);
    }
    /* The bytes end inside the last text but one: these two fail. */
    const tocsin_bytes fewer = {joined, all.length - documents[DOCUMENTS - 1].text.length - 3};
    lengths[DOCUMENTS - 1]++;
    found.length = 0;
    ck_assert_int_eq(tocsin_classify_texts_to_json(scanner, fewer, lengths, DOCUMENTS, 1, &found, ends, &error),
                     TOCSIN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "document 38: the texts end before "));
    const char *failed = strstr(found.data + ends[37], "{\"id\":\"\",\"error\":\"the texts end before ");
    ck_assert_ptr_eq(failed, found.data + ends[37]);
    ck_assert_ptr_nonnull(strstr(found.data + ends[38], "{\"id\":\"\",\"error\":\"the texts end before "));
    /* Nothing at all, and texts of nothing. */
    const tocsin_bytes none = {NULL, 0};
    const size_t zeros[3] = {0, 0, 0};
    found.length = 0;
    ck_assert_int_eq(tocsin_classify_texts_to_json(scanner, none, NULL, 0, 0, &found, NULL, &error), TOCSIN_OK);
    ck_assert_uint_eq(found.length, 0);
    ck_assert_int_eq(tocsin_classify_texts_to_json(scanner, none, zeros, 3, 0, &found, ends, &error), TOCSIN_OK);
    ck_assert_uint_eq(ends[2], 3 * ends[0]);
    tocsin_buffer_release(&wanted);
    tocsin_buffer_release(&found);
    tocsin_scanner_free(scanner);
}
END_TEST

/* If out cannot grow, the lines before are whole; a document for which there is no memory fails by itself. */
START_TEST(failing_memory_loses_one_text_or_the_rest) {
    static char texts[DOCUMENTS][200], joined[JOINED];
    tocsin_document documents[DOCUMENTS];
    size_t ends[DOCUMENTS], lengths[DOCUMENTS], failed = 0, cut = 0;
    make_documents(documents, texts, DOCUMENTS);
    const tocsin_bytes all = {joined, join_texts(documents, DOCUMENTS, joined, lengths)};
    for (size_t fail_at = 1;; fail_at++) {
        failing_allocator memory = {0};
        const tocsin_allocator allocator = failing_allocator_get(&memory);
        tocsin_buffer found;
        tocsin_buffer_init(&found, &allocator);
        tocsin_scanner *scanner = make_scanner(&allocator);
        memory.fail_at = memory.calls + fail_at;
        memory.failures = 0;
        const tocsin_status status =
            tocsin_classify_texts_to_json(scanner, all, lengths, DOCUMENTS, 0, &found, ends, NULL);
        const int is_done = !memory.failures;
        ck_assert_int_eq(status, is_done ? TOCSIN_OK : TOCSIN_ERROR_MEMORY);
        ck_assert_uint_eq(ends[DOCUMENTS - 1], found.length);
        if (found.length) ck_assert_int_eq(found.data[found.length - 1], '\n');
        if (!is_done && ends[DOCUMENTS - 1] > ends[DOCUMENTS - 2]) failed += strstr(found.data, "\"error\":") != NULL;
        if (!is_done && ends[DOCUMENTS - 1] == ends[DOCUMENTS - 2]) cut++;
        tocsin_buffer_release(&found);
        tocsin_scanner_free(scanner);
        ck_assert_uint_eq(memory.live + memory.wrong, 0);
        if (is_done) break;
    }
    ck_assert_uint_gt(failed, 0);
    ck_assert_uint_gt(cut, 0);
}
END_TEST

TOCSIN_SUITE("batch", TOCSIN_CASE(json_lines_equal_the_verdicts) TOCSIN_LOOP(a_batch_equals_single_calls, batches)
                          TOCSIN_CASE(arguments_are_checked) TOCSIN_CASE(failing_memory_loses_one_document)
                              TOCSIN_CASE(the_example_runs) TOCSIN_CASE(texts_equal_documents)
                                  TOCSIN_CASE(failing_memory_loses_one_text_or_the_rest))
