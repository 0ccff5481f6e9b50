#ifndef TOCSIN_PLAN_EXAMPLES_H
#define TOCSIN_PLAN_EXAMPLES_H

/* Example documents in a plan, and the verdicts that it must give them. */

#include <tocsin/document.h>

#include "plan/plan_fields.h"

typedef struct tocsin__plan_example {
    tocsin__plan_text id, title, text, source;
    tocsin__plan_text venue, attention; /* as written; their values follow */
    tocsin__plan_text tier;             /* expected; "none" */
    tocsin__plan_texts clauses;         /* exactly the clauses that must hold, if has_clauses */
    int has_clauses;
    uint64_t reach;
    tocsin_venue venue_value;
    tocsin_attention attention_value;
} tocsin__plan_example;

/*
 * A field reader: into is a tocsin__plan_description. Reads examples in the plan, or names of files with one example a
 * line.
 */
void tocsin__plan_read_examples(tocsin__plan_reader *reader, const tocsin__yaml_node *key, void *into);

#endif
