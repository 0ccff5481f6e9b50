/*
 * Every allocation during compiling and explaining fails once: alone, and together with all later ones. The status says
 * so, nothing is written, and (under the address sanitizer) nothing leaks.
 */
#include <stdlib.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "rule/rule_dag.h"
#include "rule/rule_explain.h"
#include "rule/rule_print.h"
#include "rule_world.h"
#include "suite.h"

typedef struct ration {
    size_t made, fail_at;
    int for_ever;
    size_t alive;
    size_t room; /* bytes that the arena of an explanation may still use; 0: as many as it asks for */
} ration;

#define LARGE ((size_t)1 << 20)
#define BLOCK 4096 /* arenas ask for at least this much */

static int refused(ration *r, size_t size) {
    size_t now = r->made++;
    if (r->room) return now > 0 && size >= BLOCK;
    return r->for_ever ? now >= r->fail_at : now == r->fail_at;
}

static void *take(void *context, size_t size) {
    ration *r = context;
    void *memory = refused(r, size) ? NULL : malloc(size);
    r->alive += memory != NULL;
    return memory;
}

static void *take_again(void *context, void *memory, size_t old_size, size_t new_size) {
    ration *r = context;
    (void)old_size;
    return refused(r, new_size) ? NULL : realloc(memory, new_size);
}

static void give_back(void *context, void *memory, size_t size) {
    ration *r = context;
    (void)size;
    r->alive--;
    free(memory);
}

/* Something to do with an allocator; returns its status, which must be `right` or TOCSIN_ERROR_MEMORY. */
typedef tocsin_status (*job)(const tocsin_allocator *allocator);

static const char rule[] =
    "sentence(subject & (negative near/20 fire | count(negative unless/3 rebuttal) >= 2)) & bad_press & "
    "(venue in (forum, site) & reach >= 10 | attention >= high | atleast(2, clause(M1), tier >= major, place-inside)) "
    "& "
    "title(subject before/3 (negative | fire)) & !paragraph(rebuttal near/3 place-inside) & score(negative) >= 1.5";

static tocsin_status compile_text(const char *text, const tocsin_allocator *allocator, tocsin__arena *arena,
                                  const tocsin__rule_program **program) {
    const tocsin__rule_source source = {text, strlen(text), NULL, NULL};
    const tocsin__rule_options options = {1, 0};
    tocsin_diagnostics *list = NULL;
    tocsin_status status = tocsin_diagnostics_create(allocator, &list);
    if (!status) status = tocsin__rule_compile(&source, &world_names, &options, arena, list, program);
    ck_assert_int_eq(status == TOCSIN_OK, *program != NULL);
    tocsin_diagnostics_free(list);
    return status;
}

static tocsin_status compile_good(const tocsin_allocator *allocator) {
    const tocsin__rule_program *program = NULL;
    const tocsin__rule_dag *dag = NULL;
    tocsin__arena arena;
    tocsin_buffer text;
    tocsin__arena_init(&arena, allocator);
    tocsin_buffer_init(&text, allocator);
    tocsin_status status = compile_text(rule, allocator, &arena, &program);
    if (!status) status = tocsin__rule_dag_build(&program, 1, &arena, &dag);
    ck_assert_int_eq(status == TOCSIN_OK, dag != NULL);
    if (!status) status = tocsin_buffer_append(&text, "> ", 2);
    if (!status && world_print(program, &world_names, &text)) {
        status = TOCSIN_ERROR_MEMORY;
        ck_assert_uint_eq(text.length, 2);
        ck_assert_str_eq(text.data, "> ");
    }
    tocsin_buffer_release(&text);
    tocsin__arena_release(&arena);
    return status;
}

static tocsin_status compile_bad(const tocsin_allocator *allocator) {
    const tocsin__rule_program *program = NULL;
    tocsin__arena arena;
    tocsin__arena_init(&arena, allocator);
    tocsin_status status =
        compile_text("negatve & (subject near fire | count(bad_press) > x & clause(M7)", allocator, &arena, &program);
    tocsin__arena_release(&arena);
    return status;
}

/* Enough names that the table for comparing a wrong one has a block of its own. */
static tocsin_status compile_unknown(const tocsin_allocator *allocator) {
    enum {
        NAMES = 2 * BLOCK / sizeof(char *)
    };
    static const char *topics[NAMES];
    static tocsin__rule_clause clauses[NAMES];
    const tocsin__rule_names names = {topics, NAMES, NULL, 0, clauses, NAMES, NULL, 0, NULL, NULL, 0, NULL, 0};
    const tocsin__rule_source source = {"nobody & clause(nobody)", 23, NULL, NULL};
    const tocsin__rule_options options = {1, 0};
    const tocsin__rule_program *program = NULL;
    tocsin__arena arena;
    for (size_t i = 0; i < NAMES; i++) {
        topics[i] = "subject";
        clauses[i] = (tocsin__rule_clause){"G1", 0};
    }
    tocsin__arena_init(&arena, allocator);
    tocsin_status status = tocsin__rule_compile(&source, &names, &options, &arena, NULL, &program);
    ck_assert_ptr_null(program);
    tocsin__arena_release(&arena);
    return status;
}

/* Enough operands to fill more than one block. */
static tocsin_status compile_long(const tocsin_allocator *allocator) {
    static char text[300 * 10 + 8];
    const tocsin__rule_program *program = NULL;
    tocsin__arena arena;
    for (size_t i = 0; i < 300; i++) memcpy(text + i * 10, "subject | ", 10);
    memcpy(text + 3000, "subject", 8);
    tocsin__arena_init(&arena, allocator);
    tocsin_status status = compile_text(text, allocator, &arena, &program);
    if (!status) ck_assert_uint_eq(program->node_count, 302);
    tocsin__arena_release(&arena);
    return status;
}

static tocsin_status check_defines(const tocsin_allocator *allocator) {
    static const char *const topics[] = {"subject"};
    static const tocsin__rule_define defines[] = {{"a", {"subject & b | c", 15, NULL, NULL}},
                                                  {"b", {"subject & (d | a)", 17, NULL, NULL}},
                                                  {"c", {"subjct near subject", 19, NULL, NULL}}};
    const tocsin__rule_names names = {topics, 1, defines, 3, NULL, 0, NULL, 0, NULL, NULL, 0, NULL, 0};
    const tocsin__rule_options options = {0, 0};
    tocsin_diagnostics *list = NULL;
    tocsin_status status = tocsin_diagnostics_create(allocator, &list);
    if (!status) status = tocsin__rule_check_defines(&names, &options, allocator, list);
    tocsin_diagnostics_free(list);
    return status;
}

static tocsin_status explain(const tocsin_allocator *allocator, const char *document, int holds) {
    static const tocsin__rule_explanation untouched;
    size_t room = ((const ration *)allocator->context)->room;
    tocsin__rule_explanation e = untouched;
    tocsin__arena plenty, arena;
    world_document d;
    tocsin__arena_init(&plenty, tocsin_allocator_default());
    tocsin__arena_init(&arena, allocator);
    if (room) {
        ck_assert_ptr_nonnull(tocsin__arena_allocate(&arena, LARGE));
        tocsin__arena_reset(&arena);
        arena.left = room;
    }
    world_read(&d, document);
    d.input.reach = 20;
    d.input.venue = TOCSIN_VENUE_SITE;
    const tocsin__rule_program *program = world_compile(rule, sizeof rule - 1, &plenty);
    tocsin_status status = tocsin__rule_explain(program, &world_names, &d.input, NULL, NULL, &arena, &e);
    if (status) ck_assert_mem_eq(&e, &untouched, sizeof e);
    if (!status) ck_assert_int_eq(e.holds, holds);
    if (!status) ck_assert_uint_gt(holds ? e.least_count : e.obstacle_count, 0);
    tocsin__arena_release(&arena);
    tocsin__arena_release(&plenty);
    return status;
}

static tocsin_status explain_held(const tocsin_allocator *allocator) {
    return explain(allocator, "S0-2 N3-4 F4-5 T: F1-2 N6-7 N9-10 S11-12 F13-14 S20-21 N22-23 N30-31 F33-34", 1);
}

static tocsin_status explain_failed(const tocsin_allocator *allocator) {
    return explain(allocator, "S0-2 N30-31 T: N1-2 R3-4 P5-6 S70-71", 0);
}

static tocsin_status explain_empty(const tocsin_allocator *allocator) { return explain(allocator, "T:", 0); }

static const struct {
    job run;
    tocsin_status right;
} jobs[] = {{compile_good, TOCSIN_OK},   {compile_bad, TOCSIN_ERROR_PLAN},   {compile_unknown, TOCSIN_ERROR_PLAN},
            {compile_long, TOCSIN_OK},   {check_defines, TOCSIN_ERROR_PLAN}, {explain_held, TOCSIN_OK},
            {explain_failed, TOCSIN_OK}, {explain_empty, TOCSIN_OK}};

START_TEST(every_allocation_may_fail) {
    for (int for_ever = 0; for_ever < 2; for_ever++) {
        size_t fail_at = 0;
        for (;; fail_at++) {
            ration r = {0, fail_at, for_ever, 0, 0};
            const tocsin_allocator allocator = {take, take_again, give_back, &r};
            tocsin_status status = jobs[_i].run(&allocator);
            ck_assert_uint_eq(r.alive, 0);
            if (r.made <= fail_at) {
                ck_assert_int_eq(status, jobs[_i].right);
                break;
            }
            ck_assert_int_eq(status, TOCSIN_ERROR_MEMORY);
        }
        ck_assert_uint_ge(fail_at, 2);
    }
}
END_TEST

/* The same for memory from an arena, whose blocks hide single requests. */
#ifdef TOCSIN_SMALL_BUFFERS
#define LEAST_TRIES 1 /* each request has its own block, and was tested above */
#else
#define LEAST_TRIES 10
#endif
static const job explanations[] = {explain_held, explain_failed, explain_empty};

START_TEST(an_arena_may_run_out_anywhere) {
    tocsin_status status = TOCSIN_ERROR_MEMORY;
    size_t tries = 0;
    for (size_t room = 16; status; room += 16, tries++) {
        ration r = {0, SIZE_MAX, 0, 0, room};
        const tocsin_allocator allocator = {take, take_again, give_back, &r};
        status = explanations[_i](&allocator);
        ck_assert_uint_eq(r.alive, 0);
        if (status) ck_assert_int_eq(status, TOCSIN_ERROR_MEMORY);
    }
    ck_assert_uint_ge(tries, LEAST_TRIES);
}
END_TEST

TOCSIN_SUITE("rule memory",
             TOCSIN_LOOP(every_allocation_may_fail, jobs) TOCSIN_LOOP(an_arena_may_run_out_anywhere, explanations))
