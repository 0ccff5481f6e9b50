/* tocsin_plan_lint and the functions on single terms: failing memory, terms by number, hits, muted terms. */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "failing_allocator.h"
#include "named_sources.h"
#include "suite.h"
#include "text/confusables.h"

static named_source sources[] = {
    {"plan.yaml", "plan: x\nversion: 1\ntopics: {fire: {terms: fire.csv}, bad: {terms: bad.txt}}\n"
                  "tiers: [{id: low, clauses: [{id: L1, when: fire & bad}, {id: L2, when: venue == site}]}]\n"},
    {"fire.csv", "term,weight,note\n火灾,2,big\n火,,\n大火灾,2,\n"},
    {"bad.txt", "推诿\n出警慢\n"},
    {NULL, NULL},
};

static tocsin_plan *make_plan(const tocsin_plan_options *options) {
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    ck_assert_msg(!tocsin_plan_compile(read_named_source, sources, "plan.yaml", options, NULL, &plan, &error), "%s",
                  error.message);
    return plan;
}

static size_t count_code(const tocsin_diagnostics *list, const char *code) {
    size_t count = 0;
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        count += !strcmp(tocsin_diagnostics_at(list, i)->code, code);
    }
    return count;
}

START_TEST(every_code_has_a_number_of_its_own) {
    const char *code;
    size_t count = 0;
    for (; (code = tocsin_diagnostic_code(count)); count++) {
        ck_assert_str_ne(tocsin_diagnostic_number(code), "T000");
        ck_assert_str_ne(tocsin_diagnostic_advice(code), "");
        for (size_t i = 0; i < count; i++) {
            ck_assert_str_ne(tocsin_diagnostic_number(code), tocsin_diagnostic_number(tocsin_diagnostic_code(i)));
        }
        if (count) ck_assert_int_lt(strcmp(tocsin_diagnostic_code(count - 1), code), 0);
    }
    ck_assert_uint_gt(count, 80);
    ck_assert_str_eq(tocsin_diagnostic_number("duplicate-term"), "T218");
    ck_assert_str_eq(tocsin_diagnostic_number("no-such-code"), "T000");
    ck_assert_str_eq(tocsin_diagnostic_number(NULL), "T000");
    ck_assert_str_eq(tocsin_diagnostic_advice(""), "");
}
END_TEST

START_TEST(memory_that_fails_is_given_back) {
    failing_allocator memory = {0};
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    options.allocator = failing_allocator_get(&memory);
    tocsin_plan *plan = make_plan(&options);
    for (size_t n = 1;; n++) {
        tocsin_diagnostics *list = NULL;
        ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
        const size_t before = memory.live;
        memory.fail_at = memory.calls + n;
        tocsin_status status = tocsin_plan_lint(plan, list, NULL);
        memory.fail_at = 0;
        ck_assert_uint_eq(memory.live, before);
        if (!status) {
            ck_assert_uint_eq(count_code(list, "covered-term"), 1);
            ck_assert_uint_eq(count_code(list, "single-character"), 1);
            ck_assert_uint_eq(count_code(list, "clause-wordless"), 1);
            ck_assert_uint_eq(count_code(list, "venue-unlisted"), 1);
            ck_assert_uint_eq(tocsin_diagnostics_count(list), 4);
            tocsin_diagnostics_free(list);
            break;
        }
        ck_assert_int_eq(status, TOCSIN_ERROR_MEMORY);
        tocsin_diagnostics_free(list);
        ck_assert_uint_lt(n, 1000);
    }
    tocsin_plan_release(plan);
    ck_assert_uint_eq(memory.live, 0);
    ck_assert_int_eq(tocsin_plan_lint(NULL, NULL, NULL), TOCSIN_ERROR_ARGUMENT);
}
END_TEST

/* The notes of lint on a plan whose topic "fire" has these terms, in the order of the files. */
static void lint(const char *plan_text, const char *terms, tocsin_buffer *out) {
    named_source files[] = {{"plan.yaml", plan_text}, {"fire.txt", terms}, {NULL, NULL}};
    tocsin_plan *plan = NULL;
    tocsin_diagnostics *list = NULL;
    tocsin_buffer_init(out, NULL);
    ck_assert_int_eq(tocsin_buffer_append(out, "", 0), TOCSIN_OK);
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_compile(read_named_source, files, "plan.yaml", NULL, NULL, &plan, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_lint(plan, list, NULL), TOCSIN_OK);
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        ck_assert_int_eq(tocsin_diagnostic_to_text(tocsin_diagnostics_at(list, i), out), TOCSIN_OK);
    }
    tocsin_diagnostics_free(list);
    tocsin_plan_release(plan);
}

/* The shorter term has word bounds and does not count inside a word, so it does not cover the longer one. */
START_TEST(a_term_within_a_word_covers_nothing) {
    tocsin_buffer said;
    lint("plan: x\nversion: 1\ntopics: {fire: {terms: fire.txt}}\n"
         "tiers: [{id: low, clauses: [{id: L1, when: fire}]}]\n",
         "fire\nwildfire\nfirewall\nwild fire\n", &said);
    ck_assert_str_eq(said.data, "fire.txt:4:1: note: \"wild fire\" adds nothing: \"fire\" of the same topic and weight "
                                "is part of it, at fire.txt:1:1 [T701 covered-term]\n");
    tocsin_buffer_release(&said);
}
END_TEST

START_TEST(english_names_are_complete_and_in_english) {
    tocsin_buffer said;
    lint("plan: 甲\nversion: 1\ntopics: {fire: {terms: fire.txt}}\n"
         "tiers: [{id: low, name: 低, name_en: 低 low, clauses: [{id: L1, name: 一, when: fire}]}]\n"
         "routes: [{id: desk, when: fire}]\n",
         "火灾\n", &said);
    ck_assert_str_eq(said.data,
                     "plan.yaml:1:7: note: the plan has no name_en, and others have: English reports call it "
                     "by its name [T717 english-name-missing]\n"
                     "plan.yaml:4:37: warning: the name_en of tier low has Chinese characters [T716 "
                     "english-name-chinese]\n"
                     "plan.yaml:4:59: note: clause L1 has no name_en, and others have: English reports call "
                     "it by its name [T717 english-name-missing]\n");
    tocsin_buffer_release(&said);
}
END_TEST

START_TEST(english_names_accompany_names) {
    named_source files[] = {{"plan.yaml", "plan: 甲\nname_en: First\nversion: 1\n"
                                          "topics: {fire: {name: 火, name_en: Fire, terms: fire.txt}}\n"
                                          "tiers: [{id: low, name: 低, name_en: Low, clauses: [{id: L1, name: 一,"
                                          " name_en: One, when: fire}, {id: L2, name: 二, when: fire}]}]\n"
                                          "routes: [{id: desk, name_en: Desk, when: fire}, {id: lead, when: fire}]\n"},
                            {"fire.txt", "火灾\n"},
                            {NULL, NULL}};
    tocsin_plan *plan = NULL;
    ck_assert_int_eq(tocsin_plan_compile(read_named_source, files, "plan.yaml", NULL, NULL, &plan, NULL), TOCSIN_OK);
    ck_assert_str_eq(tocsin_plan_get_info(plan)->name_en, "First");
    ck_assert_str_eq(tocsin_plan_topic(plan, 0)->name_en, "Fire");
    ck_assert_str_eq(tocsin_plan_tier(plan, 0)->name_en, "Low");
    ck_assert_str_eq(tocsin_plan_clause(plan, 0)->name_en, "One");
    ck_assert_str_eq(tocsin_plan_clause(plan, 1)->name_en, "二");
    ck_assert_str_eq(tocsin_plan_route(plan, 0)->name, "desk");
    ck_assert_str_eq(tocsin_plan_route(plan, 0)->name_en, "Desk");
    ck_assert_str_eq(tocsin_plan_route(plan, 1)->name_en, "lead");
    tocsin_plan_release(plan);
}
END_TEST

START_TEST(topics_of_attention_count_as_used) {
    static const char *const attention[] = {"{elevated: talk, high: hot}", "{elevated: talk}", "{high: [hot, talk]}"};
    static const char *const said_of[] = {
        "", "plan.yaml:3:60: warning: no clause, route or attention uses the topic hot [T704 unused-topic]\n", ""};
    for (size_t i = 0; i < 3; i++) {
        char plan[512];
        tocsin_buffer said;
        (void)snprintf(plan, sizeof plan,
                       "plan: x\nversion: 1\n"
                       "topics: {fire: {terms: fire.txt}, talk: {terms: fire.txt}, hot: {terms: fire.txt}}\n"
                       "attention: {words: %s}\ntiers: [{id: low, clauses: [{id: L1, when: fire}]}]\n",
                       attention[i]);
        lint(plan, "火灾\n", &said);
        ck_assert_str_eq(said.data, said_of[i]);
        tocsin_buffer_release(&said);
    }
}
END_TEST

/* bad has weights, who and calm have none. */
static const struct {
    const char *rule, *problem; /* NULL: none */
} sides[] = {
    {"score(who near/9 bad) >= 1", "score(…): who near/9 bad counts hits of its left side, and the weights are on the "
                                   "right: if those are meant, write bad near/9 who"},
    {"count(who before/9 bad) >= 2", "count(…): who before/9 bad counts hits of its left side, and the weights are on "
                                     "the right: if those are meant, write bad after/9 who"},
    {"count(title((who | calm) before/9 (bad unless/3 calm))) >= 2",
     "count(…): (who | calm) before/9 (bad unless/3 calm) counts hits of its left side, and the weights are on the "
     "right: if those are meant, write (bad unless/3 calm) after/9 (who | calm)"},
    {"count((calm | who near/9 bad) unless/3 calm) >= 2",
     "count(…): who near/9 bad counts hits of its left side, and the weights are on the right: if those are meant, "
     "write bad near/9 who"},
    {"distinct(who before/9 bad) >= 2", NULL}, /* version 0.1 did not have it */
    {"score(bad near/9 who) >= 1", NULL},
    {"score(bad after/9 who) >= 1", NULL},
    {"score(who after/9 bad) >= 1", NULL},
    {"score((who | bad) near/9 bad) >= 1", NULL}, /* one term in three on the left, one in two on the right */
    {"score((bad | many) near/9 bad) >= 1",
     "score(…): (bad | many) near/9 bad counts hits of its left side, and the weights are on the right: if those are "
     "meant, write bad near/9 (bad | many)"},
    {"count(calm before/9 who) >= 1", NULL},
    {"count(bad unless/3 (who near/9 bad)) >= 1", NULL},
    {"who near/9 bad & count(calm) >= 1 & bad", NULL},
};

START_TEST(sides_without_weights_are_reported) {
    char text[600];
    named_source files[] = {{"plan.yaml", text},
                            {"who.txt", "消防\n"},
                            {"calm.csv", "term,weight\n平静,1\n"},
                            {"many.txt", "甲甲\n乙乙\n丙丙\n丁丁\n戊戊\n己己\n庚庚\n"},
                            {"bad.csv", "term,weight\n推诿,1\n迟到,0.5\n"},
                            {NULL, NULL}};
    tocsin_plan *plan = NULL;
    tocsin_diagnostics *list = NULL;
    /* Both clauses have the part; it is reported once. */
    (void)snprintf(text, sizeof text,
                   "plan: x\nversion: 1\ntopics: {who: {terms: who.txt}, calm: {terms: calm.csv}, bad: {terms: "
                   "bad.csv}, many: {terms: many.txt}}\n"
                   "tiers: [{id: low, clauses: [{id: L1, when: \"%s\"}, {id: L2, when: \"who & calm & %s\"}]}]\n",
                   sides[_i].rule, sides[_i].rule);
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_compile(read_named_source, files, "plan.yaml", NULL, NULL, &plan, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_lint(plan, list, NULL), TOCSIN_OK);
    ck_assert_uint_eq(count_code(list, "unweighted-side"), sides[_i].problem != NULL);
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        const tocsin_diagnostic *d = tocsin_diagnostics_at(list, i);
        if (strcmp(d->code, "unweighted-side") != 0) continue;
        ck_assert_str_eq(d->message, sides[_i].problem);
        ck_assert_uint_eq(d->line, 4);
    }
    tocsin_diagnostics_free(list);
    tocsin_plan_release(plan);
}
END_TEST

START_TEST(terms_are_found_by_number) {
    tocsin_plan *plan = make_plan(NULL);
    tocsin_term term = {0};
    ck_assert(tocsin_plan_get_term(plan, 0, &term));
    ck_assert_str_eq(term.text.data, "火灾");
    ck_assert_str_eq(term.file, "fire.csv");
    ck_assert_uint_eq(term.line, 2);
    ck_assert_str_eq(term.note.data, "big");
    ck_assert(term.weight > 1.5 && !term.is_regex && term.topic == 0);
    ck_assert(tocsin_plan_get_term(plan, 4, &term));
    ck_assert_str_eq(term.text.data, "出警慢");
    ck_assert(!tocsin_plan_get_term(plan, 5, &term));
    ck_assert(!tocsin_plan_get_term(NULL, 0, &term));
    tocsin_plan_release(plan);
}
END_TEST

static int32_t grade(tocsin_scanner *scanner, const char *text) {
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL;
    document.text = (tocsin_bytes){text, strlen(text)};
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    return verdict->tier;
}

START_TEST(hits_are_listed_and_terms_muted) {
    static const char text[] = "大火災，推诿";
    tocsin_plan *plan = make_plan(NULL);
    tocsin_scanner *scanner = NULL;
    tocsin_hit hit = {0};
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    ck_assert(!tocsin_scanner_get_hit(scanner, 0, &hit));
    ck_assert_int_eq(grade(scanner, text), 0);
    ck_assert(tocsin_scanner_get_hit(scanner, 0, &hit));
    ck_assert(hit.term == 2 && hit.topic == 0 && hit.field == TOCSIN_FIELD_TEXT && hit.start == 0 && hit.end == 9);
    ck_assert(tocsin_scanner_get_hit(scanner, 1, &hit));
    ck_assert(hit.term == 3 && hit.start == 12 && hit.end == 18);
    ck_assert(!tocsin_scanner_get_hit(scanner, 2, &hit));
    tocsin_scanner_mute(scanner, 2); /* now the shorter term counts */
    ck_assert_int_eq(grade(scanner, text), 0);
    ck_assert(tocsin_scanner_get_hit(scanner, 0, &hit));
    ck_assert(hit.term == 0 && hit.start == 3);
    tocsin_scanner_mute(scanner, 3);
    ck_assert_int_eq(grade(scanner, text), TOCSIN_TIER_NONE);
    ck_assert_int_eq(tocsin_scanner_mute(scanner, (uint32_t)tocsin_plan_get_info(plan)->term_count),
                     TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_scanner_mute(scanner, TOCSIN_NO_TERM - 1), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(grade(scanner, text), TOCSIN_TIER_NONE);
    tocsin_scanner_mute(scanner, TOCSIN_NO_TERM);
    ck_assert_int_eq(grade(scanner, text), 0);
    tocsin_scanner_mute(NULL, 0);
    ck_assert(!tocsin_scanner_get_hit(NULL, 0, &hit));
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

START_TEST(confusables_are_found) {
    static const struct {
        const char *text;
        int scripts, variants;
    } texts[] = {{"fire", 0, 0},     {"f\xD0\xB0lse", 1, 0}, {"пожар", 0, 0}, {"fire пожар", 0, 0}, {"消防车辆", 0, 0},
                 {"消防車輛", 0, 0}, {"消防車辆", 0, 1},     {"后台", 0, 0},  {"ΟK", 1, 0},         {"", 0, 0}};
    tocsin__speller *speller = NULL;
    ck_assert_int_eq(tocsin__speller_create(tocsin_allocator_default(), &speller), TOCSIN_OK);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const size_t length = strlen(texts[i].text);
        ck_assert_msg(tocsin__mixes_scripts(texts[i].text, length) == texts[i].scripts, "%s", texts[i].text);
        ck_assert_msg(tocsin__mixes_variants(speller, texts[i].text, length) == texts[i].variants, "%s", texts[i].text);
    }
    tocsin__speller_free(speller);
    tocsin__speller_free(NULL);
}
END_TEST

/* Numbers that no rule reads: {n} in a literal, value() of a topic without quantities. */
START_TEST(unused_numbers_are_reported) {
    static named_source numbers[] = {
        {"plan.yaml",
         "plan: x\nversion: 1\ntopics: {toll: {terms: toll.csv}, bad: {terms: bad.txt}}\n"
         "tiers: [{id: low, clauses: [{id: L1, when: value(bad) > 3}, {id: L2, when: value(toll | bad) > 3}]}]\n"},
        {"toll.csv", "term,kind\n{n}人死亡,quantity\n"},
        {"bad.txt", "{n}人受伤\n"},
        {NULL, NULL},
    };
    tocsin_plan *plan = NULL;
    tocsin_diagnostics *list = NULL;
    ck_assert_int_eq(tocsin_plan_compile(read_named_source, numbers, "plan.yaml", NULL, NULL, &plan, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_lint(plan, list, NULL), TOCSIN_OK);
    ck_assert_uint_eq(count_code(list, "value-without-number"), 1);
    ck_assert_uint_eq(count_code(list, "literal-mark"), 1);
    tocsin_diagnostics_free(list);
    tocsin_plan_release(plan);
}
END_TEST

/* The notes of lint that begin with T22, "line:column code" each. */
static void notes_of(const named_source *files, char *told, size_t size) {
    tocsin_plan *plan = NULL;
    tocsin_diagnostics *list = NULL;
    size_t length = 0;
    named_source copy[4];
    memcpy(copy, files, sizeof copy);
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_compile(read_named_source, copy, "plan.yaml", NULL, list, &plan, NULL), TOCSIN_OK);
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) { /* the compiler does not report it */
        const int number = atoi(tocsin_diagnostic_number(tocsin_diagnostics_at(list, i)->code) + 1);
        ck_assert(number < 222 || number > 227);
    }
    ck_assert_int_eq(tocsin_plan_lint(plan, list, NULL), TOCSIN_OK);
    told[0] = '\0';
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        const tocsin_diagnostic *d = tocsin_diagnostics_at(list, i);
        if (strncmp(tocsin_diagnostic_number(d->code), "T22", 3) != 0) continue;
        length += (size_t)snprintf(told + length, size - length, "%s%u:%u %s", length ? ", " : "", d->line, d->column,
                                   d->code);
    }
    tocsin_diagnostics_free(list);
    tocsin_plan_release(plan);
}

static const struct {
    const char *txt, *csv, *notes;
} elsewhere[] = {
    {"火灾、火警\n", NULL, "1:3 several-terms"},
    {"敷衍，冷漠\n", NULL, "1:3 several-terms"},
    {"渎职|失职\n推诿 ｜ 敷衍\n", NULL, "1:3 several-terms, 2:4 several-terms"},
    {"渎职/失职\n推诿／敷衍\n", NULL, "1:3 several-terms, 2:3 several-terms"},
    {"渎职;失职\n推诿；敷衍\n", NULL, "1:3 several-terms, 2:3 several-terms"},
    {"渎职||失职\n推诿│敷衍\n推诿丨迟到\n推诿﹑冷漠\n推诿 ，冷漠\n", NULL,
     "1:3 several-terms, 2:3 several-terms, 3:3 several-terms, 4:3 several-terms, 5:4 several-terms"},
    {"WiFi,密码\nfire,smoke\n消防,UN\n119,120\n", NULL, "1:5 several-terms, 2:5 several-terms, 3:3 several-terms"},
    {"消防 AND 迟到\n消防 or 火警\nrock and roll\n消防 andy 迟到\n", NULL, "1:3 several-terms, 2:3 several-terms"},
    {NULL, "term\n\"火灾，火警\"\n\"火情,火险\"\n", "2:4 several-terms, 3:4 several-terms"},
    {"  渎职、失职、不作为\n", NULL, "1:5 several-terms"},
    {"火灾,火警\n火情 火险\n火星　火苗\n火灾   爆炸\n", NULL,
     "1:3 several-terms, 2:3 several-terms, 3:3 several-terms, 4:3 several-terms"},
    {"消防+推诿\n消防＆推诿\n", NULL, "1:3 several-terms, 2:3 several-terms"},
    {"火灾,\n火警、\n火情;\n火险|\n火苗；\n", NULL,
     "1:3 several-terms, 2:3 several-terms, 3:3 several-terms, 4:3 several-terms, 5:3 several-terms"},
    {"火灾 12 n\n云计算 5\n火情 0.85\n火险:5\n失火：10\n起火 1000000\n火警 119 n\n", NULL,
     "1:3 columns-in-term, 2:4 columns-in-term, 3:3 columns-in-term, 4:3 columns-in-term, 5:3 columns-in-term, 6:3 "
     "columns-in-term, 7:3 columns-in-term"},
    {"火灾,5\n火灾，0.5\n火警|0.5\n火险;5\n", NULL,
     "1:3 columns-in-term, 2:3 columns-in-term, 3:3 columns-in-term, 4:3 columns-in-term"},
    {"拨打 119\n电话 12345\n消防 app\n下午3:15\n一套 3室\n小米 14 pro max\n比分 3:2\n", NULL, ""},
    {"消防.*迟到\n楼.{0,3}火了\n(推诿|敷衍)塞责\n消防\\d号\n[消灭]+火\n渎职\\|失职\n", NULL,
     "1:1 regex-in-term, 2:1 regex-in-term, 3:1 regex-in-term, 4:1 regex-in-term, 5:1 regex-in-term, 6:1 "
     "regex-in-term"},
    {NULL, "term,kind\n消防.{0，3}迟到,\n楼.{1}火了,regex\n", "2:1 regex-in-term"},
    {"[火]\n(火灾)\n火灾...\n(a)\nA|B\n火灾（消防）\n", NULL, "5:2 several-terms"},
    {"火灾//注释\n火警 /* 注释 */\n", NULL, "1:3 comment-in-term, 2:4 comment-in-term"},
    {"火情# 注释\n火险 -- 注释\n火苗<!-- 注释 -->\n火星 --注释\n", NULL,
     "1:3 comment-in-term, 2:4 comment-in-term, 3:3 comment-in-term, 4:4 comment-in-term"},
    {"// 火灾\n-- 火警\n/* 火险 */\n", NULL, "1:1 comment-in-term, 2:1 comment-in-term, 3:1 comment-in-term"},
    {"<!--火灾-->\n<!-- 火警 -->\n", NULL, "1:1 comment-in-term, 2:1 comment-in-term"},
    {"[1]火灾\n· 火警\n", NULL, "1:1 numbered-term, 2:1 numbered-term"},
    {"◆火灾\n★ 火警\n→火险\n1：火情\n2: 火苗\n★VIP\n12:30\n", NULL,
     "1:1 numbered-term, 2:1 numbered-term, 3:1 numbered-term, 4:1 numbered-term, 5:1 numbered-term"},
    /* signs that are part of a term */
    {"24/7\nkm/h\nhttp://a.b/c\n:|\n呵，\n，呵\n1,000元\n||\nA/B测试\n", NULL, ""},
    {"#消防出警慢#\n火灾\n", NULL, "1:1 tag-signs"},
    {"#消防#出警慢\n火灾\n##\n# 消防 # 火警\n#消防\n#消防 # 注释\n", NULL, "1:1 tag-signs"},
    {"＃消防＃出警慢\n", NULL, "1:1 tag-signs"},
    {NULL, "term\n#消防#出警慢\n", "2:1 tag-signs"},
    {NULL, "term\n#消防出警慢#\n＃话题＃\n", "2:1 tag-signs, 3:1 tag-signs"},
    {"# 注释\n#注释\n### 一 ###\n#\n##\n火灾\n", NULL, ""},
    {"火灾 # 注释\n", NULL, "1:4 comment-in-term"},
    {"火灾#注释\n火灾 // 注释\n", NULL, "1:3 comment-in-term, 2:4 comment-in-term"},
    {NULL, "term,note\n火灾 # 注释,\n# 注释,\n", "2:4 comment-in-term, 3:1 comment-in-term"},
    {"C#\n1#楼\nhttps://x.cn\n", NULL, ""},
    {"1. 火灾\n2.火警\n3、火情\n4) 火险\n（5）走水\n(六)失火\n七、起火\n⑧着火\n- 冒烟\n•爆燃\n12．闪燃\n", NULL,
     "1:1 numbered-term, 2:1 numbered-term, 3:1 numbered-term, 4:1 numbered-term, 5:1 numbered-term, 6:1 "
     "numbered-term, 7:1 numbered-term, 8:1 numbered-term, 9:1 numbered-term, 10:1 numbered-term, 11:1 numbered-term"},
    {"3.15晚会\n119.com\n9.3级\n一起火灾\n十里铺\n-1层\n119\n1234. 火灾\n", NULL, ""},
    {"“火灾”\n「火警」\n'火情'\n\"火险\"\n", NULL,
     "1:1 quoted-term, 2:1 quoted-term, 3:1 quoted-term, 4:1 quoted-term"},
    {NULL, "term\n\"\"\"火灾\"\"\"\n\"火警\"\n", "2:1 quoted-term"},
    {"【火灾】\n〖火警〗\n«火情»\n〝火险〞\n", NULL,
     "1:1 quoted-term, 2:1 quoted-term, 3:1 quoted-term, 4:1 quoted-term"},
    {"“火灾”来了\n《消防法》\n'\n", NULL, ""},
    {"*火灾*\n火警%\n^火情$\n+火险\n!火苗\n{失火}\n<起火>\n着火。\n% 冒烟 %\n", NULL,
     "1:1 quoted-term, 2:1 quoted-term, 3:1 quoted-term, 4:1 quoted-term, 5:1 quoted-term, 6:1 quoted-term, "
     "7:1 quoted-term, 8:1 quoted-term, 9:1 quoted-term"},
    {"100%\nC++\n+86\n$100\n<3\n1=1\n*\n。\n救命！\n怎么办？\n", NULL, ""},
    {"火灾=>重大\n火警→消防\n火情=火险\n", NULL, "1:3 several-terms, 2:3 several-terms, 3:3 several-terms"},
    {"火灾 n 100\n火警 nz 3\n", NULL, "1:3 columns-in-term, 2:3 columns-in-term"},
    {NULL, "term,unless\n火,火锅、火车\n", "2:5 unless-separator"},
    {NULL, "term,unless\n火,火锅;发火，火车|火箭\n", "2:8 unless-separator"},
    {NULL, "term,unless\n火,\"火锅，火车\"\n火灾,火灾险/火灾片\n", "2:6 unless-separator, 3:7 unless-separator"},
    {NULL, "term,unless\n火,\"火锅,火车\"\n火灾,火灾险 火灾片\n", "2:6 unless-separator, 3:7 unless-separator"},
    {NULL, "term,kind,unless\n爆.管,regex,爆竹管、爆米管\n起.火,regex,一起，火了\n", "2:14 unless-separator"},
    {NULL, "term,unless\n救命,救命，消防队的广播\n火,火锅；火车; 火箭\n打太极,打太极，\n", ""},
    {NULL, "term,unless\n火,锅\n火灾,火灾\n", "2:3 useless-unless, 3:4 useless-unless"},
};

START_TEST(lists_in_other_formats_are_recognised) {
    const char *plan = elsewhere[_i].txt ? "plan: p\ntopics: {a: {terms: a.txt}}\n"
                                           "tiers: [{id: t, clauses: [{id: C, when: a}]}]\n"
                                         : "plan: p\ntopics: {a: {terms: a.csv}}\n"
                                           "tiers: [{id: t, clauses: [{id: C, when: a}]}]\n";
    const named_source files[4] = {
        {"plan.yaml", plan},
        {elsewhere[_i].txt ? "a.txt" : "a.csv", elsewhere[_i].txt ? elsewhere[_i].txt : elsewhere[_i].csv},
        {NULL, NULL},
        {NULL, NULL}};
    char told[1000];
    notes_of(files, told, sizeof told);
    ck_assert_str_eq(told, elsewhere[_i].notes);
}
END_TEST

START_TEST(notes_beyond_the_cap_are_counted) {
    enum {
        LINES = TOCSIN_DIAGNOSTICS_MAX + 500
    };
    char *text = malloc(LINES * 24 + 1);
    size_t length = 0;
    for (int i = 0; i < LINES; i++) length += (size_t)sprintf(text + length, "火%d、警%d\n", i, i);
    named_source files[] = {{"plan.yaml", "plan: p\ntopics: {a: {terms: a.txt}}\n"
                                          "tiers: [{id: t, clauses: [{id: C, when: a}]}]\n"},
                            {"a.txt", text},
                            {NULL, NULL}};
    tocsin_plan *plan = NULL;
    tocsin_diagnostics *list = NULL;
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_compile(read_named_source, files, "plan.yaml", NULL, NULL, &plan, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_lint(plan, list, NULL), TOCSIN_OK);
    ck_assert_uint_ge(tocsin_diagnostics_count_severity(list, TOCSIN_SEVERITY_NOTE), LINES);
    ck_assert_uint_ge(tocsin_diagnostics_dropped(list), 500);
    tocsin_diagnostics_free(list);
    tocsin_plan_release(plan);
    free(text);
}
END_TEST

START_TEST(shipped_lists_have_no_such_notes) {
    static const char *const plans[] = {"fire-service", "water-utility"};
    for (size_t p = 0; p < 2; p++) {
        char path[300];
        tocsin_plan *plan = NULL;
        tocsin_diagnostics *list = NULL;
        snprintf(path, sizeof path, "%s/examples/%s", TOCSIN_SOURCE_DIR, plans[p]);
        ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
        ck_assert_int_eq(tocsin_plan_compile_file(path, NULL, NULL, &plan, NULL), TOCSIN_OK);
        ck_assert_int_eq(tocsin_plan_lint(plan, list, NULL), TOCSIN_OK);
        for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
            const tocsin_diagnostic *d = tocsin_diagnostics_at(list, i);
            const int number = atoi(tocsin_diagnostic_number(d->code) + 1);
            ck_assert_msg(number < 222 || number > 227, "%s:%u: %s", d->file, d->line, d->message);
        }
        tocsin_diagnostics_free(list);
        tocsin_plan_release(plan);
    }
}
END_TEST

TOCSIN_SUITE("lint",
             TOCSIN_CASE(unused_numbers_are_reported) TOCSIN_CASE(every_code_has_a_number_of_its_own)
                 TOCSIN_CASE(memory_that_fails_is_given_back) TOCSIN_CASE(a_term_within_a_word_covers_nothing)
                     TOCSIN_CASE(english_names_are_complete_and_in_english) TOCSIN_CASE(english_names_accompany_names)
                         TOCSIN_CASE(topics_of_attention_count_as_used) TOCSIN_CASE(terms_are_found_by_number)
                             TOCSIN_LOOP(sides_without_weights_are_reported, sides)
                                 TOCSIN_CASE(hits_are_listed_and_terms_muted) TOCSIN_CASE(confusables_are_found)
                                     TOCSIN_LOOP(lists_in_other_formats_are_recognised, elsewhere)
                                         TOCSIN_CASE(notes_beyond_the_cap_are_counted)
                                             TOCSIN_CASE(shipped_lists_have_no_such_notes))
