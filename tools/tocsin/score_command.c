/*
 * tocsin score: how often the verdicts of a plan agree with labels. Open labels, about which careful people differ, are
 * counted separately, and every proportion has its interval.
 */
#include <inttypes.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "learn/id_hash.h"
#include "learn/labelled.h"
#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/output.h"
#include "tocsin/command.h"
#include "tocsin/score_report.h"

static const char help[] =
    "usage: tocsin score [OPTION…] -p PLAN LABELLED…\n"
    "       tocsin score [OPTION…] -p PLAN --labels FILE.tsv FEED…\n"
    "\n"
    "Grades labelled documents and compares verdicts with labels. It prints precision and recall by tier, clause and "
    "venue\n"
    "with Wilson intervals (95 %). Open labels, which accept several tiers, are counted separately from clear ones. "
    "LABELLED\n"
    "and --labels are as for train.\n"
    "\n"
    "  -p, --plan PLAN       plan file, folder or image\n"
    "      --labels FILE     table of labels by id, tab-separated\n"
    "      --holdout 1/N     the split by id that train made\n"
    "      --part NAME       held or rest of the split; default held\n"
    "      --show N          print N wrong verdicts with their text, evidence marked\n"
    "      --compare PLAN    count the documents that this plan corrects and breaks, compared with another plan\n"
    "      --json            one JSON object\n"
    "      --each            with --json: every document with its verdict and learned scores\n"
    "      --format NAME, --field FIELD=NAME, --encoding NAME   as classify\n"
    "\n"
    "Exit status: 0 done; 1 done, but labels or lines were rejected; 2 wrong usage, or a plan does not compile; 3 an\n"
    "input or output failed.\n"
    "\n"
    "  tocsin score -p plan labelled.ndjson --holdout 1/5 --part held --show 10\n"
    "  tocsin score -p new --compare old --labels labels.tsv feed.ndjson.zst\n";

enum {
    SCORE_PLAN,
    SCORE_LABELS,
    SCORE_HOLDOUT,
    SCORE_PART,
    SCORE_SHOW,
    SCORE_COMPARE,
    SCORE_JSON,
    SCORE_EACH
};

static const option_spec specs[] = {{"plan", 'p', 1}, {"labels", 0, 1},  {"holdout", 0, 1}, {"part", 0, 1},
                                    {"show", 0, 1},   {"compare", 0, 1}, {"json", 0, 0},    {"each", 0, 0}};

typedef struct score_run {
    const char *paths[2]; /* the plan, and the one it is compared with */
    char **files;
    int file_count, json, each, rest;
    uint64_t show, parts;
    labelled_options options;
    tocsin_plan *plans[2];
    tocsin_scanner *scanners[2];
    labelled_set set;
    score_counts counts;
    score_compared compared;
    double *learned;
    uint64_t shown, wrong;
    tocsin_buffer documents; /* the wrong ones for people, or each as JSON */
} score_run;

static int prepare(score_run *run) {
    for (int side = 0; side < 2 && run->paths[side]; side++) {
        tocsin_error error = {0};
        const int status = plan_load(run->paths[side], 1, &run->plans[side]);
        if (status != EXIT_DONE) return status;
        if (tocsin_scanner_create(run->plans[side], NULL, &run->scanners[side], &error) != TOCSIN_OK) {
            console_error("cannot start: %s", message_told(error.message));
            return EXIT_IO;
        }
    }
    run->options.info = tocsin_plan_get_info(run->plans[0]);
    return EXIT_DONE;
}

/* The other plan may have other tiers: its verdict counts as this plan's tier with the same id. */
static int is_right_by_id(const score_run *run, const labelled_document *label, const tocsin_verdict *verdict) {
    size_t tier = 0;
    if (verdict->tier == TOCSIN_TIER_NONE) return (label->accept & labelled_tier_bit(TOCSIN_TIER_NONE)) != 0;
    return tocsin_plan_find(run->plans[0], TOCSIN_PART_TIER, verdict->tier_id, strlen(verdict->tier_id), &tier) &&
           (label->accept & labelled_tier_bit((int32_t)tier)) != 0;
}

static void compare(score_run *run, const labelled_document *label, int right, const tocsin_verdict *other) {
    const int other_right = is_right_by_id(run, label, other);
    for (int s = 0; s < SCORE_SETS; s++) {
        if (s == SCORE_CLEAR && labelled_is_open(label)) continue;
        run->compared.corrected[s] += (uint64_t)(right && !other_right);
        run->compared.broken[s] += (uint64_t)(!right && other_right);
    }
}

/* NULL: it failed, and was reported. */
static const tocsin_verdict *verdict_of(tocsin_scanner *scanner, const labelled_document *label) {
    const tocsin_verdict *verdict;
    tocsin_error error = {0};
    if (tocsin_classify(scanner, &label->document, &verdict, &error) == TOCSIN_OK) return verdict;
    console_error("%.*s: %s", (int)label->document.id.length, label->document.id.data, message_told(error.message));
    return NULL;
}

static int grade(score_run *run, const labelled_document *label) {
    const tocsin_plan_info *info = run->options.info;
    const tocsin_verdict *verdict = verdict_of(run->scanners[0], label);
    if (!verdict) return 0;
    score_counts_add(&run->counts, label, verdict);
    const int right = score_is_right(label, verdict);
    const int shows = run->json ? run->each : !right && run->shown < run->show;
    for (size_t i = 0; shows && i < info->learned_count; i++) {
        (void)tocsin_scanner_get_learned(run->scanners[0], i, &run->learned[i]);
    }
    if (shows && run->json) {
        text_puts(&run->documents, run->shown ? "," : "");
        score_report_document_json(info, label, verdict, run->learned, &run->documents);
    } else if (shows) {
        score_report_document(info, label, verdict, run->learned, &run->documents);
    }
    run->shown += (uint64_t)shows;
    run->wrong += !right;
    if (!run->scanners[1]) return 1;
    const tocsin_verdict *other = verdict_of(run->scanners[1], label);
    if (!other) return 0;
    compare(run, label, right, other);
    return 1;
}

static int print(const score_run *run) {
    const score_compared *compared = run->paths[1] ? &run->compared : NULL;
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    if (run->json) {
        text_puts(&out, "{");
        score_report_json(&run->counts, compared, &out);
        if (run->each) {
            text_puts(&out, ",\"each\":[");
            text_append(&out, run->documents.length ? run->documents.data : "", run->documents.length);
            text_puts(&out, "]");
        }
        text_puts(&out, "}\n");
    } else {
        score_report_text(&run->counts, compared, &out);
        if (run->show)
            text_printf(&out, message("\n%" PRIu64 " of %" PRIu64 " wrong verdicts\n"), run->shown, run->wrong);
        text_append(&out, run->documents.length ? run->documents.data : "", run->documents.length);
    }
    const int status = output_print(&out);
    tocsin_buffer_release(&out);
    return status;
}

static int score_labels(score_run *run) {
    int status = prepare(run);
    if (status == EXIT_DONE) status = labelled_read(&run->set, &run->options, run->files, run->file_count);
    if (status != EXIT_DONE) return status;
    score_counts_init(&run->counts, run->options.info);
    run->learned = tool_allocate(run->options.info->learned_count + 1, sizeof *run->learned);
    for (size_t i = 0; i < run->set.count; i++) {
        const labelled_document *label = &run->set.items[i];
        if (run->parts && id_is_held(label->document.id, run->parts) == run->rest) continue;
        if (!grade(run, label)) return EXIT_IO;
    }
    if (!run->counts.sets[SCORE_ALL].documents) {
        console_error("there is no labelled document to score");
        return EXIT_USAGE;
    }
    status = print(run);
    const int rejected = run->set.rejected || run->set.missing || run->set.problems;
    return status == EXIT_DONE && rejected ? EXIT_REJECTED : status;
}

static int take_option(score_run *run, option_parser *parser, int option) {
    static const char *const parts[] = {"held", "rest"};
    int choice;
    switch (option) {
        case OPTION_OPERAND: run->files[run->file_count++] = parser->argv[parser->at - 1]; return 1;
        case SCORE_PLAN: run->paths[0] = parser->value; return 1;
        case SCORE_COMPARE: run->paths[1] = parser->value; return 1;
        case SCORE_LABELS: run->options.labels = parser->value; return 1;
        case SCORE_HOLDOUT:
            run->parts = id_hash_parts(parser->value);
            if (!run->parts) {
                options_usage("score", "--holdout: \"%.100s\" is not one part of 2 to 1000, as 1/5", parser->value);
            }
            return run->parts != 0;
        case SCORE_PART:
            choice = options_choice(parser, "part", parts, 2);
            run->rest = choice == 1;
            return choice >= 0;
        case SCORE_SHOW: return options_natural(parser, "show", &run->show);
        case SCORE_JSON: run->json = 1; return 1;
        case SCORE_EACH: run->each = 1; return 1;
        default: return 0;
    }
}

static int run_score(int argc, char **argv) {
    score_run run = {.options = {.input = INPUT_OPTIONS_INIT}};
    option_parser parser;
    int option, status = EXIT_DONE;
    run.files = tool_allocate((size_t)argc + 1, sizeof *run.files);
    tocsin_buffer_init(&run.documents, NULL);
    options_start(&parser, "score", specs, sizeof specs / sizeof *specs, argc, argv);
    options_read_feed(&parser, (feed_targets){&run.options.format, &run.options.names, &run.options.input.encoding});
    while (status == EXIT_DONE && (option = options_next(&parser)) != OPTION_END) {
        if (!take_option(&run, &parser, option)) status = EXIT_USAGE;
    }
    if (status == EXIT_DONE && !run.paths[0]) status = options_usage("score", "which plan? -p PLAN");
    if (status == EXIT_DONE && !run.file_count) status = options_usage("score", "which labelled documents? LABELLED…");
    if (status == EXIT_DONE && run.each && !run.json) status = options_usage("score", "--each goes with --json");
    if (status == EXIT_DONE) status = score_labels(&run);
    for (int side = 0; side < 2; side++) {
        tocsin_scanner_free(run.scanners[side]);
        tocsin_plan_release(run.plans[side]);
    }
    score_counts_release(&run.counts);
    labelled_release(&run.set);
    tocsin_buffer_release(&run.documents);
    tool_free(run.learned);
    tool_free(run.files);
    return status;
}

const command score_command = {"score", help, run_score};
