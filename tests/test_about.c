/*
 * Tests `about`: which documents pass, what the verdict of others contains, and which expressions are not allowed. With
 * random plans: a document that passes is graded as by the plan without `about`, with every engine, in pieces, with and
 * without all topics.
 */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "hyperscan_engine.h"
#include "named_sources.h"
#include "random_text.h"
#include "suite.h"

static char plan_text[4000];

static named_source sources[] = {
    {"plan.yaml", plan_text},
    {"a.txt", "消防\n火\n"},
    {"b.txt", "火灾\nfire\n推诿\n"},
    {"c.csv", "term,kind,unless\n{n}人死亡,quantity,\n没水,,没水平\n起火.?了,regex,\n"},
    {"d.csv", "term,kind,bounds\n死亡,,\n\"等了.{0,3}分钟\",regex,\n119,,\n"},
    {NULL, NULL},
};

static void write_plan(const char *about, const char *clauses) {
    snprintf(plan_text, sizeof plan_text,
             "plan: test\n"
             "topics: {a: {name: 本队, terms: a.txt}, b: {terms: b.txt}, c: {name: 伤亡, terms: c.csv}, d: {terms: "
             "d.csv, role: "
             "place}}\n"
             "attention: {words: {high: d}}\n"
             "%s%s%s\n"
             "tiers: [{id: low, clauses: [%s]}]\n"
             "routes: [{id: desk, when: d}, {id: any, when: tier >= low}]\n",
             about ? "about: \"" : "", about ? about : "", about ? "\"" : "", clauses);
}

static tocsin_plan *make_plan(tocsin_engine engine) {
    tocsin_plan *plan = NULL;
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_error error = {0};
    options.engine = engine;
    ck_assert_msg(!tocsin_plan_compile(read_named_source, sources, "plan.yaml", &options, NULL, &plan, &error),
                  "%s\n%s", error.message, plan_text);
    return plan;
}

static tocsin_scanner *make_scanner(const tocsin_plan *plan, int all_topics) {
    tocsin_scanner *scanner = NULL;
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    options.all_topics = all_topics;
    ck_assert_int_eq(tocsin_scanner_create(plan, &options, &scanner, NULL), TOCSIN_OK);
    return scanner;
}

START_TEST(a_document_that_fails_has_no_clauses_or_hits) {
    static const struct {
        int all_topics;
        size_t topics, places;
    } ways[] = {{0, 0, 0}, {1, 2, 1}};
    write_plan("a", "{id: C, when: b | d}");
    tocsin_plan *plan = make_plan(TOCSIN_ENGINE_AUTO);
    tocsin_scanner *scanner = make_scanner(plan, ways[_i].all_topics);
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL;
    document.text = (tocsin_bytes){"推诿死亡", strlen("推诿死亡")};
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(verdict->about, 0);
    ck_assert_int_eq(verdict->tier, TOCSIN_TIER_NONE);
    ck_assert_uint_eq(verdict->clause_count, 0);
    ck_assert_uint_eq(verdict->route_count, 0);
    ck_assert_int_eq(verdict->attention, TOCSIN_ATTENTION_LOW);
    ck_assert_uint_eq(verdict->topic_count, ways[_i].topics);
    ck_assert_uint_eq(verdict->place_count, ways[_i].places);
    document.text = (tocsin_bytes){"消防推诿死亡", strlen("消防推诿死亡")};
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(verdict->about, 1);
    ck_assert_int_eq(verdict->tier, 0);
    ck_assert_uint_eq(verdict->route_count, 2);
    ck_assert_int_eq(verdict->attention, TOCSIN_ATTENTION_HIGH);
    ck_assert_uint_eq(verdict->topic_count, 3);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

START_TEST(without_about_every_document_passes) {
    write_plan(NULL, "{id: C, when: b}");
    tocsin_plan *plan = make_plan(TOCSIN_ENGINE_AUTO);
    tocsin_scanner *scanner = make_scanner(plan, 0);
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL;
    tocsin_buffer json;
    tocsin_buffer_init(&json, NULL);
    document.text = (tocsin_bytes){"推诿", strlen("推诿")};
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(verdict->about, 1);
    ck_assert_int_eq(tocsin_verdict_to_json(verdict, &json), TOCSIN_OK);
    ck_assert_ptr_null(strstr(json.data, "about"));
    ck_assert_ptr_null(tocsin_plan_get_info(plan)->about);
    tocsin_buffer_release(&json);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

static const struct {
    const char *about, *code;
    unsigned line, column;
} bad[] = {
    {"a & clause(C)", "rule-verdict", 4, 13},
    {"tier >= low", "rule-verdict", 4, 9},
    {"a & nobody", "unknown-name", 4, 13},
    {"a &", "rule-syntax", 4, 12},
    {"", "empty", 4, 8},
};

START_TEST(forbidden_expressions_are_reported) {
    tocsin_plan *plan = NULL;
    tocsin_diagnostics *list = NULL;
    write_plan(bad[_i].about, "{id: C, when: b}");
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    ck_assert_int_ne(tocsin_plan_compile(read_named_source, sources, "plan.yaml", NULL, list, &plan, NULL), TOCSIN_OK);
    const tocsin_diagnostic *first = tocsin_diagnostics_at(list, 0);
    ck_assert_msg(!strcmp(first->code, bad[_i].code), "%s: %s %u:%u %s", bad[_i].about, first->code, first->line,
                  first->column, first->message);
    ck_assert_uint_eq(first->line, bad[_i].line);
    ck_assert_uint_eq(first->column, bad[_i].column);
    tocsin_diagnostics_free(list);
}
END_TEST

static const struct {
    const char *about, *code; /* NULL: the plan has no `about` */
} linted[] = {
    {"a | !a", "clause-always"},
    {"a & !a", "clause-never"},
    {"a | venue == site", "clause-wordless"},
    {"value(a) > 3", "value-without-number"},
    {"a | value(c) > 3", NULL},
};

START_TEST(lint_checks_about) {
    tocsin_diagnostics *list = NULL;
    int met = 0;
    write_plan(linted[_i].about, "{id: C, when: b}");
    tocsin_plan *plan = make_plan(TOCSIN_ENGINE_AUTO);
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_lint(plan, list, NULL), TOCSIN_OK);
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        const tocsin_diagnostic *d = tocsin_diagnostics_at(list, i);
        if (d->line != 4) continue;
        if (!linted[_i].code) ck_assert_str_eq(d->code, "venue-unlisted");
        met |= linted[_i].code && !strcmp(d->code, linted[_i].code);
    }
    ck_assert_int_eq(met, linted[_i].code != NULL);
    tocsin_diagnostics_free(list);
    tocsin_plan_release(plan);
}
END_TEST

static const struct {
    const char *about, *text, *needs;
} explained[] = {
    {"a | (b & c)", "推诿", "本队, or b with 伤亡"},
    {"(a | b) & c", "推诿", "(本队, or b) with 伤亡"},
    {"a & !b", "推诿", "本队 without b"},
    {"a near/5 b", "推诿", "a near/5 b"},
};

START_TEST(explanations_name_the_missing_topics) {
    const tocsin_explanation *explanation = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    write_plan(explained[_i].about, "{id: C, when: b}");
    tocsin_plan *plan = make_plan(TOCSIN_ENGINE_AUTO);
    tocsin_scanner *scanner = make_scanner(plan, 0);
    document.text = (tocsin_bytes){explained[_i].text, strlen(explained[_i].text)};
    ck_assert_int_eq(tocsin_explain(scanner, &document, &explanation, NULL), TOCSIN_OK);
    ck_assert_ptr_nonnull(explanation->about);
    ck_assert_int_eq(explanation->about->holds, 0);
    ck_assert_uint_ge(explanation->about->obstacle_count, 1);
    ck_assert_uint_eq(explanation->clause_count, 0);
    ck_assert_str_eq(explanation->needs, explained[_i].needs);
    document.text = (tocsin_bytes){"消防没水", strlen("消防没水")};
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

/* ---- by chance ---- */

static void put(tocsin_buffer *out, const char *text) { (void)tocsin_buffer_append(out, text, strlen(text)); }

static void add_rule(tocsin_buffer *out, int depth) {
    static const char *const leaves[] = {"a",
                                         "b",
                                         "c",
                                         "d",
                                         "(count(b) >= 2)",
                                         "(value(c) > 3)",
                                         "(reach >= 10)",
                                         "(venue == site)",
                                         "(attention >= high)",
                                         "(count(a) < 2)"};
    static const char *const words[] = {"a", "b", "c", "d"};
    static const char *const between[] = {" & ", " | ", " & !", " | "};
    const uint32_t shape = depth ? random_text_below(10) : 0;
    if (shape < 2) {
        put(out, leaves[random_text_below(random_text_below(3) ? 4 : 10)]);
    } else if (shape == 2) {
        put(out, "(");
        put(out, words[random_text_below(4)]);
        put(out, random_text_below(2) ? " near/4 " : " unless/4 ");
        put(out, words[random_text_below(4)]);
        put(out, ")");
    } else if (shape < 5) {
        put(out, shape == 3 ? "sentence(" : "!(");
        add_rule(out, depth - 1);
        put(out, ")");
    } else {
        const uint32_t join = random_text_below(4);
        put(out, shape == 5 ? "atleast(2, " : "(");
        add_rule(out, depth - 1);
        put(out, shape == 5 ? ", " : between[join]);
        add_rule(out, depth - 1);
        put(out, ")");
    }
}

static void make_rule(char *out, size_t room) {
    tocsin_buffer rule;
    tocsin_buffer_init(&rule, NULL);
    add_rule(&rule, 2);
    ck_assert_uint_lt(rule.length, room);
    memcpy(out, rule.data, rule.length + 1);
    tocsin_buffer_release(&rule);
}

static size_t make_text(char *out, size_t parts) {
    static const char *const words[] = {"消防", "火",     "灾",   "火灾", "FIRE", "推诿", "5人死亡", "两人死亡",
                                        "没水", "没水平", "起火", "了",   "死亡", "119",  "。",      "今天",
                                        "天气", "等了",   "分钟", "x",    "\xFF", "①",    "水"};
    size_t length = 0;
    for (size_t i = 0; i < parts; i++) {
        const char *word = words[random_text_below(sizeof words / sizeof *words)];
        memcpy(out + length, word, strlen(word));
        length += strlen(word);
    }
    return length;
}

static const tocsin_verdict *grade(tocsin_scanner *scanner, const tocsin_document *document, size_t piece,
                                   tocsin_stream **stream) {
    const tocsin_verdict *verdict = NULL;
    if (!piece) {
        ck_assert_int_eq(tocsin_classify(scanner, document, &verdict, NULL), TOCSIN_OK);
        return verdict;
    }
    tocsin_document facts = *document;
    facts.text = (tocsin_bytes){NULL, 0};
    ck_assert_int_eq(tocsin_stream_create(scanner, stream, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_stream_begin(*stream, &facts, NULL), TOCSIN_OK);
    for (size_t at = 0; at < document->text.length; at += piece) {
        const size_t part = document->text.length - at < piece ? document->text.length - at : piece;
        ck_assert_int_eq(tocsin_stream_write(*stream, TOCSIN_FIELD_TEXT, document->text.data + at, part, NULL),
                         TOCSIN_OK);
    }
    ck_assert_int_eq(tocsin_stream_end(*stream, &verdict, NULL), TOCSIN_OK);
    return verdict;
}

static void to_json(tocsin_scanner *scanner, const tocsin_document *document, size_t piece, tocsin_buffer *out,
                    int *about) {
    tocsin_stream *stream = NULL;
    const tocsin_verdict *verdict = grade(scanner, document, piece, &stream);
    out->length = 0;
    ck_assert_int_eq(tocsin_verdict_to_json(verdict, out), TOCSIN_OK);
    *about = verdict->about;
    tocsin_stream_free(stream);
}

static void make_document(tocsin_document *document, char *text, char *title) {
    const tocsin_document fresh = TOCSIN_DOCUMENT_INIT;
    *document = fresh;
    document->text = (tocsin_bytes){text, make_text(text, 1 + random_text_below(random_text_below(50) ? 8 : 9000))};
    document->title = (tocsin_bytes){title, random_text_below(2) ? make_text(title, random_text_below(4)) : 0};
    document->reach = random_text_below(3) ? 0 : 20;
    document->venue = random_text_below(4) ? TOCSIN_VENUE_UNKNOWN : TOCSIN_VENUE_SITE;
}

typedef struct tally {
    size_t passed, failed, held, kept_out;
} tally;

enum {
    FILTER, /* the plan with `about`, in each engine */
    HYPERSCAN,
    NAIVE,
    WITHOUT, /* the same without it */
    RULE,    /* `about` as the only clause */
    PLANS
};

/*
 * One document: every way to read it gives the same verdict, and a document that passes is graded as without `about`.
 */
static void check_document(tocsin_scanner *const *scanners, tocsin_scanner *const *full,
                           const tocsin_document *document, tally *t) {
    tocsin_buffer first, other;
    int is_about, also, guarded;
    tocsin_buffer_init(&first, NULL);
    tocsin_buffer_init(&other, NULL);
    to_json(scanners[WITHOUT], document, 0, &first, &guarded);
    to_json(full[1], document, 0, &other, &also);
    ck_assert_str_eq(first.data, other.data);
    ck_assert_int_eq(guarded, also);
    to_json(scanners[FILTER], document, 0, &first, &is_about);
    for (int i = FILTER; i <= NAIVE; i++) {
        to_json(scanners[i], document, 1 + random_text_below(document->text.length < 999 ? 7 : 7000), &other, &also);
        ck_assert_str_eq(first.data, other.data);
        ck_assert_int_eq(is_about, also);
    }
    to_json(full[0], document, 0, &other, &also);
    ck_assert_str_eq(first.data, other.data);
    const tocsin_verdict *judged = NULL;
    ck_assert_int_eq(tocsin_classify(scanners[RULE], document, &judged, NULL), TOCSIN_OK);
    ck_assert_int_eq(judged->clause_count == 1, is_about);
    t->passed += (size_t)is_about;
    t->failed += (size_t)!is_about;
    t->kept_out += (size_t)!guarded;
    t->held += strstr(first.data, "\"none\"") == NULL;
    if (is_about && guarded) {
        to_json(scanners[WITHOUT], document, 0, &other, &also);
        ck_assert_uint_eq(strlen(first.data), strlen(other.data) + strlen(",\"about\":true"));
        ck_assert_mem_eq(first.data, other.data, strlen(other.data) - 1);
    }
    tocsin_buffer_release(&first);
    tocsin_buffer_release(&other);
}

static void make_plans(tocsin_plan **plans) {
    char about[500], clauses[1200], rules[2][400];
    make_rule(about, sizeof about);
    for (int i = 0; i < 2; i++) make_rule(rules[i], sizeof rules[i]);
    snprintf(clauses, sizeof clauses, "{id: C1, when: \"%s\"}, {id: C2, when: \"%s\"}", rules[0], rules[1]);
    write_plan(about, clauses);
    plans[FILTER] = make_plan(TOCSIN_ENGINE_FILTER);
    plans[HYPERSCAN] = make_plan(HYPERSCAN_ENGINE);
    plans[NAIVE] = make_plan(TOCSIN_ENGINE_NAIVE);
    write_plan(NULL, clauses);
    plans[WITHOUT] = make_plan(TOCSIN_ENGINE_FILTER);
    snprintf(clauses, sizeof clauses, "{id: A, when: \"%s\"}", about);
    write_plan(NULL, clauses);
    plans[RULE] = make_plan(TOCSIN_ENGINE_FILTER);
}

START_TEST(random_plans_agree_with_and_without_about) {
    random_text_state = 3;
    static char text[200000], title[200];
    tally t = {0, 0, 0, 0};
    for (int round = 0; round < 120; round++) {
        tocsin_plan *plans[PLANS];
        tocsin_scanner *scanners[PLANS], *full[2];
        make_plans(plans);
        for (int i = 0; i < PLANS; i++) scanners[i] = make_scanner(plans[i], 0);
        full[0] = make_scanner(plans[FILTER], 1); /* with all topics the guard is not used */
        full[1] = make_scanner(plans[WITHOUT], 1);
        for (int n = 0; n < 40; n++) {
            tocsin_document document;
            make_document(&document, text, title);
            check_document(scanners, full, &document, &t);
        }
        for (int i = 0; i < 2; i++) tocsin_scanner_free(full[i]);
        for (int i = 0; i < PLANS; i++) tocsin_scanner_free(scanners[i]);
        for (int i = 0; i < PLANS; i++) tocsin_plan_release(plans[i]);
    }
    ck_assert_uint_gt(t.passed, 800);
    ck_assert_uint_gt(t.failed, 800);
    ck_assert_uint_gt(t.held, 400);
    ck_assert_uint_gt(t.kept_out, 200);
}
END_TEST

static const int two[2];

TOCSIN_SUITE("about",
             TOCSIN_LOOP(a_document_that_fails_has_no_clauses_or_hits, two)
                 TOCSIN_CASE(without_about_every_document_passes) TOCSIN_LOOP(forbidden_expressions_are_reported, bad)
                     TOCSIN_LOOP(lint_checks_about, linted) TOCSIN_LOOP(explanations_name_the_missing_topics, explained)
                         TOCSIN_CASE(random_plans_agree_with_and_without_about))
