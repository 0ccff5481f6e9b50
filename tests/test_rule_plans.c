/*
 * Random whole plans, with every operator of the rule language, over random texts. The engines, the levels of the
 * folder and a text in pieces give one verdict. And a change that an explanation offers, made in the document itself,
 * makes the clause hold: other facts, a word more, a word less.
 */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "base/buffer.h"
#include "classify/scanner_internal.h"
#include "hyperscan_engine.h"
#include "named_sources.h"
#include "rule_naive.h"
#include "rule_world.h"
#include "suite.h"
#include "text/fold_level.h"

#define CLAUSES 4
#define ENGINES 3
#define LONGEST 4096

/* Two words for each topic, of characters that no other word has; the last word belongs to two topics. */
static const char *const words[WORLD_TOPICS][2] = {{"消防", "队员"}, {"推诿", "迟到"}, {"辟谣", "不实"},
                                                   {"着火", "浓烟"}, {"爆炸", "燃气"}, {"城东", "浓烟"}};

typedef struct world {
    world_random random;
    naive_forest forest;
    tocsin_buffer plan, json[2];
    char lists[WORLD_TOPICS][64], names[WORLD_TOPICS][24];
    named_source sources[WORLD_TOPICS + 2];
    tocsin_scanner *scanners[ENGINES];
    char title[LONGEST], text[LONGEST];
    tocsin_document document;
    size_t held, facts, more, less;
} world;

static void put(tocsin_buffer *out, const char *text) { (void)tocsin__buffer_puts(out, text); }

/* Clauses may not ask for clauses or tiers. */
static void make_rule(world *w, tocsin_buffer *out) {
    naive_node *tree = naive_make(&w->forest, &w->random, 2 + (int)world_below(&w->random, 4));
    for (size_t i = 0; i < w->forest.used; i++) {
        naive_node *node = &w->forest.nodes[i];
        const int elsewhere = node->kind == NAIVE_TIER || node->kind == NAIVE_CLAUSE;
        if (!elsewhere && node->kind != NAIVE_LEARNED) continue; /* clauses ask for no tier; the plan has no weights */
        node->kind = world_below(&w->random, 2) ? NAIVE_REACH : NAIVE_ATTENTION;
        node->value = (int)world_below(&w->random, node->kind == NAIVE_REACH ? 12 : TOCSIN_ATTENTION_COUNT);
        if (!node->compare || *node->compare == 'i' || *node->compare == 'n') node->compare = ">=";
    }
    naive_write(tree, &w->random, out);
}

static void make_plan(world *w) {
    w->plan.length = 0;
    put(&w->plan,
        "plan: chance\nversion: \"1\"\nattention: {reach: {elevated: 4, high: 9}, words: rebuttal}\ntopics:\n");
    for (int t = 0; t < WORLD_TOPICS; t++) {
        (void)snprintf(w->names[t], sizeof w->names[t], "%d.csv", t);
        (void)snprintf(w->lists[t], sizeof w->lists[t], "term,weight\n%s,1\n%s,0.5\n", words[t][0], words[t][1]);
        w->sources[t] = (named_source){w->names[t], w->lists[t]};
        (void)tocsin__buffer_printf(&w->plan, "  %s: {terms: %s}\n", world_names.topics[t], w->names[t]);
    }
    put(&w->plan, "tiers:\n  - id: found\n    clauses:\n");
    for (int i = 0; i < CLAUSES; i++) {
        const size_t from = w->plan.length;
        (void)tocsin__buffer_printf(&w->plan, "      - {id: C%d, when: \"", i);
        const size_t rule = w->plan.length;
        make_rule(w, &w->plan);
        for (size_t at = rule; at < w->plan.length; at++) {
            if (w->plan.data[at] == '\n') w->plan.data[at] = ' ';
        }
        put(&w->plan, "\"}\n");
        ck_assert_uint_gt(w->plan.length, from);
    }
    w->sources[WORLD_TOPICS] = (named_source){"plan.yaml", w->plan.data};
    w->sources[WORLD_TOPICS + 1] = (named_source){NULL, NULL};
}

static int open_plan(world *w) {
    static const tocsin_engine engines[ENGINES] = {TOCSIN_ENGINE_FILTER, HYPERSCAN_ENGINE, TOCSIN_ENGINE_NAIVE};
    for (int i = 0; i < ENGINES; i++) {
        tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
        tocsin_plan *plan = NULL;
        tocsin_error error = {0};
        options.engine = engines[i];
        ck_assert_msg(!tocsin_plan_compile(read_named_source, w->sources, "plan.yaml", &options, NULL, &plan, &error),
                      "%s\n%s", error.message, w->plan.data);
        ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &w->scanners[i], NULL), TOCSIN_OK);
        tocsin_plan_release(plan);
    }
    return 1;
}

static size_t write_text(world *w, char *out, uint32_t most) {
    static const char *const between[] = {"。", "！", "!",          "?",  "\n",   "，",
                                          "又", "来", "一二三四五", "了", "v1.2", "‼"};
    size_t used = 0;
    for (uint32_t i = world_below(&w->random, most + 1); i > 0; i--) {
        const char *part = world_below(&w->random, 2)
                               ? words[world_below(&w->random, WORLD_TOPICS)][world_below(&w->random, 2)]
                               : between[world_below(&w->random, sizeof between / sizeof *between)];
        memcpy(out + used, part, strlen(part));
        used += strlen(part);
    }
    return used;
}

static void make_document(world *w) {
    w->document = (tocsin_document)TOCSIN_DOCUMENT_INIT;
    w->document.title = (tocsin_bytes){w->title, write_text(w, w->title, 5)};
    w->document.text = (tocsin_bytes){w->text, write_text(w, w->text, 20)};
    w->document.venue = (tocsin_venue)world_below(&w->random, TOCSIN_VENUE_COUNT);
    w->document.reach = world_below(&w->random, 12);
    if (!world_below(&w->random, 3)) {
        w->document.attention = (tocsin_attention)world_below(&w->random, TOCSIN_ATTENTION_COUNT);
    }
}

static void to_json(const tocsin_verdict *verdict, tocsin_buffer *json) {
    json->length = 0;
    ck_assert_int_eq(tocsin_verdict_to_json(verdict, json), TOCSIN_OK);
}

static void expect_same(const world *w, const char *how) {
    ck_assert_msg(w->json[0].length == w->json[1].length &&
                      !memcmp(w->json[0].data, w->json[1].data, w->json[0].length),
                  "%s:\n%s\nand not\n%s\n%s", how, w->json[1].data, w->json[0].data, w->plan.data);
}

static void classify(tocsin_scanner *scanner, const tocsin_document *document, tocsin_buffer *json) {
    const tocsin_verdict *verdict = NULL;
    ck_assert_int_eq(tocsin_classify(scanner, document, &verdict, NULL), TOCSIN_OK);
    to_json(verdict, json);
}

static void in_pieces(world *w) {
    tocsin_stream *stream = NULL;
    const tocsin_verdict *verdict = NULL;
    tocsin_document facts = w->document;
    facts.title = facts.text = (tocsin_bytes){NULL, 0};
    ck_assert_int_eq(tocsin_stream_create(w->scanners[0], &stream, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_stream_begin(stream, &facts, NULL), TOCSIN_OK);
    for (int field = 0; field < TOCSIN_FIELD_COUNT; field++) {
        const tocsin_bytes all = field == TOCSIN_FIELD_TITLE ? w->document.title : w->document.text;
        for (size_t at = 0, length; at < all.length; at += length) {
            length = 1 + world_below(&w->random, 9);
            if (length > all.length - at) length = all.length - at;
            ck_assert_int_eq(tocsin_stream_write(stream, (tocsin_field)field, all.data + at, length, NULL), TOCSIN_OK);
        }
    }
    ck_assert_int_eq(tocsin_stream_end(stream, &verdict, NULL), TOCSIN_OK);
    to_json(verdict, &w->json[1]);
    expect_same(w, "in pieces");
    tocsin_stream_free(stream);
}

static void compare_all(world *w) {
    classify(w->scanners[0], &w->document, &w->json[0]);
    for (int i = 1; i < ENGINES; i++) {
        classify(w->scanners[i], &w->document, &w->json[1]);
        expect_same(w, i == 1 ? "hyperscan" : "naive");
    }
    for (int level = 0; level < 3; level++) {
        int there = 1;
        for (int field = 0; field < TOCSIN_FIELD_COUNT; field++) {
            there &= tocsin__fold_set_level(w->scanners[2]->folders[field], (tocsin__fold_level)level);
        }
        classify(w->scanners[2], &w->document, &w->json[1]);
        if (there) expect_same(w, "a level of the folder");
    }
    in_pieces(w);
}

/* ---- what is offered ---- */

static int holds(world *w, uint32_t clause, const tocsin_document *document) {
    const tocsin_verdict *verdict = NULL;
    ck_assert_int_eq(tocsin_classify(w->scanners[2], document, &verdict, NULL), TOCSIN_OK);
    for (size_t i = 0; i < verdict->clause_count; i++) {
        if (tocsin_verdict_clause(verdict, i)->index == clause) return 1;
    }
    return 0;
}

typedef struct change {
    tocsin_document document;
    char title[2 * LONGEST], text[2 * LONGEST];
    int facts, more, less, other;
} change;

static void append(char *into, tocsin_bytes *field, const char *word) {
    if (field->data != into) memcpy(into, field->data, field->length);
    const int length = snprintf(into + field->length, LONGEST, "\n%0200d%s%0200d\n", 0, word, 0);
    *field = (tocsin_bytes){into, field->length + (size_t)length};
}

static int topic_of(const char *name, size_t length) {
    for (int t = 0; t < WORLD_TOPICS; t++) {
        if (strlen(world_names.topics[t]) == length && !strncmp(world_names.topics[t], name, length)) return t;
    }
    ck_abort_msg("no topic is called %s", name);
    return 0;
}

/* Replaces every word of a topic in a text by other text of the same length. */
static void take_out(char *into, tocsin_bytes *field, int topic) {
    if (field->data != into && field->length) memcpy(into, field->data, field->length);
    *field = (tocsin_bytes){into, field->length};
    for (size_t at = 0; at + 6 <= field->length; at++) {
        for (int i = 0; i < 2; i++) {
            if (!memcmp(into + at, words[topic][i], 6)) memcpy(into + at, "去去", 6);
        }
    }
}

/* `other`: if a change offers more than one position or member, the other one. */
static void apply(change *c, const char *text, int other) {
    char name[32], second[32], where[32];
    unsigned long long low, high;
    int used = 0;
    tocsin_document *d = &c->document;
    if (sscanf(text, "venue were %31s or %31s", name, second) >= 1) {
        c->facts++;
        if (!other || !strstr(text, " or ")) second[0] = '\0';
        const char *chosen = *second ? second : name;
        ck_assert(tocsin_venue_from_name(chosen, strlen(chosen), &d->venue));
    } else if (sscanf(text, "reach were at least %llu", &low) == 1) {
        c->facts++;
        d->reach = other ? low + 1000000000 : low;
    } else if (sscanf(text, "reach were at most %llu", &high) == 1) {
        c->facts++;
        d->reach = other ? 0 : high;
    } else if (sscanf(text, "reach were from %llu to %llu", &low, &high) == 2) {
        c->facts++;
        d->reach = other ? high : low;
    } else if (sscanf(text, "reach were %llu", &low) == 1) {
        c->facts++;
        d->reach = low;
    } else if (sscanf(text, "attention were %31s", name) == 1) {
        c->facts++;
        for (int i = 0; i < TOCSIN_ATTENTION_COUNT; i++) {
            if (!strcmp(tocsin_attention_name((tocsin_attention)i), name)) d->attention = (tocsin_attention)i;
        }
    } else if (sscanf(text, "a word of topic %31s were %31[a-z ]%n", name, where, &used) == 2 && !text[used]) {
        const char *word = words[topic_of(name, strlen(name))][0];
        if (!strcmp(where, "there") || !strcmp(where, "in the text")) {
            append(c->text, &d->text, word);
        } else if (!strcmp(where, "in the title")) {
            append(c->title, &d->title, word);
        } else {
            c->other++;
        }
        c->more++;
    } else if (sscanf(text, "no word of topic %31s were %31[a-z ]%n", name, where, &used) == 2 && !text[used]) {
        const int topic = topic_of(name, strlen(name));
        const int title = !strcmp(where, "in the title"), there = !strcmp(where, "there");
        if (there || title) take_out(c->title, &d->title, topic);
        if (there || !strcmp(where, "in the text")) take_out(c->text, &d->text, topic);
        c->other += (!there && !title && strcmp(where, "in the text") != 0) || topic == 3 || topic == 5;
        c->less++;
    } else {
        c->other++;
    }
}

static void do_as_told(world *w, const tocsin_explanation *e, size_t clause, int other) {
    static change c;
    const tocsin_explained_clause *told = tocsin_explanation_clause(e, clause);
    memset(&c, 0, sizeof c);
    c.document = w->document;
    for (size_t i = 0; i < told->obstacle_count; i++) apply(&c, tocsin_explained_obstacle(told, i)->change, other);
    if (!told->obstacle_count || c.other) return; /* changes with a position are tested in test_rule_explain.c */
    tocsin_buffer changes;
    tocsin_buffer_init(&changes, NULL);
    for (size_t i = 0; i < told->obstacle_count; i++) {
        (void)tocsin__buffer_printf(&changes, "%s; ", tocsin_explained_obstacle(told, i)->change);
    }
    ck_assert_msg(holds(w, told->index, &c.document), "%s does not hold with: %s\n%s\n%.*s\n%.*s", told->id,
                  changes.data, w->plan.data, (int)w->document.title.length, w->title, (int)w->document.text.length,
                  w->text);
    tocsin_buffer_release(&changes);
    w->facts += (size_t)c.facts;
    w->more += (size_t)c.more;
    w->less += (size_t)c.less;
}

static void follow_explanation(world *w) {
    const tocsin_explanation *e = NULL;
    ck_assert_int_eq(tocsin_explain(w->scanners[0], &w->document, &e, NULL), TOCSIN_OK);
    for (size_t i = 0; i < e->clause_count; i++) {
        w->held += (size_t)tocsin_explanation_clause(e, i)->holds;
        if (tocsin_explanation_clause(e, i)->holds) continue;
        do_as_told(w, e, i, 0);
        do_as_told(w, e, i, 1);
    }
}

START_TEST(plans_by_chance) {
    static world w;
    w.random.state = 18;
    tocsin_buffer_init(&w.plan, NULL);
    for (int i = 0; i < 2; i++) tocsin_buffer_init(&w.json[i], NULL);
    for (int round = 0; round < 400; round++) {
        make_plan(&w);
        (void)open_plan(&w);
        for (int document = 0; document < 20; document++) {
            make_document(&w);
            compare_all(&w);
            follow_explanation(&w);
        }
        for (int i = 0; i < ENGINES; i++) tocsin_scanner_free(w.scanners[i]);
    }
    ck_assert_uint_ge(w.held, 3000);
    ck_assert_uint_ge(w.facts, 2000);
    ck_assert_uint_ge(w.more, 500);
    ck_assert_uint_ge(w.less, 100);
    tocsin_buffer_release(&w.plan);
    for (int i = 0; i < 2; i++) tocsin_buffer_release(&w.json[i]);
}
END_TEST

TOCSIN_SUITE("rules in plans", TOCSIN_CASE(plans_by_chance))
