/*
 * The library itself, through its public headers: fold alone, match alone on folded text, both with spans in the
 * original, and whole verdicts. The plan of a lexicon is made in memory: one topic whose terms count anywhere, so that
 * every occurrence of every term is a hit, as it is for the engines beside it.
 */
#include <string.h>

#include <tocsin/tocsin.h>

#include "feed/tool_memory.h"
#include "tocsin-bench/bench_engine.h"
#include "tocsin-bench/bench_fail.h"
#include "tocsin-bench/counting_allocator.h"

static const char plan_text[] = "plan: benchmark\n"
                                "version: \"1\"\n"
                                "topics:\n"
                                "  words: {terms: [words.txt], bounds: none}\n"
                                "tiers:\n"
                                "  - {id: found, name: found, clauses: [{id: F1, name: found, when: words}]}\n";

typedef struct reader {
    tocsin_plan *plan;
    tocsin_scanner *scanner;
    tocsin_folder *folder;
    allocation_count held;
} reader;

static tocsin_status read_source(void *context, const char *name, tocsin_buffer *out) {
    const text_list *terms = context;
    tocsin_status status = TOCSIN_OK;
    if (strcmp(name, "words.txt") != 0) return tocsin_buffer_append(out, plan_text, sizeof plan_text - 1);
    for (size_t i = 0; i < terms->count && !status; i++) {
        tocsin_bytes term = text_list_at(terms, i);
        status = tocsin_buffer_append(out, term.data, term.length);
        if (!status) status = tocsin_buffer_append(out, "\n", 1);
    }
    return status;
}

static void *make_reader(const bench_input *input, tocsin_engine engine) {
    reader *r = tool_allocate(1, sizeof *r);
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_error error = {0};
    options.engine = engine;
    tocsin_status status = tocsin_plan_compile(read_source, (void *)(uintptr_t)&input->terms->written, "plan.yaml",
                                               &options, NULL, &r->plan, &error);
    if (status)
        bench_fail(BENCH_FAILED, "the lexicon does not compile: %s:%u: %s", error.file, error.line, error.message);
    return r;
}

static void *make_default(const bench_input *input) { return make_reader(input, TOCSIN_ENGINE_AUTO); }
static void *make_hyperscan(const bench_input *input) { return make_reader(input, TOCSIN_ENGINE_HYPERSCAN); }

static void *make_plan(const bench_input *input) {
    reader *r = tool_allocate(1, sizeof *r);
    tocsin_error error = {0};
    tocsin_status status = tocsin_plan_compile_file(input->plan, NULL, NULL, &r->plan, &error);
    if (status) bench_fail(BENCH_USAGE, "%s: %s:%u: %s", input->plan, error.file, error.line, error.message);
    return r;
}

static void warm(void *state, const bench_input *input) {
    reader *r = state;
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    options.allocator = counting_allocator(&r->held);
    (void)input;
    bench_require(tocsin_scanner_create(r->plan, &options, &r->scanner, NULL), "make a scanner");
}

static void release(void *state) {
    reader *r = state;
    tocsin_scanner_free(r->scanner);
    tocsin_folder_free(r->folder);
    tocsin_plan_release(r->plan);
    tool_free(r);
}

static void *share(const void *state) {
    const reader *of = state;
    reader *r = tool_allocate(1, sizeof *r);
    tocsin_plan_retain(of->plan);
    r->plan = of->plan;
    return r;
}

static void sizes(void *state, uint64_t *plan_bytes, uint64_t *scratch_bytes) {
    const reader *r = state;
    if (r->plan) *plan_bytes = tocsin_plan_get_info(r->plan)->memory_bytes;
    *scratch_bytes = r->held.bytes;
}

static int take(void *context, const tocsin_occurrence *occurrences, size_t n) {
    bench_count *count = context;
    for (size_t i = 0; i < n; i++) count->spans += BENCH_SPAN(occurrences[i].start, occurrences[i].end);
    count->hits += n;
    return 0;
}

static void scan(void *state, const bench_input *input, size_t first, size_t last, bench_count *count) {
    const reader *r = state;
    for (size_t i = first; i < last; i++) {
        tocsin_bytes text = text_list_at(&input->text->original, i);
        bench_require(tocsin_scan(r->scanner, text.data, text.length, take, count, NULL), "scan a document");
    }
}

static void match(void *state, const bench_input *input, size_t first, size_t last, bench_count *count) {
    const reader *r = state;
    for (size_t i = first; i < last; i++) {
        tocsin_bytes text = text_list_at(&input->text->folded, i);
        bench_require(tocsin_scan_folded(r->scanner, text.data, text.length, take, count, NULL), "scan a document");
    }
}

static void classify(void *state, const bench_input *input, size_t first, size_t last, bench_count *count) {
    const reader *r = state;
    for (size_t i = first; i < last; i++) {
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        const tocsin_verdict *verdict;
        document.text = text_list_at(&input->text->original, i);
        document.venue = TOCSIN_VENUE_ACCOUNT;
        bench_require(tocsin_classify(r->scanner, &document, &verdict, NULL), "grade a document");
        for (size_t t = 0; t < verdict->topic_count; t++) count->hits += tocsin_verdict_topic(verdict, t)->hits;
    }
}

static void *make_folder(const bench_input *input) {
    reader *r = tool_allocate(1, sizeof *r);
    tocsin_allocator allocator = counting_allocator(&r->held);
    (void)input;
    bench_require(tocsin_folder_create(NULL, &allocator, &r->folder), "make a folder");
    return r;
}

static void fold(void *state, const bench_input *input, size_t first, size_t last, bench_count *count) {
    const reader *r = state;
    for (size_t i = first; i < last; i++) {
        tocsin_bytes text = text_list_at(&input->text->original, i), folded;
        bench_require(tocsin_fold(r->folder, text.data, text.length, &folded), "fold a document");
        count->spans += folded.length;
    }
}

const bench_kind engine_tocsin = {"tocsin", "scan", SPANS_ORIGINAL, 1,       1,    make_default,
                                  warm,     scan,   sizes,          release, share};
const bench_kind engine_match = {"match", "match", SPANS_FOLDED, 1,       1,    make_default,
                                 warm,    match,   sizes,        release, share};
const bench_kind engine_tocsin_hyperscan = {
    "tocsin-hyperscan", "scan", SPANS_ORIGINAL, 1, 0, make_hyperscan, warm, scan, sizes, release, share};
const bench_kind engine_match_hyperscan = {
    "match-hyperscan", "match", SPANS_FOLDED, 1, 0, make_hyperscan, warm, match, sizes, release, share};
const bench_kind engine_fold = {"tocsin", "fold", SPANS_FOLDED, 0, 1, make_folder, NULL, fold, sizes, release, NULL};
const bench_kind engine_classify = {"tocsin", "classify", SPANS_NONE, 0,       1,    make_plan,
                                    warm,     classify,   sizes,      release, share};
