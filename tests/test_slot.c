/*
 * Plans exchanged while documents are read: which scanner notices when, the memory of old plans, and that each verdict
 * comes from one plan.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "failing_allocator.h"
#include "suite.h"

enum {
    PLANS = 4,
    TEXTS = 5
};

/* Plans that differ in all they can: terms, topics, clauses, tiers, routes. */
static const char *const yaml[PLANS] = {
    "plan: one\ntopics: {a: {terms: a.txt}}\ntiers: [{id: low, clauses: [{id: A1, when: a}]}]\n",
    "plan: two\ntopics: {b: {terms: b.txt}, a: {terms: a.txt}}\n"
    "tiers: [{id: low, clauses: [{id: B1, when: b}]}, {id: high, clauses: [{id: B2, when: a & b}]}]\n"
    "routes: [{id: office, when: tier >= low}]\n",
    "plan: three\ntopics: {c: {terms: c.csv}}\ntiers: [{id: low, clauses: [{id: C1, when: count(c) >= 2}]}]\n",
    "plan: four\ntopics: {a: {terms: b.txt}}\ntiers: [{id: low, clauses: [{id: A1, when: '!a'}, {id: A2, when: a}]}]\n",
};

static const char *const texts[TEXTS] = {"火灾", "起火，烟很大", "一切正常", "火灾现场烟很大，又起火了", "火锅"};

static tocsin_status read_source(void *context, const char *name, tocsin_buffer *out) {
    const char *text = context;
    if (!strcmp(name, "a.txt")) text = "火灾\n起火\n";
    if (!strcmp(name, "b.txt")) text = "烟\n";
    if (!strcmp(name, "c.csv")) text = "term,bounds,unless\n火,word,火锅\n烟,none,\n现场,auto,\n";
    return tocsin_buffer_append(out, text, strlen(text));
}

static tocsin_plan *make_plan(int which, const tocsin_allocator *allocator) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    if (allocator) options.allocator = *allocator;
    tocsin_status status =
        tocsin_plan_compile(read_source, (void *)(uintptr_t)yaml[which], "plan.yaml", &options, NULL, &plan, &error);
    ck_assert_msg(status == TOCSIN_OK, "%s", error.message);
    return plan;
}

static tocsin_slot *make_slot(const tocsin_plan *plan) {
    tocsin_slot *slot = NULL;
    ck_assert_int_eq(tocsin_slot_create(plan, NULL, &slot), TOCSIN_OK);
    return slot;
}

static tocsin_scanner *make_scanner(tocsin_slot *slot) {
    tocsin_scanner *scanner = NULL;
    ck_assert_int_eq(tocsin_scanner_create_for_slot(slot, NULL, &scanner, NULL), TOCSIN_OK);
    return scanner;
}

static tocsin_document document_of(const char *text) {
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    document.text = (tocsin_bytes){text, strlen(text)};
    return document;
}

static const tocsin_verdict *grade(tocsin_scanner *scanner, const char *text) {
    const tocsin_document document = document_of(text);
    const tocsin_verdict *verdict = NULL;
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    return verdict;
}

static void write_without_generation(const tocsin_verdict *verdict, tocsin_buffer *json) {
    tocsin_verdict plain = *verdict;
    plain.generation = 0;
    json->length = 0;
    ck_assert_int_eq(tocsin_verdict_to_json(&plain, json), TOCSIN_OK);
}

START_TEST(a_slot_counts_what_is_published) {
    tocsin_plan *plans[2] = {make_plan(0, NULL), make_plan(1, NULL)};
    tocsin_slot *slot = make_slot(plans[0]);
    uint64_t generation = 0;
    ck_assert_uint_eq(tocsin_slot_generation(slot), 1);
    ck_assert_uint_eq(tocsin_slot_publish(slot, plans[1]), 2);
    ck_assert_uint_eq(tocsin_slot_publish(slot, plans[1]), 3);
    const tocsin_plan *got = tocsin_slot_acquire(slot, &generation);
    ck_assert_ptr_eq(got, plans[1]);
    ck_assert_uint_eq(generation, 3);
    tocsin_plan_release(got);
    tocsin_plan_release(tocsin_slot_acquire(slot, NULL));
    ck_assert_uint_eq(tocsin_slot_publish(NULL, plans[0]), 0);
    ck_assert_uint_eq(tocsin_slot_publish(slot, NULL), 0);
    ck_assert_uint_eq(tocsin_slot_generation(slot), 3);
    ck_assert_uint_eq(tocsin_slot_generation(NULL), 0);
    ck_assert_ptr_null(tocsin_slot_acquire(NULL, NULL));
    tocsin_slot *untouched = slot;
    ck_assert_int_eq(tocsin_slot_create(NULL, NULL, &untouched), TOCSIN_ERROR_ARGUMENT);
    ck_assert_ptr_eq(untouched, slot);
    ck_assert_int_eq(tocsin_slot_create(plans[0], NULL, NULL), TOCSIN_ERROR_ARGUMENT);
    tocsin_scanner *scanner = NULL;
    ck_assert_int_eq(tocsin_scanner_create_for_slot(NULL, NULL, &scanner, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_ptr_null(scanner);
    ck_assert_int_eq(tocsin_scanner_update(NULL, NULL), TOCSIN_ERROR_ARGUMENT);
    tocsin_slot_free(slot);
    tocsin_slot_free(NULL);
    for (int i = 0; i < 2; i++) tocsin_plan_release(plans[i]);
}
END_TEST

/* Every way to read a document takes the new plan; publishing does not change what was borrowed before. */
START_TEST(scanners_notice_at_their_next_document) {
    tocsin_plan *plans[2] = {make_plan(0, NULL), make_plan(1, NULL)};
    tocsin_slot *slot = make_slot(plans[0]);
    tocsin_scanner *scanner = make_scanner(slot), *other = make_scanner(slot);
    tocsin_buffer json;
    tocsin_buffer_init(&json, NULL);
    const tocsin_verdict *verdict = grade(scanner, "火灾，烟");
    ck_assert_uint_eq(verdict->generation, 1);
    ck_assert_uint_eq(tocsin_slot_publish(slot, plans[1]), 2);
    ck_assert_str_eq(tocsin_verdict_clause(verdict, 0)->id, "A1");
    ck_assert_ptr_eq(verdict->plan, plans[0]);
    verdict = grade(scanner, "火灾，烟");
    ck_assert_str_eq(verdict->tier_id, "high");
    ck_assert_uint_eq(verdict->generation, 2);
    ck_assert_ptr_eq(verdict->plan, plans[1]);
    ck_assert_ptr_eq(tocsin_scanner_plan(scanner), plans[1]);
    ck_assert_int_eq(tocsin_verdict_to_json(verdict, &json), TOCSIN_OK);
    ck_assert_ptr_nonnull(strstr(json.data, "],\"generation\":2}"));
    const tocsin_document document = document_of("火灾");
    const tocsin_explanation *explanation = NULL;
    ck_assert_ptr_eq(tocsin_scanner_plan(other), plans[0]);
    ck_assert_int_eq(tocsin_explain(other, &document, &explanation, NULL), TOCSIN_OK);
    ck_assert_uint_eq(explanation->clause_count, 2);
    ck_assert_uint_eq(tocsin_slot_publish(slot, plans[0]), 3);
    ck_assert_int_eq(tocsin_scanner_update(other, NULL), TOCSIN_OK);
    ck_assert_ptr_eq(tocsin_scanner_plan(other), plans[0]);
    tocsin_buffer_release(&json);
    tocsin_slot_free(slot);
    for (int i = 0; i < 2; i++) tocsin_plan_release(plans[i]);
    ck_assert_uint_eq(grade(scanner, "烟")->generation, 3); /* the slot lives while it is used */
    tocsin_scanner_free(scanner);
    tocsin_scanner_free(other);
}
END_TEST

static int count_them(void *context, const tocsin_occurrence *occurrences, size_t count) {
    (void)occurrences;
    *(size_t *)context += count;
    return 0;
}

static int note_generation(void *context, size_t index, const tocsin_verdict *verdict, const tocsin_error *why) {
    (void)why;
    uint64_t *generations = context;
    generations[index] = verdict ? verdict->generation : 0;
    return 0;
}

/* If trimming a scanner runs out of memory, the scanner grades as before. */
START_TEST(trimming_may_run_out_of_memory) {
    failing_allocator memory = {0};
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    tocsin_plan *plan = make_plan(1, NULL);
    tocsin_scanner *scanner = NULL;
    options.allocator = failing_allocator_get(&memory);
    ck_assert_int_eq(tocsin_scanner_create(plan, &options, &scanner, NULL), TOCSIN_OK);
    ck_assert_str_eq(grade(scanner, "火灾，烟")->tier_id, "high");
    for (size_t n = 1;; n++) {
        memory.fail_at = memory.calls + n;
        memory.failures = 0;
        const tocsin_status status = tocsin_scanner_trim(scanner, NULL);
        memory.fail_at = 0;
        ck_assert_int_eq(status, memory.failures ? TOCSIN_ERROR_MEMORY : TOCSIN_OK);
        ck_assert_str_eq(grade(scanner, "火灾，烟")->tier_id, "high");
        if (!status) break;
        ck_assert_uint_lt(n, 1000);
    }
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(scans_and_batches_notice_too) {
    tocsin_plan *plans[2] = {make_plan(0, NULL), make_plan(3, NULL)};
    tocsin_slot *slot = make_slot(plans[0]);
    tocsin_scanner *scanner = make_scanner(slot);
    const tocsin_document documents[2] = {document_of("烟"), document_of("火灾")};
    uint64_t generations[2] = {0, 0};
    size_t found = 0;
    ck_assert_int_eq(tocsin_scan(scanner, "烟", 3, count_them, &found, NULL), TOCSIN_OK);
    ck_assert_uint_eq(found, 0);
    (void)tocsin_slot_publish(slot, plans[1]);
    ck_assert_int_eq(tocsin_scan(scanner, "烟", 3, count_them, &found, NULL), TOCSIN_OK);
    ck_assert_uint_eq(found, 1);
    (void)tocsin_slot_publish(slot, plans[0]);
    ck_assert_int_eq(tocsin_scan_folded(scanner, "烟", 3, count_them, &found, NULL), TOCSIN_OK);
    ck_assert_uint_eq(found, 1);
    (void)tocsin_slot_publish(slot, plans[1]);
    ck_assert_int_eq(tocsin_classify_batch(scanner, documents, 2, note_generation, generations, NULL), TOCSIN_OK);
    ck_assert_uint_eq(generations[0], 4);
    ck_assert_uint_eq(generations[1], 4);
    tocsin_scanner_free(scanner);
    tocsin_slot_free(slot);
    for (int i = 0; i < 2; i++) tocsin_plan_release(plans[i]);
}
END_TEST

/* A plan lives while a slot, a scanner or a copy of a verdict uses it; then all its memory is released. */
START_TEST(old_plans_are_freed_with_their_last_user) {
    failing_allocator memory = {0};
    const tocsin_allocator allocator = failing_allocator_get(&memory);
    tocsin_plan *old = make_plan(0, &allocator), *plan = make_plan(1, NULL);
    tocsin_slot *slot = make_slot(old);
    tocsin_scanner *scanner = make_scanner(slot), *idle = make_scanner(slot);
    tocsin_verdict *copy = NULL;
    tocsin_plan_release(old);
    size_t held = memory.bytes;
    ck_assert_uint_gt(held, 0);
    ck_assert_int_eq(tocsin_verdict_copy(grade(scanner, "起火"), NULL, &copy), TOCSIN_OK);
    (void)tocsin_slot_publish(slot, plan);
    ck_assert_uint_eq(memory.bytes, held);
    (void)grade(scanner, "烟");
    ck_assert_uint_eq(memory.bytes, held);
    ck_assert_int_eq(tocsin_scanner_update(idle, NULL), TOCSIN_OK);
    ck_assert_uint_eq(memory.bytes, held);
    ck_assert_str_eq(tocsin_verdict_clause(copy, 0)->id, "A1");
    tocsin_verdict_free(copy);
    ck_assert_uint_eq(memory.live, 0);
    ck_assert_uint_eq(memory.wrong, 0);
    tocsin_scanner_free(scanner);
    tocsin_scanner_free(idle);
    tocsin_slot_free(slot);
    tocsin_plan_release(plan);
}
END_TEST

/*
 * If there is no memory for the new plan's tables there is no verdict, and the scanner is unchanged; tried at every
 * allocation.
 */
START_TEST(a_swap_without_memory_is_tried_again) {
    failing_allocator memory = {0};
    tocsin_plan *plans[2] = {make_plan(0, NULL), make_plan(2, NULL)};
    tocsin_slot *slot = make_slot(plans[0]);
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    tocsin_scanner *scanner = NULL;
    options.allocator = failing_allocator_get(&memory);
    ck_assert_int_eq(tocsin_scanner_create_for_slot(slot, &options, &scanner, NULL), TOCSIN_OK);
    (void)grade(scanner, "火灾");
    size_t failures = 0;
    for (int round = 0;; round++) {
        const tocsin_document document = document_of("火，烟");
        const tocsin_verdict *verdict = NULL;
        tocsin_error error = {0};
        if (!round) (void)tocsin_slot_publish(slot, plans[1]);
        memory.fail_at = memory.calls + 1 + (size_t)round;
        tocsin_status status = tocsin_classify(scanner, &document, &verdict, &error);
        memory.fail_at = 0;
        if (status == TOCSIN_OK) {
            ck_assert_uint_eq(verdict->generation, 2);
            ck_assert_str_eq(tocsin_verdict_clause(verdict, 0)->id, "C1");
            break;
        }
        ck_assert_int_eq(status, TOCSIN_ERROR_MEMORY);
        ck_assert_ptr_null(verdict);
        ck_assert(error.message[0]);
        failures++;
    }
    ck_assert_uint_gt(failures, 5);
    tocsin_scanner_free(scanner);
    ck_assert_uint_eq(memory.live, 0);
    ck_assert_uint_eq(memory.wrong, 0);
    tocsin_slot_free(slot);
    for (int i = 0; i < 2; i++) tocsin_plan_release(plans[i]);
}
END_TEST

static void write_text(tocsin_stream *stream, const char *text) {
    ck_assert_int_eq(tocsin_stream_write(stream, TOCSIN_FIELD_TEXT, text, strlen(text), NULL), TOCSIN_OK);
}

static const tocsin_verdict *end(tocsin_stream *stream) {
    const tocsin_verdict *verdict = NULL;
    ck_assert_int_eq(tocsin_stream_end(stream, &verdict, NULL), TOCSIN_OK);
    return verdict;
}

/*
 *  A document in pieces keeps the plan with which it began, whether the scanner has a newer plan by then or an older
 * one.
 */
START_TEST(a_stream_keeps_its_plan) {
    tocsin_plan *plans[3] = {make_plan(0, NULL), make_plan(1, NULL), make_plan(3, NULL)};
    tocsin_slot *slot = make_slot(plans[0]);
    tocsin_scanner *scanner = make_scanner(slot);
    tocsin_stream *stream = NULL, *behind = NULL;
    ck_assert_int_eq(tocsin_stream_create(scanner, &stream, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_stream_create(scanner, &behind, NULL), TOCSIN_OK);
    for (int scanner_goes_on = 0; scanner_goes_on < 2; scanner_goes_on++) {
        uint64_t first = tocsin_slot_publish(slot, plans[0]);
        ck_assert_int_eq(tocsin_stream_begin(stream, NULL, NULL), TOCSIN_OK);
        write_text(stream, "火");
        ck_assert_uint_eq(tocsin_slot_publish(slot, plans[1]), first + 1);
        if (scanner_goes_on) ck_assert_uint_eq(grade(scanner, "烟")->generation, first + 1);
        write_text(stream, "灾，烟");
        const tocsin_verdict *verdict = end(stream);
        ck_assert_uint_eq(verdict->generation, first);
        ck_assert_ptr_eq(verdict->plan, plans[0]);
        ck_assert_uint_eq(verdict->clause_count, 1);
        ck_assert_str_eq(tocsin_verdict_clause(verdict, 0)->id, "A1");
        ck_assert_int_eq(tocsin_stream_begin(behind, NULL, NULL),
                         TOCSIN_OK); /* belongs to a plan that the scanner may not have yet */
        write_text(behind, "烟");
        ck_assert_uint_eq(end(behind)->generation, first + 1);
        ck_assert_int_eq(tocsin_stream_begin(stream, NULL, NULL), TOCSIN_OK);
        write_text(stream, "火灾，烟");
        ck_assert_str_eq(end(stream)->tier_id, "high");
    }
    ck_assert_int_eq(tocsin_stream_begin(stream, NULL, NULL), TOCSIN_OK);
    write_text(stream, "烟");
    (void)tocsin_slot_publish(slot, plans[2]);
    tocsin_slot_free(slot);
    for (int i = 0; i < 3; i++) tocsin_plan_release(plans[i]);
    ck_assert_str_eq(tocsin_verdict_clause(end(stream), 0)->id, "B1");
    tocsin_stream_free(stream);
    tocsin_stream_free(behind);
    tocsin_scanner_free(scanner);
}
END_TEST

/* 4 scanners read, and half of their documents are in pieces, while 2 publishers exchange plans 10 000 times. */
enum {
    READERS = 4,
    PUBLISHERS = 2,
    SWAPS = 10000
};

typedef struct race {
    tocsin_slot *slot;
    tocsin_plan *plans[PLANS];
    tocsin_buffer expected[PLANS][TEXTS];
    signed char published[SWAPS + 2]; /* plan of each generation */
    atomic_int running;               /* publishers */
    atomic_size_t verdicts;           /* of all readers; the publishers wait for it */
} race;

typedef struct racer {
    race *race;
    int number;
    size_t verdicts, generations, wrong;
    signed char seen[SWAPS + 2]; /* the plan of each generation, or -1 */
    uint64_t latest;
} racer;

static void *publish(void *argument) {
    racer *self = argument;
    race *r = self->race;
    for (int i = 0; i < SWAPS / PUBLISHERS; i++) {
        int plan = (i * (self->number + 1) + self->number) % PLANS;
        size_t before = atomic_load(&r->verdicts);
        r->published[tocsin_slot_publish(r->slot, r->plans[plan])] = (signed char)plan;
        while (atomic_load(&r->verdicts) == before) sched_yield();
    }
    atomic_fetch_sub(&r->running, 1);
    return NULL;
}

static void judge(racer *self, const tocsin_verdict *verdict, int text, tocsin_buffer *json) {
    int plan = 0;
    while (plan < PLANS && self->race->plans[plan] != verdict->plan) plan++;
    write_without_generation(verdict, json);
    const int right = plan < PLANS && verdict->generation <= SWAPS + 1 && verdict->generation >= self->latest &&
                      !strcmp(json->data, self->race->expected[plan][text].data);
    self->verdicts++;
    atomic_fetch_add(&self->race->verdicts, 1);
    if (!right || (self->seen[verdict->generation] >= 0 && self->seen[verdict->generation] != plan)) {
        self->wrong++;
        return;
    }
    self->generations += self->seen[verdict->generation] < 0;
    self->seen[verdict->generation] = (signed char)plan;
    self->latest = verdict->generation;
}

static void *read_along(void *argument) {
    racer *self = argument;
    tocsin_scanner *scanner = NULL;
    tocsin_stream *stream = NULL;
    tocsin_buffer json;
    int failed = tocsin_scanner_create_for_slot(self->race->slot, NULL, &scanner, NULL) ||
                 tocsin_stream_create(scanner, &stream, NULL);
    tocsin_buffer_init(&json, NULL);
    for (int i = self->number; !failed && (atomic_load(&self->race->running) || self->verdicts < 100); i++) {
        const int text = i % TEXTS;
        const tocsin_document document = document_of(texts[text]);
        const tocsin_verdict *verdict = NULL;
        if (i & 1) {
            failed = tocsin_classify(scanner, &document, &verdict, NULL) != TOCSIN_OK;
        } else {
            failed = tocsin_stream_begin(stream, NULL, NULL) ||
                     tocsin_stream_write(stream, TOCSIN_FIELD_TEXT, document.text.data, document.text.length, NULL) ||
                     tocsin_stream_end(stream, &verdict, NULL);
        }
        if (!failed) judge(self, verdict, text, &json);
    }
    self->wrong += (size_t)failed;
    tocsin_buffer_release(&json);
    tocsin_stream_free(stream);
    tocsin_scanner_free(scanner);
    return NULL;
}

static void begin_race(race *r) {
    memset(r->published, -1, sizeof r->published);
    atomic_init(&r->running, PUBLISHERS);
    for (int p = 0; p < PLANS; p++) {
        tocsin_scanner *scanner = NULL;
        r->plans[p] = make_plan(p, NULL);
        ck_assert_int_eq(tocsin_scanner_create(r->plans[p], NULL, &scanner, NULL), TOCSIN_OK);
        for (int t = 0; t < TEXTS; t++) {
            tocsin_buffer_init(&r->expected[p][t], NULL);
            write_without_generation(grade(scanner, texts[t]), &r->expected[p][t]);
        }
        tocsin_scanner_free(scanner);
    }
    r->slot = make_slot(r->plans[0]);
    r->published[1] = 0;
}

START_TEST(every_verdict_comes_from_one_plan) {
    static race r;
    static racer readers[READERS], publishers[PUBLISHERS];
    pthread_t threads[READERS + PUBLISHERS];
    begin_race(&r);
    for (int i = 0; i < READERS; i++) {
        readers[i] = (racer){.race = &r, .number = i};
        memset(readers[i].seen, -1, sizeof readers[i].seen);
        ck_assert_int_eq(pthread_create(&threads[i], NULL, read_along, &readers[i]), 0);
    }
    for (int i = 0; i < PUBLISHERS; i++) {
        publishers[i] = (racer){.race = &r, .number = i};
        ck_assert_int_eq(pthread_create(&threads[READERS + i], NULL, publish, &publishers[i]), 0);
    }
    for (int i = 0; i < READERS + PUBLISHERS; i++) ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
    ck_assert_uint_eq(tocsin_slot_generation(r.slot), SWAPS + 1);
    size_t generations = 0;
    for (int i = 0; i < READERS; i++) {
        const racer *reader = &readers[i];
        printf("reader %d: %zu verdicts of %zu generations\n", i, reader->verdicts, reader->generations);
        ck_assert_uint_eq(reader->wrong, 0);
        ck_assert_uint_ge(reader->verdicts, 100);
        generations += reader->generations;
        for (int g = 1; g <= SWAPS + 1; g++) {
            ck_assert_int_ge(r.published[g], 0);
            if (reader->seen[g] >= 0) ck_assert_int_eq(reader->seen[g], r.published[g]);
        }
    }
    ck_assert_uint_ge(generations, 1000);
    tocsin_slot_free(r.slot);
    for (int p = 0; p < PLANS; p++) {
        tocsin_plan_release(r.plans[p]);
        for (int t = 0; t < TEXTS; t++) tocsin_buffer_release(&r.expected[p][t]);
    }
}
END_TEST

TOCSIN_SUITE("slot", TOCSIN_CASE(a_slot_counts_what_is_published) TOCSIN_CASE(trimming_may_run_out_of_memory)
                         TOCSIN_CASE(scanners_notice_at_their_next_document) TOCSIN_CASE(scans_and_batches_notice_too)
                             TOCSIN_CASE(old_plans_are_freed_with_their_last_user)
                                 TOCSIN_CASE(a_swap_without_memory_is_tried_again) TOCSIN_CASE(a_stream_keeps_its_plan)
                                     TOCSIN_CASE(every_verdict_comes_from_one_plan))
