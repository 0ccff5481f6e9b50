#ifndef TOCSIN_TOOLS_PLAN_ARGUMENT_H
#define TOCSIN_TOOLS_PLAN_ARGUMENT_H

/* A plan that is named on the command line, and how a program ends. */

#include <tocsin/tocsin.h>

enum {
    EXIT_DONE = 0,
    EXIT_REJECTED = 1, /* done, but input was rejected */
    EXIT_USAGE = 2,    /* wrong usage, or a plan that does not compile */
    EXIT_IO = 3        /* an input or output that failed */
};

/* Files of learned weights are not read from now on: they are about to be trained. */
void plan_leave_weights(void);

/* A plan from its file, its folder or its image. */
tocsin_status plan_compile(const char *path, tocsin_diagnostics *diagnostics, tocsin_plan **plan, tocsin_error *error);

/*
 * Compiles a plan; problems go to standard error, and when not quiet also how many warnings there are. *plan is set for
 * EXIT_DONE only.
 */
int plan_load(const char *path, int quiet, tocsin_plan **plan);

/* The same, and the plan's own examples must come out as it says; or, when forced, are told and let pass. */
int plan_load_checked(const char *path, int quiet, int forced, tocsin_plan **plan);

/* The same of an image in memory, with its examples; origin names it in messages. */
int plan_load_image(const char *origin, const void *bytes, size_t length, tocsin_plan **plan);

/* The exit status for a plan that did not compile. */
int plan_exit_status(tocsin_status status);

/* Says why there is no plan, when the diagnostics do not, and returns it; else NULL. */
const char *plan_report(const char *path, tocsin_status status, const tocsin_error *error,
                        const tocsin_diagnostics *diagnostics);

#endif
