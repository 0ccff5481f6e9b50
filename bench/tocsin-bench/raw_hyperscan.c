/*
 * Hyperscan at its best for this task: the pure-literal API, block mode, one flag, start of match, compiled for the
 * very machine that it runs on. The callback does the least that any user's would do: it looks at the span.
 */
#include "tocsin-bench/raw_hyperscan.h"

#include <hs/hs.h>

#include "feed/tool_memory.h"
#include "tocsin-bench/bench_fail.h"

struct raw_hyperscan {
    hs_database_t *database;
    hs_scratch_t *scratch;
};

static void require(hs_error_t code, const char *what) {
    if (code != HS_SUCCESS) bench_fail(BENCH_FAILED, "Hyperscan cannot %s: error %d", what, code);
}

raw_hyperscan *raw_hyperscan_make(const text_list *folded_terms) {
    raw_hyperscan *engine = tool_allocate(1, sizeof *engine);
    size_t n = folded_terms->count;
    const char **expressions = tool_allocate(n, sizeof *expressions);
    size_t *lengths = tool_allocate(n, sizeof *lengths);
    unsigned *flags = tool_allocate(n, sizeof *flags);
    unsigned *ids = tool_allocate(n, sizeof *ids);
    hs_compile_error_t *said = NULL;
    for (size_t i = 0; i < n; i++) {
        tocsin_bytes term = text_list_at(folded_terms, i);
        expressions[i] = term.data;
        lengths[i] = term.length;
        flags[i] = HS_FLAG_SOM_LEFTMOST;
        ids[i] = (unsigned)i;
    }
    hs_error_t code = hs_compile_lit_multi(expressions, flags, ids, lengths, (unsigned)n, HS_MODE_BLOCK, NULL,
                                           &engine->database, &said);
    if (code != HS_SUCCESS) bench_fail(BENCH_FAILED, "Hyperscan does not compile: %s", said ? said->message : "");
    require(hs_alloc_scratch(engine->database, &engine->scratch), "allocate scratch");
    tool_free(expressions);
    tool_free(lengths);
    tool_free(flags);
    tool_free(ids);
    return engine;
}

static int take(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    bench_count *count = context;
    (void)id;
    (void)flags;
    count->hits++;
    count->spans += BENCH_SPAN(from, to);
    return 0;
}

void raw_hyperscan_scan(const raw_hyperscan *engine, tocsin_bytes folded, bench_count *count) {
    require(hs_scan(engine->database, folded.data, (unsigned)folded.length, 0, engine->scratch, take, count), "scan");
}

void raw_hyperscan_sizes(const raw_hyperscan *engine, uint64_t *database, uint64_t *scratch) {
    size_t size = 0;
    require(hs_database_size(engine->database, &size), "tell the size of a database");
    *database = size;
    require(hs_scratch_size(engine->scratch, &size), "tell the size of scratch");
    *scratch = size;
}

void raw_hyperscan_release(raw_hyperscan *engine) {
    hs_free_scratch(engine->scratch);
    hs_free_database(engine->database);
    tool_free(engine);
}

static void *make(const bench_input *input) { return raw_hyperscan_make(&input->terms->folded); }

static void run(void *state, const bench_input *input, size_t first, size_t last, bench_count *count) {
    for (size_t i = first; i < last; i++) raw_hyperscan_scan(state, text_list_at(&input->text->folded, i), count);
}

static void sizes(void *state, uint64_t *plan_bytes, uint64_t *scratch_bytes) {
    raw_hyperscan_sizes(state, plan_bytes, scratch_bytes);
}

static void release(void *state) { raw_hyperscan_release(state); }

const bench_kind engine_raw_hyperscan = {"hyperscan", "match", SPANS_FOLDED, 1,       1,   make,
                                         NULL,        run,     sizes,        release, NULL};
