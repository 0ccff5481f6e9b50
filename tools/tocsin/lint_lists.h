#ifndef TOCSIN_TOOLS_LINT_LISTS_H
#define TOCSIN_TOOLS_LINT_LISTS_H

/* Of each list of a plan: what of it are terms, and what is not. */

#include <tocsin/tocsin.h>

/* A line a list, for people. */
void lint_lists_text(tocsin_buffer *out, const tocsin_plan *plan);

/* ,"lists":[{"file","terms","comments","others","first_other"}], first_other being a line, or null. */
void lint_lists_json(tocsin_buffer *out, const tocsin_plan *plan);

#endif
