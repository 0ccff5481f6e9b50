#ifndef TOCSIN_PLAN_H
#define TOCSIN_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include <tocsin/allocator.h>
#include <tocsin/bytes.h>
#include <tocsin/diagnostics.h>
#include <tocsin/document.h>
#include <tocsin/error.h>
#include <tocsin/fold.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A compiled plan: folded terms, matching engines, rules, venues, names. Immutable and reference-counted; shared by any
 * number of threads at once.
 */
typedef struct tocsin_plan tocsin_plan;

/** The engine that finds the terms. Every engine gives the same verdicts. Values are pinned. */
typedef enum tocsin_engine {
    TOCSIN_ENGINE_AUTO = 0,
    TOCSIN_ENGINE_HYPERSCAN = 1,
    TOCSIN_ENGINE_NAIVE = 2, /**< slow and simple; for tests */
    TOCSIN_ENGINE_FILTER = 3 /**< the default of AUTO: an n-gram filter for literals, a bit-parallel NFA around atoms
                                for regexes, and Hyperscan for regexes too large for the NFA */
} tocsin_engine;

/** Start from TOCSIN_PLAN_OPTIONS_INIT. A limit of 0 means the default. */
typedef struct tocsin_plan_options {
    size_t struct_size;         /**< sizeof(tocsin_plan_options) */
    tocsin_allocator allocator; /**< all zero: the default one */
    tocsin_engine engine;
    uint32_t native_cpu;       /**< not 0: compile for this CPU only, a few per cent faster */
    uint32_t max_term_length;  /**< bytes of one term, folded; default TOCSIN_MAX_TERM_LENGTH */
    uint32_t max_terms;        /**< terms of all lists together; default TOCSIN_MAX_TERMS */
    uint32_t max_rule_nodes;   /**< operators and operands of one expression; default TOCSIN_MAX_RULE_NODES */
    uint64_t max_source_bytes; /**< one plan or list file; default TOCSIN_MAX_SOURCE_BYTES */
    uint32_t without_sources;  /**< not 0: the plan does not keep its sources, so it cannot be saved */
    uint32_t without_weights;  /**< not 0: files of learned weights are not read, and every learned score is 0; for
                                  training */
} tocsin_plan_options;

#define TOCSIN_MAX_TERM_LENGTH 1024u /* longer than any phrase; a longer line means a wrong file */
#define TOCSIN_MAX_TERMS 4000000u    /* a term needs some 100 bytes during compilation */
#define TOCSIN_MAX_RULE_NODES 32768u /* keeps the slowest evaluation of one clause below a millisecond */
#define TOCSIN_MAX_SOURCE_BYTES ((uint64_t)256 * 1024 * 1024)

#define TOCSIN_PLAN_OPTIONS_INIT                                                                                       \
    { sizeof(tocsin_plan_options), {0, 0, 0, 0}, TOCSIN_ENGINE_AUTO, 0, 0, 0, 0, 0, 0, 0 }

/** What TOCSIN_PLAN_OPTIONS_INIT does, with the contract of tocsin_document_init. */
TOCSIN_API tocsin_status tocsin_plan_options_init(tocsin_plan_options *options, size_t size);

/**
 * Compiles the plan in a file, or in the plan.yaml of a folder, with the lists that it names, which must be in the
 * plan's folder or below it.
 *
 * options, diagnostics and error may be NULL. Every problem of every file is added to diagnostics; warnings are added
 * even if the plan compiles. *plan belongs to the caller (tocsin_plan_release) and is left untouched on failure.
 * TOCSIN_ERROR_PLAN (diagnostics has the errors; *error has the first one), TOCSIN_ERROR_NOT_FOUND and TOCSIN_ERROR_IO
 * (the plan itself cannot be read), TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE,
 * TOCSIN_ERROR_UNSUPPORTED (the plan needs Hyperscan, and this system's Hyperscan loses matches on this processor).
 * Thread-safe when no other call uses the same diagnostics.
 */
TOCSIN_API tocsin_status tocsin_plan_compile_file(const char *path, const tocsin_plan_options *options,
                                                  tocsin_diagnostics *diagnostics, tocsin_plan **plan,
                                                  tocsin_error *error);

/**
 * Provides a source by its name in the plan ("negative.csv"): appends its bytes to out and returns TOCSIN_OK. If it
 * returns TOCSIN_ERROR_NOT_FOUND, TOCSIN_ERROR_OUTSIDE (the name leads out of the plan's sources),
 * TOCSIN_ERROR_TOO_LARGE or TOCSIN_ERROR_IO, this is reported at the place that names the source, and the other sources
 * are still read. TOCSIN_ERROR_MEMORY ends the compilation.
 */
typedef tocsin_status (*tocsin_source_reader)(void *context, const char *name, tocsin_buffer *out);

/**
 * The same for sources that are not files: read is called first with plan_name, then with each list that the plan
 * names, from this thread, before the call returns. Otherwise as tocsin_plan_compile_file.
 */
TOCSIN_API tocsin_status tocsin_plan_compile(tocsin_source_reader read, void *context, const char *plan_name,
                                             const tocsin_plan_options *options, tocsin_diagnostics *diagnostics,
                                             tocsin_plan **plan, tocsin_error *error);

/** Adds an owner: one more tocsin_plan_release is due. Returns plan; NULL for NULL. Thread-safe always. */
TOCSIN_API const tocsin_plan *tocsin_plan_retain(const tocsin_plan *plan);

/** Removes an owner; the last one frees the plan. NULL does nothing. Thread-safe always. */
TOCSIN_API void tocsin_plan_release(const tocsin_plan *plan);

/** The role of a topic's terms. Values are pinned. */
typedef enum tocsin_role {
    TOCSIN_ROLE_NONE = 0,
    TOCSIN_ROLE_PLACE =
        1, /**< names of places: verdicts list them, and the tracker uses them to tell incidents apart */
    TOCSIN_ROLE_ANSWER = 2,   /**< the service's own words: a tracker takes the document as its answer */
    TOCSIN_ROLE_REBUTTAL = 3, /**< words that deny something */
    TOCSIN_ROLE_HOME =
        4 /**< names of the places of the plan's owner: verdicts list them, but a tracker does not use them */
} tocsin_role;

/** A part of the plan with a name. */
typedef struct tocsin_plan_item {
    const char *id;
    const char *name; /**< for people; the id if the plan gives no name */
    uint32_t tier;    /**< of a clause: index of its tier, lowest first; of a topic: number of its terms; otherwise 0 */
    const char *when; /**< the expression of a clause or route as the plan spells it, on one line; otherwise NULL */
    tocsin_role role; /**< of a topic; otherwise TOCSIN_ROLE_NONE */
    int in_about;     /**< of a topic: the plan's `about` names it */
    const char *name_en; /**< the name in English; `name` if the plan gives none */
    int severe;          /**< of a tier: its incidents are severe; otherwise 0 */
} tocsin_plan_item;

/** An entry of a list; the pointers live as long as the plan. */
typedef struct tocsin_term {
    tocsin_bytes text; /**< as the list spells it */
    uint32_t topic;    /**< index into the topics of the plan */
    double weight;
    tocsin_bytes note;
    const char *file; /**< the list, as the plan names it */
    uint32_t line;
    uint32_t column;
    int is_regex;
} tocsin_term;

/**
 * Writes a term of the plan to *term and returns 1. index counts, from 0, the terms of all lists in the order in which
 * they are read; tocsin_occurrence and tocsin_hit have the same number. Returns 0 and leaves *term untouched if there
 * is no such term. Thread-safe always.
 */
TOCSIN_API int tocsin_plan_get_term(const tocsin_plan *plan, size_t index, tocsin_term *term);

/** Information about a plan; the pointers live as long as the plan. */
typedef struct tocsin_plan_info {
    const char *name;
    const char *version;
    const char *engine;  /**< "filter", "hyperscan", "naive" */
    size_t tier_count;   /**< lowest first */
    size_t clause_count; /**< in the order of the plan */
    size_t route_count;
    size_t topic_count;
    size_t term_count;    /**< terms of all lists, without `unless` phrases */
    size_t pattern_count; /**< different folded literals and regexes that the engine looks for */
    size_t regex_count;
    size_t venue_count;  /**< patterns of the venue catalogue */
    size_t memory_bytes; /**< of the compiled plan, engines included */
    const char *about;   /**< the plan's `about` as it was parsed; NULL: it has none */
    tocsin_fold_options fold;
    size_t learned_count;    /**< learned weights, in the order of the plan */
    const char *fold_tables; /**< profile and version of the fold tables: "nfkc_cf+hans 0123456789abcdef" */
    const tocsin_plan *plan; /**< whose info it is */
    size_t define_count;
    uint64_t content;    /**< a hash over all sources, which decide verdicts; equal plans, and their images
                            (tocsin_image_info.content), have equal hashes */
    const char *name_en; /**< the plan's name in English; `name` if it gives none */
} tocsin_plan_info;

/** Borrowed: lives as long as the plan. NULL for NULL. Thread-safe always. */
TOCSIN_API const tocsin_plan_info *tocsin_plan_get_info(const tocsin_plan *plan);

/**
 * The index-th tier of a plan, 0-based, lowest first; tocsin_plan_info counts them. Borrowed: lives as long as the
 * plan. NULL if there is none. Thread-safe always.
 */
TOCSIN_API const tocsin_plan_item *tocsin_plan_tier(const tocsin_plan *plan, size_t index);
/** The index-th clause; lifetime and NULL as for tocsin_plan_tier. */
TOCSIN_API const tocsin_plan_item *tocsin_plan_clause(const tocsin_plan *plan, size_t index);
/** The index-th route; lifetime and NULL as for tocsin_plan_tier. */
TOCSIN_API const tocsin_plan_item *tocsin_plan_route(const tocsin_plan *plan, size_t index);
/** The index-th topic; lifetime and NULL as for tocsin_plan_tier. */
TOCSIN_API const tocsin_plan_item *tocsin_plan_topic(const tocsin_plan *plan, size_t index);
/** The index-th learned score; lifetime and NULL as for tocsin_plan_tier. */
TOCSIN_API const tocsin_plan_item *tocsin_plan_learned(const tocsin_plan *plan, size_t index);

/** The index-th `define`, with its expression in `when`; lifetime and NULL as for tocsin_plan_tier. */
TOCSIN_API const tocsin_plan_item *tocsin_plan_define(const tocsin_plan *plan, size_t index);

/** The parts of a plan that have ids. Values are pinned. */
typedef enum tocsin_part {
    TOCSIN_PART_TIER = 0,
    TOCSIN_PART_CLAUSE = 1,
    TOCSIN_PART_ROUTE = 2,
    TOCSIN_PART_TOPIC = 3,
    TOCSIN_PART_LEARNED = 4,
    TOCSIN_PART_DEFINE = 5
} tocsin_part;

/**
 * Finds a part by its id of length bytes: returns 1, and *index becomes the argument for tocsin_plan_tier or the
 * function of that part; returns 0, with *index untouched, if there is none, for NULL, and for an unknown part. Time
 * grows with the number of parts. Thread-safe always.
 */
TOCSIN_API int tocsin_plan_find(const tocsin_plan *plan, tocsin_part part, const char *id, size_t length,
                                size_t *index);

/** A pattern of the venue catalogue; the pointers live as long as the plan. */
typedef struct tocsin_venue_pattern {
    tocsin_bytes pattern; /**< normalised for comparison: ASCII letters in lower case; a family of channels ends in / */
    tocsin_venue venue;
    const char *file; /**< as the plan names it */
    uint32_t line;
    uint32_t column;
} tocsin_venue_pattern;

/**
 * Writes a pattern of the venue catalogue to *pattern and returns 1. index counts, from 0, in the order of its files.
 * Returns 0 and leaves *pattern untouched if there is no such pattern, and for NULL. Thread-safe always.
 */
TOCSIN_API int tocsin_plan_get_venue(const tocsin_plan *plan, size_t index, tocsin_venue_pattern *pattern);

/** Hours within which something must be done about an incident; the pointer lives as long as the plan. */
typedef struct tocsin_deadline {
    uint32_t tier;  /**< index of the tier of the incident */
    uint32_t hours; /**< from the first post on, 1 to 8784 */
    const char *id; /**< what must be done; `tocsin report` takes it for the sheet's field that records it */
} tocsin_deadline;

/**
 * Writes a deadline of the plan's tiers to *deadline and returns 1. index counts from 0, the lowest tier first. Returns
 * 0 and leaves *deadline untouched if there is no such deadline, and for NULL. Thread-safe always.
 */
TOCSIN_API int tocsin_plan_get_deadline(const tocsin_plan *plan, size_t index, tocsin_deadline *deadline);

#ifdef __cplusplus
}
#endif

#endif
