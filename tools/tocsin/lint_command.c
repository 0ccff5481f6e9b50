/*
 * tocsin lint: every problem of a plan, on standard output because here they are the result. The summary counts what
 * was compiled, so that a list which was read as nothing is noticed.
 */
#include <string.h>

#include "feed/utf8_text.h"
#include "tocsin/command.h"
#include "tocsin/options.h"
#include "tocsin/output.h"

static const char help[] =
    "usage: tocsin lint PLAN [--json]\n"
    "\n"
    "Compiles a plan with its lists, grades its examples, and prints every problem as\n"
    "file:line:column: severity: text [code], then a summary. PLAN is a plan file, a folder with a plan.yaml, or an "
    "image.\n"
    "\n"
    "  --json    one JSON object: {\"plan\", \"diagnostics\": […], \"dropped\", \"errors\", \"warnings\"};\n"
    "            also \"tiers\", \"clauses\", \"routes\", \"topics\", \"terms\", \"patterns\", \"regexes\" and\n"
    "            \"venues\" when the plan compiles, \"problem\" when it could not be read\n"
    "\n"
    "Exit status: 0 no errors; 2 the plan does not compile; 3 it could not be read, or the output failed.\n"
    "\n"
    "  tocsin lint examples/fire-service\n"
    "  tocsin lint plan.yaml --json | jq -r '.diagnostics[].message'\n";

static const option_spec specs[] = {{"json", 0, 0}};

static void append_count(tocsin_buffer *out, size_t count, const char *one, const char *end) {
    text_printf(out, "%zu %s%s%s", count, one, count == 1 ? "" : "s", end);
}

static void render_text(tocsin_buffer *out, const tocsin_diagnostics *list, const tocsin_plan_info *info) {
    tocsin_buffer line;
    tocsin_buffer_init(&line, NULL);
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        line.length = 0;
        if (tocsin_diagnostic_to_text(tocsin_diagnostics_at(list, i), &line) != TOCSIN_OK) break;
        if (line.length && line.data[line.length - 1] == '\n') line.length--;
        utf8_append_visible(out, line.data, line.length, 0);
        text_puts(out, "\n");
    }
    tocsin_buffer_release(&line);
    if (tocsin_diagnostics_dropped(list)) text_printf(out, "and %zu more\n", tocsin_diagnostics_dropped(list));
    if (info) {
        append_count(out, info->term_count, "term", " in ");
        append_count(out, info->topic_count, "topic", ", ");
        append_count(out, info->clause_count, "clause", " in ");
        append_count(out, info->tier_count, "tier", ", ");
        append_count(out, info->route_count, "route", ", ");
        append_count(out, info->venue_count, "venue pattern", "; ");
    }
    append_count(out, tocsin_diagnostics_count_severity(list, TOCSIN_SEVERITY_ERROR), "error", ", ");
    append_count(out, tocsin_diagnostics_count_severity(list, TOCSIN_SEVERITY_WARNING), "warning", "\n");
}

/* problem: why there is no plan when no diagnostic says so; NULL otherwise. */
static void render_json(tocsin_buffer *out, const char *path, const char *problem, const tocsin_diagnostics *list,
                        const tocsin_plan_info *info) {
    text_puts(out, "{\"plan\":");
    utf8_append_json(out, path, strlen(path));
    if (problem) {
        text_puts(out, ",\"problem\":");
        utf8_append_json(out, problem, strlen(problem));
    }
    text_puts(out, ",\"diagnostics\":[");
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        text_puts(out, i ? "," : "");
        if (tocsin_diagnostic_to_json(tocsin_diagnostics_at(list, i), out) != TOCSIN_OK) break;
    }
    text_printf(out, "],\"dropped\":%zu,\"errors\":%zu,\"warnings\":%zu", tocsin_diagnostics_dropped(list),
                tocsin_diagnostics_count_severity(list, TOCSIN_SEVERITY_ERROR),
                tocsin_diagnostics_count_severity(list, TOCSIN_SEVERITY_WARNING));
    if (info) {
        text_printf(out, ",\"tiers\":%zu,\"clauses\":%zu,\"routes\":%zu,\"topics\":%zu,\"terms\":%zu", info->tier_count,
                    info->clause_count, info->route_count, info->topic_count, info->term_count);
        text_printf(out, ",\"patterns\":%zu,\"regexes\":%zu,\"venues\":%zu", info->pattern_count, info->regex_count,
                    info->venue_count);
    }
    text_puts(out, "}\n");
}

static int lint(const char *path, int json) {
    tocsin_diagnostics *list = NULL;
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    tocsin_status status = tocsin_diagnostics_create(NULL, &list);
    if (status == TOCSIN_OK) status = plan_compile(path, list, &plan, &error);
    if (status == TOCSIN_OK) status = tocsin_plan_check_examples(plan, list, NULL, &error);
    const char *problem = plan_report(path, status, &error, list);
    if (json) {
        render_json(&out, path, problem, list, tocsin_plan_get_info(plan));
    } else if (!problem) {
        render_text(&out, list, tocsin_plan_get_info(plan));
    }
    int printed = output_print(&out);
    tocsin_buffer_release(&out);
    tocsin_plan_release(plan);
    tocsin_diagnostics_free(list);
    return printed ? printed : plan_exit_status(status);
}

static int run(int argc, char **argv) {
    option_parser parser;
    const char *path = NULL;
    int json = 0, option;
    options_start(&parser, "lint", specs, sizeof specs / sizeof *specs, argc, argv);
    while ((option = options_next(&parser)) != OPTION_END) {
        if (option == OPTION_WRONG) return EXIT_USAGE;
        if (option == OPTION_OPERAND) {
            if (path) return options_usage("lint", "one plan at a time: \"%.100s\" is one too many", parser.value);
            path = parser.value;
        } else {
            json = 1;
        }
    }
    if (!path) return options_usage("lint", "which plan?");
    plan_leave_blobs(); /* what is wrong in the lists of an image is seen when they are read */
    return lint(path, json);
}

const command lint_command = {"lint", help, run};
