/*
 * One list of columns for JSON and CSV, so that the two always agree. MB are 10^6 bytes of original UTF-8, for engines
 * that read folded text too: what counts is how much of a feed is done in a second.
 */
#include "tocsin-bench/bench_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/utf8_text.h"
#include "tocsin-bench/bench_fail.h"

typedef struct figure {
    const char *name;
    const char *text; /* NULL for a number */
    double number;
    int decimals;
} figure;

#define FIGURE_COUNT 24

static double per_second(double amount, double seconds) { return seconds > 0 ? amount / seconds : 0; }
static double megabytes(const bench_result *r, double seconds) { return per_second((double)r->bytes * 1e-6, seconds); }

static void figures_of(const bench_result *r, figure out[FIGURE_COUNT]) {
    double bytes = (double)r->bytes, kilobytes = bytes > 0 ? bytes * 1e-3 : 1;
    const figure all[FIGURE_COUNT] = {
        {"engine", r->kind->name, 0, 0},
        {"corpus", r->corpus, 0, 0},
        {"stage", r->kind->stage, 0, 0},
        {"terms", NULL, (double)r->terms, 0},
        {"docs", NULL, (double)r->documents, 0},
        {"bytes", NULL, bytes, 0},
        {"hits", NULL, (double)r->hits, 0},
        {"mb_per_s", NULL, megabytes(r, r->seconds), 1},
        {"docs_per_s", NULL, per_second((double)r->documents, r->seconds), 0},
        {"ns_per_doc_p50", NULL, r->ns_p50, 0},
        {"ns_per_doc_p99", NULL, r->ns_p99, 0},
        {"compile_s", NULL, r->compile_s, 6},
        {"plan_bytes", NULL, (double)r->plan_bytes, 0},
        {"scratch_bytes", NULL, (double)r->scratch_bytes, 0},
        {"peak_rss_bytes", NULL, (double)r->peak_rss_bytes, 0},
        {"ns_per_doc_p999", NULL, r->ns_p999, 0},
        {"hits_per_kb", NULL, (double)r->hits / kilobytes, 3},
        {"mb_per_s_least", NULL, megabytes(r, r->seconds_most), 1},
        {"mb_per_s_most", NULL, megabytes(r, r->seconds_least), 1},
        {"rounds", NULL, r->rounds, 0},
        {"folded_bytes", NULL, (double)r->folded_bytes, 0},
        {"lexicon", r->lexicon, 0, 0},
        {"min_chars", NULL, r->min_han, 0},
        {"threads", NULL, r->threads, 0},
    };
    memcpy(out, all, sizeof all);
}

void report_machine(const machine_facts *facts) {
    printf("cpu %s, %ld cores, %.0f GB; %s; %s\n", facts->cpu, facts->cores, facts->memory_gb, facts->caches,
           facts->simd);
    printf("%s; %s; tocsin %s, Hyperscan %s, tables of %s\n", facts->system, facts->compiler, facts->tocsin,
           facts->hyperscan, facts->tables);
}

static double megabytes_of(const bench_result *results, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(results[i].kind->name, name)) return megabytes(&results[i], results[i].seconds);
    }
    return 0;
}

static void print_ratio(double speed, double base) {
    if (base > 0) {
        printf(" %7.2f", speed / base);
    } else {
        printf(" %7s", "-");
    }
}

void report_table(const bench_result *results, size_t count) {
    const bench_result *one = results;
    double hyperscan = megabytes_of(results, count, "hyperscan"), icu = megabytes_of(results, count, "icu+hyperscan");
    if (!count) return;
    printf("\n%s: %" PRIu64 " documents, %.1f MB, %.0f B each", one->corpus, one->documents, (double)one->bytes * 1e-6,
           (double)one->bytes / (double)(one->documents ? one->documents : 1));
    if (one->terms) {
        printf("; %" PRIu64 " terms of %s, %u or more Han; %" PRIu64 " hits, %.2f a kB", one->terms, one->lexicon,
               one->min_han, one->hits, (double)one->hits / (double)one->bytes * 1e3);
    }
    printf("\n  %-16s %-8s %9s %9s %8s %8s %9s %7s %7s %9s %9s %10s %9s\n", "engine", "stage", "MB/s", "kdocs/s",
           "p50 ns", "p99 ns", "p99.9 ns", "/hs", "/icu+hs", "compile s", "plan MB", "scratch kB", "peak MB");
    for (size_t i = 0; i < count; i++) {
        const bench_result *r = &results[i];
        double speed = megabytes(r, r->seconds);
        printf("  %-16s %-8s %9.1f %9.0f %8.0f %8.0f %9.0f", r->kind->name, r->kind->stage, speed,
               per_second((double)r->documents, r->seconds) * 1e-3, r->ns_p50, r->ns_p99, r->ns_p999);
        print_ratio(speed, hyperscan);
        print_ratio(speed, icu);
        printf(" %9.3f %9.2f %10.1f %9.2f\n", r->compile_s, (double)r->plan_bytes * 1e-6,
               (double)r->scratch_bytes * 1e-3, (double)r->peak_rss_bytes * 1e-6);
    }
    fflush(stdout);
}

void report_threads(const bench_result results[2]) {
    const bench_result *one = &results[0], *all = &results[1];
    printf(
        "\n%s: %s (%s), wall clock: 1 thread %.1f MB/s, %u threads %.1f MB/s, %.2f times; by CPU time of a pass %.2f\n",
        one->corpus, one->kind->name, one->kind->stage, megabytes(one, one->seconds), all->threads,
        megabytes(all, all->seconds), per_second(one->seconds, all->seconds),
        per_second(one->cpu_seconds * all->threads, all->cpu_seconds));
    fflush(stdout);
}

void report_swaps(const swap_result *r) {
    printf("\n%s: tocsin (classify), %u plans published a second, %" PRIu64
           " in %u rounds: %.0f documents/s, undisturbed "
           "%.0f, %.3f of it; p99.9 of a document %.0f ns, undisturbed %.0f, %.2f times\n",
           r->corpus, r->per_second, r->swaps, r->rounds, r->swapped_docs_per_s, r->quiet_docs_per_s,
           per_second(r->swapped_docs_per_s, r->quiet_docs_per_s), r->swapped_p999_ns, r->quiet_p999_ns,
           per_second(r->swapped_p999_ns, r->quiet_p999_ns));
    fflush(stdout);
}

static void write_file(const char *path, tocsin_buffer *text) {
    FILE *file = fopen(path, "w");
    int ok = file && fwrite(text->data, 1, text->length, file) == text->length;
    if (file && fclose(file)) ok = 0;
    if (!ok) bench_fail(BENCH_FAILED, "%s: cannot be written", path);
    tocsin_buffer_release(text);
}

static void put_member(tocsin_buffer *out, const char *name, const char *text) {
    text_printf(out, "\"%s\": ", name);
    utf8_append_json(out, text, strlen(text));
}

static void put_machine(tocsin_buffer *out, const machine_facts *facts) {
    const struct {
        const char *name, *text;
    } members[] = {{"cpu", facts->cpu},
                   {"simd", facts->simd},
                   {"caches", facts->caches},
                   {"system", facts->system},
                   {"compiler", facts->compiler},
                   {"tocsin", facts->tocsin},
                   {"hyperscan", facts->hyperscan},
                   {"tables", facts->tables}};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        put_member(out, members[i].name, members[i].text);
        text_puts(out, ", ");
    }
    text_printf(out, "\"cores\": %ld, \"memory_gb\": %.1f, \"clock\": \"thread CPU time\"", facts->cores,
                facts->memory_gb);
}

void report_json(const char *path, const machine_facts *facts, const bench_result *results, size_t count) {
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    text_puts(&out, "{\"machine\": {");
    put_machine(&out, facts);
    text_puts(&out, "},\n \"results\": [");
    for (size_t i = 0; i < count; i++) {
        figure figures[FIGURE_COUNT];
        figures_of(&results[i], figures);
        text_puts(&out, i ? ",\n  {" : "\n  {");
        for (size_t f = 0; f < FIGURE_COUNT; f++) {
            if (f) text_puts(&out, ", ");
            if (figures[f].text) {
                put_member(&out, figures[f].name, figures[f].text);
            } else {
                text_printf(&out, "\"%s\": %.*f", figures[f].name, figures[f].decimals, figures[f].number);
            }
        }
        text_puts(&out, "}");
    }
    text_puts(&out, "\n ]}\n");
    write_file(path, &out);
}

/* Names of corpora and lexicons come from file names. */
static void put_csv_text(tocsin_buffer *out, const char *text) {
    for (; *text; text++) {
        char c = *text == ',' || *text == '"' ? '_' : *text;
        text_append(out, &c, 1);
    }
}

void report_csv(const char *path, const bench_result *results, size_t count) {
    tocsin_buffer out;
    figure figures[FIGURE_COUNT];
    tocsin_buffer_init(&out, NULL);
    for (size_t i = 0; i <= count; i++) {
        figures_of(&results[i ? i - 1 : 0], figures);
        for (size_t f = 0; f < FIGURE_COUNT; f++) {
            if (f) text_puts(&out, ",");
            if (!i) {
                text_puts(&out, figures[f].name);
            } else if (figures[f].text) {
                put_csv_text(&out, figures[f].text);
            } else {
                text_printf(&out, "%.*f", figures[f].decimals, figures[f].number);
            }
        }
        text_puts(&out, "\n");
    }
    write_file(path, &out);
}

void report_track(const track_result *r) {
    printf("\n%s: %" PRIu64 " documents, %.1f %% with a tier, %" PRIu64 " of %" PRIu64
           " incidents; grading and tracking %.1f ms, grading %.1f, %.3f times (CPU, medians of %u)\n",
           r->corpus, r->documents, 100 * per_second((double)r->tiers, (double)r->documents), r->tracked, r->incidents,
           r->tracked_seconds * 1e3, r->alone_seconds * 1e3, per_second(r->tracked_seconds, r->alone_seconds),
           r->rounds);
    fflush(stdout);
}
