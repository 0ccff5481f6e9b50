/*
 * Failing memory at every allocation: each public entry point runs with an allocator that fails from the i-th request
 * on, and with one that fails only at the i-th, for i = 1, 2, … until a run has no failure. Each run must end in
 * success or TOCSIN_ERROR_MEMORY, leave its out-parameter untouched on failure, give everything back with the sizes it
 * asked for, and leave what it was called on usable. Hyperscan and ICU have allocators of their own, which do not fail
 * here.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <tocsin/tocsin.h>

#include "failing_allocator.h"
#include "suite.h"

static const struct {
    const char *name, *text;
} sources[] = {
    {"plan.yaml", "plan: 内存\nversion: \"1\"\nfold: {profile: nfkc_cf+hans, between_han: [space]}\n"
                  "topics:\n  subject: {terms: [subject.txt], bounds: word}\n  negative: {terms: [negative.csv]}\n"
                  "  hot: {terms: [hot.txt]}\nvenues: venues.csv\n"
                  "attention: {reach: {elevated: 10, high: 100}, words: hot}\n"
                  "tiers:\n  - id: low\n    name: 一般\n    clauses:\n"
                  "      - {id: L1, name: one, when: \"subject & negative & venue in (forum, site)\"}\n"
                  "      - {id: L2, name: two, when: \"sentence(subject near/9 negative) | count(hot) >= 3\"}\n"
                  "  - id: top\n    name: 重大\n    clauses:\n"
                  "      - {id: T1, name: three, when: \"attention >= high & atleast(2, subject, negative, hot)\"}\n"
                  "      - {id: T2, name: four, when: \"negative unless/5 hot & reach >= 1000 & !hot\"}\n"
                  "routes:\n  - {id: office, name: 办公室, when: \"tier >= low & !clause(T2)\"}\n"},
    {"subject.txt", "消防车\n消防队\n消防站\n# 注释\n119\n"},
    {"negative.csv",
     "term,topic,kind,weight,bounds,unless,note\n迟到,negative,,2,,没有迟到;并未迟到,\n"
     "推诿,negative,literal,0.5,none,,\n\"迟了[0-9]{1,2}分钟\",negative,regex,,,,\n火,negative,,,,火锅;火车,\n"},
    {"hot.txt", "热搜\n刷屏\n引发热议\n"},
    {"venues.csv", "pattern,class\nexample.cn,site\nbbs.example.cn,forum\n大声论坛,hot_forum\n"},
    {"broken.yaml",
     "plan: 错\nversion: 1\ntopics:\n  subject: {terms: [subject.txt, gone.txt], bounds: sideways}\n"
     "  subject: {terms: [../up.txt]}\ncolour: red\ntiers:\n  - id: low\n    name: x\n    clauses:\n"
     "      - {id: L1, name: one, when: \"subjetc & (negative\"}\n      - {id: L1, when: \"subject near\"}\n"},
};

#define SOURCE_COUNT (sizeof sources / sizeof *sources)

static tocsin_status read_source(void *context, const char *name, tocsin_buffer *out) {
    (void)context;
    for (size_t i = 0; i < SOURCE_COUNT; i++) {
        if (strcmp(sources[i].name, name) == 0) {
            return tocsin_buffer_append(out, sources[i].text, strlen(sources[i].text));
        }
    }
    return TOCSIN_ERROR_NOT_FOUND;
}

#define BYTES(literal)                                                                                                 \
    { literal, sizeof literal - 1 }

/* All branches of the fold, several clauses, and enough hits for the arrays to grow. */
static tocsin_document the_document(void) {
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    document.id = (tocsin_bytes)BYTES("no-memory");
    document.title = (tocsin_bytes)BYTES("消防車遲到\xFF，㍿引發熱議 e\xCC\x81");
    document.text = (tocsin_bytes)BYTES(
        "消防队迟到。消 防队推诿，迟了１２分钟！吃火锅，起火。消防站没有迟到。\n热搜热搜刷屏，消防车推诿推诿推诿推诿"
        "推诿推诿推诿推诿推诿推诿推诿推诿推诿推诿推诿推诿推诿推诿推诿推诿推诿");
    document.source = (tocsin_bytes)BYTES("https://bbs.example.cn/post/1");
    document.reach = 5000;
    return document;
}

/* The objects that an entry point is called on, and its results. One of these exists for each step of a sweep. */
typedef struct attempt {
    failing_allocator memory;
    tocsin_allocator allocator;
    const char *plan_name; /* of the plan to compile */
    tocsin_engine engine;
    char folder[64]; /* where the sources are as files */
} attempt;

/* One entry point: calls it under a->allocator and frees what it made. Returns its status. */
typedef tocsin_status (*entry_point)(attempt *a);

/* Different from NULL and from every allocated pointer. */
static char untouched_object;
#define UNTOUCHED ((void *)&untouched_object)

#define CHECK_OUT(status, out) ck_assert_msg(((status) == TOCSIN_OK) == ((void *)(out) != UNTOUCHED), "out: %d", status)

static tocsin_plan *good_plan;
static char good_verdict[65536], good_explanation[65536];

static tocsin_plan_options plan_options(const attempt *a) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    options.allocator = a->allocator;
    options.engine = a->engine;
    return options;
}

static tocsin_status compile_from_memory(attempt *a) {
    tocsin_plan_options options = plan_options(a);
    tocsin_plan *plan = UNTOUCHED;
    tocsin_diagnostics *list = UNTOUCHED;
    tocsin_error error = {0};
    tocsin_status status = tocsin_diagnostics_create(&a->allocator, &list);
    CHECK_OUT(status, list);
    if (status != TOCSIN_OK) return status;
    status = tocsin_plan_compile(read_source, NULL, a->plan_name, &options, list, &plan, &error);
    CHECK_OUT(status, plan);
    ck_assert_int_eq(error.status, status);
    if (status == TOCSIN_OK) tocsin_plan_release(plan);
    tocsin_diagnostics_free(list);
    return status;
}

static tocsin_status compile_from_files(attempt *a) {
    tocsin_plan_options options = plan_options(a);
    tocsin_plan *plan = UNTOUCHED;
    tocsin_status status = tocsin_plan_compile_file(a->folder, &options, NULL, &plan, NULL);
    CHECK_OUT(status, plan);
    if (status == TOCSIN_OK) tocsin_plan_release(plan);
    return status;
}

static tocsin_status open_scanner(attempt *a, tocsin_scanner **scanner) {
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    options.allocator = a->allocator;
    *scanner = UNTOUCHED;
    tocsin_status status = tocsin_scanner_create(good_plan, &options, scanner, NULL);
    CHECK_OUT(status, *scanner);
    return status;
}

static tocsin_status create_scanner(attempt *a) {
    tocsin_scanner *scanner;
    tocsin_status status = open_scanner(a, &scanner);
    if (status == TOCSIN_OK) tocsin_scanner_free(scanner);
    return status;
}

static void same_json(tocsin_buffer *json, char *expected, size_t size) {
    if (!expected[0]) snprintf(expected, size, "%s", json->data);
    ck_assert_str_eq(json->data, expected);
    tocsin_buffer_release(json);
}

/* After a failed document the scanner must read the next one as usual. */
static void read_again(attempt *a, tocsin_scanner *scanner) {
    const tocsin_verdict *verdict = NULL;
    const tocsin_explanation *explanation = NULL;
    tocsin_document document = the_document();
    tocsin_buffer json;
    size_t fail_at = a->memory.fail_at;
    a->memory.fail_at = 0;
    tocsin_buffer_init(&json, NULL);
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_verdict_to_json(verdict, &json), TOCSIN_OK);
    same_json(&json, good_verdict, sizeof good_verdict);
    ck_assert_int_eq(tocsin_explain(scanner, &document, &explanation, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_explanation_to_json(explanation, &json), TOCSIN_OK);
    same_json(&json, good_explanation, sizeof good_explanation);
    a->memory.fail_at = fail_at;
}

static tocsin_status classify(attempt *a) {
    tocsin_scanner *scanner;
    tocsin_status status = open_scanner(a, &scanner);
    if (status != TOCSIN_OK) return status;
    const tocsin_verdict *verdict = UNTOUCHED;
    tocsin_document document = the_document();
    status = tocsin_classify(scanner, &document, &verdict, NULL);
    CHECK_OUT(status, verdict);
    read_again(a, scanner);
    tocsin_scanner_free(scanner);
    return status;
}

static tocsin_status explain(attempt *a) {
    tocsin_scanner *scanner;
    tocsin_status status = open_scanner(a, &scanner);
    if (status != TOCSIN_OK) return status;
    const tocsin_explanation *explanation = UNTOUCHED;
    tocsin_document document = the_document();
    status = tocsin_explain(scanner, &document, &explanation, NULL);
    CHECK_OUT(status, explanation);
    read_again(a, scanner);
    tocsin_scanner_free(scanner);
    return status;
}

static int count_occurrences(void *context, const tocsin_occurrence *occurrences, size_t count) {
    size_t *total = context;
    for (size_t i = 0; i < count; i++) ck_assert_uint_lt(occurrences[i].start, occurrences[i].end);
    *total += count;
    return 0;
}

static tocsin_status scan(attempt *a) {
    tocsin_scanner *scanner;
    tocsin_status status = open_scanner(a, &scanner);
    if (status != TOCSIN_OK) return status;
    size_t count = 0, folded_count = 0;
    tocsin_bytes text = the_document().text;
    status = tocsin_scan(scanner, text.data, text.length, count_occurrences, &count, NULL);
    ck_assert_msg(status != TOCSIN_OK || count >= 20, "%zu occurrences", count);
    if (status == TOCSIN_OK) {
        status = tocsin_scan_folded(scanner, text.data, text.length, count_occurrences, &folded_count, NULL);
    }
    read_again(a, scanner);
    tocsin_scanner_free(scanner);
    return status;
}

/* If writing into the buffer fails, the buffer must be unchanged. */
static void check_buffer(tocsin_status status, tocsin_buffer *out) {
    ck_assert(out->length >= 4 && memcmp(out->data, "kept", 4) == 0);
    ck_assert(status == TOCSIN_OK || (out->length == 4 && out->data[4] == '\0'));
    tocsin_buffer_release(out);
}

static tocsin_status write_and_copy(attempt *a) {
    tocsin_scanner *scanner = NULL;
    const tocsin_explanation *explanation = NULL;
    tocsin_verdict *copy = UNTOUCHED;
    tocsin_explanation *explained = UNTOUCHED;
    tocsin_document document = the_document();
    tocsin_buffer out;
    ck_assert_int_eq(tocsin_scanner_create(good_plan, NULL, &scanner, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_explain(scanner, &document, &explanation, NULL), TOCSIN_OK);
    tocsin_buffer_init(&out, &a->allocator);
    tocsin_status status = tocsin_buffer_append(&out, "kept", 4);
    if (status == TOCSIN_OK) {
        status = tocsin_verdict_to_json(explanation->verdict, &out);
        check_buffer(status, &out);
    }
    if (status == TOCSIN_OK) status = tocsin_buffer_append(&out, "kept", 4);
    if (status == TOCSIN_OK) {
        status = tocsin_explanation_to_json(explanation, &out);
        check_buffer(status, &out);
    }
    if (status == TOCSIN_OK) {
        status = tocsin_verdict_copy(explanation->verdict, &a->allocator, &copy);
        CHECK_OUT(status, copy);
        if (status == TOCSIN_OK) tocsin_verdict_free(copy);
    }
    if (status == TOCSIN_OK) {
        status = tocsin_explanation_copy(explanation, &a->allocator, &explained);
        CHECK_OUT(status, explained);
        if (status == TOCSIN_OK) tocsin_explanation_free(explained);
    }
    tocsin_buffer_release(&out);
    tocsin_scanner_free(scanner);
    return status;
}

static tocsin_status say_what_is_wrong(attempt *a) {
    static const tocsin_diagnostic problem = {TOCSIN_SEVERITY_ERROR,
                                              "unknown-topic",
                                              "词表/a.csv",
                                              12,
                                              3,
                                              "a message that is longer than the first buffer is"};
    tocsin_buffer out;
    tocsin_buffer_init(&out, &a->allocator);
    tocsin_status status = tocsin_buffer_append(&out, "kept", 4);
    if (status == TOCSIN_OK) {
        status = tocsin_diagnostic_to_text(&problem, &out);
        check_buffer(status, &out);
    }
    if (status == TOCSIN_OK) status = tocsin_buffer_append(&out, "kept", 4);
    if (status == TOCSIN_OK) {
        status = tocsin_diagnostic_to_json(&problem, &out);
        check_buffer(status, &out);
    }
    tocsin_buffer_release(&out);
    return status;
}

static tocsin_status fold(attempt *a) {
    tocsin_fold_options options = {.between_han = TOCSIN_BETWEEN_SPACE | TOCSIN_BETWEEN_PUNCT,
                                   .between_latin = TOCSIN_BETWEEN_SYMBOL};
    tocsin_folder *folder = UNTOUCHED;
    tocsin_bytes folded = {UNTOUCHED, 0};
    tocsin_document document = the_document();
    tocsin_status status = tocsin_folder_create(&options, &a->allocator, &folder);
    CHECK_OUT(status, folder);
    if (status != TOCSIN_OK) return status;
    status = tocsin_fold(folder, document.title.data, document.title.length, &folded);
    CHECK_OUT(status, folded.data);
    a->memory.fail_at = status == TOCSIN_OK ? a->memory.fail_at : 0;
    tocsin_status again = tocsin_fold(folder, "e\xCC\x81", 3, &folded);
    ck_assert_int_eq(again == TOCSIN_OK || a->memory.fail_at, 1);
    if (!status) status = again;
    tocsin_folder_free(folder);
    return status;
}

/* A builder from a plan with parts of every kind; it can be compiled again after a failure. */
static tocsin_status build(attempt *a) {
    tocsin_builder *builder = UNTOUCHED;
    tocsin_plan *plan = UNTOUCHED;
    tocsin_diagnostics *list = NULL;
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_builder_term term = TOCSIN_BUILDER_TERM_INIT;
    tocsin_builder_item topic = TOCSIN_BUILDER_ITEM_INIT;
    const tocsin_bytes phrase = {"火锅底料", strlen("火锅底料")}, name = {"overlay", 7}, venue = {"bbs.example", 11};
    options.allocator = a->allocator;
    topic.id = (tocsin_bytes){"pots", 4};
    term.topic = topic.id;
    term.text = (tocsin_bytes){"火锅", strlen("火锅")};
    term.unless = &phrase;
    term.unless_count = 1;
    tocsin_status status = tocsin_builder_create(good_plan, &a->allocator, &builder, NULL);
    CHECK_OUT(status, builder);
    if (status != TOCSIN_OK) return status;
    status = tocsin_diagnostics_create(&a->allocator, &list);
    if (status == TOCSIN_OK) status = tocsin_builder_set(builder, TOCSIN_BUILDER_NAME, name, "swept", NULL);
    if (status == TOCSIN_OK) status = tocsin_builder_add(builder, TOCSIN_PART_TOPIC, &topic, NULL);
    if (status == TOCSIN_OK) status = tocsin_builder_add_term(builder, &term, NULL);
    if (status == TOCSIN_OK) {
        status = tocsin_builder_add_venue(builder, venue, TOCSIN_VENUE_FORUM, "swept", NULL);
    }
    if (status == TOCSIN_OK) {
        tocsin_builder_example example = TOCSIN_BUILDER_EXAMPLE_INIT;
        example.text = term.text;
        example.tier = (tocsin_bytes){"none", 4};
        example.clauses = &phrase; /* not a clause: removed again */
        example.clause_count = 1;
        status = tocsin_builder_add_example(builder, &example, NULL);
    }
    if (status == TOCSIN_OK) {
        const char *id = tocsin_plan_tier(good_plan, 0)->id;
        status = tocsin_builder_set_deadline(builder, (tocsin_bytes){id, strlen(id)}, name, 24, "swept", NULL);
    }
    while (status == TOCSIN_OK && tocsin_builder_remove_example(builder, 0, NULL) == TOCSIN_OK) continue;
    if (status == TOCSIN_OK) {
        status = tocsin_builder_compile(builder, &options, list, &plan, NULL);
        CHECK_OUT(status, plan);
        if (status == TOCSIN_OK) tocsin_plan_release(plan);
    }
    tocsin_diagnostics_free(list);
    tocsin_builder_free(builder);
    return status;
}

static const struct {
    const char *name;
    entry_point call;
    const char *plan_name;
    tocsin_status otherwise; /* the result if there is memory */
    tocsin_engine engine;
} entry_points[] = {
    {"compile from memory", compile_from_memory, "plan.yaml", TOCSIN_OK, TOCSIN_ENGINE_AUTO},
    {"compile for Hyperscan", compile_from_memory, "plan.yaml", TOCSIN_OK, HYPERSCAN_ENGINE},
    {"compile for the naive engine", compile_from_memory, "plan.yaml", TOCSIN_OK, TOCSIN_ENGINE_NAIVE},
    {"compile a broken plan", compile_from_memory, "broken.yaml", TOCSIN_ERROR_PLAN, TOCSIN_ENGINE_AUTO},
    {"compile from files", compile_from_files, "plan.yaml", TOCSIN_OK, TOCSIN_ENGINE_AUTO},
    {"create a scanner", create_scanner, NULL, TOCSIN_OK, TOCSIN_ENGINE_AUTO},
    {"classify", classify, NULL, TOCSIN_OK, TOCSIN_ENGINE_AUTO},
    {"explain", explain, NULL, TOCSIN_OK, TOCSIN_ENGINE_AUTO},
    {"scan", scan, NULL, TOCSIN_OK, TOCSIN_ENGINE_AUTO},
    {"say what is wrong", say_what_is_wrong, NULL, TOCSIN_OK, TOCSIN_ENGINE_AUTO},
    {"write and copy", write_and_copy, NULL, TOCSIN_OK, TOCSIN_ENGINE_AUTO},
    {"build", build, NULL, TOCSIN_OK, TOCSIN_ENGINE_AUTO},
    {"fold", fold, NULL, TOCSIN_OK, TOCSIN_ENGINE_AUTO},
};

static void write_sources(const char *folder, int make) {
    char path[256];
    for (size_t i = 0; i < SOURCE_COUNT; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, sources[i].name);
        if (!make) {
            ck_assert_int_eq(unlink(path), 0);
            continue;
        }
        FILE *file = fopen(path, "wb");
        ck_assert_ptr_nonnull(file);
        ck_assert_int_ge(fputs(sources[i].text, file), 0);
        ck_assert_int_eq(fclose(file), 0);
    }
}

/* Fails the i-th request for i = 1, 2, … until none failed; returns how many there were. */
static size_t sweep(int index, const char *folder, int onwards) {
    for (size_t i = 1;; i++) {
        attempt a = {0};
        a.allocator = failing_allocator_get(&a.memory);
        a.memory.fail_at = i;
        a.memory.fail_onwards = onwards;
        a.plan_name = entry_points[index].plan_name;
        a.engine = entry_points[index].engine;
        snprintf(a.folder, sizeof a.folder, "%s", folder);
        tocsin_status status = entry_points[index].call(&a);
        const char *name = entry_points[index].name;
        ck_assert_msg(status == TOCSIN_ERROR_MEMORY || status == entry_points[index].otherwise, "%s, request %zu: %s",
                      name, i, tocsin_status_string(status));
        ck_assert_msg(a.memory.live == 0, "%s, request %zu: %zu blocks leaked", name, i, a.memory.live);
        ck_assert_msg(a.memory.wrong == 0, "%s, request %zu: %zu wrong sizes", name, i, a.memory.wrong);
        if (a.memory.failures == 0) {
            ck_assert_msg(status == entry_points[index].otherwise, "%s: %s without a failure", name,
                          tocsin_status_string(status));
            return i - 1;
        }
        ck_assert_msg(!onwards || status == TOCSIN_ERROR_MEMORY, "%s, request %zu: a failure went unnoticed", name, i);
    }
}

START_TEST(every_entry_point_survives_failing_memory) {
    char folder[] = "/tmp/tocsin-oom-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    write_sources(folder, 1);
    tocsin_error error = {0};
    good_verdict[0] = good_explanation[0] = '\0';
    ck_assert_msg(tocsin_plan_compile(read_source, NULL, "plan.yaml", NULL, NULL, &good_plan, &error) == TOCSIN_OK,
                  "%s:%u: %s", error.file, error.line, error.message);
    size_t onwards = sweep(_i, folder, 1), only = sweep(_i, folder, 0);
    printf("%s: %zu and %zu places\n", entry_points[_i].name, onwards, only);
    ck_assert_uint_gt(onwards, 0);
    tocsin_plan_release(good_plan);
    write_sources(folder, 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

TOCSIN_SUITE("oom", TOCSIN_LOOP(every_entry_point_survives_failing_memory, entry_points))
