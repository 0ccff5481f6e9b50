/*
 * Where a term may begin and end, judged on the original: every kind of neighbour, on both sides, with every engine, in
 * texts that are searched in place and in texts that must be folded.
 */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "base/utf8.h"
#include "suite.h"

static const tocsin_engine engines[] = {TOCSIN_ENGINE_NAIVE, HYPERSCAN_ENGINE, TOCSIN_ENGINE_FILTER};
static const char *const bounds_names[] = {"auto", "word"};
#define ENGINES (sizeof engines / sizeof *engines)

typedef struct source {
    const char *terms, *bounds, *fold;
} source;

static tocsin_status read_plan(void *context, const char *name, tocsin_buffer *out) {
    const source *s = context;
    char plan[400];
    if (strcmp(name, "plan.yaml") != 0) return tocsin_buffer_append(out, s->terms, strlen(s->terms));
    const int length = snprintf(plan, sizeof plan,
                                "plan: test\nfold: {%s}\ntopics: {a: {terms: [a.csv], bounds: %s}}\n"
                                "tiers: [{id: found, clauses: [{id: C1, when: a}]}]\n",
                                s->fold, s->bounds);
    return tocsin_buffer_append(out, plan, (size_t)length);
}

static tocsin_scanner *scanner_of(source s, tocsin_engine engine) {
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_error error = {.message = ""};
    options.engine = engine;
    if (tocsin_plan_compile(read_plan, &s, "plan.yaml", &options, NULL, &plan, &error))
        ck_abort_msg("%s", error.message);
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    tocsin_plan_release(plan);
    return scanner;
}

/* The original text of every hit, with | between. */
static const char *hits_of(tocsin_scanner *scanner, const char *text) {
    static char told[400];
    const tocsin_verdict *verdict = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    tocsin_hit hit;
    size_t length = 0;
    document.text = (tocsin_bytes){text, strlen(text)};
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    told[0] = '\0';
    for (size_t i = 0; tocsin_scanner_get_hit(scanner, i, &hit); i++) {
        length += (size_t)snprintf(told + length, sizeof told - length, "%s%.*s", i ? "|" : "",
                                   (int)(hit.end - hit.start), text + hit.start);
    }
    return told;
}

/* The character beside a term, and whether it closes the edge. */
static const struct {
    const char *beside;
    int closes;
} neighbours[] = {
    {"1", 1}, {"a", 1},  {"Z", 1},       {"１", 1},      {"Ａ", 1}, {"é", 1},  {"e\u0301", 1}, {"\u0663", 1}, /* ٣ */
    {"𝐀", 1}, {"𝟏", 1},  {"\uFB01", 1},  {"ª", 1},       {"ß", 1},  {"ℝ", 1},  {"\u1D2C", 1},  {"ﬀ", 1},
    {"①", 0}, {"⑫", 0},  {"⒈", 0},       {"⑴", 0},       {"²", 0},  {"₂", 0},  {"№", 0},       {"™", 0},
    {"®", 0}, {"℡", 0},  {"㎏", 0},      {"Ⓐ", 0},       {"ⓐ", 0},  {"🄰", 0},  {"Ⅳ", 0},       {"½", 0},
    {"❶", 0}, {"火", 0}, {"か", 0},      {"д", 0},       {"，", 0}, {" ", 0},  {"\uFFFD", 0},  {"\xFF", 0},
    {"🔥", 0}, {"_", 0},  {"1\u20E3", 0}, {"a\u20DD", 0}, {"㈠", 0}, {"㍘", 0}, {"ⅻ", 0},       {"1\uFE0F\u20E3", 0},
};

/* No text, text that must be folded, and text as long as a block. */
static const char *const fillers[] = {"", "か\u3099", "㍿", "消防"};

START_TEST(neighbours_decide_whether_an_edge_is_open) {
    const char *beside = neighbours[_i].beside;
    for (size_t e = 0; e < ENGINES; e++) {
        tocsin_scanner *scanner =
            scanner_of((source){"term,kind\n119,\n\"un[a-z]{1,2}x\",regex\nun,\n", "auto", ""}, engines[e]);
        for (size_t f = 0; f < sizeof fillers / sizeof *fillers; f++) {
            static const char *const terms[] = {"119", "UN", "uncox", "１１９"};
            for (size_t t = 0; t < sizeof terms / sizeof *terms; t++) {
                char text[100], expected[40];
                snprintf(expected, sizeof expected, "%s", neighbours[_i].closes ? "" : terms[t]);
                snprintf(text, sizeof text, "%s%s%s", fillers[f], beside, terms[t]);
                ck_assert_msg(!strcmp(hits_of(scanner, text), expected), "%s by engine %zu: %s", text, e,
                              hits_of(scanner, text));
                snprintf(text, sizeof text, "%s%s%s", terms[t], beside, fillers[f]);
                ck_assert_msg(!strcmp(hits_of(scanner, text), expected), "%s by engine %zu: %s", text, e,
                              hits_of(scanner, text));
            }
        }
        tocsin_scanner_free(scanner);
    }
}
END_TEST

static const struct {
    const char *terms, *fold, *text, *hits;
} cases[] = {
    {"119\n110\n120\n", "", "报警①119②120③110", "119|120|110"},
    {"119\n", "", "№119", "119"},
    {"UN\n", "", "UN² 与 UN2", "UN"},
    {"WiFi\n", "", "WiFi™密码 WiFi®密码 WiFi密码 WiFiⅡ密码", "WiFi|WiFi|WiFi|WiFi"},
    {"WiFi\n", "", "WiFi6 和 WiFi６ 和 myWiFi 和 ＭＹWiFi", ""},
    /* an edge inside a character of the original does not count */
    {"20\n", "", "⑫0", ""},
    {"m\n", "", "5㎞", ""},
    {"km\n", "", "约㎞", "㎞"},
    {"ii\n", "", "Ⅲ Ⅱ", "Ⅱ"},
    {"tm\n", "", "WiFi™", ""},
    /* frames of the term's own characters */
    {"119\n", "", "①①⑨", "①①⑨"},
    {"119\n", "", "①①⑨2", ""},
    /* invisible characters do not separate, however many there are */
    {"119\n", "", "2\u200B119", ""},
    {"119\n", "", "119\u200B\u200B2", ""},
    {"man\n", "", "super\u00ADman", ""},
    {"119\n", "", "①\u200B119\u200B②", "119"},
    {"119\n", "", "a\u0336119", ""},
    {"119\n", "", "1\u03361\u03369\u03362 119\u03362", ""},
    /* characters ignored between Han characters do separate */
    {"消防119\n119消防\n", "between_han: [space, punct]", "消 防119 119消、防", "消 防119|119消、防"},
};

START_TEST(cases_hold) {
    for (size_t e = 0; e < ENGINES; e++) {
        for (size_t b = 0; b < sizeof bounds_names / sizeof *bounds_names; b++) {
            char terms[100];
            snprintf(terms, sizeof terms, "term\n%s", cases[_i].terms);
            tocsin_scanner *scanner = scanner_of((source){terms, bounds_names[b], cases[_i].fold}, engines[e]);
            ck_assert_msg(!strcmp(hits_of(scanner, cases[_i].text), cases[_i].hits), "%s by engine %zu, bounds %s: %s",
                          cases[_i].text, e, bounds_names[b], hits_of(scanner, cases[_i].text));
            tocsin_scanner_free(scanner);
        }
    }
}
END_TEST

START_TEST(invisible_characters_beyond_the_limit_hide_a_neighbour) {
    tocsin_scanner *scanner = scanner_of((source){"term\n119\n", "auto", ""}, TOCSIN_ENGINE_FILTER);
    for (int unseen = 60; unseen < 70; unseen++) {
        char before[400] = "2", after[400] = "119";
        for (int i = 0; i < unseen; i++) {
            strcat(before, "\u200B");
            strcat(after, "\u200B");
        }
        strcat(before, "119");
        strcat(after, "2");
        ck_assert_str_eq(hits_of(scanner, before), unseen > 64 ? "119" : "");
        ck_assert_str_eq(hits_of(scanner, after), unseen > 64 ? "119" : "");
    }
    tocsin_scanner_free(scanner);
}
END_TEST

TOCSIN_SUITE("bounds", TOCSIN_LOOP(neighbours_decide_whether_an_edge_is_open, neighbours) TOCSIN_LOOP(cases_hold, cases)
                           TOCSIN_CASE(invisible_characters_beyond_the_limit_hide_a_neighbour))
