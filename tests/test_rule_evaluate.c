/*
 * Programs over documents: small cases by hand, then the evaluator, its partial evaluation and its witnesses compared
 * with the naive interpreter over generated pairs, and the guarantees that let a scanner skip work.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <tocsin/tocsin.h>

#include "base/bitset.h"
#include "rule/rule_eval.h"
#include "rule/rule_witness.h"
#include "rule_naive.h"
#include "rule_world.h"
#include "suite.h"

/* Allocates exactly the requested size, so that a sanitizer detects a read past its end. */
static void *exact_scratch(const tocsin__rule_program *p, const world_document *d) {
    return malloc(tocsin__rule_scratch_size(p, d->input.hit_count) + 1);
}

static const struct {
    const char *rule, *document;
    int holds;
    const char *support; /* a digit for each hit */
} cases[] = {
    {"subject", "T: S0-2", 1, "1"},
    {"negative", "T: S0-2", 0, ""},
    {"subject near/0 negative", "T: S0-2 N2-4", 1, "11"},
    {"subject near/0 negative", "T: S0-2 N3-4", 0, ""},
    {"subject near/1 negative", "T: S0-2 N3-4", 1, "11"},
    {"subject near/1 negative", "T: N0-2 S3-4", 1, "11"},
    {"subject near/1 negative", "S0-2 T: N3-4", 0, ""},
    {"subject near/1 negative", "T: S0-9 N4-5", 1, "11"},
    {"subject near/1 negative", "T: S0-2 N2-3 S20-22", 1, "110"},
    {"subject near/3 subject", "T: S0-2", 0, ""},
    {"subject near/3 subject", "T: S0-2 S4-6", 1, "11"},
    {"subject near/3 negative near/3 fire", "T: S0-2 N3-4 F6-7", 0, ""},
    {"subject near/3 negative near/4 fire", "T: S0-2 N3-4 F6-7", 1, "111"},
    {"negative near/3 subject near/3 fire", "T: S0-2 N3-4 F6-7", 1, "111"},
    {"subject near/3 (negative near/3 fire)", "T: S0-2 N20-21 F3-4 F22-23", 0, ""},
    {"subject before/3 negative", "T: S0-2 N4-5", 1, "11"},
    {"subject before/3 negative", "T: N0-2 S4-5", 0, ""},
    {"subject before/3 negative", "T: S0-2 N1-5", 0, ""},
    {"subject before/3 negative", "T: S0-2 N2-5", 1, "11"},
    {"subject before/3 negative", "T: S0-2 N6-7", 0, ""},
    {"subject before/3 negative", "T: S0-9 S1-2 N4-5", 1, "011"},
    {"(subject before/3 negative) near/1 fire", "T: F0-1 S0-2 N4-5", 1, "111"},
    {"(subject before/3 negative) near/1 fire", "T: S0-2 N4-5 F6-7", 0, ""},
    {"(subject near/9 negative) near/1 fire", "T: N0-1 S8-9 F9-10", 1, "111"},
    {"(subject near/9 negative) near/1 fire", "T: N0-1 F2-3 S8-9", 0, ""},
    {"subject after/3 negative", "T: N0-2 S4-5", 1, "11"},
    {"subject after/3 negative", "T: S0-2 N4-5", 0, ""},
    {"subject after/3 negative", "T: N0-2 S6-7", 0, ""},
    {"subject after/3 negative", "T: N0-2 S1-5", 0, ""},
    {"subject after/3 negative", "N0-2 T: S2-5", 0, ""},
    {"(subject after/9 negative) near/1 fire", "T: N0-1 F2-3 S8-9", 0, ""},
    {"count(negative near/4 subject) >= 2", "T: N0-2 S3-5", 0, ""},
    {"count(negative before/4 subject) >= 2", "T: N0-2 S3-5 S6-7", 0, ""},
    {"count(subject after/4 negative) >= 2", "T: N0-2 S3-5 S6-7", 1, "111"},
    {"score(negative near/4 subject) > 1", "T: N0-2 S3-5", 0, ""},
    {"distinct(negative) >= 2", "T: N0-2 N3-5 N6-8", 0, ""},
    {"distinct(negative | subject) >= 2", "T: N0-2 S3-5 N6-8", 1, "111"},
    {"distinct((negative | subject) near/1 fire) >= 2", "T: N0-2 F3-4 S5-6 N60-61", 1, "1110"},
    {"distinct((negative | subject) near/1 fire) >= 2", "T: N0-2 F3-4 S6-7 N60-61", 0, ""},
    {"negative unless/12 rebuttal", "T: N0-2 R10-12", 0, ""},
    {"negative unless/12 rebuttal", "T: N0-2 R15-17", 1, "10"},
    {"negative unless/12 rebuttal", "T: N0-2 R10-12 N40-41", 1, "001"},
    {"negative unless/12 rebuttal", "R0-2 T: N0-2", 1, "01"},
    {"negative unless/5 negative", "T: N0-2", 1, "1"},
    {"negative unless/5 negative", "T: N0-2 N3-4", 0, ""},
    {"sentence(subject & negative)", "T: S0-2 . N3-4", 0, ""},
    {"sentence(subject & negative)", "T: S0-2 . N3-4 S5-6", 1, "011"},
    {"sentence(subject & negative)", "S0-2 T: N3-4", 0, ""},
    {"sentence(subject & !negative)", "T: S0-2 N3-4 . S5-6", 1, "001"},
    {"paragraph(subject & negative)", "T: S0-2 . N3-4", 1, "11"},
    {"paragraph(subject & negative)", "T: S0-2 / N3-4", 0, ""},
    {"paragraph(sentence(subject & fire) & sentence(negative))", "T: S0-2 F3-4 . N5-6 / N8-9", 1, "1110"},
    {"sentence(!subject)", "T: N0-2", 1, "0"},
    {"sentence(!subject)", "T:", 0, ""},
    {"title(subject)", "T: S0-2", 0, ""},
    {"title(subject) & text(subject)", "S0-2 T: S0-2", 1, "11"},
    {"title(subject | negative) near/3 negative", "S0-2 N3-4 T: S0-2", 1, "110"},
    {"title(!subject)", "T: S0-2", 1, "0"},
    {"atleast(2, fire, subject, negative)", "T: F0-1 F2-3", 0, "00"},
    {"atleast(2, fire, subject, negative)", "T: F0-1 S2-3", 1, "11"},
    {"count(negative) >= 2", "T: N0-1 N4-5", 1, "11"},
    {"count(title(negative)) >= 1", "T: N0-1 N4-5", 0, ""},
    {"count(negative | subject) == 3", "T: N0-1 N4-5 S2-3", 1, "111"},
    {"count(negative) < 2", "T: N0-1", 1, "0"},
    {"score(negative) >= 1.5", "T: N0-1 N4-5", 1, "11"},
    {"score(subject near/2 negative) >= 2", "T: N0-1 N4-5 S2-3", 0, ""},
    {"score(subject near/2 negative) >= 1", "T: N0-1 N4-5 S2-3", 1, "111"},
    {"score(negative near/2 subject) >= 2", "T: N0-1 N4-5 S2-3", 1, "111"},
    {"value(negative) >= 3", "T: N0-1=2 N4-5=3 N6-7=30", 1, "011"},
    {"value(negative) > 30", "T: N0-1=2 N4-5=3 N6-7=30", 0, ""},
    {"value(negative) == 30", "T: N0-1=2 N4-5=3 N6-7=30", 1, "001"},
    {"value(negative) == 3", "T: N0-1=2 N4-5=3 N6-7=30", 0, ""},
    {"value(negative) != 3", "T: N0-1=2 N4-5=3 N6-7=30", 1, "001"},
    {"value(negative) != 3", "T: N0-1=2 N4-5", 1, "10"},
    {"value(negative) < 31", "T: N0-1=2 N4-5 N6-7=30", 1, "101"},
    {"value(negative) < 3", "T: N0-1=2 N4-5=30", 0, ""},
    {"value(negative) >= 0", "T: N0-1", 0, ""},
    {"value(negative) <= 5", "T: N0-1", 0, ""},
    {"value(negative) < 5", "T: S0-1=2", 0, ""},
    {"value(negative) != 5", "", 0, ""},
    {"value(negative near/5 subject) >= 3", "T: N0-1=4 S3-4 N90-91=30", 1, "110"},
    {"value(negative near/5 subject) >= 5", "T: N0-1=4 S3-4 N90-91=30", 0, ""},
    {"title(value(negative) >= 3)", "N0-1=4 T: N0-1=2", 1, "10"},
    {"sentence(value(negative) >= 3 & subject)", "T: N0-1=4 . S3-4 N5-6=2", 0, ""},
    {"!(value(negative) >= 3)", "T: N0-1=2", 1, "0"},
    {"subject | negative & !rebuttal", "T: S0-1 N2-3 R4-5", 1, "100"},
    {"incident & bad_press", "T: F0-1 N2-3", 1, "11"},
    {"tier == none & reach == 0 & attention == low & venue == unknown", "T:", 1, ""},
};

START_TEST(cases_hold_as_written) {
    world_document d;
    tocsin__arena arena;
    uint64_t support[4];
    world_read(&d, cases[_i].document);
    tocsin__arena_init(&arena, tocsin_allocator_default());
    const tocsin__rule_program *p = world_compile(cases[_i].rule, strlen(cases[_i].rule), &arena);
    void *scratch = exact_scratch(p, &d);
    ck_assert_msg(tocsin__rule_holds(p, &d.input, scratch) == cases[_i].holds, "%s over %s", cases[_i].rule,
                  cases[_i].document);
    if (cases[_i].holds) tocsin__rule_witness(p, &d.input, scratch, support);
    for (size_t i = 0; cases[_i].holds && i < d.input.hit_count; i++) {
        ck_assert_msg(tocsin__bits_test(support, i) == (cases[_i].support[i] == '1'), "%s over %s: hit %zu",
                      cases[_i].rule, cases[_i].document, i);
    }
    free(scratch);
    tocsin__arena_release(&arena);
}
END_TEST

static void to_bits(const char *kept, size_t n, uint64_t *bits) {
    memset(bits, 0, tocsin__bits_words(WORLD_HITS) * sizeof *bits);
    for (size_t i = 0; i < n; i++) {
        if (kept[i]) tocsin__bits_set(bits, i);
    }
}

typedef struct totals {
    size_t pairs, held, supported;
} totals;

static void compare(const tocsin__rule_program *p, const naive_node *tree, world_document *d, void *scratch,
                    world_random *random, const char *text, totals *sum) {
    char kept[WORLD_HITS];
    uint64_t bits[WORLD_HITS / 64], support[WORLD_HITS / 64];
    size_t n = d->input.hit_count;
    int expected = naive_holds(tree, &d->input, NULL);
    sum->pairs++;
    sum->held += (size_t)expected;
    ck_assert_msg(tocsin__rule_holds(p, &d->input, scratch) == expected, "%s", text);
    for (size_t i = 0; i < n; i++) kept[i] = world_below(random, 3) != 0;
    to_bits(kept, n, bits);
    ck_assert_msg(tocsin__rule_holds_with(p, &d->input, scratch, bits) == naive_holds(tree, &d->input, kept),
                  "in part: %s", text);
    if (!expected) {
        ck_assert_msg(!naive_holds(tree, &d->input, kept), "fewer hits make it hold: %s", text);
        return;
    }
    tocsin__rule_witness(p, &d->input, scratch, support);
    naive_support(tree, &d->input, kept);
    to_bits(kept, n, bits);
    ck_assert_msg(!memcmp(bits, support, tocsin__bits_words(n) * sizeof *bits), "support: %s", text);
    ck_assert_msg(naive_holds(tree, &d->input, kept), "its support does not support: %s", text);
    sum->supported += tocsin__bits_count(support, 0, n) > 0;
    if (!(p->flags & TOCSIN__RULE_NEEDS_HIT)) return;
    for (uint32_t topic = 0; topic < WORLD_TOPICS; topic++) {
        if (d->counts[topic] && tocsin__bits_test(p->topics, topic)) return;
    }
    ck_abort_msg("held without a hit of its topics: %s", text);
}

/* Inputs that the rule does not need must not be read. */
static void spoil(const tocsin__rule_program *p, world_document *d) {
    for (size_t i = 0; i < d->input.hit_count; i++) {
        if (!(p->flags & TOCSIN__RULE_NEEDS_POSITIONS)) d->hits[i].start = d->hits[i].end = 7;
        if (!(p->flags & TOCSIN__RULE_NEEDS_SENTENCES)) d->hits[i].sentence = 7;
        if (!(p->flags & TOCSIN__RULE_NEEDS_PARAGRAPHS)) d->hits[i].paragraph = 7;
    }
    if (!(p->flags & TOCSIN__RULE_NEEDS_VERDICT)) d->input.clauses_held = NULL;
}

START_TEST(evaluation_equals_the_naive_interpreter) {
    world_random random = {20260101};
    static naive_forest forest;
    static world_document d;
    tocsin_buffer text;
    tocsin__arena arena;
    totals sum = {0, 0, 0};
    tocsin_buffer_init(&text, NULL);
    tocsin__arena_init(&arena, tocsin_allocator_default());
    for (int rule = 0; rule < test_rounds(6000); rule++) {
        tocsin__arena_reset(&arena);
        text.length = 0;
        const naive_node *tree = naive_make(&forest, &random, 2 + (int)world_below(&random, 4));
        naive_write(tree, &random, &text);
        const tocsin__rule_program *p = world_compile(text.data, text.length, &arena);
        for (int document = 0; document < 20; document++) {
            world_fill(&d, &random, document ? 14 : 200);
            void *scratch = exact_scratch(p, &d);
            compare(p, tree, &d, scratch, &random, text.data, &sum);
            int expected = tocsin__rule_holds(p, &d.input, scratch);
            spoil(p, &d);
            ck_assert_msg(tocsin__rule_holds(p, &d.input, scratch) == expected, "looks at what it says it does not: %s",
                          text.data);
            free(scratch);
        }
    }
    ck_assert_uint_ge(sum.pairs, (size_t)test_rounds(100000));
    ck_assert_uint_ge(sum.held, sum.pairs / 4);
    ck_assert_uint_le(sum.held, sum.pairs * 3 / 4);
    ck_assert_uint_ge(sum.supported, sum.pairs / 10);
    tocsin_buffer_release(&text);
    tocsin__arena_release(&arena);
}
END_TEST

static double seconds(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The fastest of several runs over `count` hits, which never satisfy the rule but make it look at all of them. */
static double time_over(const tocsin__rule_program *p, size_t count, uint32_t spread) {
    uint64_t counts[WORLD_TOPICS] = {0};
    double scores[WORLD_TOPICS] = {0}, best = 1e9;
    tocsin__rule_hit *hits = calloc(count, sizeof *hits);
    void *memory = malloc(tocsin__rule_scratch_size(p, count));
    for (size_t i = 0; i < count; i++) {
        uint32_t start = (uint32_t)i * spread;
        uint32_t topic = (uint32_t)(i % 2), weight = 1;
        hits[i] = (tocsin__rule_hit){
            start, start + 2, (uint32_t)(i / 2), (uint32_t)(i / 8), topic, start % 977, (float)weight, 1, 0};
        counts[topic]++;
    }
    tocsin__rule_input input = {.hits = hits, .hit_count = count, .topic_counts = counts, .topic_scores = scores};
    for (int run = 0; run < 9; run++) {
        double start = seconds();
        ck_assert_int_eq(tocsin__rule_holds(p, &input, memory), 0);
        double took = seconds() - start;
        if (took < best) best = took;
    }
    free(hits);
    free(memory);
    return best;
}

static const struct {
    const char *rule;
    uint32_t spread;
} long_rules[] = {
    {"(subject near/100000 negative) near/5 rebuttal", 1},
    {"subject near/5 negative", 10},
    {"(subject before/100000 negative) near/5 rebuttal", 1},
    {"subject unless/100000 negative", 1},
    {"count(subject before/20000 negative) >= 10000000", 3},
    {"sentence(subject & negative & rebuttal)", 3},
    {"paragraph(sentence(subject & rebuttal) | count(negative near/100 subject) >= 100)", 3},
    {"sentence(subject near/2 negative & rebuttal)", 1},
    {"count(subject after/20000 negative) >= 10000000", 3},
    {"distinct(subject | negative) >= 10000000", 3},
    {"sentence(distinct(subject | negative) >= 10)", 3},
};

START_TEST(time_grows_with_the_hits) {
    tocsin__arena arena;
    double half = 1e9, whole = 1e9;
    tocsin__arena_init(&arena, tocsin_allocator_default());
    const tocsin__rule_program *p = world_compile(long_rules[_i].rule, strlen(long_rules[_i].rule), &arena);
    /* So few that they stay in a cache that other programs use too; the least of many runs. */
    for (int attempt = 0; attempt < 20 && (!attempt || whole >= 3 * half); attempt++) {
        half = fmin(half, time_over(p, 25000, long_rules[_i].spread));
        whole = fmin(whole, time_over(p, 50000, long_rules[_i].spread));
    }
    ck_assert_msg(whole < 3 * half, "%s: twice the hits take %.2f times as long", long_rules[_i].rule, whole / half);
    tocsin__arena_release(&arena);
}
END_TEST

TOCSIN_SUITE("rule evaluation",
             TOCSIN_LOOP(cases_hold_as_written, cases) TOCSIN_CASE(evaluation_equals_the_naive_interpreter)
                 TOCSIN_LOOP(time_grows_with_the_hits, long_rules))
