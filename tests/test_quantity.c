/*
 * Quantities: spans and values by hand; random texts with every engine, in pieces and from a reloaded image, compared
 * with an oracle that looks at every byte; rows that a list may not contain.
 */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "hyperscan_engine.h"
#include "named_sources.h"
#include "random_text.h"
#include "suite.h"
#include "text/numeral.h"

static named_source sources[] = {
    {"plan.yaml", "plan: test\n"
                  "topics: {toll: {terms: toll.csv}, wait: {terms: wait.csv}, word: {terms: word.txt}}\n"
                  "tiers:\n"
                  "  - {id: any, clauses: [{id: T, when: toll}, {id: W, when: wait}]}\n"
                  "  - id: grave\n"
                  "    clauses:\n"
                  "      - {id: T3, when: value(toll) >= 3}\n"
                  "      - {id: T0, when: value(toll) < 3}\n"
                  "      - {id: W30, when: value(wait) > 30}\n"
                  "      - {id: N, when: value(toll near/6 word) >= 2.5}\n"},
    {"toll.csv",
     "term,kind\n{n}人死亡,quantity\n死亡{n}人,quantity\n{n} 名工人遇难,quantity\n人死亡,\n伤亡{n},quantity\n"},
    {"wait.csv", "term,kind,unit,unless\n等了{n}分钟,quantity,,\n{n}个小时,quantity,60,24个小时\n{n}小时,quantity,60,\n"
                 "晚到{n}秒,quantity,0.5,\n{n}度,quantity,,\n"},
    {"word.txt", "消防\n"},
    {NULL, NULL},
};

static tocsin_plan *make_plan(tocsin_engine engine) {
    tocsin_plan *plan = NULL;
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_error error = {0};
    options.engine = engine;
    ck_assert_msg(!tocsin_plan_compile(read_named_source, sources, "plan.yaml", &options, NULL, &plan, &error), "%s",
                  error.message);
    return plan;
}

static tocsin_plan *reload(const tocsin_plan *plan) {
    tocsin_plan *made = NULL;
    tocsin_image *image = NULL;
    tocsin_buffer bytes;
    tocsin_buffer_init(&bytes, NULL);
    ck_assert_int_eq(tocsin_plan_save_to_buffer(plan, &bytes, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_image_read(bytes.data, bytes.length, NULL, &image, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_from_image(image, NULL, NULL, &made, NULL), TOCSIN_OK);
    tocsin_image_free(image);
    tocsin_buffer_release(&bytes);
    return made;
}

/* The clauses that hold, and the evidence of the first two, which have all hits: text=value. */
static void say(const tocsin_verdict *v, char *out, size_t room) {
    size_t n = 0;
    for (size_t i = 0; i < v->clause_count; i++)
        n += (size_t)snprintf(out + n, room - n, "%s ", tocsin_verdict_clause(v, i)->id);
    for (size_t i = 0; i < v->evidence_count && n < room - 100; i++) {
        const tocsin_evidence *e = tocsin_verdict_evidence(v, i);
        if (e->clause > 1) continue;
        n += (size_t)snprintf(out + n, room - n, "[%.*s", (int)e->text.length, e->text.data);
        if (e->has_value) n += (size_t)snprintf(out + n, room - n, "=%.15g", e->value);
        n += (size_t)snprintf(out + n, room - n, "]");
    }
}

static const struct {
    const char *text, *said;
} cases[] = {
    {"12人死亡", "T T3 [12人死亡=12]"},
    {"１２人死亡", "T T3 [１２人死亡=12]"},
    {"38 人死亡", "T T3 [38 人死亡=38]"},
    {"2人死亡", "T T0 [2人死亡=2]"},
    {"两人死亡", "T T0 [两人死亡=2]"},
    {"三十多人死亡", "T T3 [三十多人死亡=30]"},
    {"上百人死亡", "T T3 [上百人死亡=100]"},
    {"十几人死亡", "T T3 [十几人死亡=11]"},
    {"3至5人死亡", "T T3 [3至5人死亡=3]"},
    {"第12人死亡", "T [人死亡]"},
    {"第 12人死亡", "T [人死亡]"},
    {"有人死亡", "T [人死亡]"},
    {"1/3人死亡", "T [人死亡]"},
    {"三分之一人死亡", "T [人死亡]"},
    {"百分之三十人死亡", "T [人死亡]"},
    {"192.168.1.5人死亡", "T [人死亡]"},
    {"1,00,000人死亡", "T [人死亡]"},
    {"零下五人死亡", "T [人死亡]"},
    {"负五人死亡", "T [人死亡]"},
    {"负 5人死亡", "T [人死亡]"},
    {"−5人死亡", "T [人死亡]"},
    {"背负5人死亡", "T T3 [5人死亡=5]"},
    {"勝負五人死亡", "T T3 [五人死亡=5]"},
    {"伤亡名单-5人死亡", "T T3 [5人死亡=5]"},
    {"3−5人死亡", "T T3 [3−5人死亡=3]"},
    {"部分之后5人死亡", "T T3 [5人死亡=5]"},
    {"伤亡1/3", ""},
    {"伤亡三分之一", ""},
    {"伤亡百分之三", ""},
    {"伤亡3/受伤", "T T3 [伤亡3=3]"},
    {"伤亡三分之后", "T T3 [伤亡三=3]"},
    {"5度", "W [5度=5]"},
    {"今天-5度", ""},
    {"今天－５ ℃，-5 度", ""},
    {"20-5度", "W [5度=5]"},
    {"三十八点五度", "W W30 [三十八点五度=38.5]"},
    {"½个小时", "W [½个小时=30]"},
    {"1½个小时", "W W30 [1½个小时=90]"},
    {"10⅒个小时", "W W30 [10⅒个小时=606]"},
    {"死亡12人", "T T3 [死亡12人=12]"},
    {"死亡 12 人", "T T3 [死亡 12 人=12]"},
    {"死亡約30人", "T T3 [死亡約30人=30]"},
    {"死亡超过三十人", "T T3 [死亡超过三十人=30]"},
    {"死亡人数12", ""},
    {"死亡第3人", ""},
    {"死亡1.2万人", "T T3 [死亡1.2万人=12000]"},
    {"死亡1,200人", "T T3 [死亡1,200人=1200]"},
    {"死亡１，２００人", "T T3 [死亡１，２００人=1200]"},
    {"四名工人遇难", "T T3 [四名工人遇难=4]"},
    {"四 名工人遇难", "T T3 [四 名工人遇难=4]"},
    {"伤亡30余", "T T3 [伤亡30余=30]"},
    {"伤亡③", "T T3 [伤亡③=3]"},
    {"等了四十分钟", "W W30 [等了四十分钟=40]"},
    {"等了 约 四十分钟", "W W30 [等了 约 四十分钟=40]"},
    {"等了半个小时", "W [半个小时=30]"},
    {"等了一个半小时", "W W30 [一个半小时=90]"},
    {"等了三个多小时", "W W30 [三个多小时=180]"},
    {"24个小时", ""},
    {"124个小时", "W W30 [124个小时=7440]"},
    {"晚到3秒", "W [晚到3秒=1.5]"},
    {"B12人死亡", "T [人死亡]"},
    {"消防12人死亡", "T T3 N [12人死亡=12]"},
    {"消防2人死亡，后来今天又说12人死亡", "T T3 [2人死亡=2][12人死亡=12]"},
    {"死亡9999999999999人", "T T3 [死亡9999999999999人=1000000000000]"},
};

START_TEST(cases_give_the_expected_values) {
    static const tocsin_engine engines[] = {TOCSIN_ENGINE_FILTER, HYPERSCAN_ENGINE, TOCSIN_ENGINE_NAIVE};
    tocsin_plan *plan = make_plan(engines[_i % 3]);
    tocsin_scanner *scanner = NULL;
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char said[600] = "";
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        const tocsin_verdict *verdict = NULL;
        document.text = (tocsin_bytes){cases[i].text, strlen(cases[i].text)};
        ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
        say(verdict, said, sizeof said);
        ck_assert_msg(!strcmp(said, cases[i].said), "%s: %s", cases[i].text, said);
        const int bounded = strstr(cases[i].text, "9999999999999") != NULL;
        ck_assert_int_eq((verdict->incomplete & TOCSIN_INCOMPLETE_VALUES) != 0, bounded);
    }
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

static size_t make_text(char *out, size_t parts) {
    static const char *const words[] = {
        "人死亡", "死亡", "人",   "等了", "分钟", "个小时", "小时", "伤亡", "消防",       "第", "。", " ",  "3",
        "12",     "一",   "三十", "两",   "多",   "半",     "个",   "十",   "百",         "万", "几", "数", "上",
        "近",     "至",   "-",    ",",    ".",    "1,200",  "约",   "９",   "名工人遇难", "名", "x"};
    size_t length = 0;
    for (size_t i = 0; i < parts; i++) {
        const char *word = words[random_text_below(sizeof words / sizeof *words)];
        memcpy(out + length, word, strlen(word));
        length += strlen(word);
    }
    return length;
}

typedef struct found {
    uint64_t sum; /* of hashes of occurrences, so that their order does not matter */
    size_t count;
} found;

static void note(found *f, size_t start, size_t end, uint32_t term) {
    uint64_t hash = (start * UINT64_C(0x9E3779B97F4A7C15) ^ end) * UINT64_C(0xBF58476D1CE4E5B9) + term;
    f->sum += hash ^ hash >> 31;
    f->count++;
}

static int collect(void *context, const tocsin_occurrence *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (list[i].term == 0 || list[i].term == 1) note(context, list[i].start, list[i].end, list[i].term);
    }
    return 0;
}

static int stands(const char *text, size_t length, size_t at, const char *word) {
    return length - at >= strlen(word) && !memcmp(text + at, word, strlen(word));
}

/* Behind a digit and a point, or a digit and a comma in front of a 0. */
static int is_piece(const char *text, size_t at) {
    if (at < 2 || text[at - 2] < '0' || text[at - 2] > '9') return 0;
    return text[at - 1] == '.' || (text[at - 1] == ',' && text[at] == '0');
}

/* {n}人死亡 and 死亡{n}人 in folded text, at every byte. */
static found look_everywhere(const char *text, size_t length) {
    const tocsin__view view = {text, length, NULL};
    found f = {0, 0};
    for (size_t at = 0; at < length; at++) {
        tocsin__numeral n;
        if (stands(text, length, at, "人死亡")) {
            const size_t end = at && text[at - 1] == ' ' ? at - 1 : at;
            size_t before = 0;
            if (tocsin__numeral_read_before(&view, end, &n)) {
                before = n.start && text[n.start - 1] == ' ' ? n.start - 1 : n.start;
                const int is_ordinal = before >= 3 && !memcmp(text + before - 3, "第", 3);
                if (!is_ordinal && !is_piece(text, n.start)) note(&f, n.start, at + 9, 0);
            }
        }
        if (stands(text, length, at, "死亡")) {
            const size_t from = at + 6 + (at + 6 < length && text[at + 6] == ' ');
            if (!tocsin__numeral_read(&view, from, length, &n)) continue;
            for (int i = 0; i < 4; i++) {
                const size_t end = (i < 2 ? n.end : n.short_end) + (size_t)(i % 2);
                if (i % 2 && (end > length || text[end - 1] != ' ')) continue;
                if (end >= length || !stands(text, length, end, "人")) continue;
                note(&f, at, end + 3, 1);
                break;
            }
        }
    }
    return f;
}

START_TEST(every_engine_finds_the_expected_quantities) {
    static const tocsin_engine engines[] = {TOCSIN_ENGINE_FILTER, HYPERSCAN_ENGINE, TOCSIN_ENGINE_NAIVE};
    static char text[400000];
    size_t hits = 0;
    for (size_t e = 0; e < 3; e++) {
        tocsin_plan *plan = make_plan(engines[e]);
        tocsin_scanner *scanner = NULL;
        ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
        random_text_state = 11;
        for (int round = 0; round < 3000; round++) {
            const size_t parts = round % 300 == 299 ? 30000 : 1 + random_text_below(40);
            size_t length = make_text(text, parts), folded_length = 0;
            for (size_t i = 0; i < length; i++) { /* the one full-width digit */
                if (stands(text, length, i, "９")) {
                    text[folded_length++] = '9';
                    i += 2;
                } else {
                    text[folded_length++] = text[i];
                }
            }
            found got = {0, 0};
            const found wanted = look_everywhere(text, folded_length);
            ck_assert_int_eq(tocsin_scan_folded(scanner, text, folded_length, collect, &got, NULL), TOCSIN_OK);
            ck_assert_msg(got.count == wanted.count && got.sum == wanted.sum, "%s: %zu for %zu in %.*s",
                          tocsin_plan_get_info(plan)->engine, got.count, wanted.count,
                          (int)(parts < 99 ? folded_length : 0), text);
            hits += wanted.count;
        }
        tocsin_scanner_free(scanner);
        tocsin_plan_release(plan);
    }
    ck_assert_uint_gt(hits, 3000);
}
END_TEST

static void verdict_of(tocsin_scanner *scanner, const char *text, size_t length, size_t piece, tocsin_buffer *out) {
    const tocsin_verdict *verdict = NULL;
    out->length = 0;
    if (!piece) {
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        document.text = (tocsin_bytes){text, length};
        ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
        ck_assert_int_eq(tocsin_verdict_to_json(verdict, out), TOCSIN_OK);
        return;
    }
    tocsin_stream *stream = NULL;
    ck_assert_int_eq(tocsin_stream_create(scanner, &stream, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_stream_begin(stream, NULL, NULL), TOCSIN_OK);
    for (size_t at = 0; at < length; at += piece) {
        const size_t part = length - at < piece ? length - at : piece;
        ck_assert_int_eq(tocsin_stream_write(stream, TOCSIN_FIELD_TEXT, text + at, part, NULL), TOCSIN_OK);
    }
    ck_assert_int_eq(tocsin_stream_end(stream, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_verdict_to_json(verdict, out), TOCSIN_OK);
    tocsin_stream_free(stream);
}

START_TEST(engines_pieces_and_images_agree) {
    random_text_state = 7;
    static char text[400000];
    tocsin_plan *plans[4] = {make_plan(TOCSIN_ENGINE_FILTER), make_plan(HYPERSCAN_ENGINE),
                             make_plan(TOCSIN_ENGINE_NAIVE), NULL};
    tocsin_scanner *scanners[4] = {NULL, NULL, NULL, NULL};
    tocsin_buffer first, other;
    size_t graded = 0;
    plans[3] = reload(plans[0]);
    for (int i = 0; i < 4; i++) ck_assert_int_eq(tocsin_scanner_create(plans[i], NULL, &scanners[i], NULL), TOCSIN_OK);
    tocsin_buffer_init(&first, NULL);
    tocsin_buffer_init(&other, NULL);
    for (int round = 0; round < 1500; round++) {
        const size_t length = make_text(text, round % 500 == 499 ? 30000 : 1 + random_text_below(30));
        verdict_of(scanners[0], text, length, 0, &first);
        graded += strstr(first.data, "\"value\"") != NULL;
        for (int i = 0; i < 4; i++) {
            verdict_of(scanners[i], text, length, 1 + random_text_below(length < 1000 ? 9 : 9000), &other);
            ck_assert_str_eq(first.data, other.data);
        }
    }
    ck_assert_uint_gt(graded, 150);
    tocsin_buffer_release(&first);
    tocsin_buffer_release(&other);
    for (int i = 0; i < 4; i++) tocsin_scanner_free(scanners[i]);
    for (int i = 0; i < 4; i++) tocsin_plan_release(plans[i]);
}
END_TEST

/* A numeral longer than a block of text: the hit is the whole numeral, with every engine. */
START_TEST(numerals_longer_than_a_block) {
    static const tocsin_engine engines[] = {TOCSIN_ENGINE_FILTER, HYPERSCAN_ENGINE, TOCSIN_ENGINE_NAIVE};
    static char text[100000];
    memset(text, '7', 70000);
    memcpy(text + 70000, "人死亡", strlen("人死亡"));
    tocsin_plan *plan = make_plan(engines[_i]);
    tocsin_scanner *scanner = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL;
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    document.text = (tocsin_bytes){text, 70000 + strlen("人死亡")};
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_uint_ge(verdict->evidence_count, 1);
    ck_assert_uint_eq(tocsin_verdict_evidence(verdict, 0)->start, 0);
    ck_assert_uint_eq(tocsin_verdict_evidence(verdict, 0)->end, document.text.length);
    ck_assert_int_eq(verdict->incomplete, TOCSIN_INCOMPLETE_VALUES);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

static const struct {
    const char *list, *code, *message;
} bad[] = {
    {"term,kind\n{n},quantity\n", "bad-quantity",
     "the quantity \"{n}\" is a number alone: write text before or after {n}"},
    {"term,kind\n{n}人{n}车,quantity\n", "bad-quantity", "the quantity \"{n}人{n}车\" has two {n}: write one"},
    {"term,kind\n死亡,quantity\n", "bad-quantity", "the quantity \"死亡\" has no {n}, which stands for the number"},
    {"term,kind\n{n}多,quantity\n", "bad-quantity",
     "the quantity \"{n}多\" has only characters beside {n} that numbers are made of: add another one"},
    {"term,kind,unit\n{n}小时,quantity,六十\n", "bad-unit",
     "the unit \"六十\" is not a number above 0 up to 1000000000"},
    {"term,kind,unit\n{n}小时,quantity,0\n", "bad-unit", "the unit \"0\" is not a number above 0 up to 1000000000"},
    {"term,kind,unit\n小时,literal,60\n", "bad-unit",
     "the unit \"60\" has no number to multiply: the kind of the row is not quantity"},
    {"term,kind\n小时,quantitiy\n", "bad-kind", "unknown kind \"quantitiy\"; did you mean \"quantity\"?"},
};

static const char *bad_list;

static tocsin_status read_bad(void *context, const char *name, tocsin_buffer *out) {
    static const char plan[] = "plan: test\ntopics: {a: {terms: a.csv}}\n"
                               "tiers: [{id: found, clauses: [{id: C1, when: a}]}]\n";
    (void)context;
    if (!strcmp(name, "plan.yaml")) return tocsin_buffer_append(out, plan, sizeof plan - 1);
    return tocsin_buffer_append(out, bad_list, strlen(bad_list));
}

START_TEST(wrong_rows_are_reported) {
    tocsin_plan *plan = NULL;
    tocsin_diagnostics *diagnostics = NULL;
    bad_list = bad[_i].list;
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &diagnostics), TOCSIN_OK);
    ck_assert_int_ne(tocsin_plan_compile(read_bad, NULL, "plan.yaml", NULL, diagnostics, &plan, NULL), TOCSIN_OK);
    const tocsin_diagnostic *first = tocsin_diagnostics_at(diagnostics, 0);
    ck_assert_ptr_nonnull(first);
    ck_assert_str_eq(first->code, bad[_i].code);
    ck_assert_str_eq(first->message, bad[_i].message);
    tocsin_diagnostics_free(diagnostics);
}
END_TEST

static const int three[3];

/* Texts in which the fold ignores characters: the number, and the number if nothing is ignored; 0: none. */
static const struct {
    const char *text;
    double loose, plain;
} left_out[] = {{"3-5人死亡", 3, 3},           {"30～40人死亡", 30, 30},     {"３０～４０人死亡", 30, 30},
                {"1.5万人死亡", 15000, 15000}, {"1,200人死亡", 1200, 1200},  {"死亡3，5人", 5, 0},
                {"1 2人死亡", 12, 2},          {"1★2人死亡", 12, 2},         {"3人 死，亡", 3, 0},
                {"死 亡 三 十 人", 30, 0},     {"三十、四十人死亡", 30, 30}, {"约３．５人死🔥亡", 3.5, 0},
                {"①-③人死亡", 1, 1},           {"3——5人死亡", 3, 3},         {"99999999999999-3人死亡", 3, 3},
                {"1/3人死亡", 0, 0},           {"1.2.3人死亡", 0, 0},        {"½人死亡", 0.5, 0.5},
                {"1½人死亡", 1.5, 1.5},        {"死亡1/3人", 0, 0},          {"死亡 2½ 人", 2.5, 2.5}};

static double value_by(const char *fold, const char *text) {
    char plan_text[400];
    snprintf(plan_text, sizeof plan_text,
             "plan: t\nfold: %s\ntopics: {toll: {terms: toll.csv}}\n"
             "tiers: [{id: any, clauses: [{id: T, when: toll}]}]\n",
             fold);
    named_source files[] = {
        {"plan.yaml", plan_text}, {"toll.csv", "term,kind\n{n}人死亡,quantity\n死亡{n}人,quantity\n"}, {NULL, NULL}};
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL;
    ck_assert_int_eq(tocsin_plan_compile(read_named_source, files, "plan.yaml", NULL, NULL, &plan, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    document.text = (tocsin_bytes){text, strlen(text)};
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_uint_le(verdict->evidence_count, 1);
    const double value = verdict->evidence_count ? tocsin_verdict_evidence(verdict, 0)->value : 0;
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
    return value;
}

START_TEST(signs_of_a_number_survive_the_fold) {
    const double loose =
        value_by("{between_han: [space, punct, symbol], between_latin: [space, punct, symbol]}", left_out[_i].text);
    const double plain = value_by("{}", left_out[_i].text),
                 spaces = value_by("{between_han: [space]}", left_out[_i].text);
    ck_assert_msg(loose == left_out[_i].loose, "%s: %g", left_out[_i].text, loose);
    ck_assert_msg(spaces == plain || spaces == loose, "%s: %g", left_out[_i].text, spaces);
    ck_assert_msg(plain == left_out[_i].plain, "%s: %g where nothing is left out", left_out[_i].text, plain);
}
END_TEST

TOCSIN_SUITE("quantity",
             TOCSIN_LOOP(cases_give_the_expected_values, three) TOCSIN_CASE(every_engine_finds_the_expected_quantities)
                 TOCSIN_LOOP(signs_of_a_number_survive_the_fold, left_out) TOCSIN_CASE(engines_pieces_and_images_agree)
                     TOCSIN_LOOP(numerals_longer_than_a_block, three) TOCSIN_LOOP(wrong_rows_are_reported, bad))
