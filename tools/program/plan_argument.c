/*
 * Loads a plan named on the command line. The compiler collects every problem of every file. If there is no plan, all
 * are printed; if there are only warnings, they are counted. The message distinguishes a missing plan from a plan with
 * mistakes; both are errors of the command, not of an input.
 */
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"
#include "program/plan_argument.h"

int plan_exit_status(tocsin_status status) {
    return status == TOCSIN_OK                                          ? EXIT_DONE
           : status == TOCSIN_ERROR_IO || status == TOCSIN_ERROR_MEMORY ? EXIT_IO
                                                                        : EXIT_USAGE;
}

const char *plan_report(const char *path, tocsin_status status, const tocsin_error *error,
                        const tocsin_diagnostics *diagnostics) {
    if (status == TOCSIN_OK || tocsin_diagnostics_count_severity(diagnostics, TOCSIN_SEVERITY_ERROR)) return NULL;
    const char *detail = error->message[0] ? error->message : tocsin_status_string(status);
    console_error("the plan %s cannot be used: %s", path, message_told(detail));
    return detail;
}

static void print_diagnostics(const tocsin_diagnostics *diagnostics) {
    tocsin_buffer line;
    tocsin_buffer_init(&line, NULL);
    for (size_t i = 0; i < tocsin_diagnostics_count(diagnostics); i++) {
        line.length = 0;
        message_append_diagnostic(&line, tocsin_diagnostics_at(diagnostics, i));
        console_line("%s", line.data);
    }
    tocsin_buffer_release(&line);
    size_t dropped = tocsin_diagnostics_dropped(diagnostics);
    if (dropped) console_line("and %zu more", dropped);
}

static void say_notes(const char *path, const tocsin_diagnostics *diagnostics) {
    for (size_t i = 0; i < tocsin_diagnostics_count(diagnostics); i++) {
        const tocsin_diagnostic *d = tocsin_diagnostics_at(diagnostics, i);
        if (d->severity == TOCSIN_SEVERITY_NOTE) console_error("%s: %s", path, message_told(d->message));
    }
}

/* Reports the diagnostics: all of them if there is no plan, otherwise the number of warnings. */
static void say_diagnostics(const char *path, tocsin_status status, const tocsin_diagnostics *diagnostics, int quiet) {
    size_t errors = tocsin_diagnostics_count_severity(diagnostics, TOCSIN_SEVERITY_ERROR);
    size_t warnings = tocsin_diagnostics_count_severity(diagnostics, TOCSIN_SEVERITY_WARNING);
    if (status != TOCSIN_OK) {
        print_diagnostics(diagnostics);
        if (errors) console_error("the plan %s does not compile: %zu error%s", path, errors, errors == 1 ? "" : "s");
    } else if (!quiet) {
        say_notes(path, diagnostics);
        if (!warnings) return;
        console_error("the plan has %zu warning%s: tocsin lint %s", warnings, warnings == 1 ? "" : "s", path);
    }
}

static int without_weights;

void plan_leave_weights(void) { without_weights = 1; }

tocsin_status plan_compile(const char *path, tocsin_diagnostics *diagnostics, tocsin_plan **plan, tocsin_error *error) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    options.without_weights = (uint32_t)without_weights;
    return tocsin_plan_load(path, &options, diagnostics, plan, error);
}

static int load(const char *path, int quiet, tocsin_diagnostics *diagnostics, tocsin_plan **plan) {
    tocsin_error error = {0};
    tocsin_status status = plan_compile(path, diagnostics, plan, &error);
    say_diagnostics(path, status, diagnostics, quiet);
    (void)plan_report(path, status, &error, diagnostics);
    return plan_exit_status(status);
}

/* Prints examples whose verdict differs; returns an exit status. */
static int check_examples(const char *path, tocsin_diagnostics *diagnostics, const tocsin_plan *plan) {
    tocsin_error error = {0};
    tocsin_diagnostics_clear(diagnostics);
    tocsin_status status = tocsin_plan_check_examples(plan, diagnostics, NULL, &error);
    if (status == TOCSIN_OK) return EXIT_DONE;
    print_diagnostics(diagnostics);
    console_error("%s: %s", path, message_told(error.message));
    return plan_exit_status(status);
}

int plan_load(const char *path, int quiet, tocsin_plan **plan) {
    tocsin_diagnostics *diagnostics = NULL;
    if (tocsin_diagnostics_create(NULL, &diagnostics) != TOCSIN_OK) tool_out_of_memory();
    int status = load(path, quiet, diagnostics, plan);
    tocsin_diagnostics_free(diagnostics);
    return status;
}

/* Decides about a plan after its examples were graded; frees the diagnostics. */
static int accept_plan(const char *path, int status, int forced, tocsin_diagnostics *diagnostics, tocsin_plan **plan) {
    if (status == EXIT_DONE) {
        int checked = check_examples(path, diagnostics, *plan);
        if (checked == EXIT_IO || (checked != EXIT_DONE && !forced)) status = checked;
    }
    if (status != EXIT_DONE && *plan) {
        tocsin_plan_release(*plan);
        *plan = NULL;
    }
    tocsin_diagnostics_free(diagnostics);
    return status;
}

int plan_load_checked(const char *path, int quiet, int forced, tocsin_plan **plan) {
    tocsin_diagnostics *diagnostics = NULL;
    if (tocsin_diagnostics_create(NULL, &diagnostics) != TOCSIN_OK) tool_out_of_memory();
    const int status = load(path, quiet, diagnostics, plan);
    return accept_plan(path, status, forced, diagnostics, plan);
}

int plan_load_image(const char *origin, const void *bytes, size_t length, tocsin_plan **plan) {
    tocsin_diagnostics *diagnostics = NULL;
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_image *image = NULL;
    tocsin_error error = {0};
    if (tocsin_diagnostics_create(NULL, &diagnostics) != TOCSIN_OK) tool_out_of_memory();
    tocsin_status status = tocsin_image_read(bytes, length, NULL, &image, &error);
    if (status == TOCSIN_OK) status = tocsin_plan_from_image(image, &options, diagnostics, plan, &error);
    tocsin_image_free(image);
    say_diagnostics(origin, status, diagnostics, 1);
    (void)plan_report(origin, status, &error, diagnostics);
    return accept_plan(origin, plan_exit_status(status), 0, diagnostics, plan);
}
