/*
 * Expression text: how it is parsed (shown by printing it again), which text is refused with which message and column,
 * defines, limits, and that printing and parsing are inverse over generated expressions.
 */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "base/bitset.h"
#include "base/utf8.h"
#include "rule/rule_lexer.h"
#include "rule/rule_print.h"
#include "rule_naive.h"
#include "rule_world.h"
#include "suite.h"

static const struct {
    const char *text, *canonical;
} good[] = {
    {"subject", "subject"},
    {"  ( ( subject ) )\n", "subject"},
    {"subject&negative|fire", "subject & negative | fire"},
    {"subject and negative or fire", "subject & negative | fire"},
    {"subject & (negative | fire)", "subject & (negative | fire)"},
    {"(subject & negative) & fire", "subject & negative & fire"},
    {"subject | (negative | fire)", "subject | negative | fire"},
    {"not subject", "!subject"},
    {"!!subject", "!!subject"},
    {"!(subject & negative)", "!(subject & negative)"},
    {"!(reach >= 10)", "!(reach >= 10)"},
    {"!sentence((subject))", "!sentence(subject)"},
    {"subject near/20 negative", "subject near/20 negative"},
    {"subject near / 20 negative", "subject near/20 negative"},
    {"subject near/0 negative", "subject near/0 negative"},
    {"subject near/100000 negative", "subject near/100000 negative"},
    {"subject after/20 negative", "subject after/20 negative"},
    {"subject after/1 (negative after/2 fire)", "subject after/1 (negative after/2 fire)"},
    {"(subject near/1 negative) before/2 fire", "subject near/1 negative before/2 fire"},
    {"subject near/1 (negative before/2 fire)", "subject near/1 (negative before/2 fire)"},
    {"subject near/1 (negative | fire)", "subject near/1 (negative | fire)"},
    {"subject unless/12 rebuttal & fire", "subject unless/12 rebuttal & fire"},
    {"title(subject|negative) near/3 text(fire)", "title(subject | negative) near/3 text(fire)"},
    {"title(subject & reach >= 3)", "title(subject & reach >= 3)"},
    {"paragraph(subject&sentence(negative|!fire & subject))",
     "paragraph(subject & sentence(negative | !fire & subject))"},
    {"atleast(2,subject,negative&fire,reach>3)", "atleast(2, subject, negative & fire, reach > 3)"},
    {"atleast(1, subject)", "atleast(1, subject)"},
    {"count(subject)>=3", "count(subject) >= 3"},
    {"count(subject near/3 negative) == 0", "count(subject near/3 negative) == 0"},
    {"distinct(subject|negative)>=02", "distinct(subject | negative) >= 2"},
    {"score(negative) > 2.500000", "score(negative) > 2.5"},
    {"score(negative) > 0.000001", "score(negative) > 0.000001"},
    {"score(negative) <= 999999999999.999999", "score(negative) <= 999999999999.999999"},
    {"score(negative) != 00010", "score(negative) != 10"},
    {"reach < 1000000000000000000", "reach < 1000000000000000000"},
    {"attention >= elevated", "attention >= elevated"},
    {"attention!=high", "attention != high"},
    {"venue in (forum)", "venue == forum"},
    {"venue in (forum, site, forum)", "venue in (site, forum)"},
    {"venue not in (forum, unknown)", "venue not in (unknown, forum)"},
    {"venue not in (hot_forum)", "venue != hot_forum"},
    {"venue == celebrity_account | venue != account", "venue == celebrity_account | venue != account"},
    {"clause(M1) & tier >= major", "clause(M1) & tier >= major"},
    {"tier == none", "tier == none"},
    {"火情 & place-inside", "火情 & place-inside"},
    {"incident", "fire | 火情"},
    {"incident | subject", "fire | 火情 | subject"},
    {"bad_press & subject", "(fire | 火情) & negative & subject"},
    {"subject near/4 incident", "subject near/4 (fire | 火情)"},
    {"\xEF\xBB\xBFsubject\xE3\x80\x80& negative", "subject & negative"},
};

static void printed_as(const tocsin__rule_program *p, const char *canonical) {
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    ck_assert_int_eq(world_print(p, &world_names, &out), TOCSIN_OK);
    ck_assert_str_eq(out.data, canonical);
    tocsin_buffer_release(&out);
}

START_TEST(valid_text_is_parsed) {
    tocsin__arena arena;
    tocsin__arena_init(&arena, tocsin_allocator_default());
    printed_as(world_compile(good[_i].text, strlen(good[_i].text), &arena), good[_i].canonical);
    printed_as(world_compile(good[_i].canonical, strlen(good[_i].canonical), &arena), good[_i].canonical);
    tocsin__arena_release(&arena);
}
END_TEST

/* Each problem as column:message, one a line. */
static const struct {
    const char *text, *problems;
    int route;
} bad[] = {
#include "rule_bad.inc"
};

static tocsin_status compile(const char *text, size_t length, int route, tocsin_buffer *out) {
    const tocsin__rule_source source = {text, length, NULL, NULL};
    const tocsin__rule_options options = {route, 0};
    const tocsin__rule_program *program = NULL;
    tocsin_diagnostics *list = NULL;
    tocsin__arena arena;
    tocsin__arena_init(&arena, tocsin_allocator_default());
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    tocsin_status status = tocsin__rule_compile(&source, &world_names, &options, &arena, list, &program);
    ck_assert_int_eq(status == TOCSIN_OK, program != NULL);
    ck_assert_int_eq(status == TOCSIN_OK, !tocsin_diagnostics_count_severity(list, TOCSIN_SEVERITY_ERROR));
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        const tocsin_diagnostic *d = tocsin_diagnostics_at(list, i);
        (void)tocsin_buffer_append(out, "\n", i > 0);
        char line[1200];
        int n = snprintf(line, sizeof line, "%u:%s", d->column, d->message);
        (void)tocsin_buffer_append(out, line, (size_t)n);
    }
    tocsin_diagnostics_free(list);
    tocsin__arena_release(&arena);
    return status;
}

START_TEST(invalid_text_is_refused_with_a_message) {
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    (void)compile(bad[_i].text, strlen(bad[_i].text), bad[_i].route, &out);
    ck_assert_msg(out.data && !strcmp(out.data, bad[_i].problems), "%s\n--- gives\n%s\n--- not\n%s", bad[_i].text,
                  out.data ? out.data : "(nothing)", bad[_i].problems);
    tocsin_buffer_release(&out);
}
END_TEST

/* A repeated text and, in one line, its result. */
static const struct {
    const char *before, *repeated, *after, *problem;
    int times;
} long_texts[] = {
    {"", "(", "subject", "201:operators and parentheses are nested more than 200 deep", 10000},
    {"", "!", "subject", "200:operators and parentheses are nested more than 200 deep", 10000},
    {"", "sentence(", "subject", "1801:operators and parentheses are nested more than 200 deep", 10000},
    {"subject", " near/3 subject", "", "2994:operators and parentheses are nested more than 200 deep", 1000},
    {"subject", " | subject", "", "", 32766},
    {"subject", " | subject", "", "327671:the expression has more than 32768 operators and operands", 32767},
    {"subject", " | incident", "",
     "11:the expression has more than 32768 operators and operands once defines are put in: the define \"incident\" "
     "puts "
     "in 3 each time",
     16400},
    {"subject", " ", "", "", 100000},
};

START_TEST(long_text_meets_a_limit) {
    tocsin_buffer text, out;
    tocsin_buffer_init(&text, NULL);
    tocsin_buffer_init(&out, NULL);
    (void)tocsin_buffer_append(&text, long_texts[_i].before, strlen(long_texts[_i].before));
    for (int i = 0; i < long_texts[_i].times; i++) {
        (void)tocsin_buffer_append(&text, long_texts[_i].repeated, strlen(long_texts[_i].repeated));
    }
    (void)tocsin_buffer_append(&text, long_texts[_i].after, strlen(long_texts[_i].after));
    (void)compile(text.data, text.length, 0, &out);
    ck_assert_str_eq(out.data ? out.data : "", long_texts[_i].problem);
    tocsin_buffer_release(&text);
    tocsin_buffer_release(&out);
}
END_TEST

START_TEST(problems_of_one_text_are_capped) {
    char text[400];
    tocsin_buffer out;
    size_t lines = 0;
    tocsin_buffer_init(&out, NULL);
    for (size_t i = 0; i < sizeof text; i++) text[i] = i % 2 ? ' ' : ')';
    ck_assert_int_eq(compile(text, sizeof text, 0, &out), TOCSIN_ERROR_PLAN);
    for (size_t i = 0; i < out.length; i++) lines += out.data[i] == '\n';
    ck_assert_uint_eq(lines, TOCSIN__RULE_MAX_PROBLEMS);
    ck_assert_ptr_nonnull(strstr(out.data, "too many problems"));
    tocsin_buffer_release(&out);
}
END_TEST

/* Any bytes are parsed or refused, with no other effect. */
START_TEST(any_bytes_are_parsed_or_refused) {
    static const char *const pieces[] = {
        "subject",  "(",  ")",    "&",   "|",       "!",    "near/3", "near", "/",          "count(",    "reach",
        ">=",       "==", "3",    "2.5", "venue",   "in",   "not",    ",",    "atleast(2,", "sentence(", "title(",
        "incident", "\"", "\xFF", "（",  "clause(", "tier", "-",      "=",    "bad_press"};
    world_random random = {5};
    tocsin_buffer text, out;
    tocsin_buffer_init(&text, NULL);
    tocsin_buffer_init(&out, NULL);
    size_t fine = 0;
    for (int i = 0; i < 60000; i++) {
        text.length = out.length = 0;
        for (uint32_t n = world_below(&random, 12); n > 0; n--) {
            const char *piece = pieces[world_below(&random, sizeof pieces / sizeof *pieces)];
            (void)tocsin_buffer_append(&text, piece, strlen(piece));
            if (world_below(&random, 3)) (void)tocsin_buffer_append(&text, " ", 1);
        }
        fine += compile(text.data ? text.data : "", text.length, (int)world_below(&random, 2), &out) == TOCSIN_OK;
    }
    ck_assert_uint_ge(fine, 100);
    tocsin_buffer_release(&text);
    tocsin_buffer_release(&out);
}
END_TEST

START_TEST(printing_and_reading_are_inverse) {
    static naive_forest forest;
    world_random random = {77};
    tocsin_buffer text, first, second;
    tocsin__arena arena;
    tocsin_buffer_init(&text, NULL);
    tocsin_buffer_init(&first, NULL);
    tocsin_buffer_init(&second, NULL);
    tocsin__arena_init(&arena, tocsin_allocator_default());
    for (int i = 0; i < 20000; i++) {
        tocsin__arena_reset(&arena);
        text.length = first.length = second.length = 0;
        naive_write(naive_make(&forest, &random, 1 + (int)world_below(&random, 6)), &random, &text);
        const tocsin__rule_program *a = world_compile(text.data, text.length, &arena);
        ck_assert_int_eq(world_print(a, &world_names, &first), TOCSIN_OK);
        const tocsin__rule_program *b = world_compile(first.data, first.length, &arena);
        ck_assert_int_eq(world_print(b, &world_names, &second), TOCSIN_OK);
        ck_assert_str_eq(first.data, second.data);
        ck_assert_uint_eq(a->node_count, b->node_count);
        ck_assert_mem_eq(a->nodes, b->nodes, a->node_count * sizeof *a->nodes);
        ck_assert_uint_eq(a->flags, b->flags);
        ck_assert_uint_eq(a->slots, b->slots);
    }
    tocsin_buffer_release(&text);
    tocsin_buffer_release(&first);
    tocsin_buffer_release(&second);
    tocsin__arena_release(&arena);
}
END_TEST

static const struct {
    const char *text;
    uint32_t flags, topics;
} flagged[] = {
    {"subject", TOCSIN__RULE_NEEDS_HIT, 1},
    {"!subject", 0, 1},
    {"subject & !negative", TOCSIN__RULE_NEEDS_HIT, 3},
    {"subject | reach > 3", 0, 1},
    {"subject near/3 negative", TOCSIN__RULE_NEEDS_HIT | TOCSIN__RULE_NEEDS_POSITIONS, 3},
    {"fire before/3 negative | 火情", TOCSIN__RULE_NEEDS_HIT | TOCSIN__RULE_NEEDS_POSITIONS | TOCSIN__RULE_HAS_ORDER,
     26},
    {"fire after/3 negative", TOCSIN__RULE_NEEDS_HIT | TOCSIN__RULE_NEEDS_POSITIONS | TOCSIN__RULE_HAS_ORDER, 10},
    {"distinct(fire) > 0", TOCSIN__RULE_NEEDS_HIT | TOCSIN__RULE_HAS_DISTINCT, 8},
    {"distinct(fire) < 2", TOCSIN__RULE_HAS_DISTINCT, 8},
    {"!(fire unless/3 negative)", TOCSIN__RULE_NEEDS_POSITIONS, 10},
    {"sentence(fire)", TOCSIN__RULE_NEEDS_HIT | TOCSIN__RULE_NEEDS_SENTENCES, 8},
    {"paragraph(fire) & venue == site", TOCSIN__RULE_NEEDS_HIT | TOCSIN__RULE_NEEDS_PARAGRAPHS, 8},
    {"atleast(2, fire, reach > 1, attention == high)", 0, 8},
    {"atleast(2, fire, subject, attention == high)", TOCSIN__RULE_NEEDS_HIT, 9},
    {"count(fire) < 3", 0, 8},
    {"count(fire) > 0", TOCSIN__RULE_NEEDS_HIT, 8},
    {"count(fire) == 0", 0, 8},
    {"score(fire) != 0", TOCSIN__RULE_NEEDS_HIT, 8},
    {"clause(G1) & fire", TOCSIN__RULE_NEEDS_HIT | TOCSIN__RULE_NEEDS_VERDICT, 8},
    {"tier >= major", TOCSIN__RULE_NEEDS_VERDICT, 0},
};

START_TEST(programs_list_required_topics) {
    tocsin__arena arena;
    tocsin__arena_init(&arena, tocsin_allocator_default());
    const tocsin__rule_program *p = world_compile(flagged[_i].text, strlen(flagged[_i].text), &arena);
    ck_assert_msg(p->flags == flagged[_i].flags, "%s: %u", flagged[_i].text, p->flags);
    ck_assert_uint_eq(p->topics[0], flagged[_i].topics);
    tocsin__arena_release(&arena);
}
END_TEST

static const struct {
    const char *name, *problem;
} name_cases[] = {
    {"subject", NULL},
    {"place-inside", NULL},
    {"119_calls", NULL},
    {"火情", NULL},
    {"M1", NULL},
    {"none", NULL},
    {"", "is empty"},
    {"119", "is a number"},
    {"-a", "starts or ends with \"-\""},
    {"a-", "starts or ends with \"-\""},
    {"a b", "has a character other than letters, digits, \"_\" and single \"-\" between them"},
    {"a--b", "has a character other than letters, digits, \"_\" and single \"-\" between them"},
    {"火。", "has a character other than letters, digits, \"_\" and single \"-\" between them"},
    {"near", "is a word of the rule language"},
    {"after", "is a word of the rule language"},
    {"learned", "is a word of the rule language"},
    {"\xFF", "is not UTF-8"},
};

START_TEST(names_are_accepted_or_refused) {
    const char *problem = tocsin__rule_name_problem(name_cases[_i].name, strlen(name_cases[_i].name));
    if (name_cases[_i].problem) {
        ck_assert_str_eq(problem, name_cases[_i].problem);
    } else {
        ck_assert_ptr_null(problem);
    }
}
END_TEST

static tocsin__place placed(void *context, size_t offset) {
    return (tocsin__place){context, 7, 100 + (uint32_t)offset};
}

START_TEST(problems_of_defines_are_reported_once) {
    const char *const topics[] = {"subject", "negative", "taken"};
    const tocsin__rule_define defines[] = {
        {"fine", {"subject | negative", 18, placed, "fine"}},
        {"loop", {"pool & subject", 14, placed, "loop"}},
        {"pool", {"subject & loop", 14, placed, "pool"}},
        {"self", {"self", 4, placed, "self"}},
        {"typo", {"negatve", 7, placed, "typo"}},
        {"uses_typo", {"fine & typo", 11, placed, "uses_typo"}},
        {"pair", {"(subject & negative) near/3 fine", 32, placed, "pair"}},
        {"graded", {"clause(G1)", 10, placed, "graded"}},
        {"taken", {"subject", 7, placed, "taken"}},
        {"and", {"subject", 7, placed, "and"}},
    };
    const tocsin__rule_clause clauses[] = {{"G1", 0}};
    const tocsin__rule_names names = {topics, 3, defines, 10, clauses, 1, NULL, 0, NULL, NULL, 0, NULL, 0};
    const tocsin__rule_options options = {0, 0};
    tocsin_diagnostics *list = NULL;
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    ck_assert_int_eq(tocsin__rule_check_defines(&names, &options, tocsin_allocator_default(), list), TOCSIN_ERROR_PLAN);
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        (void)tocsin_diagnostic_to_text(tocsin_diagnostics_at(list, i), &out);
    }
    ck_assert_str_eq(
        out.data, "pool:7:110: error: the define \"loop\" is made of itself: loop → pool → loop [T408 rule-cycle]\n"
                  "self:7:100: error: the define \"self\" is made of itself: self → self [T408 rule-cycle]\n"
                  "typo:7:100: error: \"negatve\" is neither a topic nor a define; did you mean \"negative\"? [T404 "
                  "unknown-name]\n"
                  "pair:7:109: error: \"&\" is a condition, and near takes hits: topics, \"|\", near, before, after, "
                  "unless, title(…) "
                  "and "
                  "text(…) of them [T405 rule-type]\n"
                  "taken:7:100: error: the define \"taken\" has the name of a topic [T403 rule-name]\n"
                  "and:7:100: error: the name of the define \"and\" is a word of the rule language [T403 rule-name]\n");
    static const struct {
        const char *text;
        tocsin_status status;
        size_t problems;
    } uses[] = {
        {"fine", TOCSIN_OK, 0},           {"loop", TOCSIN_ERROR_PLAN, 0},     {"uses_typo", TOCSIN_ERROR_PLAN, 0},
        {"graded", TOCSIN_ERROR_PLAN, 1}, {"typo & x", TOCSIN_ERROR_PLAN, 1}, {"count(fine)>1", TOCSIN_OK, 0}};
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        const tocsin__rule_source source = {uses[i].text, strlen(uses[i].text), NULL, NULL};
        const tocsin__rule_program *program = NULL;
        tocsin__arena arena;
        tocsin__arena_init(&arena, tocsin_allocator_default());
        tocsin_diagnostics_clear(list);
        ck_assert_int_eq(tocsin__rule_compile(&source, &names, &options, &arena, list, &program), uses[i].status);
        ck_assert_uint_eq(tocsin_diagnostics_count(list), uses[i].problems);
        tocsin__arena_release(&arena);
    }
    tocsin_diagnostics_free(list);
    tocsin_buffer_release(&out);
}
END_TEST

/* Defines that double in size at every level, and a long chain of defines. */
START_TEST(doubling_defines_meet_the_limit) {
    enum {
        LEVELS = 3000
    };
    static char names_text[LEVELS][16], doubled[LEVELS][48], chained[LEVELS][48];
    static tocsin__rule_define defines[2 * LEVELS];
    static char chain_names[LEVELS][16];
    const char *const topics[] = {"subject"};
    for (int i = 0; i < LEVELS; i++) {
        (void)snprintf(names_text[i], sizeof names_text[i], "d%d", i);
        (void)snprintf(chain_names[i], sizeof chain_names[i], "c%d", i);
        int last = i == LEVELS - 1;
        int n = last ? snprintf(doubled[i], sizeof doubled[i], "subject")
                     : snprintf(doubled[i], sizeof doubled[i], "d%d & !!d%d", i + 1, i + 1);
        int m = last ? snprintf(chained[i], sizeof chained[i], "subject")
                     : snprintf(chained[i], sizeof chained[i], "c%d", i + 1);
        defines[i] = (tocsin__rule_define){names_text[i], {doubled[i], (size_t)n, NULL, NULL}};
        defines[LEVELS + i] = (tocsin__rule_define){chain_names[i], {chained[i], (size_t)m, NULL, NULL}};
    }
    const tocsin__rule_names names = {topics, 1, defines, 2 * LEVELS, NULL, 0, NULL, 0, NULL, NULL, 0, NULL, 0};
    const tocsin__rule_options options = {0, 0};
    static const char *const texts[] = {"d2980", "d0", "c0", "d2986"};
    static const tocsin_status wanted[] = {TOCSIN_ERROR_PLAN, TOCSIN_ERROR_PLAN, TOCSIN_OK, TOCSIN_OK};
    tocsin_diagnostics *list = NULL;
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    for (int i = 0; i < 4; i++) {
        const tocsin__rule_source source = {texts[i], strlen(texts[i]), NULL, NULL};
        const tocsin__rule_program *program = NULL;
        tocsin__arena arena;
        tocsin__arena_init(&arena, tocsin_allocator_default());
        ck_assert_int_eq(tocsin__rule_compile(&source, &names, &options, &arena, list, &program), wanted[i]);
        if (i == 2) ck_assert_uint_eq(program->node_count, 1);
        if (i == 3) ck_assert_uint_eq(program->node_count, 28670);
        tocsin__arena_release(&arena);
    }
    ck_assert_uint_eq(tocsin_diagnostics_count(list), 0); /* the define is reported below */
    ck_assert_int_eq(tocsin__rule_check_defines(&names, &options, tocsin_allocator_default(), list), TOCSIN_ERROR_PLAN);
    ck_assert_uint_eq(tocsin_diagnostics_count(list), 1);
    /* Each level doubles and adds two: d2998 has 5 operators and operands, d2986 has 28 670, d2985 has 57 342. */
    ck_assert_str_eq(tocsin_diagnostics_at(list, 0)->message,
                     "the define \"d2985\" has more than 32768 operators and operands once defines are put in");
    tocsin_diagnostics_free(list);
}
END_TEST

/* Names too long for a message are cut between characters. */
START_TEST(long_names_are_cut_between_characters) {
    for (size_t before = 0; before < 4; before++) {
        char name[400] = "abc";
        size_t length = before;
        while (length < 390) length += tocsin__utf8_put(name + length, length % 2 ? 0x706B : 0x1F525);
        const tocsin__rule_shown shown = tocsin__rule_show(name, length);
        const size_t kept = strlen(shown.text) - 3;
        ck_assert_str_eq(shown.text + kept, "…");
        ck_assert_uint_gt(kept, sizeof shown.text - 9);
        ck_assert_mem_eq(shown.text, name, kept);
        for (size_t at = 0; at < kept;) {
            ck_assert_uint_ne(tocsin__utf8_next(shown.text, kept, at, &at), TOCSIN__UTF8_MALFORMED);
        }
    }
}
END_TEST

TOCSIN_SUITE("rule text",
             TOCSIN_CASE(long_names_are_cut_between_characters) TOCSIN_LOOP(valid_text_is_parsed, good)
                 TOCSIN_LOOP(invalid_text_is_refused_with_a_message, bad)
                     TOCSIN_LOOP(long_text_meets_a_limit, long_texts) TOCSIN_CASE(problems_of_one_text_are_capped)
                         TOCSIN_CASE(any_bytes_are_parsed_or_refused) TOCSIN_CASE(printing_and_reading_are_inverse)
                             TOCSIN_LOOP(programs_list_required_topics, flagged)
                                 TOCSIN_LOOP(names_are_accepted_or_refused, name_cases)
                                     TOCSIN_CASE(problems_of_defines_are_reported_once)
                                         TOCSIN_CASE(doubling_defines_meet_the_limit))
