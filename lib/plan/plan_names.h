#ifndef TOCSIN_PLAN_NAMES_H
#define TOCSIN_PLAN_NAMES_H

/* Checks that the ids of topics, defines, tiers, clauses and routes have the right form and differ. */

#include "base/hash.h"
#include "plan/plan_report.h"
#include "plan/plan_text.h"

#define TOCSIN__PLAN_ID_MAX 128u /* bytes; ids are in every verdict; names are for prose */

/* Whether a text has a Chinese character. */
int tocsin__plan_has_han(const tocsin__plan_text *text);

/*
 * Reports an id that is empty, too long, has characters other than ASCII letters, Han, digits, _ and single - between
 * them, starts with a digit, or is a word of the rule language. `what` is the name of the kind in messages.
 */
void tocsin__plan_check_id(tocsin__plan_report *report, const char *what, const tocsin__plan_text *id);

/*
 * Adds an id to those seen and reports one that is there already. The map's values are lines. Empty ids are not
 * reported.
 */
void tocsin__plan_check_unique(tocsin__plan_report *report, tocsin__map *seen, const char *what,
                               const tocsin__plan_text *id);

#endif
