/* Options of a scanner and of a document: offsets in other units, fewer pieces of evidence, an early end. */
#include <stdlib.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "random_text.h"
#include "suite.h"

#define PLAN TOCSIN_SOURCE_DIR "/examples/fire-service"

static tocsin_plan *load(void) {
    tocsin_plan *plan = NULL;
    ck_assert_int_eq(tocsin_plan_load(PLAN, NULL, NULL, &plan, NULL), TOCSIN_OK);
    return plan;
}

static tocsin_scanner *scanner_of(const tocsin_plan *plan, tocsin_offsets offsets) {
    tocsin_scanner *scanner = NULL;
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    options.offsets = offsets;
    ck_assert_int_eq(tocsin_scanner_create(plan, &options, &scanner, NULL), TOCSIN_OK);
    return scanner;
}

/* Units of the first bytes of well-formed text, counted by the first bytes of characters. */
static size_t units(const char *text, size_t bytes, tocsin_offsets offsets) {
    size_t count = offsets == TOCSIN_OFFSETS_BYTES ? bytes : 0;
    for (size_t i = 0; i < bytes && offsets != TOCSIN_OFFSETS_BYTES; i++) {
        const unsigned char c = (unsigned char)text[i];
        count += (c & 0xC0) != 0x80;
        if (c >= 0xF0 && offsets == TOCSIN_OFFSETS_UTF16) count++;
    }
    return count;
}

/* Texts of some kilobytes, long enough for the table of offsets: Chinese, letters of two bytes, emoji, terms. */
static size_t write_text(char *text, size_t size) {
    static const char *const parts[] = {"消防车",       "🔥",  "é", "四十分钟才到", "推诿", "ＡＢ", "火災",
                                        "\xE1\x88\x9A", "，", "x", "死亡"};
    size_t length = 0;
    while (length + 40 < size) {
        const char *part = parts[random_text_below(sizeof parts / sizeof *parts)];
        memcpy(text + length, part, strlen(part));
        length += strlen(part);
    }
    return length;
}

static int check_occurrences(void *context, const tocsin_occurrence *list, size_t count) {
    tocsin_occurrence **next = context;
    for (size_t i = 0; i < count; i++) *(*next)++ = list[i];
    return 0;
}

START_TEST(offsets_use_the_requested_unit) {
    enum {
        SIZE = 6000
    };
    tocsin_plan *plan = load();
    tocsin_scanner *bytes = scanner_of(plan, TOCSIN_OFFSETS_BYTES), *other = scanner_of(plan, (tocsin_offsets)_i);
    char *title = malloc(SIZE), *text = malloc(SIZE);
    size_t pieces = 0, hits = 0;
    random_text_state = 26;
    for (int round = 0; round < 20; round++) {
        const tocsin_explanation *a, *b;
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        document.title = (tocsin_bytes){title, write_text(title, 300)};
        document.text = (tocsin_bytes){text, write_text(text, SIZE)};
        ck_assert_int_eq(tocsin_explain(bytes, &document, &a, NULL), TOCSIN_OK);
        ck_assert_int_eq(tocsin_explain(other, &document, &b, NULL), TOCSIN_OK);
        ck_assert_uint_eq(a->verdict->evidence_count, b->verdict->evidence_count);
        for (size_t i = 0; i < a->verdict->evidence_count; i++, pieces++) {
            const tocsin_evidence *x = tocsin_verdict_evidence(a->verdict, i),
                                  *y = tocsin_verdict_evidence(b->verdict, i);
            const char *field = x->field == TOCSIN_FIELD_TITLE ? title : text;
            ck_assert_uint_eq(y->start, units(field, x->start, (tocsin_offsets)_i));
            ck_assert_uint_eq(y->end, units(field, x->end, (tocsin_offsets)_i));
            ck_assert(x->text.data == y->text.data && x->text.length == y->text.length);
        }
        for (size_t l = 0; l < a->learned_count; l++) {
            const tocsin_explained_learned *x = tocsin_explanation_learned(a, l), *y = tocsin_explanation_learned(b, l);
            for (size_t i = 0; i < x->contribution_count; i++) {
                const tocsin_contribution *c = tocsin_explained_contribution(x, i);
                const char *field = c->field == TOCSIN_FIELD_TITLE ? title : text;
                if (c->topic_id) continue;
                ck_assert_uint_eq(tocsin_explained_contribution(y, i)->end, units(field, c->end, (tocsin_offsets)_i));
            }
        }
        tocsin_hit hit, counted;
        for (size_t i = 0; tocsin_scanner_get_hit(bytes, i, &hit); i += 17, hits++) {
            const char *field = hit.field == TOCSIN_FIELD_TITLE ? title : text;
            ck_assert_int_eq(tocsin_scanner_get_hit(other, i, &counted), 1);
            ck_assert_uint_eq(counted.start, units(field, hit.start, (tocsin_offsets)_i));
        }
    }
    ck_assert(pieces > 100 && hits > 100);
    tocsin_scanner_free(bytes);
    tocsin_scanner_free(other);
    tocsin_plan_release(plan);
    free(title);
    free(text);
}
END_TEST

START_TEST(occurrences_use_the_requested_unit) {
    enum {
        SIZE = 6000,
        MOST = 20000
    };
    static tocsin_occurrence found[2][MOST];
    tocsin_plan *plan = load();
    tocsin_scanner *bytes = scanner_of(plan, TOCSIN_OFFSETS_BYTES), *other = scanner_of(plan, (tocsin_offsets)_i);
    char *text = malloc(SIZE);
    random_text_state = 27;
    for (int folded = 0; folded < 2; folded++) { /* also in text that is already folded */
        tocsin_occurrence *ends[2] = {found[0], found[1]};
        const size_t length = write_text(text, SIZE);
        for (int side = 0; side < 2; side++) {
            tocsin_scanner *scanner = side ? other : bytes;
            ck_assert_int_eq((folded ? tocsin_scan_folded : tocsin_scan)(scanner, text, length, check_occurrences,
                                                                         &ends[side], NULL),
                             TOCSIN_OK);
        }
        ck_assert_int_eq(ends[0] - found[0], ends[1] - found[1]);
        ck_assert_int_gt(ends[0] - found[0], 100);
        for (long i = 0; i < ends[0] - found[0]; i += 5) {
            ck_assert_uint_eq(found[1][i].start, units(text, found[0][i].start, (tocsin_offsets)_i));
            ck_assert_uint_eq(found[1][i].end, units(text, found[0][i].end, (tocsin_offsets)_i));
        }
    }
    tocsin_scanner_free(bytes);
    tocsin_scanner_free(other);
    tocsin_plan_release(plan);
    free(text);
}
END_TEST

/* As in Python's decode with "replace" and Java's new String: one U+FFFD for each maximal malformed part. */
START_TEST(a_malformed_part_counts_as_one) {
    static const char text[] = "\xFF\xE6\xB6 \xF0\x9F\x94\xA5消防车四十分钟才到，推诿";
    static const size_t wanted[] = {8, 4, 5}; /* before 消防车 */
    tocsin_plan *plan = load();
    for (int i = 0; i < 3; i++) {
        tocsin_scanner *scanner = scanner_of(plan, (tocsin_offsets)i);
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        const tocsin_verdict *verdict;
        tocsin_hit hit;
        document.text = (tocsin_bytes){text, sizeof text - 1};
        ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
        ck_assert_int_eq(tocsin_scanner_get_hit(scanner, 0, &hit), 1);
        ck_assert_uint_eq(hit.start, wanted[i]);
        tocsin_scanner_free(scanner);
    }
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    tocsin_scanner *scanner = NULL;
    tocsin_error error = {0};
    options.offsets = (tocsin_offsets)3;
    ck_assert_int_eq(tocsin_scanner_create(plan, &options, &scanner, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "options->offsets is 3, which is not a tocsin_offsets");
    tocsin_plan_release(plan);
}
END_TEST

START_TEST(a_document_limits_its_evidence) {
    tocsin_plan *plan = load();
    tocsin_scanner *scanner = scanner_of(plan, TOCSIN_OFFSETS_BYTES);
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict;
    document.text = (tocsin_bytes){"消防车四十分钟才到，接警员推诿，消防队互相推诿，合肥",
                                   strlen("消防车四十分钟才到，接警员推诿，消防队互相推诿，合肥")};
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    const size_t all = verdict->evidence_count;
    ck_assert_uint_gt(all, verdict->clause_count);
    ck_assert_uint_eq(verdict->incomplete, 0);
    document.max_evidence = 1;
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_uint_eq(verdict->evidence_count, verdict->clause_count);
    ck_assert_uint_eq(verdict->incomplete, TOCSIN_INCOMPLETE_EVIDENCE);
    document.max_evidence = UINT64_MAX;
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_uint_eq(verdict->evidence_count, all);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

typedef struct asked {
    size_t times, stop_at; /* 0: never */
} asked;

static int ask(void *context) {
    asked *a = context;
    a->times++;
    return a->stop_at && a->times >= a->stop_at;
}

static int note_failure(void *context, size_t index, const tocsin_verdict *verdict, const tocsin_error *why) {
    tocsin_status *said = context;
    said[index] = verdict ? TOCSIN_OK : why->status;
    return 0;
}

/* Stops at every call of the function; the next document then has its usual verdict. */
START_TEST(grading_can_be_stopped_at_every_call) {
    enum {
        SIZE = 70000
    };
    tocsin_plan *plan = load();
    tocsin_scanner *scanner = scanner_of(plan, TOCSIN_OFFSETS_BYTES);
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL;
    tocsin_buffer wanted, said;
    tocsin_error error = {0};
    char *text = malloc(SIZE);
    asked a = {0, 0};
    random_text_state = 4;
    document.text = (tocsin_bytes){text, write_text(text, SIZE)};
    tocsin_buffer_init(&wanted, NULL);
    tocsin_buffer_init(&said, NULL);
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_verdict_to_json(verdict, &wanted), TOCSIN_OK);
    document.stop = ask;
    document.stop_context = &a;
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_verdict_to_json(verdict, &said), TOCSIN_OK);
    ck_assert_str_eq(said.data, wanted.data); /* read in parts, but the same */
    const size_t times = a.times;
    ck_assert_uint_gt(times, SIZE / 32768 * 2);
    for (size_t at = 1; at <= times; at += at < 30 ? 1 : 1 + times / 25) {
        const tocsin_verdict *untouched = verdict;
        a = (asked){0, at};
        ck_assert_int_eq(tocsin_classify(scanner, &document, &untouched, &error), TOCSIN_ERROR_STOPPED);
        ck_assert_ptr_eq(untouched, verdict);
        ck_assert_uint_eq(a.times, at);
    }
    ck_assert_str_eq(error.message, "no verdict was reached: stopped by the caller");
    a = (asked){0, times + 1};
    said.length = 0;
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_verdict_to_json(verdict, &said), TOCSIN_OK);
    ck_assert_str_eq(said.data, wanted.data);
    tocsin_buffer_release(&wanted);
    tocsin_buffer_release(&said);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
    free(text);
}
END_TEST

/* One document of a batch, an explanation, a stream. */
START_TEST(every_way_to_grade_can_be_stopped) {
    tocsin_plan *plan = load();
    tocsin_scanner *scanner = scanner_of(plan, TOCSIN_OFFSETS_BYTES);
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL;
    const tocsin_explanation *explanation = NULL;
    tocsin_stream *stream = NULL;
    tocsin_status statuses[3];
    asked a = {0, 0};
    document.text = (tocsin_bytes){"消防车四十分钟才到，推诿", strlen("消防车四十分钟才到，推诿")};
    document.stop = ask;
    document.stop_context = &a;
    tocsin_document batch[3] = {document, document, document};
    batch[0].stop = batch[2].stop = NULL;
    a = (asked){0, 3};
    ck_assert_int_eq(tocsin_classify_batch(scanner, batch, 3, note_failure, statuses, NULL), TOCSIN_ERROR_STOPPED);
    ck_assert(statuses[0] == TOCSIN_OK && statuses[1] == TOCSIN_ERROR_STOPPED && statuses[2] == TOCSIN_OK);
    a = (asked){0, 6};
    ck_assert_int_eq(tocsin_explain(scanner, &document, &explanation, NULL), TOCSIN_ERROR_STOPPED);
    a = (asked){0, 2};
    ck_assert_int_eq(tocsin_stream_create(scanner, &stream, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_stream_begin(stream, &document, NULL), TOCSIN_OK);
    ck_assert_uint_eq(a.times, 0);
    ck_assert_int_eq(tocsin_stream_end(stream, &verdict, NULL), TOCSIN_ERROR_STOPPED);
    tocsin_stream_free(stream);
    /* Also a long text without a hit. */
    enum {
        SIZE = 300000
    };
    char *fine = malloc(SIZE);
    for (size_t i = 0; i < SIZE; i += 3) memcpy(fine + i, "晴", 3);
    a = (asked){0, 0};
    document.text = (tocsin_bytes){fine, SIZE};
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_uint_gt(a.times, SIZE / 32768);
    free(fine);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
}
END_TEST

static const int all_offsets[3];
TOCSIN_SUITE("document options",
             TOCSIN_LOOP(offsets_use_the_requested_unit, all_offsets) TOCSIN_LOOP(occurrences_use_the_requested_unit,
                                                                                  all_offsets)
                 TOCSIN_CASE(a_malformed_part_counts_as_one) TOCSIN_CASE(a_document_limits_its_evidence)
                     TOCSIN_CASE(grading_can_be_stopped_at_every_call) TOCSIN_CASE(every_way_to_grade_can_be_stopped))
