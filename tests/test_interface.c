/* Structs initialised by functions, lists read one element at a time, parts of a plan found by their ids. */
#include <stdint.h>

#include <tocsin/tocsin.h>

#include "suite.h"

static const char *const fire_service = TOCSIN_SOURCE_DIR "/examples/fire-service";

START_TEST(buffers_refuse_impossible_lengths) {
    const tocsin_allocator half = {tocsin_allocator_default()->allocate, NULL, NULL, NULL};
    tocsin_buffer b, zero;
    tocsin_buffer_init(&b, NULL);
    memset(&zero, 0, sizeof zero);
    ck_assert_int_eq(tocsin_buffer_append(&b, "abc", 3), TOCSIN_OK);
    const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 2, SIZE_MAX - 3, SIZE_MAX / 2, SIZE_MAX / 4 + 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        ck_assert_int_eq(tocsin_buffer_append(&b, "x", sizes[i]), TOCSIN_ERROR_MEMORY);
        ck_assert_str_eq(b.data, "abc");
        ck_assert_uint_eq(b.length, 3);
    }
    while (b.length < b.capacity - 2) ck_assert_int_eq(tocsin_buffer_append(&b, "z", 1), TOCSIN_OK);
    const size_t length = b.length;
    ck_assert_int_eq(tocsin_buffer_append(&b, b.data, b.length), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_buffer_append(&b, b.data + length - 1, 1), TOCSIN_ERROR_ARGUMENT);
    ck_assert_uint_eq(b.length, length);
    ck_assert_int_eq(tocsin_buffer_append(&b, b.data, 0), TOCSIN_OK);
    ck_assert_int_eq(tocsin_buffer_append(&zero, "abc", 3),
                     TOCSIN_OK); /* a struct of zeros equals an initialised one */
    ck_assert_str_eq(zero.data, "abc");
    tocsin_buffer_release(&zero);
    tocsin_buffer_release(&b);
    tocsin_buffer_init(&b, &half);
    ck_assert_int_eq(tocsin_buffer_append(&b, "abc", 3), TOCSIN_ERROR_ARGUMENT);
    tocsin_buffer_release(&b);
}
END_TEST

START_TEST(structs_are_initialised_by_functions) {
    static const tocsin_document document = TOCSIN_DOCUMENT_INIT;
    static const tocsin_plan_options plan_options = TOCSIN_PLAN_OPTIONS_INIT;
    static const tocsin_scanner_options scanner_options = TOCSIN_SCANNER_OPTIONS_INIT;
    static const tocsin_tracker_options tracker_options = TOCSIN_TRACKER_OPTIONS_INIT;
    union {
        tocsin_document document;
        tocsin_plan_options plan;
        tocsin_scanner_options scanner;
        tocsin_tracker_options tracker;
        unsigned char bytes[512];
    } made;
    memset(&made, 0xA5, sizeof made);
    ck_assert_int_eq(tocsin_document_init(&made.document, sizeof document), TOCSIN_OK);
    ck_assert_mem_eq(&made, &document, sizeof document);
    ck_assert_uint_eq(made.bytes[sizeof document], 0xA5);                   /* not more than requested */
    ck_assert_int_eq(tocsin_document_init(&made.document, 400), TOCSIN_OK); /* of a newer program */
    ck_assert_uint_eq(made.document.struct_size, 400);
    for (size_t i = sizeof document; i < 400; i++) ck_assert_uint_eq(made.bytes[i], 0);
    ck_assert_uint_eq(made.bytes[400], 0xA5);
    ck_assert_int_eq(tocsin_document_init(&made.document, 8), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_document_init(&made.document, SIZE_MAX), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_plan_options_init(&made.plan, sizeof plan_options), TOCSIN_OK);
    ck_assert_mem_eq(&made, &plan_options, sizeof plan_options);
    ck_assert_int_eq(tocsin_scanner_options_init(&made.scanner, sizeof scanner_options), TOCSIN_OK);
    ck_assert_mem_eq(&made, &scanner_options, sizeof scanner_options);
    ck_assert_int_eq(tocsin_tracker_options_init(&made.tracker, sizeof tracker_options), TOCSIN_OK);
    ck_assert_mem_eq(&made, &tracker_options, sizeof tracker_options);
    ck_assert_uint_eq(tocsin_version_number(),
                      TOCSIN_VERSION_MAJOR * 10000 + TOCSIN_VERSION_MINOR * 100 + TOCSIN_VERSION_PATCH);
}
END_TEST

/* SIZE_MAX: the part does not exist, and the index is left untouched. */
static size_t found(const tocsin_plan *plan, tocsin_part part, const char *id) {
    size_t index = SIZE_MAX;
    const int is = tocsin_plan_find(plan, part, id, strlen(id), &index);
    ck_assert_int_eq(is, index != SIZE_MAX);
    return index;
}

START_TEST(deadlines_belong_to_tiers) {
    static const struct {
        const char *tier, *id;
        uint32_t hours;
    } expected[] = {{"general", "answer", 48}, {"major", "answer", 5}, {"major", "briefing", 24}};
    tocsin_deadline deadline = {0};
    tocsin_plan *plan = NULL;
    ck_assert_int_eq(tocsin_plan_compile_file(fire_service, NULL, NULL, &plan, NULL), TOCSIN_OK);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(tocsin_plan_get_deadline(plan, i, &deadline), 1);
        ck_assert_str_eq(tocsin_plan_tier(plan, deadline.tier)->id, expected[i].tier);
        ck_assert_str_eq(deadline.id, expected[i].id);
        ck_assert_uint_eq(deadline.hours, expected[i].hours);
    }
    ck_assert_int_eq(tocsin_plan_get_deadline(plan, 3, &deadline), 0);
    ck_assert_uint_eq(deadline.hours, 24);
    tocsin_plan_release(plan);
}
END_TEST

START_TEST(a_plan_lists_its_parts) {
    size_t index = 7;
    tocsin_plan *plan = NULL, *without = NULL;
    tocsin_image *image = NULL;
    tocsin_buffer bytes;
    tocsin_venue_pattern pattern;
    tocsin_example example;
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    ck_assert_int_eq(tocsin_plan_compile_file(fire_service, NULL, NULL, &plan, NULL), TOCSIN_OK);
    const tocsin_plan_info *info = tocsin_plan_get_info(plan);
    ck_assert_uint_gt(info->define_count, 0);
    for (size_t i = 0; i < info->define_count; i++) {
        ck_assert_str_ne(tocsin_plan_define(plan, i)->when, "");
        ck_assert_uint_eq(found(plan, TOCSIN_PART_DEFINE, tocsin_plan_define(plan, i)->id), i);
    }
    for (size_t i = 0; i < info->clause_count; i++) {
        ck_assert_uint_eq(found(plan, TOCSIN_PART_CLAUSE, tocsin_plan_clause(plan, i)->id), i);
    }
    ck_assert_uint_eq(found(plan, TOCSIN_PART_TIER, "no such tier"), SIZE_MAX);
    ck_assert_uint_eq(found(plan, (tocsin_part)6, "major"), SIZE_MAX);
    /* Only the given bytes of the id are compared: not the bytes after them, and not a part of an id. */
    const char *last = tocsin_plan_tier(plan, info->tier_count - 1)->id;
    ck_assert_int_eq(tocsin_plan_find(plan, TOCSIN_PART_TIER, "major)", 5, &index), 1);
    ck_assert_str_eq(tocsin_plan_tier(plan, index)->id, "major");
    ck_assert_int_eq(tocsin_plan_find(plan, TOCSIN_PART_TIER, last, strlen(last) - 1, &index), 0);
    ck_assert_int_eq(tocsin_plan_find(plan, TOCSIN_PART_TIER, last, strlen(last) + 1, &index), 0);
    ck_assert_int_eq(tocsin_plan_find(plan, TOCSIN_PART_TIER, "", 0, &index), 0);
    for (size_t i = 0; i < info->venue_count; i++) {
        ck_assert_int_eq(tocsin_plan_get_venue(plan, i, &pattern), 1);
        ck_assert(pattern.pattern.length > 0 && pattern.venue != TOCSIN_VENUE_UNKNOWN && pattern.line > 0);
    }
    ck_assert_int_eq(tocsin_plan_get_venue(plan, info->venue_count, &pattern), 0);
    const size_t examples = tocsin_plan_example_count(plan);
    for (size_t i = 0; i < examples; i++) {
        ck_assert_int_eq(tocsin_plan_get_example(plan, i, &example), 1);
        ck_assert(example.tier.length > 0 && example.title.length + example.text.length > 0);
    }
    ck_assert_uint_gt(examples, 0);
    ck_assert_int_eq(tocsin_plan_get_example(plan, examples, &example), 0);
    /* The hash is the same with and without sources, and in the image. */
    options.without_sources = 1;
    ck_assert_int_eq(tocsin_plan_compile_file(fire_service, &options, NULL, &without, NULL), TOCSIN_OK);
    tocsin_buffer_init(&bytes, NULL);
    ck_assert_int_eq(tocsin_plan_save_to_buffer(plan, &bytes, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_image_read(bytes.data, bytes.length, NULL, &image, NULL), TOCSIN_OK);
    ck_assert_uint_ne(info->content, 0);
    ck_assert_uint_eq(info->content, tocsin_plan_get_info(without)->content);
    ck_assert_uint_eq(info->content, tocsin_image_get_info(image)->content);
    tocsin_image_free(image);
    tocsin_buffer_release(&bytes);
    tocsin_plan_release(without);
    tocsin_plan_release(plan);
}
END_TEST

START_TEST(missing_elements_are_null) {
    const tocsin_verdict *v = NULL;
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    document.text = (tocsin_bytes){"晴", 3};
    ck_assert_int_eq(tocsin_plan_compile_file(fire_service, NULL, NULL, &plan, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_classify(scanner, &document, &v, NULL), TOCSIN_OK);
    ck_assert_uint_eq(v->clause_count + v->route_count + v->evidence_count + v->topic_count + v->place_count, 0);
    ck_assert_ptr_null(tocsin_verdict_clause(v, 0));
    ck_assert_ptr_null(tocsin_verdict_route(v, 0));
    ck_assert_ptr_null(tocsin_verdict_evidence(v, 0));
    ck_assert_ptr_null(tocsin_verdict_topic(v, 0));
    ck_assert_ptr_null(tocsin_verdict_place(v, 0));
    const size_t clauses = tocsin_plan_get_info(plan)->clause_count;
    ck_assert_ptr_nonnull(tocsin_plan_clause(plan, clauses - 1));
    ck_assert_ptr_null(tocsin_plan_clause(plan, clauses));
    ck_assert_ptr_null(tocsin_plan_tier(plan, SIZE_MAX));
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

static tocsin_status read_obstacles(void *context, const char *name, tocsin_buffer *out) {
    static const char plan[] =
        "plan: test\ntopics: {a: {terms: a.txt}, b: {terms: b.txt}, c: {terms: c.txt}}\ntiers:\n"
        "  - id: t\n    clauses:\n"
        "      - {id: TOPIC, when: a & c}\n      - {id: FAR, when: a near/2 b}\n"
        "      - {id: COUNT, when: count(a) >= 5}\n      - {id: SCORE, when: score(a) >= 2.5}\n"
        "      - {id: REACH, when: a & reach >= 700}\n      - {id: LESS, when: a & reach < 5}\n"
        "      - {id: VENUE, when: a & venue == site}\n      - {id: ATTENTION, when: a & attention == high}\n"
        "      - {id: UNLESS, when: a unless/9 b}\n      - {id: NOT, when: a & !b}\n";
    (void)context;
    if (!strcmp(name, "plan.yaml")) return tocsin_buffer_append(out, plan, sizeof plan - 1);
    const char *term = !strcmp(name, "a.txt") ? "火灾" : !strcmp(name, "b.txt") ? "推诿" : "出警";
    return tocsin_buffer_append(out, term, strlen(term));
}

START_TEST(obstacles_have_numbers) {
    static const struct {
        const char *clause;
        tocsin_obstacle_kind kind;
        uint32_t topic;
        double now, needed;
        uint32_t distance;
    } wanted[] = {
        {"TOPIC", TOCSIN_OBSTACLE_TOPIC, 2, 0, 0, 0},
        {"FAR", TOCSIN_OBSTACLE_FAR, TOCSIN_NO_TOPIC, 4, 2, 2},
        {"UNLESS", TOCSIN_OBSTACLE_BLOCKED, TOCSIN_NO_TOPIC, 0, 0, 9},
        {"NOT", TOCSIN_OBSTACLE_BLOCKED, 1, 0, 0, 0},
        {"COUNT", TOCSIN_OBSTACLE_COUNT, 0, 1, 5, 0},
        {"SCORE", TOCSIN_OBSTACLE_COUNT, 0, 1, 2.5, 0},
        {"REACH", TOCSIN_OBSTACLE_REACH, TOCSIN_NO_TOPIC, 30, 700, 0},
        {"LESS", TOCSIN_OBSTACLE_REACH, TOCSIN_NO_TOPIC, 30, 4, 0},
        {"VENUE", TOCSIN_OBSTACLE_VENUE, TOCSIN_NO_TOPIC, TOCSIN_VENUE_FORUM, TOCSIN_VENUE_SITE, 0},
        {"ATTENTION", TOCSIN_OBSTACLE_ATTENTION, TOCSIN_NO_TOPIC, TOCSIN_ATTENTION_LOW, TOCSIN_ATTENTION_HIGH, 0},
    };
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    const tocsin_explanation *e = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    ck_assert_int_eq(tocsin_plan_compile(read_obstacles, NULL, "plan.yaml", NULL, NULL, &plan, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    document.text = (tocsin_bytes){"火灾一二三四推诿", strlen("火灾一二三四推诿")};
    document.reach = 30;
    document.venue = TOCSIN_VENUE_FORUM;
    ck_assert_int_eq(tocsin_explain(scanner, &document, &e, NULL), TOCSIN_OK);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const size_t clause = found(plan, TOCSIN_PART_CLAUSE, wanted[i].clause);
        ck_assert_uint_ne(clause, SIZE_MAX);
        const tocsin_obstacle *o = tocsin_explained_obstacle(tocsin_explanation_clause(e, clause), 0);
        ck_assert_msg(o != NULL, "%s has no obstacle", wanted[i].clause);
        ck_assert_msg(o->kind == wanted[i].kind && o->topic == wanted[i].topic && o->distance == wanted[i].distance,
                      "%s: kind %d, topic %u, distance %u", wanted[i].clause, (int)o->kind, o->topic, o->distance);
        ck_assert_msg(o->now == wanted[i].now && o->needed == wanted[i].needed, "%s: %g now, %g needed",
                      wanted[i].clause, o->now, o->needed);
    }
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

/* An explanation of a document with a verdict, and of one that is not about the plan's subject. */
START_TEST(an_explanation_can_be_kept) {
    static const char *const texts[] = {"消防车四十分钟才到，南山区某小区火灾，接警员推诿", "今天天气真好"};
    tocsin_plan *plan = NULL;
    tocsin_buffer before, after;
    size_t graded = 0;
    ck_assert_int_eq(tocsin_plan_compile_file(fire_service, NULL, NULL, &plan, NULL), TOCSIN_OK);
    tocsin_buffer_init(&before, NULL);
    tocsin_buffer_init(&after, NULL);
    for (int i = 0; i < 2; i++) {
        const size_t length = strlen(texts[i]);
        char *text = malloc(length);
        tocsin_scanner *scanner = NULL;
        const tocsin_explanation *explanation = NULL;
        tocsin_explanation *copy = NULL;
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        memcpy(text, texts[i], length);
        document.id = document.text = (tocsin_bytes){text, length};
        ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
        ck_assert_int_eq(tocsin_explain(scanner, &document, &explanation, NULL), TOCSIN_OK);
        ck_assert_int_eq(explanation->needs != NULL, i);
        ck_assert_int_eq(tocsin_explanation_to_json(explanation, &before), TOCSIN_OK);
        if (i) ck_assert_uint_lt(before.length - graded, 4096); /* a document without a word of the subject */
        graded = before.length;
        ck_assert_int_eq(tocsin_explanation_copy(explanation, NULL, &copy), TOCSIN_OK);
        tocsin_scanner_free(scanner);
        memset(text, 'x', length);
        free(text);
        if (i) tocsin_plan_release(plan); /* the copy has it */
        ck_assert_int_eq(tocsin_explanation_to_json(copy, &after), TOCSIN_OK);
        ck_assert_str_eq(before.data, after.data);
        tocsin_explanation_free(copy);
    }
    ck_assert_uint_gt(before.length, 1000);
    tocsin_buffer_release(&before);
    tocsin_buffer_release(&after);
}
END_TEST

TOCSIN_SUITE("interface", TOCSIN_CASE(an_explanation_can_be_kept) TOCSIN_CASE(deadlines_belong_to_tiers)
                              TOCSIN_CASE(obstacles_have_numbers) TOCSIN_CASE(buffers_refuse_impossible_lengths)
                                  TOCSIN_CASE(structs_are_initialised_by_functions) TOCSIN_CASE(a_plan_lists_its_parts)
                                      TOCSIN_CASE(missing_elements_are_null))
