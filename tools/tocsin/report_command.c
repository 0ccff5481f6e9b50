/* tocsin report: a watcher's incidents as the page of a duty hour, or as handling sheets. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "feed/span_parse.h"
#include "feed/time_parse.h"
#include "feed/tool_clock.h"
#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/output.h"
#include "tocsin/command.h"
#include "tocsin/report_render.h"

#define DAY_MS INT64_C(86400000)
#define LONGEST_SPAN (100000 * DAY_MS)

static const char help[] =
    "usage: tocsin report --db FILE [OPTION…]\n"
    "\n"
    "Prints the incidents of tocsin watch as the page of a duty hour, in HTML that loads nothing. First come the "
    "numbers of\n"
    "new, escalated, returned, answered, overdue and newly quiet incidents, compared with the same hours of the day "
    "before;\n"
    "then five incidents by attention and growth, with the next step and who was notified; then the others with one "
    "line\n"
    "each. It has at most four pages of A4.\n"
    "\n"
    "      --db FILE         the database\n"
    "  -o, --output FILE     written as FILE.partial, renamed when complete (default: standard output)\n"
    "      --lang zh|en      language of the page (default zh)\n"
    "      --since TIME      from this time on: 2026-11-26, 2026-11-26T16:00, 16h or 3d before the latest post "
    "(default: a\n"
    "                        day; incidents that are ongoing or overdue are listed too)\n"
    "      --since-last      from the last report with --since-last on; the first one covers a day\n"
    "      --until TIME      up to this time; a day is included\n"
    "      --tier NAME, --clause ID   only incidents of this tier (id or name), with this clause\n"
    "      --place WORD      only incidents that name this place\n"
    "      --limit N         at most N incidents (default 80; for sheets 200)\n"
    "      --appendix        add documents by day, and each incident in full: course, venues, words, forecast\n"
    "      --sheets WHICH    handling sheets instead: the id of an incident, or all\n"
    "      --format NAME     of sheets: html (one page of A4 each; default), markdown or json\n"
    "\n"
    "Exit status: 0 done; 2 wrong usage; 3 the database cannot be read or the output not be written.\n"
    "\n"
    "  tocsin report --db incidents.db --since-last -o report.html\n"
    "  tocsin report --db incidents.db --sheets 12 --lang en -o sheet.html\n";

enum {
    REPORT_DB,
    REPORT_OUTPUT,
    REPORT_LANG,
    REPORT_TIER,
    REPORT_CLAUSE,
    REPORT_PLACE,
    REPORT_SINCE,
    REPORT_SINCE_LAST,
    REPORT_UNTIL,
    REPORT_LIMIT,
    REPORT_APPENDIX,
    REPORT_SHEETS,
    REPORT_FORMAT
};

static const option_spec specs[] = {{"db", 0, 1},     {"output", 'o', 1}, {"lang", 0, 1},     {"tier", 0, 1},
                                    {"clause", 0, 1}, {"place", 0, 1},    {"since", 0, 1},    {"since-last", 0, 0},
                                    {"until", 0, 1},  {"limit", 0, 1},    {"appendix", 0, 0}, {"sheets", 0, 1},
                                    {"format", 0, 1}};

#define DAY_LIMIT 80
#define SHEET_LIMIT 200

enum {
    FORMAT_HTML,
    FORMAT_MARKDOWN,
    FORMAT_JSON
};

typedef struct report_run {
    const char *database, *output_path;
    report_language language;
    report_filter filter;
    const char *since, *until; /* as written */
    int sheets, format, appendix;
} report_run;

/* Reads a time; a day alone is its start or, with `whole`, its end; 0 after a message. */
static int take_time(const char *name, const char *text, int whole, int64_t *into) {
    const char *problem = time_parse(text, strlen(text), NULL, into);
    if (problem && !whole) {
        options_usage("report",
                      "--%s is a time as 2026-11-26T16:00, or 16h or 3d before the latest post, not \"%.40s\"", name,
                      text);
        return 0;
    }
    if (problem) {
        options_usage("report", "--%s is a time as 2026-11-26 or 2026-11-26T16:00, not \"%.40s\"", name, text);
        return 0;
    }
    if (whole && strlen(text) <= strlen("2026-11-26")) *into += DAY_MS;
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
        case REPORT_SINCE:
            run->since = parser->value;
            run->filter.since_span = span_parse(parser->value, "hd", LONGEST_SPAN);
            return run->filter.since_span || take_time("since", parser->value, 0, &run->filter.since);
        case REPORT_SINCE_LAST: run->filter.since_last = 1; return 1;
        case REPORT_UNTIL: run->until = parser->value; return take_time("until", parser->value, 1, &run->filter.until);
        case REPORT_APPENDIX: run->appendix = 1; return 1;
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
        report_render_day(out, data, run->appendix, run->language);
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

/* Checks that the plan has the tier and the clause; otherwise the page would be empty without a reason. */
static int check_names(const report_run *run, const report_data *data) {
    const struct {
        const char *what, *given;
        const report_names *names;
    } asked[] = {{"tier", run->filter.tier, &data->tiers}, {"clause", run->filter.clause, &data->clauses}};
    for (size_t a = 0; a < sizeof asked / sizeof *asked; a++) {
        int found = !asked[a].given;
        for (size_t i = 0; i < asked[a].names->count && !found; i++) {
            const report_name *name = &asked[a].names->items[i];
            found = !strcmp(name->id, asked[a].given) || !strcmp(name->name, asked[a].given);
        }
        if (found || data->incident_count) continue;
        console_error("%s: the plan has no %s \"%.100s\"", run->database, asked[a].what, asked[a].given);
        return 0;
    }
    return 1;
}

/* The time of SOURCE_DATE_EPOCH if it is set, so that a page can be reproduced. */
static int64_t wall_clock(void) {
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    return (fixed ? strtoll(fixed, NULL, 10) : (int64_t)time(NULL)) * 1000;
}

static int render_and_write(const report_run *run, const report_data *data) {
    tocsin_buffer text;
    const char *problem;
    tocsin_buffer_init(&text, NULL);
    render(&text, run, data);
    int status = write_out(run, &text);
    tocsin_buffer_release(&text);
    if (status == EXIT_DONE && run->filter.since_last && !report_mark_write(run->database, data, &problem)) {
        console_error("%s: %s", run->database, message_told(problem));
        status = EXIT_IO;
    }
    return status;
}

static int report(report_run *run) {
    report_data data;
    const char *problem;
    int status = EXIT_IO;
    run->filter.wall = wall_clock();
    if (!report_data_read(&data, run->database, &run->filter, &problem)) {
        console_error("%s: %s", run->database, message_told(problem));
    } else if (run->filter.incident && !data.incident_count) {
        console_error("%s: there is no incident %" PRId64, run->database, run->filter.incident);
    } else if (!check_names(run, &data)) {
        status = EXIT_USAGE;
    } else {
        data.generated = run->filter.wall;
        status = render_and_write(run, &data);
    }
    report_data_release(&data);
    return status;
}

static int check_options(report_run *run) {
    if (!run->database) return options_usage("report", "which database? --db FILE");
    if (run->format != FORMAT_HTML && !run->sheets) return options_usage("report", "--format goes with --sheets");
    if (run->appendix && run->sheets)
        return options_usage("report", "--appendix goes with the page, not with --sheets");
    if (run->filter.since_last && (run->since || run->sheets)) {
        return options_usage("report", "--since-last goes without --since and --sheets");
    }
    if (run->filter.since >= run->filter.until) {
        return options_usage("report", "--since %.40s is not before --until %.40s", run->since, run->until);
    }
    run->filter.day = !run->sheets;
    if (!run->filter.limit) run->filter.limit = run->sheets ? SHEET_LIMIT : DAY_LIMIT;
    return EXIT_DONE;
}

static int run_report(int argc, char **argv) {
    report_run run = {.filter = {.since = INT64_MIN, .until = INT64_MAX}};
    option_parser parser;
    int option, status = EXIT_DONE;
    tzset();
    run.filter.day_offset = utc_offset_hours(tool_now());
    options_start(&parser, "report", specs, sizeof specs / sizeof *specs, argc, argv);
    while (status == EXIT_DONE && (option = options_next(&parser)) != OPTION_END) {
        if (!take_option(&run, &parser, option)) status = EXIT_USAGE;
    }
    if (status == EXIT_DONE) status = check_options(&run);
    return status == EXIT_DONE ? report(&run) : status;
}

const command report_command = {"report", help, run_report};
