#ifndef TOCSIN_PLAN_INTERNAL_H
#define TOCSIN_PLAN_INTERNAL_H

/* A compiled plan, as plan_compile.c makes it and scanners read it. Nothing in it changes after it was made. */

#include <stdatomic.h>

#include <tocsin/plan.h>

#include "base/arena.h"
#include "base/vec.h"
#include "learn/vocabulary.h"
#include "lexicon/lexicon.h"
#include "match/matcher.h"
#include "plan/plan_yaml.h"
#include "plan/venue_catalogue.h"
#include "rule/rule_dag.h"
#include "rule/rule_names.h"
#include "rule/rule_program.h"

#define TOCSIN__NO_PHRASE UINT32_MAX

/* The meaning of a pattern of the matcher: some terms, and perhaps a phrase of an `unless`. */
typedef struct tocsin__posting {
    uint32_t term_first; /* into posted_terms */
    uint32_t term_count;
    uint32_t phrase; /* index of the phrase, or TOCSIN__NO_PHRASE */
} tocsin__posting;

/* The members of a term that decide whether a hit of it counts; in the lexicon they would be too far apart. */
typedef struct tocsin__posted_term {
    double weight;
    uint32_t term; /* index into the lexicon */
    uint32_t topic;
    uint32_t unless_first;
    uint32_t unless_count;
    tocsin__term_kind kind;
    tocsin__term_bounds bounds;
    double unit; /* of a quantity */
} tocsin__posted_term;

typedef struct tocsin__plan_rule {
    const tocsin__rule_program *program;
    uint32_t tier; /* of a clause */
} tocsin__plan_rule;

/* A file that the plan was compiled from: in the plan's arena, or a text of a tocsin__learned_file. */
typedef struct tocsin__plan_source {
    const char *name;
    tocsin_bytes bytes;
} tocsin__plan_source;

/* All sources, in the order in which they were read; saving compresses them. */
typedef struct tocsin__plan_sources {
    TOCSIN_VEC(tocsin__plan_source) list;
    uint64_t content; /* hash of their records in the form of image_internal.h */
} tocsin__plan_sources;

/* A weights file and the weights read from it. A plan shares it with its base plan. */
typedef struct tocsin__learned_file {
    atomic_size_t owners;
    tocsin__arena arena;            /* with the allocator of all its memory */
    tocsin_bytes text;              /* empty if sources are not kept */
    const tocsin__weights *weights; /* NULL: it has a mistake */
    size_t topic_count;             /* of the plan for which it was read */
} tocsin__learned_file;

/* The joined n-grams of some weights files. A plan shares it with its base plan. */
typedef struct tocsin__learned_table {
    atomic_size_t owners;
    tocsin__arena arena;                   /* of the vocabulary and the factors, too */
    const tocsin__weights *const *weights; /* by file; owned by the plan's learned_files */
    const tocsin__factor *const *factors;  /* the same */
    size_t count;
    const tocsin__vocabulary *vocabulary;
} tocsin__learned_table;

/* A look for the terms of some topics alone. */
typedef struct tocsin__plan_look {
    int scans; /* there is a matcher; otherwise there are no patterns, or too many */
    tocsin__matcher matcher;
    const tocsin__pattern *literals, *regexes;
    size_t literal_count, regex_count;
    tocsin__quantities quantities;
    const uint64_t
        *bits; /* by pattern of the matcher: those of its topics (rule_dag.h), as far as they are looked for */
} tocsin__plan_look;

/* Topics, one of which must have a hit for any rule to hold, and the looks for them; plan_guard.c. */
typedef struct tocsin__plan_guard {
    const uint64_t *topics;   /* a bit each; NULL: a rule may hold without any hit */
    tocsin__plan_look first;  /* for these topics */
    tocsin__plan_look second; /* for the other topics that `about` requires */
    uint64_t unknown;         /* bits of a document that no look decides */
    uint64_t enough;          /* bits of which each lets a document pass */
} tocsin__plan_guard;

struct tocsin_plan {
    atomic_size_t owners;
    tocsin_allocator allocator;
    tocsin_plan_options options; /* the options it was compiled with, with defaults filled in */
    tocsin__plan_sources sources;
    tocsin__arena arena; /* holds all arrays below that have no other owner */
    tocsin_plan_info info;
    tocsin__plan_description *description; /* shared with a base plan of the same text */
    int description_is_clean;              /* nothing was reported about it */
    tocsin__venue_catalogue *venues;

    tocsin__lexicon lexicon;
    tocsin__matcher matcher;
    const tocsin__pattern *literals;
    const tocsin__pattern *regexes;
    const tocsin__posting *postings;  /* by pattern id: literals, regexes, quantities */
    tocsin__quantities quantities;    /* their anchors are among the literals */
    const uint32_t *quantity_anchors; /* by number: the literal that is its anchor */
    size_t regex_count;
    size_t pattern_count;
    size_t literal_count;                    /* includes the anchors of quantities, which may be no terms */
    const uint32_t *pattern_of_term;         /* index among the patterns of its kind */
    const tocsin__posted_term *posted_terms; /* by pattern */
    const uint32_t *unless_phrases;          /* like the lexicon's unless, but sorted for each term */
    int has_word_bounds;
    int has_places; /* a topic has the role place or home */

    struct {
        const tocsin_plan_item *tiers, *clauses, *routes, *topics, *learned, *defines;
    } items; /* counted in info */
    tocsin__rule_names names;
    const tocsin__scorer *learned;        /* by index */
    tocsin__learned_file **learned_files; /* the same; NULL: the weights were left out */
    const char *const *learned_labels;    /* "learned(重大)", as evidence names them */
    size_t learned_count;
    const tocsin__vocabulary *const *vocabularies; /* of the scores, by number */
    tocsin__learned_table **learned_tables;        /* the same; they hold the vocabularies */
    size_t vocabulary_count;

    const tocsin__plan_rule *clauses;
    const tocsin__plan_rule *routes;
    tocsin__plan_guard guard;
    tocsin__plan_rule about;     /* has no program if every document is about the plan's subject */
    int rules_are_clean;         /* nothing was reported about defines and rules */
    const tocsin__rule_dag *dag; /* of all programs: the clauses, then the routes, then `about` */
    uint32_t needs;              /* TOCSIN__RULE_NEEDS_* of all programs, or-ed together */

    const struct tocsin__plan_example *examples; /* those in the plan and in its files */
    size_t example_count;

    const uint32_t *elevated_topics; /* hits of these topics raise attention */
    size_t elevated_topic_count;
    const uint32_t *high_topics;
    size_t high_topic_count;
};

/* plan_compile.c: copies options of any version of the struct and fills in defaults, except for limits. */
tocsin_status tocsin__plan_take_options(const tocsin_plan_options *given, tocsin_plan_options *out,
                                        tocsin_error *error);

/*
 * plan_guard.c: the bits of which each lets `about` hold, as far as its masks tell (rule_dag.h), in a document that has
 * the bits `found`. All bits: it may hold already.
 */
uint64_t tocsin__plan_guard_enough(const tocsin_plan *plan, uint64_t found);

#endif
