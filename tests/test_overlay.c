/*
 * A plan from a builder shares what it can with the base plan. Random changes must give the same plan, the same
 * messages and the same verdicts as the written sources compiled alone, in one thread and in many.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "failing_allocator.h"
#include "match/regex_internal.h"
#include "named_sources.h"
#include "plan/builder_internal.h"
#include "random_text.h"
#include "suite.h"

static tocsin_bytes bytes(const char *text) { return (tocsin_bytes){text, strlen(text)}; }

static uint32_t below(uint32_t most) { return random_text_below(most); }

/* A plan with what is reported, noted, limited or shared in its own way. */
static const named_source small[] = {
    {"plan.yaml", "plan: 小\n"
                  "fold: {between_han: [space]}\n"
                  "topics:\n"
                  "  火: {terms: [fire.csv, more.txt]}\n"
                  "  人: {terms: people.csv, bounds: word, role: home}\n"
                  "  地: {terms: [more.txt], bounds: none}\n"
                  "define: {两者: 火 | 人}\n"
                  "tiers:\n"
                  "  - {id: low, clauses: [{id: A, when: 火}, {id: B, when: count(人) >= 2}]}\n"
                  "  - {id: high, clauses: [{id: C, when: 两者 near/9 地}]}\n"
                  "routes: [{id: R, when: 火 unless/20 地}, {id: S, when: clause(B) | clause(C) & tier >= high}]\n"
                  "venues: venues.csv\n"},
    {"fire.csv", "term,kind,weight,bounds,unless,unit,note\n"
                 "火灾,,0.123456789,,火灾隐患;防火灾;火災隱患,,\"两行\n笔记\"\n"
                 "#大火#,,,,,,\n"
                 "起火(?:了|啦),regex,2,,起火了吗,,\n"
                 "\"[^火]{0,3}爆炸\",regex,,word,,,\n"
                 "\"(?:[一-龥]{1,3}){4}火\",regex,,,,,\n"
#ifndef TOCSIN_WITHOUT_HYPERSCAN
                 "𠀀𠁲,regex,,,,,\n" /* left to it */
#endif
                 "{n}人遇难,quantity,,,,3.25,\n"
                 "着火,,,none,着火点;着火、点火,,\n"
                 "火災,,,,,,\n"
                 "WiFi,,999.99999999999,,,,\n"},
    {"more.txt", "火车\n119\n# 注\n火 灾\n"},
    {"people.csv", "term,topic,note\n老人,,\n孩子,火,\n消防员,,\"a,\"\"b\"\"\"\n"},
    {"venues.csv", "pattern,class\nPeople.com.cn,site\nweibo/*,account\n人民网,mainstream_site\n"},
    {NULL, NULL},
};

static tocsin_plan *small_plan(void) {
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    const tocsin_status status =
        tocsin_plan_compile(read_named_source, (void *)(uintptr_t)small, "plan.yaml", NULL, NULL, &plan, &error);
    ck_assert_msg(!status, "%s:%u:%u %s", error.file, error.line, error.column, error.message);
    return plan;
}

static tocsin_plan *large_plan(void) {
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    ck_assert_msg(!tocsin_plan_load(TOCSIN_SOURCE_DIR "/examples/fire-service", NULL, NULL, &plan, &error), "%s",
                  error.message);
    return plan;
}

/* ---- changes ---- */

/* A topic of the builder, by number among those of the base and those that were added. */
static tocsin_bytes some_topic(const tocsin_plan *base) {
    const size_t count = tocsin_plan_get_info(base)->topic_count;
    const uint32_t pick = below((uint32_t)count + 2);
    return pick < count ? bytes(tocsin_plan_topic(base, pick)->id) : bytes(pick == count ? "新一" : "新二");
}

static void add_term(tocsin_builder *builder, const tocsin_plan *base) {
    static const char *const texts[] = {
        "浓烟",
        "火灾",
        "火災",
        "火 灾",
        "#浓烟#",
        "烟.{0,5}滚",
        "起火(?:了|啦)",
        "起火(",
        "烟{n}米",
        "{n}",
        "浓烟；滚滚",
        "A&B",
        "",
        "烟\n雾",
        "\"烟\"",
        "烟*",
        "１１９",
        "过\"烟,囱",
        "烟|雾",
        "[烟雾]{1,3}起火",
        "。{0,2}",
        "㊙密",
        "烟\xEF\xBF\xBD",
        "小狗",
        "\xBB\xF0\xD4\xD6",
    };
    static const char *const phrases[] = {"浓烟密布", "火灾隐患", "防火灾", "", "过浓烟 囱", "浓、烟"};
    tocsin_builder_term term = TOCSIN_BUILDER_TERM_INIT;
    tocsin_bytes unless[2];
    tocsin_term known;
    char label[32];
    term.topic = some_topic(base);
    term.text = bytes(texts[below(sizeof texts / sizeof *texts)]);
    term.kind = (tocsin_term_kind)below(3);
    if (below(3) && tocsin_plan_get_term(base, below((uint32_t)tocsin_plan_get_info(base)->term_count), &known)) {
        term.text = known.text;
        term.kind = known.is_regex ? TOCSIN_TERM_REGEX : (tocsin_term_kind)below(3);
    }
    term.bounds = (tocsin_bounds)below(4);
    if (!below(3)) term.weight = below(2) ? 0.1 * below(100) : 1e-7 + below(2000);
    if (term.kind == TOCSIN_TERM_QUANTITY) term.unit = 0.25 * (below(9) + 1);
    for (size_t i = 0; i < 2; i++) unless[i] = bytes(phrases[below(sizeof phrases / sizeof *phrases)]);
    term.unless = unless;
    term.unless_count = below(3);
    if (!below(4)) term.note = bytes("一\n二");
    snprintf(label, sizeof label, "row %u", below(100));
    if (below(2)) term.label = label;
    (void)tocsin_builder_add_term(builder, &term, NULL); /* its topic may be missing */
}

static void add_part(tocsin_builder *builder, const tocsin_plan *base) {
    tocsin_builder_item item = TOCSIN_BUILDER_ITEM_INIT;
    item.label = "part";
    if (below(2)) {
        item.id = bytes(below(8) ? below(2) ? "新一" : "新二" : "两者");
        item.bounds = (tocsin_bounds)below(4);
        item.attention = (tocsin_attention)below(2);
        (void)tocsin_builder_add(builder, TOCSIN_PART_TOPIC, &item, NULL);
        return;
    }
    static const char *const rules[] = {"新一",     "火 & 新一", "count(人) >= 3", "灾害事故 near/5 伤亡",
                                        "火 &",     "无此",      "count(火) >= 0", "clause(A) | tier >= high",
                                        "两者 & 地"};
    if (!below(4)) {
        item.id = bytes("T1");
        (void)tocsin_builder_add(builder, TOCSIN_PART_TIER, &item, NULL);
        return;
    }
    item.id = bytes(below(2) ? "N1" : "N2");
    item.tier = bytes(tocsin_plan_tier(base, below((uint32_t)tocsin_plan_get_info(base)->tier_count))->id);
    item.when = bytes(rules[below(sizeof rules / sizeof *rules)]);
    (void)tocsin_builder_add(builder, below(3) ? TOCSIN_PART_CLAUSE : TOCSIN_PART_ROUTE, &item, NULL);
}

static void remove_something(tocsin_builder *builder, const tocsin_plan *base) {
    const tocsin_plan_info *info = tocsin_plan_get_info(base);
    tocsin_term term;
    switch (below(10)) {
        case 0: (void)tocsin_builder_remove(builder, TOCSIN_PART_TOPIC, some_topic(base), NULL); return;
        case 4:
            (void)tocsin_builder_remove(builder, TOCSIN_PART_CLAUSE,
                                        bytes(tocsin_plan_clause(base, below((uint32_t)info->clause_count))->id), NULL);
            return;
        case 5: (void)tocsin_builder_remove(builder, TOCSIN_PART_DEFINE, bytes("两者"), NULL); return;
        case 1:
            if (!info->learned_count) return;
            (void)tocsin_builder_remove(builder, TOCSIN_PART_LEARNED,
                                        bytes(tocsin_plan_learned(base, below((uint32_t)info->learned_count))->id),
                                        NULL);
            return;
        case 2: (void)tocsin_builder_remove_venue(builder, bytes("人民网"), NULL); return;
        case 3: (void)tocsin_builder_add_venue(builder, bytes("bbs.example"), TOCSIN_VENUE_FORUM, "v", NULL); return;
        default:
            ck_assert_int_eq(tocsin_plan_get_term(base, below((uint32_t)info->term_count), &term), 1);
            (void)tocsin_builder_remove_term(builder, bytes(tocsin_plan_topic(base, term.topic)->id), term.text, NULL);
    }
}

static void change(tocsin_builder *builder, const tocsin_plan *base) {
    tocsin_fold_options fold = base->description->fold;
    switch (below(10)) {
        case 0: add_part(builder, base); return;
        case 1:
        case 2:
        case 3: remove_something(builder, base); return;
        case 4:
            (void)tocsin_builder_set(builder, TOCSIN_BUILDER_ABOUT, bytes(below(2) ? "" : "新一 | 火"), "a", NULL);
            return;
        case 5:
            if (below(6)) return;
            fold.between_han ^= 1u << below(3);
            ck_assert_int_eq(tocsin_builder_set_fold(builder, &fold, NULL), TOCSIN_OK);
            return;
        default: add_term(builder, base); return;
    }
}

/* ---- comparison with a whole compile ---- */

/* Whether the messages are the same, up to the first place in the written one. */
static int same_message(const tocsin__builder_sources *sources, const char *labelled, const char *written) {
    size_t length = strlen(written);
    for (size_t i = 0; i < sources->list.length; i++) {
        const char *place = strstr(written, sources->list.data[i].name);
        if (place && (size_t)(place - written) < length) length = (size_t)(place - written);
    }
    return !strncmp(labelled, written, length) && (written[length] || !labelled[length]);
}

static void compare_messages(const tocsin__builder_sources *sources, const tocsin_diagnostics *one,
                             const tocsin_diagnostics *whole) {
    ck_assert_uint_eq(tocsin_diagnostics_count(one), tocsin_diagnostics_count(whole));
    for (size_t i = 0; i < tocsin_diagnostics_count(whole); i++) {
        const tocsin_diagnostic *is = tocsin_diagnostics_at(one, i), *was = tocsin_diagnostics_at(whole, i);
        const tocsin__place place = tocsin__builder_locate(sources, was->file, was->line, was->column);
        ck_assert_int_eq(is->severity, was->severity);
        ck_assert_str_eq(is->code, was->code);
        ck_assert_msg(!strcmp(is->file, place.file) && is->line == place.line && is->column == place.column,
                      "%s:%u:%u for %s:%u:%u", is->file, is->line, is->column, place.file, place.line, place.column);
        ck_assert_msg(same_message(sources, is->message, was->message), "%s\n%s", is->message, was->message);
    }
}

static void compare_bytes(tocsin_bytes one, tocsin_bytes other) {
    ck_assert_uint_eq(one.length, other.length);
    ck_assert(!memcmp(one.data, other.data, one.length));
}

static void compare_lexicons(const tocsin__builder_sources *sources, const tocsin_plan *plan,
                             const tocsin_plan *whole) {
    const tocsin__lexicon *one = &plan->lexicon, *other = &whole->lexicon;
    ck_assert_uint_eq(one->term_count, other->term_count);
    ck_assert_uint_eq(one->phrase_count, other->phrase_count);
    ck_assert_uint_eq(one->note_count, other->note_count);
    ck_assert_uint_eq(one->regex_count, other->regex_count);
    ck_assert_uint_eq(one->quantity_count, other->quantity_count);
    for (size_t i = 0; i < one->phrase_count; i++) compare_bytes(one->phrases[i], other->phrases[i]);
    for (size_t i = 0; i < one->note_count; i++) {
        ck_assert_str_eq(one->notes[i].code, other->notes[i].code);
        ck_assert_str_eq(one->notes[i].message, other->notes[i].message);
        ck_assert(one->notes[i].place.line == other->notes[i].place.line &&
                  one->notes[i].place.column == other->notes[i].place.column);
    }
    for (size_t i = 0; i < one->term_count; i++) {
        const tocsin__term *a = &one->terms[i], *b = &other->terms[i];
        compare_bytes(a->folded, b->folded);
        compare_bytes(a->original, b->original);
        compare_bytes(a->note, b->note);
        ck_assert(a->weight == b->weight && a->unit == b->unit && a->topic == b->topic && a->kind == b->kind &&
                  a->bounds == b->bounds && a->min_width == b->min_width && a->max_width == b->max_width &&
                  a->unless_count == b->unless_count && (!a->unless_count || a->unless_first == b->unless_first) &&
                  a->is_clean == b->is_clean);
        const tocsin__place place = tocsin__builder_locate(sources, b->place.file, b->place.line, b->place.column);
        ck_assert(!strcmp(a->place.file, place.file) && a->place.line == place.line);
    }
    for (size_t i = 0; i < one->unless_count; i++) {
        ck_assert_uint_eq(one->unless[i].phrase, other->unless[i].phrase);
        compare_bytes(one->unless[i].original, other->unless[i].original);
    }
}

static void compare_atoms(const tocsin__matcher *one, const tocsin__matcher *other) {
    size_t count = 0, whole = 0;
    ck_assert_int_eq(one->regexes != NULL, other->regexes != NULL);
    if (!one->regexes) return;
    ck_assert_uint_eq(tocsin__regexes_left(one->regexes), tocsin__regexes_left(other->regexes));
    const tocsin__atom *atoms = tocsin__regexes_atoms(one->regexes, &count);
    const tocsin__atom *expected = tocsin__regexes_atoms(other->regexes, &whole);
    ck_assert_uint_eq(count, whole);
    for (size_t i = 0; i < count; i++) {
        ck_assert(atoms[i].left == expected[i].left && atoms[i].right == expected[i].right &&
                  atoms[i].regex == expected[i].regex);
    }
}

static void compare_programs(const tocsin__plan_rule *one, const tocsin__plan_rule *other) {
    const tocsin__rule_program *a = one->program, *b = other->program;
    ck_assert_int_eq(a != NULL, b != NULL);
    ck_assert_uint_eq(one->tier, other->tier);
    if (!a) return;
    ck_assert(a->node_count == b->node_count && a->flags == b->flags && a->slots == b->slots &&
              a->topic_count == b->topic_count);
    ck_assert(!memcmp(a->nodes, b->nodes, a->node_count * sizeof *a->nodes));
    ck_assert(!memcmp(a->defines, b->defines, a->node_count * sizeof *a->defines));
    ck_assert(!memcmp(a->topics, b->topics, (a->topic_count + 63) / 64 * sizeof *a->topics));
}

static void compare_rules(const tocsin_plan *one, const tocsin_plan *other) {
    for (size_t i = 0; i < other->names.clause_count; i++) compare_programs(&one->clauses[i], &other->clauses[i]);
    for (size_t i = 0; i < other->description->routes.count; i++) compare_programs(&one->routes[i], &other->routes[i]);
    compare_programs(&one->about, &other->about);
    ck_assert_uint_eq(one->needs, other->needs);
    ck_assert_int_eq(one->rules_are_clean, other->rules_are_clean);
}

static tocsin_scanner *scanner_of(const tocsin_plan *plan) {
    tocsin_scanner *scanner = NULL;
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    return scanner;
}

/* Terms of the plan with other text between them. */
static size_t write_text(const tocsin_plan *plan, char *text, size_t size) {
    static const char *const between[] = {"", "，", "。", "3", "人", "浓烟", "起火了", " ", "𠀀𠁲", "烟3米", "火災"};
    const size_t count = tocsin_plan_get_info(plan)->term_count;
    size_t length = 0;
    for (size_t i = 1 + below(9); i > 0; i--) {
        tocsin_term term;
        if (!tocsin_plan_get_term(plan, below((uint32_t)count + 1), &term)) continue;
        const char *gap = between[below((uint32_t)(sizeof between / sizeof *between))];
        if (length + term.text.length + 16 > size) continue;
        memcpy(text + length, term.text.data, term.text.length);
        length += term.text.length;
        memcpy(text + length, gap, strlen(gap));
        length += strlen(gap);
    }
    return length;
}

static void compare_verdicts(const tocsin_plan *plan, const tocsin_plan *whole, int documents) {
    static const char *const sources[] = {"", "people.com.cn", "人民网", "weibo/甲", "bbs.example"};
    tocsin_scanner *scanners[] = {scanner_of(plan), scanner_of(whole)};
    tocsin_buffer said[2];
    char text[2000];
    for (int side = 0; side < 2; side++) tocsin_buffer_init(&said[side], NULL);
    for (int i = 0; i < documents; i++) {
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        document.text = (tocsin_bytes){text, write_text(whole, text, sizeof text)};
        document.source = bytes(sources[below(5)]);
        for (int side = 0; side < 2; side++) {
            const tocsin_verdict *verdict = NULL;
            said[side].length = 0;
            ck_assert_int_eq(tocsin_classify(scanners[side], &document, &verdict, NULL), TOCSIN_OK);
            ck_assert_int_eq(tocsin_verdict_to_json(verdict, &said[side]), TOCSIN_OK);
        }
        ck_assert_str_eq(said[0].data, said[1].data);
    }
    for (int side = 0; side < 2; side++) {
        tocsin_buffer_release(&said[side]);
        tocsin_scanner_free(scanners[side]);
    }
}

static void compare_plans(const tocsin__builder_sources *sources, const tocsin_plan *plan, const tocsin_plan *whole,
                          int documents) {
    tocsin_buffer images[2];
    const tocsin_plan_info *is = tocsin_plan_get_info(plan), *was = tocsin_plan_get_info(whole);
    ck_assert_uint_eq(is->content, was->content);
    ck_assert_uint_eq(is->pattern_count, was->pattern_count);
    ck_assert_uint_eq(is->venue_count, was->venue_count);
    for (int side = 0; side < 2; side++) {
        tocsin_buffer_init(&images[side], NULL);
        ck_assert_int_eq(tocsin_plan_save_to_buffer(side ? whole : plan, &images[side], NULL), TOCSIN_OK);
    }
    compare_bytes((tocsin_bytes){images[0].data, images[0].length}, (tocsin_bytes){images[1].data, images[1].length});
    for (int side = 0; side < 2; side++) tocsin_buffer_release(&images[side]);
    compare_lexicons(sources, plan, whole);
    compare_rules(plan, whole);
    compare_atoms(&plan->matcher, &whole->matcher);
    const tocsin__plan_look *looks[2][2] = {{&plan->guard.first, &plan->guard.second},
                                            {&whole->guard.first, &whole->guard.second}};
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(looks[0][i]->scans, looks[1][i]->scans);
        if (looks[0][i]->scans) compare_atoms(&looks[0][i]->matcher, &looks[1][i]->matcher);
    }
    ck_assert(plan->guard.unknown == whole->guard.unknown && plan->guard.enough == whole->guard.enough);
    ck_assert_uint_eq(plan->vocabulary_count, whole->vocabulary_count);
    compare_verdicts(plan, whole, documents);
}

/* Compiles the builder and its written sources; returns the plan, or NULL if it has mistakes. */
static tocsin_plan *compile_both(const tocsin_builder *builder, const tocsin_plan_options *options, int documents) {
    tocsin__builder_sources sources;
    tocsin_diagnostics *lists[2] = {NULL, NULL};
    tocsin_plan *plan = NULL, *whole = NULL;
    tocsin_error errors[2] = {{0}, {0}};
    ck_assert_int_eq(tocsin__builder_write(builder, &sources), TOCSIN_OK);
    for (int side = 0; side < 2; side++) ck_assert_int_eq(tocsin_diagnostics_create(NULL, &lists[side]), TOCSIN_OK);
    const tocsin_status is = tocsin_builder_compile(builder, options, lists[0], &plan, &errors[0]);
    const tocsin_status was =
        tocsin_plan_compile(tocsin__builder_read_source, &sources, "plan.yaml", options, lists[1], &whole, &errors[1]);
    ck_assert_msg(is == was, "%s, %s: %s, %s", tocsin_status_string(is), tocsin_status_string(was), errors[0].message,
                  errors[1].message);
    compare_messages(&sources, lists[0], lists[1]);
    ck_assert_msg(same_message(&sources, errors[0].message, errors[1].message), "%s\n%s", errors[0].message,
                  errors[1].message);
    if (!is) compare_plans(&sources, plan, whole, documents);
    for (int side = 0; side < 2; side++) tocsin_diagnostics_free(lists[side]);
    tocsin_plan_release(whole);
    tocsin__builder_sources_release(&sources);
    return plan;
}

static void vary(tocsin_plan_options *options, const tocsin_plan *base) {
    const uint32_t terms = (uint32_t)tocsin_plan_get_info(base)->term_count;
    if (!below(4)) options->engine = TOCSIN_ENGINE_NAIVE;
    if (!below(6)) options->engine = HYPERSCAN_ENGINE;
    if (!below(6)) options->max_terms = terms - 1 + below(4);
    if (!below(6)) options->max_term_length = 6 + below(60);
    if (!below(6)) options->max_rule_nodes = 1 + below(8);
}

static tocsin_builder *builder_of(const tocsin_plan *base) {
    tocsin_builder *builder = NULL;
    ck_assert_int_eq(tocsin_builder_create(base, NULL, &builder, NULL), TOCSIN_OK);
    return builder;
}

/* Overlays of overlays: each becomes the base of the next one, and the base is given back. */
static void walk(tocsin_plan *base, int rounds, int documents) {
    int sound = 0;
    for (int round = 0; round < rounds; round++) {
        tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
        tocsin_builder *builder = builder_of(base);
        for (uint32_t i = below(7); i > 0; i--) change(builder, base);
        vary(&options, base);
        if (below(2)) options = (tocsin_plan_options)TOCSIN_PLAN_OPTIONS_INIT;
        tocsin_plan *plan = compile_both(builder, &options, documents);
        sound += plan != NULL;
        if (plan && below(2)) {
            tocsin_plan_release(base);
            base = plan;
            plan = NULL;
        }
        tocsin_builder_free(builder);
        tocsin_plan_release(plan);
    }
    tocsin_plan_release(base);
    /* An emulated processor makes two rounds, which may both be faulty. */
    if (rounds >= 8) ck_assert_int_gt(sound, rounds / 8);
}

START_TEST(an_overlay_is_the_plan_of_its_sources) {
    for (int i = 0; i < test_rounds(60); i++) {
        random_text_state = 7000 + (uint64_t)i;
        walk(small_plan(), 20, 30);
    }
}
END_TEST

START_TEST(an_overlay_of_a_large_plan_is_the_plan_of_its_sources) {
    random_text_state = 11;
    walk(large_plan(), test_rounds(60), 60);
}
END_TEST

static size_t shared_regexes(const tocsin__matcher *matcher) {
    size_t shared = 0;
    for (size_t i = 0; i < matcher->regex_count; i++) shared += matcher->regexes->pool_of[i] > 0;
    return shared;
}

/* Nothing is compiled again: the NFAs, the weights, the n-grams and the venues are those of the base. */
START_TEST(what_did_not_change_is_shared) {
    tocsin_plan *base = large_plan();
    tocsin_builder *builder = builder_of(base);
    tocsin_builder_term term = TOCSIN_BUILDER_TERM_INIT;
    tocsin_plan *plan = NULL;
    term.topic = bytes(tocsin_plan_topic(base, 0)->id);
    term.text = bytes("浓烟.{0,6}滚滚而来");
    term.kind = TOCSIN_TERM_REGEX;
    ck_assert_int_eq(tocsin_builder_add_term(builder, &term, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_builder_compile(builder, NULL, NULL, &plan, NULL), TOCSIN_OK);
    ck_assert_ptr_eq(plan->venues, base->venues);
    ck_assert_uint_eq(plan->vocabulary_count, base->vocabulary_count);
    for (size_t i = 0; i < plan->vocabulary_count; i++) ck_assert_ptr_eq(plan->vocabularies[i], base->vocabularies[i]);
    ck_assert_uint_eq(shared_regexes(&plan->matcher), base->regex_count);
    ck_assert_uint_eq(shared_regexes(&plan->guard.first.matcher), plan->guard.first.regex_count);
    tocsin_plan_release(base);
    tocsin_builder_free(builder);
    compare_verdicts(plan, plan, 20);
    /* A plan of a builder has the plan file that the next one writes. */
    tocsin_plan *next = NULL;
    builder = builder_of(plan);
    term.topic = bytes(tocsin_plan_topic(plan, 0)->id);
    term.text = bytes("浓烟滚滚");
    term.kind = TOCSIN_TERM_LITERAL;
    ck_assert_int_eq(tocsin_builder_add_term(builder, &term, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_builder_compile(builder, NULL, NULL, &next, NULL), TOCSIN_OK);
    ck_assert_ptr_eq(next->description, plan->description);
    tocsin_builder_free(builder);
    tocsin_plan_release(next);
    tocsin_plan_release(plan);
}
END_TEST

/* ---- memory ---- */

/* Adds a literal and a regex to a plan whose allocator may fail. */
static tocsin_status compile_overlay(const tocsin_plan *base, const tocsin_plan_options *options, tocsin_plan **plan) {
    tocsin_builder *builder = NULL;
    tocsin_builder_term term = TOCSIN_BUILDER_TERM_INIT;
    tocsin_status status = tocsin_builder_create(base, &options->allocator, &builder, NULL);
    term.topic = bytes(tocsin_plan_topic(base, 0)->id);
    term.text = bytes("浓烟滚滚");
    if (!status) status = tocsin_builder_add_term(builder, &term, NULL);
    term.text = bytes("浓烟.{0,6}而来");
    term.kind = TOCSIN_TERM_REGEX;
    if (!status) status = tocsin_builder_add_term(builder, &term, NULL);
    if (!status) status = tocsin_builder_compile(builder, options, NULL, plan, NULL);
    tocsin_builder_free(builder);
    return status;
}

/* Each failure leaves the base, and what it shares, as it was. */
START_TEST(failing_memory_is_reported) {
    failing_allocator state = {0};
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_plan *base = NULL, *plan = NULL;
    options.allocator = failing_allocator_get(&state);
    const tocsin_status loaded =
        _i ? tocsin_plan_load(TOCSIN_SOURCE_DIR "/examples/fire-service", &options, NULL, &base, NULL)
           : tocsin_plan_compile(read_named_source, (void *)(uintptr_t)small, "plan.yaml", &options, NULL, &base, NULL);
    ck_assert_int_eq(loaded, TOCSIN_OK);
    const size_t live = state.live;
    state.calls = 0;
    ck_assert_int_eq(compile_overlay(base, &options, &plan), TOCSIN_OK);
    tocsin_plan_release(plan);
    ck_assert_uint_eq(state.live, live);
    const size_t calls = state.calls, step = _i ? calls / 60 : 1;
    for (size_t i = 1; i <= calls; i += step) {
        plan = NULL;
        state.calls = 0;
        state.fail_at = i;
        ck_assert_int_eq(compile_overlay(base, &options, &plan), TOCSIN_ERROR_MEMORY);
        ck_assert_ptr_null(plan);
        ck_assert_uint_eq(state.live, live);
    }
    state.fail_at = 0;
    compare_verdicts(base, base, 5);
    tocsin_plan_release(base);
    ck_assert(!state.live && !state.wrong);
}
END_TEST

/* ---- threads ---- */

#define THREADS 4

typedef struct tenant {
    const tocsin_plan *base; /* its own share */
    int number;
    int failed;
} tenant;

/* Makes overlays of overlays of one base and grades with them, while others do the same. */
static void *live(void *context) {
    tenant *t = context;
    const tocsin_plan *base = t->base;
    for (int round = 0; round < 5 && !t->failed; round++) {
        tocsin_builder *builder = NULL;
        tocsin_plan *plan = NULL;
        tocsin_scanner *scanner = NULL;
        tocsin_builder_term term = TOCSIN_BUILDER_TERM_INIT;
        char text[64];
        snprintf(text, sizeof text, "租户%d第%d条", t->number, round);
        term.topic = bytes(tocsin_plan_topic(base, 0)->id);
        term.text = bytes(text);
        t->failed |= tocsin_builder_create(base, NULL, &builder, NULL) != TOCSIN_OK;
        t->failed |= tocsin_builder_add_term(builder, &term, NULL) != TOCSIN_OK;
        t->failed |= tocsin_builder_compile(builder, NULL, NULL, &plan, NULL) != TOCSIN_OK;
        t->failed |= tocsin_scanner_create(plan, NULL, &scanner, NULL) != TOCSIN_OK;
        if (!t->failed) {
            tocsin_document document = TOCSIN_DOCUMENT_INIT;
            const tocsin_verdict *verdict = NULL;
            document.text = bytes(text);
            t->failed |= tocsin_classify(scanner, &document, &verdict, NULL) != TOCSIN_OK;
        }
        tocsin_scanner_free(scanner);
        tocsin_builder_free(builder);
        tocsin_plan_release(base);
        base = plan;
    }
    tocsin_plan_release(base);
    return NULL;
}

START_TEST(many_threads_make_overlays_of_one_base) {
    tocsin_plan *base = _i ? large_plan() : small_plan();
    pthread_t threads[THREADS];
    tenant tenants[THREADS];
    for (int i = 0; i < THREADS; i++) {
        tenants[i] = (tenant){tocsin_plan_retain(base), i, 0};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, live, &tenants[i]), 0);
    }
    tocsin_plan_release(base);
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert_int_eq(tenants[i].failed, 0);
    }
}
END_TEST

TOCSIN_SUITE("overlay", TOCSIN_CASE(an_overlay_is_the_plan_of_its_sources)
                            TOCSIN_CASE(an_overlay_of_a_large_plan_is_the_plan_of_its_sources)
                                TOCSIN_CASE(what_did_not_change_is_shared)
                                    tcase_add_loop_test(tcase, failing_memory_is_reported, 0, 2);
             tcase_add_loop_test(tcase, many_threads_make_overlays_of_one_base, 0, 2);)
