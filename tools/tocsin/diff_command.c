/* tocsin diff: one pass over documents with two plans, which shows the effect of a change before it goes live. */
#include <inttypes.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/output.h"
#include "tocsin/command.h"
#include "tocsin/document_walk.h"
#include "tocsin/plan_diff.h"

#define SHOWN_TERMS 20 /* in text; --json lists all */

static const char help[] =
    "usage: tocsin diff [OPTION…] OLD NEW [FILE…]\n"
    "\n"
    "Grades documents by two plans and prints the differences: documents by old and new tier, clauses that hold with "
    "only\n"
    "one plan, and the terms that made the difference, with samples. OLD and NEW are plan files, folders or images; "
    "FILE is\n"
    "a feed as classify reads it; - or no FILE is standard input.\n"
    "\n"
    "      --json            one JSON object with all terms\n"
    "      --format NAME     ndjson, json, csv, tsv or text; default as classify\n"
    "      --field FIELD=NAME, --encoding NAME   as classify\n"
    "\n"
    "Clauses and tiers of the two plans are matched by id. A term counts once for each document: as gained if a clause "
    "now\n"
    "holds that did not before, as lost if one no longer holds.\n"
    "\n"
    "Exit status: 0 done; 1 done, but lines were rejected; 2 wrong usage, or a plan does not compile; 3 an input or\n"
    "output failed.\n"
    "\n"
    "  tocsin diff live.tocsin plans/fire-service last-month.ndjson.zst\n"
    "  tocsin diff --json old new posts.ndjson | jq '.terms[:5]'\n";

enum {
    DIFF_JSON
};

static const option_spec specs[] = {
    {"json", 0, 0},
};

typedef struct diff_run {
    const char *plans[2];
    char **files;
    int file_count, json;
    document_walk walk;
    tocsin_plan *compiled[2];
    tocsin_scanner *scanners[2];
    plan_diff diff;
} diff_run;

static int compare(void *context, const tocsin_document *document, tocsin_error *error) {
    diff_run *run = context;
    const tocsin_verdict *verdicts[2] = {NULL, NULL};
    for (int side = 0; side < 2; side++) {
        if (tocsin_classify(run->scanners[side], document, &verdicts[side], error) != TOCSIN_OK) return 0;
    }
    plan_diff_add(&run->diff, document, verdicts[0], verdicts[1]);
    return 1;
}

static const char *tier_name(const tocsin_plan_info *info, size_t index) {
    return index < info->tier_count ? tocsin_plan_tier(info->plan, index)->id : "none";
}

/* The highest tier first, as in the summary of classify; none last. */
static size_t shown_tier(const tocsin_plan_info *info, size_t row) {
    return row < info->tier_count ? info->tier_count - 1 - row : info->tier_count;
}

static void render_matrix(tocsin_buffer *out, const plan_diff *diff) {
    const tocsin_plan_info *old = diff->sides[0], *new = diff->sides[1];
    text_puts(out, message("\ndocuments by old tier (rows) and new tier\n            "));
    for (size_t column = 0; column <= new->tier_count; column++) {
        text_printf(out, "  %12s", tier_name(new, shown_tier(new, column)));
    }
    text_puts(out, "\n");
    for (size_t row = 0; row <= old->tier_count; row++) {
        const size_t from = shown_tier(old, row);
        text_printf(out, "%12s", tier_name(old, from));
        for (size_t column = 0; column <= new->tier_count; column++) {
            text_printf(out, "  %12" PRIu64, diff->tiers[from * (new->tier_count + 1) + shown_tier(new, column)]);
        }
        text_puts(out, "\n");
    }
}

static void render_clauses(tocsin_buffer *out, const plan_diff *diff) {
    const char *const ways[2] = {message("no longer"), message("newly")};
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < diff->sides[side]->clause_count; i++) {
            if (!diff->clauses[side][i]) continue;
            text_printf(out, "%12" PRIu64 "  %s %s\n", diff->clauses[side][i], ways[side],
                        tocsin_plan_clause(diff->sides[side]->plan, i)->id);
        }
    }
}

static void render_term(tocsin_buffer *out, const diff_term *term) {
    const char *const ways[DIFF_WAYS] = {message("gained"), message("lost")};
    for (int way = 0; way < DIFF_WAYS; way++) {
        if (!term->documents[way]) continue;
        text_printf(out, message("%12" PRIu64 "  %s by %s of %s\n"), term->documents[way], ways[way], term->term,
                    term->topic);
        for (int i = 0; i < DIFF_SAMPLES && term->samples[way][i]; i++) {
            text_printf(out, "              %s\n", term->samples[way][i]);
        }
    }
}

/* Reports how many documents pass `about`, if a plan has it. */
static void render_about(tocsin_buffer *out, const plan_diff *diff) {
    if ((!diff->sides[0]->about && !diff->sides[1]->about) || !diff->documents) return;
    text_printf(out, message("about the plan's subject: %" PRIu64 " documents (%.2f %%), now %" PRIu64 " (%.2f %%)\n"),
                diff->about[0], 100.0 * (double)diff->about[0] / (double)diff->documents, diff->about[1],
                100.0 * (double)diff->about[1] / (double)diff->documents);
}

static void render_text(tocsin_buffer *out, diff_run *run) {
    const plan_diff *diff = &run->diff;
    size_t count;
    diff_term **terms = plan_diff_sorted(&run->diff, &count);
    text_printf(out, message("%" PRIu64 " of %" PRIu64 " documents change"), diff->changed, diff->documents);
    if (diff->documents) text_printf(out, ", %.2f %%", 100.0 * (double)diff->changed / (double)diff->documents);
    text_puts(out, "\n");
    render_about(out, diff);
    render_matrix(out, diff);
    if (!diff->changed) return;
    text_puts(out, message("\nclauses that hold\n"));
    render_clauses(out, diff);
    text_puts(out, message("\nterms that made the difference, documents\n"));
    for (size_t i = 0; i < count && i < SHOWN_TERMS; i++) render_term(out, terms[i]);
    if (count > SHOWN_TERMS) text_printf(out, message("              and %zu more terms\n"), count - SHOWN_TERMS);
}

static void append_string(tocsin_buffer *out, const char *before, const char *text) {
    text_puts(out, before);
    utf8_append_json(out, text, strlen(text));
}

static void append_tiers(tocsin_buffer *out, const plan_diff *diff) {
    const tocsin_plan_info *old = diff->sides[0], *new = diff->sides[1];
    const char *separator = "";
    for (size_t from = 0; from <= old->tier_count; from++) {
        for (size_t to = 0; to <= new->tier_count; to++) {
            uint64_t n = diff->tiers[from * (new->tier_count + 1) + to];
            if (!n) continue;
            text_puts(out, separator);
            append_string(out, "{\"old\":", tier_name(old, from));
            append_string(out, ",\"new\":", tier_name(new, to));
            text_printf(out, ",\"documents\":%" PRIu64 "}", n);
            separator = ",";
        }
    }
}

static void append_clauses(tocsin_buffer *out, const plan_diff *diff, int side) {
    const char *separator = "";
    for (size_t i = 0; i < diff->sides[side]->clause_count; i++) {
        if (!diff->clauses[side][i]) continue;
        text_puts(out, separator);
        utf8_append_json(out, tocsin_plan_clause(diff->sides[side]->plan, i)->id,
                         strlen(tocsin_plan_clause(diff->sides[side]->plan, i)->id));
        text_printf(out, ":%" PRIu64, diff->clauses[side][i]);
        separator = ",";
    }
}

static void append_term(tocsin_buffer *out, const diff_term *term) {
    static const char *const ways[DIFF_WAYS] = {"gained", "lost"};
    append_string(out, "{\"topic\":", term->topic);
    append_string(out, ",\"term\":", term->term);
    for (int way = 0; way < DIFF_WAYS; way++) {
        text_printf(out, ",\"%s\":{\"documents\":%" PRIu64 ",\"samples\":[", ways[way], term->documents[way]);
        for (int i = 0; i < DIFF_SAMPLES && term->samples[way][i]; i++) {
            append_string(out, i ? "," : "", term->samples[way][i]);
        }
        text_puts(out, "]}");
    }
    text_puts(out, "}");
}

static void render_json(tocsin_buffer *out, diff_run *run) {
    const plan_diff *diff = &run->diff;
    size_t count;
    diff_term **terms = plan_diff_sorted(&run->diff, &count);
    text_printf(out, "{\"documents\":%" PRIu64 ",\"changed\":%" PRIu64 ",\"rejected\":%" PRIu64, diff->documents,
                diff->changed, run->walk.rejected);
    if (diff->sides[0]->about || diff->sides[1]->about) {
        text_printf(out, ",\"about\":{\"old\":%" PRIu64 ",\"new\":%" PRIu64 "}", diff->about[0], diff->about[1]);
    }
    text_puts(out, ",\"tiers\":[");
    append_tiers(out, diff);
    text_puts(out, "],\"clauses\":{\"lost\":{");
    append_clauses(out, diff, 0);
    text_puts(out, "},\"gained\":{");
    append_clauses(out, diff, 1);
    text_puts(out, "}},\"terms\":[");
    for (size_t i = 0; i < count; i++) {
        if (i) text_puts(out, ",");
        append_term(out, terms[i]);
    }
    text_puts(out, "]}\n");
}

static int prepare(diff_run *run) {
    for (int side = 0; side < 2; side++) {
        tocsin_error error = {0};
        int status = plan_load(run->plans[side], 1, &run->compiled[side]);
        if (status != EXIT_DONE) return status;
        if (tocsin_scanner_create(run->compiled[side], NULL, &run->scanners[side], &error) != TOCSIN_OK) {
            console_error("cannot start: %s", message_told(error.message));
            return EXIT_IO;
        }
    }
    plan_diff_init(&run->diff, tocsin_plan_get_info(run->compiled[0]), tocsin_plan_get_info(run->compiled[1]));
    run->walk.take = compare;
    run->walk.context = run;
    return EXIT_DONE;
}

static int diff_files(diff_run *run) {
    tocsin_buffer out;
    const int ready = prepare(run);
    if (ready != EXIT_DONE) return ready;
    const int worst = walk_files(&run->walk, run->files, run->file_count);
    tocsin_buffer_init(&out, NULL);
    if (run->json) {
        render_json(&out, run);
    } else {
        render_text(&out, run);
    }
    int printed = output_print(&out);
    tocsin_buffer_release(&out);
    plan_diff_release(&run->diff);
    return printed > worst ? printed : worst;
}

static int take_option(diff_run *run, option_parser *parser, int option) {
    switch (option) {
        case OPTION_OPERAND:
            if (!run->plans[0] || !run->plans[1]) {
                run->plans[run->plans[0] != NULL] = parser->value;
            } else {
                run->files[run->file_count++] = parser->argv[parser->at - 1];
            }
            return 1;
        case DIFF_JSON: run->json = 1; return 1;
        default: return 0;
    }
}

static int run_diff(int argc, char **argv) {
    static char standard_input[] = "-";
    diff_run run = {.walk = {.input = INPUT_OPTIONS_INIT}};
    option_parser parser;
    int option, status = EXIT_DONE;
    run.files = tool_allocate((size_t)argc + 1, sizeof *run.files);
    options_start(&parser, "diff", specs, sizeof specs / sizeof *specs, argc, argv);
    options_read_feed(&parser, (feed_targets){&run.walk.format, &run.walk.names, &run.walk.input.encoding});
    while (status == EXIT_DONE && (option = options_next(&parser)) != OPTION_END) {
        if (!take_option(&run, &parser, option)) status = EXIT_USAGE;
    }
    if (status == EXIT_DONE && !run.plans[1]) status = options_usage("diff", "which plans? OLD NEW");
    if (!run.file_count) run.files[run.file_count++] = standard_input;
    if (status == EXIT_DONE) status = diff_files(&run);
    for (int side = 0; side < 2; side++) {
        tocsin_scanner_free(run.scanners[side]);
        tocsin_plan_release(run.compiled[side]);
    }
    tool_free(run.files);
    return status;
}

const command diff_command = {"diff", help, run_diff};
