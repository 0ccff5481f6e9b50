/*
 * tocsin lint: reports every problem of a plan, on standard output, because here problems are the result. The summary
 * counts what was compiled, so that a list that was read as empty is noticed.
 */
#include <string.h>

#include "feed/tool_memory.h"
#include "program/options.h"
#include "program/output.h"
#include "tocsin/command.h"
#include "tocsin/lint_report.h"

static const char help[] =
    "usage: tocsin lint PLAN [--sample FILE…] [--json] | --codes\n"
    "\n"
    "Compiles a plan with its lists, grades its examples and looks for likely mistakes. Prints every problem as\n"
    "file:line:column: severity: text [number code], then advice for each kind, then a summary. PLAN is a plan\n"
    "file, a folder with a plan.yaml, or an image.\n"
    "\n"
    "      --sample FILE  also grade the documents of FILE (- is standard input; may be given several times) and "
    "print\n"
    "                     what clauses and words do in them: in how many documents each is found, which words decide "
    "a\n"
    "                     tier alone, the longer words around frequent ones, and how many words never count\n"
    "      --format NAME, --field FIELD=NAME, --encoding NAME   of the sample, as classify\n"
    "      --notes        print all notes instead of three of a kind, and for each list how many lines it took\n"
    "      --json         one JSON object: {\"plan\", \"diagnostics\": […], \"dropped\", \"errors\", \"warnings\",\n"
    "                     \"notes\"}; also \"tiers\", \"clauses\", \"routes\", \"topics\", \"terms\", \"patterns\",\n"
    "                     \"regexes\", \"venues\" and \"lists\" when the plan compiles, \"problem\" when it could not "
    "be read,\n"
    "                     \"sample\" when there was one\n"
    "      --codes        print every code with its number and its advice\n"
    "\n"
    "Exit status: 0 no errors; 1 lines of the sample were rejected; 2 the plan does not compile; 3 it or the sample\n"
    "could not be read, or the output failed.\n"
    "\n"
    "  tocsin lint examples/fire-service\n"
    "  tocsin lint plan.yaml --sample last-month.ndjson.zst\n"
    "  tocsin lint plan.yaml --json | jq -r '.diagnostics[].message'\n";

enum {
    LINT_JSON,
    LINT_SAMPLE,
    LINT_NOTES,
    LINT_CODES
};

static const option_spec specs[] = {{"json", 0, 0}, {"sample", 0, OPTION_VALUES}, {"notes", 0, 0}, {"codes", 0, 0}};

typedef struct lint_run {
    const char *path;
    char **samples;
    int sample_count, json, notes, codes;
    document_walk walk;
} lint_run;

static int print_report(const lint_run *run, const lint_report *report) {
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    if (run->codes) {
        lint_report_codes(&out);
    } else if (run->json) {
        lint_report_json(&out, report);
    } else if (!report->problem) {
        lint_report_text(&out, report);
    }
    int printed = output_print(&out);
    tocsin_buffer_release(&out);
    return printed;
}

static int lint(lint_run *run) {
    lint_report report = {.path = run->path, .all_notes = run->notes};
    lint_sample sample;
    tocsin_diagnostics *list = NULL;
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    int worst = EXIT_DONE;
    tocsin_status status = tocsin_diagnostics_create(NULL, &list);
    if (status == TOCSIN_OK) status = plan_compile(run->path, list, &plan, &error);
    if (status == TOCSIN_OK) status = tocsin_plan_lint(plan, list, &error);
    if (status == TOCSIN_OK) lint_folder(run->path, plan, &report.folder);
    if (status == TOCSIN_OK) status = tocsin_plan_check_examples(plan, list, NULL, &error);
    report.list = list;
    report.problem = plan_report(run->path, status, &error, list);
    report.info = tocsin_plan_get_info(plan);
    if (plan && run->sample_count) {
        worst = lint_sample_run(&sample, plan, &run->walk, run->samples, run->sample_count);
        report.sample = &sample;
        tocsin_diagnostic finding;
        for (size_t i = 0; i < sample.fold.part_count; i++) {
            if (lint_fold_judge(&sample.fold, i, &finding)) lint_folder_add(&report.folder, run->path, finding);
        }
    }
    int printed = print_report(run, &report);
    if (report.sample) lint_sample_release(&sample);
    lint_folder_release(&report.folder);
    tocsin_plan_release(plan);
    tocsin_diagnostics_free(list);
    if (printed > worst) worst = printed;
    return status == TOCSIN_OK ? worst : worst == EXIT_IO ? EXIT_IO : plan_exit_status(status);
}

static int take_option(lint_run *run, option_parser *parser, int option) {
    switch (option) {
        case OPTION_OPERAND:
            if (run->path) {
                options_usage("lint", "one plan at a time: \"%.100s\" is superfluous", parser->value);
                return 0;
            }
            run->path = parser->value;
            return 1;
        case LINT_JSON: run->json = 1; return 1;
        case LINT_NOTES: run->notes = 1; return 1;
        case LINT_CODES: run->codes = 1; return 1;
        case LINT_SAMPLE: run->samples[run->sample_count++] = tool_copy(parser->value); return 1;
        default: return 0;
    }
}

static int run_lint(int argc, char **argv) {
    lint_run run = {.walk = {.input = INPUT_OPTIONS_INIT}};
    const lint_report nothing = {0};
    option_parser parser;
    int option, status = EXIT_DONE;
    run.samples = tool_allocate((size_t)argc + 1, sizeof *run.samples);
    options_start(&parser, "lint", specs, sizeof specs / sizeof *specs, argc, argv);
    options_read_feed(&parser, (feed_targets){&run.walk.format, &run.walk.names, &run.walk.input.encoding});
    while (status == EXIT_DONE && (option = options_next(&parser)) != OPTION_END) {
        if (!take_option(&run, &parser, option)) status = EXIT_USAGE;
    }
    if (status == EXIT_DONE && !run.path && !run.codes) status = options_usage("lint", "which plan?");
    if (status == EXIT_DONE) status = run.codes ? print_report(&run, &nothing) : lint(&run);
    for (int i = 0; i < run.sample_count; i++) tool_free(run.samples[i]);
    tool_free(run.samples);
    return status;
}

const command lint_command = {"lint", help, run_lint};
