/* Reads a plan's YAML into its description: every key, every mistake, alias bombs, mutations, failing memory. */
#include <stdio.h>
#include <string.h>

#include "failing_allocator.h"
#include "plan/plan_yaml.h"
#include "plan/yaml_tree.h"
#include "random_text.h"
#include "suite.h"

#define BYTES(text) ((tocsin_bytes){(text), strlen(text)})

static const char whole[] = "# 预案\n"
                            "plan: 网络舆情突发事件处置工作预案\n"
                            "version: 2026.1\n"
                            "fold: {profile: nfkc_cf, between_han: [space, punct], between_latin: [symbol]}\n"
                            "topics:\n"
                            "  subject: {terms: [subject.txt, more.csv], bounds: word, name: 主体}\n"
                            "  负面: {terms: negative.csv, note: 说明}\n"
                            "  hot:\n"
                            "    terms:\n"
                            "      - hot.txt\n"
                            "    bounds: none\n"
                            "venues: venues.csv\n"
                            "attention:\n"
                            "  reach: {elevated: 500, high: 5000}\n"
                            "  words: {high: [hot, 负面], elevated: subject}\n"
                            "define:\n"
                            "  bad: \"负面 & subject\"\n"
                            "  火情: >\n"
                            "    subject\n"
                            "    & hot\n"
                            "tiers:\n"
                            "  - {id: general, name: 一般, clauses: [{id: G1, name: 微博, when: \"bad\", note: n}]}\n"
                            "  - id: major\n"
                            "    name: 重大\n"
                            "    note: 高\n"
                            "    clauses:\n"
                            "      - id: M1\n"
                            "        when: 火情\n"
                            "      - {id: M2, when: 'hot'}\n"
                            "routes:\n"
                            "  - {id: leading_group, name: 领导小组, when: \"tier >= major\"}\n";

static tocsin__plan_description *read_plan(tocsin_bytes yaml, tocsin_diagnostics *diagnostics) {
    tocsin__plan_description *plan = NULL;
    ck_assert_int_eq(tocsin__plan_description_create("plan.yaml", yaml, tocsin_allocator_default(), diagnostics, &plan),
                     TOCSIN_OK);
    return plan;
}

static void assert_texts(const tocsin__plan_texts *texts, size_t count, const char *const *values) {
    ck_assert_uint_eq(texts->count, count);
    for (size_t i = 0; i < count; i++) ck_assert_str_eq(texts->items[i].value, values[i]);
}

START_TEST(every_key_is_read) {
    tocsin_diagnostics *diagnostics = NULL;
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &diagnostics), TOCSIN_OK);
    tocsin__plan_description *plan = read_plan(BYTES(whole), diagnostics);
    ck_assert_uint_eq(tocsin_diagnostics_count(diagnostics), 0);
    ck_assert_uint_eq(plan->errors, 0);
    ck_assert_str_eq(plan->file, "plan.yaml");
    ck_assert_str_eq(plan->name.value, "网络舆情突发事件处置工作预案");
    ck_assert_str_eq(plan->version.value, "2026.1");
    ck_assert_int_eq((int)plan->fold.profile, (int)TOCSIN_FOLD_NFKC_CF);
    ck_assert_uint_eq(plan->fold.between_han, TOCSIN_BETWEEN_SPACE | TOCSIN_BETWEEN_PUNCT);
    ck_assert_uint_eq(plan->fold.between_latin, TOCSIN_BETWEEN_SYMBOL);
    ck_assert_uint_eq(plan->topic_count, 3);
    const tocsin__plan_topic *topics = plan->topics;
    ck_assert_str_eq(topics[0].id.value, "subject");
    ck_assert_str_eq(topics[0].name.value, "主体");
    assert_texts(&topics[0].terms, 2, (const char *[]){"subject.txt", "more.csv"});
    ck_assert_int_eq((int)topics[0].bounds, (int)TOCSIN__BOUNDS_WORD);
    ck_assert_str_eq(topics[1].id.value, "负面");
    ck_assert_str_eq(topics[1].note.value, "说明");
    ck_assert_ptr_null(topics[1].name.value);
    assert_texts(&topics[1].terms, 1, (const char *[]){"negative.csv"});
    ck_assert_int_eq((int)topics[1].bounds, (int)TOCSIN__BOUNDS_AUTO);
    ck_assert_int_eq((int)topics[2].bounds, (int)TOCSIN__BOUNDS_NONE);
    assert_texts(&plan->venues, 1, (const char *[]){"venues.csv"});
    ck_assert_uint_eq(plan->attention.elevated, 500);
    ck_assert_uint_eq(plan->attention.high, 5000);
    assert_texts(&plan->attention.high_words, 2, (const char *[]){"hot", "负面"});
    assert_texts(&plan->attention.elevated_words, 1, (const char *[]){"subject"});
    ck_assert_uint_eq(plan->define_count, 2);
    ck_assert_str_eq(plan->defines[1].id.value, "火情");
    ck_assert_str_eq(plan->defines[1].when.value, "subject & hot\n");
    tocsin__place place = tocsin__plan_locate(&plan->defines[1].when, 10);
    ck_assert_uint_eq(place.line, 20);
    ck_assert_uint_eq(place.column, 7);
    ck_assert_uint_eq(plan->tier_count, 2);
    ck_assert_str_eq(plan->tiers[0].id.value, "general");
    ck_assert_str_eq(plan->tiers[0].clauses.items[0].name.value, "微博");
    ck_assert_str_eq(plan->tiers[0].clauses.items[0].note.value, "n");
    ck_assert_uint_eq(plan->tiers[0].clauses.items[0].when.place.line, 22);
    ck_assert_uint_eq(plan->tiers[0].clauses.items[0].when.place.column, 64);
    ck_assert_str_eq(plan->tiers[1].note.value, "高");
    ck_assert_uint_eq(plan->tiers[1].clauses.count, 2);
    ck_assert_str_eq(plan->tiers[1].clauses.items[1].id.value, "M2");
    ck_assert_uint_eq(plan->routes.count, 1);
    ck_assert_str_eq(plan->routes.items[0].when.value, "tier >= major");
    tocsin__plan_description_release(plan);
    tocsin__plan_description_release(NULL);
    tocsin_diagnostics_free(diagnostics);
}
END_TEST

/* The smallest plan around the text of a case, which begins in line 4. */
#define LEAST "plan: p\ntopics: {a: {terms: a.txt}, b: {terms: b.txt}}\ntiers: [{id: t, clauses: [{id: C, when: a}]}]\n"

START_TEST(missing_keys_have_defaults) {
    static const char *const nothing[] = {"", "version:\nfold: ~\nvenues: null\nattention:\ndefine:\nroutes:\n",
                                          "fold: {}\nvenues: []\nattention: {}\ndefine: {}\nroutes: []\n",
                                          "fold: {profile: ~, between_han: []}\nattention: {reach: {}, words: []}\n",
                                          "fold: nfkc_cf+hans\n"};
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
        tocsin_diagnostics *diagnostics = NULL;
        ck_assert_int_eq(tocsin_diagnostics_create(NULL, &diagnostics), TOCSIN_OK);
        char yaml[512];
        (void)snprintf(yaml, sizeof yaml, "%s%s", LEAST, nothing[i]);
        tocsin__plan_description *plan = read_plan(BYTES(yaml), diagnostics);
        ck_assert_uint_eq(tocsin_diagnostics_count(diagnostics), 0);
        ck_assert_int_eq((int)plan->fold.profile, (int)TOCSIN_FOLD_NFKC_CF_HANS);
        ck_assert_uint_eq(plan->fold.between_han, 0);
        ck_assert_uint_eq(plan->venues.count + plan->define_count + plan->routes.count, 0);
        ck_assert_uint_eq(plan->attention.elevated, 10000);
        ck_assert_uint_eq(plan->attention.high, 100000);
        ck_assert_ptr_null(plan->version.value);
        tocsin__plan_description_release(plan);
        tocsin_diagnostics_free(diagnostics);
    }
}
END_TEST

/* The version is text, however it is written. */
static const char *const versions[][2] = {
    {"version: 2026.10\n", "2026.10"},       {"version: \"2026.1\"\n", "2026.1"}, {"version: 1e3\n", "1e3"},
    {"version: 2026-01-02\n", "2026-01-02"}, {"version: yes\n", "yes"},
};

START_TEST(versions_are_kept_as_text) {
    char yaml[512];
    (void)snprintf(yaml, sizeof yaml, "%s%s", LEAST, versions[_i][0]);
    tocsin__plan_description *plan = read_plan(BYTES(yaml), NULL);
    ck_assert_str_eq(plan->version.value, versions[_i][1]);
    tocsin__plan_description_release(plan);
}
END_TEST

static void all_text(tocsin_diagnostics *diagnostics, tocsin_buffer *out) {
    tocsin_buffer_init(out, NULL);
    (void)tocsin_buffer_append(out, "", 0);
    tocsin__diagnostics_sort(diagnostics);
    for (size_t i = 0; i < tocsin_diagnostics_count(diagnostics); i++) {
        ck_assert_int_eq(tocsin_diagnostic_to_text(tocsin_diagnostics_at(diagnostics, i), out), TOCSIN_OK);
    }
}

static void assert_said(tocsin_bytes yaml, const char *said) {
    tocsin_diagnostics *diagnostics = NULL;
    tocsin_buffer out;
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &diagnostics), TOCSIN_OK);
    tocsin__plan_description *plan = read_plan(yaml, diagnostics);
    all_text(diagnostics, &out);
    ck_assert_str_eq(out.data, said);
    ck_assert_uint_eq(plan->errors, tocsin_diagnostics_count_severity(diagnostics, TOCSIN_SEVERITY_ERROR));
    tocsin_buffer_release(&out);
    tocsin__plan_description_release(plan);
    plan = read_plan(yaml, NULL);
    ck_assert_uint_eq(plan->errors, tocsin_diagnostics_count_severity(diagnostics, TOCSIN_SEVERITY_ERROR));
    tocsin__plan_description_release(plan);
    tocsin_diagnostics_free(diagnostics);
}

static const struct {
    const char *yaml, *said; /* after LEAST */
} faults[] = {
    {"topicz: {}\n",
     "plan.yaml:4:1: error: a plan has no key \"topicz\"; did you mean \"topics\"? [T111 unknown-key]\n"},
    {"weather: sunny\n", "plan.yaml:4:1: error: a plan has no key \"weather\" [T111 unknown-key]\n"},
    {"plan: q\n", "plan.yaml:4:1: error: \"plan\" is written a second time; first in line 1 [T112 duplicate-key]\n"},
    {"version: [1]\n", "plan.yaml:4:10: error: \"version\" must be text, not a list [T114 wrong-kind]\n"},
    {"version: {a: b}\n",
     "plan.yaml:4:10: error: \"version\" must be text, not a mapping (key: value) [T114 wrong-kind]\n"},
    {"fold: nfkc\n",
     "plan.yaml:4:7: error: unknown fold profile \"nfkc\"; there is nfkc_cf+hans, nfkc_cf [T115 bad-value]\n"},
    {"fold: {profil: nfkc_cf}\n",
     "plan.yaml:4:8: error: \"fold\" has no key \"profil\"; did you mean \"profile\"? There is profile, "
     "between_han, between_latin [T111 unknown-key]\n"},
    {"fold: {emoji: [symbol]}\n", "plan.yaml:4:8: error: \"fold\" has no key \"emoji\"; there is profile, between_han, "
                                  "between_latin [T111 unknown-key]\n"},
    {"fold: {profile: hans}\n",
     "plan.yaml:4:17: error: unknown fold profile \"hans\"; there is nfkc_cf+hans, nfkc_cf [T115 bad-value]\n"},
    {"fold: [nfkc_cf]\n",
     "plan.yaml:4:7: error: \"fold\" must be a mapping (key: value), not a list [T114 wrong-kind]\n"},
    {"fold: {between_han: [space, spaces, 火]}\n",
     "plan.yaml:4:29: error: unknown kind of character \"spaces\"; did you mean \"space\"? There is space, "
     "punct, symbol [T115 bad-value]\n"
     "plan.yaml:4:37: error: unknown kind of character \"火\"; there is space, punct, symbol [T115 bad-value]\n"},
    {"fold: {between_han: {a: b}}\n", "plan.yaml:4:21: error: \"between_han\" must be text or a list of texts, not a "
                                      "mapping (key: value) [T114 wrong-kind]\n"},
    {"venues: {file: v.csv}\n", "plan.yaml:4:9: error: \"venues\" must be text or a list of texts, not a mapping (key: "
                                "value) [T114 wrong-kind]\n"},
    {"venues: [v.csv, [w.csv], '']\n",
     "plan.yaml:4:17: error: an item of \"venues\" must be text, not a list [T114 wrong-kind]\n"
     "plan.yaml:4:26: error: an item of \"venues\" is empty [T121 empty]\n"},
    {"venues: ''\n", "plan.yaml:4:9: error: \"venues\" is empty [T121 empty]\n"},
    {"attention: high\n",
     "plan.yaml:4:12: error: \"attention\" must be a mapping (key: value), not text [T114 wrong-kind]\n"},
    {"attention: {reach: 100}\n",
     "plan.yaml:4:20: error: \"reach\" must be a mapping (key: value), not text [T114 wrong-kind]\n"},
    {"attention: {reach: {elevated: 1e4}}\n", "plan.yaml:4:31: error: \"elevated\" must be a whole number from 0 to "
                                              "18446744073709551615, not \"1e4\" [T116 bad-number]\n"},
    {"attention: {reach: {high: -1, elevated: 99999999999999999999}}\n",
     "plan.yaml:4:27: error: \"high\" must be a whole number from 0 to 18446744073709551615, not \"-1\" [T116 "
     "bad-number]\n"
     "plan.yaml:4:41: error: \"elevated\" must be a whole number from 0 to 18446744073709551615, not "
     "\"99999999999999999999\" [T116 bad-number]\n"},
    {"attention: {reach: {elevated: 10, high: 9}}\n",
     "plan.yaml:4:20: error: the reach for \"high\", 9, is less than that for \"elevated\", 10 [T116 bad-number]\n"},
    {"attention: {reach: {elevated: 200000}}\n", "plan.yaml:4:20: error: the reach for \"high\", 100000, is less than "
                                                 "that for \"elevated\", 200000 [T116 bad-number]\n"},
    {"attention: {reach: {hi: 9}}\n",
     "plan.yaml:4:21: error: \"reach\" has no key \"hi\"; there is elevated, high [T111 unknown-key]\n"},
    {"attention: {reach: {high: 18446744073709551616, elevated: 0}}\n",
     "plan.yaml:4:27: error: \"high\" must be a whole number from 0 to 18446744073709551615, not "
     "\"18446744073709551616\" [T116 bad-number]\n"},
    {"attention: {words: c}\n", "plan.yaml:4:20: error: unknown topic \"c\"; there is a, b [T120 unknown-topic]\n"},
    {"attention: {words: [a, bb, 火]}\n",
     "plan.yaml:4:24: error: unknown topic \"bb\"; did you mean \"b\"? [T120 unknown-topic]\n"
     "plan.yaml:4:28: error: unknown topic \"火\"; there is a, b [T120 unknown-topic]\n"},
    {"attention: {words: {high: [a], elevated: aa, low: b}}\n",
     "plan.yaml:4:42: error: unknown topic \"aa\"; did you mean \"a\"? [T120 unknown-topic]\n"
     "plan.yaml:4:46: error: \"words\" has no key \"low\"; there is elevated, high [T111 unknown-key]\n"},
    {"attention: {words: [[a], ~]}\n",
     "plan.yaml:4:21: error: an item of \"words\" must be text, not a list [T114 wrong-kind]\n"
     "plan.yaml:4:26: error: an item of \"words\" has no value [T121 empty]\n"},
    {"define: [a]\n",
     "plan.yaml:4:9: error: \"define\" must be a mapping (key: value), not a list [T114 wrong-kind]\n"},
    {"define: {x: [a]}\n", "plan.yaml:4:13: error: \"x\" must be text, not a list [T114 wrong-kind]\n"},
    {"define: {x: }\n", "plan.yaml:4:13: error: \"x\" has no value [T121 empty]\n"},
    {"define: {x: '  '}\n", "plan.yaml:4:13: error: the expression is empty [T121 empty]\n"},
    {"define: {a: b}\n",
     "plan.yaml:4:10: error: the define id \"a\" is taken already, in line 2 [T118 duplicate-id]\n"},
    {"define: {x: a, y: b, x: b}\n",
     "plan.yaml:4:22: error: \"x\" is written a second time; first in line 4 [T112 duplicate-key]\n"},
    {"define: {1x: a, x.y: a, -: a, '': a}\n",
     "plan.yaml:4:10: error: the id \"1x\" of a define has '1' at its start; ids are made of letters, Chinese "
     "characters, digits, _ and single - between them, and start with a letter, a Chinese character or _ [T117 "
     "bad-id]\n"
     "plan.yaml:4:18: error: the id \"x.y\" of a define has '.' inside; ids are made of letters, Chinese characters, "
     "digits, _ and single - between them, and start with a letter, a Chinese character or _ [T117 bad-id]\n"
     "plan.yaml:4:25: error: the id \"-\" of a define has '-' at its start; ids are made of letters, Chinese "
     "characters, digits, _ and single - between them, and start with a letter, a Chinese character or _ [T117 "
     "bad-id]\n"
     "plan.yaml:4:31: error: the id of a define is empty [T117 bad-id]\n"},
    {"define: {火-1_b: a, _x: b, a-b-c: a}\n", ""},
    {"define: {x-: a, x--y: a, é: a, 火⺀: a, xé: a}\n",
     "plan.yaml:4:11: error: the id \"x-\" of a define has '-' at its end; ids are made of letters, Chinese "
     "characters, digits, _ and single - between them, and start with a letter, a Chinese character or _ [T117 "
     "bad-id]\n"
     "plan.yaml:4:19: error: the id \"x--y\" of a define has '-' inside; ids are made of letters, Chinese characters, "
     "digits, _ and single - between them, and start with a letter, a Chinese character or _ [T117 bad-id]\n"
     "plan.yaml:4:26: error: the id \"é\" of a define has 'é' at its start; ids are made of letters, Chinese "
     "characters, digits, _ and single - between them, and start with a letter, a Chinese character or _ [T117 "
     "bad-id]\n"
     "plan.yaml:4:33: error: the id \"火⺀\" of a define has '⺀' at its end; ids are made of letters, Chinese "
     "characters, digits, _ and single - between them, and start with a letter, a Chinese character or _ [T117 "
     "bad-id]\n"
     "plan.yaml:4:40: error: the id \"xé\" of a define has 'é' at its end; ids are made of letters, Chinese "
     "characters, digits, _ and single - between them, and start with a letter, a Chinese character or _ [T117 "
     "bad-id]\n"},
    {"define: {and: a, tier: a, And: a}\n",
     "plan.yaml:4:10: error: \"and\" is a word of the rule language and cannot be a define's id [T119 reserved-id]\n"
     "plan.yaml:4:18: error: \"tier\" is a word of the rule language and cannot be a define's id [T119 reserved-id]\n"},
    {"define: "
     "{xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
     "xxxxxxxxxxxxxxxxx: a}\n",
     "plan.yaml:4:10: error: the id "
     "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\" of a define has "
     "more than 128 bytes [T117 bad-id]\n"},
    {"routes: {id: r}\n",
     "plan.yaml:4:9: error: \"routes\" must be a list, not a mapping (key: value) [T114 wrong-kind]\n"},
    {"routes: [r]\n", "plan.yaml:4:10: error: a route must be a mapping (key: value), not text [T114 wrong-kind]\n"},
    {"routes: [{id: r}]\n", "plan.yaml:4:10: error: a route needs \"when\" [T113 missing-key]\n"},
    {"routes: [{when: a}]\n", "plan.yaml:4:10: error: a route needs \"id\" [T113 missing-key]\n"},
    {"routes: [{id: r, when: a}, {id: r, when: b}]\n",
     "plan.yaml:4:33: error: the route id \"r\" is taken already, in line 4 [T118 duplicate-id]\n"},
    {"routes: [{id: [r], when: {a: b}}]\n",
     "plan.yaml:4:15: error: \"id\" must be text, not a list [T114 wrong-kind]\n"
     "plan.yaml:4:26: error: \"when\" must be text, not a mapping (key: value) [T114 wrong-kind]\n"},
    {"routes: [{id: r, when: a, who: x}]\n",
     "plan.yaml:4:27: error: a route has no key \"who\"; there is id, name, name_en, note, when [T111 unknown-key]\n"},
    {"routes: [~, {id: r, when: a}]\n", "plan.yaml:4:10: error: a route is empty [T121 empty]\n"},
    {"define:\n"
     "  火: &火情 a\n",
     "plan.yaml:5:7: error: did not find expected alphabetic or numeric character, while scanning an anchor; put text "
     "that starts with &, * or ! in quotes [T101 yaml-syntax]\n"},
    {"define:\n"
     "  x: *火情\n",
     "plan.yaml:5:7: error: did not find expected alphabetic or numeric character, while scanning an alias; put text "
     "that starts with &, * or ! in quotes [T101 yaml-syntax]\n"},
    {"define:\n"
     "  x: !inside & a\n",
     "plan.yaml:5:15: error: did not find expected alphabetic or numeric character, while scanning an anchor; put text "
     "that starts with &, * or ! in quotes [T101 yaml-syntax]\n"},
    {"define: !!map {x: !!str a}\n", "plan.yaml:4:9: error: tag !!map: a plan has no tags, anchors or aliases; put the "
                                     "text in quotes if it starts so [T108 yaml-tag]\n"
                                     "plan.yaml:4:19: error: tag !!str: a plan has no tags, anchors or aliases; put "
                                     "the text in quotes if it starts so [T108 yaml-tag]\n"},
    {"define: !!python/object:os.system {x: a}\n",
     "plan.yaml:4:9: error: tag !!python/object:os.system: a plan has no tags, anchors or aliases; put the text in "
     "quotes if it starts so [T108 yaml-tag]\n"},
    {"*x : 1\n", "plan.yaml:4:1: error: alias *x: a plan has no tags, anchors or aliases; put the text in quotes if it "
                 "starts so [T106 yaml-alias]\n"},
    {"&x version: 1\n", "plan.yaml:4:1: error: anchor &x: a plan has no tags, anchors or aliases; put the text in "
                        "quotes if it starts so [T107 yaml-anchor]\n"},
    {"<<: {a: b}\n", "plan.yaml:4:1: error: a plan has no key \"<<\" [T111 unknown-key]\n"},
    {"? [a, b]\n"
     ": c\n",
     "plan.yaml:4:3: error: a key must be text, not a list or a mapping [T114 wrong-kind]\n"},
    {"? {a: b}\n"
     ": c\n",
     "plan.yaml:4:3: error: a key must be text, not a list or a mapping [T114 wrong-kind]\n"},
    {"define: {x: \"a\\0b\"}\n", "plan.yaml:4:15: error: a NUL character is not allowed [T103 yaml-character]\n"},
    {"define: {火: a, x\n", "plan.yaml:5:1: error: did not find expected ',' or '}', while parsing a flow mapping that "
                            "starts in line 4 [T101 yaml-syntax]\n"},
    {"define:\n"
     "  火灾: \"a\n",
     "plan.yaml:6:1: error: found unexpected end of stream, while scanning a quoted scalar that starts in line 5 "
     "[T101 yaml-syntax]\n"},
    {"define:\n"
     "  火: a\n"
     "   x: b\n",
     "plan.yaml:6:5: error: mapping values are not allowed in this context [T101 yaml-syntax]\n"},
    {"define: {x: 火 灾, @y}\n", "plan.yaml:4:18: error: found character that cannot start any token, while scanning "
                                 "for the next token; put text that starts so in quotes [T101 yaml-syntax]\n"},
    {"\tversion: 1\n", "plan.yaml:4:1: error: found character that cannot start any token, while scanning for the next "
                       "token; indent with spaces, not with tabs [T101 yaml-syntax]\n"},
    {"define: {x: \"火\\q\"}\n",
     "plan.yaml:4:15: error: found unknown escape character, while parsing a quoted scalar [T101 yaml-syntax]\n"},
    {"---\n"
     "plan: q\n",
     "plan.yaml:4:1: error: a second document starts here; a plan is one document [T104 yaml-document]\n"},
    {"...\n"
     "---\n"
     "plan: q\n",
     "plan.yaml:5:1: error: a second document starts here; a plan is one document [T104 yaml-document]\n"},
    {"...\n"
     "plan: q\n",
     "plan.yaml:5:1: error: did not find expected <document start> [T101 yaml-syntax]\n"},
};

START_TEST(mistakes_are_reported) {
    char yaml[1024];
    (void)snprintf(yaml, sizeof yaml, "%s%s", LEAST, faults[_i].yaml);
    assert_said(BYTES(yaml), faults[_i].said);
}
END_TEST

static const struct {
    const char *yaml, *said; /* whole files */
} wholes[] = {
    {"", "plan.yaml:1:1: error: the plan is empty [T121 empty]\n"},
    {"# 只有注释\n", "plan.yaml:1:1: error: the plan is empty [T121 empty]\n"},
    {"---\n", "plan.yaml:2:1: error: a plan is empty [T121 empty]\n"},
    {"plan\n", "plan.yaml:1:1: error: a plan must be a mapping (key: value), not text [T114 wrong-kind]\n"},
    {"- a\n", "plan.yaml:1:1: error: a plan must be a mapping (key: value), not a list [T114 wrong-kind]\n"},
    {"plan: p\n", "plan.yaml:1:1: error: a plan needs \"topics\" [T113 missing-key]\n"
                  "plan.yaml:1:1: error: a plan needs \"tiers\" [T113 missing-key]\n"},
    {"plan: p\n"
     "topics: {}\n"
     "tiers: []\n",
     "plan.yaml:2:9: error: \"topics\" is empty [T121 empty]\n"
     "plan.yaml:3:8: error: \"tiers\" is empty [T121 empty]\n"},
    {"plan: p\n"
     "topics: a\n"
     "tiers: b\n",
     "plan.yaml:2:9: error: \"topics\" must be a mapping (key: value), not text [T114 wrong-kind]\n"
     "plan.yaml:3:8: error: \"tiers\" must be a list, not text [T114 wrong-kind]\n"},
    {"topics: {a: {terms: a}}\n"
     "tiers: [{id: t, clauses: [{id: C, when: a}]}]\n",
     "plan.yaml:1:1: warning: the plan has no name; write \"plan: …\" [T113 missing-key]\n"},
    {"plan: p\n"
     "topics: {a: {}, b: x, c: [d], d: , e: {terms: []}, f: {terms: ''}, g: {terms: x, bounds: wrd}}\n"
     "tiers: [{id: t, clauses: [{id: C, when: a}]}]\n",
     "plan.yaml:2:13: error: a topic needs \"terms\" [T113 missing-key]\n"
     "plan.yaml:2:20: error: a topic must be a mapping (key: value), not text [T114 wrong-kind]\n"
     "plan.yaml:2:26: error: a topic must be a mapping (key: value), not a list [T114 wrong-kind]\n"
     "plan.yaml:2:34: error: a topic is empty [T121 empty]\n"
     "plan.yaml:2:47: error: \"terms\" is empty [T121 empty]\n"
     "plan.yaml:2:63: error: \"terms\" is empty [T121 empty]\n"
     "plan.yaml:2:90: error: unknown bounds \"wrd\"; did you mean \"word\"? There is auto, word, none [T115 "
     "bad-value]\n"},
    {"plan: p\n"
     "topics: {a: {terms: a}}\n"
     "tiers:\n"
     "  - {id: none, clauses: [{id: C, when: a}]}\n"
     "  - {id: 火 , clauses: [{id: C, when: b}]}\n"
     "  - {clauses: [{when: a}]}\n"
     "  - {id: x, clauses: []}\n"
     "  - {id: y}\n"
     "  - {id: z, clauses: {id: D}}\n"
     "  - {id: w, clauses: [G1]}\n",
     "plan.yaml:4:10: error: \"none\" is the tier of documents for which no clause holds and cannot be a tier's id "
     "[T119 reserved-id]\n"
     "plan.yaml:5:29: error: the clause id \"C\" is taken already, in line 4 [T118 duplicate-id]\n"
     "plan.yaml:6:5: error: a tier needs \"id\" [T113 missing-key]\n"
     "plan.yaml:6:16: error: a clause needs \"id\" [T113 missing-key]\n"
     "plan.yaml:7:22: error: \"clauses\" is empty [T121 empty]\n"
     "plan.yaml:8:5: error: a tier needs \"clauses\" [T113 missing-key]\n"
     "plan.yaml:9:22: error: \"clauses\" must be a list, not a mapping (key: value) [T114 wrong-kind]\n"
     "plan.yaml:10:23: error: a clause must be a mapping (key: value), not text [T114 wrong-kind]\n"},
    {"plan: p\n"
     "topics: {a: {terms: a}\n"
     "tiers: [{id: t, clauses: []}]\n",
     "plan.yaml:3:1: error: did not find expected ',' or '}', while parsing a flow mapping that starts in line 2 "
     "[T101 yaml-syntax]\n"},
    {"plan: p\n"
     "version: 1\n"
     "topics: &t\n"
     "  a: {term: x}\n"
     "  b: {terms: [x}\n",
     "plan.yaml:3:9: error: anchor &t: a plan has no tags, anchors or aliases; put the text in quotes if it starts so "
     "[T107 yaml-anchor]\n"
     "plan.yaml:4:6: error: a topic needs \"terms\" [T113 missing-key]\n"
     "plan.yaml:4:7: error: a topic has no key \"term\"; did you mean \"terms\"? [T111 unknown-key]\n"
     "plan.yaml:5:16: error: did not find expected ',' or ']', while parsing a flow sequence [T101 yaml-syntax]\n"},
    {"plan: 火\x01灾\n", "plan.yaml:1:8: error: character U+0001 is not allowed [T103 yaml-character]\n"},
    {"plan: 火\xEF\xBF\xBE\n"
     "x: \x7F\n",
     "plan.yaml:1:8: error: character U+FFFE is not allowed [T103 yaml-character]\n"
     "plan.yaml:2:4: error: character U+007F is not allowed [T103 yaml-character]\n"},
    {"plan: \xFF\n", "plan.yaml:1:7: error: byte 0xFF is not UTF-8; save the plan as UTF-8 [T102 yaml-encoding]\n"},
    {"\xBCƻ\xAE: \xBB\xF0",
     "plan.yaml:1:1: error: byte 0xBC is not UTF-8; save the plan as UTF-8 [T102 yaml-encoding]\n"
     "plan.yaml:1:3: error: byte 0xAE is not UTF-8; save the plan as UTF-8 [T102 yaml-encoding]\n"
     "plan.yaml:1:6: error: byte 0xBB is not UTF-8; save the plan as UTF-8 [T102 yaml-encoding]\n"
     "plan.yaml:1:7: error: byte 0xF0 is not UTF-8; save the plan as UTF-8 [T102 yaml-encoding]\n"},
    {"a: \x80\xE7\x81\n"
     "b: \xED\xA0\x80\n",
     "plan.yaml:1:4: error: byte 0x80 is not UTF-8; save the plan as UTF-8 [T102 yaml-encoding]\n"
     "plan.yaml:1:5: error: byte 0xE7 is not UTF-8; save the plan as UTF-8 [T102 yaml-encoding]\n"
     "plan.yaml:2:4: error: byte 0xED is not UTF-8; save the plan as UTF-8 [T102 yaml-encoding]\n"
     "plan.yaml:2:5: error: byte 0xA0 is not UTF-8; save the plan as UTF-8 [T102 yaml-encoding]\n"
     "plan.yaml:2:6: error: byte 0x80 is not UTF-8; save the plan as UTF-8 [T102 yaml-encoding]\n"},
    {"\xEF\xBB\xBFplan: \xEF\xBB\xBFx\n"
     "x: 1\n",
     "plan.yaml:1:1: error: a plan needs \"topics\" [T113 missing-key]\n"
     "plan.yaml:1:1: error: a plan needs \"tiers\" [T113 missing-key]\n"
     "plan.yaml:2:1: error: a plan has no key \"x\" [T111 unknown-key]\n"},
    {"plan: p\n"
     "\x01\n"
     "\x01\n"
     "\x01\n"
     "\x01\n"
     "\x01\n"
     "\x01\n"
     "\x01\n"
     "\x01\n"
     "\x01\n"
     "\x01\n"
     "\x01\n"
     "\x01\n",
     "plan.yaml:2:1: error: character U+0001 is not allowed [T103 yaml-character]\n"
     "plan.yaml:3:1: error: character U+0001 is not allowed [T103 yaml-character]\n"
     "plan.yaml:4:1: error: character U+0001 is not allowed [T103 yaml-character]\n"
     "plan.yaml:5:1: error: character U+0001 is not allowed [T103 yaml-character]\n"
     "plan.yaml:6:1: error: character U+0001 is not allowed [T103 yaml-character]\n"
     "plan.yaml:7:1: error: character U+0001 is not allowed [T103 yaml-character]\n"
     "plan.yaml:8:1: error: character U+0001 is not allowed [T103 yaml-character]\n"
     "plan.yaml:9:1: error: character U+0001 is not allowed [T103 yaml-character]\n"
     "plan.yaml:10:1: error: character U+0001 is not allowed [T103 yaml-character]\n"
     "plan.yaml:11:1: error: character U+0001 is not allowed [T103 yaml-character]\n"
     "plan.yaml:13:1: error: and 2 more such places up to here [T102 yaml-encoding]\n"},
};

START_TEST(mistakes_of_whole_files_are_reported) { assert_said(BYTES(wholes[_i].yaml), wholes[_i].said); }
END_TEST

START_TEST(ten_mistakes_are_ten_diagnostics) {
    static const char yaml[] = "plan: p\n"
                               "verzion: 1\n"
                               "topics:\n"
                               "  火 情: {terms: a.txt}\n"
                               "  near: {terms: b.txt}\n"
                               "  neg: {bounds: auto}\n"
                               "  neg: {terms: c.txt}\n"
                               "attention: {reach: {high: many}, words: ned}\n"
                               "tiers:\n"
                               "  - {id: t, clauses: []}\n"
                               "  - {id: t, clauses: [{id: A, when: neg}, {id: B}]}\n";
    assert_said(
        BYTES(yaml),
        "plan.yaml:2:1: error: a plan has no key \"verzion\"; did you mean \"version\"? [T111 unknown-key]\n"
        "plan.yaml:4:4: error: the id \"火 情\" of a topic has ' ' inside; ids are made of letters, Chinese "
        "characters, digits, _ and single - between them, and start with a letter, a Chinese character or _ [T117 "
        "bad-id]\n"
        "plan.yaml:5:3: error: \"near\" is a word of the rule language and cannot be a topic's id [T119 reserved-id]\n"
        "plan.yaml:6:8: error: a topic needs \"terms\" [T113 missing-key]\n"
        "plan.yaml:7:3: error: \"neg\" is written a second time; first in line 6 [T112 duplicate-key]\n"
        "plan.yaml:8:27: error: \"high\" must be a whole number from 0 to 18446744073709551615, not \"many\" "
        "[T116 bad-number]\n"
        "plan.yaml:8:41: error: unknown topic \"ned\"; did you mean \"neg\"? [T120 unknown-topic]\n"
        "plan.yaml:10:22: error: \"clauses\" is empty [T121 empty]\n"
        "plan.yaml:11:10: error: the tier id \"t\" is taken already, in line 10 [T118 duplicate-id]\n"
        "plan.yaml:11:43: error: a clause needs \"when\" [T113 missing-key]\n");
}
END_TEST

#define A50 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"
#define A250 A50 A50 A50 A50 A50
#define ATTENTION "attention: {words: 火}\ntiers: [{id: t, clauses: [{id: C, when: b}]}]\n"

/* If there are many or long names, as many are listed as there is room for. */
START_TEST(lists_of_known_names_are_shortened) {
    assert_said(BYTES("plan: p\ntopics: {" A50 "1: {terms: a}, " A50 "2: {terms: a}, " A50 "3: {terms: a}, " A50
                      "4: {terms: a}, " A50 "5: {terms: a}}\n" ATTENTION),
                "plan.yaml:3:20: error: unknown topic \"火\"; there is " A50 "1, " A50 "2, " A50 "3, " A50
                "4, … [T120 unknown-topic]\n");
    assert_said(BYTES("plan: p\ntopics: {" A250 "6: {terms: a}, b: {terms: a}}\n" ATTENTION),
                "plan.yaml:2:10: error: the id "
                "\"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeaaaaaaaaaabbbbbbbbbbccccccccccdddddddddde…\" of a "
                "topic has more than 128 bytes [T117 bad-id]\n"
                "plan.yaml:3:20: error: unknown topic \"火\"; there is … [T120 unknown-topic]\n");
}
END_TEST

START_TEST(nul_and_control_characters_are_refused) {
    static const char yaml[] = "plan: a\0b\n";
    assert_said((tocsin_bytes){yaml, sizeof yaml - 1},
                "plan.yaml:1:8: error: character U+0000 is not allowed [T103 yaml-character]\n");
}
END_TEST

START_TEST(aliases_are_refused_before_they_expand) {
    tocsin_buffer yaml;
    tocsin_buffer_init(&yaml, NULL);
    (void)tocsin_buffer_append(&yaml, "a0: &a0 [x,x]\n", 14);
    for (int i = 1; i < 40; i++) {
        char line[128];
        int n = snprintf(line, sizeof line, "a%d: &a%d [*a%d,*a%d,*a%d,*a%d]\n", i, i, i - 1, i - 1, i - 1, i - 1);
        (void)tocsin_buffer_append(&yaml, line, (size_t)n);
    }
    tocsin_diagnostics *diagnostics = NULL;
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &diagnostics), TOCSIN_OK);
    tocsin__plan_description *plan = read_plan((tocsin_bytes){yaml.data, yaml.length}, diagnostics);
    ck_assert_uint_eq(plan->errors, 40 + 39 * 4 + 40 + 2); /* anchors, aliases, unknown keys, topics and tiers */
    ck_assert_uint_lt(plan->arena.total, 1 << 20);
    ck_assert_str_eq(tocsin_diagnostics_at(diagnostics, 0)->message,
                     "anchor &a0: a plan has no tags, anchors or aliases; put the text in quotes if it starts so");
    tocsin__plan_description_release(plan);
    tocsin_diagnostics_free(diagnostics);
    tocsin_buffer_release(&yaml);
}
END_TEST

static const char *const nesting[] = {"[", "{a: ", "- ", "? ", "[{a: ", "{? "};

START_TEST(deep_nesting_ends_at_the_limit) {
    tocsin_buffer yaml;
    tocsin_buffer_init(&yaml, NULL);
    for (int i = 0; i < 100000; i++) (void)tocsin_buffer_append(&yaml, nesting[_i], strlen(nesting[_i]));
    tocsin_diagnostics *diagnostics = NULL;
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &diagnostics), TOCSIN_OK);
    tocsin__plan_description *plan = read_plan((tocsin_bytes){yaml.data, yaml.length}, diagnostics);
    ck_assert_uint_gt(plan->errors, 0);
    int deep = 0;
    for (size_t i = 0; i < tocsin_diagnostics_count(diagnostics); i++) {
        deep += !strcmp(tocsin_diagnostics_at(diagnostics, i)->code, "yaml-depth");
    }
    ck_assert_int_eq(deep, 1);
    tocsin__plan_description_release(plan);
    tocsin_diagnostics_free(diagnostics);
    tocsin_buffer_release(&yaml);
}
END_TEST

START_TEST(too_many_elements_are_refused) {
    tocsin_buffer yaml;
    tocsin_buffer_init(&yaml, NULL);
    while (yaml.length <= TOCSIN__YAML_BYTES_MAX) (void)tocsin_buffer_append(&yaml, "- a\n- b\n- c\n- d\n", 16);
    assert_said((tocsin_bytes){yaml.data, TOCSIN__YAML_BYTES_MAX + 1},
                "plan.yaml:1:1: error: the plan has 4194305 bytes; at most 4194304 are read [T002 too-large]\n");
    tocsin__plan_description *plan = read_plan((tocsin_bytes){yaml.data, TOCSIN__YAML_BYTES_MAX}, NULL);
    ck_assert_uint_eq(plan->errors, 2); /* too many values, and not a mapping */
    tocsin__plan_description_release(plan);
    tocsin_buffer_release(&yaml);
}
END_TEST

static size_t mutate(char *yaml, size_t length, size_t room) {
    static const char spice[] = "{}[]:,-?#&*!|>'\"%@`\n \t\\\r0a\xE7\x81\xAB\xC2\x85\xFF\x80";
    for (size_t n = 1 + random_text_below(4); n > 0 && length > 1; n--) {
        size_t at = random_text_below((uint32_t)length), many = 1 + random_text_below(12);
        switch (random_text_below(5)) {
            case 0: yaml[at] = spice[random_text_below(sizeof spice)]; break;
            case 1:
                if (many > length - at) many = length - at;
                memmove(yaml + at, yaml + at + many, length - at - many);
                length -= many;
                break;
            case 2:
                if (length + many > room) break;
                memmove(yaml + at + many, yaml + at, length - at);
                for (size_t i = 0; i < many; i++) yaml[at + i] = spice[random_text_below(sizeof spice)];
                length += many;
                break;
            case 3:
                if (length + many > room || at + many > length) break;
                memmove(yaml + at + many, yaml + at, length - at);
                length += many;
                break;
            default: length = random_text_below(20) ? length : at + 1; break;
        }
    }
    return length;
}

/* Reads every part of a description. */
static size_t touch(const tocsin__plan_text *text) {
    size_t sum = 0;
    if (!text->value) return 0;
    for (size_t i = 0; i <= text->length; i += 1 + text->length / 5) sum += tocsin__plan_locate(text, i).column;
    ck_assert_uint_eq(strlen(text->value), text->length);
    return sum;
}

static size_t touch_all(const tocsin__plan_description *plan) {
    size_t sum = touch(&plan->name) + touch(&plan->version);
    for (size_t i = 0; i < plan->topic_count; i++) sum += touch(&plan->topics[i].id) + plan->topics[i].terms.count;
    for (size_t i = 0; i < plan->define_count; i++) sum += touch(&plan->defines[i].when);
    for (size_t i = 0; i < plan->tier_count; i++) {
        const tocsin__plan_clauses *clauses = &plan->tiers[i].clauses;
        for (size_t j = 0; j < clauses->count; j++) {
            sum += touch(&clauses->items[j].id) + touch(&clauses->items[j].when);
        }
    }
    for (size_t i = 0; i < plan->routes.count; i++) sum += touch(&plan->routes.items[i].when);
    return sum;
}

START_TEST(mutated_plans_are_read_or_refused) {
    random_text_state = 11;
    size_t good = 0, bad = 0, sum = 0;
    for (size_t i = 0; i < 50000; i += WALK_STEP) {
        char *yaml = malloc(sizeof whole + 64); /* of the exact size, so that a byte past the end is noticed */
        ck_assert_ptr_nonnull(yaml);
        memcpy(yaml, whole, sizeof whole - 1);
        size_t length = mutate(yaml, sizeof whole - 1, sizeof whole + 63);
        char *exact = realloc(yaml, length ? length : 1);
        ck_assert_ptr_nonnull(exact);
        tocsin__plan_description *plan = read_plan((tocsin_bytes){exact, length}, NULL);
        sum += touch_all(plan);
        good += plan->errors == 0;
        bad += plan->errors != 0;
        tocsin__plan_description_release(plan);
        free(exact);
    }
    ck_assert_uint_gt(good, 1000 / WALK_STEP);
    ck_assert_uint_gt(bad, 10000 / WALK_STEP);
    ck_assert_uint_gt(sum, 0);
}
END_TEST

static void sweep_plan(const char *yaml, int only_once) {
    for (size_t i = 1, done = 0; !done; i++) {
        failing_allocator s = {.fail_at = i, .fail_onwards = !only_once};
        tocsin_allocator allocator = failing_allocator_get(&s);
        tocsin_diagnostics *diagnostics = NULL;
        tocsin__plan_description *plan = NULL;
        tocsin_status status = tocsin_diagnostics_create(&allocator, &diagnostics);
        if (!status) status = tocsin__plan_description_create("plan.yaml", BYTES(yaml), &allocator, diagnostics, &plan);
        done = s.calls < i;
        ck_assert_int_eq(status, done ? TOCSIN_OK : TOCSIN_ERROR_MEMORY);
        ck_assert_int_eq(plan == NULL, !done);
        tocsin__plan_description_release(plan);
        tocsin_diagnostics_free(diagnostics);
        ck_assert_uint_eq(s.live, 0);
        ck_assert_uint_eq(s.wrong, 0);
        ck_assert_uint_lt(i, 2000);
    }
}

static const int ways_to_fail[] = {0, 1}; /* all from there on, that one alone */

START_TEST(memory_that_runs_out_leaves_nothing_behind) {
    sweep_plan(whole, ways_to_fail[_i]);
    sweep_plan("topics: {and: {terms: [], bounds: x}, a: {}, a: *x}\nx: 1\ntiers: [&a 3, {id: '1'}]\nplan: [",
               ways_to_fail[_i]);
    char large[6000]; /* more than a block of the arena has left */
    (void)snprintf(large, sizeof large, "%sversion: %05500d\n", LEAST, 0);
    sweep_plan(large, ways_to_fail[_i]);
}
END_TEST

TOCSIN_SUITE("plan_yaml",
             TOCSIN_CASE(every_key_is_read) TOCSIN_CASE(missing_keys_have_defaults)
                 TOCSIN_LOOP(versions_are_kept_as_text, versions) TOCSIN_LOOP(mistakes_are_reported, faults)
                     TOCSIN_LOOP(mistakes_of_whole_files_are_reported, wholes)
                         TOCSIN_CASE(ten_mistakes_are_ten_diagnostics) TOCSIN_CASE(lists_of_known_names_are_shortened)
                             TOCSIN_CASE(nul_and_control_characters_are_refused)
                                 TOCSIN_CASE(aliases_are_refused_before_they_expand)
                                     TOCSIN_LOOP(deep_nesting_ends_at_the_limit, nesting)
                                         TOCSIN_CASE(too_many_elements_are_refused)
                                             TOCSIN_CASE(mutated_plans_are_read_or_refused)
                                                 TOCSIN_LOOP(memory_that_runs_out_leaves_nothing_behind, ways_to_fail))
