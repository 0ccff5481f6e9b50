/*
 * Programs that share nodes, evaluated one after another over one document with one evaluator: each gives the result of
 * the naive interpreter, whatever was evaluated before; and a program that is skipped because of its requirements never
 * holds.
 */
#include <string.h>

#include <tocsin/tocsin.h>

#include "rule/rule_dag.h"
#include "rule/rule_eval.h"
#include "rule_naive.h"
#include "rule_world.h"
#include "suite.h"

#define PROGRAMS 9
#define SEEDS 4

typedef struct family {
    naive_forest forest;
    naive_node joints[PROGRAMS];
    const naive_node *trees[PROGRAMS];
    const tocsin__rule_program *programs[PROGRAMS];
    const tocsin__rule_dag *dag;
    uint32_t *memory;
} family;

/* Trees over the same seeds: alone, joined, negated, inside scopes. */
static void plant_family(family *f, world_random *random) {
    static const naive_kind joins[] = {NAIVE_OR,       NAIVE_AND,       NAIVE_NOT,   NAIVE_ATLEAST,
                                       NAIVE_SENTENCE, NAIVE_PARAGRAPH, NAIVE_TITLE, NAIVE_TEXT};
    f->forest.used = 0;
    for (int i = 0; i < SEEDS; i++) f->trees[i] = naive_make(&f->forest, random, 1 + (int)world_below(random, 4));
    for (int i = SEEDS; i < PROGRAMS; i++) {
        naive_node *joint = &f->joints[i];
        memset(joint, 0, sizeof *joint);
        joint->kind = joins[world_below(random, sizeof joins / sizeof *joins)];
        joint->children = joint->kind == NAIVE_OR || joint->kind == NAIVE_AND ? 2
                          : joint->kind == NAIVE_ATLEAST                      ? 3
                                                                              : 1;
        joint->value = 2;
        for (int c = 0; c < joint->children; c++) {
            joint->child[c] = (naive_node *)(uintptr_t)f->trees[world_below(random, (uint32_t)i)];
        }
        f->trees[i] = joint;
    }
}

static int compile_family(family *f, world_random *random, tocsin__arena *arena) {
    tocsin_buffer text;
    size_t nodes = 0;
    tocsin_buffer_init(&text, NULL);
    for (int i = 0; i < PROGRAMS; i++) {
        text.length = 0;
        naive_write(f->trees[i], random, &text);
        f->programs[i] = world_compile(text.data, text.length, arena);
        nodes += f->programs[i]->node_count;
    }
    tocsin_buffer_release(&text);
    ck_assert_int_eq(tocsin__rule_dag_build(f->programs, PROGRAMS, arena, &f->dag), TOCSIN_OK);
    ck_assert_uint_le(f->dag->node_count, nodes);
    f->memory = calloc(1, tocsin__rule_evaluator_size(f->dag) + 1);
    return f->dag->node_count < nodes;
}

static uint64_t present_in(const world_document *d) {
    int held = d->clauses != 0 || d->input.tier != TOCSIN_TIER_NONE;
    uint64_t present = tocsin__rule_fact_bits(d->input.venue, d->input.attention, held);
    for (uint32_t topic = 0; topic < WORLD_TOPICS; topic++) {
        if (d->counts[topic]) present |= tocsin__rule_topic_bit(topic);
    }
    return present;
}

typedef struct totals {
    size_t asked, held, refused, shared;
} totals;

static void ask(family *f, tocsin__rule_evaluator *evaluator, world_random *random, const world_document *d,
                totals *sum) {
    const uint64_t present = present_in(d);
    void *scratch = malloc(tocsin__rule_evaluator_scratch_size(f->dag, d->input.hit_count) + 1);
    tocsin__rule_evaluator_begin(evaluator, &d->input, scratch);
    for (uint32_t question = 0; question < 2 * PROGRAMS; question++) {
        uint32_t i = question < PROGRAMS ? question : world_below(random, PROGRAMS);
        int expected = naive_holds(f->trees[i], &d->input, NULL);
        ck_assert_int_eq(tocsin__rule_evaluator_holds(evaluator, i, present), expected);
        int refused = !tocsin__rule_may_hold(&f->dag->roots[i], present);
        if (refused) ck_assert_int_eq(expected, 0);
        sum->asked++;
        sum->held += (size_t)expected;
        sum->refused += (size_t)refused;
    }
    free(scratch);
}

START_TEST(shared_nodes_change_no_answer) {
    static family f;
    static world_document d;
    world_random random = {20260311};
    tocsin__arena arena;
    totals sum = {0, 0, 0, 0};
    tocsin__arena_init(&arena, tocsin_allocator_default());
    for (int round = 0; round < test_rounds(600); round++) {
        tocsin__rule_evaluator evaluator;
        tocsin__arena_reset(&arena);
        plant_family(&f, &random);
        sum.shared += (size_t)compile_family(&f, &random, &arena);
        tocsin__rule_evaluator_init(&evaluator, f.dag, f.memory);
        if (round % 3 == 0) evaluator.document = UINT32_MAX / 2 - 5; /* document numbers start again */
        for (int document = 0; document < 12; document++) {
            world_fill(&d, &random, document ? 14 : 200);
            ask(&f, &evaluator, &random, &d, &sum);
        }
        ck_assert_uint_le(evaluator.document, 12);
        free(f.memory);
    }
    ck_assert_uint_ge(sum.asked, (size_t)test_rounds(120000));
    ck_assert_uint_ge(sum.held, sum.asked / 5);
    ck_assert_uint_le(sum.held, sum.asked * 4 / 5);
    ck_assert_uint_ge(sum.refused, sum.asked / 20);
    ck_assert_uint_ge(sum.shared, (size_t)test_rounds(560));
    tocsin__arena_release(&arena);
}
END_TEST

/* Each mask must refuse a document that has no hit of its topics, without evaluating the rule. */
static const struct {
    const char *rule, *document;
    tocsin_venue venue;
    tocsin_attention attention;
    int may_hold;
} required[] = {
    {"subject", "T: S0-2", 0, 0, 1},
    {"subject", "T: N0-2", 0, 0, 0},
    {"subject & negative", "T: S0-2", 0, 0, 0},
    {"subject & negative & fire", "T: S0-2 N3-4", 0, 0, 0},
    {"subject & negative & fire", "T: S0-2 N3-4 F5-6", 0, 0, 1},
    {"subject near/3 negative", "T: N0-2", 0, 0, 0},
    {"subject before/3 negative", "T: S0-2", 0, 0, 0},
    {"subject unless/3 negative", "T: N0-2", 0, 0, 0},
    {"subject unless/3 negative", "T: S0-2", 0, 0, 1},
    {"subject & fire | negative & rebuttal", "T: S0-2 F4-5", 0, 0, 1},
    {"subject & fire | negative & fire", "T: S0-2 N4-5", 0, 0, 0},
    {"sentence(title(subject) & !negative)", "T: N0-2", 0, 0, 0},
    {"!(!subject | venue in (forum, site))", "T: N0-2", TOCSIN_VENUE_ACCOUNT, 0, 0},
    {"!(!subject | venue in (forum, site))", "T: S0-2", TOCSIN_VENUE_SITE, 0, 0},
    {"!(!subject | venue in (forum, site))", "T: S0-2", TOCSIN_VENUE_ACCOUNT, 0, 1},
    {"venue not in (forum, site)", "T:", TOCSIN_VENUE_FORUM, 0, 0},
    {"venue not in (forum, site)", "T:", TOCSIN_VENUE_UNKNOWN, 0, 1},
    {"attention >= elevated", "T:", 0, TOCSIN_ATTENTION_LOW, 0},
    {"attention >= elevated", "T:", 0, TOCSIN_ATTENTION_HIGH, 1},
    {"!(attention >= elevated)", "T:", 0, TOCSIN_ATTENTION_HIGH, 0},
    {"attention >= low & venue in (unknown)", "T:", 0, TOCSIN_ATTENTION_HIGH, 1},
    {"count(negative) >= 2", "T: S0-2", 0, 0, 0},
    {"count(negative) < 2", "T: S0-2", 0, 0, 1},
    {"!(count(negative) < 2)", "T: S0-2", 0, 0, 0},
    {"score(negative) == 0", "T:", 0, 0, 1},
    {"score(negative) > 0", "T: S0-2", 0, 0, 0},
    {"reach >= 10", "T:", 0, 0, 1},
    {"atleast(2, fire, subject, negative)", "T: P0-2", 0, 0, 0},
    {"atleast(2, fire, subject, reach >= 10)", "T: P0-2", 0, 0, 0},
    {"atleast(2, fire, reach >= 5, reach >= 10)", "T: P0-2", 0, 0, 1},
    {"atleast(3, fire, subject, negative)", "T: F0-2 S3-4", 0, 0, 0},
    {"!atleast(2, !fire, !subject, !negative)", "T: P0-2", 0, 0, 0},
    {"clause(M1) | tier >= major", "T: S0-2", 0, 0, 0},
    {"tier == none", "T: S0-2", 0, 0, 1},
    {"tier <= major", "T: S0-2", 0, 0, 1},
    {"!(tier == none)", "T: S0-2", 0, 0, 0},
};

START_TEST(requirements_are_as_written) {
    world_document d;
    tocsin__arena arena;
    const tocsin__rule_dag *dag = NULL;
    world_read(&d, required[_i].document);
    d.input.venue = required[_i].venue;
    d.input.attention = required[_i].attention;
    tocsin__arena_init(&arena, tocsin_allocator_default());
    const tocsin__rule_program *program = world_compile(required[_i].rule, strlen(required[_i].rule), &arena);
    ck_assert_int_eq(tocsin__rule_dag_build(&program, 1, &arena, &dag), TOCSIN_OK);
    ck_assert_msg(tocsin__rule_may_hold(&dag->roots[0], present_in(&d)) == required[_i].may_hold, "%s over %s",
                  required[_i].rule, required[_i].document);
    tocsin__arena_release(&arena);
}
END_TEST

START_TEST(equal_subtrees_are_one_node) {
    static const char *const rules[] = {"subject near/3 negative & fire", "fire & subject near/3 negative",
                                        "!(subject near/3 negative) & subject near/4 negative"};
    const tocsin__rule_program *programs[3];
    const tocsin__rule_dag *dag = NULL;
    tocsin__arena arena;
    tocsin__arena_init(&arena, tocsin_allocator_default());
    for (int i = 0; i < 3; i++) programs[i] = world_compile(rules[i], strlen(rules[i]), &arena);
    ck_assert_int_eq(tocsin__rule_dag_build(programs, 3, &arena, &dag), TOCSIN_OK);
    /* subject, negative, fire, near/3, near/4, "!", three times "&" */
    ck_assert_uint_eq(dag->node_count, 9);
    ck_assert_uint_eq(dag->numbers[0][1], dag->numbers[1][2]);
    ck_assert_uint_eq(dag->numbers[0][1], dag->numbers[2][2]);
    ck_assert_uint_eq(dag->set_count, 4);
    tocsin__arena_release(&arena);
}
END_TEST

/* If there are more topics than bits, topics share bits, and no document is refused for which the rule holds. */
START_TEST(more_topics_than_bits_refuse_nothing_that_holds) {
    static char names[200][8];
    static const char *topics[200];
    uint64_t counts[200] = {0};
    double scores[200] = {0};
    const tocsin__rule_options options = {0, 0};
    const tocsin__rule_dag *dag = NULL;
    const tocsin__rule_program *program = NULL;
    tocsin__rule_evaluator evaluator;
    tocsin__arena arena;
    for (int i = 0; i < 200; i++) {
        names[i][0] = 't';
        names[i][1] = (char)('a' + i / 26);
        names[i][2] = (char)('a' + i % 26);
        topics[i] = names[i];
    }
    const tocsin__rule_names world = {topics, 200, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, 0, NULL, 0};
    const tocsin__rule_source source = {"tab & tdb & !thn", 16, NULL, NULL};
    tocsin__arena_init(&arena, tocsin_allocator_default());
    ck_assert_int_eq(tocsin__rule_compile(&source, &world, &options, &arena, NULL, &program), TOCSIN_OK);
    ck_assert_int_eq(tocsin__rule_dag_build(&program, 1, &arena, &dag), TOCSIN_OK);
    void *memory = calloc(1, tocsin__rule_evaluator_size(dag));
    tocsin__rule_evaluator_init(&evaluator, dag, memory);
    tocsin__rule_input input = {.topic_counts = counts, .topic_scores = scores, .tier = TOCSIN_TIER_NONE};
    for (uint32_t other = 0; other < 200; other++) {
        const uint32_t found[] = {1, 3 * 26 + 1, other};
        uint64_t present = tocsin__rule_fact_bits(0, 0, 0);
        memset(counts, 0, sizeof counts);
        for (int i = 0; i < 3; i++) {
            counts[found[i]] = 1;
            present |= tocsin__rule_topic_bit(found[i]);
        }
        tocsin__rule_evaluator_begin(&evaluator, &input, NULL);
        ck_assert_int_eq(tocsin__rule_evaluator_holds(&evaluator, 0, present), other != 7 * 26 + 13);
    }
    free(memory);
    tocsin__arena_release(&arena);
}
END_TEST

/* Parts with a learned score are evaluated last, wherever they stand. */
static const struct {
    const char *rule;
    uint32_t asked; /* one bit for each of two learned scores */
    int holds;
} late[] = {
    {"learned(risk) >= 0.5 & count(subject) >= 2", 0, 0},
    {"learned(risk) >= 0.5 | count(subject) >= 1", 0, 1},
    {"learned(risk) >= 0.5 & count(subject) >= 1", 1, 1},
    {"(learned(risk) >= 0.9 | subject) & count(subject) >= 1", 0, 1},
    {"(learned(risk) >= 0.9 & subject | learned(重大) >= 0.9) & count(subject) >= 2", 0, 0},
    {"!(learned(risk) >= 0.9) & (learned(重大) >= 0.9 | subject) & count(subject) >= 1", 1, 1},
    {"(learned(risk) >= 0.9 & count(fire) == 1) | (learned(重大) >= 0.2 & count(fire) == 0)", 2, 1},
};

static uint32_t note_learned(void *context, uint32_t index) {
    *(uint32_t *)context |= UINT32_C(1) << index;
    return 600000;
}

START_TEST(learned_scores_are_computed_last) {
    static world_document d;
    tocsin__arena arena;
    const tocsin__rule_dag *dag = NULL;
    tocsin__rule_evaluator evaluator;
    uint32_t asked = 0;
    tocsin__arena_init(&arena, tocsin_allocator_default());
    const tocsin__rule_program *program = world_compile(late[_i].rule, strlen(late[_i].rule), &arena);
    ck_assert_int_eq(tocsin__rule_dag_build(&program, 1, &arena, &dag), TOCSIN_OK);
    void *memory = calloc(1, tocsin__rule_evaluator_size(dag));
    world_read(&d, "T: S0-2");
    d.input.learned = note_learned;
    d.input.learned_context = &asked;
    void *scratch = malloc(tocsin__rule_evaluator_scratch_size(dag, d.input.hit_count) + 1);
    tocsin__rule_evaluator_init(&evaluator, dag, memory);
    tocsin__rule_evaluator_begin(&evaluator, &d.input, scratch);
    ck_assert_int_eq(tocsin__rule_evaluator_holds(&evaluator, 0, present_in(&d)), late[_i].holds);
    ck_assert_msg(asked == late[_i].asked, "%s asked for %u", late[_i].rule, asked);
    free(scratch);
    free(memory);
    tocsin__arena_release(&arena);
}
END_TEST

TOCSIN_SUITE("shared rules",
             TOCSIN_CASE(shared_nodes_change_no_answer) TOCSIN_LOOP(requirements_are_as_written, required)
                 TOCSIN_CASE(equal_subtrees_are_one_node) TOCSIN_CASE(more_topics_than_bits_refuse_nothing_that_holds)
                     TOCSIN_LOOP(learned_scores_are_computed_last, late))
