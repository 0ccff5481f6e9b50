/*
 * tocsin-bench: the matrix of corpora, document sizes and lexicons, group by group. A group is what can be compared:
 * engines that read the same documents for the same terms; folding and grading, which look for no terms of the lexicon,
 * are measured once a corpus. Results are written at the end, so that a run that found a difference leaves no file that
 * looks like one that did not.
 */
#include <stdio.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "tocsin-bench/bench_engine.h"
#include "tocsin-bench/bench_fail.h"
#include "tocsin-bench/bench_options.h"
#include "tocsin-bench/bench_report.h"
#include "tocsin-bench/machine.h"
#include "tocsin-bench/measure.h"
#include "tocsin-bench/peer_dump.h"
#include "tocsin-bench/plan_swaps.h"
#include "tocsin-bench/thread_scaling.h"
#include "tocsin-bench/tracker_cost.h"

static const bench_kind *const matching[] = {&engine_tocsin,         &engine_match, &engine_raw_hyperscan,
                                             &engine_icu_hyperscan,  &engine_naive, &engine_tocsin_hyperscan,
                                             &engine_match_hyperscan};
static const bench_kind *const folding[] = {&engine_fold, &engine_icu_fold, &engine_copy};
static const bench_kind *const grading[] = {&engine_classify};
#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

/* Comparisons of the naive engine that are done in about a second. */
#define NAIVE_WORK 3e8

typedef struct bench_run {
    bench_options options;
    text_list pool;
    char lexicon[96];
    bench_result *results;
    size_t count, capacity;
} bench_run;

static int is_wanted(const bench_run *run, const bench_kind *kind, const bench_input *input) {
    if (!bench_names_hold(&run->options.stages, kind->stage)) return 0;
    if (run->options.engines.count) return bench_names_hold(&run->options.engines, kind->name);
    if (kind != &engine_naive) return kind->by_default;
    return (double)input->text->original.length * (double)input->terms->folded.count < NAIVE_WORK;
}

static bench_result *room_for(bench_run *run, size_t count) {
    if (run->count + count > run->capacity) {
        run->capacity = (run->count + count) * 2;
        run->results = tool_reallocate(run->results, run->capacity, sizeof *run->results);
    }
    return run->results + run->count;
}

static void keep(bench_run *run, const bench_input *input, uint64_t min_han, size_t count) {
    bench_result *results = run->results + run->count;
    for (size_t i = 0; i < count && input->terms; i++) {
        snprintf(results[i].lexicon, sizeof results[i].lexicon, "%s", run->lexicon);
        results[i].min_han = (uint32_t)min_han;
    }
    run->count += count;
}

static void run_group(bench_run *run, const bench_input *input, const bench_kind *const *kinds, size_t kind_count,
                      uint64_t min_han) {
    const bench_kind *wanted[BENCH_MAX_ENGINES];
    uint32_t rounds = (uint32_t)run->options.rounds;
    size_t count = 0;
    for (size_t i = 0; i < kind_count; i++) {
        if (is_wanted(run, kinds[i], input)) wanted[count++] = kinds[i];
    }
    bench_result *results = room_for(run, count);
    measure(input, wanted, count, rounds, results);
    keep(run, input, min_han, count);
    report_table(results, count);
    for (size_t i = 0; i < count && run->options.threads; i++) {
        if (!wanted[i]->share || wanted[i]->spans == SPANS_FOLDED) continue;
        results = room_for(run, 2);
        measure_threads(input, wanted[i], (uint32_t)run->options.threads, rounds, results);
        keep(run, input, min_han, 2);
        report_threads(results);
    }
}

static void run_lexicons(bench_run *run, const corpus *text) {
    const bench_options *o = &run->options;
    for (size_t m = 0; m < o->min_han.count; m++) {
        for (size_t t = 0; t < o->terms.count; t++) {
            term_list terms = {0};
            bench_input input = {text, &terms, o->plan};
            term_list_choose(&run->pool, o->seed, (uint32_t)o->min_han.at[m], o->terms.at[t], &terms);
            if (terms.folded.count < o->terms.at[t]) {
                fprintf(stderr, "tocsin-bench: the lexicon has only %zu such terms, not %llu\n", terms.folded.count,
                        (unsigned long long)o->terms.at[t]);
            }
            if (!terms.folded.count) bench_fail(BENCH_USAGE, "the lexicon has no terms of such a length");
            if (o->dump) {
                peer_dump(o->dump, text, &terms);
            } else {
                run_group(run, &input, matching, COUNT_OF(matching), o->min_han.at[m]);
            }
            term_list_release(&terms);
        }
    }
}

static void run_swaps(const bench_run *run, const bench_input *input) {
    swap_result result;
    if (!run->options.swaps || !bench_names_hold(&run->options.stages, engine_classify.stage)) return;
    measure_swaps(input, (uint32_t)run->options.swaps, (uint32_t)run->options.rounds, &result);
    report_swaps(&result);
}

static void run_track(const bench_run *run, const bench_input *input) {
    track_result result;
    if (!run->options.track) return;
    measure_tracker(input, (uint32_t)run->options.track, &result);
    report_track(&result);
}

static void run_corpus(bench_run *run, const corpus *text) {
    bench_input input = {text, NULL, run->options.plan};
    if (!run->options.dump) {
        run_group(run, &input, folding, COUNT_OF(folding), 0);
        run_group(run, &input, grading, COUNT_OF(grading), 0);
        run_swaps(run, &input);
        run_track(run, &input);
    }
    run_lexicons(run, text);
}

static void run_corpora(bench_run *run) {
    const bench_options *o = &run->options;
    term_list planted = {0};
    uint64_t fewest = o->terms.at[0];
    for (size_t t = 1; t < o->terms.count; t++) fewest = o->terms.at[t] < fewest ? o->terms.at[t] : fewest;
    term_list_choose(&run->pool, o->seed, (uint32_t)o->min_han.at[0], fewest, &planted);
    for (size_t c = 0; c < o->corpora.count; c++) {
        corpus whole = {0};
        if (!corpus_open(o->corpora.at[c], o->max_bytes, o->seed, &planted.written, &whole)) {
            fprintf(stderr, "tocsin-bench: %s is not installed; left out\n", o->corpora.at[c]);
            continue;
        }
        for (size_t s = 0; s < o->document_bytes.count; s++) {
            corpus pieces = {0};
            if (o->document_bytes.at[s]) corpus_cut(&whole, o->document_bytes.at[s], &pieces);
            run_corpus(run, o->document_bytes.at[s] ? &pieces : &whole);
            corpus_release(&pieces);
        }
        corpus_release(&whole);
    }
    term_list_release(&planted);
}

static void fill_pool(bench_run *run) {
    const bench_options *o = &run->options;
    uint64_t most = 0;
    for (size_t t = 0; t < o->terms.count; t++) most = o->terms.at[t] > most ? o->terms.at[t] : most;
    snprintf(run->lexicon, sizeof run->lexicon, "made-up words");
    if (!o->lexicons.count) term_pool_generate(o->seed, most * 3 + 1000, &run->pool);
    for (size_t i = 0; i < o->lexicons.count; i++) {
        const char *base = strrchr(o->lexicons.at[i], '/');
        term_pool_read(o->lexicons.at[i], &run->pool);
        snprintf(run->lexicon, sizeof run->lexicon, "%s", base ? base + 1 : o->lexicons.at[i]);
        run->lexicon[strcspn(run->lexicon, ".")] = '\0';
    }
    if (o->compounds) term_pool_compound(o->seed, o->compounds, &run->pool);
    if (o->lexicons.count > 1) snprintf(run->lexicon, sizeof run->lexicon, "%zu lists", o->lexicons.count);
}

static void require_known(const bench_names *names, const char *what, int stage) {
    for (size_t n = 0; n < names->count; n++) {
        int known = 0;
        for (size_t i = 0; i < COUNT_OF(matching); i++) {
            known |= !strcmp(names->at[n], stage ? matching[i]->stage : matching[i]->name);
        }
        for (size_t i = 0; i < COUNT_OF(folding); i++) {
            known |= !strcmp(names->at[n], stage ? folding[i]->stage : folding[i]->name);
        }
        known |= stage && !strcmp(names->at[n], engine_classify.stage);
        if (!known) bench_fail(BENCH_USAGE, "there is no %s \"%s\"; see --help", what, names->at[n]);
    }
}

int main(int argc, char **argv) {
    bench_run run = {0};
    machine_facts facts;
    bench_options_read(argc, argv, &run.options);
    require_known(&run.options.engines, "engine", 0);
    require_known(&run.options.stages, "stage", 1);
    machine_describe(&facts);
    if (!run.options.dump) report_machine(&facts);
    fill_pool(&run);
    run_corpora(&run);
    if (!run.options.dump && !run.count) bench_fail(BENCH_USAGE, "nothing to measure");
    if (run.options.json) report_json(run.options.json, &facts, run.results, run.count);
    if (run.options.csv) report_csv(run.options.csv, run.results, run.count);
    text_list_release(&run.pool);
    tool_free(run.results);
    return BENCH_DONE;
}
