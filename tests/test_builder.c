/*
 * Plans built with calls. A builder that takes a shipped plan and compiles it again must give a plan with the same
 * verdicts on every document; mistakes in added parts are reported with the label of the call.
 */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "failing_allocator.h"
#include "plan/plan_internal.h"
#include "random_text.h"
#include "suite.h"

static tocsin_bytes bytes(const char *text) { return (tocsin_bytes){text, strlen(text)}; }

static tocsin_plan *load(const char *name) {
    char path[300];
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    snprintf(path, sizeof path, "%s/examples/%s", TOCSIN_SOURCE_DIR, name);
    ck_assert_msg(tocsin_plan_load(path, NULL, NULL, &plan, &error) == TOCSIN_OK, "%s", error.message);
    return plan;
}

static tocsin_builder *builder_of(const tocsin_plan *base) {
    tocsin_builder *builder = NULL;
    ck_assert_int_eq(tocsin_builder_create(base, NULL, &builder, NULL), TOCSIN_OK);
    return builder;
}

static tocsin_plan *compiled(const tocsin_builder *builder) {
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    tocsin_diagnostics *list = NULL;
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    const tocsin_status status = tocsin_builder_compile(builder, NULL, list, &plan, &error);
    ck_assert_msg(status == TOCSIN_OK, "%s: %s:%u:%u: %s", tocsin_status_string(status), error.file, error.line,
                  error.column, error.message);
    tocsin_diagnostics_free(list);
    return plan;
}

static tocsin_scanner *scanner_of(const tocsin_plan *plan) {
    tocsin_scanner *scanner = NULL;
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    return scanner;
}

static const char *tier_of(const tocsin_plan *plan, const char *text) {
    static char tier[64];
    tocsin_scanner *scanner = scanner_of(plan);
    const tocsin_verdict *verdict = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    document.text = bytes(text);
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    snprintf(tier, sizeof tier, "%s", verdict->tier_id);
    tocsin_scanner_free(scanner);
    return tier;
}

/* Terms of the plan with other text between them: most such texts have a verdict. */
static size_t write_text(const tocsin_plan *plan, char *text, size_t size) {
    static const char *const between[] = {"", "，", "。", "3", "人", "没有", "的", " "};
    const size_t count = tocsin_plan_get_info(plan)->term_count;
    size_t length = 0;
    for (size_t i = 1 + random_text_below(9); i > 0; i--) {
        tocsin_term term;
        ck_assert_int_eq(tocsin_plan_get_term(plan, random_text_below((uint32_t)count), &term), 1);
        const char *gap = between[random_text_below((uint32_t)(sizeof between / sizeof *between))];
        if (term.is_regex || length + term.text.length + 8 > size) continue;
        memcpy(text + length, term.text.data, term.text.length);
        length += term.text.length;
        memcpy(text + length, gap, strlen(gap));
        length += strlen(gap);
    }
    return length;
}

static const char *const shipped[] = {"fire-service", "water-utility", "scenic-area"};

static void compare_parts(const tocsin_plan *plan, const tocsin_plan *built) {
    const tocsin_plan_info *is = tocsin_plan_get_info(built), *was = tocsin_plan_get_info(plan);
    ck_assert_uint_eq(is->term_count, was->term_count);
    ck_assert_uint_eq(is->pattern_count, was->pattern_count);
    ck_assert_uint_eq(is->regex_count, was->regex_count);
    ck_assert_uint_eq(is->clause_count, was->clause_count);
    ck_assert_uint_eq(is->route_count, was->route_count);
    ck_assert_uint_eq(is->define_count, was->define_count);
    ck_assert_uint_eq(is->venue_count, was->venue_count);
    ck_assert_uint_eq(is->learned_count, was->learned_count);
    for (size_t i = 0; i < was->term_count; i++) {
        tocsin_term old, new;
        ck_assert_int_eq(tocsin_plan_get_term(plan, i, &old) && tocsin_plan_get_term(built, i, &new), 1);
        ck_assert(new.line == old.line &&new.column == old.column &&new.weight == old.weight);
        ck_assert_str_eq(new.file, old.file);
    }
    ck_assert_uint_eq(tocsin_plan_example_count(built), tocsin_plan_example_count(plan));
    ck_assert_int_eq(tocsin_plan_check_examples(built, NULL, NULL, NULL), TOCSIN_OK);
    for (size_t i = 0; i < was->clause_count; i++) {
        ck_assert_str_eq(tocsin_plan_clause(built, i)->when, tocsin_plan_clause(plan, i)->when);
        ck_assert_str_eq(tocsin_plan_clause(built, i)->name_en, tocsin_plan_clause(plan, i)->name_en);
    }
}

START_TEST(rebuilt_plans_give_the_same_verdicts) {
    tocsin_plan *plan = load(shipped[_i]);
    tocsin_builder *builder = builder_of(plan);
    tocsin_plan *built = compiled(builder);
    compare_parts(plan, built);
    random_text_state = 2026;
    tocsin_scanner *scanners[] = {scanner_of(plan), scanner_of(built)};
    tocsin_buffer said[2];
    char text[2000];
    size_t graded = 0;
    for (int side = 0; side < 2; side++) tocsin_buffer_init(&said[side], NULL);
    for (int round = 0; round < 3000; round++) {
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        document.text = (tocsin_bytes){text, write_text(plan, text, sizeof text)};
        document.venue = (tocsin_venue)random_text_below(TOCSIN_VENUE_COUNT);
        document.reach = random_text_below(2) ? random_text_below(300000) : 0;
        for (int side = 0; side < 2; side++) {
            const tocsin_verdict *verdict = NULL;
            said[side].length = 0;
            ck_assert_int_eq(tocsin_classify(scanners[side], &document, &verdict, NULL), TOCSIN_OK);
            ck_assert_int_eq(tocsin_verdict_to_json(verdict, &said[side]), TOCSIN_OK);
            graded += verdict->tier != TOCSIN_TIER_NONE;
        }
        ck_assert_str_eq(said[0].data, said[1].data);
    }
    ck_assert_uint_gt(graded, 600);
    /* A builder filled from the written lists writes the same lists again. */
    tocsin_builder *again = builder_of(built);
    tocsin_plan *same = compiled(again);
    ck_assert_uint_eq(tocsin_plan_get_info(same)->content, tocsin_plan_get_info(built)->content);
    for (int side = 0; side < 2; side++) {
        tocsin_scanner_free(scanners[side]);
        tocsin_buffer_release(&said[side]);
    }
    tocsin_builder_free(again);
    tocsin_builder_free(builder);
    tocsin_plan_release(same);
    tocsin_plan_release(built);
    tocsin_plan_release(plan);
}
END_TEST

static void add(tocsin_builder *builder, tocsin_part part, const char *id, const char *when, const char *tier,
                const char *label) {
    tocsin_builder_item item = TOCSIN_BUILDER_ITEM_INIT;
    item.id = bytes(id);
    item.when = bytes(when);
    item.tier = bytes(tier);
    item.label = label;
    ck_assert_int_eq(tocsin_builder_add(builder, part, &item, NULL), TOCSIN_OK);
}

static void add_term(tocsin_builder *builder, const char *topic, const char *text, tocsin_term_kind kind,
                     const char *unless, const char *label) {
    tocsin_builder_term term = TOCSIN_BUILDER_TERM_INIT;
    const tocsin_bytes phrase = bytes(unless);
    term.topic = bytes(topic);
    term.text = bytes(text);
    term.kind = kind;
    term.unless = &phrase;
    term.unless_count = unless[0] != '\0';
    term.label = label;
    ck_assert_int_eq(tocsin_builder_add_term(builder, &term, NULL), TOCSIN_OK);
}

/* Every kind of part and of term. */
static tocsin_builder *small(void) {
    tocsin_builder *builder = builder_of(NULL);
    ck_assert_int_eq(tocsin_builder_set(builder, TOCSIN_BUILDER_NAME, bytes("小\"计划\"\\"), NULL, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_builder_set(builder, TOCSIN_BUILDER_VERSION, bytes("7\xE2\x80\xA8"), NULL, NULL),
                     TOCSIN_OK);
    add(builder, TOCSIN_PART_TOPIC, "fire", "", "", "t1");
    add(builder, TOCSIN_PART_TOPIC, "harm", "", "", "t2");
    add(builder, TOCSIN_PART_DEFINE, "bad", "fire & harm", "", "d1");
    add(builder, TOCSIN_PART_TIER, "low", "", "", NULL);
    add(builder, TOCSIN_PART_TIER, "high", "", "", NULL);
    add(builder, TOCSIN_PART_CLAUSE, "H1", "bad & value(harm) >= 3", "high", "c1");
    add(builder, TOCSIN_PART_CLAUSE, "L1", "fire", "low", "c2");
    add(builder, TOCSIN_PART_ROUTE, "office", "tier >= high & venue == forum", "", "r1");
    add_term(builder, "fire", "火灾", TOCSIN_TERM_LITERAL, "没有火灾", "db 1");
    add_term(builder, "fire", "烧(了|着)[0-9]{1,2}", TOCSIN_TERM_REGEX, "", "db 2");
    add_term(builder, "harm", "{n}人死亡", TOCSIN_TERM_QUANTITY, "", "db 3");
    ck_assert_int_eq(tocsin_builder_add_venue(builder, bytes("bbs.example.cn"), TOCSIN_VENUE_FORUM, NULL, NULL),
                     TOCSIN_OK);
    return builder;
}

START_TEST(a_plan_is_made_by_calls) {
    tocsin_builder *builder = small();
    tocsin_plan *plan = compiled(builder), *loaded = NULL;
    const tocsin_verdict *verdict = NULL;
    tocsin_image *image = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    tocsin_buffer saved;
    tocsin_term term;
    ck_assert_int_eq(tocsin_plan_get_term(plan, 1, &term), 1);
    ck_assert_str_eq(term.file, "db 2"); /* so lint calls it */
    ck_assert_uint_eq(term.line, 0);
    ck_assert_str_eq(tocsin_plan_get_info(plan)->name, "小\"计划\"\\");
    ck_assert_str_eq(tocsin_plan_get_info(plan)->version, "7\xE2\x80\xA8");
    ck_assert_str_eq(tocsin_plan_tier(plan, 1)->id, "high");
    ck_assert_str_eq(tier_of(plan, "火災，5人死亡"), "high");
    ck_assert_str_eq(tier_of(plan, "火灾，2人死亡"), "low");
    ck_assert_str_eq(tier_of(plan, "没有火灾"), "none");
    ck_assert_str_eq(tier_of(plan, "烧了12"), "low");
    tocsin_scanner *scanner = scanner_of(plan);
    document.text = bytes("火灾，三人死亡");
    document.source = bytes("bbs.example.cn");
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_str_eq(tocsin_verdict_route(verdict, 0), "office");
    /* The plan can be saved, and the saved plan is equal. */
    tocsin_buffer_init(&saved, NULL);
    ck_assert_int_eq(tocsin_plan_save_to_buffer(plan, &saved, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_image_read(saved.data, saved.length, NULL, &image, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_from_image(image, NULL, NULL, &loaded, NULL), TOCSIN_OK);
    ck_assert_uint_eq(tocsin_plan_get_info(loaded)->content, tocsin_plan_get_info(plan)->content);
    ck_assert_str_eq(tier_of(loaded, "火災，5人死亡"), "high");
    tocsin_image_free(image);
    tocsin_buffer_release(&saved);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(loaded);
    tocsin_plan_release(plan);
    tocsin_builder_free(builder);
}
END_TEST

static void bad_rule(tocsin_builder *b) { add(b, TOCSIN_PART_CLAUSE, "H2", "fire &\n \"harm", "high", "用户 17"); }
static void unknown_topic(tocsin_builder *b) { add(b, TOCSIN_PART_ROUTE, "o2", "火火 & harn", "", "用户 18"); }
static void bad_define(tocsin_builder *b) { add(b, TOCSIN_PART_DEFINE, "d", "fire near/x harm", "", NULL); }
static void bad_regex(tocsin_builder *b) { add_term(b, "fire", "火[灾", TOCSIN_TERM_REGEX, "", "行 9"); }
static void twice(tocsin_builder *b) { add(b, TOCSIN_PART_CLAUSE, "L1", "fire", "low", "c3"); }
static void term_twice(tocsin_builder *b) { add_term(b, "fire", "火災", TOCSIN_TERM_LITERAL, "", "db 4"); }
static void add_numbers(tocsin_builder *b, double weight, double unit, const char *label) {
    tocsin_builder_term term = TOCSIN_BUILDER_TERM_INIT;
    term.topic = bytes("fire");
    term.text = bytes(unit == 1 ? "起火" : "起火{n}处");
    term.kind = unit == 1 ? TOCSIN_TERM_LITERAL : TOCSIN_TERM_QUANTITY;
    term.weight = weight;
    term.unit = unit;
    term.label = label;
    ck_assert_int_eq(tocsin_builder_add_term(b, &term, NULL), TOCSIN_OK);
}
static void bad_weight(tocsin_builder *b) { add_numbers(b, NAN, 1, "db 5"); }
static void negative_weight(tocsin_builder *b) { add_numbers(b, -1, 1, "db 6"); }
static void endless_weight(tocsin_builder *b) { add_numbers(b, INFINITY, 1, "db 7"); }
static void great_unit(tocsin_builder *b) { add_numbers(b, 1, 1e300, "db 8"); }
static void bad_venue(tocsin_builder *b) {
    ck_assert_int_eq(tocsin_builder_add_venue(b, bytes("http://x.cn"), TOCSIN_VENUE_SITE, "站 1", NULL), TOCSIN_OK);
}
static void other_venue(tocsin_builder *b) {
    ck_assert_int_eq(tocsin_builder_add_venue(b, bytes("bbs.example.cn"), TOCSIN_VENUE_SITE, "站 2", NULL), TOCSIN_OK);
}
static void add_example(tocsin_builder *b, const char *text, const char *tier, const char *clause, const char *label) {
    tocsin_builder_example example = TOCSIN_BUILDER_EXAMPLE_INIT;
    const tocsin_bytes clauses = bytes(clause);
    example.text = bytes(text);
    example.tier = bytes(tier);
    example.clauses = &clauses;
    example.clause_count = *clause != '\0';
    example.label = label;
    ck_assert_int_eq(tocsin_builder_add_example(b, &example, NULL), TOCSIN_OK);
}
static void example_of_no_tier(tocsin_builder *b) { add_example(b, "火灾", "lov", "", "例 1"); }
static void example_of_no_clause(tocsin_builder *b) { add_example(b, "火灾", "low", "L9", "例 2"); }
static void example_of_nothing(tocsin_builder *b) { add_example(b, "", "low", "", NULL); }
static void long_deadline(tocsin_builder *b) {
    ck_assert_int_eq(tocsin_builder_set_deadline(b, bytes("low"), bytes("answer"), 9000, "限 1", NULL), TOCSIN_OK);
}
static void bad_deadline(tocsin_builder *b) {
    ck_assert_int_eq(tocsin_builder_set_deadline(b, bytes("low"), bytes("a b"), 9, "限 2", NULL), TOCSIN_OK);
}
static void bad_about(tocsin_builder *b) {
    ck_assert_int_eq(tocsin_builder_set(b, TOCSIN_BUILDER_ABOUT, bytes("fire |"), NULL, NULL), TOCSIN_OK);
}

/* A mistake in a small builder, and how it is reported. */
static const struct {
    const char *name;
    void (*make)(tocsin_builder *builder);
    const char *said;
} mistakes[] = {
    {"rule", bad_rule, "用户 17:2:2: error: "},
    {"unknown topic", unknown_topic, "用户 18:1:6: error: "},
    {"define", bad_define, "d:1:11: error: "},
    {"regex", bad_regex, "行 9: error: "},
    {"clause twice", twice, "c3: error: "},
    {"term twice", term_twice, "db 4: warning: \"火災\" is the same as \"火灾\" at db 1, which is kept"},
    {"weight", bad_weight, "db 5: error: the weight \"nan\" is not a number from 0 to 1000"},
    {"negative weight", negative_weight, "db 6: error: the weight \"-1\" is not a number from 0 to 1000"},
    {"endless weight", endless_weight, "db 7: error: the weight \"inf\""},
    {"great unit", great_unit, "db 8: error: the unit \"1e+300\""},
    {"venue", bad_venue, "站 1: error: "},
    {"other venue", other_venue, "站 2: error: pattern \"bbs.example.cn\" is already in bbs.example.cn, as forum"},
    {"example of no tier", example_of_no_tier, "例 1: error: unknown tier \"lov\""},
    {"example of no clause", example_of_no_clause, "例 2: error: unknown clause \"L9\""},
    {"example of nothing", example_of_nothing, "examples: error: an example needs"},
    {"long deadline", long_deadline, "限 1: error: a deadline has from 1 to 8784 hours"},
    {"bad deadline", bad_deadline, "限 2: error: the id \"a b\" of a deadline"},
    {"about", bad_about, "about:1:7: error: "},
};

START_TEST(a_mistake_is_reported_with_its_label) {
    tocsin_builder *builder = small();
    tocsin_diagnostics *list = NULL;
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    tocsin_buffer text;
    int found = 0;
    mistakes[_i].make(builder);
    tocsin_buffer_init(&text, NULL);
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    const tocsin_status status = tocsin_builder_compile(builder, NULL, list, &plan, &error);
    ck_assert_int_eq(status == TOCSIN_OK, strstr(mistakes[_i].said, "warning") != NULL);
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        ck_assert_int_eq(tocsin_diagnostic_to_text(tocsin_diagnostics_at(list, i), &text), TOCSIN_OK);
    }
    found = text.data && strstr(text.data, mistakes[_i].said) != NULL;
    ck_assert_msg(found, "%s, not: %s", text.data ? text.data : "", mistakes[_i].said);
    ck_assert_msg(!text.data || (!strstr(text.data, ".csv") && !strstr(text.data, ".yaml")), "%s", text.data);
    if (status) ck_assert_msg(!strncmp(error.file, mistakes[_i].said, strlen(error.file)), "%s", error.file);
    tocsin_plan_release(plan);
    tocsin_diagnostics_free(list);
    tocsin_buffer_release(&text);
    tocsin_builder_free(builder);
}
END_TEST

static uint32_t hours_of(const tocsin_plan *plan, const char *name) {
    tocsin_deadline deadline;
    uint32_t hours = 0;
    for (size_t i = 0; tocsin_plan_get_deadline(plan, i, &deadline); i++) {
        if (!strcmp(deadline.id, name)) hours += deadline.hours;
    }
    return hours;
}

START_TEST(deadlines_and_examples_are_kept) {
    tocsin_builder *builder = small();
    tocsin_error error = {0};
    tocsin_example example;
    size_t failed = 0;
    ck_assert_int_eq(tocsin_builder_set_deadline(builder, bytes("low"), bytes("answer"), 24, NULL, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_builder_set_deadline(builder, bytes("high"), bytes("brief"), 5, NULL, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_builder_set_deadline(builder, bytes("low"), bytes("answer"), 12, NULL, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_builder_set_deadline(builder, bytes("middle"), bytes("x"), 12, NULL, &error),
                     TOCSIN_ERROR_NOT_FOUND);
    ck_assert_str_eq(error.message, "the builder has no tier \"middle\"");
    add_example(builder, "今天天气真好", "none", "", NULL);
    add_example(builder, "火灾来了", "low", "L1", NULL);
    add_example(builder, "今天天气真好", "high", "", "wrong");
    tocsin_plan *plan = compiled(builder);
    tocsin_builder_free(builder);
    ck_assert_uint_eq(hours_of(plan, "answer"), 12);
    ck_assert_uint_eq(hours_of(plan, "brief"), 5);
    ck_assert_uint_eq(tocsin_plan_example_count(plan), 3);
    ck_assert_int_eq(tocsin_plan_check_examples(plan, NULL, &failed, &error), TOCSIN_ERROR_PLAN);
    ck_assert_uint_eq(failed, 1);
    /* A copy has these parts, and they can be removed from it. */
    builder = builder_of(plan);
    ck_assert_int_eq(tocsin_builder_set_deadline(builder, bytes("high"), bytes("brief"), 0, NULL, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_builder_remove_example(builder, 3, &error), TOCSIN_ERROR_NOT_FOUND);
    ck_assert_str_eq(error.message, "the builder has no example 3, and 3 in all");
    ck_assert_int_eq(tocsin_builder_remove_example(builder, 2, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_builder_remove_example(builder, 0, NULL), TOCSIN_OK);
    tocsin_plan *other = compiled(builder);
    tocsin_plan_release(plan);
    ck_assert_uint_eq(hours_of(other, "answer"), 12);
    ck_assert_uint_eq(hours_of(other, "brief"), 0);
    ck_assert_uint_eq(tocsin_plan_example_count(other), 1);
    ck_assert_int_eq(tocsin_plan_get_example(other, 0, &example), 1);
    ck_assert_mem_eq(example.text.data, "火灾来了", example.text.length);
    ck_assert_int_eq(tocsin_plan_check_examples(other, NULL, NULL, NULL), TOCSIN_OK);
    tocsin_plan_release(other);
    tocsin_builder_free(builder);
}
END_TEST

START_TEST(an_example_is_checked) {
    tocsin_builder *builder = small();
    tocsin_builder_example example = TOCSIN_BUILDER_EXAMPLE_INIT;
    tocsin_error error = {0};
    example.venue = (tocsin_venue)8;
    ck_assert_int_eq(tocsin_builder_add_example(builder, &example, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "example->venue is 8, which is not a tocsin_venue");
    example.venue = TOCSIN_VENUE_SITE;
    example.attention = (tocsin_attention)-1;
    ck_assert_int_eq(tocsin_builder_add_example(builder, &example, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "example->attention is -1, which is not a tocsin_attention");
    example.attention = TOCSIN_ATTENTION_LOW;
    example.clause_count = 1;
    ck_assert_int_eq(tocsin_builder_add_example(builder, &example, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "example->clauses is NULL");
    example.clause_count = 0;
    example.title = (tocsin_bytes){NULL, 4};
    ck_assert_int_eq(tocsin_builder_add_example(builder, &example, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "example->title.data is NULL, and its length is 4");
    example.struct_size = 16;
    ck_assert_int_eq(tocsin_builder_add_example(builder, &example, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_builder_remove_example(builder, 0, NULL), TOCSIN_ERROR_NOT_FOUND);
    tocsin_builder_free(builder);
}
END_TEST

static tocsin_plan *compiled_with(const tocsin_builder *builder, failing_allocator *memory) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    options.allocator = failing_allocator_get(memory);
    ck_assert_msg(!tocsin_builder_compile(builder, &options, NULL, &plan, &error), "%s", error.message);
    return plan;
}

/* Learned weights are read once for a plan and its overlays, and stay as long as one of them. */
START_TEST(overlays_share_learned_weights) {
    tocsin_plan *base = load("fire-service");
    tocsin_builder *builder = builder_of(base);
    tocsin_builder_item topic = TOCSIN_BUILDER_ITEM_INIT;
    topic.id = bytes("own");
    ck_assert_int_eq(tocsin_builder_add(builder, TOCSIN_PART_TOPIC, &topic, NULL), TOCSIN_OK);
    add_term(builder, "own", "某某站", TOCSIN_TERM_LITERAL, "", "own");
    tocsin_plan *overlay = compiled(builder);
    ck_assert_uint_gt(base->learned_count, 2);
    for (size_t i = 0; i < base->learned_count; i++)
        ck_assert_ptr_eq(overlay->learned[i].weights, base->learned[i].weights);
    /* Weights name topics by their index. */
    tocsin_builder *other = builder_of(base), *next = builder_of(overlay);
    const char *gone = tocsin_plan_topic(base, 0)->id;
    topic.id = bytes(gone);
    ck_assert_int_eq(tocsin_builder_remove(other, TOCSIN_PART_TOPIC, topic.id, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_builder_add(other, TOCSIN_PART_TOPIC, &topic, NULL), TOCSIN_OK);
    tocsin_plan *moved = compiled(other);
    for (size_t i = 0; i < base->learned_count; i++)
        ck_assert_ptr_ne(moved->learned[i].weights, base->learned[i].weights);
    /* An allocator given for a plan may end with that plan. */
    failing_allocator memory = {0};
    tocsin_plan *apart = compiled_with(builder, &memory);
    for (size_t i = 0; i < base->learned_count; i++)
        ck_assert_ptr_ne(apart->learned[i].weights, base->learned[i].weights);
    tocsin_plan_release(apart);
    ck_assert_uint_eq(memory.live, 0);
    tocsin_plan_release(base);
    tocsin_builder_free(builder);
    tocsin_builder_free(other);
    tocsin_plan_release(moved);
    /* An overlay of an overlay, after the plans below it were released. */
    tocsin_plan *last = compiled(next);
    ck_assert_ptr_eq(last->learned[0].weights, overlay->learned[0].weights);
    tocsin_builder_free(next);
    tocsin_plan_release(overlay);
    ck_assert_int_eq(tocsin_plan_check_examples(last, NULL, NULL, NULL), TOCSIN_OK);
    tocsin_buffer image;
    tocsin_image *saved = NULL;
    tocsin_plan *opened = NULL;
    tocsin_buffer_init(&image, NULL);
    ck_assert_int_eq(tocsin_plan_save_to_buffer(last, &image, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_image_read(image.data, image.length, NULL, &saved, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_from_image(saved, NULL, NULL, &opened, NULL), TOCSIN_OK);
    ck_assert_uint_eq(tocsin_plan_get_info(opened)->content, tocsin_plan_get_info(last)->content);
    tocsin_plan_release(last);
    tocsin_plan_release(opened);
    tocsin_image_free(saved);
    tocsin_buffer_release(&image);
}
END_TEST

/* A number with more digits than a list allows is rounded to the digits allowed. */
START_TEST(weights_are_rounded_as_in_a_list) {
    static const struct {
        double given, kept;
    } weights[] = {{0.1 + 0.2, 0.3},
                   {1e-300, 0},
                   {-0.0, 0},
                   {1.0 / 3, 0.33333333333333},
                   {0.25, 0.25},
                   {999.75, 999.75},
                   {2.0 / 3 * 1000, 666.666666666667}};
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++) {
        tocsin_builder *builder = small();
        tocsin_term term;
        add_numbers(builder, weights[i].given, 1, "db");
        tocsin_plan *plan = compiled(builder);
        size_t at = 0;
        while (tocsin_plan_get_term(plan, at, &term) && (term.text.length != 6 || memcmp(term.text.data, "起火", 6)))
            at++;
        ck_assert_msg(term.weight == weights[i].kept, "%.17g: %.17g", weights[i].given, term.weight);
        tocsin_plan_release(plan);
        tocsin_builder_free(builder);
    }
}
END_TEST

/* Lengths that no object has are refused before anything is read. */
START_TEST(impossible_lengths_are_refused) {
    tocsin_builder *builder = small();
    tocsin_builder_item item = TOCSIN_BUILDER_ITEM_INIT;
    tocsin_builder_term term = TOCSIN_BUILDER_TERM_INIT;
    tocsin_error error = {0};
    const tocsin_bytes endless = {"x", SIZE_MAX};
    term.topic = bytes("fire");
    term.text = endless;
    ck_assert_int_eq(tocsin_builder_add_term(builder, &term, &error), TOCSIN_ERROR_TOO_LARGE);
    ck_assert_ptr_nonnull(strstr(error.message, "term->text has 18446744073709551615 bytes"));
    term.text = bytes("起火");
    term.unless = &endless;
    term.unless_count = 1;
    ck_assert_int_eq(tocsin_builder_add_term(builder, &term, NULL), TOCSIN_ERROR_TOO_LARGE);
    term.unless_count = SIZE_MAX / 2;
    ck_assert_int_eq(tocsin_builder_add_term(builder, &term, NULL), TOCSIN_ERROR_TOO_LARGE);
    item.id = bytes("x");
    item.when = endless;
    ck_assert_int_eq(tocsin_builder_add(builder, TOCSIN_PART_DEFINE, &item, NULL), TOCSIN_ERROR_TOO_LARGE);
    item.when = bytes("fire");
    item.attention = (tocsin_attention)3;
    ck_assert_int_eq(tocsin_builder_add(builder, TOCSIN_PART_TOPIC, &item, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "item->attention is 3, which is not a tocsin_attention");
    ck_assert_int_eq(tocsin_builder_set(builder, TOCSIN_BUILDER_NAME, endless, NULL, NULL), TOCSIN_ERROR_TOO_LARGE);
    ck_assert_int_eq(tocsin_builder_add_venue(builder, endless, TOCSIN_VENUE_SITE, NULL, NULL), TOCSIN_ERROR_TOO_LARGE);
    ck_assert_int_eq(tocsin_builder_remove(builder, TOCSIN_PART_TOPIC, endless, NULL), TOCSIN_ERROR_TOO_LARGE);
    ck_assert_int_eq(tocsin_builder_remove_term(builder, endless, endless, NULL), TOCSIN_ERROR_TOO_LARGE);
    ck_assert_int_eq(tocsin_builder_remove_venue(builder, endless, NULL), TOCSIN_ERROR_TOO_LARGE);
    tocsin_plan_release(compiled(builder)); /* it has not changed */
    tocsin_builder_free(builder);
}
END_TEST

START_TEST(a_value_of_no_enumeration_is_shown) {
    static const int values[] = {-1, 99, INT_MIN, INT_MAX};
    tocsin_builder *builder = small();
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        tocsin_builder_item item = TOCSIN_BUILDER_ITEM_INIT;
        tocsin_builder_term term = TOCSIN_BUILDER_TERM_INIT;
        tocsin_fold_options fold = {0};
        tocsin_error error = {0};
        char wanted[100];
        const int v = values[i];
#define REFUSED(call, name, type)                                                                                      \
    do {                                                                                                               \
        snprintf(wanted, sizeof wanted, "%s is %d, which is not a %s", name, v, type);                                 \
        ck_assert_int_eq(call, TOCSIN_ERROR_ARGUMENT);                                                                 \
        ck_assert_str_eq(error.message, wanted);                                                                       \
    } while (0)
        item.id = bytes("x");
        item.role = (tocsin_role)v;
        REFUSED(tocsin_builder_add(builder, TOCSIN_PART_TOPIC, &item, &error), "item->role", "tocsin_role");
        item.bounds = (tocsin_bounds)v;
        REFUSED(tocsin_builder_add(builder, TOCSIN_PART_TOPIC, &item, &error), "item->bounds", "tocsin_bounds");
        REFUSED(tocsin_builder_add(builder, (tocsin_part)v, &item, &error), "part", "tocsin_part");
        REFUSED(tocsin_builder_remove(builder, (tocsin_part)v, item.id, &error), "part", "tocsin_part");
        REFUSED(tocsin_builder_set(builder, (tocsin_builder_text)v, item.id, NULL, &error), "which",
                "tocsin_builder_text");
        term.topic = bytes("fire");
        term.text = bytes("起火");
        term.kind = (tocsin_term_kind)v;
        REFUSED(tocsin_builder_add_term(builder, &term, &error), "term->kind", "tocsin_term_kind");
        term.bounds = (tocsin_bounds)v;
        REFUSED(tocsin_builder_add_term(builder, &term, &error), "term->bounds", "tocsin_bounds");
        fold.profile = (tocsin_fold_profile)v;
        REFUSED(tocsin_builder_set_fold(builder, &fold, &error), "fold->profile", "tocsin_fold_profile");
        fold = (tocsin_fold_options){.between_latin = 9};
        ck_assert_int_eq(tocsin_builder_set_fold(builder, &fold, &error), TOCSIN_ERROR_ARGUMENT);
        ck_assert_str_eq(error.message, "fold->between_latin is 9, which has an unknown flag");
    }
    tocsin_plan_release(compiled(builder)); /* it has not changed */
    tocsin_builder_free(builder);
}
END_TEST

START_TEST(a_key_of_any_length_is_refused_for_its_length) {
    static char key[5000];
    memset(key, 'k', sizeof key);
    for (size_t length = 100; length <= sizeof key; length += length < 160 ? 1 : 700) {
        tocsin_builder *builder = small();
        tocsin_diagnostics *problems = NULL;
        tocsin_plan *plan = NULL;
        const tocsin_bytes id = {key, length};
        tocsin_builder_item item = TOCSIN_BUILDER_ITEM_INIT;
        ck_assert_int_eq(tocsin_diagnostics_create(NULL, &problems), TOCSIN_OK);
        item.id = id;
        item.when = bytes("fire");
        ck_assert_int_eq(tocsin_builder_add(builder, TOCSIN_PART_DEFINE, &item, NULL), TOCSIN_OK);
        item.id = bytes("after");
        item.when = bytes("fire & nothing");
        ck_assert_int_eq(tocsin_builder_add(builder, TOCSIN_PART_DEFINE, &item, NULL), TOCSIN_OK);
        ck_assert_int_eq(tocsin_builder_compile(builder, NULL, problems, &plan, NULL), TOCSIN_ERROR_PLAN);
        int too_long = 0, unknown = 0;
        for (size_t i = 0; i < tocsin_diagnostics_count(problems); i++) {
            const char *message = tocsin_diagnostics_at(problems, i)->message;
            ck_assert_msg(!strstr(message, "mapping"), "%zu: %s", length, message);
            too_long |= strstr(message, "has more than 128 bytes") != NULL;
            unknown |= strstr(message, "nothing") != NULL;
        }
        ck_assert_msg(too_long == (length > 128) && unknown, "%zu: %d %d", length, too_long, unknown);
        tocsin_diagnostics_free(problems);
        tocsin_builder_free(builder);
    }
}
END_TEST

START_TEST(an_overlay_adds_and_removes) {
    tocsin_plan *base = load("fire-service");
    tocsin_builder *builder = builder_of(base);
    tocsin_term term;
    tocsin_error error = {0};
    const tocsin_plan_info *info = tocsin_plan_get_info(base);
    ck_assert_int_eq(tocsin_plan_get_term(base, 0, &term), 1);
    const tocsin_bytes topic = bytes(tocsin_plan_topic(base, term.topic)->id);
    ck_assert_int_eq(tocsin_builder_remove_term(builder, topic, term.text, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_builder_remove_term(builder, topic, term.text, &error), TOCSIN_ERROR_NOT_FOUND);
    ck_assert_ptr_nonnull(strstr(error.message, "the builder has no term"));
    add(builder, TOCSIN_PART_TOPIC, "own", "", "", "tenant");
    add_term(builder, "own", "我们公司", TOCSIN_TERM_LITERAL, "", NULL);
    add(builder, TOCSIN_PART_CLAUSE, "OWN", "own", tocsin_plan_tier(base, 0)->id, NULL);
    ck_assert_int_eq(tocsin_builder_set(builder, TOCSIN_BUILDER_ABOUT, bytes(""), NULL, NULL), TOCSIN_OK);
    tocsin_plan_release(base); /* the builder has it */
    tocsin_plan *plan = compiled(builder);
    ck_assert_uint_eq(tocsin_plan_get_info(plan)->term_count, info->term_count);
    ck_assert_ptr_null(tocsin_plan_get_info(plan)->about);
    ck_assert_str_eq(tier_of(plan, "我们公司"), tocsin_plan_tier(plan, 0)->id);
    tocsin_plan_release(plan);
    /*
     * After the overlay is removed its parts are gone, and rules that need them are reported with their places in the
     * base.
     */
    ck_assert_int_eq(tocsin_builder_remove(builder, TOCSIN_PART_CLAUSE, bytes("OWN"), NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_builder_remove(builder, TOCSIN_PART_TOPIC, topic, NULL), TOCSIN_OK);
    plan = NULL;
    ck_assert_int_eq(tocsin_builder_compile(builder, NULL, NULL, &plan, &error), TOCSIN_ERROR_PLAN);
    ck_assert_str_eq(error.file, "plan.yaml");
    ck_assert_uint_gt(error.line, 10);
    ck_assert_uint_gt(error.column, 1);
    ck_assert_ptr_null(plan);
    tocsin_builder_free(builder);
}
END_TEST

/* Roles and severe tiers, set by calls and taken from a plan that is changed. */
START_TEST(roles_and_severe_tiers_are_kept) {
    tocsin_builder *builder = small(), *again = NULL;
    for (int role = 0; role <= TOCSIN_ROLE_HOME; role++) {
        static const char *const ids[] = {"t0", "t1", "t2", "t3", "t4"};
        tocsin_builder_item topic = TOCSIN_BUILDER_ITEM_INIT;
        tocsin_builder_term term = TOCSIN_BUILDER_TERM_INIT;
        topic.id = term.topic = bytes(ids[role]);
        topic.role = (tocsin_role)role;
        term.text = bytes("词语");
        ck_assert_int_eq(tocsin_builder_add(builder, TOCSIN_PART_TOPIC, &topic, NULL), TOCSIN_OK);
        ck_assert_int_eq(tocsin_builder_add_term(builder, &term, NULL), TOCSIN_OK);
    }
    tocsin_builder_item tier = TOCSIN_BUILDER_ITEM_INIT, clause = TOCSIN_BUILDER_ITEM_INIT;
    tier.id = clause.tier = bytes("top");
    clause.id = bytes("T9");
    clause.when = bytes("t0");
    tier.severe = 1;
    ck_assert_int_eq(tocsin_builder_add(builder, TOCSIN_PART_TIER, &tier, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_builder_add(builder, TOCSIN_PART_CLAUSE, &clause, NULL), TOCSIN_OK);
    tocsin_plan *plan = compiled(builder);
    ck_assert_int_eq(tocsin_builder_create(plan, NULL, &again, NULL), TOCSIN_OK);
    tier.id = clause.tier = bytes("higher");
    clause.id = bytes("T10");
    tier.severe = 0;
    ck_assert_int_eq(tocsin_builder_add(again, TOCSIN_PART_TIER, &tier, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_builder_add(again, TOCSIN_PART_CLAUSE, &clause, NULL), TOCSIN_OK);
    tocsin_plan *other = compiled(again);
    const size_t tiers = tocsin_plan_get_info(other)->tier_count, topics = tocsin_plan_get_info(other)->topic_count;
    ck_assert(tocsin_plan_tier(other, tiers - 2)->severe && !tocsin_plan_tier(other, tiers - 1)->severe);
    for (int role = 0; role <= TOCSIN_ROLE_HOME; role++) {
        ck_assert_int_eq(tocsin_plan_topic(other, topics - 5 + (size_t)role)->role, role);
    }
    tocsin_plan_release(other);
    tocsin_plan_release(plan);
    tocsin_builder_free(again);
    tocsin_builder_free(builder);
}
END_TEST

START_TEST(wrong_calls_are_refused) {
    tocsin_builder *builder = small(), *none = NULL;
    tocsin_builder_item item = TOCSIN_BUILDER_ITEM_INIT;
    tocsin_builder_term term = TOCSIN_BUILDER_TERM_INIT;
    tocsin_error error = {0};
    const tocsin_bytes phrase = bytes("火灾；水灾");
    tocsin_plan *plan = NULL, *without = NULL;
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    item.id = bytes("X");
    item.tier = bytes("middle");
    ck_assert_int_eq(tocsin_builder_add(builder, TOCSIN_PART_CLAUSE, &item, &error), TOCSIN_ERROR_NOT_FOUND);
    ck_assert_str_eq(error.message, "the builder has no tier \"middle\"");
    ck_assert_int_eq(tocsin_builder_add(builder, (tocsin_part)6, &item, NULL), TOCSIN_ERROR_ARGUMENT);
    item.bounds = (tocsin_bounds)4;
    ck_assert_int_eq(tocsin_builder_add(builder, TOCSIN_PART_TOPIC, &item, NULL), TOCSIN_ERROR_ARGUMENT);
    item.bounds = TOCSIN_BOUNDS_AUTO;
    item.role = (tocsin_role)5;
    ck_assert_int_eq(tocsin_builder_add(builder, TOCSIN_PART_TOPIC, &item, NULL), TOCSIN_ERROR_ARGUMENT);
    item.struct_size = 8;
    ck_assert_int_eq(tocsin_builder_add(builder, TOCSIN_PART_TOPIC, &item, NULL), TOCSIN_ERROR_ARGUMENT);
    term.topic = bytes("fire");
    term.text = bytes("起火");
    term.unless = &phrase;
    term.unless_count = 1;
    ck_assert_int_eq(tocsin_builder_add_term(builder, &term, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "term->unless[0] has a ; in it"));
    ck_assert_int_eq(tocsin_builder_remove(builder, TOCSIN_PART_TIER, bytes("middle"), NULL), TOCSIN_ERROR_NOT_FOUND);
    ck_assert_int_eq(tocsin_builder_remove_venue(builder, bytes("x.cn"), NULL), TOCSIN_ERROR_NOT_FOUND);
    ck_assert_int_eq(tocsin_builder_remove_venue(builder, bytes("bbs.example.cn"), NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_builder_remove(builder, TOCSIN_PART_ROUTE, bytes("office"), NULL), TOCSIN_OK);
    plan = compiled(builder);
    ck_assert_uint_eq(tocsin_plan_get_info(plan)->venue_count, 0);
    options.without_sources = 1;
    ck_assert_int_eq(tocsin_builder_compile(builder, &options, NULL, &without, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_builder_create(without, NULL, &none, NULL), TOCSIN_ERROR_UNSUPPORTED);
    ck_assert_ptr_null(none);
    tocsin_plan_release(without);
    tocsin_plan_release(plan);
    tocsin_builder_free(builder);
    builder = builder_of(NULL); /* with nothing in it */
    plan = NULL;
    ck_assert_int_eq(tocsin_builder_compile(builder, NULL, NULL, &plan, &error), TOCSIN_ERROR_PLAN);
    ck_assert_str_eq(error.file, "");
    tocsin_builder_free(builder);
}
END_TEST

TOCSIN_SUITE("builder",
             TOCSIN_LOOP(rebuilt_plans_give_the_same_verdicts, shipped) TOCSIN_CASE(a_plan_is_made_by_calls)
                 TOCSIN_LOOP(a_mistake_is_reported_with_its_label,
                             mistakes) TOCSIN_CASE(a_value_of_no_enumeration_is_shown)
                     TOCSIN_CASE(a_key_of_any_length_is_refused_for_its_length) TOCSIN_CASE(an_overlay_adds_and_removes)
                         TOCSIN_CASE(deadlines_and_examples_are_kept) TOCSIN_CASE(an_example_is_checked)
                             TOCSIN_CASE(overlays_share_learned_weights) TOCSIN_CASE(weights_are_rounded_as_in_a_list)
                                 TOCSIN_CASE(impossible_lengths_are_refused)

                                     TOCSIN_CASE(roles_and_severe_tiers_are_kept) TOCSIN_CASE(wrong_calls_are_refused))
