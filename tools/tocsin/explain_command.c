/*
 * tocsin explain: one document from the command line, graded and explained. Standard input is read up to the size of
 * the largest document; more is refused and not cut, because an explanation of half a text misleads.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "feed/html_document.h"
#include "feed/input_file.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/output.h"
#include "tocsin/command.h"
#include "tocsin/explain_incident.h"
#include "tocsin/explain_text.h"

static const char help[] =
    "usage: tocsin explain -p PLAN [OPTION…] TEXT\n"
    "\n"
    "Grades one text and explains the verdict: it marks the deciding words in the text, shows for each clause why it\n"
    "holds or what it lacks, and the nearest change that would raise the tier. TEXT - is standard input; after -- it\n"
    "may begin with a dash.\n"
    "\n"
    "  -p, --plan PLAN       plan file, folder with a plan.yaml, or image\n"
    "      --title TITLE     the document's title; TEXT may be left out then\n"
    "      --venue NAME      mainstream_site, site, hot_forum, forum, celebrity_account, account, own, unknown\n"
    "      --source SOURCE   host or channel, looked up in the plan's venues\n"
    "      --reach N         views or reposts\n"
    "      --attention NAME  low, elevated, high: known from elsewhere\n"
    "      --db FILE         a database of watch: show the incident that the text would join, why, and the score\n"
    "      --html            title and text are HTML: tags are removed first, and positions are those in what is left\n"
    "      --json            the explanation as one JSON object\n"
    "      --color WHEN      auto (default: on a terminal, unless NO_COLOR is set), always, never; without colour\n"
    "                        deciding words are marked 【so】, words that blocked a clause 〔so〕\n"
    "\n"
    "Exit status: 0 done; 2 wrong usage, or the plan does not compile; 3 an input or output failed.\n"
    "\n"
    "  tocsin explain -p examples/fire-service --venue hot_forum '消防车半小时才到，水枪没水'\n"
    "  tocsin explain -p plan.yaml --reach 50000 --json - < post.txt\n";

enum {
    EXPLAIN_PLAN,
    EXPLAIN_TITLE,
    EXPLAIN_VENUE,
    EXPLAIN_SOURCE,
    EXPLAIN_REACH,
    EXPLAIN_ATTENTION,
    EXPLAIN_DB,
    EXPLAIN_HTML,
    EXPLAIN_JSON,
    EXPLAIN_COLOR
};

static const option_spec specs[] = {{"plan", 'p', 1}, {"title", 0, 1},     {"venue", 0, 1}, {"source", 0, 1},
                                    {"reach", 0, 1},  {"attention", 0, 1}, {"db", 0, 1},    {"html", 0, 0},
                                    {"json", 0, 0},   {"color", 0, 1}};

typedef enum color_choice {
    COLOR_AUTO,
    COLOR_ALWAYS,
    COLOR_NEVER
} color_choice;

typedef struct explain_run {
    const char *plan_path, *database;
    const char *text; /* the operand */
    tocsin_document document;
    tocsin_buffer input; /* standard input */
    int json, is_html;
    html_document html; /* the original text and title */
    color_choice color;
} explain_run;

static tocsin_bytes bytes_of(const char *text) { return (tocsin_bytes){text, strlen(text)}; }

static int choose_venue(const option_parser *parser) {
    const char *names[TOCSIN_VENUE_COUNT];
    for (int i = 0; i < TOCSIN_VENUE_COUNT; i++) names[i] = tocsin_venue_name((tocsin_venue)i);
    return options_choice(parser, "venue", names, TOCSIN_VENUE_COUNT);
}

static int choose_attention(const option_parser *parser) {
    const char *names[TOCSIN_ATTENTION_COUNT];
    for (int i = 0; i < TOCSIN_ATTENTION_COUNT; i++) names[i] = tocsin_attention_name((tocsin_attention)i);
    return options_choice(parser, "attention", names, TOCSIN_ATTENTION_COUNT);
}

static int take_operand(explain_run *run, const char *text) {
    if (run->text) {
        options_usage("explain", "one text at a time: put it in quotes (\"%.40s\" is superfluous)", text);
        return 0;
    }
    run->text = text;
    return 1;
}

/* 0 after a message. */
static int take_option(explain_run *run, const option_parser *parser, int option) {
    static const char *const colors[] = {"auto", "always", "never"};
    int choice = 0;
    switch (option) {
        case OPTION_OPERAND: return take_operand(run, parser->value);
        case EXPLAIN_PLAN: run->plan_path = parser->value; return 1;
        case EXPLAIN_TITLE: run->document.title = bytes_of(parser->value); return 1;
        case EXPLAIN_SOURCE: run->document.source = bytes_of(parser->value); return 1;
        case EXPLAIN_DB: run->database = parser->value; return 1;
        case EXPLAIN_HTML: run->is_html = 1; return 1;
        case EXPLAIN_JSON: run->json = 1; return 1;
        case EXPLAIN_REACH: return options_natural(parser, "reach", &run->document.reach);
        case EXPLAIN_VENUE:
            choice = choose_venue(parser);
            run->document.venue = choice < 0 ? TOCSIN_VENUE_UNKNOWN : (tocsin_venue)choice;
            break;
        case EXPLAIN_ATTENTION:
            choice = choose_attention(parser);
            run->document.attention = choice < 0 ? TOCSIN_ATTENTION_LOW : (tocsin_attention)choice;
            break;
        case EXPLAIN_COLOR:
            choice = options_choice(parser, "color", colors, 3);
            run->color = choice < 0 ? COLOR_AUTO : (color_choice)choice;
            break;
        default: return 0;
    }
    return choice >= 0;
}

static int read_options(explain_run *run, int argc, char **argv) {
    option_parser parser;
    int option;
    options_start(&parser, "explain", specs, sizeof specs / sizeof *specs, argc, argv);
    while ((option = options_next(&parser)) != OPTION_END) {
        if (!take_option(run, &parser, option)) return EXIT_USAGE;
    }
    if (!run->plan_path) return options_usage("explain", "which plan? -p PLAN");
    if (!run->text && !run->document.title.length) return options_usage("explain", "which text?");
    return EXIT_DONE;
}

/* All of standard input without its last line end. */
static int read_standard_input(tocsin_buffer *text) {
    static char chunk[65536];
    input_file *input = input_file_open("-", NULL);
    long n;
    while ((n = input_file_read(input, chunk, sizeof chunk)) > 0) {
        text_append(text, chunk, (size_t)n);
        if (text->length > TOCSIN_MAX_DOCUMENT_BYTES) break;
    }
    if (n < 0) console_error("standard input: %s", message_told(input_file_problem(input)));
    if (n > 0) console_error("standard input: more than %" PRIu64 " bytes", TOCSIN_MAX_DOCUMENT_BYTES);
    input_file_close(input);
    if (n) return EXIT_IO;
    if (text->length && text->data[text->length - 1] == '\n') text->length--;
    if (text->length && text->data[text->length - 1] == '\r') text->length--;
    return EXIT_DONE;
}

static int wants_color(color_choice choice) {
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    if (choice != COLOR_AUTO) return choice == COLOR_ALWAYS;
    if (no_color && no_color[0]) return 0;
    return isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb");
}

static int explain(const explain_run *run, const tocsin_plan *plan) {
    tocsin_scanner *scanner = NULL;
    const tocsin_explanation *explanation = NULL;
    tocsin_error error = {0};
    tocsin_buffer out;
    int result = EXIT_IO;
    tocsin_buffer_init(&out, NULL);
    tocsin_status status = tocsin_scanner_create(plan, NULL, &scanner, &error);
    if (status == TOCSIN_OK) status = tocsin_explain(scanner, &run->document, &explanation, &error);
    if (status != TOCSIN_OK) {
        console_error("no verdict: %s", message_told(error.message[0] ? error.message : tocsin_status_string(status)));
        goto done;
    }
    if (run->json) {
        if (tocsin_explanation_to_json(explanation, &out) != TOCSIN_OK) tool_out_of_memory();
        if (run->database) out.length--; /* one member more */
    } else {
        explain_text_render(&out, tocsin_plan_get_info(plan), &run->document, explanation, wants_color(run->color));
    }
    if (run->database && !explain_incident(run->database, &run->document, explanation->verdict, run->json, &out)) {
        goto done;
    }
    if (run->json) text_puts(&out, run->database ? "}\n" : "\n");
    result = output_print(&out);
done:
    tocsin_buffer_release(&out);
    tocsin_scanner_free(scanner);
    return result;
}

static int run_explain(int argc, char **argv) {
    explain_run run = {.document = TOCSIN_DOCUMENT_INIT};
    tocsin_plan *plan = NULL;
    tocsin_buffer_init(&run.input, NULL);
    html_document_init(&run.html);
    int status = read_options(&run, argc, argv);
    if (status == EXIT_DONE) status = plan_load(run.plan_path, 1, &plan);
    if (status == EXIT_DONE && run.text) {
        run.document.text = bytes_of(run.text);
        if (!strcmp(run.text, "-")) {
            status = read_standard_input(&run.input);
            run.document.text = (tocsin_bytes){run.input.data, run.input.length};
        }
    }
    if (status == EXIT_DONE && run.is_html) html_document_read(&run.html, &run.document);
    if (status == EXIT_DONE) status = explain(&run, plan);
    html_document_release(&run.html);
    tocsin_buffer_release(&run.input);
    tocsin_plan_release(plan);
    return status;
}

const command explain_command = {"explain", help, run_explain};
