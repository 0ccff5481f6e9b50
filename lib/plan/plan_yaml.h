#ifndef TOCSIN_PLAN_YAML_H
#define TOCSIN_PLAN_YAML_H

/*
 * The content of a plan file, before anything that it names is read or compiled. Immutable once made; everything in it
 * belongs to its arena and is freed with it.
 */

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>
#include <tocsin/diagnostics.h>
#include <tocsin/fold.h>
#include <tocsin/plan.h>

#include "base/arena.h"
#include "lexicon/lexicon.h"
#include "plan/plan_text.h"

#define TOCSIN__PLAN_REACH_ELEVATED 10000u
#define TOCSIN__PLAN_REACH_HIGH 100000u

typedef struct tocsin__plan_texts {
    const tocsin__plan_text *items;
    size_t count;
} tocsin__plan_texts;

typedef struct tocsin__plan_topic {
    tocsin__plan_text id;
    tocsin__plan_text name;
    tocsin__plan_text name_en;
    tocsin__plan_text note;
    tocsin__plan_texts terms; /* names of list files; at least one unless an error was reported */
    tocsin__term_bounds bounds;
    tocsin_role role;
} tocsin__plan_topic;

/* define: a name for an expression. */
typedef struct tocsin__plan_define {
    tocsin__plan_text id;
    tocsin__plan_text when;
} tocsin__plan_define;

/* learned: weights that were trained on people's labels. */
typedef struct tocsin__plan_learned {
    tocsin__plan_text id;
    tocsin__plan_text weights; /* name of the file */
    tocsin__plan_text note;
} tocsin__plan_learned;

/* A clause of a tier, or a route. */
typedef struct tocsin__plan_clause {
    tocsin__plan_text id;
    tocsin__plan_text name;
    tocsin__plan_text name_en;
    tocsin__plan_text note;
    tocsin__plan_text when;
} tocsin__plan_clause;

typedef struct tocsin__plan_clauses {
    const tocsin__plan_clause *items;
    size_t count;
} tocsin__plan_clauses;

/* deadlines: hours within which something must be done about an incident of a tier. */
typedef struct tocsin__plan_deadline {
    tocsin__plan_text id; /* what must be done */
    uint64_t hours;
} tocsin__plan_deadline;

typedef enum tocsin__plan_severity {
    TOCSIN__SEVERITY_UNSAID, /* the plan does not say */
    TOCSIN__SEVERITY_MILD,
    TOCSIN__SEVERITY_SEVERE
} tocsin__plan_severity;

typedef struct tocsin__plan_tier {
    tocsin__plan_text id;
    tocsin__plan_text name;
    tocsin__plan_text name_en;
    tocsin__plan_text note;
    tocsin__plan_clauses clauses;
    const tocsin__plan_deadline *deadlines;
    size_t deadline_count;
    tocsin__plan_severity severity;
} tocsin__plan_tier;

typedef struct tocsin__plan_attention {
    uint64_t elevated;                 /* reach from which attention is elevated */
    uint64_t high;                     /* never less than elevated */
    tocsin__plan_texts elevated_words; /* ids of topics whose hits make it elevated */
    tocsin__plan_texts high_words;     /* the same for high */
} tocsin__plan_attention;

#define TOCSIN__ROLES 5
extern const char *const tocsin__role_names[TOCSIN__ROLES]; /* by tocsin_role */

struct tocsin__plan_example; /* plan_examples.h */

typedef struct tocsin__plan_description {
    atomic_size_t owners; /* plans */
    tocsin__arena arena;
    const char *file;       /* name of the plan, as positions in messages give it */
    size_t errors;          /* errors reported while it was read */
    int unfinished;         /* a syntax error: the text after it was not read */
    tocsin__plan_text name; /* plan: */
    tocsin__plan_text name_en;
    tocsin__plan_text version;
    tocsin_fold_options fold;
    tocsin__plan_texts venues; /* names of catalogue files */
    tocsin__plan_attention attention;
    tocsin__plan_clause about;        /* its `when`, with an id for messages; no value: the plan has no guard */
    const tocsin__plan_topic *topics; /* in the order of the plan, like everything below */
    size_t topic_count;
    const tocsin__plan_define *defines;
    size_t define_count;
    const tocsin__plan_learned *learned;
    size_t learned_count;
    const tocsin__plan_tier *tiers; /* lowest first */
    size_t tier_count;
    tocsin__plan_clauses routes;
    const struct tocsin__plan_example *examples; /* those in the plan itself */
    size_t example_count;
    tocsin__plan_texts example_files;
} tocsin__plan_description;

/*
 * Reads a plan. Every problem is added to diagnostics (NULL is allowed) and counted in (*description)->errors; the
 * description is still made, as far as it can be understood, so that the lists and expressions of a plan with mistakes
 * are checked too. If there were errors, an id may be missing or repeated, and a `when` may be missing.
 *
 * file is copied. allocator must be complete. TOCSIN_OK, or TOCSIN_ERROR_MEMORY with *description untouched.
 */
tocsin_status tocsin__plan_description_create(const char *file, tocsin_bytes source, const tocsin_allocator *allocator,
                                              tocsin_diagnostics *diagnostics, tocsin__plan_description **description);

/* Takes a share of it and returns it; from any thread. */
tocsin__plan_description *tocsin__plan_description_retain(tocsin__plan_description *description);

/* Gives one share back; without owners it is freed. NULL does nothing. */
void tocsin__plan_description_release(tocsin__plan_description *description);

#endif
