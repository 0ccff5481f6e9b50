/*
 * Runs the manual: every case of tests/golden/ compiles its plan from memory, grades its documents, and compares the
 * output with the text there, character by character, without white space outside strings. Each case runs on every
 * engine, and each verdict is also copied and printed again, so that each golden tests four things.
 */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "base/utf8.h"
#include "golden_parse.h"
#include "suite.h"

static golden_cases cases;

static const tocsin_engine engines[] = {TOCSIN_ENGINE_FILTER, HYPERSCAN_ENGINE, TOCSIN_ENGINE_NAIVE};
static const char *const engine_names[] = {"filter", "hyperscan", "naive"};

static tocsin_status read_block(void *context, const char *name, tocsin_buffer *out) {
    const golden_case *golden = context;
    for (size_t i = 0; i < golden->block_count; i++) {
        if (strcmp(golden->blocks[i].name, name) == 0) {
            return tocsin_buffer_append(out, golden->blocks[i].data, golden->blocks[i].length);
        }
    }
    return TOCSIN_ERROR_NOT_FOUND;
}

static void put(tocsin_buffer *out, const char *text, size_t length) {
    ck_assert_int_eq(tocsin_buffer_append(out, text, length), TOCSIN_OK);
}

static void put_string(tocsin_buffer *out, const char *text) { put(out, text, strlen(text)); }

/*
 * The length of the escape at text[0]; an escape of a visible code point is replaced by the code point. Returns the
 * bytes it took.
 */
static size_t put_escape(const char *text, size_t left, tocsin_buffer *out) {
    unsigned value = 0;
    if (left >= 6 && text[1] == 'u' && sscanf(text + 2, "%4x", &value) == 1 && value >= 0x80) {
        char utf8[4];
        put(out, utf8, tocsin__utf8_put(utf8, value));
        return 6;
    }
    put(out, text, left < 2 ? left : 2);
    return left < 2 ? left : 2;
}

/* JSON without white space, one key of the outermost object or one object of an array a line. */
static void lay_out_json(const char *text, size_t length, tocsin_buffer *out) {
    int depth = 0, in_string = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (in_string && c == '\\') {
            i += put_escape(text + i, length - i, out) - 1;
            continue;
        }
        if (!in_string && (c == ' ' || c == '\n' || c == '\t' || c == '\r')) continue;
        if (!in_string && (c == '}' || c == ']')) depth--;
        if (!in_string && c == '{' && depth) put_string(out, "\n  ");
        put(out, &c, 1);
        if (!in_string && (c == '{' || c == '[')) depth++;
        if (!in_string && c == ',' && depth == 1) put_string(out, "\n");
        if (c == '"') in_string = !in_string;
    }
    put_string(out, "\n");
}

/* Both texts line by line: " " in both, "-" expected and not there, "+" there and not expected. */
static void put_difference(tocsin_buffer *out, const char *expected, const char *actual) {
    while (*expected || *actual) {
        size_t e = strcspn(expected, "\n"), a = strcspn(actual, "\n");
        if (e == a && memcmp(expected, actual, e) == 0) {
            put_string(out, "\n  ");
            put(out, expected, e);
        } else {
            if (*expected) put_string(out, "\n- "), put(out, expected, e);
            if (*actual) put_string(out, "\n+ "), put(out, actual, a);
        }
        expected += e + (expected[e] != '\0');
        actual += a + (actual[a] != '\0');
    }
}

static void compare(const golden_case *golden, const golden_block *block, const char *engine, tocsin_buffer *expected,
                    tocsin_buffer *actual) {
    put(expected, "", 0);
    put(actual, "", 0);
    if (expected->length == actual->length && memcmp(expected->data, actual->data, actual->length) == 0) return;
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    put_difference(&out, expected->data ? expected->data : "", actual->data ? actual->data : "");
    ck_abort_msg("%s:%u: %.*s (%s, %s)%s", golden->file, block->line, (int)golden->title_length, golden->title,
                 block->name, engine, out.data ? out.data : "");
}

/* Checks that spans point into the document's own bytes. */
static void check_spans(const tocsin_document *document, const tocsin_verdict *verdict) {
    const tocsin_evidence *one;
    for (size_t i = 0; (one = tocsin_verdict_evidence(verdict, i)) != NULL; i++) {
        const tocsin_bytes *field = one->field == TOCSIN_FIELD_TITLE ? &document->title : &document->text;
        ck_assert_uint_lt(one->start, one->end);
        ck_assert_uint_le(one->end, field->length);
        ck_assert_ptr_eq(one->text.data, field->data + one->start);
        ck_assert_uint_eq(one->text.length, one->end - one->start);
    }
}

typedef struct run {
    const golden_case *golden;
    const char *engine;
    tocsin_plan *plan;
    golden_document input;
    int has_input;
} run;

static tocsin_scanner *open_scanner(const run *r, const golden_block *block) {
    tocsin_scanner *scanner = NULL;
    ck_assert_msg(r->plan && r->has_input, "%s:%u: no plan or no document before this", r->golden->file, block->line);
    ck_assert_int_eq(tocsin_scanner_create(r->plan, &r->input.options, &scanner, NULL), TOCSIN_OK);
    return scanner;
}

static void check_verdict(const run *r, const golden_block *block) {
    tocsin_buffer json, expected, actual;
    tocsin_buffer_init(&json, NULL);
    tocsin_buffer_init(&expected, NULL);
    tocsin_buffer_init(&actual, NULL);
    const tocsin_verdict *verdict = NULL;
    tocsin_verdict *copy = NULL;
    tocsin_scanner *scanner = open_scanner(r, block);
    ck_assert_int_eq(tocsin_classify(scanner, &r->input.document, &verdict, NULL), TOCSIN_OK);
    check_spans(&r->input.document, verdict);
    ck_assert_int_eq(tocsin_verdict_to_json(verdict, &json), TOCSIN_OK);
    lay_out_json(block->data, block->length, &expected);
    lay_out_json(json.data, json.length, &actual);
    compare(r->golden, block, r->engine, &expected, &actual);
    ck_assert_int_eq(tocsin_verdict_copy(verdict, NULL, &copy), TOCSIN_OK);
    tocsin_scanner_free(scanner);
    json.length = actual.length = 0;
    ck_assert_int_eq(tocsin_verdict_to_json(copy, &json), TOCSIN_OK);
    lay_out_json(json.data, json.length, &actual);
    compare(r->golden, block, "copy", &expected, &actual);
    tocsin_verdict_free(copy);
    tocsin_buffer_release(&json);
    tocsin_buffer_release(&expected);
    tocsin_buffer_release(&actual);
}

static void put_evidence(tocsin_buffer *out, const tocsin_evidence *evidence) {
    char place[96];
    snprintf(place, sizeof place, "@%s:%zu-%zu", tocsin_field_name(evidence->field), evidence->start, evidence->end);
    put(out, evidence->text.data, evidence->text.length);
    put_string(out, place);
}

static void put_obstacle(tocsin_buffer *out, const tocsin_obstacle *obstacle) {
    put_string(out, obstacle->text);
    for (size_t i = 0; i < obstacle->span_count; i++) {
        put_string(out, i ? ", " : " (");
        put_evidence(out, tocsin_obstacle_span(obstacle, i));
    }
    if (obstacle->span_count) put_string(out, ")");
}

/*
 * One line for each clause: the hits that made it hold, or the missing conditions and the changes that would supply
 * them.
 */
static void put_explanation(tocsin_buffer *out, const tocsin_explanation *explanation) {
    for (size_t i = 0; i < explanation->clause_count; i++) {
        const tocsin_explained_clause *clause = tocsin_explanation_clause(explanation, i);
        put_string(out, clause->id);
        put_string(out, clause->holds ? " holds:" : " lacks:");
        for (size_t j = 0; j < clause->evidence_count; j++) {
            put_string(out, j ? ", " : " ");
            put_evidence(out, tocsin_explained_evidence(clause, j));
        }
        for (size_t j = 0; j < clause->obstacle_count; j++) {
            put_string(out, j ? "; " : " ");
            put_obstacle(out, tocsin_explained_obstacle(clause, j));
        }
        put_string(out, "\n");
    }
    put_string(out, explanation->nearest ? explanation->nearest->text : "nothing would raise it");
    put_string(out, "\n");
}

static void check_explanation(const run *r, const golden_block *block) {
    tocsin_buffer expected, actual;
    tocsin_buffer_init(&expected, NULL);
    tocsin_buffer_init(&actual, NULL);
    const tocsin_explanation *explanation = NULL;
    tocsin_scanner *scanner = open_scanner(r, block);
    ck_assert_int_eq(tocsin_explain(scanner, &r->input.document, &explanation, NULL), TOCSIN_OK);
    put(&expected, block->data, block->length);
    put_explanation(&actual, explanation);
    compare(r->golden, block, r->engine, &expected, &actual);
    tocsin_scanner_free(scanner);
    tocsin_buffer_release(&expected);
    tocsin_buffer_release(&actual);
}

static const golden_block *find_block(const golden_case *golden, const char *name) {
    for (size_t i = 0; i < golden->block_count; i++) {
        if (strcmp(golden->blocks[i].name, name) == 0) return &golden->blocks[i];
    }
    return NULL;
}

/* Compiles the case's plan; its diagnostics, warnings too, must be those of the block, and none without one. */
static void compile(run *r, tocsin_engine engine) {
    const golden_block none = {"diagnostics", "", 0, r->golden->line};
    const golden_block *block = find_block(r->golden, "diagnostics");
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    options.engine = engine;
    tocsin_diagnostics *list = NULL;
    tocsin_buffer expected, actual;
    tocsin_buffer_init(&expected, NULL);
    tocsin_buffer_init(&actual, NULL);
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    tocsin_status status =
        tocsin_plan_compile(read_block, (void *)(uintptr_t)r->golden, "plan.yaml", &options, list, &r->plan, NULL);
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        ck_assert_int_eq(tocsin_diagnostic_to_text(tocsin_diagnostics_at(list, i), &actual), TOCSIN_OK);
    }
    if (!block) block = &none;
    put(&expected, block->data, block->length);
    compare(r->golden, block, r->engine, &expected, &actual);
    int has_errors = tocsin_diagnostics_count_severity(list, TOCSIN_SEVERITY_ERROR) > 0;
    ck_assert_int_eq(status, has_errors ? TOCSIN_ERROR_PLAN : TOCSIN_OK);
    tocsin_diagnostics_free(list);
    tocsin_buffer_release(&expected);
    tocsin_buffer_release(&actual);
}

static void run_case(run *r) {
    const golden_case *golden = r->golden;
    size_t checked = find_block(golden, "diagnostics") != NULL;
    for (size_t i = 0; i < golden->block_count; i++) {
        const golden_block *block = &golden->blocks[i];
        const char *wrong = NULL;
        if (strcmp(block->name, "document") == 0) {
            free(r->input.storage);
            r->has_input = 1;
            ck_assert_msg(golden_read_document(block, &r->input, &wrong), "%s:%u: not understood: %.40s", golden->file,
                          block->line, wrong);
        } else if (strcmp(block->name, "verdict") == 0) {
            check_verdict(r, block);
            checked++;
        } else if (strcmp(block->name, "explanation") == 0) {
            check_explanation(r, block);
            checked++;
        }
    }
    ck_assert_msg(checked > 0, "%s:%u: a case that expects nothing", golden->file, golden->line);
    free(r->input.storage);
}

START_TEST(golden_cases_hold) {
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++) {
        run r = {0};
        r.golden = &cases.data[_i];
        r.engine = engine_names[i];
        compile(&r, engines[i]);
        run_case(&r);
        tocsin_plan_release(r.plan);
    }
}
END_TEST

START_TEST(the_folder_has_cases) {
    ck_assert_uint_ge(cases.length, 25);
    golden_release(&cases);
}
END_TEST

TOCSIN_SUITE("golden", golden_load(TOCSIN_SOURCE_DIR "/tests/golden", &cases);
             tcase_add_loop_test(tcase, golden_cases_hold, 0, (int)cases.length); TOCSIN_CASE(the_folder_has_cases))
