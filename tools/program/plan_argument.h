#ifndef TOCSIN_TOOLS_PLAN_ARGUMENT_H
#define TOCSIN_TOOLS_PLAN_ARGUMENT_H

/* Plans named on the command line, and exit statuses. */

#include <tocsin/tocsin.h>

enum {
    EXIT_DONE = 0,
    EXIT_REJECTED = 1, /* done, but some input was rejected */
    EXIT_USAGE = 2,    /* wrong usage, or the plan does not compile */
    EXIT_IO = 3        /* an input or output failed */
};

/* From now on, weights files are not read, because they are about to be trained. */
void plan_leave_weights(void);

/* Compiles a plan from its file, its folder or its image. */
tocsin_status plan_compile(const char *path, tocsin_diagnostics *diagnostics, tocsin_plan **plan, tocsin_error *error);

/* Compiles a plan; problems are printed, and, unless quiet, the number of warnings. *plan is set only for EXIT_DONE. */
int plan_load(const char *path, int quiet, tocsin_plan **plan);

/*
 * The same, and the plan's own examples must give the stated verdicts; if forced, differences are reported but
 * accepted.
 */
int plan_load_checked(const char *path, int quiet, int forced, tocsin_plan **plan);

/* The same for an image in memory, with its examples; origin is its name in messages. */
int plan_load_image(const char *origin, const void *bytes, size_t length, tocsin_plan **plan);

/* The exit status for a plan that did not compile. */
int plan_exit_status(tocsin_status status);

/* Returns the reason why there is no plan if the diagnostics do not contain it; otherwise NULL. */
const char *plan_report(const char *path, tocsin_status status, const tocsin_error *error,
                        const tocsin_diagnostics *diagnostics);

#endif
