/* tocsin report: what a watcher keeps, as one page for a desk, or as handling sheets. */
#define _GNU_SOURCE /* strptime */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "feed/tool_clock.h"
#include "program/console.h"
#include "program/options.h"
#include "program/output.h"
#include "tocsin/command.h"
#include "tocsin/report_render.h"

#define DAY_MS INT64_C(86400000)

static const char help[] =
    "usage: tocsin report --db FILE [OPTION…]\n"
    "\n"
    "Prints what tocsin watch keeps: one page of HTML that needs nothing else, with the documents graded day by day, "
    "the\n"
    "incidents (those that go on first, of them the highest tier), and of each its course, venues, words, peak and "
    "what\n"
    "the next hours may bring. While the watcher goes on, the page is of one moment.\n"
    "\n"
    "      --db FILE         the database\n"
    "  -o, --output FILE     written as FILE.partial, renamed when complete (default: standard output)\n"
    "      --lang zh|en      language of the page (default zh)\n"
    "      --tier ID, --clause ID   incidents of that tier, with that clause alone\n"
    "      --place WORD      that name this place\n"
    "      --since DAY, --until DAY   that went on from the one day (2026-11-26) to the other, both included\n"
    "      --limit N         so many of them (default 200)\n"
    "      --sheets WHICH    handling sheets instead: the id of an incident, or all\n"
    "      --format NAME     of sheets: html (one page of A4 each; default), markdown or json\n"
    "\n"
    "Exit status: 0 done; 2 wrong usage; 3 the database cannot be read or the output not be written.\n"
    "\n"
    "  tocsin report --db incidents.db -o report.html\n"
    "  tocsin report --db incidents.db --sheets 12 --lang en -o sheet.html\n";

enum {
    REPORT_DB,
    REPORT_OUTPUT,
    REPORT_LANG,
    REPORT_TIER,
    REPORT_CLAUSE,
    REPORT_PLACE,
    REPORT_SINCE,
    REPORT_UNTIL,
    REPORT_LIMIT,
    REPORT_SHEETS,
    REPORT_FORMAT
};

static const option_spec specs[] = {{"db", 0, 1},     {"output", 'o', 1}, {"lang", 0, 1},  {"tier", 0, 1},
                                    {"clause", 0, 1}, {"place", 0, 1},    {"since", 0, 1}, {"until", 0, 1},
                                    {"limit", 0, 1},  {"sheets", 0, 1},   {"format", 0, 1}};

enum {
    FORMAT_HTML,
    FORMAT_MARKDOWN,
    FORMAT_JSON
};

typedef struct report_run {
    const char *database, *output_path;
    report_language language;
    report_filter filter;
    int sheets, format;
} report_run;

/* The start of a day in the time of this machine. */
static int take_day(const option_parser *parser, const char *name, int64_t *into, int64_t later) {
    struct tm parts = {0};
    const char *end = strptime(parser->value, "%Y-%m-%d", &parts);
    parts.tm_isdst = -1;
    if (!end || *end) {
        options_usage("report", "--%s is a day as 2026-11-26, not \"%.40s\"", name, parser->value);
        return 0;
    }
    *into = (int64_t)mktime(&parts) * 1000 + later;
    return 1;
}

static int take_sheets(report_run *run, const option_parser *parser) {
    uint64_t id;
    run->sheets = 1;
    if (!strcmp(parser->value, "all")) return 1;
    if (!options_natural(parser, "sheets", &id)) return 0;
    run->filter.incident = id > INT64_MAX ? INT64_MAX : (int64_t)id;
    return 1;
}

static int take_choice(const option_parser *parser, const char *name, const char *const *names, size_t count,
                       int *into) {
    const int choice = options_choice(parser, name, names, count);
    if (choice >= 0) *into = choice;
    return choice >= 0;
}

static int take_option(report_run *run, option_parser *parser, int option) {
    static const char *const languages[] = {"zh", "en"}, *const formats[] = {"html", "markdown", "json"};
    uint64_t number;
    int language = 0;
    switch (option) {
        case REPORT_DB: run->database = parser->value; return 1;
        case REPORT_OUTPUT: run->output_path = parser->value; return 1;
        case REPORT_LANG:
            if (!take_choice(parser, "lang", languages, 2, &language)) return 0;
            run->language = language ? REPORT_ENGLISH : REPORT_CHINESE;
            run->filter.english = language;
            return 1;
        case REPORT_TIER: run->filter.tier = parser->value; return 1;
        case REPORT_CLAUSE: run->filter.clause = parser->value; return 1;
        case REPORT_PLACE: run->filter.place = parser->value; return 1;
        case REPORT_SINCE: return take_day(parser, "since", &run->filter.since, 0);
        case REPORT_UNTIL: return take_day(parser, "until", &run->filter.until, DAY_MS);
        case REPORT_LIMIT:
            if (!options_natural(parser, "limit", &number)) return 0;
            run->filter.limit = number > INT64_MAX ? INT64_MAX : (int64_t)number;
            return 1;
        case REPORT_SHEETS: return take_sheets(run, parser);
        case REPORT_FORMAT: return take_choice(parser, "format", formats, 3, &run->format);
        case OPTION_OPERAND: options_usage("report", "\"%.100s\" is not expected", parser->value); return 0;
        default: return 0;
    }
}

static void render(tocsin_buffer *out, const report_run *run, const report_data *data) {
    if (!run->sheets) {
        report_render_page(out, data, run->language);
    } else if (run->format == FORMAT_HTML) {
        sheet_render_html(out, data, run->language);
    } else if (run->format == FORMAT_MARKDOWN) {
        sheet_render_markdown(out, data, run->language);
    } else {
        sheet_render_json(out, data);
    }
}

static int write_out(const report_run *run, const tocsin_buffer *text) {
    output *out = output_open(run->output_path);
    if (!out) return EXIT_IO;
    output_status status = output_write(out, text->data, text->length);
    if (status == OUTPUT_OK) status = output_commit(out);
    output_close(out);
    return status == OUTPUT_FAILED ? EXIT_IO : EXIT_DONE;
}

static int report(report_run *run) {
    report_data data;
    const char *problem;
    int status = EXIT_IO;
    if (!report_data_read(&data, run->database, &run->filter, &problem)) {
        console_error("%s: %s", run->database, problem);
    } else if (run->filter.incident && !data.incident_count) {
        console_error("%s: there is no incident %" PRId64, run->database, run->filter.incident);
    } else {
        tocsin_buffer text;
        tocsin_buffer_init(&text, NULL);
        render(&text, run, &data);
        status = write_out(run, &text);
        tocsin_buffer_release(&text);
    }
    report_data_release(&data);
    return status;
}

static int run_report(int argc, char **argv) {
    report_run run = {.filter = {.since = INT64_MIN, .until = INT64_MAX, .limit = 200}};
    option_parser parser;
    int option, status = EXIT_DONE;
    tzset();
    run.filter.day_offset = utc_offset_hours(tool_now());
    options_start(&parser, "report", specs, sizeof specs / sizeof *specs, argc, argv);
    while (status == EXIT_DONE && (option = options_next(&parser)) != OPTION_END) {
        if (!take_option(&run, &parser, option)) status = EXIT_USAGE;
    }
    if (status == EXIT_DONE && !run.database) status = options_usage("report", "which database? --db FILE");
    if (status == EXIT_DONE && run.format != FORMAT_HTML && !run.sheets) {
        status = options_usage("report", "--format goes with --sheets");
    }
    return status == EXIT_DONE ? report(&run) : status;
}

const command report_command = {"report", help, run_report};
