/*
 * Asserts: in test builds, a broken invariant ends the program with its place and its condition; a release does not
 * check it. Each is broken on purpose in a child process.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/hash.h"
#include "rule/rule_eval.h"
#include "rule_world.h"
#include "suite.h"

/* Hits that stand in the wrong order. */
static void evaluate_unsorted(void) {
    static const char rule[] = "subject near/3 negative";
    static world_document d;
    tocsin__arena arena;
    tocsin__arena_init(&arena, tocsin_allocator_default());
    const tocsin__rule_program *program = world_compile(rule, sizeof rule - 1, &arena);
    world_read(&d, "T: S0-2 N4-5");
    const tocsin__rule_hit first = d.hits[0];
    d.hits[0] = d.hits[1];
    d.hits[1] = first;
    void *scratch = malloc(tocsin__rule_scratch_size(program, d.input.hit_count));
    (void)tocsin__rule_holds(program, &d.input, scratch);
    free(scratch);
    tocsin__arena_release(&arena);
}

/* A map that counts more keys than it has slots. */
static void overfill_map(void) {
    tocsin__map map;
    uint32_t value = 1;
    tocsin__map_init(&map, tocsin_allocator_default());
    (void)tocsin__map_add(&map, "a", 1, &value);
    map.count = SIZE_MAX / 2 + 1; /* doubled, it wraps to 0 */
    (void)tocsin__map_add(&map, "b", 1, &value);
    tocsin__map_release(&map);
}

static const struct {
    void (*break_it)(void);
    const char *file, *words;
    int level;
} broken[] = {
    {evaluate_unsorted, "rule_eval.c:", "not so: is_ordered(input, program->flags", 2},
    {overfill_map, "hash.c:", "not so: map->count < map->capacity", 1},
};

START_TEST(broken_invariants_abort_test_builds) {
    char said[512] = "";
    size_t length = 0;
    int ends[2], status = 0;
    ck_assert_int_eq(pipe(ends), 0);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (!child) {
        (void)dup2(ends[1], STDERR_FILENO);
        (void)close(ends[0]);
        broken[_i].break_it();
        _exit(0);
    }
    (void)close(ends[1]);
    for (ssize_t got = 1; got > 0 && length < sizeof said - 1; length += (size_t)(got > 0 ? got : 0)) {
        got = read(ends[0], said + length, sizeof said - 1 - length);
    }
    (void)close(ends[0]);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    if (TOCSIN_ASSERT_LEVEL >= broken[_i].level) {
        ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "it went on: %s", said);
        ck_assert_msg(strstr(said, broken[_i].file) && strstr(said, broken[_i].words), "%s", said);
    } else {
        ck_assert_msg(WIFEXITED(status) && !WEXITSTATUS(status), "%s", said);
        ck_assert_str_eq(said, "");
    }
}
END_TEST

TOCSIN_SUITE("assert", TOCSIN_LOOP(broken_invariants_abort_test_builds, broken))
