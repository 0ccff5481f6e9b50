#ifndef TOCSIN_TOOLS_LINT_LISTS_H
#define TOCSIN_TOOLS_LINT_LISTS_H

/* For each list of a plan: how much of it became terms, and how much did not. */

#include <tocsin/tocsin.h>

/* Writes one line for each list, for people. */
void lint_lists_text(tocsin_buffer *out, const tocsin_plan *plan);

/* Writes ,"lists":[{"file","terms","comments","others","first_other"}], where first_other is a line, or null. */
void lint_lists_json(tocsin_buffer *out, const tocsin_plan *plan);

#endif
