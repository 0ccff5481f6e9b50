/*
 * Every proved statement about expressions must be true: random expressions are evaluated on random documents, and no
 * document may contradict. Statements that are obvious to a person must be proved.
 */
#include <string.h>

#include <tocsin/tocsin.h>

#include "rule/rule_eval.h"
#include "rule/rule_logic.h"
#include "rule_naive.h"
#include "rule_world.h"
#include "suite.h"

#define DOCUMENTS 40
#define WORDLESS 8 /* the number of documents without hits */

static const tocsin__rule_program *compile(const char *text, tocsin__arena *arena) {
    return world_compile(text, strlen(text), arena);
}

static int holds(const tocsin__rule_program *program, const world_document *d) {
    static uint64_t scratch[65536];
    ck_assert_uint_le(tocsin__rule_scratch_size(program, WORLD_HITS), sizeof scratch);
    return tocsin__rule_holds(program, &d->input, scratch);
}

static void foresee(const tocsin__rule_program *program, tocsin__rule_outlook *any, tocsin__rule_outlook *wordless) {
    ck_assert_int_eq(tocsin__rule_foresee(program, tocsin_allocator_default(), any, wordless), TOCSIN_OK);
}

static const tocsin__rule_program *written(const naive_node *tree, world_random *random, tocsin__arena *arena) {
    tocsin_buffer text;
    tocsin_buffer_init(&text, NULL);
    naive_write(tree, random, &text);
    const tocsin__rule_program *program = world_compile(text.data, text.length, arena);
    tocsin_buffer_release(&text);
    return program;
}

/* Two trees with a part in common, so that one often implies the other. */
static void plant(naive_forest *forest, naive_node joints[2], world_random *random, const naive_node *trees[2]) {
    static const naive_kind kinds[] = {NAIVE_AND, NAIVE_OR, NAIVE_NOT, NAIVE_SENTENCE, NAIVE_TITLE, NAIVE_ATLEAST};
    naive_node *common = naive_make(forest, random, 1 + (int)world_below(random, 3));
    for (int i = 0; i < 2; i++) {
        trees[i] = common;
        if (!world_below(random, 3)) continue;
        naive_node *joint = &joints[i];
        memset(joint, 0, sizeof *joint);
        joint->kind = kinds[world_below(random, sizeof kinds / sizeof *kinds)];
        joint->children = joint->kind == NAIVE_AND || joint->kind == NAIVE_OR || joint->kind == NAIVE_ATLEAST ? 2 : 1;
        joint->value = 2;
        joint->child[0] = common;
        joint->child[1] = naive_make(forest, random, 1 + (int)world_below(random, 2));
        trees[i] = joint;
    }
}

START_TEST(proved_facts_are_true) {
    static naive_forest forest;
    static world_document documents[DOCUMENTS];
    world_random random = {11};
    size_t implied = 0, never = 0, always = 0, sure = 0;
    for (int round = 0; round < 3000; round++) {
        tocsin__arena arena;
        naive_node joints[2];
        const naive_node *trees[2];
        const tocsin__rule_program *programs[2];
        tocsin__arena_init(&arena, tocsin_allocator_default());
        forest.used = 0;
        plant(&forest, joints, &random, trees);
        for (int i = 0; i < 2; i++) programs[i] = written(trees[i], &random, &arena);
        for (int i = 0; i < DOCUMENTS; i++) {
            world_fill(&documents[i], &random, 1 + (uint32_t)i);
            if (i < WORDLESS) world_finish(&documents[i], 0);
        }
        const int follows = tocsin__rule_implies(programs[0], programs[1]);
        implied += (size_t)follows;
        for (int p = 0; p < 2; p++) {
            tocsin__rule_outlook any, wordless;
            foresee(programs[p], &any, &wordless);
            never += !any.may_hold;
            always += !any.may_fail;
            sure += (size_t)wordless.sure;
            for (int i = 0; i < DOCUMENTS; i++) {
                const int it_does = holds(programs[p], &documents[i]);
                ck_assert(!it_does || any.may_hold);
                ck_assert(it_does || any.may_fail);
                ck_assert(i >= WORDLESS || (it_does ? wordless.may_hold : wordless.may_fail));
            }
        }
        for (int i = 0; i < DOCUMENTS && follows; i++) {
            ck_assert(!holds(programs[0], &documents[i]) || holds(programs[1], &documents[i]));
        }
        tocsin__arena_release(&arena);
    }
    ck_assert_uint_gt(implied, 500);
    ck_assert_uint_gt(never, 5);
    ck_assert_uint_gt(always, 3);
    ck_assert_uint_gt(sure, 100);
}
END_TEST

static const struct {
    const char *a, *b;
    int follows;
} pairs[] = {
    {"fire", "fire", 1},
    {"fire & subject", "fire", 1},
    {"fire", "fire & subject", 0},
    {"fire", "fire | subject", 1},
    {"fire | subject", "subject | fire | negative", 1},
    {"fire near/5 subject", "subject", 1},
    {"fire unless/5 subject", "fire", 1},
    {"fire unless/5 subject", "subject", 0},
    {"sentence(fire & !subject)", "fire", 1},
    {"sentence(fire & !subject)", "!subject", 0},
    {"title(fire)", "fire", 1},
    {"title(count(fire) < 2 & fire)", "count(fire) < 2", 0},
    {"count(fire) >= 3", "count(fire) >= 2", 1},
    {"count(fire) >= 2", "count(fire) >= 3", 0},
    {"count(fire) > 2", "count(fire) >= 3", 1},
    {"count(fire) == 4", "count(fire) >= 3", 1},
    {"count(fire) >= 1", "fire", 1},
    {"count(fire) < 1", "fire", 0},
    {"!fire", "!(fire & subject)", 1},
    {"!(fire & subject)", "!fire", 0},
    {"venue == site", "venue in (site, forum)", 1},
    {"venue != site", "venue not in (site, forum)", 0},
    {"venue not in (site, forum)", "venue != site", 1},
    {"venue != site", "venue in (unknown, mainstream_site, hot_forum, forum, celebrity_account, account, own)", 1},
    {"reach >= 100 & fire", "reach > 50", 1},
    {"reach <= 100", "reach <= 50", 0},
    {"attention == high", "attention >= elevated", 1}};

START_TEST(simple_implications_are_proved) {
    tocsin__arena arena;
    tocsin__arena_init(&arena, tocsin_allocator_default());
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const int follows = tocsin__rule_implies(compile(pairs[i].a, &arena), compile(pairs[i].b, &arena));
        ck_assert_msg(follows == pairs[i].follows, "%s: %s", pairs[i].a, pairs[i].b);
    }
    tocsin__arena_release(&arena);
}
END_TEST

static const struct {
    const char *text;
    int may_hold, may_fail, wordless;
} outlooks[] = {{"fire", 1, 1, 0},
                {"!fire", 1, 1, 1},
                {"fire & !fire", 0, 1, 0},
                {"fire | !fire", 1, 0, 1},
                {"fire near/5 subject & !subject", 0, 1, 0},
                {"venue == site & venue == forum", 0, 1, 0},
                {"venue == site", 1, 1, 1},
                {"venue == site & fire", 1, 1, 0},
                {"reach > 100 & reach < 50", 0, 1, 0},
                {"reach >= 50 | reach < 50", 1, 0, 1},
                {"attention == high & attention < elevated", 0, 1, 0},
                {"count(fire) < 2", 1, 1, 1},
                {"count(fire) >= 2", 1, 1, 0},
                {"atleast(2, fire, venue == site, venue == forum)", 1, 1, 0},
                {"atleast(2, venue == site, reach > 5)", 1, 1, 1},
                {"fire & subject & venue == site & (negative | !subject | venue == forum)", 1, 1, 0}};

START_TEST(possible_outcomes_are_found) {
    tocsin__arena arena;
    tocsin__arena_init(&arena, tocsin_allocator_default());
    for (size_t i = 0; i < sizeof outlooks / sizeof *outlooks; i++) {
        const tocsin__rule_program *program = compile(outlooks[i].text, &arena);
        tocsin__rule_outlook any, wordless;
        foresee(program, &any, &wordless);
        ck_assert_msg(any.may_hold == outlooks[i].may_hold && any.may_fail == outlooks[i].may_fail, "%s: %d %d",
                      outlooks[i].text, any.may_hold, any.may_fail);
        ck_assert_msg(wordless.sure == outlooks[i].wordless, "%s", outlooks[i].text);
    }
    tocsin__arena_release(&arena);
}
END_TEST

TOCSIN_SUITE("rule logic", TOCSIN_CASE(proved_facts_are_true) TOCSIN_CASE(simple_implications_are_proved)
                               TOCSIN_CASE(possible_outcomes_are_found))
