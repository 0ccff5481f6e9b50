/* The scanner against the definitions: which occurrences count, their spans, exact counts under caps, limits, copies.
 */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "classify/lists.h"
#include "random_text.h"
#include "suite.h"

#define TOPICS 3
#define TERMS 8
#define PHRASES 2

typedef struct term {
    char text[40], phrases[PHRASES][80];
    int topic, phrase_count, bounds_none;
} term;

typedef struct world {
    term terms[TERMS];
    int count;
    char csv[4000];
} world;

/* Characters that fold to themselves, some Latin, so that edges matter. */
static const char *const alphabet[] = {"火", "灾", "锅", "a", "b", "1", "火", "灾"};

static void random_word(char *out, uint32_t longest) {
    out[0] = '\0';
    for (uint32_t i = 1 + random_text_below(longest); i; i--) strcat(out, alphabet[random_text_below(8)]);
}

static int is_new(const world *w, const term *t) {
    for (int i = 0; i < w->count; i++) {
        if (w->terms[i].topic == t->topic && !strcmp(w->terms[i].text, t->text)) return 0;
    }
    return 1;
}

static void make_world(world *w) {
    w->count = 0;
    strcpy(w->csv, "term,topic,bounds,unless\n");
    while (w->count < TERMS) {
        term *t = &w->terms[w->count];
        char line[300];
        random_word(t->text, 3);
        t->topic = (int)random_text_below(TOPICS);
        t->bounds_none = random_text_below(4) == 0;
        t->phrase_count = (int)random_text_below(PHRASES + 1);
        for (int p = 0; p < t->phrase_count; p++) {
            char before[20], after[20], middle[sizeof t->text];
            uint32_t sides = 1 + random_text_below(3); /* the lexicon drops a phrase that equals its term */
            random_word(before, 2);
            random_word(after, 2);
            memcpy(middle, t->text, sizeof middle);
            snprintf(t->phrases[p], sizeof t->phrases[p], "%s%s%s", sides & 1 ? before : "", middle,
                     sides & 2 ? after : "");
        }
        if (!is_new(w, t)) continue;
        int n = snprintf(line, sizeof line, "%s,t%d,%s,", t->text, t->topic, t->bounds_none ? "none" : "auto");
        for (int p = 0; p < t->phrase_count; p++) {
            n += snprintf(line + n, sizeof line - (size_t)n, "%s%s", p ? ";" : "", t->phrases[p]);
        }
        strcat(w->csv, line);
        strcat(w->csv, "\n");
        w->count++;
    }
}

static tocsin_status read_world(void *context, const char *name, tocsin_buffer *out) {
    static const char plan[] =
        "plan: test\n"
        "topics: {t0: {terms: all.csv}, t1: {terms: none.txt}, t2: {terms: none.txt}}\n"
        "tiers:\n"
        "  - {id: found, clauses: [{id: C0, when: t0}, {id: C1, when: t1}, {id: C2, when: t2}]}\n";
    const world *w = context;
    if (!strcmp(name, "plan.yaml")) return tocsin_buffer_append(out, plan, sizeof plan - 1);
    if (!strcmp(name, "all.csv")) return tocsin_buffer_append(out, w->csv, strlen(w->csv));
    return tocsin_buffer_append(out, "消防\n", 7);
}

typedef struct span {
    size_t start, end;
    int term;
} span;

static int is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

static int edges_free(const char *text, size_t start, size_t end) {
    if (start > 0 && is_word(text[start]) && is_word(text[start - 1])) return 0;
    return !(text[end] && is_word(text[end - 1]) && is_word(text[end]));
}

static int covered(const char *text, const term *t, size_t start, size_t end) {
    for (int p = 0; p < t->phrase_count; p++) {
        size_t n = strlen(t->phrases[p]);
        for (size_t at = 0; at <= start; at++) {
            if (at + n >= end && at + n <= strlen(text) && !memcmp(text + at, t->phrases[p], n)) return 1;
        }
    }
    return 0;
}

/*
 * The hits of a topic by the definitions: occurrences with free edges that `unless` does not cover and that lie in no
 * longer hit.
 */
static int naive_hits(const world *w, const char *text, int topic, span *out) {
    span found[400];
    int count = 0, kept = 0;
    for (size_t at = 0; text[at]; at++) {
        for (int i = 0; i < w->count; i++) {
            const term *t = &w->terms[i];
            size_t n = strlen(t->text);
            if (t->topic != topic || strncmp(text + at, t->text, n) != 0) continue;
            if (covered(text, t, at, at + n) || (!t->bounds_none && !edges_free(text, at, at + n))) continue;
            found[count++] = (span){at, at + n, i};
        }
    }
    for (int i = 0; i < count; i++) {
        int within = 0;
        for (int j = 0; j < count; j++) {
            int longer = found[j].end - found[j].start > found[i].end - found[i].start;
            within |= longer && found[j].start <= found[i].start && found[j].end >= found[i].end;
        }
        if (!within) out[kept++] = found[i];
    }
    return kept;
}

static void check_document(const world *w, tocsin_scanner *scanner, tocsin_scanner *capped, const char *text) {
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL, *short_verdict = NULL;
    document.text = (tocsin_bytes){text, strlen(text)};
    if (tocsin_classify(scanner, &document, &verdict, NULL)) ck_abort_msg("no verdict for %s", text);
    if (tocsin_classify(capped, &document, &short_verdict, NULL)) ck_abort_msg("no verdict for %s", text);
    size_t e = 0, capped_evidence = 0;
    uint64_t total = 0;
    size_t t = 0;
    for (int topic = 0; topic < TOPICS; topic++) {
        span expected[400];
        int count = naive_hits(w, text, topic, expected);
        if (!count) continue;
        total += (uint64_t)count;
        capped_evidence += count > 2;
        if (tocsin_verdict_topic(verdict, t)->index != (uint32_t)topic ||
            tocsin_verdict_topic(verdict, t)->hits != (uint64_t)count ||
            tocsin_verdict_topic(short_verdict, t)->hits != (uint64_t)count) {
            ck_abort_msg("topic %d of %s\n%s: %d expected", topic, text, w->csv, count);
        }
        t++;
        for (int i = 0; i < count; i++, e++) {
            const tocsin_evidence *found = tocsin_verdict_evidence(verdict, e);
            if (e >= verdict->evidence_count || found->start != expected[i].start || found->end != expected[i].end ||
                memcmp(found->term.data, w->terms[expected[i].term].text, found->term.length) != 0) {
                ck_abort_msg("hit %d of topic %d of %s\n%s", i, topic, text, w->csv);
            }
        }
    }
    if (e != verdict->evidence_count || verdict->incomplete) ck_abort_msg("more evidence than hits in %s", text);
    uint32_t hits = short_verdict->incomplete & TOCSIN_INCOMPLETE_HITS;
    if ((total > 5) != (hits != 0)) ck_abort_msg("%llu hits, incomplete %u", (unsigned long long)total, hits);
    if (total <= 5 && (capped_evidence > 0) != ((short_verdict->incomplete & TOCSIN_INCOMPLETE_EVIDENCE) != 0)) {
        ck_abort_msg("evidence of %s is capped and not flagged", text);
    }
}

static const tocsin_engine engines[] = {TOCSIN_ENGINE_AUTO, HYPERSCAN_ENGINE, TOCSIN_ENGINE_NAIVE};

START_TEST(hits_follow_the_definitions) {
    random_text_state = 11;
    for (int round = 0; round < test_rounds(250); round++) {
        world w;
        tocsin_plan *plan = NULL;
        tocsin_scanner *scanner = NULL, *capped = NULL;
        tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
        tocsin_scanner_options wide = TOCSIN_SCANNER_OPTIONS_INIT, narrow = TOCSIN_SCANNER_OPTIONS_INIT;
        tocsin_error error = {0};
        make_world(&w);
        options.engine = engines[_i];
        wide.max_evidence = 1000;
        narrow.max_evidence = 2;
        narrow.max_hits = 5;
        if (tocsin_plan_compile(read_world, &w, "plan.yaml", &options, NULL, &plan, &error)) {
            ck_abort_msg("%s\n%s", error.message, w.csv);
        }
        ck_assert_int_eq(tocsin_scanner_create(plan, &wide, &scanner, NULL), TOCSIN_OK);
        ck_assert_int_eq(tocsin_scanner_create(plan, &narrow, &capped, NULL), TOCSIN_OK);
        for (int i = 0; i < 200; i++) {
            char text[400];
            random_word(text, 40);
            check_document(&w, scanner, capped, text);
        }
        tocsin_scanner_free(scanner);
        tocsin_scanner_free(capped);
        tocsin_plan_release(plan);
    }
}
END_TEST

static tocsin_plan *fire_plan(void) {
    static const world w = {.csv = "term,topic\n火,t0\n火灾,t1\n"};
    tocsin_plan *plan = NULL;
    ck_assert_int_eq(tocsin_plan_compile(read_world, (void *)(uintptr_t)&w, "plan.yaml", NULL, NULL, &plan, NULL),
                     TOCSIN_OK);
    return plan;
}

/* Ten times more hits than are kept: all are counted, and the verdict says that some were not kept. */
START_TEST(counts_are_exact_beyond_the_caps) {
    enum {
        HITS = 300000
    };
    tocsin_plan *plan = fire_plan();
    tocsin_scanner *scanner = NULL;
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL;
    char *text = malloc(HITS * 3);
    for (size_t i = 0; i < HITS; i++) memcpy(text + i * 3, "火", 3);
    options.max_hits = HITS / 10;
    ck_assert_int_eq(tocsin_scanner_create(plan, &options, &scanner, NULL), TOCSIN_OK);
    document.text = (tocsin_bytes){text, HITS * 3};
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_uint_eq(tocsin_verdict_topic(verdict, 0)->hits, HITS);
    ck_assert(tocsin_verdict_topic(verdict, 0)->score == (double)HITS);
    ck_assert_uint_eq(verdict->incomplete, TOCSIN_INCOMPLETE_HITS | TOCSIN_INCOMPLETE_EVIDENCE);
    ck_assert_uint_eq(verdict->evidence_count, TOCSIN_MAX_EVIDENCE);
    ck_assert_uint_eq(tocsin_verdict_clause(verdict, 0)->evidence_count, TOCSIN_MAX_EVIDENCE);
    document.text = (tocsin_bytes){text, 3};
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_uint_eq(tocsin_verdict_topic(verdict, 0)->hits, 1);
    ck_assert_uint_eq(verdict->incomplete, 0);
    free(text);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

START_TEST(long_fields_are_read_up_to_the_limit) {
    tocsin_plan *plan = fire_plan();
    tocsin_scanner *scanner = NULL;
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL;
    options.max_document_bytes = 10;
    ck_assert_int_eq(tocsin_scanner_create(plan, &options, &scanner, NULL), TOCSIN_OK);
    document.title = (tocsin_bytes){"昨夜火", 9};
    document.text = (tocsin_bytes){"昨夜的火", 12};
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_uint_eq(verdict->incomplete, TOCSIN_INCOMPLETE_TEXT);
    ck_assert_uint_eq(tocsin_verdict_topic(verdict, 0)->hits, 1);
    ck_assert_uint_eq(verdict->malformed, 0);
    ck_assert_int_eq((int)tocsin_verdict_evidence(verdict, 0)->field, (int)TOCSIN_FIELD_TITLE);
    tocsin_scanner_free(scanner);
    options.max_document_bytes = TOCSIN_FOLD_MAX + 1;
    scanner = NULL;
    ck_assert_int_eq(tocsin_scanner_create(plan, &options, &scanner, NULL), TOCSIN_ERROR_LIMIT);
    ck_assert_ptr_null(scanner);
    tocsin_plan_release(plan);
}
END_TEST

START_TEST(copies_outlive_the_scanner) {
    tocsin_plan *plan = fire_plan();
    tocsin_scanner *scanner = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL;
    tocsin_verdict *copy = NULL;
    tocsin_buffer before, after;
    tocsin_buffer_init(&before, NULL);
    tocsin_buffer_init(&after, NULL);
    char text[] = "昨夜火灾 fire\xFF";
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    document.id = (tocsin_bytes){"p\"1", 3};
    document.text = (tocsin_bytes){text, sizeof text - 1};
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_verdict_to_json(verdict, &before), TOCSIN_OK);
    ck_assert_int_eq(tocsin_verdict_copy(verdict, NULL, &copy), TOCSIN_OK);
    memset(text, 'x', sizeof text);
    tocsin_scanner_free(scanner);
    ck_assert_int_eq(tocsin_verdict_to_json(copy, &after), TOCSIN_OK);
    ck_assert_str_eq(after.data, before.data);
    ck_assert_ptr_nonnull(strstr(after.data, "\"id\":\"p\\\"1\",\"tier\":\"found\",\"clauses\":[\"C0\",\"C1\"]"));
    ck_assert_ptr_nonnull(strstr(after.data, "\"malformed\":1"));
    const size_t evidence = copy->evidence_count;
    const tocsin_bytes other = {"<b>火</b>灾", strlen("<b>火</b>灾")};
    ck_assert_int_eq(tocsin_verdict_move_evidence(copy, evidence, 0, 1, other), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_verdict_move_evidence(copy, 0, 2, 1, other), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_verdict_move_evidence(copy, 0, 1, 2, (tocsin_bytes){NULL, 5}), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_verdict_move_evidence(copy, 0, 1, 2, (tocsin_bytes){"x", SIZE_MAX}),
                     TOCSIN_ERROR_TOO_LARGE);
    ck_assert_int_eq(tocsin_verdict_move_evidence(copy, 0, 40, 40 + other.length, other), TOCSIN_OK);
    after.length = 0;
    ck_assert_int_eq(tocsin_verdict_to_json(copy, &after), TOCSIN_OK);
    ck_assert_ptr_nonnull(strstr(after.data, "\"start\":40,\"end\":53,\"text\":\"<b>火</b>灾\""));
    tocsin_verdict_free(copy);
    tocsin_verdict_free(NULL);
    tocsin_buffer_release(&before);
    tocsin_buffer_release(&after);
    tocsin_plan_release(plan);
}
END_TEST

/*
 * A real explanation, changed so that its first clause lacks one condition of every kind, and one of an unknown kind.
 */
START_TEST(every_kind_of_obstacle_has_a_name_in_json) {
    static const char *const kinds[] = {"topic", "far",       "scope",   "blocked", "count", "venue",
                                        "reach", "attention", "verdict", "learned", "other"};
    tocsin_plan *plan = fire_plan();
    tocsin_scanner *scanner = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_explanation *real = NULL;
    tocsin_buffer json, wanted;
    tocsin_obstacle obstacles[sizeof kinds / sizeof *kinds];
    tocsin_buffer_init(&json, NULL);
    tocsin_buffer_init(&wanted, NULL);
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_explain(scanner, &document, &real, NULL), TOCSIN_OK);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char one[240];
        obstacles[i] = (tocsin_obstacle){.kind = (tocsin_obstacle_kind)i, .text = "t", .condition = "c", .change = "h"};
        int n = snprintf(one, sizeof one, "%s{\"kind\":\"%s\",\"text\":\"t\",\"condition\":\"c\",\"change\":\"h\"}",
                         i ? ","
                           : "{\"clause\":\"I\",\"name\":\"N\",\"name_en\":\"E\",\"tier\":\"T\",\"when\":\"W\","
                             "\"holds\":false,\"missing\":[",
                         kinds[i]);
        ck_assert_int_eq(tocsin_buffer_append(&wanted, one, (size_t)n), TOCSIN_OK);
    }
    ck_assert_int_eq(tocsin_buffer_append(&wanted, "]}", 2), TOCSIN_OK);
    tocsin_explained_clause clause = *tocsin_explanation_clause(real, 0);
    tocsin_explanation made = *real;
    clause.id = "I";
    clause.name = "N";
    clause.name_en = "E";
    clause.tier_id = "T";
    clause.when = "W";
    clause.obstacles = tocsin__obstacle_list(obstacles);
    clause.obstacle_count = sizeof kinds / sizeof *kinds;
    made.clauses = tocsin__explained_clause_list(&clause);
    made.clause_count = 1;
    made.nearest = NULL;
    ck_assert_int_eq(tocsin_explanation_to_json(&made, &json), TOCSIN_OK);
    ck_assert_msg(strstr(json.data, wanted.data) != NULL, "%s", json.data);
    tocsin_buffer_release(&json);
    tocsin_buffer_release(&wanted);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

START_TEST(arguments_are_checked) {
    tocsin_plan *plan = fire_plan();
    tocsin_scanner *scanner = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    tocsin_error error = {0};
    const tocsin_verdict *verdict = NULL;
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    options.struct_size = 3;
    ck_assert_int_eq(tocsin_scanner_create(plan, &options, &scanner, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_scanner_create(NULL, NULL, &scanner, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_ptr_null(scanner);
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, &error), TOCSIN_OK);
    ck_assert_int_eq(tocsin_classify(NULL, &document, &verdict, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_classify(scanner, NULL, &verdict, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_classify(scanner, &document, NULL, &error), TOCSIN_ERROR_ARGUMENT);
    tocsin_bytes *const fields[] = {&document.id, &document.title, &document.text, &document.source};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        fields[i]->length = 4; /* of nothing */
        ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, &error), TOCSIN_ERROR_ARGUMENT);
        fields[i]->length = 0;
    }
    document.struct_size--;
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, &error), TOCSIN_ERROR_ARGUMENT);
    document.struct_size++;
    document.attention = (tocsin_attention)TOCSIN_ATTENTION_COUNT;
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, &error), TOCSIN_ERROR_ARGUMENT);
    document.attention = TOCSIN_ATTENTION_HIGH;
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, &error), TOCSIN_OK);
    document.venue = (tocsin_venue)TOCSIN_VENUE_COUNT;
    verdict = NULL;
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_ptr_null(verdict);
    ck_assert_int_eq(error.status, TOCSIN_ERROR_ARGUMENT);
    document.venue = TOCSIN_VENUE_SITE;
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, &error), TOCSIN_OK);
    ck_assert_str_eq(verdict->tier_id, "none");
    ck_assert_ptr_eq(tocsin_scanner_plan(scanner), plan);
    tocsin_scanner_free(scanner);
    tocsin_scanner_free(NULL);
    tocsin_plan_release(plan);
    tocsin_plan_release(NULL);
    ck_assert_ptr_null(tocsin_plan_get_info(NULL));
}
END_TEST

TOCSIN_SUITE("classify",
             TOCSIN_LOOP(hits_follow_the_definitions, engines) TOCSIN_CASE(counts_are_exact_beyond_the_caps)
                 TOCSIN_CASE(long_fields_are_read_up_to_the_limit) TOCSIN_CASE(copies_outlive_the_scanner)
                     TOCSIN_CASE(every_kind_of_obstacle_has_a_name_in_json) TOCSIN_CASE(arguments_are_checked))
