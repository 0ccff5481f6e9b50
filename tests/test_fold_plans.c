/*
 * Random plans with every fold option, over random texts full of gaps, framed characters, strokes and variants. The
 * engines, the levels of the folder and a text in pieces give one verdict; marked words fold to what their terms fold
 * to.
 */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "base/buffer.h"
#include "classify/scanner_internal.h"
#include "hyperscan_engine.h"
#include "named_sources.h"
#include "random_text.h"
#include "suite.h"
#include "text/fold_level.h"

#define ENGINES 3
#define LONGEST 2048

static const char *const terms[] = {"消防",  "答复",  "咨询台", "卫生间", "vpn",     "119",    "wifi", "sos",
                                    "v.p.n", "消 防", "3.5",    "é1",     "消防119", "取消防", "vp",   "防1"};
static const char *const parts[] = {"消",     "防", "取消", "答", "覆", "复", "諮", "询", "台",
                                    "枱",     "衞", "卫",   "生", "间", "v",  "p",  "n",  "V",
                                    "Ｐ",     "ɴ",  "1",    "1",  "9",  "１", "❶",  "❾",  "1\uFE0F\u20E3",
                                    "wi",     "fi", "🆘",    "s",  "o",  "3",  "5",  "é",  "e",
                                    "é\u0336"};
static const char *const gaps[] = {"。",     "！",     "!",  "?",  ";",        "…",  "‼",      "\n",     "\r\n",
                                   ".",      ". ",     "·",  "、", "，",       " ",  "\u3000", "-",      "￥",
                                   "～",     "+",      "★",  "🔥",  "👍🏽", "🇨🇳", "½",      "\u200B", "\u0336",
                                   "\u20DD", "\u0301", "㈠", "б",  "￣",       "‾",  "¨",      "\xFF"};

#define PICK(list) ((list)[random_text_below(sizeof(list) / sizeof *(list))])

typedef struct trial {
    char plan[600], list[800], text[LONGEST];
    named_source sources[3];
    tocsin_fold_options fold;
    tocsin_scanner *scanners[ENGINES];
    tocsin_buffer json[2];
    size_t evidence, with_gap;
} trial;

static const char *names_of(uint32_t flags, char *out) {
    static const char *const names[] = {"space", "punct", "symbol"};
    *out = '\0';
    for (size_t i = 0; i < 3; i++) {
        if (flags >> i & 1) strcat(strcat(out, *out ? ", " : ""), names[i]);
    }
    return out;
}

static void make_plan(trial *t) {
    char han[40], latin[40];
    size_t used = (size_t)snprintf(t->list, sizeof t->list, "term,kind,bounds\n");
    t->fold = (tocsin_fold_options){.profile = random_text_below(2) ? TOCSIN_FOLD_NFKC_CF : TOCSIN_FOLD_NFKC_CF_HANS,
                                    .between_han = random_text_below(8),
                                    .between_latin = random_text_below(8)};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        if (!random_text_below(3)) continue;
        used += (size_t)snprintf(t->list + used, sizeof t->list - used, "%s,literal,%s\n", terms[i],
                                 random_text_below(2) ? "none" : "auto");
    }
    (void)snprintf(t->list + used, sizeof t->list - used, "消.防|119?,regex,\n");
    (void)snprintf(
        t->plan, sizeof t->plan,
        "plan: p\nversion: 1\nfold: {profile: %s, between_han: [%s], between_latin: [%s]}\n"
        "topics: {word: {terms: list.csv}}\n"
        "tiers: [{id: t, clauses: [{id: C, when: \"word\"}, {id: D, when: \"sentence(count(word) >= 2)\"}]}]\n",
        t->fold.profile == TOCSIN_FOLD_NFKC_CF ? "nfkc_cf" : "nfkc_cf+hans", names_of(t->fold.between_han, han),
        names_of(t->fold.between_latin, latin));
    t->sources[0] = (named_source){"plan.yaml", t->plan};
    t->sources[1] = (named_source){"list.csv", t->list};
}

static void open_plan(trial *t) {
    static const tocsin_engine engines[ENGINES] = {TOCSIN_ENGINE_FILTER, HYPERSCAN_ENGINE, TOCSIN_ENGINE_NAIVE};
    for (int i = 0; i < ENGINES; i++) {
        tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
        tocsin_plan *plan = NULL;
        tocsin_error error = {0};
        options.engine = engines[i];
        ck_assert_msg(!tocsin_plan_compile(read_named_source, t->sources, "plan.yaml", &options, NULL, &plan, &error),
                      "%s\n%s", error.message, t->plan);
        ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &t->scanners[i], NULL), TOCSIN_OK);
        tocsin_plan_release(plan);
    }
}

static tocsin_bytes make_text(trial *t) {
    size_t used = 0;
    for (uint32_t n = random_text_below(60); n > 0; n--) {
        const char *part = random_text_below(5) < 3 ? PICK(parts) : PICK(gaps);
        if (!random_text_below(9)) part = PICK(terms);
        memcpy(t->text + used, part, strlen(part));
        used += strlen(part);
    }
    return (tocsin_bytes){t->text, used};
}

static const tocsin_verdict *classify(trial *t, int engine, tocsin_bytes text, int which) {
    const tocsin_verdict *verdict = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    document.text = text;
    ck_assert_int_eq(tocsin_classify(t->scanners[engine], &document, &verdict, NULL), TOCSIN_OK);
    t->json[which].length = 0;
    ck_assert_int_eq(tocsin_verdict_to_json(verdict, &t->json[which]), TOCSIN_OK);
    return verdict;
}

static void expect_same(const trial *t, const char *how) {
    ck_assert_msg(t->json[0].length == t->json[1].length &&
                      !memcmp(t->json[0].data, t->json[1].data, t->json[0].length),
                  "%s:\n%.*s\nand not\n%.*s\n%s", how, (int)t->json[1].length, t->json[1].data, (int)t->json[0].length,
                  t->json[0].data, t->plan);
}

static void in_pieces(trial *t, tocsin_bytes text) {
    tocsin_stream *stream = NULL;
    const tocsin_verdict *verdict = NULL;
    ck_assert_int_eq(tocsin_stream_create(t->scanners[0], &stream, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_stream_begin(stream, NULL, NULL), TOCSIN_OK);
    for (size_t at = 0, length; at < text.length; at += length) {
        length = 1 + random_text_below(7);
        if (length > text.length - at) length = text.length - at;
        ck_assert_int_eq(tocsin_stream_write(stream, TOCSIN_FIELD_TEXT, text.data + at, length, NULL), TOCSIN_OK);
    }
    ck_assert_int_eq(tocsin_stream_end(stream, &verdict, NULL), TOCSIN_OK);
    t->json[1].length = 0;
    ck_assert_int_eq(tocsin_verdict_to_json(verdict, &t->json[1]), TOCSIN_OK);
    expect_same(t, "in pieces");
    tocsin_stream_free(stream);
}

/* The text that a literal's evidence marks folds to text that contains the folded literal. */
static void check_marks(trial *t, const tocsin_verdict *verdict, tocsin_bytes text) {
    tocsin_folder *marked = NULL, *term = NULL;
    tocsin_bytes a, b;
    ck_assert_int_eq(tocsin_folder_create(&t->fold, NULL, &marked), TOCSIN_OK);
    ck_assert_int_eq(tocsin_folder_create(&t->fold, NULL, &term), TOCSIN_OK);
    for (size_t i = 0; i < verdict->evidence_count; i++) {
        const tocsin_evidence *e = tocsin_verdict_evidence(verdict, i);
        if (memchr(e->term.data, '|', e->term.length)) continue; /* the regex */
        ck_assert_int_eq(tocsin_fold(marked, text.data + e->start, e->end - e->start, &a), TOCSIN_OK);
        ck_assert_int_eq(tocsin_fold(term, e->term.data, e->term.length, &b), TOCSIN_OK);
        size_t at = 0; /* a marked character may contain more than the term: ½ for 1 */
        while (at + b.length <= a.length && memcmp(a.data + at, b.data, b.length) != 0) at++;
        ck_assert_msg(at + b.length <= a.length, "%.*s is marked for %.*s", (int)(e->end - e->start),
                      text.data + e->start, (int)e->term.length, e->term.data);
        t->evidence++;
        t->with_gap += e->end - e->start > e->term.length + 2;
    }
    tocsin_folder_free(marked);
    tocsin_folder_free(term);
}

static void compare_all(trial *t, tocsin_bytes text) {
    check_marks(t, classify(t, 0, text, 0), text);
    for (int i = 1; i < ENGINES; i++) {
        (void)classify(t, i, text, 1);
        expect_same(t, i == 1 ? "hyperscan" : "naive");
    }
    for (int level = 0; level < TOCSIN__FOLD_LEVELS; level++) {
        if (!tocsin__fold_set_level(t->scanners[2]->folders[TOCSIN_FIELD_TEXT], (tocsin__fold_level)level)) continue;
        (void)classify(t, 2, text, 1);
        expect_same(t, "a level of the folder");
    }
    in_pieces(t, text);
}

START_TEST(random_plans_with_fold_options_agree) {
    static trial t;
    random_text_state = 20;
    for (int i = 0; i < 2; i++) tocsin_buffer_init(&t.json[i], NULL);
    for (int round = 0; round < 150; round++) {
        make_plan(&t);
        open_plan(&t);
        for (int document = 0; document < 60; document++) compare_all(&t, make_text(&t));
        for (int i = 0; i < ENGINES; i++) tocsin_scanner_free(t.scanners[i]);
    }
    ck_assert_uint_ge(t.evidence, 10000);
    ck_assert_uint_ge(t.with_gap, 850);
    for (int i = 0; i < 2; i++) tocsin_buffer_release(&t.json[i]);
}
END_TEST

TOCSIN_SUITE("fold in plans", TOCSIN_CASE(random_plans_with_fold_options_agree))
