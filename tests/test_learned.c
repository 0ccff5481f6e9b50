/*
 * Learned weights: which files the reader refuses and with which position; scores equal those of a slow version that
 * keeps features as text, on every engine and from every image; evidence in the original; scores computed only if
 * needed; failing memory.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "classify/scanner_internal.h"
#include "failing_allocator.h"
#include "hyperscan_engine.h"
#include "suite.h"

#define MOST_TEXT 4096

static const char plan_text[] = "plan: test\n"
                                "topics: {fire: {terms: fire.txt}, bad: {terms: bad.txt}}\n"
                                "learned:\n"
                                "  risk: {weights: risk.tsv}\n"
                                "  narrow: {weights: narrow.tsv}\n"
                                "tiers:\n"
                                "  - {id: low, clauses: [{id: L1, when: learned(risk) >= 0.5}]}\n"
                                "  - {id: high, clauses: [{id: H1, when: fire & learned(narrow) > 0.4}]}\n";

/* Weights by hand; the second file has a window of two characters around hits of fire. */
static const char rows[] =
    "火\t2.5\t1.5\n灾\t-1.25\t1\n火灾\t3\t2.5\n火灾了\t0.5\t3.25\nab\t-2\t2\n牲\t1.000001\t4\n𠀀\t2\t2\n"
    "topic:fire\t1.5\t1.25\n大\t-0.5\t1\ntopic:bad\t-3\t2\n";
#define ROWS 10
#define FLOOR "4.5" /* of the first file, with features of version 3: some random texts are shorter, some longer */

typedef struct files {
    const char *risk, *near;
} files;

static char *weights_text(const char *fold, int version, const char *window, const char *body, int count) {
    char *text = malloc(MOST_TEXT);
    ck_assert_ptr_nonnull(text);
    snprintf(text, MOST_TEXT,
             "tocsin weights\t1\nname\trisk\ntarget\ttier >= low\nlabels\t0\nfeatures\t%d\nfold\t%s\n%sbias\t-0.75\n"
             "calibration\t1.2\t0.1\nthreshold\t0.5\t0.9\t0.8\nthreshold\t0.6\t1\t0.7\ncount\t%d\n\n%s",
             version, fold, window, count, body);
    return text;
}

static tocsin_status read_source(void *context, const char *name, tocsin_buffer *out) {
    const files *f = context;
    const char *text = !strcmp(name, "plan.yaml")  ? plan_text
                       : !strcmp(name, "fire.txt") ? "火灾\n起火\n"
                       : !strcmp(name, "bad.txt")  ? "推诿\n"
                       : !strcmp(name, "risk.tsv") ? f->risk
                                                   : f->near;
    return text ? tocsin_buffer_append(out, text, strlen(text)) : TOCSIN_ERROR_NOT_FOUND;
}

/* The fold options as text, taken from a plan without weights. */
static char *fold_of_plan(void) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_plan *plan = NULL;
    files none = {NULL, NULL};
    char *fold;
    options.without_weights = 1;
    ck_assert_int_eq(tocsin_plan_compile(read_source, &none, "plan.yaml", &options, NULL, &plan, NULL), TOCSIN_OK);
    fold = strdup(tocsin_plan_get_info(plan)->fold_tables);
    tocsin_plan_release(plan);
    return fold;
}

static files files_of(int version) {
    char *fold = fold_of_plan();
    files f = {weights_text(fold, version, version == 3 ? "floor\t" FLOOR "\n" : "", rows, ROWS),
               weights_text(fold, version, "window\t2\tfire\n", rows, ROWS)};
    free(fold);
    return f;
}

static files sound_files(void) { return files_of(1); }

static void free_files(files *f) {
    free((void *)(uintptr_t)f->risk);
    free((void *)(uintptr_t)f->near);
}

static tocsin_plan *compile(files *f, tocsin_engine engine) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    options.engine = engine;
    tocsin_status status = tocsin_plan_compile(read_source, f, "plan.yaml", &options, NULL, &plan, &error);
    ck_assert_msg(status == TOCSIN_OK, "%s", error.message);
    return plan;
}

static tocsin_scanner *scanner_of(const tocsin_plan *plan) {
    tocsin_scanner *scanner = NULL;
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    return scanner;
}

static tocsin_document document_of(const char *title, const char *text) {
    tocsin_document d = TOCSIN_DOCUMENT_INIT;
    d.title = (tocsin_bytes){title, strlen(title)};
    d.text = (tocsin_bytes){text, strlen(text)};
    return d;
}

/* ---- the reader ---- */

static const struct {
    const char *find, *put, *code, *says;
    uint32_t line;
} broken[] = {
    {"tocsin weights\t1", "tocsin weights\t2", "weights-version", "another format", 1},
    {"tocsin weights", "other", "bad-weights", "not a weights file", 1},
    {"features\t1", "features\t9", "weights-version", "version 9", 5},
    {"fold\tnfkc", "fold\tnfkd", "weights-version", "folded by", 6},
    {"bias\t-0.75\n", "", "bad-weights", "no \"bias\"", 11},
    {"bias\t-0.75", "bias\tnan", "bad-weights", "not a decimal number", 7},
    {"bias\t-0.75", "bias\t1e3", "bad-weights", "not a decimal number", 7},
    {"bias\t-0.75", "bias\t1000000.5", "bad-weights", "must be from", 7},
    {"bias\t-0.75", "bias\t-0.75\nbias\t1", "bad-weights", "twice", 8},
    {"bias\t-0.75", "weird\t1", "bad-weights", "\"weird\" is not a key", 7},
    {"bias\t-0.75", "floor\t-1\nbias\t-0.75", "bad-weights", "the floor is -1", 7},
    {"bias\t-0.75", "floor\t1000000.5\nbias\t-0.75", "bad-weights", "must be from", 7},
    {"bias\t-0.75", "floor\tnan\nbias\t-0.75", "bad-weights", "the floor is \"nan\"", 7},
    {"bias\t-0.75", "floor\t2\t3\nbias\t-0.75", "bad-weights", "more than the floor", 7},
    {"bias\t-0.75", "floor\t2\nfloor\t2\nbias\t-0.75", "bad-weights", "\"floor\" stands there twice", 8},
    {"bias\t-0.75", "bias", "bad-weights", "no value", 7},
    {"calibration\t1.2\t0.1", "calibration\t-1\t0", "bad-weights", "the slope", 8},
    {"calibration\t1.2\t0.1", "calibration\t1.2", "bad-weights", "the intercept", 8},
    {"count\t10", "count\t11", "bad-weights", "10 of 11 features", 22},
    {"count\t10", "count\t9", "bad-weights", "goes on after its 9", 22},
    {"count\t10", "count\t900000", "bad-weights", "cannot stand in", 12},
    {"count\t10", "count\t1.5", "bad-weights", "not a whole number", 11},
    {"count\t10\n\n", "count\t10\n", "bad-weights", "not a key", 12},
    {"火灾\t3\t2.5\n", "火灾\tinf\t2.5\n", "bad-weights", "the weight", 15},
    {"火灾\t3\t2.5\n", "火灾\t3\t0\n", "bad-weights", "the idf", 15},
    {"火灾\t3\t2.5\n", "火灾\t3\n", "bad-weights", "the idf", 15},
    {"火灾\t3\t2.5\n", "火灾\t3\t2.5\t1\n", "bad-weights", "more than", 15},
    {"火灾\t3\t2.5\n", "火灾\t3.1234567\t2.5\n", "bad-weights", "the weight", 15},
    {"火灾\t3\t2.5\n", "火\t3\t2.5\n", "bad-weights", "twice", 15},
    {"火灾\t3\t2.5\n", "火灾火灾\t3\t2.5\n", "bad-weights", "not a feature", 15},
    {"火灾\t3\t2.5\n", "火 灾\t3\t2.5\n", "bad-weights", "not a feature", 15},
    {"火灾\t3\t2.5\n", "\xE7\x81\t3\t2.5\n", "bad-weights", "not a feature", 15},
    {"火灾\t3\t2.5\n", "\t3\t2.5\n", "bad-weights", "not a feature", 15},
    {"火灾\t3\t2.5\n", "火灾\tnan\t2.5\n", "bad-weights", "the weight", 15},
    {"火灾\t3\t2.5\n", "火灾\t1e999\t2.5\n", "bad-weights", "the weight", 15},
    {"火灾\t3\t2.5\n", "火灾\t1000001\t2.5\n", "bad-weights", "must be from", 15},
    {"火灾\t3\t2.5\n", "火灾\t3\tnan\n", "bad-weights", "the idf", 15},
    {"火灾\t3\t2.5\n", "火灾\t3\t-inf\n", "bad-weights", "the idf", 15},
    {"火灾\t3\t2.5\n", "火灾\t3\t1001\n", "bad-weights", "must be from", 15},
    {"bias\t-0.75", "bias\t-inf", "bad-weights", "not a decimal number", 7},
    {"bias\t-0.75", "bias\t9999999999", "bad-weights", "not a decimal number", 7},
    {"calibration\t1.2\t0.1", "calibration\tnan\t0.1", "bad-weights", "the slope", 8},
    {"calibration\t1.2\t0.1", "calibration\t1.2\tinf", "bad-weights", "the intercept", 8},
    {"calibration\t1.2\t0.1", "calibration\t1.2\t0.1\tnan", "bad-weights", "more than", 8},
    {"bias\t-0.75", "bias\t-0.75\tnan", "bad-weights", "more than", 7},
    {"count\t10", "count\t10\tnan", "bad-weights", "more than", 11},
    {"count\t10", "count\tnan", "bad-weights", "number of features", 11},
    {"bias\t-0.75", "window\tnan\tfire\nbias\t-0.75", "bad-weights", "the window", 7},
    {"bias\t-0.75", "window\t100001\tfire\nbias\t-0.75", "bad-weights", "the window", 7},
    {"features\t1", "features\tnan", "weights-version", "version nan", 5},
    {"threshold\t0.5", "threshold\tnan", "bad-weights", "the threshold is \"nan\"", 9},
    {"threshold\t0.5", "threshold\t1.5", "bad-weights", "the threshold is 1.5", 9},
    {"threshold\t0.5\t0.9", "threshold\t0.5\tinf", "bad-weights", "the precision is \"inf\"", 9},
    {"threshold\t0.5\t0.9", "threshold\t0.5\t-0.1", "bad-weights", "the precision is -0.1", 9},
    {"threshold\t0.5\t0.9\t0.8", "threshold\t0.5\t0.9\t1e999", "bad-weights", "the recall is \"1e999\"", 9},
    {"threshold\t0.5\t0.9\t0.8", "threshold\t0.5\t0.9", "bad-weights", "the recall", 9},
    {"threshold\t0.5\t0.9\t0.8", "threshold\t0.5\t0.9\t0.8\t1", "bad-weights", "more than a threshold", 9},
    {"threshold\t0.6", "threshold\tNaN", "bad-weights", "the threshold", 10},
    {"labels\t0", "labels\tnan", "bad-weights", "the hash of the labels", 4},
    {"labels\t0", "labels\t00000000000000001", "bad-weights", "the hash of the labels", 4},
    {"labels\t0", "documents\tnan labelled, 3 clear", "bad-weights", "\"nan\" is not a finite", 4},
    {"labels\t0", "documents\t8 labelled, Infinity clear", "bad-weights", "\"Infinity\"", 4},
    {"labels\t0", "documents\t1e999 labelled", "bad-weights", "\"1e999\"", 4},
    {"labels\t0", "trained\tC -inf, features of at least 3 documents", "bad-weights", "\"-inf\"", 4},
    {"labels\t0", "trained\tC 1e400", "bad-weights", "\"1e400\"", 4},
    {"labels\t0", "holdout\t1/nan", "bad-weights", "\"nan\"", 4},
    {"topic:bad", "topic:gone", "weights-version", "the topic \"gone\"", 22},
    {"topic:bad", "value:gone>=3", "weights-version", "the topic \"gone\"", 22},
    {"topic:bad", "value:bad>=4", "bad-weights", "\"value:bad>=4\" is not a feature of a value", 22},
    {"topic:bad", "value:bad>=03", "bad-weights", "not a feature of a value", 22},
    {"topic:bad", "value:bad>=1000000", "bad-weights", "not a feature of a value", 22},
    {"topic:bad", "value:bad>=", "bad-weights", "not a feature of a value", 22},
    {"topic:bad", "value:bad=3", "bad-weights", "not a feature of a value", 22},
    {"topic:bad", "value:>=3", "bad-weights", "not a feature of a value", 22},
    {"topic:bad", "value:bad", "bad-weights", "not a feature of a value", 22},
    {"topic:bad", "value:", "bad-weights", "is not a feature: one to three characters", 22},
    {"topic:bad\t-3\t2\n", "topic:bad\t-3\t2", "bad-weights", "no end", 22},
};

START_TEST(broken_weights_are_refused_at_their_place) {
    char *fold = fold_of_plan();
    char *sound = weights_text(fold, 1, "", rows, ROWS), text[2 * MOST_TEXT];
    const char *at = strstr(sound, broken[_i].find);
    files f = {text, sound};
    tocsin_diagnostics *list = NULL;
    tocsin_plan *plan = NULL;
    ck_assert_ptr_nonnull(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - sound), sound, broken[_i].put, at + strlen(broken[_i].find));
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_compile(read_source, &f, "plan.yaml", NULL, list, &plan, NULL), TOCSIN_ERROR_PLAN);
    ck_assert_uint_eq(tocsin_diagnostics_count_severity(list, TOCSIN_SEVERITY_ERROR), 1);
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        const tocsin_diagnostic *d = tocsin_diagnostics_at(list, i);
        if (d->severity != TOCSIN_SEVERITY_ERROR) continue;
        ck_assert_str_eq(d->file, "risk.tsv");
        ck_assert_str_eq(d->code, broken[_i].code);
        ck_assert_msg(strstr(d->message, broken[_i].says) != NULL, "%s", d->message);
        ck_assert_msg(d->line == broken[_i].line, "line %u: %s", d->line, d->message);
    }
    tocsin_diagnostics_free(list);
    free(sound);
    free(fold);
}
END_TEST

START_TEST(a_file_that_is_cut_anywhere_is_refused) {
    files f = sound_files();
    const size_t length = strlen(f.risk);
    for (size_t cut = 0; cut < length; cut++) {
        char text[MOST_TEXT];
        files broken_file = {text, f.near};
        tocsin_plan *plan = NULL;
        tocsin_error error = {0};
        memcpy(text, f.risk, cut);
        text[cut] = '\0';
        ck_assert_int_eq(tocsin_plan_compile(read_source, &broken_file, "plan.yaml", NULL, NULL, &plan, &error),
                         TOCSIN_ERROR_PLAN);
        ck_assert_str_eq(error.file, "risk.tsv");
        ck_assert_uint_ge(error.line, 1);
    }
    free_files(&f);
}
END_TEST

/* ---- scores against a slow version ---- */

typedef struct feature {
    char text[32];
    double weight, idf;
    int count;
} feature;

static size_t read_features(feature *features) {
    size_t count = 0;
    for (const char *line = rows; *line; line = strchr(line, '\n') + 1) {
        char name[32];
        const size_t length = strcspn(line, "\t");
        snprintf(name, sizeof name, "%.*s", (int)length, line);
        char *end;
        features[count] = (feature){.weight = strtod(line + length + 1, &end), .idf = 0, .count = 0};
        features[count].idf = strtod(end + 1, NULL);
        memcpy(features[count++].text, name, sizeof name);
    }
    return count;
}

static size_t character_length(const char *s) {
    const unsigned char c = (unsigned char)*s;
    return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

/* Counts features in folded text, of which only the characters that `covered` marks are read. */
static void count_field(feature *features, size_t count, tocsin_bytes folded, const char *covered) {
    for (size_t at = 0; at < folded.length; at += character_length(folded.data + at)) {
        size_t end = at;
        for (int n = 1; n <= 3 && end < folded.length; n++) {
            if (!covered[end] || folded.data[end] == ' ' || folded.data[end] == '\n') break;
            end += character_length(folded.data + end);
            for (size_t f = 0; f < count; f++) {
                if (strlen(features[f].text) == end - at && !memcmp(features[f].text, folded.data + at, end - at)) {
                    features[f].count++;
                }
            }
        }
    }
}

/* Marks everything, or two characters around each 火灾 and 起火. */
static void cover(tocsin_bytes folded, int windowed, char *covered) {
    static const char *const terms[] = {"火灾", "起火"};
    memset(covered, !windowed, folded.length + 1);
    for (size_t at = 0; windowed && at + 6 <= folded.length; at++) {
        for (int t = 0; t < 2; t++) {
            if (memcmp(folded.data + at, terms[t], 6) != 0) continue;
            size_t from = at, to = at + 6;
            for (int n = 0; n < 2 && from > 0; n++) {
                for (from--; from > 0 && ((unsigned char)folded.data[from] & 0xC0) == 0x80;) from--;
            }
            for (int n = 0; n < 2 && to < folded.length; n++) to += character_length(folded.data + to);
            memset(covered + from, 1, to - from);
        }
    }
}

/* What no n-gram of version 3 touches, folded. */
static const char *const marks[] = {"http://t.cn/a_b?c=", "@a_b火-1", "[允悲]", "#", "😀", "☀"};

static void uncover(tocsin_bytes folded, char *covered) {
    for (size_t m = 0; m < sizeof marks / sizeof *marks; m++) {
        const size_t length = strlen(marks[m]);
        for (size_t at = 0; at + length <= folded.length; at++) {
            if (!memcmp(folded.data + at, marks[m], length)) memset(covered + at, 0, length);
        }
    }
}

static double slow_score(const char *title, const char *text, int windowed, int version) {
    feature features[ROWS];
    const size_t count = read_features(features);
    const char *const fields[] = {title, text};
    double sum = 0, norm = 0;
    int fire = 0, bad = 0;
    for (int field = 0; field < 2; field++) {
        char covered[MOST_TEXT];
        tocsin_folder *folder = NULL;
        tocsin_bytes folded;
        ck_assert_int_eq(tocsin_folder_create(NULL, NULL, &folder), TOCSIN_OK);
        ck_assert_int_eq(tocsin_fold(folder, fields[field], strlen(fields[field]), &folded), TOCSIN_OK);
        cover(folded, windowed, covered);
        if (version == 3) uncover(folded, covered);
        count_field(features, count, folded, covered);
        for (size_t at = 0; at + 6 <= folded.length; at++) {
            fire |= !memcmp(folded.data + at, "火灾", 6) || !memcmp(folded.data + at, "起火", 6);
            bad |= !memcmp(folded.data + at, "推诿", 6);
        }
        tocsin_folder_free(folder);
    }
    for (size_t f = 0; f < count; f++) {
        if (!strcmp(features[f].text, "topic:fire")) features[f].count = fire;
        if (!strcmp(features[f].text, "topic:bad")) features[f].count = bad;
        const int times = version == 3 && features[f].count ? 1 : features[f].count;
        const double value = times * features[f].idf;
        sum += value * features[f].weight;
        norm += value * value;
    }
    const double floor = version == 3 && !windowed ? strtod(FLOOR, NULL) : 0;
    return 1 / (1 + exp(-(1.2 * (-0.75 + (norm > 0 ? sum / fmax(floor, sqrt(norm)) : 0)) + 0.1)));
}

/* Files with some rows in common: two read the whole document, two the same windows, and one no marks. */
static const struct {
    int version;
    const char *window, *rows;
    int count;
} shared[] = {
    {2, "", "火\t2.5\t1.5\n灾\t-1.25\t1\n火灾\t3\t2.5\nab\t-2\t2\ntopic:fire\t1.5\t1.25\n", 5},
    {2, "window\t2\tfire\n", "火灾\t3\t2.5\n灾了\t1\t1\n牲\t1.5\t4\n", 3},
    {2, "", "topic:bad\t-3\t2\n灾\t2\t3.25\n火灾了\t0.5\t3.25\nab\t1\t1\n𠀀\t2\t2\n火灾\t-1\t0.5\n", 6},
    {2, "window\t2\tfire\n", "大火\t1\t2\n火灾\t-3\t1.5\ntopic:bad\t2\t1\n", 3},
    {3, "", "火灾\t3\t2.5\n大火\t1\t2\n", 2},
};
#define SHARED (sizeof shared / sizeof *shared)

typedef struct several {
    const char *plan, *fold;
} several;

static tocsin_status read_several(void *context, const char *name, tocsin_buffer *out) {
    const several *given = context;
    char *weights = NULL;
    const char *text = !strcmp(name, "fire.txt") ? "火灾\n起火\n" : !strcmp(name, "bad.txt") ? "推诿\n" : given->plan;
    if (strstr(name, ".tsv")) {
        const int i = name[0] - '0';
        text = weights =
            weights_text(given->fold, shared[i].version, shared[i].window, shared[i].rows, shared[i].count);
    }
    const tocsin_status status = tocsin_buffer_append(out, text, strlen(text));
    free(weights);
    return status;
}

/* A scanner of a plan with the scores from `first` to before `end`. */
static tocsin_scanner *scanner_of_several(const char *fold, size_t first, size_t end) {
    char plan_text_of[1024] = "plan: p\ntopics: {fire: {terms: fire.txt}, bad: {terms: bad.txt}}\nlearned:\n";
    for (size_t i = first; i < end; i++) {
        const size_t length = strlen(plan_text_of);
        snprintf(plan_text_of + length, sizeof plan_text_of - length, "  s%zu: {weights: %zu.tsv}\n", i, i);
    }
    strcat(plan_text_of, "tiers: [{id: low, clauses: [{id: L1, when: \"fire | bad | !fire\"}]}]\n");
    const several given = {plan_text_of, fold};
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    const tocsin_status status =
        tocsin_plan_compile(read_several, (void *)(uintptr_t)&given, "plan.yaml", NULL, NULL, &plan, &error);
    ck_assert_msg(status == TOCSIN_OK, "%s", error.message);
    tocsin_scanner *scanner = scanner_of(plan);
    tocsin_plan_release(plan);
    return scanner;
}

static void make_text(uint32_t *state, char *out) {
    static const char *const pieces[] = {" HTTP://t.cn/A_b?c=火灾",
                                         " ＠a_b火-1 ",
                                         "［允悲］",
                                         "[允悲]",
                                         "＃",
                                         "😀",
                                         "☀",
                                         "火灾",
                                         "火災",
                                         "了",
                                         "大",
                                         "ＡＢ",
                                         "ab",
                                         "a",
                                         " ",
                                         "\n",
                                         "𠀀",
                                         "牺牲",
                                         "犧牲",
                                         "推诿",
                                         "起火",
                                         "火",
                                         "，",
                                         "今天",
                                         "①",
                                         "灾",
                                         "é"};
    out[0] = '\0';
    *state = *state * 1664525u + 1013904223u;
    for (uint32_t n = *state >> 27; n > 0; n--) {
        *state = *state * 1664525u + 1013904223u;
        strcat(out, pieces[(*state >> 16) % (sizeof pieces / sizeof *pieces)]);
    }
}

static const tocsin_engine engines[] = {TOCSIN_ENGINE_AUTO, TOCSIN_ENGINE_NAIVE, HYPERSCAN_ENGINE};
#define ENGINES (sizeof engines / sizeof *engines)

/* Each engine with weights of the features of version 1, 2 and 3. */
START_TEST(scores_are_those_of_a_slow_version) {
    const int version = (int)((size_t)_i / ENGINES) + 1;
    files f = files_of(version);
    tocsin_plan *plan = compile(&f, engines[(size_t)_i % ENGINES]);
    tocsin_scanner *scanner = scanner_of(plan);
    uint32_t state = 11;
    int above = 0;
    for (int round = 0; round < 3000; round++) {
        char title[1024], text[1024];
        const tocsin_verdict *verdict;
        make_text(&state, title);
        make_text(&state, text);
        const tocsin_document d = document_of(title, text);
        ck_assert_int_eq(tocsin_classify(scanner, &d, &verdict, NULL), TOCSIN_OK);
        for (size_t i = 0; i < 2; i++) {
            double probability = -1;
            const double wanted = slow_score(title, text, (int)i, version);
            ck_assert(tocsin_scanner_get_learned(scanner, i, &probability));
            ck_assert_msg(fabs(probability - wanted) < 1.5e-6, "%s|%s: %zu is %f and not %f", title, text, i,
                          probability, wanted);
            above += probability > 0.5;
        }
    }
    ck_assert_int_gt(above, 100);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
    free_files(&f);
}
END_TEST

/* Scores that read the same part of a document share a table, and each equals the score in a plan with it alone. */
START_TEST(a_score_is_the_same_beside_others) {
    char *fold = fold_of_plan();
    tocsin_scanner *together = scanner_of_several(fold, 0, SHARED), *alone[SHARED];
    uint32_t state = 5;
    size_t contributions = 0;
    ck_assert_uint_eq(together->plan->vocabulary_count, 3);
    ck_assert_ptr_eq(together->plan->learned[0].vocabulary, together->plan->learned[2].vocabulary);
    ck_assert_ptr_eq(together->plan->learned[1].vocabulary, together->plan->learned[3].vocabulary);
    ck_assert_uint_eq(together->plan->learned[0].vocabulary->count, 8);
    for (size_t i = 0; i < SHARED; i++) alone[i] = scanner_of_several(fold, i, i + 1);
    for (int round = 0; round < 1000; round++) {
        char title[1024], text[1024];
        make_text(&state, title);
        make_text(&state, text);
        const tocsin_document d = document_of(title, text);
        const tocsin_explanation *all = NULL, *own = NULL;
        ck_assert_int_eq(tocsin_explain(together, &d, &all, NULL), TOCSIN_OK);
        for (size_t i = 0; i < SHARED; i++) {
            ck_assert_int_eq(tocsin_explain(alone[i], &d, &own, NULL), TOCSIN_OK);
            const tocsin_explained_learned *a = tocsin_explanation_learned(all, i),
                                           *b = tocsin_explanation_learned(own, 0);
            ck_assert_double_eq(a->probability, b->probability);
            ck_assert_uint_eq(a->contribution_count, b->contribution_count);
            for (size_t c = 0; c < a->contribution_count; c++, contributions++) {
                const tocsin_contribution *x = tocsin_explained_contribution(a, c),
                                          *y = tocsin_explained_contribution(b, c);
                ck_assert_double_eq(x->value, y->value);
                ck_assert_uint_eq(x->start, y->start);
                ck_assert_uint_eq(x->end, y->end);
                ck_assert_int_eq(!x->topic_id, !y->topic_id);
            }
        }
    }
    ck_assert_uint_gt(contributions, 5000);
    for (size_t i = 0; i < SHARED; i++) tocsin_scanner_free(alone[i]);
    tocsin_scanner_free(together);
    free(fold);
}
END_TEST

START_TEST(the_same_verdict_from_pieces_an_image_and_every_engine) {
    files f = sound_files();
    tocsin_plan *plans[4] = {compile(&f, TOCSIN_ENGINE_AUTO), compile(&f, TOCSIN_ENGINE_NAIVE),
                             compile(&f, HYPERSCAN_ENGINE), NULL};
    tocsin_scanner *scanners[4];
    tocsin_buffer image, json[2];
    tocsin_image *opened = NULL;
    uint32_t state = 5;
    size_t evidence = 0;
    tocsin_buffer_init(&image, NULL);
    ck_assert_int_eq(tocsin_plan_save_to_buffer(plans[0], &image, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_image_read(image.data, image.length, NULL, &opened, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_from_image(opened, NULL, NULL, &plans[3], NULL), TOCSIN_OK);
    tocsin_image_free(opened);
    for (int p = 0; p < 4; p++) scanners[p] = scanner_of(plans[p]);
    for (int i = 0; i < 2; i++) tocsin_buffer_init(&json[i], NULL);
    for (int round = 0; round < 300; round++) {
        char title[1024], text[1024];
        make_text(&state, title);
        make_text(&state, text);
        const tocsin_document d = document_of(title, text);
        for (int p = 0; p < 4; p++) {
            const tocsin_verdict *verdict;
            tocsin_buffer *out = &json[p > 0];
            out->length = 0;
            ck_assert_int_eq(tocsin_classify(scanners[p], &d, &verdict, NULL), TOCSIN_OK);
            ck_assert_int_eq(tocsin_verdict_to_json(verdict, out), TOCSIN_OK);
            evidence += verdict->evidence_count;
            if (p) ck_assert_str_eq(json[0].data, json[1].data);
        }
    }
    ck_assert_uint_gt(evidence, 100);
    for (int i = 0; i < 2; i++) tocsin_buffer_release(&json[i]);
    tocsin_buffer_release(&image);
    for (int p = 0; p < 4; p++) {
        tocsin_scanner_free(scanners[p]);
        tocsin_plan_release(plans[p]);
    }
    free_files(&f);
}
END_TEST

/* All levels agree on which n-grams may be features, and every feature is among them. */
START_TEST(ngram_lookups_agree_at_every_level) {
    uint16_t units[2 + TOCSIN__GRAMS_UNITS];
    uint32_t words[1 << 7] = {0}, state = 3;
    const tocsin__grams grams = {words, 32 - 12};
    size_t found = 0;
    for (int round = 0; round < 20000; round++) {
        for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
            state = state * 1664525u + 1013904223u;
            units[i] = (uint16_t)(state >> (round % 2 ? 16 : 24));
        }
        const uint32_t portable = tocsin__grams_portable(&grams, units + 2);
        ck_assert_uint_eq(tocsin__grams_best()(&grams, units + 2), portable);
        found += (size_t)__builtin_popcount(portable);
        const size_t at = state >> 28, three = state >> 12 & 1;
        if (round % 50) continue;
        const uint32_t hash = tocsin__grams_hash(three ? units[at] : 0, units[at + 1], units[at + 2]);
        words[tocsin__grams_word(&grams, hash)] |= tocsin__grams_bits(&grams, hash);
        ck_assert(tocsin__grams_best()(&grams, units + 2) >> (2 * at + three) & 1);
    }
    ck_assert_uint_gt(found, 1000);
}
END_TEST

/* The counts of a text computed from its units equal those computed from its characters. */
static size_t compare_counts(const tocsin__vocabulary *vocabulary, tocsin__text *text) {
    uint32_t counts[2][ROWS + 1] = {{0}}, touched[2][ROWS + 1];
    const tocsin__text slow = {.view = text->view};
    const tocsin_allocator *allocator = tocsin_allocator_default();
    tocsin__counts by[2] = {{counts[0], touched[0], 0}, {counts[1], touched[1], 0}};
    int one_to_one;
    ck_assert_int_eq(tocsin__units_read(text, 1, tocsin__units_best(), allocator, &one_to_one), TOCSIN_OK);
    tocsin__counts_add_text(vocabulary, &by[0], text, 0, text->view.length);
    tocsin__counts_add_text(vocabulary, &by[1], &slow, 0, text->view.length);
    ck_assert_uint_eq(by[0].touched_count, by[1].touched_count);
    ck_assert_int_eq(memcmp(counts[0], counts[1], sizeof counts[0]), 0);
    return by[0].touched_count;
}

START_TEST(long_texts_have_the_same_features_by_units) {
    files f = sound_files();
    tocsin_plan *plan = compile(&f, TOCSIN_ENGINE_AUTO);
    static char long_text[64 * 1024];
    tocsin__text text = {.view = {"", 0, NULL}};
    uint32_t state = 7;
    size_t length = 0, touched = 0;
    while (length < sizeof long_text - 1024) {
        char piece[512], *beyond;
        make_text(&state, piece);
        while (length < sizeof long_text / 2 && (beyond = strstr(piece, "𠀀")) != NULL) memcpy(beyond, "abcd", 4);
        memcpy(long_text + length, piece, strlen(piece));
        length += strlen(piece);
        text.view = (tocsin__view){long_text, length, NULL};
        if (length < 400 || length % 7 == 0) touched += compare_counts(plan->learned[0].vocabulary, &text);
    }
    ck_assert_uint_gt(touched, 500);
    tocsin__units_release(&text.units, tocsin_allocator_default());
    tocsin_plan_release(plan);
    free_files(&f);
}
END_TEST

/* ---- what is shown ---- */

START_TEST(evidence_is_merged_and_lies_in_the_original) {
    files f = sound_files();
    tocsin_plan *plan = compile(&f, TOCSIN_ENGINE_AUTO);
    tocsin_scanner *scanner = scanner_of(plan);
    const tocsin_document d = document_of("", "今日大火災了，犧牲");
    const tocsin_explanation *explanation;
    ck_assert_int_eq(tocsin_explain(scanner, &d, &explanation, NULL), TOCSIN_OK);
    const tocsin_verdict *verdict = explanation->verdict;
    ck_assert_int_eq(verdict->tier, 1);
    ck_assert_str_eq(tocsin_verdict_clause(verdict, 0)->id, "L1");
    /* 牲 counts too, but a single character is not shown: it tells a reader nothing. */
    ck_assert_uint_eq(tocsin_verdict_clause(verdict, 0)->evidence_count, 1);
    const tocsin_evidence *e = tocsin_verdict_evidence(verdict, 0);
    ck_assert_uint_eq(e->topic, TOCSIN_NO_TOPIC);
    ck_assert_str_eq(e->topic_id, "learned(risk)");
    ck_assert_uint_eq(e->text.length, strlen("火災了"));
    ck_assert_mem_eq(e->text.data, "火災了", e->text.length);
    ck_assert_ptr_eq(e->text.data, d.text.data + e->start);
    ck_assert(e->contribution > 0);
    ck_assert_uint_eq(explanation->learned_count, 2);
    const tocsin_explained_learned *risk = tocsin_explanation_learned(explanation, 0);
    double sum = 0, probability = 0;
    for (size_t i = 0; i < risk->contribution_count; i++) {
        sum += tocsin_explained_contribution(risk, i)->value;
        if (i)
            ck_assert(tocsin_explained_contribution(risk, i)->value <=
                      tocsin_explained_contribution(risk, i - 1)->value);
    }
    /* All features are shown here, so their sum is the decision value without its bias. */
    ck_assert(tocsin_scanner_get_learned(scanner, 0, &probability));
    ck_assert(fabs(1 / (1 + exp(-(1.2 * (sum - 0.75) + 0.1))) - probability) < 1e-5);
    ck_assert(tocsin_explained_contribution(risk, risk->contribution_count - 1)->value < 0);
    /* Features that touch form one stretch, even if no feature spans both. */
    const tocsin_document touching = document_of("", "火牲");
    ck_assert_int_eq(tocsin_classify(scanner, &touching, &verdict, NULL), TOCSIN_OK);
    ck_assert_uint_eq(verdict->evidence_count, 1);
    ck_assert_uint_eq(tocsin_verdict_evidence(verdict, 0)->text.length, strlen("火牲"));
    /* If no stretch has two letters, shorter ones are shown. */
    const tocsin_document single = document_of("", "牲、牲");
    ck_assert_int_eq(tocsin_classify(scanner, &single, &verdict, NULL), TOCSIN_OK);
    ck_assert_uint_eq(verdict->evidence_count, 2);
    ck_assert_uint_eq(tocsin_verdict_evidence(verdict, 0)->text.length, strlen("牲"));
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
    free_files(&f);
}
END_TEST

START_TEST(a_score_is_computed_only_if_a_rule_needs_it) {
    files f = sound_files();
    tocsin_plan *plan = compile(&f, TOCSIN_ENGINE_AUTO);
    tocsin_scanner *scanner = scanner_of(plan);
    const tocsin_document without = document_of("", "今天很好"), with = document_of("", "起火");
    const tocsin_verdict *verdict;
    ck_assert_int_eq(tocsin_classify(scanner, &without, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(scanner->learned[0].known, 1);
    ck_assert_int_eq(scanner->learned[1].known, 0);
    ck_assert_int_eq(tocsin_classify(scanner, &with, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(scanner->learned[1].known, 1);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
    free_files(&f);
}
END_TEST

START_TEST(a_plan_without_weights_scores_nothing) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_plan *plan = NULL;
    files none = {NULL, NULL};
    const tocsin_verdict *verdict;
    double probability = -1;
    options.without_weights = 1;
    ck_assert_int_eq(tocsin_plan_compile(read_source, &none, "plan.yaml", &options, NULL, &plan, NULL), TOCSIN_OK);
    tocsin_scanner *scanner = scanner_of(plan);
    const tocsin_document d = document_of("", "火灾了");
    ck_assert_int_eq(tocsin_classify(scanner, &d, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(verdict->tier, TOCSIN_TIER_NONE);
    ck_assert(!tocsin_scanner_get_learned(scanner, 0, &probability));
    ck_assert(!tocsin_scanner_get_learned(scanner, 2, &probability));
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

/* ---- values ---- */

static void append_feature(void *context, uint64_t key) {
    tocsin_buffer *out = ((void **)context)[0];
    ck_assert_int_eq(tocsin_feature_to_text(((void **)context)[1], key, out), TOCSIN_OK);
    ck_assert_int_eq(tocsin_buffer_append(out, " ", 1), TOCSIN_OK);
}

static const char value_rows[] = "死\t0.5\t1\ntopic:toll\t-1.5\t1\nvalue:toll>=3\t2\t1.5\nvalue:toll>=30\t-1\t2\n"
                                 "value:toll>=500000\t4\t1\nvalue:wait>=30\t3\t1\n";

static tocsin_status read_values(void *context, const char *name, tocsin_buffer *out) {
    static const char plan[] = "plan: values\ntopics:\n  toll: {terms: toll.csv}\n  wait: {terms: wait.csv}\n"
                               "learned:\n  risk: {weights: risk.tsv}\n"
                               "tiers: [{id: low, clauses: [{id: L1, when: learned(risk) >= 0.5}]}]\n";
    const char *text = !strcmp(name, "plan.yaml")  ? plan
                       : !strcmp(name, "toll.csv") ? "term,kind\n{n}人死亡,quantity\n死亡,\n"
                       : !strcmp(name, "wait.csv") ? "term,kind,unit\n等了{n}小时,quantity,60\n等了{n}分钟,quantity,1\n"
                                                   : context;
    return tocsin_buffer_append(out, text, strlen(text));
}

static tocsin_plan *plan_of_values(void) {
    char *fold = fold_of_plan(), *weights = weights_text(fold, 1, "", value_rows, 6);
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    const tocsin_status status = tocsin_plan_compile(read_values, weights, "plan.yaml", NULL, NULL, &plan, &error);
    ck_assert_msg(status == TOCSIN_OK, "%s", error.message);
    free(weights);
    free(fold);
    return plan;
}

/* Documents, and for each the rows of value_rows that are its features. */
static const struct {
    const char *text;
    int has[6];
    const char *features; /* of topics and values */
} valued[] = {
    {"2人死亡", {1, 1}, "topic:toll value:toll>=1 value:toll>=2 "},
    {"死亡", {1, 1}, "topic:toll "},
    {"29人死亡，3人死亡",
     {2, 1, 1},
     "topic:toll value:toll>=1 value:toll>=2 value:toll>=3 value:toll>=5 value:toll>=10 value:toll>=20 "},
    {"三十人死亡",
     {1, 1, 1, 1},
     "topic:toll value:toll>=1 value:toll>=2 value:toll>=3 value:toll>=5 value:toll>=10 value:toll>=20 "
     "value:toll>=30 "},
    {"等了半小时",
     {0, 0, 0, 0, 0, 1},
     "topic:wait value:wait>=1 value:wait>=2 value:wait>=3 value:wait>=5 value:wait>=10 value:wait>=20 "
     "value:wait>=30 "},
    {"等了0.5分钟", {0}, "topic:wait "},
    {"等了29.9分钟",
     {0},
     "topic:wait value:wait>=1 value:wait>=2 value:wait>=3 value:wait>=5 value:wait>=10 value:wait>=20 "},
    {"900万人死亡",
     {1, 1, 1, 1, 1},
     "topic:toll value:toll>=1 value:toll>=2 value:toll>=3 value:toll>=5 value:toll>=10 value:toll>=20 value:toll>=30 "
     "value:toll>=50 value:toll>=100 value:toll>=200 value:toll>=300 value:toll>=500 value:toll>=1000 value:toll>=2000 "
     "value:toll>=3000 value:toll>=5000 value:toll>=10000 value:toll>=20000 value:toll>=30000 value:toll>=50000 "
     "value:toll>=100000 value:toll>=200000 value:toll>=300000 value:toll>=500000 "},
};

START_TEST(values_are_features) {
    static const double weights[] = {0.5, -1.5, 2, -1, 4, 3}, idf[] = {1, 1, 1.5, 2, 1, 1};
    tocsin_plan *plan = plan_of_values();
    tocsin_scanner *scanner = scanner_of(plan);
    const tocsin_document d = document_of("", valued[_i].text);
    const tocsin_feature_options options = TOCSIN_FEATURE_OPTIONS_INIT;
    const tocsin_explanation *explanation = NULL;
    const tocsin_verdict *verdict;
    double sum = 0, squares = 0, probability = -1, of_topic = 0;
    tocsin_buffer out;
    void *context[] = {&out, plan};
    tocsin_buffer_init(&out, NULL);
    ck_assert_int_eq(tocsin_classify(scanner, &d, &verdict, NULL), TOCSIN_OK);
    for (int i = 0; i < 6; i++) {
        const double value = valued[_i].has[i] * idf[i];
        sum += value * weights[i];
        squares += value * value;
    }
    const double decision = -0.75 + (squares > 0 ? sum / sqrt(squares) : 0);
    ck_assert(tocsin_scanner_get_learned(scanner, 0, &probability));
    ck_assert_double_eq_tol(probability, 1 / (1 + exp(-(1.2 * decision + 0.1))), 1e-6);
    ck_assert_int_eq(tocsin_scanner_features(scanner, &options, append_feature, context), TOCSIN_OK);
    const char *of_topics = strstr(out.data, "topic:");
    ck_assert_str_eq(of_topics ? of_topics : "", valued[_i].features);
    ck_assert_int_eq(tocsin_explain(scanner, &d, &explanation, NULL), TOCSIN_OK);
    const tocsin_explained_learned *learned = tocsin_explanation_learned(explanation, 0);
    for (size_t i = 0; i < learned->contribution_count; i++) {
        const tocsin_contribution *one = tocsin_explained_contribution(learned, i);
        ck_assert(!one->topic_id || of_topic == 0); /* a topic and its values count as one contribution */
        if (one->topic_id) of_topic = one->value;
    }
    for (int i = 1; i < 6 && squares > 0; i++) of_topic -= valued[_i].has[i] * idf[i] * weights[i] / sqrt(squares);
    ck_assert_double_eq_tol(of_topic, 0, 1e-6);
    tocsin_buffer_release(&out);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

/* ---- features for training ---- */

START_TEST(features_come_in_the_order_of_the_text) {
    files f = sound_files();
    tocsin_plan *plan = compile(&f, TOCSIN_ENGINE_AUTO);
    tocsin_scanner *scanner = scanner_of(plan);
    tocsin_feature_options options = TOCSIN_FEATURE_OPTIONS_INIT;
    const tocsin_document d = document_of("Ａ火", "一二三 起火五六七");
    const tocsin_verdict *verdict;
    const uint32_t around[] = {0}, wrong[] = {2};
    tocsin_buffer out;
    void *context[] = {&out, plan};
    tocsin_buffer_init(&out, NULL);
    ck_assert_int_eq(tocsin_classify(scanner, &d, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_scanner_features(scanner, &options, append_feature, context), TOCSIN_OK);
    ck_assert_str_eq(out.data,
                     "a 火 a火 一 二 一二 三 二三 一二三 起 火 起火 五 火五 起火五 六 五六 火五六 七 六七 五六七 "
                     "topic:fire ");
    out.length = 0;
    options.window = 2;
    options.around = around;
    options.around_count = 1;
    ck_assert_int_eq(tocsin_scanner_features(scanner, &options, append_feature, context), TOCSIN_OK);
    ck_assert_str_eq(out.data, "三 起 火 起火 五 火五 起火五 六 五六 火五六 topic:fire ");
    options.around = wrong;
    ck_assert_int_eq(tocsin_scanner_features(scanner, &options, append_feature, context), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_feature_to_text(plan, 0, &out), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_feature_to_text(plan, UINT64_MAX, &out), TOCSIN_ERROR_ARGUMENT);
    tocsin_buffer_release(&out);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
    free_files(&f);
}
END_TEST

/* ---- no memory ---- */

static tocsin_status whole_way(const tocsin_allocator *allocator, files *f) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_scanner_options scanning = TOCSIN_SCANNER_OPTIONS_INIT;
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    const tocsin_explanation *explanation;
    const tocsin_document d = document_of("", "大火灾了，牺牲");
    options.allocator = scanning.allocator = *allocator;
    options.engine = TOCSIN_ENGINE_NAIVE;
    tocsin_status status = tocsin_plan_compile(read_source, f, "plan.yaml", &options, NULL, &plan, NULL);
    if (!status) status = tocsin_scanner_create(plan, &scanning, &scanner, NULL);
    if (!status) status = tocsin_explain(scanner, &d, &explanation, NULL);
    if (!status) ck_assert_uint_eq(explanation->verdict->clause_count, 2);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
    return status;
}

START_TEST(failing_memory_is_reported_and_leaks_nothing) {
    files f = sound_files();
    for (size_t at = 0;; at++) {
        failing_allocator state = {.fail_at = at, .fail_onwards = _i};
        const tocsin_allocator allocator = failing_allocator_get(&state);
        const tocsin_status status = whole_way(&allocator, &f);
        ck_assert_uint_eq(state.live, 0);
        ck_assert_uint_eq(state.wrong, 0);
        if (at && !state.failures) break;
        ck_assert_int_eq(status, at ? TOCSIN_ERROR_MEMORY : TOCSIN_OK);
    }
    free_files(&f);
}
END_TEST

static const int ways[2]; /* fails once, or always from then on */
static const int engine_versions[3 * ENGINES];

TOCSIN_SUITE("learned",
             TOCSIN_LOOP(broken_weights_are_refused_at_their_place, broken)
                 TOCSIN_CASE(a_score_is_the_same_beside_others) TOCSIN_CASE(a_file_that_is_cut_anywhere_is_refused)
                     TOCSIN_LOOP(scores_are_those_of_a_slow_version,
                                 engine_versions) TOCSIN_CASE(the_same_verdict_from_pieces_an_image_and_every_engine)
                         TOCSIN_CASE(ngram_lookups_agree_at_every_level)
                             TOCSIN_CASE(long_texts_have_the_same_features_by_units)
                                 TOCSIN_CASE(evidence_is_merged_and_lies_in_the_original)
                                     TOCSIN_CASE(a_score_is_computed_only_if_a_rule_needs_it)
                                         TOCSIN_CASE(a_plan_without_weights_scores_nothing)
                                             TOCSIN_CASE(features_come_in_the_order_of_the_text)
                                                 TOCSIN_LOOP(values_are_features, valued)
                                                     TOCSIN_LOOP(failing_memory_is_reported_and_leaks_nothing, ways))
