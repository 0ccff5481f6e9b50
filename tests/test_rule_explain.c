/*
 * Explanations: the least hits compared with every subset in small documents, the changes of facts compared with every
 * combination of facts, and the wording.
 */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "base/buffer.h"
#include "rule/rule_eval.h"
#include "rule/rule_explain.h"
#include "rule_naive.h"
#include "rule_world.h"
#include "suite.h"

/* The smallest set of hits, found by trying all sets; the earliest if several are as small. kept: one of 2^n sets. */
static uint32_t smallest_by_force(const naive_node *tree, const world_document *d) {
    size_t n = d->input.hit_count;
    uint32_t best = UINT32_MAX;
    for (uint32_t set = 0; set < 1u << n; set++) {
        char kept[WORLD_HITS];
        int size = __builtin_popcount(set), best_size = __builtin_popcount(best);
        if (best != UINT32_MAX && size > best_size) continue;
        for (size_t i = 0; i < n; i++) kept[i] = (char)(set >> i & 1);
        if (!naive_holds(tree, &d->input, kept)) continue;
        uint32_t differ = set ^ best;
        int earlier = (set & (differ & (~differ + 1))) != 0;
        if (best == UINT32_MAX || size < best_size || earlier) best = set;
    }
    return best;
}

START_TEST(the_minimal_witness_is_minimal) {
    static naive_forest forest;
    static world_document d;
    world_random random = {4711};
    tocsin_buffer text;
    tocsin__arena arena;
    size_t checked = 0, several = 0;
    tocsin_buffer_init(&text, NULL);
    tocsin__arena_init(&arena, tocsin_allocator_default());
    while (checked < 60000) {
        tocsin__rule_explanation e;
        uint32_t told = 0;
        tocsin__arena_reset(&arena);
        text.length = 0;
        const naive_node *tree = naive_make(&forest, &random, 2 + (int)world_below(&random, 4));
        naive_write(tree, &random, &text);
        const tocsin__rule_program *p = world_compile(text.data, text.length, &arena);
        world_fill(&d, &random, 8);
        ck_assert_int_eq(tocsin__rule_explain(p, &world_names, &d.input, NULL, NULL, &arena, &e), TOCSIN_OK);
        ck_assert_int_eq(e.holds, naive_holds(tree, &d.input, NULL));
        if (!e.holds) continue;
        checked++;
        several += e.least_count > 1;
        ck_assert_msg(e.least_exact, "%s", text.data);
        for (size_t i = 0; i < e.least_count; i++) {
            ck_assert_uint_lt(e.least[i], d.input.hit_count);
            ck_assert(i == 0 || e.least[i - 1] < e.least[i]);
            told |= 1u << e.least[i];
        }
        ck_assert_msg(told == smallest_by_force(tree, &d), "%s: %x", text.data, told);
    }
    ck_assert_uint_ge(several, 2500);
    tocsin_buffer_release(&text);
    tocsin__arena_release(&arena);
}
END_TEST

/* If there are too many hits to try all sets: the rule holds with the witness, and not without any one of its hits. */
START_TEST(every_hit_of_a_witness_is_needed) {
    static naive_forest forest;
    static world_document d;
    world_random random = {815};
    tocsin_buffer text;
    tocsin__arena arena;
    tocsin_buffer_init(&text, NULL);
    tocsin__arena_init(&arena, tocsin_allocator_default());
    for (int round = 0; round < test_rounds(1500); round++) {
        tocsin__rule_explanation e;
        char kept[WORLD_HITS] = {0};
        tocsin__arena_reset(&arena);
        text.length = 0;
        const naive_node *tree = naive_make(&forest, &random, 3 + (int)world_below(&random, 3));
        naive_write(tree, &random, &text);
        const tocsin__rule_program *p = world_compile(text.data, text.length, &arena);
        world_fill(&d, &random, 200);
        ck_assert_int_eq(tocsin__rule_explain(p, &world_names, &d.input, NULL, NULL, &arena, &e), TOCSIN_OK);
        if (!e.holds) continue;
        for (size_t i = 0; i < e.least_count; i++) kept[e.least[i]] = 1;
        ck_assert_msg(naive_holds(tree, &d.input, kept), "%s", text.data);
        for (size_t i = 0; i < e.least_count; i++) {
            kept[e.least[i]] = 0;
            ck_assert_msg(!naive_holds(tree, &d.input, kept), "%s", text.data);
            kept[e.least[i]] = 1;
        }
    }
    tocsin_buffer_release(&text);
    tocsin__arena_release(&arena);
}
END_TEST

/* A subject with a negative word behind it, `pairs` times, and fire at the end. */
static tocsin__rule_input many_pairs(size_t pairs, tocsin__rule_hit *hits, uint64_t *counts, double *scores) {
    for (uint32_t i = 0; i < 2 * pairs; i++) {
        const uint32_t start = i / 2 * 10 + i % 2 * 3;
        hits[i] = (tocsin__rule_hit){start, start + 2, 0, 0, i % 2, 0, 1, TOCSIN_FIELD_TEXT, 0};
    }
    hits[2 * pairs] = (tocsin__rule_hit){9990, 9992, 0, 0, 3, 0, 1, TOCSIN_FIELD_TEXT, 0};
    counts[0] = counts[1] = pairs;
    counts[3] = 1;
    return (tocsin__rule_input){
        .hits = hits, .hit_count = 2 * pairs + 1, .topic_counts = counts, .topic_scores = scores};
}

/*
 *  The search chooses among at most 256 members. Of more, it starts with all that support the rule and removes from the
 * end those that are not needed. A witness is known to be minimal if all smaller sets can be tried.
 */
START_TEST(very_many_members_are_reduced_from_the_end) {
    static const struct {
        const char *rule;
        size_t pairs, least, first, second;
        int exact;
    } many[] = {
        {"count(subject before/3 negative) >= 256 | fire", 256, 1, 512, 0, 1},
        {"count(subject before/3 negative) >= 257 | fire", 257, 514, 0, 1, 0},
        /* Of sixty hits all sets of three can be tried, of two hundred only all sets of two. */
        {"count(subject) >= 3", 60, 3, 0, 2, 1},
        {"count(subject) >= 3", 200, 3, 0, 2, 0},
    };
    static tocsin__rule_hit hits[1024];
    for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
        uint64_t counts[WORLD_TOPICS] = {0};
        double scores[WORLD_TOPICS] = {0};
        tocsin__rule_explanation e;
        tocsin__arena arena;
        tocsin__arena_init(&arena, tocsin_allocator_default());
        const tocsin__rule_input input = many_pairs(many[i].pairs, hits, counts, scores);
        const tocsin__rule_program *p = world_compile(many[i].rule, strlen(many[i].rule), &arena);
        ck_assert_int_eq(tocsin__rule_explain(p, &world_names, &input, NULL, NULL, &arena, &e), TOCSIN_OK);
        ck_assert(e.holds);
        ck_assert_uint_eq(e.least_count, many[i].least);
        ck_assert_uint_eq(e.least[0], many[i].first);
        if (many[i].least > 1) ck_assert_uint_eq(e.least[1], many[i].second);
        ck_assert_int_eq(e.least_exact, many[i].exact);
        tocsin__arena_release(&arena);
    }
}
END_TEST

/* The smallest number of facts to change so that the tree holds with the same words; 9 if facts cannot do it. */
static unsigned fewest_facts(const naive_node *tree, const tocsin__rule_input *input) {
    unsigned fewest = 9;
    tocsin__rule_input tried = *input;
    for (int venue = 0; venue < TOCSIN_VENUE_COUNT; venue++) {
        for (int attention = 0; attention < TOCSIN_ATTENTION_COUNT; attention++) {
            for (uint64_t reach = 0; reach < 14; reach++) {
                tried.venue = (tocsin_venue)venue;
                tried.attention = (tocsin_attention)attention;
                tried.reach = reach;
                if (!naive_holds(tree, &tried, NULL)) continue;
                unsigned changed = (unsigned)(tried.venue != input->venue) +
                                   (unsigned)(tried.attention != input->attention) +
                                   (unsigned)(tried.reach != input->reach);
                if (changed < fewest) fewest = changed;
            }
        }
    }
    return fewest;
}

static int is_fact(tocsin_obstacle_kind kind) {
    return kind == TOCSIN_OBSTACLE_VENUE || kind == TOCSIN_OBSTACLE_REACH || kind == TOCSIN_OBSTACLE_ATTENTION;
}

static void check_obstacles(const tocsin__rule_explanation *e, const naive_node *tree, const world_document *d,
                            const char *text) {
    unsigned fewest = fewest_facts(tree, &d->input);
    size_t facts = 0;
    tocsin__rule_input told = d->input;
    told.venue = e->venue;
    told.reach = e->reach;
    told.attention = e->attention;
    ck_assert_msg((e->cost == UINT64_MAX) == (e->obstacle_count == 0), "%s: %llu", text, (unsigned long long)e->cost);
    for (size_t i = 0; i < e->obstacle_count; i++) {
        const tocsin__rule_obstacle *o = &e->obstacles[i];
        facts += (size_t)is_fact(o->kind);
        ck_assert(*o->condition && *o->text && *o->change && o->hit_count <= o->hit_total);
        for (size_t j = 0; j < o->hit_count; j++) {
            ck_assert_uint_lt(o->hits[j], d->input.hit_count);
            ck_assert(j == 0 || o->hits[j - 1] < o->hits[j]);
        }
    }
    if (fewest < 9) {
        ck_assert_msg(facts == e->obstacle_count && facts == fewest && e->cost == fewest, "%s: %zu facts for %u", text,
                      facts, fewest);
    }
    if (e->obstacle_count && facts == e->obstacle_count) {
        ck_assert_msg(naive_holds(tree, &told, NULL), "what was told does not help: %s", text);
    }
}

/* Words and facts: with all suggested changes the rule holds, for rules and documents of every kind. */
START_TEST(suggested_changes_make_the_rule_hold) {
    static naive_forest forest;
    static world_document d;
    world_random random = {77};
    tocsin_buffer text;
    tocsin__arena arena;
    size_t failing = 0, offered = 0, of_words = 0;
    tocsin_buffer_init(&text, NULL);
    tocsin__arena_init(&arena, tocsin_allocator_default());
    for (int round = 0; failing < 20000; round++) {
        tocsin__rule_explanation e;
        tocsin__arena_reset(&arena);
        text.length = 0;
        const naive_node *tree = naive_make(&forest, &random, 2 + (int)world_below(&random, 4));
        naive_write(tree, &random, &text);
        const tocsin__rule_program *p = world_compile(text.data, text.length, &arena);
        world_fill(&d, &random, round % 50 ? 12 : 100);
        ck_assert_int_eq(tocsin__rule_explain(p, &world_names, &d.input, NULL, NULL, &arena, &e), TOCSIN_OK);
        if (e.holds) continue;
        failing++;
        ck_assert_int_eq(e.cost == UINT64_MAX, e.obstacle_count == 0);
        if (!e.obstacle_count) continue;
        offered++;
        for (size_t i = 0; i < e.obstacle_count; i++) {
            if (!is_fact(e.obstacles[i].kind)) of_words++;
        }
        ck_assert_uint_le(e.changed.hit_count, WORLD_HITS);
        ck_assert_msg(naive_holds(tree, &e.changed, NULL), "what is told does not help: %s", text.data);
    }
    /* The other rules contradict themselves, such as title(text(x)), or need hits beyond the cap. */
    ck_assert_uint_ge(offered, failing * 3 / 4);
    ck_assert_uint_ge(of_words, failing / 2);
    tocsin_buffer_release(&text);
    tocsin__arena_release(&arena);
}
END_TEST

START_TEST(suggested_facts_make_the_rule_hold) {
    static naive_forest forest;
    static world_document d;
    world_random random = {31};
    tocsin_buffer text;
    tocsin__arena arena;
    const tocsin__rule_costs costs = {1, 1000, 1000};
    size_t checked = 0;
    tocsin_buffer_init(&text, NULL);
    tocsin__arena_init(&arena, tocsin_allocator_default());
    for (int round = 0; checked < (size_t)test_rounds(8000); round++) {
        tocsin__rule_explanation e;
        tocsin__arena_reset(&arena);
        text.length = 0;
        int depth = 2 + (int)world_below(&random, 4);
        const naive_node *tree =
            round % 2 ? naive_make(&forest, &random, depth) : naive_make_facts(&forest, &random, depth);
        naive_write(tree, &random, &text);
        const tocsin__rule_program *p = world_compile(text.data, text.length, &arena);
        world_fill(&d, &random, 10);
        ck_assert_int_eq(tocsin__rule_explain(p, &world_names, &d.input, &costs, NULL, &arena, &e), TOCSIN_OK);
        if (e.holds) continue;
        checked++;
        check_obstacles(&e, tree, &d, text.data);
        if (round % 2 == 0) ck_assert_int_eq(e.cost == UINT64_MAX, fewest_facts(tree, &d.input) == 9);
    }
    tocsin_buffer_release(&text);
    tocsin__arena_release(&arena);
}
END_TEST

/* kind condition: text; change [hits], one obstacle a line. Facts: site, reach 500, low; no tier, no clause. */
static const struct {
    const char *rule, *document, *told;
} told[] = {
#include "rule_told.inc"
};

START_TEST(obstacles_are_described) {
    static const char *const kinds[] = {"topic", "far",   "scope",     "blocked", "count",
                                        "venue", "reach", "attention", "verdict"};
    world_document d;
    tocsin__rule_explanation e;
    tocsin_buffer out;
    tocsin__arena arena;
    tocsin_buffer_init(&out, NULL);
    tocsin__arena_init(&arena, tocsin_allocator_default());
    world_read(&d, told[_i].document);
    d.input.venue = TOCSIN_VENUE_SITE;
    d.input.reach = 500;
    const tocsin__rule_program *p = world_compile(told[_i].rule, strlen(told[_i].rule), &arena);
    ck_assert_int_eq(tocsin__rule_explain(p, &world_names, &d.input, NULL, NULL, &arena, &e), TOCSIN_OK);
    if (e.holds) (void)tocsin__buffer_puts(&out, "holds");
    for (size_t i = 0; i < e.obstacle_count; i++) {
        const tocsin__rule_obstacle *o = &e.obstacles[i];
        if (i > 0) (void)tocsin__buffer_puts(&out, "\n");
        (void)tocsin__buffer_printf(&out, "%s %s: %s; %s [", kinds[o->kind], o->condition, o->text, o->change);
        for (size_t j = 0; j < o->hit_count; j++) (void)tocsin__buffer_printf(&out, j ? " %u" : "%u", o->hits[j]);
        (void)tocsin__buffer_puts(&out, "]");
    }
    (void)tocsin__buffer_puts(&out, "");
    ck_assert_msg(!strcmp(out.data, told[_i].told), "%s over %s\n--- gives\n%s\n--- not\n%s", told[_i].rule,
                  told[_i].document, out.data, told[_i].told);
    tocsin_buffer_release(&out);
    tocsin__arena_release(&arena);
}
END_TEST

TOCSIN_SUITE("rule explanation",
             TOCSIN_CASE(the_minimal_witness_is_minimal) TOCSIN_CASE(every_hit_of_a_witness_is_needed)
                 TOCSIN_CASE(very_many_members_are_reduced_from_the_end)
                     TOCSIN_CASE(suggested_changes_make_the_rule_hold) TOCSIN_CASE(suggested_facts_make_the_rule_hold)
                         TOCSIN_LOOP(obstacles_are_described, told))
