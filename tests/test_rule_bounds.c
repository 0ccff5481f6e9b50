/*
 * The cost of rules. Compiling a rule, checking it for lint, sharing it with others, printing, evaluating and
 * explaining it takes time linear in its nodes: at most PER_NODE each, for rules of the greatest depth and for defines
 * in defines. None of this takes more stack than STACK.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <tocsin/tocsin.h>

#include "base/buffer.h"
#include "rule/rule_dag.h"
#include "rule/rule_eval.h"
#include "rule/rule_explain.h"
#include "rule/rule_logic.h"
#include "rule/rule_print.h"
#include "rule_naive.h"
#include "rule_world.h"
#include "suite.h"

/*
 * Seconds of processor time. A sanitizer or an old machine needs part of this; one step too many for each level would
 * take hours.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__aarch64__)
#define PER_NODE 1e-3 /* sanitizers take several times as long, and so does an emulator of aarch64 */
#else
#define PER_NODE 100e-6
#endif
#define ONCE 0.05

/* Bytes; of a program without a sanitizer. Frames are larger on aarch64. */
#ifdef __aarch64__
#define STACK ((size_t)288 << 10)
#else
#define STACK ((size_t)256 << 10)
#endif

static double seconds(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Does everything that can be done with a rule; returns the number of its nodes. */
static uint32_t use(const char *text, size_t length, const tocsin__rule_names *names) {
    const tocsin__rule_source source = {text, length, NULL, NULL};
    const tocsin__rule_options options = {1, 0};
    const tocsin__rule_program *program = NULL;
    const tocsin__rule_dag *dag = NULL;
    static _Thread_local world_document d;
    tocsin__rule_explanation e;
    tocsin__rule_outlook any, wordless;
    tocsin_buffer printed;
    tocsin__arena arena;
    tocsin__arena_init(&arena, tocsin_allocator_default());
    tocsin_buffer_init(&printed, NULL);
    ck_assert_int_eq(tocsin__rule_check_defines(names, &options, tocsin_allocator_default(), NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin__rule_compile(&source, names, &options, &arena, NULL, &program), TOCSIN_OK);
    ck_assert_int_eq(tocsin__rule_foresee(program, tocsin_allocator_default(), &any, &wordless), TOCSIN_OK);
    ck_assert_int_eq(tocsin__rule_implies(program, program), 1);
    ck_assert_int_eq(tocsin__rule_dag_build(&program, 1, &arena, &dag), TOCSIN_OK);
    ck_assert_int_eq(world_print(program, names, &printed), TOCSIN_OK);
    world_read(&d, "S0-2 N3-4 / T: S0-2 N4-5 . F7-9 R10-12 / N20-22");
    d.input.tier = TOCSIN_TIER_NONE;
    ck_assert_int_eq(tocsin__rule_explain(program, names, &d.input, NULL, NULL, &arena, &e), TOCSIN_OK);
    world_read(&d, "T: P0-2");
    d.input.tier = TOCSIN_TIER_NONE;
    ck_assert_int_eq(tocsin__rule_explain(program, names, &d.input, NULL, NULL, &arena, &e), TOCSIN_OK);
    const uint32_t nodes = program->node_count;
    tocsin_buffer_release(&printed);
    tocsin__arena_release(&arena);
    return nodes;
}

static void use_in_time(const char *text, size_t length, const tocsin__rule_names *names) {
    const double start = seconds();
    const uint32_t nodes = use(text, length, names);
    const double took = seconds() - start, allowed = ONCE + PER_NODE * nodes;
    ck_assert_msg(took < allowed, "%.3f s for %u nodes, %.3f s are allowed: %.300s", took, nodes, allowed, text);
}

/* The text around a rule that makes it one level deeper; %s is the rule. */
static const char *const wraps[] = {
    "((negative near/3 %s) | %s)",
    "((%s near/3 negative) | fire)",
    "(%s after/9 (fire | subject))",
    "((fire | subject) before/9 %s)",
    "(fire unless/9 %s)",
    "title(%s)",
    "text(%s)",
    "(rebuttal | %s | fire)",
};

static const char *const conditions[] = {
    "(%s & subject)",
    "(%s | reach > 5)",
    "!%s",
    "sentence(%s)",
    "paragraph(%s | fire)",
    "title(%s)",
    "atleast(2, %s, fire, negative)",
    "(%s | attention == high)",
    "(!%s & (venue == site | negative))",
};

/* `levels` levels of one wrap, or of any. A wrap with two %s doubles the text: such a rule stays shallow. */
static void grow(tocsin_buffer *text, const char *const *list, size_t count, int levels, world_random *random) {
    for (int i = 0; i < levels; i++) {
        const char *wrap = list[count == 1 ? 0 : world_below(random, (uint32_t)count)];
        tocsin_buffer next;
        if (text->length > 200000 && strstr(strstr(wrap, "%s") + 2, "%s")) continue;
        tocsin_buffer_init(&next, NULL);
        for (const char *at = wrap; *at; at++) {
            if (at[0] != '%') {
                (void)tocsin_buffer_append(&next, at, 1);
                continue;
            }
            (void)tocsin_buffer_append(&next, text->data, text->length);
            at++;
        }
        tocsin_buffer_release(text);
        *text = next;
    }
}

static void start(tocsin_buffer *text) {
    tocsin_buffer_init(text, NULL);
    (void)tocsin__buffer_puts(text, "subject");
}

/* Each wrap alone, nested to the greatest depth, inside a condition. */
START_TEST(one_operator_nested_deeply) {
    const size_t sets = sizeof wraps / sizeof *wraps;
    const int is_set = (size_t)_i < sets;
    const char *const *wrap = is_set ? &wraps[_i] : &conditions[(size_t)_i - sets];
    const int doubles = strstr(strstr(*wrap, "%s") + 2, "%s") != NULL;
    tocsin_buffer text;
    world_random random = {1};
    start(&text);
    grow(&text, wrap, 1, doubles ? 11 : 60, &random);
    use_in_time(text.data, text.length, &world_names);
    tocsin_buffer_release(&text);
}
END_TEST

START_TEST(random_operators_nested_deeply) {
    world_random random = {7};
    for (int round = 0; round < 60; round++) {
        tocsin_buffer text;
        start(&text);
        grow(&text, wraps, sizeof wraps / sizeof *wraps, (int)world_below(&random, 30), &random);
        grow(&text, conditions, sizeof conditions / sizeof *conditions, (int)world_below(&random, 30), &random);
        use_in_time(text.data, text.length, &world_names);
        tocsin_buffer_release(&text);
    }
}
END_TEST

/* A level that uses its operand twice but writes it once: w near/3 of the level below, or the operand. */
START_TEST(forty_levels_of_first_children) {
    tocsin_buffer text;
    static const char *const wrap[] = {"((%s near/3 negative) | negative)"};
    world_random random = {1};
    start(&text);
    grow(&text, wrap, 1, 40, &random);
    use_in_time(text.data, text.length, &world_names);
    tocsin_buffer_release(&text);
}
END_TEST

typedef struct chain {
    char names[64][8], texts[64][64];
    tocsin__rule_define defines[64];
    tocsin__rule_names all;
} chain;

/* d0 is "subject"; each other is made of the one before by a pattern, in which %s may stand twice. */
static void link_defines(chain *c, const char *pattern, int levels) {
    memset(c, 0, sizeof *c);
    for (int i = 0; i < levels; i++) {
        (void)snprintf(c->names[i], sizeof c->names[i], "d%d", i);
        const char *before = i ? c->names[i - 1] : "";
        if (i) {
            size_t used = 0;
            for (const char *at = pattern; *at; at++) {
                if (*at == '%') {
                    used += (size_t)snprintf(c->texts[i] + used, sizeof c->texts[i] - used, "%s", before);
                    at++;
                } else {
                    c->texts[i][used++] = *at;
                }
            }
        } else {
            (void)snprintf(c->texts[i], sizeof c->texts[i], "subject");
        }
        c->defines[i] = (tocsin__rule_define){c->names[i], {c->texts[i], strlen(c->texts[i]), NULL, NULL}};
    }
    c->all = world_names;
    c->all.defines = c->defines;
    c->all.define_count = (size_t)levels;
}

static const struct {
    const char *pattern;
    int levels, fits; /* the number of levels within the limits of nodes and of depth */
} chains[] = {
    {"((%s near/3 negative) | %s)", 40, 13},
    {"(%s | %s)", 40, 15},
    {"(%s & !%s)", 40, 14},
    {"sentence(%s | %s & fire)", 40, 13},
    {"((%s near/3 negative) | negative)", 60, 60},
    {"%s", 64, 64},
};

START_TEST(defines_nested_deeply) {
    static chain c;
    const tocsin__rule_options options = {1, 0};
    tocsin_diagnostics *list = NULL;
    link_defines(&c, chains[_i].pattern, chains[_i].fits);
    use_in_time(c.names[chains[_i].fits - 1], strlen(c.names[chains[_i].fits - 1]), &c.all);
    if (chains[_i].fits == chains[_i].levels) return;
    const double start = seconds();
    link_defines(&c, chains[_i].pattern, chains[_i].levels);
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    ck_assert_int_eq(tocsin__rule_check_defines(&c.all, &options, tocsin_allocator_default(), list), TOCSIN_ERROR_PLAN);
    ck_assert_uint_eq(tocsin_diagnostics_count(list), 1);
    ck_assert_msg(strstr(tocsin_diagnostics_at(list, 0)->message, "the define \"d1") != NULL, "%s",
                  tocsin_diagnostics_at(list, 0)->message);
    tocsin_diagnostics_free(list);
    ck_assert_double_lt(seconds() - start, ONCE);
}
END_TEST

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STACK_TIMES 8
#else
#define STACK_TIMES 1
#endif

static void *use_deepest(void *nothing) {
    static const char *const deep[][2] = {
        {"(", ")"},
        {"!", ""},
        {"sentence(", ")"},
        {"title(", ")"},
        {"(fire | ", ")"},
        {"(fire & !", ")"},
        {"(fire near/3 ", ")"},
        {"(fire unless/3 ", ")"},
        {"atleast(1, fire, ", ")"},
        {"(fire | negative after/2 ", ")"},
        {"(fire & (reach > 3 | ", "))"},
    };
    (void)nothing;
    for (size_t i = 0; i < sizeof deep / sizeof *deep; i++) {
        tocsin_buffer text;
        tocsin_buffer_init(&text, NULL);
        const int levels = strchr(deep[i][0], '|') && strchr(deep[i][0], '&') ? 95 : strlen(deep[i][0]) > 8 ? 95 : 190;
        for (int level = 0; level < levels; level++) (void)tocsin__buffer_puts(&text, deep[i][0]);
        (void)tocsin__buffer_puts(&text, "subject");
        for (int level = 0; level < levels; level++) (void)tocsin__buffer_puts(&text, deep[i][1]);
        (void)use(text.data, text.length, &world_names);
        tocsin_buffer_release(&text);
    }
    return NULL;
}

/* The stack has only the stated size: a program that needs more crashes. */
START_TEST(stack_is_bounded) {
    pthread_attr_t attributes;
    pthread_t thread;
    ck_assert_int_eq(pthread_attr_init(&attributes), 0);
    ck_assert_int_eq(pthread_attr_setstacksize(&attributes, STACK * STACK_TIMES), 0);
    ck_assert_int_eq(pthread_create(&thread, &attributes, use_deepest, NULL), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    (void)pthread_attr_destroy(&attributes);
}
END_TEST

static const int operators[sizeof wraps / sizeof *wraps + sizeof conditions / sizeof *conditions];

TOCSIN_SUITE("rule bounds", TOCSIN_LOOP(one_operator_nested_deeply, operators)
                                TOCSIN_CASE(random_operators_nested_deeply) TOCSIN_CASE(forty_levels_of_first_children)
                                    TOCSIN_LOOP(defines_nested_deeply, chains) TOCSIN_CASE(stack_is_bounded))
